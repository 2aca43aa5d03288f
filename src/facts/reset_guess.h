// SPDX-License-Identifier: GPL-2.0-or-later
// The reset methods of a function on kernels that do not show them.
#ifndef FACTS_RESET_GUESS_H
#define FACTS_RESET_GUESS_H

#include "facts/facts.h"

/* Adds to OUT, in the order of kernels before 5.15, the methods that configuration space
 * and the tables of quirks prove; OUT stays open where one more is possible. */
void reset_guess_methods(struct facts *f, const struct fn *fn, struct fact *out);

#endif
