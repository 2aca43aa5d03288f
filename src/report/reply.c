// SPDX-License-Identifier: GPL-2.0-or-later
// What a helper answers in a forum: verdict, cause, what to do, what to post next.
#include "report/reply.h"

#include "base/text.h"
#include "report/reply_parts.h"

void reply_add(struct reply *r, enum reply_kind kind, const char *label, const char *text)
{
	struct arena *a = r->model->arena;

	*arena_push(a, r->v, r->n) = (struct reply_block){
		.kind = kind, .label = label, .text = arena_strdup(a, text)
	};
}

struct reply *reply_new(const struct judgement *j)
{
	struct report_model *m = model_new(j);
	struct reply *r = arena_new_object(m->arena, struct reply);

	r->model = m;
	for (size_t i = 0; i < m->n_problems; i++)
		if (m->problems[i].rule->scope != SCOPE_MESSAGE)
			*arena_push(m->arena, r->problems, r->n_problems) =
				&m->problems[i];
	enum stance stance = reply_tell_verdict(r);
	reply_tell_causes(r, stance);
	reply_tell_next(r, stance);
	return r;
}

void reply_free(struct reply *r)
{
	if (r)
		model_free(r->model);
}

report_function *reply_writer(const char *format)
{
	static const struct {
		const char *name;
		report_function *write;
	} writers[] = { { "text", reply_text }, { "markdown", reply_markdown },
		{ "bbcode", reply_bbcode } };

	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
		if (text_equal(writers[i].name, format))
			return writers[i].write;
	return NULL;
}
