// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of the model that have a file of their own.
#ifndef REPORT_MODEL_PARTS_H
#define REPORT_MODEL_PARTS_H

#include "report/model.h"

/* answers.c: one row for each target or candidate, and for the displays that stay. */
void model_tell_answers(struct report_model *m);
/* shown.c: which functions the table lists, and which are only counted. */
void model_choose_devices(struct report_model *m);
/* unseen.c: undecided findings by what would decide them. */
void model_group_unseen(struct report_model *m);

/* How to supply SOURCE; NULL where the advice was followed already or cannot help. unseen.c */
const char *model_source_remedy(const struct report_model *m, enum source source);
/* What failing symptoms of one rule may come from; empty of other findings. doubts.c */
struct doubts model_doubts(
	struct report_model *m, const struct finding *const *findings, size_t n);

#endif
