// SPDX-License-Identifier: GPL-2.0-or-later
// What forum, mail and terminal put between the characters of a line.
#ifndef IMPORT_MARKUP_H
#define IMPORT_MARKUP_H

#include <stddef.h>

#include "base/arena.h"

/* The information separator of ASCII; no program prints it alone on a line. */
#define MARKUP_FENCE "\x1e"

/*
 * Writes the N bytes of one line at P to OUT, which has room for as many, without colours,
 * tags of HTML and BBCode, entities, typographic quotes and dashes. A line feed in OUT is a
 * break that a tag made, a line MARKUP_FENCE a tag around code. Returns the length.
 */
size_t markup_undo(const char *p, size_t n, char *out);

/* The text as UTF-8: undoes UTF-16, drops a byte-order mark. May return P itself. */
const char *markup_decode(struct arena *a, const char *p, size_t n, size_t *ret_n);

#endif
