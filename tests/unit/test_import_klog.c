// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log in a paste: what belongs to it, wraps, filters, and when it is whole.
#include "import/klog.h"
#include "import_kit.h"

static struct snapshot *read_all(const char *text)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_klog, text);
	format_klog.finish(&kit_im);
	return s;
}

static const char *record(const struct snapshot *s, size_t i)
{
	return i < s->log.lines.n ? s->log.lines.s[i] : NULL;
}

TEST(stamps_of_all_kinds)
{
	static const char *const lines[] = {
		"[    0.251399] DMAR: IOMMU enabled",
		"<6>[    0.251399] DMAR: IOMMU enabled",
		"kern  :info  : [    0.251399] DMAR: IOMMU enabled",
		"[    0.251399] [      T0] DMAR: IOMMU enabled",
		"[    0.251399 <    0.000012>] DMAR: IOMMU enabled",
		"[    0.251399] box kernel: DMAR: IOMMU enabled",
		"Nov 22 14:00:01 box kernel: [    0.251399] DMAR: IOMMU enabled",
		"Nov 22 14:00:01 kernel: [    0.251399] DMAR: IOMMU enabled",
		"2026-11-22T14:00:01+01:00 box kernel: [    0.251399] DMAR: IOMMU enabled",
		"Sun 2026-11-22 14:00:01 UTC box kernel: [    0.251399] DMAR: IOMMU enabled",
		"1700000000.123456 box kernel: [    0.251399] DMAR: IOMMU enabled",
		"[Sun Nov 22 14:00:01 2026] [    0.251399] DMAR: IOMMU enabled",
		"2026-11-22 14:00:01 [    0.251399] DMAR: IOMMU enabled",
		"kernel: [    0.251399] DMAR: IOMMU enabled",
		"kern.log:12:Nov 22 14:00:01 box kernel: [    0.251399] DMAR: IOMMU enabled",
		"123:[    0.251399] DMAR: IOMMU enabled",
		"+[    0.251399] DMAR: IOMMU enabled",
		"     [    0.251399] DMAR: IOMMU enabled",
		" kernel:[    0.251399] DMAR: IOMMU enabled",
		"    kernel [    0.251399] DMAR: IOMMU enabled",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct snapshot *s = read_all(lines[i]);
		is_int(s->log.lines.n, 1);
		is_str(record(s, 0), "[    0.251399] DMAR: IOMMU enabled");
		is_int(snapshot_status(s, SOURCE_KERNEL_LOG), STATUS_TRUNCATED);
		ok(s->log.complete.have == HAVE_VALUE && !s->log.complete.v);
		kit_end();
	}
}

TEST(stamps_that_tell_no_time)
{
	static const char *const lines[] = {
		"DMAR: IOMMU enabled",
		"[Sun Nov 22 14:00:01 2026] DMAR: IOMMU enabled",
		"[Nov22 14:00] DMAR: IOMMU enabled",
		"[  +0.000003] DMAR: IOMMU enabled",
		"nov. 22 14:00:01 box kernel: DMAR: IOMMU enabled",
		"2026-11-22T14:00:01,251399+01:00 DMAR: IOMMU enabled",
		"kernel: DMAR: IOMMU enabled",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct snapshot *s = read_all(lines[i]);
		is_str(record(s, 0), "DMAR: IOMMU enabled");
		kit_end();
	}
}

TEST(other_text_is_none)
{
	static const char *const lines[] = {
		"IOMMU is enabled in the BIOS",
		"IOMMU Group 1 01:00.0 VGA compatible controller [0300]",
		"IOMMU: yes",
		"[12:00:01] <user> my card is gone",
		"[1.5] see below",
		"00:02.0 VGA compatible controller: Intel",
		"vfio 0000:01:00.0: group 1 is not viable",
		"kvm: -device vfio-pci,host=01:00.0: vfio: error opening /dev/vfio/1",
		"Nov 22 14:00:01 box systemd[1]: Started.",
		"options vfio-pci ids=10de:1c82",
		"qemu-system-x86_64: -device vfio-pci: failed",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
		"device 01:00.0: what now",
	};

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_klog, lines[i]), 0);
	kit_end();
}

/* A person's quotation marks around a line are not the kernel's. */
TEST(quoted_lines)
{
	static const char *const lines[] = {
		"`NVRM: Attempting to remove device 0000:07:00.0 with non-zero usage "
		"count!`",
		"\"NVRM: Attempting to remove device 0000:07:00.0 with non-zero usage "
		"count!\"",
		"` Nov 22 14:00:01 box kernel: NVRM: Attempting to remove device "
		"0000:07:00.0 with non-zero usage count!`",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct snapshot *s = read_all(lines[i]);

		is_int(s->log.lines.n, 1);
		is_str(record(s, 0),
			"NVRM: Attempting to remove device 0000:07:00.0 with "
			"non-zero usage count!");
		is_int(s->pci.n, 1);
		kit_end();
	}
	/* Speaks of it */
	is_int(read_all("\"DMAR: IOMMU enabled\" does not show up")->log.lines.n, 0);
	kit_end();
	is_int(read_all("'")->log.lines.n, 0);
	kit_end();
}

/* Lines that name functions elsewhere than in front. */
TEST(functions_within_messages)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{ "[ 1.000000] genirq: Flags mismatch irq 16. 00000000 "
		  "(vfio-intx(0000:05:00.0)) vs. 00000000 (vfio-intx(0000:88:00.0))",
			2 },
		{ "[ 1.000000] genirq: Flags mismatch irq 128. 00000080 (ttyS5) vs. "
		  "00000000 (xhci_hcd)",
			0 },
		{ "[ 1.000000] vfio-pci: probe of 0000:01:00.0 failed with error -22",
			1 },
		{ "irq 31: nobody cared (try booting with the \"irqpoll\" option)", 0 },
		{ "NVRM: Attempting to remove device 0000:07:00.0 with non-zero usage "
		  "count!",
			1 },
		{ "[ 1.000000] NVRM: Attempting to remove device ", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = read_all(cases[i].text);

		is_int(s->log.lines.n, 1);
		is_int(s->pci.n, cases[i].n);
		kit_end();
	}
}

TEST(prose_ends_it)
{
	kit_begin();
	is_int(kit_take(&format_klog,
		       "[    0.251399] DMAR: IOMMU enabled\n"
		       "so it is on, as you see\n\nand more"),
		1);
	is_int(kit_take(&format_klog,
		       "DMAR: IOMMU enabled\nAMD-Vi: x\n\nThis is all I get: help"),
		2);
	is_int(kit_take(&format_klog,
		       "[    0.251399] DMAR: a\n\n[    0.3] no\n[    0.300000] DMAR: b\n"),
		1);
	is_int(kit_take(&format_klog, "[    0.251399] a\n--\n[    0.300000] b\n$ lspci"),
		3);
	kit_end();
}

TEST(wrapped_lines_are_joined)
{
	struct snapshot *s = read_all(
		"[ 15.049948] pcieport 0000:00:01.0: Data Link Layer Link Active not set\n"
		"in 1000 msec\n"
		"[ 15.050024] pcieport 0000:01:00.0: Unable to change power state from\n"
		"D3cold to D0, device inaccessible\n");

	is_int(s->log.lines.n, 2);
	is_str(record(s, 0),
		"[   15.049948] pcieport 0000:00:01.0: Data Link Layer Link Active not set in 1000 msec");
	is_str(record(s, 1),
		"[   15.050024] pcieport 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible");
	kit_end();
	s = read_all(
		"[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-6.8.0 root=/dev/sda2 ro qu\n"
		"iet intel_iommu=on\n"
		"[    0.000000] next\n");
	is_str(record(s, 0),
		"[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-6.8.0 root=/dev/sda2 ro quiet intel_iommu=on");
	kit_end();
	s = read_all("[    0.050130] DMAR: [Firmware Bug]: broken\n"
		     "               BIOS vendor: Dell Inc.\n"
		     "[    0.060000] next\n");
	is_int(s->log.lines.n, 2);
	is_str(record(s, 0),
		"[    0.050130] DMAR: [Firmware Bug]: broken\n               BIOS vendor: Dell Inc.");
	kit_end();
}

TEST(without_stamps)
{
	struct snapshot *s = read_all("DMAR: Host address width 39\n"
				      "DMAR-IR: Enabled IRQ remapping in x2apic mode\n"
				      "pci 0000:01:00.0: Adding to iommu group 1\n"
				      "hello there\n");

	is_int(s->log.lines.n, 3);
	is_str(record(s, 2), "pci 0000:01:00.0: Adding to iommu group 1");
	kit_end();
	s = read_all("Linux version 5.9.0-rc7 (root@x) (gcc)\n"
		     "Command line: root=/dev/nvme0n1p1\n"
		     "KERNEL supported cpus:\n"
		     "  Intel GenuineIntel\n"
		     "NX (Execute Disable) protection: active\n\n"
		     "that was it");
	is_int(s->log.lines.n, 5);
	kit_end();
}

TEST(parts_of_one_boot_and_of_two)
{
	struct snapshot *s = read_all("[    0.251399] DMAR: IOMMU enabled\n"
				      "text\n"
				      "[    3.000000] vfio_pci: add\n");

	is_int(s->log.lines.n, 2);
	kit_end();
	s = read_all("[    0.000000] Linux version 6.1.0 (a)\n"
		     "[    0.000000] Command line: quiet\n"
		     "then I changed it:\n\n"
		     "[    0.000000] Linux version 6.1.0 (a)\n"
		     "[    0.000000] Command line: quiet intel_iommu=on\n"
		     "[    0.251399] DMAR: IOMMU enabled\n");
	is_int(s->log.lines.n, 3);
	is_str(record(s, 1), "[    0.000000] Command line: quiet intel_iommu=on");
	kit_end();
}

TEST(head_may_be_cut)
{
	struct snapshot *s = read_all("51399] DMAR: Host address width 39\n"
				      "[    0.251400] DMAR: IOMMU enabled\n");

	is_int(s->log.lines.n, 2);
	kit_end();
}

/* A boot as long as a small one; without its line number SKIP. */
static char *boot(struct arena *a, size_t skip, size_t n, const char *last)
{
	static const char *const start[] = { "Linux version 6.1.0 (a)",
		"Command line: quiet", "BIOS-e820: [mem 0x0-0x1] usable",
		"ACPI: DMAR 0x0", "Memory: 1K/2K available",
		"Freeing unused kernel image", "systemd[1]: Inserted module",
		"audit: type=1" };
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n; i++)
		if (i != skip)
			strbuf_addf(&b, "[%5zu.%06zu] %s\n", i / 20, i % 20 * 10,
				i < 8 ? start[i] : "pci 0000:00:01.0: BAR");
	strbuf_add(&b, last);
	return strbuf_finish(&b, a);
}

TEST(whole_only_if_nothing_speaks_against_it)
{
	struct arena *a = arena_new();
	struct snapshot *s = read_all(boot(a, 400, 400, ""));

	ok(s->log.complete.v);
	is_int(snapshot_status(s, SOURCE_KERNEL_LOG), STATUS_OK);
	kit_end();
	for (size_t i = 0; i < 6; i++) {
		s = read_all(boot(a, i == 1 ? 6 : i, 400, ""));
		ok(!s->log.complete.v);
		kit_end();
	}
	s = read_all(boot(a, 400, 100, ""));
	ok(!s->log.complete.v);
	kit_end();
	s = read_all(boot(a, 400, 400, "...\n[   99.000000] late\n"));
	ok(!s->log.complete.v);
	kit_end();
	kit_begin();
	kit_command("dmesg | grep -v x", true);
	kit_read(&format_klog, boot(a, 400, 400, ""));
	format_klog.finish(&kit_im);
	ok(!kit_im.snap->log.complete.v);
	kit_end();
	/* parts that follow a whole one take nothing away */
	s = read_all(boot(a, 400, 400, "and:\n[    3.000000] vfio_pci: add\n"));
	ok(s->log.complete.v);
	is_str(record(s, s->log.lines.n - 1), "[    3.000000] vfio_pci: add");
	kit_end();
	arena_free(a);
}

TEST(journal_with_other_senders)
{
	struct snapshot *s = read_all("Nov 22 14:00:01 box kernel: DMAR: IOMMU enabled\n"
				      "Nov 22 14:00:01 box systemd[1]: Started x\n"
				      "Nov 22 14:00:02 box kernel: vfio_pci: add\n"
				      "Nov 22 14:00:03 box QEMU[12]: kvm: vfio: error\n");

	is_int(s->log.lines.n, 2);
	kit_end();
	kit_begin();
	is_int(kit_take(&format_klog,
		       "Nov 22 14:00:01 box kernel: a\nNov 22 14:00:03 box QEMU[12]: x\n"),
		1);
	kit_end();
}

TEST(functions_that_it_names)
{
	struct snapshot *s = read_all(
		"[    0.100000] pci 0000:01:00.0: [10de:1c82] type 00 class 0x030000\n"
		"[    0.200000] pci 0000:01:00.0: Adding to iommu group 1\n"
		"[    0.300000] iommu: Adding device 0000:00:02.0 to group 0\n"
		"[   10.000000] vfio-pci 0000:02:00.0: not ready 1023ms after resume; giving up\n"
		"[   11.000000] DMAR: [DMA Read] Request device [00:16.7] fault addr 9cdff000\n");

	is_int(s->pci.n, 4);
	is_str(s->pci.v[0].address, "0000:01:00.0");
	is_int(s->pci.v[0].vendor.v, 0x10de);
	is_int(s->pci.v[0].device.v, 0x1c82);
	is_int(s->pci.v[0].class_code.v, 0x030000);
	is_int(s->pci.v[0].iommu_group.v, 1);
	is_int(s->pci.v[1].iommu_group.v, 0);
	is_int(s->pci.v[1].vendor.have, HAVE_NOT);
	is_str(s->pci.v[3].address, "0000:00:16.7");
	kit_end();
	/* a whole list of functions is not made longer */
	kit_begin();
	kit_im.pci_listed = true;
	import_function(&kit_im, (struct bdf){ 0, 2, 0, 0 });
	kit_read(&format_klog, "vfio-pci 0000:02:00.0: a\nvfio-pci 0000:03:00.0: b\n");
	format_klog.finish(&kit_im);
	is_int(kit_im.snap->pci.n, 1);
	kit_end();
}

#define FOUND                                                                            \
	"[    0.000000] Command line: ro amd_iommu=on\n"                                 \
	"[    1.113669] AMD IOMMUv2 driver by Joerg Roedel\n"

/* The words that a search had, as the snapshot names them; behind a fence or not. */
static const char *searched(const char *command, const char *log, bool ends)
{
	static char words[80];
	struct snapshot *s = kit_begin();

	kit_command(command, true);
	kit_im.ends = ends;
	kit_read(&format_klog, log);
	format_klog.finish(&kit_im);
	snprintf(words, sizeof words, "%s%s",
		s->log.filter.n
			? text_join(kit_im.scratch, (const char *const *)s->log.filter.s,
				  s->log.filter.n, " ")
			: "",
		s->log.filter_any_case.have == HAVE_VALUE && s->log.filter_any_case.v
			? " (any case)"
			: "");
	kit_end();
	return words;
}

TEST(a_search_shows_all_of_its_kind)
{
	is_str(searched("dmesg | grep -i iommu", FOUND, true), "iommu (any case)");
	is_str(searched("sudo dmesg | grep -e DMAR -e IOMMU", FOUND, true), "DMAR IOMMU");
	is_str(searched("dmesg|grep iommu", FOUND, true), "");
	is_str(searched("dmesg | grep -E 'DMAR|IOMMU'", FOUND, true), "DMAR IOMMU");
	is_str(searched("dmesg | egrep -i \"dmar|iommu\"", FOUND, true),
		"dmar iommu (any case)");
	is_str(searched("dmesg | grep 'DMAR\\|IOMMU'", FOUND, true), "DMAR IOMMU");
	/* Cut off, perhaps; of a ring that may have run over */
	is_str(searched("dmesg | grep -i iommu", FOUND, false), "");
	is_str(searched("dmesg | grep -i iommu",
		       "[   12.000000] vfio-pci 0000:01:00.0: Adding to iommu group 1\n",
		       true),
		"");
}

TEST(searches_that_let_less_through)
{
	static const char *const commands[] = { "dmesg | grep -iw iommu",
		"dmesg | grep -i iommu | head", "dmesg | grep 'DMAR.*IOMMU'",
		"dmesg | grep -v iommu", "dmesg | grep -i iommu | grep -v amd",
		"journalctl -k | grep -i iommu", "dmesg | tail", "dmesg | grep 'iommu",
		"dmesg | grep -m 3 iommu", "grep -i iommu /var/log/dmesg", "dmesg -l err",
		"dmesg | grep 'DMAR|IOMMU'", "dmesg | grep -i", "dmesg | grep a" };

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		is_str(searched(commands[i], FOUND, true), "");
}

TEST(groups_of_vfio_itself)
{
	struct snapshot *s = read_all(
		"[   10.000000] vfio-pci 0000:02:00.0: Adding to iommu group 0\n"
		"[   10.100000] vfio-pci 0000:02:00.0: Adding kernel taint for vfio-noiommu group on device\n"
		"[   11.000000] genirq: Flags mismatch irq 16. 00000000 (vfio-intx(0000:05:00.0)) vs. 00000000 (vfio-intx(0000:88:00.0))\n");

	is_int(s->groups.n, 1);
	is_str(snap_str(s->groups.v[0].name), "vfio-noiommu");
	is_int(s->pci.n, 3);
	kit_end();
}
