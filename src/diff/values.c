// SPDX-License-Identifier: GPL-2.0-or-later
// Facts that changed: of the machine, and of what goes to a guest.
#include "base/arena.h"
#include "base/text.h"
#include "diff/parts.h"

static bool same_list(const struct diff *d, const struct fact *a, const struct fact *b)
{
	if (a->n != b->n || a->open != b->open)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct fn *fn = a->devs ? a->devs[i] : NULL;

		if (fn && b->devs && b->devs[i]) {
			if (diff_new_of(d, fn) != b->devs[i])
				return false;
		} else if (!text_equal(a->list[i], b->list[i])) {
			return false;
		}
	}
	return true;
}

static bool same_fact(const struct diff *d, const struct fact *a, const struct fact *b)
{
	if (a->state != b->state)
		return false;
	if (a->state != FACT_VALUE)
		return true;
	switch (a->type) {
	case FACT_BOOL:
		return a->b == b->b;
	case FACT_INT:
		return a->i == b->i;
	case FACT_LIST:
	case FACT_DEVS:
		return same_list(d, a, b);
	case FACT_DEV:
		if (a->devs && a->devs[0] && b->devs && b->devs[0])
			return diff_new_of(d, a->devs[0]) == b->devs[0];
		break;
	case FACT_TEXT:
		break;
	}
	return text_equal(a->text, b->text);
}

/* Is the element I of A in B? */
static bool is_in(const struct diff *d, const struct fact *a, size_t i,
	const struct fact *b, bool a_is_old)
{
	const struct fn *fn = a->devs ? a->devs[i] : NULL;

	for (size_t k = 0; k < b->n; k++) {
		const struct fn *other = b->devs ? b->devs[k] : NULL;

		if (fn && other &&
			(a_is_old ? diff_new_of(d, fn) == other
				  : diff_new_of(d, other) == fn))
			return true;
		if (!(fn && other) && text_equal(a->list[i], b->list[k]))
			return true;
	}
	return false;
}

static void compare_lists(struct diff *d, const struct fact *was, const struct fact *is,
	struct value_change *c)
{
	/* What an open list does not name may be there all the same */
	for (size_t i = 0; i < was->n && !is->open; i++) {
		if (!is_in(d, was, i, is, true))
			*arena_push(d->arena, c->lost, c->n_lost) = was->list[i];
	}
	for (size_t i = 0; i < is->n && !was->open; i++) {
		if (!is_in(d, is, i, was, false))
			*arena_push(d->arena, c->gained, c->n_gained) = is->list[i];
	}
}

static bool is_list(const struct fact *v)
{
	return v->state == FACT_VALUE && (v->type == FACT_LIST || v->type == FACT_DEVS);
}

/* What another section tells, what is advice and no state, and what differs from one look
 * to the next. */
static bool is_untold(const char *name)
{
	static const char *const untold[] = { "cmdline.names", "cmdline.words", "addr",
		"driver", "vfio-bound", "stub-bound", "ivrs.fix", "boot.fix",
		"vfio.ids-wanted", "claim.ids-line", "bind.softdep", "bind.softdep-at",
		"bind.softdep-before", "rebar.shrink", "reset.cure", "fb.release",
		"power.state", "faults.count", "link.errors" };

	for (size_t i = 0; i < sizeof untold / sizeof untold[0]; i++)
		if (text_equal(name, untold[i]))
			return true;
	return false;
}

static void compare_facts(struct diff *d, const struct fact_row *row,
	const struct fact *was, const struct fact *is, const char *subject)
{
	struct value_change c = { .fact = row->name, .subject = subject };

	if (was->state == FACT_ABSENT || is->state == FACT_ABSENT) {
		d->n_seen += is->state != FACT_ABSENT;
		d->n_unseen += was->state != FACT_ABSENT;
		return;
	}
	if (is_untold(row->name) || same_fact(d, was, is))
		return;
	c.old = fact_in_words(d->arena, was);
	c.new = fact_in_words(d->arena, is);
	if (is_list(was) && is_list(is)) {
		compare_lists(d, was, is, &c);
		if (!c.n_lost && !c.n_gained)
			return;
	}
	*arena_push(d->arena, d->values, d->n_values) = c;
}

static void compare_subjects(struct diff *d, const struct subject *old,
	const struct subject *new, enum scope scope)
{
	for (size_t i = 0; i < fact_table_length; i++) {
		const struct fact_row *row = &fact_table[i];

		if (row->scope == scope)
			compare_facts(d, row,
				fact_get(d->old->facts, old, row, LINK_SELF),
				fact_get(d->new->facts, new, row, LINK_SELF),
				scope == SCOPE_HOST ? NULL : new->key);
	}
}

/* What becomes of functions that the host keeps is told where it matters: by findings, and
 * by their drivers. */
static bool concerns_guest(const struct fn_pair *p)
{
	return p->old && p->new && (p->old->goes_along || p->new->goes_along);
}

void diff_values(struct diff *d)
{
	compare_subjects(d, d->old->facts->scopes[SCOPE_HOST].v[0],
		d->new->facts->scopes[SCOPE_HOST].v[0], SCOPE_HOST);
	for (size_t i = 0; i < d->n_pairs; i++) {
		const struct fn_pair *p = &d->pairs[i];

		if (!concerns_guest(p))
			continue;
		compare_subjects(d, p->old->device, p->new->device, SCOPE_DEVICE);
		if (p->old->target && p->new->target)
			compare_subjects(d, p->old->target, p->new->target, SCOPE_TARGET);
	}
}
