// SPDX-License-Identifier: GPL-2.0-or-later
// Reading little-endian numbers out of table bytes, and the header all tables share.
#ifndef FACTS_ACPI_BYTES_H
#define FACTS_ACPI_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { ACPI_HEADER = 36 }; /* ACPI 6.5, 5.2.6 */

static inline uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint64_t le64(const uint8_t *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

/* Is this only the beginning of a table? The kernel shows tables whole, so that the copy
 * is to blame, and what it lacks is unknown. */
static inline bool acpi_is_cut(const uint8_t *p, size_t n)
{
	return n < ACPI_HEADER || le32(p + 4) > n;
}

/*
 * Length that the table claims, cut to the N bytes there are; 0 and *RET_TROUBLE if it
 * has no whole header of at least LEAST bytes. A table cut short is trouble as well.
 */
size_t acpi_length(struct arena *a, const uint8_t *p, size_t n, size_t least,
	const char **ret_trouble);

#endif
