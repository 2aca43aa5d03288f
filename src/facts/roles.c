// SPDX-License-Identifier: GPL-2.0-or-later
// Who is meant for the guest, what goes along, and what the host keeps.
#include "facts/roles.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/claims.h"
#include "facts/company.h"
#include "facts/guests.h"
#include "facts/message.h"
#include "facts/topology.h"

bool fn_set_aside(struct facts *f, const struct fn *fn)
{
	const char *driver = fn->raw ? snap_str(fn->raw->driver) : NULL;

	if (claim_in_passing(f, fn))
		return false;
	if (fn->on_vfio == TRI_TRUE || (driver && driver_kind_of(driver) == DRIVER_STUB))
		return true;
	return fn->raw && claim_of(f, fn) != NULL;
}

/*
 * Displays of board management controllers. Ids: ASPEED; Matrox G200 of Dell, HPE and
 * Supermicro boards and Huawei as listed by drivers/gpu/drm/{mgag200/mgag200_drv.c,
 * hisilicon/hibmc/hibmc_drm_drv.c}; ServerEngines Pilot by pci.ids.
 */
static const struct {
	uint16_t vendor, first, last;
} bmcs[] = {
	{ 0x1a03, 0x0000, 0xffff },
	{ 0x102b, 0x0522, 0x053a },
	{ 0x19e5, 0x1711, 0x1711 },
	{ 0x19a2, 0x0800, 0x0800 },
};

bool fn_is_bmc(const struct fn *fn)
{
	const struct snap_pci *raw = fn->raw;

	if (!fn->is_display || raw->vendor.have != HAVE_VALUE ||
		raw->device.have != HAVE_VALUE)
		return false;
	for (size_t i = 0; i < sizeof bmcs / sizeof bmcs[0]; i++) {
		if (raw->vendor.v == bmcs[i].vendor && raw->device.v >= bmcs[i].first &&
			raw->device.v <= bmcs[i].last)
			return true;
	}
	return false;
}

/* Names that the owners of a firmware framebuffer give their range in /proc/iomem. */
static bool is_framebuffer(const char *name)
{
	static const char *const names[] = { "BOOTFB", "efifb", "vesafb", "simplefb",
		"simpledrm", "simple-framebuffer", "efi-framebuffer" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text_starts(name, names[i]))
			return true;
	}
	return false;
}

struct fn *framebuffer_owner(const struct facts *f)
{
	for (size_t i = 0; i < f->snap->iomem.n; i++) {
		const struct snap_region *r = &f->snap->iomem.v[i];

		/* Without root all addresses of /proc/iomem read 0 */
		if (!is_framebuffer(r->name) || r->start.have != HAVE_VALUE ||
			!r->start.v)
			continue;
		for (size_t j = 0; j < f->n_fns; j++) {
			struct bar bar;

			for (size_t k = 0; k < N_BARS; k++) {
				if (f->fns[j].is_display && fn_bar(&f->fns[j], k, &bar) &&
					bar.flags & BAR_MEM && r->start.v >= bar.start &&
					r->start.v <= bar.end)
					return &f->fns[j];
			}
		}
	}
	return NULL;
}

/* Class 0302: a 3D controller has no outputs unless its driver shows some. */
static enum tri has_outputs(const struct fn *fn)
{
	if (fn->class_code == 0xffffffff)
		return TRI_UNKNOWN;
	return fn->is_display && fn->class_code >> 8 != 0x0302 ? TRI_UNKNOWN : TRI_FALSE;
}

enum tri fn_has_monitor(const struct facts *f, const struct fn *fn)
{
	enum tri has = has_outputs(fn);
	size_t outputs = 0, empty = 0;

	for (size_t i = 0; i < f->snap->cards.n; i++) {
		const struct snap_card *card = &f->snap->cards.v[i];

		if (!text_equal(snap_str(card->device), fn->addr))
			continue;
		for (size_t j = 0; j < card->connectors.n; j++) {
			const char *status = snap_str(card->connectors.v[j].status);

			if (text_equal(status, "connected"))
				return TRI_TRUE;
			outputs++;
			empty += text_equal(status, "disconnected");
		}
	}
	/* A driver without connectors (nvidia without modeset) tells nothing */
	if (outputs == 0)
		return has;
	return empty == outputs ? TRI_FALSE : TRI_UNKNOWN;
}

static bool has_monitor(const struct facts *f, const struct fn *fn)
{
	return fn_has_monitor(f, fn) == TRI_TRUE;
}

static bool is_boot_vga(const struct facts *f, const struct fn *fn)
{
	(void)f;
	return fn->raw->boot_vga.have == HAVE_VALUE && fn->raw->boot_vga.v;
}

static bool is_framebuffer_owner(const struct facts *f, const struct fn *fn)
{
	return framebuffer_owner(f) == fn;
}

static bool is_bmc(const struct facts *f, const struct fn *fn)
{
	(void)f;
	return fn_is_bmc(fn);
}

static bool is_any(const struct facts *f, const struct fn *fn)
{
	(void)f;
	(void)fn;
	return true;
}

struct fn *host_display(const struct facts *f)
{
	static bool (*const tests[])(const struct facts *, const struct fn *) = {
		is_boot_vga, is_framebuffer_owner, is_bmc, has_monitor, is_any
	};

	for (size_t t = 0; t < sizeof tests / sizeof tests[0]; t++) {
		for (size_t i = 0; i < f->n_fns; i++) {
			if (f->fns[i].is_display && tests[t](f, &f->fns[i]))
				return &f->fns[i];
		}
	}
	return NULL;
}

/* Endpoints of the group, itself included; without a group the function alone. A bridge
 * that somebody named is not handed over, and takes nothing along. */
static struct set *set_new(struct facts *f, struct fn *fn)
{
	struct set *set = arena_new_object(f->arena, struct set);

	for (size_t i = 0; fn->group && fn->is_endpoint && i < fn->group->n; i++) {
		if (fn->group->members[i]->is_endpoint)
			*arena_push(f->arena, set->members, set->n) =
				fn->group->members[i];
	}
	if (set->n == 0)
		*arena_push(f->arena, set->members, set->n) = fn;
	return set;
}

/* Targets of one group share a set; candidates are judged each alone. */
static struct set *set_for(struct facts *f, struct fn *fn)
{
	for (size_t i = 0; i < f->n_handovers && f->has_targets && fn->group; i++) {
		const struct fn *other = f->handovers[i]->fn;

		if (other->group == fn->group && other->is_endpoint && fn->is_endpoint)
			return f->handovers[i]->set;
	}
	return set_new(f, fn);
}

static void add_handover(struct facts *f, struct fn *fn)
{
	struct handover *h;

	if (fn->handover)
		return;
	h = arena_new_object(f->arena, struct handover);
	h->fn = fn;
	h->candidate = !f->has_targets;
	h->set = set_for(f, fn);
	*arena_push(f->arena, h->set->targets, h->set->n_targets) = fn;
	fn->handover = h;
	*arena_push(f->arena, f->handovers, f->n_handovers) = h;
}

static bool is_named(const struct facts_request *request, const struct fn *fn)
{
	for (size_t i = 0; i < request->n_guests; i++) {
		struct bdf b;

		if (bdf_parse(request->guests[i], &b) && bdf_compare(b, fn->bdf) == 0)
			return true;
	}
	return false;
}

static void find_targets(struct facts *f, const struct facts_request *request)
{
	f->guests_named = request->n_guests > 0;
	f->has_targets = true;
	for (size_t i = 0; i < f->n_fns; i++) {
		struct fn *fn = &f->fns[i];

		/* An ids= list may match a bridge; nobody meant to hand that over */
		if (f->guests_named ? is_named(request, fn)
				    : fn->is_endpoint &&
					(fn_set_aside(f, fn) || guest_claim_of(f, fn) ||
						message_asks_for(f, fn)))
			add_handover(f, fn);
	}
	f->has_targets = f->n_handovers > 0;
}

static void find_candidates(struct facts *f)
{
	/* More than a machine has slots for; each is judged beside all others */
	enum { MOST_CANDIDATES = 256 };
	const struct fn *display = host_display(f);

	for (size_t i = 0; i < f->n_fns && f->n_handovers < MOST_CANDIDATES; i++) {
		if (f->fns[i].is_display && f->fns[i].is_endpoint &&
			&f->fns[i] != display)
			add_handover(f, &f->fns[i]);
	}
}

/* Marks what goes along with H. Slots stand together in the list, which is sorted; only a
 * function that is missing from the scan stands behind it. */
static void mark_company(struct facts *f, const struct handover *h)
{
	struct fn *first = h->fn, *end = h->fn + 1, *all_end = f->fns + f->n_fns;

	for (size_t i = 0; i < h->set->n; i++)
		h->set->members[i]->in_set = h->set->members[i]->goes_along = true;
	while (first > f->fns &&
		(h->fn->missing || bdf_same_slot(first[-1].bdf, h->fn->bdf)))
		first--;
	while (end < all_end && (end->missing || bdf_same_slot(end->bdf, h->fn->bdf)))
		end++;
	for (; first < end; first++)
		first->goes_along |= fn_is_companion(f, h->fn, first) != TRI_FALSE;
}

static enum role role_of(
	const struct facts *f, const struct fn *fn, const struct fn *display)
{
	if (!fn->is_endpoint)
		return ROLE_BRIDGE;
	if (fn->handover)
		return f->has_targets ? ROLE_GUEST : ROLE_CANDIDATE;
	if (fn->goes_along)
		return ROLE_COMPANION;
	if (fn->on_host_driver == TRI_TRUE || (fn == display && fn->on_vfio != TRI_TRUE))
		return ROLE_HOST;
	return ROLE_OTHER;
}

void roles_build(struct facts *f, const struct facts_request *request)
{
	const struct fn *display = host_display(f);

	find_targets(f, request);
	if (!f->has_targets)
		find_candidates(f);
	for (size_t i = 0; i < f->n_handovers; i++)
		mark_company(f, f->handovers[i]);
	for (size_t i = 0; i < f->n_fns; i++)
		f->fns[i].role = role_of(f, &f->fns[i], display);
}

bool fn_leaves(const struct facts *f, const struct set *set, const struct fn *fn)
{
	const struct fn *target = set->targets[0];

	if (f->has_targets)
		return fn->in_set;
	/* As set_new() gathers them; a search in the list would take long in a large one */
	return fn == target ||
		(target->group && target->is_endpoint && fn->group == target->group &&
			fn->is_endpoint);
}
