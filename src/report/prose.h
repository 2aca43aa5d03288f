// SPDX-License-Identifier: GPL-2.0-or-later
// Sentences that quote words of a host: which of their words are only words.
#ifndef REPORT_PROSE_H
#define REPORT_PROSE_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of a sentence. */
struct prose_piece {
	const char *text; /* not ended: N bytes */
	size_t n;
	bool technical; /* an option, a path, an address: no word of a language */
};

/*
 * The next piece of the sentence at *AT, which moves behind it; false at the end. Pieces
 * together are the sentence. What is not technical holds nothing that Markdown, HTML or a
 * forum could take for markup, an address of the web or the name of a user.
 */
bool prose_next(const char **at, struct prose_piece *ret);

#endif
