// SPDX-License-Identifier: GPL-2.0-or-later
// An answer in BBCode, for forums that know no Markdown.
#include <string.h>
#include <strings.h>

#include "report/reply.h"

/*
 * BBCode has no escape that all forums know. In a [code] box only the tag itself counts: it
 * gets a blank. No page defines a tag with one: https://www.bbcode.org/reference.php
 */
static void add_code(struct strbuf *out, const char *text)
{
	strbuf_add(out, "[code]\n");
	for (const char *at = text; *at; at++) {
		const char *name = at[1] == '/' ? at + 2 : at + 1;

		strbuf_add_char(out, *at);
		if (*at == '[' && strncasecmp(name, "code", 4) == 0)
			strbuf_add_char(out, ' ');
	}
	if (out->s[out->len - 1] != '\n')
		strbuf_add_char(out, '\n');
	strbuf_add(out, "[/code]\n");
}

/* In a sentence brackets become round, and what a forum would make a link or a mention of
 * loses its joint. */
static void add_prose(struct strbuf *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '[')
			strbuf_add_char(out, '(');
		else if (*at == ']')
			strbuf_add_char(out, ')');
		else
			strbuf_add_char(out, *at);
		if (*at == '@' || (*at == ':' && at[1] == '/') ||
			(*at == '.' && at - text >= 3 &&
				strncasecmp(at - 3, "www", 3) == 0))
			strbuf_add_char(out, ' ');
	}
}

static void add_bold(struct strbuf *out, const char *text)
{
	strbuf_add(out, "[b]");
	add_prose(out, text);
	strbuf_add(out, "[/b]");
}

static void add_block(struct strbuf *out, const struct reply_block *b)
{
	if (b->kind == REPLY_QUOTE || b->kind == REPLY_TYPE) {
		add_code(out, b->text);
		return;
	}
	if (b->kind == REPLY_VERDICT)
		add_bold(out, b->text);
	else if (b->label)
		add_bold(out, b->label);
	if (b->kind == REPLY_SAY) {
		strbuf_add(out, !b->label ? "" : *b->text ? ": " : ":");
		add_prose(out, b->text);
	}
	strbuf_add_char(out, '\n');
}

void reply_bbcode(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct reply *r = reply_new(j);
	struct strbuf b = { 0 };

	(void)options;
	for (size_t i = 0; i < r->n; i++) {
		if (i && r->v[i].label)
			strbuf_add_char(&b, '\n');
		add_block(&b, &r->v[i]);
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
	reply_free(r);
}
