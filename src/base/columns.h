// SPDX-License-Identifier: GPL-2.0-or-later
// Text in columns: aligned tables, and prose wrapped under a hanging indent.
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/term.h"
#include "base/text.h"

enum { TABLE_MAX_COLUMNS = 8 };

struct cell {
	const char *text; /* NULL is printed as an empty cell */
	enum tone tone;
};

/* Rows of cells. Zero-initialise, name the number of columns, then add rows. */
struct table {
	size_t n_columns;
	size_t gives_way; /* the column that is shortened first where the table is too
			     wide */
	struct table_row {
		struct cell cells[TABLE_MAX_COLUMNS];
	} * rows;
	size_t n;
};

/* Adds an empty row and returns its cells. */
struct cell *table_add(struct arena *a, struct table *t);
/* Prints the rows behind INDENT blanks, columns two blanks apart, no line wider than
 * WIDTH and none with blanks at its end. */
void table_print(const struct table *t, struct strbuf *out, size_t indent, size_t width,
	bool colour);

/* S, or its beginning and `…` if it takes more than WIDTH columns; flattened. */
const char *text_shorten(struct arena *a, const char *s, size_t width);

/*
 * Adds TEXT, broken at blanks so that no line is wider than WIDTH, and ends it with a
 * line feed. The line already holds START columns; those that follow are indented by
 * INDENT. A word that fits on no line is cut where the line ends. A line feed in TEXT
 * starts a line.
 */
void text_wrap(
	struct strbuf *out, const char *text, size_t start, size_t indent, size_t width);

/* As text_wrap(), but a long word stays whole and its line gets too wide: an address of
 * the web that is cut can no longer be followed. */
void text_wrap_words(
	struct strbuf *out, const char *text, size_t start, size_t indent, size_t width);

#endif
