// SPDX-License-Identifier: GPL-2.0-or-later
// Texts of rules filled with facts and with what log templates matched.
#ifndef RULES_TEXT_H
#define RULES_TEXT_H

#include "base/text.h"
#include "rules/cond.h"

enum fill {
	FILL_PROSE,  /* for people: four elements of a list, functions described */
	FILL_COMMAND /* to be typed: whole lists, functions by address */
};

/* Appends the filled text; false (and OUT is as before) if a hole has no value. */
bool text_fill(
	struct evaluation *e, const struct text *t, enum fill how, struct strbuf *out);
/* The first text is always there, a hole without value printed as `?`; the others follow
 * if they can be filled. */
const char *text_say(struct evaluation *e, const struct text *texts, size_t n);
/* All that can be filled; "" if none can. */
const char *text_ok(struct evaluation *e, const struct text *texts, size_t n);

#endif
