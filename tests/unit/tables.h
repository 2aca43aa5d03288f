// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables built by hand, for unit tests.
#ifndef TESTS_UNIT_TABLES_H
#define TESTS_UNIT_TABLES_H

#include <string.h>

#include "snapshot/snapshot.h"

struct table {
	uint8_t b[1024];
	size_t n;
};

static inline void table_put(struct table *t, const void *p, size_t n)
{
	memcpy(t->b + t->n, p, n);
	t->n += n;
}

#define TABLE_PUT(t, ...)                                                                \
	table_put((t), (const uint8_t[]){ __VA_ARGS__ },                                 \
		sizeof(const uint8_t[]){ __VA_ARGS__ })

/* Length and checksum, as firmware sets them. */
static inline void table_seal(struct table *t)
{
	uint8_t sum = 0;

	t->b[4] = (uint8_t)t->n;
	t->b[5] = (uint8_t)(t->n >> 8);
	t->b[9] = 0;
	for (size_t i = 0; i < t->n; i++)
		sum = (uint8_t)(sum + t->b[i]);
	t->b[9] = (uint8_t)-sum;
}

static inline void table_start(struct table *t, const char *signature, size_t header)
{
	memset(t, 0, sizeof *t);
	memcpy(t->b, signature, 4);
	t->n = header;
}

/* MADT with two I/O APICs: FIRST at GSI 0, SECOND (0: none) at GSI 24. */
static inline void table_madt(struct table *t, uint8_t first, uint8_t second)
{
	table_start(t, "APIC", 44);
	TABLE_PUT(t, 0, 8, 0, 0, 1, 0, 0, 0); /* a processor */
	TABLE_PUT(t, 1, 12, first, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0);
	if (second)
		TABLE_PUT(t, 1, 12, second, 0, 0, 0x10, 0xc0, 0xfe, 24, 0, 0, 0);
	table_seal(t);
}

/* DMAR with one unit at BASE that holds I/O APIC ID, and one RMRR. */
static inline void table_dmar(struct table *t, uint8_t flags, uint32_t base, uint8_t id)
{
	table_start(t, "DMAR", 48);
	t->b[36] = 38;
	t->b[37] = flags;
	TABLE_PUT(t, 0, 0, 24, 0, 1, 0, 0, 0, (uint8_t)base, (uint8_t)(base >> 8),
		(uint8_t)(base >> 16), (uint8_t)(base >> 24), 0, 0, 0, 0);
	TABLE_PUT(t, 3, 8, 0, 0, id, 0xf0, 0x1f, 0);
	TABLE_PUT(t, 1, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0xba, 0, 0, 0, 0, 0xff, 0xff, 0x7f,
		0xbc, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0, 2, 0);
	table_seal(t);
}

/* Begins an IVHD block of TYPE (10h or 11h) for the IOMMU at 00:00.2; yields its place.
 */
static inline size_t table_ivhd(struct table *t, uint8_t type)
{
	size_t at = t->n;

	TABLE_PUT(t, type, 0, 0, 0, 2, 0, 0x40, 0, 0, 0, 0xb8, 0xfe, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0);
	if (type != 0x10)
		t->n += 16;
	return at;
}

static inline void table_ivhd_end(struct table *t, size_t at)
{
	t->b[at + 2] = (uint8_t)(t->n - at);
	t->b[at + 3] = (uint8_t)((t->n - at) >> 8);
}

/* A special entry: HANDLE (an I/O APIC's id) sends as DEVICE. */
static inline void table_special(struct table *t, uint8_t handle, uint16_t device)
{
	TABLE_PUT(t, 0x48, 0, 0, 0, handle, (uint8_t)device, (uint8_t)(device >> 8), 1);
}

/* Puts a copy into the snapshot. */
static inline void table_add(struct snapshot *s, const char *name, const struct table *t)
{
	struct snap_acpi_table *table = snap_list_add(s, &s->acpi_tables);

	table->name = name;
	table->data = snap_bytes_of(s, t->b, t->n);
	snap_texts_add(s, &s->acpi_present, name);
}

#endif
