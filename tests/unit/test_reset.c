// SPDX-License-Identifier: GPL-2.0-or-later
// How functions are reset: as the kernel says, as configuration space tells, and by id.
#include "functions.h"
#include "tap.h"

static void identify(struct snap_pci *p, uint16_t vendor, uint16_t device)
{
	p->vendor = snap_hex_of(vendor);
	p->device = snap_hex_of(device);
}

TEST(methods_and_the_bus)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *p;
	struct facts *f;

	machine_pci(s, "0000:00:01.0", 0x060400, 1);
	p = below(s, "0000:01:00.0", "0000:00:01.0", 0x030000, 1);
	p->reset_method = snap_text_of(s, "device_specific bus\n");
	p = below(s, "0000:01:00.1", "0000:00:01.0", 0x040300, 1);
	p->reset_method = snap_text_none();
	machine_pci(s, "0000:00:02.0", 0x030000, 2);
	f = machine_facts(s, "0000:01:00.0", "0000:00:02.0");
	is_int(of(f, "01:00.0", "reset.methods")->n, 2);
	is_str(of(f, "01:00.0", "reset.first")->text, "device_specific");
	ok(of(f, "01:00.0", "reset.bus")->b);
	/* The companion has none of its own; the kernel knows the attribute */
	is_int(of(f, "01:00.1", "reset.methods")->state, FACT_VALUE);
	is_int(of(f, "01:00.1", "reset.methods")->n, 0);
	is_int(of(f, "01:00.1", "reset.first")->state, FACT_NONE);
	ok(of(f, "01:00.1", "reset.bus")->b);
	/* Nothing resets a root bus */
	is_int(of(f, "00:02.0", "reset.bus")->state, FACT_VALUE);
	ok(!of(f, "00:02.0", "reset.bus")->b);
	is_int(of(f, "00:02.0", "reset.methods")->state, FACT_ABSENT);
	/* A port is in no set: it is not judged */
	is_int(of(f, "00:01.0", "reset.bus")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_bus_with_several_groups)
{
	struct snapshot *s = machine_new(PCI | 1u << SOURCE_MODPROBE);
	struct facts *f;

	machine_pci(s, "0000:00:01.0", 0x060400, 1);
	below(s, "0000:01:00.0", "0000:00:01.0", 0x030000, 2)->driver =
		snap_text_of(s, "vfio-pci");
	below(s, "0000:01:00.1", "0000:00:01.0", 0x040300, 3);
	/* Named together they go to one guest */
	f = machine_facts(s, "0000:01:00.0", "0000:01:00.1");
	ok(of(f, "01:00.0", "reset.bus")->b);
	facts_free(f);
	/* Named alone, the other one stays on the host */
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_int(of(f, "01:00.0", "reset.bus")->state, FACT_VALUE);
	ok(!of(f, "01:00.0", "reset.bus")->b);
	is_str(of(f, "01:00.0", "reset.bus")->origins->source, "on the same bus");
	facts_free(f);
	snapshot_free(s);
}

TEST(a_missing_file_on_a_kernel_that_would_show_it)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	machine_pci(s, "0000:01:00.0", 0x030000, 1)->reset_method = snap_text_none();
	machine_pci(s, "0000:02:00.0", 0x030000, 2)->reset = snap_bool_of(false);
	f = facts_new(s, NULL);
	/* 5.10 has no such attribute, and this may be one */
	is_int(of(f, "01:00.0", "reset.methods")->state, FACT_ABSENT);
	is_int(of(f, "02:00.0", "reset.methods")->state, FACT_VALUE);
	facts_free(f);
	s->kernel.release = snap_text_of(s, "6.1.0");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "reset.methods")->state, FACT_VALUE);
	is_int(of(f, "01:00.0", "reset.methods")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

/* Configuration space with PCI Express, Advanced Features and power management. */
static void configure(struct snapshot *s, struct snap_pci *p, bool flr, bool soft)
{
	uint8_t c[256] = { [0x06] = 0x10, [0x34] = 0x40 };

	memcpy(c + 0x40, "\x01\x50\x03\x00\x00\x00\x00\x00", 8);
	c[0x44] = soft ? 0 : 0x08;
	memcpy(c + 0x50, "\x10\x60\x02\x00\x00\x00\x00\x00", 8);
	c[0x57] = flr ? 0x10 : 0;
	memcpy(c + 0x60, "\x13\x00\x06\x03", 4);
	p->config = snap_bytes_of(s, c, sizeof c);
}

TEST(guessed_from_configuration_space)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *gpu, *usb;
	struct facts *f;
	const struct fact *m;

	machine_pci(s, "0000:00:01.0", 0x060400, 1);
	below(s, "0000:01:00.0", "0000:00:01.0", 0x030000, 1);
	usb = machine_pci(s, "0000:00:14.0", 0x0c0330, 2);
	gpu = at(s, "0000:01:00.0");
	identify(gpu, 0x10de, 0x1b81);
	configure(s, gpu, true, true);
	identify(usb, 0x1022, 0x149c);
	configure(s, usb, true, false);
	s->kernel.release = snap_text_of(s, "6.12.5");
	f = facts_new(s, NULL);
	/* Its owner may have chosen others */
	is_int(of(f, "01:00.0", "reset.methods")->state, FACT_ABSENT);
	facts_free(f);
	/* Whether a stable release brought the quirk for the other one, nobody knows */
	s->kernel.release = snap_text_of(s, "5.4.0");
	f = facts_new(s, NULL);
	m = of(f, "01:00.0", "reset.methods");
	is_int(m->n, 4);
	is_str(m->list[0], "flr");
	is_str(m->list[1], "af_flr");
	is_str(m->list[2], "pm");
	is_str(m->list[3], "bus");
	ok(!m->open);
	is_str(of(f, "01:00.0", "reset.first")->text, "flr");
	is_int(of(f, "00:14.0", "reset.methods")->n, 0);
	is_int(of(f, "00:14.0", "reset.unsafe")->state, FACT_ABSENT);
	facts_free(f);
	/* ATI displays below a bridge: no reset by power management */
	identify(gpu, 0x1002, 0x67df);
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "reset.methods")->n, 3);
	facts_free(f);
	/* 64 bytes say nothing of capabilities */
	gpu->config.n = 64;
	f = facts_new(s, NULL);
	m = of(f, "01:00.0", "reset.methods");
	is_int(m->n, 1);
	is_str(m->list[0], "bus");
	ok(m->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(what_newer_kernels_do_otherwise)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *usb, *nvme;
	struct facts *f;

	machine_pci(s, "0000:0c:00.3", 0x0c0330, 1);
	machine_pci(s, "0000:03:00.0", 0x010802, 2);
	usb = at(s, "0000:0c:00.3");
	nvme = at(s, "0000:03:00.0");
	identify(usb, 0x1022, 0x149c);
	identify(nvme, 0x144d, 0xa804);
	usb->reset_method = snap_text_of(s, "pm flr");
	nvme->reset_method = snap_text_of(s, "flr bus");
	f = facts_new(s, NULL);
	is_str(of(f, "0c:00.3", "reset.unsafe")->text, "flr");
	ok(!of(f, "0c:00.3", "reset.lacks-routine")->b);
	is_int(of(f, "03:00.0", "reset.unsafe")->state, FACT_NONE);
	ok(of(f, "03:00.0", "reset.lacks-routine")->b);
	facts_free(f);
	usb->reset_method = snap_text_of(s, "pm");
	nvme->reset_method = snap_text_of(s, "device_specific flr bus");
	f = facts_new(s, NULL);
	is_int(of(f, "0c:00.3", "reset.unsafe")->state, FACT_NONE);
	is_int(of(f, "03:00.0", "reset.lacks-routine")->state, FACT_VALUE);
	ok(!of(f, "03:00.0", "reset.lacks-routine")->b);
	facts_free(f);
	snapshot_free(s);
}

TEST(families)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *isa, *igpu, *gpu;
	struct facts *f;

	machine_pci(s, "0000:00:1f.0", 0x060100, 3);
	machine_pci(s, "0000:00:02.0", 0x030000, 1);
	machine_pci(s, "0000:01:00.0", 0x030000, 2);
	isa = at(s, "0000:00:1f.0");
	igpu = at(s, "0000:00:02.0");
	gpu = at(s, "0000:01:00.0");
	identify(isa, 0x8086, 0x4385);
	identify(igpu, 0x8086, 0x9bc5);
	igpu->reset_method = snap_text_of(s, "flr");
	identify(gpu, 0x1002, 0x67df);
	f = facts_new(s, NULL);
	is_str(of(f, "01:00.0", "reset.family")->text, "AMD Polaris 10");
	ok(of(f, "01:00.0", "reset.vendor-module")->b);
	ok(!of(f, "01:00.0", "reset.sleeps")->b);
	is_int(of(f, "01:00.0", "reset.hangs-by")->state, FACT_NONE);
	is_str(of(f, "00:02.0", "reset.hangs-by")->text, "flr");
	is_int(of(f, "00:02.0", "reset.trouble")->state, FACT_NONE);
	is_int(of(f, "00:1f.0", "reset.family")->state, FACT_NONE);
	facts_free(f);
	/* Boards of other series do well */
	identify(isa, 0x8086, 0xa305);
	identify(gpu, 0x1002, 0x7550);
	f = facts_new(s, NULL);
	is_int(of(f, "00:02.0", "reset.family")->state, FACT_NONE);
	is_int(of(f, "00:02.0", "reset.hangs-by")->state, FACT_NONE);
	is_str(of(f, "01:00.0", "reset.family")->text, "AMD Navi 48");
	ok(of(f, "01:00.0", "reset.sleeps")->b);
	ok(!of(f, "01:00.0", "reset.vendor-module")->b);
	facts_free(f);
	/* Which board it is, nobody said */
	isa->device = (struct snap_hex){ HAVE_NOT, 0 };
	gpu->vendor = (struct snap_hex){ HAVE_NOT, 0 };
	f = facts_new(s, NULL);
	is_int(of(f, "00:02.0", "reset.family")->state, FACT_ABSENT);
	is_int(of(f, "01:00.0", "reset.family")->state, FACT_ABSENT);
	is_int(of(f, "01:00.0", "reset.unsafe")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}
