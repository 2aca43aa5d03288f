// SPDX-License-Identifier: GPL-2.0-or-later
// Verdicts of devices and findings that came out otherwise.
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "diff/parts.h"
#include "facts/topology.h"

static const struct device_judgement *judgement_of(
	const struct judgement *j, const struct fn *fn)
{
	return fn ? &j->devices[fn - j->facts->fns] : NULL;
}

static bool same_driver(const struct fn *a, const struct fn *b)
{
	struct snap_text x = a->raw->driver, y = b->raw->driver;

	return x.have == y.have && (x.have != HAVE_VALUE || text_equal(x.s, y.s));
}

static bool blocked(const struct device_judgement *j)
{
	return j->verdict == DEVICE_BLOCKED;
}

/* That less, or more, was seen makes nothing worse or better. */
static bool is_decided(enum device_verdict v)
{
	return v != DEVICE_NONE && v != DEVICE_UNKNOWN;
}

static bool is_target(const struct judgement *j, const struct fn *fn)
{
	return fn && j->facts->has_targets && fn->target;
}

/* Only a target that is lost makes it worse: that a card nobody wanted is gone does not, nor
 * that what sets it aside could not be read. */
static bool is_lost_target(const struct diff *d, const struct device_change *c)
{
	const struct facts *now = d->new->facts;

	if (d->strangers || !is_target(d->old, c->pair.old) ||
		is_target(d->new, c->pair.new))
		return false;
	return c->pair.new ? now->scopes[SCOPE_TARGET].listed == TRI_TRUE
			   : scan_listed(now) == TRI_TRUE;
}

static enum trend device_trend(const struct diff *d, const struct device_change *c)
{
	if (is_lost_target(d, c))
		return TREND_WORSE;
	if (!c->old || !c->new)
		return TREND_CHANGED;
	if (c->vfio && c->old->vfio == VFIO_ACCEPTS && c->new->vfio == VFIO_REFUSES)
		return TREND_WORSE;
	if (is_decided(c->old->verdict) && is_decided(c->new->verdict) &&
		blocked(c->old) != blocked(c->new))
		return blocked(c->new) ? TREND_WORSE : TREND_BETTER;
	if (c->vfio && c->old->vfio == VFIO_REFUSES && c->new->vfio == VFIO_ACCEPTS)
		return TREND_BETTER;
	return TREND_CHANGED;
}

static void compare_devices(struct diff *d)
{
	for (size_t i = 0; i < d->n_pairs; i++) {
		struct device_change c = { .pair = d->pairs[i] };

		c.old = judgement_of(d->old, c.pair.old);
		c.new = judgement_of(d->new, c.pair.new);
		if (c.old && c.new) {
			c.moved = bdf_compare(c.pair.old->bdf, c.pair.new->bdf) != 0;
			c.driver = !same_driver(c.pair.old, c.pair.new);
			c.vfio = c.old->vfio != c.new->vfio;
			c.verdict = c.old->verdict != c.new->verdict;
			if (!c.moved && !c.driver && !c.vfio && !c.verdict)
				continue;
		}
		c.trend = device_trend(d, &c);
		*arena_push(d->arena, d->devices, d->n_devices) = c;
	}
}

/* A finding under the name that it has, or would have, on the new machine. */
struct named {
	const struct finding *finding;
	const char *key;
};

static bool is_address(enum scope s)
{
	return s == SCOPE_DEVICE || s == SCOPE_TARGET || s == SCOPE_SET ||
		s == SCOPE_ADDRESS;
}

/* Number of the group that the members of an old group are in now. */
static const char *new_group(const struct diff *d, const struct subject *s)
{
	for (size_t i = 0; s->group && i < s->group->n; i++) {
		const struct fn *now = diff_new_of(d, s->group->members[i]);

		if (now && now->group && now->group->subject)
			return now->group->subject->key;
	}
	return s->key;
}

static const char *key_of(const struct diff *d, const struct finding *f, bool old)
{
	const struct subject *s = f->subject;

	if (!s)
		return "";
	if (old && is_address(s->scope))
		return diff_new_address(d, s->key);
	if (old && s->scope == SCOPE_GROUP)
		return new_group(d, s);
	return s->key;
}

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->finding->rule->id, y->finding->rule->id);

	if (!order)
		order = strcmp(x->key, y->key);
	if (!order) /* two groups that became one have one name: keep them in order */
		order = (x->finding > y->finding) - (x->finding < y->finding);
	return order;
}

static struct named *names_of(const struct diff *d, struct arena *a, bool old)
{
	const struct judgement *j = old ? d->old : d->new;
	struct named *names = arena_alloc(a, (j->n + 1) * sizeof *names);

	for (size_t i = 0; i < j->n; i++) {
		names[i].finding = &j->findings[i];
		names[i].key = key_of(d, &j->findings[i], old);
	}
	if (j->n)
		qsort(names, j->n, sizeof *names, by_name);
	return names;
}

static bool fails(const struct finding *f)
{
	return f && f->verdict == VERDICT_FAIL;
}

/* It stands in the way of something: a note does not. */
static bool weighs(const struct finding *f)
{
	return f && f->severity >= SEVERITY_WARNING;
}

static bool is_undecided(const struct finding *f)
{
	return f && f->verdict == VERDICT_UNKNOWN;
}

static bool blocks(const struct finding *f)
{
	return f->rule->severity >= SEVERITY_BLOCKER && f->bears && !f->waived;
}

/* Of a function that is gone nothing is known, which is no news. */
static bool is_of_missing(const struct finding *f)
{
	const struct subject *s = f->subject;
	const struct fn *fn = !s ? NULL
		: s->fn          ? s->fn
		: s->set         ? s->set->targets[0]
				 : NULL;

	return fn && fn->missing;
}

/* Worth a line though one of the two sides is not known. */
static bool tells_much(const struct finding *f)
{
	return f && ((fails(f) && weighs(f)) || (blocks(f) && !is_of_missing(f)));
}

static enum trend finding_trend(const struct finding *old, const struct finding *new)
{
	bool was = fails(old) && weighs(old), is = fails(new) && weighs(new);

	if (is_undecided(old) || is_undecided(new))
		return TREND_CHANGED;
	if (is && !was)
		return TREND_WORSE;
	if (was && !is)
		return TREND_BETTER;
	if (was && is && old->severity != new->severity)
		return new->severity > old->severity ? TREND_WORSE : TREND_BETTER;
	return TREND_CHANGED;
}

static void add_finding(
	struct diff *d, const struct finding *old, const struct finding *new)
{
	struct finding_change *c;
	enum verdict was = old ? old->verdict : VERDICT_NA,
		     is = new ? new->verdict : VERDICT_NA;
	bool known = was != VERDICT_UNKNOWN && is != VERDICT_UNKNOWN;
	bool shown = known
		? fails(old) || fails(new)
		: (tells_much(old) || tells_much(new)) && !(new &&is_of_missing(new));

	if (was == is && !(fails(old) && old->severity != new->severity))
		return;
	/* "Does not arise" and "is fine" are two words for not broken */
	if (was != VERDICT_FAIL && is != VERDICT_FAIL && was != VERDICT_UNKNOWN &&
		is != VERDICT_UNKNOWN)
		return;
	if (!shown && old && new) {
		d->n_decided += was == VERDICT_UNKNOWN;
		d->n_undecided += is == VERDICT_UNKNOWN;
	}
	if (!shown)
		return;
	c = arena_push(d->arena, d->findings, d->n_findings);
	c->old = old;
	c->new = new;
	c->trend = finding_trend(old, new);
}

static int by_trend(const void *a, const void *b)
{
	const struct finding_change *x = a, *y = b;
	const struct rule *r = (x->new ? x->new : x->old)->rule,
			  *s = (y->new ? y->new : y->old)->rule;

	if (x->trend != y->trend)
		return x->trend > y->trend ? -1 : 1;
	if (r->area != s->area)
		return r->area < s->area ? -1 : 1;
	int order = strcmp(r->id, s->id);
	const struct subject *p = (x->new ? x->new : x->old)->subject,
			     *q = (y->new ? y->new : y->old)->subject;
	return order ? order : strcmp(p ? p->key : "", q ? q->key : "");
}

/* Both lists are in order of name: one pass finds what one of them lacks. */
static void compare_findings(struct diff *d)
{
	struct arena *a = arena_new();
	struct named *old = names_of(d, a, true), *new = names_of(d, a, false);
	size_t i = 0, k = 0;

	while (i < d->old->n || k < d->new->n) {
		int order = i == d->old->n ? 1 : k == d->new->n ? -1 : 0;

		if (!order)
			order = strcmp(
				old[i].finding->rule->id, new[k].finding->rule->id);
		if (!order)
			order = strcmp(old[i].key, new[k].key);
		add_finding(d, order <= 0 ? old[i].finding : NULL,
			order >= 0 ? new[k].finding : NULL);
		i += order <= 0;
		k += order >= 0;
	}
	if (d->n_findings)
		qsort(d->findings, d->n_findings, sizeof *d->findings, by_trend);
	arena_free(a);
}

const struct finding *diff_told(const struct finding_change *c)
{
	if (!c->old || !c->new)
		return c->new ? c->new : c->old;
	return fails(c->old) && !fails(c->new) ? c->old : c->new;
}

void diff_verdicts(struct diff *d)
{
	compare_devices(d);
	compare_findings(d);
}
