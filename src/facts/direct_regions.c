// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that firmware wants mapped one to one for a group, so that the kernel refuses it.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/acpi.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/topology.h"

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

static void region_add(struct facts *f, struct fact *out, uint64_t start, uint64_t end)
{
	/* As the kernel prints it in reserved_regions */
	const char *text = arena_printf(f->arena, "0x%016llx 0x%016llx direct",
		(unsigned long long)start, (unsigned long long)end);

	for (size_t i = 0; i < out->n; i++) {
		if (text_equal(out->list[i], text))
			return;
	}
	fact_add_text(f, out, text);
}

/* Kernels with a patch for it (Proxmox VE ships it) take every RMRR for relaxable. */
static enum tri rmrrs_relaxed(struct facts *f)
{
	size_t n;
	const struct cmdline_word *w = cmdline_words(f, &n);

	if (!cmdline_known(f) || cmdline_open(f))
		return TRI_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		if (strstr(w[i].text, "relax_rmrr"))
			return TRI_TRUE;
	}
	return TRI_FALSE;
}

/* Does RMRR bind FN? Bridges that it names bind what is below them since 5.3 only. */
static enum tri rmrr_binds(
	struct facts *f, const struct dmar_rmrr *rmrr, const struct fn *fn)
{
	enum tri covers = dmar_scopes_cover(&rmrr->scopes, rmrr->segment, fn);
	struct dmar_scope scope;
	bool broken;

	if (covers == TRI_FALSE || is_exempt(fn))
		return TRI_FALSE;
	if (dmar_scopes_find(&rmrr->scopes, rmrr->segment, fn, &scope, &broken) !=
		TRI_TRUE)
		covers =
			tri_and(covers, tri_or(TRI_UNKNOWN, kernel_at_least(f, 5, 3, 0)));
	return fn->class_code == 0xffffffff ? tri_and(covers, TRI_UNKNOWN) : covers;
}

/*
 * Up to 5.4 the driver gave ISA bridges a region of their own (CONFIG_INTEL_IOMMU_FLOPPY_WA,
 * intel_iommu_get_resv_regions()), which `direct` in reserved_regions also tells.
 */
static bool may_have_isa_region(struct facts *f, const struct fn *fn)
{
	return (fn->class_code == 0xffffffff || fn->class_code >> 8 == 0x0601) &&
		kernel_at_least(f, 5, 5, 0) != TRI_TRUE;
}

static void regions_from_dmar(struct facts *f, const struct group *g, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	enum tri relaxed = rmrrs_relaxed(f);

	/* That table made no group, or not all of it is known */
	if (!dmar || relaxed == TRI_TRUE)
		return;
	fact_set_list(out);
	out->open = !dmar->whole || !group_is_whole(f, g);
	for (size_t i = 0; i < g->n; i++) {
		const struct fn *fn = g->members[i];

		out->open |= may_have_isa_region(f, fn);
		for (size_t j = 0; j < dmar->n_rmrrs; j++) {
			const struct dmar_rmrr *r = &dmar->rmrrs[j];
			enum tri binds = rmrr_binds(f, r, fn);

			out->open |= binds != TRI_FALSE && relaxed == TRI_UNKNOWN;
			out->open |= binds == TRI_UNKNOWN;
			if (binds != TRI_TRUE || relaxed != TRI_FALSE)
				continue;
			region_add(f, out, r->base, r->limit);
			fact_seen(f, out, "ACPI DMAR table",
				arena_printf(f->arena, "RMRR 0x%llx-0x%llx of %s",
					(unsigned long long)r->base,
					(unsigned long long)r->limit, fn->short_addr));
		}
	}
}

/* As amd_iommu_get_resv_regions(), drivers/iommu/amd/iommu.c, of functions on their own
 * requester ID. */
static bool ivmd_binds(const struct ivrs_ivmd *m, const struct fn *fn)
{
	enum { IVMD_ALL = 0x20 };
	uint16_t id = bdf_requester_id(fn->bdf);

	return fn->bdf.domain == m->segment &&
		(m->type == IVMD_ALL || (id >= m->first && id <= m->last));
}

static void regions_from_ivrs(struct facts *f, const struct group *g, struct fact *out)
{
	enum { PAGE = 0x1000, UNITY = 1u << 0, EXCLUSION = 1u << 3 };
	const struct ivrs *ivrs = ivrs_decode(f);
	enum tri refuses = kernel_at_least(f, 6, 6, 0);

	if (!ivrs || ivrs_trouble(f) || refuses == TRI_UNKNOWN)
		return;
	fact_set_list(out);
	out->open = refuses == TRI_TRUE && !group_is_whole(f, g);
	for (size_t i = 0; refuses == TRI_TRUE && i < g->n; i++) {
		const struct fn *fn = g->members[i];

		for (size_t j = 0; j < ivrs->n_ivmds; j++) {
			const struct ivrs_ivmd *m = &ivrs->ivmds[j];
			uint64_t start = (m->start + PAGE - 1) & ~(uint64_t)(PAGE - 1);
			uint64_t size = (m->length + PAGE - 1) & ~(uint64_t)(PAGE - 1);

			if (!(m->flags & (UNITY | EXCLUSION)) || !ivmd_binds(m, fn))
				continue;
			region_add(f, out, start, start + size - 1);
			fact_seen(f, out, "ACPI IVRS table",
				arena_printf(f->arena, "IVMD 0x%llx+0x%llx of %s",
					(unsigned long long)m->start,
					(unsigned long long)m->length, fn->short_addr));
		}
	}
}

/* A line of the log names the function: that holds whether or not its group is known. */
void derive_device_direct_refused(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *group = fact_of(f, s, "group.direct-regions");
	const struct klog_match *line;

	if (group->state != FACT_ABSENT) {
		fact_set_bool(out, group->state == FACT_VALUE && group->n);
		out->origins = group->origins;
		return;
	}
	line = klog_first_naming(f, refused, s->fn->bdf);
	if (line) {
		fact_set_bool(out, true);
		klog_seen(f, out, line);
	} else {
		out->missing = group->missing;
	}
}

/* What firmware says, where the kernel could not be asked: only if it is certain. */
static void regions_from_tables(struct facts *f, const struct group *g, struct fact *out)
{
	const char *kind = host_text(f, "iommu.kind");

	if (text_equal(kind, "VT-d"))
		regions_from_dmar(f, g, out);
	else if (text_equal(kind, "AMD-Vi"))
		regions_from_ivrs(f, g, out);
	else if (text_equal(kind, "virtio-iommu"))
		fact_set_list(out); /* viommu_add_resv_mem() makes none that is direct */
	if (out->state == FACT_ABSENT || (out->open && !out->n))
		regions_from_log(f, g, out);
	if (out->open && !out->n) {
		out->open = false;
		out->state = FACT_ABSENT;
	}
}

void derive_group_direct_regions(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_group *raw = s->group->raw;
	bool any = false;
	enum tri refuses;

	if (!raw || raw->reserved.have == HAVE_NOT) {
		regions_from_tables(f, s->group, out);
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
