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
	[SOURCE_PCI] = { .name = "pci", .title = "PCI functions", .remedy = ON_HOST },
	[SOURCE_CONFIG_SPACE] = { .name = "config-space",
		.title = "PCI configuration space beyond byte 63",
		.remedy = AS_ROOT },
	[SOURCE_CPUID] = { .name = "cpuid",
		.title = "raw CPUID",
		.remedy = "give the text of `cpuid -r`: --cpuid FILE" },
	[SOURCE_CPUINFO] = { .name = "cpuinfo",
		.title = "/proc/cpuinfo",
		.remedy = ON_HOST },
	[SOURCE_KERNEL_LOG] = { .name = "kernel-log",
		.title = "kernel log",
		.remedy =
			"right after a boot, as root: sudo vfio-doctor; or --kernel-log FILE" },
	[SOURCE_KERNEL] = { .name = "kernel",
		.title = "kernel release and command line",
		.remedy = ON_HOST },
	[SOURCE_KERNEL_CONFIG] = { .name = "kernel-config",
		.title = "build configuration of the kernel",
		.remedy = "install the kernel's config file in /boot" },
	[SOURCE_IOMMU_GROUPS] = { .name = "iommu-groups",
		.title = "IOMMU groups",
		.remedy = ON_HOST },
	[SOURCE_IOMMU_UNITS] = { .name = "iommu-units",
		.title = "IOMMU units",
		.remedy = ON_HOST },
	[SOURCE_IRQ_CHIPS] = { .name = "irq-chips",
		.title = "interrupt chips",
		.remedy = ON_HOST },
	[SOURCE_ACPI_NAMES] = { .name = "acpi-names",
		.title = "names of the ACPI tables",
		.remedy = ON_HOST },
	[SOURCE_ACPI_TABLES] = { .name = "acpi-tables",
		.title = "ACPI tables DMAR, IVRS and MADT",
		.remedy = AS_ROOT },
	[SOURCE_MODULES] = { .name = "modules",
		.title = "loaded modules and their parameters",
		.remedy = ON_HOST },
	[SOURCE_MODULE_FILES] = { .name = "module-files",
		.title = "module lists in /lib/modules",
		.remedy = ON_HOST },
	[SOURCE_MODPROBE] = { .name = "modprobe",
		.title = "modprobe.d",
		.remedy = ON_HOST },
	[SOURCE_BOOT_CONFIG] = { .name = "boot-config",
		.title = "boot loader configuration",
		.remedy = AS_ROOT },
	[SOURCE_INITRAMFS] = { .name = "initramfs",
		.title = "initramfs configuration",
		.remedy = AS_ROOT },
	[SOURCE_DMI] = { .name = "dmi",
		.title = "board and firmware names",
		.remedy = ON_HOST },
	[SOURCE_DISPLAYS] = { .name = "displays",
		.title = "displays and framebuffers",
		.remedy = ON_HOST },
	[SOURCE_IOMEM] = { .name = "iomem", .title = "/proc/iomem", .remedy = AS_ROOT },
	[SOURCE_NODES] = { .name = "nodes",
		.title = "/dev/kvm and /dev/vfio",
		.remedy = ON_HOST },
	[SOURCE_STORAGE] = { .name = "storage",
		.title = "what the host's file systems lie on",
		.remedy = ON_HOST },
	[SOURCE_NETWORK] = { .name = "network",
		.title = "default route",
		.remedy = ON_HOST },
	[SOURCE_INPUT] = { .name = "input", .title = "keyboards", .remedy = ON_HOST },
	[SOURCE_LIMITS] = { .name = "limits",
		.title = "memory and its limits",
		.remedy = ON_HOST },
	[SOURCE_CONTAINER] = { .name = "container",
		.title = "signs of a container",
		.remedy = ON_HOST },
	[SOURCE_GUESTS] = { .name = "guests",
		.title = "guests of libvirt and Proxmox VE",
		.remedy = AS_ROOT },
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
