// SPDX-License-Identifier: GPL-2.0-or-later
// Memory windows (BARs) of a function: which have no address, and how large they are.
#include "facts/bars.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/klog.h"
#include "facts/pci_caps.h"
#include "facts/rebar.h"
#include "facts/topology.h"

enum {
	FIRST_BAR = 0x10, /* of a type 0 header, PCI Local Bus Specification 3.0, 6.2.5 */
	/* Low bits of the register, which no write changes (6.2.5.1) */
	BAR_KIND = 0x7,
	BAR_KIND_MEM_64 = 0x4,
};

/* From this size on a window is worth a thought: below, it fits under 4 GiB anywhere. */
static const uint64_t wide = 256ull << 20;
/* The whole 64-bit window that OVMF made until it looked at the processor's width
 * (PcdPciMmio64Size in OvmfPkg/OvmfPkgX64.dsc: 32 GiB). */
static const uint64_t huge = 32ull << 30;

const char *bar_size_words(struct arena *a, uint64_t size)
{
	static const struct {
		unsigned shift;
		const char *unit;
	} units[] = { { 40, "TiB" }, { 30, "GiB" }, { 20, "MiB" }, { 10, "KiB" } };

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (size >> units[i].shift && !(size & ((1ull << units[i].shift) - 1)))
			return arena_printf(a, "%llu %s",
				(unsigned long long)(size >> units[i].shift),
				units[i].unit);
	}
	return arena_printf(a, "%llu bytes", (unsigned long long)size);
}

/* Are the kinds of all windows up to number LAST known? */
static bool header_known(const struct fn *fn, size_t last)
{
	for (size_t i = 0; i <= last; i++) {
		if (!pci_config_knows(fn, FIRST_BAR + 4 * i, BAR_KIND))
			return false;
	}
	return pci_config_answers(fn);
}

static uint32_t bar_register(const struct fn *fn, size_t i)
{
	return pci_config_u32(fn, FIRST_BAR + 4 * i);
}

/* The upper half of a 64-bit BAR is no register of its own. */
static bool is_upper_half(const struct fn *fn, size_t i)
{
	bool upper = false;

	for (size_t k = 0; k < i; k++)
		upper = !upper && (bar_register(fn, k) & BAR_KIND) == BAR_KIND_MEM_64;
	return upper;
}

enum tri bar_forgotten(const struct fn *fn, size_t i)
{
	struct bar bar;

	if (!fn->raw || fn->raw->resources.have != HAVE_VALUE ||
		i >= fn->raw->resources.n)
		return TRI_UNKNOWN;
	/* A virtual function has its windows elsewhere (SR-IOV specification 9.3.4.1) */
	if (fn_bar(fn, i, &bar) || !fn->is_endpoint || fn_is_vf(fn))
		return TRI_FALSE;
	if (!header_known(fn, i))
		return TRI_UNKNOWN;
	return tri_of(!is_upper_half(fn, i) &&
		(bar_register(fn, i) & BAR_KIND) == BAR_KIND_MEM_64);
}

static const char *bar_number(struct facts *f, size_t i)
{
	return arena_printf(f->arena, "%zu", i);
}

static bool is_unassigned(const struct bar *bar)
{
	/* An I/O BAR without an address does no harm: guests use memory */
	return bar->flags & BAR_MEM && (bar->start == 0 || bar->flags & BAR_UNSET);
}

static void bars_from_resource(struct facts *f, const struct fn *fn, struct fact *out)
{
	fact_set_list(out);
	for (size_t i = 0; i < N_BARS; i++) {
		enum tri forgotten = bar_forgotten(fn, i);
		struct bar bar;

		if (fn_bar(fn, i, &bar) && is_unassigned(&bar)) {
			fact_add_text(f, out, bar_number(f, i));
			fact_seen(f, out,
				arena_printf(f->arena, "resource of %s", fn->short_addr),
				fn->raw->resources.s[i]);
		} else if (forgotten == TRI_TRUE) {
			fact_add_text(f, out, bar_number(f, i));
			fact_seen(f, out,
				arena_printf(
					f->arena, "config space of %s", fn->short_addr),
				arena_printf(f->arena, "BAR %zu is %08x, without a range",
					i, (unsigned)bar_register(fn, i)));
		} else if (forgotten == TRI_UNKNOWN) {
			out->open = true;
		}
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

void derive_device_bars_unassigned(
	struct facts *f, const struct subject *s, struct fact *out)
{
	if (s->fn->raw && s->fn->raw->resources.have == HAVE_VALUE)
		bars_from_resource(f, s->fn, out);
	else
		bars_from_log(f, s->fn, out);
}

/* Size of the largest 64-bit prefetchable BAR with at least LEAST bytes, 0 if there is
 * none; UNKNOWN where a window has lost its size. */
static enum tri largest_bar(const struct fn *fn, uint64_t least, uint64_t *ret)
{
	const uint64_t kind = BAR_MEM | BAR_PREFETCH | BAR_MEM_64;
	bool lost = false;

	*ret = 0;
	if (!fn->raw || fn->raw->resources.have != HAVE_VALUE)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < N_BARS; i++) {
		uint64_t size = 0;
		struct bar bar;

		if (fn_bar(fn, i, &bar))
			size = (bar.flags & kind) == kind ? bar.end - bar.start + 1 : 0;
		else if (bar_forgotten(fn, i) != TRI_FALSE)
			lost |= !rebar_size(fn, i, &size);
		if (size >= least && size > *ret)
			*ret = size;
	}
	if (*ret)
		return TRI_TRUE;
	return lost ? TRI_UNKNOWN : TRI_FALSE;
}

static void set_size(
	struct facts *f, const struct fn *fn, uint64_t least, struct fact *out)
{
	uint64_t size;

	switch (largest_bar(fn, least, &size)) {
	case TRI_TRUE:
		fact_set_text(out, bar_size_words(f->arena, size));
		break;
	case TRI_FALSE:
		fact_set_none(out);
		break;
	case TRI_UNKNOWN:
		break;
	}
}

void derive_device_bars_wide(struct facts *f, const struct subject *s, struct fact *out)
{
	set_size(f, s->fn, wide, out);
}

void derive_device_bars_huge(struct facts *f, const struct subject *s, struct fact *out)
{
	set_size(f, s->fn, huge, out);
}
