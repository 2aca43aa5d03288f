// SPDX-License-Identifier: GPL-2.0-or-later
// What the guest's configuration says of the functions: QEMU, libvirt, Proxmox VE. Functions
// of one slot stay together in one slot of the guest, each with its function number, so that
// drivers find the companions (HDMI sound, USB-C) where they expect them.
#include <string.h>

#include "base/text.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"
#include "plan/parts.h"

/* The functions of one slot: I to the end of the run. */
static size_t slot_end(const struct plan *p, size_t i)
{
	size_t end = i + 1;

	while (end < p->n_functions && fn_same_slot(p->functions[i], p->functions[end]))
		end++;
	return end;
}

/* Intel's integrated graphics is always 00:02.0; its cards sit behind a port. */
static bool fn_is_igd(const struct fn *fn)
{
	return fn->is_display && fn->raw->vendor.v == 0x8086 && !fn->bdf.domain &&
		!fn->bdf.bus && fn->bdf.dev == 2;
}

/* In the guest function 0 must be there, else nothing of the slot is found: where the host's
 * function 0 does not go along, the first one takes its number. */
static unsigned guest_function(const struct plan *p, size_t first, size_t i)
{
	return p->functions[first]->bdf.fn == 0 ? p->functions[i]->bdf.fn
						: (unsigned)(i - first);
}

static struct guest_lines *add_guest(
	struct plan *p, const char *manager, const char *where)
{
	struct guest_lines *g = arena_push(p->arena, p->guests, p->n_guests);

	g->manager = manager;
	g->where = where;
	return g;
}

__attribute__((format(printf, 3, 4))) static void put(
	struct plan *p, struct guest_lines *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*arena_push(p->arena, g->lines.s, g->lines.n) = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
}

/* A device of conventional PCI has no place on a bus of PCI Express. */
static bool is_conventional(const struct fn *fn)
{
	return !fn_is_vf(fn) && pcie_type(fn) == PCIE_NONE && !fn_is_igd(fn);
}

static bool has_display(const struct plan *p)
{
	for (size_t i = 0; i < p->n_functions; i++)
		if (p->functions[i]->is_display)
			return true;
	return false;
}

/* hw/core/qdev-properties-system.c of QEMU reads four digits of a domain. */
static const char *qemu_host(struct plan *p, const struct fn *fn)
{
	return arena_printf(p->arena, "%s%s",
		fn->bdf.domain > 0xffff ? "sysfsdev=/sys/bus/pci/devices/" : "host=",
		fn->addr);
}

/* The bus for a slot's functions, made first; ret_slot: their number on it. */
static const char *qemu_bus(struct plan *p, struct guest_lines *g, const struct fn *fn,
	unsigned port, const char **ret_slot)
{
	const char *bus = arena_printf(p->arena, "guest%u", port);

	*ret_slot = "00";
	/* docs/igd-assign.txt of QEMU: its firmware wants it at 00:02.0 */
	if (fn_is_igd(fn)) {
		*ret_slot = "02";
		return "pcie.0";
	}
	put(p, g, "-device pcie-root-port,id=guest%u,bus=pcie.0,chassis=%u,slot=%u", port,
		port, port);
	if (!is_conventional(fn))
		return bus;
	*ret_slot = "01";
	put(p, g, "-device pcie-pci-bridge,id=%spci,bus=%s", bus, bus);
	return arena_printf(p->arena, "%spci", bus);
}

/* docs/pcie.txt of QEMU: a PCI Express device belongs below a root port of its own, one of
 * conventional PCI below a bridge behind such a port. */
static void make_qemu(struct plan *p)
{
	struct guest_lines *g = add_guest(p, "QEMU",
		has_display(p)
			? "on the command line, with -machine q35 (and -vga none where "
			  "this card is to be the only display)"
			: "on the command line, with -machine q35");
	unsigned port = 1;

	for (size_t i = 0, end; i < p->n_functions; i = end, port++) {
		const char *slot, *bus = qemu_bus(p, g, p->functions[i], port, &slot);

		end = slot_end(p, i);
		for (size_t k = i; k < end; k++)
			put(p, g, "-device vfio-pci,%s,bus=%s,addr=%s.%x%s",
				qemu_host(p, p->functions[k]), bus, slot,
				guest_function(p, i, k),
				end - i > 1 && guest_function(p, i, k) == 0
					? ",multifunction=on"
					: "");
	}
}

static void put_hostdev(
	struct plan *p, struct guest_lines *g, const struct fn *fn, const char *address)
{
	const struct bdf b = fn->bdf;

	put(p, g, "<hostdev mode='subsystem' type='pci' managed='yes'>");
	put(p, g, "  <source>");
	put(p, g,
		"    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' "
		"function='0x%x'/>",
		b.domain, b.bus, b.dev, b.fn);
	put(p, g, "  </source>");
	if (address)
		put(p, g, "  %s", address);
	put(p, g, "</hostdev>");
}

/* Where the guest finds it; NULL: libvirt knows best, which has a bridge made for what is of
 * conventional PCI. */
static const char *libvirt_address(struct plan *p, const struct fn *fn, unsigned bus,
	unsigned function, bool multifunction)
{
	if (is_conventional(fn))
		return NULL;
	return arena_printf(p->arena,
		"<address type='pci' domain='0x0000' bus='0x%02x' slot='0x%02x' "
		"function='0x%x'%s/>",
		fn_is_igd(fn) ? 0 : bus, fn_is_igd(fn) ? 2 : 0, function,
		multifunction ? " multifunction='on'" : "");
}

/* https://libvirt.org/formatdomain.html#usb-pci-scsi-devices: libvirt adds the root ports
 * that the addresses ask for. */
static void make_libvirt(struct plan *p)
{
	struct guest_lines *g = add_guest(p, "libvirt",
		"inside <devices>; bus 0x10 and up must be free in the guest");
	unsigned bus = 0x10;

	for (size_t i = 0, end; i < p->n_functions; i = end, bus++) {
		end = slot_end(p, i);
		for (size_t k = i; k < end; k++) {
			unsigned function = guest_function(p, i, k);

			put_hostdev(p, g, p->functions[k],
				libvirt_address(p, p->functions[k], bus, function,
					end - i > 1 && !function));
		}
	}
}

/* Do all functions of the slot go along? Then Proxmox VE takes the slot as one. */
static bool is_whole_slot(const struct plan *p, size_t i, size_t end)
{
	const struct facts *f = p->j->facts;
	size_t n = 0;

	/* The address of a virtual function is computed: its slot is nobody's card */
	if (fn_is_vf(p->functions[i]))
		return false;
	for (size_t k = 0; k < f->n_fns; k++)
		n += f->fns[k].raw && fn_same_slot(&f->fns[k], p->functions[i]);
	return n == end - i;
}

/* `;` joins functions; without a function number all of the slot are meant. */
static const char *proxmox_host(struct plan *p, size_t i, size_t end)
{
	struct strbuf b = { 0 };

	for (size_t k = i; k < end; k++)
		strbuf_addf(&b, "%s%s", k > i ? ";" : "", p->functions[k]->addr);
	if (end - i > 1 && is_whole_slot(p, i, end))
		strbuf_truncate(&b, strcspn(strbuf_text(&b), "."));
	return strbuf_finish(&b, p->arena);
}

/* https://pve.proxmox.com/wiki/PCI(e)_Passthrough and qm.conf(5): pcie=1 needs the machine
 * type q35, legacy-igd=1 the other one. */
static void make_proxmox(struct plan *p)
{
	struct guest_lines *g = add_guest(p, "Proxmox VE",
		has_display(p)
			? "in /etc/pve/qemu-server/VMID.conf, with machine: q35 (and "
			  ",x-vga=1 behind the card that is to be the only display)"
			: "in /etc/pve/qemu-server/VMID.conf, with machine: q35");
	unsigned index = 0;

	for (size_t i = 0, end; i < p->n_functions; i = end, index++) {
		const struct fn *fn = p->functions[i];

		end = slot_end(p, i);
		if (fn_is_igd(fn))
			g->where =
				"in /etc/pve/qemu-server/VMID.conf, with machine: pc and "
				"vga: none, which legacy-igd needs";
		put(p, g, "hostpci%u: %s%s", index, proxmox_host(p, i, end),
			fn_is_igd(fn)                 ? ",legacy-igd=1"
				: is_conventional(fn) ? ""
						      : ",pcie=1");
	}
}

void plan_make_guests(struct plan *p)
{
	make_qemu(p);
	make_libvirt(p);
	make_proxmox(p);
}
