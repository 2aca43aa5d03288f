// SPDX-License-Identifier: GPL-2.0-or-later
// Ports, switches and cards with configuration space made by hand.
#ifndef TESTS_UNIT_PORTS_H
#define TESTS_UNIT_PORTS_H

#include "facts/pci_caps.h"
#include "machine.h"

enum { PORT_NO_ACS = -1, PORT_ALL_ACS = 0x1f, PORT_ACS_ON = 0x1d };

/* A function of TYPE (PCIE_NONE: conventional) with an ACS capability of CAP and CTRL, none if CAP < 0.
 */
static inline struct snap_bytes port_config(
	struct snapshot *s, uint8_t header, int type, int cap, int ctrl)
{
	uint8_t c[4096] = { 0 };

	c[0x0e] = header;
	if (type >= 0) {
		c[0x06] = 0x10;
		c[0x34] = 0x40;
		c[0x40] = CAP_PCIE;
		c[0x42] = (uint8_t)(type << 4);
	}
	if (cap >= 0) {
		c[0x100] = EXT_CAP_ACS;
		c[0x102] = 1;
		c[0x104] = (uint8_t)cap;
		c[0x106] = (uint8_t)ctrl;
	}
	return snap_bytes_of(s, c, sizeof c);
}

static inline void port_identity(struct snap_pci *p, unsigned vendor, unsigned device)
{
	p->vendor = snap_hex_of(vendor);
	p->device = snap_hex_of(device);
}

static inline struct snap_pci *port_below(
	struct snapshot *s, struct snap_pci *p, const char *parent)
{
	if (parent)
		p->parent = snap_text_of(s, parent);
	return p;
}

/* A port or card of no special maker, below PARENT (NULL: on the root bus). */
static inline struct snap_pci *port_add(struct snapshot *s, const char *address,
	int group, const char *parent, uint8_t header, int type, int cap, int ctrl)
{
	struct snap_pci *p =
		machine_pci(s, address, header & 0x7f ? 0x060400 : 0x020000, group);

	port_identity(p, 0x1b36, 0x0001);
	p->config = port_config(s, header, type, cap, ctrl);
	return port_below(s, p, parent);
}

/* A machine whose scan, groups and table names were read as a whole. */
static inline struct snapshot *port_machine(const char *table)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI | 1u << SOURCE_IOMMU_GROUPS |
		1u << SOURCE_CONFIG_SPACE | 1u << SOURCE_ACPI_NAMES |
		1u << SOURCE_KERNEL);

	s->origin.kind = "live";
	snap_texts_add(s, &s->acpi_present, table);
	s->kernel.release = snap_text_of(s, "6.12.0");
	s->kernel.cmdline = snap_text_of(s, "quiet");
	return s;
}

#endif
