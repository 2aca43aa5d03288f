// SPDX-License-Identifier: GPL-2.0-or-later
// Single functions: interrupts, the link, power, where they sit, virtual functions.
#include "functions.h"
#include "tap.h"

/* Configuration space of 256 bytes with one capability of N bytes at 0x40, and a pin. */
static struct snap_bytes config(struct snapshot *s, const char *cap, size_t n, int pin)
{
	uint8_t c[256] = { [0x06] = 0x10, [0x34] = 0x40 };

	memcpy(c + 0x40, cap, n);
	c[0x3d] = (uint8_t)pin;
	return snap_bytes_of(s, c, sizeof c);
}

static void on_line(struct snapshot *s, struct snap_pci *p, int irq)
{
	(void)s;
	p->enabled = snap_bool_of(true);
	p->msi = snap_bool_of(false);
	p->irq = snap_int_of(irq);
}

TEST(a_line_alone_or_shared)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_irq *irq = snap_list_add(s, &s->irqs);
	struct snap_pci *nic, *vf, *sound;
	struct facts *f;

	irq->number = "17";
	irq->actions = snap_text_of(s, "i801_smbus,eth1");
	nic = machine_pci(s, "0000:05:00.0", 0x020000, 1);
	nic->vendor = snap_hex_of(0x10ec);
	nic->device = snap_hex_of(0x8169);
	nic->config = config(s, "\x01\x00\x03\x00", 4, 1);
	on_line(s, nic, 17);
	vf = machine_pci(s, "0000:05:10.0", 0x020000, 2);
	vf->config = config(s, "\x11\x00\x02\x00\x00\x20\x00\x00\x00\x30\x00\x00", 12, 0);
	sound = machine_pci(s, "0000:06:00.0", 0x040300, 3);
	sound->config = config(s, "\x05\x00\x80\x00", 4, 1);
	f = facts_new(s, NULL);
	ok(of(f, "05:00.0", "intx.only")->b);
	ok(of(f, "05:00.0", "intx.unmaskable")->b);
	is_int(of(f, "05:00.0", "intx.users")->n, 2);
	is_str(of(f, "05:00.0", "intx.users")->list[1], "eth1");
	is_int(of(f, "05:10.0", "intx.only")->state, FACT_VALUE);
	ok(!of(f, "05:10.0", "intx.only")->b);
	is_int(of(f, "05:10.0", "intx.users")->state, FACT_VALUE);
	is_int(of(f, "05:10.0", "intx.users")->n, 0);
	ok(!of(f, "06:00.0", "intx.only")->b);
	/* Nobody uses it: its line is not known */
	is_int(of(f, "06:00.0", "intx.users")->state, FACT_ABSENT);
	is_int(of(f, "06:00.0", "intx.unmaskable")->state, FACT_ABSENT);
	facts_free(f);
	nic = at(s, "0000:05:00.0");
	/* With messages in use the number is not a line's */
	nic->msi = snap_bool_of(true);
	f = facts_new(s, NULL);
	is_int(of(f, "05:00.0", "intx.users")->state, FACT_ABSENT);
	ok(!of(f, "05:00.0", "intx.only")->b);
	facts_free(f);
	/* An ordinary user sees 64 bytes: a pin, and nothing of messages */
	nic->msi = snap_bool_of(false);
	nic->config.n = 64;
	f = facts_new(s, NULL);
	is_int(of(f, "05:00.0", "intx.only")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_table_that_overlaps)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	/* 22 vectors take 0x160 bytes from 0x2000 on */
	machine_pci(s, "0000:01:00.0", 0x010802, 1)->config =
		config(s, "\x11\x00\x15\x00\x00\x20\x00\x00\x00\x21\x00\x00", 12, 1);
	machine_pci(s, "0000:02:00.0", 0x010802, 2)->config =
		config(s, "\x11\x00\x0f\x00\x00\x20\x00\x00\x00\x21\x00\x00", 12, 1);
	/* In another window */
	machine_pci(s, "0000:03:00.0", 0x010802, 3)->config =
		config(s, "\x11\x00\x15\x00\x00\x20\x00\x00\x04\x21\x00\x00", 12, 1);
	machine_pci(s, "0000:04:00.0", 0x010802, 4)->config =
		config(s, "\x01\x00\x03\x00", 4, 1);
	machine_pci(s, "0000:05:00.0", 0x010802, 5);
	f = facts_new(s, NULL);
	ok(of(f, "01:00.0", "msix.overlap")->b);
	is_str(of(f, "01:00.0", "msix.overlap")->origins->text,
		"22 vectors, table at 0x2000, pending bits at 0x2100");
	is_int(of(f, "02:00.0", "msix.overlap")->state, FACT_VALUE);
	ok(!of(f, "02:00.0", "msix.overlap")->b);
	ok(!of(f, "03:00.0", "msix.overlap")->b);
	is_int(of(f, "04:00.0", "msix.overlap")->state, FACT_VALUE);
	is_int(of(f, "05:00.0", "msix.overlap")->state, FACT_ABSENT);
	facts_free(f);
	/* The capability at the end of what was read */
	s->pci.v[0].config.n = 0x48;
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "msix.overlap")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

static void lanes(
	struct snapshot *s, struct snap_pci *p, const char *now, const char *most)
{
	p->link_width = snap_text_of(s, now);
	p->max_link_width = snap_text_of(s, most);
}

TEST(lanes_that_are_missing)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *port, *gpu, *sound;
	struct facts *f;

	machine_pci(s, "0000:00:01.0", 0x060400, 1);
	below(s, "0000:01:00.0", "0000:00:01.0", 0x030000, 1);
	below(s, "0000:01:00.1", "0000:00:01.0", 0x040300, 1);
	port = at(s, "0000:00:01.0");
	gpu = at(s, "0000:01:00.0");
	sound = at(s, "0000:01:00.1");
	lanes(s, port, "4", "16");
	lanes(s, gpu, "4", "16");
	lanes(s, sound, "4", "16");
	f = facts_new(s, NULL);
	is_str(of(f, "01:00.0", "link.narrow")->text, "4 of 16");
	is_int(of(f, "01:00.1", "link.narrow")->state, FACT_NONE);
	is_int(of(f, "00:01.0", "link.narrow")->state, FACT_NONE);
	facts_free(f);
	/* Two cards share the lanes */
	lanes(s, gpu, "8", "16");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.narrow")->state, FACT_NONE);
	facts_free(f);
	/* A slot of four lanes */
	lanes(s, gpu, "4", "16");
	lanes(s, port, "4", "4");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.narrow")->state, FACT_NONE);
	facts_free(f);
	/* Nobody knows the slot, or the device sleeps and reads as ones */
	port->max_link_width.have = HAVE_NOT;
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.narrow")->state, FACT_ABSENT);
	facts_free(f);
	lanes(s, port, "16", "16");
	lanes(s, gpu, "63", "63");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.narrow")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_card_with_a_switch)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *root, *up, *down, *gpu;
	struct facts *f;

	machine_pci(s, "0000:00:01.1", 0x060400, 1);
	below(s, "0000:01:00.0", "0000:00:01.1", 0x060400, 1);
	below(s, "0000:02:00.0", "0000:01:00.0", 0x060400, 1);
	below(s, "0000:03:00.0", "0000:02:00.0", 0x030000, 1);
	root = at(s, "0000:00:01.1");
	up = at(s, "0000:01:00.0");
	down = at(s, "0000:02:00.0");
	gpu = at(s, "0000:03:00.0");
	root->vendor = snap_hex_of(0x1022);
	up->vendor = down->vendor = gpu->vendor = snap_hex_of(0x1002);
	up->config = config(s, "\x10\x00\x52\x00", 4, 0);
	down->config = config(s, "\x10\x00\x62\x00", 4, 0);
	lanes(s, root, "1", "16");
	lanes(s, up, "1", "16");
	lanes(s, down, "16", "16");
	lanes(s, gpu, "16", "16");
	f = facts_new(s, NULL);
	is_str(of(f, "03:00.0", "link.narrow")->text, "1 of 16");
	facts_free(f);
	down->config.have = HAVE_NOT;
	f = facts_new(s, NULL);
	is_int(of(f, "03:00.0", "link.narrow")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

static void parameter(struct snapshot *s, const char *value)
{
	struct snap_parameter *p = snap_list_add(s, &s->parameters);

	p->module = "vfio_pci";
	p->name = "disable_idle_d3";
	p->value = snap_text_of(s, value);
}

TEST(power_that_failed)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *gpu;
	struct facts *f;

	machine_bound(s, "0000:01:00.0", 0x030000, 1, "vfio-pci");
	machine_bound(s, "0000:02:00.0", 0x030000, 2, "amdgpu");
	gpu = at(s, "0000:01:00.0");
	gpu->runtime_status = snap_text_of(s, "error");
	gpu->power_state = snap_text_of(s, "unknown");
	at(s, "0000:02:00.0")->runtime_status = snap_text_of(s, "error");
	s->kernel.release = snap_text_of(s, "6.12.5");
	f = facts_new(s, NULL);
	is_str(of(f, "01:00.0", "power.state")->text, "unknown");
	is_int(of(f, "01:00.0", "vfio.idle-sleep")->state, FACT_ABSENT);
	is_int(of(f, "01:00.0", "power.error")->state, FACT_ABSENT);
	/* Another driver begins anew when it binds */
	is_int(of(f, "02:00.0", "power.error")->state, FACT_VALUE);
	ok(!of(f, "02:00.0", "power.error")->b);
	facts_free(f);
	parameter(s, "N");
	f = facts_new(s, NULL);
	ok(of(f, "01:00.0", "vfio.idle-sleep")->b);
	ok(of(f, "01:00.0", "power.error")->b);
	facts_free(f);
	s->kernel.release = snap_text_of(s, "5.10.0");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "power.error")->state, FACT_VALUE);
	ok(!of(f, "01:00.0", "power.error")->b);
	facts_free(f);
	snapshot_free(s);
}

TEST(nodes_and_external_ports)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *a, *b;
	struct facts *f;

	machine_pci(s, "0000:01:00.0", 0x030000, 1);
	machine_pci(s, "0000:81:00.0", 0x030000, 2);
	a = at(s, "0000:01:00.0");
	b = at(s, "0000:81:00.0");
	a->numa_node = snap_int_of(0);
	b->numa_node = snap_int_of(1);
	b->removable = snap_text_of(s, "removable");
	a->removable = snap_text_none();
	f = facts_new(s, NULL);
	ok(of(f, "01:00.0", "numa.many")->b);
	is_int(of(f, "81:00.0", "numa.node")->i, 1);
	ok(of(f, "81:00.0", "external")->b);
	/* A kernel that may not know the attribute */
	is_int(of(f, "01:00.0", "external")->state, FACT_ABSENT);
	facts_free(f);
	b->numa_node = snap_int_of(-1);
	s->kernel.release = snap_text_of(s, "6.1.0");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "numa.many")->state, FACT_VALUE);
	ok(!of(f, "01:00.0", "numa.many")->b);
	is_int(of(f, "81:00.0", "numa.node")->state, FACT_NONE);
	is_int(of(f, "01:00.0", "external")->state, FACT_VALUE);
	ok(!of(f, "01:00.0", "external")->b);
	facts_free(f);
	b->numa_node = (struct snap_int){ HAVE_NOT, 0 };
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "numa.many")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(virtual_functions_and_their_owner)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *pf, *vf;
	struct facts *f;

	machine_bound(s, "0000:04:00.0", 0x020000, 1, "vfio-pci");
	machine_bound(s, "0000:04:10.0", 0x020000, 2, "igbvf");
	pf = at(s, "0000:04:00.0");
	vf = at(s, "0000:04:10.0");
	pf->sriov_total = snap_int_of(7);
	pf->sriov_num = snap_int_of(1);
	vf->physfn = snap_text_of(s, "0000:04:00.0");
	for (size_t i = 0; i < 7; i++)
		snap_texts_add(
			s, &pf->resources, "0x0000000000000000 0x0000000000000000 0x0");
	snap_texts_add(
		s, &pf->resources, "0x0000000000000000 0x000000000001bfff 0x20140204");
	for (size_t i = 8; i < 13; i++)
		snap_texts_add(
			s, &pf->resources, "0x0000000000000000 0x0000000000000000 0x0");
	f = facts_new(s, NULL);
	is_int(of(f, "04:00.0", "vf.parent")->state, FACT_NONE);
	ok(!of(f, "04:00.0", "vf.parent-vfio")->b);
	is_int(of(f, "04:00.0", "vfs.on-host")->n, 1);
	is_int(of(f, "04:00.0", "vf-windows.unassigned")->n, 1);
	is_str(of(f, "04:00.0", "vf-windows.unassigned")->list[0], "7");
	is_str(of(f, "04:10.0", "vf.parent")->devs[0]->addr, "0000:04:00.0");
	ok(of(f, "04:10.0", "vf.parent-vfio")->b);
	facts_free(f);
	pf->driver = (struct snap_text){ HAVE_NOT, NULL };
	vf->driver = (struct snap_text){ HAVE_NOT, NULL };
	f = facts_new(s, NULL);
	is_int(of(f, "04:10.0", "vf.parent-vfio")->state, FACT_ABSENT);
	is_int(of(f, "04:00.0", "vfs.on-host")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(virtual_functions_in_the_group_of_their_owner)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *pf, *vf;
	struct facts *f;

	machine_bound(s, "0000:04:00.0", 0x020000, 1, "igb");
	machine_bound(s, "0000:04:10.0", 0x020000, 1, "igbvf");
	pf = at(s, "0000:04:00.0");
	vf = at(s, "0000:04:10.0");
	vf->physfn = snap_text_of(s, "0000:04:00.0");
	f = facts_new(s, NULL);
	is_str(of(f, "04:10.0", "vf.parent-in-group")->devs[0]->addr, "0000:04:00.0");
	is_int(of(f, "04:00.0", "vf.parent-in-group")->state, FACT_NONE);
	facts_free(f);
	pf->driver = snap_text_of(s, "vfio-pci");
	f = facts_new(s, NULL);
	is_int(of(f, "04:10.0", "vf.parent-in-group")->state, FACT_NONE);
	facts_free(f);
	pf->driver = (struct snap_text){ HAVE_NOT, NULL };
	f = facts_new(s, NULL);
	is_int(of(f, "04:10.0", "vf.parent-in-group")->state, FACT_ABSENT);
	facts_free(f);
	pf->iommu_group = snap_int_of(2);
	f = facts_new(s, NULL);
	is_int(of(f, "04:10.0", "vf.parent-in-group")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}
