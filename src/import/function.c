// SPDX-License-Identifier: GPL-2.0-or-later
// The PCI functions and IOMMU groups of an import: found by address or number, added once.
#include <stdlib.h>
#include <string.h>

#include "import/format.h"

enum {
	LEAST_INDEX = 64,
	/* Far more than a machine has whose owner asks in a forum; a text that lists more
	 * is made to take time */
	MOST = 2048,
};

static size_t address_hash(struct bdf b)
{
	uint64_t key = (uint64_t)b.domain << 16 | bdf_requester_id(b);

	return (size_t)(key * 0x9e3779b97f4a7c15u >> 32);
}

static size_t group_hash(int64_t id)
{
	return (size_t)((uint64_t)id * 0x9e3779b97f4a7c15u >> 32);
}

/* A table of twice the size, a power of two, all of it free. */
static size_t *index_new(struct import *im, size_t *size)
{
	*size = *size ? *size * 2 : LEAST_INDEX;
	return arena_alloc(im->scratch, *size * sizeof(size_t));
}

static void index_put(size_t *index, size_t size, size_t hash, size_t number)
{
	size_t at = hash & (size - 1);

	while (index[at])
		at = (at + 1) & (size - 1);
	index[at] = number + 1;
}

static void functions_index(struct import *im, size_t least)
{
	while (im->pci_index_size < least * 2) {
		im->pci_index = index_new(im, &im->pci_index_size);
		for (size_t i = 0; i < im->snap->pci.n; i++) {
			struct bdf b;
			if (bdf_parse(im->snap->pci.v[i].address, &b))
				index_put(im->pci_index, im->pci_index_size,
					address_hash(b), i);
		}
	}
}

/* Where the address stands in the index, or would stand. */
static size_t function_slot(struct import *im, const char *text, struct bdf address)
{
	functions_index(im, im->snap->pci.n + 1);
	size_t mask = im->pci_index_size - 1, at = address_hash(address) & mask;

	while (im->pci_index[at] &&
		strcmp(im->snap->pci.v[im->pci_index[at] - 1].address, text) != 0)
		at = (at + 1) & mask;
	return at;
}

struct snap_pci *import_known_function(struct import *im, struct bdf address)
{
	char text[BDF_TEXT];
	/* Before the index is looked at: it may move */
	size_t at = function_slot(im, bdf_format(address, text), address);
	size_t number = im->pci_index[at];

	return number ? &im->snap->pci.v[number - 1] : NULL;
}

struct snap_pci *import_function(struct import *im, struct bdf address)
{
	char text[BDF_TEXT];
	size_t at = function_slot(im, bdf_format(address, text), address);

	if (im->pci_index[at])
		return &im->snap->pci.v[im->pci_index[at] - 1];
	if (im->snap->pci.n >= MOST) {
		struct snap_pci *spare = arena_new_object(im->scratch, struct snap_pci);
		im->overfull = true;
		spare->address = arena_strdup(im->scratch, text);
		return spare;
	}
	im->pci_index[at] = im->snap->pci.n + 1;
	struct snap_pci *fn = snap_list_add(im->snap, &im->snap->pci);
	fn->address = arena_strdup(im->snap->arena, text);
	return fn;
}

static void groups_index(struct import *im, size_t least)
{
	while (im->group_index_size < least * 2) {
		im->group_index = index_new(im, &im->group_index_size);
		for (size_t i = 0; i < im->snap->groups.n; i++)
			index_put(im->group_index, im->group_index_size,
				group_hash(im->snap->groups.v[i].id), i);
	}
}

struct snap_group *import_group(struct import *im, int64_t id)
{
	groups_index(im, im->snap->groups.n + 1);
	size_t mask = im->group_index_size - 1, at = group_hash(id) & mask;
	for (; im->group_index[at]; at = (at + 1) & mask) {
		struct snap_group *g = &im->snap->groups.v[im->group_index[at] - 1];
		if (g->id == id)
			return g;
	}
	if (im->snap->groups.n >= MOST) {
		im->overfull = true;
		return arena_new_object(im->scratch, struct snap_group);
	}
	im->group_index[at] = im->snap->groups.n + 1;
	struct snap_group *g = snap_list_add(im->snap, &im->snap->groups);
	g->id = id;
	return g;
}

void import_group_member(struct import *im, int64_t id, struct bdf address)
{
	struct snap_pci *fn = import_function(im, address);

	/* What was said first stays: a post that shows two states shows the present first
	 * or the same; one function is in one group. */
	if (fn->iommu_group.have == HAVE_VALUE)
		return;
	fn->iommu_group = snap_int_of(id);
	if (!im->overfull)
		snap_texts_add(im->snap, &import_group(im, id)->devices, fn->address);
}

size_t import_address(const char *text, struct bdf *ret)
{
	struct bdf b;
	const char *end;

	if (!bdf_scan(text, &b, &end) || hex_digit(*end) >= 0 || *end == '.' ||
		*end == '_')
		return 0;
	if ((*end >= 'g' && *end <= 'z') || (*end >= 'G' && *end <= 'Z'))
		return 0;
	*ret = b;
	return (size_t)(end - text);
}
