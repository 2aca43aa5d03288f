// SPDX-License-Identifier: GPL-2.0-or-later
// A rule file taken apart: headings, fences and links. The only door to libcmark here.
#ifndef RULES_MARKDOWN_H
#define RULES_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A fenced code block. */
struct md_fence {
	const char *info; /* whole info string, `json rule` */
	const char *text;
	size_t line; /* of its first line of text, in the file */
};

/* A heading of level 1 or 2 and what follows it, deeper headings included. */
struct md_section {
	const char *title; /* "" for what stands before the first heading */
	int level;         /* 0 for that */
	size_t line;
	struct md_fence *fences;
	size_t n_fences;
	const char **links; /* targets in order */
	size_t n_links;
	bool has_prose; /* some block that is no fence */
};

struct md_page {
	struct md_section *sections; /* at least the one before the first heading */
	size_t n;
};

/* Splits the N bytes of valid UTF-8 at TEXT; all memory is the arena's. */
struct md_page markdown_split(struct arena *a, const char *text, size_t n);

#endif
