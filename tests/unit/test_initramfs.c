// SPDX-License-Identifier: GPL-2.0-or-later
// The initramfs: tool, image of the running kernel, what is newer; lists of modules.
#include "base/text.h"
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
	struct snap_pci *card;
	struct facts *f;

	s->cpu.vendor_id = snap_text_of(s, "AuthenticAMD");
	machine_file(s, "/etc/initramfs-tools/initramfs.conf", "", 1);
	machine_file(
		s, "/etc/modules", "vfio_pci\nkvm_intel\nvfio_virqfd\n#kvm_intel\n", 1);
	/* A claimed function that its native driver has: the module came too late */
	machine_file(s, "/etc/modprobe.d/v.conf", "options vfio-pci ids=1002:6810\n", 1);
	card = machine_bound(s, "0000:02:00.0", 0x030000, 1, "radeon");
	card->vendor = snap_hex_of(0x1002);
	card->device = snap_hex_of(0x6810);
	f = facts_new(s, NULL);
	is_int(fact(f, "modules.virqfd-lines")->n, 1);
	is_str(fact(f, "modules.virqfd-lines")->list[0], "/etc/modules:3: vfio_virqfd");
	is_int(fact(f, "modules.wrong-kvm")->n, 1);
	is_int(fact(f, "modules.etc-only")->n, 1);
	facts_free(f);
	/* Where vfio-pci has it all the same, it was early enough */
	card->driver = snap_text_of(s, "vfio-pci");
	f = facts_new(s, NULL);
	is_int(fact(f, "modules.etc-only")->n, 0);
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

TEST(dracut_glues_what_no_blank_divides)
{
	struct snapshot *s = host("6.9.1", "");
	struct facts *f;

	machine_file(s, "/etc/dracut.conf", "force_drivers+=\" kvm\"\n", 1);
	machine_file(s, "/etc/dracut.conf.d/vfio.conf",
		"force_drivers+=\"vfio_pci vfio\"\n", 1);
	machine_file(s, "/usr/lib/dracut/dracut.conf.d/01-dist.conf",
		"add_drivers+=\" xhci \"\n", 1);
	f = facts_new(s, NULL);
	is_str(fact(f, "initramfs.kind")->text, "dracut");
	is_int(fact(f, "initramfs.glued")->n, 1);
	is_str(fact(f, "initramfs.glued-name")->text, "kvmvfio_pci");
	facts_free(f);
	snapshot_free(s);
	/* A blank on one side is enough, and a single line needs none */
	s = host("6.9.1", "");
	machine_file(s, "/etc/dracut.conf", "force_drivers+=\" kvm \"\n", 1);
	machine_file(s, "/etc/dracut.conf.d/vfio.conf",
		"force_drivers+=\"vfio_pci vfio\"\nadd_drivers+=\"x\"\n", 1);
	f = facts_new(s, NULL);
	is_int(fact(f, "initramfs.glued")->n, 0);
	is_int(fact(f, "initramfs.glued-name")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

static const char *hooks_fact(const char *name, const char *conf, const char *modprobe)
{
	static char text[200];
	struct snapshot *s = host("6.9.1-arch1-1", "");
	struct facts *f;
	const struct fact *out;

	machine_file(s, "/etc/mkinitcpio.conf", conf, 1);
	machine_file(s, "/etc/modprobe.d/vfio.conf", modprobe, 1);
	f = facts_new(s, NULL);
	out = fact(f, name);
	snprintf(text, sizeof text, "%s",
		out->state == FACT_VALUE          ? out->text
			: out->state == FACT_NONE ? "none"
						  : "unknown");
	facts_free(f);
	snapshot_free(s);
	return text;
}

TEST(hooks_of_mkinitcpio)
{
	static const char ids[] = "options vfio-pci ids=10de:1b81\n";

	is_str(hooks_fact("initramfs.no-modconf",
		       "MODULES=(vfio_pci)\nHOOKS=(base udev block)\n", ids),
		"/etc/mkinitcpio.conf:2: HOOKS=(base udev block)");
	is_str(hooks_fact("initramfs.no-modconf",
		       "MODULES=(vfio_pci)\nHOOKS=(base modconf block)\n", ids),
		"none");
	is_str(hooks_fact("initramfs.no-modconf",
		       "MODULES=(vfio_pci)\nHOOKS=(base block)\nFILES=(/etc/modprobe.d/vfio.conf)\n",
		       ids),
		"none");
	is_str(hooks_fact(
		       "initramfs.no-modconf", "MODULES=()\nHOOKS=(base block)\n", ids),
		"none");
	is_str(hooks_fact("initramfs.no-modconf",
		       "MODULES=(vfio_pci)\nHOOKS=(base block)\n", "# nothing\n"),
		"none");
	is_str(hooks_fact("initramfs.kms-line",
		       "MODULES=()\n# HOOKS=(x)\nHOOKS=(base modconf kms block)\n", ids),
		"/etc/mkinitcpio.conf:3: HOOKS=(base modconf kms block)");
	is_str(hooks_fact("initramfs.kms-line",
		       "MODULES=(vfio_pci)\nHOOKS=(base modconf kms)\n", ids),
		"none");
}

static void image_is(struct snapshot *s, const char *want)
{
	struct facts *f = facts_new(s, NULL);

	is_str(fact(f, "initramfs.image")->text, want);
	facts_free(f);
	snapshot_free(s);
}

TEST(images_elsewhere)
{
	struct snapshot *s = host("6.9.1",
		"initrd=\\0123456789abcdef0123456789abcdef\\6.9.1\\initrd root=UUID=1");

	machine_file(s, "/efi/0123456789abcdef0123456789abcdef/6.9.1/initrd", NULL, 1);
	machine_file(s, "/efi/0123456789abcdef0123456789abcdef/6.8.0/initrd", NULL, 1);
	image_is(s, "/efi/0123456789abcdef0123456789abcdef/6.9.1/initrd");
	/* By the entry, where the loader hands the image on in memory */
	s = host("6.9.1", "root=UUID=1");
	machine_file(s, "/boot/loader/entries/x-6.9.1.conf",
		"version 6.9.1\ninitrd /x/ucode.img\ninitrd /initrd-special\n", 1);
	machine_file(s, "/boot/initrd-special", NULL, 1);
	image_is(s, "/boot/initrd-special");
	s = host("6.9.1-arch1-1", "root=UUID=1");
	s->host.loader_info = snap_text_of(s, "systemd-boot 256");
	s->host.loader_entry = snap_text_of(s, "arch-linux.efi");
	machine_file(s, "/efi/EFI/Linux/arch-linux.efi", NULL, 1);
	machine_file(s, "/efi/EFI/Linux/arch-linux-lts.efi", NULL, 1);
	image_is(s, "/efi/EFI/Linux/arch-linux.efi");
}

/* What was posted of /etc is there, whatever else is. */
TEST(a_posted_file_counts)
{
	struct snapshot *s = host("6.2.0", "");
	struct facts *f;

	s->cpu.vendor_id = snap_text_of(s, "GenuineIntel");
	machine_file(s, "/etc/modules", "vfio_virqfd\n", 1);
	machine_file(s, "/etc/modprobe.d/vfio", "options vfio-pci ids=1:2\n", 1);
	machine_file(s, "/etc/mkinitcpio.conf", "MODULES=(kvm_amd)\n", 1);
	snapshot_set_status(s, SOURCE_MODPROBE, STATUS_TRUNCATED, "pasted in part");
	snapshot_set_status(s, SOURCE_INITRAMFS, STATUS_TRUNCATED, "pasted in part");
	f = facts_new(s, NULL);
	is_int(fact(f, "modprobe.not-conf")->state, FACT_ABSENT);
	is_int(fact(f, "modules.virqfd-lines")->state, FACT_ABSENT);
	facts_free(f);
	s->origin.kind = "pasted";
	f = facts_new(s, NULL);
	is_int(fact(f, "modprobe.not-conf")->n, 1);
	is_int(fact(f, "modules.virqfd-lines")->n, 1);
	/* Another file may set the variable anew */
	is_int(fact(f, "modules.wrong-kvm")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

/* An array that nobody closes is read once. */
TEST(lists_that_do_not_end)
{
	struct snapshot *s = host("6.9.1", "");
	struct strbuf b = { 0 };
	struct facts *f;

	for (int i = 0; i < 6000; i++)
		strbuf_add(&b, "MODULES=(\n");
	s->cpu.vendor_id = snap_text_of(s, "AuthenticAMD");
	machine_file(s, "/etc/mkinitcpio.conf", strbuf_text(&b), 1);
	machine_file(s, "/etc/mkinitcpio.conf.d/a.conf",
		"MODULES=(vfio_pci\n\tkvm_intel)\nMODULES+=(kvm)\n", 2);
	f = facts_new(s, NULL);
	is_int(fact(f, "modules.wrong-kvm")->n, 1);
	is_str(fact(f, "modules.wrong-kvm")->list[0],
		"/etc/mkinitcpio.conf.d/a.conf:1: MODULES=(vfio_pci");
	facts_free(f);
	strbuf_free(&b);
	snapshot_free(s);
}
