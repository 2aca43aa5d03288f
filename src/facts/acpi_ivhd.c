// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes the device entries of an IVHD block: init_iommu_from_acpi() of
// drivers/iommu/amd/init.c.
#include <string.h>

#include "facts/acpi_bytes.h"
#include "facts/acpi_ivhd.h"

enum {
	IVHD_DEVICE = 4,
	IVHD_ADDRESS = 8,
	IVHD_SEGMENT = 16,
	IVHD_FEATURES = 24,
	IVHD_10 = 0x10,
	IVHD_11 = 0x11,
	IVHD_40 = 0x40,
	ENTRY_ALL = 0x01,
	ENTRY_SELECT = 0x02,
	ENTRY_RANGE_START = 0x03,
	ENTRY_RANGE_END = 0x04,
	ENTRY_ALIAS = 0x42,
	ENTRY_ALIAS_RANGE = 0x43,
	ENTRY_EXT_SELECT = 0x46,
	ENTRY_EXT_RANGE = 0x47,
	ENTRY_SPECIAL = 0x48,
	ENTRY_ACPI_HID = 0xf0,
	HID_AT = 4,
	HID_LENGTH = 8,
	UID_FORM = 20,
	UID_LENGTH = 21,
	UID_AT = 22,
	UID_INTEGER = 1,
	UID_TEXT = 2,
};

size_t ivhd_header_length(uint8_t type)
{
	switch (type) {
	case IVHD_10:
		return 24;
	case IVHD_11:
	case IVHD_40:
		return 40;
	default:
		return 0;
	}
}

/* ivhd_entry_length(): 0 where the kernel would never move on. LEFT is not 0. */
static size_t entry_length(const uint8_t *p, size_t left)
{
	if (p[0] < 0x80)
		return (size_t)4 << (p[0] >> 6);
	if (p[0] != ENTRY_ACPI_HID)
		return 0;
	return UID_AT + (left > UID_LENGTH ? p[UID_LENGTH] : 0u);
}

/* A block while it is read. A range is opened by one entry and ended by another. */
struct reader {
	struct arena *a;
	struct ivrs *ivrs;
	uint8_t block_type;
	bool alias; /* the open range has one */
	uint16_t segment, first, to;
	bool counted; /* an entry that find_last_devid_from_ivhd() counts */
};

static void range_add(struct reader *r, uint16_t first, uint16_t last)
{
	if (first <= last)
		*arena_push(r->a, r->ivrs->ranges, r->ivrs->n_ranges) =
			(struct ivrs_range){ .segment = r->segment,
				.first = first,
				.last = last,
				.unit = r->ivrs->n_units - 1 };
}

static void alias_add(struct reader *r, uint16_t first, uint16_t last, uint16_t to)
{
	range_add(r, to, to);
	if (first <= last)
		*arena_push(
			r->a, r->ivrs->aliases, r->ivrs->n_aliases) = (struct ivrs_alias){
			.segment = r->segment, .first = first, .last = last, .to = to
		};
}

static const char *special_add(struct reader *r, const uint8_t *p)
{
	uint16_t id = le16(p + 5);

	/* add_special_device() fails, and with it the whole driver */
	if (p[7] != IVRS_IOAPIC && p[7] != IVRS_HPET)
		return arena_printf(
			r->a, "a special entry is of unknown variety %u", p[7]);
	*arena_push(r->a, r->ivrs->specials, r->ivrs->n_specials) = (struct ivrs_special){
		.handle = p[4], .variety = p[7], .segment = r->segment, .requester_id = id
	};
	range_add(r, id, id);
	return NULL;
}

/* The UID as the kernel compares it, of an entry that is wholly there. */
static const char *uid_text(struct arena *a, const uint8_t *p)
{
	if (p[UID_FORM] == UID_INTEGER && p[UID_LENGTH])
		return arena_printf(a, "%u", p[UID_AT]);
	if (p[UID_FORM] == UID_TEXT)
		return arena_strndup(a, (const char *)p + UID_AT,
			strnlen((const char *)p + UID_AT, p[UID_LENGTH]));
	return "";
}

/* In other blocks, or without a HID, the kernel complains and goes on. */
static void named_add(struct reader *r, const uint8_t *p)
{
	uint16_t id = le16(p + 1);

	if (r->block_type != IVHD_40 || !p[HID_AT]) {
		r->ivrs->oddity = "an entry for a device without a PCI function is "
				  "malformed or in a block of the wrong type";
		return;
	}
	struct ivrs_named *named = arena_push(r->a, r->ivrs->named, r->ivrs->n_named);
	*named = (struct ivrs_named){
		.uid = uid_text(r->a, p), .segment = r->segment, .requester_id = id
	};
	memcpy(named->hid, p + HID_AT, HID_LENGTH);
	range_add(r, id, id);
}

static void range_end(struct reader *r, uint16_t last)
{
	if (r->alias)
		alias_add(r, r->first, last, r->to);
	range_add(r, r->first, last);
}

/* One entry that is wholly there. As in the kernel, a range that was never opened begins
 * at 0, and one may be ended twice. */
static const char *entry_parse(struct reader *r, const uint8_t *p)
{
	uint16_t id = le16(p + 1);

	switch (p[0]) {
	case ENTRY_ALL:
		range_add(r, 0, UINT16_MAX);
		break;
	case ENTRY_SELECT:
	case ENTRY_EXT_SELECT:
		range_add(r, id, id);
		break;
	case ENTRY_ALIAS:
		range_add(r, id, id);
		alias_add(r, id, id, le16(p + 5));
		break;
	case ENTRY_RANGE_START:
	case ENTRY_EXT_RANGE:
	case ENTRY_ALIAS_RANGE:
		r->first = id;
		r->alias = p[0] == ENTRY_ALIAS_RANGE;
		r->to = r->alias ? le16(p + 5) : 0;
		return NULL;
	case ENTRY_RANGE_END:
		range_end(r, id);
		break;
	case ENTRY_SPECIAL:
		return special_add(r, p);
	case ENTRY_ACPI_HID:
		named_add(r, p);
		return NULL;
	default:
		return NULL; /* padding (type 0) and reserved types are stepped over */
	}
	r->counted = true;
	return NULL;
}

static const char *entries_parse(struct reader *r, const uint8_t *p, size_t n)
{
	const char *first = NULL, *trouble;
	size_t length;

	for (size_t at = 0; at < n; at += length) {
		length = entry_length(p + at, n - at);
		if (!length) {
			r->ivrs->open = true;
			trouble = arena_printf(r->a,
				"an IVHD entry is of type 0x%02x, which has no length",
				p[at]);
			return first ? first : trouble;
		}
		if (length > n - at) {
			/* The kernel warns, and reads on in what follows the block */
			r->ivrs->open = true;
			r->ivrs->oddity = arena_printf(r->a,
				"an IVHD entry of type 0x%02x does not end with its block",
				p[at]);
			return first;
		}
		trouble = entry_parse(r, p + at);
		if (trouble && !first)
			first = trouble;
	}
	return first;
}

const char *ivhd_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ivrs)
{
	size_t header = ivhd_header_length(p[0]);

	if (n < header) {
		ivrs->open = true;
		return "an IVHD block is shorter than its header";
	}
	*arena_push(a, ivrs->units, ivrs->n_units) =
		(struct ivrs_unit){ .segment = le16(p + IVHD_SEGMENT),
			.requester_id = le16(p + IVHD_DEVICE),
			.address = le64(p + IVHD_ADDRESS),
			.features = p[0] == IVHD_10 ? 0 : le64(p + IVHD_FEATURES) };
	struct reader r = { .a = a,
		.ivrs = ivrs,
		.block_type = p[0],
		.segment = le16(p + IVHD_SEGMENT) };
	const char *trouble = entries_parse(&r, p + header, n - header);
	ivrs->units[ivrs->n_units - 1].bare = !r.counted;
	return trouble;
}
