// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables decoded from bytes: bounded, and no length of the table can make a loop.
#ifndef FACTS_ACPI_H
#define FACTS_ACPI_H

#include "facts/dmar.h" /* the DMAR table */
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
	bool unsure; /* its id is taken already: the kernel gives it another one */
};
/* False if MADT was not collected or is malformed. */
bool madt_ioapics(struct facts *f, const struct madt_ioapic **ret, size_t *ret_n);

/* Checks P as MADT and lists the I/O APICs that the kernel would register; false, and why
 * in words, if it is malformed. */
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
const char *ivrs_trouble(struct facts *f);

/* A special device entry of an IVHD (AMD IOMMU specification 5.2.2.2, type 0x48). */
enum { IVRS_IOAPIC = 1, IVRS_HPET = 2 }; /* varieties */
struct ivrs_special {
	uint8_t handle; /* id of the I/O APIC, number of the HPET */
	uint8_t variety;
	uint16_t segment; /* PCI segment of its IVHD block */
	uint16_t requester_id;
};
/* An IVHD block: one IOMMU. */
struct ivrs_unit {
	uint16_t segment, requester_id; /* of the IOMMU's own function */
	uint64_t address;               /* its registers */
	uint64_t features;              /* EFR, 0 in a block of type 10h */
	bool bare; /* no entry that names a requester ID: since 6.0 a reason to refuse */
};
struct ivrs {
	/* The IVHD type that the kernel picks; all that follows but the IVMD blocks comes
	 * from blocks of this type. 0: there is none */
	uint8_t block_type;
	/* Some bytes could not be understood: what is not listed may be there */
	bool open;
	const char *oddity; /* in words: what the kernel warns of and goes on, or NULL */
	struct ivrs_unit *units;
	size_t n_units;
	struct ivrs_special *specials;
	size_t n_specials;
	/* Requester IDs that device entries name, in order: the last one decides */
	struct ivrs_range {
		uint16_t segment, first, last;
		size_t unit;
	} * ranges;
	size_t n_ranges;
	/* Requester IDs that act as another one: entries 42h and 43h */
	struct ivrs_alias {
		uint16_t segment, first, last, to;
	} * aliases;
	size_t n_aliases;
	/* Devices known by name, UARTs and the like: entries F0h of blocks 40h */
	struct ivrs_named {
		char hid[9];
		const char *uid; /* "" if it has none */
		uint16_t segment, requester_id;
	} * named;
	size_t n_named;
	/* Memory that firmware says some functions must reach: IVMD blocks (5.2.2.3) with
	 * flag 0 or 3. The kernel makes both of them direct regions (init_unity_map_range();
	 * before 5.5 one with flag 3 was only reserved) */
	struct ivrs_ivmd {
		uint8_t type;  /* 20h all functions, 21h one, 22h a range */
		uint8_t flags; /* bit 0 unity map, 3 exclusion range */
		uint16_t segment;
		uint16_t first, last; /* requester IDs */
		uint64_t start, length;
	} * ivmds;
	size_t n_ivmds;
};
/*
 * Decodes P; *RET_TROUBLE: in words for what the kernel refuses the table, or hangs on it;
 * else NULL. False if nothing can be told: too short for a header, or fewer bytes than the
 * table has (then without trouble, the copy is to blame).
 */
bool ivrs_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ret,
	const char **ret_trouble);
const struct ivrs *ivrs_decode(struct facts *f);
/* The IOMMU that serves this requester ID; NULL: none is listed, or it is an IOMMU's own
 * ("the IVRS table tells us so, but this is a lie": init_iommu_one_late()). */
const struct ivrs_unit *ivrs_unit_of(
	const struct ivrs *ivrs, uint16_t segment, uint16_t requester_id);
/* Does one serve it? FALSE only where the whole table was understood. */
enum tri ivrs_covers(const struct ivrs *ivrs, uint16_t segment, uint16_t requester_id);
/*
 * The requester ID that the DMA of this one carries as well, by IVRS; its own where the
 * table has no alias. False: no table, or not all of it understood. The kernel makes it a
 * DMA alias only if both are on one bus (setup_aliases() of drivers/iommu/amd/iommu.c).
 */
bool ivrs_alias_of(
	struct facts *f, uint16_t segment, uint16_t requester_id, uint16_t *ret);

/* MCFG: where the extended configuration space (256 bytes on) of PCI buses lies. */
struct mcfg_range {
	uint64_t address;
	uint16_t segment;
	uint8_t first, last; /* buses */
};
/* False if it is malformed, or has what makes the kernel drop all of it for sure
 * (pci_parse_mcfg() of arch/x86/pci/mmconfig-shared.c); *RET_TROUBLE: in words, NULL where
 * only the copy is cut. */
bool mcfg_parse(struct arena *a, const uint8_t *p, size_t n, struct mcfg_range **ret,
	size_t *ret_n, const char **ret_trouble);
bool mcfg_decode(struct facts *f, const struct mcfg_range **ret, size_t *ret_n);
/*
 * Can the kernel reach the extended configuration space on this bus? TRUE: /proc/iomem has
 * its region; FALSE: MCFG has none; UNKNOWN else. Says nothing of `pci=nommconf`.
 */
enum tri mcfg_reaches(struct facts *f, uint32_t segment, uint8_t bus);

/* VIOT: which functions are behind which virtio-iommu (ACPI 6.5, 5.2.34). */
struct viot {
	struct viot_range {
		uint16_t segment_first, segment_last;
		uint16_t first, last;    /* requester IDs */
		bool by_function;        /* the virtio-iommu is a PCI function */
		uint16_t segment, iommu; /* that function */
	} * ranges;
	size_t n_ranges;
};
/* As ivrs_parse(), with the tolerance of drivers/acpi/viot.c. */
bool viot_parse(struct arena *a, const uint8_t *p, size_t n, struct viot *ret,
	const char **ret_trouble);
const struct viot *viot_decode(struct facts *f);
/* The range that this function is in; NULL if in none. */
const struct viot_range *viot_range_of(const struct viot *viot, struct bdf b);

#endif
