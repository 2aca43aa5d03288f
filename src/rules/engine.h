// SPDX-License-Identifier: GPL-2.0-or-later
// The stages of judging: each rule on each subject, folding, verdicts.
#ifndef RULES_ENGINE_H
#define RULES_ENGINE_H

#include "rules/rule.h"

/* Judges one rule on one subject by itself; SUBJECT is NULL where the subjects could not
 * be listed: unknown then, and MISSING names the sources. */
void finding_judge(struct facts *f, struct arena *a, const struct rule *rule,
	const struct subject *subject, uint32_t missing, struct finding *ret);

/* Functions marked for a while, to see what shares one with what. */
struct marks {
	const struct facts *facts;
	unsigned *stamps; /* one a function */
	unsigned now;
};
void marks_init(struct marks *m, struct arena *a, const struct facts *f);
/* Forgets all marks. */
void marks_clear(struct marks *m);
void marks_add(struct marks *m, struct fn *const *fns, size_t n);
bool marks_any(const struct marks *m, struct fn *const *fns, size_t n);

/* What folding finds out and verdicts need; not part of a judgement. */
struct folding {
	/* By finding: the failing findings that explain it, in order */
	const struct finding ***explainers;
	size_t *n_explainers;
	/* By finding: severity for the checklist, where candidates count as targets do */
	enum severity *row_severity;
};

/* fold.c: verdicts of causes, severities, what follows from what. */
void judgement_fold(struct judgement *j, struct folding *ret);
/* verdict.c: devices, overall outcome, summary. */
void judgement_conclude(struct judgement *j, const struct folding *folding);
/* checklist.c: the prerequisites. */
void judgement_checklist(struct judgement *j, const struct folding *folding);

#endif
