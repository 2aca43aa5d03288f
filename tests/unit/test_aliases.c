// SPDX-License-Identifier: GPL-2.0-or-later
// Under which requester IDs functions send.
#include "facts/aliases.h"
#include "ports.h"
#include "tap.h"

static enum tri has(unsigned vendor, unsigned device, const char *address, uint8_t devfn,
	const char *release)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;
	const uint8_t *list;
	enum tri found;

	port_identity(machine_pci(s, address, 0x010601, 1), vendor, device);
	s->kernel.release = snap_text_of(s, release);
	f = facts_new(s, NULL);
	list = alias_list(f, &f->fns[0]);
	found = list ? (enum tri)list[devfn] : TRI_FALSE;
	facts_free(f);
	snapshot_free(s);
	return found;
}

TEST(listed_devices)
{
	/* Marvell sends as function 1, Ricoh as function 0 */
	is_int(has(0x1b4b, 0x9230, "0000:03:00.0", 1, "5.4.0"), TRI_TRUE);
	is_int(has(0x1b4b, 0x9230, "0000:03:00.0", 2, "5.4.0"), TRI_FALSE);
	is_int(has(0x1b4b, 0x9230, "0000:03:00.1", 1, "5.4.0"), TRI_FALSE);
	is_int(has(0x1180, 0xe832, "0000:03:02.3", 0x10, "5.4.0"), TRI_TRUE);
	/* Newer rows: an older kernel may have them or not */
	is_int(has(0x1b4b, 0x9235, "0000:03:00.0", 1, "5.4.0"), TRI_UNKNOWN);
	is_int(has(0x1b4b, 0x9235, "0000:03:00.0", 1, "6.12.0"), TRI_TRUE);
	is_int(has(0x10b5, 0x87b0, "0000:03:00.0", 0xff, "6.12.0"), TRI_TRUE);
	is_int(has(0x8086, 0x2954, "0000:03:00.0", 0xfc, "6.12.0"), TRI_TRUE);
	is_int(has(0x8086, 0x1533, "0000:03:00.0", 1, "6.12.0"), TRI_FALSE);
}

TEST(ivrs_that_was_not_read)
{
	struct snapshot *s = port_machine("IVRS");
	struct facts *f;

	port_identity(machine_pci(s, "0000:03:00.0", 0x010601, 1), 0x1022, 0x7901);
	f = facts_new(s, NULL);
	is_int(alias_list(f, &f->fns[0])[1], TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}

TEST(bridges)
{
	struct snapshot *s = port_machine("DMAR");
	struct facts *f;

	port_add(s, "0000:00:01.0", 1, NULL, 1, PCIE_ROOT_PORT, -1, 0);
	port_add(s, "0000:00:02.0", 1, NULL, 1, PCIE_TO_PCI_BRIDGE, -1, 0);
	port_add(s, "0000:00:03.0", 1, NULL, 1, PCI_TO_PCIE_BRIDGE, -1, 0);
	port_add(s, "0000:00:04.0", 1, NULL, 1, PCIE_NONE, -1, 0);
	port_add(s, "0000:00:05.0", 1, NULL, 1, PCIE_ROOT_PORT, -1, 0)->config.n = 64;
	f = facts_new(s, NULL);
	is_int(bridge_way_of(&f->fns[0]), BRIDGE_PASSES);
	is_int(bridge_way_of(&f->fns[1]), BRIDGE_REPLACES);
	is_int(bridge_way_of(&f->fns[2]), BRIDGE_REPLACES);
	is_int(bridge_way_of(&f->fns[3]), BRIDGE_REPLACES);
	is_int(bridge_way_of(&f->fns[4]), BRIDGE_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}

TEST(volume_management_device)
{
	struct snapshot *s = port_machine("DMAR");
	const struct fn *vmd = NULL;
	struct facts *f;

	machine_bound(s, "0000:00:0e.0", 0x010400, 1, "vmd");
	machine_pci(s, "10000:e1:00.0", 0x010802, 1);
	f = facts_new(s, NULL);
	is_int(alias_vmd(f, &f->fns[0], &vmd), TRI_FALSE);
	is_int(alias_vmd(f, &f->fns[1], &vmd), TRI_TRUE);
	ok(vmd == &f->fns[0]);
	facts_free(f);
	machine_bound(s, "0000:30:00.5", 0x010400, 2, "vmd");
	f = facts_new(s, NULL);
	is_int(alias_vmd(f, machine_fn(f, "10000:e1:00.0"), &vmd), TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}
