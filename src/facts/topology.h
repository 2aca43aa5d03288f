// SPDX-License-Identifier: GPL-2.0-or-later
// PCI functions wired to their neighbours: parents, groups, kinds, drivers.
#ifndef FACTS_TOPOLOGY_H
#define FACTS_TOPOLOGY_H

#include "facts/facts.h"

/* Fills f->fns and f->groups; called once by facts_new(). REQUEST adds the functions that
 * were named and that the scan does not have. */
void topology_build(struct facts *f, const struct facts_request *request);

/* TRUE: the scan has all functions; UNKNOWN: perhaps not; FALSE: there was no scan. */
enum tri scan_listed(const struct facts *f);
/* The same of IOMMU groups, from their folder or from the links of all functions. */
enum tri groups_listed(const struct facts *f);

/* TRUE: it has no IOMMU group (one of VFIO's no-IOMMU mode is none); UNKNOWN: neither its
 * link nor the groups were collected. */
enum tri fn_groupless(const struct facts *f, const struct fn *fn);
/* Is every PCI function that the group's folder lists in the scan? */
bool group_is_whole(const struct facts *f, const struct group *g);

/* Do they share domain, bus and device number? A virtual function shares with nobody: its
 * address is computed (SR-IOV specification 2.1.2) and says nothing of a card. */
bool fn_same_slot(const struct fn *a, const struct fn *b);
bool fn_is_vf(const struct fn *fn);
/* Class 0403: an HDA controller, on board or the HDMI sound of a card. */
enum tri fn_is_sound(const struct fn *fn);
/* Were its vendor and device ID collected? */
bool fn_ids_known(const struct fn *fn);
/* Is one of the N functions in LIST FN? */
bool fn_among(const struct fn *fn, struct fn *const *list, size_t n);

/* How VFIO sees the driver named NAME. */
enum driver_kind { DRIVER_HOST, DRIVER_VFIO, DRIVER_STUB, DRIVER_HARMLESS };
enum driver_kind driver_kind_of(const char *name);

/* A line of `resource`: BAR 0 to 5, ROM, bridge windows. */
struct bar {
	uint64_t start, end, flags;
};
enum {
	BAR_MEM = 0x200,        /* IORESOURCE_MEM, include/linux/ioport.h */
	BAR_PREFETCH = 0x2000,  /* IORESOURCE_PREFETCH */
	BAR_MEM_64 = 0x100000,  /* IORESOURCE_MEM_64 */
	BAR_UNSET = 0x20000000, /* IORESOURCE_UNSET */
	N_BARS = 6,
};
/* False if there is no such line or it has no size. */
bool fn_bar(const struct fn *fn, size_t i, struct bar *ret);

#endif
