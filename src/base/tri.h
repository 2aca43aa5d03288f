// SPDX-License-Identifier: GPL-2.0-or-later
// Kleene's three-valued logic: what cannot be decided stays undecided.
#ifndef BASE_TRI_H
#define BASE_TRI_H

#include <stdbool.h>

/* Ordered, so that AND is the minimum and OR the maximum. */
enum tri { TRI_FALSE, TRI_UNKNOWN, TRI_TRUE };

static inline enum tri tri_of(bool b)
{
	return b ? TRI_TRUE : TRI_FALSE;
}

static inline enum tri tri_and(enum tri a, enum tri b)
{
	return a < b ? a : b;
}

static inline enum tri tri_or(enum tri a, enum tri b)
{
	return a > b ? a : b;
}

static inline enum tri tri_not(enum tri a)
{
	return (enum tri)(TRI_TRUE - a);
}

#endif
