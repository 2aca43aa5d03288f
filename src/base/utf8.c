// SPDX-License-Identifier: GPL-2.0-or-later
// UTF-8: cleaning of bytes from outside, and how wide a text is in a terminal.
#include <string.h>

#include "base/text.h"

/*
 * Decodes one character of at most N bytes at P: its length, 0 if it is no valid UTF-8
 * (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF).
 */
static size_t utf8_decode(const unsigned char *p, size_t n, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80              ? 1
		: p[0] >= 0xc2 && p[0] < 0xe0 ? 2
		: p[0] >= 0xe0 && p[0] < 0xf0 ? 3
		: p[0] >= 0xf0 && p[0] < 0xf5 ? 4
					      : 0;

	if (!len || len > n)
		return 0;
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret = c;
	return len;
}

/* Controls, and the invisible characters that reorder or hide what a reader sees. What
 * Unicode calls noncharacters goes with them: libcmark writes U+FFFE and U+FFFF as bytes
 * that are no UTF-8 (src/utf8.c, cmark_utf8proc_encode_char()). */
static bool must_be_shown(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) ||
		c == 0xad || c == 0x061c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
		c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
		(c >= 0xe0000 && c <= 0xe007f) || (c >= 0xfdd0 && c <= 0xfdef) ||
		(c & 0xfffe) == 0xfffe;
}

/* Are eight bytes all of 0x20 to 0x7e? (https://graphics.stanford.edu/~seander/bithacks.html,
 * "Determine if a word has a byte less than n" and "equal to n") */
static bool is_plain_word(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t w;

	memcpy(&w, p, sizeof w);
	uint64_t deletes = w ^ ones * 0x7f;
	uint64_t below = (w - ones * 0x20) & ~w, deleted = (deletes - ones) & ~deletes;
	return !((w | below | deleted) & highs);
}

bool text_is_clean(const char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		unsigned char byte = (unsigned char)p[i];
		/* Nearly all text is plain */
		if (n - i >= sizeof(uint64_t) && is_plain_word(p + i)) {
			i += sizeof(uint64_t);
			continue;
		}
		if (byte >= 0x20 && byte < 0x7f) {
			i++;
			continue;
		}
		uint32_t c;
		size_t len = utf8_decode((const unsigned char *)p + i, n - i, &c);
		if (!len || must_be_shown(c))
			return false;
		i += len;
	}
	return true;
}

bool text_is_valid_utf8(const char *p, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t c;
		len = utf8_decode((const unsigned char *)p + i, n - i, &c);
		if (!len)
			return false;
	}
	return true;
}

static char *clean(struct arena *a, const char *p, size_t n, bool one_line)
{
	if (text_is_clean(p, n) && !(one_line && memchr(p, '\n', n)))
		return arena_strndup(a, p, n);
	struct strbuf b = { 0 };
	for (size_t i = 0; i < n;) {
		uint32_t c = 0;
		size_t len = utf8_decode((const unsigned char *)p + i, n - i, &c);
		if (!len) {
			strbuf_addf(&b, "\\x%02x", (unsigned char)p[i]);
			i++;
			continue;
		}
		if (!must_be_shown(c) && !(one_line && c == '\n'))
			strbuf_add_mem(&b, p + i, len);
		else
			strbuf_addf(&b, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
		i += len;
	}
	return strbuf_finish(&b, a);
}

char *text_clean(struct arena *a, const char *p, size_t n)
{
	return clean(a, p, n, false);
}

char *text_clean_line(struct arena *a, const char *p, size_t n)
{
	return clean(a, p, n, true);
}

const char *text_flatten(struct arena *a, const char *s)
{
	if (!s[strcspn(s, "\n\t")])
		return s;
	char *flat = arena_strdup(a, s);
	for (char *p = flat; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return flat;
}

/* Ranges that terminals draw two columns wide (Unicode UAX #11, the common blocks). */
static bool is_wide(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
		(c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
		(c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
		(c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
		(c >= 0x20000 && c <= 0x3fffd);
}

static bool is_combining(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
		(c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe00 && c <= 0xfe0f) ||
		(c >= 0xfe20 && c <= 0xfe2f);
}

size_t text_width(const char *s)
{
	size_t n = strlen(s), width = 0;

	for (size_t i = 0; i < n;) {
		uint32_t c = 0;
		size_t len = utf8_decode((const unsigned char *)s + i, n - i, &c);
		if (!len) {
			i++;
			width++;
			continue;
		}
		i += len;
		width += is_combining(c) ? 0 : is_wide(c) ? 2 : 1;
	}
	return width;
}
