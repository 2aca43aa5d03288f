// SPDX-License-Identifier: GPL-2.0-or-later
// Text in columns: aligned tables, and prose wrapped under a hanging indent.
#include "base/columns.h"

#include <string.h>

enum {
	GAP = 2,        /* blanks between two columns */
	MIN_COLUMN = 4, /* a column is not shortened below this, */
	MIN_FIRST = 8,  /* nor the one that gives way while others can */
};

/* Length in bytes of the character at P, which is clean UTF-8 (a stray byte counts one).
 */
static size_t char_length(const char *p)
{
	unsigned char c = (unsigned char)*p;
	size_t n = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	for (size_t i = 1; i < n; i++)
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return i;
	return n;
}

static size_t char_width(const char *p, size_t n)
{
	char buf[5] = { 0 };

	memcpy(buf, p, n);
	return text_width(buf);
}

static size_t span_width(const char *p, size_t n)
{
	size_t width = 0;

	for (size_t i = 0, len; i < n; i += len) {
		len = char_length(p + i);
		width += char_width(p + i, len);
	}
	return width;
}

/* Bytes of the N at P that fit into WIDTH columns; one character at least. */
static size_t bytes_that_fit(const char *p, size_t n, size_t width)
{
	size_t used = 0, i = 0;

	while (i < n) {
		size_t len = char_length(p + i);
		used += char_width(p + i, len);
		if (used > width && i)
			break;
		i += len;
	}
	return i;
}

const char *text_shorten(struct arena *a, const char *s, size_t width)
{
	s = text_flatten(a, s);
	if (text_width(s) <= width)
		return s;
	if (width < 2)
		return width ? "…" : "";
	size_t n = bytes_that_fit(s, strlen(s), width - 1);
	while (n && s[n - 1] == ' ')
		n--;
	return arena_printf(a, "%.*s…", (int)n, s);
}

struct cell *table_add(struct arena *a, struct table *t)
{
	return arena_push(a, t->rows, t->n)->cells;
}

static const char *cell_text(const struct cell *c)
{
	return c->text ? c->text : "";
}

static size_t widest_column(const size_t *widths, size_t n)
{
	size_t widest = 0;

	for (size_t i = 1; i < n; i++)
		if (widths[i] > widths[widest])
			widest = i;
	return widest;
}

/* Natural widths, made narrower until the whole fits: first the column that gives way,
 * then always the widest. */
static void fit_widths(const struct table *t, size_t room, size_t *widths)
{
	size_t total = t->n_columns ? (t->n_columns - 1) * GAP : 0;

	for (size_t i = 0; i < t->n_columns; i++) {
		widths[i] = 0;
		for (size_t r = 0; r < t->n; r++) {
			size_t w = text_width(cell_text(&t->rows[r].cells[i]));
			widths[i] = w > widths[i] ? w : widths[i];
		}
		total += widths[i];
	}
	for (; total > room; total--) {
		size_t i = t->gives_way;
		if (widths[i] <= MIN_FIRST)
			i = widest_column(widths, t->n_columns);
		if (widths[i] <= MIN_COLUMN)
			return;
		widths[i]--;
	}
}

void table_print(const struct table *t, struct strbuf *out, size_t indent, size_t width,
	bool colour)
{
	size_t widths[TABLE_MAX_COLUMNS];
	struct arena *scratch = arena_new();

	fit_widths(t, width > indent ? width - indent : 0, widths);
	for (size_t r = 0; r < t->n; r++) {
		const struct cell *cells = t->rows[r].cells;
		size_t owed = indent; /* blanks that wait for a text behind them */

		for (size_t i = 0; i < t->n_columns; i++) {
			const char *text =
				text_shorten(scratch, cell_text(&cells[i]), widths[i]);
			if (*text) {
				strbuf_repeat(out, ' ', owed);
				paint(out, colour, cells[i].tone, text);
				owed = 0;
			}
			owed += widths[i] - text_width(text) + GAP;
		}
		strbuf_add_char(out, '\n');
	}
	arena_free(scratch);
}

/* Where a wrapped text stands. */
struct cursor {
	struct strbuf *out;
	size_t at, indent, width;
	bool fresh; /* nothing but indentation on this line yet */
	bool whole; /* long words are not cut */
};

static void break_line(struct cursor *c)
{
	strbuf_add_char(c->out, '\n');
	strbuf_repeat(c->out, ' ', c->indent);
	c->at = c->indent;
	c->fresh = true;
}

/* Adds one word, cut into pieces if no line can hold it. */
static void add_word(struct cursor *c, const char *p, size_t n)
{
	size_t w = span_width(p, n);

	while (!c->whole && c->at + w > c->width) {
		size_t room = c->width > c->at ? c->width - c->at : 0;
		size_t fits = bytes_that_fit(p, n, room ? room : 1);
		strbuf_add_mem(c->out, p, fits);
		p += fits;
		n -= fits;
		if (!n)
			return;
		break_line(c);
		w = span_width(p, n);
	}
	strbuf_add_mem(c->out, p, n);
	c->at += w;
	c->fresh = false;
}

static void wrap_line(struct cursor *c, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t blanks = 0, word = 0;
		while (i + blanks < n && (p[i + blanks] == ' ' || p[i + blanks] == '\t'))
			blanks++;
		while (i + blanks + word < n && p[i + blanks + word] != ' ' &&
			p[i + blanks + word] != '\t')
			word++;
		if (!word)
			return;
		size_t w = span_width(p + i + blanks, word);
		if (!c->fresh && c->at + blanks + w > c->width) {
			break_line(c);
		} else if (!c->fresh || i == 0) {
			strbuf_repeat(c->out, ' ', blanks);
			c->at += blanks;
		}
		add_word(c, p + i + blanks, word);
		i += blanks + word;
	}
}

static void wrap(struct strbuf *out, const char *text, size_t start, size_t indent,
	size_t width, bool whole)
{
	/* However deep it stands, a third of the line is left to the text. */
	if (indent > width * 2 / 3)
		indent = width * 2 / 3;
	struct cursor c = { out, start, indent, width, start <= indent, whole };

	for (const char *p = text;;) {
		const char *end = strchr(p, '\n');
		wrap_line(&c, p, end ? (size_t)(end - p) : strlen(p));
		if (!end || !end[1])
			break;
		break_line(&c);
		p = end + 1;
	}
	strbuf_add_char(out, '\n');
}

void text_wrap(
	struct strbuf *out, const char *text, size_t start, size_t indent, size_t width)
{
	wrap(out, text, start, indent, width, false);
}

void text_wrap_words(
	struct strbuf *out, const char *text, size_t start, size_t indent, size_t width)
{
	wrap(out, text, start, indent, width, true);
}
