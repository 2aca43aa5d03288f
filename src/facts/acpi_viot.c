// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes a VIOT table (ACPI 6.5, 5.2.34), as drivers/acpi/viot.c reads it.
#include <string.h>

#include "facts/acpi.h"
#include "facts/acpi_bytes.h"

enum {
	VIOT_COUNT = 36,
	VIOT_OFFSET = 38,
	VIOT_NODES = 48,
	NODE_LEAST = 4,
	NODE_PCI_RANGE = 1,
	NODE_MMIO = 2,
	NODE_IOMMU_PCI = 3,
	NODE_IOMMU_MMIO = 4,
	ENDPOINT_LENGTH = 24, /* of both kinds */
	IOMMU_LENGTH = 16,
};

/* viot_check_bounds(): the node's header lies within the table, the rest may not. */
static bool node_starts(const uint8_t *p, size_t n, size_t at)
{
	return at >= VIOT_NODES && at <= n && n - at >= NODE_LEAST &&
		le16(p + at + 2) >= NODE_LEAST;
}

static bool node_has(const uint8_t *p, size_t n, size_t at, size_t length)
{
	return le16(p + at + 2) >= length && n - at >= length;
}

/* viot_get_iommu(): without one the range is left out. */
static bool iommu_read(const uint8_t *p, size_t n, size_t at, struct viot_range *range)
{
	if (!node_starts(p, n, at) || !node_has(p, n, at, IOMMU_LENGTH))
		return false;
	range->by_function = p[at] == NODE_IOMMU_PCI;
	range->segment = le16(p + at + 4);
	range->iommu = le16(p + at + 6);
	return range->by_function || p[at] == NODE_IOMMU_MMIO;
}

static void range_read(
	struct arena *a, const uint8_t *p, size_t n, size_t at, struct viot *viot)
{
	struct viot_range range = { .segment_first = le16(p + at + 8),
		.segment_last = le16(p + at + 10),
		.first = le16(p + at + 12),
		.last = le16(p + at + 14) };

	if (iommu_read(p, n, le16(p + at + 16), &range))
		*arena_push(a, viot->ranges, viot->n_ranges) = range;
}

bool viot_parse(struct arena *a, const uint8_t *p, size_t n, struct viot *ret,
	const char **ret_trouble)
{
	struct viot viot = { 0 };

	*ret_trouble = NULL;
	if (acpi_is_cut(p, n))
		return false;
	n = acpi_length(a, p, n, VIOT_NODES, ret_trouble);
	if (!n)
		return false;
	size_t at = le16(p + VIOT_OFFSET), count = le16(p + VIOT_COUNT);
	for (size_t i = 0; i < count; i++, at += le16(p + at + 2)) {
		uint8_t type = at < n ? p[at] : 0;
		bool endpoint = type == NODE_PCI_RANGE || type == NODE_MMIO;
		/* The kernel stops here; what came before stays in force */
		if (!node_starts(p, n, at) ||
			(endpoint && !node_has(p, n, at, ENDPOINT_LENGTH))) {
			*ret_trouble = arena_printf(a, "bad node at byte %zu", at);
			break;
		}
		if (type == NODE_PCI_RANGE)
			range_read(a, p, n, at, &viot);
	}
	*ret = viot;
	return true;
}

/* The last one read is found first: list_add(), viot_pci_dev_iommu_init() */
const struct viot_range *viot_range_of(const struct viot *viot, struct bdf b)
{
	uint16_t id = bdf_requester_id(b);

	for (size_t i = viot->n_ranges; i-- > 0;) {
		const struct viot_range *r = &viot->ranges[i];
		if (r->segment_first <= b.domain && b.domain <= r->segment_last &&
			r->first <= id && id <= r->last)
			return r;
	}
	return NULL;
}
