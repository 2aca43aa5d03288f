// SPDX-License-Identifier: GPL-2.0-or-later
// Verdicts of devices, the overall outcome, the summary.
#include <stdlib.h>

#include "facts/topology.h"
#include "rules/engine.h"

/* What bears on a function, a bit each. */
enum {
	REFUSED_FAILS = 1,
	REFUSED_UNKNOWN = 2,
	BLOCKER_FAILS = 4,
	BLOCKER_UNKNOWN = 8,
	SET_UNKNOWN = 16, /* perhaps not all of its set is known */
};

/* The endpoints of a group, or a function alone. */
struct members {
	struct fn **v;
	size_t n;
	bool listed;
	unsigned bits;
	/* One for which the causes were found; by whether only the kernel's word counts, and
	 * whether it is a no: all members have the same */
	const struct device_judgement *judged[2][2];
};

/* Failing or unknown findings of rules that say blocker or refused themselves. */
struct heavy {
	const struct finding **v;
	size_t n;
	unsigned bits;
};

struct conclusion {
	struct judgement *j;
	const struct folding *folding;
	struct heavy *by_fn;     /* what is about each function */
	struct heavy everywhere; /* host-wide */
	struct members *groups;
	/* While the causes of one device are gathered: by finding, and which ones */
	bool *chosen;
	size_t *list;
	size_t n_list;
};

static bool is_heavy(const struct finding *f)
{
	return f->rule->severity >= SEVERITY_BLOCKER && f->verdict >= VERDICT_UNKNOWN &&
		!f->waived;
}

/*
 * A finding without subject stands for subjects that nobody could list. A known function
 * has its own findings as device, target and set, and what is not known of its group is
 * SET_UNKNOWN; all others could be about it.
 */
static bool is_everywhere(const struct finding *f)
{
	if (f->subject)
		return f->subject->host_wide;
	return f->rule->scope != SCOPE_TARGET && f->rule->scope != SCOPE_SET &&
		f->rule->scope != SCOPE_GROUP;
}

static unsigned bits_of(const struct finding *f)
{
	bool fails = f->verdict == VERDICT_FAIL;

	if (f->rule->severity == SEVERITY_REFUSED)
		return fails ? REFUSED_FAILS : REFUSED_UNKNOWN;
	return fails ? BLOCKER_FAILS : BLOCKER_UNKNOWN;
}

static void heavy_add(struct conclusion *c, struct heavy *to, const struct finding *f)
{
	*arena_push(c->j->arena, to->v, to->n) = f;
	to->bits |= bits_of(f);
}

static void spread(struct conclusion *c)
{
	const struct judgement *j = c->j;

	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];

		if (!is_heavy(f))
			continue;
		if (is_everywhere(f))
			heavy_add(c, &c->everywhere, f);
		for (size_t k = 0; f->subject && k < f->subject->n_fns; k++)
			heavy_add(c, &c->by_fn[f->subject->fns[k] - j->facts->fns], f);
	}
}

static struct members *group_members(struct conclusion *c, const struct group *g)
{
	const struct facts *f = c->j->facts;
	struct members *m = &c->groups[g - f->groups];

	if (m->listed)
		return m;
	m->listed = true;
	m->bits = group_is_whole(f, g) ? 0 : SET_UNKNOWN;
	for (size_t i = 0; i < g->n; i++) {
		if (!g->members[i]->is_endpoint)
			continue;
		*arena_push(c->j->arena, m->v, m->n) = g->members[i];
		m->bits |= c->by_fn[g->members[i] - f->fns].bits;
	}
	return m;
}

/* The set of a function, and all that bears on it. */
static unsigned device_set(
	struct conclusion *c, struct fn *fn, struct device_judgement *ret)
{
	const struct facts *f = c->j->facts;
	unsigned bits = c->everywhere.bits | c->by_fn[fn - f->fns].bits;

	if (fn->group && fn->is_endpoint) {
		const struct members *m = group_members(c, fn->group);

		ret->set = m->v;
		ret->n_set = m->n;
		return bits | m->bits;
	}
	ret->set = arena_alloc(c->j->arena, sizeof *ret->set);
	ret->set[0] = fn;
	ret->n_set = fn->is_endpoint || fn->handover;
	return bits | (fn->group || fn_groupless(f, fn) == TRI_TRUE ? 0 : SET_UNKNOWN);
}

/* What VFIO takes under no circumstances: bridges, and the IOMMU itself (class 0806). */
static bool is_bridge(const struct fn *fn)
{
	return !fn->missing && (!fn->is_endpoint || fn->class_code >> 8 == 0x0806);
}

static enum vfio_verdict vfio_of(const struct fn *fn, unsigned bits)
{
	if (is_bridge(fn) || bits & REFUSED_FAILS)
		return VFIO_REFUSES;
	return bits & (REFUSED_UNKNOWN | SET_UNKNOWN) ? VFIO_UNKNOWN : VFIO_ACCEPTS;
}

static bool is_bound(struct facts *f, const struct fn *fn)
{
	const struct fact *bound = fact_of(f, fn->handover->set->subject, "bound");

	return bound->state == FACT_VALUE && bound->b;
}

static enum device_verdict verdict_of(struct facts *f, const struct fn *fn, unsigned bits)
{
	if (!fn->handover)
		return DEVICE_NONE;
	if (is_bridge(fn) || (fn->missing && scan_listed(f) == TRI_TRUE) ||
		bits & (REFUSED_FAILS | BLOCKER_FAILS))
		return DEVICE_BLOCKED;
	if (fn->missing || bits & (REFUSED_UNKNOWN | BLOCKER_UNKNOWN | SET_UNKNOWN))
		return DEVICE_UNKNOWN;
	return is_bound(f, fn) ? DEVICE_READY : DEVICE_ASSIGNABLE;
}

static bool choose(struct conclusion *c, const struct finding *f)
{
	size_t i = (size_t)(f - c->j->findings);

	if (c->chosen[i])
		return false;
	c->chosen[i] = true;
	c->list[c->n_list++] = i;
	return true;
}

/* A finding and all that explains it. */
static void choose_with_causes(struct conclusion *c, const struct finding *f)
{
	size_t i = (size_t)(f - c->j->findings);

	if (!choose(c, f))
		return;
	for (size_t k = 0; k < c->folding->n_explainers[i]; k++)
		choose_with_causes(c, c->folding->explainers[i][k]);
}

/* Those of the findings that make a device refused or undecided. */
static void choose_heavy(struct conclusion *c, const struct heavy *h, enum severity least,
	enum verdict want)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct finding *f = h->v[i];

		if (f->rule->severity < least || f->verdict != want)
			continue;
		if (want == VERDICT_FAIL)
			choose_with_causes(c, f);
		else
			choose(c, f);
	}
}

static bool rule_listed(const struct device_judgement *d, const struct rule *rule)
{
	for (size_t i = 0; i < d->n_causes; i++)
		if (d->causes[i]->rule == rule)
			return true;
	return false;
}

static int compare_places(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* The kernel's own no comes before what only a sensible owner would not do, and a root
 * before what follows from one. */
static int cause_order(const struct finding *f)
{
	if (f->n_follows)
		return 2;
	return f->severity == SEVERITY_REFUSED ? 0 : 1;
}

/* Moves the chosen findings to the causes, each rule once; the rank orders equals. */
static void list_causes(struct conclusion *c, struct device_judgement *d)
{
	const struct judgement *j = c->j;

	if (c->n_list)
		qsort(c->list, c->n_list, sizeof *c->list, compare_places);
	for (int order = 0; order <= 2; order++)
		for (size_t i = 0; i < c->n_list; i++) {
			const struct finding *f = &j->findings[c->list[i]];

			c->chosen[c->list[i]] = false;
			if (cause_order(f) == order && !rule_listed(d, f->rule))
				*arena_push(j->arena, d->causes, d->n_causes) = f;
		}
	c->n_list = 0;
}

/*
 * Why it is not simply yes. What a rule says by itself decides, not what it inherited: a
 * host-wide cause may owe its weight to another device. Of a function that nobody asked
 * for only the kernel's word counts.
 */
static void find_causes(struct conclusion *c, struct device_judgement *d)
{
	const struct fn *fns = c->j->facts->fns;
	bool no = d->verdict == DEVICE_BLOCKED || d->vfio == VFIO_REFUSES;
	enum severity least =
		d->verdict == DEVICE_NONE ? SEVERITY_REFUSED : SEVERITY_BLOCKER;
	enum verdict want = no ? VERDICT_FAIL : VERDICT_UNKNOWN;

	if (!no && d->verdict != DEVICE_UNKNOWN && d->vfio != VFIO_UNKNOWN)
		return;
	if (d->fn->group && d->fn->is_endpoint) {
		const struct device_judgement **same =
			&group_members(c, d->fn->group)
				 ->judged[least == SEVERITY_REFUSED][no];

		if (*same) {
			d->causes = (*same)->causes;
			d->n_causes = (*same)->n_causes;
			return;
		}
		*same = d;
	}
	choose_heavy(c, &c->everywhere, least, want);
	choose_heavy(c, &c->by_fn[d->fn - fns], least, want);
	for (size_t i = 0; i < d->n_set; i++)
		choose_heavy(c, &c->by_fn[d->set[i] - fns], least, want);
	list_causes(c, d);
}

static void judge_devices(struct conclusion *c)
{
	struct judgement *j = c->j;

	j->n_devices = j->facts->n_fns;
	j->devices = arena_alloc(j->arena, (j->n_devices + 1) * sizeof *j->devices);
	for (size_t i = 0; i < j->n_devices; i++) {
		struct fn *fn = &j->facts->fns[i];
		struct device_judgement *d = &j->devices[i];
		unsigned bits = device_set(c, fn, d);

		d->fn = fn;
		d->vfio = vfio_of(fn, bits);
		d->verdict = verdict_of(j->facts, fn, bits);
		find_causes(c, d);
	}
}

static bool some_device(const struct judgement *j, enum device_verdict v)
{
	for (size_t i = 0; i < j->n_devices; i++)
		if (j->devices[i].verdict == v)
			return true;
	return false;
}

static bool some_warning(const struct judgement *j)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];

		if (f->verdict == VERDICT_FAIL && f->severity == SEVERITY_WARNING &&
			f->bears)
			return true;
	}
	return false;
}

static enum overall overall_of(const struct judgement *j)
{
	if (!j->facts->has_targets)
		return OVERALL_NO_TARGET;
	if (some_device(j, DEVICE_BLOCKED))
		return OVERALL_BLOCKED;
	/* A target that could not be found out may be a blocked one. */
	if (some_device(j, DEVICE_UNKNOWN) ||
		j->facts->scopes[SCOPE_TARGET].listed != TRI_TRUE)
		return OVERALL_UNKNOWN;
	return some_warning(j) ? OVERALL_WARNING : OVERALL_OK;
}

static void count_failure(struct summary *s, const struct finding *f)
{
	if (f->n_follows)
		return;
	if (f->severity >= SEVERITY_BLOCKER)
		s->blocker++;
	else if (f->severity == SEVERITY_WARNING)
		s->warning++;
	else
		s->note++;
}

static void count_findings(struct judgement *j)
{
	struct summary *s = &j->summary;

	for (size_t i = 0; i < j->n; i++) {
		switch (j->findings[i].verdict) {
		case VERDICT_FAIL:
			count_failure(s, &j->findings[i]);
			break;
		case VERDICT_UNKNOWN:
			s->unknown++;
			break;
		case VERDICT_PASS:
			s->pass++;
			break;
		case VERDICT_NA:
			s->not_applicable++;
			break;
		}
	}
}

void judgement_conclude(struct judgement *j, const struct folding *folding)
{
	struct conclusion c = { .j = j, .folding = folding };
	struct arena *a = j->arena;

	c.by_fn = arena_alloc(a, (j->facts->n_fns + 1) * sizeof *c.by_fn);
	c.groups = arena_alloc(a, (j->facts->n_groups + 1) * sizeof *c.groups);
	c.chosen = arena_alloc(a, (j->n + 1) * sizeof *c.chosen);
	c.list = arena_alloc(a, (j->n + 1) * sizeof *c.list);
	spread(&c);
	judge_devices(&c);
	j->overall = overall_of(j);
	count_findings(j);
}
