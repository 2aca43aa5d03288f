// SPDX-License-Identifier: GPL-2.0-or-later
// What a PCI function is, in words for people and for rules.
#include "facts/kinds.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* Class codes: PCI Code and ID Assignment Specification 1.15, chapter 1. SUB -1: any. */
static const struct {
	uint8_t base;
	int16_t sub;
	const char *words;
	const char *fact;
} kinds[] = {
	{ 0x00, 0x01, "VGA", "other" },
	{ 0x01, 0x00, "SCSI", "storage" },
	{ 0x01, 0x01, "IDE", "storage" },
	{ 0x01, 0x04, "RAID", "storage" },
	{ 0x01, 0x06, "SATA", "storage" },
	{ 0x01, 0x07, "SAS", "storage" },
	{ 0x01, 0x08, "NVMe", "nvme" },
	{ 0x01, -1, "storage", "storage" },
	{ 0x02, 0x00, "Ethernet", "network" },
	{ 0x02, 0x07, "InfiniBand", "network" },
	{ 0x02, -1, "network", "network" },
	{ 0x03, 0x00, "VGA", "display" },
	{ 0x03, 0x02, "3D", "display" },
	{ 0x03, -1, "display", "display" },
	{ 0x04, 0x01, "audio", "audio" },
	{ 0x04, 0x03, "HD audio", "audio" },
	{ 0x04, -1, "multimedia", "other" },
	{ 0x05, -1, "memory", "other" },
	{ 0x06, 0x00, "host bridge", "bridge" },
	{ 0x06, 0x01, "ISA bridge", "bridge" },
	{ 0x06, 0x04, "PCI bridge", "bridge" },
	{ 0x06, 0x07, "CardBus", "bridge" },
	{ 0x06, 0x09, "PCI bridge", "bridge" },
	{ 0x06, -1, "bridge", "bridge" },
	{ 0x07, 0x00, "serial", "other" },
	{ 0x07, -1, "communication", "other" },
	{ 0x08, 0x05, "SD host", "other" },
	{ 0x08, 0x06, "IOMMU", "iommu" },
	{ 0x08, -1, "system", "other" },
	{ 0x0c, 0x00, "FireWire", "other" },
	{ 0x0c, 0x03, "USB", "usb" },
	{ 0x0c, 0x05, "SMBus", "other" },
	{ 0x0c, -1, "serial bus", "other" },
	{ 0x0d, -1, "wireless", "network" },
	{ 0x10, -1, "crypto", "other" },
	{ 0x11, -1, "signal", "other" },
	{ 0x12, -1, "accelerator", "other" },
};

static const char *look_up(const struct fn *fn, bool fact)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].base == fn->class_code >> 16 &&
			(kinds[i].sub < 0 ||
				kinds[i].sub == (int)(fn->class_code >> 8 & 0xff)))
			return fact ? kinds[i].fact : kinds[i].words;
	}
	return "other";
}

const char *kind_words(const struct fn *fn, bool beside_display)
{
	const char *words = look_up(fn, false);

	if (beside_display && text_equal(words, "HD audio"))
		return "HDMI audio";
	return words;
}

const char *kind_fact(const struct fn *fn)
{
	if (fn->class_code == 0xffffffff)
		return NULL;
	if (!fn->is_endpoint)
		return "bridge";
	return look_up(fn, true);
}

/* pci.ids has the chip first and what the box said in brackets. */
static const char *in_brackets(struct arena *a, const char *name)
{
	const char *open = strrchr(name, '['), *close = open ? strchr(open, ']') : NULL;

	if (!close || close == open + 1)
		return NULL;
	return arena_strndup(a, open + 1, (size_t)(close - open - 1));
}

const char *kind_label(struct arena *a, const struct fn *fn)
{
	const struct snap_pci *raw = fn->raw;
	const char *name = snap_str(raw->device_name);
	const char *product = name && fn->is_display ? in_brackets(a, name) : NULL;

	if (product)
		return product;
	if (name)
		return name;
	if (raw->vendor.have == HAVE_VALUE && raw->device.have == HAVE_VALUE)
		return arena_printf(a, "%04x:%04x", (unsigned)raw->vendor.v & 0xffff,
			(unsigned)raw->device.v & 0xffff);
	return raw->class_name.have == HAVE_VALUE ? raw->class_name.s : "";
}
