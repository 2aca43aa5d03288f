// SPDX-License-Identifier: GPL-2.0-or-later
// Structured edits become the file, line and command of one system.
#include "base/text.h"
#include "plan/howto.h"
#include "tap.h"

static struct arena *arena;
static char *told;

/* All lines, verbatim ones behind a `|`. */
static const char *tell(const struct howto_system *s, const struct edits *e)
{
	struct howto h = howto_make(arena, s, e);
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < h.n; i++)
		strbuf_addf(&b, "%s%s\n", h.v[i].verbatim ? "|" : "", h.v[i].text);
	told = strbuf_finish(&b, arena);
	return told;
}

static struct edits edits_of(enum remedy_kind kind, const char *one, const char *two)
{
	const char *texts[] = { one, two };
	struct step step = { kind, texts, two ? 2 : 1 };
	struct choice choice = { &step, 1 };
	struct edits e = { 0 };

	if (!arena)
		arena = arena_new();
	edits_add(arena, &e, &choice);
	return e;
}

static const struct howto_system debian = {
	.loader = "grub",
	.config = "/etc/default/grub",
	.regenerate = "update-grub",
	.regenerate_known = true,
	.initramfs = "initramfs-tools",
	.rebuild = "update-initramfs -u",
	.distribution = "debian",
};

TEST(grub_gets_its_variable_and_its_command)
{
	struct edits e = edits_of(
		REMEDY_CMDLINE, "+ivrs_ioapic[9]=00:14.0 +ivrs_ioapic[10]=00:00.1", NULL);

	is_str(tell(&debian, &e),
		"in /etc/default/grub add to what stands there (…):\n"
		"|GRUB_CMDLINE_LINUX_DEFAULT=\"… ivrs_ioapic[9]=00:14.0 "
		"ivrs_ioapic[10]=00:00.1\"\n"
		"then: sudo update-grub, and reboot\n");
}

TEST(a_wrong_word_is_replaced_where_it_stands)
{
	struct snap_file file = {
		.path = "/etc/default/grub",
		.text = { HAVE_VALUE,
			"# intel_iommu=off\nGRUB_CMDLINE_LINUX=\"quiet "
			"intel_iommu=off\"\n" },
	};
	struct howto_system s = debian;
	struct edits e = edits_of(REMEDY_CMDLINE, "-intel_iommu=off", "+intel_iommu=on");

	s.files = &file;
	s.n_files = 1;
	is_str(tell(&s, &e),
		"in line 2 of /etc/default/grub write intel_iommu=on in place of "
		"intel_iommu=off\n"
		"then: sudo update-grub, and reboot\n");
	e = edits_of(REMEDY_CMDLINE, "-intel_iommu", NULL);
	is_str(tell(&s, &e),
		"in line 2 of /etc/default/grub take out intel_iommu\n"
		"then: sudo update-grub, and reboot\n");
	e = edits_of(REMEDY_CMDLINE, "+a +b", NULL);
	tell(&s, &e);
	ok(strstr(told, "|GRUB_CMDLINE_LINUX=\"… a b\"\n"));
}

static void expect_cmdline(
	const char *loader, const char *config, const char *regenerate, const char *want)
{
	struct howto_system s = { .loader = loader,
		.config = config,
		.regenerate = regenerate,
		.regenerate_known = true };
	struct edits e = edits_of(REMEDY_CMDLINE, "-a=1", "+b=2 +c");

	is_str(tell(&s, &e), want);
}

TEST(every_loader_has_its_own_way)
{
	expect_cmdline("bls", NULL, "grub2-mkconfig -o /boot/grub2/grub.cfg",
		"|sudo grubby --update-kernel=ALL --remove-args=\"a=1\" --args=\"b=2 c\"\n"
		"then: reboot\n");
	expect_cmdline("systemd-boot", "/boot/loader/entries/arch.conf", NULL,
		"in /boot/loader/entries/arch.conf take out a=1\n"
		"in /boot/loader/entries/arch.conf add to what stands there (…):\n"
		"|options … b=2 c\nthen: reboot\n");
	expect_cmdline("proxmox", "/etc/kernel/cmdline", "proxmox-boot-tool refresh",
		"in /etc/kernel/cmdline take out a=1\n"
		"in /etc/kernel/cmdline add to what stands there (…):\n"
		"|… b=2 c\nthen: sudo proxmox-boot-tool refresh, and reboot\n");
	expect_cmdline("kernelstub", NULL, NULL,
		"|sudo kernelstub --delete-options \"a=1\"\n"
		"|sudo kernelstub --add-options \"b=2 c\"\nthen: reboot\n");
	expect_cmdline("rpm-ostree", NULL, NULL,
		"|sudo rpm-ostree kargs --delete-if-present=\"a=1\" --append-if-missing=\"b=2\" "
		"--append-if-missing=\"c\"\nthen: reboot\n");
	expect_cmdline("nixos", NULL, "nixos-rebuild boot",
		"in configuration.nix take out a=1\n"
		"in configuration.nix add to what stands there (…):\n"
		"|boot.kernelParams = [ … \"b=2\" \"c\" ];\n"
		"then: sudo nixos-rebuild boot, and reboot\n");
}

TEST(an_unknown_loader_gets_the_general_text_which_says_so)
{
	struct howto_system s = { 0 };
	struct edits e = edits_of(REMEDY_CMDLINE, "+intel_iommu=on", NULL);

	tell(&s, &e);
	ok(text_starts(told, "add to the kernel command line:\n|intel_iommu=on\n"));
	ok(strstr(told, "could not be told"));
	ok(strstr(told, "then: reboot"));
	e = edits_of(REMEDY_INITRAMFS, "vfio-pci", NULL);
	tell(&s, &e);
	ok(strstr(told, "could not be told"));
	ok(strstr(told, "rebuild the initramfs, and reboot"));
}

TEST(every_initramfs_tool_has_its_own_way)
{
	static const struct {
		const char *kind, *want;
	} cases[] = {
		{ "initramfs-tools",
			"in /etc/initramfs-tools/modules add:\n|vfio-pci\n"
			"then: sudo update-initramfs -u -k all, and reboot\n" },
		{ "dracut",
			"in /etc/dracut.conf.d/vfio.conf:\n|force_drivers+=\" vfio_pci \"\n"
			"then: sudo dracut --force, and reboot\n" },
		{ "mkinitcpio",
			"in /etc/mkinitcpio.conf, before the modules that stand there:\n"
			"|MODULES=(vfio_pci …)\nthen: sudo mkinitcpio -P, and reboot\n" },
		{ "booster",
			"in /etc/booster.yaml:\n|modules_force_load: vfio_pci\n"
			"then: sudo /usr/lib/booster/regenerate_images, and reboot\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct howto_system s = { .initramfs = cases[i].kind };
		struct edits e = edits_of(REMEDY_INITRAMFS, "vfio-pci", NULL);
		is_str(tell(&s, &e), cases[i].want);
	}
}

TEST(a_module_that_is_listed_needs_only_the_rebuild)
{
	struct snap_file files[] = {
		{ .path = "/etc/initramfs-tools/modules",
			.text = { HAVE_VALUE, "# list\nvfio_pci\n" } },
	};
	struct howto_system s = debian;
	struct edits e = edits_of(REMEDY_INITRAMFS, "vfio-pci", NULL);

	s.files = files;
	s.n_files = 1;
	is_str(tell(&s, &e), "then: sudo update-initramfs -u, and reboot\n");
	files[0].text.s = "# vfio-pci\n";
	tell(&s, &e);
	ok(strstr(told, "|vfio-pci\n"));
}

TEST(modprobe_lines_go_where_vfio_already_is)
{
	struct snap_file files[] = {
		{ .path = "/etc/modprobe.d/amd.conf",
			.text = { HAVE_VALUE, "options amdgpu x=1\n" } },
		{ .path = "/etc/modprobe.d/passthrough.conf",
			.text = { HAVE_VALUE,
				"# mine\noptions vfio-pci ids=1002:6810\n" } },
	};
	struct howto_system s = { .files = files, .n_files = 2 };
	struct edits e =
		edits_of(REMEDY_MODPROBE, "options vfio-pci ids=1002:6810,1002:aab0",
			"softdep snd_hda_intel pre: vfio-pci");

	is_str(tell(&s, &e),
		"line 2 of /etc/modprobe.d/passthrough.conf becomes:\n"
		"|options vfio-pci ids=1002:6810,1002:aab0\n"
		"in /etc/modprobe.d/passthrough.conf add:\n"
		"|softdep snd_hda_intel pre: vfio-pci\nthen: reboot\n");
	s.n_files = 0;
	tell(&s, &e);
	ok(text_starts(
		told, "in /etc/modprobe.d/vfio.conf add:\n|options vfio-pci ids="));
}

TEST(the_last_of_several_lists_is_the_one_that_counts)
{
	struct snap_file files[] = {
		{ .path = "/etc/modprobe.d/a.conf",
			.text = { HAVE_VALUE,
				"options vfio-pci ids=1:2 disable_vga=1\n" } },
		{ .path = "/etc/modprobe.d/b.conf",
			.text = { HAVE_VALUE, "options vfio-pci ids=3:4\n" } },
	};
	struct howto_system s = { .files = files, .n_files = 2 };
	struct edits e = edits_of(REMEDY_MODPROBE, "options vfio-pci ids=5:6", NULL);

	is_str(tell(&s, &e),
		"line 1 of /etc/modprobe.d/a.conf becomes:\n|options vfio-pci disable_vga=1\n"
		"line 1 of /etc/modprobe.d/b.conf becomes:\n|options vfio-pci ids=5:6\n"
		"then: reboot\n");
}

TEST(words_of_a_command_are_shielded_from_the_shell)
{
	struct howto_system s = { .loader = "bls" };
	struct edits e = edits_of(REMEDY_CMDLINE, "-x=$(id)`id`\"", NULL);

	is_str(tell(&s, &e),
		"|sudo grubby --update-kernel=ALL --remove-args=\"x=\\$(id)\\`id\\`\\\"\"\n"
		"then: reboot\n");
}

TEST(lists_of_several_findings_become_one)
{
	struct edits e =
		edits_of(REMEDY_MODPROBE, "options vfio-pci ids=1002:6810,1002:aab0",
			"options vfio-pci ids=1002:aab0,10de:1c82");

	is_int(e.of[REMEDY_MODPROBE].n, 1);
	is_str(e.of[REMEDY_MODPROBE].s[0],
		"options vfio-pci ids=1002:6810,1002:aab0,10de:1c82");
	e = edits_of(REMEDY_RUN, "reboot", "reboot");
	is_int(e.of[REMEDY_RUN].n, 1);
}

/* Merges two choices of two texts each. */
static struct edits merged(
	enum remedy_kind kind, const char *const one[2], const char *const two[2])
{
	struct edits e = { 0 };

	for (int i = 0; i < 2; i++) {
		const char *texts[2];
		memcpy(texts, i ? two : one, sizeof texts);
		struct step step = { kind, texts, texts[1] ? 2 : 1 };
		edits_add(arena, &e, &(struct choice){ &step, 1 });
	}
	return e;
}

TEST(two_corrections_of_one_list_leave_what_both_leave)
{
	struct howto_system s = { 0 };
	struct edits e = merged(REMEDY_CMDLINE,
		(const char *[]){ "-vfio-pci.ids=1:a,1:b,1:c", "+vfio-pci.ids=1:b,1:c" },
		(const char *[]){ "-vfio-pci.ids=1:a,1:b,1:c", "+vfio-pci.ids=1:a,1:c" });

	tell(&s, &e);
	ok(text_starts(told,
		"on the kernel command line write vfio-pci.ids=1:c in place of "
		"vfio-pci.ids=1:a,1:b,1:c\n"));
	e = merged(REMEDY_CMDLINE,
		(const char *[]){ "-vfio-pci.ids=1:a,1:b", "+vfio-pci.ids=1:b" },
		(const char *[]){ "-vfio-pci.ids=1:a,1:b", "+vfio-pci.ids=1:a" });
	tell(&s, &e);
	ok(text_starts(
		told, "take out of the kernel command line:\n|vfio-pci.ids=1:a,1:b\n"));
	ok(!strstr(told, "add"));
	e = merged(REMEDY_EDIT,
		(const char *[]){ "/f:3: options vfio-pci ids=1:b,1:c", NULL },
		(const char *[]){ "/f:3: options vfio-pci ids=1:a,1:c", NULL });
	is_str(tell(&s, &e), "line 3 of /f becomes:\n|options vfio-pci ids=1:c\n");
	e = merged(REMEDY_EDIT,
		(const char *[]){ "/f:3: options vfio-pci ids=1:b", NULL },
		(const char *[]){ "/f:4: options vfio-pci ids=1:b", NULL });
	is_int(e.of[REMEDY_EDIT].n, 2);
}

TEST(an_edit_names_file_and_line)
{
	struct howto_system s = { 0 };
	struct edits e = edits_of(REMEDY_EDIT,
		"/etc/modprobe.d/vfio.conf:1: options vfio-pci ids=1:2,3:4",
		"/etc/tmpfiles.d/v.conf: w /sys/x - - - - y");

	is_str(tell(&s, &e),
		"line 1 of /etc/modprobe.d/vfio.conf becomes:\n"
		"|options vfio-pci ids=1:2,3:4\n"
		"in /etc/tmpfiles.d/v.conf, this line:\n|w /sys/x - - - - y\n");
	e = edits_of(REMEDY_EDIT, "/etc/modules:3: ", NULL);
	is_str(tell(&s, &e), "take line 3 out of /etc/modules\n");
}

TEST(the_rest_is_told_as_it_stands)
{
	struct howto_system s = { 0 };
	struct edits e = edits_of(REMEDY_FIRMWARE, "SVM Mode: enabled", NULL);

	is_str(tell(&s, &e), "firmware: SVM Mode: enabled\n");
	e = edits_of(REMEDY_RUN, "power off and on once", NULL);
	is_str(tell(&s, &e), "power off and on once\n");
	arena_free(arena);
}
