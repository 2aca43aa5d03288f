// SPDX-License-Identifier: GPL-2.0-or-later
// Which finding follows from which: verdicts of causes, severities, roots.
#include "base/text.h"
#include "rules/engine.h"

/* Working state. Findings of one rule lie together; rules are named by index. */
struct fold {
	struct judgement *j;
	struct folding *out;
	struct marks marks;
	size_t **effects;  /* by rule: the rules that it explains, */
	size_t *n_effects; /* whichever of the two says so */
	size_t *order;     /* all rules, effects before what explains them */
	size_t n_ordered;
	bool *ordered;                 /* by rule */
	const struct finding **parent; /* by finding; NULL: a root */
	bool *has_children;            /* by finding */
};

static void find_ranges(struct fold *w)
{
	const struct judgement *j = w->j;
	size_t rule = 0;

	for (size_t i = 0; i < j->n; i++) {
		while (j->rules->rules[rule] != j->findings[i].rule)
			rule++;
		if (!w->out->count[rule]++)
			w->out->first[rule] = i;
	}
}

static size_t rule_index(const struct rule_set *set, const char *id)
{
	size_t i = 0;

	while (!text_equal(set->rules[i]->id, id))
		i++;
	return i;
}

static void add_effect(struct fold *w, size_t cause, size_t effect)
{
	for (size_t k = 0; k < w->n_effects[cause]; k++)
		if (w->effects[cause][k] == effect)
			return;
	*arena_push(w->j->arena, w->effects[cause], w->n_effects[cause]) = effect;
}

static void find_effects(struct fold *w)
{
	const struct rule_set *set = w->j->rules;

	for (size_t i = 0; i < set->n; i++) {
		const struct rule *r = set->rules[i];

		for (size_t k = 0; k < r->n_explains; k++)
			add_effect(w, i, rule_index(set, r->explains[k]));
		for (size_t k = 0; k < r->n_causes; k++)
			add_effect(w, rule_index(set, r->causes[k]), i);
	}
}

/* The loader has made sure that there is no circle. */
static void order_rule(struct fold *w, size_t rule)
{
	if (w->ordered[rule])
		return;
	w->ordered[rule] = true;
	for (size_t k = 0; k < w->n_effects[rule]; k++)
		order_rule(w, w->effects[rule][k]);
	w->order[w->n_ordered++] = rule;
}

static void add_explainer(
	struct fold *w, struct finding *effect, const struct finding *by)
{
	size_t i = (size_t)(effect - w->j->findings);

	*arena_push(w->j->arena, w->out->explainers[i], w->out->n_explainers[i]) = by;
}

/* What a finding explains, taken together. */
struct effects {
	enum tri any; /* does one of them fail? */
	enum severity failing, undecided;
	enum severity row_failing, row_undecided;
	uint32_t missing; /* sources that would decide the undecided ones */
};

static void worse(enum severity *s, enum severity than)
{
	if (*s < than)
		*s = than;
}

static void take_effect(
	const struct fold *w, const struct finding *effect, struct effects *sum)
{
	enum severity row = w->out->row_severity[effect - w->j->findings];

	if (effect->verdict == VERDICT_FAIL) {
		sum->any = TRI_TRUE;
		worse(&sum->failing, effect->severity);
		worse(&sum->row_failing, row);
	} else if (effect->verdict == VERDICT_UNKNOWN) {
		sum->any = tri_or(sum->any, TRI_UNKNOWN);
		sum->missing |= effect->missing;
		worse(&sum->undecided, effect->severity);
		worse(&sum->row_undecided, row);
	}
}

/* Over the failing and unknown findings that CAUSE, whose functions are marked, would
 * explain. With BY the effects learn who explains them, else they are summed up. */
static void walk_effects(struct fold *w, size_t rule, const struct finding *cause,
	struct effects *sum, const struct finding *by)
{
	bool everywhere = finding_is_host_wide(cause);

	for (size_t k = 0; k < w->n_effects[rule]; k++) {
		size_t effect_rule = w->effects[rule][k];
		struct finding *e = &w->j->findings[w->out->first[effect_rule]];

		for (size_t i = 0; i < w->out->count[effect_rule]; i++, e++) {
			if (e->verdict < VERDICT_UNKNOWN)
				continue;
			if (!everywhere && !finding_is_host_wide(e) &&
				!marks_any(&w->marks, e->subject->fns, e->subject->n_fns))
				continue;
			if (by)
				add_explainer(w, e, by);
			else
				take_effect(w, e, sum);
		}
	}
}

/* A cause is no surer than its effects: its own verdict AND that any of them fails. */
static void settle_cause(struct finding *f, const struct effects *sum)
{
	if (sum->any == TRI_FALSE) {
		f->verdict = VERDICT_NA;
		f->message = "";
		f->missing = 0;
	} else if (sum->any == TRI_UNKNOWN) {
		f->holds = f->verdict == VERDICT_FAIL;
		f->n_held_choices = f->holds ? f->n_choices : 0;
		f->verdict = VERDICT_UNKNOWN;
		f->missing |= sum->missing;
	}
	if (f->verdict != VERDICT_FAIL)
		f->n_choices = 0;
}

static void inherit(struct fold *w, struct finding *f, const struct effects *sum)
{
	enum severity *row = &w->out->row_severity[f - w->j->findings];

	if (f->verdict == VERDICT_FAIL) {
		worse(&f->severity, sum->failing);
		worse(row, sum->row_failing);
	} else if (f->rule->severity == SEVERITY_CAUSE && f->verdict == VERDICT_UNKNOWN) {
		worse(&f->severity, sum->failing);
		worse(&f->severity, sum->undecided);
		worse(row, sum->row_failing);
		worse(row, sum->row_undecided);
	}
}

static void fold_finding(struct fold *w, size_t rule, struct finding *f)
{
	struct effects sum = { .any = TRI_FALSE };

	if (f->verdict < VERDICT_UNKNOWN)
		return;
	marks_clear(&w->marks);
	if (f->subject)
		marks_add(&w->marks, f->subject->fns, f->subject->n_fns);
	walk_effects(w, rule, f, &sum, NULL);
	if (f->rule->severity == SEVERITY_CAUSE)
		settle_cause(f, &sum);
	inherit(w, f, &sum);
	if (f->verdict == VERDICT_FAIL)
		walk_effects(w, rule, f, NULL, f);
}

static bool is_question(const struct finding *f)
{
	return f->subject && f->subject->scope == SCOPE_MESSAGE;
}

/* A finding that touches no target is worth a note at most. What somebody quoted is what he
 * asks about, whatever it touches. */
static void judge_bearing(struct fold *w)
{
	struct judgement *j = w->j;

	marks_clear(&w->marks);
	for (size_t i = 0; i < j->facts->n_handovers; i++) {
		const struct handover *h = j->facts->handovers[i];

		marks_add(&w->marks, h->set->members, h->set->n);
		marks_add(&w->marks, &h->fn, 1);
	}
	for (size_t i = 0; i < j->n; i++) {
		struct finding *f = &j->findings[i];
		enum severity least =
			f->severity < SEVERITY_NOTE ? f->severity : SEVERITY_NOTE;

		f->bears = finding_is_host_wide(f) || is_question(f) ||
			marks_any(&w->marks, f->subject->fns, f->subject->n_fns);
		w->out->row_severity[i] = f->bears ? f->severity : least;
		if (!finding_is_host_wide(f) && !is_question(f) &&
			!(f->bears && j->facts->has_targets))
			f->severity = least;
	}
}

/* A rule with causes has them in its own order; what else explains it comes after. */
static size_t cause_place(const struct rule *effect, const struct rule *cause)
{
	size_t i = 0;

	while (i < effect->n_causes && !text_equal(effect->causes[i], cause->id))
		i++;
	return i;
}

static bool comes_before(
	const struct rule *effect, const struct finding *a, const struct finding *b)
{
	size_t x = cause_place(effect, a->rule), y = cause_place(effect, b->rule);

	return x != y ? x < y : a < b;
}

static void find_parents(struct fold *w)
{
	const struct judgement *j = w->j;

	for (size_t i = 0; i < j->n; i++) {
		const struct finding *first = NULL;

		for (size_t k = 0; k < w->out->n_explainers[i]; k++)
			if (!first ||
				comes_before(j->findings[i].rule,
					w->out->explainers[i][k], first))
				first = w->out->explainers[i][k];
		w->parent[i] = first;
		if (first)
			w->has_children[first - j->findings] = true;
	}
}

static const struct finding *root_of(const struct fold *w, const struct finding *f)
{
	const struct finding *parent;

	while ((parent = w->parent[f - w->j->findings]))
		f = parent;
	return f;
}

/* Root first, the direct parent last. */
static void write_follows(struct fold *w, struct finding *f)
{
	const struct finding *p;
	size_t n = 0;

	for (p = f; (p = w->parent[p - w->j->findings]);)
		n++;
	f->n_follows = n;
	f->follows = arena_alloc(w->j->arena, (n + 1) * sizeof *f->follows);
	for (p = f; (p = w->parent[p - w->j->findings]);)
		f->follows[--n] = p;
}

/* Only what has no weight of its own may go below a root that does not explain it: a
 * blocker that happens to explain the same effect remains a blocker by itself. Other
 * subjects of the root's rule stand beside it, under the same number. */
static bool may_be_also(
	const struct fold *w, const struct finding *f, const struct finding *root)
{
	size_t i = (size_t)(f - w->j->findings);

	return !f->also && !w->parent[i] && !w->has_children[i] &&
		f->rule != root->rule && f->rule->severity <= SEVERITY_NOTE;
}

static void fold_also(struct fold *w, size_t effect)
{
	const struct finding *root = root_of(w, &w->j->findings[effect]);

	for (size_t k = 0; k < w->out->n_explainers[effect]; k++) {
		struct finding *f =
			&w->j->findings[w->out->explainers[effect][k] - w->j->findings];

		if (!may_be_also(w, f, root))
			continue;
		f->also = true;
		f->follows = arena_alloc(w->j->arena, sizeof *f->follows);
		f->follows[0] = root;
		f->n_follows = 1;
	}
}

static void fold_init(struct fold *w, struct judgement *j, struct folding *out)
{
	struct arena *a = j->arena;
	size_t rules = j->rules->n + 1, findings = j->n + 1;

	w->j = j;
	w->out = out;
	marks_init(&w->marks, a, j->facts);
	out->first = arena_alloc(a, rules * sizeof *out->first);
	out->count = arena_alloc(a, rules * sizeof *out->count);
	w->effects = arena_alloc(a, rules * sizeof *w->effects);
	w->n_effects = arena_alloc(a, rules * sizeof *w->n_effects);
	w->order = arena_alloc(a, rules * sizeof *w->order);
	w->ordered = arena_alloc(a, rules * sizeof *w->ordered);
	w->parent = arena_alloc(a, findings * sizeof *w->parent);
	w->has_children = arena_alloc(a, findings * sizeof *w->has_children);
	out->explainers = arena_alloc(a, findings * sizeof *out->explainers);
	out->n_explainers = arena_alloc(a, findings * sizeof *out->n_explainers);
	out->row_severity = arena_alloc(a, findings * sizeof *out->row_severity);
}

void judgement_fold(struct judgement *j, struct folding *ret)
{
	struct fold w = { 0 };

	fold_init(&w, j, ret);
	find_ranges(&w);
	find_effects(&w);
	for (size_t i = 0; i < j->rules->n; i++)
		order_rule(&w, i);
	judge_bearing(&w);
	for (size_t i = 0; i < j->rules->n; i++) {
		size_t rule = w.order[i];

		for (size_t k = 0; k < ret->count[rule]; k++)
			fold_finding(&w, rule, &j->findings[ret->first[rule] + k]);
	}
	find_parents(&w);
	for (size_t i = 0; i < j->n; i++)
		write_follows(&w, &j->findings[i]);
	for (size_t i = 0; i < j->n; i++)
		if (w.parent[i])
			fold_also(&w, i);
}
