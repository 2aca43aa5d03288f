// SPDX-License-Identifier: GPL-2.0-or-later
// DMAR tables built structure by structure, for unit tests.
#ifndef TESTS_UNIT_DMAR_TABLE_H
#define TESTS_UNIT_DMAR_TABLE_H

#include "tables.h"

static inline void dmar_start(struct table *t, uint8_t flags)
{
	table_start(t, "DMAR", 48);
	t->b[36] = 38;
	t->b[37] = flags;
}

static inline void dmar_put64(struct table *t, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		TABLE_PUT(t, (uint8_t)(v >> 8 * i));
}

/* Begins a DRHD; yields its place for dmar_end(). */
static inline size_t dmar_drhd(
	struct table *t, uint8_t flags, uint8_t segment, uint64_t address)
{
	size_t at = t->n;

	TABLE_PUT(t, 0, 0, 0, 0, flags, 0, segment, 0);
	dmar_put64(t, address);
	return at;
}

static inline size_t dmar_rmrr(
	struct table *t, uint8_t segment, uint64_t base, uint64_t limit)
{
	size_t at = t->n;

	TABLE_PUT(t, 1, 0, 0, 0, 0, 0, segment, 0);
	dmar_put64(t, base);
	dmar_put64(t, limit);
	return at;
}

/* Begins an ATSR (2), SATC (5) or SIDP (6). */
static inline size_t dmar_ports(
	struct table *t, uint8_t type, uint8_t flags, uint8_t segment)
{
	size_t at = t->n;

	TABLE_PUT(t, type, 0, 0, 0, flags, 0, segment, 0);
	return at;
}

/* A device scope of STEPS steps, two bytes each. */
static inline void dmar_scope(struct table *t, uint8_t type, uint8_t id, uint8_t bus,
	size_t steps, const uint8_t *path)
{
	TABLE_PUT(t, type, (uint8_t)(6 + 2 * steps), 0, 0, id, bus);
	table_put(t, path, 2 * steps);
}

static inline void dmar_end(struct table *t, size_t at)
{
	t->b[at + 2] = (uint8_t)(t->n - at);
	t->b[at + 3] = (uint8_t)((t->n - at) >> 8);
}

#endif
