// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of single functions: groups that are missing, power, faults, displays, BARs.
#include "machine.h"
#include "tap.h"

#define PCI (1u << SOURCE_PCI)

static const struct fact *of(struct facts *f, const char *address, const char *name)
{
	struct fn *fn = machine_fn(f, address);

	return fact_of(f, fn->target ? fn->target : fn->device, name);
}

TEST(groupless)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	machine_pci(s, "0000:01:00.0", 0x020000, -1);
	machine_pci(s, "0000:02:00.0", 0x020000, 5);
	machine_bound(s, "0000:03:00.0", 0x020000, -1, "e1000e");
	f = facts_new(s, NULL);
	machine_overlay(f, "iommu.on", NULL);
	/* The kind of IOMMU unknown, a bind might make the group */
	is_int(of(f, "01:00.0", "groupless")->state, FACT_ABSENT);
	ok(of(f, "03:00.0", "groupless")->b);
	machine_overlay(f, "iommu.kind", "VT-d");
	ok(of(f, "01:00.0", "groupless")->b);
	is_int(of(f, "02:00.0", "groupless")->state, FACT_VALUE);
	ok(!of(f, "02:00.0", "groupless")->b);
	machine_overlay(f, "iommu.kind", "virtio-iommu");
	is_int(of(f, "01:00.0", "groupless")->state, FACT_ABSENT);
	ok(of(f, "03:00.0", "groupless")->b);
	facts_free(f);
	snapshot_free(s);
}

TEST(power_lost)
{
	static const uint8_t ones[64] = { [0] = 0xff };
	uint8_t dead[64];
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	memset(dead, 0xff, sizeof dead);
	machine_pci(s, "0000:01:00.0", 0x030000, -2)->config = snap_bytes_of(s, dead, 64);
	machine_pci(s, "0000:02:00.0", 0x030000, -2)->config = snap_bytes_of(s, ones, 64);
	machine_pci(s, "0000:03:00.0", 0x030000, -2);
	machine_pci(s, "0000:04:00.0", 0x030000, -2);
	s->log.complete = snap_bool_of(false);
	snap_texts_add(s, &s->log.lines,
		"[   99.1] vfio-pci 0000:03:00.0: Unable to change power state from D3cold to D0, "
		"device inaccessible");
	f = facts_new(s, NULL);
	ok(of(f, "01:00.0", "power.lost")->b);
	is_int(of(f, "02:00.0", "power.lost")->state, FACT_VALUE);
	ok(!of(f, "02:00.0", "power.lost")->b);
	ok(of(f, "03:00.0", "power.lost")->b);
	is_str(of(f, "03:00.0", "power.lost")->origins->source, "kernel log 99.1");
	is_int(of(f, "04:00.0", "power.lost")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(faults_in_all_wordings)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;
	const struct fact *reasons;

	machine_pci(s, "0000:01:00.0", 0x030000, -2);
	machine_pci(s, "0000:02:00.0", 0x030000, -2);
	machine_log(s, "Linux version 6.12.0");
	machine_log(s,
		"DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xa000000 "
		"[fault reason 0x06] PTE Read access is not set");
	machine_log(s,
		"DMAR:[DMA Write] Request device [01:00.0] fault addr a000 \n"
		"DMAR:[fault reason 05] PTE Write access is not set");
	machine_log(s,
		"vfio-pci 0000:02:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000b "
		"address=0x10 flags=0x0020]");
	machine_log(s,
		"AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x0000 "
		"address=0x10 flags=0x0070]");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "faults.count")->i, 2);
	is_int(of(f, "02:00.0", "faults.count")->i, 2);
	reasons = of(f, "01:00.0", "faults.reasons");
	is_int(reasons->n, 2);
	is_str(reasons->list[0], "PTE Read access is not set");
	reasons = of(f, "02:00.0", "faults.reasons");
	is_int(reasons->n, 2);
	is_str(reasons->list[0], "IO_PAGE_FAULT flags=0x0020");
	facts_free(f);
	/* A log that lost lines has seen at least these */
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "faults.count")->state, FACT_ABSENT);
	ok(of(f, "01:00.0", "faults.reasons")->open);
	facts_free(f);
	snapshot_free(s);
}

/* A laptop whose second card the kernel meets first. */
TEST(boot_display_of_the_log)
{
	struct snapshot *s = machine_new(PCI | 1u << SOURCE_KERNEL_LOG);
	struct facts *f;

	machine_pci(s, "0000:03:00.0", 0x030000, 1);
	machine_pci(s, "0000:07:00.0", 0x030000, 2);
	s->log.complete = snap_bool_of(true);
	snap_log_add(s, "[    0.000000] Linux version 6.12.6");
	snap_log_add(
		s, "[    0.494352] pci 0000:03:00.0: vgaarb: setting as boot VGA device");
	snap_log_add(s,
		"[    0.494352] pci 0000:07:00.0: vgaarb: setting as boot VGA "
		"device (overriding previous)");
	f = machine_facts(s, "0000:03:00.0", "0000:07:00.0");
	is_int(of(f, "03:00.0", "boot-display")->state, FACT_VALUE);
	ok(!of(f, "03:00.0", "boot-display")->b);
	ok(of(f, "07:00.0", "boot-display")->b);
	facts_free(f);
	/* Whether a later line is missing cannot be told */
	s->log.complete = snap_bool_of(false);
	f = machine_facts(s, "0000:03:00.0", "0000:07:00.0");
	is_int(of(f, "03:00.0", "boot-display")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(boot_display_and_monitors)
{
	struct snapshot *s = machine_new(PCI | 1u << SOURCE_DISPLAYS);
	struct snap_card *card = snap_list_add(s, &s->cards);
	struct snap_connector *c;
	struct facts *f;

	machine_pci(s, "0000:01:00.0", 0x030000, 1)->boot_vga = snap_bool_of(true);
	machine_pci(s, "0000:02:00.0", 0x038000, 2)->boot_vga =
		(struct snap_bool){ HAVE_NONE, false };
	card->name = "card0";
	card->device = snap_text_of(s, "0000:01:00.0");
	c = snap_list_add(s, &card->connectors);
	c->name = "card0-HDMI-A-1";
	c->status = snap_text_of(s, "connected");
	c = snap_list_add(s, &card->connectors);
	c->name = "card0-DP-1";
	c->status = snap_text_of(s, "disconnected");
	f = machine_facts(s, "0000:01:00.0", "0000:02:00.0");
	ok(of(f, "01:00.0", "boot-display")->b);
	is_int(of(f, "02:00.0", "boot-display")->state, FACT_VALUE);
	ok(!of(f, "02:00.0", "boot-display")->b);
	is_int(of(f, "01:00.0", "monitors")->n, 1);
	is_str(of(f, "01:00.0", "monitors")->list[0], "HDMI-A-1");
	ok(!of(f, "01:00.0", "monitors")->open);
	/* Without a driver for displays nobody sees its connectors */
	is_int(of(f, "02:00.0", "monitors")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(bars_without_an_address)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *p = machine_pci(s, "0000:01:00.0", 0x030000, 1);
	struct facts *f;

	snap_texts_add(
		s, &p->resources, "0x0000000000000000 0x00000003ffffffff 0x2014220c");
	snap_texts_add(
		s, &p->resources, "0x0000000000000000 0x0000000000000000 0x00000000");
	snap_texts_add(
		s, &p->resources, "0x0000000000000000 0x00000000000000ff 0x20040101");
	snap_texts_add(
		s, &p->resources, "0x00000000f7000000 0x00000000f703ffff 0x00040200");
	machine_pci(s, "0000:02:00.0", 0x030000, 2);
	machine_log(s, "[    0.0] Linux version 6.12.0");
	machine_log(s,
		"[    0.5] pci 0000:02:00.0: BAR 0 [mem size 0x10000000 64bit pref]: "
		"can't assign; no space");
	machine_log(s,
		"[    0.5] pci 0000:02:00.0: BAR 1 [mem size 0x10000000]: can't assign; "
		"no space");
	machine_log(s,
		"[    0.6] pci 0000:02:00.0: BAR 1 [mem 0xe0000000-0xefffffff]: assigned");
	f = machine_facts(s, "0000:01:00.0", "0000:02:00.0");
	is_int(of(f, "01:00.0", "bars.unassigned")->n, 1);
	is_str(of(f, "01:00.0", "bars.unassigned")->list[0], "0");
	is_str(of(f, "01:00.0", "bars.wide")->text, "16 GiB");
	is_int(of(f, "02:00.0", "bars.unassigned")->n, 1);
	is_str(of(f, "02:00.0", "bars.unassigned")->list[0], "0");
	is_int(of(f, "02:00.0", "bars.wide")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}
