// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a function judged for hand-over: displays, BARs, resets.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/klog.h"
#include "facts/resets.h"
#include "facts/roles.h"
#include "facts/topology.h"

/* drivers/pci/vgaarb.c (before 5.17 drivers/gpu/vga/vgaarb.c). */
static const char *const boot_device[] = {
	"{addr:bdf}: vgaarb: setting as boot VGA device",
	"{addr:bdf}: vgaarb: setting as boot device",
	"vgaarb: setting as boot device: PCI:{addr:bdf}",
	NULL,
};

/* Did the firmware boot on this one? The attribute exists for class 0300 only. */
static enum tri boots_here(struct facts *f, const struct fn *fn, struct fact *out)
{
	const struct klog_match *line;
	const struct fn *owner;

	if (!fn->raw)
		return TRI_UNKNOWN;
	if (!fn->is_display && fn->class_code != 0xffffffff)
		return TRI_FALSE;
	if (fn->raw->boot_vga.have == HAVE_VALUE) {
		if (fn->raw->boot_vga.v)
			fact_seen(f, out,
				arena_printf(f->arena, "boot_vga of %s", fn->short_addr),
				"1");
		return tri_of(fn->raw->boot_vga.v);
	}
	owner = framebuffer_owner(f);
	if (owner)
		return tri_of(owner == fn);
	line = klog_first(f, boot_device);
	if (!line)
		return TRI_UNKNOWN;
	if (klog_names(line, fn->bdf))
		klog_seen(f, out, line);
	return tri_of(klog_names(line, fn->bdf));
}

void derive_target_boot_display(
	struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri boots = boots_here(f, s->fn, out);
	const struct fn *display = host_display(f);

	/* A 3D controller has no such attribute: a VGA device that has it answers for
	 * both */
	if (boots == TRI_UNKNOWN && s->fn->raw &&
		s->fn->raw->boot_vga.have == HAVE_NONE && display &&
		display->raw->boot_vga.have == HAVE_VALUE && display->raw->boot_vga.v)
		boots = TRI_FALSE;
	if (boots != TRI_UNKNOWN)
		fact_set_bool(out, boots == TRI_TRUE);
}

/* `card0-HDMI-A-1` without the card. */
static const char *connector_name(const char *name)
{
	const char *dash = text_starts(name, "card") ? strchr(name, '-') : NULL;

	return dash ? dash + 1 : name;
}

void derive_target_monitors(struct facts *f, const struct subject *s, struct fact *out)
{
	bool seen = !s->fn->is_display && s->fn->class_code != 0xffffffff;

	for (size_t i = 0; i < f->snap->cards.n; i++) {
		const struct snap_card *card = &f->snap->cards.v[i];

		if (!text_equal(snap_str(card->device), s->fn->addr) ||
			card->connectors.have != HAVE_VALUE)
			continue;
		/* A framebuffer device (fb0) has no connectors and tells nothing */
		seen |= text_starts(card->name, "card");
		for (size_t j = 0; j < card->connectors.n; j++) {
			const struct snap_connector *c = &card->connectors.v[j];
			const char *status = snap_str(c->status);

			if (text_equal(status, "connected")) {
				fact_add_text(f, out, connector_name(c->name));
				fact_seen(f, out, c->name, "connected");
			} else if (!text_equal(status, "disconnected")) {
				out->open = true;
			}
		}
	}
	if (seen)
		fact_set_list(out);
}

static const char *bar_number(struct facts *f, size_t i)
{
	return arena_printf(f->arena, "%zu", i);
}

static void bars_from_resource(struct facts *f, const struct fn *fn, struct fact *out)
{
	fact_set_list(out);
	for (size_t i = 0; i < N_BARS; i++) {
		struct bar bar;

		/* An I/O BAR without an address does no harm: guests use memory */
		if (!fn_bar(fn, i, &bar) || !(bar.flags & BAR_MEM))
			continue;
		if (bar.start != 0 && !(bar.flags & BAR_UNSET))
			continue;
		fact_add_text(f, out, bar_number(f, i));
		fact_seen(f, out,
			arena_printf(f->arena, "resource of %s", fn->short_addr),
			fn->raw->resources.s[i]);
	}
}

/* drivers/pci/setup-res.c, before and since 6.8. */
static const char *const bar_failed[] = {
	"{addr:bdf}: BAR {n:dec}: failed to assign [mem",
	"{addr:bdf}: BAR {n:dec}: no space for [mem",
	"{addr:bdf}: BAR {n:dec} [mem {_:any}]: failed to assign",
	"{addr:bdf}: BAR {n:dec} [mem {_:any}]: can't assign; no space",
	NULL,
};
static const char *const bar_assigned[] = {
	"{addr:bdf}: BAR {n:dec}: assigned [mem",
	"{addr:bdf}: BAR {n:dec} [mem {_:any}]: assigned",
	NULL,
};

/* The kernel tries several times: only the last word on each BAR counts. */
static const struct klog_match *last_word(struct facts *f, const char *const *patterns,
	const struct fn *fn, const char *bar)
{
	size_t n;
	const struct klog_match *const *list = klog_list(f, patterns, &n);
	const struct klog_match *last = NULL;

	for (size_t i = 0; i < n; i++) {
		if (klog_names(list[i], fn->bdf) &&
			text_equal(klog_hole(f, list[i], "n"), bar) &&
			(!last || list[i]->line > last->line))
			last = list[i];
	}
	return last;
}

static void bars_from_log(struct facts *f, const struct fn *fn, struct fact *out)
{
	for (size_t i = 0; i < N_BARS; i++) {
		const char *bar = bar_number(f, i);
		const struct klog_match *failed = last_word(f, bar_failed, fn, bar);
		const struct klog_match *assigned = last_word(f, bar_assigned, fn, bar);

		if (!failed || (assigned && assigned->line > failed->line))
			continue;
		fact_add_text(f, out, bar);
		klog_seen(f, out, failed);
	}
	if (klog_complete(f) && fn->raw)
		fact_set_list(out);
	else
		out->open = out->state == FACT_VALUE;
}

void derive_target_bars_unassigned(
	struct facts *f, const struct subject *s, struct fact *out)
{
	if (s->fn->raw && s->fn->raw->resources.have == HAVE_VALUE)
		bars_from_resource(f, s->fn, out);
	else
		bars_from_log(f, s->fn, out);
}

void derive_target_bars_wide(struct facts *f, const struct subject *s, struct fact *out)
{
	const uint64_t mib = 1 << 20, gib = 1 << 30;
	uint64_t largest = 0;

	if (!s->fn->raw || s->fn->raw->resources.have != HAVE_VALUE)
		return;
	for (size_t i = 0; i < N_BARS; i++) {
		const uint64_t kind = BAR_MEM | BAR_PREFETCH | BAR_MEM_64;
		struct bar bar;

		if (fn_bar(s->fn, i, &bar) && (bar.flags & kind) == kind &&
			bar.end - bar.start + 1 > largest)
			largest = bar.end - bar.start + 1;
	}
	if (largest < 256 * mib)
		fact_set_none(out);
	else if (largest % gib == 0)
		fact_set_text(out,
			arena_printf(f->arena, "%llu GiB",
				(unsigned long long)(largest / gib)));
	else
		fact_set_text(out,
			arena_printf(f->arena, "%llu MiB",
				(unsigned long long)(largest / mib)));
}

void derive_target_reset_methods(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	char **words;
	size_t n;

	if (!raw || raw->reset_method.have == HAVE_NOT)
		return;
	fact_set_list(out);
	if (raw->reset_method.have == HAVE_NONE)
		return;
	words = text_split(f->arena, raw->reset_method.s, " \t\n", &n);
	for (size_t i = 0; i < n; i++)
		fact_add_text(f, out, words[i]);
}

/* Does a reset of the bus that FN sits on reach OTHER? */
static bool shares_bus(const struct facts *f, const struct fn *fn, const struct fn *other)
{
	for (size_t i = 0; other && i <= f->n_fns; i++, other = other->parent) {
		if (other->raw && other->bdf.domain == fn->bdf.domain &&
			other->bdf.bus == fn->bdf.bus)
			return true;
	}
	return false;
}

static bool bus_reset_reaches_others(
	struct facts *f, const struct fn *fn, const struct set *set, struct fact *out)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *other = &f->fns[i];

		if (other == fn || !shares_bus(f, fn, other) || fn_is_vf(other))
			continue;
		if (fn_among(other, set->members, set->n) && !reset_bus_forbidden(other))
			continue;
		fact_seen(f, out, "on the same bus", fn_describe(f, other));
		return true;
	}
	return false;
}

/* vfio_pci_ioctl_pci_hot_reset() wants every function that the reset reaches; nothing
 * above a root bus can reset it (pci_parent_bus_reset()). */
void derive_target_reset_bus(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn = s->fn;
	bool sure = fn->group || fn_groupless(f, fn) == TRI_TRUE;

	if (!fn->raw || fn->raw->parent.have == HAVE_NOT)
		return;
	if (fn->raw->parent.have == HAVE_NONE || fn_is_vf(fn) ||
		reset_bus_forbidden(fn) ||
		(fn->parent && reset_bus_forbidden(fn->parent))) {
		fact_set_bool(out, false);
		return;
	}
	if (bus_reset_reaches_others(f, fn, s->set, out)) {
		if (sure)
			fact_set_bool(out, false);
	} else if (scan_listed(f) == TRI_TRUE) {
		fact_set_bool(out, true);
	}
}

void derive_target_reset_family(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;

	(void)f;
	if (raw && raw->vendor.have == HAVE_VALUE && raw->device.have == HAVE_VALUE)
		fact_set_text(out, reset_family(s->fn));
}
