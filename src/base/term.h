// SPDX-License-Identifier: GPL-2.0-or-later
// The terminal: its width, whether colour is wanted, and the one place that knows
// escapes.
#ifndef BASE_TERM_H
#define BASE_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* What a text is, not which colour it has; colour only repeats what the words say. */
enum tone {
	TONE_PLAIN,
	TONE_STRONG,
	TONE_FAINT,
	TONE_GOOD,
	TONE_WARN,
	TONE_BAD,
	N_TONES
};

enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };
/* Reads the word of --color; false if it is none of auto, always, never. */
bool colour_choice_by_name(const char *name, enum colour_choice *ret);

enum {
	TERM_DEFAULT_WIDTH = 80,
	TERM_MIN_WIDTH = 60, /* narrower tables would say nothing */
	TERM_MAX_WIDTH = 400,
};

/* Columns of the terminal behind FD: COLUMNS, else what the terminal says, else 80; kept
 * between the two limits above. */
size_t term_width(int fd);
/* Whether to colour what goes to FD: with AUTO only on a terminal that is not dumb, and
 * where NO_COLOR (https://no-color.org) is not set. */
bool term_wants_colour(enum colour_choice choice, int fd);

/* Adds TEXT in the tone's colour; just TEXT if COLOUR is false. */
void paint(struct strbuf *out, bool colour, enum tone tone, const char *text);

#endif
