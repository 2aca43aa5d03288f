// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of sets: what must go along, and what the host would lose.
#include "machine.h"
#include "tap.h"

#define GROUPS (1u << SOURCE_IOMMU_GROUPS)
#define ALL                                                                              \
	(1u << SOURCE_PCI | GROUPS | 1u << SOURCE_MODPROBE | 1u << SOURCE_KERNEL |       \
		1u << SOURCE_STORAGE | 1u << SOURCE_NETWORK | 1u << SOURCE_INPUT)

static struct snapshot *machine(void)
{
	struct snapshot *s = machine_new(ALL);

	s->kernel.cmdline = snap_text_of(s, "quiet");
	machine_bound(s, "0000:00:01.0", 0x060400, 2, "pcieport");
	machine_bound(s, "0000:01:00.0", 0x030000, 1, "nouveau");
	machine_bound(s, "0000:02:00.0", 0x030000, 2, "vfio-pci");
	machine_bound(s, "0000:02:00.1", 0x040300, 2, "snd_hda_intel");
	machine_bound(s, "0000:03:00.0", 0x010802, 2, "nvme");
	machine_bound(s, "0000:04:00.0", 0x0c0330, 4, "xhci_hcd");
	machine_use(s, "/", "0000:03:00.0");
	machine_use(s, "default route", NULL);
	machine_use(s, "keyboard", "0000:04:00.0");
	return s;
}

static const struct fact *of_set(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_SET].v[0], name);
}

TEST(what_must_go_along)
{
	struct snapshot *s = machine();
	struct facts *f = machine_facts(s, "0000:02:00.0", NULL);

	is_int(of_set(f, "members")->n, 3);
	is_int(of_set(f, "bridges")->n, 1);
	is_int(of_set(f, "unbound")->n, 2);
	ok(!of_set(f, "bound")->b);
	is_int(of_set(f, "bound")->state, FACT_VALUE);
	/* The audio function is of the target's own slot */
	is_int(of_set(f, "foreign")->n, 1);
	is_str(of_set(f, "foreign")->list[0], "03:00.0 NVMe (nvme)");
	is_int(of_set(f, "displays")->n, 1);
	is_int(of_set(f, "displays-left")->n, 1);
	is_int(of_set(f, "slot-others")->n, 0);
	facts_free(f);
	/* Naming it settles it */
	f = machine_facts(s, "0000:02:00.0", "0000:03:00.0");
	is_int(of_set(f, "foreign")->state, FACT_VALUE);
	is_int(of_set(f, "foreign")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(virtual_functions_of_the_target_are_not_foreign)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE |
		GROUPS | 1u << SOURCE_KERNEL | 1u << SOURCE_CONTAINER);
	struct snap_pci *pf = machine_bound(s, "0000:04:00.0", 0x020000, 5, "igb");
	struct snap_pci *vf = machine_bound(s, "0000:04:10.0", 0x020000, 5, "igbvf");
	struct facts *f;

	s->kernel.cmdline = snap_text_of(s, "quiet");
	pf->vendor = vf->vendor = snap_hex_of(0x8086);
	pf->sriov_num = snap_int_of(1);
	vf->physfn = snap_text_of(s, "0000:04:00.0");
	f = machine_facts(s, "0000:04:00.0", NULL);
	is_int(of_set(f, "foreign")->state, FACT_VALUE);
	is_int(of_set(f, "foreign")->n, 0);
	ok(!of_set(f, "foreign")->open);
	facts_free(f);
	/* Who the parent is was not collected: it may be the target */
	vf->physfn = (struct snap_text){ 0 };
	f = machine_facts(s, "0000:04:00.0", NULL);
	ok(of_set(f, "foreign")->open && of_set(f, "foreign")->n == 0);
	facts_free(f);
	/* The function itself is not that of its virtual one */
	vf->physfn = snap_text_of(s, "0000:04:00.0");
	f = machine_facts(s, "0000:04:10.0", NULL);
	is_int(of_set(f, "foreign")->n, 1);
	facts_free(f);
	snapshot_free(s);
}

TEST(without_groups_nothing_has_a_group_of_its_own)
{
	struct snapshot *s = machine();
	struct facts *f;

	s->pci.v[3].iommu_group = snap_int_of(5);
	s->groups.have = HAVE_NOT;
	s->groups.n = 0;
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "slot-others")->n, 1);
	facts_free(f);
	for (size_t i = 0; i < s->pci.n; i++)
		s->pci.v[i].iommu_group.have = HAVE_NONE;
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "slot-others")->state, FACT_VALUE);
	is_int(of_set(f, "slot-others")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_container_does_not_see_what_the_host_stands_on)
{
	struct snapshot *s = machine();
	struct facts *f = machine_facts(s, "0000:04:00.0", NULL);

	ok(!of_set(f, "disks")->open);
	facts_free(f);
	s->host.container = snap_text_of(s, "docker");
	f = machine_facts(s, "0000:04:00.0", NULL);
	is_int(of_set(f, "disks")->n, 0);
	ok(of_set(f, "disks")->open);
	facts_free(f);
	/* Nothing stands on what no driver of the host has */
	s->pci.v[5].driver = snap_text_of(s, "vfio-pci");
	f = machine_facts(s, "0000:04:00.0", NULL);
	ok(!of_set(f, "disks")->open);
	facts_free(f);
	s->host.container.have = HAVE_NOT;
	s->pci.v[5].driver = snap_text_of(s, "xhci_hcd");
	f = machine_facts(s, "0000:04:00.0", NULL);
	ok(of_set(f, "disks")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(disks_behind_vmd_go_with_it)
{
	struct snapshot *s = machine();
	struct facts *f;

	machine_bound(s, "0000:05:00.0", 0x010400, 7, "vmd");
	machine_bound(s, "10000:01:00.0", 0x010802, 7, "nvme");
	f = machine_facts(s, "10000:01:00.0", NULL);
	is_int(of_set(f, "vmd")->n, 1);
	is_str(of_set(f, "vmd")->list[0], "05:00.0 RAID (vmd)");
	facts_free(f);
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "vmd")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(bound_needs_all)
{
	struct snapshot *s = machine();
	struct facts *f;

	s->pci.v[3].driver = snap_text_none();
	s->pci.v[4].driver = snap_text_of(s, "pci-stub");
	f = machine_facts(s, "0000:02:00.0", NULL);
	ok(of_set(f, "bound")->b);
	facts_free(f);
	f = machine_facts(s, "0000:02:00.0", "0000:02:00.1");
	ok(!of_set(f, "bound")->b);
	is_int(of_set(f, "bound")->state, FACT_VALUE);
	facts_free(f);
	s->pci.v[3].driver = (struct snap_text){ 0 };
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "bound")->state, FACT_ABSENT);
	ok(of_set(f, "unbound")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(unknown_group_unknown_set)
{
	struct snapshot *s = machine();
	struct facts *f;

	for (size_t i = 0; i < s->pci.n; i++)
		s->pci.v[i].iommu_group = (struct snap_int){ 0 };
	snapshot_set_status(s, SOURCE_IOMMU_GROUPS, STATUS_DENIED, NULL);
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "members")->state, FACT_ABSENT);
	ok(of_set(f, "members")->missing == GROUPS);
	is_int(of_set(f, "foreign")->state, FACT_ABSENT);
	is_int(of_set(f, "bound")->state, FACT_ABSENT);
	is_int(of_set(f, "displays-left")->state, FACT_ABSENT);
	ok(of_set(f, "disks")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(member_outside_of_the_scan_leaves_lists_open)
{
	struct snapshot *s = machine();
	struct snap_group *g = snap_list_add(s, &s->groups);
	struct facts *f;

	g->id = 2;
	snap_texts_add(s, &g->devices, "0000:02:00.0");
	snap_texts_add(s, &g->devices, "0000:05:00.0");
	f = machine_facts(s, "0000:02:00.0", NULL);
	ok(of_set(f, "members")->open && of_set(f, "foreign")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(what_the_host_stands_on)
{
	struct snapshot *s = machine();
	struct facts *f = machine_facts(s, "0000:02:00.0", NULL);

	is_int(of_set(f, "disks")->n, 1);
	ok(!of_set(f, "disks")->open);
	is_int(of_set(f, "disks.use")->n, 1);
	is_str(of_set(f, "disks.use")->list[0], "/");
	is_int(of_set(f, "uplinks")->n, 0);
	ok(!of_set(f, "uplinks")->open);
	is_int(of_set(f, "keyboards")->n, 0);
	facts_free(f);
	f = machine_facts(s, "0000:04:00.0", NULL);
	is_int(of_set(f, "keyboards")->n, 1);
	is_int(of_set(f, "disks")->n, 0);
	/* The card on vfio-pci shows nothing of the host */
	is_int(of_set(f, "displays-left")->n, 1);
	is_str(of_set(f, "displays-left")->list[0], "01:00.0 (nouveau)");
	facts_free(f);
	/* A keyboard on no PCI device stays with the host */
	machine_use(s, "keyboard", NULL);
	f = machine_facts(s, "0000:04:00.0", NULL);
	is_int(of_set(f, "keyboards")->n, 0);
	ok(!of_set(f, "keyboards")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(disks_elsewhere_do_not_count)
{
	struct snapshot *s = machine();
	struct facts *f;

	s->uses.v[0].what = "/mnt/games";
	machine_use(s, "/", NULL);
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "disks")->n, 0);
	ok(!of_set(f, "disks")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(uses_not_collected_prove_nothing)
{
	struct snapshot *s = machine();
	struct facts *f;

	s->uses.v[1].devices.have = HAVE_NOT;
	s->uses.v[2].devices.have = HAVE_NOT;
	f = machine_facts(s, "0000:04:00.0", NULL);
	ok(of_set(f, "uplinks")->open);
	ok(of_set(f, "keyboards")->open);
	ok(!of_set(f, "disks")->open);
	facts_free(f);
	/* A disk carries neither */
	f = machine_facts(s, "0000:02:00.0", NULL);
	ok(!of_set(f, "uplinks")->open);
	ok(!of_set(f, "keyboards")->open);
	facts_free(f);
	snapshot_set_status(s, SOURCE_STORAGE, STATUS_DENIED, NULL);
	f = machine_facts(s, "0000:02:00.0", NULL);
	ok(of_set(f, "disks")->open);
	is_int(of_set(f, "disks")->n, 1);
	facts_free(f);
	s->uses.have = HAVE_NOT;
	s->uses.n = 0;
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "disks")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

/* Two cards with a default route each; both have a group of their own. */
static struct snapshot *two_ways_out(void)
{
	struct snapshot *s = machine_new(ALL);

	s->kernel.cmdline = snap_text_of(s, "quiet");
	machine_bound(s, "0000:08:00.0", 0x020000, 8, "igc");
	machine_bound(s, "0000:09:00.0", 0x028000, 9, "iwlwifi");
	machine_use(s, "/", NULL);
	machine_use(s, "default route", "0000:08:00.0")->through =
		snap_text_of(s, "eth0");
	machine_use(s, "default route", "0000:09:00.0")->through =
		snap_text_of(s, "wlan0");
	return s;
}

TEST(one_way_out_of_two)
{
	struct snapshot *s = two_ways_out();
	struct facts *f = machine_facts(s, "0000:08:00.0", NULL);

	is_int(of_set(f, "uplinks")->n, 0);
	ok(!of_set(f, "uplinks")->open);
	is_int(of_set(f, "uplinks-moved")->n, 1);
	is_int(of_set(f, "uplinks-left")->n, 1);
	is_str(of_set(f, "uplinks-left")->list[0], "wlan0");
	facts_free(f);
	/* The other way is not known: it may be this card as well */
	s->uses.v[2].devices.have = HAVE_NOT;
	f = machine_facts(s, "0000:08:00.0", NULL);
	is_int(of_set(f, "uplinks")->n, 0);
	ok(of_set(f, "uplinks")->open);
	ok(of_set(f, "uplinks-moved")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(both_ways_out_go)
{
	struct snapshot *s = two_ways_out();
	struct facts *f = machine_facts(s, "0000:08:00.0", "0000:09:00.0");

	for (size_t i = 0; i < 2; i++) {
		const struct subject *set = f->scopes[SCOPE_SET].v[i];
		is_int(fact_of(f, set, "uplinks")->n, 1);
		is_int(fact_of(f, set, "uplinks-moved")->n, 0);
		is_int(fact_of(f, set, "uplinks-left")->n, 0);
	}
	facts_free(f);
	snapshot_free(s);
}

TEST(a_physical_function_takes_its_virtual_ones_along)
{
	struct snapshot *s = two_ways_out();
	struct snap_pci *vf = machine_bound(s, "0000:08:10.0", 0x020000, 10, "igbvf");
	struct facts *f;

	vf->physfn = snap_text_of(s, "0000:08:00.0");
	s->uses.v[1].devices.s[0] = "0000:08:10.0";
	s->uses.n = 2;
	f = machine_facts(s, "0000:08:00.0", NULL);
	is_int(of_set(f, "uplinks")->n, 1);
	is_str(of_set(f, "uplinks")->list[0], "08:00.0 Ethernet (igc)");
	facts_free(f);
	/* Whose virtual function it is was not collected */
	s->pci.v[2].physfn = (struct snap_text){ 0 };
	f = machine_facts(s, "0000:08:00.0", NULL);
	is_int(of_set(f, "uplinks")->n, 0);
	ok(of_set(f, "uplinks")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(two_keyboards_on_two_controllers)
{
	struct snapshot *s = machine();
	struct facts *f;

	machine_bound(s, "0000:05:00.0", 0x0c0330, 5, "xhci_hcd");
	machine_use(s, "keyboard", "0000:05:00.0");
	f = machine_facts(s, "0000:04:00.0", NULL);
	is_int(of_set(f, "keyboards")->n, 0);
	facts_free(f);
	f = machine_facts(s, "0000:04:00.0", "0000:05:00.0");
	is_int(of_set(f, "keyboards")->n, 1);
	is_str(of_set(f, "keyboards")->list[0], "04:00.0 USB (xhci_hcd)");
	facts_free(f);
	snapshot_free(s);
}

TEST(both_disks_of_which_one_is_the_hosts)
{
	struct snapshot *s = machine();
	const struct subject *second;
	struct facts *f;

	machine_bound(s, "0000:05:00.0", 0x010802, 5, "nvme");
	f = machine_facts(s, "0000:03:00.0", "0000:05:00.0");
	is_int(f->scopes[SCOPE_SET].n, 2);
	is_int(of_set(f, "disks")->n, 1);
	second = f->scopes[SCOPE_SET].v[1];
	is_int(fact_of(f, second, "disks")->n, 0);
	ok(!fact_of(f, second, "disks")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(no_display_stays_when_all_are_named)
{
	struct snapshot *s = machine();
	struct facts *f = machine_facts(s, "0000:01:00.0", "0000:02:00.0");

	is_int(f->scopes[SCOPE_SET].n, 2);
	for (size_t i = 0; i < 2; i++)
		is_int(fact_of(f, f->scopes[SCOPE_SET].v[i], "displays-left")->n, 0);
	facts_free(f);
	/* What pci-stub holds back shows nothing */
	s->pci.v[1].driver = snap_text_of(s, "pci-stub");
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "displays-left")->n, 0);
	ok(!of_set(f, "displays-left")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(monitors_of_the_set)
{
	struct snapshot *s = machine();
	struct snap_card *card = snap_list_add(s, &s->cards);
	struct snap_connector *c;
	struct facts *f;

	card->name = "card1";
	card->device = snap_text_of(s, "0000:02:00.0");
	card->connectors.have = HAVE_VALUE;
	/* nvidia without modeset: a card without connectors */
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "monitors")->n, 0);
	ok(of_set(f, "monitors")->open);
	facts_free(f);
	c = snap_list_add(s, &card->connectors);
	c->name = "card1-DP-1";
	c->status = snap_text_of(s, "disconnected");
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "monitors")->n, 0);
	ok(!of_set(f, "monitors")->open);
	facts_free(f);
	c->status = snap_text_of(s, "connected");
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "monitors")->n, 1);
	facts_free(f);
	/* A 3D controller has no outputs */
	s->cards.n = 0;
	s->pci.v[2].class_code = snap_hex_of(0x030200);
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "monitors")->n, 0);
	ok(!of_set(f, "monitors")->open);
	facts_free(f);
	snapshot_free(s);
}

static void same_id(struct snap_pci *a, struct snap_pci *b)
{
	a->vendor = b->vendor = snap_hex_of(0x10de);
	a->device = b->device = snap_hex_of(0x1b81);
}

TEST(twins_of_which_one_stays)
{
	struct snapshot *s = machine();
	struct facts *f;

	for (size_t i = 0; i < s->pci.n; i++) {
		s->pci.v[i].driver_override = snap_text_none();
		s->pci.v[i].vendor = snap_hex_of(0x8086);
		s->pci.v[i].device = snap_hex_of(0x1000 + i);
	}
	same_id(&s->pci.v[1], &s->pci.v[2]);
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "twins")->n, 1);
	is_str(of_set(f, "twins")->list[0], "01:00.0 10de:1b81 (nouveau)");
	ok(!of_set(f, "twins")->open);
	facts_free(f);
	/* Both go */
	f = machine_facts(s, "0000:02:00.0", "0000:01:00.0");
	is_int(of_set(f, "twins")->n, 0);
	facts_free(f);
	s->pci.v[1].device = (struct snap_hex){ 0 };
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(of_set(f, "twins")->n, 0);
	ok(of_set(f, "twins")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_virtual_function_beside_its_physical_one)
{
	struct snapshot *s = two_ways_out();
	struct snap_pci *vf = machine_bound(s, "0000:08:10.0", 0x020000, 10, "igbvf");
	struct facts *f;

	vf->physfn = snap_text_of(s, "0000:08:00.0");
	f = machine_facts(s, "0000:08:00.0", "0000:08:10.0");
	is_int(fact_of(f, f->scopes[SCOPE_TARGET].v[0], "pf-goes")->state, FACT_NONE);
	is_str(fact_of(f, f->scopes[SCOPE_TARGET].v[1], "pf-goes")->text,
		"08:00.0 Ethernet (igc)");
	facts_free(f);
	/* The physical function stays, or was on vfio-pci before */
	f = machine_facts(s, "0000:08:10.0", NULL);
	is_int(fact_of(f, f->scopes[SCOPE_TARGET].v[0], "pf-goes")->state, FACT_NONE);
	facts_free(f);
	s->pci.v[0].driver = snap_text_of(s, "vfio-pci");
	f = machine_facts(s, "0000:08:00.0", "0000:08:10.0");
	is_int(fact_of(f, f->scopes[SCOPE_TARGET].v[1], "pf-goes")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

/* 01:00.1 is on vfio-pci, but whether anybody wants it there nobody knows: then the display
 * in its group may stay. */
TEST(a_display_that_may_stay)
{
	for (int known = 0; known < 2; known++) {
		struct snapshot *s = machine_new(1u << SOURCE_PCI | GROUPS |
			1u << SOURCE_KERNEL | (known ? 1u << SOURCE_MODPROBE : 0));
		struct facts *f;

		s->kernel.cmdline = snap_text_of(s, "quiet");
		machine_bound(s, "0000:01:00.0", 0x030000, 1, "bochs-drm");
		machine_bound(s, "0000:01:00.1", 0x040300, 1, "vfio-pci");
		machine_bound(s, "0000:02:00.0", 0x030000, 2, "vfio-pci");
		f = machine_facts(s, NULL, NULL);
		is_int(f->scopes[SCOPE_SET].n, 2);
		const struct fact *left =
			fact_of(f, f->scopes[SCOPE_SET].v[1], "displays-left");
		is_int(left->n, 0);
		is_int(left->open, !known || f->scopes[SCOPE_TARGET].listed != TRI_TRUE);
		facts_free(f);
		snapshot_free(s);
	}
}
