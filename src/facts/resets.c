// SPDX-License-Identifier: GPL-2.0-or-later
// Resets that the kernel avoids, or does in its own way, by device: data, with sources.
#include "facts/resets.h"

#include "base/text.h"

bool reset_is_id(const struct fn *fn, uint16_t vendor, uint16_t first, uint16_t last)
{
	const struct snap_pci *raw = fn->raw;

	return raw && raw->vendor.have == HAVE_VALUE && raw->device.have == HAVE_VALUE &&
		raw->vendor.v == vendor && raw->device.v >= first &&
		raw->device.v <= last;
}

// clang-format off
#define AVOIDED(by, v, from, to) \
	{ .vendor = (v), .first = (from), .last = (to), .method = (by) }
#define OWN_WAY(v, from, to) \
	{ .vendor = (v), .first = (from), .last = (to), .method = "device_specific", .wanted = true }

/* drivers/pci/quirks.c, Linux 6.12.117. */
static const struct reset_quirk quirks[] = {
	/* quirk_no_flr(): "FLR may cause the following to devices to hang" */
	AVOIDED("flr", 0x1022, 0x1487, 0x1487), /* Matisse HD audio */
	AVOIDED("flr", 0x1022, 0x148c, 0x148c), /* Starship USB */
	AVOIDED("flr", 0x1022, 0x149c, 0x149c), /* Matisse USB */
	AVOIDED("flr", 0x1022, 0x7901, 0x7901), /* FCH AHCI */
	AVOIDED("flr", 0x8086, 0x1502, 0x1503), /* 82579 */
	AVOIDED("flr", 0x14c3, 0x0616, 0x0616), /* MT7922 */
	AVOIDED("flr", 0x14c3, 0x7925, 0x7925), /* MT7925 */
	/* quirk_no_bus_reset() and quirk_nvidia_no_bus_reset() */
	AVOIDED("bus", 0x168c, 0x0030, 0x0030), /* Atheros */
	AVOIDED("bus", 0x168c, 0x0032, 0x0034),
	AVOIDED("bus", 0x168c, 0x003c, 0x003c),
	AVOIDED("bus", 0x168c, 0x003e, 0x003e),
	AVOIDED("bus", 0x17cb, 0x1103, 0x1103), /* WCN6855 */
	AVOIDED("bus", 0x17cb, 0x1107, 0x1107), /* WCN7850 */
	AVOIDED("bus", 0x17cb, 0x0308, 0x0308), /* SDX62/SDX65 */
	AVOIDED("bus", 0x177d, 0xa100, 0xa100), /* Cavium root port */
	AVOIDED("bus", 0x104c, 0xb005, 0xb005), /* TI KeyStone */
	AVOIDED("bus", 0x1b21, 0x1164, 0x1164), /* ASM1164 */
	AVOIDED("bus", 0x10de, 0x2340, 0x237f), /* NVIDIA, data centre */
	AVOIDED("bus", 0x10de, 0x22ce, 0x22ce), /* GB10 root ports */
	AVOIDED("bus", 0x10de, 0x22d0, 0x22d0),
	/* quirk_no_pm_reset(): Spectrum. That of ATI displays asks for the class. */
	AVOIDED("pm", 0x15b3, 0xcb84, 0xcb84),
	AVOIDED("pm", 0x15b3, 0xcf6c, 0xcf6c),
	AVOIDED("pm", 0x15b3, 0xcf70, 0xcf70),
	AVOIDED("pm", 0x15b3, 0xcf80, 0xcf80),
	/* pci_dev_reset_methods[] */
	OWN_WAY(0x8086, 0x10ed, 0x10ed), /* 82599 VF */
	OWN_WAY(0x8086, 0x0156, 0x0156), /* Ivy Bridge graphics */
	OWN_WAY(0x8086, 0x0166, 0x0166),
	OWN_WAY(0x144d, 0xa804, 0xa804), /* SM961/PM961 */
	OWN_WAY(0x8086, 0x0953, 0x0953), /* DC P3700 */
	OWN_WAY(0x8086, 0x0a54, 0x0a54), /* DC P4510 */
	OWN_WAY(0x025e, 0xf1ac, 0xf1ac), /* Solidigm P44 Pro */
	OWN_WAY(0x1425, 0x4000, 0x4fff), /* Chelsio T4 */
	OWN_WAY(0x19e5, 0x375e, 0x375e), /* Huawei NIC VF */
};
// clang-format on

const struct reset_quirk *reset_quirk_of(
	const struct fn *fn, const char *method, bool wanted)
{
	for (size_t i = 0; i < sizeof quirks / sizeof quirks[0]; i++) {
		if (quirks[i].wanted == wanted && text_equal(quirks[i].method, method) &&
			reset_is_id(
				fn, quirks[i].vendor, quirks[i].first, quirks[i].last))
			return &quirks[i];
	}
	return NULL;
}

bool reset_bus_forbidden(const struct fn *fn)
{
	return reset_quirk_of(fn, "bus", false) != NULL;
}
