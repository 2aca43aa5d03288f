// SPDX-License-Identifier: GPL-2.0-or-later
// Is an IOMMU at work, and which words decide it.
#include "machine.h"
#include "tables.h"
#include "tap.h"

#define PCI    (1u << SOURCE_PCI)
#define GROUPS (1u << SOURCE_IOMMU_GROUPS)
#define UNITS  (1u << SOURCE_IOMMU_UNITS)

static const struct fact *host(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

static void unit(struct snapshot *s, const char *name, uint64_t cap, uint64_t ecap)
{
	struct snap_unit *u = snap_list_add(s, &s->units);

	u->name = name;
	u->cap = snap_hex_of(cap);
	u->ecap = snap_hex_of(ecap);
}

static struct snap_group *group(
	struct snapshot *s, int64_t id, const char *name, const char *device)
{
	struct snap_group *g = snap_list_add(s, &s->groups);

	g->id = id;
	g->name = name ? snap_text_of(s, name) : snap_text_none();
	snap_texts_add(s, &g->devices, device);
	return g;
}

TEST(group_and_unit_prove_it)
{
	struct snapshot *s = machine_new(PCI | GROUPS | UNITS);
	machine_pci(s, "0000:01:00.0", 0x030000, 3);
	group(s, 3, NULL, "0000:01:00.0");
	unit(s, "dmar0", 0xd2008c40660462, 0xf050da);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_VALUE);
	is_int(host(f, "iommu.on")->b, true);
	is_str(host(f, "iommu.kind")->text, "VT-d");
	is_int(host(f, "iommu.groups")->i, 1);
	facts_free(f);
	snapshot_free(s);
}

TEST(empty_list_disproves_it)
{
	struct snapshot *s = machine_new(PCI | GROUPS | UNITS);
	machine_pci(s, "0000:01:00.0", 0x030000, -1);
	snap_list_collected(&s->groups);
	snap_list_collected(&s->units);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_VALUE);
	is_int(host(f, "iommu.on")->b, false);
	is_int(host(f, "iommu.kind")->state, FACT_NONE);
	is_int(host(f, "iommu.groups")->i, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(groups_of_functions_that_were_not_scanned)
{
	struct snapshot *s = machine_new(GROUPS | UNITS);
	group(s, 3, NULL, "0000:01:00.0");
	unit(s, "dmar0", 0, 0);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
	/* some of the groups could not be read: those that could are none */
	s = machine_new(GROUPS);
	snap_list_collected(&s->groups);
	snapshot_set_status(s, SOURCE_IOMMU_GROUPS, STATUS_TRUNCATED, NULL);
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(not_collected_is_unknown)
{
	struct snapshot *s = machine_new(PCI);
	machine_pci(s, "0000:01:00.0", 0x030000, -2);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	is_int(host(f, "iommu.groups")->state, FACT_ABSENT);
	is_int(host(f, "iommu.kind")->state, FACT_ABSENT);
	is_int(host(f, "iommu.off-word")->state, FACT_ABSENT);
	is_int(host(f, "iommu.table")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(noiommu_groups_do_not_count)
{
	struct snapshot *s = machine_new(PCI | GROUPS | UNITS);
	machine_bound(s, "0000:01:00.0", 0x030000, 0, "vfio-pci");
	group(s, 0, "vfio-noiommu", "0000:01:00.0");
	snap_list_collected(&s->units);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_VALUE);
	is_int(host(f, "iommu.on")->b, false);
	is_int(host(f, "iommu.noiommu-mode")->state, FACT_VALUE);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_pasted_group_on_a_host_driver_is_real)
{
	struct snapshot *s = machine_new(PCI);
	machine_bound(s, "0000:01:00.0", 0x030000, 0, "nouveau");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_VALUE);
	is_int(host(f, "iommu.on")->b, true);
	facts_free(f);
	s->pci.v[0].driver = snap_text_of(s, "vfio-pci");
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(log_is_the_last_resort)
{
	struct snapshot *s = machine_new(0);
	machine_log(s, "[    0.0] Linux version 6.1.0-9-amd64");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.on")->state, FACT_VALUE);
	is_int(host(f, "iommu.on")->b, false);
	facts_free(f);
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	facts_free(f);
	machine_log(s, "[    1.0] pci 0000:00:00.0: Adding to iommu group 0");
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->b, true);
	facts_free(f);
	snapshot_free(s);
}

static const char *off_word(const char *vendor, const char *cmdline, const char **ret_on)
{
	static char text[2][80];
	struct snapshot *s = machine_new(0);
	s->cpu.vendor_id = snap_text_of(s, vendor);
	s->kernel.cmdline = snap_text_of(s, cmdline);
	struct facts *f = facts_new(s, NULL);
	const char *off = host(f, "iommu.off-word")->text;
	const char *on = host(f, "iommu.on-word")->text;

	snprintf(text[0], sizeof text[0], "%s", off ? off : "");
	snprintf(text[1], sizeof text[1], "%s", on ? on : "");
	facts_free(f);
	snapshot_free(s);
	if (ret_on)
		*ret_on = *text[1] ? text[1] : NULL;
	return *text[0] ? text[0] : NULL;
}

TEST(words_that_stop_the_driver)
{
	const char *on;

	is_str(off_word("GenuineIntel", "quiet intel_iommu=off", NULL),
		"intel_iommu=off");
	is_str(off_word("GenuineIntel", "intel-iommu=off", NULL), "intel-iommu=off");
	is_str(off_word("GenuineIntel", "intel_iommu=on,sm_on", &on), NULL);
	is_str(on, "intel_iommu=on,sm_on");
	is_str(off_word("GenuineIntel", "intel_iommu=off intel_iommu=on", &on), NULL);
	is_str(on, "intel_iommu=on");
	is_str(off_word("GenuineIntel", "intel_iommu=on intel_iommu=off", &on),
		"intel_iommu=off");
	is_str(on, NULL);
	is_str(off_word("GenuineIntel", "intel_iommu=igfx_off,sp_off", NULL), NULL);
	is_str(off_word("GenuineIntel", "amd_iommu=off iommu=pt iommu=soft", NULL), NULL);
	is_str(off_word("GenuineIntel", "iommu=off intel_iommu=on", NULL), "iommu=off");
	is_str(off_word("AuthenticAMD", "iommu=pt,off", NULL), "iommu=pt,off");
	is_str(off_word("AuthenticAMD", "amd_iommu=off", NULL), "amd_iommu=off");
	is_str(off_word("AuthenticAMD", "intel_iommu=off", NULL), NULL);
	is_str(off_word("HygonGenuine", "amd_iommu=off", NULL), "amd_iommu=off");
	is_str(off_word("AuthenticAMD", "acpi=off", NULL), "acpi=off");
	is_str(off_word("AuthenticAMD", "quiet -- iommu=off", NULL), NULL);
}

TEST(default_by_configuration)
{
	struct snapshot *s = machine_new(0);
	s->cpu.vendor_id = snap_text_of(s, "GenuineIntel");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.default")->state, FACT_ABSENT);
	facts_free(f);
	snap_texts_add(s, &s->kernel.config, "CONFIG_INTEL_IOMMU=y");
	f = facts_new(s, NULL);
	is_str(host(f, "iommu.default")->text, "off");
	facts_free(f);
	snap_texts_add(
		s, &s->kernel.config, "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y");
	f = facts_new(s, NULL);
	is_str(host(f, "iommu.default")->text, "on");
	facts_free(f);
	s->cpu.vendor_id = snap_text_of(s, "AuthenticAMD");
	f = facts_new(s, NULL);
	is_str(host(f, "iommu.default")->text, "on");
	facts_free(f);
	snapshot_free(s);
}

TEST(opt_in_needs_more_than_the_flag)
{
	struct snapshot *s = machine_new(0);
	struct table t;
	table_dmar(&t, 5, 0xfed91000, 2);
	table_add(s, "DMAR", &t);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.opt-in")->state, FACT_ABSENT);
	facts_free(f);
	machine_log(s, "[    0.0] Linux version 6.1.0");
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.opt-in")->state, FACT_VALUE);
	is_int(host(f, "iommu.opt-in")->b, false);
	facts_free(f);
	machine_log(
		s, "[    1.0] DMAR: Intel-IOMMU force enabled due to platform opt in");
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.opt-in")->b, true);
	facts_free(f);
	snapshot_free(s);
}

TEST(registers)
{
	struct snapshot *s = machine_new(UNITS);
	unit(s, "dmar0", 0xd2008c40660462 | 1 << 7, 0xf050da | 1 << 3);
	unit(s, "dmar1", 0xd2008c40660462, 0xf050da & ~(uint64_t)(1 << 3));
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "iommu.caching-mode")->b, false);
	is_int(host(f, "dmar.units-without-ir")->n, 1);
	is_str(host(f, "dmar.units-without-ir")->list[0], "dmar1");
	facts_free(f);
	snapshot_free(s);
}

TEST(dmar_scopes_and_flags)
{
	struct snapshot *s = machine_new(0);
	struct table t;
	table_dmar(&t, 1, 0xfed91000, 2);
	table_add(s, "DMAR", &t);
	table_madt(&t, 2, 0);
	table_add(s, "APIC", &t);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "dmar.intr-remap")->b, true);
	is_int(host(f, "dmar.x2apic-opt-out")->b, false);
	is_int(host(f, "dmar.ioapics-missing")->state, FACT_VALUE);
	is_int(host(f, "dmar.ioapics-missing")->n, 0);
	is_int(host(f, "dmar.malformed")->state, FACT_NONE);
	is_int(host(f, "dmar.dead-units")->state, FACT_ABSENT);
	facts_free(f);
	table_madt(&t, 2, 8);
	s->acpi_tables.v[1].data = snap_bytes_of(s, t.b, t.n);
	f = facts_new(s, NULL);
	is_int(host(f, "dmar.ioapics-missing")->n, 1);
	is_str(host(f, "dmar.ioapics-missing")->list[0], "8");
	facts_free(f);
	snapshot_free(s);
}

TEST(dmar_from_the_log)
{
	struct snapshot *s = machine_new(0);
	machine_log(s, "[    0.0] Linux version 6.1.0");
	machine_log(
		s, "[    0.1] DMAR: dmar0: reg_base_addr fed80000 ver 0:0 cap 0 ecap 0");
	machine_log(s,
		"[    0.1] DMAR: dmar1: reg_base_addr fed90000 ver 1:0 cap "
		"d2008c222f0686 ecap f00f42");
	machine_log(s,
		"[    0.2] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported "
		"at address fed70000 returns all ones!");
	machine_log(s,
		"[    0.3] DMAR-IR: [Firmware Bug]: ioapic 8 has no mapping iommu, "
		"interrupt remapping will be disabled");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "dmar.dead-units")->n, 2);
	is_int(host(f, "dmar.units-without-ir")->n, 1);
	is_str(host(f, "dmar.units-without-ir")->list[0], "dmar1");
	is_str(host(f, "dmar.ioapics-missing")->list[0], "8");
	ok(host(f, "dmar.ioapics-missing")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(driver_of_an_unknown_table)
{
	static const char *const config[] = { "CONFIG_INTEL_IOMMU=y",
		"CONFIG_AMD_IOMMU=y", "# CONFIG_VIRTIO_IOMMU is not set" };
	struct snapshot *s = machine_new(0);
	struct facts *f;

	s->cpu.vendor_id = snap_text_of(s, "GenuineIntel");
	for (size_t i = 0; i < sizeof config / sizeof config[0]; i++)
		snap_texts_add(s, &s->kernel.config, config[i]);
	snap_texts_add(s, &s->acpi_present, "VIOT");
	s->kernel.builtin.have = HAVE_VALUE;
	s->kernel.available.have = HAVE_VALUE;
	f = facts_new(s, NULL);
	is_str(host(f, "kernel.lacks-iommu")->text, "CONFIG_VIRTIO_IOMMU");
	facts_free(f);
	/* It might be one whose driver is there, or the one whose driver is not */
	s->acpi_present.n = 0;
	f = facts_new(s, NULL);
	is_int(host(f, "kernel.lacks-iommu")->state, FACT_ABSENT);
	facts_free(f);
	s->kernel.config.s[2] = "CONFIG_VIRTIO_IOMMU=m";
	f = facts_new(s, NULL);
	is_int(host(f, "kernel.lacks-iommu")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(room_above_four_gib)
{
	struct snapshot *s = machine_new(0);
	struct snap_region *r = snap_list_add(s, &s->iomem);
	r->name = "PCI Bus 0000:00";
	r->start = snap_hex_of(0);
	r->end = snap_hex_of(0);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "pci.window-64bit")->state, FACT_ABSENT); /* zeros: may not see */
	facts_free(f);
	s->iomem.v[0].end = snap_hex_of(0xfebfffff);
	f = facts_new(s, NULL);
	is_int(host(f, "pci.window-64bit")->state, FACT_VALUE);
	is_int(host(f, "pci.window-64bit")->b, false);
	facts_free(f);
	s->iomem.v[0].end = snap_hex_of(0x7fffffffff);
	f = facts_new(s, NULL);
	is_int(host(f, "pci.window-64bit")->b, true);
	facts_free(f);
	snapshot_free(s);
}

TEST(window_in_the_log)
{
	struct snapshot *s = machine_new(0);
	machine_log(s, "[    0.0] Linux version 6.1.0");
	machine_log(s,
		"[    0.4] pci_bus 0000:00: root bus resource [mem "
		"0x80000000-0xfebfffff window]");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "pci.window-64bit")->state, FACT_VALUE);
	is_int(host(f, "pci.window-64bit")->b, false);
	facts_free(f);
	machine_log(s,
		"[    0.4] pci_bus 0000:00: root bus resource [mem "
		"0x4000000000-0x7fffffffff window]");
	f = facts_new(s, NULL);
	is_int(host(f, "pci.window-64bit")->b, true);
	facts_free(f);
	snapshot_free(s);
}

/* What a search for "iommu" found is all that there is of its kind. */
TEST(a_search_in_the_log_may_tell)
{
	struct snapshot *s = machine_new(0);
	struct facts *f;

	s->kernel.release = snap_text_of(s, "6.1.0");
	machine_log(s, "[    0.000000] Command line: ro amd_iommu=on");
	s->log.complete = snap_bool_of(false);
	snap_texts_add(s, &s->log.filter, "IOMMU");
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	facts_free(f);
	s->log.filter_any_case = snap_bool_of(true);
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->state, FACT_VALUE);
	is_int(host(f, "iommu.on")->b, false);
	is_int(host(f, "irq.remapped")->state, FACT_ABSENT);
	facts_free(f);
	/* What kernel it is the file of its image tells as well */
	s->kernel.release = (struct snap_text){ HAVE_NOT, NULL };
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->state, FACT_ABSENT);
	facts_free(f);
	s->kernel.cmdline =
		snap_text_of(s, "BOOT_IMAGE=/vmlinuz-4.19.0-9-amd64 root=/dev/sda1 ro");
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->b, false);
	facts_free(f);
	machine_log(s, "[    1.0] iommu: Adding device 0000:00:00.0 to group 0");
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(host(f, "iommu.on")->b, true);
	facts_free(f);
	snapshot_free(s);
}
