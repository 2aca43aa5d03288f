// SPDX-License-Identifier: GPL-2.0-or-later
// Memory windows as lspci prints them, in the form of the attribute `resource`.
#ifndef IMPORT_LSPCI_REGION_H
#define IMPORT_LSPCI_REGION_H

#include "import/format.h"

enum { LSPCI_REGIONS = 7 /* six BARs and the expansion ROM */ };

struct lspci_regions {
	struct {
		uint64_t start, end, flags;
	} v[LSPCI_REGIONS];
	bool doubtful;   /* one was printed whose line cannot be known */
	bool ports_seen; /* I/O ports, which no virtual function has */
	bool rom_seen;
	/* One has a size: those come from the kernel's list of resources, and a dump that
	 * lspci decodes with -F has none of its lines for the ROM either (fill_info_resource(),
	 * lib/sysfs.c of pciutils) */
	bool sized;
};

/* `Region 0: Memory at f6000000 (32-bit, non-prefetchable) [size=16M]`, of -vv: without a
 * number nobody knows which BAR it is. */
void lspci_region_read(struct lspci_regions *r, const char *text);
/* `Expansion ROM at f7000000 [disabled] [size=512K]` */
void lspci_rom_read(struct lspci_regions *r, const char *text);
/* Writes the first lines of `resource`, if none is doubtful. */
void lspci_regions_store(
	struct import *im, struct snap_pci *fn, const struct lspci_regions *r);

#endif
