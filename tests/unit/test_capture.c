// SPDX-License-Identifier: GPL-2.0-or-later
// Captures of other tools: which is recognised, what is read of it, and what stays unknown.
#include "collect/capture.h"

#include "base/text.h"
#include "tree.h"

/* A capture in a directory, and what became of it. */
struct box {
	struct tree t;
	struct import *im;
	struct snapshot *s;
	struct capture_error error;
};

static struct box box_new(void)
{
	return (struct box){ .t = tree_new() };
}

static bool box_read(struct box *b)
{
	b->im = import_new();
	bool fine = capture_read(b->im, b->t.dir, NULL, &b->error);

	ok(fine == !*b->error.message);
	b->s = import_finish(b->im);
	return fine;
}

static void box_free(struct box *b)
{
	import_free(b->im);
	snapshot_free(b->s);
	tree_free(&b->t);
}

/* Was a text handed to the import whose name ends so? */
static bool was_read(const struct box *b, const char *end)
{
	size_t n;
	const struct import_span *spans = import_spans(b->im, &n);

	for (size_t i = 0; i < n; i++)
		if (text_ends(spans[i].file, end))
			return true;
	return false;
}

static const struct snap_file *file_of(const struct box *b, const char *path)
{
	for (size_t i = 0; i < b->s->files.n; i++)
		if (strcmp(b->s->files.v[i].path, path) == 0)
			return &b->s->files.v[i];
	return NULL;
}

static void sos_files(struct box *b)
{
	tree_file(&b->t, "sosreport-x/sos_commands/kernel/dmesg",
		"[    9.1] usb 1-1: new\n");
	tree_file(&b->t, "sosreport-x/sos_commands/logs/journalctl_--no-pager_--boot",
		"Nov 22 10:00:00 h kernel: Linux version 6.1.0 (x) #1\n");
	tree_file(&b->t, "sosreport-x/sos_commands/pci/lspci_-nnvv",
		"00:00.0 Host bridge [0600]: Intel Corporation Device [8086:29c0]\n");
	tree_file(&b->t, "sosreport-x/sos_commands/pci/lspci_-tv", "-[0000:00]-+-00.0\n");
	tree_file(&b->t, "sosreport-x/proc/cmdline", "intel_iommu=on\n");
	tree_file(&b->t, "sosreport-x/etc/modprobe.d/vfio.conf",
		"options vfio-pci ids=10de:1c82\n");
	tree_file(&b->t, "sosreport-x/sys/firmware/acpi/tables/FACP", "x");
	tree_file(&b->t, "sosreport-x/sys/class/dmi/id/board_name", "Z270\n");
	tree_dir(&b->t, "sosreport-x/sys/block");
}

TEST(a_sosreport_leaves_open_what_it_does_not_hold)
{
	struct box b = box_new();

	sos_files(&b);
	ok(capture_is(b.t.dir));
	ok(box_read(&b));
	is_str(b.s->origin.kind, "pasted");
	is_str(snap_str(b.s->kernel.cmdline), "intel_iommu=on");
	is_str(snap_str(b.s->host.dmi.board_name), "Z270");
	ok(file_of(&b, "/etc/modprobe.d/vfio.conf") != NULL);
	is_int(snapshot_status(b.s, SOURCE_MODPROBE), STATUS_TRUNCATED);
	is_int(snapshot_status(b.s, SOURCE_ACPI_NAMES), STATUS_OK);
	/* No /sys/kernel/iommu_groups in it says nothing of the host */
	is_int(snapshot_status(b.s, SOURCE_IOMMU_GROUPS), STATUS_MISSING);
	is_int(snapshot_status(b.s, SOURCE_BOOT_CONFIG), STATUS_MISSING);
	is_int(snapshot_status(b.s, SOURCE_NODES), STATUS_MISSING);
	is_int(b.s->host.efi.have, HAVE_NOT);
	is_int(b.s->groups.have, HAVE_NOT);
	is_int(b.s->uses.have, HAVE_NOT);
	box_free(&b);
}

TEST(of_several_logs_the_one_with_the_beginning)
{
	struct box b = box_new();

	sos_files(&b);
	ok(box_read(&b));
	ok(was_read(&b, "sosreport-x/sos_commands/logs/journalctl_--no-pager_--boot"));
	ok(!was_read(&b, "sos_commands/kernel/dmesg"));
	ok(was_read(&b, "sos_commands/pci/lspci_-nnvv"));
	ok(was_read(&b, "sos_commands/pci/lspci_-tv"));
	box_free(&b);
}

TEST(a_tree_of_a_host_is_judged_as_with_root)
{
	struct box b = box_new();

	tree_dir(&b.t, "root/sys/bus/pci/devices");
	tree_dir(&b.t, "root/sys/class");
	tree_file(&b.t, "root/proc/cmdline", "quiet\n");
	tree_dir(&b.t, "root/etc/modprobe.d");
	ok(box_read(&b));
	is_str(b.s->origin.kind, "tree");
	is_int(snapshot_status(b.s, SOURCE_PCI), STATUS_OK);
	is_int(snapshot_status(b.s, SOURCE_IOMMU_GROUPS), STATUS_ABSENT);
	is_int(snapshot_status(b.s, SOURCE_MODPROBE), STATUS_OK);
	box_free(&b);
}

TEST(a_part_of_sys_is_no_host)
{
	struct box b = box_new();

	tree_file(&b.t, "proc/cmdline", "quiet\n");
	tree_dir(&b.t, "sys/kernel/iommu_groups/0/devices/0000:00:00.0");
	ok(box_read(&b));
	is_str(b.s->origin.kind, "pasted");
	is_int(snapshot_status(b.s, SOURCE_IOMMU_GROUPS), STATUS_OK);
	is_int(b.s->groups.n, 1);
	is_int(snapshot_status(b.s, SOURCE_IOMMU_UNITS), STATUS_MISSING);
	is_int(snapshot_status(b.s, SOURCE_PCI), STATUS_MISSING);
	box_free(&b);
}

TEST(hw_probe)
{
	struct box b = box_new();

	tree_file(&b.t, "hw.info/host", "system:debian\n");
	tree_file(&b.t, "hw.info/logs/dmi_id",
		"sys_vendor: ASUS\nboard_name: Z270-A\nchassis_type: 3\n");
	tree_file(&b.t, "hw.info/logs/lspci_all",
		"00:00.0 Host bridge [0600]: x [8086:1]\n");
	tree_file(&b.t, "hw.info/logs/lspci", "Slot:\t00:00.0\n");
	tree_file(&b.t, "hw.info/logs/modprobe.d",
		"a.conf\n------\nblacklist nouveau\n\n\nvfio.conf\n---------\n"
		"options vfio-pci ids=10de:1c82\n\n\n");
	ok(box_read(&b));
	is_str(snap_str(b.s->host.dmi.sys_vendor), "ASUS");
	is_str(snap_str(b.s->host.dmi.board_name), "Z270-A");
	is_int(b.s->host.dmi.chassis_type.v, 3);
	is_int(b.s->host.dmi.bios_date.have, HAVE_NOT);
	is_int(snapshot_status(b.s, SOURCE_DMI), STATUS_OK);
	ok(was_read(&b, "hw.info/logs/lspci_all"));
	ok(!was_read(&b, "hw.info/logs/lspci"));
	ok(was_read(&b, "hw.info/logs/modprobe.d"));
	box_free(&b);
}

TEST(supportconfig)
{
	struct box b = box_new();

	tree_file(&b.t, "scc_h/basic-environment.txt",
		"#==[ Command ]======================================#\n# /bin/date\nSun\n\n"
		"#==[ Command ]======================================#\n# /usr/bin/uname -a\n"
		"Linux h 6.4.0-1-default #1 SMP x86_64 GNU/Linux\n\n");
	tree_file(&b.t, "scc_h/hardware.txt",
		"#==[ Command ]======================================#\n# /sbin/lspci -b\n"
		"00:00.0 x\n\n"
		"#==[ Configuration File ]===========================#\n"
		"# /etc/none - File not found\n\n"
		"#==[ Command ]======================================#\n# /sbin/lspci -nn\n"
		"00:00.0 Host bridge [0600]: Intel Corporation Device [8086:29c0]\n");
	ok(box_read(&b));
	size_t n;
	const struct import_span *spans = import_spans(b.im, &n);
	is_int(n, 2);
	ok(n == 2 && text_ends(spans[0].file, "basic-environment.txt"));
	ok(n == 2 && text_ends(spans[1].file, "scc_h/hardware.txt"));
	box_free(&b);
}

TEST(texts_without_a_known_capture)
{
	struct box b = box_new();

	tree_file(&b.t, "post/lspci.txt", "00:00.0 Host bridge [0600]: x [8086:29c0]\n");
	tree_file(&b.t, "readme", "hello\n");
	tree_bytes(&b.t, "picture.png", "\x89PNG\0", 5);
	tree_link(&b.t, "passwd", "../../../../../etc/passwd");
	ok(box_read(&b));
	ok(was_read(&b, "post/lspci.txt"));
	ok(was_read(&b, "readme"));
	ok(!was_read(&b, "picture.png"));
	ok(!was_read(&b, "passwd"));
	box_free(&b);
}

TEST(what_is_not_one_machine_is_refused)
{
	struct box b = box_new();

	tree_dir(&b.t, "a/sos_commands");
	tree_dir(&b.t, "b/sos_commands");
	ok(!box_read(&b));
	ok(!b.error.unopenable);
	is_str(b.error.message,
		"holds captures of several machines, a and b: give one of them");
	box_free(&b);
	b = box_new();
	ok(!box_read(&b));
	is_str(b.error.message,
		"holds nothing that can be read: neither a known capture "
		"nor texts");
	box_free(&b);
}

TEST(a_path_that_is_not_there)
{
	struct capture_error error;
	struct import *im = import_new();

	ok(!capture_is("/nonexistent"));
	ok(!capture_read(im, "/nonexistent", NULL, &error));
	ok(error.unopenable);
	is_str(error.message, "No such file or directory");
	snapshot_free(import_finish(im));
	import_free(im);
}
