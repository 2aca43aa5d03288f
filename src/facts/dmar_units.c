// SPDX-License-Identifier: GPL-2.0-or-later
// The VT-d units: what their registers say, which of them are dead, which serve whom.

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"

/* dmar.c, alloc_iommu(): printed for every unit; the second wording until 4.1 */
static const char *const log_unit[] = {
	"dmar{n:dec}: reg_base_addr {base:hex} ver {v:any} cap {cap:hex} ecap {ecap:hex}",
	"IOMMU {n:dec}: reg_base_addr {base:hex} ver {v:any} cap {cap:hex} ecap {ecap:hex}",
	NULL,
};

/* VT-d specification 11.4.2 and 11.4.3 */
enum { CAP_POSTING_BIT = 59, ECAP_IR_BIT = 3 };

static bool hole_hex(
	struct facts *f, const struct klog_match *m, const char *name, uint64_t *ret)
{
	const char *digits = klog_hole(f, m, name);

	return digits &&
		text_to_u64(text_starts(digits, "0x")
				? digits
				: arena_printf(f->arena, "0x%s", digits),
			ret);
}

static size_t units_alive(const struct facts *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->snap->units.n; i++)
		n += text_starts(f->snap->units.v[i].name, "dmar");
	return n;
}

/* Does sysfs show all units? It leaves out those that the driver ignores. */
static bool all_shown(struct facts *f)
{
	const struct dmar *dmar = dmar_decode(f);

	return dmar && dmar->whole && dmar->n_units && units_alive(f) >= dmar->n_units;
}

static size_t without_ir_in_sysfs(struct facts *f, struct fact *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->snap->units.n; i++) {
		const struct snap_unit *u = &f->snap->units.v[i];
		if (!text_starts(u->name, "dmar"))
			continue;
		if (u->ecap.have != HAVE_VALUE) {
			out->open = true;
			continue;
		}
		n++;
		if (u->ecap.v >> ECAP_IR_BIT & 1)
			continue;
		fact_add_text(f, out, u->name);
		fact_seen(f, out, arena_printf(f->arena, "/sys/class/iommu/%s", u->name),
			arena_printf(
				f->arena, "ecap %llx", (unsigned long long)u->ecap.v));
	}
	return n;
}

static size_t without_ir_in_log(struct facts *f, struct fact *out)
{
	size_t n, found = 0;
	const struct klog_match *const *m = klog_list(f, log_unit, &n);

	for (size_t i = 0; i < n; i++) {
		uint64_t cap, ecap;
		if (!hole_hex(f, m[i], "cap", &cap) || !hole_hex(f, m[i], "ecap", &ecap))
			continue;
		found++;
		/* Nothing at all: dmar.dead-units says so */
		if (ecap >> ECAP_IR_BIT & 1 || (!cap && !ecap))
			continue;
		fact_add_text_once(f, out,
			arena_printf(f->arena, "dmar%s", klog_hole(f, m[i], "n")));
		klog_seen(f, out, m[i]);
	}
	return found;
}

void derive_dmar_units_without_ir(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t seen;
	(void)s;

	fact_set_list(out);
	seen = without_ir_in_sysfs(f, out);
	if (seen && all_shown(f))
		return;
	/* One that sysfs does not show counts as well, and the kernel looked at it */
	out->open = !klog_complete(f);
	if (without_ir_in_log(f, out) + seen || acpi_has_table(f, "DMAR") == TRI_FALSE)
		return;
	out->state = FACT_ABSENT;
	out->open = false;
	fact_missing(out, SOURCE_IOMMU_UNITS);
}

/* set_irq_posting_cap(): one unit without takes posting from all. Where none has it, it is
 * no loss: processors for desktops never had. */
void derive_dmar_units_without_posting(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t with = 0;
	(void)s;

	if (f->snap->units.have == HAVE_NOT) {
		fact_missing(out, SOURCE_IOMMU_UNITS);
		return;
	}
	fact_set_list(out);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < f->snap->units.n; i++) {
			const struct snap_unit *u = &f->snap->units.v[i];
			if (!text_starts(u->name, "dmar"))
				continue;
			out->open |= u->cap.have != HAVE_VALUE;
			if (u->cap.have != HAVE_VALUE)
				continue;
			if (pass == 0)
				with += u->cap.v >> CAP_POSTING_BIT & 1;
			else if (with && !(u->cap.v >> CAP_POSTING_BIT & 1))
				fact_add_text(f, out, u->name);
		}
	}
	if (out->n)
		fact_seen(f, out, "/sys/class/iommu", "cap of the units, bit 59");
}

/* dmar.c, warn_invalid_dmar() */
static const char *const log_dead[] = {
	"Your BIOS is broken; DMAR reported at address {base:hex}", NULL
};

static void add_address(struct facts *f, struct fact *out, uint64_t base)
{
	fact_add_text_once(
		f, out, arena_printf(f->arena, "0x%llx", (unsigned long long)base));
}

static void dead_from_log(struct facts *f, struct fact *out)
{
	uint64_t base, cap, ecap;
	size_t n;
	const struct klog_match *const *m = klog_list(f, log_dead, &n);

	for (size_t i = 0; i < n; i++) {
		if (!hole_hex(f, m[i], "base", &base))
			continue;
		add_address(f, out, base);
		klog_seen(f, out, m[i]);
	}
	m = klog_list(f, log_unit, &n);
	for (size_t i = 0; i < n; i++) {
		if (!hole_hex(f, m[i], "base", &base) ||
			!hole_hex(f, m[i], "cap", &cap) ||
			!hole_hex(f, m[i], "ecap", &ecap) || cap || ecap)
			continue;
		/* No unit has neither domains nor address widths: nothing answers */
		add_address(f, out, base);
		klog_seen(f, out, m[i]);
	}
}

void derive_dmar_dead_units(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	(void)s;

	fact_set_list(out);
	for (size_t i = 0; dmar && i < dmar->n_units; i++) {
		if (dmar->units[i].address)
			continue;
		add_address(f, out, 0);
		fact_seen(f, out, "ACPI DMAR table", "a unit (DRHD) at address 0");
	}
	dead_from_log(f, out);
	if (klog_complete(f) || acpi_has_table(f, "DMAR") == TRI_FALSE || all_shown(f))
		return;
	if (out->n) {
		out->open = true;
		return;
	}
	out->state = FACT_ABSENT;
	fact_missing(out, SOURCE_KERNEL_LOG);
}

static const char *unit_text(struct facts *f, const struct dmar_unit *unit)
{
	return arena_printf(f->arena, "0x%llx", (unsigned long long)unit->address);
}

void derive_device_dmar_unit(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar_unit *unit;

	switch (dmar_unit_of(f, s->fn, &unit)) {
	case TRI_TRUE:
		fact_set_text(out, unit_text(f, unit));
		fact_seen(f, out, "ACPI DMAR table",
			arena_printf(f->arena, "the unit at %s serves %s", out->text,
				s->fn->short_addr));
		break;
	case TRI_FALSE:
		fact_set_none(out);
		fact_seen(f, out, "ACPI DMAR table",
			arena_printf(f->arena, "no DRHD serves %s", s->fn->short_addr));
		break;
	case TRI_UNKNOWN:
		if (acpi_has_table(f, "DMAR") == TRI_FALSE)
			fact_set_none(out);
		else
			fact_missing(out, SOURCE_ACPI_TABLES);
		break;
	}
}

/* The driver registers a unit only if it uses it (for_each_active_iommu() in
 * intel_iommu_init()). */
void derive_device_dmar_unit_idle(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar_unit *unit;
	size_t known = 0, alive = units_alive(f);

	if (dmar_unit_of(f, s->fn, &unit) != TRI_TRUE) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	for (size_t i = 0; i < f->snap->units.n; i++) {
		const struct snap_unit *u = &f->snap->units.v[i];
		if (!text_starts(u->name, "dmar") || u->address.have != HAVE_VALUE)
			continue;
		known++;
		if (u->address.v != unit->address)
			continue;
		fact_set_bool(out, false);
		return;
	}
	if (!alive || known < alive) {
		fact_missing(out, SOURCE_IOMMU_UNITS);
		return;
	}
	fact_set_bool(out, true);
	fact_seen(f, out, "/sys/class/iommu",
		arena_printf(f->arena, "no unit at %s", unit_text(f, unit)));
}
