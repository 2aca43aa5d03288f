// SPDX-License-Identifier: GPL-2.0-or-later
// Resizable BARs: the sizes that a window can have and the one it has.
#include "facts/rebar.h"

#include "base/arena.h"
#include "facts/bars.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

/* PCI Express Base Specification 7.8.6: a pair of registers for each BAR. */
enum {
	EXT_CAP_REBAR = 0x15,
	FIRST_CAPABILITY = 4,
	FIRST_CONTROL = 8,
	PAIR = 8,
	SIZES_SHIFT = 4,
	CURRENT_SHIFT = 8,
	CURRENT_MASK = 0x3f,
	COUNT_SHIFT = 5,
	LARGE_SIZES = (int)0xffff0000, /* from 256 TiB on */
	LARGEST = 43,                  /* 8 EiB: more is no size */
	/* What cards start with, so that all fit under 4 GiB: 2^8 MiB */
	MODEST = 8,
};

enum tri rebar_read(const struct fn *fn, struct rebar ret[MAX_REBARS], size_t *ret_n)
{
	size_t at, n;
	enum tri has = pci_ext_cap_find(fn, EXT_CAP_REBAR, &at);

	*ret_n = 0;
	if (has != TRI_TRUE)
		return has;
	if (!pci_config_knows(fn, at + FIRST_CONTROL, 7u << COUNT_SHIFT))
		return TRI_UNKNOWN;
	n = pci_config_u32(fn, at + FIRST_CONTROL) >> COUNT_SHIFT & 7;
	if (n == 0 || n > MAX_REBARS)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		uint32_t sizes = pci_config_u32(fn, at + FIRST_CAPABILITY + i * PAIR);
		uint32_t control = pci_config_u32(fn, at + FIRST_CONTROL + i * PAIR);

		if (!pci_config_knows(
			    fn, at + FIRST_CAPABILITY + i * PAIR, ~0u << SIZES_SHIFT) ||
			!pci_config_knows(fn, at + FIRST_CONTROL + i * PAIR,
				LARGE_SIZES | CURRENT_MASK << CURRENT_SHIFT | 7))
			return TRI_UNKNOWN;
		ret[i] = (struct rebar){ .bar = control & 7,
			.current = control >> CURRENT_SHIFT & CURRENT_MASK,
			.sizes = sizes >> SIZES_SHIFT };
		if (ret[i].bar >= N_BARS || ret[i].current > LARGEST)
			return TRI_UNKNOWN;
	}
	*ret_n = n;
	return TRI_TRUE;
}

static uint64_t bytes_of(unsigned size)
{
	return 1ull << (size + 20);
}

bool rebar_size(const struct fn *fn, size_t i, uint64_t *ret)
{
	struct rebar list[MAX_REBARS];
	size_t n;

	if (rebar_read(fn, list, &n) != TRI_TRUE)
		return false;
	for (size_t k = 0; k < n; k++) {
		if (list[k].bar == i) {
			*ret = bytes_of(list[k].current);
			return true;
		}
	}
	return false;
}

void derive_device_rebar_sizes(struct facts *f, const struct subject *s, struct fact *out)
{
	struct rebar list[MAX_REBARS];
	size_t n;
	enum tri has = rebar_read(s->fn, list, &n);

	if (has == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_CONFIG_SPACE);
		return;
	}
	fact_set_list(out);
	for (size_t i = 0; i < n; i++) {
		unsigned largest = list[i].current;

		for (unsigned k = 0; k < 32 - SIZES_SHIFT; k++) {
			if (list[i].sizes >> k & 1 && k > largest)
				largest = k;
		}
		fact_add_text(f, out,
			arena_printf(f->arena, "BAR %u: %s of at most %s", list[i].bar,
				bar_size_words(f->arena, bytes_of(list[i].current)),
				bar_size_words(f->arena, bytes_of(largest))));
	}
}

/* The smallest size from 256 MiB on that a BAR can have, its current one if none. */
static unsigned modest_size(const struct rebar *r)
{
	for (unsigned k = MODEST; k < r->current; k++) {
		if (r->sizes >> k & 1)
			return k;
	}
	return r->current;
}

/*
 * resourceN_resize exists since 6.1 (Documentation/ABI/testing/sysfs-bus-pci) and refuses
 * while a driver is bound (drivers/pci/pci-sysfs.c, resource_resize_store()).
 */
void derive_device_rebar_shrink(
	struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri new_enough = kernel_at_least(f, 6, 1, 0);
	struct rebar list[MAX_REBARS];
	size_t n;

	if (rebar_read(s->fn, list, &n) == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_CONFIG_SPACE);
		return;
	}
	if (new_enough == TRI_UNKNOWN && n) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	fact_set_none(out);
	for (size_t i = 0; i < n && new_enough == TRI_TRUE; i++) {
		unsigned size = modest_size(&list[i]);

		if (size < list[i].current && out->state == FACT_NONE)
			fact_set_text(out,
				arena_printf(f->arena,
					"echo %u > /sys/bus/pci/devices/%s/resource%u_resize",
					size, s->fn->addr, list[i].bar));
	}
}
