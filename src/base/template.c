// SPDX-License-Identifier: GPL-2.0-or-later
// Patterns for log lines: compiled once, matched in one pass.
#include "base/template.h"

#include <string.h>

#include "base/bdf.h"
#include "base/text.h"

static const char *const hole_types[] = {
	[HOLE_DEC] = "dec",
	[HOLE_HEX] = "hex",
	[HOLE_BDF] = "bdf",
	[HOLE_WORD] = "word",
	[HOLE_ANY] = "any",
};

static bool is_alnum(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static bool hole_type_by_name(const char *s, size_t n, enum hole_type *ret)
{
	for (size_t i = 0; i < sizeof hole_types / sizeof hole_types[0]; i++) {
		if (strlen(hole_types[i]) == n && memcmp(hole_types[i], s, n) == 0) {
			*ret = (enum hole_type)i;
			return true;
		}
	}
	return false;
}

/* Is the brace at P the start of `{NAME:WORD}`? Then *RET_COLON and *RET_END are set. */
static bool looks_like_hole(const char *p, const char **ret_colon, const char **ret_end)
{
	const char *colon = p + 1, *end;

	while (is_name_char(*colon))
		colon++;
	if (*colon != ':' || colon == p + 1)
		return false;
	end = colon + 1;
	while (is_name_char(*end))
		end++;
	if (*end != '}')
		return false;
	*ret_colon = colon;
	*ret_end = end + 1;
	return true;
}

static const char *add_hole(struct arena *a, struct template *t, const char *p,
	const char *colon, const char *end)
{
	struct hole *hole = &t->holes[t->n_holes];

	if (t->n_holes == TEMPLATE_MAX_HOLES)
		return "has more than 8 holes";
	if (!hole_type_by_name(colon + 1, (size_t)(end - colon - 2), &hole->type))
		return arena_printf(a,
			"hole type \"%.*s\" is none of dec, hex, bdf, word, any",
			(int)(end - colon - 2), colon + 1);
	hole->name = arena_strndup(a, p + 1, (size_t)(colon - p - 1));
	if (text_equal(hole->name, "_"))
		hole->name = "";
	for (size_t i = 0; i < t->n_holes; i++) {
		if (*hole->name && text_equal(t->holes[i].name, hole->name))
			return arena_printf(a, "hole \"%s\" stands twice", hole->name);
	}
	t->n_holes++;
	return NULL;
}

/* What makes a template useless although its form is right; NULL if nothing does. */
static const char *find_trouble(const struct template *t)
{
	bool literal = *t->literals[0];

	for (size_t i = 0; i < t->n_holes; i++) {
		bool greedy =
			t->holes[i].type == HOLE_ANY || t->holes[i].type == HOLE_WORD;

		literal |= *t->literals[i + 1] != '\0';
		if (greedy && i + 1 < t->n_holes && !*t->literals[i + 1])
			return "needs text between a hole of type any or word and the next";
	}
	return literal ? NULL : "has no literal text";
}

bool template_compile(
	struct arena *a, const char *source, struct template *ret, const char **ret_error)
{
	struct template t = { .source = arena_strdup(a, source) };
	const char *start = source, *p = source, *error = NULL;

	while (*p && !error) {
		const char *colon, *end;

		if (*p != '{' || !looks_like_hole(p, &colon, &end)) {
			p++;
			continue;
		}
		if (t.n_holes < TEMPLATE_MAX_HOLES)
			t.literals[t.n_holes] =
				arena_strndup(a, start, (size_t)(p - start));
		error = add_hole(a, &t, p, colon, end);
		start = p = end;
	}
	if (!error) {
		t.literals[t.n_holes] = arena_strdup(a, start);
		error = find_trouble(&t);
	}
	if (error) {
		*ret_error = error;
		return false;
	}
	*ret = t;
	return true;
}

static const char *scan_digits(const char *p, enum hole_type type)
{
	const char *s = p;

	if (type == HOLE_HEX && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') &&
		hex_digit(p[2]) >= 0)
		s = p += 2;
	while (type == HOLE_HEX ? hex_digit(*p) >= 0 : text_is_digit(*p))
		p++;
	return p > s ? p : NULL;
}

/* An address is not the tail of a longer word: `ab01:00.0` holds none. Where a literal
 * stands before it, that one decides where it begins. */
static const char *scan_bdf(const char *line, const char *p, bool after_literal)
{
	struct bdf b;
	const char *end;

	if (!after_literal && p > line && (is_alnum(p[-1]) || p[-1] == ':'))
		return NULL;
	if (!bdf_scan(p, &b, &end) || is_alnum(*end))
		return NULL;
	return end;
}

/* A word ends at the first place where the literal behind it fits, else at a blank. */
static const char *scan_word(const char *p, const char *next)
{
	const char *s = p;
	size_t n = strlen(next);

	for (; *p && !text_is_space(*p); p++) {
		if (n && p > s && strncmp(p, next, n) == 0)
			return p;
	}
	return p > s ? p : NULL;
}

static const char *scan_hole(
	const struct template *t, size_t i, const char *line, const char *p)
{
	switch (t->holes[i].type) {
	case HOLE_DEC:
	case HOLE_HEX:
		return scan_digits(p, t->holes[i].type);
	case HOLE_BDF:
		return scan_bdf(line, p, *t->literals[i] != '\0');
	case HOLE_WORD:
		return scan_word(p, t->literals[i + 1]);
	case HOLE_ANY:
		break;
	}
	return NULL;
}

/*
 * Matches the literal FROM and what follows it, up to the next hole of type any, at P
 * exactly. Returns where it ended, NULL if it does not fit; *RET_HOLE is that hole.
 */
static const char *match_run(const struct template *t, size_t from, const char *line,
	const char *p, struct span *spans, size_t *ret_hole)
{
	for (size_t i = from;; i++) {
		const char *end;
		size_t n = strlen(t->literals[i]);

		if (strncmp(p, t->literals[i], n) != 0)
			return NULL;
		p += n;
		if (i == t->n_holes || t->holes[i].type == HOLE_ANY) {
			*ret_hole = i;
			return p;
		}
		end = scan_hole(t, i, line, p);
		if (!end)
			return NULL;
		spans[i] = (struct span){ p, (size_t)(end - p) };
		p = end;
	}
}

/* First place at or behind P where such a run fits; *RET_END is where it ends. */
static const char *find_run(const struct template *t, size_t from, const char *line,
	const char *p, struct span *spans, size_t *ret_hole, const char **ret_end)
{
	const char *literal = t->literals[from];

	for (;; p++) {
		if (*literal)
			p = strstr(p, literal);
		if (!p)
			return NULL;
		*ret_end = match_run(t, from, line, p, spans, ret_hole);
		if (*ret_end)
			return p;
		if (!*p)
			return NULL;
	}
}

/*
 * Runs between holes of type any are taken at their first place, one after the other: no
 * later place could let more of the template fit, as with `*` in a file name pattern.
 */
bool template_match(const struct template *t, const char *line,
	struct span ret_spans[TEMPLATE_MAX_HOLES])
{
	struct span spans[TEMPLATE_MAX_HOLES] = { { NULL, 0 } };
	const char *p = line, *any = NULL, *end;
	size_t hole, from = 0;

	for (;;) {
		const char *at = find_run(t, from, line, p, spans, &hole, &end);

		if (!at)
			return false;
		if (any)
			spans[from - 1] = (struct span){ any, (size_t)(at - any) };
		if (hole == t->n_holes)
			break;
		any = p = end;
		from = hole + 1;
		if (from == t->n_holes && !*t->literals[from]) {
			spans[hole] = (struct span){ any, strlen(any) };
			break;
		}
	}
	if (ret_spans)
		memcpy(ret_spans, spans, sizeof spans);
	return true;
}
