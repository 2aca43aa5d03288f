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
	is_int(list[1].unsure, false);
	t.b[45] = 0; /* length of the first entry */
	ok(!madt_parse(a, t.b, t.n, &list, &n, &trouble));
	ok(trouble != NULL);
	arena_free(a);
}

/* mp_register_ioapic() */
TEST(madt_ioapics_that_the_kernel_skips)
{
	struct arena *a = arena_new();
	struct madt_ioapic *list = NULL;
	const char *trouble;
	struct table t;
	size_t n = 0;

	table_madt(&t, 9, 10);
	/* no address; the address of the first; interrupts of the second */
	TABLE_PUT(&t, 1, 12, 11, 0, 0, 0, 0, 0, 64, 0, 0, 0);
	TABLE_PUT(&t, 1, 12, 12, 0, 0, 0, 0xc0, 0xfe, 65, 0, 0, 0);
	TABLE_PUT(&t, 1, 12, 13, 0, 0, 0, 0xc1, 0xfe, 24, 0, 0, 0);
	/* an x2APIC, a reserved type, and one whose id is taken */
	TABLE_PUT(&t, 9, 16, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0);
	TABLE_PUT(&t, 0x7f, 2);
	TABLE_PUT(&t, 1, 12, 9, 0, 0, 0, 0xc2, 0xfe, 66, 0, 0, 0);
	table_seal(&t);
	ok(madt_parse(a, t.b, t.n, &list, &n, &trouble));
	is_int(n, 3);
	is_int(list[1].id, 10);
	is_int(list[2].gsi_base, 66);
	ok(list[2].unsure);
	arena_free(a);
}

TEST(dead_ioapics_of_the_log)
{
	struct snapshot *s = machine_new(0);
	struct table t;
	struct ioapics list = { 0 };

	table_madt(&t, 9, 10);
	table_add(s, "APIC", &t);
	machine_log(
		s, "[    0.0] I/O APIC 0xfec01000 registers return all ones, skipping!");
	struct facts *f = facts_new(s, NULL);
	ok(ioapics_of(f, &list));
	is_int(list.n, 1);
	is_int(list.v[0].id, 9);
	facts_free(f);
	machine_log(
		s, "[    0.0] GSI range [0-23] for new IOAPIC conflicts with GSI[0-7]");
	f = facts_new(s, NULL);
	ok(ioapics_of(f, &list));
	is_int(list.n, 0);
	facts_free(f);
	snapshot_free(s);
}

/* Copies to a buffer of exactly that size, so that a sanitizer sees a read behind it. */
static void parse_all(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new();
	uint8_t *copy = malloc(n ? n : 1);
	struct madt_ioapic *list;
	const char *trouble;
	size_t n_list;

	memcpy(copy, p, n);
	ok(!madt_parse(a, copy, n, &list, &n_list, &trouble) || n_list < 100);
	free(copy);
	arena_free(a);
}

TEST(cut_at_every_byte)
{
	struct table t;

	table_madt(&t, 9, 10);
	for (size_t n = 0; n <= t.n; n++)
		parse_all(t.b, n);
}

TEST(cut_and_believed_at_every_byte)
{
	struct table whole, t;

	table_madt(&whole, 9, 10);
	for (size_t n = 10; n <= whole.n; n++) {
		t = whole;
		t.n = n;
		table_seal(&t);
		parse_all(t.b, n);
	}
}

TEST(damaged_at_every_byte)
{
	static const uint8_t values[] = { 0, 1, 2, 3, 0x40, 0x7f, 0x80, 0xf0, 0xff };
	struct table whole, t;

	table_madt(&whole, 9, 10);
	for (size_t at = 4; at < whole.n; at++) {
		for (size_t v = 0; v < sizeof values; v++) {
			t = whole;
			t.b[at] = values[v];
			parse_all(t.b, t.n);
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

TEST(mcfg_tells_what_it_reaches)
{
	struct snapshot *s = machine_new(1u << SOURCE_ACPI_TABLES);
	struct table t;

	table_start(&t, "MCFG", 44);
	TABLE_PUT(&t, 0, 0, 0, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x3f, 0, 0, 0, 0);
	TABLE_PUT(&t, 0, 0, 0, 0xd0, 0, 0, 0, 0, 1, 0, 0x40, 0x7f, 0, 0, 0, 0);
	table_seal(&t);
	table_add(s, "MCFG", &t);
	struct facts *f = facts_new(s, NULL);
	/* Listed is not yet used: the kernel may find the region not reserved */
	is_int(mcfg_reaches(f, 0, 0x3f), TRI_UNKNOWN);
	is_int(mcfg_reaches(f, 0, 0x40), TRI_FALSE);
	is_int(mcfg_reaches(f, 1, 0x40), TRI_UNKNOWN);
	is_int(mcfg_reaches(f, 1, 0), TRI_FALSE);
	is_int(mcfg_reaches(f, 0x10000, 0), TRI_FALSE);
	facts_free(f);
	struct snap_region *r = snap_list_add(s, &s->iomem);
	r->name = "PCI ECAM 0000 [bus 00-3f]";
	r = snap_list_add(s, &s->iomem);
	r->name = "PCI MMCONFIG 0001 [bus 40-7f]";
	f = facts_new(s, NULL);
	is_int(mcfg_reaches(f, 0, 0x3f), TRI_TRUE);
	is_int(mcfg_reaches(f, 1, 0x41), TRI_TRUE);
	is_int(mcfg_reaches(f, 1, 0x80), TRI_FALSE);
	facts_free(f);
	s->acpi_tables.n = 0;
	f = facts_new(s, NULL);
	is_int(mcfg_reaches(f, 0, 0x40), TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}

TEST(mcfg_flaws_are_named)
{
	struct arena *a = arena_new();
	struct mcfg_range *list;
	const char *trouble;
	struct table t;
	size_t n;

	table_start(&t, "MCFG", 44);
	TABLE_PUT(&t, 0, 0, 0, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x3f, 0, 0, 0, 0);
	TABLE_PUT(&t, 1, 2, 3); /* less than an entry */
	table_seal(&t);
	ok(mcfg_parse(a, t.b, t.n, &list, &n, &trouble));
	is_int(n, 1);
	for (size_t cut = 0; cut < t.n; cut++) {
		ok(!mcfg_parse(a, t.b, cut, &list, &n, &trouble));
		is_str(trouble, NULL);
	}
	t.b[47] = 0;
	ok(!mcfg_parse(a, t.b, t.n, &list, &n, &trouble));
	ok(trouble && strstr(trouble, "address"));
	t.n = 50;
	table_seal(&t);
	ok(!mcfg_parse(a, t.b, t.n, &list, &n, &trouble));
	ok(trouble && strstr(trouble, "no entry"));
	arena_free(a);
}
