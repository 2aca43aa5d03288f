// SPDX-License-Identifier: GPL-2.0-or-later
// Text: a growing buffer and small locale-free helpers.
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void strbuf_reserve(struct strbuf *b, size_t more)
{
	if (b->cap - b->len > more)
		return;
	size_t cap = b->cap ? b->cap * 2 : 256;
	while (cap - b->len <= more)
		cap *= 2;
	b->s = realloc(b->s, cap);
	if (!b->s) {
		fputs("vfio-doctor: out of memory\n", stderr);
		exit(70);
	}
	b->cap = cap;
}

void strbuf_add_mem(struct strbuf *b, const void *p, size_t n)
{
	strbuf_reserve(b, n);
	if (n)
		memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void strbuf_add(struct strbuf *b, const char *s)
{
	strbuf_add_mem(b, s, strlen(s));
}

void strbuf_add_char(struct strbuf *b, char c)
{
	strbuf_add_mem(b, &c, 1);
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	strbuf_reserve(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void strbuf_repeat(struct strbuf *b, char c, size_t n)
{
	strbuf_reserve(b, n);
	memset(b->s + b->len, c, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void strbuf_truncate(struct strbuf *b, size_t len)
{
	if (len < b->len) {
		b->len = len;
		b->s[len] = '\0';
	}
}

const char *strbuf_text(const struct strbuf *b)
{
	return b->s ? b->s : "";
}

char *strbuf_finish(struct strbuf *b, struct arena *a)
{
	char *s = arena_strndup(a, strbuf_text(b), b->len);

	strbuf_free(b);
	return s;
}

void strbuf_free(struct strbuf *b)
{
	free(b->s);
	*b = (struct strbuf){ 0 };
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

char *hex_encode(struct arena *a, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *s = arena_alloc(a, n * 2 + 1);

	for (size_t i = 0; i < n; i++) {
		s[2 * i] = digits[p[i] >> 4];
		s[2 * i + 1] = digits[p[i] & 15];
	}
	return s;
}

bool hex_decode(struct arena *a, const char *s, uint8_t **ret, size_t *ret_n)
{
	size_t len = strlen(s);

	if (len % 2)
		return false;
	uint8_t *p = arena_alloc(a, len / 2 + 1);
	for (size_t i = 0; i < len / 2; i++) {
		int high = hex_digit(s[2 * i]), low = hex_digit(s[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		p[i] = (uint8_t)(high << 4 | low);
	}
	*ret = p;
	*ret_n = len / 2;
	return true;
}

bool text_equal(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

bool text_is_among(const char *text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(text, list[i]))
			return true;
	return false;
}

bool text_starts(const char *s, const char *prefix)
{
	/* Mostly the first byte decides: no call is faster */
	while (*prefix && *s == *prefix) {
		s++;
		prefix++;
	}
	return !*prefix;
}

bool text_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

bool text_equal_dash(const char *a, const char *b)
{
	for (;; a++, b++) {
		char x = *a == '-' ? '_' : *a, y = *b == '-' ? '_' : *b;
		if (x != y)
			return false;
		if (!x)
			return true;
	}
}

bool text_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *text_trim(struct arena *a, const char *s)
{
	while (text_is_space(*s))
		s++;
	size_t n = strlen(s);
	while (n && text_is_space(s[n - 1]))
		n--;
	return arena_strndup(a, s, n);
}

char **text_split(struct arena *a, const char *s, const char *separators, size_t *ret_n)
{
	char **parts = NULL;
	size_t n = 0;

	for (;;) {
		s += strspn(s, separators);
		if (!*s)
			break;
		size_t len = strcspn(s, separators);
		*arena_push(a, parts, n) = arena_strndup(a, s, len);
		s += len;
	}
	*ret_n = n;
	return parts;
}

const char *text_join(
	struct arena *a, const char *const *texts, size_t n, const char *between)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++) {
		strbuf_add(&b, i ? between : "");
		strbuf_add(&b, texts[i]);
	}
	return strbuf_finish(&b, a);
}

char **text_lines(struct arena *a, const char *s, size_t *ret_n)
{
	char **lines = NULL;
	size_t n = 0;

	while (*s) {
		size_t len = strcspn(s, "\n");
		size_t kept = len && s[len - 1] == '\r' ? len - 1 : len;
		*arena_push(a, lines, n) = arena_strndup(a, s, kept);
		s += len + (s[len] == '\n');
	}
	*ret_n = n;
	return lines;
}

bool text_to_u64(const char *s, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t value = 0;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		int d = hex_digit(*s);
		if (d < 0 || d >= (int)base || value > (UINT64_MAX - (unsigned)d) / base)
			return false;
		value = value * base + (unsigned)d;
	}
	*ret = value;
	return true;
}

bool text_to_int(const char *s, int64_t *ret)
{
	bool negative = *s == '-';
	uint64_t value;

	if (!text_to_u64(s + negative, &value) || value > INT64_MAX)
		return false;
	*ret = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* Edits (insert, delete, replace, swap neighbours) between A and B, 3 if more than 2. */
static int distance(const char *a, const char *b)
{
	enum { LONGEST = 48 };
	size_t n = strlen(a), m = strlen(b);
	int rows[3][LONGEST + 1];

	if (n > LONGEST || m > LONGEST)
		return 3;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		int *now = rows[i % 3], *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
		now[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			int best = up[j - 1] + (a[i - 1] != b[j - 1]);
			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[n % 3][m] > 2 ? 3 : rows[n % 3][m];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	int best_distance = 3;

	for (size_t i = 0; i < n; i++) {
		int d = distance(word, candidates[i]);
		if (d < best_distance) {
			best_distance = d;
			best = candidates[i];
		}
	}
	return best;
}
