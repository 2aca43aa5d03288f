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

/* The machine, or a subject that nobody could list: nobody knows what that is about. */
static inline bool finding_is_host_wide(const struct finding *f)
{
	return !f->subject || f->subject->host_wide;
}

/* What folding finds out and verdicts need; not part of a judgement. */
struct folding {
	/* By finding: the failing findings that explain it, in order */
	const struct finding ***explainers;
	size_t *n_explainers;
	/* By finding: severity for the checklist, where candidates count as targets do */
	enum severity *row_severity;
	/* By rule: its findings, which lie together */
	size_t *first, *count;
};

/* fold.c: verdicts of causes, severities, what follows from what. */
void judgement_fold(struct judgement *j, struct folding *ret);
/* suspects.c: which causes a failing symptom may still have. */
void judgement_suspect(struct judgement *j, const struct folding *folding);
/* waive.c: takes the weight of waived findings; before folding. */
void judgement_waive(struct judgement *j, const struct waivers *waivers);
/* After folding: what only follows from a waived finding is waived with it, but no blocker,
 * which wants a waiver of its own. */
void judgement_waive_effects(struct judgement *j, struct folding *folding);
/* verdict.c: devices, overall outcome, summary. */
void judgement_conclude(struct judgement *j, const struct folding *folding);
/* checklist.c: the prerequisites. */
void judgement_checklist(struct judgement *j, const struct folding *folding);

#endif
