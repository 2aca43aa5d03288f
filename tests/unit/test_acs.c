// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a port or card isolates: registers, lists of the kernel, the override.
#include "facts/acs.h"
#include "ports.h"
#include "tap.h"

/* Judges one function, on the root bus. */
static struct acs judge(struct snapshot *s, bool supposed)
{
	struct facts *f = facts_new(s, NULL);
	struct acs acs = acs_judge(f, &f->fns[0], supposed);

	facts_free(f);
	snapshot_free(s);
	return acs;
}

static struct acs judge_port(uint8_t header, int type, int cap, int ctrl)
{
	struct snapshot *s = port_machine("DMAR");

	port_add(s, "0000:00:1c.0", 1, NULL, header, type, cap, ctrl);
	return judge(s, false);
}

TEST(ports)
{
	is_int(judge_port(1, PCIE_ROOT_PORT, 0x1f, 0x1d).isolates, TRI_TRUE);
	is_int(judge_port(1, PCIE_ROOT_PORT, 0x1f, 0x19).isolates, TRI_FALSE);
	is_int(acs_lacking(&(struct acs){ .cap = 0x1f, .ctrl = 0x19 }), ACS_RR);
	/* What a port does not implement is hard-wired */
	is_int(judge_port(1, PCIE_ROOT_PORT, 0x01, 0x01).isolates, TRI_TRUE);
	is_int(judge_port(1, PCIE_ROOT_PORT, 0, 0).isolates, TRI_TRUE);
	is_int(judge_port(1, PCIE_ROOT_PORT, PORT_NO_ACS, 0).isolates, TRI_FALSE);
	is_int(judge_port(1, PCIE_DOWNSTREAM_PORT, PORT_NO_ACS, 0).isolates, TRI_FALSE);
	is_int(judge_port(1, PCIE_UPSTREAM_PORT, PORT_NO_ACS, 0).isolates, TRI_TRUE);
	is_int(judge_port(0x81, PCIE_UPSTREAM_PORT, PORT_NO_ACS, 0).isolates, TRI_FALSE);
	is_int(judge_port(1, PCIE_TO_PCI_BRIDGE, 0x1f, 0x1d).isolates, TRI_FALSE);
	is_int(judge_port(0, PCIE_ENDPOINT, PORT_NO_ACS, 0).isolates, TRI_TRUE);
	is_int(judge_port(0x80, PCIE_ENDPOINT, PORT_NO_ACS, 0).isolates, TRI_FALSE);
	is_int(judge_port(0x80, PCIE_ENDPOINT, 0, 0).isolates, TRI_TRUE);
}

TEST(conventional_functions_never_isolate)
{
	struct snapshot *s = port_machine("DMAR");
	uint8_t c[64] = { 0 };
	struct snap_pci *p = machine_pci(s, "0000:00:1b.0", 0x040300, 1);

	port_identity(p, 0x8086, 0x2668);
	p->config = snap_bytes_of(s, c, sizeof c);
	is_int(judge(s, false).isolates, TRI_FALSE);
}

/* Without an IOMMU the kernel does not switch ACS on. */
TEST(as_it_would_be_with_an_iommu)
{
	struct snapshot *s = port_machine("DMAR");

	port_add(s, "0000:00:1c.0", -1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0);
	is_int(judge(s, true).isolates, TRI_TRUE);
	s = port_machine("DMAR");
	port_add(s, "0000:00:1c.0", -1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0);
	s->kernel.cmdline = snap_text_of(s, "pci=disable_acs_redir=pci:8086:0");
	is_int(judge(s, true).isolates, TRI_UNKNOWN);
}

static struct acs judge_id(unsigned vendor, unsigned device, uint8_t header, int type,
	const char *table, const char *release)
{
	struct snapshot *s = port_machine(table);
	struct snap_pci *p =
		port_add(s, "0000:00:1c.0", 1, NULL, header, type, PORT_NO_ACS, 0);

	port_identity(p, vendor, device);
	s->kernel.release = snap_text_of(s, release);
	machine_log(s, "[    0.000000] Linux version 6.12.0");
	return judge(s, false);
}

TEST(lists_of_the_kernel)
{
	struct acs acs = judge_id(0x8086, 0x1521, 0x80, PCIE_ENDPOINT, "DMAR", "6.12.0");

	is_int(acs.isolates, TRI_TRUE);
	is_str(acs.quirk->what, "card whose maker says that its functions are isolated");
	/* The ID before that of the I350 is not on the list */
	is_int(judge_id(0x8086, 0x1520, 0x80, PCIE_ENDPOINT, "DMAR", "6.12.0").isolates,
		TRI_FALSE);
	/* Inside the processor; kernels before 5.8 may know it or not */
	is_int(judge_id(0x8086, 0x9d70, 0x80, PCIE_ROOT_ENDPOINT, "DMAR", "6.12.0")
			.isolates,
		TRI_TRUE);
	is_int(judge_id(0x8086, 0x9d70, 0x80, PCIE_ROOT_ENDPOINT, "DMAR", "5.4.0")
			.isolates,
		TRI_UNKNOWN);
	/* The southbridge counts only with an AMD IOMMU */
	is_int(judge_id(0x1002, 0x4385, 0x80, PCIE_ENDPOINT, "IVRS", "6.12.0").isolates,
		TRI_TRUE);
	is_int(judge_id(0x1002, 0x4385, 0x80, PCIE_ENDPOINT, "DMAR", "6.12.0").isolates,
		TRI_FALSE);
}

TEST(chipsets_of_intel)
{
	/* Lynx Point, isolated by its own registers; the next ID is none of the list */
	is_int(judge_id(0x8086, 0x8c10, 1, PCIE_ROOT_PORT, "DMAR", "6.12.0").isolates,
		TRI_TRUE);
	is_int(judge_id(0x8086, 0x8c20, 1, PCIE_ROOT_PORT, "DMAR", "6.12.0").isolates,
		TRI_FALSE);
	is_int(judge_id(0x8086, 0x8c91, 1, PCIE_ROOT_PORT, "DMAR", "6.12.0").isolates,
		TRI_FALSE);
}

/* Whether the chipset's isolation could be switched on is told by the log, or by the LPC
 * bridge. */
TEST(chipset_isolation_failed)
{
	struct snapshot *s = port_machine("DMAR");

	port_identity(port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, -1, 0),
		0x8086, 0x8c10);
	is_int(judge(s, false).isolates, TRI_UNKNOWN);
	s = port_machine("DMAR");
	port_identity(port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, -1, 0),
		0x8086, 0x8c10);
	machine_log(s, "pci 0000:00:1c.0: Failed to enable Intel PCH ACS quirk");
	is_int(judge(s, false).isolates, TRI_FALSE);
	s = port_machine("DMAR");
	port_identity(port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, -1, 0),
		0x8086, 0x8c10);
	port_add(s, "0000:00:1f.0", 2, NULL, 0x80, PCIE_NONE, -1, 0);
	is_int(judge(s, false).isolates, TRI_FALSE);
}

/* An X99 board on Linux 5.9, which made its groups larger than 5.8 and 5.10 do. */
TEST(chipset_isolation_forgotten)
{
	static const char *const releases[] = { "5.8.18", "5.9.1", "5.10.0" };
	const enum tri isolates[] = { TRI_TRUE, TRI_UNKNOWN, TRI_TRUE };

	for (size_t i = 0; i < 3; i++)
		is_int(judge_id(0x8086, 0x8d10, 1, PCIE_ROOT_PORT, "DMAR", releases[i])
				.isolates,
			isolates[i]);
}

/* Sunrise Point has its control register 8 bytes behind the header, not 6. */
TEST(wrong_layout)
{
	struct snapshot *s = port_machine("DMAR");
	struct snap_pci *p =
		port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x0f, 0);
	uint8_t *c = arena_memdup(s->arena, p->config.p, p->config.n);
	struct acs acs;

	c[0x108] = 0x0d;
	p->config.p = c;
	port_identity(p, 0x8086, 0xa110);
	acs = judge(s, false);
	is_int(acs.isolates, TRI_TRUE);
	is_int(acs.ctrl, 0x0d);
	/* Its successor has the right one */
	s = port_machine("DMAR");
	p = port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x0f, 0);
	p->config.p = arena_memdup(s->arena, p->config.p, p->config.n);
	port_identity(p, 0x8086, 0xa338);
	is_int(judge(s, false).isolates, TRI_FALSE);
}

static struct acs judge_override(const char *word, const char *line, int cap)
{
	struct snapshot *s = port_machine("DMAR");

	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, cap, 0);
	s->kernel.cmdline = snap_text_of(s, word);
	if (line)
		machine_log(s, line);
	return judge(s, false);
}

TEST(override)
{
	static const char works[] = "Warning: PCIe ACS overrides enabled; This may allow";
	static const char stock[] = "[    0.000000] Linux version 6.12.0";
	struct acs acs = judge_override("pcie_acs_override=downstream", works, -1);

	is_int(acs.isolates, TRI_TRUE);
	is_int(acs.proven, TRI_FALSE);
	is_int(judge_override("pcie_acs_override=multifunction", works, -1).isolates,
		TRI_FALSE);
	is_int(judge_override("pcie_acs_override=multifunction,id:1b36:0001", works, -1)
			.isolates,
		TRI_TRUE);
	/* A stock kernel; a log that says nothing; a port that has ACS is left alone */
	is_int(judge_override("pcie_acs_override=downstream", stock, -1).isolates,
		TRI_FALSE);
	is_int(judge_override("pcie_acs_override=downstream", NULL, -1).isolates,
		TRI_UNKNOWN);
	is_int(judge_override("pcie_acs_override=downstream", works, 0x1f).isolates,
		TRI_FALSE);
	is_int(judge_override("quiet", NULL, -1).isolates, TRI_FALSE);
}

TEST(what_was_not_read)
{
	struct snapshot *s = port_machine("DMAR");

	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d)->config.n =
		64;
	is_int(judge(s, false).isolates, TRI_UNKNOWN);
	/* Cut within the capability */
	s = port_machine("DMAR");
	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d)->config.n =
		0x106;
	is_int(judge(s, false).isolates, TRI_UNKNOWN);
	/* pci=nommconf: the kernel itself sees no more */
	s = port_machine("DMAR");
	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d)->config.n =
		256;
	is_int(judge(s, false).isolates, TRI_FALSE);
}
