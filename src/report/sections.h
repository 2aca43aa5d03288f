// SPDX-License-Identifier: GPL-2.0-or-later
// The sections of a report as plain text: a terminal shows them all, Markdown in code
// blocks.
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "base/text.h"
#include "report/model.h"
#include "report/page.h"
#include "report/report.h"

/* Each adds its lines, without a heading, and nothing if it has nothing to say. */
void section_machine(const struct report_model *m, const struct page *p);
void section_answers(const struct report_model *m, const struct page *p);
/* The problem's message with its rule, where it was seen, what to do, what follows. The
 * number is left out where the reader has it already: in a heading. */
void section_problem(const struct report_model *m, const struct problem *problem,
	const struct page *p, bool numbered);
void section_remarks(const struct report_model *m, const struct page *p);
void section_checks(const struct report_model *m, const struct page *p);
void section_devices(const struct report_model *m, const struct page *p);
void section_unseen(const struct report_model *m, const struct page *p);

#endif
