// SPDX-License-Identifier: GPL-2.0-or-later
// Listings of IOMMU groups: the layouts, what is whole, drivers, tables, XML.
#include "import_kit.h"

static struct snapshot *read_all(const char *text)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_groups, text);
	format_groups.finish(&kit_im);
	return s;
}

static const struct snap_pci *function(const struct snapshot *s, const char *address)
{
	for (size_t i = 0; i < s->pci.n; i++)
		if (text_equal(s->pci.v[i].address, address))
			return &s->pci.v[i];
	return NULL;
}

static long long group_of(const struct snapshot *s, const char *address)
{
	const struct snap_pci *fn = function(s, address);

	return fn && fn->iommu_group.have == HAVE_VALUE ? fn->iommu_group.v : -9;
}

TEST(layouts)
{
	static const char *const texts[] = {
		"IOMMU Group 1:\n\t01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"IOMMU Group 1 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"IOMMU group 1\n  01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"IOMMU GROUP 1\n (1) 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"Group 1: 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"Group: 1  0000:01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)   Driver: vfio-pci\n",
		"Group 1:\t[10de:1c82] [R] 01:00.0  VGA compatible controller                GP107\n",
		"### Group 1 ###\n    01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"IOMMU Group 1 (DMA-FQ)\n  \xe2\x94\x94\xe2\x94\x80 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)\n",
		"IOMMU Group 1:\n\n\t01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107\n[10de:1c82] (rev a1)\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct snapshot *s = read_all(texts[i]);
		const struct snap_pci *fn = function(s, "0000:01:00.0");
		is_int(group_of(s, "0000:01:00.0"), 1);
		is_int(s->groups.n, 1);
		is_int(fn ? fn->vendor.v : 0, 0x10de);
		is_int(fn ? fn->device.v : 0, 0x1c82);
		is_int(fn ? fn->class_code.v : 0, 0x030000);
		kit_end();
	}
}

/* The heading in front of a block of code. */
TEST(heading_and_fence)
{
	struct snapshot *s = kit_begin();
	size_t n;
	struct paste_line *v = kit_lines(
		"IOMMU Group 5:\n\n"
		"00:08.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] X [1022:1635]\n"
		"04:00.0 VGA compatible controller [0300]: Advanced Micro Devices, Inc. "
		"[AMD/ATI] Cezanne [1002:1638] (rev c1)\n",
		&n);

	v[1].fence = true;
	is_int(format_groups.take(&kit_im, v, n), 4);
	format_groups.read(&kit_im, v, n);
	is_int(group_of(s, "0000:00:08.1"), 5);
	is_int(group_of(s, "0000:04:00.0"), 5);
	kit_end();
}

TEST(paths_and_names)
{
	static const char *const texts[] = {
		"/sys/kernel/iommu_groups/7/devices/0000:00:1f.0\n"
		"/sys/kernel/iommu_groups/7/devices/0000:00:1f.2\n",
		"/sys/kernel/iommu_groups/7/devices:\ntotal 0\n"
		"lrwxrwxrwx 1 root root 0 Nov 22 14:00 0000:00:1f.0 -> ../../../../devices/pci0000:00/0000:00:1f.0\n"
		"lrwxrwxrwx 1 root root 0 Nov 22 14:00 0000:00:1f.2 -> ../../../../devices/pci0000:00/0000:00:1f.2\n",
		"/sys/kernel/iommu_groups/7/devices:\n0000:00:1f.0  0000:00:1f.2\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct snapshot *s = read_all(texts[i]);
		is_int(group_of(s, "0000:00:1f.0"), 7);
		is_int(group_of(s, "0000:00:1f.2"), 7);
		is_int(s->pci.n, 2);
		kit_end();
	}
}

TEST(other_text_is_none)
{
	static const char *const lines[] = {
		"group 1 is not viable",
		"IOMMU Group 1",
		"Group 1 contains the card\n01:00.0 VGA compatible controller: x",
		"IOMMU group: 12",
		"01:00.0 VGA compatible controller [0300]: NVIDIA",
		"/dev/vfio/1",
		"pci 0000:01:00.0: Adding to iommu group 1",
		"| a | table |",
	};

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_groups, lines[i]), 0);
	is_int(kit_take(&format_groups,
		       "IOMMU Group 1:\n\t01:00.0 VGA compatible controller: x\n\nI see only one"),
		2);
	kit_end();
}

TEST(drivers_of_a_listing_that_names_them)
{
	struct snapshot *s = read_all(
		"IOMMU Group 1:\n"
		"\t00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n"
		"\t01:00.0 VGA compatible controller [0300]: NVIDIA Corporation X [10de:1c82] (rev a1)\n"
		"\t\tKernel driver in use: vfio-pci\n"
		"\t\tKernel modules: nvidiafb, nouveau\n"
		"IOMMU Group 2:\n"
		"\t00:02.0 VGA compatible controller [0300]: Intel Corporation X [8086:1912] (rev 06)\n");

	is_int(function(s, "0000:00:01.0")->driver.have, HAVE_NONE);
	is_str(snap_str(function(s, "0000:01:00.0")->driver), "vfio-pci");
	is_int(function(s, "0000:01:00.0")->modules.n, 2);
	/* more may have been cut off */
	is_int(function(s, "0000:00:02.0")->driver.have, HAVE_NOT);
	kit_end();
	s = read_all(
		"IOMMU Group 1:\n"
		"\t00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n"
		"\t01:00.0 VGA compatible controller [0300]: NVIDIA Corporation X [10de:1c82]\n");
	is_int(function(s, "0000:00:01.0")->driver.have, HAVE_NOT);
	kit_end();
}

TEST(marks_and_usb_below)
{
	struct snapshot *s = read_all(
		"Group 10:       [1022:790b]     00:14.0  SMBus                   FCH SMBus Controller\n"
		"                [1022:790e] [R] 00:14.3  ISA bridge              FCH LPC Bridge\n"
		"USB:            [1d6b:0002]              Bus 001 Device 001      Linux Foundation 2.0 root hub\n"
		"Group 11:       [1022:1440]     00:18.0  Host bridge             Matisse\n");

	is_int(s->groups.n, 2);
	is_int(s->pci.n, 3);
	ok(function(s, "0000:00:14.3")->reset.v);
	is_int(function(s, "0000:00:14.0")->reset.have, HAVE_NOT);
	is_int(function(s, "0000:00:14.0")->class_code.v, 0x0c0500);
	is_int(group_of(s, "0000:00:14.3"), 10);
	kit_end();
}

static bool is_known(const struct snapshot *s, size_t i)
{
	return i < s->groups.n && s->groups.v[i].devices.have == HAVE_VALUE;
}

TEST(whole_groups)
{
	static const char one[] = "IOMMU Group 1 00:01.0 PCI bridge: x\n"
				  "IOMMU Group 1 01:00.0 VGA compatible controller: x\n";
	struct snapshot *s = read_all(
		"IOMMU Group 1:\n\t00:01.0 PCI bridge: x\n\t01:00.0 VGA compatible controller: x\n");

	ok(is_known(s, 0));
	kit_end();
	/* single lines may be a choice */
	s = read_all(one);
	ok(!is_known(s, 0));
	is_int(s->pci.n, 2);
	kit_end();
	s = read_all(
		"IOMMU Group 0 00:00.0 Host bridge: x\nIOMMU Group 1 00:01.0 PCI bridge: x\n"
		"IOMMU Group 1 01:00.0 VGA compatible controller: x\nIOMMU Group 2 02:00.0 USB controller: x\n");
	ok(is_known(s, 0) && is_known(s, 1) && !is_known(s, 2));
	kit_end();
	/* filtered */
	kit_begin();
	kit_command("./iommu.sh | grep NVIDIA", true);
	kit_read(&format_groups,
		"IOMMU Group 1:\n\t00:01.0 PCI bridge: x\n\t01:00.0 VGA compatible controller: x\n");
	format_groups.finish(&kit_im);
	ok(!is_known(kit_im.snap, 0));
	ok(kit_im.groups_part);
	kit_end();
}

TEST(every_group)
{
	struct strbuf b = { 0 };
	static const int order[] = { 0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9 };

	for (size_t i = 0; i < 12; i++)
		strbuf_addf(&b, "IOMMU Group %d 00:%02x.0 Host bridge: x\n", order[i],
			order[i]);
	struct snapshot *s = read_all(strbuf_text(&b));
	is_int(snapshot_status(s, SOURCE_IOMMU_GROUPS), STATUS_OK);
	ok(is_known(s, 11));
	kit_end();
	/* its end is missing */
	*strrchr(b.s, 'I') = '\0';
	s = read_all(b.s);
	is_int(snapshot_status(s, SOURCE_IOMMU_GROUPS), STATUS_MISSING);
	kit_end();
	strbuf_free(&b);
}

TEST(table_of_proxmox)
{
	struct snapshot *s = read_all(
		"\u250c\u2500\u2500\u2510\n"
		"\u2502 class    \u2502 device \u2502 id           \u2502 iommugroup \u2502 vendor \u2502 device_name \u2502\n"
		"\u255e\u2550\u2550\u2561\n"
		"\u2502 0x010601 \u2502 0xa282 \u2502 0000:00:17.0 \u2502          5 \u2502 0x8086 \u2502 200 Series SATA \u2502\n"
		"\u251c\u2500\u2500\u2524\n"
		"\u2502 0x030000 \u2502 0x1c82 \u2502 0000:01:00.0 \u2502         -1 \u2502 0x10de \u2502 GP107 \u2502\n"
		"\u2514\u2500\u2500\u2518\n");

	is_int(group_of(s, "0000:00:17.0"), 5);
	is_int(function(s, "0000:00:17.0")->class_code.v, 0x010601);
	is_str(snap_str(function(s, "0000:00:17.0")->device_name), "200 Series SATA");
	is_int(function(s, "0000:01:00.0")->iommu_group.have, HAVE_NONE);
	kit_end();
}

TEST(xml_of_libvirt)
{
	struct snapshot *s = read_all(
		"    <iommuGroup number='1'>\n"
		"      <address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>\n"
		"      <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>\n"
		"    </iommuGroup>\n");

	is_int(group_of(s, "0000:01:00.0"), 1);
	is_int(group_of(s, "0000:01:00.1"), 1);
	ok(is_known(s, 0));
	kit_end();
}

TEST(tree_and_empty_directory)
{
	struct snapshot *s =
		read_all("\u251c\u2500\u2500 1\n"
			 "\u2502   \u2514\u2500\u2500 00:01.1 PCI bridge: x\n"
			 "\u2514\u2500\u2500 2\n"
			 "    \u2514\u2500\u2500 01:00.0 VGA compatible controller: x\n");

	is_int(group_of(s, "0000:00:01.1"), 1);
	is_int(group_of(s, "0000:01:00.0"), 2);
	kit_end();
	s = kit_begin();
	kit_command("ls -l /sys/kernel/iommu_groups/", false);
	is_int(kit_read(&format_groups, "total 0\n\ntext"), 1);
	is_int(snapshot_status(s, SOURCE_IOMMU_GROUPS), STATUS_OK);
	is_int(s->groups.n, 0);
	is_int(s->groups.have, HAVE_VALUE);
	kit_end();
}
