// SPDX-License-Identifier: GPL-2.0-or-later
// Boot loaders: which one, which file, which words did not reach the kernel.
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_INITRAMFS |             \
		1u << SOURCE_KERNEL | 1u << SOURCE_BOOT_CONFIG)

static struct snapshot *host(const char *os, const char *cmdline)
{
	struct snapshot *s = machine_new(ALL);

	s->host.container = snap_text_none();
	s->host.os_id = snap_text_of(s, os);
	s->host.boot_time = snap_int_of(1000);
	s->kernel.cmdline = snap_text_of(s, cmdline);
	return s;
}

static const struct fact *fact(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

static void done(struct facts *f, struct snapshot *s)
{
	facts_free(f);
	snapshot_free(s);
}

static const char grub_line[] = "BOOT_IMAGE=/vmlinuz-6.1 root=/dev/sda1 ro quiet";

TEST(grub_not_regenerated)
{
	struct snapshot *s = host("debian", grub_line);
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on splash\"\n"
		"GRUB_CMDLINE_LINUX=\"\"\n",
		900);
	machine_file(s, "/boot/grub/grub.cfg",
		"\tlinux /vmlinuz-6.1 root=/dev/sda1 ro quiet\n", 800);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, "grub");
	is_str(fact(f, "boot.config")->text, "/etc/default/grub");
	is_str(fact(f, "boot.edited")->text, "/etc/default/grub");
	is_int(fact(f, "boot.instead")->state, FACT_NONE);
	is_int(fact(f, "boot.words-missing")->n, 1);
	is_str(fact(f, "boot.words-missing")->list[0], "intel_iommu=on");
	is_str(fact(f, "boot.fix")->text, "+intel_iommu=on");
	is_str(fact(f, "boot.state")->text, "not-regenerated");
	is_str(fact(f, "boot.regenerate")->text, "update-grub");
	done(f, s);
}

TEST(grub_not_rebooted)
{
	struct snapshot *s = host("arch", grub_line);
	struct facts *f;

	machine_file(s, "/etc/default/grub", "GRUB_CMDLINE_LINUX=iommu=pt\n", 900);
	machine_file(s, "/boot/grub/grub.cfg",
		"\tlinux /vmlinuz-6.1 root=/dev/sda1 iommu=pt ro\n", 1100);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.state")->text, "not-rebooted");
	is_str(fact(f, "boot.regenerate")->text, "grub-mkconfig -o /boot/grub/grub.cfg");
	done(f, s);
}

TEST(words_that_lack_the_point)
{
	struct snapshot *s = host("debian", grub_line);
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet vfio-pci-ids=1:2 vfio-pci.ids=3:4\"\n",
		900);
	f = facts_new(s, NULL);
	is_int(fact(f, "boot.no-options")->n, 1);
	is_str(fact(f, "boot.no-options")->list[0], "vfio-pci-ids=1:2");
	done(f, s);
	s = machine_new(0);
	f = facts_new(s, NULL);
	ok(fact(f, "boot.no-options")->open && !fact(f, "boot.no-options")->n);
	done(f, s);
}

TEST(grub_current_and_drop_ins)
{
	struct snapshot *s =
		host("ubuntu", "BOOT_IMAGE=/vmlinuz quiet iommu=pt vfio-pci.ids=1:2");
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=off\"\n"
		"# GRUB_CMDLINE_LINUX=\"pci=nomsi\"\n",
		1);
	machine_file(s, "/etc/default/grub.d/50.cfg",
		"GRUB_CMDLINE_LINUX_DEFAULT='iommu=pt'\n", 1);
	machine_file(s, "/etc/default/grub.d/60.cfg",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT vfio-pci.ids=1:2\"\n",
		1);
	f = facts_new(s, NULL);
	is_int(fact(f, "boot.words-missing")->n, 0);
	is_str(fact(f, "boot.state")->text, "current");
	is_int(fact(f, "boot.edited")->state, FACT_NONE);
	facts_free(f);
	/* The words stand where they were written, not where the variable was last
	 * touched */
	s->kernel.cmdline = snap_text_of(s, "BOOT_IMAGE=/vmlinuz quiet vfio-pci.ids=1:2");
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.edited")->text, "/etc/default/grub.d/50.cfg");
	is_int(fact(f, "boot.instead")->state, FACT_NONE);
	is_str(fact(f, "boot.words-missing")->origins->text,
		"GRUB_CMDLINE_LINUX_DEFAULT='iommu=pt'");
	done(f, s);
}

TEST(what_the_shell_would_expand_is_unknown)
{
	static const char *const texts[] = {
		"GRUB_CMDLINE_LINUX=\"$(cat /etc/words) intel_iommu=on\"\n",
		"GRUB_CMDLINE_LINUX=\"${EXTRA} intel_iommu=on\"\n",
		"GRUB_CMDLINE_LINUX=\"intel_iommu=on\n",
		"GRUB_CMDLINE_LINUX=\"`cat x` intel_iommu=on\"\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct snapshot *s = host("debian", grub_line);
		struct facts *f;

		machine_file(s, "/etc/default/grub", texts[i], 900);
		f = facts_new(s, NULL);
		is_int(fact(f, "boot.words-missing")->state, FACT_ABSENT);
		done(f, s);
	}
}

TEST(a_rescue_entry_lacks_the_usual_words)
{
	struct snapshot *s = host("debian", "BOOT_IMAGE=/vmlinuz ro single iommu=pt");
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"\nGRUB_CMDLINE_LINUX=\"iommu=pt\"\n",
		1);
	f = facts_new(s, NULL);
	is_int(fact(f, "boot.words-missing")->n, 0);
	done(f, s);
}

TEST(proxmox_reads_another_file)
{
	struct snapshot *s = host("debian",
		"initrd=\\EFI\\proxmox\\6.8\\initrd.img-6.8 root=ZFS=rpool/ROOT/pve-1");
	struct facts *f;

	s->host.loader_info = snap_text_of(s, "systemd-boot 252");
	machine_file(s, "/etc/kernel/proxmox-boot-uuids", NULL, 1);
	machine_file(s, "/etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1\n", 1);
	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"\n", 1);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, "proxmox");
	is_str(fact(f, "boot.config")->text, "/etc/kernel/cmdline");
	is_str(fact(f, "boot.edited")->text, "/etc/default/grub");
	is_str(fact(f, "boot.instead")->text, "/etc/kernel/cmdline");
	is_str(fact(f, "boot.state")->text, "wrong-file");
	is_str(fact(f, "boot.regenerate")->text, "proxmox-boot-tool refresh");
	done(f, s);
}

TEST(entries_by_hand)
{
	struct snapshot *s =
		host("arch", "initrd=\\initramfs-linux.img root=/dev/sda2 rw");
	struct facts *f;

	s->host.loader_info = snap_text_of(s, "systemd-boot 255.4-2-arch");
	machine_file(s, "/boot/loader/entries/arch.conf",
		"title Arch\nlinux /vmlinuz-linux\noptions root=/dev/sda2 rw\noptions iommu=pt\n",
		1100);
	machine_file(s, "/boot/loader/entries/arch-fallback.conf",
		"options root=/dev/sda2\n", 1);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, "systemd-boot");
	is_str(fact(f, "boot.config")->text, "/boot/loader/entries/arch.conf");
	is_str(fact(f, "boot.words-missing")->list[0], "iommu=pt");
	is_str(fact(f, "boot.state")->text, "not-rebooted");
	is_int(fact(f, "boot.regenerate")->state, FACT_NONE);
	done(f, s);
}

TEST(fedora_uses_grubby)
{
	struct snapshot *s =
		host("fedora", "BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.8 root=/dev/sda3 ro");
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX=\"rhgb quiet amd_iommu=on\"\nGRUB_ENABLE_BLSCFG=true\n",
		1);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, "bls");
	is_str(fact(f, "boot.regenerate")->text,
		"grubby --update-kernel=ALL --args='amd_iommu=on'");
	is_str(fact(f, "boot.state")->text, "wrong-file");
	done(f, s);
}

TEST(two_loaders_and_nothing_decides)
{
	struct snapshot *s = host("debian", "root=/dev/sda1 ro");
	struct facts *f;

	machine_file(s, "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n", 1);
	machine_file(s, "/boot/loader/entries/a.conf", "options root=/dev/sda1 ro\n", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "boot.loader")->state, FACT_ABSENT);
	is_int(fact(f, "boot.config")->state, FACT_ABSENT);
	is_int(fact(f, "boot.state")->state, FACT_ABSENT);
	done(f, s);
}

TEST(loaders_that_generate_all_themselves)
{
	struct snapshot *s = host("nixos", "initrd=\\EFI\\nixos\\x.efi root=/dev/sda1");
	struct facts *f;

	machine_file(s, "/etc/NIXOS", NULL, 1);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, "nixos");
	is_str(fact(f, "initramfs.rebuild")->text, "nixos-rebuild boot");
	done(f, s);
	s = host("fedora", "BOOT_IMAGE=(hd0,gpt2)/ostree/x ostree=/ostree/boot.1/x");
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, "rpm-ostree");
	is_int(fact(f, "boot.config")->state, FACT_NONE);
	done(f, s);
}

static bool lists(const struct fact *list, const char *text)
{
	for (size_t i = 0; list->state == FACT_VALUE && i < list->n; i++) {
		if (!strcmp(list->list[i], text))
			return true;
	}
	return false;
}

/* Loader, file and state of a machine with these files; TEXT NULL ends them. */
struct given {
	const char *path, *text;
};

static void expect(struct snapshot *s, const struct given *files, const char *loader,
	const char *config, const char *missing, const char *state, const char *command)
{
	struct facts *f;

	for (; files->path; files++)
		machine_file(s, files->path, files->text, 1100);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.loader")->text, loader);
	is_str(fact(f, "boot.config")->text, config);
	if (missing)
		ok(lists(fact(f, "boot.words-missing"), missing));
	else
		is_int(fact(f, "boot.words-missing")->n, 0);
	is_str(fact(f, "boot.state")->text, state);
	is_str(fact(f, "boot.regenerate")->text, command);
	done(f, s);
}

TEST(grub_reads_like_a_shell)
{
	struct snapshot *s = host("debian",
		"BOOT_IMAGE=/vmlinuz ro \"dyndbg=file vfio +p\" iommu=pt pci=noaer");

	expect(s,
		(const struct given[]){
			{ "/etc/default/grub",
				"EXTRA='pci=noaer'\n"
				"export GRUB_CMDLINE_LINUX=\"iommu=pt \\\n$EXTRA\"\n"
				"GRUB_CMDLINE_LINUX_DEFAULT=\"dyndbg=\\\"file vfio +p\\\"\"\n"
				"GRUB_CMDLINE_LINUX_DEFAULT+=\" video=efifb:off\"\n" },
			{ NULL, NULL } },
		"grub", "/etc/default/grub", "video=efifb:off", "not-regenerated",
		"update-grub");
}

TEST(what_stands_in_a_branch_is_open)
{
	struct snapshot *s = host("debian", grub_line);
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"if [ -e /x ]; then\n  GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\nfi\n", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "boot.words-missing")->state, FACT_ABSENT);
	done(f, s);
	s = host("debian", grub_line);
	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n. /etc/default/more\n", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "boot.words-missing")->state, FACT_ABSENT);
	done(f, s);
}

TEST(a_variable_set_twice)
{
	struct snapshot *s = host("ubuntu", grub_line);
	struct facts *f;

	machine_file(s, "/etc/default/grub",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n", 1);
	machine_file(s, "/etc/default/grub.d/50-cloudimg-settings.cfg",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1\"\n", 1);
	f = facts_new(s, NULL);
	is_str(fact(f, "boot.overridden")->list[0],
		"/etc/default/grub:1: GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"");
	is_str(fact(f, "boot.config")->text,
		"/etc/default/grub.d/50-cloudimg-settings.cfg");
	is_int(fact(f, "boot.words-missing")->n, 0);
	done(f, s);
}

TEST(bls_entry_of_the_running_kernel)
{
	struct snapshot *s = host("rhel",
		"BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-1.el9.x86_64 root=/dev/sda3");

	s->kernel.release = snap_text_of(s, "5.14.0-1.el9.x86_64");
	expect(s,
		(const struct given[]){
			{ "/etc/default/grub", "GRUB_ENABLE_BLSCFG=true\n" },
			{ "/boot/grub2/grubenv",
				"# GRUB Environment Block\nkernelopts=root=/dev/sda3 intel_iommu=on\n####\n" },
			{ "/boot/grub2/grub.cfg", "set tuned_params=\"\"\n" },
			{ "/boot/loader/entries/0-0-rescue.conf",
				"version 0-rescue\noptions root=/dev/sda3 pci=nomsi\n" },
			{ "/boot/loader/entries/0-5.14.0-1.el9.x86_64.conf",
				"version 5.14.0-1.el9.x86_64\noptions $kernelopts $tuned_params\n" },
			{ "/boot/loader/entries/0-5.14.0-2.el9.x86_64.conf",
				"version 5.14.0-2.el9.x86_64\noptions $kernelopts\n" },
			{ NULL, NULL } },
		"bls", "/boot/loader/entries", "intel_iommu=on", "not-rebooted",
		"grubby --update-kernel=ALL --args='intel_iommu=on'");
}

TEST(systemd_boot_with_several_entries)
{
	static const struct given files[] = {
		{ "/boot/loader/entries/arch.conf",
			"linux /vmlinuz-linux\ninitrd /amd-ucode.img\n"
			"initrd /initramfs-linux.img\noptions root=/dev/sda2 iommu=pt\n" },
		{ "/boot/loader/entries/arch-lts.conf",
			"linux /vmlinuz-linux-lts\ninitrd /initramfs-linux-lts.img\n"
			"options root=/dev/sda2 pci=noaer\n" },
		{ NULL, NULL }
	};
	struct snapshot *s = host("arch",
		"initrd=\\amd-ucode.img initrd=\\initramfs-linux.img root=/dev/sda2");

	s->host.loader_info = snap_text_of(s, "systemd-boot 256");
	expect(s, files, "systemd-boot", "/boot/loader/entries/arch.conf", "iommu=pt",
		"not-rebooted", NULL);
	/* The loader itself tells which one, with tries counted */
	s = host("arch", "root=/dev/sda2");
	s->host.loader_info = snap_text_of(s, "systemd-boot 256");
	s->host.loader_entry = snap_text_of(s, "arch-lts+2.conf");
	expect(s, files, "systemd-boot", "/boot/loader/entries/arch-lts.conf",
		"pci=noaer", "not-rebooted", NULL);
}

TEST(kernel_install_takes_the_words_from_a_file)
{
	struct snapshot *s = host("debian", "initrd=\\x\\6.9\\initrd root=/dev/sda2");

	s->kernel.release = snap_text_of(s, "6.9");
	s->host.loader_info = snap_text_of(s, "systemd-boot 255");
	expect(s,
		(const struct given[]){
			{ "/etc/kernel/cmdline", "root=/dev/sda2 iommu=pt\n" },
			{ "/efi/loader/entries/x-6.9.conf",
				"# File created by /usr/lib/kernel/install.d/90-loaderentry.install\n"
				"version 6.9\noptions root=/dev/sda2\n" },
			{ NULL, NULL } },
		"systemd-boot", "/etc/kernel/cmdline", "iommu=pt", "not-regenerated",
		"kernel-install add-all");
}

TEST(an_entry_written_by_hand_counts)
{
	struct snapshot *s = host("arch", "initrd=\\initramfs-linux.img root=/dev/sda2");

	s->host.loader_info = snap_text_of(s, "systemd-boot 255");
	expect(s,
		(const struct given[]){
			{ "/etc/kernel/cmdline", "root=/dev/sda2 iommu=pt\n" },
			{ "/boot/loader/entries/arch.conf",
				"initrd /initramfs-linux.img\noptions root=/dev/sda2\n" },
			{ NULL, NULL } },
		"systemd-boot", "/boot/loader/entries/arch.conf", "iommu=pt",
		"wrong-file", NULL);
}

TEST(unified_images)
{
	struct snapshot *s = host("arch", "root=/dev/sda2 rw");

	s->host.loader_info = snap_text_of(s, "systemd-boot 256");
	s->host.loader_entry = snap_text_of(s, "arch-linux.efi");
	expect(s,
		(const struct given[]){ { "/etc/mkinitcpio.conf", "HOOKS=(base)\n" },
			{ "/etc/cmdline.d/10-root.conf",
				"root=/dev/sda2 rw\n# pci=nomsi\n" },
			{ "/etc/cmdline.d/20-vfio.conf", "iommu=pt\n" },
			{ "/efi/EFI/Linux/arch-linux.efi", "root=/dev/sda2 rw" },
			{ NULL, NULL } },
		"uki", "/etc/cmdline.d/20-vfio.conf", "iommu=pt", "not-regenerated",
		"mkinitcpio -P");
	/* The image has the word already */
	s = host("arch", "root=/dev/sda2 rw");
	s->host.loader_info = snap_text_of(s, "systemd-stub 256");
	expect(s,
		(const struct given[]){ { "/etc/mkinitcpio.conf", "HOOKS=(base)\n" },
			{ "/etc/kernel/cmdline", "root=/dev/sda2 rw iommu=pt\n" },
			{ "/efi/EFI/Linux/arch-linux.efi", "root=/dev/sda2 rw iommu=pt" },
			{ NULL, NULL } },
		"uki", "/etc/kernel/cmdline", "iommu=pt", "not-rebooted",
		"mkinitcpio -P");
	s = host("fedora", "root=/dev/sda2 rw");
	s->host.loader_info = snap_text_of(s, "systemd-stub 256");
	expect(s,
		(const struct given[]){
			{ "/etc/dracut.conf.d/uki.conf",
				"uefi=yes\nkernel_cmdline=\"root=/dev/sda2 rw iommu=pt\"\n" },
			{ NULL, NULL } },
		"uki", "/etc/dracut.conf.d/uki.conf", "iommu=pt", "not-regenerated",
		"dracut --force --regenerate-all --uefi");
}

TEST(proxmox_with_grub)
{
	struct snapshot *s = host("debian",
		"BOOT_IMAGE=/vmlinuz-6.8.12-1-pve root=ZFS=/ROOT/pve-1 ro quiet");

	expect(s,
		(const struct given[]){ { "/etc/kernel/proxmox-boot-uuids", NULL },
			{ "/etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1\n" },
			{ "/etc/default/grub",
				"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n" },
			{ NULL, NULL } },
		"proxmox", "/etc/default/grub", "intel_iommu=on", "not-regenerated",
		"proxmox-boot-tool refresh");
}

TEST(kernelstub_keeps_json)
{
	struct snapshot *s = host(
		"pop", "initrd=\\EFI\\Pop_OS-1\\initrd.img root=UUID=1 ro quiet splash");

	expect(s,
		(const struct given[]){
			{ "/etc/kernelstub/configuration",
				"{ \"default\": { \"kernel_options\": [ \"quiet\" ] },"
				"  \"user\": { \"kernel_options\": [ \"quiet\", \"intel_iommu=on\" ] } }\n" },
			{ "/boot/efi/loader/entries/Pop_OS-current.conf",
				"options root=UUID=1 ro quiet\n" },
			{ NULL, NULL } },
		"kernelstub", "/etc/kernelstub/configuration", "intel_iommu=on",
		"not-regenerated", "kernelstub -a 'intel_iommu=on'");
}

TEST(sdboot_manage)
{
	struct snapshot *s =
		host("cachyos", "initrd=\\initramfs-linux.img root=/dev/sda2");

	s->host.loader_info = snap_text_of(s, "systemd-boot 256");
	expect(s,
		(const struct given[]){
			{ "/etc/sdboot-manage.conf",
				"# LINUX_OPTIONS=\"pci=nomsi\"\nLINUX_OPTIONS=\"quiet\"\n" },
			{ "/etc/sdboot-manage.conf.d/vfio.conf",
				"LINUX_OPTIONS=\"${LINUX_OPTIONS} iommu=pt\"\n" },
			{ "/boot/loader/entries/linux.conf",
				"options root=/dev/sda2 quiet iommu=pt\n" },
			{ NULL, NULL } },
		"systemd-boot", "/etc/sdboot-manage.conf", "iommu=pt", "not-rebooted",
		"sdboot-manage gen");
}

TEST(opensuse_with_sdbootutil)
{
	static const struct given files[] = {
		{ "/etc/sysconfig/bootloader",
			"## Path: System/Bootloader\nLOADER_TYPE=\"grub2-bls\"\n" },
		{ "/etc/kernel/cmdline", "root=UUID=1 intel_iommu=on\n" },
		{ "/boot/efi/loader/entries/opensuse-6.11.conf",
			"options root=UUID=1\n" },
		{ NULL, NULL }
	};
	struct snapshot *s = host("opensuse-tumbleweed", "root=UUID=1");

	s->host.loader_info = snap_text_of(s, "GRUB 2.12");
	expect(s, files, "sdbootutil", "/etc/kernel/cmdline", "intel_iommu=on",
		"not-regenerated", "sdbootutil update-all-entries");
	s = host("opensuse-leap", "BOOT_IMAGE=/boot/vmlinuz-6.4 root=UUID=1");
	expect(s,
		(const struct given[]){
			{ "/etc/sysconfig/bootloader", "LOADER_TYPE=\"grub2-efi\"\n" },
			{ "/etc/default/grub",
				"GRUB_CMDLINE_LINUX_DEFAULT=\"splash=silent intel_iommu=on\"\n" },
			{ "/boot/grub2/grub.cfg",
				"linux /boot/vmlinuz-6.4 root=UUID=1\n" },
			{ NULL, NULL } },
		"grub", "/etc/default/grub", "intel_iommu=on", "not-regenerated",
		"grub2-mkconfig -o /boot/grub2/grub.cfg");
}

TEST(limine_and_refind)
{
	struct snapshot *s = host("cachyos", "root=UUID=1 rw quiet");

	s->host.loader_info = snap_text_of(s, "Limine 9.2.0");
	expect(s,
		(const struct given[]){ { "/etc/limine-entry-tool.d/a.conf",
						"KERNEL_CMDLINE[default]+=\" quiet\"\n" },
			{ "/etc/default/limine",
				"ESP_PATH=\"/boot\"\nKERNEL_CMDLINE[default]+=\" root=UUID=1 rw iommu=pt\"\n" },
			{ "/boot/limine.conf",
				"/Arch\n  cmdline: root=UUID=1 rw quiet\n" },
			{ NULL, NULL } },
		"limine", "/etc/default/limine", "iommu=pt", "not-regenerated",
		"limine-update");
	s = host("arch", "root=UUID=1 rw");
	s->host.loader_info = snap_text_of(s, "Limine 9.2.0");
	expect(s,
		(const struct given[]){
			{ "/boot/limine.conf",
				"timeout: 5\n/Arch\n    protocol: linux\n    cmdline: root=UUID=1 rw iommu=pt\n" },
			{ NULL, NULL } },
		"limine", "/boot/limine.conf", "iommu=pt", "not-rebooted", NULL);
	s = host("arch", "root=UUID=1 rw initrd=boot\\initramfs-linux.img");
	expect(s,
		(const struct given[]){
			{ "/boot/refind_linux.conf",
				"# menu\n\"Boot with standard options\"  \"root=UUID=1 rw iommu=pt\"\n"
				"\"Boot to single-user mode\"  \"root=UUID=1 single\"\n" },
			{ NULL, NULL } },
		"refind", "/boot/refind_linux.conf", "iommu=pt", "not-rebooted", NULL);
}

TEST(extlinux_and_who_writes_it)
{
	struct snapshot *s = host("alpine", "BOOT_IMAGE=vmlinuz-lts root=UUID=1 quiet");

	expect(s,
		(const struct given[]){
			{ "/etc/update-extlinux.conf",
				"default_kernel_opts=\"quiet intel_iommu=on\"\n" },
			{ "/boot/extlinux.conf",
				"LABEL lts\n  APPEND root=UUID=1 quiet\n" },
			{ NULL, NULL } },
		"extlinux", "/etc/update-extlinux.conf", "intel_iommu=on",
		"not-regenerated", "update-extlinux");
	s = host("void", "BOOT_IMAGE=/vmlinuz root=UUID=1");
	expect(s,
		(const struct given[]){
			{ "/boot/extlinux/extlinux.conf",
				"label l0\n\tlinux /vmlinuz\n\tappend root=UUID=1 pci=noaer\n" },
			{ NULL, NULL } },
		"extlinux", "/boot/extlinux/extlinux.conf", "pci=noaer", "not-rebooted",
		NULL);
}

TEST(deployments_of_ostree)
{
	struct snapshot *s = host("fedora",
		"BOOT_IMAGE=(hd0,gpt2)/ostree/x ostree=/ostree/boot.1/x root=UUID=1");

	expect(s,
		(const struct given[]){ { "/run/ostree-booted", NULL },
			{ "/boot/loader/entries/ostree-1-fedora.conf",
				"version 1\noptions ostree=/ostree/boot.1/x root=UUID=1\n" },
			{ "/boot/loader/entries/ostree-2-fedora.conf",
				"version 2\noptions ostree=/ostree/boot.1/y root=UUID=1 iommu=pt\n" },
			{ NULL, NULL } },
		"rpm-ostree", NULL, "iommu=pt", "not-rebooted",
		"rpm-ostree kargs --append='iommu=pt'");
	s = host("fedora", "ostree=/ostree/boot.1/x root=UUID=1");
	expect(s,
		(const struct given[]){
			{ "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"iommu=pt\"\n" },
			{ NULL, NULL } },
		"rpm-ostree", NULL, "iommu=pt", "wrong-file",
		"rpm-ostree kargs --append='iommu=pt'");
}

TEST(nixos_keeps_the_words_of_the_next_boot)
{
	struct snapshot *s = host("nixos", "initrd=\\EFI\\nixos\\x.efi root=fstab");

	expect(s,
		(const struct given[]){ { "/etc/NIXOS", NULL },
			{ "/nix/var/nix/profiles/system/kernel-params",
				"root=fstab intel_iommu=on loglevel=4" },
			{ NULL, NULL } },
		"nixos", "/etc/nixos/configuration.nix", "intel_iommu=on", "not-rebooted",
		"nixos-rebuild boot");
}
