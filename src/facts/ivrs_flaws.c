// SPDX-License-Identifier: GPL-2.0-or-later
// What is wrong with the form of firmware's IVRS table, as far as the kernel minds.
#include <string.h>

#include "facts/acpi.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/ivrs_word.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/topology.h"

static const char *const log_malformed[] = { "IVRS invalid checksum",
	"Unsupported IVHD type", "IVRS table error", NULL };

/* Since 6.0 find_last_devid_from_ivhd() fails on a block whose entries name no requester
 * ID; a backport is seen in the log. */
static enum tri refused_as_bare(struct facts *f, const struct ivrs *ivrs)
{
	for (size_t i = 0; i < ivrs->n_units; i++) {
		if (ivrs->units[i].bare)
			return ivrs->open ? TRI_UNKNOWN : kernel_at_least(f, 6, 0, 0);
	}
	return TRI_FALSE;
}

void derive_ivrs_malformed(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs *ivrs = ivrs_decode(f);
	const struct klog_match *m = klog_first(f, log_malformed);
	const char *trouble = ivrs_trouble(f);
	enum tri bare = ivrs ? refused_as_bare(f, ivrs) : TRI_UNKNOWN;
	(void)s;

	if (!trouble && bare == TRI_TRUE)
		trouble = "an IVHD block names no requester ID at all";
	if (trouble) {
		fact_set_text(out, trouble);
		fact_seen(f, out, "ACPI IVRS table", trouble);
	} else if (m) {
		fact_set_text(out, m->line->text);
		klog_seen(f, out, m);
	} else if (bare == TRI_FALSE || acpi_has_table(f, "IVRS") == TRI_FALSE) {
		/* A log without such a line proves nothing: the kernel is silent about a table
		 * that names no IOMMU */
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

void derive_ivrs_oddity(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs *ivrs = ivrs_decode(f);
	(void)s;

	if (ivrs) {
		fact_set_text(out, ivrs->oddity);
		if (ivrs->oddity)
			fact_seen(f, out, "ACPI IVRS table", ivrs->oddity);
	} else if (acpi_has_table(f, "IVRS") == TRI_FALSE) {
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

/* iommu_init_pci() gives up with -ENODEV where the IOMMU's own function is not there. */
void derive_ivrs_units_missing(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs *ivrs = ivrs_decode(f);
	char text[BDF_TEXT];
	(void)s;

	if (acpi_has_table(f, "IVRS") == TRI_FALSE) {
		fact_set_list(out);
		return;
	}
	if (!ivrs || scan_listed(f) != TRI_TRUE) {
		fact_missing(out, ivrs ? SOURCE_PCI : SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_list(out);
	out->open = ivrs->open;
	for (size_t i = 0; i < ivrs->n_units; i++) {
		uint16_t id = ivrs->units[i].requester_id;
		struct bdf b = { ivrs->units[i].segment, (uint8_t)(id >> 8), id >> 3 & 31,
			id & 7 };
		const struct fn *fn = facts_find(f, b);
		if (!fn || fn->missing)
			fact_add_text(f, out,
				arena_strdup(f->arena, bdf_format_short(b, text)));
	}
}

/* Is there an HPET that nothing maps? The kernel does not ask, so that remapping stays. */
void derive_ivrs_hpet_missing(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs *ivrs = ivrs_decode(f);
	enum tri mapped = TRI_FALSE;
	size_t n;
	const struct ivrs_word *words = ivrs_words(f, &n);
	(void)s;

	for (size_t i = 0; i < n; i++) {
		if (words[i].hpet && words[i].valid)
			mapped = tri_or(mapped, ivrs_word_accepted(f, &words[i]));
	}
	for (size_t i = 0; ivrs && i < ivrs->n_specials; i++) {
		if (ivrs->specials[i].variety == IVRS_HPET)
			mapped = TRI_TRUE;
	}
	if (!ivrs || ivrs->open || !cmdline_known(f) || cmdline_open(f))
		mapped = tri_or(mapped, TRI_UNKNOWN);
	enum tri missing = tri_and(acpi_has_table(f, "IVRS"),
		tri_and(acpi_has_table(f, "HPET"), tri_not(mapped)));
	if (missing == TRI_UNKNOWN)
		fact_missing(out, SOURCE_ACPI_TABLES);
	else
		fact_set_bool(out, missing == TRI_TRUE);
}
