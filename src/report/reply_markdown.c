// SPDX-License-Identifier: GPL-2.0-or-later
// An answer as CommonMark, for most forums and trackers.
#include "report/cmarktree.h"
#include "report/reply.h"

static void add_block(struct doc *d, const struct reply_block *b)
{
	if (b->kind == REPLY_QUOTE || b->kind == REPLY_TYPE)
		doc_code(d, b->text);
	else
		doc_prose(d, b->label, b->kind == REPLY_VERDICT, b->text);
}

void reply_markdown(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct reply *r = reply_new(j);
	struct doc *d = doc_new();

	(void)options;
	for (size_t i = 0; i < r->n; i++)
		add_block(d, &r->v[i]);
	fputs(doc_commonmark(d, r->model->arena), out);
	doc_free(d);
	reply_free(r);
}
