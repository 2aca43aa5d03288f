// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a file that the user named on the command line, outside the audited tree.
#ifndef COLLECT_GIVEN_H
#define COLLECT_GIVEN_H

#include "collect/root.h"

/*
 * Reads at most LIMIT bytes of the file at PATH, relative to the working directory. A
 * pipe is read to its end: whoever names one wants that. Status and errno as with
 * root_read().
 */
struct root_bytes given_read(struct arena *a, const char *path, size_t limit);

#endif
