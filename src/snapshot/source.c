// SPDX-License-Identifier: GPL-2.0-or-later
// The sources of evidence: their names, and how a reader supplies a missing one.
#include <string.h>

#include "snapshot/snapshot.h"

struct source_row {
	const char *name, *title, *remedy;
};

#define AS_ROOT "run as root: sudo vfio-doctor"
#define ON_HOST "run vfio-doctor on the host itself"

static const struct source_row rows[] = {
	[SOURCE_PCI] = { "pci", "PCI functions", ON_HOST },
	[SOURCE_CONFIG_SPACE] = { "config-space",
		"PCI configuration space beyond byte 63", AS_ROOT },
	[SOURCE_CPUID] = { "cpuid", "raw CPUID",
		"give the text of `cpuid -r`: --cpuid FILE" },
	[SOURCE_CPUINFO] = { "cpuinfo", "/proc/cpuinfo", ON_HOST },
	[SOURCE_KERNEL_LOG] = { "kernel-log", "kernel log",
		"right after a boot, as root: sudo vfio-doctor; or --kernel-log FILE" },
	[SOURCE_KERNEL] = { "kernel", "kernel release and command line", ON_HOST },
	[SOURCE_KERNEL_CONFIG] = { "kernel-config", "build configuration of the kernel",
		"install the kernel's config file in /boot" },
	[SOURCE_IOMMU_GROUPS] = { "iommu-groups", "IOMMU groups", ON_HOST },
	[SOURCE_IOMMU_UNITS] = { "iommu-units", "IOMMU units", ON_HOST },
	[SOURCE_IRQ_CHIPS] = { "irq-chips", "interrupt chips", ON_HOST },
	[SOURCE_ACPI_NAMES] = { "acpi-names", "names of the ACPI tables", ON_HOST },
	[SOURCE_ACPI_TABLES] = { "acpi-tables", "ACPI tables DMAR, IVRS and MADT",
		AS_ROOT },
	[SOURCE_MODULES] = { "modules", "loaded modules and their parameters", ON_HOST },
	[SOURCE_MODULE_FILES] = { "module-files", "module lists in /lib/modules",
		ON_HOST },
	[SOURCE_MODPROBE] = { "modprobe", "modprobe.d", ON_HOST },
	[SOURCE_BOOT_CONFIG] = { "boot-config", "boot loader configuration", AS_ROOT },
	[SOURCE_INITRAMFS] = { "initramfs", "initramfs configuration", AS_ROOT },
	[SOURCE_DMI] = { "dmi", "board and firmware names", ON_HOST },
	[SOURCE_DISPLAYS] = { "displays", "displays and framebuffers", ON_HOST },
	[SOURCE_IOMEM] = { "iomem", "/proc/iomem", AS_ROOT },
	[SOURCE_NODES] = { "nodes", "/dev/kvm and /dev/vfio", ON_HOST },
	[SOURCE_STORAGE] = { "storage", "what the host's file systems lie on", ON_HOST },
	[SOURCE_NETWORK] = { "network", "default route", ON_HOST },
	[SOURCE_INPUT] = { "input", "keyboards", ON_HOST },
	[SOURCE_LIMITS] = { "limits", "memory and its limits", ON_HOST },
	[SOURCE_CONTAINER] = { "container", "signs of a container", ON_HOST },
};
_Static_assert(sizeof rows / sizeof rows[0] == N_SOURCES, "a row for every source");

static const char *const statuses[] = {
	[STATUS_MISSING] = "missing",
	[STATUS_OK] = "ok",
	[STATUS_ABSENT] = "absent",
	[STATUS_DENIED] = "denied",
	[STATUS_TRUNCATED] = "truncated",
	[STATUS_ERROR] = "error",
};
_Static_assert(sizeof statuses / sizeof statuses[0] == N_STATUSES, "a word for each");

const char *source_name(enum source s)
{
	return rows[s].name;
}

const char *source_title(enum source s)
{
	return rows[s].title;
}

const char *source_remedy(enum source s)
{
	return rows[s].remedy;
}

bool source_by_name(const char *name, enum source *ret)
{
	for (size_t i = 0; i < N_SOURCES; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*ret = (enum source)i;
			return true;
		}
	}
	return false;
}

const char *source_status_name(enum source_status s)
{
	return statuses[s];
}

bool source_status_by_name(const char *name, enum source_status *ret)
{
	for (size_t i = 0; i < N_STATUSES; i++) {
		if (strcmp(statuses[i], name) == 0) {
			*ret = (enum source_status)i;
			return true;
		}
	}
	return false;
}
