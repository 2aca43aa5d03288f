// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's command line in a paste.
#include "import_kit.h"

static const char *cmdline_of(const char *text)
{
	static char copy[4096];

	kit_begin();
	kit_read(&format_cmdline, text);
	const char *s = snap_str(kit_im.snap->kernel.cmdline);
	snprintf(copy, sizeof copy, "%s", s ? s : "");
	kit_end();
	return copy;
}

TEST(beginnings)
{
	is_str(cmdline_of("BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet"),
		"BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet");
	is_str(cmdline_of("initrd=\\amd-ucode.img root=PARTUUID=x rw"),
		"initrd=\\amd-ucode.img root=PARTUUID=x rw");
	is_str(cmdline_of("Kernel command line: quiet iommu=pt"), "quiet iommu=pt");
	is_str(cmdline_of("root=UUID=1 rw loglevel=3 quiet amd_iommu=on"),
		"root=UUID=1 rw loglevel=3 quiet amd_iommu=on");
	is_str(cmdline_of("CMDLINE: BOOT_IMAGE=/a root=x ro"), "BOOT_IMAGE=/a root=x ro");
	is_str(cmdline_of("amd_iommu=on iommu=pt rd.driver.pre=vfio-pci pci=realloc"),
		"amd_iommu=on iommu=pt rd.driver.pre=vfio-pci pci=realloc");
	is_str(cmdline_of("  BOOT_IMAGE=/vmlinuz root=x"), "BOOT_IMAGE=/vmlinuz root=x");
}

TEST(other_text_is_none)
{
	is_str(cmdline_of("root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet intel_iommu=on"), "");
	is_str(cmdline_of("root is full"), "");
	is_str(cmdline_of("intel_iommu=on iommu=pt"), "");
	is_str(cmdline_of("quiet splash"), "");
	is_str(cmdline_of("options root=UUID=1 rw quiet"), "");
	is_str(cmdline_of("root=x I think"), "");
	is_str(cmdline_of("Command line:"), "");
	is_str(cmdline_of("GRUB_CMDLINE_LINUX=\"root=x ro quiet\""), "");
	is_str(cmdline_of("GRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash intel_iommu=on "
			  "iommu=pt pcie_aspm=off\""),
		"");
}

TEST(command_names_it)
{
	kit_begin();
	kit_command("cat /proc/cmdline", false);
	kit_im.command.file = "/proc/cmdline";
	is_int(kit_take(&format_cmdline, "quiet\n\nhello"), 1);
	kit_end();
}

TEST(wrapped)
{
	is_str(cmdline_of(
		       "BOOT_IMAGE=/boot/vmlinuz-6.8.0-45-generic root=UUID=12345678 ro\n"
		       "quiet splash intel_iommu=on\nand so on"),
		"BOOT_IMAGE=/boot/vmlinuz-6.8.0-45-generic root=UUID=12345678 ro quiet splash intel_iommu=on");
	is_str(cmdline_of("BOOT_IMAGE=/vmlinuz root=x ro\nquiet splash"),
		"BOOT_IMAGE=/vmlinuz root=x ro");
}

TEST(which_of_two)
{
	/* the later one of equal ones, else the surer one */
	is_str(cmdline_of("BOOT_IMAGE=/a ro\n\nBOOT_IMAGE=/a ro iommu=pt\n"),
		"BOOT_IMAGE=/a ro iommu=pt");
	is_str(cmdline_of("BOOT_IMAGE=/a ro\n\nroot=UUID=1 rw iommu=pt\n"),
		"BOOT_IMAGE=/a ro");
}
