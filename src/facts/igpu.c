// SPDX-License-Identifier: GPL-2.0-or-later
// Intel's integrated graphics: what it needs of firmware, and what its generation can do.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

enum { INTEL = 0x8086, CLASS_HOST_BRIDGE = 0x060000, CLASS_ISA_BRIDGE = 0x060100 };

/*
 * Generations by device id: include/drm/intel/pciids.h, in ranges; what is in no range is
 * unknown. GVT: drivers/gpu/drm/i915/intel_gvt.c, is_supported_device().
 */
static const struct {
	uint16_t first, last;
	uint8_t generation;
	bool gvt;
} generations[] = {
	{ 0x0102, 0x0126, 6, false },  /* Sandy Bridge */
	{ 0x0152, 0x016a, 7, false },  /* Ivy Bridge */
	{ 0x0402, 0x042e, 7, false },  /* Haswell */
	{ 0x0a02, 0x0a2e, 7, false },  /* Haswell, mobile */
	{ 0x0a84, 0x0a84, 9, true },   /* Broxton */
	{ 0x0c02, 0x0c2e, 7, false },  /* Haswell */
	{ 0x0d02, 0x0d2e, 7, false },  /* Haswell with Crystal Well */
	{ 0x0f30, 0x0f33, 7, false },  /* Valley View */
	{ 0x1602, 0x163e, 8, true },   /* Broadwell */
	{ 0x1902, 0x193d, 9, true },   /* Skylake */
	{ 0x1a84, 0x1a85, 9, true },   /* Broxton */
	{ 0x22b0, 0x22b3, 8, false },  /* Cherry View */
	{ 0x3184, 0x3185, 9, false },  /* Gemini Lake */
	{ 0x3e90, 0x3eab, 9, true },   /* Coffee Lake, Whiskey Lake */
	{ 0x4541, 0x4571, 11, false }, /* Elkhart Lake */
	{ 0x4626, 0x46d4, 12, false }, /* Alder Lake */
	{ 0x4c80, 0x4c9a, 12, false }, /* Rocket Lake */
	{ 0x4e51, 0x4e71, 11, false }, /* Jasper Lake */
	{ 0x5902, 0x593b, 9, true },   /* Kaby Lake */
	{ 0x5a84, 0x5a85, 9, true },   /* Broxton */
	{ 0x5a40, 0x5a5c, 9, false },  /* Cannon Lake */
	{ 0x6420, 0x64b0, 20, false }, /* Lunar Lake */
	{ 0x7d40, 0x7dd5, 12, false }, /* Meteor Lake, Arrow Lake */
	{ 0x87c0, 0x87ca, 9, true },   /* Amber Lake */
	{ 0x8a50, 0x8a71, 11, false }, /* Ice Lake */
	{ 0x9a40, 0x9af8, 12, false }, /* Tiger Lake */
	{ 0x9b21, 0x9bf6, 9, true },   /* Comet Lake */
	{ 0xa720, 0xa7ad, 12, false }, /* Raptor Lake */
	{ 0xb080, 0xb0b0, 30, false }, /* Panther Lake */
	{ 0xb640, 0xb640, 12, false }, /* Arrow Lake */
};

static const struct bdf igd_address = { .dev = 2 };
static const struct bdf host_bridge_address = { 0 };
static const struct bdf isa_bridge_address = { .dev = 0x1f };

/* Intel's integrated graphics is always 00:02.0; its cards sit behind a port. */
static enum tri is_igd(const struct fn *fn)
{
	if (bdf_compare(fn->bdf, igd_address) != 0)
		return TRI_FALSE;
	if (!fn->raw)
		return TRI_UNKNOWN;
	if (fn->class_code != UINT32_MAX && fn->class_code >> 16 != 0x03)
		return TRI_FALSE;
	if (fn->raw->vendor.have == HAVE_VALUE && fn->raw->vendor.v != INTEL)
		return TRI_FALSE;
	return fn->class_code == UINT32_MAX || fn->raw->vendor.have != HAVE_VALUE
		? TRI_UNKNOWN
		: TRI_TRUE;
}

void derive_device_igd(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri igd = is_igd(s->fn);

	(void)f;
	if (igd != TRI_UNKNOWN)
		fact_set_bool(out, igd == TRI_TRUE);
}

/* The integrated graphics; FALSE: the machine has none. */
static enum tri find_igd(const struct facts *f, const struct fn **ret)
{
	*ret = facts_find(f, igd_address);
	if (!*ret)
		return scan_listed(f) == TRI_TRUE ? TRI_FALSE : TRI_UNKNOWN;
	return is_igd(*ret);
}

void derive_igd_generation(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn;
	enum tri has = find_igd(f, &fn);

	(void)s;
	if (has == TRI_FALSE)
		fact_set_none(out);
	if (has != TRI_TRUE || fn->raw->device.have != HAVE_VALUE)
		return;
	for (size_t i = 0; i < sizeof generations / sizeof generations[0]; i++) {
		if (fn->raw->device.v >= generations[i].first &&
			fn->raw->device.v <= generations[i].last)
			fact_set_int(out, generations[i].generation);
	}
}

void derive_igd_gvt(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn;
	enum tri has = find_igd(f, &fn);

	(void)s;
	if (has == TRI_FALSE)
		fact_set_bool(out, false);
	if (has != TRI_TRUE || fn->raw->device.have != HAVE_VALUE)
		return;
	for (size_t i = 0; i < sizeof generations / sizeof generations[0]; i++) {
		if (fn->raw->device.v >= generations[i].first &&
			fn->raw->device.v <= generations[i].last)
			fact_set_bool(out, generations[i].gvt);
	}
}

/* Is the function at B of Intel's and of class CLASS? One that is not there is no fault:
 * the kernel lets that pass. */
static enum tri is_companion(const struct facts *f, struct bdf b, uint32_t class_code)
{
	const struct fn *fn = facts_find(f, b);

	if (!fn)
		return scan_listed(f);
	if (!fn->raw || fn->class_code == UINT32_MAX ||
		fn->raw->vendor.have != HAVE_VALUE)
		return TRI_UNKNOWN;
	return tri_of(fn->raw->vendor.v == INTEL && fn->class_code == class_code);
}

/* ASLS: address of the OpRegion, from which the driver learns how outputs are wired. */
static enum tri has_opregion(const struct fn *fn)
{
	enum { ASLS = 0xfc };
	uint32_t address = pci_config_u32(fn, ASLS);

	if (!pci_config_knows(fn, ASLS, UINT32_MAX) || !pci_config_answers(fn))
		return TRI_UNKNOWN;
	return tri_of(address != 0 && address != UINT32_MAX);
}

/*
 * What vfio-pci looks for when it opens the function: drivers/vfio/pci/vfio_pci_igd.c,
 * vfio_pci_igd_opregion_init() and vfio_pci_igd_cfg_init().
 */
void derive_device_igd_lacks(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri opregion, bridges;

	if (is_igd(s->fn) == TRI_FALSE)
		fact_set_none(out);
	if (is_igd(s->fn) != TRI_TRUE)
		return;
	opregion = has_opregion(s->fn);
	bridges = tri_and(is_companion(f, host_bridge_address, CLASS_HOST_BRIDGE),
		is_companion(f, isa_bridge_address, CLASS_ISA_BRIDGE));
	if (opregion == TRI_FALSE) {
		fact_set_text(out, "the OpRegion, which says how its outputs are wired");
		fact_seen(f, out,
			arena_printf(f->arena, "config space of %s", s->fn->short_addr),
			"ASLS (0xfc) names no address");
	} else if (opregion == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_CONFIG_SPACE);
	} else if (bridges == TRI_FALSE) {
		fact_set_text(out, "Intel's bridges at 00:00.0 and 00:1f.0");
	} else if (bridges == TRI_TRUE) {
		fact_set_none(out);
	}
}

/* drivers/iommu/intel/iommu.c, intel_iommu_setup(): items between commas; a name on the
 * command line may have `-` for `_`. */
void derive_igd_off_word(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	(void)s;
	if (!cmdline_known(f)) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i].name, "intel_iommu") != 0 || !words[i].value ||
			!cmdline_has_item(words[i].value, "igfx_off"))
			continue;
		fact_set_text(out, words[i].text);
		cmdline_seen(f, out, &words[i]);
		return;
	}
	if (!cmdline_open(f))
		fact_set_none(out);
}
