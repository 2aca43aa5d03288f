// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on the interrupts of a function: messages, or a line and who shares it.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

/*
 * quirk_broken_intx_masking() and mellanox_check_broken_intx_masking(),
 * drivers/pci/quirks.c, Linux 6.12. Left out are those for which vfio-pci pretends that
 * they have no line at all (vfio_pci_nointx(): Intel X710, XL710, X722, X550), and the
 * ConnectX-4, which depend on their firmware.
 */
static const struct {
	uint16_t vendor, device;
} unmaskable[] = {
	{ 0x1425, 0x0030 }, /* Chelsio */
	{ 0x1814, 0x0601 }, /* Ralink RT2800 */
	{ 0x1b7c, 0x0004 }, /* Ceton InfiniTV4 */
	{ 0x1102, 0x000b }, /* Creative 20K2 */
	{ 0x10ec, 0x8169 }, /* Realtek RTL8169 */
	{ 0x15b3, 0x6340 }, /* Mellanox ConnectX, ConnectX-2, ConnectX-3 */
	{ 0x15b3, 0x634a },
	{ 0x15b3, 0x6354 },
	{ 0x15b3, 0x6732 },
	{ 0x15b3, 0x673c },
	{ 0x15b3, 0x6368 },
	{ 0x15b3, 0x6750 },
	{ 0x15b3, 0x6372 },
	{ 0x15b3, 0x675a },
	{ 0x15b3, 0x6764 },
	{ 0x15b3, 0x6746 },
	{ 0x15b3, 0x676e },
	{ 0x15b3, 0x1003 },
	{ 0x15b3, 0x1007 },
};

/* Does it know MSI or MSI-X? */
static enum tri knows_messages(const struct fn *fn)
{
	size_t at;

	if (fn->raw && fn->raw->msi.have == HAVE_VALUE && fn->raw->msi.v)
		return TRI_TRUE;
	return tri_or(pci_cap_find(fn, CAP_MSI, &at), pci_cap_find(fn, CAP_MSIX, &at));
}

/* Interrupt Pin (PCI Local Bus Specification 3.0, 6.2.4): 0 is none. A virtual function
 * has none. */
static enum tri has_line(const struct fn *fn)
{
	enum { HEADER_TYPE = 0x0e, PIN = 0x3d, LAST_PIN = 4 };
	const struct snap_bytes *c = fn->raw ? &fn->raw->config : NULL;

	if (!c || !pci_config_knows(fn, PIN, 0xff) || c->p[HEADER_TYPE] == 0xff ||
		c->p[PIN] > LAST_PIN)
		return TRI_UNKNOWN;
	return tri_of(c->p[PIN] != 0);
}

void derive_device_intx_only(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri only = tri_and(has_line(s->fn), tri_not(knows_messages(s->fn)));

	(void)f;
	if (only != TRI_UNKNOWN)
		fact_set_bool(out, only == TRI_TRUE);
}

void derive_device_intx_unmaskable(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	bool listed = false;

	(void)f;
	if (!raw || raw->vendor.have != HAVE_VALUE || raw->device.have != HAVE_VALUE)
		return;
	for (size_t i = 0; i < sizeof unmaskable / sizeof unmaskable[0]; i++)
		listed |= raw->vendor.v == unmaskable[i].vendor &&
			raw->device.v == unmaskable[i].device;
	fact_set_bool(out, listed);
}

static const struct snap_irq *irq_find(const struct facts *f, int64_t number)
{
	for (size_t i = 0; i < f->snap->irqs.n; i++) {
		int64_t n;

		if (text_to_int(f->snap->irqs.v[i].number, &n) && n == number)
			return &f->snap->irqs.v[i];
	}
	return NULL;
}

/*
 * Before a driver has enabled it, `irq` is what firmware left in a register, and with MSI
 * it is the message's (irq_show(), drivers/pci/pci-sysfs.c): then nothing is known.
 */
void derive_device_intx_users(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const struct snap_irq *irq;
	char **users;
	size_t n;

	if (has_line(s->fn) == TRI_FALSE) {
		fact_set_list(out);
		return;
	}
	if (!raw || raw->irq.have != HAVE_VALUE || raw->enabled.have != HAVE_VALUE ||
		!raw->enabled.v || raw->msi.have != HAVE_VALUE || raw->msi.v)
		return;
	irq = irq_find(f, raw->irq.v);
	if (!irq || irq->actions.have == HAVE_NOT)
		return;
	fact_set_list(out);
	if (irq->actions.have == HAVE_NONE)
		return;
	users = text_split(f->arena, irq->actions.s, ", \t\n", &n);
	for (size_t i = 0; i < n; i++)
		fact_add_text(f, out, users[i]);
	fact_seen(f, out, arena_printf(f->arena, "interrupt %s", irq->number),
		irq->actions.s);
}

/*
 * QEMU refuses a function whose MSI-X table and pending bits overlap (hw/pci/msix.c,
 * msix_init()). PCI Local Bus Specification 3.0, 6.8.2: 16 bytes and one bit a vector,
 * the bits in groups of 64.
 */
void derive_device_msix_overlap(
	struct facts *f, const struct subject *s, struct fact *out)
{
	enum { CONTROL = 2, TABLE = 4, PENDING = 8, SIZE = 0x7ff, BAR = 7 };
	uint64_t n, table, pending, table_end, pending_end;
	size_t at = 0;
	enum tri has = pci_cap_find(s->fn, CAP_MSIX, &at);
	bool overlap;

	if (has == TRI_FALSE)
		fact_set_bool(out, false);
	if (has != TRI_TRUE || !pci_config_knows(s->fn, at + CONTROL, SIZE) ||
		!pci_config_knows(s->fn, at + TABLE, UINT32_MAX) ||
		!pci_config_knows(s->fn, at + PENDING, UINT32_MAX))
		return;
	n = (uint64_t)(pci_config_u16(s->fn, at + CONTROL) & SIZE) + 1;
	table = pci_config_u32(s->fn, at + TABLE);
	pending = pci_config_u32(s->fn, at + PENDING);
	overlap = (table & BAR) == (pending & BAR);
	table &= ~(uint64_t)BAR;
	pending &= ~(uint64_t)BAR;
	table_end = table + n * 16;
	pending_end = pending + (n + 63) / 64 * 8;
	overlap = overlap && table < pending_end && pending < table_end;
	fact_set_bool(out, overlap);
	if (overlap)
		fact_seen(f, out,
			arena_printf(
				f->arena, "MSI-X capability of %s", s->fn->short_addr),
			arena_printf(f->arena,
				"%u vectors, table at 0x%x, pending bits at 0x%x",
				(unsigned)n, (unsigned)table, (unsigned)pending));
}
