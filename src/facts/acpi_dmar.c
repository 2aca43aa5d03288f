// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes a DMAR table: VT-d specification chapter 8, with the tolerance of the kernel.
#include <string.h>

#include "facts/acpi.h"
#include "facts/acpi_bytes.h"

enum {
	DMAR_WIDTH = 36,
	DMAR_FLAGS = 37,
	DMAR_STRUCTURES = 48,
	DMAR_DRHD = 0,
	DMAR_RMRR = 1,
	DRHD_SCOPES = 16,
	RMRR_SCOPES = 24,
	SCOPE_IOAPIC_TYPE = 3,
	SCOPE_LENGTH_LEAST = 6,
	PAGE_BITS = 12,
};

static const char *unit_scopes(
	struct arena *a, const uint8_t *p, size_t n, struct dmar_unit *unit)
{
	enum { MOST = sizeof unit->ioapics };

	for (size_t at = DRHD_SCOPES; at < n; at += p[at + 1]) {
		if (n - at < SCOPE_LENGTH_LEAST || p[at + 1] < SCOPE_LENGTH_LEAST ||
			p[at + 1] > n - at)
			return arena_printf(a,
				"bad length of a device scope of the unit at 0x%llx",
				(unsigned long long)unit->address);
		if (p[at] == SCOPE_IOAPIC_TYPE && unit->n_ioapics < MOST)
			unit->ioapics[unit->n_ioapics++] = p[at + 4];
	}
	return NULL;
}

/* One structure of N bytes; yields what is wrong with it, or NULL. */
static const char *structure_parse(
	struct arena *a, const uint8_t *p, size_t n, struct dmar *dmar)
{
	if (le16(p) == DMAR_DRHD) {
		if (n < DRHD_SCOPES)
			return "a DRHD structure is too short";
		struct dmar_unit *unit = arena_push(a, dmar->units, dmar->n_units);
		unit->include_all = p[4] & 1;
		unit->segment = le16(p + 6);
		unit->address = le64(p + 8);
		return unit_scopes(a, p, n, unit);
	}
	if (le16(p) == DMAR_RMRR) {
		if (n < RMRR_SCOPES)
			return "an RMRR structure is too short";
		*arena_push(a, dmar->rmrrs, dmar->n_rmrrs) = (struct dmar_rmrr){
			.segment = le16(p + 6), .base = le64(p + 8), .limit = le64(p + 16)
		};
	}
	return NULL;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

/* As dmar_walk_remapping_entries() of drivers/iommu/intel/dmar.c. */
static const char *structures_parse(
	struct arena *a, const uint8_t *p, size_t n, struct dmar *dmar)
{
	const char *first = NULL, *trouble;

	for (size_t at = DMAR_STRUCTURES; at < n;) {
		size_t length = n - at < 4 ? n : le16(p + at + 2);
		if (length == 0) {
			/* The kernel stops here without a word; padding is common */
			if (!all_zero(p + at, n - at))
				first = arena_printf(a,
					"a structure of length 0 at byte %zu hides what "
					"follows",
					at);
			return first;
		}
		if (length > n - at)
			return arena_printf(
				a, "a structure at byte %zu passes the table's end", at);
		if (length < 4)
			return arena_printf(a, "bad structure length at byte %zu", at);
		trouble = structure_parse(a, p + at, length, dmar);
		if (trouble && !first)
			first = trouble;
		at += length;
	}
	return first;
}

bool dmar_parse(struct arena *a, const uint8_t *p, size_t n, struct dmar *ret,
	const char **ret_trouble)
{
	struct dmar dmar = { 0 };
	const char *trouble = NULL;

	n = acpi_length(a, p, n, DMAR_STRUCTURES, &trouble);
	if (!n) {
		*ret_trouble = trouble;
		return false;
	}
	dmar.flags = p[DMAR_FLAGS];
	const char *inside = structures_parse(a, p, n, &dmar);
	if (!trouble)
		trouble = inside;
	if (!trouble && p[DMAR_WIDTH] < PAGE_BITS - 1)
		trouble = arena_printf(
			a, "it gives the host %u address bits", p[DMAR_WIDTH] + 1u);
	if (!trouble && !dmar.n_units)
		trouble = "it describes no unit (no DRHD structure)";
	*ret = dmar;
	*ret_trouble = trouble;
	return true;
}
