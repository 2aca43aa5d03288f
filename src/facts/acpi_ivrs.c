// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes an IVRS table: AMD IOMMU specification 5.2.2, as drivers/iommu/amd/init.c reads
// it.
#include <string.h>

#include "facts/acpi.h"
#include "facts/acpi_bytes.h"
#include "facts/acpi_ivhd.h"

enum {
	IVRS_BLOCKS = 48,
	BLOCK_DEVICE = 4, /* type, flags and length stand before it in all blocks */
	BLOCK_LEAST = 6,
	TYPE_HIGHEST = 0x40, /* ACPI_IVHD_TYPE_MAX_SUPPORTED */
	IVMD_ALL = 0x20,
	IVMD_ONE = 0x21,
	IVMD_RANGE = 0x22,
	IVMD_LENGTH = 32,
	IVMD_UNITY = 1,
	IVMD_EXCLUSION = 8,
};

/*
 * get_highest_supported_ivhd_type(): the type of the last block that is about the same
 * function as the first block. It need not be the highest, nor an IVHD block at all.
 */
static uint8_t type_pick(const uint8_t *p, size_t n)
{
	uint8_t type = 0;

	for (size_t at = IVRS_BLOCKS; n - at >= BLOCK_LEAST; at += le16(p + at + 2)) {
		size_t length = le16(p + at + 2);
		if (at > IVRS_BLOCKS && p[at] > TYPE_HIGHEST)
			break;
		if (le16(p + at + BLOCK_DEVICE) == le16(p + IVRS_BLOCKS + BLOCK_DEVICE))
			type = p[at];
		if (p[at] > TYPE_HIGHEST || length < BLOCK_LEAST || length > n - at)
			break;
	}
	return type;
}

/* init_unity_map_range(); a shorter block would be read past its end. */
static void ivmd_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ivrs)
{
	if (p[0] < IVMD_ALL || p[0] > IVMD_RANGE ||
		!(p[1] & (IVMD_UNITY | IVMD_EXCLUSION)))
		return;
	if (n < IVMD_LENGTH) {
		ivrs->open = true;
		ivrs->oddity = "an IVMD block is too short";
		return;
	}
	uint16_t first = p[0] == IVMD_ALL ? 0 : le16(p + 4);
	uint16_t last = p[0] == IVMD_ALL ? UINT16_MAX
		: p[0] == IVMD_RANGE     ? le16(p + 6)
					 : first;
	*arena_push(a, ivrs->ivmds, ivrs->n_ivmds) = (struct ivrs_ivmd){ .type = p[0],
		.flags = p[1],
		.segment = le16(p + 8),
		.first = first,
		.last = last,
		.start = le64(p + 16),
		.length = le64(p + 24) };
}

/* init_iommu_all(), init_memory_definitions(): neither checks a block's length. */
static const char *blocks_parse(
	struct arena *a, const uint8_t *p, size_t n, struct ivrs *ivrs)
{
	const char *first = NULL, *trouble;

	for (size_t at = IVRS_BLOCKS; at < n; at += le16(p + at + 2)) {
		size_t length = n - at < 4 ? 0 : le16(p + at + 2);
		if (length < 4 || length > n - at) {
			ivrs->open = true;
			trouble = arena_printf(a, "bad block length at byte %zu", at);
			return first ? first : trouble;
		}
		ivmd_parse(a, p + at, length, ivrs);
		if (p[at] != ivrs->block_type)
			continue;
		trouble = ivhd_parse(a, p + at, length, ivrs);
		if (trouble && !first)
			first = trouble;
	}
	return first;
}

static bool sums_to_zero(const uint8_t *p, size_t n)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + p[i]);
	return sum == 0;
}

bool ivrs_parse(struct arena *a, const uint8_t *p, size_t n, struct ivrs *ret,
	const char **ret_trouble)
{
	struct ivrs ivrs = { 0 };
	size_t length;

	*ret_trouble = NULL;
	/* With part of a table, not even the type that the kernel picks is known */
	if (acpi_is_cut(p, n))
		return false;
	length = acpi_length(a, p, n, IVRS_BLOCKS, ret_trouble);
	if (!length)
		return false;
	ivrs.block_type = type_pick(p, length);
	if (!sums_to_zero(p, length))
		*ret_trouble = "its checksum is wrong";
	else if (length == IVRS_BLOCKS)
		*ret_trouble = "it describes no IOMMU (no IVHD block)";
	else if (!ivhd_header_length(ivrs.block_type))
		*ret_trouble = arena_printf(a,
			"its blocks are of type 0x%02x, which describes no IOMMU",
			ivrs.block_type);
	const char *inside = blocks_parse(a, p, length, &ivrs);
	if (!*ret_trouble)
		*ret_trouble = inside;
	*ret = ivrs;
	return true;
}

const struct ivrs_unit *ivrs_unit_of(
	const struct ivrs *ivrs, uint16_t segment, uint16_t requester_id)
{
	const struct ivrs_unit *unit = NULL;

	for (size_t i = 0; i < ivrs->n_ranges; i++) {
		const struct ivrs_range *r = &ivrs->ranges[i];
		if (r->segment == segment && r->first <= requester_id &&
			requester_id <= r->last)
			unit = &ivrs->units[r->unit];
	}
	for (size_t i = 0; i < ivrs->n_units; i++) {
		if (ivrs->units[i].segment == segment &&
			ivrs->units[i].requester_id == requester_id)
			return NULL;
	}
	return unit;
}

enum tri ivrs_covers(const struct ivrs *ivrs, uint16_t segment, uint16_t requester_id)
{
	if (ivrs_unit_of(ivrs, segment, requester_id))
		return TRI_TRUE;
	return ivrs->open ? TRI_UNKNOWN : TRI_FALSE;
}

bool ivrs_alias_of(
	struct facts *f, uint16_t segment, uint16_t requester_id, uint16_t *ret)
{
	const struct ivrs *ivrs = ivrs_decode(f);

	if (!ivrs || ivrs->open)
		return false;
	*ret = requester_id;
	for (size_t i = 0; i < ivrs->n_aliases; i++) {
		const struct ivrs_alias *alias = &ivrs->aliases[i];
		if (alias->segment == segment && alias->first <= requester_id &&
			requester_id <= alias->last)
			*ret = alias->to;
	}
	return true;
}
