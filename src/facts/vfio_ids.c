// SPDX-License-Identifier: GPL-2.0-or-later
// Items of `ids=` lists: what the kernel makes of each, which functions it hits, a cure.
#include <string.h>

#include "base/text.h"
#include "facts/claims.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/modprobe.h"
#include "facts/roles.h"
#include "facts/subjects.h"
#include "facts/topology.h"

static const struct vfio_id_item *item_of(const struct subject *s)
{
	return s->item; /* NULL: a rule's example made the subject */
}

static void seen(struct facts *f, struct fact *out, const struct vfio_id_item *item)
{
	fact_seen(f, out, item->from_cmdline ? "kernel command line" : item->where,
		item->line);
}

void subjects_list_vfio_ids(struct facts *f)
{
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(f, &n);
	bool files = modprobe_known(f), words = cmdline_known(f) && !cmdline_open(f);
	struct subject_list *list = &f->scopes[SCOPE_VFIO_ID];

	for (size_t i = 0; i < n; i++) {
		const char *key =
			arena_printf(f->arena, "%s at %s", items[i].id, items[i].where);
		struct subject *s;
		size_t k = 0;

		while (k < list->n && strcmp(list->v[k]->key, key) != 0)
			k++;
		if (k < list->n)
			continue; /* said twice in one line */
		s = subject_new(f, SCOPE_VFIO_ID, key);
		s->item = &items[i];
		for (size_t j = 0; j < f->n_fns; j++) {
			if (vfio_id_means(&items[i], &f->fns[j]))
				subject_about(f, s, &f->fns[j]);
		}
	}
	subjects_listed(f, SCOPE_VFIO_ID,
		files && words                ? TRI_TRUE
			: files || words || n ? TRI_UNKNOWN
					      : TRI_FALSE,
		(files ? 0 : 1u << SOURCE_MODPROBE) | (words ? 0 : 1u << SOURCE_KERNEL));
}

void derive_vfio_id_id(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!item_of(s))
		return;
	seen(f, out, item_of(s));
	fact_set_text(out, item_of(s)->id);
}

void derive_vfio_id_where(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	if (item_of(s))
		fact_set_text(out, item_of(s)->where);
}

void derive_vfio_id_from(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	if (item_of(s))
		fact_set_text(out, item_of(s)->from_cmdline ? "cmdline" : "modprobe.d");
}

void derive_vfio_id_line(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	if (item_of(s))
		fact_set_text(out, item_of(s)->line);
}

/* The line with these items, in the form of the list. */
static const char *line_of(struct facts *f, const struct vfio_id_list *list,
	const char *const *ids, size_t n)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, list->before);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i ? "," : "", ids[i]);
	if (*list->after)
		strbuf_addf(&b, " %s", list->after);
	return strbuf_finish(&b, f->arena);
}

static void add_id(struct facts *f, const char *id, const char ***ids, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		if (!strcmp((*ids)[i], id))
			return;
	}
	*arena_push(f->arena, *ids, *n) = id;
}

void derive_vfio_id_line_without(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct vfio_id_item *item = item_of(s), *items;
	const char **ids = NULL;
	size_t n_items, n = 0;

	if (!item)
		return;
	items = vfio_id_items(f, &n_items);
	for (size_t i = 0; i < n_items; i++) {
		if (items[i].list == item->list && strcmp(items[i].id, item->id) != 0)
			add_id(f, items[i].id, &ids, &n);
	}
	if (n)
		fact_set_text(out, line_of(f, item->list, ids, n));
	else if (item->from_cmdline)
		fact_set_none(out);
	else
		fact_set_text(out, arena_printf(f->arena, "# %s", item->line));
}

static bool is_subsystem_of(const struct vfio_id_item *item, const struct fn *fn)
{
	return item->valid && fn->raw && fn->raw->subvendor.have == HAVE_VALUE &&
		fn->raw->subdevice.have == HAVE_VALUE &&
		fn->raw->subvendor.v == item->vendor &&
		fn->raw->subdevice.v == item->device;
}

/* A subsystem ID, and no device has it as its own: it does nothing. */
static bool is_idle(struct facts *f, const struct vfio_id_item *item)
{
	bool subsystem = false;

	for (size_t i = 0; i < f->n_fns; i++) {
		if (vfio_id_fits(item, &f->fns[i]))
			return false;
		subsystem |= is_subsystem_of(item, &f->fns[i]);
	}
	return subsystem;
}

/* The items of a list as they should stand. */
static void add_repaired(
	struct facts *f, const struct vfio_id_list *list, const char ***ids, size_t *n)
{
	size_t n_items;
	const struct vfio_id_item *items = vfio_id_items(f, &n_items);

	for (size_t i = 0; i < n_items; i++) {
		if (items[i].list != list || is_idle(f, &items[i]))
			continue;
		if (items[i].repaired)
			add_id(f, items[i].repaired, ids, n);
		else if (items[i].valid && !items[i].is_address)
			add_id(f, items[i].id, ids, n);
	}
}

/* Of an overridden item: the line that counts, with this item in it. */
void derive_vfio_id_line_fixed(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct vfio_id_item *item = item_of(s);
	const struct vfio_id_list *list;
	const char **ids = NULL;
	size_t n = 0;

	if (!item)
		return;
	if (scan_listed(f) != TRI_TRUE) {
		fact_missing(out, SOURCE_PCI);
		return;
	}
	list = item->list->winner ? item->list->winner : item->list;
	add_repaired(f, list, &ids, &n);
	if (list != item->list && item->valid && !item->is_address && !is_idle(f, item))
		add_id(f, item->id, &ids, &n);
	fact_set_text(out, n ? line_of(f, list, ids, n) : NULL);
}

bool vfio_id_order_known(
	struct facts *f, const struct vfio_id_item *item, struct fact *out)
{
	bool words = cmdline_known(f) && !cmdline_open(f);

	if (!words)
		fact_missing(out, SOURCE_KERNEL);
	if (item->from_cmdline)
		return words;
	if (!modprobe_known(f))
		fact_missing(out, SOURCE_MODPROBE);
	return words && modprobe_known(f);
}

void derive_vfio_id_lost(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct vfio_id_item *item = item_of(s);

	if (!item || !vfio_id_order_known(f, item, out))
		return;
	seen(f, out, item);
	if (item->lost && !strcmp(item->lost, "overridden"))
		fact_seen(f, out,
			item->list->winner->from_cmdline ? "kernel command line"
							 : item->list->winner->where,
			item->list->winner->line);
	fact_set_text(out, item->lost);
}

void derive_vfio_id_winner(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct vfio_id_item *item = item_of(s);

	if (item && vfio_id_order_known(f, item, out))
		fact_set_text(out, item->list->winner ? item->list->winner->where : NULL);
}

/* Said twice is harmless while both say the same, and a trap for whoever edits the first.
 */
void derive_vfio_ids_overridden(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(f, &n);
	const struct vfio_id_list *last = NULL;

	(void)s;
	modprobe_note_missing(f, out);
	if (out->missing)
		return;
	fact_set_list(out);
	for (size_t i = 0; i < n; i++) {
		const struct vfio_id_list *list = items[i].list;

		if (list == last || !list->winner)
			continue;
		last = list;
		seen(f, out, &items[i]);
		fact_add_text(f, out,
			arena_printf(f->arena, "%s: %s", list->where, list->line));
	}
}

void derive_vfio_id_looks_like_address(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	if (item_of(s))
		fact_set_bool(out, item_of(s)->is_address);
}

/* An empty list unless the scan is missing; open where it may have gaps. */
static bool start_devs(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!item_of(s))
		return false;
	if (scan_listed(f) == TRI_FALSE) {
		fact_missing(out, SOURCE_PCI);
		return false;
	}
	fact_set_list(out);
	out->open = scan_listed(f) != TRI_TRUE;
	if (out->open)
		fact_missing(out, SOURCE_PCI);
	return true;
}

/* Opens the list where the numbers of a function were not collected. */
static void open_if(bool unknown, struct fact *out)
{
	if (!unknown)
		return;
	out->open = true;
	fact_missing(out, SOURCE_PCI);
}

void derive_vfio_id_matches(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_devs(f, s, out))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		open_if(vfio_id_fit(item_of(s), &f->fns[i]) == TRI_UNKNOWN, out);
		if (vfio_id_fits(item_of(s), &f->fns[i]))
			fact_add_dev(f, out, &f->fns[i]);
	}
}

void derive_vfio_id_subsystem_of(
	struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_devs(f, s, out))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct snap_pci *raw = f->fns[i].raw;

		open_if(raw &&
				(raw->subvendor.have == HAVE_NOT ||
					raw->subdevice.have == HAVE_NOT),
			out);
		if (is_subsystem_of(item_of(s), &f->fns[i]))
			fact_add_dev(f, out, &f->fns[i]);
	}
}

void derive_vfio_id_bridges(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!start_devs(f, s, out))
		return;
	for (size_t i = 0; i < f->n_fns; i++) {
		open_if(vfio_id_fit(item_of(s), &f->fns[i]) == TRI_UNKNOWN, out);
		if (vfio_id_fits(item_of(s), &f->fns[i]) && !f->fns[i].is_endpoint)
			fact_add_dev(f, out, &f->fns[i]);
	}
}

/* Was the list there when this kernel booted? Then what it did not take, it does not take:
 * the native driver was first, or built in. */
void derive_vfio_id_in_force(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct vfio_id_item *item = s->item;
	const struct snap_int *boot = &f->snap->host.boot_time;

	if (!item)
		return;
	if (item->from_cmdline) {
		fact_set_bool(out, true);
		return;
	}
	const char *colon = strrchr(item->where, ':');
	const struct snap_file *file = config_file(f,
		arena_strndup(f->arena, item->where,
			colon ? (size_t)(colon - item->where) : strlen(item->where)));
	if (file && file->mtime.have == HAVE_VALUE && boot->have == HAVE_VALUE)
		fact_set_bool(out, file->mtime.v < boot->v);
	else
		fact_missing(out, SOURCE_MODPROBE);
}
