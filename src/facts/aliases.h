// SPDX-License-Identifier: GPL-2.0-or-later
// Requester IDs: under which addresses a function's memory requests arrive.
#ifndef FACTS_ALIASES_H
#define FACTS_ALIASES_H

#include "facts/facts.h"

/* What a bridge does to the requester IDs of what is behind it: pci_for_each_dma_alias()
 * of drivers/pci/search.c. */
enum bridge_way {
	BRIDGE_PASSES,   /* root port, switch port: they stay */
	BRIDGE_REPLACES, /* conventional bridge: all send under one */
	BRIDGE_UNKNOWN
};
enum bridge_way bridge_way_of(const struct fn *bridge);

enum { N_DEVFNS = 256 }; /* functions that a bus can have: slot * 8 + function */

/*
 * Which requester IDs of its bus FN uses beside its own, by the kernel's list of such devices
 * and by IVRS: an enum tri for each DEVFN. NULL, as for nearly all functions: none.
 */
const uint8_t *alias_list(struct facts *f, const struct fn *fn);

/*
 * Intel's volume management device (VMD): its domains begin behind the 16 bits of ACPI's,
 * and what is in them sends under the name of the device itself (pci_real_dma_dev()).
 * TRUE and *RET: FN is behind that one; UNKNOWN: behind one of several.
 */
enum tri alias_vmd(const struct facts *f, const struct fn *fn, const struct fn **ret);
bool alias_is_behind_vmd(const struct fn *fn);

#endif
