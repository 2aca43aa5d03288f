// SPDX-License-Identifier: GPL-2.0-or-later
// Which kernel a paste names.
#include "import_kit.h"

static const char *release_of(const char *text)
{
	static char copy[256];

	kit_begin();
	kit_read(&format_uname, text);
	const char *s = snap_str(kit_im.snap->kernel.release);
	snprintf(copy, sizeof copy, "%s", s ? s : "");
	kit_end();
	return copy;
}

TEST(releases)
{
	is_str(release_of(
		       "Linux box 5.4.0-42-generic #46-Ubuntu SMP Fri Jul 10 x86_64 x86_64 x86_64 GNU/Linux"),
		"5.4.0-42-generic");
	is_str(release_of("Kernel: 6.8.0-45-generic"), "6.8.0-45-generic");
	is_str(release_of("          Kernel: Linux 6.1.0-13-amd64"), "6.1.0-13-amd64");
	is_str(release_of("System:    Host: x Kernel: 6.5.3-1 arch: x86_64 bits: 64"),
		"6.5.3-1");
	is_str(release_of(
		       "pve-manager/8.2.4/faa83925c9641325 (running kernel: 6.8.8-2-pve)"),
		"6.8.8-2-pve");
	is_str(release_of("- **Kernel:** 6.8.0-45-generic"), "6.8.0-45-generic");
	is_str(release_of("Kernel Version - 3.12.9-201.fc19.x86_64"),
		"3.12.9-201.fc19.x86_64");
	is_str(release_of("- **Host OS:** Fedora 44, kernel 7.0.12-201.fc44.x86_64"),
		"7.0.12-201.fc44.x86_64");
	is_str(release_of(
		       "08:05:44.745+0000: starting up libvirt version: 8.7.0, qemu version: 7.2.0, kernel: 6.1.99-Unraid, hostname: x"),
		"6.1.99-Unraid");
	is_str(release_of("Linux version 6.8.0-45-generic (buildd@x) (gcc) #45 SMP"),
		"6.8.0-45-generic");
}

TEST(other_text_is_none)
{
	is_str(release_of("Kernel: 6.1"), "");
	is_str(release_of("Kernel: the newest"), "");
	is_str(release_of("Linux Mint 21.3 #1"), "");
	is_str(release_of("6.8.0-45-generic"), "");
	is_str(release_of("Since kernel 6.13.11-200.fc41.x86_64 it fails"), "");
	is_str(release_of("Guest kernel: 5.4.0-42-generic"), "");
	is_str(release_of("Kernel driver in use: vfio-pci"), "");
	/* the kernel log begins so */
	is_str(release_of("Linux version 6.8.0-45-generic (x)\nCommand line: quiet"), "");
}

TEST(command_names_it)
{
	struct snapshot *s = kit_begin();

	kit_command("uname -r", false);
	is_int(kit_read(&format_uname, "6.8.0-45-generic\n"), 1);
	format_uname.finish(&kit_im);
	is_str(snap_str(s->kernel.release), "6.8.0-45-generic");
	is_int(snapshot_status(s, SOURCE_KERNEL), STATUS_TRUNCATED);
	kit_end();
}

TEST(whole_with_the_command_line)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_uname, "Linux box 5.4.0-42-generic #46 SMP x86_64 GNU/Linux");
	s->kernel.cmdline = snap_text_of(s, "quiet");
	format_uname.finish(&kit_im);
	is_str(snap_str(s->kernel.machine), "x86_64");
	is_int(snapshot_status(s, SOURCE_KERNEL), STATUS_OK);
	kit_end();
}
