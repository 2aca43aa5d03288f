// SPDX-License-Identifier: GPL-2.0-or-later
// Resizable BARs: the sizes that a window can have and the one it has.
#ifndef FACTS_REBAR_H
#define FACTS_REBAR_H

#include "facts/facts.h"

/* One BAR of the capability; sizes are powers of two, as exponents above 1 MiB. */
struct rebar {
	unsigned bar;     /* 0 to 5 */
	unsigned current; /* 2^current MiB */
	uint32_t sizes;   /* bit n: can have 2^n MiB */
};
enum { MAX_REBARS = 6 };

/* The BARs that can be resized: TRUE and how many, FALSE if it has no such capability,
 * UNKNOWN where configuration space was not read so far. */
enum tri rebar_read(const struct fn *fn, struct rebar ret[MAX_REBARS], size_t *ret_n);

/* The size of BAR I by the capability; false if it does not tell. */
bool rebar_size(const struct fn *fn, size_t i, uint64_t *ret);

#endif
