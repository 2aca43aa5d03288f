// SPDX-License-Identifier: GPL-2.0-or-later
// The terminal: its width, whether colour is wanted, and the one place that knows
// escapes.
#include "base/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Only the eight basic colours and bold: they follow the reader's own palette, so that
 * both a light and a dark background stay readable. */
static const char *const escapes[] = {
	[TONE_PLAIN] = "",
	[TONE_STRONG] = "\033[1m",
	[TONE_FAINT] = "\033[2m",
	[TONE_GOOD] = "\033[32m",
	[TONE_WARN] = "\033[33m",
	[TONE_BAD] = "\033[1;31m",
};
_Static_assert(sizeof escapes / sizeof escapes[0] == N_TONES, "an escape for every tone");

bool colour_choice_by_name(const char *name, enum colour_choice *ret)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text_equal(name, names[i])) {
			*ret = (enum colour_choice)i;
			return true;
		}
	}
	return false;
}

static size_t width_of_environment(void)
{
	const char *columns = getenv("COLUMNS");
	uint64_t n;

	return columns && text_to_u64(columns, &n) && n <= TERM_MAX_WIDTH ? (size_t)n : 0;
}

size_t term_width(int fd)
{
	struct winsize size = { 0 };
	size_t width = width_of_environment();

	if (!width && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (!width)
		width = TERM_DEFAULT_WIDTH;
	if (width < TERM_MIN_WIDTH)
		return TERM_MIN_WIDTH;
	return width > TERM_MAX_WIDTH ? TERM_MAX_WIDTH : width;
}

bool term_wants_colour(enum colour_choice choice, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (choice != COLOUR_AUTO)
		return choice == COLOUR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

void paint(struct strbuf *out, bool colour, enum tone tone, const char *text)
{
	bool painted = colour && tone != TONE_PLAIN && *text;

	if (painted)
		strbuf_add(out, escapes[tone]);
	strbuf_add(out, text);
	if (painted)
		strbuf_add(out, "\033[0m");
}
