// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables: good ones, broken ones, and every good one cut and damaged at every byte.
#include <stdlib.h>

#include "facts/acpi.h"
#include "machine.h"
#include "tables.h"
#include "tap.h"

TEST(madt_lists_ioapics)
{
	struct arena *a = arena_new();
	struct madt_ioapic *list = NULL;
	const char *trouble;
	struct table t;
	size_t n = 0;

	table_madt(&t, 9, 10);
	ok(madt_parse(a, t.b, t.n, &list, &n, &trouble));
	is_int(n, 2);
	is_int(list[0].id, 9);
	is_int(list[0].gsi_base, 0);
	is_int(list[1].id, 10);
	is_int(list[1].gsi_base, 24);
	is_int(list[1].address, 0xfec01000);
	t.b[45] = 0; /* length of the first entry */
	ok(!madt_parse(a, t.b, t.n, &list, &n, &trouble));
	ok(trouble != NULL);
	arena_free(a);
}

TEST(dmar_is_decoded)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct dmar dmar;
	struct table t;

	table_dmar(&t, 5, 0xfed91000, 2);
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	is_str(trouble, NULL);
	is_int(dmar.flags, 5);
	is_int(dmar.n_units, 1);
	is_int(dmar.units[0].address, 0xfed91000);
	ok(dmar.units[0].include_all);
	is_int(dmar.units[0].n_ioapics, 1);
	is_int(dmar.units[0].ioapics[0], 2);
	is_int(dmar.n_rmrrs, 1);
	is_int(dmar.rmrrs[0].base, 0xba000000);
	is_int(dmar.rmrrs[0].limit, 0xbc7fffff);
	arena_free(a);
}

TEST(dmar_padding_is_no_trouble)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct dmar dmar;
	struct table t;

	table_dmar(&t, 1, 0xfed91000, 2);
	t.n += 8;
	table_seal(&t);
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	is_str(trouble, NULL);
	t.b[t.n - 1] = 7; /* something stands behind a structure of length 0 */
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	ok(trouble != NULL);
	arena_free(a);
}

TEST(dmar_flaws_are_named)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct dmar dmar;
	struct table t;

	table_dmar(&t, 1, 0xfed91000, 2);
	t.b[50] = 0xff; /* length of the unit: past the end */
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	ok(trouble && strstr(trouble, "end"));
	table_dmar(&t, 1, 0xfed91000, 2);
	t.b[65] = 0; /* length of its scope */
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	ok(trouble && strstr(trouble, "scope"));
	table_dmar(&t, 1, 0xfed91000, 2);
	t.b[36] = 3;
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	ok(trouble && strstr(trouble, "address bits"));
	table_start(&t, "DMAR", 48);
	t.b[36] = 38;
	table_seal(&t);
	ok(dmar_parse(a, t.b, t.n, &dmar, &trouble));
	ok(trouble && strstr(trouble, "no unit"));
	ok(!dmar_parse(a, t.b, 20, &dmar, &trouble));
	ok(trouble != NULL);
	arena_free(a);
}

static void ivrs_sample(struct table *t)
{
	table_start(t, "IVRS", 48);
	size_t at = table_ivhd(t, 0x10);
	table_special(t, 1, 0x00a0); /* only the better type must count */
	table_ivhd_end(t, at);
	at = table_ivhd(t, 0x11);
	TABLE_PUT(t, 3, 3, 0, 0, 4, 0x20, 0, 0);    /* 00:00.3 to 00:04.0 */
	TABLE_PUT(t, 2, 0x80, 0, 0);                /* 00:10.0 */
	TABLE_PUT(t, 0x42, 0, 2, 0, 0, 0xa5, 0, 0); /* 02:00.0 as 00:14.5 */
	TABLE_PUT(t, 0x43, 0, 3, 0, 0, 0xa4, 0, 0, 4, 0xff, 3, 0);
	table_special(t, 9, 0x00a0);
	TABLE_PUT(t, 0, 0, 0, 0); /* padding */
	table_ivhd_end(t, at);
	table_seal(t);
}

TEST(ivrs_is_decoded_by_the_kernels_choice)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	ivrs_sample(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_int(ivrs.block_type, 0x11);
	is_int(ivrs.n_specials, 1);
	is_int(ivrs.specials[0].handle, 9);
	is_int(ivrs.specials[0].requester_id, 0x00a0);
	ok(ivrs_covers(&ivrs, 0x0003) && ivrs_covers(&ivrs, 0x0020));
	ok(!ivrs_covers(&ivrs, 0x0002) && !ivrs_covers(&ivrs, 0x0021));
	ok(ivrs_covers(&ivrs, 0x0080) && ivrs_covers(&ivrs, 0x0200));
	ok(ivrs_covers(&ivrs, 0x00a5) && ivrs_covers(&ivrs, 0x00a4));
	ok(ivrs_covers(&ivrs, 0x0300) && ivrs_covers(&ivrs, 0x03ff));
	ok(ivrs_covers(&ivrs, 0x00a0)); /* by its special entry */
	arena_free(a);
}

TEST(ivrs_flaws_are_named)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	ivrs_sample(&t);
	t.b[20]++;
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "checksum"));
	ivrs_sample(&t);
	t.b[50] = 0; /* length of the first block */
	t.b[51] = 0;
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "block length"));
	ivrs_sample(&t);
	t.b[t.n - 4] = 0x90; /* a type the kernel cannot step over */
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "0x90"));
	table_start(&t, "IVRS", 48);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "no IOMMU"));
	arena_free(a);
}

/* Copies to a buffer of exactly that size, so that a sanitizer sees a read behind it. */
static void parse_all(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new();
	uint8_t *copy = malloc(n ? n : 1);
	struct madt_ioapic *list;
	const char *trouble;
	struct dmar dmar;
	struct ivrs ivrs;
	size_t n_list;

	memcpy(copy, p, n);
	ok(!madt_parse(a, copy, n, &list, &n_list, &trouble) || n_list < 100);
	ok(!dmar_parse(a, copy, n, &dmar, &trouble) || dmar.n_units < 100);
	ok(!ivrs_parse(a, copy, n, &ivrs, &trouble) || ivrs.n_ranges < 1000);
	free(copy);
	arena_free(a);
}

TEST(cut_at_every_byte)
{
	struct table tables[3];

	table_madt(&tables[0], 9, 10);
	table_dmar(&tables[1], 1, 0xfed91000, 2);
	ivrs_sample(&tables[2]);
	for (size_t t = 0; t < 3; t++) {
		for (size_t n = 0; n <= tables[t].n; n++)
			parse_all(tables[t].b, n);
	}
}

TEST(cut_and_believed_at_every_byte)
{
	struct table tables[3], t;

	table_madt(&tables[0], 9, 10);
	table_dmar(&tables[1], 1, 0xfed91000, 2);
	ivrs_sample(&tables[2]);
	for (size_t i = 0; i < 3; i++) {
		for (size_t n = 10; n <= tables[i].n; n++) {
			t = tables[i];
			t.n = n;
			table_seal(&t);
			parse_all(t.b, n);
		}
	}
}

TEST(damaged_at_every_byte)
{
	static const uint8_t values[] = { 0, 1, 2, 3, 0x40, 0x7f, 0x80, 0xf0, 0xff };
	struct table tables[3], t;

	table_madt(&tables[0], 9, 10);
	table_dmar(&tables[1], 1, 0xfed91000, 2);
	ivrs_sample(&tables[2]);
	for (size_t i = 0; i < 3; i++) {
		for (size_t at = 4; at < tables[i].n; at++) {
			for (size_t v = 0; v < sizeof values; v++) {
				t = tables[i];
				t.b[at] = values[v];
				parse_all(t.b, t.n);
			}
		}
	}
}

TEST(presence_of_tables)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);

	is_int(acpi_has_table(f, "DMAR"), TRI_UNKNOWN);
	facts_free(f);
	snap_list_collected(
		&s->acpi_present); /* an empty directory hides, a container's */
	f = facts_new(s, NULL);
	is_int(acpi_has_table(f, "DMAR"), TRI_UNKNOWN);
	facts_free(f);
	snap_texts_add(s, &s->acpi_present, "FACP");
	f = facts_new(s, NULL);
	is_int(acpi_has_table(f, "DMAR"), TRI_FALSE);
	is_int(acpi_has_table(f, "FACP"), TRI_TRUE);
	facts_free(f);
	snapshot_free(s);
}

TEST(log_knows_ioapics_too)
{
	struct snapshot *s = machine_new(0);
	machine_log(s, "[    0.0] Linux version 6.1.0");
	machine_log(s,
		"[    0.0] IOAPIC[0]: apic_id 9, version 33, address 0xfec00000, "
		"GSI 0-23");
	machine_log(s,
		"[    0.0] IOAPIC[1]: apic_id 10, version 33, address 0xfec20000, "
		"GSI 24-55");
	struct facts *f = facts_new(s, NULL);
	struct ioapics list = { 0 };

	ok(ioapics_of(f, &list));
	is_int(list.n, 2);
	is_int(list.open, 0);
	is_int(ioapics_southbridge(&list)->id, 9);
	facts_free(f);
	snapshot_free(s);
}
