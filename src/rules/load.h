// SPDX-License-Identifier: GPL-2.0-or-later
// What the parts of the loader share: the file in hand, and the errors found so far.
#ifndef RULES_LOAD_H
#define RULES_LOAD_H

#include "base/json.h"
#include "rules/rule.h"

struct place {
	size_t line, column;
};

/* One rule file on its way in. Errors are collected, not thrown: `rules check` shows all.
 */
struct loader {
	struct arena *arena;
	const char *file;
	struct rule *rule;
	const char *json_text; /* of the rule fence */
	const json *json_root;
	size_t json_line;       /* of its first line in the file */
	struct place *explains; /* where each id of rule->explains stands */
	struct place *causes;   /* the same of rule->causes */
	const char **holes;     /* names that the rule's log templates bind */
	size_t n_holes;
	struct rule_error *errors;
	size_t n_errors;
};

void load_error(struct loader *l, struct place where, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Where NODE of the rule's JSON stands in the file. */
struct place load_place(const struct loader *l, const json *node);
#define load_error_json(l, node, ...)                                                    \
	load_error((l), load_place((l), (node)), __VA_ARGS__)

/* `; did you mean "…"?`, or "" if no candidate is near. */
const char *load_did_you_mean(
	struct loader *l, const char *word, const char *const *candidates, size_t n);
/* Resolves a fact for the scope of the rule; says what is wrong and returns NULL if there
 * is none of this name. */
const struct fact_row *load_fact(
	struct loader *l, const json *where, const char *name, enum link *ret_link);
/* Text or list of texts, none of them empty; false after an error. */
bool load_strings(struct loader *l, const json *j, const char ***ret, size_t *ret_n);

/* load_cond.c: NULL after an error. GUARD: of a remedy, where a soft fact does no harm.
 */
struct condition *load_condition(struct loader *l, const json *j, bool guard);
/* load_text.c: one compiled text for each of the N strings; WHERE is for errors. */
const struct text *load_texts(
	struct loader *l, const json *where, const char *const *strings, size_t n);
void load_remedies(struct loader *l, const json *j);
/* load_rule.c: the fence `json rule`, of which LINE is the first line of text. */
void load_rule_fence(struct loader *l, const char *text, size_t line);

#endif
