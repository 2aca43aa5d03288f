// SPDX-License-Identifier: GPL-2.0-or-later
// Devices whose isolation the kernel takes from a list, not from the ACS capability:
// pci_dev_acs_enabled[] of drivers/pci/quirks.c, Linux 6.18, rows in its order.
#include "facts/acs_quirks.h"

enum {
	AMCC = 0x10e8,
	AMD = 0x1022,
	AMPERE = 0x1def,
	ANNAPURNA = 0x1c36,
	ANY_FIRST = 0x0000,
	ANY_LAST = 0xffff,
	ATI = 0x1002,
	BROADCOM = 0x14e4,
	CAVIUM = 0x177d,
	EMULEX = 0x10df,
	HXT = 0x1dbf,
	INTEL = 0x8086,
	LOONGSON = 0x0014,
	NXP = 0x1957,
	QCOM = 0x17cb,
	SERVERENGINES = 0x19a2,
	SOLARFLARE = 0x1924,
	WANGXUN = 0x8088,
	ZHAOXIN = 0x1d17,
};

#define ROWS(vendor_, first_, last_, kind_, ...)                                         \
	{                                                                                \
		.vendor = vendor_, .first = first_, .last = last_, .kind = ACS_##kind_,  \
		.what = __VA_ARGS__                                                      \
	}
#define ROW(vendor_, id_, kind_, ...) ROWS(vendor_, id_, id_, kind_, __VA_ARGS__)
#define SINCE(major_, minor_)         .major = major_, .minor = minor_

static const char sb[] = "part of an AMD southbridge";
static const char nic[] = "card whose maker says that its functions are isolated";
static const char root[] = "root port whose maker says that it isolates";
static const char pch[] = "Intel PCH root port";
static const char spt[] = "Intel PCH root port (100 and 200 series)";

// clang-format off
const struct acs_quirk acs_quirks[] = {
	/* pci_quirk_amd_sb_acs() */
	ROW(ATI, 0x4385, AMD_SB, sb),
	ROW(ATI, 0x439c, AMD_SB, sb),
	ROW(ATI, 0x4383, AMD_SB, sb),
	ROW(ATI, 0x439d, AMD_SB, sb),
	ROW(ATI, 0x4384, AMD_SB, sb),
	ROW(ATI, 0x4399, AMD_SB, sb),
	ROW(AMD, 0x780f, AMD_SB, sb),
	ROW(AMD, 0x7809, AMD_SB, sb),
	/* pci_quirk_mf_endpoint_acs() */
	ROW(SOLARFLARE, 0x0903, ISOLATED, nic),
	ROW(SOLARFLARE, 0x0923, ISOLATED, nic),
	ROW(SOLARFLARE, 0x0a03, ISOLATED, nic),
	/* 82598, 82599, X540 */
	ROW(INTEL, 0x10c6, ISOLATED, nic),
	ROW(INTEL, 0x10db, ISOLATED, nic),
	ROW(INTEL, 0x10dd, ISOLATED, nic),
	ROW(INTEL, 0x10e1, ISOLATED, nic),
	ROW(INTEL, 0x10f1, ISOLATED, nic),
	ROWS(INTEL, 0x10f7, 0x10fc, ISOLATED, nic),
	ROW(INTEL, 0x1507, ISOLATED, nic),
	ROW(INTEL, 0x1514, ISOLATED, nic),
	ROW(INTEL, 0x151c, ISOLATED, nic),
	ROWS(INTEL, 0x1529, 0x152a, ISOLATED, nic),
	ROW(INTEL, 0x154d, ISOLATED, nic),
	ROW(INTEL, 0x154f, ISOLATED, nic),
	ROW(INTEL, 0x1551, ISOLATED, nic),
	ROW(INTEL, 0x1558, ISOLATED, nic),
	/* 82580 */
	ROW(INTEL, 0x1509, ISOLATED, nic),
	ROWS(INTEL, 0x150e, 0x1511, ISOLATED, nic),
	ROW(INTEL, 0x1516, ISOLATED, nic),
	ROW(INTEL, 0x1527, ISOLATED, nic),
	/* 82576 */
	ROW(INTEL, 0x10c9, ISOLATED, nic),
	ROWS(INTEL, 0x10e6, 0x10e8, ISOLATED, nic),
	ROW(INTEL, 0x150a, ISOLATED, nic),
	ROW(INTEL, 0x150d, ISOLATED, nic),
	ROW(INTEL, 0x1518, ISOLATED, nic),
	ROW(INTEL, 0x1526, ISOLATED, nic),
	/* 82575 */
	ROW(INTEL, 0x10a7, ISOLATED, nic),
	ROW(INTEL, 0x10a9, ISOLATED, nic),
	ROW(INTEL, 0x10d6, ISOLATED, nic),
	/* I350 */
	ROWS(INTEL, 0x1521, 0x1524, ISOLATED, nic),
	/* 82571 */
	ROWS(INTEL, 0x105e, 0x1060, ISOLATED, nic),
	ROW(INTEL, 0x10d9, ISOLATED, nic),
	/* I219 */
	ROWS(INTEL, 0x15b7, 0x15b8, ISOLATED, nic),
	/* pci_quirk_rciep_acs(), commit 3247bd10a450 */
	ROWS(INTEL, ANY_FIRST, ANY_LAST, ROOT_ENDPOINT,
		"endpoint inside an Intel processor or chipset", SINCE(5, 8)),
	/* pci_quirk_qcom_rp_acs() */
	ROWS(QCOM, 0x0400, 0x0401, ISOLATED, root),
	ROW(QCOM, 0x0115, ISOLATED, root, SINCE(6, 15)),
	ROW(HXT, 0x0401, ISOLATED, root),
	/* pci_quirk_intel_pch_acs_ids[] */
	ROWS(INTEL, 0x3b42, 0x3b51, INTEL_PCH, pch), /* Ibex Peak */
	ROWS(INTEL, 0x1c10, 0x1c1f, INTEL_PCH, pch), /* Cougar Point */
	ROWS(INTEL, 0x1e10, 0x1e1f, INTEL_PCH, pch), /* Panther Point */
	ROWS(INTEL, 0x8c10, 0x8c1f, INTEL_PCH, pch), /* Lynx Point-H */
	ROWS(INTEL, 0x9c10, 0x9c1b, INTEL_PCH, pch), /* Lynx Point-LP */
	ROWS(INTEL, 0x9c90, 0x9c9b, INTEL_PCH, pch), /* Wildcat Point */
	ROW(INTEL, 0x1d10, INTEL_PCH, pch),          /* Patsburg (X79) */
	ROW(INTEL, 0x1d12, INTEL_PCH, pch),
	ROW(INTEL, 0x1d14, INTEL_PCH, pch),
	ROW(INTEL, 0x1d16, INTEL_PCH, pch),
	ROW(INTEL, 0x1d18, INTEL_PCH, pch),
	ROW(INTEL, 0x1d1a, INTEL_PCH, pch),
	ROW(INTEL, 0x1d1c, INTEL_PCH, pch),
	ROW(INTEL, 0x1d1e, INTEL_PCH, pch),
	ROWS(INTEL, 0x8d10, 0x8d1e, INTEL_PCH, pch), /* Wellsburg (X99) */
	ROW(INTEL, 0x8c90, INTEL_PCH, pch),          /* Lynx Point, 9 series */
	ROW(INTEL, 0x8c92, INTEL_PCH, pch),
	ROW(INTEL, 0x8c94, INTEL_PCH, pch),
	ROW(INTEL, 0x8c96, INTEL_PCH, pch),
	ROW(INTEL, 0x8c98, INTEL_PCH, pch),
	ROW(INTEL, 0x8c9a, INTEL_PCH, pch),
	ROW(INTEL, 0x8c9c, INTEL_PCH, pch),
	ROW(INTEL, 0x8c9e, INTEL_PCH, pch),
	/* pci_quirk_intel_spt_pch_acs_match() */
	ROWS(INTEL, 0xa110, 0xa11f, INTEL_SPT, spt), /* Sunrise Point */
	ROWS(INTEL, 0xa167, 0xa16a, INTEL_SPT, spt),
	ROWS(INTEL, 0xa290, 0xa29f, INTEL_SPT, spt), /* Union Point */
	ROWS(INTEL, 0xa2e7, 0xa2ee, INTEL_SPT, spt),
	ROWS(INTEL, 0x9d10, 0x9d1b, INTEL_SPT, spt), /* 7th and 8th generation, mobile */
	ROW(SERVERENGINES, 0x0710, ISOLATED, nic),   /* Emulex BE3-R */
	ROW(EMULEX, 0x0720, ISOLATED, nic),          /* Skyhawk-R */
	/* pci_quirk_cavium_acs() */
	ROWS(CAVIUM, 0xa000, 0xa7ff, ISOLATED_ROOT, root),
	ROW(CAVIUM, 0xaf84, ISOLATED_ROOT, root),
	ROW(CAVIUM, 0xb884, ISOLATED_ROOT, root),
	ROW(CAVIUM, 0xa026, ISOLATED, nic),
	ROW(CAVIUM, 0xa059, ISOLATED, nic),
	ROW(CAVIUM, 0xa060, ISOLATED, nic),
	/* pci_quirk_xgene_acs() */
	ROW(AMCC, 0xe004, ISOLATED, root),
	ROWS(AMPERE, 0xe005, 0xe00c, ISOLATED, root),
	ROW(BROADCOM, 0x16d7, ISOLATED, nic),
	ROWS(BROADCOM, 0x1750, 0x1752, ISOLATED, nic, SINCE(6, 1)),
	ROWS(BROADCOM, 0x1760, 0x1763, ISOLATED, nic, SINCE(6, 13)),
	ROW(BROADCOM, 0xd714, ISOLATED, root),
	/* pci_quirk_loongson_acs() */
	ROW(LOONGSON, 0x3c09, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x3c19, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x3c29, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a09, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a19, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a29, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a39, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a49, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a59, ISOLATED, root, SINCE(6, 13)),
	ROW(LOONGSON, 0x7a69, ISOLATED, root, SINCE(6, 13)),
	/* pci_quirk_al_acs() */
	ROW(ANNAPURNA, 0x0031, ISOLATED_ROOT, root),
	ROW(ZHAOXIN, 0x3038, ISOLATED, nic),
	ROW(ZHAOXIN, 0x3104, ISOLATED, nic),
	ROW(ZHAOXIN, 0x9083, ISOLATED, nic),
	/* pci_quirk_nxp_rp_acs(): 0x8d80 to 83, 88 to 8b, … */
	ROWS(NXP, 0x8d80, 0x8d83, ISOLATED, root),
	ROWS(NXP, 0x8d88, 0x8d8b, ISOLATED, root),
	ROWS(NXP, 0x8d90, 0x8d93, ISOLATED, root),
	ROWS(NXP, 0x8d98, 0x8d9b, ISOLATED, root),
	ROWS(NXP, 0x8da0, 0x8da1, ISOLATED, root),
	ROWS(NXP, 0x8da8, 0x8da9, ISOLATED, root),
	ROWS(NXP, 0x8db0, 0x8db1, ISOLATED, root),
	ROWS(NXP, 0x8db8, 0x8db9, ISOLATED, root),
	/* pci_quirk_zhaoxin_pcie_ports_acs() */
	ROWS(ZHAOXIN, 0x0710, 0x071e, ISOLATED_PORT, root),
	ROW(ZHAOXIN, 0x0721, ISOLATED_PORT, root),
	ROWS(ZHAOXIN, 0x0723, 0x0752, ISOLATED_PORT, root),
	ROWS(ZHAOXIN, ANY_FIRST, ANY_LAST, OPEN_PORT, "Zhaoxin port"),
	/* pci_quirk_wangxun_nic_acs() */
	ROWS(WANGXUN, 0x0100, 0x010f, ISOLATED, nic, SINCE(6, 3)),
	ROW(WANGXUN, 0x1001, ISOLATED, nic, SINCE(6, 3)),
	ROW(WANGXUN, 0x2001, ISOLATED, nic, SINCE(6, 3)),
	ROW(WANGXUN, 0x5010, ISOLATED, nic, SINCE(6, 18)),
	ROW(WANGXUN, 0x5025, ISOLATED, nic, SINCE(6, 18)),
	ROW(WANGXUN, 0x5040, ISOLATED, nic, SINCE(6, 18)),
	ROW(WANGXUN, 0x5110, ISOLATED, nic, SINCE(6, 18)),
	ROW(WANGXUN, 0x5125, ISOLATED, nic, SINCE(6, 18)),
	ROW(WANGXUN, 0x5140, ISOLATED, nic, SINCE(6, 18)),
	ROWS(WANGXUN, ANY_FIRST, ANY_LAST, OPEN, "Wangxun card", SINCE(6, 3)),
};
// clang-format on

const size_t acs_quirks_length = sizeof acs_quirks / sizeof acs_quirks[0];
