// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log: formats, foreign lines, boots, completeness, records of /dev/kmsg.
#include "collect/klog_live.h"
#include "collect/sources.h"
#include "import/klog_text.h"
#include "tree.h"

static struct arena *arena;

static struct klog_text parse(const char *text)
{
	arena_free(arena);
	arena = arena_new();
	return klog_text_parse(arena, text);
}

TEST(formats_give_the_same_record)
{
	static const char *const lines[] = {
		"[    0.050130] DMAR: Host address width 39",
		"<6>[    0.050130] DMAR: Host address width 39",
		"kern  :info  : [    0.050130] DMAR: Host address width 39",
		"[    0.050130] [      T0] DMAR: Host address width 39",
		"<6>[    0.050130][    C11] DMAR: Host address width 39",
		"Nov 22 14:00:01 box kernel: [    0.050130] DMAR: Host address width 39",
		"2026-11-22T14:00:01.123456+01:00 box kernel: [    0.050130] DMAR: Host address width 39",
		"[    0.050130] box kernel: DMAR: Host address width 39",
		"[    0.050130] kernel: DMAR: Host address width 39",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct klog_text t = parse(lines[i]);
		is_int(t.n, 1);
		is_str(t.n ? t.records[0] : NULL,
			"[    0.050130] DMAR: Host address width 39");
	}
}

TEST(clock_that_says_nothing_is_dropped)
{
	is_str(parse("[Sun Nov 22 14:00:01 2026] vfio_pci: add").records[0],
		"vfio_pci: add");
	is_str(parse("[Nov22 14:00] vfio_pci: add").records[0], "vfio_pci: add");
	is_str(parse("[  +0.000003] vfio_pci: add").records[0], "vfio_pci: add");
	is_str(parse("Nov 22 14:00:01 box kernel: vfio_pci: add").records[0],
		"vfio_pci: add");
}

TEST(message_that_looks_like_a_prefix_stays)
{
	static const char *const lines[] = {
		"[drm] amdgpu kernel modesetting enabled.",
		"[1002:67df] is a device",
		"pci 0000:00:14.0: [8086:7000] type 00",
		"e820: update [mem 0x00000000-0x00000fff] usable ==> reserved",
		"<192> no priority",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_str(parse(lines[i]).records[0], lines[i]);
}

TEST(user_space_says_nothing)
{
	struct klog_text t = parse("Nov 22 14:00:01 box systemd[1]: IOMMU enabled\n"
				   "  and more of it\n"
				   "Nov 22 14:00:01 box kernel: real\n"
				   "Nov 22 14:00:02 box not-kernel: no\n");

	is_int(t.n, 1);
	is_str(t.records[0], "real");
	ok(t.syslog);
	t = parse("<30>[    1.000000] systemd[1]: faked\n<6>[    1.000001] real\n");
	is_int(t.n, 1);
	is_str(t.records[0], "[    1.000001] real");
	t = parse(
		"user  :notice: [    1.000000] faked\nkern  :notice: [    1.000001] real\n");
	is_int(t.n, 1);
	t = parse(
		"[    1.000000] box systemd[1]: faked\n[    1.000001] box kernel: real\n");
	is_int(t.n, 1);
	/* KVM names the process of the guest in the same form (kvm_pr_unimpl()) */
	t = parse("[    1.000000] kvm [4711]: ignored rdmsr: 0x60d data 0x0\n");
	is_int(t.n, 1);
}

TEST(line_without_prefix_continues_the_record)
{
	struct klog_text t = parse("[    0.050130] DMAR: [Firmware Bug]: broken\n"
				   "               BIOS vendor: Dell Inc.\n"
				   "[    0.060000] next\n");

	is_int(t.n, 2);
	is_str(t.records[0],
		"[    0.050130] DMAR: [Firmware Bug]: broken\n               BIOS vendor: Dell Inc.");
	/* where nothing has a prefix, every line is a record */
	is_int(parse("Linux version 6.1.0\nCommand line: x\n").n, 2);
}

TEST(last_boot_is_kept_with_its_early_lines)
{
	struct klog_text t = parse("[    0.000000] Linux version 6.1.0 (old)\n"
				   "[   99.000000] old\n"
				   "[    0.000000] microcode: updated early\n"
				   "[    0.000000] Linux version 6.1.1 (new)\n"
				   "[    1.000000] new\n");

	ok(t.banner);
	ok(!t.lost);
	is_int(t.n, 3);
	is_str(t.records[0], "[    0.000000] microcode: updated early");
}

TEST(loss_is_noticed)
{
	ok(!parse("[    1.000000] no banner\n").banner);
	ok(!parse("[    0.000000] The Linux version says nothing\n").banner);
	/* a second boot whose banner is missing */
	ok(parse("[    0.000000] Linux version 6.1.0\n[   50.0] a\n[    3.0] b\n").lost);
	/* processors disagree a little */
	ok(!parse("[    0.000000] Linux version 6.1.0\n[   50.1] a\n[   50.0] b\n").lost);
	ok(parse("[    0.000000] Linux version 6.1.0\n"
		 "[    1.000000] ** 12 printk messages dropped **\n")
			.lost);
	ok(parse("Nov 22 14:00:01 b kernel: Linux version 6.1.0\n"
		 "Nov 22 14:00:01 b kernel: Missed 7 kernel messages\n")
			.lost);
}

TEST(kmsg_record)
{
	static const char record[] =
		"6,339,5140900,-,caller=T1;a\\x0ab \\xe2\\x82\\xac\n SUBSYSTEM=acpi\n DEVICE=+acpi:x\n";
	struct kmsg_record r;
	struct arena *a = arena_new();

	ok(kmsg_parse(a, record, sizeof record - 1, &r));
	is_int(r.priority, 6);
	is_int(r.sequence, 339);
	is_int(r.usec, 5140900);
	is_str(r.text, "a\nb \xe2\x82\xac");
	ok(klog_is_kernel(r.priority));
	ok(!klog_is_kernel(12));
	ok(!kmsg_parse(a, "6,339;x", 7, &r));
	ok(!kmsg_parse(a, "6,339,1,-", 9, &r));
	ok(!kmsg_parse(a, "", 0, &r));
	arena_free(a);
}

TEST(tree_and_given_file)
{
	struct collect_options options = { 0 };
	char given[PATH_MAX];
	struct env e;

	setup(&e);
	collect_klog(e.s, &e.r, &options);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_LOG), STATUS_ABSENT);
	ok(e.s->log.lines.have == HAVE_NOT && e.s->log.complete.have == HAVE_NOT);

	tree_file(&e.t, "var/log/dmesg",
		"[    0.000000] Linux version 6.1.0\n[    1.0] x\n");
	collect_klog(e.s, &e.r, &options);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_LOG), STATUS_OK);
	is_str(snap_str(e.s->log.from), "/var/log/dmesg");
	ok(e.s->log.complete.v);
	is_int(e.s->log.lines.n, 2);

	tree_file(&e.t, "given", "[    1.000000] wrapped\r\n[    2.000000] b\r\n");
	options.kernel_log = tree_path(&e.t, "given", given);
	e.s->log = (struct snap_log){ 0 };
	collect_klog(e.s, &e.r, &options);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_LOG), STATUS_TRUNCATED);
	ok(e.s->log.complete.have == HAVE_VALUE && !e.s->log.complete.v);
	is_str(e.s->log.lines.s[0], "[    1.000000] wrapped");

	/* a NUL does not end it */
	tree_bytes(&e.t, "given", "[    1.000000] a\0b\n[    2.000000] c\n", 37);
	e.s->log = (struct snap_log){ 0 };
	collect_klog(e.s, &e.r, &options);
	is_int(e.s->log.lines.n, 2);
	is_str(e.s->log.lines.s[0], "[    1.000000] a\\x00b");
	teardown(&e);
	arena_free(arena);
}
