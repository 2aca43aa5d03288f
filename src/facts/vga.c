// SPDX-License-Identifier: GPL-2.0-or-later
// To which display adapter the legacy VGA addresses lead.
#include "facts/derive.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

enum {
	COMMAND = 0x04,
	COMMAND_IO_AND_MEMORY = 0x3,
	/* PCI-to-PCI Bridge Architecture Specification 1.2, 3.2.5.18, bit 3 */
	BRIDGE_CONTROL = 0x3e,
	BRIDGE_VGA_ENABLE = 0x8,
	CLASS_VGA = 0x0300,
};

static bool is_known(const struct fn *fn, size_t at, uint32_t bits)
{
	return pci_config_answers(fn) && pci_config_knows(fn, at, bits);
}

/* Does every bridge above pass 0xa0000-0xbffff and the VGA ports on? On a root bus the
 * adapter answers to them whenever it is switched on. */
static enum tri vga_routed(const struct facts *f, const struct fn *fn)
{
	const struct fn *bridge = fn->parent;

	if (!fn->raw || fn->raw->parent.have == HAVE_NOT)
		return TRI_UNKNOWN;
	if (fn->raw->parent.have == HAVE_NONE)
		return is_known(fn, COMMAND, COMMAND_IO_AND_MEMORY)
			? tri_of((pci_config_u16(fn, COMMAND) & COMMAND_IO_AND_MEMORY) ==
				  COMMAND_IO_AND_MEMORY)
			: TRI_UNKNOWN;
	for (size_t i = 0; i <= f->n_fns; i++, bridge = bridge->parent) {
		if (!bridge || !is_known(bridge, BRIDGE_CONTROL, BRIDGE_VGA_ENABLE))
			return TRI_UNKNOWN;
		if (!(pci_config_u16(bridge, BRIDGE_CONTROL) & BRIDGE_VGA_ENABLE))
			return TRI_FALSE;
		if (bridge->raw->parent.have == HAVE_NONE)
			return TRI_TRUE;
	}
	return TRI_UNKNOWN;
}

void derive_device_vga_routed(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri routed = TRI_FALSE;

	if (s->fn->class_code == UINT32_MAX)
		return;
	if (s->fn->class_code >> 8 == CLASS_VGA)
		routed = vga_routed(f, s->fn);
	if (routed == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_PCI);
		return;
	}
	fact_set_bool(out, routed == TRI_TRUE);
	if (routed == TRI_TRUE && s->fn->parent)
		fact_seen(f, out,
			arena_printf(f->arena, "config space of %s",
				s->fn->parent->short_addr),
			"bridge control: VGA enable");
}
