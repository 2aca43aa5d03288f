// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables: the names of all, the bytes of those that describe IOMMUs and interrupts.
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "collect/sources.h"
#include "collect/vfct.h"

#define TABLES "sys/firmware/acpi/tables"

enum {
	MAX_TABLE = 1 << 20, /* the largest DMAR seen on a server has a few KiB */
	HEADER = 36, /* ACPI specification 5.2.6, System Description Table Header */
	LENGTH_AT = 4,
};

/* Which tables are kept, and who reads them. */
static const char *const kept[] = {
	"APIC", /* ids of the IOAPICs, for IVRS and DMAR */
	"DMAR", /* Intel VT-d */
	"IVRS", /* AMD-Vi */
	"MCFG", /* PCI segments */
	"VIOT", /* virtio-iommu */
};

static bool is_kept(const char *name)
{
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (text_starts(name, kept[i]))
			return true;
	return false;
}

static void add_names(struct snapshot *s, char **names, size_t n)
{
	snap_list_collected(&s->acpi_present);
	for (size_t i = 0; i < n; i++) {
		/* Folders for tables that came later, and for data: drivers/acpi/sysfs.c
		 */
		if (strcmp(names[i], "data") != 0 && strcmp(names[i], "dynamic") != 0)
			snap_texts_add(s, &s->acpi_present, names[i]);
	}
}

/* STATUS_TRUNCATED if the file is shorter than the table in it says. */
static enum source_status add_table(
	struct snapshot *s, const struct root *r, struct arena *scratch, const char *name)
{
	struct root_bytes b = root_read(
		r, scratch, arena_printf(scratch, TABLES "/%s", name), MAX_TABLE);
	struct snap_acpi_table *table;
	uint32_t length;

	if (b.status != STATUS_OK)
		return b.status;
	if (b.n < HEADER)
		return STATUS_TRUNCATED;
	length = b.p[LENGTH_AT] | (uint32_t)b.p[LENGTH_AT + 1] << 8 |
		(uint32_t)b.p[LENGTH_AT + 2] << 16 | (uint32_t)b.p[LENGTH_AT + 3] << 24;
	if (length > b.n)
		return STATUS_TRUNCATED;
	table = snap_list_add(s, &s->acpi_tables);
	table->name = snap_line_of(s, name).s;
	table->data = snap_bytes_of(s, b.p, b.n);
	return STATUS_OK;
}

/* A machine without that table has no video BIOS in it. */
static void add_vbios(struct snapshot *s, const struct root *r, struct arena *scratch,
	char **names, size_t n)
{
	struct root_bytes b = { .status = STATUS_OK };

	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], "VFCT") == 0)
			b = root_read(r, scratch, TABLES "/VFCT", MAX_TABLE);
	}
	if (b.status == STATUS_OK)
		vfct_add(s, b.p, b.n);
}

void collect_acpi(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	struct arena *scratch = arena_new();
	enum source_status bytes = STATUS_OK;
	char **names;
	size_t n;
	enum source_status status = root_list(r, scratch, TABLES, &names, &n);
	const char *why = status == STATUS_ABSENT ? "no /" TABLES : NULL;

	(void)options;
	snapshot_set_status(s, SOURCE_ACPI_NAMES, status, why);
	if (status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_ACPI_TABLES, status, why);
		arena_free(scratch);
		return;
	}
	add_names(s, names, n);
	add_vbios(s, r, scratch, names, n);
	for (size_t i = 0; i < n; i++) {
		if (!is_kept(names[i]))
			continue;
		status = add_table(s, r, scratch, names[i]);
		if (status != STATUS_OK)
			bytes = status;
	}
	if (bytes == STATUS_OK)
		snap_list_collected(&s->acpi_tables);
	snapshot_set_status(s, SOURCE_ACPI_TABLES, bytes,
		bytes == STATUS_DENIED              ? "needs root"
			: bytes == STATUS_TRUNCATED ? "a table is cut"
			: bytes == STATUS_ERROR     ? "a table could not be read"
						    : NULL);
	arena_free(scratch);
}
