// SPDX-License-Identifier: GPL-2.0-or-later
// The inside of a rule: conditions, texts, remedies and examples as the loader leaves
// them.
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "rules/rules.h"

enum test_kind {
	TEST_SOME,   /* true: has a value */
	TEST_NONE,   /* false: null, empty list, bool false */
	TEST_ONE_OF, /* equals one of; a list contains one of */
	TEST_MIN,    /* int, or length of a list */
	TEST_MAX
};

/* `fact: test`; the fact is resolved, the values have its type. */
struct test {
	const struct fact_row *row;
	enum link link;
	enum test_kind kind;
	bool negated;       /* by {"not": …} */
	int64_t limit;      /* of min and max */
	const char **texts; /* of one-of, by the type of the fact */
	int64_t *numbers;
	size_t n;
};

/* A template of the kernel log. */
struct log_pattern {
	struct template template;
	/* A bit each: holes named like the key of the scope, which join on the subject */
	unsigned joins;
};

/* All hold: the tests, one of ANY if there are any, a line for one of LOGS if there are.
 */
struct condition {
	struct test *tests;
	size_t n_tests;
	const struct condition **any;
	size_t n_any;
	struct log_pattern *logs;
	size_t n_logs;
};

/* Literal text, or a hole filled by a fact or by what a hole of a log template matched.
 */
struct text_piece {
	const char *literal; /* NULL: a hole */
	const struct fact_row *row;
	enum link link;
	const char *hole; /* with ROW NULL: of a template */
};
struct text {
	const char *source;
	struct text_piece *pieces;
	size_t n;
};

struct remedy_step {
	enum remedy_kind kind;
	const struct text *texts;
	size_t n;
};
/* One alternative: its steps are done together. */
struct remedy {
	const struct condition *when; /* NULL: always */
	struct remedy_step *steps;
	size_t n;
};

struct example {
	enum verdict expected;
	const char *text;
	size_t line; /* first line of the text in its file */
};

bool severity_by_name(const char *name, enum severity *ret);
bool verdict_by_name(const char *name, enum verdict *ret);
bool remedy_kind_by_name(const char *name, enum remedy_kind *ret);
/* Index into area_table of the part of ID before the dot. */
bool area_by_id(const char *id, size_t *ret);

#endif
