// SPDX-License-Identifier: GPL-2.0-or-later
// Nodes of lshw: what they say of a function, its driver, and what they do not say.
#include "import_kit.h"

static const struct snap_pci *function(const struct snapshot *s, const char *address)
{
	static const struct snap_pci nothing;

	for (size_t i = 0; i < s->pci.n; i++)
		if (text_equal(s->pci.v[i].address, address))
			return &s->pci.v[i];
	return &nothing;
}

#define GPU                                                                              \
	"       description: VGA compatible controller\n"                                \
	"       product: GP107 [GeForce GTX 1050 Ti] [10DE:1C82]\n"                      \
	"       vendor: NVIDIA Corporation [10DE]\n"                                     \
	"       physical id: 0\n"                                                        \
	"       bus info: pci@0000:01:00.0\n"                                            \
	"       version: a1\n"                                                           \
	"       capabilities: pm msi pciexpress vga_controller cap_list\n"

TEST(numbers_and_driver)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_lshw,
		       "  *-display\n" GPU
		       "       configuration: depth=32 driver=vfio-pci latency=0\n"
		       "       resources: irq:18 memory:a4000000-a4ffffff\n"
		       "  *-cpu\n       description: CPU\n       product: X\n"
		       "  *-network UNCLAIMED\n       description: Ethernet controller\n"
		       "       product: I210 Gigabit Network Connection\n"
		       "       vendor: Intel Corporation\n"
		       "       bus info: pci@0000:03:00.0\n"
		       "       configuration: latency=0\n"),
		19);
	const struct snap_pci *gpu = function(s, "0000:01:00.0");
	is_int(s->pci.n, 2);
	is_int(gpu->class_code.v, 0x030000);
	is_int(gpu->vendor.v, 0x10de);
	is_int(gpu->device.v, 0x1c82);
	is_int(gpu->revision.v, 0xa1);
	is_str(snap_str(gpu->device_name), "GP107 [GeForce GTX 1050 Ti]");
	is_str(snap_str(gpu->driver), "vfio-pci");
	is_int(function(s, "0000:03:00.0")->driver.have, HAVE_NONE);
	kit_end();
}

/* A node that was cut in front of its driver, and one without numbers. */
TEST(what_is_not_shown)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_lshw, "*-display UNCLAIMED\n" GPU);
	is_int(function(s, "0000:01:00.0")->driver.have, HAVE_NOT);
	kit_end();

	s = kit_begin();
	kit_read(&format_lshw,
		"  *-display\n       bus info: pci@0000:17:00.0\n"
		"       configuration: driver=nvidia\n");
	is_int(function(s, "0000:17:00.0")->device.have, HAVE_NOT);
	is_str(snap_str(function(s, "0000:17:00.0")->driver), "nvidia");
	kit_end();
}

TEST(no_node)
{
	kit_begin();
	is_int(kit_take(&format_lshw, "*-display\nis what it says\n"), 0);
	is_int(kit_take(&format_lshw, "* Motherboard: X399\nproduct: X\n"), 0);
	is_int(kit_take(&format_lshw, "*-\nproduct: X\n"), 0);
	kit_end();
}

TEST(another_machine)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_lshw, "*-display\n" GPU);
	kit_read(&format_lshw,
		"*-display\n   description: VGA compatible controller\n"
		"   product: Navi 10 [1002:731F]\n   vendor: AMD [1002]\n"
		"   bus info: pci@0000:01:00.0\n   configuration: driver=amdgpu\n");
	is_int(function(s, "0000:01:00.0")->device.v, 0x1c82);
	is_int(function(s, "0000:01:00.0")->driver.have, HAVE_NOT);
	is_str(kit_im.remark, IMPORT_LEFT_OUT_PART);
	kit_end();
}
