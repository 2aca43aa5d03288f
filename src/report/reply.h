// SPDX-License-Identifier: GPL-2.0-or-later
// What a helper answers in a forum: verdict, cause, what to do, what to post next.
#ifndef REPORT_REPLY_H
#define REPORT_REPLY_H

#include "base/term.h"
#include "report/model.h"
#include "report/report.h"

enum reply_kind {
	REPLY_VERDICT, /* the first sentence: strong */
	REPLY_SAY,     /* a sentence */
	REPLY_QUOTE,   /* lines of what was posted */
	REPLY_TYPE,    /* lines to be typed as they stand */
};

/* A block of the answer. Any of them may hold words of the host. */
struct reply_block {
	enum reply_kind kind;
	enum tone tone;    /* of a verdict */
	const char *label; /* of a sentence: "Cause", "Fix"; NULL: none */
	const char *text;
};

struct reply {
	struct report_model *model; /* owns all memory */
	struct reply_block *v;
	size_t n;
	/* Those of the model that are about the machine, not about a quoted message */
	const struct problem **problems;
	size_t n_problems;
	bool has_fix;
	const struct rule *verdict_rule; /* that the verdict names; NULL: none */
};

/* Freed with reply_free(); borrows from J. */
struct reply *reply_new(const struct judgement *j);
void reply_free(struct reply *r);

report_function reply_text;     /* for a terminal */
report_function reply_markdown; /* for most forums and trackers */
report_function reply_bbcode;   /* for the others */
/* The writer for a format; NULL: an answer has no such format. */
report_function *reply_writer(const char *format);

#endif
