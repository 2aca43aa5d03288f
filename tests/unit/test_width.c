// SPDX-License-Identifier: GPL-2.0-or-later
// The address width of the IOMMU that serves a set, against the processor's.
#include "machine.h"
#include "tap.h"

#define SOURCES (1u << SOURCE_PCI | 1u << SOURCE_IOMMU_UNITS | 1u << SOURCE_CPUINFO)

static const uint64_t width_39 = 0xd2008c40660462, width_46 = 0x8d2008c106d0462;

static struct snapshot *machine(void)
{
	struct snapshot *s = machine_new(SOURCES);

	s->cpu.address_sizes = snap_text_of(s, "46 bits physical, 48 bits virtual");
	machine_pci(s, "0000:01:00.0", 0x030000, 1);
	snap_list_collected(&s->units);
	return s;
}

static struct snap_unit *add_unit(
	struct snapshot *s, const char *name, uint64_t cap, const char *serves)
{
	struct snap_unit *u = snap_list_add(s, &s->units);

	u->name = name;
	u->cap = snap_hex_of(cap);
	if (serves)
		snap_texts_add(s, &u->devices, serves);
	return u;
}

/* The fact; -1: absent, 0: none. */
static int64_t short_width(struct snapshot *s)
{
	struct facts *f = machine_facts(s, "0000:01:00.0", NULL);
	const struct fact *width = fact_of(
		f, machine_fn(f, "01:00.0")->handover->set->subject, "iommu.short-width");
	int64_t result = width->state == FACT_ABSENT ? -1
		: width->state == FACT_NONE          ? 0
						     : width->i;

	facts_free(f);
	snapshot_free(s);
	return result;
}

TEST(the_unit_that_serves_it_counts)
{
	struct snapshot *s = machine();

	add_unit(s, "dmar0", width_39, "0000:00:02.0");
	add_unit(s, "dmar1", width_46, "0000:01:00.0");
	is_int(short_width(s), 0);
	s = machine();
	add_unit(s, "dmar0", width_46, "0000:00:02.0");
	add_unit(s, "dmar1", width_39, "0000:01:00.0");
	is_int(short_width(s), 39);
}

TEST(without_lists_only_equal_units_tell)
{
	struct snapshot *s = machine();

	add_unit(s, "dmar0", width_39, NULL);
	add_unit(s, "dmar1", width_39, NULL);
	is_int(short_width(s), 39);
	s = machine();
	add_unit(s, "dmar0", width_39, NULL);
	add_unit(s, "dmar1", width_46, NULL);
	is_int(short_width(s), -1);
	is_int(short_width(machine()), 0);
}

TEST(amd)
{
	static const struct {
		const char *features;
		int64_t want;
	} units[] = {
		{ "58f77ef22294a5a:0", 0 }, /* six levels, 6.7 and later */
		{ "0:58f77ef22294a5a", 0 },
		{ "58f77ef22294a5a", 0 },
		{ "0:58f77ef2229425a", 0 }, /* four levels: 48 bits */
		{ "0", 0 },
		{ "nonsense", -1 },
	};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		struct snapshot *s = machine();
		struct snap_unit *u = add_unit(s, "ivhd0", 0, "0000:01:00.0");

		u->cap = (struct snap_hex){ 0 };
		u->features = snap_text_of(s, units[i].features);
		is_int(short_width(s), units[i].want);
	}
}

TEST(amd_narrower_than_the_processor)
{
	struct snapshot *s = machine();
	struct snap_unit *u = add_unit(s, "ivhd0", 0, "0000:01:00.0");

	s->cpu.address_sizes = snap_text_of(s, "52 bits physical, 57 bits virtual");
	u->features = snap_text_of(s, "58f77ef2229425a:0");
	is_int(short_width(s), 48);
}
