// SPDX-License-Identifier: GPL-2.0-or-later
// Targets, candidates, roles, sets, and what the host keeps.
#include "facts/roles.h"
#include "machine.h"
#include "tap.h"

#define PCI    (1u << SOURCE_PCI)
#define GROUPS (1u << SOURCE_IOMMU_GROUPS)
#define ALL    (PCI | GROUPS | 1u << SOURCE_MODPROBE | 1u << SOURCE_KERNEL)

static enum role role(const struct facts *f, const char *address)
{
	return machine_fn(f, address)->role;
}

/* Two cards with audio, a disk behind a port that shares the second card's group. */
static struct snapshot *desktop(const char *second_driver)
{
	struct snapshot *s = machine_new(ALL);

	s->kernel.cmdline = snap_text_of(s, "quiet");
	machine_bound(s, "0000:00:01.0", 0x060400, 2, "pcieport");
	machine_bound(s, "0000:01:00.0", 0x030000, 1, "nouveau")->boot_vga =
		snap_bool_of(true);
	machine_bound(s, "0000:01:00.1", 0x040300, 1, "snd_hda_intel");
	machine_bound(s, "0000:02:00.0", 0x030000, 2, second_driver)->boot_vga =
		snap_bool_of(false);
	machine_bound(s, "0000:02:00.1", 0x040300, 2, "snd_hda_intel");
	machine_bound(s, "0000:03:00.0", 0x010802, 2, "nvme");
	machine_pci(s, "0000:04:00.0", 0x0c0330, 4);
	return s;
}

TEST(candidates_without_targets)
{
	struct snapshot *s = desktop("radeon");
	struct facts *f = facts_new(s, NULL);

	ok(!f->has_targets && !f->guests_named);
	is_int(f->n_handovers, 1);
	ok(f->handovers[0]->candidate);
	is_int(role(f, "00:01.0"), ROLE_BRIDGE);
	is_int(role(f, "01:00.0"), ROLE_HOST);
	is_int(role(f, "02:00.0"), ROLE_CANDIDATE);
	is_int(role(f, "02:00.1"), ROLE_COMPANION);
	is_int(role(f, "03:00.0"), ROLE_COMPANION);
	is_int(role(f, "04:00.0"), ROLE_OTHER);
	/* Endpoints of the group, bridges not */
	is_int(f->handovers[0]->set->n, 3);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_vfio_driver_makes_a_target)
{
	struct snapshot *s = desktop("vfio-pci");
	struct facts *f = facts_new(s, NULL);

	ok(f->has_targets && !f->guests_named);
	is_int(f->n_handovers, 1);
	is_int(role(f, "02:00.0"), ROLE_GUEST);
	is_int(role(f, "02:00.1"), ROLE_COMPANION);
	facts_free(f);
	snapshot_free(s);
}

TEST(named_guests_are_the_targets)
{
	struct snapshot *s = desktop("vfio-pci");
	struct facts *f = machine_facts(s, "0000:01:00.0", "0000:01:00.1");

	ok(f->has_targets && f->guests_named);
	is_int(f->n_handovers, 2);
	/* One group, one set, one subject */
	ok(f->handovers[0]->set == f->handovers[1]->set);
	is_int(f->handovers[0]->set->n_targets, 2);
	is_int(f->scopes[SCOPE_SET].n, 1);
	is_str(f->scopes[SCOPE_SET].v[0]->key, "0000:01:00.0");
	is_int(f->scopes[SCOPE_TARGET].n, 2);
	is_int(f->scopes[SCOPE_TARGET].listed, TRI_TRUE);
	is_int(role(f, "01:00.0"), ROLE_GUEST);
	is_int(role(f, "02:00.0"), ROLE_OTHER);
	ok(f->scopes[SCOPE_TARGET].v[0]->set_link == f->scopes[SCOPE_SET].v[0]);
	facts_free(f);
	snapshot_free(s);
}

TEST(several_guests_are_one_hand_over)
{
	struct snapshot *s = desktop("radeon");
	struct facts *f = machine_facts(s, "0000:01:00.0", "0000:02:00.0");

	/* Two groups, two sets; what is named is foreign to neither */
	is_int(f->scopes[SCOPE_SET].n, 2);
	is_int(f->scopes[SCOPE_TARGET].n, 2);
	ok(fn_leaves(f, f->handovers[0]->set, machine_fn(f, "02:00.0")));
	ok(fn_leaves(f, f->handovers[1]->set, machine_fn(f, "01:00.0")));
	is_int(role(f, "02:00.1"), ROLE_COMPANION);
	facts_free(f);
	/* The same one twice is one */
	f = machine_facts(s, "0000:02:00.0", "0000:02:00.0");
	is_int(f->n_handovers, 1);
	is_int(f->handovers[0]->set->n_targets, 1);
	facts_free(f);
	/* A guest and the port above it, which takes nothing along */
	f = machine_facts(s, "0000:02:00.0", "0000:00:01.0");
	is_int(f->n_handovers, 2);
	is_int(f->scopes[SCOPE_SET].n, 2);
	is_int(f->handovers[0]->set->n, 1);
	is_int(f->handovers[1]->set->n, 3);
	is_int(role(f, "00:01.0"), ROLE_BRIDGE);
	is_int(role(f, "02:00.0"), ROLE_GUEST);
	facts_free(f);
	f = machine_facts(s, "0000:00:01.0", NULL);
	ok(!machine_fn(f, "02:00.0")->in_set && !machine_fn(f, "03:00.0")->in_set);
	is_int(fact_of(f, f->scopes[SCOPE_SET].v[0], "bridges")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_missing_guest_leaves_the_other_one_alone)
{
	struct snapshot *s = desktop("radeon");
	struct facts *f = machine_facts(s, "0000:02:00.0", "0000:2b:00.0");

	is_int(f->n_handovers, 2);
	is_int(f->handovers[0]->set->n, 3);
	is_int(role(f, "01:00.0"), ROLE_HOST);
	is_int(fact_of(f, f->handovers[1]->set->subject, "members")->state, FACT_ABSENT);
	is_int(fact_of(f, f->handovers[0]->set->subject, "members")->n, 3);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_domain_is_part_of_the_address)
{
	struct snapshot *s = desktop("radeon");
	struct facts *f;

	machine_bound(s, "0001:02:00.0", 0x030000, 12, "radeon");
	f = machine_facts(s, "0001:02:00.0", NULL);
	is_int(f->n_handovers, 1);
	is_str(f->handovers[0]->fn->addr, "0001:02:00.0");
	is_int(f->handovers[0]->set->n, 1);
	is_int(role(f, "02:00.1"), ROLE_HOST);
	facts_free(f);
	snapshot_free(s);
}

TEST(bridges_and_strangers_can_be_named)
{
	struct snapshot *s = desktop("radeon");
	struct facts *f = machine_facts(s, "0000:00:01.0", "0000:7f:00.0");

	is_int(f->n_handovers, 2);
	is_int(role(f, "00:01.0"), ROLE_BRIDGE);
	ok(f->handovers[1]->fn->missing);
	is_int(f->handovers[1]->fn->role, ROLE_GUEST);
	is_int(f->handovers[1]->set->n, 1);
	facts_free(f);
	snapshot_free(s);
}

TEST(display_of_the_host)
{
	struct snapshot *s = machine_new(ALL);
	struct snap_pci *p;
	struct snap_region *r;
	struct facts *f;

	p = machine_pci(s, "0000:01:00.0", 0x030000, 1);
	p = machine_pci(s, "0000:02:00.0", 0x038000, 2);
	snap_texts_add(s, &p->resources, "0xe0000000 0xefffffff 0x14220c");
	p = machine_pci(s, "0000:03:00.0", 0x030000, 3);
	f = facts_new(s, NULL);
	is_str(host_display(f)->addr, "0000:01:00.0");
	facts_free(f);
	p->vendor = snap_hex_of(0x1a03);
	p->device = snap_hex_of(0x2000);
	f = facts_new(s, NULL);
	is_str(host_display(f)->addr, "0000:03:00.0");
	facts_free(f);
	r = snap_list_add(s, &s->iomem);
	r->name = "BOOTFB";
	r->start = snap_hex_of(0);
	r->end = snap_hex_of(0);
	f = facts_new(s, NULL);
	is_str(host_display(f)->addr, "0000:03:00.0");
	facts_free(f);
	r->start = snap_hex_of(0xe0000000);
	f = facts_new(s, NULL);
	is_str(host_display(f)->addr, "0000:02:00.0");
	is_int(f->n_handovers, 2);
	ok(f->handovers[0]->set != f->handovers[1]->set);
	facts_free(f);
	snapshot_free(s);
}

TEST(virtual_functions_are_no_candidates)
{
	struct snapshot *s = desktop("radeon");
	struct snap_pci *vf = machine_pci(s, "0000:02:00.2", 0x030000, 7);
	struct facts *f;

	vf->physfn = snap_text_of(s, "0000:02:00.0");
	f = facts_new(s, NULL);
	is_int(f->n_handovers, 1);
	is_int(role(f, "02:00.2"), ROLE_OTHER);
	facts_free(f);
	snapshot_free(s);
}

TEST(targets_are_not_listed_without_a_scan)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);

	is_int(f->scopes[SCOPE_TARGET].listed, TRI_FALSE);
	facts_free(f);
	snapshot_set_status(s, SOURCE_PCI, STATUS_TRUNCATED, NULL);
	snap_list_collected(&s->pci);
	f = facts_new(s, NULL);
	is_int(f->scopes[SCOPE_TARGET].listed, TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}
