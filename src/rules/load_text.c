// SPDX-License-Identifier: GPL-2.0-or-later
// The loader's part for texts and remedies: holes are resolved once, here.
#include <string.h>

#include "base/text.h"
#include "rules/load.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
		c == '_';
}

/* Is the brace at P the start of `{name}` or `{name:type}`? Returns the end, else NULL.
 */
static const char *hole_end(const char *p, size_t *ret_length)
{
	const char *end = p + 1;

	while (is_name_char(*end))
		end++;
	*ret_length = (size_t)(end - p - 1);
	if (*end == ':')
		for (end++; is_name_char(*end); end++)
			;
	return *ret_length && *end == '}' ? end + 1 : NULL;
}

static void add_literal(struct loader *l, struct text *t, const char *s, size_t n)
{
	if (n)
		arena_push(l->arena, t->pieces, t->n)->literal =
			arena_strndup(l->arena, s, n);
}

static void add_hole(
	struct loader *l, const json *where, struct text *t, const char *name)
{
	struct text_piece *piece = arena_push(l->arena, t->pieces, t->n);

	piece->row = fact_resolve(l->rule->scope, name, &piece->link);
	if (piece->row)
		return;
	for (size_t i = 0; i < l->n_holes; i++)
		if (text_equal(l->holes[i], name)) {
			piece->hole = l->holes[i];
			return;
		}
	piece->hole = "";
	load_fact(l, where, name, &piece->link); /* says what is wrong */
}

static void compile(
	struct loader *l, const json *where, const char *source, struct text *t)
{
	const char *start = source, *p = source, *end;
	size_t n;

	t->source = source;
	while ((p = strchr(p, '{')) != NULL) {
		end = hole_end(p, &n);
		if (!end) {
			p++;
			continue;
		}
		add_literal(l, t, start, (size_t)(p - start));
		if (p[1 + n] == ':')
			load_error_json(l, where, "a hole of a text has no type: {%.*s}",
				(int)n, p + 1);
		add_hole(l, where, t, arena_strndup(l->arena, p + 1, n));
		start = p = end;
	}
	add_literal(l, t, start, strlen(start));
}

const struct text *load_texts(
	struct loader *l, const json *where, const char *const *strings, size_t n)
{
	struct text *texts = arena_alloc(l->arena, n * sizeof *texts);

	for (size_t i = 0; i < n; i++)
		compile(l, where, strings[i], &texts[i]);
	return texts;
}

/* What report and plan merge must have the form that they can merge. */
static void check_form(
	struct loader *l, const json *where, enum remedy_kind kind, const char *text)
{
	size_t n = 0;
	char **words =
		kind == REMEDY_CMDLINE ? text_split(l->arena, text, " ", &n) : NULL;

	for (size_t i = 0; i < n; i++)
		if (!strchr("+-{", *words[i]))
			load_error_json(l, where,
				"\"%s\": a word of \"cmdline\" begins with "
				"+ or -",
				words[i]);
	if (kind == REMEDY_EDIT && !strstr(text, ": "))
		load_error_json(l, where, "an edit is \"FILE: the line\"");
}

static void load_step(struct loader *l, const json *j, struct remedy *r)
{
	struct remedy_step step;
	const char *name = json_key(j), **strings;

	if (!remedy_kind_by_name(name, &step.kind)) {
		const char *kinds[N_REMEDY_KINDS];

		for (size_t k = 0; k < N_REMEDY_KINDS; k++)
			kinds[k] = remedy_kind_name((enum remedy_kind)k);
		load_error_json(l, j, "unknown kind of remedy \"%s\"%s", name,
			load_did_you_mean(l, name, kinds, N_REMEDY_KINDS));
		return;
	}
	if (!load_strings(l, j, &strings, &step.n))
		return;
	for (size_t i = 0; i < step.n; i++)
		check_form(l, j, step.kind, strings[i]);
	step.texts = load_texts(l, j, strings, step.n);
	*arena_push(l->arena, r->steps, r->n) = step;
}

void load_remedies(struct loader *l, const json *j)
{
	struct remedy *remedies = NULL;
	size_t n = 0;

	if (json_type(j) != JSON_ARRAY || !json_first(j)) {
		load_error_json(l, j, "\"remedy\" is a list of alternatives");
		return;
	}
	json_each (alternative, j) {
		struct remedy *r = arena_push(l->arena, remedies, n);

		if (json_type(alternative) != JSON_OBJECT) {
			load_error_json(l, alternative, "a remedy is an object");
			continue;
		}
		json_each (member, alternative) {
			if (text_equal(json_key(member), "when"))
				r->when = load_condition(l, member, true);
			else
				load_step(l, member, r);
		}
		if (!r->n)
			load_error_json(l, alternative, "this remedy has nothing to do");
	}
	l->rule->remedies = remedies;
	l->rule->n_remedies = n;
}
