// SPDX-License-Identifier: GPL-2.0-or-later
// Two judgements of one machine held against each other: what changed, and what got worse.
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "rules/rules.h"

/* What a change means for passthrough. The worst of all decides the exit status. */
enum trend { TREND_SAME, TREND_BETTER, TREND_CHANGED, TREND_WORSE };
/* "same" "better" "changed" "worse" */
const char *trend_name(enum trend t);

/* One function as it was and as it is. OLD NULL: it came; NEW NULL: it is gone. */
struct fn_pair {
	const struct fn *old, *new;
};

/* A function that came, went, moved to another address, or changed its driver or verdict. */
struct device_change {
	struct fn_pair pair;
	const struct device_judgement *old, *new; /* NULL where the function is NULL */
	bool moved, driver, vfio, verdict;        /* what of it changed */
	enum trend trend;
};

/* A rule that came out otherwise for one subject. */
struct finding_change {
	/* NULL: that machine has no such subject. One of the two is a failure of which the
	 * other side is known, or the verdict of what weighs became known or unknown */
	const struct finding *old, *new;
	enum trend trend;
};

/* Functions that the kernel grouped otherwise. Functions that came or went are none. */
struct group_change {
	int64_t *old, *new; /* numbers of the groups that they were and are in */
	size_t n_old, n_new;
	const struct fn **members; /* as they are now, sorted by address */
	size_t n;
};

/* A fact that changed. */
struct value_change {
	const char *fact;
	const char *subject;   /* address of the function; NULL: the machine */
	const char *old, *new; /* in words; NULL: there is none */
	/* Of two lists: what only the old one, and only the new one, has */
	const char **lost, **gained;
	size_t n_lost, n_gained;
};

struct line_change {
	char sign; /* '-' taken out, '+' put in */
	const char *text;
};
struct file_change {
	const char *path;
	bool added, removed;
	/* What was edited; none where a text was not kept or the file is too long */
	struct line_change *lines;
	size_t n;
};

struct diff {
	struct arena *arena;
	const struct judgement *old, *new;
	enum trend trend;      /* the worst of all */
	enum trend overall;    /* of the two verdicts */
	struct fn_pair *pairs; /* every function of both, by new address, the gone last */
	size_t n_pairs;
	const struct fn **new_of; /* by index of the old machine's functions */
	struct device_change *devices;
	size_t n_devices;
	struct finding_change *findings; /* worse first, then by rank of the rule */
	size_t n_findings;
	/* Verdicts of notes and warnings that only became known, or unknown */
	size_t n_decided, n_undecided;
	struct group_change *groups;
	size_t n_groups;
	struct line_change *words; /* of the kernel's command line */
	size_t n_words;
	struct file_change *files;
	size_t n_files;
	struct value_change *values; /* facts of the machine, then of single functions */
	size_t n_values;
	/* Facts that only became known, or unknown */
	size_t n_seen, n_unseen;
	bool strangers; /* their boards differ: two machines */
};

/* Of the two findings the one whose message tells of the change. */
const struct finding *diff_told(const struct finding_change *c);

/* Compares; borrows from both judgements, which must be of the same rules. Freed with
 * diff_free(). */
struct diff *diff_new(const struct judgement *old, const struct judgement *new);
void diff_free(struct diff *d);

#endif
