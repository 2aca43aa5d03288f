// SPDX-License-Identifier: GPL-2.0-or-later
// The running kernel's command line, split and read as the kernel does (kernel/params.c).
#ifndef FACTS_CMDLINE_H
#define FACTS_CMDLINE_H

#include "facts/facts.h"

struct cmdline_word {
	const char *text;  /* as it stands, quotes removed as the kernel does */
	const char *name;  /* before the `=`, `-` as `_`, module prefix kept */
	const char *value; /* behind it, NULL if there is no `=` */
};

/* Words in order; words behind a lone `--` belong to init and are left out. NULL and
 * *ret_n 0 if the command line was not collected (see cmdline_known()). */
const struct cmdline_word *cmdline_words(struct facts *f, size_t *ret_n);
bool cmdline_known(struct facts *f);
/* Splits TEXT the same way, for the command line of a boot loader's file. */
const struct cmdline_word *cmdline_split(
	struct arena *a, const char *text, size_t *ret_n);
/* The last word with this name (written with `_`), NULL if there is none. */
const struct cmdline_word *cmdline_last(struct facts *f, const char *name);
/* True if words may be missing: a log line that the kernel cut. */
bool cmdline_open(struct facts *f);
/* Is it the option of a module with another sign in place of the point? */
bool cmdline_lacks_point(const struct cmdline_word *w);
/* Records the word as the origin of a value. */
void cmdline_seen(struct facts *f, struct fact *out, const struct cmdline_word *w);
/* True if ITEM is one of the comma-separated items of VALUE. */
bool cmdline_has_item(const char *value, const char *item);

#endif
