// SPDX-License-Identifier: GPL-2.0-or-later
// Which alternatives fit this system, and their texts.
#include "rules/remedy.h"

#include "rules/text.h"

/* What is read by a person may shorten a list; what is typed must be whole. */
static const enum fill fills[] = {
	[REMEDY_HARDWARE] = FILL_PROSE,
	[REMEDY_FIRMWARE] = FILL_PROSE,
	[REMEDY_EDIT] = FILL_COMMAND,
	[REMEDY_MODPROBE] = FILL_COMMAND,
	[REMEDY_CMDLINE] = FILL_COMMAND,
	[REMEDY_INITRAMFS] = FILL_COMMAND,
	[REMEDY_RUN] = FILL_COMMAND,
	[REMEDY_GUEST] = FILL_COMMAND,
};
_Static_assert(sizeof fills / sizeof fills[0] == N_REMEDY_KINDS, "a row a kind");

/* A cure is not offered while its guard is false; an undecided one does not hide it. */
static bool alternative_fits(struct evaluation *e, const struct remedy *r)
{
	struct evaluation guard = {
		.facts = e->facts,
		.arena = e->arena,
		.subject = e->subject,
	};

	return !r->when || condition_judge(&guard, r->when, false) != TRI_FALSE;
}

static bool fill_step(
	struct evaluation *e, const struct remedy_step *from, struct step *to)
{
	to->kind = from->kind;
	to->texts = arena_alloc(e->arena, from->n * sizeof *to->texts);
	to->n = from->n;
	for (size_t i = 0; i < from->n; i++) {
		struct strbuf out = { 0 };

		if (!text_fill(e, &from->texts[i], fills[from->kind], &out)) {
			strbuf_free(&out);
			return false;
		}
		to->texts[i] = strbuf_finish(&out, e->arena);
	}
	return true;
}

static bool fill_choice(struct evaluation *e, const struct remedy *r, struct choice *c)
{
	c->steps = arena_alloc(e->arena, r->n * sizeof *c->steps);
	c->n = r->n;
	for (size_t i = 0; i < r->n; i++)
		if (!fill_step(e, &r->steps[i], &c->steps[i]))
			return false;
	return true;
}

void remedy_choose(struct evaluation *e, const struct rule *rule, struct finding *finding)
{
	for (size_t i = 0; i < rule->n_remedies; i++) {
		struct choice c;

		if (alternative_fits(e, &rule->remedies[i]) &&
			fill_choice(e, &rule->remedies[i], &c))
			*arena_push(e->arena, finding->choices, finding->n_choices) = c;
	}
}
