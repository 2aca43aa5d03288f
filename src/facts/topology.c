// SPDX-License-Identifier: GPL-2.0-or-later
// PCI functions wired to their neighbours: parents, groups, kinds, drivers.
#include "facts/topology.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/kinds.h"

/* Header type at offset 0x0e (PCI Local Bus Specification 3.0, 6.2.1), bit 7: several
 * functions. A function that does not answer reads 0xff: then the class has to tell. */
enum { HEADER_TYPE = 0x0e, HEADER_MASK = 0x7f };

/* A listing may name the driver only: pcieport drives ports (drivers/pci/pcie/portdrv.c). */
static bool is_endpoint(const struct snap_pci *raw, uint32_t class_code)
{
	if (snapshot_config_knows(raw, HEADER_TYPE, HEADER_MASK) &&
		raw->config.p[HEADER_TYPE] != 0xff)
		return (raw->config.p[HEADER_TYPE] & HEADER_MASK) == 0;
	/* Bridges to PCI, CardBus and semi-transparent to PCI: the classes with such a
	 * header */
	if (class_code == 0xffffffff)
		return !text_equal(snap_str(raw->driver), "pcieport");
	switch (class_code >> 8) {
	case 0x0604:
	case 0x0607:
	case 0x0609:
		return false;
	default:
		return true;
	}
}

/*
 * Drivers with driver_managed_dma beside vfio's own: they leave a group to its user
 * (drivers/pci/pci-stub.c, drivers/pci/pcie/portdrv.c; before 5.19 the list
 * vfio_driver_allowed in drivers/vfio/vfio.c). Every vfio driver is named like vfio-pci.
 */
enum driver_kind driver_kind_of(const char *name)
{
	size_t n = strlen(name);

	if (n >= 8 && text_equal_dash(name + n - 8, "vfio_pci") &&
		(n == 8 || name[n - 9] == '-' || name[n - 9] == '_'))
		return DRIVER_VFIO;
	if (text_equal_dash(name, "pci_stub"))
		return DRIVER_STUB;
	return text_equal(name, "pcieport") ? DRIVER_HARMLESS : DRIVER_HOST;
}

static void set_driver(struct fn *fn)
{
	enum driver_kind kind;

	fn->on_host_driver = fn->on_vfio = TRI_UNKNOWN;
	if (fn->raw->driver.have == HAVE_NONE)
		fn->on_host_driver = fn->on_vfio = TRI_FALSE;
	if (fn->raw->driver.have != HAVE_VALUE)
		return;
	kind = driver_kind_of(fn->raw->driver.s);
	fn->on_host_driver = tri_of(kind == DRIVER_HOST);
	fn->on_vfio = tri_of(kind == DRIVER_VFIO);
}

static void set_address(struct facts *f, struct fn *fn, struct bdf b)
{
	char text[BDF_TEXT];

	fn->bdf = b;
	fn->addr = arena_strdup(f->arena, bdf_format(b, text));
	fn->short_addr = arena_strdup(f->arena, bdf_format_short(b, text));
}

static int compare_fns(const void *a, const void *b)
{
	return bdf_compare(((const struct fn *)a)->bdf, ((const struct fn *)b)->bdf);
}

static void build_scanned(struct facts *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->snap->pci.n; i++) {
		const struct snap_pci *raw = &f->snap->pci.v[i];
		struct fn *fn = &f->fns[f->n_fns];
		struct bdf b;

		if (!raw->address || !bdf_parse(raw->address, &b))
			continue;
		fn->raw = raw;
		fn->class_code = raw->class_code.have == HAVE_VALUE
			? (uint32_t)raw->class_code.v & 0xffffff
			: 0xffffffff;
		fn->is_endpoint = is_endpoint(raw, fn->class_code);
		fn->is_display = fn->class_code >> 16 == 0x03 && !fn_is_vf(fn);
		set_driver(fn);
		set_address(f, fn, b);
		f->n_fns++;
	}
	if (f->n_fns)
		qsort(f->fns, f->n_fns, sizeof *f->fns, compare_fns);
	/* Of two entries with one address the first stays */
	for (size_t i = 0; i < f->n_fns; i++) {
		if (kept == 0 || bdf_compare(f->fns[kept - 1].bdf, f->fns[i].bdf) != 0)
			f->fns[kept++] = f->fns[i];
	}
	f->n_fns = kept;
}

struct fn *facts_find(const struct facts *f, struct bdf b)
{
	const struct fn key = { .bdf = b };
	size_t n = f->n_fns;
	struct fn *found;

	while (n && f->fns[n - 1].missing)
		n--;
	if (n == 0)
		return NULL;
	found = bsearch(&key, f->fns, n, sizeof *f->fns, compare_fns);
	return found;
}

static void add_missing(struct facts *f, const struct facts_request *request)
{
	for (size_t i = 0; i < request->n_guests; i++) {
		struct fn *fn = &f->fns[f->n_fns];
		struct bdf b;
		bool known;

		if (!bdf_parse(request->guests[i], &b))
			continue;
		known = facts_find(f, b) != NULL;
		for (size_t j = 0; j < f->n_fns; j++)
			known |= f->fns[j].missing && bdf_compare(f->fns[j].bdf, b) == 0;
		if (known)
			continue;
		*fn = (struct fn){ .missing = true,
			.class_code = 0xffffffff,
			.on_host_driver = TRI_UNKNOWN,
			.on_vfio = TRI_UNKNOWN,
			.is_endpoint = true,
			.what = "",
			.label = "" };
		set_address(f, fn, b);
		f->n_fns++;
	}
}

static struct group *find_group(struct facts *f, int64_t id)
{
	for (size_t i = 0; i < f->n_groups; i++) {
		if (f->groups[i].id == id)
			return &f->groups[i];
	}
	return NULL;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* The groups that the folder or a link names. */
static void collect_groups(struct facts *f)
{
	size_t room = f->snap->groups.n + f->n_fns;

	f->groups = arena_alloc(f->arena, room * sizeof *f->groups);
	for (size_t i = 0; i < f->snap->groups.n; i++) {
		const struct snap_group *raw = &f->snap->groups.v[i];

		if (find_group(f, raw->id))
			continue;
		f->groups[f->n_groups++] = (struct group){ .id = raw->id,
			.raw = raw,
			.noiommu = text_equal(snap_str(raw->name), "vfio-noiommu") };
	}
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (fn->raw && fn->raw->iommu_group.have == HAVE_VALUE &&
			!find_group(f, fn->raw->iommu_group.v))
			f->groups[f->n_groups++].id = fn->raw->iommu_group.v;
	}
	if (f->n_groups)
		qsort(f->groups, f->n_groups, sizeof *f->groups, compare_groups);
}

static void join_groups(struct facts *f)
{
	for (size_t i = 0; i < f->n_groups; i++) {
		struct group *g = &f->groups[i];

		for (size_t j = 0; g->raw && j < g->raw->devices.n; j++) {
			struct bdf b;
			struct fn *fn = bdf_parse(g->raw->devices.s[j], &b)
				? facts_find(f, b)
				: NULL;

			if (fn && !fn->group)
				fn->group = g;
		}
	}
	for (size_t i = 0; i < f->n_fns; i++) {
		struct fn *fn = &f->fns[i];

		if (fn->raw && fn->raw->iommu_group.have == HAVE_VALUE)
			fn->group = find_group(f, fn->raw->iommu_group.v);
		if (fn->group && fn->group->noiommu)
			fn->group = NULL;
		if (fn->group)
			*arena_push(f->arena, fn->group->members, fn->group->n) = fn;
	}
}

static void join_parents(struct facts *f)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		struct fn *fn = &f->fns[i];
		const char *parent = fn->raw ? snap_str(fn->raw->parent) : NULL;
		struct bdf b;

		if (parent && bdf_parse(parent, &b))
			fn->parent = facts_find(f, b);
		if (fn->parent == fn)
			fn->parent = NULL;
	}
}

/* Is A part of the display adapter B? A processor with graphics has the sound of the
 * mainboard in the same slot, by another maker: 1022 beside 1002. */
static bool is_beside(const struct fn *a, const struct fn *b)
{
	if (!b->is_display || !fn_same_slot(a, b))
		return false;
	return a->raw->vendor.have != HAVE_VALUE || !b->raw ||
		b->raw->vendor.have != HAVE_VALUE || a->raw->vendor.v == b->raw->vendor.v;
}

static void name_functions(struct facts *f)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		struct fn *fn = &f->fns[i];
		bool beside_display = false;

		if (!fn->raw)
			continue;
		for (size_t j = i < 8 ? 0 : i - 8; j < f->n_fns && j < i + 8; j++)
			beside_display |= is_beside(fn, &f->fns[j]);
		fn->what = kind_words(fn, beside_display);
		fn->label = kind_label(f->arena, fn);
	}
}

void topology_build(struct facts *f, const struct facts_request *request)
{
	size_t room = f->snap->pci.n + request->n_guests;

	f->fns = arena_alloc(f->arena, (room + 1) * sizeof *f->fns);
	build_scanned(f);
	add_missing(f, request);
	collect_groups(f);
	join_groups(f);
	join_parents(f);
	name_functions(f);
}

/* A document that was pasted together has data without a word on its source. */
static enum tri source_whole(const struct facts *f, enum source source)
{
	enum source_status status = snapshot_status(f->snap, source);

	return status == STATUS_OK || status == STATUS_MISSING ? TRI_TRUE : TRI_UNKNOWN;
}

enum tri scan_listed(const struct facts *f)
{
	if (f->snap->pci.have != HAVE_VALUE)
		return TRI_FALSE;
	return source_whole(f, SOURCE_PCI);
}

enum tri groups_listed(const struct facts *f)
{
	enum tri listed = scan_listed(f);

	if (f->snap->groups.have == HAVE_VALUE)
		return source_whole(f, SOURCE_IOMMU_GROUPS);
	for (size_t i = 0; i < f->n_fns && listed != TRI_FALSE; i++) {
		if (f->fns[i].raw && f->fns[i].raw->iommu_group.have == HAVE_NOT)
			listed = f->n_groups ? TRI_UNKNOWN : TRI_FALSE;
	}
	return listed;
}

enum tri fn_groupless(const struct facts *f, const struct fn *fn)
{
	if (fn->group)
		return TRI_FALSE;
	if (!fn->raw)
		return TRI_UNKNOWN;
	if (fn->raw->iommu_group.have != HAVE_NOT)
		return TRI_TRUE;
	return f->snap->groups.have == HAVE_VALUE &&
			source_whole(f, SOURCE_IOMMU_GROUPS) == TRI_TRUE
		? TRI_TRUE
		: TRI_UNKNOWN;
}

bool group_is_whole(const struct facts *f, const struct group *g)
{
	struct bdf b;

	if (!g->raw || g->raw->devices.have != HAVE_VALUE)
		return groups_listed(f) == TRI_TRUE;
	for (size_t i = 0; i < g->raw->devices.n; i++) {
		if (bdf_parse(g->raw->devices.s[i], &b) && !facts_find(f, b))
			return false;
	}
	return true;
}

bool fn_same_slot(const struct fn *a, const struct fn *b)
{
	if (fn_is_vf(a) || fn_is_vf(b))
		return a == b;
	return bdf_same_slot(a->bdf, b->bdf);
}

bool fn_ids_known(const struct fn *fn)
{
	return fn->raw && fn->raw->vendor.have == HAVE_VALUE &&
		fn->raw->device.have == HAVE_VALUE;
}

enum tri fn_is_sound(const struct fn *fn)
{
	if (fn->class_code == UINT32_MAX)
		return TRI_UNKNOWN;
	return tri_of(fn->class_code >> 8 == 0x0403);
}

bool fn_is_vf(const struct fn *fn)
{
	return fn->raw && fn->raw->physfn.have == HAVE_VALUE;
}

bool fn_among(const struct fn *fn, struct fn *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i] == fn)
			return true;
	}
	return false;
}

static bool scan_hex_word(const char **s, uint64_t *ret)
{
	uint64_t value = 0;
	const char *p = *s + strspn(*s, " \t");

	if (p[0] != '0' || p[1] != 'x' || hex_digit(p[2]) < 0)
		return false;
	for (p += 2; hex_digit(*p) >= 0; p++)
		value = value << 4 | (uint64_t)hex_digit(*p);
	*s = p;
	*ret = value;
	return true;
}

bool fn_bar(const struct fn *fn, size_t i, struct bar *ret)
{
	const char *line;
	struct bar bar;

	if (!fn->raw || fn->raw->resources.have != HAVE_VALUE ||
		i >= fn->raw->resources.n)
		return false;
	line = fn->raw->resources.s[i];
	/* Most lines, as the kernel prints them (resource_show(), drivers/pci/pci-sysfs.c) */
	if (text_starts(line, "0x0000000000000000 0x0000000000000000"))
		return false;
	if (!scan_hex_word(&line, &bar.start) || !scan_hex_word(&line, &bar.end) ||
		!scan_hex_word(&line, &bar.flags))
		return false;
	if (bar.flags == 0 || bar.end <= bar.start)
		return false;
	*ret = bar;
	return true;
}
