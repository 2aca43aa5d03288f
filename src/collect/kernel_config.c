// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's build configuration: where it is found, and which of its lines are kept.
#include "collect/kernel_config.h"

#include <string.h>
#include <zlib.h>

#include "base/text.h"

enum {
	CONFIG_LIMIT = 2 << 20, /* a distribution's is below 300 KiB */
};

/* Symbols that facts ask for; `*` at the end stands for any rest. */
static const struct {
	const char *pattern, *why;
} wanted[] = {
	{ "64BIT", "IRQ_REMAP and VFIO's users want a 64-bit kernel" },
	{ "X86_64", "same" },
	{ "X86_32", "same" },
	{ "ARM64", "architecture of a copied tree" },
	{ "RISCV", "architecture of a copied tree" },
	{ "*IOMMU*", "drivers, their defaults (INTEL_IOMMU_DEFAULT_ON), iommufd, SVM" },
	{ "IRQ_REMAP", "interrupt remapping" },
	{ "DMAR_TABLE", "VT-d tables" },
	{ "X86_X2APIC", "x2APIC mode, which remapping serves" },
	{ "VFIO*", "VFIO and its parts" },
	{ "KVM", "KVM and its parts" },
	{ "KVM_X86", "same" },
	{ "KVM_INTEL", "same" },
	{ "KVM_AMD*", "same" },
	{ "KVM_GUEST", "same" },
	{ "VIRT_DRIVERS", "menu without which KVM is not offered" },
	{ "VIRTUALIZATION", "same" },
	{ "SYSFB*", "who makes the firmware framebuffer a device" },
	{ "FB", "framebuffer devices at all" },
	{ "FB_EFI", "efifb" },
	{ "FB_VESA", "vesafb" },
	{ "FB_SIMPLE", "simplefb" },
	{ "DRM", "DRM built in or a module: races with vfio-pci" },
	{ "DRM_SIMPLEDRM", "simpledrm" },
	{ "DRM_FBDEV_EMULATION", "fb devices of DRM drivers" },
	{ "DRM_AMDGPU", "native driver built in" },
	{ "DRM_RADEON", "same" },
	{ "DRM_NOUVEAU", "same" },
	{ "DRM_I915*", "same; GVT" },
	{ "DRM_XE", "same" },
	{ "DRM_AST", "same" },
	{ "DRM_MGAG200", "same" },
	{ "DRM_BOCHS", "same" },
	{ "DRM_QXL", "same" },
	{ "DRM_CIRRUS_QEMU", "same" },
	{ "DRM_VIRTIO_GPU", "same" },
	{ "SND_HDA_INTEL", "same, for the audio function" },
	{ "BLK_DEV_NVME", "same" },
	{ "SATA_AHCI", "same" },
	{ "USB_XHCI_*", "same" },
	{ "VGA_ARB*", "arbitration of legacy VGA" },
	{ "VGA_SWITCHEROO", "muxed graphics" },
	{ "PCI", "PCI at all" },
	{ "PCI_STUB", "pci-stub" },
	{ "PCI_IOV", "SR-IOV" },
	{ "PCI_PASID", "shared virtual addresses" },
	{ "PCI_P2PDMA", "peer to peer" },
	{ "PCIEPORTBUS", "port services" },
	{ "VMD", "Intel VMD domains" },
	{ "HSA_AMD*", "its use of the IOMMU" },
	{ "AMD_MEM_ENCRYPT*", "SME: AMD-Vi on old microcode" },
	{ "ARCH_HAS_MEM_ENCRYPT", "same" },
	{ "HYPERV*", "Hyper-V" },
	{ "XEN*", "Xen" },
	{ "STRICT_DEVMEM", "/dev/mem" },
	{ "IO_STRICT_DEVMEM", "same" },
	{ "SECURITY_LOCKDOWN_LSM*", "lockdown" },
	{ "LOCK_DOWN_KERNEL*", "same" },
	{ "TRANSPARENT_HUGEPAGE", "guest memory" },
	{ "HUGETLBFS", "same" },
	{ "LTO_CLANG*", "module formats" },
	{ "MODULES", "a kernel without modules" },
	{ "CMDLINE*", "built-in command line" },
	{ "ACPI_TABLE_UPGRADE", "edited ACPI tables" },
	{ "KEXEC*", "kdump" },
	{ "PRINTK_TIME", "stamps of the log" },
};

static bool pattern_fits(const char *pattern, const char *symbol, size_t n)
{
	size_t len = strlen(pattern);

	if (pattern[0] == '*')
		return memmem(symbol, n, pattern + 1, len - 2) != NULL;
	if (pattern[len - 1] == '*')
		return n >= len - 1 && memcmp(symbol, pattern, len - 1) == 0;
	return n == len && memcmp(symbol, pattern, len) == 0;
}

bool kernel_symbol_matters(const char *symbol, size_t n)
{
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (pattern_fits(wanted[i].pattern, symbol, n))
			return true;
	return false;
}

/* The symbol of `CONFIG_X=…` or `# CONFIG_X is not set`; its length, 0 for other lines.
 */
static size_t line_symbol(const char *line, const char **ret_symbol)
{
	bool unset = text_starts(line, "# CONFIG_");

	if (!unset && !text_starts(line, "CONFIG_"))
		return 0;
	const char *symbol = line + (unset ? 9 : 7);
	size_t n = strcspn(symbol, unset ? " " : "=");
	if (unset ? strcmp(symbol + n, " is not set") != 0 : symbol[n] != '=')
		return 0;
	*ret_symbol = symbol;
	return n;
}

/* Keeps the lines that matter; false if the text is no build configuration. */
static bool config_keep(struct snapshot *s, const char *text)
{
	bool seen = false;
	struct strbuf line = { 0 };

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n"), n;
		const char *symbol;
		strbuf_truncate(&line, 0);
		strbuf_add_mem(&line, p, len && p[len - 1] == '\r' ? len - 1 : len);
		n = line_symbol(line.s, &symbol);
		seen |= n > 0;
		if (n && kernel_symbol_matters(symbol, n))
			snap_texts_add(s, &s->kernel.config, line.s);
		p += len + (p[len] == '\n');
	}
	strbuf_free(&line);
	if (seen)
		snap_list_collected(&s->kernel.config);
	return seen;
}

/* Unpacks gzip data into the arena; NULL if it is damaged or larger than the limit. */
static char *gunzip(struct arena *a, const struct root_bytes *packed)
{
	z_stream z = { .next_in = packed->p, .avail_in = (uInt)packed->n };
	struct strbuf text = { 0 };
	char chunk[16384];
	int status;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return NULL;
	do {
		z.next_out = (Bytef *)chunk;
		z.avail_out = sizeof chunk;
		status = inflate(&z, Z_NO_FLUSH);
		if (status == Z_OK || status == Z_STREAM_END)
			strbuf_add_mem(&text, chunk, sizeof chunk - z.avail_out);
	} while (status == Z_OK && text.len <= CONFIG_LIMIT);
	inflateEnd(&z);
	if (status == Z_STREAM_END)
		return strbuf_finish(&text, a);
	strbuf_free(&text);
	return NULL;
}

static char *config_read(const struct root *r, struct arena *a, const char *path,
	enum source_status *ret_status)
{
	struct root_bytes got = root_read(r, a, path, CONFIG_LIMIT);

	*ret_status = got.status;
	if (got.status != STATUS_OK)
		return NULL;
	if (got.n < 2 || got.p[0] != 0x1f || got.p[1] != 0x8b)
		return (char *)got.p;
	char *text = gunzip(a, &got);
	if (!text)
		*ret_status = STATUS_ERROR;
	return text;
}

void collect_kernel_config(struct snapshot *s, const struct root *r)
{
	static const char *const places[] = { "boot/config-%s", "lib/modules/%s/config",
		"usr/lib/modules/%s/config", "proc/config.gz" };
	const char *release = snap_str(s->kernel.release);
	enum source_status worst = STATUS_ABSENT;
	const char *where = NULL;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		enum source_status status;
		const char *mark = strstr(places[i], "%s"), *path = places[i];
		if (mark && (!release || strchr(release, '/')))
			continue;
		if (mark)
			path = arena_printf(s->arena, "%.*s%s%s", (int)(mark - path),
				path, release, mark + 2);
		char *text = config_read(r, s->arena, path, &status);
		if (text && config_keep(s, text)) {
			snapshot_set_status(s, SOURCE_KERNEL_CONFIG, STATUS_OK, NULL);
			return;
		}
		if (status == STATUS_ABSENT)
			continue;
		worst = status == STATUS_OK ? STATUS_ERROR : status;
		where = path;
	}
	snapshot_set_status(s, SOURCE_KERNEL_CONFIG, worst,
		where ? arena_printf(s->arena, "/%s could not be read", where)
		      : "neither /boot/config-RELEASE nor /proc/config.gz");
}
