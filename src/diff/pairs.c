// SPDX-License-Identifier: GPL-2.0-or-later
// Which function of the old machine is which of the new one: a card that is put into
// another slot, or a firmware update, renumbers functions.
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "diff/parts.h"

static bool same_hex(struct snap_hex a, struct snap_hex b)
{
	return a.have == b.have && (a.have != HAVE_VALUE || a.v == b.v);
}

/* The same model: IDs, subsystem and class. The driver's revision may come with firmware. */
static bool same_model(const struct fn *a, const struct fn *b)
{
	return same_hex(a->raw->vendor, b->raw->vendor) &&
		same_hex(a->raw->device, b->raw->device) &&
		same_hex(a->raw->subvendor, b->raw->subvendor) &&
		same_hex(a->raw->subdevice, b->raw->subdevice) &&
		a->class_code == b->class_code;
}

/* At one address what was not collected does not tell two functions apart. */
static bool may_be_same(const struct fn *a, const struct fn *b)
{
	return (a->raw->vendor.have == HAVE_NOT || b->raw->vendor.have == HAVE_NOT ||
		       same_hex(a->raw->vendor, b->raw->vendor)) &&
		(a->raw->device.have == HAVE_NOT || b->raw->device.have == HAVE_NOT ||
			same_hex(a->raw->device, b->raw->device)) &&
		(a->raw->subdevice.have == HAVE_NOT ||
			b->raw->subdevice.have == HAVE_NOT ||
			same_hex(a->raw->subdevice, b->raw->subdevice));
}

/* One side's functions of one model that have no partner yet, in order of address. */
struct unpaired {
	const struct fn **v;
	size_t n;
};

static int by_model(const void *a, const void *b)
{
	const struct fn *x = *(const struct fn *const *)a,
			*y = *(const struct fn *const *)b;
	const uint64_t k[2][5] = {
		{ x->raw->vendor.v, x->raw->device.v, x->raw->subvendor.v,
			x->raw->subdevice.v, x->class_code },
		{ y->raw->vendor.v, y->raw->device.v, y->raw->subvendor.v,
			y->raw->subdevice.v, y->class_code },
	};

	for (size_t i = 0; i < 5; i++) {
		if (k[0][i] != k[1][i])
			return k[0][i] < k[1][i] ? -1 : 1;
	}
	return bdf_compare(x->bdf, y->bdf);
}

static void sort(struct unpaired *u)
{
	if (u->n)
		qsort(u->v, u->n, sizeof *u->v, by_model);
}

static void add_pair(struct diff *d, const struct fn *old, const struct fn *new)
{
	struct fn_pair *p = arena_push(d->arena, d->pairs, d->n_pairs);

	p->old = old;
	p->new = new;
}

/* How many functions from I on are of the same model. */
static size_t run_length(const struct unpaired *u, size_t i)
{
	size_t n = i;

	while (n < u->n && same_model(u->v[i], u->v[n]))
		n++;
	return n - i;
}

/* Functions of one model that moved keep their order: bus numbers shift, slots do not
 * change places. What is too many on one side came or is gone. */
static void pair_moved(
	struct diff *d, const struct unpaired *old, const struct unpaired *new)
{
	size_t i = 0, k = 0;

	while (i < old->n || k < new->n) {
		bool same = i < old->n && k < new->n &&same_model(old->v[i], new->v[k]);
		size_t n_old = i < old->n ? run_length(old, i) : 0,
		       n_new = k < new->n ? run_length(new, k) : 0;

		if (same) {
			for (size_t m = 0; m < n_old || m < n_new; m++)
				add_pair(d, m < n_old ? old->v[i + m] : NULL,
					m < n_new ? new->v[k + m] : NULL);
			i += n_old;
			k += n_new;
		} else if (k >= new->n ||
			(i < old->n && by_model(&old->v[i], &new->v[k]) < 0)) {
			add_pair(d, old->v[i++], NULL);
		} else {
			add_pair(d, NULL, new->v[k++]);
		}
	}
}

static int by_new_address(const void *a, const void *b)
{
	const struct fn_pair *x = a, *y = b;

	if (x->new && y->new)
		return bdf_compare(x->new->bdf, y->new->bdf);
	if (x->new || y->new)
		return x->new ? -1 : 1;
	return bdf_compare(x->old->bdf, y->old->bdf);
}

void diff_pair_functions(struct diff *d)
{
	const struct facts *old = d->old->facts, *new = d->new->facts;
	struct unpaired rest_old = { 0 }, rest_new = { 0 };

	for (size_t i = 0; i < old->n_fns; i++) {
		const struct fn *fn = &old->fns[i];
		const struct fn *same = fn->raw ? facts_find(new, fn->bdf) : NULL;

		if (same && same->raw && may_be_same(fn, same))
			add_pair(d, fn, same);
		else if (fn->raw)
			*arena_push(d->arena, rest_old.v, rest_old.n) = fn;
	}
	for (size_t i = 0; i < new->n_fns; i++) {
		const struct fn *fn = &new->fns[i];
		const struct fn *same = fn->raw ? facts_find(old, fn->bdf) : NULL;

		if (fn->raw && !(same && same->raw && may_be_same(fn, same)))
			*arena_push(d->arena, rest_new.v, rest_new.n) = fn;
	}
	sort(&rest_old);
	sort(&rest_new);
	pair_moved(d, &rest_old, &rest_new);
	if (d->n_pairs)
		qsort(d->pairs, d->n_pairs, sizeof *d->pairs, by_new_address);
	d->new_of = arena_alloc(d->arena, (old->n_fns + 1) * sizeof *d->new_of);
	for (size_t i = 0; i < d->n_pairs; i++) {
		if (d->pairs[i].old)
			d->new_of[d->pairs[i].old - old->fns] = d->pairs[i].new;
	}
}

const struct fn *diff_new_of(const struct diff *d, const struct fn *old)
{
	return old->raw ? d->new_of[old - d->old->facts->fns] : NULL;
}

const char *diff_new_address(const struct diff *d, const char *old)
{
	struct bdf b;
	const struct fn *fn = bdf_parse(old, &b) ? facts_find(d->old->facts, b) : NULL;
	const struct fn *now = fn ? diff_new_of(d, fn) : NULL;

	return now ? now->addr : old;
}
