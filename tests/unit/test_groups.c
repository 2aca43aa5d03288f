// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of IOMMU groups: regions that firmware wants mapped, and who merges a group.
#include "ports.h"
#include "tap.h"

#define SOURCES (1u << SOURCE_PCI | 1u << SOURCE_IOMMU_GROUPS | 1u << SOURCE_CONFIG_SPACE)

static const struct fact *of_group(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_GROUP].v[0], name);
}

static struct snapshot *with_region(const char *region, uint32_t class_code)
{
	struct snapshot *s = machine_new(SOURCES);
	struct snap_group *g = snap_list_add(s, &s->groups);

	machine_pci(s, "0000:03:00.0", class_code, 14);
	g->id = 14;
	snap_texts_add(s, &g->devices, "0000:03:00.0");
	snap_texts_add(s, &g->reserved, "0x00000000fee00000 0x00000000feefffff msi");
	snap_texts_add(s, &g->reserved, region);
	return s;
}

TEST(direct_regions)
{
	struct snapshot *s =
		with_region("0x000000005fff0000 0x000000005fff0fff direct", 0x020000);
	struct facts *f = facts_new(s, NULL);

	machine_overlay(f, "kernel.release", "6.12.0");
	is_int(of_group(f, "direct-regions")->n, 1);
	/* Up to 6.5 only the VT-d driver refused */
	machine_overlay(f, "kernel.release", "6.1.100");
	machine_overlay(f, "iommu.kind", "AMD-Vi");
	is_int(of_group(f, "direct-regions")->state, FACT_VALUE);
	is_int(of_group(f, "direct-regions")->n, 0);
	machine_overlay(f, "iommu.kind", "VT-d");
	is_int(of_group(f, "direct-regions")->n, 1);
	facts_free(f);
	snapshot_free(s);
}

TEST(relaxable_regions_are_fine)
{
	struct snapshot *s = with_region(
		"0x000000005fff0000 0x000000005fff0fff direct-relaxable", 0x030000);
	struct facts *f = facts_new(s, NULL);

	is_int(of_group(f, "direct-regions")->state, FACT_VALUE);
	is_int(of_group(f, "direct-regions")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(old_kernels_called_relaxable_ones_direct)
{
	struct snapshot *s =
		with_region("0x000000005fff0000 0x000000005fff0fff direct", 0x0c0330);
	struct facts *f = facts_new(s, NULL);

	machine_overlay(f, "kernel.release", "4.19.0");
	machine_overlay(f, "iommu.kind", "VT-d");
	is_int(of_group(f, "direct-regions")->state, FACT_VALUE);
	is_int(of_group(f, "direct-regions")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(direct_regions_from_the_log)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI);
	struct facts *f;

	machine_pci(s, "0000:03:00.0", 0x020000, 14);
	f = facts_new(s, NULL);
	is_int(of_group(f, "direct-regions")->state, FACT_ABSENT);
	facts_free(f);
	machine_log(s,
		"vfio-pci 0000:03:00.0: Firmware has requested this device have a 1:1 "
		"IOMMU mapping, rejecting configuring the device without a 1:1 mapping. "
		"Contact your platform vendor.");
	f = facts_new(s, NULL);
	is_int(of_group(f, "direct-regions")->n, 1);
	facts_free(f);
	snapshot_free(s);
}

/* Two cards behind a port, of whose configuration space BYTES were read. */
static void check_why(
	struct snap_bytes (*port)(struct snapshot *), size_t bytes, const char *want)
{
	struct snapshot *s = machine_new(SOURCES);
	struct snap_pci *p = machine_pci(s, "0000:00:1c.0", 0x060400, 5);
	const struct fact *why;
	struct facts *f;

	p->config = port(s);
	if (p->config.n > bytes)
		p->config.n = bytes;
	port_identity(p, 0x1b36, 0x000c);
	port_below(s, machine_pci(s, "0000:01:00.0", 0x030000, 5), "0000:00:1c.0");
	port_below(s, machine_pci(s, "0000:01:01.0", 0x020000, 5), "0000:00:1c.0");
	f = facts_new(s, NULL);
	why = of_group(f, "why");
	is_int(why->state, want ? FACT_VALUE : FACT_ABSENT);
	is_str(why->text, want);
	facts_free(f);
	snapshot_free(s);
}

static struct snap_bytes no_acs(struct snapshot *s)
{
	return port_config(s, 0x81, PCIE_ROOT_PORT, -1, 0);
}

static struct snap_bytes acs_off(struct snapshot *s)
{
	return port_config(s, 0x81, PCIE_ROOT_PORT, 0x1f, 0);
}

static struct snap_bytes acs_on(struct snapshot *s)
{
	return port_config(s, 0x81, PCIE_ROOT_PORT, 0x1f, 0x1d);
}

static struct snap_bytes to_pci(struct snapshot *s)
{
	return port_config(s, 0x01, PCIE_TO_PCI_BRIDGE, -1, 0);
}

static struct snap_bytes conventional(struct snapshot *s)
{
	uint8_t c[256] = { [0x0e] = 1 };

	return snap_bytes_of(s, c, sizeof c);
}

static struct snap_bytes looping(struct snapshot *s)
{
	uint8_t c[256] = {
		[0x06] = 0x10, [0x0e] = 1, [0x34] = 0x40, [0x40] = 9, [0x41] = 0x40
	};

	return snap_bytes_of(s, c, sizeof c);
}

TEST(why_groups_are_merged)
{
	check_why(no_acs, 4096, "00:1c.0 is a root port without ACS");
	check_why(acs_off, 4096,
		"ACS of 00:1c.0 (root port) is there but not switched on (SV RR CR UF)");
	check_why(acs_on, 4096, NULL);
	check_why(to_pci, 4096,
		"00:1c.0 bridges PCI Express to conventional PCI, where all functions send "
		"under one address");
	check_why(conventional, 4096,
		"00:1c.0 is a conventional PCI bridge, behind which all functions send under "
		"one address");
	/* An ordinary user reads 64 bytes: nothing is proven */
	check_why(no_acs, 64, NULL);
	check_why(looping, 4096, NULL);
	check_why(no_acs, 256,
		"the kernel cannot reach the extended configuration space of 00:1c.0 (root "
		"port), so it sees no ACS there");
}

/* A listing without the links of sysfs, but with names. */
TEST(virtual_functions_by_their_names)
{
	struct snapshot *s = machine_new(0);
	static const char *const names[] = { "MT27710 Family [ConnectX-4 Lx]",
		"MT27710 Family [ConnectX-4 Lx Virtual Function]" };
	static const char *const addresses[] = { "0000:01:00.0", "0000:01:00.2" };
	struct facts *f;

	for (size_t i = 0; i < 2; i++) {
		struct snap_pci *p = machine_pci(s, addresses[i], 0x020000, 1);

		p->physfn = (struct snap_text){ HAVE_NOT, NULL };
		p->vendor = snap_hex_of(0x15b3);
		p->device_name = snap_text_of(s, names[i]);
	}
	f = facts_new(s, NULL);
	is_int(of_group(f, "vfs-with-pf")->n, 1);
	ok(of_group(f, "vfs-with-pf")->open);
	facts_free(f);
	s->pci.v[0].vendor = snap_hex_of(0x8086);
	f = facts_new(s, NULL);
	is_int(of_group(f, "vfs-with-pf")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

/* 01:00.0 is in no group that anybody listed. */
TEST(a_refusal_for_direct_regions_needs_no_group)
{
	struct snapshot *s = machine_new(0);
	struct facts *f;
	const struct fact *fact;

	machine_pci(s, "0000:04:00.1", 0x020000, -2)->class_code =
		(struct snap_hex){ HAVE_NOT, 0 };
	machine_log(s,
		"vfio-pci 0000:04:00.1: DMAR: Device is ineligible for IOMMU domain attach "
		"due to platform RMRR requirement.  Contact your platform vendor.");
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	fact = fact_of(f, f->scopes[SCOPE_DEVICE].v[0], "direct-refused");
	is_int(fact->state, FACT_VALUE);
	ok(fact->b);
	fact = fact_of(f, f->scopes[SCOPE_DEVICE].v[0], "is-bridge");
	is_int(fact->state, FACT_VALUE);
	ok(!fact->b);
	facts_free(f);
	snapshot_free(s);
}
