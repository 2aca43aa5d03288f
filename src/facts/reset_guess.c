// SPDX-License-Identifier: GPL-2.0-or-later
// The reset methods of a function on kernels that do not show them.
#include "facts/reset_guess.h"

#include "base/text.h"
#include "facts/pci_caps.h"
#include "facts/resets.h"
#include "facts/topology.h"

/* Each probes one method as drivers/pci/pci.c of Linux 5.10 does, __pci_reset_function().
 */
typedef enum tri probe_function(struct facts *f, const struct fn *fn);

/* Whether an old kernel has a quirk already, from a stable release, its number does not
 * tell. */
static enum tri unless_avoided(const struct fn *fn, const char *method, enum tri offered)
{
	if (!fn_ids_known(fn) || reset_quirk_of(fn, method, false))
		return tri_and(offered, TRI_UNKNOWN);
	return offered;
}

static enum tri probe_own_way(struct facts *f, const struct fn *fn)
{
	(void)f;
	return !fn_ids_known(fn) || reset_quirk_of(fn, "device_specific", true)
		? TRI_UNKNOWN
		: TRI_FALSE;
}

/* Device capabilities, PCI Express Base Specification 7.5.3.3. */
static enum tri probe_flr(struct facts *f, const struct fn *fn)
{
	enum { DEVCAP = 4, FLR = 1 << 28 };
	size_t at = 0;
	enum tri offered = pci_cap_find(fn, CAP_PCIE, &at);

	(void)f;
	if (offered == TRI_TRUE)
		offered = pci_config_knows(fn, at + DEVCAP, FLR)
			? tri_of(pci_config_u32(fn, at + DEVCAP) & FLR)
			: TRI_UNKNOWN;
	return unless_avoided(fn, "flr", offered);
}

/* Advanced Capabilities for Conventional PCI ECN of 2006. */
static enum tri probe_af_flr(struct facts *f, const struct fn *fn)
{
	enum { CAPS = 2, BOTH = 0x300 }; /* transactions pending, FLR; byte 3 */
	size_t at = 0;
	enum tri offered = pci_cap_find(fn, CAP_AF, &at);

	(void)f;
	if (offered == TRI_TRUE)
		offered = pci_config_knows(fn, at + CAPS, BOTH)
			? tri_of((pci_config_u16(fn, at + CAPS) & BOTH) == BOTH)
			: TRI_UNKNOWN;
	return unless_avoided(fn, "flr", offered);
}

/* quirk_no_pm_reset(): "This transition seems to have no effect on the device". */
static enum tri is_ati_display(const struct fn *fn)
{
	const struct snap_pci *raw = fn->raw;

	if (raw->parent.have == HAVE_NONE) /* on a root bus it is better than nothing */
		return TRI_FALSE;
	if (raw->vendor.have != HAVE_VALUE || fn->class_code == UINT32_MAX)
		return TRI_UNKNOWN;
	if (raw->vendor.v != 0x1002 || fn->class_code >> 8 != 0x0300)
		return TRI_FALSE;
	return raw->parent.have == HAVE_VALUE ? TRI_TRUE : TRI_UNKNOWN;
}

/* Power management control and status, PCI Bus Power Management Interface 1.2, 3.2.4. */
static enum tri probe_pm(struct facts *f, const struct fn *fn)
{
	enum { PMCSR = 4, NO_SOFT_RESET = 1 << 3 };
	size_t at = 0;
	enum tri offered = pci_cap_find(fn, CAP_PM, &at);

	(void)f;
	if (offered == TRI_TRUE)
		offered = pci_config_knows(fn, at + PMCSR, NO_SOFT_RESET)
			? tri_of(!(pci_config_u16(fn, at + PMCSR) & NO_SOFT_RESET))
			: TRI_UNKNOWN;
	offered = tri_and(offered, tri_not(is_ati_display(fn)));
	return unless_avoided(fn, "pm", offered);
}

/* pci_parent_bus_reset(): nothing but this function may sit on its bus. */
static enum tri probe_bus(struct facts *f, const struct fn *fn)
{
	if (fn_is_vf(fn) || fn->raw->parent.have == HAVE_NONE || !fn->is_endpoint)
		return TRI_FALSE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *other = &f->fns[i];

		if (other != fn && other->raw && other->bdf.domain == fn->bdf.domain &&
			other->bdf.bus == fn->bdf.bus)
			return TRI_FALSE;
	}
	if (fn->raw->parent.have != HAVE_VALUE || fn->raw->physfn.have == HAVE_NOT ||
		scan_listed(f) != TRI_TRUE)
		return TRI_UNKNOWN;
	return unless_avoided(fn, "bus", TRI_TRUE);
}

void reset_guess_methods(struct facts *f, const struct fn *fn, struct fact *out)
{
	static const struct {
		const char *method;
		probe_function *probe;
	} methods[] = {
		{ "device_specific", probe_own_way },
		{ "flr", probe_flr },
		{ "af_flr", probe_af_flr },
		{ "pm", probe_pm },
		{ "bus", probe_bus },
	};
	bool open = false;

	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		enum tri offered = methods[i].probe(f, fn);

		if (offered == TRI_TRUE)
			fact_add_text(f, out, methods[i].method);
		open |= offered == TRI_UNKNOWN;
	}
	if (!open)
		fact_set_list(out);
	out->open = open && out->state == FACT_VALUE;
	if (out->n)
		fact_seen(f, out, "configuration space", fn->addr);
}
