// SPDX-License-Identifier: GPL-2.0-or-later
// Boot loader settings in a paste.
#include "import_kit.h"

static const char *file_of(const char *text, const char *path)
{
	static char copy[4096];

	*copy = '\0';
	kit_begin();
	kit_read(&format_grub, text);
	for (size_t i = 0; i < kit_im.n_files; i++)
		if (text_equal(kit_im.files[i].path, path))
			snprintf(copy, sizeof copy, "%s",
				strbuf_text(&kit_im.files[i].text));
	kit_end();
	return copy;
}

static const char grub[] = "/etc/default/grub";

TEST(variables)
{
	is_str(file_of("GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n\nthat is it",
		       grub),
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n");
	is_str(file_of("#GRUB_CMDLINE_LINUX=\"quiet\"", grub),
		"#GRUB_CMDLINE_LINUX=\"quiet\"\n");
	is_str(file_of("GRUB_DEFAULT=0\n# a comment\n\nGRUB_TIMEOUT=5\ntext", grub),
		"GRUB_DEFAULT=0\n# a comment\n\nGRUB_TIMEOUT=5\n");
	is_str(file_of("my line is GRUB_CMDLINE_LINUX=\"quiet\"", grub),
		"GRUB_CMDLINE_LINUX=\"quiet\"\n");
	is_str(file_of("GRUB_CMDLINE_LINUX_DEFAULT = \"quiet\"", grub),
		"GRUB_CMDLINE_LINUX_DEFAULT = \"quiet\"\n");
	is_str(file_of("GRUB_CMDLINE_LINUX=\"quiet\nintel_iommu=on\"\nafter", grub),
		"GRUB_CMDLINE_LINUX=\"quiet intel_iommu=on\"\n");
	/* a quotation that nobody closed ends with its line */
	is_str(file_of("GRUB_CMDLINE_LINUX=\"quiet\nGRUB_TIMEOUT=\"5\"", grub),
		"GRUB_CMDLINE_LINUX=\"quiet\nGRUB_TIMEOUT=\"5\"\n");
}

TEST(entries)
{
	is_str(file_of("title Arch\nlinux /vmlinuz-linux\ninitrd /initramfs.img\n"
		       "options root=UUID=1 rw intel_iommu=on\ntext",
		       "/boot/loader/entries/pasted.conf"),
		"title Arch\nlinux /vmlinuz-linux\ninitrd /initramfs.img\n"
		"options root=UUID=1 rw intel_iommu=on\n");
	is_str(file_of("menuentry 'Arch' {\n\tlinux\t/vmlinuz-linux root=UUID=1 rw\n}\n",
		       "/boot/grub/grub.cfg"),
		"menuentry 'Arch' {\n\tlinux\t/vmlinuz-linux root=UUID=1 rw\n}\n");
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "options vfio-pci ids=10de:1c82",
		"linux is fine", "linux mint 21", "title of this post",
		"GRUB_ is a prefix", "I use GRUB_CMDLINE_LINUX", "if GRUB_TIMEOUT==1" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_grub, lines[i]), 0);
	kit_end();
}

TEST(it_is_a_part)
{
	kit_begin();
	kit_read(&format_grub, "GRUB_TIMEOUT=5");
	is_int(snapshot_status(kit_im.snap, SOURCE_BOOT_CONFIG), STATUS_TRUNCATED);
	kit_end();
}
