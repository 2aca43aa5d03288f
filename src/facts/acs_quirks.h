// SPDX-License-Identifier: GPL-2.0-or-later
// Devices whose isolation the kernel takes from a list, not from the ACS capability.
#ifndef FACTS_ACS_QUIRKS_H
#define FACTS_ACS_QUIRKS_H

#include "facts/facts.h"

/* How a row of the list judges a device that it names. */
enum acs_quirk_kind {
	ACS_ISOLATED,      /* isolates, without asking the device */
	ACS_ISOLATED_ROOT, /* the same for root ports; says nothing of other types */
	ACS_ISOLATED_PORT, /* the same for root and downstream ports */
	ACS_OPEN_PORT,     /* root and downstream ports: does not isolate */
	ACS_OPEN,          /* does not isolate */
	ACS_ROOT_ENDPOINT, /* isolates if integrated into the root complex */
	ACS_AMD_SB,        /* part of an AMD southbridge on the root bus, with IVRS */
	ACS_INTEL_PCH, /* root port that the kernel isolates through chipset registers */
	ACS_INTEL_SPT, /* root port whose ACS registers are laid out as dwords */
};

/* A row: a range of device IDs of one vendor. */
struct acs_quirk {
	uint16_t vendor, first, last;
	enum acs_quirk_kind kind;
	/* The release of Linux that has it for certain; 0.0: all that matter. Before it a
	 * stable kernel or a distribution may have it or not. */
	uint8_t major, minor;
	const char *what; /* "Intel PCH root port" */
};

/* In the order in which the kernel asks them. */
extern const struct acs_quirk acs_quirks[];
extern const size_t acs_quirks_length;

#endif
