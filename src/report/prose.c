// SPDX-License-Identifier: GPL-2.0-or-later
// Sentences that quote words of a host: which of their words are only words.
#include "report/prose.h"

#include <string.h>

#include "base/text.h"

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* May stand in a word wherever it likes. Bytes above 0x7f are letters of other scripts,
 * quotes, dashes: what is invisible was made visible when it came in. */
static bool is_plain(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80 || strchr("-'\",;()!?%+", c);
}

/* "example.com" becomes a link by itself, "6.12" does not; ":bug:" becomes a picture. A slash
 * may part two words, but begin a path it may not. */
static bool is_word(const char *p, size_t n)
{
	if (n > 2 && p[0] == '-' && p[1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		bool number = i && i + 1 < n && text_is_digit(p[i - 1]) &&
			text_is_digit(p[i + 1]);

		if (!is_plain(p[i]) && !(p[i] == '.' && number) &&
			!(p[i] == '/' && (i || n == 1)))
			return false;
	}
	return true;
}

bool prose_next(const char **at, struct prose_piece *ret)
{
	const char *p = *at;
	size_t n, lead, tail;

	*ret = (struct prose_piece){ .text = p };
	if (!*p)
		return false;
	/* Blanks and brackets in front, then the word, then its full stop. */
	lead = strspn(p, " \t\n(\"");
	n = strcspn(p + lead, " \t\n");
	for (tail = n; tail && strchr(".,;:)\"?!", p[lead + tail - 1]);)
		tail--;
	if (lead) {
		ret->n = lead;
	} else if (is_word(p, tail)) {
		ret->n = n;
	} else {
		ret->n = tail;
		ret->technical = true;
	}
	*at = p + ret->n;
	return true;
}
