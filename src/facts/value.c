// SPDX-License-Identifier: GPL-2.0-or-later
// Filling the value of a fact.
#include <assert.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/facts.h"

void fact_set_none(struct fact *out)
{
	assert(out->type != FACT_BOOL);
	out->state = FACT_NONE;
}

void fact_set_bool(struct fact *out, bool b)
{
	assert(out->type == FACT_BOOL);
	out->state = FACT_VALUE;
	out->b = b;
}

void fact_set_int(struct fact *out, int64_t i)
{
	assert(out->type == FACT_INT);
	out->state = FACT_VALUE;
	out->i = i;
}

void fact_set_text(struct fact *out, const char *text)
{
	assert(out->type == FACT_TEXT);
	out->state = text ? FACT_VALUE : FACT_NONE;
	out->text = text;
}

void fact_set_list(struct fact *out)
{
	assert(out->type == FACT_LIST || out->type == FACT_DEVS);
	out->state = FACT_VALUE;
}

void fact_add_text(struct facts *f, struct fact *out, const char *text)
{
	assert(out->type == FACT_LIST);
	out->state = FACT_VALUE;
	*arena_push(f->arena, out->list, out->n) = text;
}

void fact_add_text_once(struct facts *f, struct fact *out, const char *text)
{
	if (!text_is_among(text, out->list, out->n))
		fact_add_text(f, out, text);
}

void fact_add_dev(struct facts *f, struct fact *out, const struct fn *fn)
{
	/* Each of n functions may have a list of the n others */
	enum { MOST_DEVS = 1024 };
	size_t n = out->n;

	assert(out->type == FACT_DEVS);
	out->state = FACT_VALUE;
	if (n == MOST_DEVS) {
		out->open = true;
		return;
	}
	*arena_push(f->arena, out->devs, n) = fn;
	*arena_push(f->arena, out->list, out->n) = fn_describe(f, fn);
}

void fact_set_dev(struct facts *f, struct fact *out, const struct fn *fn)
{
	assert(out->type == FACT_DEV);
	out->state = fn ? FACT_VALUE : FACT_NONE;
	if (!fn)
		return;
	out->text = fn_describe(f, fn);
	out->n = 0;
	*arena_push(f->arena, out->devs, out->n) = fn;
}

void fact_seen(struct facts *f, struct fact *out, const char *source, const char *text)
{
	struct origin *origin = arena_new_object(f->arena, struct origin), **end;

	*origin = (struct origin){ .source = source, .text = text };
	for (end = &out->origins; *end; end = &(*end)->next)
		;
	*end = origin;
}
