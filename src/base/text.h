// SPDX-License-Identifier: GPL-2.0-or-later
// Text: a growing buffer, cleaning of bytes from outside, small locale-free helpers.
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A growing, always NUL-terminated text on the heap. Zero-initialise; S is never NULL
 * after the first addition. Freed with strbuf_free(). */
struct strbuf {
	char *s;
	size_t len, cap;
};

void strbuf_add(struct strbuf *b, const char *s);
void strbuf_add_mem(struct strbuf *b, const void *p, size_t n);
void strbuf_add_char(struct strbuf *b, char c);
void strbuf_addf(struct strbuf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_repeat(struct strbuf *b, char c, size_t n);
/* Cuts the text to LEN bytes, keeps the memory. */
void strbuf_truncate(struct strbuf *b, size_t len);
/* The text, "" when nothing was added; valid until the next change. */
const char *strbuf_text(const struct strbuf *b);
/* Moves the text into the arena and frees the buffer. */
char *strbuf_finish(struct strbuf *b, struct arena *a);
void strbuf_free(struct strbuf *b);

/* Value of a hexadecimal digit, -1 if C is none. Independent of the locale. */
int hex_digit(char c);
/* Lower-case hexadecimal of N bytes. */
char *hex_encode(struct arena *a, const uint8_t *p, size_t n);
/* Reads an even number of hex digits; false if S is anything else. */
bool hex_decode(struct arena *a, const char *s, uint8_t **ret, size_t *ret_n);

bool text_equal(const char *a, const char *b); /* false if one is NULL */
/* Is TEXT one of the N in LIST? */
bool text_is_among(const char *text, const char *const *list, size_t n);
bool text_starts(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);
/* Equal names of a module or parameter: `-` and `_` are one (kernel/params.c, parameqn).
 */
bool text_equal_dash(const char *a, const char *b);
bool text_is_space(char c); /* of the C locale */
/* Of ASCII, whatever the locale. */
static inline bool text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool text_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/* S without blanks at both ends. */
char *text_trim(struct arena *a, const char *s);
/* Splits at any of the SEPARATORS; empty parts are left out. */
char **text_split(struct arena *a, const char *s, const char *separators, size_t *ret_n);
/* The N texts with BETWEEN between them. */
const char *text_join(
	struct arena *a, const char *const *texts, size_t n, const char *between);
/* Splits into lines; `\r\n` counts as one end. The last line need not be ended. */
char **text_lines(struct arena *a, const char *s, size_t *ret_n);
/* Reads a whole decimal, or 0x-prefixed hexadecimal, number; nothing may follow. */
bool text_to_u64(const char *s, uint64_t *ret);
bool text_to_int(const char *s, int64_t *ret);

/*
 * What comes from outside is cleaned once, where it enters (a collector, the snapshot
 * reader, a command-line argument): the result is valid UTF-8; C0 and C1 controls, DEL,
 * bidirectional and zero-width controls are shown as `\x1b`, `\u202e`; a byte that is no
 * UTF-8 becomes `\xNN`. Line feed and tab stay. A NUL becomes `\x00`.
 */
char *text_clean(struct arena *a, const char *p, size_t n);
/* As text_clean(), for what is one line by nature, a name or a path: a line feed is shown
 * as well, so that nobody can forge a line of a report with it. */
char *text_clean_line(struct arena *a, const char *p, size_t n);
/* S with a blank in place of each line feed and tab, for a part of a printed line. */
const char *text_flatten(struct arena *a, const char *s);
/* True if text_clean() would change nothing. */
bool text_is_clean(const char *p, size_t n);

/* True if the N bytes are UTF-8 as RFC 3629 has it. */
bool text_is_valid_utf8(const char *p, size_t n);

/* Columns that S takes in a terminal (East Asian wide characters count two). */
size_t text_width(const char *s);
/*
 * Edit distance of at most 2 between a wrong word and a right one: good enough for
 * "did you mean". Returns the best of the N candidates, NULL if none is near.
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t n);

#endif
