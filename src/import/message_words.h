// SPDX-License-Identifier: GPL-2.0-or-later
// The words by which error messages about device assignment are known.
#ifndef IMPORT_MESSAGE_WORDS_H
#define IMPORT_MESSAGE_WORDS_H

#include <stddef.h>

/* One message, or several that share a part. */
struct message_words {
	const char *text; /* untranslated, the same in all versions */
	/* The message begins with the last of these before TEXT, on the same line; NULL: with
	 * what QEMU puts in front of its messages, or with TEXT itself. */
	const char *from;
	const char *until; /* what follows is somebody's own: cut there; NULL: nothing */
	const char *
		after; /* a hint below this message: adds nothing to it; NULL: stands alone */
	/* People tell of it in their own words, and this is it; NULL: taken verbatim */
	const char *as;
};

extern const struct message_words message_words[];
extern const size_t message_words_length;

#endif
