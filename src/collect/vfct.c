// SPDX-License-Identifier: GPL-2.0-or-later
// The ACPI table VFCT: for which adapters firmware left a video BIOS in it.
#include "collect/vfct.h"

#include "base/bdf.h"

/*
 * drivers/gpu/drm/amd/include/atomfirmware.h, struct uefi_acpi_vfct and
 * vfct_image_header. The images are 64 KiB each and are not kept.
 */
enum {
	FIRST_IMAGE_AT = 0x34, /* offset of the first image's header */
	VFCT_SIZE = 0x4c,
	IMAGE_HEADER = 28,
	IMAGE_BUS = 0,
	IMAGE_DEVICE = 4,
	IMAGE_FUNCTION = 8,
	IMAGE_VENDOR = 12,
	IMAGE_DEVICE_ID = 14,
	IMAGE_LENGTH = 24,
	MAX_IMAGES = 16,
};

static uint32_t number_at(const uint8_t *p, size_t bytes)
{
	uint32_t n = 0;

	for (size_t i = bytes; i > 0; i--)
		n = n << 8 | p[i - 1];
	return n;
}

static void image_add(struct snapshot *s, const uint8_t *p)
{
	uint32_t bus = number_at(p + IMAGE_BUS, 4), dev = number_at(p + IMAGE_DEVICE, 4),
		 fn = number_at(p + IMAGE_FUNCTION, 4);
	struct snap_vbios *v;
	char address[BDF_TEXT];

	/* What is left of the table behind the last image may be zeros */
	if (bus > 255 || dev > 31 || fn > 7 || !number_at(p + IMAGE_VENDOR, 2))
		return;
	v = snap_list_add(s, &s->vbios);
	v->address = arena_strdup(s->arena,
		bdf_format((struct bdf){ .bus = (uint8_t)bus,
				   .dev = (uint8_t)dev,
				   .fn = (uint8_t)fn },
			address));
	v->vendor = snap_hex_of(number_at(p + IMAGE_VENDOR, 2));
	v->device = snap_hex_of(number_at(p + IMAGE_DEVICE_ID, 2));
	v->size = snap_int_of(number_at(p + IMAGE_LENGTH, 4));
}

void vfct_add(struct snapshot *s, const uint8_t *p, size_t n)
{
	size_t at = n < VFCT_SIZE ? n : number_at(p + FIRST_IMAGE_AT, 4);

	snap_list_collected(&s->vbios);
	for (size_t i = 0; i < MAX_IMAGES && at <= n && n - at >= IMAGE_HEADER; i++) {
		uint32_t length = number_at(p + at + IMAGE_LENGTH, 4);

		image_add(s, p + at);
		at += IMAGE_HEADER;
		if (length > n - at)
			return;
		at += length;
	}
}
