// SPDX-License-Identifier: GPL-2.0-or-later
// What cJSON lets pass and RFC 8259 does not (measured on cJSON 1.7.15).
#include "base/json_lexical.h"

#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

static bool is_json_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number at P: RFC 8259 section 6. Returns its end, NULL if it is malformed. */
static const char *number_end(const char *p)
{
	if (*p == '-')
		p++;
	if (!is_json_digit(*p) || (*p == '0' && is_json_digit(p[1])))
		return NULL;
	while (is_json_digit(*p))
		p++;
	if (*p == '.') {
		if (!is_json_digit(*++p))
			return NULL;
		while (is_json_digit(*p))
			p++;
	}
	if (*p == 'e' || *p == 'E') {
		p += p[1] == '+' || p[1] == '-' ? 2 : 1;
		if (!is_json_digit(*p))
			return NULL;
		const char *digits = p;
		while (is_json_digit(*p))
			p++;
		if (p - digits > 2) /* beyond a double; cJSON would print it as null */
			return NULL;
	}
	return p;
}

/* Checks the string whose opening quote is at *P; leaves *P behind its end, or on the
 * offending byte. Bytes above 0x7f are checked by the caller, all at once. */
static const char *check_string(const char **p)
{
	const char *s = *p + 1;
	const char *complaint = NULL;

	while (*s != '"' && !complaint) {
		if (*s == '\\' && s[1] == 'u' && strncmp(s + 2, "0000", 4) == 0)
			complaint = "a NUL character cannot be used in a string";
		else if (*s == '\\' && s[1])
			s += 2;
		else if (!*s)
			complaint = "the document ends within a string";
		else if ((unsigned char)*s < 0x20)
			complaint = "a control character in a string must be escaped";
		else
			s++;
	}
	*p = complaint ? s : s + 1;
	return complaint;
}

/* The end of a string that needs no closer look, as nearly all do: plain characters without
 * an escape. NULL: it needs one. */
static const char *plain_string_end(const char *p, const char *end)
{
	const char *quote = memchr(p + 1, '"', (size_t)(end - p - 1));
	size_t n = quote ? (size_t)(quote - p - 1) : 0;

	return quote && !memchr(p + 1, '\\', n) && text_is_clean(p + 1, n) &&
			!memchr(p + 1, '\n', n) && !memchr(p + 1, '\t', n)
		? quote + 1
		: NULL;
}

const char *json_lexical_check(const char *text, size_t n, size_t *ret_offset)
{
	const char *complaint = NULL, *p = text;
	size_t values = 1;
	int depth = 0;
	bool high = false;

	while (p < text + n && !complaint) {
		if (*p == '"') {
			const char *start = p, *plain = plain_string_end(p, text + n);
			if (plain) {
				p = plain;
				continue;
			}
			complaint = check_string(&p);
			if (!complaint && !high)
				high = !text_is_clean(start, (size_t)(p - start));
		} else if (*p == '{' || *p == '[') {
			if (++depth > JSON_MAX_DEPTH)
				complaint = "the nesting is too deep";
			else
				p++;
			values++;
		} else if (*p == ',') {
			if (++values > JSON_MAX_VALUES)
				complaint = "there are too many values";
			else
				p++;
		} else if (*p == '}' || *p == ']') {
			depth--;
			p++;
		} else if (*p == '-' || is_json_digit(*p)) {
			const char *end = number_end(p);
			if (end)
				p = end;
			else
				complaint = "this is not a number that JSON allows";
		} else if (!*p || (unsigned char)*p >= 0x7f) {
			complaint = "this byte cannot stand here";
		} else {
			p++;
		}
	}
	if (!complaint && high) {
		/* Rare: find out whether it is bad UTF-8, or only a character that the
		 * reader of the value will clean. */
		p = text;
		while (p < text + n && text_is_valid_utf8(p, strcspn(p, "\n")))
			p += strcspn(p, "\n") + 1;
		if (p < text + n)
			complaint = "this line is not valid UTF-8";
	}
	*ret_offset = (size_t)(p - text);
	return complaint;
}

void json_lexical_place(
	const char *text, size_t offset, size_t *ret_line, size_t *ret_column)
{
	size_t line = 1, start = 0;

	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	*ret_line = line;
	*ret_column = offset - start + 1;
}

const char *json_lexical_skip_space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

const char *json_lexical_skip_scalar(const char *p)
{
	if (*p == '"')
		check_string(&p);
	else
		p += strcspn(p, " \t\r\n,]}:");
	return p;
}
