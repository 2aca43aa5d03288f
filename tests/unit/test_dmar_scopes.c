// SPDX-License-Identifier: GPL-2.0-or-later
// Device scopes of a DMAR table, found again through the bridges of a machine.
#include "dmar_table.h"
#include "facts/dmar.h"
#include "machine.h"
#include "tap.h"

#define SOURCES (1u << SOURCE_PCI | 1u << SOURCE_IOMMU_GROUPS | 1u << SOURCE_IOMMU_UNITS)
#define PATH(...)                                                                        \
	sizeof(const uint8_t[]){ __VA_ARGS__ } / 2, (const uint8_t[])                    \
	{                                                                                \
		__VA_ARGS__                                                              \
	}

static struct snap_pci *add(struct snapshot *s, const char *address, const char *parent,
	uint32_t class_code, uint8_t header)
{
	struct snap_pci *p = machine_pci(s, address, class_code, -1);
	uint8_t config[64] = { [0x0e] = header };

	if (parent)
		p->parent = snap_text_of(s, parent);
	p->config = snap_bytes_of(s, config, sizeof config);
	return p;
}

/*
 * Root port 00:1c.0 with a switch of three steps behind it; buses are numbered 5 to 8 here,
 * whatever they were when firmware wrote its table. A function in segment 1.
 */
static struct snapshot *machine(void)
{
	struct snapshot *s = machine_new(SOURCES);

	add(s, "0000:00:02.0", NULL, 0x030000, 0x00);
	add(s, "0000:00:1c.0", NULL, 0x060400, 0x81);
	add(s, "0000:00:1f.3", NULL, 0x040300, 0x00);
	add(s, "0000:05:00.0", "0000:00:1c.0", 0x060400, 0x01);
	add(s, "0000:06:08.0", "0000:05:00.0", 0x060400, 0x01);
	add(s, "0000:07:00.0", "0000:06:08.0", 0x030000, 0x80);
	add(s, "0000:07:00.1", "0000:06:08.0", 0x040300, 0x80);
	add(s, "0001:00:02.0", NULL, 0x020000, 0x00);
	snap_list_collected(&s->groups);
	return s;
}

/* A unit for the display, one for the bridge 00:1c.0, one for the rest of segment 0. */
static void units(struct table *t)
{
	size_t at;

	dmar_start(t, 1);
	at = dmar_drhd(t, 0, 0, 0xfed90000);
	dmar_scope(t, DMAR_ENDPOINT, 0, 0, PATH(2, 0));
	dmar_end(t, at);
	at = dmar_drhd(t, 0, 0, 0xfed92000);
	dmar_scope(t, DMAR_BRIDGE, 0, 0, PATH(0x1c, 0));
	dmar_end(t, at);
	at = dmar_drhd(t, 1, 0, 0xfed91000);
	dmar_end(t, at);
}

static const struct fact *of_device(
	struct facts *f, const char *address, const char *name)
{
	return fact_of(f, machine_fn(f, address)->device, name);
}

static const struct fact *of_host(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

TEST(units_serve_functions)
{
	struct snapshot *s = machine();
	struct table t;
	struct facts *f;

	units(&t);
	table_seal(&t);
	table_add(s, "DMAR", &t);
	f = facts_new(s, NULL);
	is_str(of_device(f, "0000:00:02.0", "dmar.unit")->text, "0xfed90000");
	is_str(of_device(f, "0000:00:1f.3", "dmar.unit")->text, "0xfed91000");
	is_str(of_device(f, "0000:00:1c.0", "dmar.unit")->text, "0xfed92000");
	is_str(of_device(f, "0000:07:00.1", "dmar.unit")->text, "0xfed92000");
	/* Nobody serves segment 1 */
	is_int(of_device(f, "0001:00:02.0", "dmar.unit")->state, FACT_NONE);
	is_int(of_host(f, "dmar.flaws")->state, FACT_VALUE);
	is_int(of_host(f, "dmar.flaws")->n, 0);
	is_int(of_host(f, "dmar.scope-mismatch")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_part_of_a_table_names_no_unit)
{
	struct table t;

	units(&t);
	table_seal(&t);
	for (size_t n = 0; n < t.n; n++) {
		struct snapshot *s = machine();
		struct table cut = t;
		struct facts *f;

		cut.n = n;
		table_add(s, "DMAR", &cut);
		f = facts_new(s, NULL);
		is_int(of_device(f, "0000:07:00.1", "dmar.unit")->state, FACT_ABSENT);
		is_int(of_device(f, "0001:00:02.0", "dmar.unit")->state, FACT_ABSENT);
		is_int(of_host(f, "dmar.malformed")->state, FACT_ABSENT);
		is_int(of_host(f, "dmar.scope-mismatch")->state, FACT_ABSENT);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(idle_units)
{
	struct snapshot *s = machine();
	struct snap_unit *u;
	struct table t;
	struct facts *f;

	units(&t);
	table_seal(&t);
	table_add(s, "DMAR", &t);
	f = facts_new(s, NULL);
	is_int(of_device(f, "0000:07:00.0", "dmar.unit-idle")->state, FACT_ABSENT);
	facts_free(f);
	u = snap_list_add(s, &s->units);
	u->name = "dmar2";
	u->address = snap_hex_of(0xfed91000);
	f = facts_new(s, NULL);
	is_int(of_device(f, "0000:07:00.0", "dmar.unit-idle")->b, true);
	is_int(of_device(f, "0000:00:1f.3", "dmar.unit-idle")->state, FACT_VALUE);
	is_int(of_device(f, "0000:00:1f.3", "dmar.unit-idle")->b, false);
	facts_free(f);
	u = snap_list_add(s, &s->units);
	u->name = "dmar1"; /* its address is not known: it may be the one */
	f = facts_new(s, NULL);
	is_int(of_device(f, "0000:07:00.0", "dmar.unit-idle")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

/* Does an RMRR of SEGMENT with this one scope name the function? */
static enum tri names(const char *address, uint16_t segment, uint8_t type, uint8_t bus,
	size_t steps, const uint8_t *path)
{
	struct snapshot *s = machine();
	struct facts *f = facts_new(s, NULL);
	struct table t;
	struct dmar_scopes list;
	enum tri covers;

	table_start(&t, "DMAR", 0);
	t.n = 0;
	dmar_scope(&t, type, 0, bus, steps, path);
	list = (struct dmar_scopes){ .p = t.b, .n = t.n };
	covers = dmar_scopes_cover(&list, segment, machine_fn(f, address));
	facts_free(f);
	snapshot_free(s);
	return covers;
}

TEST(paths_lead_through_renumbered_buses)
{
	const uint8_t way[] = { 0x1c, 0, 0, 0, 8, 0, 0, 1 };

	is_int(names("0000:07:00.1", 0, DMAR_ENDPOINT, 0, 4, way), TRI_TRUE);
	is_int(names("0000:07:00.0", 0, DMAR_ENDPOINT, 0, 4, way), TRI_FALSE);
	/* Too short, from another root bus, from another segment */
	is_int(names("0000:07:00.1", 0, DMAR_ENDPOINT, 0, 3, way + 2), TRI_FALSE);
	is_int(names("0000:07:00.1", 0, DMAR_ENDPOINT, 1, 4, way), TRI_FALSE);
	is_int(names("0000:07:00.1", 1, DMAR_ENDPOINT, 0, 4, way), TRI_FALSE);
	/* A bridge stands for all below it */
	is_int(names("0000:07:00.1", 0, DMAR_BRIDGE, 0, 2, way), TRI_TRUE);
	is_int(names("0000:00:1f.3", 0, DMAR_BRIDGE, 0, 2, way), TRI_FALSE);
	/* By the bus number of today: broken, and the kernel takes it */
	is_int(names("0000:07:00.1", 0, DMAR_ENDPOINT, 7, 1, way + 6), TRI_TRUE);
	is_int(names("0000:07:00.1", 0, DMAR_ENDPOINT, 3, 1, way + 6), TRI_FALSE);
	/* The kernel compares buses without segments: not to be told from here */
	is_int(names("0001:00:02.0", 0, DMAR_BRIDGE, 0, 1, way), TRI_UNKNOWN);
	is_int(names("0001:00:02.0", 1, DMAR_ENDPOINT, 0, PATH(2, 0)), TRI_TRUE);
	is_int(names("0000:00:1f.3", 0, DMAR_IOAPIC, 0, PATH(0x1f, 3)), TRI_FALSE);
}

TEST(unknown_parents_decide_nothing)
{
	struct snapshot *s = machine_new(SOURCES);
	struct dmar_scopes list;
	struct facts *f;
	struct table t;

	machine_pci(s, "0000:07:00.1", 0x040300, -1)->parent = (struct snap_text){ 0 };
	machine_pci(s, "0000:08:00.0", 0x060400, -1)->parent =
		snap_text_of(s, "0000:09:00.0");
	machine_pci(s, "0000:09:00.0", 0x060400, -1)->parent =
		snap_text_of(s, "0000:08:00.0");
	table_start(&t, "DMAR", 0);
	dmar_scope(&t, DMAR_ENDPOINT, 0, 0, PATH(0x1c, 0, 0, 1));
	list = (struct dmar_scopes){ .p = t.b, .n = t.n };
	f = facts_new(s, NULL);
	is_int(dmar_scopes_cover(&list, 0, machine_fn(f, "0000:07:00.1")), TRI_UNKNOWN);
	/* Bridges in a circle */
	is_int(dmar_scopes_cover(&list, 0, machine_fn(f, "0000:08:00.0")), TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}

TEST(scopes_that_do_not_fit)
{
	struct snapshot *s = machine();
	struct facts *f;
	struct table t;
	size_t at;

	units(&t);
	at = dmar_rmrr(&t, 0, 0x5fff0000, 0x5fff0fff);
	dmar_scope(&t, DMAR_ENDPOINT, 0, 0, PATH(0x1c, 0));
	dmar_end(&t, at);
	at = dmar_rmrr(&t, 0, 0x5fff1000, 0x5fff1fff);
	dmar_scope(&t, DMAR_ENDPOINT, 0, 7, PATH(0, 1));
	dmar_end(&t, at);
	TABLE_PUT(&t, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0xad, 0xde, 0, 0, 0, 0, 1, 0, 0, 0);
	table_seal(&t);
	table_add(s, "DMAR", &t);
	f = facts_new(s, NULL);
	is_int(of_host(f, "dmar.scope-mismatch")->n, 1);
	ok(of_host(f, "dmar.scope-mismatch")->devs[0] == machine_fn(f, "0000:00:1c.0"));
	is_int(of_host(f, "dmar.flaws")->n, 2);
	is_str(of_host(f, "dmar.flaws")->list[0],
		"it gives a NUMA node to a unit at 0xdead0000 that does not exist");
	is_str(of_host(f, "dmar.flaws")->list[1],
		"it names 07:00.1 without the way to it");
	facts_free(f);
	/* A whole log without the line: the card was plugged in later */
	machine_log(s, "[    0.0] Linux version 6.12.0");
	f = facts_new(s, NULL);
	is_int(of_host(f, "dmar.scope-mismatch")->state, FACT_VALUE);
	is_int(of_host(f, "dmar.scope-mismatch")->n, 0);
	facts_free(f);
	machine_log(
		s, "[    1.3] DMAR: Device scope type does not match for 0000:00:1c.0");
	f = facts_new(s, NULL);
	is_int(of_host(f, "dmar.scope-mismatch")->n, 1);
	facts_free(f);
	snapshot_free(s);
}

TEST(one_unit_takes_posted_interrupts_from_all)
{
	struct snapshot *s = machine();
	struct snap_unit *u = snap_list_add(s, &s->units);
	struct facts *f;

	u->name = "dmar0";
	u->cap = snap_hex_of(0xd2008c40660462);
	f = facts_new(s, NULL);
	is_int(of_host(f, "dmar.units-without-posting")->state, FACT_VALUE);
	is_int(of_host(f, "dmar.units-without-posting")->n, 0); /* no unit ever had it */
	facts_free(f);
	u = snap_list_add(s, &s->units);
	u->name = "dmar1";
	u->cap = snap_hex_of(0xd2008c40660462 | 1ull << 59);
	f = facts_new(s, NULL);
	is_int(of_host(f, "dmar.units-without-posting")->n, 1);
	is_str(of_host(f, "dmar.units-without-posting")->list[0], "dmar0");
	facts_free(f);
	snapshot_free(s);
}
