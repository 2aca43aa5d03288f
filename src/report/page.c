// SPDX-License-Identifier: GPL-2.0-or-later
// A page of plain text: headings, wrapped lines, lines that begin with a label.
#include "report/page.h"

#include <string.h>

#include "base/columns.h"

enum { MOST_WIDTH = 110 }; /* nobody reads prose across a whole screen */

size_t page_width(const struct report_options *options)
{
	size_t width = options->width < TERM_MIN_WIDTH ? TERM_MIN_WIDTH : options->width;

	return width > MOST_WIDTH ? MOST_WIDTH : width;
}

void page_heading(const struct page *p, const char *text)
{
	if (p->out->len)
		strbuf_add_char(p->out, '\n');
	paint(p->out, p->colour, TONE_STRONG, text);
	strbuf_add_char(p->out, '\n');
}

void page_line(const struct page *p, size_t indent, const char *text)
{
	indent += p->indent;
	strbuf_repeat(p->out, ' ', indent);
	text_wrap(p->out, text, indent, indent, p->width);
}

void page_labelled(const struct page *p, size_t indent, enum tone tone, const char *label,
	size_t label_width, const char *text)
{
	size_t width = text_width(label);

	indent += p->indent;
	strbuf_repeat(p->out, ' ', indent);
	paint(p->out, p->colour, tone, label);
	strbuf_repeat(p->out, ' ', label_width > width ? label_width - width : 1);
	text_wrap(p->out, text, indent + (label_width > width ? label_width : width + 1),
		indent + label_width, p->width);
}

void page_typed(const struct page *p, size_t indent, const char *text)
{
	for (const char *at = text; *at;) {
		size_t n = strcspn(at, "\n");

		strbuf_repeat(p->out, ' ', p->indent + indent);
		strbuf_add_mem(p->out, at, n);
		strbuf_add_char(p->out, '\n');
		at += n + (at[n] == '\n');
	}
}
