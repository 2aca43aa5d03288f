// SPDX-License-Identifier: GPL-2.0-or-later
// IOMMU groups that were split or merged. Their numbers mean nothing and may all shift.
#include "base/arena.h"
#include "diff/parts.h"

enum { NO_GROUP = -1 };

/*
 * New groups that share members of an old group belong together: one change, unless one old
 * group simply became one new group. A forest of sets, by index of the new groups.
 */
struct islands {
	size_t *parent;
	int64_t *first_new; /* by old group: a new group that has members of it */
};

static int64_t index_of(const struct facts *f, const struct fn *fn)
{
	return fn && fn->group && !fn->group->noiommu ? fn->group - f->groups : NO_GROUP;
}

static size_t root_of(struct islands *w, size_t i)
{
	while (w->parent[i] != i) {
		w->parent[i] = w->parent[w->parent[i]];
		i = w->parent[i];
	}
	return i;
}

/* Groups of a function that was and is in one. */
static bool groups_of(const struct diff *d, size_t i, size_t *ret_old, size_t *ret_new)
{
	int64_t old = index_of(d->old->facts, d->pairs[i].old),
		new = index_of(d->new->facts, d->pairs[i].new);

	*ret_old = (size_t)old;
	*ret_new = (size_t) new;
	return old != NO_GROUP && new != NO_GROUP;
}

static void find_islands(struct diff *d, struct islands *w)
{
	size_t n_old = d->old->facts->n_groups, n_new = d->new->facts->n_groups, old, new;

	w->parent = arena_alloc(d->arena, (n_new + 1) * sizeof *w->parent);
	w->first_new = arena_alloc(d->arena, (n_old + 1) * sizeof *w->first_new);
	for (size_t i = 0; i < n_new; i++)
		w->parent[i] = i;
	for (size_t i = 0; i < n_old; i++)
		w->first_new[i] = NO_GROUP;
	for (size_t i = 0; i < d->n_pairs; i++) {
		if (!groups_of(d, i, &old, &new))
			continue;
		if (w->first_new[old] == NO_GROUP)
			w->first_new[old] = (int64_t) new;
		else
			w->parent[root_of(w, new)] =
				root_of(w, (size_t)w->first_new[old]);
	}
}

static void add_number(struct arena *a, int64_t **list, size_t *n, int64_t id)
{
	for (size_t i = 0; i < *n; i++) {
		if ((*list)[i] == id)
			return;
	}
	*arena_push(a, *list, *n) = id;
}

void diff_groups(struct diff *d)
{
	size_t n_new = d->new->facts->n_groups, old, new;
	struct group_change *changes =
		arena_alloc(d->arena, (n_new + 1) * sizeof *changes);
	struct islands w;

	find_islands(d, &w);
	for (size_t i = 0; i < d->n_pairs; i++) {
		struct group_change *c;

		if (!groups_of(d, i, &old, &new))
			continue;
		c = &changes[root_of(&w, new)];
		add_number(d->arena, &c->old, &c->n_old, d->old->facts->groups[old].id);
		add_number(d->arena, &c->new, &c->n_new, d->new->facts->groups[new].id);
		*arena_push(d->arena, c->members, c->n) = d->pairs[i].new;
	}
	for (size_t i = 0; i < n_new; i++) {
		if (changes[i].n_old > 1 || changes[i].n_new > 1)
			*arena_push(d->arena, d->groups, d->n_groups) = changes[i];
	}
}
