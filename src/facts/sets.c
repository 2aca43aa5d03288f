// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a set: what goes along with the targets.
#include "facts/sets.h"
#include "base/text.h"
#include "facts/aliases.h"

#include "facts/claims.h"
#include "facts/company.h"
#include "facts/derive.h"
#include "facts/roles.h"
#include "facts/topology.h"

/* Is it known which functions belong to the set? */
static bool is_known(const struct facts *f, const struct set *set)
{
	const struct fn *fn = set->targets[0];

	return fn->group || fn_groupless(f, fn) == TRI_TRUE;
}

bool set_is_whole(const struct facts *f, const struct set *set)
{
	const struct fn *fn = set->targets[0];

	return is_known(f, set) && scan_listed(f) == TRI_TRUE &&
		(!fn->group || group_is_whole(f, fn->group));
}

bool set_start_list(struct facts *f, const struct set *set, struct fact *out)
{
	if (!is_known(f, set))
		return false;
	fact_set_list(out);
	out->open = !set_is_whole(f, set);
	return true;
}

void derive_set_bound(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;
	enum tri bound = set_is_whole(f, set) ? TRI_TRUE : TRI_UNKNOWN;

	for (size_t i = 0; i < set->n_targets; i++)
		bound = tri_and(bound, set->targets[i]->on_vfio);
	for (size_t i = 0; i < set->n; i++)
		bound = tri_and(bound, tri_not(set->members[i]->on_host_driver));
	if (bound != TRI_UNKNOWN)
		fact_set_bool(out, bound == TRI_TRUE);
}

void derive_set_members(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!set_start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < s->set->n; i++)
		fact_add_dev(f, out, s->set->members[i]);
}

void derive_set_unbound(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!set_start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < s->set->n; i++) {
		if (s->set->members[i]->on_host_driver == TRI_TRUE)
			fact_add_dev(f, out, s->set->members[i]);
		else if (s->set->members[i]->on_host_driver == TRI_UNKNOWN)
			out->open = true;
	}
}

static bool in_slot_of_target(const struct set *set, const struct fn *fn)
{
	for (size_t i = 0; i < set->n_targets; i++) {
		if (fn_same_slot(set->targets[i], fn))
			return true;
	}
	return false;
}

/*
 * Virtual functions go when their physical function leaves its driver: they are nobody's
 * device then. A VF has the vendor ID of its PF (SR-IOV specification 3.4.1.1).
 */
static enum tri is_own_vf(const struct set *set, const struct fn *fn)
{
	enum tri own = TRI_FALSE;

	for (size_t i = 0; i < set->n_targets; i++) {
		const struct fn *pf = set->targets[i];
		bool may_have = pf->raw &&
			(pf->raw->sriov_num.have == HAVE_NOT ||
				(pf->raw->sriov_num.have == HAVE_VALUE &&
					pf->raw->sriov_num.v > 0));

		if (fn_is_vf(fn) && text_equal(fn->raw->physfn.s, pf->addr))
			return TRI_TRUE;
		if (may_have && fn->raw->physfn.have == HAVE_NOT &&
			(fn->raw->vendor.have != HAVE_VALUE ||
				pf->raw->vendor.have != HAVE_VALUE ||
				fn->raw->vendor.v == pf->raw->vendor.v))
			own = TRI_UNKNOWN;
	}
	return own;
}

void derive_set_foreign(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;

	if (!set_start_list(f, set, out))
		return;
	for (size_t i = 0; i < set->n; i++) {
		const struct fn *fn = set->members[i];
		enum tri own;

		if (in_slot_of_target(set, fn) || (f->has_targets && fn->handover))
			continue;
		if (fn->on_host_driver == TRI_FALSE || fn_set_aside(f, fn))
			continue;
		own = is_own_vf(set, fn);
		if (own == TRI_TRUE)
			continue;
		if (fn->on_host_driver == TRI_UNKNOWN || own == TRI_UNKNOWN ||
			claims_known(f) != TRI_TRUE)
			out->open = true;
		else
			fact_add_dev(f, out, fn);
	}
}

void derive_set_bridges(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct group *g = s->set->targets[0]->group;

	if (!set_start_list(f, s->set, out))
		return;
	for (size_t i = 0; g && s->set->targets[0]->is_endpoint && i < g->n; i++) {
		if (!g->members[i]->is_endpoint)
			fact_add_dev(f, out, g->members[i]);
	}
}

static enum tri is_companion_of_set(
	const struct facts *f, const struct set *set, const struct fn *fn)
{
	enum tri company = TRI_FALSE;

	for (size_t i = 0; i < set->n_targets; i++)
		company = tri_or(company, fn_is_companion(f, set->targets[i], fn));
	return company;
}

void derive_set_slot_others(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;

	if (!set_start_list(f, set, out))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];
		enum tri company;

		if (!fn->raw || !fn->is_endpoint || !in_slot_of_target(set, fn) ||
			fn_among(fn, set->members, set->n) ||
			(f->has_targets && fn->handover))
			continue;
		company = is_companion_of_set(f, set, fn);
		if (company == TRI_FALSE)
			continue;
		/* "A group of its own" there is only where the IOMMU made groups */
		if (company == TRI_TRUE && fn->group && set->targets[0]->group)
			fact_add_dev(f, out, fn);
		else if (company == TRI_UNKNOWN || fn_groupless(f, fn) == TRI_UNKNOWN ||
			fn_groupless(f, set->targets[0]) == TRI_UNKNOWN)
			out->open = true;
	}
}

/*
 * Rules about single functions ask this first: what is wrong with a function that nobody
 * hands over is no concern of the report.
 */
void derive_device_in_set(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	bool known = f->scopes[SCOPE_TARGET].listed == TRI_TRUE;

	/* Without all claims a candidate may in truth be nobody's */
	if (s->fn->in_set && (known || f->has_targets))
		fact_set_bool(out, true);
	else if (known && !s->fn->in_set && raw &&
		(s->fn->group || raw->iommu_group.have == HAVE_NONE ||
			!s->fn->is_endpoint))
		fact_set_bool(out, false);
}

void derive_device_is_target(struct facts *f, const struct subject *s, struct fact *out)
{
	bool known = f->scopes[SCOPE_TARGET].listed == TRI_TRUE;

	if (s->fn->handover && (known || f->has_targets))
		fact_set_bool(out, true);
	else if (known && !s->fn->handover && s->fn->raw)
		fact_set_bool(out, false);
}

/* What a physical function has is gone as soon as its driver lets it go. */
void derive_target_pf_goes(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const struct fn *pf;
	struct bdf b;

	if (!raw || raw->physfn.have == HAVE_NOT)
		return;
	fact_set_none(out);
	if (raw->physfn.have == HAVE_NONE || !bdf_parse(raw->physfn.s, &b))
		return;
	pf = facts_find(f, b);
	if (!pf || pf->on_host_driver == TRI_UNKNOWN)
		out->state = FACT_ABSENT;
	else if (pf->handover && f->has_targets && pf->on_host_driver == TRI_TRUE)
		fact_set_dev(f, out, pf);
}

/* Do both have one ID, as an ids= list of vfio-pci sees it? */
static enum tri same_id(const struct fn *a, const struct fn *b)
{
	const struct snap_hex *x[] = { &a->raw->vendor, &a->raw->device },
			      *y[] = { &b->raw->vendor, &b->raw->device };
	enum tri same = TRI_TRUE;

	for (size_t i = 0; i < 2; i++) {
		enum tri part = x[i]->have == HAVE_VALUE && y[i]->have == HAVE_VALUE
			? tri_of(x[i]->v == y[i]->v)
			: TRI_UNKNOWN;

		same = tri_and(same, part);
	}
	return same;
}

/* Is FN, which the host keeps, of one kind with something in the set? Virtual functions
 * are always of one kind, and nobody binds them by their ID. */
static enum tri is_twin(struct facts *f, const struct set *set, const struct fn *fn)
{
	enum tri twin = TRI_FALSE;

	if (!fn->raw || !fn->is_endpoint || fn_is_vf(fn) || fn_leaves(f, set, fn) ||
		claim_of(f, fn))
		return TRI_FALSE;
	for (size_t i = 0; i < set->n; i++) {
		if (set->members[i]->raw && !fn_is_vf(set->members[i]))
			twin = tri_or(twin, same_id(fn, set->members[i]));
	}
	/* What a list of IDs claims already is its own matter */
	return tri_and(tri_and(twin, fn->on_host_driver), claims_known(f));
}

void derive_set_twins(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!set_start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		enum tri twin = is_twin(f, s->set, &f->fns[i]);

		if (twin == TRI_TRUE)
			fact_add_dev(f, out, &f->fns[i]);
		out->open |= twin == TRI_UNKNOWN;
	}
	out->open |= scan_listed(f) != TRI_TRUE;
}

void derive_set_vmd(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;
	bool hidden = false;

	if (!set_start_list(f, set, out))
		return;
	for (size_t i = 0; i < set->n; i++)
		hidden |= alias_is_behind_vmd(set->members[i]);
	for (size_t i = 0; hidden && i < set->n; i++) {
		if (!alias_is_behind_vmd(set->members[i]))
			fact_add_dev(f, out, set->members[i]);
	}
}
