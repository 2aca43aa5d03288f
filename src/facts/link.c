// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on the PCI Express link of a function: how many lanes of it are in use.
#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

/* PCI Express Base Specification 7.5.3.6 and 7.5.3.8, both fields in bits 9:4. */
enum { LINK_CAP = 0x0c, LINK_STATUS = 0x12, MOST_LANES = 32 };

static int lanes_in_config(const struct fn *fn, size_t reg)
{
	size_t at = 0;
	int n;

	if (pci_cap_find(fn, CAP_PCIE, &at) != TRI_TRUE ||
		!pci_config_knows(fn, at + reg, 0x3f0))
		return 0;
	n = pci_config_u16(fn, at + reg) >> 4 & 0x3f;
	return n <= MOST_LANES ? n : 0;
}

/* Lanes as the attribute says, else as the register does; 0: unknown. */
static int lanes(const struct fn *fn, struct snap_text attribute, size_t reg)
{
	int64_t n;

	if (attribute.have == HAVE_VALUE && text_to_int(attribute.s, &n))
		return n > 0 && n <= MOST_LANES ? (int)n : 0;
	return lanes_in_config(fn, reg);
}

struct link_lanes {
	int now, most; /* 0: unknown */
};

/* The link between FN and the port above: its width is what both ends can do. */
static struct link_lanes link_above(const struct fn *fn)
{
	struct link_lanes l = { 0 };
	int own = lanes(fn, fn->raw->max_link_width, LINK_CAP), port;

	if (!fn->parent || !fn->parent->raw)
		return l;
	port = lanes(fn->parent, fn->parent->raw->max_link_width, LINK_CAP);
	l.now = lanes(fn, fn->raw->link_width, LINK_STATUS);
	if (own && port)
		l.most = own < port ? own : port;
	/* Nothing can be missing, whatever the port can do */
	else if (own && own == l.now)
		l.most = own;
	return l;
}

/*
 * Half of sixteen lanes is what boards give when two slots share them, and costs little;
 * of up to four lanes every one counts.
 */
static bool is_narrow(struct link_lanes l)
{
	return l.now * 4 <= l.most || (l.most <= 4 && l.now < l.most);
}

static bool same_maker(const struct fn *a, const struct fn *b)
{
	return b->raw && a->raw->vendor.have == HAVE_VALUE &&
		b->raw->vendor.have == HAVE_VALUE && a->raw->vendor.v == b->raw->vendor.v;
}

/* The attributes exist for PCI Express functions only (pcie_dev_attrs_are_visible(),
 * drivers/pci/pci-sysfs.c). */
static bool has_no_link(const struct fn *fn)
{
	return fn->raw->parent.have == HAVE_NONE ||
		fn->raw->link_width.have == HAVE_NONE || pcie_type(fn) == PCIE_NONE;
}

/*
 * The end of the link that leaves the card. Cards with a switch of their own (AMD since
 * Vega) have it above the graphics: root port, upstream port, downstream port, graphics.
 * NULL if configuration space does not tell.
 */
static const struct fn *card_edge(const struct fn *fn)
{
	const struct fn *port = fn->parent, *up = port ? port->parent : NULL;

	if (!port || !same_maker(fn, port))
		return fn;
	switch (pcie_type(port)) {
	case PCIE_ROOT_PORT:
		return fn;
	case PCIE_DOWNSTREAM_PORT:
		return up && up->raw && pcie_type(up) == PCIE_UPSTREAM_PORT ? up : NULL;
	default:
		return NULL;
	}
}

void derive_device_link_narrow(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *edge;
	struct link_lanes l;

	if (!s->fn->raw)
		return;
	/* Functions of one card share a link: the first speaks for all */
	if (s->fn->bdf.fn != 0 || has_no_link(s->fn)) {
		fact_set_none(out);
		return;
	}
	edge = card_edge(s->fn);
	if (!edge)
		return;
	l = link_above(edge);
	if (!l.now || !l.most)
		return;
	if (!is_narrow(l)) {
		fact_set_none(out);
		return;
	}
	fact_set_text(out, arena_printf(f->arena, "%d of %d", l.now, l.most));
	fact_seen(f, out, arena_printf(f->arena, "link of %s", edge->short_addr),
		arena_printf(f->arena, "x%d, possible x%d", l.now, l.most));
}
