// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of a comparison that have a file of their own.
#ifndef DIFF_PARTS_H
#define DIFF_PARTS_H

#include "diff/diff.h"

/* pairs.c: which function is which. */
void diff_pair_functions(struct diff *d);
/* The other side of a function; NULL if it came or is gone. */
const struct fn *diff_new_of(const struct diff *d, const struct fn *old);
/* The same by address, as the key of a subject. */
const char *diff_new_address(const struct diff *d, const char *old);

/* verdicts.c: devices and findings. */
void diff_verdicts(struct diff *d);
/* regroup.c: groups that were split or merged. */
void diff_groups(struct diff *d);
/* values.c: facts. */
void diff_values(struct diff *d);
/* files.c: configuration and the command line. */
void diff_files(struct diff *d);

/* lines.c: what turns one list of lines into the other, in order; at most as many lines as
 * both have. False if they are too long to compare. */
bool diff_lines(struct arena *a, char *const *old, size_t n_old, char *const *new,
	size_t n_new, struct line_change **ret, size_t *ret_n);

#endif
