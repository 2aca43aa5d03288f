// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables decoded from bytes: bounded, and no length of the table can make a loop.
#ifndef FACTS_ACPI_H
#define FACTS_ACPI_H

#include "facts/facts.h"

/* The bytes of a table, NULL if they were not collected. A table shorter than its header
 * (36 bytes) counts as collected and malformed. */
const struct snap_acpi_table *acpi_table(const struct facts *f, const char *name);
/* TRUE: it exists; FALSE: the directory was read and it is not there. */
enum tri acpi_has_table(const struct facts *f, const char *name);

/* One I/O APIC of MADT (ACPI 6.5, table 5.24). */
struct madt_ioapic {
	uint8_t id;
	uint32_t address, gsi_base;
};
/* False if MADT was not collected or is malformed. */
bool madt_ioapics(struct facts *f, const struct madt_ioapic **ret, size_t *ret_n);

/* Checks P as MADT and lists its I/O APICs; false, and why in words, if it is malformed. */
bool madt_parse(struct arena *a, const uint8_t *p, size_t n, struct madt_ioapic **ret,
	size_t *ret_n, const char **ret_trouble);

/* The I/O APICs of this machine: from MADT, else from the kernel's boot messages. */
struct ioapics {
	const struct madt_ioapic *v;
	size_t n;
	bool open;          /* some may be missing */
	const char *source; /* "ACPI MADT table", "kernel log 0.05" */
	const char *text;   /* in words, for evidence */
};
bool ioapics_of(struct facts *f, struct ioapics *ret);
/* The one that serves GSI 0, the southbridge's; NULL if none does. */
const struct madt_ioapic *ioapics_southbridge(const struct ioapics *list);

/* Why the table is malformed, in words; NULL if it is fine or was not collected. */
const char *dmar_trouble(struct facts *f);
const char *ivrs_trouble(struct facts *f);

/* A DRHD (VT-d specification 8.3). */
struct dmar_unit {
	uint64_t address;
	uint16_t segment;
	bool include_all;
	uint8_t ioapics[16]; /* enumeration ids of its I/O APIC scopes */
	size_t n_ioapics;
};
struct dmar {
	uint8_t flags; /* bit 0 interrupt remapping, 1 x2APIC opt-out, 2 DMA control opt-in */
	struct dmar_unit *units;
	size_t n_units;
	/* RMRRs: base, limit and the path of each device scope */
	struct dmar_rmrr {
		uint64_t base, limit;
		uint16_t segment;
	} * rmrrs;
	size_t n_rmrrs;
};
/* Decodes what can be decoded; *RET_TROUBLE: in words what the kernel would refuse, or
 * NULL. False if not even the header is whole. */
bool dmar_parse(struct arena *a, const uint8_t *p, size_t n, struct dmar *ret,
	const char **ret_trouble);
/* NULL if not collected or malformed before the first structure. */
const struct dmar *dmar_decode(struct facts *f);

/* A special device entry of an IVHD (AMD IOMMU specification 5.2.2.2, type 0x48). */
struct ivrs_special {
	uint8_t handle;
	uint8_t variety;  /* 1 I/O APIC, 2 HPET */
	uint16_t segment; /* PCI segment of its IVHD block */
	uint16_t requester_id;
};
struct ivrs {
	uint8_t block_type; /* the IVHD type that the kernel picks: highest of 10h 11h 40h */
	struct ivrs_special *specials;
	size_t n_specials;
	/* Requester IDs of segment 0 that the IVHD entries of that type cover */
	struct ivrs_range {
		uint16_t first, last;
	} * ranges;
	size_t n_ranges;
};
/* As dmar_parse(). */
bool ivrs_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ret,
	const char **ret_trouble);
const struct ivrs *ivrs_decode(struct facts *f);
bool ivrs_covers(const struct ivrs *ivrs, uint16_t requester_id);

#endif
