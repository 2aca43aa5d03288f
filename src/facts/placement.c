// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on where a function sits: its memory node, inside or outside of the machine.
#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/topology.h"

/* Do devices hang on more than one memory node? Where all of them hang on the first, it
 * does not matter how many there are. */
void derive_numa_many(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri many = scan_listed(f) == TRI_TRUE ? TRI_FALSE : TRI_UNKNOWN;

	(void)s;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct snap_pci *raw = f->fns[i].raw;

		if (!raw)
			continue;
		if (raw->numa_node.have == HAVE_VALUE && raw->numa_node.v > 0) {
			fact_set_bool(out, true);
			return;
		}
		if (raw->numa_node.have == HAVE_NOT)
			many = TRI_UNKNOWN;
	}
	if (many == TRI_FALSE)
		fact_set_bool(out, false);
}

void derive_device_numa_node(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;

	if (!raw || raw->numa_node.have == HAVE_NOT)
		return;
	if (raw->numa_node.have == HAVE_NONE || raw->numa_node.v < 0) {
		fact_set_none(out);
		return;
	}
	fact_set_int(out, raw->numa_node.v);
	fact_seen(f, out, arena_printf(f->arena, "numa_node of %s", s->fn->short_addr),
		arena_printf(f->arena, "%lld", (long long)raw->numa_node.v));
}

/* Since 5.14 `removable` says what hangs below a port that faces outwards
 * (pci_set_removable(), drivers/pci/probe.c); inside of the machine there is no file. */
void derive_device_external(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;

	if (!raw || raw->removable.have == HAVE_NOT)
		return;
	if (raw->removable.have == HAVE_VALUE) {
		bool outside = text_equal(raw->removable.s, "removable");

		fact_set_bool(out, outside);
		if (outside)
			fact_seen(f, out,
				arena_printf(
					f->arena, "removable of %s", s->fn->short_addr),
				raw->removable.s);
	} else if (kernel_at_least(f, 5, 14, 0) == TRI_TRUE) {
		fact_set_bool(out, false);
	}
}
