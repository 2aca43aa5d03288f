// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a function judged for hand-over: displays.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/klog.h"
#include "facts/roles.h"
#include "facts/topology.h"

/* drivers/pci/vgaarb.c (before 5.17 drivers/gpu/vga/vgaarb.c). */
static const char *const boot_device[] = {
	"{addr:bdf}: vgaarb: setting as boot VGA device",
	"{addr:bdf}: vgaarb: setting as boot device",
	"vgaarb: setting as boot device: PCI:{addr:bdf}",
	NULL,
};

/*
 * The line that had the last word: a laptop's second card is often met first, and then
 * "(overriding previous)" names the other. A log with gaps may lack that line.
 */
static const struct klog_match *last_boot_device(struct facts *f)
{
	const struct klog_match *last = NULL;
	const struct klog_match *const *all;
	size_t n;

	if (!klog_complete(f))
		return NULL;
	all = klog_list(f, boot_device, &n);
	for (size_t i = 0; i < n; i++) {
		if (!last || all[i]->line > last->line)
			last = all[i];
	}
	return last;
}

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
	line = last_boot_device(f);
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

void derive_target_slot_on_host(
	struct facts *f, const struct subject *s, struct fact *out)
{
	if (!s->fn->raw || scan_listed(f) == TRI_FALSE) {
		fact_missing(out, SOURCE_PCI);
		return;
	}
	fact_set_list(out);
	out->open = scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (fn == s->fn || !fn->is_endpoint || !fn_same_slot(fn, s->fn))
			continue;
		if (fn->on_host_driver == TRI_TRUE)
			fact_add_dev(f, out, fn);
		out->open |= fn->on_host_driver == TRI_UNKNOWN;
	}
}
