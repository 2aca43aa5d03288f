// SPDX-License-Identifier: GPL-2.0-or-later
// Which IOMMU a function is behind, by IVRS and by VIOT.
#include <stdlib.h>

#include "facts/acpi.h"
#include "machine.h"
#include "tables.h"
#include "tap.h"

/* As QEMU makes it: the virtio-iommu 00:05.0, and 00:00.0 to 03:1f.7 behind it. */
static void viot_sample(struct table *t)
{
	table_start(t, "VIOT", 48);
	t->b[36] = 2;
	t->b[38] = 48;
	TABLE_PUT(t, 3, 0, 16, 0, 0, 0, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	TABLE_PUT(t, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 3, 48, 0, 0, 0, 0,
		0, 0, 0);
	table_seal(t);
}

static struct snapshot *machine_with(const char *name, const struct table *t)
{
	struct snapshot *s = machine_new(1u << SOURCE_ACPI_TABLES | 1u << SOURCE_PCI);

	machine_pci(s, "0000:00:05.0", 0x000000, -2);
	machine_pci(s, "0000:03:00.0", 0x030000, -2);
	machine_pci(s, "0000:04:00.0", 0x020000, -2);
	machine_pci(s, "10000:03:00.0", 0x010802, -2);
	table_add(s, name, t);
	return s;
}

static const struct fact *unit_of(struct facts *f, const char *address)
{
	return fact_of(f, machine_fn(f, address)->device, "table-unit");
}

TEST(behind_virtio)
{
	struct table t;
	viot_sample(&t);
	struct snapshot *s = machine_with("VIOT", &t);
	struct facts *f = facts_new(s, NULL);

	is_str(unit_of(f, "0000:03:00.0")->text, "00:05.0");
	is_int(unit_of(f, "0000:04:00.0")->state, FACT_NONE);
	is_int(unit_of(f, "0000:00:05.0")->state, FACT_NONE); /* itself */
	is_int(unit_of(f, "10000:03:00.0")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(viot_flaws)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct viot viot;
	struct table t;

	viot_sample(&t);
	ok(viot_parse(a, t.b, t.n, &viot, &trouble));
	is_str(trouble, NULL);
	is_int(viot.n_ranges, 1);
	t.b[80] = 64; /* its IOMMU is the range itself */
	ok(viot_parse(a, t.b, t.n, &viot, &trouble));
	is_str(trouble, NULL);
	is_int(viot.n_ranges, 0);
	viot_sample(&t);
	t.b[66] = 8; /* a range that is too short */
	ok(viot_parse(a, t.b, t.n, &viot, &trouble));
	ok(trouble && strstr(trouble, "64"));
	viot_sample(&t);
	t.b[50] = 0; /* the kernel stops at a node of length 0 */
	ok(viot_parse(a, t.b, t.n, &viot, &trouble));
	ok(trouble && strstr(trouble, "48"));
	viot_sample(&t);
	t.b[36] = 0xff; /* more nodes than there are */
	t.b[37] = 0xff;
	ok(viot_parse(a, t.b, t.n, &viot, &trouble));
	ok(trouble != NULL);
	is_int(viot.n_ranges, 1);
	arena_free(a);
}

TEST(viot_cut_and_damaged)
{
	struct arena *a = arena_new();
	const char *trouble;
	struct viot viot;
	struct table t;

	viot_sample(&t);
	for (size_t n = 0; n < t.n; n++) {
		ok(!viot_parse(a, t.b, n, &viot, &trouble));
		is_str(trouble, NULL);
	}
	for (size_t at = 36; at < t.n; at++) {
		for (unsigned v = 0; v < 256; v++) {
			uint8_t *copy = malloc(t.n);
			memcpy(copy, t.b, t.n);
			copy[at] = (uint8_t)v;
			ok(viot_parse(a, copy, t.n, &viot, &trouble));
			ok(viot.n_ranges < 100);
			free(copy);
		}
	}
	arena_free(a);
}

static void ivrs_simple(struct table *t)
{
	table_start(t, "IVRS", 48);
	size_t at = table_ivhd(t, 0x10);
	TABLE_PUT(t, 3, 3, 0, 0, 4, 0xff, 3, 0); /* 00:00.3 to 03:1f.7 */
	table_ivhd_end(t, at);
	table_seal(t);
}

TEST(behind_amd_vi)
{
	struct table t;
	ivrs_simple(&t);
	struct snapshot *s = machine_with("IVRS", &t);
	struct facts *f = facts_new(s, NULL);

	is_str(unit_of(f, "0000:03:00.0")->text, "00:00.2");
	is_int(unit_of(f, "0000:04:00.0")->state, FACT_NONE);
	/* The kernel's segment numbers have 16 bits */
	is_int(unit_of(f, "10000:03:00.0")->state, FACT_ABSENT);
	facts_free(f);
	t.b[20]++; /* the kernel refuses the table as a whole */
	s->acpi_tables.v[0].data = snap_bytes_of(s, t.b, t.n);
	f = facts_new(s, NULL);
	is_int(unit_of(f, "0000:04:00.0")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(an_iommu_that_is_not_there)
{
	struct table t;
	ivrs_simple(&t);
	struct snapshot *s = machine_with("IVRS", &t);
	struct facts *f = facts_new(s, NULL);
	const struct fact *missing =
		fact_of(f, f->scopes[SCOPE_HOST].v[0], "ivrs.units-missing");

	is_int(missing->n, 1);
	is_str(missing->list[0], "00:00.2");
	facts_free(f);
	machine_pci(s, "0000:00:00.2", 0x080600, -1);
	f = facts_new(s, NULL);
	missing = fact_of(f, f->scopes[SCOPE_HOST].v[0], "ivrs.units-missing");
	is_int(missing->state, FACT_VALUE);
	is_int(missing->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(no_table_no_answer)
{
	struct table t;
	ivrs_simple(&t);
	struct snapshot *s = machine_with("IVRS", &t);
	s->acpi_tables.n = 0;
	struct facts *f = facts_new(s, NULL);

	is_int(unit_of(f, "0000:04:00.0")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}
