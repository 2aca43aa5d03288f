// SPDX-License-Identifier: GPL-2.0-or-later
// Capabilities in a copy of configuration space, found by walks that cannot loop.
#ifndef FACTS_PCI_CAPS_H
#define FACTS_PCI_CAPS_H

#include "facts/facts.h"

enum {
	CAP_PM = 0x01,      /* power management */
	CAP_MSI = 0x05,     /* message-signalled interrupts */
	CAP_PCIE = 0x10,    /* PCI Express */
	CAP_MSIX = 0x11,    /* the same in a table of its own */
	CAP_AF = 0x13,      /* Advanced Features of conventional PCI */
	EXT_CAP_ACS = 0x0d, /* Access Control Services */
};

/* Offset of a capability; UNKNOWN if the list leaves what was read, then *RET is
 * untouched. PCI Local Bus Specification 3.0, 6.7. */
enum tri pci_cap_find(const struct fn *fn, uint8_t id, size_t *ret);
/* The same for the extended list from byte 256 on. FALSE also where a list that was read
 * as a whole is empty. PCI Express Base Specification 7.6.3. */
enum tri pci_ext_cap_find(const struct fn *fn, uint16_t id, size_t *ret);
/* Are these BITS of the dword at AT known? Most of a space that lspci told in words are
 * not. */
bool pci_config_knows(const struct fn *fn, size_t at, uint32_t bits);
/* Did it answer? One that is switched off, or gone, reads ones (PCI Local Bus Specification
 * 3.0, 6.2.1). False as well where nobody knows. */
bool pci_config_answers(const struct fn *fn);
/*
 * Can the kernel reach the extended list of FN? FALSE: it has none, because the function
 * is conventional or its file ends at byte 256 (`pci=nommconf`, no MCFG): pci_cfg_space_size()
 * of drivers/pci/probe.c.
 */
enum tri pci_ext_reachable(const struct facts *f, const struct fn *fn);
/* Little-endian reads; 0 outside of what was read, and where bits are not known. */
uint16_t pci_config_u16(const struct fn *fn, size_t at);
uint32_t pci_config_u32(const struct fn *fn, size_t at);

/* Device/port type of the PCI Express capability (7.5.3.2), -1 without that capability,
 * -2 if unknown. */
enum {
	PCIE_UNKNOWN = -2,
	PCIE_NONE = -1,
	PCIE_ENDPOINT = 0,
	PCIE_LEGACY_ENDPOINT = 1,
	PCIE_ROOT_PORT = 4,
	PCIE_UPSTREAM_PORT = 5,
	PCIE_DOWNSTREAM_PORT = 6,
	PCIE_TO_PCI_BRIDGE = 7,
	PCI_TO_PCIE_BRIDGE = 8,
	PCIE_ROOT_ENDPOINT = 9,
	PCIE_EVENT_COLLECTOR = 10,
};
int pcie_type(const struct fn *fn);

#endif
