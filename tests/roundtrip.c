// SPDX-License-Identifier: GPL-2.0-or-later
// Reads CommonMark from stdin, renders it again: a sound document comes back unchanged.
#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	char buf[4096];
	size_t n;

	while ((n = fread(buf, 1, sizeof buf, stdin)) > 0)
		cmark_parser_feed(parser, buf, n);
	cmark_node *document = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	char *text = cmark_render_commonmark(document, CMARK_OPT_DEFAULT, 0);
	fputs(text, stdout);
	free(text);
	cmark_node_free(document);
	return 0;
}
