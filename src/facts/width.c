// SPDX-License-Identifier: GPL-2.0-or-later
// How many address bits the IOMMU in front of a function translates.
#include <string.h>

#include "base/text.h"
#include "facts/derive.h"
#include "facts/kernel.h"

enum { UNKNOWN_WIDTH = 0, UNLIMITED = 64 };

/* VT-d specification 11.4.2: MGAW - 1 in bits 21:16 of the capability register. */
static int vtd_width(const struct snap_unit *u)
{
	return u->cap.have == HAVE_VALUE ? (int)(u->cap.v >> 16 & 0x3f) + 1
					 : UNKNOWN_WIDTH;
}

/*
 * The extended feature register of `EFR2:EFR`, since 6.7 `EFR:EFR2`, of old `EFR`
 * (drivers/iommu/amd/init.c, amd_iommu_show_features()). Its name is not in the text, but
 * it has bits far above those of the second one.
 */
static bool amd_efr(const struct facts *f, const struct snap_unit *u, uint64_t *ret)
{
	const char *text = snap_str(u->features);
	uint64_t number;
	size_t n = 0;
	char **words = text ? text_split(f->arena, text, ":", &n) : NULL;

	*ret = 0;
	for (size_t i = 0; i < n; i++) {
		if (!text_to_u64(arena_printf(f->arena, "0x%s", words[i]), &number))
			return false;
		if (number > *ret)
			*ret = number;
	}
	return n != 0;
}

/* AMD I/O Virtualization Technology specification 48882, MMIO offset 0x30, HATS: levels
 * of the host's page table, each good for 9 bits above the 12 of a page. */
static int amd_width(const struct facts *f, const struct snap_unit *u)
{
	uint64_t efr;
	unsigned levels;

	if (!amd_efr(f, u, &efr))
		return UNKNOWN_WIDTH;
	/* The first IOMMUs had no such register, and six levels */
	levels = efr ? 4 + (unsigned)(efr >> 10 & 3) : 6;
	return levels > 6     ? UNKNOWN_WIDTH
		: levels == 6 ? UNLIMITED
			      : 12 + 9 * (int)levels;
}

static int unit_width(const struct facts *f, const struct snap_unit *u)
{
	if (text_starts(u->name, "dmar"))
		return vtd_width(u);
	return text_starts(u->name, "ivhd") ? amd_width(f, u) : UNKNOWN_WIDTH;
}

static bool unit_serves(const struct snap_unit *u, const char *address)
{
	for (size_t i = 0; i < u->devices.n; i++) {
		if (text_equal(u->devices.s[i], address))
			return true;
	}
	return false;
}

/* The unit in front of the function; where no list of devices names it any of them, if
 * they are all of one width. NULL if that is not to be told. */
static const struct snap_unit *unit_of(const struct facts *f, const char *address)
{
	const struct snap_unit *units = f->snap->units.v;
	size_t n = f->snap->units.n;

	for (size_t i = 0; i < n; i++) {
		if (unit_serves(&units[i], address))
			return &units[i];
	}
	for (size_t i = 1; i < n; i++) {
		if (unit_width(f, &units[i]) != unit_width(f, &units[0]))
			return NULL;
	}
	return n ? &units[0] : NULL;
}

/* The narrowest of the units in front of the members; NULL if one of them is not known
 * and the others are wide enough. */
static const struct snap_unit *narrowest(
	const struct facts *f, const struct set *set, int64_t enough)
{
	const struct snap_unit *found = NULL;
	bool sure = true;

	for (size_t i = 0; i < set->n; i++) {
		const struct snap_unit *u = unit_of(f, set->members[i]->addr);

		if (!u || unit_width(f, u) == UNKNOWN_WIDTH)
			sure = false;
		else if (!found || unit_width(f, u) < unit_width(f, found))
			found = u;
	}
	return sure || (found && unit_width(f, found) < enough) ? found : NULL;
}

void derive_set_iommu_short_width(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *cpu = host_fact(f, "cpu.phys-bits");
	const struct snap_unit *u;

	if (f->snap->units.have != HAVE_NOT && f->snap->units.n == 0) {
		fact_set_none(out);
		return;
	}
	if (cpu->state != FACT_VALUE) {
		fact_missing(out, SOURCE_CPUINFO);
		return;
	}
	u = s->set ? narrowest(f, s->set, cpu->i) : NULL;
	if (!u) {
		fact_missing(out, SOURCE_IOMMU_UNITS);
	} else if (unit_width(f, u) >= cpu->i) {
		fact_set_none(out);
	} else {
		fact_set_int(out, unit_width(f, u));
		fact_seen(f, out, arena_printf(f->arena, "/sys/class/iommu/%s", u->name),
			snap_str(u->features)
				? arena_printf(f->arena, "features %s", u->features.s)
				: arena_printf(f->arena, "cap %llx",
					  (unsigned long long)u->cap.v));
	}
}
