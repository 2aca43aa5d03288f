// SPDX-License-Identifier: GPL-2.0-or-later
// A page of plain text: headings, wrapped lines, lines that begin with a label.
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/term.h"
#include "base/text.h"
#include "report/report.h"

/* Where a section is written. */
struct page {
	struct strbuf *out;
	size_t width;
	bool colour;
	size_t indent;    /* of every line */
	bool brief;       /* shorter lists: it goes into somebody's thread */
	bool whole_lines; /* what is to be typed is not broken: a code box scrolls */
};

/* Columns of a page: those of the terminal, between what holds a table and what is still
 * read with ease. */
size_t page_width(const struct report_options *options);

/* A heading, with an empty line before it unless it is the first. */
void page_heading(const struct page *p, const char *text);
/* A line INDENT columns deeper, wrapped under itself. */
void page_line(const struct page *p, size_t indent, const char *text);
/* A line that begins with LABEL, then goes on LABEL_WIDTH columns behind it, and under
 * itself. */
void page_labelled(const struct page *p, size_t indent, enum tone tone, const char *label,
	size_t label_width, const char *text);
/* The lines of TEXT, which is to be typed and so never broken: it would be another line. */
void page_typed(const struct page *p, size_t indent, const char *text);

#endif
