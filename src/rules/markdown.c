// SPDX-License-Identifier: GPL-2.0-or-later
// A rule file taken apart by libcmark.
#include "rules/markdown.h"

#include <cmark.h>

#include "base/text.h"

/* Text of a heading without its markup. */
static char *plain_text(struct arena *a, cmark_node *heading)
{
	struct strbuf b = { 0 };
	cmark_iter *i = cmark_iter_new(heading);
	cmark_event_type event;

	while ((event = cmark_iter_next(i)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(i);
		cmark_node_type type = cmark_node_get_type(node);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
			strbuf_add(&b, cmark_node_get_literal(node));
		else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			strbuf_add_char(&b, ' ');
	}
	cmark_iter_free(i);
	return strbuf_finish(&b, a);
}

/* Fences and links inside a block, at any depth. */
static void section_add_block(struct arena *a, struct md_section *s, cmark_node *block)
{
	cmark_iter *i = cmark_iter_new(block);
	cmark_event_type event;

	if (cmark_node_get_type(block) != CMARK_NODE_CODE_BLOCK)
		s->has_prose = true;
	while ((event = cmark_iter_next(i)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(i);
		cmark_node_type type = cmark_node_get_type(node);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_CODE_BLOCK) {
			struct md_fence *f = arena_push(a, s->fences, s->n_fences);

			f->info = arena_strdup(a, cmark_node_get_fence_info(node));
			f->text = arena_strdup(a, cmark_node_get_literal(node));
			f->line = (size_t)cmark_node_get_start_line(node) + 1;
		} else if (type == CMARK_NODE_LINK) {
			*arena_push(a, s->links, s->n_links) =
				arena_strdup(a, cmark_node_get_url(node));
		}
	}
	cmark_iter_free(i);
}

struct md_page markdown_split(struct arena *a, const char *text, size_t n)
{
	struct md_page page = { 0 };
	cmark_node *root = cmark_parse_document(text, n, CMARK_OPT_DEFAULT);
	struct md_section *s = arena_push(a, page.sections, page.n);

	*s = (struct md_section){ .title = "", .line = 1 };
	for (cmark_node *b = cmark_node_first_child(root); b; b = cmark_node_next(b)) {
		if (cmark_node_get_type(b) == CMARK_NODE_HEADING &&
			cmark_node_get_heading_level(b) <= 2) {
			s = arena_push(a, page.sections, page.n);
			s->title = plain_text(a, b);
			s->level = cmark_node_get_heading_level(b);
			s->line = (size_t)cmark_node_get_start_line(b);
		} else {
			section_add_block(a, s, b);
		}
	}
	cmark_node_free(root);
	return page;
}
