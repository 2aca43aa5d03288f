// SPDX-License-Identifier: GPL-2.0-or-later
// The initramfs: tool, image of the running kernel, what is newer; lists of modules.
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_INITRAMFS |             \
		1u << SOURCE_KERNEL | 1u << SOURCE_BOOT_CONFIG)

static struct snapshot *host(const char *release, const char *cmdline)
{
	struct snapshot *s = machine_new(ALL);

	s->host.container = snap_text_none();
	s->kernel.release = snap_text_of(s, release);
	s->kernel.cmdline = snap_text_of(s, cmdline);
	return s;
}

static const struct fact *fact(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

TEST(debian)
{
	struct snapshot *s = host("6.1.0-18-amd64", "BOOT_IMAGE=/vmlinuz-6.1.0-18-amd64");
	struct facts *f;

	machine_file(s, "/etc/initramfs-tools/modules", "# none\n", 300);
	machine_file(s, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=1:2\n", 200);
	machine_file(
		s, "/etc/modprobe.d/old.conf", "softdep nouveau pre: vfio-pci\n", 50);
	machine_file(s, "/etc/modprobe.d/other.conf", "# vfio\nblacklist pcspkr\n", 200);
	machine_file(s, "/boot/initrd.img-6.1.0-18-amd64", NULL, 100);
	machine_file(s, "/boot/initrd.img-6.1.0-17-amd64", NULL, 90);
	f = facts_new(s, NULL);
	is_str(fact(f, "initramfs.kind")->text, "initramfs-tools");
	is_str(fact(f, "initramfs.rebuild")->text, "update-initramfs -u -k all");
	is_str(fact(f, "initramfs.image")->text, "/boot/initrd.img-6.1.0-18-amd64");
	is_int(fact(f, "initramfs.newer-files")->n, 1);
	is_str(fact(f, "initramfs.newer-files")->list[0], "/etc/modprobe.d/vfio.conf");
	facts_free(f);
	snapshot_free(s);
}

TEST(arch_and_two_tools)
{
	struct snapshot *s = host("6.9.1-arch1-1",
		"initrd=\\amd-ucode.img initrd=\\initramfs-linux.img root=/dev/sda2");
	struct facts *f;

	machine_file(s, "/etc/mkinitcpio.conf", "MODULES=()\n", 1);
	machine_file(s, "/boot/initramfs-linux.img", NULL, 100);
	machine_file(s, "/boot/initramfs-linux-fallback.img", NULL, 100);
	f = facts_new(s, NULL);
	is_str(fact(f, "initramfs.kind")->text, "mkinitcpio");
	is_str(fact(f, "initramfs.image")->text, "/boot/initramfs-linux.img");
	facts_free(f);
	machine_file(s, "/etc/dracut.conf", "", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "initramfs.kind")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(no_image_is_unknown)
{
	struct snapshot *s = host("6.9.1", "");
	struct facts *f = facts_new(s, NULL);

	is_int(fact(f, "initramfs.image")->state, FACT_ABSENT);
	is_int(fact(f, "initramfs.newer-files")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(lists_of_modules)
{
	struct snapshot *s = host("6.2.0", "");
	struct facts *f;

	s->cpu.vendor_id = snap_text_of(s, "AuthenticAMD");
	machine_file(s, "/etc/initramfs-tools/initramfs.conf", "", 1);
	machine_file(
		s, "/etc/modules", "vfio_pci\nkvm_intel\nvfio_virqfd\n#kvm_intel\n", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "modules.virqfd-lines")->n, 1);
	is_str(fact(f, "modules.virqfd-lines")->list[0], "/etc/modules:3: vfio_virqfd");
	is_int(fact(f, "modules.wrong-kvm")->n, 1);
	is_int(fact(f, "modules.etc-only")->n, 1);
	facts_free(f);
	machine_file(s, "/etc/initramfs-tools/modules", "vfio_pci\n", 1);
	s->kernel.release = snap_text_of(s, "5.10.0");
	f = facts_new(s, NULL);
	is_int(fact(f, "modules.virqfd-lines")->n, 0);
	is_int(fact(f, "modules.etc-only")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

TEST(files_that_kmod_does_not_read)
{
	struct snapshot *s = host("6.2.0", "");
	struct facts *f;

	machine_file(s, "/etc/modprobe.d/vfio", "options vfio-pci ids=1:2\n", 1);
	machine_file(s, "/etc/modprobe.d/vfio.conf.bak", "options vfio-pci ids=1:2\n", 1);
	machine_file(s, "/etc/modprobe.d/notes", "# options vfio-pci ids=1:2\n", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "modprobe.not-conf")->n, 1);
	is_str(fact(f, "modprobe.not-conf")->list[0], "/etc/modprobe.d/vfio");
	facts_free(f);
	snapshot_free(s);
}
