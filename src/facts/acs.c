// SPDX-License-Identifier: GPL-2.0-or-later
// Why an IOMMU group is as large as it is: pci_device_group() of drivers/iommu/iommu.c
// and pci_acs_enabled() of drivers/pci/pci.c, read backwards. Only what is proven is
// named.
#include "facts/acs.h"

#include "base/arena.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

enum {
	ACS_CAP = 4,         /* capability register, behind the extended header */
	ACS_CTRL = 6,        /* control register */
	ACS_ISOLATES = 0x1d, /* SV, RR, CR, UF: REQ_ACS_FLAGS of drivers/iommu/iommu.c */
	HEADER_TYPE = 0x0e,
	MULTIFUNCTION = 0x80,
};

static bool is_below(const struct fn *fn, const struct fn *bridge, size_t limit)
{
	for (size_t i = 0; fn && i <= limit; i++, fn = fn->parent) {
		if (fn->parent == bridge)
			return true;
	}
	return false;
}

/* Do endpoints of several slots of the group lie below this bridge? */
static bool gathers(const struct facts *f, const struct group *g, const struct fn *bridge)
{
	const struct fn *first = NULL;

	for (size_t i = 0; i < g->n; i++) {
		const struct fn *fn = g->members[i];

		if (!fn->is_endpoint || !is_below(fn, bridge, f->n_fns))
			continue;
		if (first && !fn_same_slot(first, fn))
			return true;
		first = fn;
	}
	return false;
}

/* Behind a bridge to conventional PCI all functions send under its address. */
static const char *conventional(struct facts *f, const struct group *g)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];
		int type;

		if (fn->is_endpoint || !fn->raw || !gathers(f, g, fn))
			continue;
		type = pcie_type(fn);
		if (type == PCIE_NONE)
			return arena_printf(f->arena, "%s is a conventional PCI bridge",
				fn->short_addr);
		if (type == PCIE_TO_PCI_BRIDGE || type == PCI_TO_PCIE_BRIDGE)
			return arena_printf(f->arena,
				"%s bridges PCI Express to conventional PCI",
				fn->short_addr);
	}
	return NULL;
}

/* A port of the group that lets peers reach each other. */
static const char *open_port(struct facts *f, const struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct fn *fn = g->members[i];
		int type = fn->is_endpoint ? PCIE_NONE : pcie_type(fn);
		size_t at = 0;
		uint16_t lacking;

		if (type != PCIE_ROOT_PORT && type != PCIE_DOWNSTREAM_PORT)
			continue;
		switch (pci_ext_cap_find(fn, EXT_CAP_ACS, &at)) {
		case TRI_FALSE:
			return arena_printf(f->arena, "%s has no ACS", fn->short_addr);
		case TRI_TRUE:
			lacking = (uint16_t)(pci_config_u16(fn, at + ACS_CAP) &
				ACS_ISOLATES & ~pci_config_u16(fn, at + ACS_CTRL));
			if (lacking)
				return arena_printf(f->arena,
					"ACS of %s is not switched on", fn->short_addr);
			break;
		case TRI_UNKNOWN:
			break;
		}
	}
	return NULL;
}

/* All endpoints are functions of one slot: each needs ACS of its own. */
static const char *one_slot(struct facts *f, const struct group *g)
{
	const struct fn *first = NULL;
	bool proven = false;

	for (size_t i = 0; i < g->n; i++) {
		const struct fn *fn = g->members[i];
		size_t at;

		if (!fn->is_endpoint)
			continue;
		if (first && !fn_same_slot(first, fn))
			return NULL;
		first = first ? first : fn;
		/* A conventional PCI function cannot have it (pci_acs_enabled()) */
		proven |= pcie_type(fn) == PCIE_NONE ||
			pci_ext_cap_find(fn, EXT_CAP_ACS, &at) == TRI_FALSE;
	}
	if (!proven || !(pci_config_u16(first, HEADER_TYPE) & MULTIFUNCTION))
		return NULL;
	return arena_printf(f->arena, "they are functions of one device without ACS (%s)",
		first->short_addr);
}

const char *acs_culprit(struct facts *f, const struct group *g)
{
	const char *why = conventional(f, g);

	if (!why)
		why = open_port(f, g);
	return why ? why : one_slot(f, g);
}
