// SPDX-License-Identifier: GPL-2.0-or-later
// A pasted text as its author saw it on a terminal: what mail, forum and browser did to it
// is undone, line by line.
#ifndef IMPORT_PASTE_H
#define IMPORT_PASTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct paste_line {
	const char *text; /* clean (text_clean()), no line feed, no blanks at its end */
	size_t n;         /* strlen(text) */
	size_t number;    /* in the text as given, from 1 */
	bool fence;       /* a blank line; a fence or a tag around code stood here */
};

struct paste {
	const char *name;
	struct paste_line *lines;
	size_t n;
};

/*
 * Undoes, in this order and only where it is there: UTF-16 and byte-order mark, carriage
 * returns, colours (CSI, also with the escape byte lost), HTML (tags of <pre>, <br>, entities), BBCode
 * tags and Markdown fences, quotation (`> `, `| `), line numbers in front of every line of a
 * run, typographic quotes and dashes, no-break blanks. Leading blanks stay: they are
 * indentation. Never fails; bytes that are no text are shown as `\xNN`.
 */
void paste_read(
	struct arena *a, const char *name, const char *p, size_t n, struct paste *ret);

#endif
