// SPDX-License-Identifier: GPL-2.0-or-later
// DMAR tables: decoding good and broken ones, and every one cut and damaged at every byte.
#include <stdlib.h>

#include "dmar_table.h"
#include "facts/dmar.h"
#include "tap.h"

/* A table with a structure of every kind; the ANDD comes last. */
static void table_whole(struct table *t)
{
	size_t at;

	dmar_start(t, 0x05);
	at = dmar_drhd(t, 0, 0, 0xfed90000);
	dmar_scope(t, DMAR_ENDPOINT, 0, 0, 1, (const uint8_t[]){ 2, 0 });
	dmar_end(t, at);
	at = dmar_drhd(t, 1, 0, 0xfed91000);
	dmar_scope(t, DMAR_IOAPIC, 2, 0xf0, 1, (const uint8_t[]){ 0x1f, 0 });
	dmar_scope(t, DMAR_HPET, 0, 0, 1, (const uint8_t[]){ 0x1f, 0 });
	dmar_end(t, at);
	at = dmar_drhd(t, 0, 1, 0xfec10000);
	dmar_scope(t, DMAR_BRIDGE, 0, 0x80, 1, (const uint8_t[]){ 3, 0 });
	dmar_end(t, at);
	at = dmar_rmrr(t, 0, 0xba000000, 0xbc7fffff);
	dmar_scope(t, DMAR_ENDPOINT, 0, 0, 2, (const uint8_t[]){ 0x1c, 0, 0, 1 });
	dmar_end(t, at);
	at = dmar_ports(t, 2, 0, 0); /* ATSR */
	dmar_scope(t, DMAR_BRIDGE, 0, 0, 1, (const uint8_t[]){ 0x1c, 0 });
	dmar_end(t, at);
	TABLE_PUT(
		t, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0x10, 0xd9, 0xfe, 0, 0, 0, 0, 1, 0, 0, 0);
	at = dmar_ports(t, 5, 1, 0); /* SATC */
	dmar_scope(t, DMAR_ENDPOINT, 0, 0, 1, (const uint8_t[]){ 2, 0 });
	dmar_end(t, at);
	at = dmar_ports(t, 6, 0, 0); /* SIDP */
	dmar_end(t, at);
	TABLE_PUT(t, 4, 0, 12, 0, 0, 0, 0, 1, 'A', 'B', 'C', 0);
	table_seal(t);
}

/* Parses a copy of exactly that size, so that a sanitizer sees a read behind it. */
static struct dmar parse(
	struct arena *a, const uint8_t *p, size_t n, const char **trouble)
{
	uint8_t *copy = arena_alloc(a, n ? n : 1);
	struct dmar dmar = { 0 };

	memcpy(copy, p, n);
	if (!dmar_parse(a, copy, n, &dmar, trouble))
		dmar.whole = false;
	return dmar;
}

TEST(every_structure_is_decoded)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct dmar dmar;
	struct dmar_scope scope;
	struct table t;
	size_t at = 0;

	table_whole(&t);
	dmar = parse(a, t.b, t.n, &trouble);
	is_str(trouble, NULL);
	ok(dmar.whole);
	is_int(dmar.n_flaws, 0);
	is_int(dmar.width, 39);
	is_int(dmar.flags, DMAR_INTR_REMAP | DMAR_PLATFORM_OPT_IN);
	/* In the order of the kernel: the last one first, and the one for all else last */
	is_int(dmar.n_units, 3);
	is_int(dmar.units[0].segment, 1);
	is_int(dmar.units[1].address, 0xfed90000);
	is_int(dmar.units[2].include_all, true);
	is_int(dmar.units[2].size, 4096);
	ok(dmar_scope_next(&dmar.units[2].scopes, &at, &scope));
	is_int(scope.type, DMAR_IOAPIC);
	is_int(scope.id, 2);
	is_int(scope.bus, 0xf0);
	is_int(scope.n_path, 1);
	is_int(scope.path[0], 0x1f);
	ok(dmar_scope_next(&dmar.units[2].scopes, &at, &scope));
	is_int(scope.type, DMAR_HPET);
	ok(!dmar_scope_next(&dmar.units[2].scopes, &at, &scope));
	is_int(dmar.n_rmrrs, 1);
	is_int(dmar.rmrrs[0].base, 0xba000000);
	is_int(dmar.rmrrs[0].limit, 0xbc7fffff);
	is_int(dmar.n_atsrs, 1);
	is_int(dmar.n_satcs, 1);
	is_int(dmar.satcs[0].flags, 1);
	is_int(dmar.n_sidps, 1);
	is_int(dmar.n_rhsas, 1);
	is_int(dmar.rhsas[0].address, 0xfed91000);
	is_int(dmar.rhsas[0].proximity, 1);
	is_int(dmar.n_andds, 1);
	is_str(dmar.andds[0].name, "ABC");
	is_int(dmar.andds[0].number, 1);
	arena_free(a);
}

/* What the table says once one change was made to it. */
#define AFTER(change)                                                                    \
	do {                                                                             \
		table_whole(&t);                                                         \
		change;                                                                  \
		table_seal(&t);                                                          \
		dmar = parse(a, t.b, t.n, &trouble);                                     \
	} while (0)

/* Each of these costs the whole table, as drivers/iommu/intel/dmar.c has it. */
TEST(what_the_kernel_refuses)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct dmar dmar;
	struct table t;

	AFTER(t.b[36] = 10);
	ok(trouble && strstr(trouble, "11 address bits"));
	ok(!dmar.whole);
	AFTER(t.b[36] = 11);
	is_str(trouble, NULL);
	AFTER(t.b[t.n - 10] = 13); /* length of the last structure */
	ok(trouble && strstr(trouble, "passes the table's end"));
	AFTER(t.b[t.n - 1] = 'D'); /* the name's NUL */
	ok(trouble && strstr(trouble, "ANDD"));
	AFTER(t.n = 48);
	ok(trouble && strstr(trouble, "no unit"));
	AFTER((t.b[50] = 0, t.b[51] = 0)); /* length 0 of the first structure */
	ok(trouble && strstr(trouble, "no unit"));
	table_whole(&t);
	t.b[4] = 40;
	t.b[5] = 0;
	dmar = parse(a, t.b, t.n, &trouble);
	ok(trouble && strstr(trouble, "shorter than its header"));
	arena_free(a);
}

/* The kernel goes on, and so does the decoder. */
TEST(what_the_kernel_passes_over)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct dmar dmar;
	struct table t;

	table_whole(&t);
	t.b[9]++;
	dmar = parse(a, t.b, t.n, &trouble);
	is_str(trouble, NULL);
	is_int(dmar.n_flaws, 1);
	is_str(dmar.flaws[0], "its checksum is wrong");
	is_int(dmar.n_units, 3);
	/* fwts loops for ever over this one; the kernel stops without a word */
	AFTER((t.b[50 + 24] = 0));
	is_str(trouble, NULL);
	is_int(dmar.n_units, 1);
	ok(dmar.whole);
	is_str(dmar.flaws[0], "a structure of length 0 at byte 72 ends it early");
	/* A type from a newer specification */
	AFTER(t.b[48] = 200);
	is_str(trouble, NULL);
	is_int(dmar.n_units, 2);
	is_int(dmar.n_flaws, 0);
	AFTER(t.b[64] = 77);
	is_str(dmar.flaws[0], "the device scope at byte 64 has the unknown type 77");
	AFTER(t.b[65] = 9);
	is_str(dmar.flaws[0], "the device scope at byte 64 leaves its structure");
	is_int(dmar.n_units, 3);
	/* The same unit twice: the second one does not count */
	AFTER(t.b[72 + 9] = 0);
	is_int(dmar.n_units, 2);
	is_str(dmar.flaws[0], "it describes the unit at 0xfed90000 twice");
	/* A kernel that runs has not walked over a scope of length 0 */
	AFTER(t.b[65] = 0);
	is_str(trouble, NULL);
	ok(!dmar.whole);
	arena_free(a);
}

/* Cut on its way here: nothing is wrong with it, and nothing that is missing is "not
 * there". */
TEST(cut_at_every_byte)
{
	struct table t;

	table_whole(&t);
	for (size_t n = 0; n < t.n; n++) {
		struct arena *a = arena_new();
		const char *trouble;
		struct dmar dmar = parse(a, t.b, n, &trouble);

		is_str(trouble, NULL);
		ok(!dmar.whole);
		ok(dmar.n_units <= 3 && dmar.n_rmrrs <= 1);
		ok(n < 48 || dmar.flags == 5);
		arena_free(a);
	}
}

/* Cut by firmware: then it is judged as the kernel would. */
TEST(cut_and_believed_at_every_byte)
{
	struct table t;

	for (size_t n = 10; n <= 400; n++) {
		struct arena *a = arena_new();
		const char *trouble;
		struct dmar dmar;

		table_whole(&t);
		if (n >= t.n) {
			arena_free(a);
			break;
		}
		t.n = n;
		table_seal(&t);
		dmar = parse(a, t.b, t.n, &trouble);
		ok(trouble || dmar.n_units > 0 || !dmar.whole);
		arena_free(a);
	}
}

TEST(damaged_at_every_byte)
{
	static const uint8_t values[] = { 0, 1, 2, 3, 5, 6, 0x7f, 0x80, 0xff };
	struct table t;

	table_whole(&t);
	for (size_t at = 0; at < t.n; at++) {
		for (size_t v = 0; v < sizeof values; v++) {
			struct arena *a = arena_new();
			uint8_t old = t.b[at];
			const char *trouble;
			struct dmar dmar;

			t.b[at] = values[v];
			dmar = parse(a, t.b, t.n, &trouble);
			t.b[at] = old;
			ok(dmar.n_units < 20 && dmar.n_rmrrs < 20 && dmar.n_flaws <= 16);
			for (size_t i = 0; i < dmar.n_units; i++) {
				struct dmar_scope scope;
				size_t steps = 0, place = 0;
				while (dmar_scope_next(
					&dmar.units[i].scopes, &place, &scope))
					ok(++steps < 400);
			}
			arena_free(a);
		}
	}
}

/* Structures that advance by one byte, from one end of a large table to the other. */
TEST(a_hostile_table_costs_little)
{
	enum { SIZE = 1 << 20 };
	uint8_t *p = malloc(SIZE);
	struct arena *a = arena_new();
	struct dmar dmar;
	const char *trouble;

	ok(p != NULL);
	memset(p, 1, SIZE);
	memcpy(p + 4, (const uint8_t[]){ 0, 0, 0x10, 0 }, 4);
	p[36] = 38;
	for (size_t i = 48; i + 4 < SIZE; i += 2)
		p[i] = 0;
	ok(dmar_parse(a, p, SIZE, &dmar, &trouble));
	ok(dmar.n_units <= 1024);
	ok(!dmar.whole);
	memset(p + 48, 1, SIZE - 48);
	ok(dmar_parse(a, p, SIZE, &dmar, &trouble));
	ok(dmar.n_rmrrs <= 4096);
	ok(!dmar.whole);
	arena_free(a);
	free(p);
}
