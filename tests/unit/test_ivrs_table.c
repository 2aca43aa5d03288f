// SPDX-License-Identifier: GPL-2.0-or-later
// IVRS tables: as real boards have them, broken ones, cut and damaged at every byte.
#include <stdlib.h>

#include "facts/acpi.h"
#include "machine.h"
#include "tables.h"
#include "tap.h"

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

/* An IVHD for the IOMMU at DEVICE of SEGMENT, with one range. */
static void unit_put(struct table *t, uint8_t type, uint16_t segment, uint16_t device,
	uint16_t first, uint16_t last)
{
	size_t at = table_ivhd(t, type);

	t->b[at + 4] = (uint8_t)device;
	t->b[at + 5] = (uint8_t)(device >> 8);
	t->b[at + 16] = (uint8_t)segment;
	t->b[at + 17] = (uint8_t)(segment >> 8);
	TABLE_PUT(t, 3, (uint8_t)first, (uint8_t)(first >> 8), 0);
	TABLE_PUT(t, 4, (uint8_t)last, (uint8_t)(last >> 8), 0);
	table_ivhd_end(t, at);
}

/* `\_SB.FUR0` of HID AMDI0020, which sends as DEVICE. */
static void named_put(struct table *t, uint8_t device)
{
	TABLE_PUT(t, 0xf0, device, 0, 0, 'A', 'M', 'D', 'I', '0', '0', '2', '0');
	TABLE_PUT(t, 0, 0, 0, 0, 0, 0, 0, 0); /* compatible ID */
	TABLE_PUT(t, 2, 9, '\\', '_', 'S', 'B', '.', 'F', 'U', 'R', '0');
}

static void ivmd_put(struct table *t, uint8_t type, uint8_t flags, uint8_t first,
	uint8_t last, uint8_t megabyte)
{
	TABLE_PUT(t, type, flags, 32, 0, 0, first, 0, last, 0, 0, 0, 0, 0, 0, 0, 0);
	TABLE_PUT(t, 0, 0, (uint8_t)(megabyte << 4), 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0,
		0, 0);
}

TEST(decoded_by_the_kernels_choice)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	ivrs_sample(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_str(ivrs.oddity, NULL);
	is_int(ivrs.block_type, 0x11);
	is_int(ivrs.n_units, 1);
	is_int(ivrs.units[0].address, 0xfeb80000);
	is_int(ivrs.n_specials, 1);
	is_int(ivrs.specials[0].handle, 9);
	is_int(ivrs.specials[0].requester_id, 0x00a0);
	is_int(ivrs_covers(&ivrs, 0, 0x0003), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x0020), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x0021), TRI_FALSE);
	is_int(ivrs_covers(&ivrs, 1, 0x0020), TRI_FALSE);
	is_int(ivrs_covers(&ivrs, 0, 0x0080), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x00a5), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x03ff), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x00a0), TRI_TRUE); /* by its special entry */
	is_int(ivrs.n_aliases, 2);
	is_int(ivrs.aliases[0].first, 0x0200);
	is_int(ivrs.aliases[0].to, 0x00a5);
	is_int(ivrs.aliases[1].last, 0x03ff);
	is_int(ivrs.aliases[1].to, 0x00a4);
	arena_free(a);
}

TEST(an_alias_is_asked_for)
{
	struct snapshot *s = machine_new(1u << SOURCE_ACPI_TABLES);
	uint16_t id = 0;
	struct table t;

	ivrs_sample(&t);
	table_add(s, "IVRS", &t);
	struct facts *f = facts_new(s, NULL);
	ok(ivrs_alias_of(f, 0, 0x0200, &id));
	is_int(id, 0x00a5);
	ok(ivrs_alias_of(f, 0, 0x0380, &id));
	is_int(id, 0x00a4);
	ok(ivrs_alias_of(f, 1, 0x0380, &id));
	is_int(id, 0x0380);
	facts_free(f);
	s->acpi_tables.n = 0;
	f = facts_new(s, NULL);
	ok(!ivrs_alias_of(f, 0, 0x0200, &id));
	facts_free(f);
	snapshot_free(s);
}

/* As recent laptops have it: 10h, 11h, memory, then 40h with names. */
TEST(type_40h_beside_the_others)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	table_start(&t, "IVRS", 48);
	unit_put(&t, 0x10, 0, 2, 3, 0xfffe);
	unit_put(&t, 0x11, 0, 2, 3, 0xfffe);
	ivmd_put(&t, 0x21, 0x07, 1, 0, 2); /* 01:00.0 */
	ivmd_put(&t, 0x22, 0x08, 2, 4, 3);
	ivmd_put(&t, 0x20, 0x00, 0, 0, 4); /* neither flag: the kernel passes it over */
	size_t at = table_ivhd(&t, 0x40);
	TABLE_PUT(&t, 3, 3, 0, 0, 4, 0xff, 0x7f, 0);
	named_put(&t, 0xa5);
	table_ivhd_end(&t, at);
	ivmd_put(&t, 0x51, 0x08, 1, 0, 2); /* a type that the kernel does not know */
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_str(ivrs.oddity, NULL);
	is_int(ivrs.block_type, 0x40);
	is_int(ivrs.n_units, 1);
	is_int(ivrs_covers(&ivrs, 0, 0x8000), TRI_FALSE);
	is_int(ivrs.n_named, 1);
	is_str(ivrs.named[0].hid, "AMDI0020");
	is_str(ivrs.named[0].uid, "\\_SB.FUR0");
	is_int(ivrs.named[0].requester_id, 0xa5);
	is_int(ivrs.n_ivmds, 2);
	is_int(ivrs.ivmds[0].first, 0x0100);
	is_int(ivrs.ivmds[0].last, 0x0100);
	is_int(ivrs.ivmds[0].start, 0x200000);
	is_int(ivrs.ivmds[0].length, 0x1000);
	is_int(ivrs.ivmds[1].first, 0x0200);
	is_int(ivrs.ivmds[1].last, 0x0400);
	arena_free(a);
}

/* Threadripper, EPYC: an IOMMU a die, each with its northbridge's I/O APIC at xx:00.1. */
TEST(several_units_and_segments)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	table_start(&t, "IVRS", 48);
	for (uint16_t i = 0; i < 4; i++) {
		unit_put(&t, 0x10, i, 0x4002, 0x4003, 0xfffe);
		size_t at = table_ivhd(&t, 0x11);
		t.b[at + 5] = 0x40;
		t.b[at + 16] = (uint8_t)i;
		TABLE_PUT(&t, 3, 3, 0x40, 0, 4, 0xfe, 0xff, 0);
		table_special(&t, (uint8_t)(0xf0 + i), 0x4001);
		table_ivhd_end(&t, at);
	}
	unit_put(&t, 0x11, 0, 2, 3, 0x3ffe);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_int(ivrs.block_type, 0x11);
	is_int(ivrs.n_units, 5);
	is_int(ivrs.n_specials, 4);
	is_int(ivrs.specials[2].handle, 0xf2);
	is_int(ivrs.specials[2].segment, 2);
	is_int(ivrs.specials[2].requester_id, 0x4001);
	is_int(ivrs_unit_of(&ivrs, 3, 0x4100)->segment, 3);
	is_int(ivrs_unit_of(&ivrs, 0, 0x4100)->requester_id, 0x4002);
	is_int(ivrs_unit_of(&ivrs, 0, 0x0100)->requester_id, 2);
	ok(!ivrs_unit_of(&ivrs, 2, 0x0100));
	ok(!ivrs_unit_of(&ivrs, 4, 0x4100));
	/* Never one IOMMU by another, even if a range says so */
	ok(!ivrs_unit_of(&ivrs, 0, 0x0002));
	arena_free(a);
}

TEST(the_last_type_of_the_first_unit_is_picked)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	table_start(&t, "IVRS", 48);
	unit_put(&t, 0x11, 0, 2, 3, 0x1000);
	unit_put(&t, 0x10, 0, 2, 3, 0x2000);
	unit_put(&t, 0x40, 0, 0x4002, 3, 0x3000); /* another IOMMU */
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_int(ivrs.block_type, 0x10);
	is_int(ivrs_covers(&ivrs, 0, 0x2000), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x3000), TRI_FALSE);
	/* Memory before the first IOMMU, and the kernel looks for IOMMUs of that type */
	table_start(&t, "IVRS", 48);
	ivmd_put(&t, 0x20, 0x08, 0, 0, 2);
	unit_put(&t, 0x11, 0, 2, 3, 0x1000);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "0x20"));
	arena_free(a);
}

TEST(flaws_that_refuse_are_named)
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
	t.b[50] = 0xff; /* past the end */
	t.b[51] = 0xff;
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "block length") && ivrs.open);
	ivrs_sample(&t);
	t.b[t.n - 4] = 0x90; /* a type the kernel cannot step over */
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "0x90") && ivrs.open);
	ivrs_sample(&t);
	t.b[t.n - 5] = 3; /* neither I/O APIC nor HPET */
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "variety 3") && !ivrs.open);
	table_start(&t, "IVRS", 48);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "no IOMMU"));
	t.b[4] = 40; /* shorter than its header */
	ok(!ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble != NULL);
	arena_free(a);
}

TEST(a_block_shorter_than_its_header)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	table_start(&t, "IVRS", 48);
	TABLE_PUT(&t, 0x11, 0, 24, 0, 2, 0, 0x40, 0);
	t.n += 16;
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	ok(trouble && strstr(trouble, "header"));
	is_int(ivrs_covers(&ivrs, 0, 0x100), TRI_UNKNOWN);
	arena_free(a);
}

TEST(flaws_that_the_kernel_passes_over)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	/* The last entry has 8 bytes, of which the block has 4 */
	table_start(&t, "IVRS", 48);
	size_t at = table_ivhd(&t, 0x10);
	TABLE_PUT(&t, 2, 0x80, 0, 0, 0x48, 0, 0, 0);
	table_ivhd_end(&t, at);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	ok(ivrs.oddity && strstr(ivrs.oddity, "0x48"));
	is_int(ivrs_covers(&ivrs, 0, 0x0080), TRI_TRUE);
	is_int(ivrs_covers(&ivrs, 0, 0x00a0), TRI_UNKNOWN);
	/* A name in a block of type 11h */
	table_start(&t, "IVRS", 48);
	at = table_ivhd(&t, 0x11);
	TABLE_PUT(&t, 2, 0x80, 0, 0);
	named_put(&t, 0xa5);
	table_ivhd_end(&t, at);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	ok(ivrs.oddity != NULL);
	is_int(ivrs.n_named, 0);
	is_int(ivrs_covers(&ivrs, 0, 0x00a5), TRI_FALSE);
	/* Reserved types below 80h have a length, so that they are stepped over */
	table_start(&t, "IVRS", 48);
	at = table_ivhd(&t, 0x11);
	TABLE_PUT(&t, 0x3f, 1, 1, 1, 0x7f, 1, 1, 1, 1, 1, 1, 1, 2, 0x80, 0, 0);
	table_ivhd_end(&t, at);
	table_seal(&t);
	ok(ivrs_parse(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_str(ivrs.oddity, NULL);
	is_int(ivrs_covers(&ivrs, 0, 0x0080), TRI_TRUE);
	arena_free(a);
}

/* Since 6.0 such a block refuses the table, before that it did not. */
TEST(a_block_that_names_no_requester)
{
	static const struct {
		const char *release;
		enum fact_state state;
	} cases[] = { { "5.15.0-91-generic", FACT_NONE }, { "6.1.0", FACT_VALUE },
		{ "5.14.0-427.el9.x86_64", FACT_ABSENT } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = machine_new(1u << SOURCE_ACPI_TABLES);
		struct table t;

		s->kernel.release = snap_text_of(s, cases[i].release);
		table_start(&t, "IVRS", 48);
		size_t at = table_ivhd(&t, 0x10);
		table_special(&t, 9, 0x00a0);
		table_ivhd_end(&t, at);
		table_seal(&t);
		table_add(s, "IVRS", &t);
		struct facts *f = facts_new(s, NULL);
		is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "ivrs.malformed")->state,
			cases[i].state);
		facts_free(f);
		snapshot_free(s);
	}
}

/* Copies to a buffer of exactly that size, so that a sanitizer sees a read behind it. */
static bool parse_copy(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ret,
	const char **trouble)
{
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, p, n);
	bool whole = ivrs_parse(a, copy, n, ret, trouble);
	free(copy);
	ok(!whole || (ret->n_ranges < 1000 && ret->n_aliases < 1000));
	return whole;
}

static void all_kinds(struct table *t)
{
	table_start(t, "IVRS", 48);
	unit_put(t, 0x10, 0, 2, 3, 0xfffe);
	ivmd_put(t, 0x22, 0x08, 2, 4, 3);
	size_t at = table_ivhd(t, 0x40);
	TABLE_PUT(t, 3, 3, 0, 0, 4, 0xff, 0x7f, 0);
	TABLE_PUT(t, 0x42, 0, 2, 0, 0, 0xa5, 0, 0);
	table_special(t, 9, 0x00a0);
	named_put(t, 0xa5);
	TABLE_PUT(t, 0x46, 0, 9, 0, 0, 0, 0, 0, 0x47, 0, 10, 0, 0, 0, 0, 0, 4, 8, 10, 0);
	table_ivhd_end(t, at);
	table_seal(t);
}

TEST(a_cut_table_says_nothing)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct ivrs ivrs;
	struct table t;

	all_kinds(&t);
	for (size_t n = 0; n < t.n; n++) {
		ok(!parse_copy(a, t.b, n, &ivrs, &trouble));
		is_str(trouble, NULL);
	}
	ok(parse_copy(a, t.b, t.n, &ivrs, &trouble));
	is_str(trouble, NULL);
	is_int(ivrs_covers(&ivrs, 0, 0x0a08), TRI_TRUE);
	arena_free(a);
}

TEST(a_cut_table_leaves_all_facts_open)
{
	static const char *const names[] = { "ivrs.malformed", "ivrs.no-southbridge",
		"ivrs.ioapics-missing", "ivrs.uncovered", "ivrs.units-missing",
		"ivrs.oddity" };
	struct table madt, t;

	table_madt(&madt, 9, 10);
	all_kinds(&t);
	for (size_t n = 36; n < t.n; n += 4) {
		struct snapshot *s =
			machine_new(1u << SOURCE_ACPI_TABLES | 1u << SOURCE_PCI);
		struct table cut = t;

		cut.n = n;
		machine_pci(s, "0000:01:00.0", 0x030000, -2);
		table_add(s, "APIC", &madt);
		table_add(s, "IVRS", &cut);
		struct facts *f = facts_new(s, NULL);
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], names[i])->state,
				FACT_ABSENT);
		is_int(fact_of(f, f->fns[0].device, "table-unit")->state, FACT_ABSENT);
		facts_free(f);
		snapshot_free(s);
	}
}

/* As before, but header and checksum fit the shorter table. */
TEST(cut_and_believed_at_every_byte)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct table t, cut;
	struct ivrs ivrs;

	all_kinds(&t);
	for (size_t n = 48; n < t.n; n++) {
		cut = t;
		cut.n = n;
		table_seal(&cut);
		ok(parse_copy(a, cut.b, n, &ivrs, &trouble));
		/* Only between two blocks is it as good as whole */
		is_int(trouble == NULL, n == 48 + 32 || n == 48 + 32 + 32);
	}
	arena_free(a);
}

TEST(damaged_at_every_byte)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct table t, bad;
	struct ivrs ivrs;

	all_kinds(&t);
	for (size_t at = 8; at < t.n; at++) {
		for (unsigned v = 0; v < 256; v++) {
			bad = t;
			bad.b[at] = (uint8_t)v;
			parse_copy(a, bad.b, bad.n, &ivrs, &trouble);
			is_int(trouble == NULL, v == t.b[at]); /* the checksum */
			table_seal(&bad);
			parse_copy(a, bad.b, bad.n, &ivrs, &trouble);
		}
	}
	arena_free(a);
}
