// SPDX-License-Identifier: GPL-2.0-or-later
// MCFG (PCI Firmware Specification 3.3, 4.1.2): where extended configuration space can be
// reached.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"

#include "facts/acpi_bytes.h"
#include <stdlib.h>

enum { MCFG_ENTRIES = 44, MCFG_ENTRY = 16 };

bool mcfg_parse(struct arena *a, const uint8_t *p, size_t n, struct mcfg_range **ret,
	size_t *ret_n, const char **ret_trouble)
{
	struct mcfg_range *list = NULL;
	size_t n_list = 0;

	*ret_trouble = NULL;
	if (acpi_is_cut(p, n))
		return false;
	n = acpi_length(a, p, n, MCFG_ENTRIES, ret_trouble);
	if (!n)
		return false;
	/* What is left behind the last whole entry is ignored */
	for (size_t at = MCFG_ENTRIES; n - at >= MCFG_ENTRY; at += MCFG_ENTRY) {
		struct mcfg_range r = { .address = le64(p + at),
			.segment = le16(p + at + 8),
			.first = p[at + 10],
			.last = p[at + 11] };
		/* pci_mmconfig_alloc() fails, and all entries are dropped */
		if (!r.address) {
			*ret_trouble = "an entry has no address";
			return false;
		}
		*arena_push(a, list, n_list) = r;
	}
	if (!n_list) {
		*ret_trouble = "it has no entry";
		return false;
	}
	*ret = list;
	*ret_n = n_list;
	return true;
}

/* `PCI ECAM 0000 [bus 00-ff]`, before 6.9 `PCI MMCONFIG …`: the regions that the kernel
 * uses (pci_mmconfig_alloc()). */
static bool region_has(const char *name, uint32_t segment, uint8_t bus)
{
	static const char *const kinds[] = { "PCI ECAM ", "PCI MMCONFIG " };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const char *p = name + strlen(kinds[i]);
		char *end;

		if (!text_starts(name, kinds[i]) || strtoul(p, &end, 16) != segment ||
			!text_starts(end, " [bus "))
			continue;
		unsigned long first = strtoul(end + strlen(" [bus "), &end, 16);
		return *end == '-' && first <= bus && bus <= strtoul(end + 1, NULL, 16);
	}
	return false;
}

enum tri mcfg_reaches(struct facts *f, uint32_t segment, uint8_t bus)
{
	const struct mcfg_range *list;
	size_t n;

	for (size_t i = 0; i < f->snap->iomem.n; i++) {
		if (region_has(f->snap->iomem.v[i].name, segment, bus))
			return TRI_TRUE;
	}
	/* Some chipsets are found without a table: pci_mmcfg_check_hostbridge() */
	if (!mcfg_decode(f, &list, &n))
		return TRI_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		if (list[i].segment == segment && list[i].first <= bus &&
			bus <= list[i].last)
			return TRI_UNKNOWN; /* unless the kernel found it not reserved */
	}
	return TRI_FALSE;
}
