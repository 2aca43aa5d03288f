// SPDX-License-Identifier: GPL-2.0-or-later
// Texts of rules filled with values.
#include "rules/text.h"

#include <inttypes.h>

#include "base/text.h"

enum { LIST_SHOWN = 4 };

/* Text from outside may hold line feeds (a record of the log, a joined line): in a message
 * they would forge lines, in a command they would be one more command. */
static void add_value(struct strbuf *out, const char *value)
{
	size_t start = out->len;

	strbuf_add(out, value);
	for (size_t i = start; i < out->len; i++)
		if (out->s[i] == '\n' || out->s[i] == '\t')
			out->s[i] = ' ';
}

static void add_list(
	const char *const *values, size_t n, enum fill how, struct strbuf *out)
{
	size_t shown = how == FILL_COMMAND || n <= LIST_SHOWN ? n : LIST_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		if (i)
			strbuf_add(out, how == FILL_COMMAND ? " " : ", ");
		add_value(out, values[i]);
	}
	if (shown < n)
		strbuf_addf(out, " and %zu more", n - shown);
}

static void add_functions(const struct fact *v, struct strbuf *out)
{
	size_t n = v->type == FACT_DEV ? 1 : v->n;

	for (size_t i = 0; i < n; i++) {
		/* The example of a rule knows functions by what is printed only. */
		const struct fn *fn = v->devs ? v->devs[i] : NULL;
		const char *printed = v->type == FACT_DEV ? v->text : v->list[i];

		if (i)
			strbuf_add_char(out, ' ');
		add_value(out, fn ? fn->addr : printed);
	}
}

/* A bare address is short in prose, as people say it. */
static void add_address(const struct fact *v, struct strbuf *out)
{
	const struct fn *fn = v->devs ? v->devs[0] : NULL;

	add_value(out, fn && text_equal(v->text, fn->addr) ? fn->short_addr : v->text);
}

static bool add_fact(const struct fact *v, enum fill how, struct strbuf *out)
{
	if (v->state != FACT_VALUE)
		return false;
	switch (v->type) {
	case FACT_BOOL:
		strbuf_add(out, v->b ? "yes" : "no");
		return true;
	case FACT_INT:
		strbuf_addf(out, "%" PRId64, v->i);
		return true;
	case FACT_DEV:
		if (how == FILL_COMMAND)
			add_functions(v, out);
		else
			add_address(v, out);
		return true;
	case FACT_TEXT:
		add_value(out, v->text);
		return true;
	case FACT_DEVS:
		if (how == FILL_COMMAND) {
			add_functions(v, out);
			return v->n > 0;
		}
		break;
	default:
		break;
	}
	add_list(v->list, v->n, how, out);
	return v->n > 0;
}

const char *fact_in_words(struct arena *a, const struct fact *v)
{
	struct strbuf out = { 0 };
	bool any = add_fact(v, FILL_PROSE, &out);
	const char *text = any ? arena_strndup(a, strbuf_text(&out), out.len) : NULL;

	strbuf_free(&out);
	return text;
}

static bool add_hole(struct evaluation *e, const struct text_piece *piece, enum fill how,
	struct strbuf *out)
{
	const struct subject *s =
		e->subject ? e->subject : e->facts->scopes[SCOPE_HOST].v[0];

	if (piece->row) {
		/* Subjects that could not be listed: only the machine has facts. */
		if (!e->subject && piece->link != LINK_HOST)
			return false;
		return add_fact(fact_get(e->facts, s, piece->row, piece->link), how, out);
	}
	for (size_t i = 0; i < e->n_bindings; i++) {
		const struct binding *b = &e->bindings[i];

		if (!text_equal(b->name, piece->hole))
			continue;
		add_list(b->values, b->n, how, out);
		return b->n > 0;
	}
	return false;
}

/* Is it the name behind an address that is there? "04:00.1 ?" would help nobody. */
static bool is_spare_name(const struct evaluation *e, const struct text_piece *piece,
	const struct strbuf *out)
{
	return e->subject && piece->row && text_equal(piece->row->name, "name") &&
		out->len && out->s[out->len - 1] == ' ';
}

/* INSTEAD: printed for a hole without value; NULL: give up there. */
static bool fill(struct evaluation *e, const struct text *t, enum fill how,
	const char *instead, struct strbuf *out)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct text_piece *piece = &t->pieces[i];

		if (piece->literal)
			strbuf_add(out, piece->literal);
		else if (add_hole(e, piece, how, out))
			continue;
		else if (instead && is_spare_name(e, piece, out))
			strbuf_truncate(out, out->len - 1);
		else if (instead)
			strbuf_add(out, instead);
		else
			return false;
	}
	return true;
}

bool text_fill(
	struct evaluation *e, const struct text *t, enum fill how, struct strbuf *out)
{
	size_t before = out->len;

	if (fill(e, t, how, NULL, out))
		return true;
	strbuf_truncate(out, before);
	return false;
}

static void add_others(
	struct evaluation *e, const struct text *texts, size_t n, struct strbuf *out)
{
	for (size_t i = 0; i < n; i++) {
		size_t before = out->len;

		if (before)
			strbuf_add(out, "; ");
		if (!text_fill(e, &texts[i], FILL_PROSE, out))
			strbuf_truncate(out, before);
	}
}

const char *text_say(struct evaluation *e, const struct text *texts, size_t n)
{
	struct strbuf out = { 0 };

	fill(e, &texts[0], FILL_PROSE, "?", &out);
	add_others(e, texts + 1, n - 1, &out);
	return strbuf_finish(&out, e->arena);
}

const char *text_ok(struct evaluation *e, const struct text *texts, size_t n)
{
	struct strbuf out = { 0 };

	if (n == 0)
		return "";
	add_others(e, texts, n, &out);
	return strbuf_finish(&out, e->arena);
}
