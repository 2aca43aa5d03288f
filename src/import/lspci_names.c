// SPDX-License-Identifier: GPL-2.0-or-later
// Names that lspci prints in place of numbers: classes, and makers that PCs are built of.
#include "import/lspci_names.h"

#include <string.h>
#include <strings.h>

/* https://pci-ids.ucw.cz, section of classes. An older name of the same subclass differs
 * in capitals only. */
static const struct {
	uint16_t code;
	const char *name;
} classes[] = {
	{ 0x0000, "Non-VGA unclassified device" },
	{ 0x0001, "VGA compatible unclassified device" },
	{ 0x0005, "Image coprocessor" },
	{ 0x0100, "SCSI storage controller" },
	{ 0x0101, "IDE interface" },
	{ 0x0102, "Floppy disk controller" },
	{ 0x0103, "IPI bus controller" },
	{ 0x0104, "RAID bus controller" },
	{ 0x0105, "ATA controller" },
	{ 0x0106, "SATA controller" },
	{ 0x0107, "Serial Attached SCSI controller" },
	{ 0x0108, "Non-Volatile memory controller" },
	{ 0x0109, "Universal Flash Storage controller" },
	{ 0x0180, "Mass storage controller" },
	{ 0x0200, "Ethernet controller" },
	{ 0x0201, "Token ring network controller" },
	{ 0x0202, "FDDI network controller" },
	{ 0x0203, "ATM network controller" },
	{ 0x0204, "ISDN controller" },
	{ 0x0205, "WorldFip controller" },
	{ 0x0206, "PICMG controller" },
	{ 0x0207, "Infiniband controller" },
	{ 0x0208, "Fabric controller" },
	{ 0x0280, "Network controller" },
	{ 0x0300, "VGA compatible controller" },
	{ 0x0301, "XGA compatible controller" },
	{ 0x0302, "3D controller" },
	{ 0x0380, "Display controller" },
	{ 0x0400, "Multimedia video controller" },
	{ 0x0401, "Multimedia audio controller" },
	{ 0x0402, "Computer telephony device" },
	{ 0x0403, "Audio device" },
	{ 0x0480, "Multimedia controller" },
	{ 0x0500, "RAM memory" },
	{ 0x0501, "FLASH memory" },
	{ 0x0502, "CXL" },
	{ 0x0580, "Memory controller" },
	{ 0x0600, "Host bridge" },
	{ 0x0601, "ISA bridge" },
	{ 0x0602, "EISA bridge" },
	{ 0x0603, "MicroChannel bridge" },
	{ 0x0604, "PCI bridge" },
	{ 0x0605, "PCMCIA bridge" },
	{ 0x0606, "NuBus bridge" },
	{ 0x0607, "CardBus bridge" },
	{ 0x0608, "RACEway bridge" },
	{ 0x0609, "Semi-transparent PCI-to-PCI bridge" },
	{ 0x060a, "InfiniBand to PCI host bridge" },
	{ 0x0680, "Bridge" },
	{ 0x0700, "Serial controller" },
	{ 0x0701, "Parallel controller" },
	{ 0x0702, "Multiport serial controller" },
	{ 0x0703, "Modem" },
	{ 0x0704, "GPIB controller" },
	{ 0x0705, "Smard Card controller" },
	{ 0x0780, "Communication controller" },
	{ 0x0800, "PIC" },
	{ 0x0801, "DMA controller" },
	{ 0x0802, "Timer" },
	{ 0x0803, "RTC" },
	{ 0x0804, "PCI Hot-plug controller" },
	{ 0x0805, "SD Host controller" },
	{ 0x0806, "IOMMU" },
	{ 0x0880, "System peripheral" },
	{ 0x0899, "Timing Card" },
	{ 0x0900, "Keyboard controller" },
	{ 0x0901, "Digitizer Pen" },
	{ 0x0902, "Mouse controller" },
	{ 0x0903, "Scanner controller" },
	{ 0x0904, "Gameport controller" },
	{ 0x0980, "Input device controller" },
	{ 0x0a00, "Generic Docking Station" },
	{ 0x0a80, "Docking Station" },
	{ 0x0b00, "386" },
	{ 0x0b01, "486" },
	{ 0x0b02, "Pentium" },
	{ 0x0b10, "Alpha" },
	{ 0x0b20, "Power PC" },
	{ 0x0b30, "MIPS" },
	{ 0x0b40, "Co-processor" },
	{ 0x0c00, "FireWire (IEEE 1394)" },
	{ 0x0c01, "ACCESS Bus" },
	{ 0x0c02, "SSA" },
	{ 0x0c03, "USB controller" },
	{ 0x0c04, "Fibre Channel" },
	{ 0x0c05, "SMBus" },
	{ 0x0c06, "InfiniBand" },
	{ 0x0c07, "IPMI Interface" },
	{ 0x0c08, "SERCOS interface" },
	{ 0x0c09, "CANBUS" },
	{ 0x0c80, "Serial bus controller" },
	{ 0x0d00, "IRDA controller" },
	{ 0x0d01, "Consumer IR controller" },
	{ 0x0d10, "RF controller" },
	{ 0x0d11, "Bluetooth" },
	{ 0x0d12, "Broadband" },
	{ 0x0d20, "802.1a controller" },
	{ 0x0d21, "802.1b controller" },
	{ 0x0d80, "Wireless controller" },
	{ 0x0e00, "I2O" },
	{ 0x0f01, "Satellite TV controller" },
	{ 0x0f02, "Satellite audio communication controller" },
	{ 0x0f03, "Satellite voice communication controller" },
	{ 0x0f04, "Satellite data communication controller" },
	{ 0x1000, "Network and computing encryption device" },
	{ 0x1010, "Entertainment encryption device" },
	{ 0x1080, "Encryption controller" },
	{ 0x1100, "DPIO module" },
	{ 0x1101, "Performance counters" },
	{ 0x1110, "Communication synchronizer" },
	{ 0x1120, "Signal processing management" },
	{ 0x1180, "Signal processing controller" },
	{ 0x1200, "Processing accelerators" },
	{ 0x1201, "SNIA Smart Data Accelerator Interface (SDXI) controller" },
};

/* The same list, sorted by name; former names of the first makers are among them. A name
 * of several makers is none's. */
static const struct {
	uint16_t id;
	const char *name;
} vendors[] = {
	{ 0x10b7, "3Com Corporation" },
	{ 0xa727, "3Com Corporation" },
	{ 0x121a, "3Dfx Interactive, Inc." },
	{ 0x9004, "Adaptec" },
	{ 0x9005, "Adaptec" },
	{ 0x1cc1, "ADATA Technology Co., Ltd." },
	{ 0x1022, "Advanced Micro Devices [AMD]" },
	{ 0x1002, "Advanced Micro Devices [AMD] nee ATI" },
	{ 0x1002, "Advanced Micro Devices nee ATI" },
	{ 0x1002, "Advanced Micro Devices, Inc. [AMD/ATI]" },
	{ 0x1022, "Advanced Micro Devices, Inc. [AMD]" },
	{ 0x1aea, "Alcor Micro" },
	{ 0x1172, "Altera Corporation" },
	{ 0x1d0f, "Amazon.com, Inc." },
	{ 0x1dd8, "AMD Pensando Systems" },
	{ 0x1def, "Ampere Computing, LLC" },
	{ 0x1c36, "Annapurna Labs Ltd." },
	{ 0x106b, "Apple Inc." },
	{ 0x1d6a, "Aquantia Corp." },
	{ 0x13b5, "ARM" },
	{ 0x1e17, "Arnold & Richter Cine Technik GmbH & Co. Betriebs KG" },
	{ 0x1b21, "ASMedia Technology Inc." },
	{ 0x1a03, "ASPEED Technology, Inc." },
	{ 0x1849, "ASRock Incorporation" },
	{ 0x1043, "ASUSTeK Computer Inc." },
	{ 0x168c, "Atheros Communications Inc." },
	{ 0x1002, "ATI Technologies Inc" },
	{ 0x12eb, "Aureal Semiconductor" },
	{ 0x11af, "Avid Technology Inc." },
	{ 0x2711, "AVID Technology Inc." },
	{ 0x1c5f, "Beijing Memblaze Technology Co. Ltd." },
	{ 0x8088, "Beijing Wangxun Technology Co., Ltd." },
	{ 0x1dee, "Biwin Storage Technology Co., Ltd." },
	{ 0x1166, "Broadcom" },
	{ 0x182f, "Broadcom" },
	{ 0x1000, "Broadcom / LSI" },
	{ 0x14e4, "Broadcom Corporation" },
	{ 0x14e4, "Broadcom Inc. and subsidiaries" },
	{ 0x14e4, "Broadcom Limited" },
	{ 0x13f6, "C-Media Electronics Inc" },
	{ 0x1657, "Cavium QLogic" },
	{ 0x177d, "Cavium, Inc." },
	{ 0x1425, "Chelsio Communications Inc" },
	{ 0x1d94, "Chengdu Haiguang IC Design Co., Ltd." },
	{ 0x1f2f, "China Mobile (Hangzhou) Information Technology Co.Ltd." },
	{ 0x1013, "Cirrus Logic" },
	{ 0x1137, "Cisco Systems Inc" },
	{ 0x14f1, "Conexant Systems, Inc." },
	{ 0x1571, "Contemporary Controls" },
	{ 0x1102, "Creative Labs" },
	{ 0xc0a9, "Crucial Technology" },
	{ 0x1c33, "Daktronics, Inc" },
	{ 0x1e3b, "DapuStor Corporation" },
	{ 0x1028, "Dell" },
	{ 0x1d78, "DERA Storage" },
	{ 0x1011, "Digital Equipment Corporation" },
	{ 0x1bfd, "EeeTOP" },
	{ 0x10df, "Emulex Corporation" },
	{ 0x19a2, "Emulex Corporation" },
	{ 0x1524, "ENE Technology Inc" },
	{ 0x1c44, "Enmotus Inc" },
	{ 0x125d, "ESS Technology" },
	{ 0x1b6f, "Etron Technology, Inc." },
	{ 0x3842, "eVga.com. Corp." },
	{ 0x10cf, "Fujitsu Limited." },
	{ 0x1ed2, "FuriosaAI, Inc." },
	{ 0x1458, "Gigabyte Technology Co., Ltd" },
	{ 0x1ae0, "Google, Inc." },
	{ 0x1590, "Hewlett Packard Enterprise" },
	{ 0x103c, "Hewlett-Packard Company" },
	{ 0x1c58, "HGST, Inc." },
	{ 0x1103, "HighPoint Technologies, Inc." },
	{ 0x1787, "Hightech Information System Ltd." },
	{ 0x17af, "Hightech Information System Ltd." },
	{ 0x1e83, "Huaqin Technology Co.Ltd" },
	{ 0x19e5, "Huawei Technologies Co., Ltd." },
	{ 0x1014, "IBM" },
	{ 0x1dbe, "INNOGRIT Corporation" },
	{ 0x80ee, "InnoTek Systemberatung GmbH" },
	{ 0x1283, "Integrated Technology Express, Inc." },
	{ 0x8086, "Intel Corp." },
	{ 0x8086, "Intel Corporation" },
	{ 0x4444, "Internext Compression Inc" },
	{ 0x1797, "Intersil Techwell" },
	{ 0x197b, "JMicron Technology Corp." },
	{ 0x2646, "Kingston Technologies" },
	{ 0x2646, "Kingston Technology Company, Inc." },
	{ 0x1e0f, "KIOXIA Corporation" },
	{ 0x17aa, "Lenovo" },
	{ 0x1d49, "Lenovo" },
	{ 0x11c1, "LSI Corporation" },
	{ 0x1000, "LSI Logic / Symbios Logic" },
	{ 0x10cc, "Mai Logic Incorporated" },
	{ 0x11ab, "Marvell Technology Group Ltd." },
	{ 0x1b4b, "Marvell Technology Group Ltd." },
	{ 0x102b, "Matrox Electronics Systems Ltd." },
	{ 0x102b, "Matrox Graphics, Inc." },
	{ 0x1e4b, "MAXIO Technology (Hangzhou) Ltd." },
	{ 0x14c3, "MEDIATEK Corp." },
	{ 0x15b3, "Mellanox Technologies" },
	{ 0x1462, "Micro-Star International Co., Ltd. [MSI]" },
	{ 0x1344, "Micron Technology Inc" },
	{ 0xc0a9, "Micron/Crucial Technology" },
	{ 0x18c3, "Micronas Semiconductor Holding AG" },
	{ 0x111d, "Microsemi / PMC / IDT" },
	{ 0x1414, "Microsoft Corporation" },
	{ 0x1057, "Motorola" },
	{ 0x11b7, "Motorola" },
	{ 0xc0de, "Motorola" },
	{ 0x1cd7, "Nanjing Magewell Electronics Co., Ltd." },
	{ 0x100b, "National Semiconductor Corporation" },
	{ 0x1033, "NEC Corporation" },
	{ 0x11c3, "NEC Corporation" },
	{ 0x1bcf, "NEC Corporation" },
	{ 0xa200, "NEC Corporation" },
	{ 0x1f40, "Netac Technology Co.,Ltd" },
	{ 0x10de, "NVIDIA Corporation" },
	{ 0x1217, "O2 Micro, Inc." },
	{ 0x104e, "Oak Technology, Inc" },
	{ 0x1569, "Palit Microsystems Inc." },
	{ 0x1ab8, "Parallels, Inc." },
	{ 0x174b, "PC Partner Limited / Sapphire Technology" },
	{ 0x1b0a, "Pegatron" },
	{ 0x12d8, "Pericom Semiconductor" },
	{ 0x1131, "Philips Semiconductors" },
	{ 0x1987, "Phison Electronics Corporation" },
	{ 0x1db7, "Phytium Technology Co., Ltd." },
	{ 0x10b5, "PLX Technology, Inc." },
	{ 0x1077, "QLogic Corp." },
	{ 0x1baa, "QNAP Systems, Inc." },
	{ 0x168c, "Qualcomm Atheros" },
	{ 0x1969, "Qualcomm Atheros" },
	{ 0x17cb, "Qualcomm Technologies, Inc" },
	{ 0x1814, "Ralink corp." },
	{ 0x10ec, "Realtek Semiconductor Co., Ltd." },
	{ 0x1af4, "Red Hat, Inc." },
	{ 0x1b36, "Red Hat, Inc." },
	{ 0x6900, "Red Hat, Inc." },
	{ 0x1912, "Renesas Technology Corp." },
	{ 0x1180, "Ricoh Co Ltd" },
	{ 0x1a56, "Rivet Networks" },
	{ 0x1d87, "Rockchip Electronics Co., Ltd" },
	{ 0x1a55, "Rohde & Schwarz DVS GmbH" },
	{ 0x5333, "S3 Graphics Ltd." },
	{ 0x144d, "Samsung Electronics Co Ltd" },
	{ 0x15b7, "Sandisk Corp" },
	{ 0x1da2, "Sapphire Technology Limited" },
	{ 0x1bb1, "Seagate Technology PLC" },
	{ 0x1e36, "Shanghai Enflame Technology Co. Ltd" },
	{ 0x1d97, "Shenzhen Longsys Electronics Co., Ltd." },
	{ 0x1f03, "Shenzhen Shichuangyi Electronics Co., Ltd" },
	{ 0x1cc4, "Shenzhen Unionmemory Information System Ltd." },
	{ 0x1105, "Sigma Designs, Inc." },
	{ 0x10a9, "Silicon Graphics Intl. Corp." },
	{ 0x1095, "Silicon Image, Inc." },
	{ 0x1039, "Silicon Integrated Systems [SiS]" },
	{ 0x126f, "Silicon Motion, Inc." },
	{ 0x1c5c, "SK hynix" },
	{ 0x1c1f, "SoftLab-NSK" },
	{ 0x1924, "Solarflare Communications" },
	{ 0x1e95, "Solid State Storage Technology Corporation" },
	{ 0x025e, "Solidigm" },
	{ 0x104d, "Sony Corporation" },
	{ 0x1ee9, "SUSE LLC" },
	{ 0x1fc9, "Tehuti Networks Ltd." },
	{ 0x104c, "Texas Instruments" },
	{ 0x1d05, "Tongfang Hongkong Limited" },
	{ 0x1179, "Toshiba America Info Systems" },
	{ 0x1179, "Toshiba Corporation" },
	{ 0x1d79, "Transcend Information, Inc." },
	{ 0x1023, "Trident Microsystems" },
	{ 0x148c, "Tul Corporation / PowerColor" },
	{ 0x10b9, "ULi Electronics Inc." },
	{ 0x1412, "VIA Technologies Inc." },
	{ 0x1106, "VIA Technologies, Inc." },
	{ 0x1745, "ViXS Systems, Inc." },
	{ 0x15ad, "VMware" },
	{ 0x1a71, "XenSource, Inc." },
	{ 0x5853, "XenSource, Inc." },
	{ 0xfffd, "XenSource, Inc." },
	{ 0x1eae, "XFX Limited" },
	{ 0x1682, "XFX Pine Group Inc." },
	{ 0x18ca, "XGI Technology Inc. (eXtreme Graphics Innovation)" },
	{ 0x10ee, "Xilinx Corporation" },
	{ 0x1073, "Yamaha Corporation" },
	{ 0x1e49, "Yangtze Memory Technologies Co.,Ltd" },
	{ 0x1d17, "Zhaoxin" },
	{ 0x19da, "ZOTAC International (MCO) Ltd." },
};

enum {
	N_CLASSES = sizeof classes / sizeof classes[0],
	N_VENDORS = sizeof vendors / sizeof vendors[0],
};

bool lspci_class_named(const char *name, size_t n, uint16_t *ret)
{
	for (size_t i = 0; i < N_CLASSES; i++) {
		if (!strncasecmp(classes[i].name, name, n) && !classes[i].name[n]) {
			*ret = classes[i].code;
			return true;
		}
	}
	return false;
}

/* Length of NAME if TEXT begins with it and the word ends there. */
static size_t begins_with(const char *text, size_t n, const char *name)
{
	enum { CASE = 0x20 };
	size_t length;

	/* Most fail here, and there are many */
	if (!n || ((text[0] ^ name[0]) & ~CASE))
		return 0;
	length = strlen(name);
	if (length > n || strncasecmp(text, name, length) != 0)
		return 0;
	return length == n || text[length] == ' ' ? length : 0;
}

size_t lspci_vendor_named(const char *text, size_t n, struct lspci_vendor *ret)
{
	size_t best = 0;

	for (size_t i = 0; i < N_VENDORS; i++) {
		size_t length = begins_with(text, n, vendors[i].name);

		if (length == 0 || length < best)
			continue;
		*ret = (struct lspci_vendor){ .id = vendors[i].id,
			.ambiguous = length == best };
		best = length;
	}
	return best;
}

size_t lspci_vendor_name(const char *text, size_t n, uint16_t id)
{
	size_t best = 0;

	for (size_t i = 0; i < N_VENDORS; i++) {
		size_t length =
			vendors[i].id == id ? begins_with(text, n, vendors[i].name) : 0;

		best = length > best ? length : best;
	}
	return best;
}
