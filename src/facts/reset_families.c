// SPDX-License-Identifier: GPL-2.0-or-later
// Devices that are reported to reset badly, by id: data, with sources and their weight.
#include "facts/resets.h"
#include "facts/topology.h"

// clang-format off
#define VENDOR_RESET(name, from, to) \
	{ .vendor = 0x1002, .first = (from), .last = (to), .family = "AMD " name, \
	  .trouble = "often does not come back between two guests until the host reboots", \
	  .cure = "install vendor-reset (DKMS) and load it before the card is used for the first time", \
	  .source = "https://github.com/gnif/vendor-reset", \
	  .trust = TRUST_SOURCE, .vendor_reset = true }
#define BY_QEMU(name, from, to) \
	{ .vendor = 0x1002, .first = (from), .last = (to), .family = "AMD " name, \
	  .trouble = "is brought back by a routine of QEMU's own; other machine monitors leave it as it is", \
	  .cure = "use QEMU for it", \
	  .source = "https://github.com/qemu/qemu/blob/master/hw/vfio/pci-quirks.c", \
	  .trust = TRUST_SOURCE }
#define APU(name, from, to) \
	{ .vendor = 0x1002, .first = (from), .last = (to), .family = "AMD " name " graphics", \
	  .trouble = "often comes back only after a reboot of the host, once a guest has used it", \
	  .cure = "in a Windows guest install RadeonResetBugFix; else plan a reboot of the host between guests", \
	  .source = "https://github.com/isc30/ryzen-gpu-passthrough-proxmox/issues/135", \
	  .trust = TRUST_REPORTS }
#define CONTRADICTORY(name, from, to, asleep) \
	{ .vendor = 0x1002, .first = (from), .last = (to), .family = "AMD " name, \
	  .trouble = "resets well for many owners and not for others", \
	  .cure = "shut a test guest down and start it again before you rely on it", \
	  .source = "https://github.com/gnif/vendor-reset/issues/35", \
	  .trust = TRUST_CONTRADICTORY, .sleeps = (asleep) }
#define BLACKWELL(id) \
	{ .vendor = 0x10de, .first = (id), .last = (id), .family = "NVIDIA Blackwell", .hangs_by = "flr", \
	  .cure = "try another reset method, or a newer kernel", \
	  .source = "https://github.com/tinygrad/tinygrad/pull/18199", \
	  .trust = TRUST_REPORTS, .sleeps = true }
#define INSTINCT(name, id) \
	{ .vendor = 0x1002, .first = (id), .last = (id), .family = "AMD " name, \
	  .trouble = "reads as ones after VFIO has reset the whole card", \
	  .cure = "hand over virtual functions instead of the card", \
	  .source = "https://github.com/amd/MxGPU-Virtualization/issues/25", \
	  .trust = TRUST_REPORTS }
/* The 500 series of chipsets: ISA bridges 4380 to 439f of pci.ids */
#define ON_500_SERIES(name, from, to) \
	{ .vendor = 0x8086, .first = (from), .last = (to), .family = "Intel " name " graphics", \
	  .hangs_by = "flr", .chipset_first = 0x4380, .chipset_last = 0x439f, \
	  .cure = "share it with GVT-g instead, where the processor knows it", \
	  .source = "https://github.com/intel/gvt-linux/issues/189", \
	  .trust = TRUST_REPORTS }

static const struct reset_family families[] = {
	/* src/device-db.h of vendor-reset */
	VENDOR_RESET("Polaris 10", 0x67c0, 0x67c2),
	VENDOR_RESET("Polaris 10", 0x67c4, 0x67c4),
	VENDOR_RESET("Polaris 10", 0x67c7, 0x67ca),
	VENDOR_RESET("Polaris 10", 0x67cc, 0x67cc),
	VENDOR_RESET("Polaris 10", 0x67cf, 0x67d0),
	VENDOR_RESET("Polaris 10", 0x67df, 0x67df),
	VENDOR_RESET("Polaris 10", 0x6fdf, 0x6fdf),
	VENDOR_RESET("Polaris 11", 0x67e0, 0x67e1),
	VENDOR_RESET("Polaris 11", 0x67e3, 0x67e3),
	VENDOR_RESET("Polaris 11", 0x67e7, 0x67e9),
	VENDOR_RESET("Polaris 11", 0x67eb, 0x67eb),
	VENDOR_RESET("Polaris 11", 0x67ef, 0x67ef),
	VENDOR_RESET("Polaris 11", 0x67ff, 0x67ff),
	VENDOR_RESET("Polaris 12", 0x6980, 0x6981),
	VENDOR_RESET("Polaris 12", 0x6985, 0x6987),
	VENDOR_RESET("Polaris 12", 0x6995, 0x6995),
	VENDOR_RESET("Polaris 12", 0x6997, 0x6997),
	VENDOR_RESET("Polaris 12", 0x699f, 0x699f),
	VENDOR_RESET("Vega 10", 0x6860, 0x6864),
	VENDOR_RESET("Vega 10", 0x6867, 0x686f),
	VENDOR_RESET("Vega 10", 0x687f, 0x687f),
	VENDOR_RESET("Vega 20", 0x66a0, 0x66a4),
	VENDOR_RESET("Vega 20", 0x66a7, 0x66a7),
	VENDOR_RESET("Vega 20", 0x66af, 0x66af),
	VENDOR_RESET("Arcturus", 0x738c, 0x738c),
	VENDOR_RESET("Navi 10", 0x7310, 0x7310),
	VENDOR_RESET("Navi 10", 0x7312, 0x7312),
	VENDOR_RESET("Navi 10", 0x7318, 0x731b),
	VENDOR_RESET("Navi 10", 0x731e, 0x731f),
	VENDOR_RESET("Navi 12", 0x7360, 0x7360),
	VENDOR_RESET("Navi 12", 0x7362, 0x7362),
	VENDOR_RESET("Navi 14", 0x7340, 0x7341),
	VENDOR_RESET("Navi 14", 0x7347, 0x7347),
	VENDOR_RESET("Navi 14", 0x734f, 0x734f),
	/* vfio_setup_resetfn_quirk() of QEMU */
	BY_QEMU("Bonaire", 0x6649, 0x6649),
	BY_QEMU("Bonaire", 0x6650, 0x6651),
	BY_QEMU("Bonaire", 0x6658, 0x6658),
	BY_QEMU("Bonaire", 0x665c, 0x665d),
	BY_QEMU("Hawaii", 0x67a0, 0x67a2),
	BY_QEMU("Hawaii", 0x67a8, 0x67aa),
	BY_QEMU("Hawaii", 0x67b0, 0x67b1),
	BY_QEMU("Hawaii", 0x67b8, 0x67ba),
	BY_QEMU("Hawaii", 0x67be, 0x67be),
	/* Threads on single models; the other ids are of the same chips */
	APU("Raven", 0x15dd, 0x15dd),
	APU("Picasso", 0x15d8, 0x15d8),
	APU("Renoir", 0x1636, 0x1636),
	APU("Lucienne", 0x164c, 0x164c),
	APU("Cezanne", 0x1638, 0x1638),
	APU("Barcelo", 0x15e7, 0x15e7),
	APU("Rembrandt", 0x1681, 0x1681),
	APU("Raphael", 0x164e, 0x164e),
	APU("Phoenix", 0x15bf, 0x15bf),
	APU("Hawk Point", 0x1900, 0x1901),
	APU("Granite Ridge", 0x13c0, 0x13c0),
	APU("Strix", 0x150e, 0x150e),
	APU("Strix Halo", 0x1586, 0x1586),
	/* Ranges of drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c and pci.ids */
	CONTRADICTORY("Navi 21", 0x73a0, 0x73bf, false),
	CONTRADICTORY("Navi 22", 0x73c0, 0x73df, false),
	CONTRADICTORY("Navi 23", 0x73e0, 0x73ff, false),
	CONTRADICTORY("Navi 24", 0x7420, 0x743f, false),
	CONTRADICTORY("Navi 31", 0x7440, 0x745f, false),
	CONTRADICTORY("Navi 32", 0x7460, 0x747f, false),
	CONTRADICTORY("Navi 33", 0x7480, 0x749f, false),
	CONTRADICTORY("Navi 48", 0x7550, 0x7551, true),
	CONTRADICTORY("Navi 44", 0x7590, 0x7590, true),
	BLACKWELL(0x2b85),
	BLACKWELL(0x2b87),
	BLACKWELL(0x2b8c),
	INSTINCT("Instinct MI210", 0x740f),
	INSTINCT("Instinct MI355X", 0x75a3),
	/* Ids of include/drm/intel/pciids.h */
	ON_500_SERIES("Comet Lake", 0x9b21, 0x9b21),
	ON_500_SERIES("Comet Lake", 0x9ba2, 0x9bf6),
	ON_500_SERIES("Rocket Lake", 0x4c80, 0x4c9a),
};
// clang-format on

const struct reset_family *reset_family_of(const struct fn *fn)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const struct reset_family *r = &families[i];

		if (reset_is_id(fn, r->vendor, r->first, r->last))
			return r;
	}
	return NULL;
}

enum tri reset_family_fits(const struct facts *f, const struct reset_family *r)
{
	enum tri fits = scan_listed(f) == TRI_TRUE ? TRI_FALSE : TRI_UNKNOWN;

	if (!r->chipset_first)
		return TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (fn->class_code == UINT32_MAX)
			fits = TRI_UNKNOWN;
		if (fn->class_code >> 8 != 0x0601)
			continue;
		if (reset_is_id(fn, r->vendor, r->chipset_first, r->chipset_last))
			return TRI_TRUE;
		if (fn->raw->vendor.have != HAVE_VALUE ||
			fn->raw->device.have != HAVE_VALUE)
			fits = TRI_UNKNOWN;
	}
	return fits;
}
