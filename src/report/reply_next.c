// SPDX-License-Identifier: GPL-2.0-or-later
// The end of an answer: the one command whose output would settle most.
#include "report/reply_parts.h"

#include "base/text.h"
#include "report/ask.h"

static const char *lead(const struct reply *r, enum stance stance)
{
	if (r->has_fix)
		return "if it still fails after that, post the output of this:";
	if (stance == STANCE_FINE)
		return "if it fails all the same, post the output of this:";
	return "post the output of this:";
}

/* A snapshot of the program itself: what it could not read, somebody else may. */
static void tell_remedy(struct reply *r)
{
	const struct report_model *m = r->model;

	for (size_t i = 0; i < m->n_unseen; i++)
		if (m->unseen[i].decides && m->unseen[i].remedy) {
			reply_add(r, REPLY_SAY, "Next",
				arena_printf(m->arena, "%s.", m->unseen[i].remedy));
			return;
		}
}

void reply_tell_next(struct reply *r, enum stance stance)
{
	const struct ask *ask = ask_choose(r->model->j);

	if (!reply_is_of_paste(r->model)) {
		tell_remedy(r);
		return;
	}
	if (ask) {
		reply_add(r, REPLY_SAY, "Next", lead(r, stance));
		reply_add(r, REPLY_TYPE, NULL, ask->command);
		reply_add(r, REPLY_SAY, NULL,
			arena_printf(r->model->arena, "It shows %s.%s%s", ask->shows,
				ask->hint ? " " : "", ask->hint ? ask->hint : ""));
	}
	reply_add(r, REPLY_SAY, ask ? NULL : "Next",
		ask ? "All of it at once, if vfio-doctor can be installed there:"
		    : "what is still open is judged on the machine itself:");
	reply_add(r, REPLY_TYPE, NULL, "sudo vfio-doctor");
}
