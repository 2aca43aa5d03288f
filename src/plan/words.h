// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the kernel command line that are to be added and taken out.
#ifndef PLAN_WORDS_H
#define PLAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct edit_texts;

struct words {
	const char **add, **remove; /* without their sign, each once */
	size_t n_add, n_remove;
};

/* The words of `cmdline` remedies ("+word", "-word"; a text may hold several). A sign holds
 * for the words behind it, without one they are added; "-name" stands for every word of
 * that name. */
struct words words_sort(struct arena *a, const struct edit_texts *texts);
/* Is WORD, as it stands somewhere, one of those to take out? */
bool words_remove(const struct words *w, const char *word, size_t n);
/*
 * TEXT, words with blanks between, without those to take out and with those to add that are
 * not there yet behind the others. NULL if a quote is open in it: then nobody can say where
 * a word ends.
 */
char *words_apply(struct arena *a, const struct words *w, const char *text, size_t n);
/*
 * LINE of a file with its words edited. VARIABLE: it assigns them, in quotes or without
 * (GRUB_CMDLINE_LINUX="…"); else they stand behind PREFIX and blanks ("options", "" for a
 * file that holds nothing else). NULL if the line is not of that form.
 */
char *words_edit_line(struct arena *a, const struct words *w, const char *line,
	const char *prefix, bool variable);

#endif
