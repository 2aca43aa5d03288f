// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on physical and virtual functions (SR-IOV), and what they owe each other.
#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/topology.h"

static const struct fn *physical_of(const struct facts *f, const struct fn *fn)
{
	struct bdf b;

	return fn_is_vf(fn) && bdf_parse(fn->raw->physfn.s, &b) ? facts_find(f, b) : NULL;
}

void derive_device_vf_parent(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const struct fn *parent;

	if (!raw || raw->physfn.have == HAVE_NOT)
		return;
	parent = physical_of(f, s->fn);
	if (parent || raw->physfn.have == HAVE_NONE)
		fact_set_dev(f, out, parent);
}

void derive_device_vf_parent_vfio(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const struct fn *parent;

	if (!raw || raw->physfn.have == HAVE_NOT)
		return;
	if (raw->physfn.have == HAVE_NONE) {
		fact_set_bool(out, false);
		return;
	}
	parent = physical_of(f, s->fn);
	if (parent && parent->on_vfio != TRI_UNKNOWN)
		fact_set_bool(out, parent->on_vfio == TRI_TRUE);
}

/*
 * Its physical function, where that is in its group and on a driver of the host: the group
 * cannot go without it, and the virtual function is gone as soon as that driver lets go.
 */
void derive_device_vf_parent_in_group(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const struct fn *parent;

	if (!raw || raw->physfn.have == HAVE_NOT)
		return;
	if (raw->physfn.have == HAVE_NONE || fn_groupless(f, s->fn) == TRI_TRUE) {
		fact_set_none(out);
		return;
	}
	parent = physical_of(f, s->fn);
	if (!parent || !parent->raw || !s->fn->group)
		return;
	if (!parent->group && fn_groupless(f, parent) != TRI_TRUE)
		return;
	if (parent->group != s->fn->group || parent->on_host_driver == TRI_FALSE)
		fact_set_none(out);
	else if (parent->on_host_driver == TRI_TRUE)
		fact_set_dev(f, out, parent);
}

/* Virtual functions of it that are on a driver of the host. */
void derive_device_vfs_on_host(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	bool open = scan_listed(f) != TRI_TRUE;

	if (!raw)
		return;
	if (raw->sriov_num.have == HAVE_NONE ||
		(raw->sriov_num.have == HAVE_VALUE && raw->sriov_num.v == 0)) {
		fact_set_list(out);
		return;
	}
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *vf = &f->fns[i];

		if (!vf->raw)
			continue;
		open |= vf->raw->physfn.have == HAVE_NOT;
		if (physical_of(f, vf) != s->fn)
			continue;
		open |= vf->on_host_driver == TRI_UNKNOWN;
		if (vf->on_host_driver == TRI_TRUE)
			fact_add_dev(f, out, vf);
	}
	if (!open)
		fact_set_list(out);
	out->open = open && out->state == FACT_VALUE;
}

/*
 * The lines behind BARs and ROM are the windows of all virtual functions together
 * (PCI_IOV_RESOURCES, include/linux/pci.h); sriov_init() of drivers/pci/iov.c gives them
 * their size before any is enabled.
 */
void derive_device_vf_windows_unassigned(
	struct facts *f, const struct subject *s, struct fact *out)
{
	enum { FIRST = 7, LAST = 12 };
	const struct snap_pci *raw = s->fn->raw;

	if (!raw || raw->sriov_total.have == HAVE_NOT)
		return;
	if (raw->sriov_total.have == HAVE_NONE || raw->sriov_total.v == 0) {
		fact_set_list(out);
		return;
	}
	if (raw->resources.have != HAVE_VALUE || raw->resources.n <= LAST)
		return;
	fact_set_list(out);
	for (size_t i = FIRST; i <= LAST; i++) {
		struct bar bar;

		if (!fn_bar(s->fn, i, &bar) || !(bar.flags & BAR_MEM) ||
			(bar.start != 0 && !(bar.flags & BAR_UNSET)))
			continue;
		fact_add_text(f, out, arena_printf(f->arena, "%zu", i));
		fact_seen(f, out,
			arena_printf(f->arena, "resource of %s", s->fn->short_addr),
			raw->resources.s[i]);
	}
}
