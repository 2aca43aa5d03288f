// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions of this machine the device scopes of a DMAR table name.
#include "facts/dmar.h"
#include "facts/topology.h"

/* More steps than any hierarchy has; a snapshot may hold a circle. */
enum { MOST_BRIDGES = 64 };

static bool is_step(const uint8_t *step, const struct fn *fn)
{
	return step[0] == fn->bdf.dev && step[1] == fn->bdf.fn;
}

/* The bridge above FN. FALSE: it is on a root bus; UNKNOWN: not told. */
static enum tri bridge_above(const struct fn *fn, const struct fn **ret)
{
	if (fn->raw && fn->raw->parent.have == HAVE_NONE)
		return TRI_FALSE;
	if (!fn->parent)
		return TRI_UNKNOWN;
	*ret = fn->parent;
	return TRI_TRUE;
}

/*
 * dmar_match_pci_path(), drivers/iommu/intel/dmar.c: the bus of a scope is a root bus and
 * each step a device and function, so buses may have other numbers than when firmware wrote
 * the table. Only a path of one step may be meant as bus, device and function as well.
 */
static enum tri path_leads(const struct dmar_scope *scope, const struct fn *fn)
{
	for (size_t i = scope->n_path; i-- > 0;) {
		enum tri above;

		if (!is_step(scope->path + 2 * i, fn))
			return TRI_FALSE;
		above = bridge_above(fn, &fn);
		if (above == TRI_UNKNOWN)
			return TRI_UNKNOWN;
		if (above == TRI_FALSE)
			return tri_of(i == 0 && fn->bdf.bus == scope->bus);
	}
	return TRI_FALSE;
}

enum tri dmar_scope_names(const struct dmar_scope *scope, uint16_t segment,
	const struct fn *fn, bool *ret_broken)
{
	const uint8_t *last;
	enum tri leads;

	if (scope->type != DMAR_ENDPOINT && scope->type != DMAR_BRIDGE)
		return TRI_FALSE;
	/* A virtual function is served with its physical one and stands in no scope */
	if (fn->bdf.domain != segment || (fn->raw && fn_is_vf(fn)))
		return TRI_FALSE;
	if (scope->torn)
		return TRI_UNKNOWN;
	if (scope->n_path == 0)
		return TRI_FALSE;
	last = scope->path + 2 * (scope->n_path - 1);
	if (!is_step(last, fn))
		return TRI_FALSE;
	leads = path_leads(scope, fn);
	if (leads == TRI_TRUE || scope->n_path != 1 || scope->bus != fn->bdf.bus)
		return leads;
	if (ret_broken)
		*ret_broken = leads == TRI_FALSE;
	return TRI_TRUE;
}

enum tri dmar_scopes_find(const struct dmar_scopes *list, uint16_t segment,
	const struct fn *fn, struct dmar_scope *ret, bool *ret_broken)
{
	struct dmar_scope scope;
	size_t at = 0;

	while (dmar_scope_next(list, &at, &scope)) {
		bool broken = false;
		enum tri names = dmar_scope_names(&scope, segment, fn, &broken);

		if (names == TRI_FALSE)
			continue;
		*ret = scope;
		*ret_broken = broken;
		return names;
	}
	return TRI_FALSE;
}

/*
 * is_downstream_to_pci_bridge() of intel/iommu.c compares bus numbers only: a bridge that a
 * scope names covers functions of other domains that happen to have such a bus.
 */
static enum tri covers_from_afar(const struct dmar_scopes *list)
{
	struct dmar_scope scope;
	size_t at = 0;

	while (dmar_scope_next(list, &at, &scope)) {
		if (scope.type == DMAR_BRIDGE)
			return TRI_UNKNOWN;
	}
	return TRI_FALSE;
}

enum tri dmar_scopes_cover(
	const struct dmar_scopes *list, uint16_t segment, const struct fn *fn)
{
	enum tri covers = TRI_FALSE;

	if (fn->bdf.domain != segment)
		return covers_from_afar(list);
	for (int i = 0; i < MOST_BRIDGES && covers != TRI_TRUE; i++) {
		struct dmar_scope scope;
		bool broken;
		enum tri names = dmar_scopes_find(list, segment, fn, &scope, &broken);
		enum tri above;

		covers = tri_or(covers, names);
		above = bridge_above(fn, &fn);
		if (above == TRI_FALSE)
			return covers;
		if (above == TRI_UNKNOWN)
			return tri_or(covers, TRI_UNKNOWN);
	}
	return tri_or(covers, TRI_UNKNOWN);
}

/* The function under whose name FN is looked up: of a virtual function the physical one. */
static const struct fn *physical_of(const struct facts *f, const struct fn *fn)
{
	struct bdf b;

	if (!fn->raw)
		return NULL;
	if (!fn_is_vf(fn))
		return fn;
	return bdf_parse(snap_str(fn->raw->physfn), &b) ? facts_find(f, b) : NULL;
}

/* device_lookup_iommu() of intel/iommu.c. */
enum tri dmar_unit_of(struct facts *f, const struct fn *fn, const struct dmar_unit **ret)
{
	const struct dmar *dmar = dmar_decode(f);

	fn = physical_of(f, fn);
	/* What hangs behind Intel's volume management device sends in its name */
	if (!fn || !dmar || fn->bdf.domain > UINT16_MAX)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < dmar->n_units; i++) {
		const struct dmar_unit *unit = &dmar->units[i];
		enum tri covers;

		if (unit->segment != fn->bdf.domain)
			continue;
		covers = dmar_scopes_cover(&unit->scopes, unit->segment, fn);
		if (covers == TRI_UNKNOWN)
			return TRI_UNKNOWN;
		if (covers == TRI_FALSE && !unit->include_all)
			continue;
		/* In a part of the table that is not known, a unit could come before */
		if (!dmar->whole)
			return TRI_UNKNOWN;
		*ret = unit;
		return TRI_TRUE;
	}
	return dmar->whole ? TRI_FALSE : TRI_UNKNOWN;
}
