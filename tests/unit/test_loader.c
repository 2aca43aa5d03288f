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
