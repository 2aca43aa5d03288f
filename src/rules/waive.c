// SPDX-License-Identifier: GPL-2.0-or-later
// Waivers: findings that the owner of a machine decided to live with.
#include "base/text.h"
#include "rules/engine.h"

static bool fits(const struct waiver *w, const struct finding *f)
{
	if (!text_equal(w->rule, f->rule->id))
		return false;
	return !w->subject || (f->subject && text_equal(w->subject, f->subject->key));
}

void judgement_waive(struct judgement *j, const struct waivers *waivers)
{
	j->waivers = waivers;
	j->n_waived = arena_alloc(j->arena, (waivers->n + 1) * sizeof *j->n_waived);
	for (size_t i = 0; i < j->n; i++) {
		struct finding *f = &j->findings[i];

		if (f->verdict < VERDICT_UNKNOWN)
			continue;
		for (size_t k = 0; k < waivers->n && !f->waived; k++) {
			if (!fits(&waivers->v[k], f))
				continue;
			f->waived = &waivers->v[k];
			j->n_waived[k]++;
		}
		if (f->waived && f->severity > SEVERITY_NOTE)
			f->severity = SEVERITY_NOTE;
	}
}

/* The waived finding that F follows from; NULL if there is none. */
static const struct finding *waived_above(const struct finding *f)
{
	for (size_t i = 0; i < f->n_follows; i++)
		if (f->follows[i]->waived)
			return f->follows[i];
	return NULL;
}

static void make_note(struct judgement *j, struct folding *folding, struct finding *f)
{
	f->severity = SEVERITY_NOTE;
	folding->row_severity[f - j->findings] = SEVERITY_NOTE;
}

/* Does a blocker that nobody waived follow from F, directly or not? */
static bool carries_blocker(const struct judgement *j, const struct finding *f)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct finding *other = &j->findings[i];

		if (other->waived || other->rule->severity < SEVERITY_BLOCKER ||
			other->verdict < VERDICT_UNKNOWN)
			continue;
		for (size_t k = 0; k < other->n_follows; k++)
			if (other->follows[k] == f)
				return true;
	}
	return false;
}

void judgement_waive_effects(struct judgement *j, struct folding *folding)
{
	for (size_t i = 0; i < j->n; i++) {
		struct finding *f = &j->findings[i];
		const struct finding *above = waived_above(f);

		if (above && !f->waived && f->rule->severity < SEVERITY_BLOCKER) {
			f->waived = above->waived;
			make_note(j, folding, f);
		}
	}
	for (size_t i = 0; i < j->n; i++)
		if (j->findings[i].waived && !carries_blocker(j, &j->findings[i]))
			make_note(j, folding, &j->findings[i]);
}
