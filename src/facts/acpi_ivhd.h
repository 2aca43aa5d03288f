// SPDX-License-Identifier: GPL-2.0-or-later
// One IVHD block of an IVRS table: for acpi_ivrs.c.
#ifndef FACTS_ACPI_IVHD_H
#define FACTS_ACPI_IVHD_H

#include "facts/acpi.h"

/* get_ivhd_header_size(): 0 if blocks of this type describe no IOMMU. */
size_t ivhd_header_length(uint8_t type);
/* Adds the block at P of N bytes, at least 4, to IVRS; yields in words for what the kernel
 * refuses it or hangs, else NULL. */
const char *ivhd_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ivrs);

#endif
