// SPDX-License-Identifier: GPL-2.0-or-later
// Groups as the kernel's algorithm makes them, and the words for them.
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "facts/isolation.h"
#include "facts/predict.h"
#include "ports.h"
#include "tap.h"

/* The predicted members of ADDRESS: "00:1c.0 01:00.0"; "?" unknown, "-" no group. */
static const char *group_of(struct facts *f, const char *address)
{
	static char text[4096];
	const struct prediction *p = predict_group(f, machine_fn(f, address));
	size_t used = 0;

	if (p->known != TRI_TRUE)
		return p->known == TRI_UNKNOWN ? "?" : "-";
	text[0] = '\0';
	for (size_t i = 0; i < p->n; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
			i ? " " : "", p->members[i]->short_addr);
	return text;
}

static void close_machine(struct facts *f, struct snapshot *s)
{
	facts_free(f);
	snapshot_free(s);
}

/* Two cards of two functions below root ports of one slot. */
static struct snapshot *two_cards(int cap, int ctrl)
{
	struct snapshot *s = port_machine("DMAR");

	port_add(s, "0000:00:01.0", 1, NULL, 0x81, PCIE_ROOT_PORT, cap, ctrl);
	port_add(s, "0000:00:01.1", 1, NULL, 0x81, PCIE_ROOT_PORT, cap, ctrl);
	port_add(s, "0000:01:00.0", 1, "0000:00:01.0", 0x80, PCIE_ENDPOINT, -1, 0);
	port_add(s, "0000:01:00.1", 1, "0000:00:01.0", 0x80, PCIE_ENDPOINT, -1, 0);
	port_add(s, "0000:02:00.0", 1, "0000:00:01.1", 0x00, PCIE_ENDPOINT, -1, 0);
	return s;
}

TEST(ports_without_acs)
{
	struct snapshot *s = two_cards(PORT_NO_ACS, 0);
	struct facts *f = facts_new(s, NULL);
	const struct isolation *it = isolation_of(f, machine_fn(f, "02:00.0"));

	is_str(group_of(f, "02:00.0"), "00:01.0 00:01.1 01:00.0 01:00.1 02:00.0");
	is_int(it->prediction->same, TRI_TRUE);
	is_int(it->reasons[0].kind, REASON_OPEN_PORT);
	is_str(it->reasons[0].text,
		"00:01.1 is a root port without ACS, and one of several functions of its "
		"slot");
	is_int(it->n_path, 2);
	is_str(it->path[1].text, "root port, no ACS");
	ok(it->n_changes > 0);
	close_machine(f, s);
}

TEST(ports_with_acs)
{
	struct snapshot *s = two_cards(PORT_ALL_ACS, PORT_ACS_ON);
	struct facts *f = facts_new(s, NULL);
	const struct isolation *it = isolation_of(f, machine_fn(f, "02:00.0"));

	is_str(group_of(f, "02:00.0"), "02:00.0");
	is_str(group_of(f, "01:00.1"), "01:00.0 01:00.1");
	is_str(group_of(f, "00:01.1"), "00:01.1");
	/* The machine says that all are in group 1 */
	is_int(it->prediction->same, TRI_FALSE);
	is_int(it->reasons[it->n_reasons - 1].kind, REASON_UNEXPLAINED);
	is_str(it->path[1].text, "root port, ACS on (SV RR CR UF)");
	close_machine(f, s);
}

TEST(acs_that_is_off)
{
	struct snapshot *s = two_cards(PORT_ALL_ACS, 0x11);
	struct facts *f = facts_new(s, NULL);

	is_str(group_of(f, "02:00.0"), "00:01.0 00:01.1 01:00.0 01:00.1 02:00.0");
	is_str(isolation_of(f, machine_fn(f, "02:00.0"))->reasons[0].text,
		"ACS of 00:01.1 (root port) is there but not switched on (RR CR)");
	close_machine(f, s);
}

TEST(what_is_not_readable_is_not_guessed)
{
	struct snapshot *s = two_cards(PORT_ALL_ACS, PORT_ACS_ON);
	struct facts *f;

	s->pci.v[0].config.n = 64;
	f = facts_new(s, NULL);
	is_str(group_of(f, "01:00.0"), "?");
	ok(predict_group(f, machine_fn(f, "01:00.0"))->missing &
		1u << SOURCE_CONFIG_SPACE);
	/* The other port isolates, whatever this one does */
	is_str(group_of(f, "02:00.0"), "02:00.0");
	close_machine(f, s);
}

TEST(scan_that_is_not_whole)
{
	struct snapshot *s = two_cards(PORT_ALL_ACS, PORT_ACS_ON);
	struct facts *f;

	snapshot_set_status(s, SOURCE_PCI, STATUS_TRUNCATED, NULL);
	f = facts_new(s, NULL);
	is_str(group_of(f, "02:00.0"), "?");
	close_machine(f, s);
}

/* The chipset of a desktop: a card with a switch in it, whose ports have no ACS. */
TEST(chipset_switch)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;

	port_add(s, "0000:00:01.3", 1, NULL, 0x81, PCIE_ROOT_PORT, 0x1f, 0x1d);
	port_add(s, "0000:02:00.0", 2, "0000:00:01.3", 0x80, PCIE_LEGACY_ENDPOINT, -1, 0);
	port_add(s, "0000:02:00.2", 2, "0000:00:01.3", 0x81, PCIE_UPSTREAM_PORT, -1, 0);
	port_add(s, "0000:03:00.0", 2, "0000:02:00.2", 1, PCIE_DOWNSTREAM_PORT, -1, 0);
	port_add(s, "0000:03:04.0", 2, "0000:02:00.2", 1, PCIE_DOWNSTREAM_PORT, -1, 0);
	port_add(s, "0000:05:00.0", 2, "0000:03:04.0", 0, PCIE_ENDPOINT, -1, 0);
	f = facts_new(s, NULL);
	is_str(group_of(f, "05:00.0"), "02:00.0 02:00.2 03:00.0 03:04.0 05:00.0");
	is_int(predict_group(f, machine_fn(f, "05:00.0"))->same, TRI_TRUE);
	is_str(isolation_of(f, machine_fn(f, "05:00.0"))->reasons[0].text,
		"02:00.2 is an upstream port of a switch without ACS, and one of several "
		"functions of its slot");
	close_machine(f, s);
}

TEST(conventional_bridge)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;

	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d);
	port_add(s, "0000:03:00.0", 2, "0000:00:1c.0", 1, PCIE_TO_PCI_BRIDGE, -1, 0);
	port_add(s, "0000:04:00.0", 2, "0000:03:00.0", 0, PCIE_NONE, -1, 0);
	port_add(s, "0000:04:01.0", 2, "0000:03:00.0", 0, PCIE_NONE, -1, 0);
	f = facts_new(s, NULL);
	is_str(group_of(f, "04:00.0"), "03:00.0 04:00.0 04:01.0");
	is_int(isolation_of(f, machine_fn(f, "04:00.0"))->reasons[0].kind,
		REASON_CONVENTIONAL);
	close_machine(f, s);
}

/* Virtual functions are single functions, whatever their address; behind a port without
 * ACS they are with their physical one. */
TEST(virtual_functions)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;

	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d);
	port_add(s, "0000:03:00.0", 2, "0000:00:1c.0", 0, PCIE_ENDPOINT, -1, 0);
	port_add(s, "0000:03:00.1", 3, "0000:00:1c.0", 0, PCIE_ENDPOINT, -1, 0)->physfn =
		snap_text_of(s, "0000:03:00.0");
	f = facts_new(s, NULL);
	is_str(group_of(f, "03:00.1"), "03:00.1");
	is_int(fact_of(f, f->scopes[SCOPE_GROUP].v[1], "vfs-with-pf")->n, 0);
	facts_free(f);
	s->pci.v[0].config = port_config(s, 1, PCIE_ROOT_PORT, -1, 0);
	for (size_t i = 0; i < 3; i++)
		s->pci.v[i].iommu_group = snap_int_of(1);
	f = facts_new(s, NULL);
	is_str(group_of(f, "03:00.1"), "00:1c.0 03:00.0 03:00.1");
	is_int(fact_of(f, f->scopes[SCOPE_GROUP].v[0], "vfs-with-pf")->n, 1);
	close_machine(f, s);
}

TEST(aliases_merge)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;

	port_add(s, "0000:00:1c.0", 1, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d);
	/* ACS without any bit isolates functions, but this one sends as function 1 */
	port_identity(
		port_add(s, "0000:03:00.0", 2, "0000:00:1c.0", 0x80, PCIE_ENDPOINT, 0, 0),
		0x1b4b, 0x9123);
	port_add(s, "0000:03:00.1", 2, "0000:00:1c.0", 0x80, PCIE_ENDPOINT, 0, 0);
	f = facts_new(s, NULL);
	is_str(group_of(f, "03:00.0"), "03:00.0 03:00.1");
	is_int(isolation_of(f, machine_fn(f, "03:00.1"))->reasons[0].kind, REASON_ALIAS);
	close_machine(f, s);
}

TEST(behind_vmd)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;

	port_add(s, "0000:00:0e.0", 7, NULL, 0, PCIE_ROOT_ENDPOINT, -1, 0)->driver =
		snap_text_of(s, "vmd");
	port_add(s, "10000:00:06.0", 7, NULL, 1, PCIE_ROOT_PORT, 0x1f, 0x1d);
	port_add(s, "10000:01:00.0", 7, "10000:00:06.0", 0, PCIE_ENDPOINT, -1, 0);
	f = facts_new(s, NULL);
	is_str(group_of(f, "10000:01:00.0"), "00:0e.0 10000:00:06.0 10000:01:00.0");
	facts_free(f);
	/* Where a function behind it has no known place, its group cannot be told */
	for (size_t i = 0; i < s->pci.n; i++) {
		if (!strcmp(s->pci.v[i].address, "10000:00:06.0"))
			s->pci.v[i].parent = (struct snap_text){ HAVE_NOT, NULL };
	}
	f = facts_new(s, NULL);
	is_int(predict_group(f, machine_fn(f, "0000:00:0e.0"))->known, TRI_UNKNOWN);
	is_int(predict_group(f, machine_fn(f, "0000:00:0e.0"))->same, TRI_UNKNOWN);
	close_machine(f, s);
}

/* The IOMMU itself, and what no IOMMU covers, has no group. */
TEST(uncovered_functions)
{
	struct snapshot *s = two_cards(PORT_ALL_ACS, PORT_ACS_ON);
	struct facts *f;

	s->pci.v[4].iommu_group = (struct snap_int){ HAVE_NONE, 0 };
	f = facts_new(s, NULL);
	is_str(group_of(f, "02:00.0"), "-");
	is_int(isolation_of(f, machine_fn(f, "02:00.0"))->n_reasons, 0);
	close_machine(f, s);
}

TEST(groups_as_they_would_be)
{
	struct snapshot *s = two_cards(PORT_ALL_ACS, 0);
	struct facts *f;

	for (size_t i = 0; i < s->pci.n; i++)
		s->pci.v[i].iommu_group = (struct snap_int){ HAVE_NONE, 0 };
	f = facts_new(s, NULL);
	is_str(group_of(f, "02:00.0"), "02:00.0");
	ok(predict_group(f, machine_fn(f, "02:00.0"))->supposed);
	close_machine(f, s);
}

TEST(parents_in_a_circle)
{
	struct snapshot *s = two_cards(PORT_NO_ACS, 0);
	struct facts *f;

	port_below(s, &s->pci.v[0], "0000:00:01.1");
	port_below(s, &s->pci.v[1], "0000:00:01.0");
	f = facts_new(s, NULL);
	is_str(group_of(f, "02:00.0"), "?");
	isolation_of(f, machine_fn(f, "02:00.0"));
	close_machine(f, s);
}

/* A guest that the scan does not have. */
TEST(missing_function)
{
	struct snapshot *s = two_cards(PORT_NO_ACS, 0);
	struct facts *f = machine_facts(s, "0000:09:00.0", NULL);

	is_int(predict_group(f, &f->fns[f->n_fns - 1])->known, TRI_UNKNOWN);
	is_int(isolation_of(f, &f->fns[f->n_fns - 1])->n_reasons, 0);
	close_machine(f, s);
}
