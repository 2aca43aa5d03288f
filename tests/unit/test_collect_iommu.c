// SPDX-License-Identifier: GPL-2.0-or-later
// Groups and units of IOMMUs, interrupt chips, ACPI tables, from trees.
#include "tap.h"
#include "tree.h"

#include "collect/sources.h"

static const struct collect_options none;

#define GROUPS "sys/kernel/iommu_groups/"
#define TABLES "sys/firmware/acpi/tables/"

TEST(groups_with_members_and_regions)
{
	struct env e;

	setup(&e);
	tree_link(&e.t, GROUPS "10/devices/0000:01:00.1", "../../../../devices/x");
	tree_link(&e.t, GROUPS "10/devices/0000:01:00.0", "../../../../devices/y");
	tree_file(&e.t, GROUPS "10/type", "DMA-FQ\n");
	tree_file(&e.t, GROUPS "10/reserved_regions",
		"0x0000000000000000 0x0000000000ffffff direct-relaxable\n"
		"0x00000000fee00000 0x00000000feefffff msi\n");
	tree_link(&e.t, GROUPS "9/devices/0000:00:1f.0", "../../../../devices/z");
	tree_file(&e.t, GROUPS "9/name", "vfio-noiommu\n");
	tree_file(&e.t, GROUPS "9/reserved_regions", "");
	collect_iommu(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_IOMMU_GROUPS), STATUS_OK);
	is_int(e.s->groups.n, 2);
	is_int(e.s->groups.v[0].id, 9);
	is_str(snap_str(e.s->groups.v[0].name), "vfio-noiommu");
	is_int(e.s->groups.v[0].type.have, HAVE_NOT);
	is_int(e.s->groups.v[0].reserved.have, HAVE_VALUE);
	is_int(e.s->groups.v[0].reserved.n, 0);
	is_int(e.s->groups.v[1].id, 10);
	is_int(e.s->groups.v[1].name.have, HAVE_NONE);
	is_str(snap_str(e.s->groups.v[1].type), "DMA-FQ");
	is_int(e.s->groups.v[1].reserved.n, 2);
	is_str(e.s->groups.v[1].reserved.s[1],
		"0x00000000fee00000 0x00000000feefffff msi");
	is_int(e.s->groups.v[1].devices.n, 2);
	is_str(e.s->groups.v[1].devices.s[0], "0000:01:00.0");
	teardown(&e);
}

TEST(no_groups_and_unknown_groups)
{
	struct env e;

	setup(&e);
	collect_iommu(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_IOMMU_GROUPS), STATUS_ABSENT);
	is_int(e.s->groups.have, HAVE_NOT);
	is_int(e.s->units.have, HAVE_NOT);
	tree_dir(&e.t, GROUPS ".");
	tree_dir(&e.t, "sys/class/iommu");
	collect_iommu(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_IOMMU_GROUPS), STATUS_OK);
	is_int(e.s->groups.have, HAVE_VALUE);
	is_int(e.s->groups.n, 0);
	is_int(snapshot_status(e.s, SOURCE_IOMMU_UNITS), STATUS_OK);
	is_int(e.s->units.have, HAVE_VALUE);
	/* The kernel frees a group without members, so the copy has lost them. */
	tree_dir(&e.t, GROUPS "1/devices");
	collect_iommu(e.s, &e.r, &none);
	is_int(e.s->groups.v[0].devices.have, HAVE_NOT);
	teardown(&e);
}

TEST(units_of_both_makers)
{
	struct env e;

	setup(&e);
	tree_link(&e.t, "sys/class/iommu/dmar0", "../../devices/virtual/iommu/dmar0");
	tree_file(&e.t, "sys/devices/virtual/iommu/dmar0/intel-iommu/cap",
		"d2008c40660462\n");
	tree_file(&e.t, "sys/devices/virtual/iommu/dmar0/intel-iommu/ecap", "f00f5e\n");
	tree_file(&e.t, "sys/devices/virtual/iommu/dmar0/intel-iommu/version", "1:0\n");
	tree_dir(&e.t, "sys/devices/virtual/iommu/dmar0/devices/0000:00:02.0");
	tree_file(
		&e.t, "sys/class/iommu/ivhd0/amd-iommu/features", "246577efa2254afa:0\n");
	tree_link(&e.t, "sys/class/iommu/ivhd1", "../../devices/gone");
	collect_iommu(e.s, &e.r, &none);
	is_int(e.s->units.n, 3);
	is_str(e.s->units.v[0].name, "dmar0");
	ok(e.s->units.v[0].cap.v == 0xd2008c40660462);
	is_int(e.s->units.v[0].ecap.v, 0xf00f5e);
	is_int(e.s->units.v[0].features.have, HAVE_NONE);
	is_int(e.s->units.v[0].devices.n, 1);
	is_str(snap_str(e.s->units.v[1].features), "246577efa2254afa:0");
	is_int(e.s->units.v[1].cap.have, HAVE_NONE);
	is_str(e.s->units.v[2].name, "ivhd1");
	is_int(e.s->units.v[2].cap.have, HAVE_NOT);
	teardown(&e);
}

TEST(chips_of_sysfs)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "sys/kernel/irq/10/chip_name", "Hyper-V PCIe MSI\n");
	tree_file(&e.t, "sys/kernel/irq/10/actions", "a,b\n");
	tree_file(&e.t, "sys/kernel/irq/9/chip_name", "IR-IO-APIC\n");
	tree_file(&e.t, "sys/kernel/irq/9/actions", "\n");
	tree_file(&e.t, "sys/kernel/irq/8/actions", "\n");
	/* What sysfs has is not taken from here again; what it lacks is. */
	tree_file(&e.t, "proc/interrupts",
		"           CPU0       CPU1       \n"
		"  9:          0          0  IO-APIC   9-fasteoi   acpi\n"
		" 11:          0          7  IR-PCI-MSIX-0000:01:00.0   0-edge      nvme0q0\n");
	collect_interrupts(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_IRQ_CHIPS), STATUS_OK);
	is_int(e.s->irqs.n, 4);
	is_str(e.s->irqs.v[0].number, "8");
	is_int(e.s->irqs.v[0].chip.have, HAVE_NONE);
	is_str(snap_str(e.s->irqs.v[1].chip), "IR-IO-APIC");
	is_int(e.s->irqs.v[1].actions.have, HAVE_NONE);
	is_str(snap_str(e.s->irqs.v[2].chip), "Hyper-V PCIe MSI");
	is_str(snap_str(e.s->irqs.v[2].actions), "a,b");
	is_str(e.s->irqs.v[3].number, "11");
	is_str(snap_str(e.s->irqs.v[3].chip), "IR-PCI-MSIX-0000:01:00.0");
	is_str(snap_str(e.s->irqs.v[3].actions), "nvme0q0");
	teardown(&e);
}

TEST(chips_of_procfs)
{
	static const struct {
		const char *number, *chip, *actions;
	} rows[] = {
		{ "0", "IO-APIC-edge", "timer" },
		{ "2", "XT-PIC-XT-PIC", "cascade" },
		{ "9", "IR-IO-APIC", "acpi" },
		{ "24", "DMAR-MSI", "dmar0" },
		{ "25", "IR-PCI-MSI", "PCIe PME, pciehp" },
		{ "26", "GICv3", "arch_timer" },
		{ "27", NULL, "ghost" },
		{ "120", "IR-PCI-MSI", NULL },
	};
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/interrupts",
		"            CPU0       CPU1\n"
		"   0:         46          0   IO-APIC-edge      timer\n"
		"   2:          0          0    XT-PIC-XT-PIC    cascade\n"
		"   9:          1          0  IR-IO-APIC    9-fasteoi   acpi\n"
		"  24:          0          0  DMAR-MSI    0-edge      dmar0\n"
		"  25:          0          0  IR-PCI-MSI 458752-edge      PCIe PME, pciehp\n"
		"  26:          0          0     GICv3  27 Level     arch_timer\n"
		"  27:          0          0         -   0-edge      ghost\n"
		" 120:          0          3  IR-PCI-MSI 524288-edge    \n"
		" NMI:          0          0   Non-maskable interrupts\n"
		" ERR:          0\n");
	collect_interrupts(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_IRQ_CHIPS), STATUS_OK);
	is_int(e.s->irqs.n, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < e.s->irqs.n; i++) {
		is_str(e.s->irqs.v[i].number, rows[i].number);
		is_str(snap_str(e.s->irqs.v[i].chip), rows[i].chip);
		is_str(snap_str(e.s->irqs.v[i].actions), rows[i].actions);
	}
	teardown(&e);
}

TEST(no_interrupts_at_all)
{
	struct env e;

	setup(&e);
	collect_interrupts(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_IRQ_CHIPS), STATUS_ABSENT);
	is_int(e.s->irqs.have, HAVE_NOT);
	teardown(&e);
}

static void table(struct tree *t, const char *path, uint8_t length, size_t n)
{
	uint8_t bytes[64] = { 'D', 'M', 'A', 'R', length };

	tree_bytes(t, path, bytes, n);
}

TEST(tables_of_acpi)
{
	struct env e;

	setup(&e);
	table(&e.t, TABLES "DMAR", 48, 48);
	table(&e.t, TABLES "DSDT", 64, 64);
	table(&e.t, TABLES "dynamic/SSDT1", 64, 64);
	collect_acpi(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_ACPI_NAMES), STATUS_OK);
	is_int(snapshot_status(e.s, SOURCE_ACPI_TABLES), STATUS_OK);
	is_int(e.s->acpi_present.n, 2);
	is_str(e.s->acpi_present.s[0], "DMAR");
	is_str(e.s->acpi_present.s[1], "DSDT");
	is_int(e.s->acpi_tables.n, 1);
	is_str(e.s->acpi_tables.v[0].name, "DMAR");
	is_int(e.s->acpi_tables.v[0].data.n, 48);
	teardown(&e);
}

TEST(tables_that_are_cut_or_missing)
{
	struct env e;

	setup(&e);
	collect_acpi(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_ACPI_NAMES), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_ACPI_TABLES), STATUS_ABSENT);
	is_int(e.s->acpi_present.have, HAVE_NOT);
	table(&e.t, TABLES "DMAR", 48, 47);
	collect_acpi(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_ACPI_TABLES), STATUS_TRUNCATED);
	is_int(e.s->acpi_tables.have, HAVE_NOT);
	table(&e.t, TABLES "DMAR", 48, 0);
	collect_acpi(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_ACPI_TABLES), STATUS_TRUNCATED);
	teardown(&e);
}
