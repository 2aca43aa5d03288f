// SPDX-License-Identifier: GPL-2.0-or-later
// An answer for a terminal.
#include <assert.h>
#include <string.h>

#include "base/columns.h"
#include "report/page.h"
#include "report/reply.h"

enum { MARGIN = 4 }; /* of what is quoted or typed */

/* A sentence in one tone, wrapped. */
static void put_verdict(const struct page *p, const struct reply_block *b)
{
	struct strbuf text = { 0 };

	text_wrap(&text, b->text, 0, 0, p->width);
	if (text.len)
		strbuf_truncate(&text, text.len - 1);
	paint(p->out, p->colour, b->tone, strbuf_text(&text));
	strbuf_add_char(p->out, '\n');
	strbuf_free(&text);
}

static void put_sentence(const struct page *p, const struct reply_block *b)
{
	size_t width = b->label ? text_width(b->label) + 2 : 0;

	if (b->label) {
		paint(p->out, p->colour, TONE_STRONG, b->label);
		strbuf_add(p->out, *b->text ? ": " : ":\n");
		if (!*b->text)
			return;
	}
	text_wrap(p->out, b->text, width, 0, p->width);
}

/* Lines of a log are long: they go on deeper. */
static void put_quote(const struct page *p, const char *text)
{
	for (const char *at = text; *at;) {
		size_t n = strcspn(at, "\n");
		struct strbuf line = { 0 };

		strbuf_add_mem(&line, at, n);
		strbuf_repeat(p->out, ' ', MARGIN);
		text_wrap(p->out, strbuf_text(&line), MARGIN, MARGIN + 2, p->width);
		strbuf_free(&line);
		at += n + (at[n] == '\n');
	}
}

static void put_block(const struct page *p, const struct reply_block *b)
{
	if (b->kind == REPLY_VERDICT)
		put_verdict(p, b);
	else if (b->kind == REPLY_SAY)
		put_sentence(p, b);
	else if (b->kind == REPLY_QUOTE)
		put_quote(p, b->text);
	else
		page_typed(p, MARGIN, b->text);
}

void reply_text(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct reply *r = reply_new(j);
	struct strbuf b = { 0 };
	struct page page = {
		.out = &b, .width = page_width(options), .colour = options->colour
	};

	for (size_t i = 0; i < r->n; i++) {
		/* What belongs together stands together. */
		if (i && r->v[i].label)
			strbuf_add_char(&b, '\n');
		put_block(&page, &r->v[i]);
	}
	/* Escape sequences come from paint() and from nowhere else. */
	assert(options->colour || text_is_clean(strbuf_text(&b), b.len));
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
	reply_free(r);
}
