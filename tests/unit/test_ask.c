// SPDX-License-Identifier: GPL-2.0-or-later
// Unit tests of report/ask.c: which command is asked for, and that its output is understood.
#include "report/ask.h"

#include "import/import.h"
#include "reply_kit.h"
#include "tap.h"

static const char *const some_log[] = { "[    1.000000] AMD-Vi: AMD IOMMUv2 loaded",
	NULL };
static const char *const whole_log[] = { "[    0.000000] Linux version 6.8.0 (x) #1 SMP",
	"[    1.000000] usb 1-1: new high-speed USB device number 4", NULL };

static const char *chosen(const struct post *p)
{
	const struct ask *ask = ask_choose(p->j);

	return ask ? ask->command : NULL;
}

TEST(a_part_of_the_log_asks_for_the_whole)
{
	struct post p = post_new();

	post_log(&p, false, some_log);
	post_judge(&p);
	is_str(chosen(&p), "sudo journalctl -k -b --no-hostname");
	post_free(&p);
}

TEST(what_was_posted_whole_is_not_asked_for_again)
{
	struct post p = post_new();

	post_log(&p, true, whole_log);
	post_judge(&p);
	ok(chosen(&p) && !strstr(chosen(&p), "journalctl"));
	post_free(&p);
	p = post_new();
	post_display(&p, "0000:01:00.0", "TU104", "nouveau");
	p.snap->pci.v[0].iommu_group = snap_int_of(1);
	post_judge(&p);
	ok(chosen(&p) && !strstr(chosen(&p), "lspci"));
	post_free(&p);
}

/* The beginning of what the commands print, in the order of the table. */
static const char *const outputs[] = {
	"Nov 22 14:00:01 kernel: Linux version 6.8.0-49-generic (buildd@x) (gcc) #49 SMP\n"
	"Nov 22 14:00:01 kernel: Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1\n"
	"Nov 22 14:00:01 kernel: DMAR: IOMMU enabled\n",
	"00:02.0 VGA compatible controller [0300]: Intel Corporation UHD Graphics [8086:4680]\n"
	"\tSubsystem: ASUSTeK Computer Inc. Device [1043:8694]\n"
	"\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping-\n"
	"\tIOMMU group: 0\n"
	"\tKernel driver in use: i915\n",
	"6.8.0-49-generic\n"
	"BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet intel_iommu=on\n",
	"           CPU0       CPU1\n"
	"  1:          0          9  IR-IO-APIC    1-edge      i8042\n"
	"120:          0          0  DMAR-MSI    0-edge      dmar0\n",
	"Architecture:            x86_64\n"
	"CPU(s):                  2\n"
	"Vendor ID:               GenuineIntel\n"
	"  Model name:            12th Gen Intel(R) Core(TM) i7-12700K\n"
	"Virtualization:          VT-x\n",
	"options vfio-pci ids=10de:1e87\n"
	"softdep nouveau pre: vfio-pci\n",
	"00000000-00000fff : Reserved\n"
	"00001000-0009ffff : System RAM\n"
	"000a0000-000bffff : PCI Bus 0000:00\n",
};
_Static_assert(sizeof outputs / sizeof outputs[0] == 7, "one for each row");

/* All lines are recognised, and FORMAT has some of them. */
static bool is_taken(const char *text, const char *command, const char *format)
{
	struct import *im = import_new();
	size_t n;
	bool found = false;

	import_text(im, "post", text, strlen(text), NULL);
	const struct import_span *spans = import_spans(im, &n);
	for (size_t i = 0; i < n; i++) {
		found |= text_equal(spans[i].format, format);
		if (!spans[i].format)
			tap_fail("lines %zu-%zu of %s", spans[i].first, spans[i].last,
				command);
	}
	struct snapshot *snap = import_finish(im);
	import_free(im);
	snapshot_free(snap);
	return found;
}

TEST(what_is_asked_for_is_understood)
{
	struct arena *a = arena_new();

	is_int(ask_table_length, sizeof outputs / sizeof outputs[0]);
	for (size_t i = 0; i < ask_table_length; i++) {
		const char *command = ask_table[i].command;
		const char *post = arena_printf(a, "$ %s\n%s", command, outputs[i]);

		if (!is_taken(post, command, ask_table[i].format))
			tap_fail("%s: not %s", command, ask_table[i].format);
	}
	arena_free(a);
}

TEST(a_source_that_no_command_prints_has_none)
{
	ok(ask_for(SOURCE_ACPI_TABLES) == NULL);
	ok(ask_for(SOURCE_PCI) && strstr(ask_for(SOURCE_PCI)->command, "lspci"));
}
