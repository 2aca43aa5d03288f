// SPDX-License-Identifier: GPL-2.0-or-later
// Patterns for log lines: literal text with typed holes, matched as a substring.
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * `IOAPIC[{id:dec}] not in IVRS` - a hole is {NAME:TYPE}, or {_:TYPE} to throw it away.
 * Types: dec (digits), hex (digits, optional 0x), bdf (`0000:01:00.0` or `01:00.0`), word
 * (no blank, at least one character), any (as little as fits; at the end: the rest).
 * There is no escape: a brace that starts no hole is literal. No backtracking beyond the
 * place of the first literal and the end of `any`: time is linear in the line for each.
 */
enum hole_type { HOLE_DEC, HOLE_HEX, HOLE_BDF, HOLE_WORD, HOLE_ANY };

enum { TEMPLATE_MAX_HOLES = 8 };

struct hole {
	const char *name; /* "" for a hole whose value is thrown away */
	enum hole_type type;
};

struct template
{
	const char *source; /* as written */
	/* N_HOLES + 1 literals, the holes between them; the first and last may be "" */
	const char *literals[TEMPLATE_MAX_HOLES + 1];
	struct hole holes[TEMPLATE_MAX_HOLES];
	size_t n_holes;
};

/* Part of a line that a hole matched; not NUL-terminated. */
struct span {
	const char *s;
	size_t n;
};

/* Compiles SOURCE into ARENA. False and a clause in *ret_error if it is malformed. */
bool template_compile(struct arena *a, const char *source, struct template *ret,
	const char **ret_error);
/* True if LINE contains the template; then fills one span a hole. */
bool template_match(const struct template *t, const char *line,
	struct span ret_spans[TEMPLATE_MAX_HOLES]);

#endif
