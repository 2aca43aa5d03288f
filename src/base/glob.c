// SPDX-License-Identifier: GPL-2.0-or-later
// Patterns with `*`, `?` and `[…]`; fnmatch(3) itself takes exponential time on hostile
// ones.
#include "base/glob.h"

#include <stddef.h>

/* Is C in the bracket that begins behind P? *RET_END is behind its `]`, or NULL where it
 * has none: then the `[` stands for itself. */
static bool bracket_match(const char *p, char c, const char **ret_end)
{
	bool negated = *p == '!' || *p == '^', found = false;
	const char *first = p += negated;

	for (; *p && (*p != ']' || p == first); p++) {
		char from = *p, to = from;

		if (p[1] == '-' && p[2] && p[2] != ']') {
			to = p[2];
			p += 2;
		}
		found |= from <= c && c <= to;
	}
	*ret_end = *p ? p + 1 : NULL;
	return found != negated;
}

/* Does the first sign of PATTERN, no star, fit C? *RET_NEXT is the one behind it. */
static bool sign_match(const char *pattern, char c, const char **ret_next)
{
	const char *end;
	bool fits;

	*ret_next = pattern + 1;
	if (*pattern == '?')
		return true;
	if (*pattern == '[') {
		fits = bracket_match(pattern + 1, c, &end);
		if (end) {
			*ret_next = end;
			return fits;
		}
	}
	if (*pattern == '\\' && pattern[1]) {
		*ret_next = pattern + 2;
		pattern++;
	}
	return *pattern && *pattern == c;
}

bool glob_match(const char *pattern, const char *text)
{
	const char *star = NULL, *again = NULL, *next;

	/* The last star alone may be moved: what the ones before took was enough. */
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			again = text;
		} else if (*pattern && sign_match(pattern, *text, &next)) {
			pattern = next;
			text++;
		} else if (star) {
			pattern = star;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}
