// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a set: what the host would lose with it, and what it keeps.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/roles.h"
#include "facts/sets.h"
#include "facts/topology.h"

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

/* A physical function that leaves its driver takes its virtual functions with it. */
static bool is_or_has(const struct facts *f, const struct fn *fn, struct bdf b)
{
	const struct fn *used = facts_find(f, b);
	struct bdf physical;

	return bdf_compare(b, fn->bdf) == 0 ||
		(used && used->raw && fn_is_vf(used) &&
			bdf_parse(snap_str(used->raw->physfn), &physical) &&
			bdf_compare(physical, fn->bdf) == 0);
}

static bool use_is_on(
	const struct facts *f, const struct snap_use *use, const struct fn *fn)
{
	for (size_t i = 0; i < use->devices.n; i++) {
		struct bdf b;

		if (bdf_parse(use->devices.s[i], &b) && is_or_has(f, fn, b))
			return true;
	}
	return false;
}

/* Is it known which functions it goes away with? */
static bool use_is_known(const struct facts *f, const struct snap_use *use)
{
	if (use->devices.have == HAVE_NOT)
		return false;
	for (size_t i = 0; i < use->devices.n; i++) {
		struct bdf b;
		const struct fn *fn =
			bdf_parse(use->devices.s[i], &b) ? facts_find(f, b) : NULL;

		if (!fn || !fn->raw || fn->raw->physfn.have == HAVE_NOT)
			return false;
	}
	return true;
}

/* Were all uses of this kind found, down to their devices? */
static bool uses_are_whole(const struct facts *f, enum use_kind kind)
{
	static const enum source sources[] = { [USE_STORAGE] = SOURCE_STORAGE,
		[USE_ROUTE] = SOURCE_NETWORK,
		[USE_KEYBOARD] = SOURCE_INPUT };
	bool root = kind != USE_STORAGE;

	/* A tree without such a file may be one into which it was not copied */
	if (f->snap->uses.have != HAVE_VALUE ||
		snapshot_status(f->snap, sources[kind]) != STATUS_OK)
		return false;
	/* mount_namespaces(7), network_namespaces(7): a container has its own */
	if (config_is_foreign(f) && kind != USE_KEYBOARD)
		return false;
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];

		root |= text_equal(use->what, "/");
		if (use_kind_of(use) == kind && !use_is_known(f, use))
			return false;
	}
	return root;
}

/* Base classes that carry no such use (PCI Code and ID Assignment Specification): disks
 * no network, and neither disks nor network cards a keyboard; a network card may bring
 * the root file system. */
static bool class_can_carry(uint32_t base, enum use_kind kind)
{
	switch (base) {
	case 0x01:
		return kind == USE_STORAGE;
	case 0x02:
		return kind != USE_KEYBOARD;
	case 0x03: /* display */
	case 0x04: /* sound */
		return false;
	default:
		return true;
	}
}

/* A function that no driver of the host has carries nothing: that needs no source. */
static bool can_carry(const struct set *set, enum use_kind kind)
{
	for (size_t i = 0; i < set->n; i++) {
		if (class_can_carry(set->members[i]->class_code >> 16, kind) &&
			set->members[i]->on_host_driver != TRI_FALSE)
			return true;
	}
	return false;
}

/* Starts a list of members that carry a use of KIND. */
static bool start_uses(
	struct facts *f, const struct set *set, enum use_kind kind, struct fact *out)
{
	bool possible = can_carry(set, kind);

	if (f->snap->uses.have != HAVE_VALUE && possible)
		return false;
	fact_set_list(out);
	out->open = (possible && !uses_are_whole(f, kind)) || !set_is_whole(f, set);
	return true;
}

static bool carries(const struct facts *f, const struct fn *fn, enum use_kind kind)
{
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];

		if (use_kind_of(use) == kind && use_is_on(f, use, fn))
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

static void add_carriers(
	struct facts *f, const struct set *set, enum use_kind kind, struct fact *out)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct fn *fn = set->members[i];

		if (!carries(f, fn, kind))
			continue;
		fact_add_dev(f, out, fn);
		for (size_t j = 0; j < f->snap->uses.n; j++) {
			const struct snap_use *use = &f->snap->uses.v[j];

			if (use_kind_of(use) == kind && use_is_on(f, use, fn))
				fact_seen(f, out, fn->short_addr, describe_use(f, use));
		}
	}
}

void derive_set_disks(struct facts *f, const struct subject *s, struct fact *out)
{
	if (start_uses(f, s->set, USE_STORAGE, out))
		add_carriers(f, s->set, USE_STORAGE, out);
}

void derive_set_disks_use(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_uses(f, s->set, USE_STORAGE, out))
		return;
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];
		bool here = false;

		for (size_t j = 0; j < s->set->n; j++)
			here |= use_is_on(f, use, s->set->members[j]);
		if (here && use_kind_of(use) == USE_STORAGE)
			fact_add_text(f, out, describe_use(f, use));
	}
}

/* Does the host keep this one when all targets go? On no PCI device it always does. */
static bool use_stays(
	const struct facts *f, const struct set *set, const struct snap_use *use)
{
	if (!use_is_known(f, use))
		return false;
	for (size_t i = 0; i < f->n_fns; i++) {
		if (use_is_on(f, use, &f->fns[i]) && fn_leaves(f, set, &f->fns[i]))
			return false;
	}
	return true;
}

/* Does one of this kind stay? One whose place is not known may. */
static enum tri any_stays(
	const struct facts *f, const struct set *set, enum use_kind kind)
{
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];

		if (use_kind_of(use) == kind && use_stays(f, set, use))
			return TRI_TRUE;
	}
	return uses_are_whole(f, kind) ? TRI_FALSE : TRI_UNKNOWN;
}

/* The members that carry a use of KIND, if it depends on STAYS whether another one of
 * that kind stays with the host. */
static void list_carriers_if(struct facts *f, const struct set *set, enum use_kind kind,
	enum tri stays, struct fact *out)
{
	enum tri any = any_stays(f, set, kind);

	if (!start_uses(f, set, kind, out))
		return;
	if (any == stays)
		add_carriers(f, set, kind, out);
	else if (any != TRI_UNKNOWN)
		out->open = false;
}

void derive_set_uplinks(struct facts *f, const struct subject *s, struct fact *out)
{
	list_carriers_if(f, s->set, USE_ROUTE, TRI_FALSE, out);
}

void derive_set_uplinks_moved(struct facts *f, const struct subject *s, struct fact *out)
{
	list_carriers_if(f, s->set, USE_ROUTE, TRI_TRUE, out);
}

void derive_set_uplinks_left(struct facts *f, const struct subject *s, struct fact *out)
{
	if (f->snap->uses.have != HAVE_VALUE)
		return;
	fact_set_list(out);
	out->open = !uses_are_whole(f, USE_ROUTE) || !set_is_whole(f, s->set);
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];
		const char *through = snap_str(use->through);

		if (through && use_kind_of(use) == USE_ROUTE && use_stays(f, s->set, use))
			fact_add_text(f, out, through);
	}
}

void derive_set_keyboards(struct facts *f, const struct subject *s, struct fact *out)
{
	list_carriers_if(f, s->set, USE_KEYBOARD, TRI_FALSE, out);
}

void derive_set_displays(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!set_start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < s->set->n; i++) {
		if (s->set->members[i]->is_display)
			fact_add_dev(f, out, s->set->members[i]);
		out->open |= s->set->members[i]->class_code == 0xffffffff;
	}
}

void derive_set_monitors(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!set_start_list(f, s->set, out))
		return;
	for (size_t i = 0; i < s->set->n; i++) {
		const struct fn *fn = s->set->members[i];
		enum tri has = fn_has_monitor(f, fn);

		if (has == TRI_TRUE)
			fact_add_dev(f, out, fn);
		out->open |= has == TRI_UNKNOWN;
	}
}

static bool is_stubbed(const struct fn *fn)
{
	const char *driver = snap_str(fn->raw->driver);

	return driver && driver_kind_of(driver) == DRIVER_STUB;
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

		/* Whether another set really goes is as certain as what claims it */
		out->open |= fn->is_display && fn_leaves(f, s->set, fn) &&
			!fn_among(fn, s->set->members, s->set->n) &&
			f->scopes[SCOPE_TARGET].listed != TRI_TRUE;
		/* A card on vfio-pci shows nothing of the host, whoever it waits for */
		if (fn->is_display && !fn_leaves(f, s->set, fn)) {
			if (fn->on_vfio == TRI_FALSE && !is_stubbed(fn))
				fact_add_dev(f, out, fn);
			out->open |= fn->on_vfio == TRI_UNKNOWN;
		}
		out->open |= fn->raw && fn->class_code == 0xffffffff;
	}
}
