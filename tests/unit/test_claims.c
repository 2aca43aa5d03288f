// SPDX-License-Identifier: GPL-2.0-or-later
// What sets functions aside, what races with vfio-pci, which companions are forgotten.
#include <string.h>

#include "facts/claims.h"
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_INITRAMFS |             \
		1u << SOURCE_KERNEL | 1u << SOURCE_MODULE_FILES | 1u << SOURCE_MODULES | \
		1u << SOURCE_GUESTS)

static struct snap_pci *pci(struct snapshot *s, const char *address, uint32_t class_code,
	uint32_t id, const char *driver, const char *module)
{
	struct snap_pci *p = machine_pci(s, address, class_code, -1);

	if (driver)
		p->driver = snap_text_of(s, driver);
	p->vendor = snap_hex_of(id >> 16);
	p->device = snap_hex_of(id & 0xffff);
	p->driver_override = snap_text_none();
	p->modules.have = HAVE_VALUE;
	if (module)
		snap_texts_add(s, &p->modules, module);
	return p;
}

static void add_file(struct snapshot *s, const char *path, const char *text)
{
	struct snap_file *file = snap_list_add(s, &s->files);

	file->path = path;
	file->text = snap_text_of(s, text);
}

static void load(struct snapshot *s, const char *module)
{
	struct snap_module *m = snap_list_add(s, &s->modules);

	m->name = module;
	m->loaded = snap_bool_of(true);
}

static struct snapshot *desktop(const char *conf, const char *cmdline)
{
	struct snapshot *s = machine_new(ALL);

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, cmdline);
	snap_list_collected(&s->kernel.builtin);
	snap_list_collected(&s->kernel.softdep);
	load(s, "snd_hda_intel");
	load(s, "nouveau");
	load(s, "radeon");
	add_file(s, "/etc/modprobe.d/vfio.conf", conf);
	pci(s, "0000:00:14.2", 0x040300, 0x10024383, "snd_hda_intel", "snd_hda_intel");
	pci(s, "0000:01:00.0", 0x030000, 0x10de05e2, "nouveau", "nouveau")->boot_vga =
		snap_bool_of(true);
	pci(s, "0000:02:00.0", 0x030000, 0x10026810, "radeon", "radeon");
	pci(s, "0000:02:00.1", 0x040300, 0x1002aab0, "snd_hda_intel", "snd_hda_intel");
	return s;
}

static const struct fact *device(struct facts *f, const char *address, const char *name)
{
	return fact_of(f, machine_fn(f, address)->device, name);
}

static const struct fact *target(struct facts *f, const char *address, const char *name)
{
	return fact_of(f, machine_fn(f, address)->target, name);
}

TEST(claimed_by_a_line)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810 ,1002:aab0\n", "");
	struct facts *f = facts_new(s, NULL);

	is_str(device(f, "02:00.0", "claim.by")->text, "/etc/modprobe.d/vfio.conf:1");
	/* As written, even if the kernel never sees it */
	is_str(device(f, "02:00.1", "claim.by")->text, "/etc/modprobe.d/vfio.conf:1");
	is_int(device(f, "01:00.0", "claim.by")->state, FACT_NONE);
	is_int(claims_known(f), TRI_TRUE);
	facts_free(f);
	snapshot_free(s);
}

TEST(claimed_elsewhere)
{
	struct snapshot *s = desktop("", "vfio-pci.ids=10de:05e2");
	struct facts *f;

	s->pci.v[2].driver_override = snap_text_of(s, "vfio-pci");
	add_file(s, "/etc/driverctl.d/0000:02:00.1", "vfio-pci\n");
	add_file(s, "/etc/driverctl.d/0000:00:14.2", "vfio-pci-not\n");
	f = facts_new(s, NULL);
	is_str(device(f, "01:00.0", "claim.by")->text,
		"kernel command line: vfio-pci.ids=10de:05e2");
	is_str(device(f, "02:00.0", "claim.by")->text, "driver_override");
	is_str(device(f, "02:00.1", "claim.by")->text, "/etc/driverctl.d/0000:02:00.1");
	is_int(device(f, "00:14.2", "claim.by")->state, FACT_NONE);
	is_int(f->scopes[SCOPE_ADDRESS].n, 2);
	facts_free(f);
	snapshot_free(s);
}

TEST(unknown_without_modprobe)
{
	struct snapshot *s = desktop("", "quiet");
	struct facts *f;

	snapshot_set_status(s, SOURCE_MODPROBE, STATUS_DENIED, NULL);
	f = machine_facts(s, "0000:02:00.0", NULL);
	is_int(claims_known(f), TRI_UNKNOWN);
	is_int(device(f, "02:00.0", "claim.by")->state, FACT_ABSENT);
	is_int(device(f, "02:00.0", "race.with")->state, FACT_ABSENT);
	ok(target(f, "02:00.0", "companions.unclaimed")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(race)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810,1002:aab0\n"
				     "softdep radeon pre: vfio-pci\n",
		"");
	struct facts *f = facts_new(s, NULL);

	is_int(device(f, "02:00.0", "race.with")->state, FACT_NONE);
	is_str(device(f, "02:00.1", "race.with")->text, "snd_hda_intel");
	is_int(device(f, "02:00.1", "race.others")->n, 1);
	is_str(device(f, "02:00.1", "race.others")->devs[0]->addr, "0000:00:14.2");
	is_int(device(f, "01:00.0", "race.with")->state, FACT_NONE);
	facts_free(f);
	/* Built in, vfio-pci is there before any module */
	snap_texts_add(s, &s->kernel.builtin, "kernel/drivers/vfio/pci/vfio-pci.ko");
	f = facts_new(s, NULL);
	is_int(device(f, "02:00.1", "race.with")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(an_initramfs_that_was_not_seen_may_decide_the_race)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810\n", "");
	struct facts *f;

	snapshot_set_status(s, SOURCE_INITRAMFS, STATUS_DENIED, NULL);
	f = facts_new(s, NULL);
	is_int(device(f, "02:00.0", "race.with")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(forgotten_companion)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810\n", "");
	struct facts *f = facts_new(s, NULL);

	is_int(target(f, "02:00.0", "companions.unclaimed")->n, 1);
	is_str(target(f, "02:00.0", "companions.unclaimed")->devs[0]->addr,
		"0000:02:00.1");
	is_str(target(f, "02:00.0", "companions.driver")->text, "snd_hda_intel");
	is_int(target(f, "02:00.0", "companions.driver-users")->n, 1);
	is_str(target(f, "02:00.0", "claim.ids-line")->text,
		"options vfio-pci ids=1002:6810,1002:aab0");
	facts_free(f);
	snapshot_free(s);
}

/* `blacklist snd_hda_intel` for the card's sake takes the on-board audio's driver. */
TEST(a_blacklist_that_costs_the_host_its_audio)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810,1002:aab0\n"
				     "blacklist snd_hda_intel\nblacklist radeon\n",
		"");
	const struct fact *lines;
	struct facts *f;

	s->pci.v[0].driver = snap_text_none();
	f = facts_new(s, NULL);
	lines = fact_of(f, f->scopes[SCOPE_HOST].v[0], "blacklist.shared");
	is_int(lines->n, 1);
	is_str(lines->list[0], "/etc/modprobe.d/vfio.conf:2: blacklist snd_hda_intel");
	is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "blacklist.shared-users")->n, 1);
	facts_free(f);
	/* Bound all the same, or served by another module: nothing is lost */
	s->pci.v[0].driver = snap_text_of(s, "snd_hda_intel");
	f = facts_new(s, NULL);
	is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "blacklist.shared")->n, 0);
	facts_free(f);
	s->pci.v[0].driver = snap_text_none();
	snap_texts_add(s, &s->pci.v[0].modules, "snd_sof_pci");
	f = facts_new(s, NULL);
	is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "blacklist.shared")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(addresses_of_vfio_pci_cfg)
{
	struct snapshot *s = desktop("", "");
	struct facts *f;

	add_file(s, "/etc/vfio-pci.cfg",
		"# 0000:09:00.0\nDEVICES=\"0000:02:00.0 0000:05:00.0\"\n");
	f = facts_new(s, NULL);
	is_int(f->scopes[SCOPE_ADDRESS].n, 2);
	is_str(f->scopes[SCOPE_ADDRESS].v[1]->key, "0000:05:00.0");
	ok(fact_of(f, f->scopes[SCOPE_ADDRESS].v[0], "present")->b);
	ok(!fact_of(f, f->scopes[SCOPE_ADDRESS].v[1], "present")->b);
	is_str(fact_of(f, f->scopes[SCOPE_ADDRESS].v[1], "where")->text,
		"/etc/vfio-pci.cfg:2");
	is_str(fact_of(f, f->scopes[SCOPE_HOST].v[0], "vfio-cfg.file")->text,
		"/etc/vfio-pci.cfg");
	facts_free(f);
	snapshot_free(s);
}

static void boots_to(struct snapshot *s, const char *address, const char *driver)
{
	struct facts *f = facts_new(s, NULL);
	const struct fact *fact = device(f, address, "boot.driver");

	if (!driver)
		is_int(fact->state, FACT_ABSENT);
	else if (!strcmp(driver, "none"))
		is_int(fact->state, FACT_NONE);
	else
		is_str(fact->text, driver);
	facts_free(f);
}

TEST(the_driver_of_the_next_boot)
{
	const char *conf = "options vfio-pci ids=1002:6810,1002:aab0\n"
			   "softdep radeon pre: vfio-pci\n";
	struct snapshot *s = desktop(conf, "");

	add_file(s, "/etc/initramfs-tools/modules", "");
	/* Which images there are was not seen: whether one is too old is unknown */
	boots_to(s, "02:00.0", NULL);
	s->files.v[1].path = "/etc/none";
	boots_to(s, "02:00.0", "vfio-pci");
	/* Which of the two modules is first decides */
	boots_to(s, "02:00.1", NULL);
	boots_to(s, "01:00.0", "nouveau");
	s->pci.v[1].driver_override.have = HAVE_NOT;
	boots_to(s, "01:00.0", NULL);
	/* Somebody wrote it, perhaps at every start */
	s->pci.v[2].driver_override = snap_text_of(s, "radeon");
	boots_to(s, "02:00.0", NULL);
	add_file(s, "/etc/driverctl.d/0000:02:00.0", "vfio-pci\n");
	boots_to(s, "02:00.0", "vfio-pci");
	snapshot_free(s);
}

TEST(ids_alone_load_nothing)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810\n", "");

	boots_to(s, "02:00.0", "radeon");
	/* Something that was not seen has loaded it: perhaps in time */
	load(s, "vfio_pci");
	boots_to(s, "02:00.0", NULL);
	snapshot_free(s);
	s = desktop("options vfio-pci ids=1002:6810\nblacklist radeon\n", "");
	s->pci.v[2].driver = snap_text_none();
	boots_to(s, "02:00.0", "none");
	add_file(s, "/etc/modules", "vfio-pci\n");
	boots_to(s, "02:00.0", "vfio-pci");
	snapshot_free(s);
}

/* As tried with kmod 30: by address, and with a shell that takes modprobe for its own. */
TEST(bound_by_address_at_boot)
{
	struct snapshot *s =
		desktop("install vfio-pci echo vfio-pci > /sys/bus/pci/devices/"
			"0000:02:00.0/driver_override; /sbin/modprobe -i "
			"vfio-pci\nsoftdep radeon pre: vfio-pci\n",
			"");

	boots_to(s, "02:00.0", "vfio-pci");
	snapshot_free(s);
	s = desktop(
		"install vfio-pci echo vfio-pci > /sys/bus/pci/devices/0000:02:00.0/"
		"driver_override; modprobe -i vfio-pci\nsoftdep radeon pre: vfio-pci\n",
		"");
	boots_to(s, "02:00.0", NULL);
	snapshot_free(s);
}

TEST(the_softdep_line_that_is_needed)
{
	struct snapshot *s = desktop("options vfio-pci ids=1002:6810\n", "");
	struct facts *f;

	add_file(s, "/usr/lib/modprobe.d/radeon.conf", "softdep radeon post: x\n");
	f = facts_new(s, NULL);
	is_str(device(f, "02:00.0", "bind.softdep")->text,
		"softdep radeon pre: vfio-pci post: x");
	is_int(device(f, "02:00.0", "bind.softdep-at")->state, FACT_NONE);
	is_str(device(f, "02:00.0", "bind.softdep-before")->text, "radeon.conf");
	facts_free(f);
	s->files.v[1].path = "/etc/modprobe.d/radeon.conf";
	f = facts_new(s, NULL);
	is_str(device(f, "02:00.0", "bind.softdep-at")->text,
		"/etc/modprobe.d/radeon.conf:1");
	facts_free(f);
	snapshot_free(s);
}
