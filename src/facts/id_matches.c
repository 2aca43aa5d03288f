// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions of an ID the host keeps, which one was meant, and the list to write.
#include <string.h>

#include "base/text.h"
#include "facts/claims.h"
#include "facts/company.h"
#include "facts/derive.h"
#include "facts/modprobe.h"
#include "facts/roles.h"
#include "facts/topology.h"

static bool is_target(const struct fn *fn)
{
	return fn->handover && !fn->handover->candidate;
}

/* In the set or slot of a target: goes along. */
static bool goes_along(const struct facts *f, const struct fn *fn)
{
	return f->has_targets && fn->goes_along;
}

/* Does the host keep a picture when DISPLAY is on vfio? */
static bool has_other_display(const struct facts *f, const struct fn *display)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (fn != display && fn->is_display && fn->on_vfio == TRI_FALSE)
			return true;
	}
	return false;
}

/* The host's display, unless vfio has it already and the host has another. */
static bool is_kept_display(const struct facts *f, const struct fn *fn)
{
	const struct fn *display = host_display(f);

	return fn == display && (fn->on_vfio == TRI_FALSE || !has_other_display(f, fn));
}

/* Its audio and USB functions stay with it. */
static bool is_beside_kept_display(const struct facts *f, const struct fn *fn)
{
	const struct fn *display = host_display(f);

	return display && fn_same_slot(fn, display) && is_kept_display(f, display);
}

/* It holds a disk that the host runs from, or the default route. */
static bool is_lived_on(const struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; i < f->snap->uses.n; i++) {
		const struct snap_use *use = &f->snap->uses.v[i];

		if (!strcmp(use->what, "keyboard"))
			continue;
		for (size_t k = 0; k < use->devices.n; k++) {
			if (text_equal(use->devices.s[k], fn->addr))
				return true;
		}
	}
	return false;
}

/*
 * With --guest: what was not named and goes along with nothing named, unless it is on
 * vfio already (then it serves another guest). Without: what the host visibly lives on.
 */
static bool is_kept(struct facts *f, const struct fn *fn)
{
	if (!fn->is_endpoint || fn->missing)
		return false;
	if (f->guests_named) {
		if (is_target(fn) || goes_along(f, fn))
			return false;
		if (fn->on_vfio == TRI_FALSE)
			return true;
	}
	return is_beside_kept_display(f, fn) || is_lived_on(f, fn) ||
		claim_in_passing(f, fn);
}

/* The match that was meant: a target that the host does not need. NULL if there is none.
 */
static const struct fn *wanted_of(struct facts *f, const struct vfio_id_item *item)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (vfio_id_fits(item, fn) && is_target(fn) && !is_kept(f, fn))
			return fn;
	}
	return NULL;
}

static bool matches_known(
	const struct facts *f, const struct subject *s, struct fact *out)
{
	if (!s->item)
		return false;
	if (scan_listed(f) == TRI_FALSE) {
		fact_missing(out, SOURCE_PCI);
		return false;
	}
	return true;
}

/* Matches beside the wanted one that the host keeps: sound functions, or all others. */
static void add_kept(
	struct facts *f, const struct vfio_id_item *item, bool sound, struct fact *out)
{
	if (!wanted_of(f, item))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (vfio_id_fits(item, fn) && fn_is_sound(fn) == tri_of(sound) &&
			is_kept(f, fn))
			fact_add_dev(f, out, fn);
	}
}

/*
 * Empty where nothing else matches: an ID whose only function is the host's display is a
 * machine with one card, and its owner means it. Empty also in a list that another
 * replaces: the other has subjects of its own.
 */
static void derive_also(
	struct facts *f, const struct subject *s, bool sound, struct fact *out)
{
	const struct vfio_id_item *item = s->item;
	size_t matches = 0;

	if (!matches_known(f, s, out) || !vfio_id_order_known(f, item, out))
		return;
	fact_set_list(out);
	if (item->list->winner)
		return;
	for (size_t i = 0; i < f->n_fns; i++)
		matches += vfio_id_fit(item, &f->fns[i]) != TRI_FALSE;
	add_kept(f, item, sound, out);
	/* A single match of a complete scan cannot be "also" */
	if (matches < 2 && scan_listed(f) == TRI_TRUE)
		return;
	out->open = scan_listed(f) != TRI_TRUE || f->snap->uses.have == HAVE_NOT ||
		claims_known(f) != TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++) {
		enum tri fit = vfio_id_fit(item, &f->fns[i]);

		if (fit == TRI_UNKNOWN ||
			(fit == TRI_TRUE &&
				(f->fns[i].on_vfio == TRI_UNKNOWN ||
					fn_is_sound(&f->fns[i]) == TRI_UNKNOWN)))
			out->open = true;
	}
	if (out->open)
		out->missing |=
			1u << SOURCE_PCI | 1u << SOURCE_STORAGE | 1u << SOURCE_MODPROBE;
}

void derive_vfio_id_also_host(struct facts *f, const struct subject *s, struct fact *out)
{
	derive_also(f, s, false, out);
}

void derive_vfio_id_also_sound(struct facts *f, const struct subject *s, struct fact *out)
{
	derive_also(f, s, true, out);
}

/* Both of two equal cards on vfio-pci may be what the owner of a headless host wants; one
 * that is still on its own driver is lost at the next boot. */
void derive_vfio_id_also_taken(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *also = fact_of(f, s, "also-host");

	if (also->state == FACT_ABSENT || also->open) {
		out->missing |= also->missing;
		return;
	}
	bool taken = also->n > 0;
	for (size_t i = 0; i < also->n; i++)
		taken = taken && also->devs[i] && also->devs[i]->on_vfio == TRI_TRUE;
	fact_set_bool(out, taken);
}

void derive_vfio_id_wanted(struct facts *f, const struct subject *s, struct fact *out)
{
	if (matches_known(f, s, out))
		fact_set_dev(f, out, wanted_of(f, s->item));
}

static bool same_pair(const struct fn *a, const struct fn *b)
{
	return fn_ids_known(a) && fn_ids_known(b) &&
		a->raw->vendor.v == b->raw->vendor.v &&
		a->raw->device.v == b->raw->device.v;
}

static bool same_subsystem(const struct fn *a, const struct fn *b)
{
	return a->raw->subvendor.have == b->raw->subvendor.have &&
		a->raw->subvendor.v == b->raw->subvendor.v &&
		a->raw->subdevice.v == b->raw->subdevice.v;
}

/* Is FN to be handed over: a member of the set, or beside the target in its slot? */
static bool is_listed(
	const struct facts *f, const struct handover *only, const struct fn *fn)
{
	if (!fn->is_endpoint || !fn_ids_known(fn))
		return false;
	if (!only)
		return goes_along(f, fn);
	return fn == only->fn || fn_is_companion(f, only->fn, fn) != TRI_FALSE ||
		fn_among(fn, only->set->members, only->set->n);
}

/* `1002:aab0`; with the subsystem where only that tells it from what the host keeps; NULL
 * where no ID does. */
static const char *id_of(
	struct facts *f, const struct handover *only, const struct fn *fn)
{
	const struct snap_pci *raw = fn->raw;
	bool shared = false;

	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *other = &f->fns[i];

		if (!same_pair(fn, other) || is_listed(f, only, other) ||
			!other->is_endpoint)
			continue;
		if (same_subsystem(fn, other))
			return NULL;
		shared = true;
	}
	if (shared && raw->subvendor.have == HAVE_VALUE &&
		raw->subdevice.have == HAVE_VALUE)
		return arena_printf(f->arena, "%04x:%04x:%04x:%04x",
			(unsigned)raw->vendor.v, (unsigned)raw->device.v,
			(unsigned)raw->subvendor.v, (unsigned)raw->subdevice.v);
	return shared ? NULL
		      : arena_printf(f->arena, "%04x:%04x", (unsigned)raw->vendor.v,
				(unsigned)raw->device.v);
}

static void add_unique(struct strbuf *b, const char *id)
{
	const char *at = b->s ? strstr(b->s, id) : NULL;
	size_t n = strlen(id);

	for (; at; at = strstr(at + 1, id)) {
		if ((at == b->s || at[-1] == ',') && (at[n] == ',' || !at[n]))
			return;
	}
	strbuf_addf(b, "%s%s", b->len ? "," : "", id);
}

const char *ids_wanted(struct facts *f, const struct handover *only)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < f->n_fns; i++) {
		const char *id;

		if (!is_listed(f, only, &f->fns[i]))
			continue;
		id = id_of(f, only, &f->fns[i]);
		if (id)
			add_unique(&b, id);
	}
	return b.len ? strbuf_finish(&b, f->arena) : NULL;
}

const char *id_wanted(struct facts *f, const struct fn *fn)
{
	const struct handover *only =
		fn->handover && fn->handover->candidate ? fn->handover : NULL;

	return fn->is_endpoint && fn_ids_known(fn) ? id_of(f, only, fn) : NULL;
}

void derive_vfio_ids_wanted(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (scan_listed(f) != TRI_TRUE)
		fact_missing(out, SOURCE_PCI);
	else
		fact_set_text(out, ids_wanted(f, NULL));
}
