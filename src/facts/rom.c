// SPDX-License-Identifier: GPL-2.0-or-later
// The expansion ROM of a card: whether there is one, and what is in it.
#include "facts/rom.h"

#include <string.h>

#include "base/text.h"
#include "facts/acpi_bytes.h"
#include "facts/derive.h"
#include "facts/topology.h"

/* PCI Firmware Specification 3.0, tables 5-1 and 5-2. */
enum {
	SIGNATURE = 0xaa55,
	PCIR_POINTER = 0x18,
	HEADER_SIZE = PCIR_POINTER + 2,
	PCIR_VENDOR = 0x04,
	PCIR_DEVICE = 0x06,
	PCIR_LENGTH = 0x10, /* of the image, in units of 512 bytes */
	PCIR_CODE_TYPE = 0x14,
	PCIR_INDICATOR = 0x15,
	PCIR_SIZE = 0x18,
	LAST_IMAGE = 0x80,
	UNIT = 512,
};

/* The image at P, of which N bytes are there; *RET_LAST: no other follows. */
static bool image_parse(const uint8_t *p, size_t n, struct rom_image *ret, bool *ret_last)
{
	const uint8_t *pcir;
	size_t at;

	if (n < HEADER_SIZE || le16(p) != SIGNATURE)
		return false;
	at = le16(p + PCIR_POINTER);
	if (at > n || n - at < PCIR_SIZE || memcmp(p + at, "PCIR", 4) != 0)
		return false;
	pcir = p + at;
	*ret = (struct rom_image){ .vendor = le16(pcir + PCIR_VENDOR),
		.device = le16(pcir + PCIR_DEVICE),
		.code_type = pcir[PCIR_CODE_TYPE],
		.length = (uint32_t)le16(pcir + PCIR_LENGTH) * UNIT };
	*ret_last = (pcir[PCIR_INDICATOR] & LAST_IMAGE) != 0;
	return ret->length != 0;
}

bool rom_parse(const uint8_t *p, size_t n, struct rom *ret)
{
	struct rom rom = { 0 };
	size_t at = 0;

	while (rom.n < MAX_ROM_IMAGES && at < n && !rom.whole) {
		struct rom_image *image = &rom.images[rom.n];

		if (!image_parse(p + at, n - at, image, &rom.whole))
			break;
		at += image->length;
		rom.n++;
	}
	if (!rom.n)
		return false;
	*ret = rom;
	return true;
}

enum {
	ROM_LINE = 6 /* PCI_ROM_RESOURCE */,
	ROM_SHADOW = 0x2 /* IORESOURCE_ROM_SHADOW */
};

/*
 * A ROM that is shadowed is read from the copy that firmware left at 0xc0000, not from
 * the card: arch/x86/pci/fixup.c, pci_fixup_video(). The file `rom` exists where the resource
 * has a size (drivers/pci/pci-sysfs.c, pci_dev_rom_attr_is_visible()).
 */
void derive_device_rom_state(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	struct bar bar;

	if (!raw)
		return;
	if (fn_bar(s->fn, ROM_LINE, &bar)) {
		fact_set_text(out, bar.flags & ROM_SHADOW ? "shadow" : "card");
		fact_seen(f, out,
			arena_printf(f->arena, "resource of %s", s->fn->short_addr),
			raw->resources.s[ROM_LINE]);
	} else if (raw->resources.have == HAVE_VALUE && raw->resources.n > ROM_LINE) {
		fact_set_text(out, "none");
		fact_seen(f, out,
			arena_printf(f->arena, "resource of %s", s->fn->short_addr),
			"no expansion ROM");
	}
}

/* The images in the bytes of the ROM, where these are there at all. */
static bool images_of(const struct fn *fn, struct rom *ret)
{
	return fn->raw && fn->raw->rom_bytes.have == HAVE_VALUE &&
		rom_parse(fn->raw->rom_bytes.p, fn->raw->rom_bytes.n, ret);
}

void derive_device_rom_images(struct facts *f, const struct subject *s, struct fact *out)
{
	struct rom rom;

	if (!s->fn->raw)
		return;
	if (s->fn->raw->rom_bytes.have == HAVE_NONE) {
		fact_set_list(out);
		return;
	}
	if (!images_of(s->fn, &rom))
		return;
	fact_set_list(out);
	out->open = !rom.whole;
	for (size_t i = 0; i < rom.n; i++) {
		uint8_t type = rom.images[i].code_type;

		fact_add_text(f, out,
			type == ROM_CODE_BIOS          ? "BIOS"
				: type == ROM_CODE_EFI ? "UEFI"
						       : "other");
	}
	fact_seen(f, out, arena_printf(f->arena, "ROM of %s", s->fn->short_addr),
		arena_printf(f->arena, "%zu images%s", rom.n,
			rom.whole ? "" : ", the last one is missing"));
}

/* AMD's firmware driver for graphics leaves the video BIOS of each adapter in the ACPI
 * table VFCT (drivers/gpu/drm/amd/amdgpu/amdgpu_bios.c, amdgpu_acpi_vfct_bios()). */
static const struct snap_vbios *vbios_of(const struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; i < f->snap->vbios.n; i++) {
		const struct snap_vbios *v = &f->snap->vbios.v[i];

		if (text_equal(v->address, fn->addr) &&
			v->vendor.v == fn->raw->vendor.v &&
			v->device.v == fn->raw->device.v && v->size.v > 0)
			return v;
	}
	return NULL;
}

void derive_device_rom_vfct(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_vbios *v;

	if (!s->fn->raw || s->fn->raw->vendor.have != HAVE_VALUE ||
		s->fn->raw->device.have != HAVE_VALUE)
		return;
	if (f->snap->vbios.have == HAVE_NOT) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	v = vbios_of(f, s->fn);
	fact_set_bool(out, v != NULL);
	if (v)
		fact_seen(f, out, "ACPI VFCT table",
			arena_printf(f->arena, "video BIOS of %s, %lld bytes",
				s->fn->short_addr, (long long)v->size.v));
}
