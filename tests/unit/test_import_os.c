// SPDX-License-Identifier: GPL-2.0-or-later
// Distribution, board and firmware in a paste.
#include "import_kit.h"

TEST(os_release)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_os,
		       "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
		       "NAME=\"Debian GNU/Linux\"\nID=debian\nHOME_URL=\"x\"\n"),
		4);
	is_str(snap_str(s->host.os_id), "debian");
	is_str(snap_str(s->host.os_name), "Debian GNU/Linux 12 (bookworm)");
	kit_end();
}

TEST(distributions)
{
	static const char *const lines[] = { "OS: Arch Linux x86_64",
		"  Operating System: Arch Linux", "Distro: Arch Linux",
		"System:    Host: x Kernel: y Desktop: z Distro: Arch Linux" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct snapshot *s = kit_begin();
		is_int(kit_read(&format_os, lines[i]), 1);
		is_str(snap_str(s->host.os_id), "arch");
		is_str(snap_str(s->host.os_name), "Arch Linux");
		kit_end();
	}
}

TEST(dmidecode)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_os,
		       "Base Board Information\n\tManufacturer: ASUSTeK COMPUTER INC.\n"
		       "\tProduct Name: PRIME X570-PRO\n\tVersion: Rev X.0x\n\tSerial Number: 123\n\n"
		       "BIOS Information\n\tVendor: American Megatrends Inc.\n\tVersion: 4021\n"
		       "\tRelease Date: 08/09/2021\n"),
		9);
	is_str(snap_str(s->host.dmi.board_name), "PRIME X570-PRO");
	is_str(snap_str(s->host.dmi.board_vendor), "ASUSTeK COMPUTER INC.");
	is_str(snap_str(s->host.dmi.bios_version), "4021");
	is_str(snap_str(s->host.dmi.bios_date), "08/09/2021");
	is_int(snapshot_status(s, SOURCE_DMI), STATUS_TRUNCATED);
	kit_end();
}

TEST(inxi_machine)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_os,
		       "Machine:   Type: Desktop Mobo: ASUSTeK model: PRIME X570-PRO v: Rev X.0x serial: <filter>\n"
		       "           UEFI: American Megatrends v: 4021 date: 08/09/2021\n"),
		2);
	is_str(snap_str(s->host.dmi.board_vendor), "ASUSTeK");
	is_str(snap_str(s->host.dmi.board_name), "PRIME X570-PRO");
	is_str(snap_str(s->host.dmi.bios_vendor), "American Megatrends");
	is_str(snap_str(s->host.dmi.bios_version), "4021");
	is_str(snap_str(s->host.dmi.bios_date), "08/09/2021");
	kit_end();
}

TEST(single_lines)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_os,
		       "/sys/class/dmi/id/board_name:B550 AORUS\n"
		       "  Hardware Vendor: Gigabyte\n Firmware Version: F16\n"),
		3);
	is_str(snap_str(s->host.dmi.board_name), "B550 AORUS");
	is_str(snap_str(s->host.dmi.sys_vendor), "Gigabyte");
	is_str(snap_str(s->host.dmi.bios_version), "F16");
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "OS: Windows 10", "Description: my problem",
		"HOOKS=(base udev)", "MODULES=\"vfio\"", "Machine: my old one",
		"Distro:", "BIOS Information", "GRUB_TIMEOUT=5" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_os, lines[i]), 0);
	kit_end();
}
