// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes an IVRS table: AMD IOMMU specification 5.2.2, as drivers/iommu/amd/init.c reads
// it.
#include <string.h>

#include "facts/acpi.h"
#include "facts/acpi_bytes.h"

enum {
	IVRS_BLOCKS = 48,
	BLOCK_LEAST = 16, /* the fields that IVHD and IVMD share */
	IVHD_SEGMENT = 16,
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
	HID_UID_LENGTH = 21,
};

/* get_ivhd_header_size() */
static size_t ivhd_header(uint8_t type)
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

/* ivhd_entry_length(); 0 where the kernel would not move on, or the end is missing. */
static size_t entry_length(const uint8_t *p, size_t left)
{
	size_t length = 0;

	if (p[0] < 0x80)
		length = (size_t)4 << (p[0] >> 6);
	else if (p[0] == ENTRY_ACPI_HID && left > HID_UID_LENGTH)
		length = (size_t)p[HID_UID_LENGTH] + 22;
	return length > left ? 0 : length;
}

/* Overrides and repairs speak of PCI segment 0, so only its ranges are of interest. */
static void range_add(struct arena *a, struct ivrs *ivrs, uint16_t segment,
	uint16_t first, uint16_t last)
{
	if (first <= last && segment == 0)
		*arena_push(a, ivrs->ranges, ivrs->n_ranges) =
			(struct ivrs_range){ first, last };
}

/* A range that was opened and waits for its end. */
struct open_range {
	bool open, alias;
	uint16_t first, to, segment;
};

static void entry_parse(
	struct arena *a, const uint8_t *p, struct ivrs *ivrs, struct open_range *range)
{
	uint16_t id = le16(p + 1), seg = range->segment;

	switch (p[0]) {
	case ENTRY_ALL:
		range_add(a, ivrs, seg, 0, UINT16_MAX);
		break;
	case ENTRY_SELECT:
	case ENTRY_EXT_SELECT:
		range_add(a, ivrs, seg, id, id);
		break;
	case ENTRY_ALIAS:
		range_add(a, ivrs, seg, id, id);
		range_add(a, ivrs, seg, le16(p + 5), le16(p + 5));
		break;
	case ENTRY_RANGE_START:
	case ENTRY_EXT_RANGE:
		*range = (struct open_range){ .open = true, .first = id, .segment = seg };
		break;
	case ENTRY_ALIAS_RANGE:
		*range = (struct open_range){ .open = true,
			.alias = true,
			.first = id,
			.to = le16(p + 5),
			.segment = seg };
		break;
	case ENTRY_RANGE_END:
		if (range->open)
			range_add(a, ivrs, seg, range->first, id);
		if (range->open && range->alias)
			range_add(a, ivrs, seg, range->to, range->to);
		range->open = false;
		break;
	case ENTRY_SPECIAL:
		*arena_push(a, ivrs->specials, ivrs->n_specials) =
			(struct ivrs_special){ .handle = p[4],
				.variety = p[7],
				.segment = seg,
				.requester_id = le16(p + 5) };
		/* init_iommu_from_acpi() enters the device of a special entry as well */
		range_add(a, ivrs, seg, le16(p + 5), le16(p + 5));
		break;
	case ENTRY_ACPI_HID:
		range_add(a, ivrs, seg, id, id);
		break;
	default:
		break;
	}
}

static const char *ivhd_parse(
	struct arena *a, const uint8_t *p, size_t n, struct ivrs *ivrs)
{
	size_t at = ivhd_header(p[0]), length;

	if (n < at)
		return "an IVHD block is shorter than its header";
	struct open_range range = { .segment = le16(p + IVHD_SEGMENT) };
	for (; at < n; at += length) {
		length = entry_length(p + at, n - at);
		if (!length)
			return arena_printf(a,
				"an IVHD entry of type 0x%02x does not end with its block",
				p[at]);
		entry_parse(a, p + at, ivrs, &range);
	}
	return NULL;
}

/* get_highest_supported_ivhd_type(): the last type that describes the first IOMMU. */
static uint8_t type_pick(const uint8_t *p, size_t n)
{
	uint8_t type = 0;
	uint16_t device = 0;

	for (size_t at = IVRS_BLOCKS; n - at >= BLOCK_LEAST; at += le16(p + at + 2)) {
		size_t length = le16(p + at + 2);
		if (length < BLOCK_LEAST || length > n - at || p[at] > IVHD_40)
			break;
		if (!ivhd_header(p[at]))
			continue;
		if (!type)
			device = le16(p + at + 4);
		if (!type || le16(p + at + 4) == device)
			type = p[at];
	}
	return type;
}

static const char *blocks_parse(
	struct arena *a, const uint8_t *p, size_t n, struct ivrs *ivrs)
{
	const char *first = NULL, *trouble;

	for (size_t at = IVRS_BLOCKS; at < n; at += le16(p + at + 2)) {
		size_t length = n - at < 4 ? 0 : le16(p + at + 2);
		if (length < 4 || length > n - at)
			return arena_printf(a, "bad block length at byte %zu", at);
		if (p[at] != ivrs->block_type)
			continue;
		trouble = ivhd_parse(a, p + at, length, ivrs);
		if (trouble && !first)
			first = trouble;
	}
	return first;
}

bool ivrs_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ret,
	const char **ret_trouble)
{
	struct ivrs ivrs = { 0 };
	const char *trouble = NULL;
	uint8_t sum = 0;

	n = acpi_length(a, p, n, IVRS_BLOCKS, &trouble);
	if (!n) {
		*ret_trouble = trouble;
		return false;
	}
	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + p[i]);
	if (!trouble && sum)
		trouble = "its checksum is wrong";
	ivrs.block_type = type_pick(p, n);
	const char *inside = blocks_parse(a, p, n, &ivrs);
	if (!trouble)
		trouble = inside;
	if (!trouble && !ivrs.block_type)
		trouble = "it describes no IOMMU (no IVHD block)";
	*ret = ivrs;
	*ret_trouble = trouble;
	return true;
}

bool ivrs_covers(const struct ivrs *ivrs, uint16_t requester_id)
{
	for (size_t i = 0; i < ivrs->n_ranges; i++) {
		if (ivrs->ranges[i].first <= requester_id &&
			requester_id <= ivrs->ranges[i].last)
			return true;
	}
	return false;
}
