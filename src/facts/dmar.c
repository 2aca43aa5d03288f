// SPDX-License-Identifier: GPL-2.0-or-later
// What firmware's DMAR table says about VT-d, and what the kernel held against it.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"

enum { FLAG_INTR_REMAP = 1u << 0, FLAG_X2APIC_OPT_OUT = 1u << 1 };

static void flags_seen(struct facts *f, struct fact *out, const struct dmar *dmar)
{
	fact_seen(f, out, "ACPI DMAR table",
		arena_printf(f->arena, "flags 0x%02x", dmar->flags));
}

void derive_dmar_intr_remap(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	(void)s;

	if (!dmar) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_bool(out, dmar->flags & FLAG_INTR_REMAP);
	flags_seen(f, out, dmar);
}

static const char *const log_opt_out[] = {
	"x2apic is disabled because BIOS sets x2apic opt out bit", NULL
};

void derive_dmar_x2apic_opt_out(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	const struct klog_match *m = klog_first(f, log_opt_out);
	(void)s;

	if (dmar) {
		fact_set_bool(out, dmar->flags & FLAG_X2APIC_OPT_OUT);
		flags_seen(f, out, dmar);
	} else if (m) {
		fact_set_bool(out, true);
		klog_seen(f, out, m);
	} else if (klog_says(f, log_opt_out) == TRI_FALSE) {
		fact_set_bool(out, false);
	} else {
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

/* All lines that fit PATTERN. */
static const struct klog_match *match_all(
	struct facts *f, const char *pattern, size_t *ret_n)
{
	struct template *t = arena_new_object(f->arena, struct template);
	const char *error;

	*ret_n = 0;
	if (!template_compile(f->arena, pattern, t, &error))
		return NULL;
	return klog_match_all(f, t, ret_n);
}

/* dmar.c, alloc_iommu(): printed for every unit; the second wording until 4.1 */
static const char *const log_unit[] = {
	"dmar{n:dec}: reg_base_addr {base:hex} ver {v:any} cap {cap:hex} ecap {ecap:hex}",
	"IOMMU {n:dec}: reg_base_addr {base:hex} ver {v:any} cap {cap:hex} ecap {ecap:hex}",
};
enum { N_LOG_UNIT = sizeof log_unit / sizeof log_unit[0] };

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

/* VT-d specification 11.4.3 */
enum { ECAP_IR = 1u << 3 };

static size_t units_from_sysfs(struct facts *f, struct fact *out)
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
		if (u->ecap.v & ECAP_IR)
			continue;
		fact_add_text(f, out, u->name);
		fact_seen(f, out, arena_printf(f->arena, "/sys/class/iommu/%s", u->name),
			arena_printf(
				f->arena, "ecap %llx", (unsigned long long)u->ecap.v));
	}
	return n;
}

static size_t units_from_log(struct facts *f, struct fact *out)
{
	size_t found = 0;

	for (size_t p = 0; p < N_LOG_UNIT; p++) {
		size_t n;
		const struct klog_match *m = match_all(f, log_unit[p], &n);
		for (size_t i = 0; i < n; i++) {
			uint64_t cap, ecap;
			if (!hole_hex(f, &m[i], "cap", &cap) ||
				!hole_hex(f, &m[i], "ecap", &ecap))
				continue;
			found++;
			/* Nothing at all: dmar.dead-units says so */
			if (ecap & ECAP_IR || (!cap && !ecap))
				continue;
			fact_add_text(f, out,
				arena_printf(
					f->arena, "dmar%s", klog_hole(f, &m[i], "n")));
			klog_seen(f, out, &m[i]);
		}
	}
	return found;
}

void derive_dmar_units_without_ir(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	fact_set_list(out);
	if (units_from_sysfs(f, out))
		return;
	/* The driver is off, or sysfs was not read: the kernel looked at the units anyway
	 */
	out->open = !klog_complete(f);
	if (units_from_log(f, out) || acpi_has_table(f, "DMAR") == TRI_FALSE)
		return;
	out->state = FACT_ABSENT;
	out->open = false;
	fact_missing(out, SOURCE_IOMMU_UNITS);
}

static const char log_ioapic_unmapped[] = "ioapic {id:dec} has no mapping iommu";

static void ioapics_missing_from_log(struct facts *f, struct fact *out)
{
	size_t n;
	const struct klog_match *m = match_all(f, log_ioapic_unmapped, &n);

	if (!n && !klog_complete(f)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_list(out);
	/* The kernel stops at the first, so more may be missing */
	out->open = n > 0;
	for (size_t i = 0; i < n; i++) {
		fact_add_text(f, out, klog_hole(f, &m[i], "id"));
		klog_seen(f, out, &m[i]);
	}
}

static bool dmar_maps_ioapic(const struct dmar *dmar, uint8_t id)
{
	for (size_t i = 0; i < dmar->n_units; i++) {
		const struct dmar_unit *unit = &dmar->units[i];
		if (memchr(unit->ioapics, id, unit->n_ioapics))
			return true;
	}
	return false;
}

/* parse_ioapics_under_ir(): one I/O APIC in no scope switches remapping off for all. */
void derive_dmar_ioapics_missing(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	struct ioapics list;
	(void)s;

	if (!dmar && acpi_has_table(f, "DMAR") == TRI_FALSE) {
		fact_set_list(out);
		return;
	}
	if (!dmar || dmar_trouble(f) || !ioapics_of(f, &list)) {
		ioapics_missing_from_log(f, out);
		return;
	}
	fact_set_list(out);
	/* Without the flag the kernel does not even look at the scopes */
	if (!(dmar->flags & FLAG_INTR_REMAP))
		return;
	out->open = list.open;
	for (size_t i = 0; i < list.n; i++) {
		if (!dmar_maps_ioapic(dmar, list.v[i].id))
			fact_add_text(f, out, arena_printf(f->arena, "%u", list.v[i].id));
	}
	if (!out->n)
		return;
	fact_seen(f, out, list.source, list.text);
	fact_seen(f, out, "ACPI DMAR table", "no DRHD scope names them");
}

/* dmar.c, warn_invalid_dmar() */
static const char log_dead[] = "Your BIOS is broken; DMAR reported at address {base:hex}";

static void dead_add(struct facts *f, struct fact *out, uint64_t base)
{
	const char *text = arena_printf(f->arena, "0x%llx", (unsigned long long)base);

	for (size_t i = 0; i < out->n; i++) {
		if (text_equal(out->list[i], text))
			return;
	}
	fact_add_text(f, out, text);
}

static void dead_from_log(struct facts *f, struct fact *out)
{
	uint64_t base, cap, ecap;
	size_t n;
	const struct klog_match *m = match_all(f, log_dead, &n);

	for (size_t i = 0; i < n; i++) {
		if (!hole_hex(f, &m[i], "base", &base))
			continue;
		dead_add(f, out, base);
		klog_seen(f, out, &m[i]);
	}
	for (size_t p = 0; p < N_LOG_UNIT; p++) {
		m = match_all(f, log_unit[p], &n);
		for (size_t i = 0; i < n; i++) {
			if (!hole_hex(f, &m[i], "base", &base) ||
				!hole_hex(f, &m[i], "cap", &cap) ||
				!hole_hex(f, &m[i], "ecap", &ecap) || cap || ecap)
				continue;
			/* No unit has neither domains nor address widths: nothing answers
			 */
			dead_add(f, out, base);
			klog_seen(f, out, &m[i]);
		}
	}
}

static size_t units_alive(const struct facts *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->snap->units.n; i++)
		n += text_starts(f->snap->units.v[i].name, "dmar");
	return n;
}

void derive_dmar_dead_units(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	(void)s;

	fact_set_list(out);
	for (size_t i = 0; dmar && i < dmar->n_units; i++) {
		if (dmar->units[i].address)
			continue;
		dead_add(f, out, 0);
		fact_seen(f, out, "ACPI DMAR table", "a unit (DRHD) at address 0");
	}
	dead_from_log(f, out);
	if (klog_complete(f) || acpi_has_table(f, "DMAR") == TRI_FALSE ||
		(dmar && dmar->n_units && units_alive(f) >= dmar->n_units))
		return;
	if (out->n) {
		out->open = true;
		return;
	}
	out->state = FACT_ABSENT;
	fact_missing(out, SOURCE_KERNEL_LOG);
}

static const char *const log_malformed[] = { "Record passes table end",
	"No DRHD structure found in DMAR table", "Invalid DMAR haw",
	"Parse DMAR table failure", "No handler for DMAR structure type", NULL };

void derive_dmar_malformed(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *trouble = dmar_trouble(f);
	const struct klog_match *m = klog_first(f, log_malformed);
	(void)s;

	if (trouble) {
		fact_set_text(out, trouble);
		fact_seen(f, out, "ACPI DMAR table", trouble);
	} else if (m) {
		fact_set_text(out, m->line->text);
		klog_seen(f, out, m);
	} else if (dmar_decode(f) || klog_says(f, log_malformed) == TRI_FALSE ||
		acpi_has_table(f, "DMAR") == TRI_FALSE) {
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

/* intel/iommu.c, rmrr_sanity_check(); the last two are older or by the architecture */
static const char *const log_bad_rmrr[] = { "Your BIOS is broken; bad RMRR [{range:any}]",
	"Your BIOS is broken; RMRR ends before it starts",
	"No firmware reserved region can cover this RMRR [{range:any}]", NULL };

static bool rmrr_is_bad(const struct dmar_rmrr *r)
{
	const uint64_t page = 0xfff;

	return r->base & page || (r->limit + 1) & page || r->limit <= r->base;
}

void derive_dmar_bad_rmrr(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	(void)s;

	fact_set_list(out);
	for (size_t i = 0; dmar && i < dmar->n_rmrrs; i++) {
		const struct dmar_rmrr *r = &dmar->rmrrs[i];
		if (!rmrr_is_bad(r))
			continue;
		fact_add_text(f, out,
			arena_printf(f->arena, "0x%llx-0x%llx",
				(unsigned long long)r->base,
				(unsigned long long)r->limit));
		fact_seen(f, out, "ACPI DMAR table", out->list[out->n - 1]);
	}
	for (size_t p = 0; !out->n && log_bad_rmrr[p]; p++) {
		size_t n;
		const struct klog_match *m = match_all(f, log_bad_rmrr[p], &n);
		for (size_t i = 0; i < n; i++) {
			const char *range = klog_hole(f, &m[i], "range");
			fact_add_text(f, out, range ? range : "ends before it starts");
			klog_seen(f, out, &m[i]);
		}
	}
	/* Whether the memory map covers a region, only the log tells */
	out->open = !klog_complete(f) && !(dmar && !dmar->n_rmrrs) &&
		acpi_has_table(f, "DMAR") != TRI_FALSE;
	if (out->open && !out->n && !dmar) {
		out->state = FACT_ABSENT;
		out->open = false;
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}
