// SPDX-License-Identifier: GPL-2.0-or-later
// How each function comes to vfio-pci at boot: by ID where the ID is the guest's alone, else
// by address; before a native module that would come first.
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "facts/claims.h"
#include "facts/kernel.h"
#include "facts/modprobe.h"
#include "facts/topology.h"
#include "plan/ids_lines.h"
#include "plan/parts.h"

/* Functions by the way in which they are bound. */
struct binding {
	struct plan_texts by_id, ids; /* as printed, and the IDs */
	struct plan_texts by_address; /* addresses */
	const char **driver_of;       /* of each, the module that would come first */
	size_t n_driver_of;
	struct plan_texts drivers; /* those modules */
	struct plan_texts shared;  /* the functions as printed */
	struct plan_texts natives,
		raced;          /* modules that would come first, and for whom */
	struct plan_texts made; /* virtual functions: they come while the host runs */
	struct plan_texts late; /* on drivers that are part of the kernel */
};

static const char *text_at(struct plan *p, const struct fn *fn, const char *name)
{
	const struct fact *fact = fact_of(p->j->facts, fn->device, name);

	return fact->state == FACT_VALUE ? fact->text : NULL;
}

static bool vfio_is_builtin(struct plan *p)
{
	const struct fact *builtin = host_fact(p->j->facts, "vfio.builtin");

	return builtin->state == FACT_VALUE && builtin->b;
}

static const char *join(struct arena *a, const struct plan_texts *t, const char *between)
{
	return text_join(a, t->s, t->n, between);
}

static void wish(
	struct plan *p, struct wishes *w, enum remedy_kind kind, const char *text)
{
	struct step step = { .kind = kind, .texts = &text, .n = 1 };
	struct choice choice = { .steps = &step, .n = 1 };

	edits_add(p->arena, &w->edits, &choice);
}

/* The host uses it, and it was not named. */
static bool is_hosts(struct plan *p, const struct fn *fn)
{
	return fn->raw && fn->on_host_driver == TRI_TRUE && !plan_has_function(p, fn);
}

/* The ID to bind FN by; NULL where it would take what the host uses, in its group or not. */
static const char *own_id(struct plan *p, const struct fn *fn)
{
	const struct facts *f = p->j->facts;

	for (size_t i = 0; i < f->n_fns; i++)
		if (is_hosts(p, &f->fns[i]) &&
			f->fns[i].raw->vendor.v == fn->raw->vendor.v &&
			f->fns[i].raw->device.v == fn->raw->device.v)
			return NULL;
	return text_at(p, fn, "bind.id");
}

/* Nothing claims it; if it is bound now, that was by hand, and ends with the next restart. */
static void sort_function(struct plan *p, struct binding *b, const struct fn *fn)
{
	struct arena *a = p->arena;
	const char *id = own_id(p, fn);
	const char *module = claim_racing_module(p->j->facts, fn);
	/* Not known whether a line holds it back: another one does no harm */
	const char *native =
		fact_of(p->j->facts, fn->device, "bind.race")->state == FACT_ABSENT
		? module
		: text_at(p, fn, "bind.race");
	const char *printed = fn_describe(p->j->facts, fn);

	if (fn_is_vf(fn)) {
		plan_texts_add(a, &b->made, fn->addr);
		return;
	}
	/* With vfio-pci built in an address needs a module in front of which it is written */
	if (text_at(p, fn, "bind.builtin") || (!id && !module && vfio_is_builtin(p))) {
		plan_texts_add(a, &b->late, fn->addr);
		return;
	}
	if (id) {
		plan_texts_add(a, &b->by_id, printed);
		plan_texts_add(a, &b->ids, id);
	} else {
		plan_texts_add(a, &b->by_address, fn->addr);
		plan_texts_add(a, &b->shared, printed);
		*arena_push(a, b->driver_of, b->n_driver_of) = module;
		if (module)
			plan_texts_add(a, &b->drivers, module);
	}
	if (native) {
		plan_texts_add(a, &b->natives, native);
		plan_texts_add(a, &b->raced, fn->short_addr);
	}
}

/* An item that takes what the host needs is not written once more. */
static bool hits_host(struct plan *p, const struct vfio_id_item *item)
{
	const struct facts *f = p->j->facts;

	for (size_t i = 0; i < f->n_fns; i++)
		if (vfio_id_fits(item, &f->fns[i]) && is_hosts(p, &f->fns[i]))
			return true;
	return false;
}

/* Is the item, or what was plainly meant by it, the ID of a function of the plan? */
static bool fits_plan(struct plan *p, const struct vfio_id_item *item)
{
	for (size_t i = 0; i < p->n_functions; i++) {
		const struct fn *fn = p->functions[i];
		char id[sizeof "0000:0000"];

		snprintf(id, sizeof id, "%04x:%04x", (unsigned)fn->raw->vendor.v & 0xffff,
			(unsigned)fn->raw->device.v & 0xffff);
		if (item->is_address          ? vfio_id_means(item, fn)
				: item->valid ? vfio_id_fits(item, fn)
					      : text_equal(item->repaired, id))
			return true;
	}
	return false;
}

/* Is the item one that this plan must not rely on? That of another's device is its matter. */
static bool is_unfit(struct plan *p, const struct vfio_id_item *item)
{
	return fits_plan(p, item) && (item->is_address || hits_host(p, item));
}

/* Does it take effect, or would it but for the blank before it? */
static bool is_in_force(const struct vfio_id_item *item, bool builtin)
{
	return item->valid && !item->list->winner && (item->from_cmdline || !builtin) &&
		(!item->lost || text_equal(item->lost, "blank"));
}

/* Where the list is kept, and what is in it. A list that is written replaces all others, so
 * that it must hold what they had. */
struct id_list {
	struct plan_texts ids;
	bool builtin;    /* vfio-pci does not read modprobe.d */
	bool on_cmdline; /* the list that counts stands there */
	bool unfit;      /* an item of it has to go */
};

static struct id_list list_as_it_stands(struct plan *p)
{
	struct id_list list = { .builtin = vfio_is_builtin(p) };
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(p->j->facts, &n);

	list.on_cmdline = list.builtin;
	for (size_t i = 0; i < n; i++) {
		const struct vfio_id_item *item = &items[i];

		if (item->stub)
			continue;
		list.on_cmdline |= item->from_cmdline && !item->list->winner;
		if (is_unfit(p, item)) {
			list.unfit = true;
			continue;
		}
		if ((is_in_force(item, list.builtin) || fits_plan(p, item)) &&
			(item->valid || item->repaired))
			plan_texts_add(p->arena, &list.ids,
				item->valid ? item->id : item->repaired);
	}
	return list;
}

static bool is_list_word(const char *text)
{
	return text_starts(text, "+vfio-pci.ids=") || text_starts(text, "+vfio_pci.ids=");
}

/* Takes the lists out that rules propose, each for its own finding: one list must hold all.
 * True if there was one. */
static bool drop_proposed(struct wishes *w)
{
	struct edit_texts *lines = &w->edits.of[REMEDY_MODPROBE],
			  *words = &w->edits.of[REMEDY_CMDLINE];
	size_t n_lines = 0, n_words = 0, before = lines->n + words->n;

	for (size_t i = 0; i < lines->n; i++)
		if (!howto_is_ids_line(lines->s[i]))
			lines->s[n_lines++] = lines->s[i];
	for (size_t i = 0; i < words->n; i++)
		if (!is_list_word(words->s[i]))
			words->s[n_words++] = words->s[i];
	lines->n = n_lines;
	words->n = n_words;
	return n_lines + n_words < before;
}

/* Words that hold a list today, as they run or as they stand in the loader's file. */
static void take_out_words(struct plan *p, struct wishes *w)
{
	static const char *const names[] = { "vfio-pci.ids", "vfio_pci.ids" };
	const char *now = snap_str(p->j->facts->snap->kernel.cmdline);
	const char *file =
		p->system.config ? howto_file_text(&p->system, p->system.config) : NULL;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if ((now && strstr(now, names[i])) || (file && strstr(file, names[i])))
			wish(p, w, REMEDY_CMDLINE,
				arena_printf(p->arena, "-%s", names[i]));
}

/* Lines of modprobe.d that hold a list: what else they say stays. */
static void take_out_lines(struct plan *p, struct wishes *w)
{
	struct ids_lines lines = ids_lines_of(p->arena, &p->system);

	for (size_t i = 0; i < lines.n; i++) {
		const char *rest = ids_line_without(p->arena, lines.v[i].text);

		wish(p, w, REMEDY_EDIT,
			arena_printf(p->arena, "%s:%zu: %s", lines.v[i].path,
				lines.v[i].line, rest ? rest : ""));
	}
}

static void write_list(struct plan *p, struct wishes *w, const struct id_list *list)
{
	const char *ids = join(p->arena, &list->ids, ",");

	if (!list->ids.n) {
		take_out_words(p, w);
		take_out_lines(p, w);
		return;
	}
	if (!list->on_cmdline) {
		wish(p, w, REMEDY_MODPROBE,
			arena_printf(p->arena, "options vfio-pci ids=%s", ids));
		return;
	}
	take_out_words(p, w);
	wish(p, w, REMEDY_CMDLINE, arena_printf(p->arena, "+vfio-pci.ids=%s", ids));
}

static void claim_ids(struct plan *p, struct wishes *w, const struct binding *b)
{
	struct id_list list = list_as_it_stands(p);
	bool proposed = drop_proposed(w);

	if (!b->ids.n && !proposed && !list.unfit && !w->rewrite_list)
		return;
	for (size_t i = 0; i < b->ids.n; i++)
		plan_texts_add(p->arena, &list.ids, b->ids.s[i]);
	write_list(p, w, &list);
	if (list.on_cmdline && b->ids.n)
		plan_texts_add(p->arena, &w->why[REMEDY_CMDLINE],
			list.builtin ? "vfio-pci is built into this kernel: modprobe.d "
				       "does not reach it"
				     : "a list on the kernel command line replaces those "
				       "of modprobe.d");
	if (b->ids.n)
		plan_texts_add(p->arena,
			&w->why[list.on_cmdline ? REMEDY_CMDLINE : REMEDY_MODPROBE],
			arena_printf(p->arena,
				"to bind by ID, which the host needs for nothing else: "
				"%s",
				join(p->arena, &b->by_id, ", ")));
}

/*
 * A line of modprobe.d, which every tool copies into its initramfs: before MODULE is loaded
 * these functions are kept for vfio-pci. One that is built in has looked at them already and
 * has to be asked once more (Documentation/ABI/testing/sysfs-bus-pci, drivers_probe). The
 * path is written out: the shell of busybox takes a bare `modprobe` for its own.
 */
static void override_before(
	struct plan *p, struct wishes *w, const char *module, const struct plan_texts *t)
{
	const char *probe =
		vfio_is_builtin(p) ? " echo $d > /sys/bus/pci/drivers_probe;" : "";

	if (t->n)
		wish(p, w, REMEDY_MODPROBE,
			arena_printf(p->arena,
				"install %s for d in %s; do echo vfio-pci > "
				"/sys/bus/pci/devices/$d/driver_override;%s done; "
				"/sbin/modprobe --ignore-install %s",
				module, join(p->arena, t, " "), probe, module));
}

/* With vfio-pci built in: before each native module, which then does not get them. */
static void override_before_natives(
	struct plan *p, struct wishes *w, const struct binding *b)
{
	for (size_t i = 0; i < b->drivers.n; i++) {
		struct plan_texts own = { 0 };

		for (size_t k = 0; k < b->by_address.n; k++)
			if (text_equal(b->driver_of[k], b->drivers.s[i]))
				plan_texts_add(p->arena, &own, b->by_address.s[k]);
		override_before(p, w, b->drivers.s[i], &own);
	}
}

static void claim_addresses(struct plan *p, struct wishes *w, const struct binding *b)
{
	if (!b->by_address.n)
		return;
	if (vfio_is_builtin(p))
		override_before_natives(p, w, b);
	else
		override_before(p, w, "vfio-pci", &b->by_address);
	if (!vfio_is_builtin(p))
		wish(p, w, REMEDY_INITRAMFS, "vfio-pci");
	plan_texts_add(p->arena, &w->why[REMEDY_MODPROBE],
		arena_printf(p->arena,
			"to bind by address, because the host uses another device with the "
			"same ID (if that shall go too, name it with --guest): %s",
			join(p->arena, &b->shared, ", ")));
}

static void hold_back(struct plan *p, struct wishes *w, const struct binding *b)
{
	for (size_t i = 0; i < b->natives.n; i++)
		wish(p, w, REMEDY_MODPROBE,
			arena_printf(
				p->arena, "softdep %s pre: vfio-pci", b->natives.s[i]));
	if (!b->natives.n)
		return;
	wish(p, w, REMEDY_INITRAMFS, "vfio-pci");
	plan_texts_add(p->arena, &w->why[REMEDY_MODPROBE],
		arena_printf(p->arena,
			"softdep loads vfio-pci first: else %s would take %s",
			join(p->arena, &b->natives, ", "),
			join(p->arena, &b->raced, ", ")));
}

static void override_by_tool(
	struct plan *p, struct wishes *w, const struct plan_texts *t, const char *why)
{
	for (size_t i = 0; i < t->n; i++)
		wish(p, w, REMEDY_RUN,
			arena_printf(
				p->arena, "driverctl set-override %s vfio-pci", t->s[i]));
	if (t->n)
		plan_texts_add(p->arena, &w->why[REMEDY_RUN],
			arena_printf(p->arena, why, join(p->arena, t, ", ")));
}

/* What no line for modprobe can reach in time: udev sees it whenever it comes. */
static void bind_late(struct plan *p, struct wishes *w, const struct binding *b)
{
	override_by_tool(p, w, &b->late,
		"the driver of %s is built into this kernel, so that no ID comes before it; "
		"driverctl (a package of that name) takes it off at each start");
	override_by_tool(p, w, &b->made,
		"%s is a virtual function, made while the host runs; driverctl (a package of "
		"that name) binds it whenever it is made");
}

/* Something sets it aside, and not by a list's item that has to go. */
static bool is_well_claimed(struct plan *p, const struct fn *fn)
{
	const char *claim = text_at(p, fn, "claim.by");
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(p->j->facts, &n);

	for (size_t i = 0; claim && i < n; i++)
		if (!items[i].stub && vfio_id_means(&items[i], fn) &&
			is_unfit(p, &items[i]) &&
			(items[i].from_cmdline ? text_starts(claim, "kernel command line")
					       : text_equal(claim, items[i].where)))
			return false;
	return claim != NULL;
}

/* libvirt (managed='yes') and Proxmox VE take it off its driver when the guest starts. */
static bool is_bound_by_manager(struct plan *p, const struct fn *fn)
{
	const char *by = text_at(p, fn, "guest.by");
	const struct fact *by_hand = fact_of(p->j->facts, fn->device, "guest.by-hand");

	if (!by || by_hand->state != FACT_VALUE || by_hand->b)
		return false;
	plan_texts_add(p->arena, &p->general,
		arena_printf(p->arena,
			"%s needs no binding here: the guest's manager does that when the "
			"guest starts (%s).",
			fn->short_addr, by));
	return true;
}

void plan_collect_binding(struct plan *p, struct wishes *w)
{
	struct binding b = { 0 };

	for (size_t i = 0; i < p->n_functions; i++)
		if (!is_well_claimed(p, p->functions[i]) &&
			!is_bound_by_manager(p, p->functions[i]))
			sort_function(p, &b, p->functions[i]);
	claim_ids(p, w, &b);
	claim_addresses(p, w, &b);
	hold_back(p, w, &b);
	bind_late(p, w, &b);
}
