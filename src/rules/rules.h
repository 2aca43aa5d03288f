// SPDX-License-Identifier: GPL-2.0-or-later
// Rules: literate Markdown in, findings and verdicts out.
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/template.h"
#include "base/tri.h"
#include "facts/facts.h"

/* As written in a rule; SEVERITY_CAUSE takes the worst severity of what it explains. */
enum severity {
	SEVERITY_CAUSE,
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_BLOCKER,
	SEVERITY_REFUSED, /* printed as blocker; decides `vfio` */
	N_SEVERITIES
};
/* The word of the rule grammar. */
const char *severity_name(enum severity s);
/* The word of a report: refused is a blocker, a cause that explains nothing is a note. */
const char *severity_report_name(enum severity s);

enum verdict { VERDICT_NA, VERDICT_PASS, VERDICT_UNKNOWN, VERDICT_FAIL };
const char *verdict_name(enum verdict v); /* "n/a" "pass" "unknown" "fail" */

/* Rows of the checklist, in the order of the report. */
enum prerequisite {
	PREREQ_IOMMU,
	PREREQ_INTERRUPT_REMAPPING,
	PREREQ_VIRTUALISATION,
	PREREQ_TWO_GPUS,
	PREREQ_DRIVERS,
	PREREQ_FIRMWARE,
	N_PREREQS,
	PREREQ_NONE = N_PREREQS
};

/* The part of a rule's id before the dot: its rank among root causes (index, 0 first) and
 * the prerequisite it belongs to. */
struct area {
	const char *name;
	enum prerequisite prerequisite;
};
extern const struct area area_table[];
extern const size_t area_table_length;

enum remedy_kind {
	REMEDY_HARDWARE,
	REMEDY_FIRMWARE,
	REMEDY_EDIT,
	REMEDY_MODPROBE,
	REMEDY_CMDLINE,
	REMEDY_INITRAMFS,
	REMEDY_RUN,
	REMEDY_GUEST,
	N_REMEDY_KINDS
};
const char *remedy_kind_name(enum remedy_kind k);

struct condition; /* private to rules/ */
struct text;
struct remedy;
struct example;

/* A rule as loaded; all memory belongs to its rule set. */
struct rule {
	const char *id;
	const char *file; /* "rules/irq.remapping.md" or the path of --rules */
	const char *title;
	size_t area; /* index into area_table */
	enum severity severity;
	enum scope scope;
	struct condition *when;    /* NULL: always */
	struct condition *require; /* one of the two is NULL */
	struct condition *forbid;
	const char **say, **ok;
	size_t n_say, n_ok;
	/* The same compiled; private to rules/ */
	const struct text *say_texts, *ok_texts;
	const char **explains; /* ids */
	size_t n_explains;
	const char **causes; /* ids of rules that explain this one, best first */
	size_t n_causes;
	const char **tags;
	size_t n_tags;
	const char **references; /* URLs, in order */
	size_t n_references;
	const struct remedy *remedies;
	size_t n_remedies;
	const struct example *examples;
	size_t n_examples;
	const char *source; /* the whole Markdown text, for `explain` */
};

struct rule_set {
	struct arena *arena;
	const struct rule **rules; /* sorted by rank of the area, then by id */
	size_t n;
};

/* Where a rule file is wrong. */
struct rule_error {
	char file[256];
	size_t line, column;
	char message[256];
};

/*
 * Loads the embedded rules and, if DIR is not NULL, the *.md files of that directory, which
 * add or replace by id. Any error in any rule is an error of the whole: NULL, and
 * *ret_error says where. Freed with rule_set_free().
 */
struct rule_set *rule_set_load(const char *dir, struct rule_error *ret_error);
void rule_set_free(struct rule_set *set);
/* NULL if there is none. */
const struct rule *rule_find(const struct rule_set *set, const char *id);

/*
 * Loads one file by itself and reports each error and each example that does not come out
 * as it says as `file:line: …` on OUT. Returns the number of complaints; *ret_examples
 * counts the examples that were run.
 */
size_t rule_file_check(const char *path, FILE *out, size_t *ret_examples);
/* Runs every example of every rule of the set; reports failures on OUT; returns how many
 * failed and counts all in *ret_examples. */
size_t rule_set_check(const struct rule_set *set, FILE *out, size_t *ret_examples);

/* One thing to do; texts are filled in for this system. */
struct step {
	enum remedy_kind kind;
	const char **texts;
	size_t n;
};
/* Steps that belong together. Alternatives are in order, best first. */
struct choice {
	struct step *steps;
	size_t n;
};

/* One of the causes that a failing symptom could have on this machine. */
struct suspect {
	const struct rule *rule;
	/* Of its findings that are related to the symptom: FAIL: it is so; UNKNOWN: may be;
	 * PASS or NA: ruled out */
	enum verdict verdict;
	uint32_t missing; /* UNKNOWN: sources that would tell, a bit each */
};

/*
 * A finding that the owner of the machine decided to live with: it has the weight of a note
 * and counts for no verdict. What the kernel itself refuses, a rule of severity `refused`,
 * cannot be waived.
 */
struct waiver {
	const char *rule;    /* id */
	const char *subject; /* NULL: whatever it is about */
	const char *reason;  /* never empty */
};
struct waivers {
	struct waiver *v;
	size_t n;
};

/* One rule judged on one subject. */
struct finding {
	const struct rule *rule;
	const struct subject *subject; /* NULL: the subjects could not be listed */
	enum verdict verdict;   /* after rule 7 of the design: a cause may become n/a */
	enum severity severity; /* after inheritance and demotion to note */
	const char *message;    /* from `say` (fail, unknown) or `ok` (pass), clean */
	const struct origin *evidence;
	struct choice *choices;
	size_t n_choices;
	/* What this one follows from, root first; 0 for a root */
	const struct finding **follows;
	size_t n_follows;
	const struct waiver *waived; /* why it does not count; NULL: it does */
	bool also;                   /* a further failing cause, folded under the root */
	bool bears;       /* host-wide, or on a target (no target: on a candidate) */
	uint32_t missing; /* sources that would decide an unknown one, a bit each */
	/* Of an unknown cause: it is so itself, open is whether what it explains fails; its
	 * choices then, which do not count yet */
	bool holds;
	size_t n_held_choices;
	/* Of a failing rule with causes: one for each, in that order */
	struct suspect *suspects;
	size_t n_suspects;
};

enum vfio_verdict { VFIO_ACCEPTS, VFIO_REFUSES, VFIO_UNKNOWN };
const char *vfio_verdict_name(enum vfio_verdict v);
enum device_verdict {
	DEVICE_NONE,
	DEVICE_BLOCKED,
	DEVICE_UNKNOWN,
	DEVICE_READY,
	DEVICE_ASSIGNABLE
};
/* "blocked" …; NULL for DEVICE_NONE. */
const char *device_verdict_name(enum device_verdict v);

struct device_judgement {
	const struct fn *fn;
	enum vfio_verdict vfio;
	enum device_verdict verdict; /* DEVICE_NONE unless target or candidate */
	struct fn **set;             /* endpoints of the group, itself included */
	size_t n_set;
	/* Failing blockers that bear on the set, and what explains them: roots first, those
	 * of a refusal before others. Verdict unknown: the undecided ones. */
	const struct finding **causes;
	size_t n_causes;
};

enum row_verdict { ROW_PASS, ROW_WARNING, ROW_FAIL, ROW_UNKNOWN, ROW_NA };
/* "pass" "warning" "fail" "unknown" "n/a" */
const char *row_verdict_name(enum row_verdict v);

struct prerequisite_row {
	enum prerequisite id;
	enum row_verdict verdict;
	const struct finding *finding; /* the worst one; its root if it is folded */
	const char *message;           /* the ok texts when it passes */
};
const char *prerequisite_id(enum prerequisite p);    /* "interrupt-remapping" */
const char *prerequisite_title(enum prerequisite p); /* "Interrupt remapping" */

enum overall {
	OVERALL_OK,
	OVERALL_WARNING,
	OVERALL_BLOCKED,
	OVERALL_UNKNOWN,
	OVERALL_NO_TARGET
};
const char *overall_name(enum overall o); /* "ok" … "no-target" */
int overall_exit_status(enum overall o);

struct summary {
	size_t blocker, warning, note, unknown, pass, not_applicable;
};

/* All that was judged of one machine. */
struct judgement {
	struct arena *arena;
	struct facts *facts;
	const struct rule_set *rules;
	struct finding *findings; /* by rank, rule id, subject */
	size_t n;
	struct device_judgement *devices; /* one a function, order of facts->fns */
	size_t n_devices;
	struct prerequisite_row prerequisites[N_PREREQS];
	enum overall overall;
	struct summary summary;
	const struct waivers *waivers; /* NULL: none were given */
	size_t *n_waived;              /* by waiver: the findings that it fits */
};

/* The value as a text of a rule prints it; NULL where there is none. */
const char *fact_in_words(struct arena *a, const struct fact *v);

/* Judges every rule on every subject. Borrows from both; freed with judgement_free(). */
struct judgement *judge(struct facts *f, const struct rule_set *rules);
/* The same with waivers, borrowed too; NULL: none. */
struct judgement *judge_with(
	struct facts *f, const struct rule_set *rules, const struct waivers *waivers);
void judgement_free(struct judgement *j);

#endif
