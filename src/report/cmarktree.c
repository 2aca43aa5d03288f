// SPDX-License-Identifier: GPL-2.0-or-later
// Documents as trees of libcmark: built for reports, read for `explain`.
#include "report/cmarktree.h"

#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/prose.h"

struct doc {
	cmark_node *root;
	struct arena *arena;
};

static cmark_node *checked(cmark_node *node)
{
	if (!node) {
		fputs("vfio-doctor: out of memory\n", stderr);
		exit(70);
	}
	return node;
}

struct doc *doc_new(void)
{
	struct arena *a = arena_new();
	struct doc *d = arena_new_object(a, struct doc);

	d->arena = a;
	d->root = checked(cmark_node_new(CMARK_NODE_DOCUMENT));
	return d;
}

void doc_free(struct doc *d)
{
	if (!d)
		return;
	cmark_node_free(d->root);
	arena_free(d->arena);
}

/* Clean, on one line, without blanks at its ends or two in a row: an inline node that
 * begins or ends with a blank does not come back as it went. */
static const char *one_line(struct arena *a, const char *text)
{
	const char *clean = text_clean(a, text, strlen(text));
	size_t n;
	char **words = text_split(a, clean, " \t\n\r", &n);
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i ? " " : "", words[i]);
	return strbuf_finish(&b, a);
}

static cmark_node *add_child(
	cmark_node *parent, cmark_node_type type, const char *literal)
{
	cmark_node *node = checked(cmark_node_new(type));

	if (literal)
		cmark_node_set_literal(node, literal);
	cmark_node_append_child(parent, node);
	return node;
}

static void add_run(struct doc *d, cmark_node *parent, const struct run *run)
{
	const char *text = one_line(d->arena, run->text);

	if (!*text)
		return;
	if (cmark_node_first_child(parent))
		add_child(parent, CMARK_NODE_TEXT, " ");
	if (run->kind == RUN_CODE)
		add_child(parent, CMARK_NODE_CODE, text);
	else if (run->kind == RUN_STRONG)
		add_child(add_child(parent, CMARK_NODE_STRONG, NULL), CMARK_NODE_TEXT,
			text);
	else
		add_child(parent, CMARK_NODE_TEXT, text);
}

void doc_heading(struct doc *d, int level, const char *text)
{
	cmark_node *node = add_child(d->root, CMARK_NODE_HEADING, NULL);

	cmark_node_set_heading_level(node, level);
	add_run(d, node, &(struct run){ RUN_TEXT, text });
}

void doc_paragraph(struct doc *d, const struct run *runs, size_t n)
{
	cmark_node *node = add_child(d->root, CMARK_NODE_PARAGRAPH, NULL);

	for (size_t i = 0; i < n; i++)
		add_run(d, node, &runs[i]);
	if (!cmark_node_first_child(node)) {
		cmark_node_unlink(node);
		cmark_node_free(node);
	}
}

/* Adds what was gathered as a text node, and empties it. */
static void flush_text(cmark_node *parent, struct strbuf *b)
{
	if (b->len)
		add_child(parent, CMARK_NODE_TEXT, strbuf_text(b));
	strbuf_truncate(b, 0);
}

void doc_prose(struct doc *d, const char *label, bool strong, const char *text)
{
	const char *at = one_line(d->arena, text);
	struct prose_piece piece;
	struct strbuf plain = { 0 };

	cmark_node *parent = add_child(d->root, CMARK_NODE_PARAGRAPH, NULL);
	if (label) {
		add_run(d, parent,
			&(struct run){
				RUN_STRONG, arena_printf(d->arena, "%s:", label) });
		strbuf_add(&plain, *at ? " " : "");
	} else if (strong) {
		parent = add_child(parent, CMARK_NODE_STRONG, NULL);
	}
	while (prose_next(&at, &piece)) {
		if (piece.technical) {
			flush_text(parent, &plain);
			add_child(parent, CMARK_NODE_CODE,
				arena_strndup(d->arena, piece.text, piece.n));
		} else {
			strbuf_add_mem(&plain, piece.text, piece.n);
		}
	}
	flush_text(parent, &plain);
	strbuf_free(&plain);
}

void doc_code(struct doc *d, const char *text)
{
	char *clean = text_clean(d->arena, text, strlen(text));
	size_t n = strlen(clean);

	while (n && (clean[n - 1] == '\n' || clean[n - 1] == ' '))
		n--;
	if (!n)
		return;
	/* With an info string the writer makes a fence; without, it would indent. */
	cmark_node *node = add_child(d->root, CMARK_NODE_CODE_BLOCK,
		arena_printf(d->arena, "%.*s\n", (int)n, clean));
	cmark_node_set_fence_info(node, "text");
}

static char *take(struct arena *a, char *text)
{
	char *copy = arena_strdup(a, text ? text : "");

	free(text);
	return copy;
}

char *doc_commonmark(const struct doc *d, struct arena *a)
{
	return take(a, cmark_render_commonmark(d->root, CMARK_OPT_DEFAULT, 0));
}

char *doc_html(const struct doc *d, struct arena *a)
{
	return take(a, cmark_render_html(d->root, CMARK_OPT_DEFAULT));
}

char *commonmark_again(struct arena *a, const char *source)
{
	cmark_node *root =
		checked(cmark_parse_document(source, strlen(source), CMARK_OPT_DEFAULT));
	char *text = take(a, cmark_render_commonmark(root, CMARK_OPT_DEFAULT, 0));

	cmark_node_free(root);
	return text;
}

/* Ends a link: its address, unless the text is the address. */
static void end_link(struct strbuf *b, cmark_node *node, size_t start)
{
	const char *url = cmark_node_get_url(node);

	if (url && *url && !text_equal(strbuf_text(b) + start, url))
		strbuf_addf(b, " <%s>", url);
}

static const char *flatten_inlines(struct arena *a, cmark_node *block)
{
	struct strbuf b = { 0 };
	size_t link_start = 0;
	cmark_iter *iter = cmark_iter_new(block);
	cmark_event_type event;

	strbuf_add(&b, "");
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		const char *literal = cmark_node_get_literal(node);

		switch (cmark_node_get_type(node)) {
		case CMARK_NODE_TEXT:
			strbuf_add(&b, literal);
			break;
		case CMARK_NODE_CODE:
			strbuf_addf(&b, "`%s`", literal);
			break;
		case CMARK_NODE_SOFTBREAK:
			strbuf_add_char(&b, ' ');
			break;
		case CMARK_NODE_LINEBREAK:
			strbuf_add_char(&b, '\n');
			break;
		case CMARK_NODE_LINK:
			if (event == CMARK_EVENT_ENTER)
				link_start = b.len;
			else
				end_link(&b, node, link_start);
			break;
		default:
			break;
		}
	}
	cmark_iter_free(iter);
	return strbuf_finish(&b, a);
}

static const char *bullet_of(struct arena *a, cmark_node *item)
{
	cmark_node *list = cmark_node_parent(item);
	int number = cmark_node_get_list_start(list);

	if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
		return "-";
	for (cmark_node *p = cmark_node_previous(item); p; p = cmark_node_previous(p))
		number++;
	return arena_printf(a, "%d.", number);
}

static size_t list_depth(cmark_node *node)
{
	size_t depth = 0;

	for (; node; node = cmark_node_parent(node))
		depth += cmark_node_get_type(node) == CMARK_NODE_ITEM;
	return depth;
}

/* False if the node is no block that holds text. */
static bool read_block(struct arena *a, cmark_node *node, struct block *ret)
{
	cmark_node *parent = cmark_node_parent(node);

	*ret = (struct block){ .depth = list_depth(node), .info = "" };
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		ret->kind = BLOCK_HEADING;
		ret->level = cmark_node_get_heading_level(node);
		ret->text = flatten_inlines(a, node);
		break;
	case CMARK_NODE_PARAGRAPH:
		ret->kind = BLOCK_PARAGRAPH;
		ret->text = flatten_inlines(a, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		ret->kind = BLOCK_CODE;
		ret->text = arena_strdup(a, cmark_node_get_literal(node));
		ret->info = arena_strdup(a, cmark_node_get_fence_info(node));
		break;
	default:
		return false;
	}
	if (cmark_node_get_type(parent) == CMARK_NODE_ITEM && !cmark_node_previous(node))
		ret->bullet = bullet_of(a, parent);
	return true;
}

struct block *markdown_blocks(struct arena *a, const char *source, size_t *ret_n)
{
	cmark_node *root =
		checked(cmark_parse_document(source, strlen(source), CMARK_OPT_DEFAULT));
	cmark_iter *iter = cmark_iter_new(root);
	struct block *blocks = NULL, block;
	size_t n = 0;

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
			cmark_iter_get_node(iter) != root &&
			read_block(a, cmark_iter_get_node(iter), &block))
			*arena_push(a, blocks, n) = block;
	}
	cmark_iter_free(iter);
	cmark_node_free(root);
	*ret_n = n;
	return blocks;
}
