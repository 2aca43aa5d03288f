// SPDX-License-Identifier: GPL-2.0-or-later
// Judging: one finding for each rule and subject.
#include "rules/engine.h"

#include "rules/cond.h"
#include "rules/remedy.h"
#include "rules/text.h"

/* broken = when AND (forbid OR NOT require) */
static enum verdict judge_rule(struct evaluation *e, const struct rule *r)
{
	enum tri when = r->when ? condition_judge(e, r->when, false) : TRI_TRUE;
	enum tri broken;

	if (when == TRI_FALSE)
		return VERDICT_NA;
	broken = r->forbid ? condition_judge(e, r->forbid, true)
			   : tri_not(condition_judge(e, r->require, true));
	switch (tri_and(when, broken)) {
	case TRI_TRUE:
		return VERDICT_FAIL;
	case TRI_UNKNOWN:
		return VERDICT_UNKNOWN;
	default:
		/* Another message is no good news about this one's. */
		return when == TRI_TRUE && r->scope != SCOPE_MESSAGE ? VERDICT_PASS
								     : VERDICT_NA;
	}
}

void finding_judge(struct facts *f, struct arena *a, const struct rule *rule,
	const struct subject *subject, uint32_t missing, struct finding *ret)
{
	struct evaluation e = { .facts = f, .arena = a, .subject = subject };

	*ret = (struct finding){
		.rule = rule,
		.subject = subject,
		.severity = rule->severity,
		.message = "",
	};
	ret->verdict = subject ? judge_rule(&e, rule) : VERDICT_UNKNOWN;
	if (ret->verdict == VERDICT_NA)
		return;
	if (ret->verdict == VERDICT_UNKNOWN)
		ret->missing = e.missing | missing;
	if (ret->verdict == VERDICT_PASS)
		ret->message = text_ok(&e, rule->ok_texts, rule->n_ok);
	else
		ret->message = text_say(&e, rule->say_texts, rule->n_say);
	if (ret->verdict == VERDICT_FAIL)
		remedy_choose(&e, rule, ret);
	ret->evidence = evaluation_evidence(&e);
}

/* A cause of nothing but quoted messages. */
static bool is_of_messages(const struct rule_set *set, const struct rule *rule)
{
	for (size_t i = 0; i < rule->n_explains; i++)
		if (rule_find(set, rule->explains[i])->scope != SCOPE_MESSAGE)
			return false;
	return rule->severity == SEVERITY_CAUSE;
}

/* Where nobody quoted a message nobody asks for its causes either. */
static const struct subject_list *subjects_of(
	const struct judgement *j, const struct rule *rule)
{
	static const struct subject_list none = { .listed = TRI_TRUE };

	if (!j->facts->scopes[SCOPE_MESSAGE].n && is_of_messages(j->rules, rule))
		return &none;
	return &j->facts->scopes[rule->scope];
}

static void judge_all(struct judgement *j)
{
	struct finding *next;

	for (size_t i = 0; i < j->rules->n; i++) {
		const struct subject_list *list = subjects_of(j, j->rules->rules[i]);

		j->n += list->n + (list->listed != TRI_TRUE);
	}
	next = j->findings = arena_alloc(j->arena, (j->n + 1) * sizeof *j->findings);
	for (size_t i = 0; i < j->rules->n; i++) {
		const struct rule *rule = j->rules->rules[i];
		const struct subject_list *list = subjects_of(j, rule);

		for (size_t k = 0; k < list->n; k++)
			finding_judge(j->facts, j->arena, rule, list->v[k], 0, next++);
		if (list->listed != TRI_TRUE)
			finding_judge(
				j->facts, j->arena, rule, NULL, list->missing, next++);
	}
}

struct judgement *judge_with(
	struct facts *f, const struct rule_set *rules, const struct waivers *waivers)
{
	struct arena *a = arena_new();
	struct judgement *j = arena_new_object(a, struct judgement);
	struct folding folding = { 0 };

	j->arena = a;
	j->facts = f;
	j->rules = rules;
	judge_all(j);
	if (waivers)
		judgement_waive(j, waivers);
	judgement_fold(j, &folding);
	if (waivers)
		judgement_waive_effects(j, &folding);
	judgement_suspect(j, &folding);
	judgement_conclude(j, &folding);
	judgement_checklist(j, &folding);
	return j;
}

struct judgement *judge(struct facts *f, const struct rule_set *rules)
{
	return judge_with(f, rules, NULL);
}

void judgement_free(struct judgement *j)
{
	if (j)
		arena_free(j->arena);
}
