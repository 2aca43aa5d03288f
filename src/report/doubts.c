// SPDX-License-Identifier: GPL-2.0-or-later
// What a quoted symptom may come from, where no finding explains it.
#include "base/text.h"
#include "report/model_parts.h"

static void add_rule(struct report_model *m, const struct rule ***list, size_t *n,
	const struct rule *rule)
{
	for (size_t i = 0; i < *n; i++)
		if ((*list)[i] == rule)
			return;
	*arena_push(m->arena, *list, *n) = rule;
}

static void add_remedy(struct report_model *m, struct doubts *d, const char *remedy)
{
	if (remedy && !text_is_among(remedy, d->tell, d->n_tell))
		*arena_push(m->arena, d->tell, d->n_tell) = remedy;
}

static void add_open(struct report_model *m, struct doubts *d, const struct suspect *s)
{
	const struct snapshot *snap = m->j->facts->snap;

	add_rule(m, &d->open, &d->n_open, s->rule);
	for (unsigned i = 0; i < N_SOURCES; i++)
		if (s->missing >> i & 1 &&
			snapshot_status(snap, (enum source)i) != STATUS_OK)
			add_remedy(m, d, model_source_remedy(m, (enum source)i));
}

struct doubts model_doubts(
	struct report_model *m, const struct finding *const *findings, size_t n)
{
	struct doubts d = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < findings[i]->n_suspects; k++)
			if (findings[i]->suspects[k].verdict == VERDICT_UNKNOWN)
				add_open(m, &d, &findings[i]->suspects[k]);
	/* Of several messages one may leave open what another rules out. */
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < findings[i]->n_suspects; k++) {
			const struct suspect *s = &findings[i]->suspects[k];
			bool open = s->verdict >= VERDICT_UNKNOWN;

			for (size_t o = 0; o < d.n_open && !open; o++)
				open = d.open[o] == s->rule;
			if (!open)
				add_rule(m, &d.ruled_out, &d.n_ruled_out, s->rule);
		}
	return d;
}
