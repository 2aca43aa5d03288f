// SPDX-License-Identifier: GPL-2.0-or-later
// Guests of libvirt in a paste: their PCI functions and nothing else.
#include "import_kit.h"

#define HOSTDEV                                                                          \
	"<hostdev mode='subsystem' type='pci' managed='yes'>\n"                          \
	"  <source>\n"                                                                   \
	"    <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>\n"         \
	"  </source>\n"                                                                  \
	"</hostdev>\n"

static const char *file_text(const char *path)
{
	for (size_t i = 0; i < kit_im.n_files; i++)
		if (text_equal(kit_im.files[i].path, path))
			return strbuf_text(&kit_im.files[i].text);
	return NULL;
}

TEST(an_element_alone)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_domain, HOSTDEV "that is all\n"), 5);
	const char *text = file_text("/etc/libvirt/qemu/pasted.xml");
	ok(text && strstr(text, "bus='0x01'"));
	is_int(snapshot_status(s, SOURCE_GUESTS), STATUS_TRUNCATED);
	kit_end();
}

TEST(a_domain_keeps_nothing_private)
{
	kit_begin();
	kit_im.command.file = "/etc/libvirt/qemu/win11.xml";
	is_int(kit_read(&format_domain,
		       "<domain type='kvm'>\n<name>secret</name>\n"
		       "<disk type='block'>\n<source dev='/dev/sda'/>\n"
		       "<address type='pci' bus='0x07' slot='0x00'/>\n</disk>\n" HOSTDEV
		       "</domain>\nafter\n"),
		12);
	const char *text = file_text("/etc/libvirt/qemu/win11.xml");
	ok(text && strstr(text, "bus='0x01'"));
	ok(text && !strstr(text, "secret"));
	ok(text && !strstr(text, "0x07"));
	kit_end();
}

TEST(a_domain_without_devices_says_nothing)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_domain, "<domain type='kvm'>\n<name>x</name>\n</domain>"),
		3);
	is_int(kit_im.n_files, 0);
	is_int(snapshot_status(s, SOURCE_GUESTS), STATUS_MISSING);
	kit_end();
}

TEST(other_xml)
{
	kit_begin();
	is_int(kit_take(&format_domain, "<device>\n<domain>0</domain>\n</device>"), 0);
	is_int(kit_take(&format_domain, "  <domain>0</domain>"), 0);
	is_int(kit_take(&format_domain, "<html>"), 0);
	is_int(kit_take(&format_domain, "text"), 0);
	kit_end();
}
