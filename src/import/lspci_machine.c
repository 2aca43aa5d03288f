// SPDX-License-Identifier: GPL-2.0-or-later
// Listings of PCI functions for programs: `lspci -mm` and -m, one line each, `lspci -vmm`
// and -vm, a record each (show_machine() of lspci.c of pciutils).
#include <stdlib.h>
#include <string.h>

#include "import/lspci.h"
#include "import/lspci_state.h"

static bool quoted_at(const char *text, struct bdf *ret, const char **ret_behind)
{
	size_t n;

	text += strspn(text, " \t");
	n = import_address(text, ret);
	if (!n || (text[n] != ' ' && text[n] != '\t'))
		return false;
	*ret_behind = text + n + strspn(text + n, " \t");
	return **ret_behind == '"' && lspci_head_is(*ret_behind);
}

/* What stands behind `KEY:`, NULL if the line has another key. */
static const char *value_of(const char *text, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(text, key, n) != 0 || text[n] != ':')
		return NULL;
	text += n + 1;
	return *text == ' ' || *text == '\t' ? text + strspn(text, " \t") : NULL;
}

/* The first line of a record; with -vm a function is called by the name that its model has
 * as well. */
static bool record_at(const struct paste_line *v, size_t n, struct bdf *ret)
{
	const char *slot = value_of(v->text, "Slot");
	size_t length;

	if (!slot)
		slot = value_of(v->text, "Device");
	length = slot ? import_address(slot, ret) : 0;
	return length && !slot[length] && n > 1 && value_of(v[1].text, "Class");
}

static bool is_entry(const char *text)
{
	static const char *const keys[] = { "Class", "Vendor", "Device", "SVendor",
		"SDevice", "PhySlot", "Rev", "ProgIf", "Driver", "Module", "NUMANode",
		"DTNode", "IOMMUGroup" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (value_of(text, keys[i]))
			return true;
	}
	return false;
}

static size_t machine_take(const struct import *im, const struct paste_line *v, size_t n)
{
	const char *behind;
	struct bdf b;
	bool quoted = quoted_at(v->text, &b, &behind);
	size_t taken = 1;

	(void)im;
	if (!quoted && !record_at(v, n, &b))
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!v[i].n)
			continue;
		if (quoted ? !quoted_at(v[i].text, &b, &behind)
			   : !(v[i - 1].n && is_entry(v[i].text)) &&
					!record_at(v + i, n - i, &b))
			break;
		taken = i + 1;
	}
	return taken;
}

/* A record while it is read. */
struct record {
	struct bdf bdf;
	struct lspci_head head;
	const char *driver;
	struct snap_texts modules;
	int64_t group, node; /* -1: not shown */
};

/* What records of a listing show. */
struct habits {
	bool drivers, modules, groups;
};

static void number_read(const char *text, int64_t *ret)
{
	int64_t v;

	if (text_to_int(text, &v) && v >= 0)
		*ret = v;
}

static void entry_read(struct import *im, struct record *r, const char *text)
{
	static const char *const fields[N_LSPCI_FIELDS] = {
		[LSPCI_CLASS] = "Class",
		[LSPCI_VENDOR] = "Vendor",
		[LSPCI_DEVICE] = "Device",
		[LSPCI_SUBVENDOR] = "SVendor",
		[LSPCI_SUBDEVICE] = "SDevice",
	};
	const char *value;

	for (size_t i = 0; i < N_LSPCI_FIELDS; i++) {
		value = value_of(text, fields[i]);
		if (value)
			lspci_field_read((enum lspci_field)i,
				(struct lspci_part){ value, strlen(value) }, &r->head);
	}
	if ((value = value_of(text, "Rev")))
		r->head.revision = lspci_hex(value, 2);
	else if ((value = value_of(text, "ProgIf")))
		r->head.prog_if = lspci_hex(value, 2);
	else if ((value = value_of(text, "Driver")))
		r->driver = value;
	else if ((value = value_of(text, "Module")))
		snap_texts_add(
			im->snap, &r->modules, snap_str(snap_line_of(im->snap, value)));
	else if ((value = value_of(text, "IOMMUGroup")))
		number_read(value, &r->group);
	else if ((value = value_of(text, "NUMANode")))
		number_read(value, &r->node);
}

static void modules_fold(struct import *im, struct snap_texts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		char *name = arena_strdup(im->snap->arena, list->s[i]);

		for (char *p = name; *p; p++)
			*p = *p == '-' ? '_' : *p;
		list->s[i] = name;
	}
}

/* ENDED: another record follows, so that this one is not cut off. */
static void record_store(
	struct import *im, struct record *r, const struct habits *h, bool ended)
{
	struct snap_pci *p = import_function(im, r->bdf);

	if (lspci_head_conflicts(&r->head, p))
		return;
	r->head.whole_id = ended;
	lspci_head_store(im, p, &r->head);
	if (r->driver && p->driver.have != HAVE_VALUE)
		p->driver = snap_text_of(im->snap, r->driver);
	else if (!r->driver && ended && h->drivers && p->driver.have == HAVE_NOT)
		p->driver = snap_text_none();
	if (p->modules.have == HAVE_NOT && (r->modules.n || (ended && h->modules))) {
		modules_fold(im, &r->modules);
		p->modules = r->modules;
		snap_list_collected(&p->modules);
	}
	if (r->group >= 0)
		import_group_member(im, r->group, r->bdf);
	else if (ended && h->groups && p->iommu_group.have == HAVE_NOT)
		p->iommu_group.have = HAVE_NONE;
	if (r->node >= 0 && p->numa_node.have == HAVE_NOT)
		p->numa_node = snap_int_of(r->node);
}

static struct record record_new(struct bdf bdf)
{
	return (struct record){
		.bdf = bdf, .head = lspci_head_new(), .group = -1, .node = -1
	};
}

static void records_read(struct import *im, const struct paste_line *v, size_t n,
	struct bdf **list, size_t *n_list)
{
	struct habits h = { 0 };
	struct record r = { 0 };
	struct bdf bdf;

	for (size_t i = 0; i < n; i++) {
		h.drivers |= value_of(v[i].text, "Driver") != NULL;
		h.modules |= value_of(v[i].text, "Module") != NULL;
		h.groups |= value_of(v[i].text, "IOMMUGroup") != NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (record_at(v + i, n - i, &bdf)) {
			if (*n_list)
				record_store(im, &r, &h, true);
			r = record_new(bdf);
			*arena_push(im->scratch, *list, *n_list) = bdf;
		} else {
			entry_read(im, &r, v[i].text);
		}
	}
	record_store(im, &r, &h, false);
}

static void machine_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct bdf *list = NULL, bdf;
	size_t n_list = 0;
	const char *behind;

	if (!quoted_at(v->text, &bdf, &behind)) {
		records_read(im, v, n, &list, &n_list);
	} else {
		for (size_t i = 0; i < n; i++) {
			if (!quoted_at(v[i].text, &bdf, &behind))
				continue;
			lspci_head_read(im, import_function(im, bdf), behind);
			*arena_push(im->scratch, list, n_list) = bdf;
		}
	}
	if (!lspci_command_selects(im) && lspci_list_is_whole(im, list, n_list))
		im->pci_listed = true;
	else
		im->pci_part = true;
}

const struct format format_lspci_machine = {
	.name = "lspci-machine",
	.title = "PCI functions, from lspci -mm",
	.take = machine_take,
	.read = machine_read,
	.finish = NULL,
};
