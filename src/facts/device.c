// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of a PCI function: identity, driver, group, power, DMA faults.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/kinds.h"
#include "facts/klog.h"
#include "facts/topology.h"

void derive_device_addr(struct facts *f, const struct subject *s, struct fact *out)
{
	fact_set_dev(f, out, s->fn);
	out->text = s->fn->addr;
}

void derive_device_name(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const char *vendor, *name;

	if (!raw)
		return;
	vendor = snap_str(raw->vendor_name);
	name = snap_str(raw->device_name);
	if (s->fn->is_display && *s->fn->label && name)
		fact_set_text(out, s->fn->label);
	else if (vendor && name)
		fact_set_text(out, arena_printf(f->arena, "%s %s", vendor, name));
	else if (*s->fn->label)
		fact_set_text(out, s->fn->label);
}

void derive_device_kind(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *kind = s->fn->raw ? kind_fact(s->fn) : NULL;

	(void)f;
	if (kind)
		fact_set_text(out, kind);
}

void derive_device_present(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!s->fn->missing)
		fact_set_bool(out, true);
	else if (scan_listed(f) == TRI_TRUE)
		fact_set_bool(out, false);
}

/* It had its driver when it said something, and vfio-pci takes no bridges
 * (drivers/vfio/pci/vfio_pci_core.c, vfio_pci_core_register_device()). */
static const char *const speaks_as_endpoint[] = { "vfio-pci {addr:bdf}: ", NULL };

void derive_device_is_bridge(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct klog_match *line;

	if (!s->fn->is_endpoint) {
		fact_set_bool(out, true);
	} else if (s->fn->raw &&
		(s->fn->class_code != 0xffffffff ||
			s->fn->raw->config.have == HAVE_VALUE)) {
		fact_set_bool(out, false);
	} else if ((line = klog_first_naming(f, speaks_as_endpoint, s->fn->bdf))) {
		fact_set_bool(out, false);
		klog_seen(f, out, line);
	}
}

void derive_device_driver(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;

	if (!raw || raw->driver.have == HAVE_NOT)
		return;
	fact_set_text(out, snap_str(raw->driver));
	if (out->text)
		fact_seen(f, out,
			arena_printf(f->arena, "driver of %s", s->fn->short_addr),
			out->text);
}

void derive_device_vfio_bound(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	if (s->fn->on_vfio != TRI_UNKNOWN)
		fact_set_bool(out, s->fn->on_vfio == TRI_TRUE);
}

void derive_device_stub_bound(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const char *driver = raw ? snap_str(raw->driver) : NULL;

	(void)f;
	if (raw && raw->driver.have != HAVE_NOT)
		fact_set_bool(out, driver && driver_kind_of(driver) == DRIVER_STUB);
}

/*
 * virtio-iommu probes a function only when a driver binds (virtio_iommu registers late,
 * drivers/iommu/virtio-iommu.c): until then the function has no group, and that says
 * nothing.
 */
static enum tri group_comes_on_bind(struct facts *f, const struct subject *s)
{
	const struct fact *kind = fact_of(f, s, "iommu.kind");

	if (s->fn->raw->driver.have == HAVE_VALUE)
		return TRI_FALSE;
	if (kind->state == FACT_VALUE)
		return tri_of(text_equal(kind->text, "virtio-iommu"));
	return TRI_UNKNOWN;
}

void derive_device_groupless(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri groupless = fn_groupless(f, s->fn);
	const struct fact *on;

	if (groupless == TRI_FALSE) {
		fact_set_bool(out, false);
		return;
	}
	on = fact_of(f, s, "iommu.on");
	if (on->state != FACT_VALUE) {
		out->missing = on->missing;
		return;
	}
	if (!on->b) {
		fact_set_bool(out, false);
		return;
	}
	if (groupless == TRI_TRUE && group_comes_on_bind(f, s) == TRI_FALSE) {
		fact_set_bool(out, true);
		fact_seen(f, out,
			arena_printf(f->arena, "IOMMU group of %s", s->fn->short_addr),
			"none");
	}
}

/* Wordings of drivers/pci/pci.c: since 5.17, before, and of pci_set_low_power_state(). */
static const char *const power_lost[] = {
	"{addr:bdf}: Unable to change power state from {from:word} to D0, device inaccessible",
	"{addr:bdf}: can't change power state from {from:word} to D0 (config space inaccessible)",
	NULL,
};

/*
 * The kernel wakes a suspended function before it reads its configuration space
 * (pci_config_pm_runtime_get()), so one that then reads all ones is gone. A virtual
 * function has ones only in its first four bytes (SR-IOV specification 3.4.1).
 */
static enum tri config_is_dead(const struct snap_pci *raw)
{
	enum { HEADER_TYPE = 0x0e, HEADER_MASK = 0x7f };
	const struct snap_bytes *config = &raw->config;

	if (config->have != HAVE_VALUE || config->n < 16)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < config->n && i < 64; i++) {
		uint8_t zeros = (uint8_t)~config->p[i];

		for (uint32_t bit = 1; bit <= zeros; bit <<= 1) {
			if (zeros & bit && snapshot_config_knows(raw, i, bit))
				return TRI_FALSE;
		}
	}
	/* Among the known bits is one that is 0 wherever there is an answer */
	return snapshot_config_knows(raw, HEADER_TYPE, HEADER_MASK) ? TRI_TRUE
								    : TRI_UNKNOWN;
}

void derive_device_power_lost(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	enum tri dead = raw ? config_is_dead(raw) : TRI_UNKNOWN;
	const struct klog_match *line;

	if (dead != TRI_UNKNOWN) {
		fact_set_bool(out, dead == TRI_TRUE);
		if (dead == TRI_TRUE)
			fact_seen(f, out,
				arena_printf(f->arena, "config space of %s",
					s->fn->short_addr),
				"ff ff ff ff …");
		return;
	}
	line = klog_first_naming(f, power_lost, s->fn->bdf);
	if (line) {
		fact_set_bool(out, true);
		klog_seen(f, out, line);
	}
	/* A log without the line proves nothing: a reset that failed leaves none */
}

void derive_device_vf_count(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;

	(void)f;
	if (!raw || raw->sriov_num.have == HAVE_NOT)
		return;
	if (raw->sriov_num.have == HAVE_VALUE && raw->sriov_num.v > 0)
		fact_set_int(out, raw->sriov_num.v);
	else
		fact_set_none(out);
}
