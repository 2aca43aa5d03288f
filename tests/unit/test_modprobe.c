// SPDX-License-Identifier: GPL-2.0-or-later
// modprobe.d: which files count, how lines are read, what loads first.
#include "facts/config.h"
#include "facts/load_order.h"
#include "facts/modprobe.h"
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_INITRAMFS |             \
		1u << SOURCE_KERNEL)

static void add_file(struct snapshot *s, const char *path, const char *text)
{
	struct snap_file *file = snap_list_add(s, &s->files);

	file->path = path;
	file->text = snap_text_of(s, text);
	file->link = snap_text_none();
	file->trouble = snap_text_none();
}

static struct snapshot *host(const char *cmdline)
{
	struct snapshot *s = machine_new(ALL);

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, cmdline);
	return s;
}

static const struct fact *host_says(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

TEST(the_kernel_refuses_a_module_of_vfio)
{
	static const struct {
		const char *cmdline, *loaded;
		const char *denied; /* NULL: none */
	} cases[] = {
		{ "module_blacklist=nouveau,vfio_pci", "kvm",
			"module_blacklist=nouveau,vfio_pci" },
		{ "module_blacklist=vfio_iommu_type1", "vfio",
			"module_blacklist=vfio_iommu_type1" },
		{ "module_blacklist=vfio_iommu_type1", "iommufd", NULL },
		{ "module_blacklist=vfio_pci", "vfio_pci", NULL },
		/* compared byte by byte; the last word wins; modprobe's own is another */
		{ "module_blacklist=vfio-pci", "kvm", NULL },
		{ "module_blacklist=vfio_pci module_blacklist=nouveau", "kvm", NULL },
		{ "modprobe.blacklist=vfio_pci", "kvm", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = host(cases[i].cmdline);
		struct snap_module *m = snap_list_add(s, &s->modules);
		struct facts *f;

		m->name = cases[i].loaded;
		s->kernel.builtin.have = HAVE_VALUE;
		f = facts_new(s, NULL);
		is_int(host_says(f, "vfio.denied")->state,
			cases[i].denied ? FACT_VALUE : FACT_NONE);
		if (cases[i].denied)
			is_str(host_says(f, "vfio.denied")->text, cases[i].denied);
		facts_free(f);
		s->modules.have = HAVE_NOT;
		s->modules.n = 0;
		f = facts_new(s, NULL);
		ok(host_says(f, "vfio.denied")->state != FACT_VALUE);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(with_all_of_vfio_loaded_the_command_line_may_be_unknown)
{
	/* As before 5.14: without a core */
	static const char *const names[] = { "vfio", "vfio_pci", "vfio_iommu_type1" };
	struct snapshot *s = host("");
	struct facts *f;

	s->kernel.cmdline.have = HAVE_NOT;
	f = facts_new(s, NULL);
	is_int(host_says(f, "vfio.denied")->state, FACT_ABSENT);
	facts_free(f);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct snap_module *m = snap_list_add(s, &s->modules);
		m->name = names[i];
	}
	f = facts_new(s, NULL);
	is_int(host_says(f, "vfio.denied")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(an_install_line_that_loads_nothing)
{
	static const struct {
		const char *line;
		bool barred;
	} cases[] = { { "install vfio-pci /bin/false", true },
		{ "install vfio_pci /usr/bin/true", true },
		{ "install vfio-pci /usr/local/bin/vfio-pci-override.sh", false },
		{ "install nouveau /bin/false", false },
		{ "blacklist vfio-pci", false } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = host("");
		struct facts *f;

		add_file(s, "/etc/modprobe.d/no.conf", cases[i].line);
		s->modules.have = HAVE_VALUE;
		s->kernel.builtin.have = s->kernel.softdep.have = HAVE_VALUE;
		f = facts_new(s, NULL);
		is_int(host_says(f, "vfio.install-barred")->state,
			cases[i].barred ? FACT_VALUE : FACT_NONE);
		facts_free(f);
		s->modules.have = HAVE_NOT;
		f = facts_new(s, NULL);
		is_int(host_says(f, "vfio.install-barred")->state,
			cases[i].barred ? FACT_ABSENT : FACT_NONE);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(order_and_masking)
{
	struct snapshot *s = host("");
	const struct modprobe_line *lines;
	struct facts *f;
	size_t n;

	add_file(s, "/usr/lib/modprobe.d/b.conf", "blacklist masked\n");
	add_file(s, "/lib/modprobe.d/a.conf", "blacklist first\n");
	add_file(s, "/etc/modprobe.d/b.conf", "blacklist second\n");
	add_file(s, "/etc/modprobe.d/z", "blacklist no_suffix\n");
	add_file(s, "/etc/modprobe.d/.z.conf", "blacklist hidden\n");
	add_file(s, "/etc/modprobe.d/sub/z.conf", "blacklist deeper\n");
	f = facts_new(s, NULL);
	lines = modprobe_lines(f, &n);
	is_int(n, 2);
	is_str(lines[0].module, "first");
	is_str(lines[1].module, "second");
	is_str(lines[1].where, "/etc/modprobe.d/b.conf:1");
	ok(modprobe_known(f));
	facts_free(f);
	snapshot_free(s);
}

TEST(lines)
{
	struct snapshot *s = host("");
	const struct modprobe_line *lines;
	struct facts *f;
	size_t n;

	add_file(s, "/etc/modprobe.d/a.conf",
		"# a comment that goes on \\\nblacklist swallowed\n"
		"  #options vfio-pci ids=1:2\n"
		"\n"
		"  options\tvfio-pci   ids=1:2,\\\n3:4 x=1\\x0d\n"
		"blacklist\n"
		"install nouveau /bin/false");
	f = facts_new(s, NULL);
	lines = modprobe_lines(f, &n);
	is_int(n, 2);
	is_int(lines[0].verb, MODPROBE_OPTIONS);
	is_str(lines[0].module, "vfio_pci");
	is_str(lines[0].rest, "ids=1:2,3:4 x=1");
	is_int(lines[0].line, 5);
	is_int(lines[1].verb, MODPROBE_INSTALL);
	is_int(lines[1].line, 8);
	is_str(lines[1].rest, "/bin/false");
	facts_free(f);
	snapshot_free(s);
}

TEST(a_file_that_may_not_be_read_leaves_all_open)
{
	struct snapshot *s = host("");
	struct snap_file *file;
	struct facts *f;

	add_file(s, "/etc/modprobe.d/a.conf", "");
	file = snap_list_add(s, &s->files);
	file->path = "/etc/modprobe.d/b.conf";
	file->trouble = snap_text_of(s, "denied");
	f = facts_new(s, NULL);
	ok(!modprobe_known(f));
	facts_free(f);
	snapshot_free(s);
}

TEST(a_container_has_no_modprobe_of_the_host)
{
	struct snapshot *s = host("");
	struct facts *f;
	size_t n;

	s->host.container = snap_text_of(s, "docker");
	add_file(s, "/etc/modprobe.d/a.conf", "blacklist nouveau\n");
	f = facts_new(s, NULL);
	ok(!modprobe_known(f));
	modprobe_lines(f, &n);
	is_int(n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(blacklists)
{
	struct snapshot *s = host("modprobe.blacklist=nouveau,snd-hda-intel "
				  "module_blacklist=i915 module_blacklist=xe");
	struct facts *f;

	add_file(s, "/etc/modprobe.d/a.conf",
		"blacklist i2c-piix4\nblacklist radeon\\x0d\n");
	f = facts_new(s, NULL);
	ok(modprobe_blacklisted(f, "nouveau"));
	/* Byte by byte on the command line, and with a carriage return nowhere */
	ok(!modprobe_blacklisted(f, "snd_hda_intel"));
	ok(!modprobe_blacklisted(f, "radeon"));
	ok(modprobe_blacklisted(f, "xe"));
	ok(!modprobe_blacklisted(f, "i915"));
	is_str(modprobe_blacklisted(f, "i2c_piix4"),
		"/etc/modprobe.d/a.conf:1: blacklist i2c-piix4");
	ok(!modprobe_blacklisted(f, "snd_hda"));
	facts_free(f);
	snapshot_free(s);
}

static bool first(
	const char *path, const char *text, const char *cmdline, const char *module)
{
	struct snapshot *s = host(cmdline);
	struct facts *f;
	bool result;

	add_file(s, path, text);
	f = facts_new(s, NULL);
	result = modprobe_vfio_first(f, module);
	facts_free(f);
	snapshot_free(s);
	return result;
}

TEST(vfio_first)
{
	const char *conf = "/etc/modprobe.d/vfio.conf";

	ok(first(conf, "softdep nouveau pre: vfio-pci\n", "", "nouveau"));
	ok(first(conf, "softdep snd-hda-intel pre: vfio vfio_pci post: x\n", "",
		"snd_hda_intel"));
	ok(first(conf, "softdep drm pre: vfio-pci\n", "", "amdgpu"));
	ok(!first(conf, "softdep drm pre: vfio-pci\n", "", "snd_hda_intel"));
	ok(!first(conf, "softdep nouveau pre:vfio-pci\n", "", "nouveau"));
	ok(!first(conf, "softdep nouveau post: vfio-pci\n", "", "nouveau"));
	ok(!first(conf, "softdep nouveau pre: vfio\n", "", "nouveau"));
	ok(first(conf,
		"install nouveau /sbin/modprobe vfio-pci; /sbin/modprobe -i nouveau\n",
		"", "nouveau"));
	ok(first(conf, "", "rd.driver.pre=vfio-pci", "nouveau"));
	ok(first("/etc/initramfs-tools/modules", "vfio\nvfio_pci\n", "", "nouveau"));
	ok(!first("/etc/modules", "vfio_pci\n", "", "nouveau"));
}

/* kmod obeys the first line that fits, and reads the kernel's own list where its name
 * sorts among the files. */
TEST(of_two_softdeps_the_first)
{
	const char *conf = "/etc/modprobe.d/vfio.conf";
	struct snapshot *s = host("");
	struct facts *f;

	ok(!first(conf, "softdep nvidia post: nvidia-uvm\nsoftdep nvidia pre: vfio-pci\n",
		"", "nvidia"));
	ok(first(conf, "softdep nvidia* pre: vfio-pci\n", "", "nvidia_drm"));
	ok(!first(conf, "softdep nvid]ia pre: vfio-pci\n", "", "nvidia"));
	snap_texts_add(s, &s->kernel.softdep, "softdep r8169 pre: realtek");
	snap_texts_add(s, &s->kernel.softdep, "softdep igb pre: i2c-algo-bit");
	add_file(s, "/etc/modprobe.d/a.conf", "softdep igb pre: vfio-pci\n");
	add_file(s, conf, "softdep r8169 pre: vfio-pci\nsoftdep xe pre: vfio-pci\n");
	f = facts_new(s, NULL);
	ok(!modprobe_vfio_first(f, "r8169"));
	ok(modprobe_vfio_first(f, "igb"));
	ok(modprobe_vfio_first(f, "xe"));
	is_str(modprobe_softdep(f, "r8169")->rest, "pre: realtek");
	is_int(host_says(f, "softdep.flaws")->n, 1);
	is_str(host_says(f, "softdep.flaws")->list[0],
		"/etc/modprobe.d/vfio.conf:1: softdep r8169 pre: vfio-pci (of several "
		"lines for a module only the first counts: modules.softdep:1)");
	facts_free(f);
	snapshot_free(s);
}

TEST(softdeps_that_say_nothing)
{
	static const char *const lines[] = { "softdep nouveau pre:vfio-pci\n",
		"softdep nouveau vfio-pci\n" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct snapshot *s = host("");
		struct facts *f;

		s->kernel.softdep.have = HAVE_VALUE;
		add_file(s, "/etc/modprobe.d/vfio.conf", lines[i]);
		f = facts_new(s, NULL);
		is_int(host_says(f, "softdep.flaws")->n, 1);
		ok(!host_says(f, "softdep.flaws")->open);
		facts_free(f);
		snapshot_free(s);
	}
}

/* Each was tried with kmod 30 in a guest that has busybox for a shell. */
TEST(install_lines)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{ "install vfio-pci echo vfio-pci > /sys/bus/pci/devices/0000:02:00.0/"
		  "driver_override; /sbin/modprobe -i vfio-pci\n",
			0 },
		{ "install vfio-pci echo vfio-pci > /sys/bus/pci/devices/0000:02:00.0/"
		  "driver_override; modprobe -i vfio-pci\n",
			1 },
		{ "install vfio-pci /usr/local/bin/vfio.sh\n", 0 },
		{ "install vfio-pci /a.sh\ninstall vfio_pci /b.sh\n", 1 },
		{ "install vfio-pci /a.sh\nsoftdep vfio-pci pre: vfio\n", 1 },
		{ "install vfio-pci echo vfio-pci > /sys/x/driver_override\n", 1 },
		{ "install nouveau /sbin/modprobe vfio-pci; /sbin/modprobe -i nouveau\n",
			0 },
		{ "install nouveau /bin/false\n", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = host("");
		struct facts *f;

		s->kernel.softdep.have = HAVE_VALUE;
		add_file(s, "/etc/initramfs-tools/modules", "");
		add_file(s, "/etc/modprobe.d/vfio.conf", cases[i].text);
		f = facts_new(s, NULL);
		if (host_says(f, "install.flaws")->n != cases[i].n)
			tap_fail("%s", cases[i].text);
		facts_free(f);
		snapshot_free(s);
	}
}

/* vfio has a soft dependency of its own, so that kmod passes over its install line. */
TEST(an_install_line_for_a_module_with_a_softdep)
{
	struct snapshot *s = host("");
	struct facts *f;

	s->modules.have = HAVE_VALUE;
	s->kernel.builtin.have = HAVE_VALUE;
	snap_texts_add(s, &s->kernel.softdep, "softdep vfio post: vfio_iommu_type1");
	add_file(s, "/etc/modprobe.d/no.conf", "install vfio /bin/false\n");
	f = facts_new(s, NULL);
	ok(!modprobe_install(f, "vfio"));
	is_int(host_says(f, "vfio.install-barred")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(lists_of_initramfs_tools)
{
	const char *mk = "/etc/mkinitcpio.conf";

	ok(first(mk, "MODULES=(vfio_pci vfio\n\tvfio_iommu_type1)\n", "", "amdgpu"));
	ok(!first(mk, "MODULES=(amdgpu vfio_pci)\n", "", "amdgpu"));
	ok(!first(mk, "#MODULES=(vfio_pci)\nMODULES=()\n", "", "amdgpu"));
	ok(!first(mk, "MODULES=(vfio_pci)\nMODULES=(btrfs)\n", "", "amdgpu"));
	ok(first(mk, "MODULES=(btrfs)\nMODULES+=(vfio_pci)\n", "", "amdgpu"));
	ok(first("/etc/dracut.conf.d/vfio.conf", "force_drivers+=\" vfio_pci vfio \"\n",
		"", "amdgpu"));
	ok(!first("/etc/dracut.conf.d/vfio.conf", "add_drivers+=\" vfio_pci \"\n", "",
		"amdgpu"));
	ok(first("/etc/booster.yaml", "modules_force_load: vfio_pci,vfio\n", "",
		"amdgpu"));
}

TEST(names_of_modules)
{
	ok(config_names_module("softdep x pre: vfio-pci", "vfio_pci"));
	ok(!config_names_module("vfio_pci_core", "vfio_pci"));
	ok(!config_names_module("my-vfio-pci", "vfio_pci"));
	ok(config_names_module("(vfio)", "vfio"));
}
