// SPDX-License-Identifier: GPL-2.0-or-later
// Rule files on their way into a set, with all errors of all of them.
#ifndef RULES_LOAD_SET_H
#define RULES_LOAD_SET_H

#include "rules/load.h"

struct loaded_rule;

/* One rule explains another; BY says so, with ID at PLACE (NULL: of an embedded rule). */
struct edge {
	struct loaded_rule *effect;
	const struct rule *by;
	const char *id, *what;
	const struct place *place;
};

struct loaded_rule {
	const struct rule *rule;
	struct place *explains; /* NULL: of an embedded rule */
	struct place *causes;
	/* Of the search for circles: what it explains, and how far that was followed */
	struct edge *edges;
	size_t n_edges;
	bool visited, open;
};

struct rule_batch {
	struct arena *arena;
	struct loaded_rule *rules;
	size_t n;
	struct rule_error *errors;
	size_t n_errors;
};

/* Adds one rule file whose N bytes are at TEXT; FILE and TEXT must live as long
 * as the set. REPLACE: a rule of the same id gives way, else it is an error. */
void rule_batch_add(
	struct rule_batch *b, const char *file, const char *text, size_t n, bool replace);
/* The same for a file on disk; what cannot be read is an error of the batch. */
void rule_batch_add_file(struct rule_batch *b, const char *path, bool replace);
/* Checks what only the whole set can show. The arena becomes the set's; after
 * an error it is freed and the result is NULL. */
struct rule_set *rule_batch_finish(struct rule_batch *b, struct rule_error *ret_error);

#endif
