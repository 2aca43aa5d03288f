// SPDX-License-Identifier: GPL-2.0-or-later
// Access Control Services of one function, as the kernel judges them.
#ifndef FACTS_ACS_H
#define FACTS_ACS_H

#include "facts/acs_quirks.h"
#include "facts/facts.h"

/* Bits of capability and control register (PCI Express Base Specification 7.7.11). */
enum {
	ACS_SV = 0x01, /* source validation */
	ACS_TB = 0x02, /* translation blocking */
	ACS_RR = 0x04, /* peer-to-peer request redirect */
	ACS_CR = 0x08, /* peer-to-peer completion redirect */
	ACS_UF = 0x10, /* upstream forwarding */
	ACS_EC = 0x20, /* peer-to-peer egress control */
	ACS_DT = 0x40, /* direct translated peer-to-peer */
	/* What isolation takes: REQ_ACS_FLAGS of drivers/iommu/iommu.c */
	ACS_ISOLATES = ACS_SV | ACS_RR | ACS_CR | ACS_UF,
};

/* What is known of one function's ACS. */
struct acs {
	int type;           /* pcie_type() */
	enum tri multi;     /* one of several functions, as the kernel counts them */
	enum tri has;       /* the kernel sees the capability */
	enum tri reachable; /* extended configuration space, in which it would be */
	uint16_t cap, ctrl; /* its registers, 0 where it is not */
	/* It isolates, by its registers or a list of the kernel: pci_acs_enabled() with
	 * REQ_ACS_FLAGS of a kernel as it is published */
	enum tri proven;
	/* The same for the kernel that runs, with pcie_acs_override= if that is at work */
	enum tri isolates;
	/* The row that decided, NULL: the registers did */
	const struct acs_quirk *quirk;
};

/*
 * Judges FN. SUPPOSED: no IOMMU is at work, so the kernel did not switch ACS on, and it is
 * judged as if it had (pci_enable_acs() of drivers/pci/pci.c).
 */
struct acs acs_judge(struct facts *f, const struct fn *fn, bool supposed);

/* Bits of ACS_ISOLATES that the port has and that are not switched on. */
static inline uint16_t acs_lacking(const struct acs *a)
{
	return (uint16_t)(a->cap & ACS_ISOLATES & ~a->ctrl);
}
/* "SV RR CR UF"; "none" for 0. */
const char *acs_bits(struct facts *f, uint16_t bits);

/* Is pcie_acs_override= at work, which only patched kernels know? */
enum tri acs_override(struct facts *f);
/* Does a word change ACS: pci=disable_acs_redir= or pci=config_acs=? The whole word, NULL:
 * none or not known. */
const char *acs_word(struct facts *f);

/* Is FN one of several functions of its slot, as the kernel counts them? */
enum tri acs_multifunction(const struct fn *fn);

#endif
