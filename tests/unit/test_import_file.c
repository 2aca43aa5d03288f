// SPDX-License-Identifier: GPL-2.0-or-later
// Splitting of a paste, configuration files in it, and how an import is closed.
#include <stdlib.h>

#include "import/format.h"
#include "tap.h"

static struct import *im;
static struct snapshot *snap;

/* Imports the text; the snapshot is SNAP until done(). */
static void import(const char *text, const char *command)
{
	im = import_new();
	import_text(im, "post", text, strlen(text), command);
	snap = import_finish(im);
}

static void done(void)
{
	snapshot_free(snap);
	import_free(im);
}

/* Text of the file, NULL: the snapshot has none. */
static const char *file(const char *path)
{
	for (size_t i = 0; i < snap->files.n; i++)
		if (strcmp(snap->files.v[i].path, path) == 0)
			return snap_str(snap->files.v[i].text);
	return NULL;
}

/* The one file that the text holds, "" if it is not exactly one. */
static const char *only_file(const char *text, const char *path)
{
	static char shown[512];

	import(text, NULL);
	snprintf(shown, sizeof shown, "%s",
		snap->files.n == 1 && file(path) ? file(path) : "");
	done();
	return shown;
}

TEST(a_file_behind_its_command)
{
	import("$ cat /etc/modprobe.d/vfio.conf\n# mine\noptions vfio-pci ids=10de:1c82\n"
	       "softdep nouveau pre: vfio-pci\n\nThat is all.\n",
		NULL);
	is_int(snap->files.n, 1);
	is_str(file("/etc/modprobe.d/vfio.conf"),
		"# mine\noptions vfio-pci ids=10de:1c82\nsoftdep nouveau pre: vfio-pci\n");
	is_int(snapshot_status(snap, SOURCE_MODPROBE), STATUS_TRUNCATED);
	is_str(snapshot_reason(snap, SOURCE_MODPROBE), "pasted in part");
	is_int(snapshot_status(snap, SOURCE_INITRAMFS), STATUS_MISSING);
	is_str(snap->origin.kind, "pasted");
	done();
}

TEST(where_a_file_ends)
{
	static const char modules[] = "/etc/modules";

	is_str(only_file(
		       "/etc/modules:\nvfio\nvfio_pci ids=1:2\nand that is it", modules),
		"vfio\nvfio_pci ids=1:2\n");
	is_str(only_file("```\n$ cat /etc/modules\nvfio\n```\nvfio", modules), "vfio\n");
	is_str(only_file("$ cat /etc/modules\nvfio\n$ lspci", modules), "vfio\n");
	is_str(only_file("==> /etc/modules <==\nvfio\n\n==> /etc/hosts <==\nx", modules),
		"vfio\n");
	is_str(only_file("$ cat /etc/modules\ncat: /etc/modules: No such file", modules),
		"");
	is_str(only_file("$ cat /etc/modules\nI have nothing there\nvfio", modules), "");
	is_str(only_file("$ cat /etc/modules /etc/fstab\nvfio", modules), "");
	is_str(only_file("$ cat /etc/hosts\nvfio", "/etc/hosts"), "");
}

TEST(files_of_other_kinds)
{
	is_str(only_file(
		       "/etc/default/grub\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"a \\\n b\"\n"
		       "So what?",
		       "/etc/default/grub"),
		"GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"a \\\n b\"\n");
	is_str(only_file(
		       "# cat /etc/kernel/cmdline\nroot=ZFS=rpool/ROOT iommu=pt\nfoo=bar",
		       "/etc/kernel/cmdline"),
		"root=ZFS=rpool/ROOT iommu=pt\n");
	is_str(only_file(
		       "$ cat /boot/loader/entries/arch.conf\ntitle Arch\nlinux /vmlinuz\n"
		       "options root=/dev/sda1 rw\nThanks",
		       "/boot/loader/entries/arch.conf"),
		"title Arch\nlinux /vmlinuz\noptions root=/dev/sda1 rw\n");
	is_str(only_file("$ cat /boot/grub/grub.cfg\nset x=1\n\nmenuentry 'a' {\n}\n$ ls",
		       "/boot/grub/grub.cfg"),
		"set x=1\n\nmenuentry 'a' {\n}\n");
}

TEST(files_known_by_their_content)
{
	is_str(only_file("MODULES=(vfio_pci\n  vfio)\nHOOKS=(base udev)\nmodconf?",
		       "/etc/mkinitcpio.conf"),
		"MODULES=(vfio_pci\n  vfio)\nHOOKS=(base udev)\n");
	is_str(only_file(
		       "force_drivers+=\" vfio-pci \"", "/etc/dracut.conf.d/pasted.conf"),
		"force_drivers+=\" vfio-pci \"\n");
	is_str(only_file(
		       "# /etc/modules: kernel modules to load at boot time.\n#\nvfio\n",
		       "/etc/modules"),
		"# /etc/modules: kernel modules to load at boot time.\n#\nvfio\n");
	is_str(only_file("/etc/modprobe.d/a.conf:options vfio-pci ids=1:2\n"
			 "/etc/modprobe.d/a.conf:7:blacklist nouveau\n",
		       "/etc/modprobe.d/a.conf"),
		"options vfio-pci ids=1:2\nblacklist nouveau\n");
}

TEST(what_a_guide_leaves_open_is_no_evidence)
{
	is_str(only_file("$ cat /etc/modprobe.d/vfio.conf\noptions vfio-pci ids=$IDS",
		       "/etc/modprobe.d/vfio.conf"),
		"");
	is_str(only_file("$ cat > /etc/modprobe.d/vfio.conf << EOF\nblacklist x\nEOF",
		       "/etc/modprobe.d/vfio.conf"),
		"");
}

TEST(the_command_may_be_given_with_the_text)
{
	import("vfio\nvfio_pci\n", "cat /etc/modules");
	is_str(file("/etc/modules"), "vfio\nvfio_pci\n");
	done();
	import("blacklist nouveau\n", "/etc/modprobe.d/x.conf");
	is_str(file("/etc/modprobe.d/x.conf"), "blacklist nouveau\n");
	done();
}

TEST(parts_of_a_file_are_joined_and_files_sorted)
{
	import("$ cat /etc/modules\nvfio\n$ cat /etc/modprobe.d/a.conf\nblacklist b\n"
	       "$ cat /etc/modules\nkvm\n",
		NULL);
	is_int(snap->files.n, 2);
	is_str(snap->files.v[0].path, "/etc/modprobe.d/a.conf");
	is_str(file("/etc/modules"), "vfio\nkvm\n");
	done();
}

TEST(spans_cover_what_is_not_blank)
{
	size_t n;

	import("Hello,\nall.\n\n```\n$ cat /etc/modules\nvfio\n\nkvm\n```\nBye\n", NULL);
	const struct import_span *spans = import_spans(im, &n);
	is_int(n, 4);
	is_str(spans[0].format, NULL);
	is_int(spans[0].first, 1);
	is_int(spans[0].last, 2);
	is_str(spans[1].format, "command");
	is_str(spans[2].format, "file");
	is_int(spans[2].first, 6);
	is_int(spans[2].last, 8);
	is_str(spans[3].format, NULL);
	is_str(spans[3].file, "post");
	done();
}

TEST(functions_and_groups_are_added_once)
{
	im = import_new();
	for (unsigned i = 0; i < 1024; i++) {
		struct bdf b = {
			.bus = (uint8_t)(i >> 4), .dev = i >> 1 & 7, .fn = i & 1
		};
		import_function(im, b)->vendor = snap_hex_of(0x8086);
		import_group_member(im, i % 700, b);
		import_group_member(im, (i + 1) % 700, b);
	}
	is_int(im->snap->pci.n, 1024);
	is_int(im->snap->groups.n, 700);
	is_int(import_group(im, 1)->devices.n, 2);
	im->pci_listed = true;
	snap = import_finish(im);
	ok(import_finish(im) == NULL);
	is_str(snap->pci.v[0].address, "0000:00:00.0");
	is_str(snap->pci.v[1023].address, "0000:3f:07.1");
	is_int(snap->groups.v[699].id, 699);
	/* Each function of a whole list names its group: none is missing */
	is_int(snapshot_status(snap, SOURCE_PCI), STATUS_OK);
	is_int(snapshot_status(snap, SOURCE_IOMMU_GROUPS), STATUS_OK);
	done();
}

TEST(a_text_that_lists_too_much)
{
	im = import_new();
	for (unsigned i = 0; i < 5000; i++) {
		struct bdf b = { .domain = i };
		import_group_member(im, i, b);
		is_int(import_function(im, b)->address[0] != 0, 1);
	}
	ok(im->snap->pci.n < 5000);
	im->pci_listed = true;
	snap = import_finish(im);
	is_int(snapshot_status(snap, SOURCE_PCI), STATUS_TRUNCATED);
	done();
}

TEST(addresses)
{
	struct bdf b = { 0 };

	is_int(import_address("01:00.0 VGA", &b), 7);
	is_int(import_address("10000:e1:00.0: x", &b), 13);
	is_int(b.domain, 0x10000);
	is_int(import_address("01:00.0x", &b), 0);
	is_int(import_address("VGA", &b), 0);
}

TEST(on_top_of_a_snapshot)
{
	struct snapshot *s = snapshot_new();
	struct snap_file *f = snap_list_add(s, &s->files);

	f->path = "/etc/modules";
	f->text = snap_text_of(s, "kvm\n");
	snapshot_set_status(s, SOURCE_MODPROBE, STATUS_OK, NULL);
	im = import_into(s);
	import_text(im, "post", "/etc/modules\nvfio", 17, NULL);
	import_text(im, "post", "/etc/modprobe.d/x.conf\nblacklist y", 34, NULL);
	snap = import_finish(im);
	ok(snap == s);
	is_str(file("/etc/modules"), "kvm\n");
	is_int(snapshot_status(s, SOURCE_MODPROBE), STATUS_OK);
	is_str(s->origin.kind, "live");
	done();
}
