// SPDX-License-Identifier: GPL-2.0-or-later
// As which function each I/O APIC or HPET of an AMD machine sends its interrupts.
#ifndef FACTS_IVRS_MAP_H
#define FACTS_IVRS_MAP_H

#include "facts/acpi.h"
#include "facts/ivrs_word.h"

/* What get_ioapic_devid() of drivers/iommu/amd/iommu.c finds. */
struct ivrs_mapping {
	enum tri has;                 /* there is an entry, of whatever origin */
	bool sure;                    /* BDF is the function that counts */
	struct bdf bdf;               /* set where HAS is TRUE */
	const struct ivrs_word *word; /* the override that BDF is from, or NULL */
};

/* Overrides win over the kernel's own repairs for some laptops, these over the table. */
struct ivrs_mapping ivrs_mapping_of(
	struct facts *f, const struct ivrs *ivrs, bool hpet, uint8_t id);
/* What the table alone says; false if it has no such entry. */
bool ivrs_table_entry(const struct ivrs *ivrs, bool hpet, uint8_t id, struct bdf *ret);

#endif
