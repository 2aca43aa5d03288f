// SPDX-License-Identifier: GPL-2.0-or-later
// `ids=` lists: what the kernel sees of them, what they hit, how they are repaired.
#include "facts/modprobe.h"
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_INITRAMFS |             \
		1u << SOURCE_KERNEL)

static struct snap_pci *pci(struct snapshot *s, const char *address, uint32_t class_code,
	uint32_t id, uint32_t subsystem, const char *driver)
{
	struct snap_pci *p = machine_bound(s, address, class_code, -1, driver);

	p->vendor = snap_hex_of(id >> 16);
	p->device = snap_hex_of(id & 0xffff);
	p->subvendor = snap_hex_of(subsystem >> 16);
	p->subdevice = snap_hex_of(subsystem & 0xffff);
	return p;
}

/* The seed's machine: on-board audio, a host card, a guest card with its HDMI function.
 */
static struct facts *seed(struct snapshot **ret, const char *conf, const char *cmdline)
{
	struct snapshot *s = machine_new(ALL);
	struct snap_file *file = snap_list_add(s, &s->files);

	file->path = "/etc/modprobe.d/vfio.conf";
	file->text = snap_text_of(s, conf);
	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, cmdline);
	snap_list_collected(&s->uses);
	pci(s, "0000:00:14.2", 0x040300, 0x10024383, 0x10438410, "snd_hda_intel");
	pci(s, "0000:01:00.0", 0x030000, 0x10de05e2, 0x10de0585, "nouveau")->boot_vga =
		snap_bool_of(true);
	pci(s, "0000:02:00.0", 0x030000, 0x10026810, 0x10430468, "radeon");
	pci(s, "0000:02:00.1", 0x040300, 0x1002aab0, 0x1043aab0, "snd_hda_intel");
	*ret = s;
	return facts_new(s, NULL);
}

static const struct fact *fact(struct facts *f, size_t i, const char *name)
{
	static const struct fact none = { .state = FACT_ABSENT,
		.text = "no such subject" };

	return i < f->scopes[SCOPE_VFIO_ID].n
		? fact_of(f, f->scopes[SCOPE_VFIO_ID].v[i], name)
		: &none;
}

static const char *text(struct facts *f, size_t i, const char *name)
{
	return fact(f, i, name)->text;
}

static void done(struct facts *f, struct snapshot *s)
{
	facts_free(f);
	snapshot_free(s);
}

TEST(a_blank_ends_the_list)
{
	struct snapshot *s;
	struct facts *f =
		seed(&s, "options vfio-pci ids=1002:6810,1002:aab0 ,1043:aab0\n", "");

	is_int(f->scopes[SCOPE_VFIO_ID].n, 3);
	is_int(f->scopes[SCOPE_VFIO_ID].listed, TRI_TRUE);
	is_int(fact(f, 0, "lost")->state, FACT_NONE);
	is_int(fact(f, 1, "lost")->state, FACT_NONE);
	is_str(text(f, 2, "id"), "1043:aab0");
	is_str(text(f, 2, "lost"), "blank");
	is_str(text(f, 2, "where"), "/etc/modprobe.d/vfio.conf:1");
	/* The subsystem ID goes with the blank */
	is_str(text(f, 2, "line-fixed"), "options vfio-pci ids=1002:6810,1002:aab0");
	is_int(fact(f, 2, "matches")->n, 0);
	is_int(fact(f, 2, "subsystem-of")->n, 1);
	is_str(fact(f, 2, "subsystem-of")->devs[0]->addr, "0000:02:00.1");
	done(f, s);
}

/* The wiki's file: the second line replaces the first and has all that the first loses.
 */
TEST(the_wiki_page)
{
	struct snapshot *s;
	struct facts *f = seed(&s,
		"options vfio-pci ids=1002:6810,1002:aab0 ,1043:aab0\n"
		"#vfio-pci ids=<ID>\n"
		"options vfio-pci ids=1002:6810,1002:aab0,1043:aab0\n",
		"");

	is_int(f->scopes[SCOPE_VFIO_ID].n, 6);
	for (size_t i = 0; i < 6; i++)
		is_int(fact(f, i, "lost")->state, FACT_NONE);
	is_str(text(f, 0, "winner"), "/etc/modprobe.d/vfio.conf:3");
	is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "vfio.ids-overridden")->n, 1);
	is_int(fact(f, 3, "winner")->state, FACT_NONE);
	is_str(text(f, 5, "line-without"), "options vfio-pci ids=1002:6810,1002:aab0");
	done(f, s);
}

TEST(the_last_list_wins)
{
	struct snapshot *s;
	struct facts *f = seed(&s, "options vfio-pci ids=1002:6810 disable_vga=1\n",
		"quiet vfio-pci.ids=1002:aab0");

	is_str(text(f, 0, "lost"), "overridden");
	is_str(text(f, 0, "winner"), "command line");
	is_str(text(f, 0, "line-fixed"), "vfio-pci.ids=1002:aab0,1002:6810");
	is_str(text(f, 0, "line-without"),
		"# options vfio-pci ids=1002:6810 disable_vga=1");
	is_int(fact(f, 1, "lost")->state, FACT_NONE);
	is_str(text(f, 1, "from"), "cmdline");
	is_int(fact(f, 1, "line-without")->state, FACT_NONE);
	done(f, s);
}

TEST(what_the_kernel_parses)
{
	struct snapshot *s;
	struct facts *f = seed(&s,
		"options vfio-pci ids=0x1002:0x6810,,1002-aab0,02:00.0;10de:05e2,1002 x=y\n",
		"");

	is_int(f->scopes[SCOPE_VFIO_ID].n, 5);
	is_int(fact(f, 0, "matches")->n, 1);
	is_str(text(f, 1, "lost"), "malformed");
	is_int(fact(f, 2, "lost")->state, FACT_NONE); /* vendor 2, device 0 */
	ok(fact(f, 2, "looks-like-address")->b);
	is_str(text(f, 3, "lost"), "malformed");
	is_str(text(f, 4, "lost"), "malformed");
	is_str(text(f, 1, "line-fixed"),
		"options vfio-pci ids=0x1002:0x6810,1002:aab0,1002:6810,10de:05e2 x=y");
	is_str(text(f, 4, "line-without"),
		"options vfio-pci ids=0x1002:0x6810,1002-aab0,02:00.0,10de:05e2 x=y");
	done(f, s);
}

TEST(quotes_keep_blanks)
{
	struct snapshot *s;
	struct facts *f = seed(&s, "options vfio_pci ids=\"1002:6810, 1002:aab0\"\n", "");

	is_int(f->scopes[SCOPE_VFIO_ID].n, 2);
	is_str(text(f, 1, "id"), "1002:aab0");
	is_int(fact(f, 1, "lost")->state, FACT_NONE);
	done(f, s);
}

TEST(blanks_around_the_sign_and_a_remark)
{
	struct snapshot *s;
	struct facts *f = seed(&s,
		"options vfio-pci ids= 1002:6810 disable_vga=1 # 1002:aab0 is HDMI\n",
		"");

	is_int(f->scopes[SCOPE_VFIO_ID].n, 1);
	is_str(text(f, 0, "lost"), "blank");
	done(f, s);
}

TEST(a_blank_on_the_command_line)
{
	struct snapshot *s;
	struct facts *f = seed(&s, "", "vfio-pci.ids=1002:6810, 1002:aab0 quiet");

	is_int(f->scopes[SCOPE_VFIO_ID].n, 2);
	is_str(text(f, 1, "lost"), "blank");
	is_str(text(f, 1, "line"), "vfio-pci.ids=1002:6810, 1002:aab0");
	is_str(text(f, 1, "line-fixed"), "vfio-pci.ids=1002:6810,1002:aab0");
	done(f, s);
}

TEST(what_was_not_read_is_unknown)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI);
	struct facts *f = facts_new(s, NULL);

	is_int(f->scopes[SCOPE_VFIO_ID].listed, TRI_FALSE);
	done(f, s);
	f = seed(&s, "options vfio-pci ids=1002:6810\n", "");
	s->kernel.cmdline = (struct snap_text){ HAVE_NOT, NULL };
	facts_free(f);
	f = facts_new(s, NULL);
	is_int(f->scopes[SCOPE_VFIO_ID].listed, TRI_UNKNOWN);
	is_int(fact(f, 0, "lost")->state, FACT_ABSENT);
	done(f, s);
}

/* Two cards with one ID: the one that the firmware booted on stays with the host. */
TEST(an_id_that_also_hits_the_host)
{
	struct snapshot *s = machine_new(ALL);
	struct facts *f;

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, "vfio-pci.ids=10de:1b81");
	snap_list_collected(&s->uses);
	pci(s, "0000:01:00.0", 0x030000, 0x10de1b81, 0, "vfio-pci")->boot_vga =
		snap_bool_of(true);
	pci(s, "0000:02:00.0", 0x030000, 0x10de1b81, 0, "vfio-pci");
	f = facts_new(s, NULL);
	is_int(fact(f, 0, "also-host")->n, 1);
	is_str(fact(f, 0, "also-host")->devs[0]->addr, "0000:01:00.0");
	is_str(fact(f, 0, "wanted")->devs[0]->addr, "0000:02:00.0");
	ok(!fact(f, 0, "also-host")->open);
	ok(fact(f, 0, "also-taken")->b);
	facts_free(f);
	/* A third adapter keeps the picture: then both may be meant */
	pci(s, "0000:03:00.0", 0x030000, 0x10021638, 0, "amdgpu");
	f = facts_new(s, NULL);
	is_int(fact(f, 0, "also-host")->n, 0);
	done(f, s);
}

TEST(one_card_is_meant)
{
	struct snapshot *s = machine_new(ALL);
	struct facts *f;

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, "vfio-pci.ids=10de:1b81");
	snap_list_collected(&s->uses);
	pci(s, "0000:01:00.0", 0x030000, 0x10de1b81, 0, "vfio-pci")->boot_vga =
		snap_bool_of(true);
	f = facts_new(s, NULL);
	is_int(fact(f, 0, "also-host")->n, 0);
	done(f, s);
}

/* On-board audio with the ID of the HDMI function: nothing else of its slot is claimed.
 */
TEST(stray_audio)
{
	struct snapshot *s = machine_new(ALL);
	struct facts *f;

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, "vfio-pci.ids=10de:1b81,10de:10f0");
	snap_list_collected(&s->uses);
	pci(s, "0000:00:1b.0", 0x040300, 0x10de10f0, 0x10431111, "vfio-pci");
	pci(s, "0000:01:00.0", 0x030000, 0x10021638, 0, "amdgpu")->boot_vga =
		snap_bool_of(true);
	pci(s, "0000:02:00.0", 0x030000, 0x10de1b81, 0, "vfio-pci");
	pci(s, "0000:02:00.1", 0x040300, 0x10de10f0, 0x10432222, "vfio-pci");
	for (size_t i = 0; i < s->pci.n; i++)
		s->pci.v[i].driver_override = snap_text_none();
	f = facts_new(s, NULL);
	is_int(fact(f, 0, "also-host")->n, 0);
	is_int(fact(f, 1, "also-host")->n, 0);
	is_int(fact(f, 1, "also-sound")->n, 1);
	is_str(fact(f, 1, "also-sound")->devs[0]->addr, "0000:00:1b.0");
	/* Caught in passing: nobody set the on-board sound aside */
	is_int(f->n_handovers, 2);
	is_str(f->handovers[0]->fn->addr, "0000:02:00.0");
	facts_free(f);
	/* With the card alone named, the list tells the two apart by subsystem */
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_str(fact_of(f, f->scopes[SCOPE_HOST].v[0], "vfio.ids-wanted")->text,
		"10de:1b81,10de:10f0:1043:2222");
	done(f, s);
}

TEST(bridges_and_wildcards)
{
	struct snapshot *s = machine_new(ALL);
	struct facts *f;

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(
		s, "vfio-pci.ids=8086:ffffffff:ffffffff:ffffffff:060000:ff0000");
	pci(s, "0000:00:01.0", 0x060400, 0x80861901, 0, "pcieport");
	pci(s, "0000:00:02.0", 0x030000, 0x80861902, 0, "i915");
	f = facts_new(s, NULL);
	is_int(fact(f, 0, "matches")->n, 1);
	is_int(fact(f, 0, "bridges")->n, 1);
	done(f, s);
}
