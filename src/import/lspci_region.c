// SPDX-License-Identifier: GPL-2.0-or-later
// Memory windows as lspci prints them, in the form of the attribute `resource`.
#include "import/lspci_region.h"

#include <stdlib.h>
#include <string.h>

/* include/linux/ioport.h; the low bits are those of the BAR. */
enum {
	IO = 0x100,
	MEM = 0x200,
	PREFETCH = 0x2000,
	READONLY = 0x4000,
	SIZE_ALIGN = 0x40000,
	MEM_64 = 0x100000,
	ROM_SHADOW = 0x2,
	PCI_FIXED = 0x10,
	BAR_IO = 1,
	BAR_64 = 4,
	BAR_PREFETCH = 8,
	SHADOW = 0xc0000, /* where the firmware left a copy of the boot adapter's ROM */
	ROM = 6,
};

/* `[size=16M]`; 0: none that is a number. */
static uint64_t size_of(const char *text)
{
	static const char key[] = "[size=", units[] = "KMGT";
	const char *p = strstr(text, key), *unit;
	char *end;
	uint64_t n;

	if (!p)
		return 0;
	n = strtoull(p + sizeof key - 1, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (end == p + sizeof key - 1 || n > 1 << 20 || (*end != ']' && !unit))
		return 0;
	return n << (unit ? 10 * (unit - units + 1) : 0);
}

/* Address behind the word `at`; false where lspci prints a word for it. */
static bool start_of(const char *text, uint64_t *ret)
{
	const char *p = strstr(text, " at ");
	char *end;

	if (!p || hex_digit(p[4]) < 0)
		return false;
	*ret = strtoull(p + 4, &end, 16);
	return *end == ' ' || !*end;
}

void lspci_region_read(struct lspci_regions *r, const char *text)
{
	size_t i = (size_t)(text[strlen("Region ")] - '0');
	bool ports = strstr(text, ": I/O ports at ") != NULL;
	uint64_t start, size = size_of(text), flags = SIZE_ALIGN;

	r->ports_seen |= ports;
	r->sized |= size != 0;
	if (i >= ROM || text[strlen("Region N")] != ':' || !start_of(text, &start) ||
		!size || !start || strstr(text, "[virtual]") ||
		strstr(text, "[enhanced]")) {
		r->doubtful = true;
		return;
	}
	if (ports) {
		flags |= IO | BAR_IO;
	} else if (text_starts(text + strlen("Region N"), ": Memory at ") &&
		(strstr(text, "(32-bit,") || strstr(text, "(64-bit,"))) {
		flags |= MEM;
		flags |= strstr(text, "(64-bit,") ? MEM_64 | BAR_64 : 0;
		flags |= strstr(text, ", prefetchable") ? PREFETCH | BAR_PREFETCH : 0;
	} else {
		r->doubtful = true;
		return;
	}
	r->v[i].start = start;
	r->v[i].end = start + size - 1;
	r->v[i].flags = flags;
}

void lspci_rom_read(struct lspci_regions *r, const char *text)
{
	uint64_t start, size = size_of(text);

	r->rom_seen = true;
	r->sized |= size != 0;
	if (!start_of(text, &start) || !size || !start || !strstr(text, "[disabled]") ||
		strstr(text, "[enhanced]")) {
		r->doubtful = true;
		return;
	}
	r->v[ROM].start = start;
	r->v[ROM].end = start + size - 1;
	r->v[ROM].flags = start == SHADOW ? MEM | ROM_SHADOW | PCI_FIXED
					  : MEM | PREFETCH | READONLY | SIZE_ALIGN;
}

void lspci_regions_store(
	struct import *im, struct snap_pci *fn, const struct lspci_regions *r)
{
	if (r->doubtful || !r->sized || fn->resources.have != HAVE_NOT)
		return;
	snap_list_collected(&fn->resources);
	for (size_t i = 0; i < LSPCI_REGIONS; i++)
		snap_texts_add(im->snap, &fn->resources,
			arena_printf(im->scratch, "0x%016llx 0x%016llx 0x%016llx",
				(unsigned long long)r->v[i].start,
				(unsigned long long)r->v[i].end,
				(unsigned long long)r->v[i].flags));
}
