// SPDX-License-Identifier: GPL-2.0-or-later
// Devices that are known to reset badly, by id: data, with its sources.
#include "facts/resets.h"

/*
 * Devices that the out-of-tree module vendor-reset cares for, because neither FLR nor a
 * bus reset leaves them usable: https://github.com/gnif/vendor-reset, src/device-db.h.
 */
static const struct {
	uint16_t vendor, first, last;
	const char *family;
} families[] = {
	{ 0x1002, 0x67c0, 0x67c2, "AMD Polaris 10" },
	{ 0x1002, 0x67c4, 0x67c4, "AMD Polaris 10" },
	{ 0x1002, 0x67c7, 0x67ca, "AMD Polaris 10" },
	{ 0x1002, 0x67cc, 0x67cc, "AMD Polaris 10" },
	{ 0x1002, 0x67cf, 0x67d0, "AMD Polaris 10" },
	{ 0x1002, 0x67df, 0x67df, "AMD Polaris 10" },
	{ 0x1002, 0x6fdf, 0x6fdf, "AMD Polaris 10" },
	{ 0x1002, 0x67e0, 0x67e1, "AMD Polaris 11" },
	{ 0x1002, 0x67e3, 0x67e3, "AMD Polaris 11" },
	{ 0x1002, 0x67e7, 0x67e9, "AMD Polaris 11" },
	{ 0x1002, 0x67eb, 0x67eb, "AMD Polaris 11" },
	{ 0x1002, 0x67ef, 0x67ef, "AMD Polaris 11" },
	{ 0x1002, 0x67ff, 0x67ff, "AMD Polaris 11" },
	{ 0x1002, 0x6980, 0x6981, "AMD Polaris 12" },
	{ 0x1002, 0x6985, 0x6987, "AMD Polaris 12" },
	{ 0x1002, 0x6995, 0x6995, "AMD Polaris 12" },
	{ 0x1002, 0x6997, 0x6997, "AMD Polaris 12" },
	{ 0x1002, 0x699f, 0x699f, "AMD Polaris 12" },
	{ 0x1002, 0x6860, 0x6864, "AMD Vega 10" },
	{ 0x1002, 0x6867, 0x686f, "AMD Vega 10" },
	{ 0x1002, 0x687f, 0x687f, "AMD Vega 10" },
	{ 0x1002, 0x66a0, 0x66a4, "AMD Vega 20" },
	{ 0x1002, 0x66a7, 0x66a7, "AMD Vega 20" },
	{ 0x1002, 0x66af, 0x66af, "AMD Vega 20" },
	{ 0x1002, 0x738c, 0x738c, "AMD Arcturus" },
	{ 0x1002, 0x7310, 0x7310, "AMD Navi 10" },
	{ 0x1002, 0x7312, 0x7312, "AMD Navi 10" },
	{ 0x1002, 0x7318, 0x731b, "AMD Navi 10" },
	{ 0x1002, 0x731e, 0x731f, "AMD Navi 10" },
	{ 0x1002, 0x7360, 0x7360, "AMD Navi 12" },
	{ 0x1002, 0x7362, 0x7362, "AMD Navi 12" },
	{ 0x1002, 0x7340, 0x7341, "AMD Navi 14" },
	{ 0x1002, 0x7347, 0x7347, "AMD Navi 14" },
	{ 0x1002, 0x734f, 0x734f, "AMD Navi 14" },
};

/* Users of quirk_no_bus_reset() and quirk_nvidia_no_bus_reset(), drivers/pci/quirks.c. */
static const struct {
	uint16_t vendor, first, last;
} no_bus_reset[] = {
	{ 0x168c, 0x0030, 0x0030 },
	{ 0x168c, 0x0032, 0x0034 },
	{ 0x168c, 0x003c, 0x003c },
	{ 0x168c, 0x003e, 0x003e },
	{ 0x177d, 0xa100, 0xa100 },
	{ 0x104c, 0xb005, 0xb005 },
	{ 0x10de, 0x2340, 0x237f },
	{ 0x10de, 0x22ce, 0x22ce },
	{ 0x10de, 0x22d0, 0x22d0 },
};

static bool is_id(const struct fn *fn, uint16_t vendor, uint16_t first, uint16_t last)
{
	const struct snap_pci *raw = fn->raw;

	return raw && raw->vendor.have == HAVE_VALUE && raw->device.have == HAVE_VALUE &&
		raw->vendor.v == vendor && raw->device.v >= first &&
		raw->device.v <= last;
}

const char *reset_family(const struct fn *fn)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		if (is_id(fn, families[i].vendor, families[i].first, families[i].last))
			return families[i].family;
	}
	return NULL;
}

bool reset_bus_forbidden(const struct fn *fn)
{
	for (size_t i = 0; i < sizeof no_bus_reset / sizeof no_bus_reset[0]; i++) {
		if (is_id(fn, no_bus_reset[i].vendor, no_bus_reset[i].first,
			    no_bus_reset[i].last))
			return true;
	}
	return false;
}
