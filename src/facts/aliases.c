// SPDX-License-Identifier: GPL-2.0-or-later
// Requester IDs: under which addresses a function's memory requests arrive. The list is
// that of drivers/pci/quirks.c, Linux 6.18.
#include "facts/aliases.h"

#include "base/arena.h"
#include "base/text.h"
#include "facts/acpi.h"
#include "facts/kernel.h"
#include "facts/pci_caps.h"

/* drivers/pci/controller/vmd.c: its domains begin behind the 16 bits of ACPI's, and what is
 * in them sends under the name of the device itself (pci_real_dma_dev()). */
enum { LAST_ACPI_DOMAIN = 0xffff };

enum alias_kind {
	ALIAS_FUNCTION_0, /* quirk_dma_func0_alias() */
	ALIAS_FUNCTION_1, /* quirk_dma_func1_alias() */
	ALIAS_SLOT_1,     /* fixed_dma_alias_tbl[]: 01.0 */
	ALIAS_MIC_X200,   /* quirk_mic_x200_dma_alias() */
	ALIAS_VCA,        /* quirk_pex_vca_alias(): functions 0 to 4 of each slot */
	ALIAS_ALL,        /* quirk_plx_ntb_dma_alias() */
	ALIAS_REGISTERS,  /* quirk_switchtec_ntb_dma_alias(): as its registers say */
};

struct alias_quirk {
	uint16_t vendor, first, last;
	enum alias_kind kind;
	/* As in struct acs_quirk */
	uint8_t major, minor;
};

enum {
	ADAPTEC = 0x9005,
	EFAR = 0x1055,
	GLENFLY = 0x6766,
	INTEL = 0x8086,
	JMICRON = 0x197b,
	LITE_ON = 0x1c28,
	MARVELL = 0x1b4b,
	MICROSEMI = 0x11f8,
	PLX = 0x10b5,
	RICOH = 0x1180,
	TTI = 0x1103,
	ADAPTEC_3405 = 0x02bb,
	ADAPTEC_3805 = 0x02bc,
	CLASS_OTHER_BRIDGE = 0x0680,
};

#define ROWS(vendor_, first_, last_, ...)                                                \
	{                                                                                \
		.vendor = vendor_, .first = first_, .last = last_,                       \
		.kind = ALIAS_##__VA_ARGS__                                              \
	}
#define ROW(vendor_, id_, ...) ROWS(vendor_, id_, id_, __VA_ARGS__)
#define SINCE(major_, minor_)  .major = major_, .minor = minor_

// clang-format off
static const struct alias_quirk quirks[] = {
	ROW(RICOH, 0xe832, FUNCTION_0),
	ROW(RICOH, 0xe476, FUNCTION_0),
	ROWS(GLENFLY, 0x3d40, 0x3d41, FUNCTION_0, SINCE(6, 12)),
	/* https://bugzilla.kernel.org/show_bug.cgi?id=42679 */
	ROW(MARVELL, 0x9120, FUNCTION_1),
	ROW(MARVELL, 0x9123, FUNCTION_1),
	ROW(MARVELL, 0x9125, FUNCTION_1, SINCE(6, 0)),
	ROW(MARVELL, 0x9128, FUNCTION_1),
	ROW(MARVELL, 0x9130, FUNCTION_1),
	ROW(MARVELL, 0x9170, FUNCTION_1, SINCE(6, 0)),
	ROW(MARVELL, 0x9172, FUNCTION_1),
	ROW(MARVELL, 0x917a, FUNCTION_1),
	ROW(MARVELL, 0x9182, FUNCTION_1),
	ROW(MARVELL, 0x9183, FUNCTION_1, SINCE(6, 0)),
	ROW(MARVELL, 0x91a0, FUNCTION_1),
	ROW(MARVELL, 0x9215, FUNCTION_1, SINCE(6, 0)),
	ROW(MARVELL, 0x9220, FUNCTION_1),
	ROW(MARVELL, 0x9230, FUNCTION_1),
	ROW(MARVELL, 0x9235, FUNCTION_1, SINCE(6, 4)),
	ROW(TTI, 0x0642, FUNCTION_1),
	ROW(TTI, 0x0645, FUNCTION_1, SINCE(6, 0)),
	ROW(JMICRON, 0x2392, FUNCTION_1),
	ROW(LITE_ON, 0x0122, FUNCTION_1),
	ROW(ADAPTEC, 0x0285, SLOT_1),
	ROW(INTEL, 0x2260, MIC_X200),
	ROW(INTEL, 0x2264, MIC_X200),
	ROWS(INTEL, 0x2954, 0x2956, VCA),
	ROWS(INTEL, 0x2958, 0x295a, VCA),
	ROWS(PLX, 0x87b0, 0x87b1, ALL, SINCE(6, 0)),
	/* SWITCHTEC_QUIRK() */
	ROWS(MICROSEMI, 0x4000, 0x5552, REGISTERS),
	ROWS(MICROSEMI, 0x8531, 0x8576, REGISTERS),
	ROWS(EFAR, 0x1001, 0x1006, REGISTERS),
};
// clang-format on

enum bridge_way bridge_way_of(const struct fn *bridge)
{
	switch (bridge->raw ? pcie_type(bridge) : PCIE_UNKNOWN) {
	case PCIE_UNKNOWN:
		return BRIDGE_UNKNOWN;
	case PCIE_NONE:
	case PCIE_TO_PCI_BRIDGE:
	case PCI_TO_PCIE_BRIDGE:
		return BRIDGE_REPLACES;
	default:
		return BRIDGE_PASSES;
	}
}

static const struct alias_quirk *quirk_of(const struct fn *fn)
{
	if (!fn->raw || fn->raw->vendor.have != HAVE_VALUE ||
		fn->raw->device.have != HAVE_VALUE)
		return NULL;
	for (size_t i = 0; i < sizeof quirks / sizeof quirks[0]; i++) {
		if (fn->raw->vendor.v == quirks[i].vendor &&
			fn->raw->device.v >= quirks[i].first &&
			fn->raw->device.v <= quirks[i].last)
			return &quirks[i];
	}
	return NULL;
}

static bool is_of_adaptec(const struct fn *fn)
{
	return fn->raw->subvendor.v == ADAPTEC &&
		(fn->raw->subdevice.v == ADAPTEC_3405 ||
			fn->raw->subdevice.v == ADAPTEC_3805);
}

static enum tri quirk_names(
	const struct fn *fn, const struct alias_quirk *quirk, uint8_t devfn)
{
	uint8_t slot = (uint8_t)(devfn >> 3), function = devfn & 7;

	switch (quirk->kind) {
	case ALIAS_FUNCTION_0:
		return tri_of(slot == fn->bdf.dev && function == 0 && fn->bdf.fn != 0);
	case ALIAS_FUNCTION_1:
		return tri_of(slot == fn->bdf.dev && function == 1 && fn->bdf.fn != 1);
	case ALIAS_SLOT_1:
		return tri_of(slot == 1 && function == 0 && is_of_adaptec(fn));
	case ALIAS_MIC_X200:
		return tri_of((slot == 0x10 && function == 0) ||
			(slot == 0x11 && function == 0) ||
			(slot == 0x12 && function == 3));
	case ALIAS_VCA:
		return tri_of(function < 5);
	case ALIAS_REGISTERS:
		return fn->class_code >> 8 == CLASS_OTHER_BRIDGE ? TRI_UNKNOWN
								 : TRI_FALSE;
	case ALIAS_ALL:
		break;
	}
	return TRI_TRUE;
}

/* The requester ID that IVRS gives it; its own where it gives none. FALSE: no IVRS is at
 * work here. */
static enum tri ivrs_alias(struct facts *f, const struct fn *fn, uint16_t *ret)
{
	const char *kind = host_text(f, "iommu.kind");

	if (fn->bdf.domain > LAST_ACPI_DOMAIN || (kind && !text_equal(kind, "AMD-Vi")))
		return TRI_FALSE;
	switch (acpi_has_table(f, "IVRS")) {
	case TRI_FALSE:
		return TRI_FALSE;
	case TRI_UNKNOWN:
		return TRI_UNKNOWN;
	case TRI_TRUE:
		break;
	}
	return ivrs_alias_of(f, (uint16_t)fn->bdf.domain, bdf_requester_id(fn->bdf), ret)
		? TRI_TRUE
		: TRI_UNKNOWN;
}

const uint8_t *alias_list(struct facts *f, const struct fn *fn)
{
	const struct alias_quirk *quirk = quirk_of(fn);
	uint16_t own = bdf_requester_id(fn->bdf), alias = own;
	enum tri listed = ivrs_alias(f, fn, &alias), sure = TRI_TRUE;
	uint8_t *list;

	/* setup_aliases() of drivers/iommu/amd/iommu.c: only on the function's own bus */
	if (listed == TRI_TRUE && (alias == own || alias >> 8 != fn->bdf.bus))
		listed = TRI_FALSE;
	if (!quirk && listed == TRI_FALSE)
		return NULL;
	if (quirk && quirk->major &&
		kernel_at_least(f, quirk->major, quirk->minor, 0) != TRI_TRUE)
		sure = TRI_UNKNOWN;
	list = arena_alloc(f->arena, N_DEVFNS);
	for (unsigned i = 0; i < N_DEVFNS; i++) {
		enum tri named = quirk ? quirk_names(fn, quirk, (uint8_t)i) : TRI_FALSE;

		list[i] = (uint8_t)tri_and(named, sure);
		if (listed == TRI_UNKNOWN)
			list[i] = (uint8_t)tri_or((enum tri)list[i], TRI_UNKNOWN);
	}
	if (listed == TRI_TRUE)
		list[alias & 0xff] = TRI_TRUE;
	return list;
}

bool alias_is_behind_vmd(const struct fn *fn)
{
	return fn->bdf.domain > LAST_ACPI_DOMAIN;
}

enum tri alias_vmd(const struct facts *f, const struct fn *fn, const struct fn **ret)
{
	const struct fn *found = NULL;

	if (!alias_is_behind_vmd(fn))
		return TRI_FALSE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *vmd = &f->fns[i];

		if (!vmd->raw || !text_equal(snap_str(vmd->raw->driver), "vmd"))
			continue;
		if (found)
			return TRI_UNKNOWN;
		found = vmd;
	}
	if (!found)
		return TRI_UNKNOWN;
	*ret = found;
	return TRI_TRUE;
}
