// SPDX-License-Identifier: GPL-2.0-or-later
// Functions wired to their neighbours: order, drivers, groups, BARs; what a device is.
#include "facts/topology.h"
#include "machine.h"
#include "tap.h"

#define PCI    (1u << SOURCE_PCI)
#define GROUPS (1u << SOURCE_IOMMU_GROUPS)

static const uint8_t type1_header[64] = { [0x0e] = 0x81 };
static const uint8_t type0_header[64] = { [0x0e] = 0x80 };

TEST(driver_words)
{
	is_int(driver_kind_of("vfio-pci"), DRIVER_VFIO);
	is_int(driver_kind_of("mlx5_vfio_pci"), DRIVER_VFIO);
	is_int(driver_kind_of("nvgrace-gpu-vfio-pci"), DRIVER_VFIO);
	is_int(driver_kind_of("pci-stub"), DRIVER_STUB);
	is_int(driver_kind_of("pcieport"), DRIVER_HARMLESS);
	is_int(driver_kind_of("nouveau"), DRIVER_HOST);
	is_int(driver_kind_of("xvfio-pci"), DRIVER_HOST);
	is_int(driver_kind_of(""), DRIVER_HOST);
}

TEST(functions_are_sorted_and_found)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	machine_pci(s, "10000:01:00.0", 0x010802, -2);
	machine_pci(s, "0000:02:00.0", 0x030000, -2);
	machine_pci(s, "nonsense", 0x030000, -2);
	machine_pci(s, "0000:01:00.0", 0x030000, -2);
	machine_pci(s, "0000:01:00.0", 0x020000, -2);
	f = machine_facts(s, "0000:00:1f.0", NULL);
	is_int(f->n_fns, 4);
	is_str(f->fns[0].addr, "0000:01:00.0");
	is_str(f->fns[1].short_addr, "02:00.0");
	is_str(f->fns[2].short_addr, "10000:01:00.0");
	is_str(f->fns[3].addr, "0000:00:1f.0");
	ok(f->fns[3].missing);
	ok(!machine_fn(f, "00:1f.0"));
	ok(machine_fn(f, "10000:01:00.0") == &f->fns[2]);
	ok(!fact_of(f, f->fns[3].device, "present")->b);
	is_int(fact_of(f, f->fns[3].device, "present")->state, FACT_VALUE);
	ok(fact_of(f, f->fns[0].device, "present")->b);
	facts_free(f);
	snapshot_free(s);
}

TEST(missing_is_known_only_after_a_scan)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = machine_facts(s, "0000:00:1f.0", NULL);

	is_int(f->n_fns, 1);
	is_int(fact_of(f, f->fns[0].device, "present")->state, FACT_ABSENT);
	for (size_t i = 0; i < fact_table_length; i++) {
		if (fact_table[i].scope == SCOPE_DEVICE)
			fact_get(f, f->fns[0].device, &fact_table[i], LINK_SELF);
		if (fact_table[i].scope == SCOPE_TARGET)
			fact_get(f, f->fns[0].target, &fact_table[i], LINK_SELF);
		if (fact_table[i].scope == SCOPE_SET)
			fact_get(f, f->fns[0].target, &fact_table[i], LINK_SET);
	}
	facts_free(f);
	snapshot_free(s);
}

TEST(header_type_wins_over_class)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	machine_pci(s, "0000:00:00.0", 0x060000, -2);
	machine_pci(s, "0000:00:01.0", 0x060400, -2);
	machine_pci(s, "0000:00:02.0", 0x088000, -2)->config =
		snap_bytes_of(s, type1_header, sizeof type1_header);
	machine_pci(s, "0000:00:03.0", 0x060400, -2)->config =
		snap_bytes_of(s, type0_header, sizeof type0_header);
	f = facts_new(s, NULL);
	ok(f->fns[0].is_endpoint);
	ok(!f->fns[1].is_endpoint);
	ok(!f->fns[2].is_endpoint);
	ok(f->fns[3].is_endpoint);
	is_int(f->fns[1].role, ROLE_BRIDGE);
	ok(fact_of(f, f->fns[2].device, "is-bridge")->b);
	ok(!fact_of(f, f->fns[0].device, "is-bridge")->b);
	facts_free(f);
	snapshot_free(s);
}

TEST(groups_from_folder_and_links_agree)
{
	struct snapshot *s = machine_new(PCI | GROUPS);
	struct snap_group *g;
	struct facts *f;

	machine_pci(s, "0000:01:00.0", 0x030000, 3);
	machine_pci(s, "0000:01:00.1", 0x040300, -2);
	machine_pci(s, "0000:02:00.0", 0x020000, 9);
	machine_pci(s, "0000:03:00.0", 0x020000, -2);
	g = snap_list_add(s, &s->groups);
	g->id = 9;
	g->name = snap_text_of(s, "vfio-noiommu");
	g = snap_list_add(s, &s->groups);
	g->id = 3;
	snap_texts_add(s, &g->devices, "0000:01:00.0");
	snap_texts_add(s, &g->devices, "0000:01:00.1");
	snap_texts_add(s, &g->devices, "serial8250");
	f = facts_new(s, NULL);
	is_int(f->n_groups, 2);
	is_int(f->groups[0].id, 3);
	is_int(f->groups[0].n, 2);
	ok(f->fns[1].group == &f->groups[0]);
	ok(group_is_whole(f, &f->groups[0]));
	/* VFIO's no-IOMMU mode makes no real group */
	ok(f->groups[1].noiommu && !f->fns[2].group);
	is_int(fn_groupless(f, &f->fns[2]), TRI_TRUE);
	is_int(fn_groupless(f, &f->fns[3]), TRI_TRUE);
	is_int(fn_groupless(f, &f->fns[0]), TRI_FALSE);
	is_int(f->scopes[SCOPE_GROUP].n, 1);
	is_int(f->scopes[SCOPE_GROUP].v[0]->n_fns, 2);
	snap_texts_add(s, &s->groups.v[1].devices, "0000:05:00.0");
	ok(!group_is_whole(f, &f->groups[0]));
	facts_free(f);
	snapshot_free(s);
}

TEST(bars)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *p = machine_pci(s, "0000:01:00.0", 0x030000, -2);
	struct facts *f;
	struct bar bar = { 0 };

	snap_texts_add(s, &p->resources,
		"0x00000000e0000000 0x00000000efffffff 0x000000000014220c");
	snap_texts_add(s, &p->resources,
		"0x0000000000000000 0x0000000000000000 0x0000000000000000");
	snap_texts_add(s, &p->resources, "not a resource");
	f = facts_new(s, NULL);
	ok(fn_bar(&f->fns[0], 0, &bar));
	ok(bar.start == 0xe0000000 && bar.end == 0xefffffff && bar.flags == 0x14220c);
	ok(!fn_bar(&f->fns[0], 1, &bar));
	ok(!fn_bar(&f->fns[0], 2, &bar));
	ok(!fn_bar(&f->fns[0], 3, &bar));
	facts_free(f);
	snapshot_free(s);
}

TEST(parents_cannot_be_circles)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	machine_pci(s, "0000:00:01.0", 0x060400, 1)->parent =
		snap_text_of(s, "0000:00:02.0");
	machine_pci(s, "0000:00:02.0", 0x060400, 1)->parent =
		snap_text_of(s, "0000:00:01.0");
	machine_pci(s, "0000:01:00.0", 0x030000, 1)->parent =
		snap_text_of(s, "0000:00:01.0");
	machine_pci(s, "0000:02:00.0", 0x030000, 1)->parent =
		snap_text_of(s, "0000:00:01.0");
	f = machine_facts(s, "0000:01:00.0", NULL);
	ok(machine_fn(f, "01:00.0")->parent == machine_fn(f, "00:01.0"));
	fact_of(f, machine_fn(f, "01:00.0")->target, "reset.bus");
	fact_of(f, machine_fn(f, "01:00.0")->target, "group.why");
	facts_free(f);
	snapshot_free(s);
}
