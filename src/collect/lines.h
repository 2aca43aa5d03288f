// SPDX-License-Identifier: GPL-2.0-or-later
// Goes through a large text file line by line, without keeping it.
#ifndef COLLECT_LINES_H
#define COLLECT_LINES_H

#include "collect/root.h"

/* One line without its line feed, NUL-terminated, valid during the call. */
typedef void line_function(void *context, char *line, size_t n);

/*
 * Calls FUNCTION for each line of the file. A line longer than 4 KiB is given as its
 * first 4095 bytes: of lists of modules only the beginnings are wanted.
 */
enum source_status lines_each(
	const struct root *r, const char *path, line_function *function, void *context);

#endif
