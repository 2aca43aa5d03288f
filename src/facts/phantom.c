// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that do not exist and yet reach for memory: a device that sends under a
// requester ID which is not its own.
#include "base/arena.h"
#include "facts/derive.h"
#include "facts/klog.h"
#include "facts/topology.h"

/* drivers/iommu/intel/dmar.c, dmar_fault_do_one(); drivers/iommu/amd/iommu.c. A function
 * that does not exist has no struct device, so AMD names it by `device=`. */
static const char *const faults[] = {
	"[DMA {_:any}] Request device [{addr:bdf}]",
	"IO_PAGE_FAULT device={addr:bdf}",
	"INVALID_DEVICE_REQUEST device={addr:bdf}",
	"ILLEGAL_DEV_TABLE_ENTRY device={addr:bdf}",
	NULL,
};

/* The function that answers for its slot: the first one. */
static bool answers_for_slot(const struct facts *f, const struct fn *fn)
{
	struct bdf b = fn->bdf;

	for (b.fn = 0; b.fn < fn->bdf.fn; b.fn++) {
		if (facts_find(f, b))
			return false;
	}
	return true;
}

void derive_device_phantom(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn = s->fn;
	size_t n;
	const struct klog_match *const *list;

	if (!fn->raw || scan_listed(f) != TRI_TRUE)
		return;
	/* Virtual functions come and go, and log lines stay */
	if (!answers_for_slot(f, fn) || fn_is_vf(fn) ||
		fn->raw->sriov_total.have == HAVE_VALUE) {
		fact_set_none(out);
		return;
	}
	list = klog_list(f, faults, &n);
	for (size_t i = 0; i < n; i++) {
		const char *addr = klog_hole(f, list[i], "addr");
		struct bdf b;

		if (!bdf_parse(addr, &b) || !bdf_same_slot(b, fn->bdf) ||
			facts_find(f, b))
			continue;
		fact_set_text(out, addr);
		klog_seen(f, out, list[i]);
		return;
	}
	if (klog_complete(f))
		fact_set_none(out);
}
