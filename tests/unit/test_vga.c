// SPDX-License-Identifier: GPL-2.0-or-later
// Legacy VGA addresses: through bridges that pass them on, and on a root bus.
#include "machine.h"
#include "tap.h"

static void put_config(struct snapshot *s, struct snap_pci *p, int header, int command,
	int bridge_control)
{
	uint8_t c[64] = { 0x86, 0x80 };

	c[0x04] = (uint8_t)command;
	c[0x0e] = (uint8_t)header;
	c[0x3e] = (uint8_t)bridge_control;
	p->config = snap_bytes_of(s, c, sizeof c);
}

/* A card behind a switch, with bridge control UPPER and LOWER of the ports. */
static enum tri behind(int upper, int lower)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI);
	const struct fact *routed;
	struct facts *f;
	enum tri result;

	put_config(s, machine_pci(s, "0000:00:01.0", 0x060400, -1), 1, 7, upper);
	put_config(s, machine_pci(s, "0000:01:00.0", 0x060400, -1), 1, 7, lower);
	s->pci.v[1].parent = snap_text_of(s, "0000:00:01.0");
	machine_pci(s, "0000:02:00.0", 0x030000, -1)->parent =
		snap_text_of(s, "0000:01:00.0");
	if (lower < 0)
		s->pci.v[1].config.n = 16;
	f = machine_facts(s, "0000:02:00.0", NULL);
	routed = fact_of(f, machine_fn(f, "02:00.0")->device, "vga.routed");
	result = routed->state == FACT_ABSENT ? TRI_UNKNOWN : tri_of(routed->b);
	facts_free(f);
	snapshot_free(s);
	return result;
}

TEST(all_bridges_must_pass_it_on)
{
	is_int(behind(0x08, 0x0a), TRI_TRUE);
	is_int(behind(0x08, 0x02), TRI_FALSE);
	is_int(behind(0x00, 0x08), TRI_FALSE);
	is_int(behind(0x08, -1), TRI_UNKNOWN);
}

TEST(on_a_root_bus_the_command_register_tells)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI);
	struct facts *f;

	put_config(s, machine_pci(s, "0000:00:02.0", 0x030000, -1), 0, 7, 0);
	put_config(s, machine_pci(s, "0000:00:03.0", 0x030000, -1), 0, 2, 0);
	put_config(s, machine_pci(s, "0000:00:04.0", 0x038000, -1), 0, 7, 0);
	f = machine_facts(s, NULL, NULL);
	ok(fact_of(f, machine_fn(f, "00:02.0")->device, "vga.routed")->b);
	ok(!fact_of(f, machine_fn(f, "00:03.0")->device, "vga.routed")->b);
	ok(!fact_of(f, machine_fn(f, "00:04.0")->device, "vga.routed")->b);
	facts_free(f);
	snapshot_free(s);
}
