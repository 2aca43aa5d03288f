// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a function: how it is reset, what that reaches, and what is known to go wrong.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/reset_guess.h"
#include "facts/resets.h"
#include "facts/roles.h"
#include "facts/topology.h"

/* Did any function show a value of the attribute, so that this kernel knows it? */
static bool kernel_shows_methods(const struct facts *f)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		if (f->fns[i].raw && f->fns[i].raw->reset_method.have == HAVE_VALUE)
			return true;
	}
	return false;
}

/*
 * Neither `reset` nor, since 5.15, `reset_method` is there for a function without any
 * method (pci_dev_reset_attr_is_visible(), drivers/pci/pci-sysfs.c;
 * pci_dev_reset_method_attr_is_visible(), drivers/pci/pci.c). Its owner can empty the
 * second one.
 */
static enum tri has_no_method(struct facts *f, const struct snap_pci *raw)
{
	if (raw->reset_method.have == HAVE_NONE &&
		(kernel_shows_methods(f) || kernel_at_least(f, 5, 15, 0) == TRI_TRUE))
		return TRI_TRUE;
	if (raw->reset.have == HAVE_VALUE)
		return tri_of(!raw->reset.v);
	return TRI_UNKNOWN;
}

void derive_device_reset_methods(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;

	if (!raw)
		return;
	if (raw->reset_method.have == HAVE_VALUE) {
		size_t n;
		char **words = text_split(f->arena, raw->reset_method.s, " \t\n", &n);

		fact_set_list(out);
		for (size_t i = 0; i < n; i++)
			fact_add_text(f, out, words[i]);
		fact_seen(f, out,
			arena_printf(f->arena, "reset_method of %s", s->fn->short_addr),
			raw->reset_method.s);
	} else if (has_no_method(f, raw) == TRI_TRUE) {
		fact_set_list(out);
		fact_seen(f, out,
			arena_printf(f->arena, "reset of %s", s->fn->short_addr),
			"no such file");
	} else if (kernel_at_least(f, 5, 15, 0) == TRI_FALSE) {
		/* Nobody could choose yet: what the device knows is what is used */
		reset_guess_methods(f, s->fn, out);
	}
}

void derive_device_reset_first(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *methods = fact_of(f, s, "reset.methods");

	/* Of a list that may be incomplete, the first may be missing */
	if (methods->state != FACT_VALUE || methods->open)
		return;
	fact_set_text(out, methods->n ? methods->list[0] : NULL);
}

/* Does a reset of the bus that FN sits on reach OTHER? */
static bool shares_bus(const struct facts *f, const struct fn *fn, const struct fn *other)
{
	for (size_t i = 0; other && i <= f->n_fns; i++, other = other->parent) {
		if (other->raw && other->bdf.domain == fn->bdf.domain &&
			other->bdf.bus == fn->bdf.bus)
			return true;
	}
	return false;
}

/* A set with FN in it; the sets of two candidates with the same function have the same
 * members, those of their group. */
static const struct set *set_with(const struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; i < f->n_handovers; i++) {
		const struct set *set = f->handovers[i]->set;

		if (fn_among(fn, set->members, set->n))
			return set;
	}
	return NULL;
}

/* Does OTHER go to the same guest as FN, whose set is SET? Of targets that nobody named,
 * only a slot or a group is known to stay together. */
static enum tri goes_with(const struct facts *f, const struct set *set,
	const struct fn *fn, const struct fn *other)
{
	bool listed = f->guests_named || f->scopes[SCOPE_TARGET].listed == TRI_TRUE;

	if (fn_among(other, set->members, set->n))
		return TRI_TRUE;
	if (!f->has_targets || !other->in_set)
		return listed ? TRI_FALSE : TRI_UNKNOWN;
	return f->guests_named || fn_same_slot(fn, other) ? TRI_TRUE : TRI_UNKNOWN;
}

/* Does a reset of the bus of FN reach nothing but what goes to the same guest? */
static enum tri bus_is_own(
	struct facts *f, const struct fn *fn, const struct set *set, struct fact *out)
{
	enum tri own = TRI_TRUE;

	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *other = &f->fns[i];
		enum tri with;

		if (other == fn || !shares_bus(f, fn, other) || fn_is_vf(other))
			continue;
		with = reset_bus_forbidden(other) ? TRI_FALSE
						  : goes_with(f, set, fn, other);
		if (with == TRI_FALSE)
			fact_seen(f, out, "on the same bus", fn_describe(f, other));
		own = tri_and(own, with);
	}
	return own;
}

/* vfio_pci_ioctl_pci_hot_reset() wants every function that the reset reaches; nothing
 * above a root bus can reset it (pci_parent_bus_reset()). */
void derive_device_reset_bus(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn = s->fn;
	const struct set *set = set_with(f, fn);
	bool sure = fn->group || fn_groupless(f, fn) == TRI_TRUE;
	enum tri own;

	if (!fn->raw || !set || fn->raw->parent.have == HAVE_NOT)
		return;
	if (fn->raw->parent.have == HAVE_NONE || fn_is_vf(fn) ||
		reset_bus_forbidden(fn) ||
		(fn->parent && reset_bus_forbidden(fn->parent))) {
		fact_set_bool(out, false);
		return;
	}
	own = bus_is_own(f, fn, set, out);
	if (own == TRI_FALSE && sure)
		fact_set_bool(out, false);
	else if (own == TRI_TRUE && scan_listed(f) == TRI_TRUE)
		fact_set_bool(out, true);
}

/* The entry of the table; *RET_KNOWN: NULL means that there is none. */
static const struct reset_family *family_of(
	struct facts *f, const struct fn *fn, bool *ret_known)
{
	const struct reset_family *r = fn_ids_known(fn) ? reset_family_of(fn) : NULL;
	enum tri fits = r ? reset_family_fits(f, r) : tri_of(false);

	*ret_known = fn_ids_known(fn) && fits != TRI_UNKNOWN;
	return fits == TRI_TRUE ? r : NULL;
}

static void family_seen(struct facts *f, struct fact *out, const struct reset_family *r)
{
	static const char *const said[] = {
		[TRUST_SOURCE] = "known from",
		[TRUST_REPORTS] = "reported in",
		[TRUST_CONTRADICTORY] = "reported and contradicted in",
	};

	if (r)
		fact_seen(f, out, said[r->trust], r->source);
}

void derive_device_reset_family(
	struct facts *f, const struct subject *s, struct fact *out)
{
	bool known;
	const struct reset_family *r = family_of(f, s->fn, &known);

	if (known)
		fact_set_text(out, r ? r->family : NULL);
	family_seen(f, out, r);
}

void derive_device_reset_trouble(
	struct facts *f, const struct subject *s, struct fact *out)
{
	bool known;
	const struct reset_family *r = family_of(f, s->fn, &known);

	if (known)
		fact_set_text(out, r ? r->trouble : NULL);
	family_seen(f, out, r);
}

void derive_device_reset_cure(struct facts *f, const struct subject *s, struct fact *out)
{
	bool known;
	const struct reset_family *r = family_of(f, s->fn, &known);

	if (known)
		fact_set_text(out, r ? r->cure : NULL);
}

void derive_device_reset_vendor_module(
	struct facts *f, const struct subject *s, struct fact *out)
{
	bool known;
	const struct reset_family *r = family_of(f, s->fn, &known);

	if (known)
		fact_set_bool(out, r && r->vendor_reset);
}

void derive_device_reset_sleeps(
	struct facts *f, const struct subject *s, struct fact *out)
{
	bool known;
	const struct reset_family *r = family_of(f, s->fn, &known);

	if (known)
		fact_set_bool(out, r && r->sleeps);
}

/* The reset that owners report to hang, if the kernel would try it first. */
void derive_device_reset_hangs_by(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *first = fact_of(f, s, "reset.first");
	bool known;
	const struct reset_family *r = family_of(f, s->fn, &known);

	if (!known)
		return;
	if (!r || !r->hangs_by)
		fact_set_none(out);
	else if (first->state != FACT_ABSENT)
		fact_set_text(
			out, text_equal(first->text, r->hangs_by) ? r->hangs_by : NULL);
}

static const char *const avoidable[] = { "flr", "af_flr", "pm", "bus" };

/* An AF FLR is an FLR to the quirk: pci_af_flr(), drivers/pci/pci.c. */
static bool is_avoided(const struct fn *fn, const char *method)
{
	if (text_equal(method, "af_flr"))
		method = "flr";
	return reset_quirk_of(fn, method, false) != NULL;
}

/* A method in use which newer kernels avoid for this device. */
void derive_device_reset_unsafe(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *methods = fact_of(f, s, "reset.methods");
	bool any = false;

	if (!fn_ids_known(s->fn))
		return;
	for (size_t i = 0; i < sizeof avoidable / sizeof avoidable[0]; i++)
		any |= is_avoided(s->fn, avoidable[i]);
	for (size_t i = 0; i < methods->n; i++) {
		if (is_avoided(s->fn, methods->list[i])) {
			fact_set_text(out, methods->list[i]);
			return;
		}
	}
	if (!any || (methods->state == FACT_VALUE && !methods->open))
		fact_set_none(out);
}

/* Is there a routine for this device in newer kernels that this one lacks? */
void derive_device_reset_lacks_routine(
	struct facts *f, const struct subject *s, struct fact *out)
{
	static const char own_way[] = "device_specific";
	const struct fact *methods = fact_of(f, s, "reset.methods");

	if (!fn_ids_known(s->fn))
		return;
	if (!reset_quirk_of(s->fn, own_way, true)) {
		fact_set_bool(out, false);
		return;
	}
	for (size_t i = 0; i < methods->n; i++) {
		if (text_equal(methods->list[i], own_way)) {
			fact_set_bool(out, false);
			return;
		}
	}
	if (methods->state == FACT_VALUE && !methods->open)
		fact_set_bool(out, true);
}
