// SPDX-License-Identifier: GPL-2.0-or-later
// Kernel messages without a stamp: by which words they are told from other text.
#include <string.h>

#include "base/text.h"
#include "import/klog.h"
#include "import/klog_text.h"

/* What a line may begin with; each is the kernel's own, in some version. */
static const char *const beginnings[] = {
	"DMAR: ",
	"Your BIOS is broken; ",
	"DMAR:[",
	"DMAR-IR: ",
	"dmar: ",
	"DRHD: ",
	"IOMMU: Setting ",
	"IOMMU: hardware ",
	"IOMMU: dmar",
	"IOMMU 0 0x",
	"IOMMU 1 0x",
	"Intel-IOMMU: ",
	"iommu: ",
	"ioapic: ",
	"AMD-Vi: ",
	"AMD IOMMUv2 ",
	"ivrs, add ",
	"ACPI: DMAR 0x",
	"ACPI: IVRS 0x",
	"ACPI: DMAR (",
	"ACPI: IVRS (",
	"ACPI: Reserving DMAR ",
	"ACPI: Reserving IVRS ",
	"BIOS-e820: ",
	"BIOS-provided physical RAM map:",
	"Command line: ",
	"Kernel command line: ",
	"Enabled IRQ remapping",
	"Enabled Interrupt-remapping",
	"Enabled x2apic",
	"Failed to enable irq remapping",
	"Failed to enable Interrupt-remapping",
	"IRQ remapping doesn't",
	"Not enabling interrupt remapping",
	"Interrupt remapping enabled",
	"Queued invalidation ",
	"PCI-DMA: ",
	"Using GART IOMMU",
	"Warning: PCIe ACS overrides",
	"VFIO - User Level meta-driver",
	"vfio_pci: ",
	"vfio-pci: ",
	"vfio_iommu_type1",
	"vfio_pin_page",
	"vfio_lock_acct",
	"No interrupt remapping support",
	"genirq: ",
	"kfd kfd: ",
	"vfio_bar_restore: ",
	"vfio_ecap_init: ",
	"vfio_cap_init: ",
	"kvm: ",
	"kvm_intel: ",
	"kvm_amd: ",
	"SVM: ",
	"x86/cpu: ",
	"x2apic: ",
	"smpboot: ",
	"perf/amd_iommu: ",
	"perf: amd_iommu",
	"pci-stub: ",
	"pci_bus ",
	"vgaarb: ",
	"efifb: ",
	"simplefb: ",
	"simple-framebuffer ",
	"fbcon: ",
	"fb0: ",
	"Console: switching to ",
	"nvidia: ",
	"NVRM: ",
	"[drm] ",
	"[drm:",
	"Lockdown: ",
	"Kernel is locked down",
	"Spectre V",
	"microcode: ",
};

/* Programs say these of themselves. */
static const char *const not_the_kernel[] = {
	"kvm: -",
	"kvm: vfio",
	"kvm: error",
	"kvm: failed",
	"vfio-pci: error",
};

static bool begins_with(const char *text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_starts(text, list[i]))
			return true;
	return false;
}

/* `vfio-pci 0000:01:00.0: …` (dev_printk()). QEMU prints `vfio 0000:01:00.0: `. */
static bool is_of_device(const char *text)
{
	size_t n = strcspn(text, " :");
	struct bdf address;

	if (n == 0 || n > 24 || text[n] != ' ' || text_starts(text, "vfio "))
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
			    c == '-' || (i && c >= '0' && c <= '9')))
			return false;
	}
	const char *p = text + n + 1;
	if (text_starts(p, "PCI ")) /* dmar: Device scope device [0000:…] */
		p += 4;
	size_t taken = import_address(p, &address);
	/* dev_printk() never leaves out the domain */
	return taken >= 12 && p[taken] == ':' && (!p[taken + 1] || p[taken + 1] == ' ');
}

bool klog_message_is(const char *text)
{
	if (begins_with(text, not_the_kernel,
		    sizeof not_the_kernel / sizeof not_the_kernel[0]))
		return false;
	/* __report_bad_irq(), kernel/irq/spurious.c */
	if (text_starts(text, "irq ") && strstr(text, ": nobody cared"))
		return true;
	return klog_is_banner(text) ||
		begins_with(text, beginnings, sizeof beginnings / sizeof beginnings[0]) ||
		is_of_device(text);
}
