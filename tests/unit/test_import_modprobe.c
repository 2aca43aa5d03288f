// SPDX-License-Identifier: GPL-2.0-or-later
// Module settings in a paste.
#include "import_kit.h"

TEST(directives)
{
	static const char *const lines[] = { "options vfio-pci ids=10de:1c82,10de:0fb9",
		"blacklist nouveau", "blacklist nouveau # the open one",
		"softdep nvidia pre: vfio-pci", "softdep snd_hda_intel pre: vfio-pci",
		"install nouveau /bin/false",
		"install vfio-pci /sbin/vfio-pci-override.sh", "alias nouveau off",
		"options kvm ignore_msrs=1 report_ignored_msrs=0",
		"#options vfio-pci ids=10de:1c82" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_modprobe, lines[i]), 1);
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "options root=UUID=1 rw", "options are many",
		"blacklist the module first", "install the driver", "install nouveau",
		"alias ll='ls -l'", "remove the card", "softdep is needed", "vfio",
		"vfio is loaded\nvfio_pci too", "kvm\nhello", "blacklist" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_modprobe, lines[i]), 0);
	kit_end();
}

TEST(files)
{
	kit_begin();
	is_int(kit_read(&format_modprobe,
		       "options vfio-pci ids=10de:1c82\n\n# a\n"
		       "blacklist nouveau\ntext\n\n"
		       "vfio\nvfio_iommu_type1\nvfio_pci\n\ntext"),
		7);
	is_int(kit_im.n_files, 2);
	is_str(kit_im.files[0].path, "/etc/modprobe.d/pasted.conf");
	is_str(strbuf_text(&kit_im.files[0].text),
		"options vfio-pci ids=10de:1c82\n\n# a\nblacklist nouveau\n");
	is_str(kit_im.files[1].path, "/etc/modules-load.d/pasted.conf");
	is_str(strbuf_text(&kit_im.files[1].text), "vfio\nvfio_iommu_type1\nvfio_pci\n");
	is_int(snapshot_status(kit_im.snap, SOURCE_MODPROBE), STATUS_TRUNCATED);
	kit_end();
}
