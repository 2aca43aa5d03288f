// SPDX-License-Identifier: GPL-2.0-or-later
// What only all listings together tell of a function: its place in the tree, whose virtual
// function it is, whether it has siblings.
#include <stdlib.h>
#include <string.h>

#include "import/lspci_state.h"

enum {
	HEADER_TYPE = 0x0e,
	MULTIFUNCTION = 0x80,
	CONFIG_SIZE = 256,
};

struct lspci_state *lspci_state(struct import *im)
{
	if (!im->lspci) {
		im->lspci = arena_new_object(im->scratch, struct lspci_state);
		im->lspci->space = arena_new_object(im->scratch, struct lspci_space);
	}
	return im->lspci;
}

void lspci_bridge_add(struct import *im, struct bdf bdf, int secondary)
{
	struct lspci_state *st = lspci_state(im);

	if (secondary <= 0 || secondary > 0xff)
		return;
	*arena_push(im->scratch, st->bridges, st->n_bridges) =
		(struct lspci_bridge){ bdf, (uint8_t)secondary };
}

void lspci_root_add(struct import *im, uint32_t domain, uint8_t bus)
{
	struct lspci_state *st = lspci_state(im);

	*arena_push(im->scratch, st->roots, st->n_roots) =
		(struct bdf){ .domain = domain, .bus = bus };
}

void lspci_dead_add(struct import *im, const struct snap_pci *fn)
{
	struct lspci_state *st = lspci_state(im);
	struct bdf b;

	if (bdf_parse(fn->address, &b))
		*arena_push(im->scratch, st->dead, st->n_dead) = b;
}

/*
 * `(rev ff)`: lspci read ones, unless there is more of the header. A maker may call a
 * revision so; none is known that does.
 */
static void dead_store(struct import *im)
{
	struct lspci_state *st = im->lspci;
	struct snapshot *s = im->snap;

	for (size_t i = 0; i < s->pci.n; i++) {
		struct snap_pci *fn = &s->pci.v[i];

		if (fn->revision.have != HAVE_VALUE || fn->revision.v != 0xff ||
			fn->config.have != HAVE_NOT)
			continue;
		fn->revision = (struct snap_hex){ 0 };
		lspci_dead_add(im, fn);
	}
	for (size_t i = 0; i < st->n_dead; i++) {
		space_set_dead(st->space);
		space_store(s, import_function(im, st->dead[i]), st->space);
	}
}

/* By the bus behind it; the one that was named first comes first. */
static int bridge_compare(const void *a, const void *b)
{
	const struct lspci_bridge *x = a, *y = b;

	if (x->bdf.domain != y->bdf.domain)
		return x->bdf.domain < y->bdf.domain ? -1 : 1;
	return (int)x->secondary - (int)y->secondary;
}

static int root_compare(const void *a, const void *b)
{
	return bdf_compare(*(const struct bdf *)a, *(const struct bdf *)b);
}

static const struct lspci_bridge *bridge_above(const struct lspci_state *st, struct bdf b)
{
	struct lspci_bridge key = { .bdf = b, .secondary = b.bus };

	return st->n_bridges ? bsearch(&key, st->bridges, st->n_bridges,
				       sizeof *st->bridges, bridge_compare)
			     : NULL;
}

static bool is_root(const struct lspci_state *st, struct bdf b)
{
	struct bdf key = { .domain = b.domain, .bus = b.bus };

	/* No bridge can have bus 0 behind it: that is what it says before it is set up */
	return b.bus == 0 || st->buses_known ||
		(st->n_roots &&
			bsearch(&key, st->roots, st->n_roots, sizeof key, root_compare));
}

/* The range that FN is in; virtual functions are counted from 0 by their requester IDs
 * (PCI Express Base Specification 9.2.1.2). */
static const struct lspci_vfs *vfs_with(const struct lspci_state *st, struct bdf b)
{
	unsigned id = bdf_requester_id(b);

	for (size_t i = 0; i < st->n_vfs; i++) {
		const struct lspci_vfs *vfs = &st->vfs[i];
		unsigned first = bdf_requester_id(vfs->physical) + vfs->offset;

		if (vfs->physical.domain == b.domain && id >= first && vfs->stride &&
			(id - first) % vfs->stride == 0 &&
			(id - first) / vfs->stride < vfs->n)
			return vfs;
	}
	return NULL;
}

static void place_store(struct import *im, struct snap_pci *fn, struct bdf b)
{
	const struct lspci_state *st = im->lspci;
	const struct lspci_vfs *vfs = vfs_with(st, b);
	const struct lspci_bridge *bridge;
	char text[BDF_TEXT];

	if (vfs && fn->physfn.have == HAVE_NOT)
		fn->physfn = snap_text_of(im->snap, bdf_format(vfs->physical, text));
	else if (st->vfs_known && fn->physfn.have == HAVE_NOT)
		fn->physfn = snap_text_none();
	if (fn->parent.have != HAVE_NOT)
		return;
	/* A virtual function hangs where its physical one does, whatever its bus number
	 * (virtfn_add_bus(), drivers/pci/iov.c) */
	bridge = bridge_above(st, vfs ? vfs->physical : b);
	if (bridge)
		fn->parent = snap_text_of(im->snap, bdf_format(bridge->bdf, text));
	else if (is_root(st, vfs ? vfs->physical : b))
		fn->parent = snap_text_none();
}

/* Function 0 of a slot. */
struct first {
	struct bdf bdf;
	size_t i; /* of the function */
};

static int first_compare(const void *a, const void *b)
{
	return bdf_compare(
		((const struct first *)a)->bdf, ((const struct first *)b)->bdf);
}

static struct first *firsts_list(struct import *im, size_t *ret_n)
{
	const struct snapshot *s = im->snap;
	struct first *list = NULL;
	struct bdf b;

	*ret_n = 0;
	for (size_t i = 0; i < s->pci.n; i++) {
		if (bdf_parse(s->pci.v[i].address, &b) && !b.fn)
			*arena_push(im->scratch, list, *ret_n) = (struct first){ b, i };
	}
	if (*ret_n)
		qsort(list, *ret_n, sizeof *list, first_compare);
	return list;
}

/* It says that there are more of them, or nobody looks for them (pci_scan_slot(),
 * drivers/pci/probe.c). A virtual function is found another way. */
static void sibling_store(struct import *im, struct snap_pci *fn)
{
	struct lspci_space *space = im->lspci->space;

	if (fn->config.have != HAVE_VALUE ||
		snapshot_config_knows(fn, HEADER_TYPE, MULTIFUNCTION))
		return;
	space_clear(space);
	space_set(space, HEADER_TYPE, MULTIFUNCTION, MULTIFUNCTION);
	space_store(im->snap, fn, space);
}

static void siblings_store(struct import *im)
{
	struct snapshot *s = im->snap;
	size_t n;
	struct first *list = firsts_list(im, &n), key = { 0 };

	for (size_t i = 0; n && i < s->pci.n; i++) {
		const struct first *first;

		if (s->pci.v[i].physfn.have != HAVE_NONE ||
			!bdf_parse(s->pci.v[i].address, &key.bdf) || !key.bdf.fn)
			continue;
		key.bdf.fn = 0;
		first = bsearch(&key, list, n, sizeof *list, first_compare);
		if (first)
			sibling_store(im, &s->pci.v[first->i]);
	}
}

static bool is_class(struct import *im, struct bdf bdf, unsigned code)
{
	const struct snap_pci *fn = import_function(im, bdf);

	return fn->class_code.have == HAVE_VALUE && fn->class_code.v >> 8 == code;
}

bool lspci_list_is_whole(struct import *im, const struct bdf *list, size_t n)
{
	bool firmware = false, bridge = false, behind = false;

	if (!n || bdf_requester_id(list[0]) || list[0].domain ||
		!is_class(im, list[0], 0x0600))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bdf bdf = list[i];

		if (bdf.bus || bdf.domain) {
			behind = true;
			continue;
		}
		if (bdf.fn && !bdf_same_slot(list[i - 1], bdf))
			return false;
		firmware |= is_class(im, bdf, 0x0601) || is_class(im, bdf, 0x0c05);
		bridge |= is_class(im, bdf, 0x0604);
	}
	return firmware && (behind || !bridge);
}

bool lspci_command_selects(const struct import *im)
{
	const char *command = im->fresh ? im->command.text : NULL;

	return command &&
		(im->command.filtered || strstr(command, " -s") ||
			strstr(command, " -d"));
}

static void config_status(struct import *im)
{
	struct snapshot *s = im->snap;
	bool any = false, whole = im->pci_listed;

	for (size_t i = 0; i < s->pci.n; i++) {
		const struct snap_pci *fn = &s->pci.v[i];

		any |= fn->config.have == HAVE_VALUE;
		whole &= fn->config.have == HAVE_VALUE && fn->config.n >= CONFIG_SIZE &&
			fn->config_mask.have != HAVE_VALUE;
	}
	if (im->lspci->denied &&
		snapshot_status(s, SOURCE_CONFIG_SPACE) == STATUS_MISSING)
		snapshot_set_status(s, SOURCE_CONFIG_SPACE, STATUS_DENIED, "needs root");
	else if (any)
		import_source(im, SOURCE_CONFIG_SPACE, whole);
}

void lspci_finish(struct import *im)
{
	struct lspci_state *st = lspci_state(im);
	struct snapshot *s = im->snap;
	struct bdf b;

	if (text_equal(s->origin.kind, "pasted"))
		dead_store(im);
	if (st->n_bridges)
		qsort(st->bridges, st->n_bridges, sizeof *st->bridges, bridge_compare);
	if (st->n_roots)
		qsort(st->roots, st->n_roots, sizeof *st->roots, root_compare);
	for (size_t i = 0; i < s->pci.n; i++) {
		if (bdf_parse(s->pci.v[i].address, &b))
			place_store(im, &s->pci.v[i], b);
	}
	siblings_store(im);
	config_status(im);
}
