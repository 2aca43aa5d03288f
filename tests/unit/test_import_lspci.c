// SPDX-License-Identifier: GPL-2.0-or-later
// Listings of lspci: names and numbers, drivers, dumps, registers told in words, trees,
// records; what is known of it, and what is not.
#include "base/text.h"
#include "facts/acs.h"
#include "facts/facts.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"
#include "import/import.h"
#include "snapshot/snapshot.h"
#include "tap.h"

/* All of it the way a text comes in, recogniser included. */
static struct snapshot *read_text(const char *text, const char *command)
{
	struct import *im = import_new();
	struct snapshot *s;

	import_text(im, "paste", text, strlen(text), command);
	s = import_finish(im);
	import_free(im);
	return s;
}

static const struct snap_pci *fn_at(const struct snapshot *s, const char *address)
{
	static const struct snap_pci nothing;

	for (size_t i = 0; i < s->pci.n; i++) {
		if (text_equal(s->pci.v[i].address, address))
			return &s->pci.v[i];
	}
	return &nothing;
}

static long long hex_of(struct snap_hex h)
{
	return h.have == HAVE_VALUE ? (long long)h.v : -1;
}

/* Value of these bits of its configuration space; -1: not all are known. */
static long long bits_of(const struct snap_pci *p, size_t at, uint32_t bits)
{
	uint32_t v = 0;

	if (!snapshot_config_knows(p, at, bits))
		return -1;
	for (size_t i = 0; i < 4 && at + i < p->config.n; i++)
		v |= (uint32_t)p->config.p[at + i] << 8 * i;
	return v & bits;
}

TEST(line_with_numbers)
{
	struct snapshot *s = read_text(
		"01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [GeForce "
		"GTX 1050 Ti] [10de:1c82] (rev a1) (prog-if 00 [VGA controller])\n"
		"01:00.1 Audio device [0403]: NVIDIA Corporation Device [10de:0fb9] (rev a1)\n",
		"lspci -nn");
	const struct snap_pci *p = fn_at(s, "0000:01:00.0");

	is_int(s->pci.n, 2);
	is_int(hex_of(p->class_code), 0x030000);
	is_int(hex_of(p->vendor), 0x10de);
	is_int(hex_of(p->device), 0x1c82);
	is_int(hex_of(p->revision), 0xa1);
	is_str(snap_str(p->vendor_name), "NVIDIA Corporation");
	is_str(snap_str(p->device_name), "GP107 [GeForce GTX 1050 Ti]");
	is_str(snap_str(p->class_name), "VGA compatible controller");
	is_int(p->driver.have, HAVE_NOT);
	is_int(p->parent.have, HAVE_NOT);
	is_int(p->config.have, HAVE_NOT);
	is_int(fn_at(s, "0000:01:00.1")->device_name.have, HAVE_NONE);
	is_int(snapshot_status(s, SOURCE_PCI), STATUS_TRUNCATED);
	snapshot_free(s);
}

TEST(line_with_names_or_numbers_alone)
{
	struct snapshot *s = read_text(
		"00:00.0 Host bridge: Intel Corporation Device 9b61 (rev 0c)\n"
		"00:02.0 VGA compatible controller: Advanced Micro Devices, Inc. [AMD/ATI] "
		"Navi 10 [Radeon RX 5700]\n"
		"00:03.0 Network controller: Qualcomm Atheros AR93xx\n"
		"00:04.0 0604: 8086:1901 (rev 05)\n"
		"00:05.0 Class 0c03: 1b21:2142\n"
		"0001:00:06.0 Ethernet controller: Some Maker Device 1234\n",
		NULL);

	is_int(hex_of(fn_at(s, "0000:00:00.0")->device), 0x9b61);
	is_int(hex_of(fn_at(s, "0000:00:00.0")->vendor), 0x8086);
	is_int(hex_of(fn_at(s, "0000:00:02.0")->vendor), 0x1002);
	is_int(fn_at(s, "0000:00:02.0")->device.have, HAVE_NOT);
	is_int(hex_of(fn_at(s, "0000:00:02.0")->class_code), 0x030000);
	/* Two makers have this name */
	is_int(fn_at(s, "0000:00:03.0")->vendor.have, HAVE_NOT);
	is_int(hex_of(fn_at(s, "0000:00:04.0")->class_code), 0x060400);
	is_int(hex_of(fn_at(s, "0000:00:04.0")->device), 0x1901);
	is_int(fn_at(s, "0000:00:04.0")->vendor_name.have, HAVE_NOT);
	is_int(hex_of(fn_at(s, "0000:00:05.0")->class_code), 0x0c0300);
	is_int(hex_of(fn_at(s, "0001:00:06.0")->device), 0x1234);
	is_str(snap_str(fn_at(s, "0001:00:06.0")->vendor_name), "Some Maker");
	snapshot_free(s);
}

TEST(what_is_no_listing)
{
	struct snapshot *s = read_text("00:1f.3 was moved to: another slot\n"
				       "12:30.5 Note: the meeting is over\n"
				       "01:00.0 and 01:00.1 are in group 1\n",
		NULL);

	is_int(s->pci.n, 0);
	snapshot_free(s);
}

#define KERNEL_LINES                                                                        \
	"01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82]\n"  \
	"\tSubsystem: Gigabyte Technology Co., Ltd Device [1458:3724]\n"                    \
	"\tKernel driver in use: vfio-pci\n"                                                \
	"\tKernel modules: nvidiafb, nouveau, nvidia-drm\n"                                 \
	"01:00.1 Audio device [0403]: NVIDIA Corporation GP107GL [10de:0fb9] (rev a1)\n"    \
	"\tSubsystem: Gigabyte Technology Co., Ltd Device [1458:3724]\n"                    \
	"02:00.0 Ethernet controller [0200]: Intel Corporation I211 [8086:1539] (rev 03)\n" \
	"\tSubsystem: Intel Corporation I211 [8086:0000]\n"

TEST(drivers)
{
	struct snapshot *s = read_text(KERNEL_LINES, "lspci -nnk");
	const struct snap_pci *p = fn_at(s, "0000:01:00.0");

	is_str(snap_str(p->driver), "vfio-pci");
	is_int(p->modules.n, 3);
	is_str(p->modules.n == 3 ? p->modules.s[2] : NULL, "nvidia_drm");
	is_int(hex_of(p->subvendor), 0x1458);
	is_int(hex_of(p->subdevice), 0x3724);
	is_str(snap_str(p->subsystem_name), "Gigabyte Technology Co., Ltd");
	is_int(fn_at(s, "0000:01:00.1")->driver.have, HAVE_NONE);
	is_int(fn_at(s, "0000:01:00.1")->modules.n, 0);
	is_int(fn_at(s, "0000:01:00.1")->modules.have, HAVE_VALUE);
	/* The last one may have been cut off */
	is_int(fn_at(s, "0000:02:00.0")->driver.have, HAVE_NOT);
	snapshot_free(s);

	s = read_text(KERNEL_LINES, "lspci -nnk | grep -A2 NVIDIA");
	is_str(snap_str(fn_at(s, "0000:01:00.0")->driver), "vfio-pci");
	is_int(fn_at(s, "0000:01:00.1")->driver.have, HAVE_NOT);
	snapshot_free(s);
}

/* A filter that drops lines leaves the drivers of several functions under one. */
TEST(two_drivers_are_none)
{
	struct snapshot *s =
		read_text("01:00.0 VGA compatible controller: NVIDIA Corporation "
			  "GP107\n\tKernel driver in use: nouveau\n"
			  "\tKernel driver in use: snd_hda_intel\n"
			  "02:00.0 USB controller: Intel Corporation X\n",
			NULL);

	is_int(fn_at(s, "0000:01:00.0")->driver.have, HAVE_NOT);
	snapshot_free(s);
}

#define PORT                                                                                   \
	"00:00.0 Host bridge [0600]: Intel Corporation X [8086:3e30]\n"                        \
	"\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- "     \
	"SERR- FastB2B- DisINTx-\n"                                                            \
	"\tStatus: Cap- 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- "  \
	">SERR- <PERR- INTx-\n\tIOMMU group: 0\n\n"                                            \
	"00:01.0 PCI bridge [0604]: Intel Corporation Xeon E3 [8086:1901] (rev 05) (prog-if "  \
	"00 [Normal decode])\n"                                                                \
	"\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- "     \
	"SERR- FastB2B- DisINTx+\n"                                                            \
	"\tStatus: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- "  \
	">SERR- <PERR- INTx-\n"                                                                \
	"\tInterrupt: pin A routed to IRQ 121\n\tIOMMU group: 1\n"                             \
	"\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0\n"                     \
	"\tBridgeCtl: Parity- SERR+ NoISA- VGA+ VGA16+ MAbort- >Reset- FastB2B-\n"             \
	"\tCapabilities: [80] Power Management version 3\n"                                    \
	"\t\tFlags: PMEClk- DSI- D1- D2- AuxCurrent=0mA PME(D0+,D1-,D2-,D3hot+,D3cold+)\n"     \
	"\t\tStatus: D0 NoSoftRst+ PME-Enable- DSel=0 DScale=0 PME-\n"                         \
	"\tCapabilities: [90] MSI: Enable+ Count=1/1 Maskable- 64bit-\n"                       \
	"\t\tAddress: fee00218  Data: 0000\n"                                                  \
	"\tCapabilities: [a0] Express (v2) Root Port (Slot+), MSI 00\n"                        \
	"\t\tDevCap:\tMaxPayload 256 bytes, PhantFunc 0\n\t\t\tExtTag- RBE+\n"                 \
	"\t\tLnkCap:\tPort #2, Speed 8GT/s, Width x16, ASPM L0s L1\n"                          \
	"\t\tLnkSta:\tSpeed 2.5GT/s (downgraded), Width x16 (ok)\n"                            \
	"\tCapabilities: [100 v1] Virtual Channel\n\t\tCaps:\tLPEVC=0\n"                       \
	"\tCapabilities: [140 v1] Access Control Services\n"                                   \
	"\t\tACSCap:\tSrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd+ EgressCtrl- "     \
	"DirectTrans-\n"                                                                       \
	"\t\tACSCtl:\tSrcValid+ TransBlk- ReqRedir+ CmpltRedir- UpstreamFwd+ EgressCtrl- "     \
	"DirectTrans-\n"                                                                       \
	"\tKernel driver in use: pcieport\n\n"                                                 \
	"01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev " \
	"a1) (prog-if 00 [VGA controller])\n"                                                  \
	"\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- "     \
	"SERR- FastB2B- DisINTx+\n"                                                            \
	"\tStatus: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- "  \
	">SERR- <PERR- INTx-\n"                                                                \
	"\tInterrupt: pin A routed to IRQ 16\n\tIOMMU group: 1\n"                              \
	"\tRegion 0: Memory at f6000000 (32-bit, non-prefetchable) [size=16M]\n"               \
	"\tRegion 1: Memory at e0000000 (64-bit, prefetchable) [size=256M]\n"                  \
	"\tExpansion ROM at 000c0000 [virtual] [disabled] [size=128K]\n"

static void port_check(const struct snapshot *s)
{
	const struct snap_pci *p = fn_at(s, "0000:00:01.0"),
			      *gpu = fn_at(s, "0000:01:00.0");

	is_int(bits_of(p, 0x0e, 0x7f), 1);
	is_int(bits_of(p, 0x0e, 0x80), -1);
	is_int(bits_of(p, 0x3e, 8), 8);
	is_int(bits_of(p, 0x34, 0xff), 0x80);
	is_int(bits_of(p, 0x80, 0xffff), 0x9001);
	is_int(bits_of(p, 0x84, 0xb), 8);
	is_int(bits_of(p, 0xa0, 0xffff), 0x10);
	is_int(bits_of(p, 0xa2, 0xf0), 0x40);
	is_int(bits_of(p, 0xac, 0x3f0), 0x100);
	/* A root port does not tell it, and nobody printed the ID of a virtual channel */
	is_int(bits_of(p, 0xa4, 1 << 28), -1);
	is_int(bits_of(p, 0x100, 0xffff), -1);
	is_int(bits_of(p, 0x100, 0xfff00000), 0x14000000);
	is_int(bits_of(p, 0x140, 0xffff), 0x0d);
	is_int(bits_of(p, 0x140, 0xfff00000), 0);
	is_int(bits_of(p, 0x144, 0x7f007f), 0x15001f);
	is_str(snap_str(p->driver), "pcieport");
	is_str(snap_str(p->link_speed), "2.5 GT/s PCIe");
	is_str(snap_str(p->max_link_speed), "8.0 GT/s PCIe");
	is_str(snap_str(p->max_link_width), "16");
	is_int(p->msi.have == HAVE_VALUE && p->msi.v, 1);
	is_int(p->parent.have, HAVE_NONE);
	is_int(p->iommu_group.v, 1);
	is_str(snap_str(gpu->parent), "0000:00:01.0");
}

TEST(registers_in_words)
{
	struct snapshot *s =
		read_text(PORT "\tKernel driver in use: nouveau\n", "lspci -nnvv");
	const struct snap_pci *gpu = fn_at(s, "0000:01:00.0");
	struct facts *f = facts_new(s, NULL);
	struct bdf port = { 0, 0, 1, 0 }, host = { 0 };
	const struct fn *fn = facts_find(f, port);
	size_t at = 0;

	port_check(s);
	is_int(gpu->resources.n, 7);
	is_str(gpu->resources.n ? gpu->resources.s[1] : NULL,
		"0x00000000e0000000 0x00000000efffffff 0x000000000014220c");
	is_str(gpu->resources.n ? gpu->resources.s[6] : NULL,
		"0x00000000000c0000 0x00000000000dffff 0x0000000000000212");
	is_int(pcie_type(fn), PCIE_ROOT_PORT);
	is_int(pci_ext_cap_find(fn, EXT_CAP_ACS, &at), TRI_TRUE);
	is_int(at, 0x140);
	is_int(pci_ext_cap_find(fn, 0x15, &at), TRI_FALSE);
	is_int(pci_cap_find(fn, CAP_AF, &at), TRI_FALSE);
	is_int(pci_cap_find(facts_find(f, host), CAP_PCIE, &at), TRI_FALSE);
	is_int(acs_judge(f, fn, false).isolates != TRI_TRUE, 1);
	facts_free(f);
	snapshot_free(s);
}

/* Indentation, blank lines and carriage returns get lost, long lines are broken. */
TEST(registers_in_words_without_indentation)
{
	static const char text[] = PORT;
	static char flat[sizeof text];
	char *q = flat;
	struct snapshot *s;

	for (size_t i = 0; text[i]; i++) {
		if (text[i] != '\t' || (text[i - 1] != '\n' && text[i - 1] != '\t'))
			*q++ = text[i];
	}
	*q = '\0';
	s = read_text(flat, NULL);
	port_check(s);
	snapshot_free(s);
}

/* A block that ends within the capabilities: what follows is not known. */
TEST(cut_off)
{
	static const char text[] =
		"00:01.0 PCI bridge [0604]: Intel Corporation Xeon E3 [8086:1901] (rev 05)\n"
		"\tFlags: bus master, fast devsel, latency 0, IRQ 121\n"
		"\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0\n"
		"\tCapabilities: [80] Power Management version 3\n"
		"\tCapabilities: [a0] Express Root Port (Slot+), MSI 00\n";
	struct snapshot *s = read_text(text, NULL);
	struct facts *f = facts_new(s, NULL);
	struct bdf port = { 0, 0, 1, 0 };
	const struct fn *fn = facts_find(f, port);
	size_t at = 0;

	is_int(pcie_type(fn), PCIE_ROOT_PORT);
	is_int(pci_cap_find(fn, CAP_PM, &at), TRI_TRUE);
	is_int(pci_cap_find(fn, CAP_MSI, &at), TRI_UNKNOWN);
	is_int(pci_ext_cap_find(fn, EXT_CAP_ACS, &at), TRI_UNKNOWN);
	is_int(pci_config_knows(fn, 0x84, 8), 0);
	is_int(fn_at(s, "0000:00:01.0")->driver.have, HAVE_NOT);
	facts_free(f);
	snapshot_free(s);
}

/* lspci -F knows no sizes, so that it shows no ROM whatever the card has. */
TEST(a_dump_read_by_lspci)
{
	struct snapshot *s = read_text(
		"01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1) (prog-if 00 [VGA controller])\n"
		"\tSubsystem: ASUSTeK Computer Inc. Device [1043:8613]\n"
		"\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx-\n"
		"\tStatus: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-\n"
		"\tLatency: 0\n"
		"\tKernel driver in use: nouveau\n"
		"\tKernel modules: nouveau\n",
		NULL);
	const struct snap_pci *p = fn_at(s, "0000:01:00.0");

	is_int(p->rom.have, HAVE_NOT);
	is_int(p->resources.have, HAVE_NOT);
	snapshot_free(s);
}

TEST(access_denied)
{
	struct snapshot *s = read_text(
		"01:00.0 3D controller [0302]: NVIDIA Corporation GP107M [10de:1c8d] (rev a1)\n"
		"\tFlags: bus master, fast devsel, latency 0, IRQ 16, NUMA node 0, IOMMU group 2\n"
		"\tMemory at f6000000 (32-bit, non-prefetchable) [size=16M]\n"
		"\tCapabilities: <access denied>\n"
		"\tKernel driver in use: nouveau\n",
		NULL);
	const struct snap_pci *p = fn_at(s, "0000:01:00.0");

	is_int(bits_of(p, 0x06, 0x10), 0x10);
	is_int(bits_of(p, 0x34, 0xff), -1);
	is_int(bits_of(p, 0x0e, 0x7f), 0);
	is_int(p->iommu_group.v, 2);
	is_int(p->numa_node.v, 0);
	is_int(p->resources.have, HAVE_NOT);
	is_int(p->rom.have == HAVE_VALUE && !p->rom.v, 1);
	is_int(snapshot_status(s, SOURCE_CONFIG_SPACE), STATUS_DENIED);
	snapshot_free(s);
}

TEST(dump)
{
	struct snapshot *s = read_text(
		"01:00.0 VGA compatible controller: NVIDIA Corporation GP107 (rev a1)\n"
		"00: de 10 82 1c 07 05 10 00 a1 00 00 03 10 00 80 00\n"
		"10: 00 00 00 f6 0c 00 00 e0 00 00 00 00 0c 00 00 f0\n"
		"20: 00 00 00 00 01 e0 00 00 00 00 00 00 58 14 24 37\n"
		"30: 00 00 00 f7 60 00 00 00 00 00 00 00 0b 01 00 00\n\n",
		"lspci -x");
	const struct snap_pci *p = fn_at(s, "0000:01:00.0");

	is_int(p->config.n, 64);
	is_int(p->config_mask.have, HAVE_NOT);
	is_int(hex_of(p->device), 0x1c82);
	is_int(hex_of(p->subdevice), 0x3724);
	is_int(bits_of(p, 0x34, 0xff), 0x60);
	snapshot_free(s);
}

TEST(no_answer)
{
	struct snapshot *s = read_text(
		"01:00.0 VGA compatible controller [0300]: Advanced Micro Devices, Inc. "
		"[AMD/ATI] Navi 10 [1002:731f] (rev ff) (prog-if ff)\n"
		"\t!!! Unknown header type 7f\n"
		"\tKernel driver in use: vfio-pci\n",
		NULL);
	struct facts *f = facts_new(s, NULL);
	struct bdf b = { 0, 1, 0, 0 };
	const struct fact *lost = fact_of(f, facts_find(f, b)->device, "power.lost");

	is_int(lost->state == FACT_VALUE && lost->b, 1);
	is_int(fn_at(s, "0000:01:00.0")->revision.have, HAVE_NOT);
	is_int(hex_of(fn_at(s, "0000:01:00.0")->class_code), 0x030000);
	facts_free(f);
	snapshot_free(s);
}

/* Does the text say that 01:00.0 is gone? 1, 0, -1: nobody knows. */
static int is_lost(const char *text)
{
	struct snapshot *s = read_text(text, NULL);
	struct facts *f = facts_new(s, NULL);
	struct bdf b = { 0, 1, 0, 0 };
	const struct fact *lost = fact_of(f, facts_find(f, b)->device, "power.lost");
	int value = lost->state == FACT_VALUE ? lost->b : -1;

	facts_free(f);
	snapshot_free(s);
	return value;
}

#define WIFI "01:00.0 Network controller: Qualcomm Atheros QCA988x"
#define WELL                                                                             \
	WIFI " (rev 02)\n"                                                               \
	     "\tControl: I/O+ Mem+ BusMaster+ DisINTx+\n"                                \
	     "\tStatus: Cap+ 66MHz-\n"                                                   \
	     "\tCapabilities: [40] Power Management version 2\n"                         \
	     "\tKernel driver in use: ath10k_pci\n"
#define ROW " ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff\n"

/* Before and behind listings of when it was well; the kernel may remember the revision. */
TEST(no_answer_at_times)
{
	is_int(is_lost(WELL), 0);
	is_int(is_lost(WIFI " (rev ff)\n"), 1);
	is_int(is_lost(WIFI " (rev ff)\n\nlspci -vvv:\n\n" WELL), 1);
	is_int(is_lost(WELL "\nand then:\n\n" WIFI " (rev ff)\n"), 1);
	is_int(is_lost(WELL "\nand then:\n\n" WIFI
			    " (rev ff) (prog-if ff)\n\t!!! Unknown header type 7f\n"),
		1);
	is_int(is_lost(WIFI " (rev 02)\n\t!!! Unknown header type 7f\n"
			    "\tKernel driver in use: vfio-pci\n"),
		1);
	is_int(is_lost(WIFI " (rev ff)\n00:" ROW "10:" ROW "20:" ROW "30:" ROW), 1);
	is_int(is_lost(WIFI " (rev 02)\n"), -1);
}

TEST(virtual_functions)
{
	struct snapshot *s = read_text(
		"00:00.0 Host bridge [0600]: Intel Corporation X [8086:3e30]\n"
		"\tControl: I/O- Mem+ BusMaster+ DisINTx-\n"
		"\tStatus: Cap- 66MHz-\n\n"
		"03:00.0 Ethernet controller [0200]: Intel Corporation I350 [8086:1521]\n"
		"\tControl: I/O- Mem+ BusMaster+ DisINTx+\n"
		"\tStatus: Cap+ 66MHz-\n"
		"\tCapabilities: [a0] Express (v2) Endpoint, MSI 00\n"
		"\t\tDevCap:\tMaxPayload 512 bytes, PhantFunc 0\n"
		"\t\t\tExtTag- AttnBtn- AttnInd- PwrInd- RBE+ FLReset+ SlotPowerLimit 25W\n"
		"\tCapabilities: [100 v1] Single Root I/O Virtualization (SR-IOV)\n"
		"\t\tIOVCtl:\tEnable+ Migration- Interrupt- MSE+ ARIHierarchy+\n"
		"\t\tInitial VFs: 8, Total VFs: 8, Number of VFs: 2, Function Dependency Link: 00\n"
		"\t\tVF offset: 128, stride: 4, Device ID: 1520\n"
		"\tKernel driver in use: igb\n\n"
		"03:10.0 Ethernet controller [0200]: Intel Corporation I350 VF [8086:1520]\n"
		"\tControl: I/O- Mem- BusMaster+ DisINTx-\n"
		"\tStatus: Cap+ 66MHz-\n"
		"\tCapabilities: [a0] Express (v2) Endpoint, MSI 00\n"
		"\tKernel driver in use: vfio-pci\n",
		NULL);

	is_str(snap_str(fn_at(s, "0000:03:10.0")->physfn), "0000:03:00.0");
	is_int(fn_at(s, "0000:03:00.0")->sriov_num.v, 2);
	is_int(bits_of(fn_at(s, "0000:03:00.0"), 0xa4, 1 << 28), 1 << 28);
	snapshot_free(s);
}

#define TREE                                                                             \
	"-[0000:00]-+-00.0  Intel Corporation Device [8086:3e30]\n"                      \
	"           +-01.0-[01]--+-00.0  NVIDIA Corporation GP107 [10de:1c82]\n"         \
	"           |            \\-00.1  NVIDIA Corporation GP107GL [10de:0fb9]\n"      \
	"           +-1c.0-[02-03]----00.0-[03]--\n"                                     \
	"           \\-1f.0  Intel Corporation X [8086:a305]\n"

TEST(tree)
{
	struct snapshot *s = read_text(TREE, "lspci -tvnn");

	is_int(s->pci.n, 7);
	is_str(snap_str(fn_at(s, "0000:01:00.1")->parent), "0000:00:01.0");
	is_str(snap_str(fn_at(s, "0000:02:00.0")->parent), "0000:00:1c.0");
	is_int(fn_at(s, "0000:00:1c.0")->parent.have, HAVE_NONE);
	is_int(hex_of(fn_at(s, "0000:01:00.1")->device), 0x0fb9);
	is_int(snapshot_status(s, SOURCE_PCI), STATUS_OK);
	snapshot_free(s);

	s = read_text("-[0000:00]-+-00.0\n           +-01.0-[01]----00.0\n", NULL);
	is_int(snapshot_status(s, SOURCE_PCI), STATUS_TRUNCATED);
	snapshot_free(s);
}

TEST(records)
{
	struct snapshot *s =
		read_text("Slot:\t00:1f.3\nClass:\tAudio device [0403]\n"
			  "Vendor:\tIntel Corporation [8086]\n"
			  "Device:\tCannon Lake PCH cAVS [a348]\n"
			  "SVendor:\tASUSTeK Computer Inc. [1043]\n"
			  "SDevice:\tDevice [8723]\nRev:\t10\n"
			  "Driver:\tsnd_hda_intel\nModule:\tsnd-hda-intel\n"
			  "IOMMUGroup:\t7\n\n"
			  "Slot:\t01:00.0\nClass:\tVGA compatible controller\n"
			  "Vendor:\tNVIDIA Corporation\nDevice:\tDevice 2684\n",
			NULL);
	const struct snap_pci *p = fn_at(s, "0000:00:1f.3");

	is_int(hex_of(p->class_code), 0x040300);
	is_int(hex_of(p->device), 0xa348);
	is_int(hex_of(p->subdevice), 0x8723);
	is_str(snap_str(p->driver), "snd_hda_intel");
	is_str(p->modules.n == 1 ? p->modules.s[0] : NULL, "snd_hda_intel");
	is_int(p->iommu_group.v, 7);
	is_int(hex_of(fn_at(s, "0000:01:00.0")->device), 0x2684);
	is_int(hex_of(fn_at(s, "0000:01:00.0")->vendor), 0x10de);
	is_int(fn_at(s, "0000:01:00.0")->driver.have, HAVE_NOT);
	snapshot_free(s);

	s = read_text(
		"01:00.0 \"VGA compatible controller [0300]\" \"NVIDIA Corporation [10de]\" "
		"\"GP107 [GeForce GTX 1050 Ti] [1c82]\" -ra1 -p00 \"Gigabyte [1458]\" "
		"\"Device [3724]\"\n",
		NULL);
	p = fn_at(s, "0000:01:00.0");
	is_int(hex_of(p->device), 0x1c82);
	is_int(hex_of(p->revision), 0xa1);
	is_str(snap_str(p->device_name), "GP107 [GeForce GTX 1050 Ti]");
	is_str(snap_str(p->subsystem_name), "Gigabyte");
	snapshot_free(s);
}

#define WHOLE                                                                            \
	"00:00.0 Host bridge [0600]: Intel Corporation X [8086:3e30] (rev 0a)\n"         \
	"00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901] (rev 0a)\n"          \
	"00:1f.0 ISA bridge [0601]: Intel Corporation X [8086:a305] (rev 10)\n"          \
	"01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82]\n"

TEST(whole_or_not)
{
	static const struct {
		const char *text, *command;
		enum source_status status;
	} rows[] = {
		{ WHOLE, "lspci -nn", STATUS_OK },
		{ WHOLE, NULL, STATUS_OK },
		{ WHOLE, "lspci -nn | grep -v USB", STATUS_TRUNCATED },
		{ WHOLE "...\n02:00.0 USB controller: Intel Corporation X\n", NULL,
			STATUS_TRUNCATED },
		{ "00:00.0 Host bridge: Intel Corporation X\n"
		  "01:00.0 VGA compatible controller: NVIDIA Corporation GP107\n",
			NULL, STATUS_TRUNCATED },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct snapshot *s = read_text(rows[i].text, rows[i].command);

		is_int(snapshot_status(s, SOURCE_PCI), rows[i].status);
		snapshot_free(s);
	}
}

/* The listing of another machine in the same text is left alone. */
TEST(two_machines)
{
	struct snapshot *s = read_text(WHOLE
		"\n\nand this is the laptop:\n\n"
		"00:00.0 Host bridge [0600]: Intel Corporation X [8086:9b61]\n"
		"00:02.0 VGA compatible controller [0300]: Intel Corporation X "
		"[8086:9b41]\n\tKernel driver in use: i915\n",
		NULL);

	is_int(s->pci.n, 4);
	is_int(hex_of(fn_at(s, "0000:00:00.0")->device), 0x3e30);
	snapshot_free(s);
}

/* Who looks at the spans is told. */
TEST(two_machines_are_told)
{
	static const char text[] = "IOMMU Group 0:\n"
				   "\t00:00.0 Host bridge [0600]: Intel Corporation X "
				   "[8086:3e30]\n"
				   "\nthe other one:\n\n"
				   "IOMMU Group 0:\n"
				   "\t00:00.0 Host bridge [0600]: Intel Corporation X "
				   "[8086:9b61]\n"
				   "\t00:02.0 VGA compatible controller [0300]: Intel "
				   "Corporation X [8086:9b41]\n";
	struct import *im = import_new();
	size_t n;

	import_text(im, "paste", text, strlen(text), NULL);
	const struct import_span *spans = import_spans(im, &n);
	struct snapshot *s = import_finish(im);
	is_int(n, 3);
	is_str(spans[0].title, "IOMMU groups");
	is_str(spans[2].title, "IOMMU groups; contradicts an earlier one: left out");
	is_int(s->pci.n, 1);
	import_free(im);
	snapshot_free(s);
}

/* What `ls` or `find` prints of no groups, between two prompts; two commands that somebody
 * advises are no such thing. */
TEST(no_groups_printed)
{
	static const struct {
		const char *text;
		enum source_status status;
	} rows[] = {
		{ "# ls -l /sys/kernel/iommu_groups/\n#\n", STATUS_OK },
		{ "$ ls -l /sys/kernel/iommu_groups\ntotal 0\n", STATUS_OK },
		{ "me@box:~$ find /sys/kernel/iommu_groups/ -type l\nme@box:~$ uname -r\n",
			STATUS_OK },
		{ "$ find /sys/kernel/iommu_groups/ -type l\n$ uname -r\n",
			STATUS_MISSING },
		{ "# find /sys/kernel/iommu_groups/ -type l | grep 01:00\n#\n",
			STATUS_MISSING },
		{ "# ls /sys/kernel/iommu_groups/1/devices\n#\n", STATUS_MISSING },
		{ "# ls -l /sys/kernel/iommu_groups/\n", STATUS_MISSING },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct snapshot *s = read_text(rows[i].text, NULL);

		is_int(snapshot_status(s, SOURCE_IOMMU_GROUPS), rows[i].status);
		snapshot_free(s);
	}
}

/* What one listing lacks another one adds. */
TEST(listings_fill_each_other)
{
	struct snapshot *s = read_text(WHOLE "\n" KERNEL_LINES "\n" TREE, NULL);
	const struct snap_pci *p = fn_at(s, "0000:01:00.0");

	is_str(snap_str(p->driver), "vfio-pci");
	is_str(snap_str(p->parent), "0000:00:01.0");
	is_int(hex_of(p->class_code), 0x030000);
	snapshot_free(s);
}

TEST(broken_lines)
{
	struct snapshot *s = read_text(
		"00:1f.3 Audio device [0403]: Intel Corporation Cannon Lake PCH\n"
		"cAVS [8086:a348] (rev 10)\n"
		"\tSubsystem: ASUSTeK Computer Inc. Device [1043:8723]\n"
		"\tKernel driver in use: snd_hda_intel\n"
		"\tKernel modules: snd_hda_intel, snd_soc_skl,\nsnd_sof_pci_intel_cnl\n"
		"00:1f.4 SMBus [0c05]: Intel Corporation X [8086:a323] (rev 10)\n",
		NULL);
	const struct snap_pci *p = fn_at(s, "0000:00:1f.3");

	is_int(hex_of(p->device), 0xa348);
	is_int(hex_of(p->revision), 0x10);
	is_int(p->modules.n, 3);
	is_int(s->pci.n, 2);
	snapshot_free(s);
}
