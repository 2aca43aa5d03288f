// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a set: what goes along, what the host would lose, what it keeps.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/claims.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/roles.h"
#include "facts/topology.h"

/* Is it known which functions belong to the set? */
static bool is_known(const struct facts *f, const struct set *set)
{
	const struct fn *fn = set->targets[0];

	return fn->group || fn_groupless(f, fn) == TRI_TRUE;
}

static bool is_whole(const struct facts *f, const struct set *set)
{
	const struct fn *fn = set->targets[0];

	return is_known(f, set) && scan_listed(f) == TRI_TRUE &&
		(!fn->group || group_is_whole(f, fn->group));
}

/* Starts a list of members; false where nothing can be said. */
static bool start_list(struct facts *f, const struct set *set, struct fact *out)
{
	if (!is_known(f, set))
		return false;
	fact_set_list(out);
	out->open = !is_whole(f, set);
	return true;
}

void derive_set_bound(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;
	enum tri bound = is_whole(f, set) ? TRI_TRUE : TRI_UNKNOWN;

	for (size_t i = 0; i < set->n_targets; i++)
		bound = tri_and(bound, set->targets[i]->on_vfio);
	for (size_t i = 0; i < set->n; i++)
		bound = tri_and(bound, tri_not(set->members[i]->on_host_driver));
	if (bound != TRI_UNKNOWN)
		fact_set_bool(out, bound == TRI_TRUE);
}

void derive_set_members(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < s->set->n; i++)
		fact_add_dev(f, out, s->set->members[i]);
}

void derive_set_unbound(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_list(f, s->set, out))
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

void derive_set_foreign(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;

	if (!start_list(f, set, out))
		return;
	for (size_t i = 0; i < set->n; i++) {
		const struct fn *fn = set->members[i];

		if (in_slot_of_target(set, fn) || (f->has_targets && fn->handover))
			continue;
		if (fn->on_host_driver == TRI_FALSE || fn_set_aside(f, fn))
			continue;
		if (fn->on_host_driver == TRI_UNKNOWN || claims_known(f) != TRI_TRUE)
			out->open = true;
		else
			fact_add_dev(f, out, fn);
	}
}

void derive_set_bridges(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct group *g = s->set->targets[0]->group;

	if (!start_list(f, s->set, out))
		return;
	for (size_t i = 0; g && i < g->n; i++) {
		if (!g->members[i]->is_endpoint)
			fact_add_dev(f, out, g->members[i]);
	}
}

void derive_set_slot_others(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;

	if (!start_list(f, set, out))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (!fn->raw || !fn->is_endpoint || !in_slot_of_target(set, fn) ||
			fn_among(fn, set->members, set->n) ||
			(f->has_targets && fn->handover))
			continue;
		/* "A group of its own" there is only where the IOMMU made groups */
		if (fn->group && set->targets[0]->group)
			fact_add_dev(f, out, fn);
		else if (fn_groupless(f, fn) == TRI_UNKNOWN ||
			fn_groupless(f, set->targets[0]) == TRI_UNKNOWN)
			out->open = true;
	}
}

/* drivers/pci/controller/vmd.c: its domains begin behind the 16 bits of ACPI's, and what
 * is in them sends under the name of the device itself (pci_real_dma_dev()). */
enum { LAST_ACPI_DOMAIN = 0xffff };

void derive_set_vmd(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;
	bool hidden = false;

	if (!start_list(f, set, out))
		return;
	for (size_t i = 0; i < set->n; i++)
		hidden |= set->members[i]->bdf.domain > LAST_ACPI_DOMAIN;
	for (size_t i = 0; hidden && i < set->n; i++) {
		if (set->members[i]->bdf.domain <= LAST_ACPI_DOMAIN)
			fact_add_dev(f, out, set->members[i]);
	}
}

enum use_kind { USE_STORAGE, USE_ROUTE, USE_KEYBOARD, USE_OTHER };

/* What the system itself stands on: a disk mounted below /mnt or /media is no part of it.
 */
static enum use_kind use_kind_of(const struct snap_use *use)
{
	static const char *const system[] = { "/boot", "/efi", "/usr", "/var", "/etc",
		"/home", "/opt", "/srv", "/root", "/nix", "/gnu" };

	if (text_equal(use->what, "default route"))
		return USE_ROUTE;
	if (text_equal(use->what, "keyboard"))
		return USE_KEYBOARD;
	if (text_equal(use->what, "/") || text_equal(use->what, "swap"))
		return USE_STORAGE;
	for (size_t i = 0; i < sizeof system / sizeof system[0]; i++) {
		size_t n = strlen(system[i]);

		if (text_starts(use->what, system[i]) &&
			(use->what[n] == '\0' || use->what[n] == '/'))
			return USE_STORAGE;
	}
	return USE_OTHER;
}

static bool use_is_on(const struct snap_use *use, const struct fn *fn)
{
	for (size_t i = 0; i < use->devices.n; i++) {
		struct bdf b;

		if (bdf_parse(use->devices.s[i], &b) && bdf_compare(b, fn->bdf) == 0)
			return true;
	}
	return false;
}

/* Were all uses of this kind found, down to their devices? */
static bool uses_are_whole(const struct facts *f, enum use_kind kind)
{
	static const enum source sources[] = { [USE_STORAGE] = SOURCE_STORAGE,
		[USE_ROUTE] = SOURCE_NETWORK,
		[USE_KEYBOARD] = SOURCE_INPUT };
	enum source_status status = snapshot_status(f->snap, sources[kind]);
	bool root = kind != USE_STORAGE;

	if (status != STATUS_OK && status != STATUS_ABSENT)
		return false;
	/* mount_namespaces(7), network_namespaces(7): a container has its own */
	if (config_is_foreign(f) && kind != USE_KEYBOARD)
		return false;
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];

		root |= text_equal(use->what, "/");
		if (use_kind_of(use) == kind && use->devices.have == HAVE_NOT)
			return false;
	}
	return root;
}

/* Displays and sound never carry a disk, a network or a keyboard, nor does a function
 * that no driver of the host has: that needs no source. */
static bool can_carry(const struct set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		uint32_t base = set->members[i]->class_code >> 16;

		if (base != 0x03 && base != 0x04 &&
			set->members[i]->on_host_driver != TRI_FALSE)
			return true;
	}
	return false;
}

/* Starts a list of members that carry a use of KIND. */
static bool start_uses(
	struct facts *f, const struct set *set, enum use_kind kind, struct fact *out)
{
	bool possible = can_carry(set);

	if (f->snap->uses.have != HAVE_VALUE && possible)
		return false;
	fact_set_list(out);
	out->open = (possible && !uses_are_whole(f, kind)) || !is_whole(f, set);
	return true;
}

static bool carries(const struct facts *f, const struct fn *fn, enum use_kind kind)
{
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];

		if (use_kind_of(use) == kind && use_is_on(use, fn))
			return true;
	}
	return false;
}

static const char *describe_use(struct facts *f, const struct snap_use *use)
{
	const char *through = snap_str(use->through);

	return through ? arena_printf(f->arena, "%s (%s)", use->what, through)
		       : use->what;
}

static void list_carriers(
	struct facts *f, const struct set *set, enum use_kind kind, struct fact *out)
{
	if (!start_uses(f, set, kind, out))
		return;
	for (size_t i = 0; i < set->n; i++) {
		const struct fn *fn = set->members[i];

		if (!carries(f, fn, kind))
			continue;
		fact_add_dev(f, out, fn);
		for (size_t j = 0; j < f->snap->uses.n; j++) {
			const struct snap_use *use = &f->snap->uses.v[j];

			if (use_kind_of(use) == kind && use_is_on(use, fn))
				fact_seen(f, out, fn->short_addr, describe_use(f, use));
		}
	}
}

void derive_set_disks(struct facts *f, const struct subject *s, struct fact *out)
{
	list_carriers(f, s->set, USE_STORAGE, out);
}

void derive_set_uplinks(struct facts *f, const struct subject *s, struct fact *out)
{
	list_carriers(f, s->set, USE_ROUTE, out);
}

void derive_set_disks_use(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_uses(f, s->set, USE_STORAGE, out))
		return;
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];
		bool here = false;

		for (size_t j = 0; j < s->set->n; j++)
			here |= use_is_on(use, s->set->members[j]);
		if (here && use_kind_of(use) == USE_STORAGE)
			fact_add_text(f, out, describe_use(f, use));
	}
}

/* Does some keyboard stay with the host? One on no PCI device (i8042) always does. */
static bool keyboard_stays(const struct facts *f, const struct set *set)
{
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];
		bool leaves = false;

		if (use_kind_of(use) != USE_KEYBOARD || use->devices.have == HAVE_NOT)
			continue;
		for (size_t j = 0; j < f->n_fns; j++)
			leaves |= use_is_on(use, &f->fns[j]) &&
				fn_leaves(f, set, &f->fns[j]);
		if (!leaves)
			return true;
	}
	return false;
}

void derive_set_keyboards(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct set *set = s->set;

	if (!start_uses(f, set, USE_KEYBOARD, out))
		return;
	if (keyboard_stays(f, set)) {
		out->open = false;
		return;
	}
	/* A keyboard whose place is not known may be one that stays */
	if (out->open)
		return;
	for (size_t i = 0; i < set->n; i++) {
		if (carries(f, set->members[i], USE_KEYBOARD))
			fact_add_dev(f, out, set->members[i]);
	}
}

void derive_set_displays(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < s->set->n; i++) {
		if (s->set->members[i]->is_display)
			fact_add_dev(f, out, s->set->members[i]);
		out->open |= s->set->members[i]->class_code == 0xffffffff;
	}
}

void derive_set_displays_left(struct facts *f, const struct subject *s, struct fact *out)
{
	for (size_t i = 0; i < f->n_handovers; i++) {
		const struct fn *fn = f->handovers[i]->fn;

		/* What goes along with a target is not known: nor is what stays */
		if ((f->has_targets || fn->handover->set == s->set) && !fn->group &&
			fn_groupless(f, fn) == TRI_UNKNOWN)
			return;
	}
	if (scan_listed(f) == TRI_FALSE)
		return;
	fact_set_list(out);
	out->open = scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		/* A card on vfio-pci shows nothing of the host, whoever it waits for */
		if (fn->is_display && !fn_leaves(f, s->set, fn)) {
			if (fn->on_vfio == TRI_FALSE)
				fact_add_dev(f, out, fn);
			out->open |= fn->on_vfio == TRI_UNKNOWN;
		}
		out->open |= fn->raw && fn->class_code == 0xffffffff;
	}
}
