// SPDX-License-Identifier: GPL-2.0-or-later
// A symptom and its possible causes: which of them this machine has, or may have.
#include "base/text.h"
#include "rules/engine.h"

/* Working state: the functions of the symptom in hand are marked. */
struct inquiry {
	struct judgement *j;
	const struct folding *folding;
	struct marks marks;
};

static bool is_related(
	const struct inquiry *q, const struct finding *symptom, const struct finding *f)
{
	return finding_is_host_wide(symptom) || finding_is_host_wide(f) ||
		marks_any(&q->marks, f->subject->fns, f->subject->n_fns);
}

/* Nothing was judged that the symptom is about: it names a device that is not listed, or
 * nobody knows which device is to be handed over. */
static bool is_unasked(
	const struct inquiry *q, const struct finding *symptom, size_t rule)
{
	enum scope scope = q->j->rules->rules[rule]->scope;

	return scope == SCOPE_TARGET || scope == SCOPE_SET ||
		(q->folding->count[rule] && !symptom->subject->n_fns);
}

static struct suspect ask(
	const struct inquiry *q, const struct finding *symptom, size_t rule)
{
	const struct finding *f = &q->j->findings[q->folding->first[rule]];
	struct suspect s = { .rule = q->j->rules->rules[rule], .verdict = VERDICT_NA };
	bool asked = false;

	for (size_t i = 0; i < q->folding->count[rule]; i++, f++) {
		if (!is_related(q, symptom, f))
			continue;
		asked = true;
		if (f->verdict > s.verdict)
			s.verdict = f->verdict;
		if (f->verdict == VERDICT_UNKNOWN)
			s.missing |= f->missing;
	}
	if (!asked && is_unasked(q, symptom, rule)) {
		s.verdict = VERDICT_UNKNOWN;
		s.missing = 1u << SOURCE_PCI;
	}
	if (s.verdict != VERDICT_UNKNOWN)
		s.missing = 0;
	return s;
}

static void inquire(struct inquiry *q, struct finding *symptom)
{
	const struct rule *r = symptom->rule;
	const struct rule_set *set = q->j->rules;

	marks_clear(&q->marks);
	if (symptom->subject)
		marks_add(&q->marks, symptom->subject->fns, symptom->subject->n_fns);
	symptom->suspects =
		arena_alloc(q->j->arena, (r->n_causes + 1) * sizeof *symptom->suspects);
	for (size_t k = 0; k < r->n_causes; k++)
		for (size_t i = 0; i < set->n; i++)
			if (text_equal(set->rules[i]->id, r->causes[k]))
				symptom->suspects[symptom->n_suspects++] =
					ask(q, symptom, i);
}

void judgement_suspect(struct judgement *j, const struct folding *folding)
{
	struct inquiry q = { .j = j, .folding = folding };

	marks_init(&q.marks, j->arena, j->facts);
	for (size_t i = 0; i < j->n; i++)
		if (j->findings[i].verdict == VERDICT_FAIL && j->findings[i].subject &&
			j->findings[i].rule->n_causes)
			inquire(&q, &j->findings[i]);
}
