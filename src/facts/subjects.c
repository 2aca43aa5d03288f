// SPDX-License-Identifier: GPL-2.0-or-later
// Building the subjects of all scopes.
#include "facts/subjects.h"

#include "base/arena.h"
#include "facts/claims.h"
#include "facts/guests.h"
#include "facts/topology.h"

struct subject *subject_new(struct facts *f, enum scope scope, const char *key)
{
	struct subject_list *list = &f->scopes[scope];
	struct subject *s = arena_new_object(f->arena, struct subject);

	s->scope = scope;
	s->key = key;
	*arena_push(f->arena, list->v, list->n) = s;
	return s;
}

void subjects_listed(struct facts *f, enum scope scope, enum tri listed, uint32_t missing)
{
	f->scopes[scope].listed = listed;
	f->scopes[scope].missing = listed == TRI_TRUE ? 0 : missing;
}

void subject_about(struct facts *f, struct subject *s, struct fn *fn)
{
	*arena_push(f->arena, s->fns, s->n_fns) = fn;
}

static void build_groups(struct facts *f)
{
	for (size_t i = 0; i < f->n_groups; i++) {
		struct group *g = &f->groups[i];

		if (g->noiommu || g->n == 0)
			continue;
		g->subject = subject_new(
			f, SCOPE_GROUP, arena_printf(f->arena, "%lld", (long long)g->id));
		g->subject->group = g;
		for (size_t j = 0; j < g->n; j++)
			subject_about(f, g->subject, g->members[j]);
	}
	subjects_listed(f, SCOPE_GROUP, groups_listed(f),
		1u << SOURCE_IOMMU_GROUPS | 1u << SOURCE_PCI);
}

static void build_devices(struct facts *f)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		struct fn *fn = &f->fns[i];

		fn->device = subject_new(f, SCOPE_DEVICE, fn->addr);
		fn->device->fn = fn;
		fn->device->group_link = fn->group ? fn->group->subject : NULL;
		subject_about(f, fn->device, fn);
	}
	subjects_listed(f, SCOPE_DEVICE, scan_listed(f), 1u << SOURCE_PCI);
}

static void build_set(struct facts *f, struct set *set)
{
	struct fn *first = set->targets[0];

	set->subject = subject_new(f, SCOPE_SET, first->addr);
	set->subject->set = set;
	set->subject->fn = first;
	set->subject->group_link = first->group ? first->group->subject : NULL;
	for (size_t i = 0; i < set->n; i++)
		subject_about(f, set->subject, set->members[i]);
}

/* Are all targets (or candidates) known? With --guest they are by definition. */
static enum tri targets_listed(struct facts *f, uint32_t *ret_missing)
{
	enum tri claims;

	*ret_missing = 1u << SOURCE_PCI;
	if (f->guests_named)
		return TRI_TRUE;
	if (scan_listed(f) != TRI_TRUE)
		return scan_listed(f);
	claims = claims_known(f);
	if (claims != TRI_TRUE)
		*ret_missing = 1u << SOURCE_MODPROBE;
	else if (guest_claims_known(f) != TRI_TRUE)
		*ret_missing = 1u << SOURCE_GUESTS;
	claims = tri_and(claims, guest_claims_known(f));
	return claims == TRI_TRUE ? TRI_TRUE : TRI_UNKNOWN;
}

static void build_targets(struct facts *f)
{
	uint32_t missing;
	enum tri listed = targets_listed(f, &missing);

	for (size_t i = 0; i < f->n_handovers; i++) {
		struct handover *h = f->handovers[i];
		struct subject *s = subject_new(f, SCOPE_TARGET, h->fn->addr);

		if (!h->set->subject)
			build_set(f, h->set);
		s->fn = h->fn;
		s->set = h->set;
		s->device_link = h->fn->device;
		s->set_link = h->set->subject;
		s->group_link = h->fn->device->group_link;
		subject_about(f, s, h->fn);
		h->fn->target = s;
	}
	subjects_listed(f, SCOPE_TARGET, listed, missing);
	subjects_listed(f, SCOPE_SET, listed, missing);
}

void subjects_build_host(struct facts *f)
{
	struct subject *host = subject_new(f, SCOPE_HOST, "host");

	host->host_wide = true;
	subjects_listed(f, SCOPE_HOST, TRI_TRUE, 0);
}

void subjects_build(struct facts *f)
{
	build_groups(f);
	build_devices(f);
	build_targets(f);
}
