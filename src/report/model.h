// SPDX-License-Identifier: GPL-2.0-or-later
// What all formats for people share: who is answered what, and which finding has which
// number.
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include "base/term.h"
#include "plan/howto.h"
#include "rules/rules.h"

/* A row of "Can a device be handed to a guest?". */
struct answer {
	const struct device_judgement *device;
	const char *slot, *name;
	const char *word; /* "NO", "yes", "yes, after binding", "?", "--" */
	enum tone tone;
	const char *because;
	/* The other functions of the set, as text; NULL: none, or told by an earlier row
	 */
	const char *along;
};

/* Where something was seen. */
struct seen {
	const char *source, *text;
};

/* What a symptom that stands alone may come from. */
struct doubts {
	const struct rule **open; /* causes that nothing decides, best first */
	size_t n_open;
	const char **tell; /* what would decide them, each once */
	size_t n_tell;
	const struct rule **ruled_out;
	size_t n_ruled_out;
};

/* A root rule with its failing subjects: one number in the report. */
struct problem {
	size_t number; /* from 1 */
	const struct rule *rule;
	enum severity severity; /* worst of its findings: WARNING, BLOCKER or REFUSED */
	const struct finding **findings; /* roots, one a subject */
	size_t n;
	const struct finding **folded; /* what follows from them, each once */
	size_t n_folded;
	struct seen *evidence; /* of the roots, each once */
	size_t n_evidence;
	struct howto *choices; /* best first; those of what follows come last */
	size_t n_choices;
	struct doubts doubts; /* of a symptom; empty of all others */
};

/* A failing note, with the number of further subjects that the same rule has. */
struct remark {
	const struct finding *finding;
	size_t more;
	struct doubts doubts;
};

/* What stayed undecided because one thing was not collected. */
struct unseen {
	const char *remedy;        /* how to supply it */
	const char *sources;       /* "kernel log (truncated: …), raw CPUID (absent)" */
	const struct rule **rules; /* that are undecided for it, each once */
	size_t n_rules;
	bool decides; /* one of them decides an answer */
};

struct check {
	const char *word; /* "ok", "warn", "FAIL", "?", "-" */
	enum tone tone;
	const char *title, *message;
};

struct report_model {
	struct arena *arena;
	const struct judgement *j;
	const struct diff *since; /* of the options */
	const char **machine;     /* parts of the first line */
	size_t n_machine;
	const char *heading; /* one line above the answers, NULL: none */
	const char *what_if; /* a second one, where the answers are for candidates */
	struct answer *answers;
	size_t n_answers;
	struct problem *problems; /* blockers, then warnings */
	size_t n_problems, n_blockers;
	struct remark *remarks;
	size_t n_remarks;
	struct check checks[N_PREREQS];
	const struct fn **shown; /* functions of the device table */
	size_t n_shown, n_hidden;
	struct unseen *unseen;
	size_t n_unseen;
	const char *summary; /* "3 to fix, 1 unknown, 31 fine." */
	const char *more;    /* the command that tells more */
};

/* Freed with model_free(); borrows from J. */
struct report_model *model_new(const struct judgement *j);
void model_free(struct report_model *m);

/* The first answer with this verdict; NULL if there is none. */
const struct answer *model_first_answer(
	const struct report_model *m, enum device_verdict verdict);
/* How many there are. */
size_t model_count_answers(const struct report_model *m, enum device_verdict verdict);

/* Number of the root of F; 0 if it has none. */
size_t model_number(const struct report_model *m, const struct finding *f);
/* The finding that F follows from, F itself for a root. */
const struct finding *finding_root(const struct finding *f);
/* The title of a rule as a clause: the first letter small, unless it begins an abbreviation
 * or a name. */
const char *title_as_clause(struct arena *a, const char *title);
/* What a finding says that is none of the model's problems, because it is about a candidate
 * or would only explain something: its evidence, and what to do. The number stays 0. */
struct problem model_problem_of(struct report_model *m, const struct finding *f);
/* `rule@subject`, the name of a finding everywhere. */
const char *finding_name(struct arena *a, const struct finding *f);

/* The parts of the first line: processor, board, kernel, loader and initramfs tool. NULL
 * where it is not known. */
const char *machine_cpu(struct arena *a, const struct snapshot *s);
const char *machine_board(struct arena *a, const struct snapshot *s);

/* What people call the loader of the fact boot.loader; NULL where it is none of those. */
const char *machine_loader(const char *loader);

/* "vvvv:dddd", NULL if one of the two was not collected or is none. */
const char *pair_text(struct arena *a, struct snap_hex one, struct snap_hex two);

#endif
