// SPDX-License-Identifier: GPL-2.0-or-later
// What firmware's DMAR table says about VT-d, and what the kernel held against it.

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"

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
	fact_set_bool(out, dmar->flags & DMAR_INTR_REMAP);
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
		fact_set_bool(out, dmar->flags & DMAR_X2APIC_OPT_OUT);
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

static const char *const log_ioapic_unmapped[] = { "ioapic {id:dec} has no mapping iommu",
	NULL };

static void ioapics_missing_from_log(struct facts *f, struct fact *out)
{
	size_t n;
	const struct klog_match *const *m = klog_list(f, log_ioapic_unmapped, &n);

	if (!n && !klog_complete(f)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_list(out);
	/* The kernel stops at the first, so more may be missing */
	out->open = n > 0;
	for (size_t i = 0; i < n; i++) {
		fact_add_text(f, out, klog_hole(f, m[i], "id"));
		klog_seen(f, out, m[i]);
	}
}

/* ir_parse_ioapic_hpet_scope() */
static enum tri dmar_maps_ioapic(const struct dmar *dmar, uint8_t id)
{
	enum tri maps = TRI_FALSE;

	for (size_t i = 0; i < dmar->n_units; i++) {
		struct dmar_scope scope;
		size_t at = 0;
		while (dmar_scope_next(&dmar->units[i].scopes, &at, &scope)) {
			if (scope.torn)
				maps = TRI_UNKNOWN;
			else if (scope.type == DMAR_IOAPIC && scope.id == id)
				return TRI_TRUE;
		}
	}
	return maps;
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
	if (!dmar || !dmar->whole || !ioapics_of(f, &list)) {
		ioapics_missing_from_log(f, out);
		return;
	}
	fact_set_list(out);
	/* Without the flag the kernel does not even look at the scopes */
	if (!(dmar->flags & DMAR_INTR_REMAP))
		return;
	out->open = list.open;
	for (size_t i = 0; i < list.n; i++) {
		enum tri maps = list.v[i].unsure ? TRI_UNKNOWN
						 : dmar_maps_ioapic(dmar, list.v[i].id);
		out->open |= maps == TRI_UNKNOWN;
		if (maps == TRI_FALSE)
			fact_add_text(f, out, arena_printf(f->arena, "%u", list.v[i].id));
	}
	if (!out->n)
		return;
	fact_seen(f, out, list.source, list.text);
	fact_seen(f, out, "ACPI DMAR table", "no DRHD scope names them");
}

static const char *const log_malformed[] = {
	"Your BIOS is broken; ANDD object name is not NUL-terminated",
	"Record passes table end", "No DRHD structure found in DMAR table",
	"Invalid DMAR haw", "Parse DMAR table failure",
	"No handler for DMAR structure type", NULL
};

void derive_dmar_malformed(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *trouble = dmar_trouble(f);
	const struct dmar *dmar = dmar_decode(f);
	const struct klog_match *m = klog_first(f, log_malformed);
	(void)s;

	if (trouble) {
		fact_set_text(out, trouble);
		fact_seen(f, out, "ACPI DMAR table", trouble);
	} else if (m) {
		fact_set_text(out, m->line->text);
		klog_seen(f, out, m);
	} else if ((dmar && dmar->whole) || klog_says(f, log_malformed) == TRI_FALSE ||
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
	const struct klog_match *const *m;
	bool from_log;
	size_t n;
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
	from_log = out->n == 0;
	m = klog_list(f, log_bad_rmrr, &n);
	for (size_t i = 0; i < n && from_log; i++) {
		const char *range = klog_hole(f, m[i], "range");
		fact_add_text(f, out, range ? range : "ends before it starts");
		klog_seen(f, out, m[i]);
	}
	/* Whether the memory map covers a region, only the log tells */
	out->open = !klog_complete(f) && !(dmar && dmar->whole && !dmar->n_rmrrs) &&
		acpi_has_table(f, "DMAR") != TRI_FALSE;
	if (out->open && !out->n && !dmar) {
		out->state = FACT_ABSENT;
		out->open = false;
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}
