// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of an IOMMU group.
#include "base/arena.h"
#include "base/text.h"
#include "facts/acs.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"

void derive_group_id(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	fact_set_int(out, s->group->id);
}

/* Graphics and USB: the VT-d driver has always let them off (device_rmrr_is_relaxable(),
 * drivers/iommu/intel/iommu.c). */
static bool is_exempt(const struct fn *fn)
{
	return fn->class_code >> 16 == 0x03 || fn->class_code >> 8 == 0x0c03;
}

/*
 * Does a `direct` region make this kernel refuse the group? Since 6.6 with every IOMMU
 * (require_direct in drivers/iommu/iommu.c); before, the VT-d driver alone did, and up to
 * 5.2 sysfs called the regions of exempt devices `direct` as well.
 */
static enum tri kernel_refuses(struct facts *f, const struct group *g)
{
	enum tri since_6_6 = kernel_at_least(f, 6, 6, 0);
	enum tri relaxable_told = kernel_at_least(f, 5, 3, 0);
	const char *kind = host_text(f, "iommu.kind");
	size_t exempt = 0, endpoints = 0;

	if (since_6_6 == TRI_TRUE)
		return TRI_TRUE;
	if (!kind)
		return TRI_UNKNOWN;
	if (!text_equal(kind, "VT-d"))
		return since_6_6;
	if (relaxable_told == TRI_TRUE)
		return TRI_TRUE;
	for (size_t i = 0; i < g->n; i++) {
		endpoints += g->members[i]->is_endpoint;
		exempt += g->members[i]->is_endpoint && is_exempt(g->members[i]);
	}
	if (exempt == 0)
		return TRI_TRUE;
	return relaxable_told == TRI_FALSE && exempt == endpoints ? TRI_FALSE
								  : TRI_UNKNOWN;
}

/* 6.6 and later; up to 6.5. The second one names the function, not the group. */
static const char *const refused[] = {
	"{addr:bdf}: Firmware has requested this device have a 1:1 IOMMU mapping",
	"{addr:bdf}: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR",
	"{addr:bdf}: Device is ineligible for IOMMU domain attach due to platform RMRR",
	NULL,
};

static void regions_from_log(struct facts *f, const struct group *g, struct fact *out)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct klog_match *m =
			klog_first_naming(f, refused, g->members[i]->bdf);

		if (!m)
			continue;
		fact_add_text(f, out,
			arena_printf(
				f->arena, "direct, of %s", g->members[i]->short_addr));
		klog_seen(f, out, m);
		out->open = true;
	}
}

void derive_group_direct_regions(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_group *raw = s->group->raw;
	bool any = false;
	enum tri refuses;

	if (!raw || raw->reserved.have == HAVE_NOT) {
		regions_from_log(f, s->group, out);
		return;
	}
	for (size_t i = 0; i < raw->reserved.n; i++)
		any |= text_ends(raw->reserved.s[i], " direct");
	refuses = any ? kernel_refuses(f, s->group) : TRI_FALSE;
	if (refuses == TRI_UNKNOWN)
		return;
	fact_set_list(out);
	for (size_t i = 0; i < raw->reserved.n && refuses == TRI_TRUE; i++) {
		if (!text_ends(raw->reserved.s[i], " direct"))
			continue;
		fact_add_text(f, out, raw->reserved.s[i]);
		fact_seen(f, out,
			arena_printf(f->arena,
				"/sys/kernel/iommu_groups/%lld/reserved_regions",
				(long long)s->group->id),
			raw->reserved.s[i]);
	}
}

void derive_group_why(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t endpoints = 0;
	const char *why;

	for (size_t i = 0; i < s->group->n; i++)
		endpoints += s->group->members[i]->is_endpoint;
	why = endpoints > 1 ? acs_culprit(f, s->group) : NULL;
	if (why || endpoints < 2)
		fact_set_text(out, why);
}
