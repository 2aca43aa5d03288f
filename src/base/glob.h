// SPDX-License-Identifier: GPL-2.0-or-later
// Patterns with `*`, `?` and `[…]`, as fnmatch(3) reads them without flags.
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

/* Does the whole of TEXT fit? Never takes more than the product of both lengths. */
bool glob_match(const char *pattern, const char *text);

#endif
