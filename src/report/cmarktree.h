// SPDX-License-Identifier: GPL-2.0-or-later
// Documents as trees of libcmark: built for reports, read for `explain`.
#ifndef REPORT_CMARKTREE_H
#define REPORT_CMARKTREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Text of the host may hold anything, so it enters a document only as RUN_CODE or through
 * doc_code(): the CommonMark writer leaves `~~~` in plain text as it is, and drops all
 * that follows a byte which is no UTF-8 (libcmark 0.30, src/commonmark.c, src/render.c).
 */
struct doc;

struct doc *doc_new(void);
void doc_free(struct doc *d);

enum run_kind { RUN_TEXT, RUN_STRONG, RUN_CODE };
struct run {
	enum run_kind kind;
	const char *text;
};

/* Adds at the end. Text of a run is made one line; an empty run is left out. */
void doc_heading(struct doc *d, int level, const char *text);
void doc_paragraph(struct doc *d, const struct run *runs, size_t n);
/* A sentence of the program that may quote words of the host: what could be markup becomes a
 * code span (prose.h). Behind a strong LABEL, or strong itself without one. */
void doc_prose(struct doc *d, const char *label, bool strong, const char *text);
/* A fenced block with TEXT as it stands; nothing if it is empty. */
void doc_code(struct doc *d, const char *text);

/* The document, not wrapped: wrapping could put a `-` where it starts a list. */
char *doc_commonmark(const struct doc *d, struct arena *a);
/* The body of a page; raw HTML cannot be in it. */
char *doc_html(const struct doc *d, struct arena *a);
/* SOURCE parsed and written again: equal to SOURCE if that came from doc_commonmark(). */
char *commonmark_again(struct arena *a, const char *source);

enum block_kind { BLOCK_HEADING, BLOCK_PARAGRAPH, BLOCK_CODE };
/* A block of a parsed document, emphasis taken away. */
struct block {
	enum block_kind kind;
	int level;          /* of a heading */
	size_t depth;       /* lists around it */
	const char *bullet; /* "-", "2."; NULL unless it begins an item of a list */
	const char *text;   /* links as `text <url>`, code spans with their backticks */
	const char *info;   /* of a fence: "json rule"; "" if it has none */
};
struct block *markdown_blocks(struct arena *a, const char *source, size_t *ret_n);

#endif
