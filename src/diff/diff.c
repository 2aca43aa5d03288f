// SPDX-License-Identifier: GPL-2.0-or-later
// Assembles a comparison and decides what it comes to.
#include "diff/diff.h"

#include "base/arena.h"
#include "base/text.h"
#include "diff/parts.h"

const char *trend_name(enum trend t)
{
	static const char *const names[] = {
		[TREND_SAME] = "same",
		[TREND_BETTER] = "better",
		[TREND_CHANGED] = "changed",
		[TREND_WORSE] = "worse",
	};

	return names[t];
}

/* How bad a verdict is. */
static int overall_rank(enum overall o)
{
	switch (o) {
	case OVERALL_BLOCKED:
		return 2;
	case OVERALL_WARNING:
		return 1;
	default:
		return 0;
	}
}

/* That less, or more, was seen makes nothing worse or better. */
static bool is_decided(enum overall o)
{
	return o == OVERALL_OK || o == OVERALL_WARNING || o == OVERALL_BLOCKED;
}

static enum trend overall_trend(const struct diff *d)
{
	if (d->old->overall == d->new->overall)
		return TREND_SAME;
	if (!is_decided(d->old->overall) || !is_decided(d->new->overall))
		return TREND_CHANGED;
	return overall_rank(d->new->overall) > overall_rank(d->old->overall)
		? TREND_WORSE
		: TREND_BETTER;
}

static bool differ(struct snap_text a, struct snap_text b)
{
	return a.have == HAVE_VALUE && b.have == HAVE_VALUE && !text_equal(a.s, b.s);
}

/* A firmware update changes its version, never the name of the board. */
static bool are_strangers(const struct diff *d)
{
	const struct snap_dmi *a = &d->old->facts->snap->host.dmi,
			      *b = &d->new->facts->snap->host.dmi;

	return differ(a->sys_vendor, b->sys_vendor) ||
		differ(a->product_name, b->product_name) ||
		differ(a->board_name, b->board_name);
}

/* Without anything worse, what is better and what is neither is a change. */
static void count(struct diff *d, enum trend t)
{
	if (t == TREND_WORSE)
		d->trend = TREND_WORSE;
	else if (t != TREND_SAME && d->trend == TREND_SAME)
		d->trend = TREND_CHANGED;
}

static enum trend any(size_t n)
{
	return n ? TREND_CHANGED : TREND_SAME;
}

struct diff *diff_new(const struct judgement *old, const struct judgement *new)
{
	struct arena *a = arena_new();
	struct diff *d = arena_new_object(a, struct diff);

	d->arena = a;
	d->old = old;
	d->new = new;
	d->strangers = are_strangers(d);
	diff_pair_functions(d);
	d->overall = overall_trend(d);
	diff_verdicts(d);
	diff_groups(d);
	diff_files(d);
	diff_values(d);
	count(d, d->overall);
	for (size_t i = 0; i < d->n_devices; i++)
		count(d, d->devices[i].trend);
	for (size_t i = 0; i < d->n_findings; i++)
		count(d, d->findings[i].trend);
	count(d, any(d->n_decided + d->n_undecided + d->n_groups));
	count(d, any(d->n_words + d->n_files + d->n_values + d->n_seen + d->n_unseen));
	return d;
}

void diff_free(struct diff *d)
{
	if (d)
		arena_free(d->arena);
}
