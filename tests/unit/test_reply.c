// SPDX-License-Identifier: GPL-2.0-or-later
// Unit tests of report/reply*.c: what is answered to a post, and that nothing in the post
// becomes markup of the answer.
#include "reply_kit.h"

#include <stdlib.h>

#include "report/cmarktree.h"
#include "tap.h"

/* The wiki page's machine: `dmesg | grep AMD-Vi`. */
static const char *const no_ioapic[] = {
	"[    0.166218] AMD-Vi: [Firmware Bug]: : IOAPIC[9] not in IVRS table",
	"[    0.166219] AMD-Vi: [Firmware Bug]: : No southbridge IOAPIC found",
	"[    0.166220] AMD-Vi: Disabling interrupt remapping",
	NULL,
};

static const char *const no_iommu[] = {
	"[    0.000000] Linux version 6.8.0-49-generic (buildd@x) (gcc) #49 SMP",
	"[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 quiet",
	"[    9.000000] usb 1-1: new high-speed USB device number 4",
	NULL,
};

TEST(a_part_of_a_log_that_shows_the_cause_is_enough)
{
	struct post p = post_new();

	post_log(&p, false, no_ioapic);
	post_judge(&p);
	char *text = post_reply(&p, "text");
	ok(text_starts(text, "No device can be handed to a guest here, unless "));
	ok(strstr(text, "interrupts are not\n") ||
		strstr(text, "interrupts are not remapped"));
	ok(strstr(text, "\n    [    0.166218] AMD-Vi: [Firmware Bug]: : IOAPIC[9]"));
	ok(strstr(text, "\nFix"));
	ok(strstr(text,
		"\nNext: if it still fails after that, post the output of this:\n    sudo "));
	free(text);
	post_free(&p);
}

TEST(a_whole_log_without_groups_is_a_verdict_and_not_asked_for_again)
{
	struct post p = post_new();

	post_log(&p, true, no_iommu);
	post_judge(&p);
	char *text = post_reply(&p, "text");
	ok(text_starts(
		text, "No device can be handed to a guest here: no IOMMU is at work."));
	ok(!strstr(text, "journalctl"));
	free(text);
	post_free(&p);
}

TEST(what_does_not_decide_is_not_judged)
{
	struct post p = post_new();

	post_display(&p, "0000:00:02.0", "UHD Graphics 770", "i915");
	post_display(&p, "0000:01:00.0", "TU104 [GeForce RTX 2080]", "nouveau");
	post_judge(&p);
	char *text = post_reply(&p, "text");
	ok(text_starts(text,
		"Cannot be judged from this: what you posted does not show whether"));
	ok(strstr(text, "    sudo journalctl -k -b --no-hostname\n"));
	ok(strstr(text, "    sudo vfio-doctor\n"));
	ok(!strstr(text, "\nFix"));
	free(text);
	post_free(&p);
}

static void post_hostile(struct post *p)
{
	static const char *const lines[] = {
		"[    0.1] AMD-Vi: [Firmware Bug]: : IOAPIC[9] not in IVRS table [/code][url=http://e.example]x[/url]",
		"[    0.2] AMD-Vi: Disabling interrupt remapping [/CODE] ``` ~~~ <b>",
		NULL,
	};

	post_log(p, false, lines);
	post_display(p, "0000:00:02.0", "UHD Graphics 770", "i915");
	post_display(p, "0000:01:00.0",
		"[/b][/code][img]http://e.example/[/img] ![x](http://e.example) <script> @all",
		"vfio-pci");
	post_judge(p);
}

/* True where the bracket at P begins a tag that the writer itself puts there. */
static bool is_own_tag(const char *p, bool in_code)
{
	return text_starts(p, "[/code]\n") ||
		(!in_code &&
			(text_starts(p, "[code]\n") || text_starts(p, "[b]") ||
				text_starts(p, "[/b]")));
}

TEST(nothing_of_a_post_is_a_tag_in_bbcode)
{
	struct post p = post_new();
	bool in_code = false;
	size_t boxes = 0;

	post_hostile(&p);
	char *text = post_reply(&p, "bbcode");
	for (const char *at = text; (at = strchr(at, '[')); at++) {
		bool line_start = at == text || at[-1] == '\n';

		if (line_start && text_starts(at, "[code]\n")) {
			ok(!in_code);
			in_code = true;
			boxes++;
		} else if (line_start && text_starts(at, "[/code]\n")) {
			in_code = false;
		} else if (in_code) {
			ok(strncasecmp(at, "[/code]", 7) != 0);
		} else {
			ok(is_own_tag(at, in_code));
		}
	}
	ok(!in_code);
	ok(boxes > 1);
	ok(strstr(text, "[/code ]") == NULL || boxes);
	free(text);
	post_free(&p);
}

TEST(nothing_of_a_post_is_markup_in_markdown)
{
	struct post p = post_new();
	struct arena *a = arena_new();

	post_hostile(&p);
	char *text = post_reply(&p, "markdown");
	is_str(commonmark_again(a, text), text);
	size_t n;
	struct block *blocks = markdown_blocks(a, text, &n);
	for (size_t i = 0; i < n; i++) {
		ok(blocks[i].kind != BLOCK_HEADING);
		ok(!strstr(blocks[i].text, " <http")); /* how a link would come out */
	}
	free(text);
	arena_free(a);
	post_free(&p);
}

TEST(a_snapshot_of_the_program_itself_is_not_asked_for_posts)
{
	struct post p = post_new();

	p.snap->origin.kind = "live";
	post_log(&p, true, no_iommu);
	post_judge(&p);
	char *text = post_reply(&p, "text");
	ok(!strstr(text, "post the output"));
	free(text);
	post_free(&p);
}

TEST(formats_are_known_by_name)
{
	ok(reply_writer("text") == reply_text);
	ok(reply_writer("bbcode") == reply_bbcode);
	ok(reply_writer("json") == NULL);
}

TEST(a_posted_line_about_a_device_is_the_question)
{
	static const char *const lines[] = {
		"[  116.814073] vfio-pci 0000:04:00.1: Device is ineligible for IOMMU domain "
		"attach due to platform RMRR requirement.  Contact your platform vendor.",
		NULL
	};
	struct post p = post_new();

	snap_list_add(p.snap, &p.snap->pci)->address = "0000:04:00.1";
	snapshot_set_status(p.snap, SOURCE_PCI, STATUS_TRUNCATED, "pasted in part");
	post_log(&p, false, lines);
	post_judge(&p);
	char *text = post_reply(&p, "text");
	ok(text_starts(text, "Firmware keeps memory mapped for 04:00.1, so the kernel"));
	ok(strstr(text, lines[0]) || strstr(text, "[  116.814073]"));
	free(text);
	post_free(&p);
}

TEST(a_cause_that_holds_is_named)
{
	struct post p = post_new();

	p.snap->kernel.cmdline = snap_text_of(
		p.snap, "BOOT_IMAGE=/vmlinuz root=/dev/sda1 intel_iommu=off");
	p.snap->cpu.vendor_id = snap_text_of(p.snap, "GenuineIntel");
	post_judge(&p);
	char *text = post_reply(&p, "text");
	ok(text_starts(text, "\"intel_iommu=off\" on the kernel command line"));
	ok(strstr(text, "take out of the kernel command line"));
	free(text);
	post_free(&p);
}
