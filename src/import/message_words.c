// SPDX-License-Identifier: GPL-2.0-or-later
// The words by which error messages about device assignment are known.
#include "import/message_words.h"

/*
 * No line of the kernel log is here: that has a reader of its own. libvirt translates what
 * it says itself, and passes on what QEMU says as it is.
 */
// clang-format off
const struct message_words message_words[] = {
	/* QEMU hw/vfio/container-legacy.c (container.c, common.c before 10.1) */
	{ .text = "is not viable", .from = "group " },
	{ .text = "Please ensure all devices within the iommu_group", .after = "is not viable" },
	{ .text = "please ensure all devices within the iommu_group" },
	{ .text = "no iommu_group found" },
	{ .text = "error no iommu_group for device" },
	{ .text = "ailed to setup container for group " }, /* says which group, if not why */
	{ .text = "ailed to get group " },
	{ .text = "ailed to set iommu for container" },
	{ .text = "ailed to set group container" },
	{ .text = "No available IOMMU models" },
	{ .text = "used in multiple address spaces", .from = "group " },
	{ .text = "error getting device from group" },
	{ .text = "Verify all devices in group", .after = "error getting device" },
	{ .text = "device is already attached" },
	{ .text = "ailed to open /dev/vfio/" },
	{ .text = "rror opening /dev/vfio/" },
	{ .text = "Could not open '/dev/vfio/" },
	{ .text = "annot open /dev/vfio/" },
	{ .text = " does not exist", .from = "VFIO group device /dev/vfio/" },
	/* QEMU hw/vfio/region.c: vfio_region_write(), vfio_region_read() */
	{ .text = ") failed: Device or resource busy", .from = "vfio_region_" },
	/* QEMU hw/pci/pci.c: do_pci_register_device() */
	{ .text = " not available for vfio-pci, in use by", .from = "PCI: slot " },
	{ .text = "VFIO_MAP_DMA" },
	{ .text = "dma_map(0x" },
	{ .text = "DMA mapping failed, unable to continue" },
	{ .text = "Cannot reset device ", .from = "Cannot reset device " },
	/* iommufd: hw/vfio/iommufd.c, backends/iommufd.c */
	{ .text = "error bind device fd=" },
	{ .text = "error attach ", .from = "vfio " },
	/* QEMU hw/vfio/pci.c */
	{ .text = "no such host device" },
	{ .text = "nable to power on device, stuck in D3" },
	{ .text = "ailed to read device config space" },
	{ .text = "Performance may be slow", .from = "ailed to mmap " },
	{ .text = "ailed to set up TRIGGER eventfd signaling" },
	{ .text = "ailed to setup INTx" },
	{ .text = "Cannot read device rom at" },
	{ .text = "option ROM contents are probably invalid", .from = "Device option" },
	{ .text = "Invalid PCI option ROM" },
	{ .text = "MSIX PBA outside of specified BAR" },
	{ .text = "MSIX table outside of specified BAR" },
	{ .text = "msix_init failed" },
	{ .text = "Unrecoverable error detected" },
	{ .text = "VFIO_DEVICE_RESET" },
	/* QEMU hw/vfio/igd.c */
	{ .text = "legacy mode disabled", .from = "IGD device" },
	{ .text = "unsupported in legacy mode", .from = "IGD device" },
	{ .text = "oes not support IGD OpRegion" },
	{ .text = "oes not supports IGD OpRegion" },
	{ .text = "failed to find OpRegion" },
	{ .text = "oes not support requested IGD OpRegion" },
	/* QEMU hw/i386/intel_iommu.c */
	{ .text = "caching-mode=on for intel-iommu", .from = "We need" },
	{ .text = "without enabling caching-mode=on", .from = "Device assignment" },
	{ .text = "enable device assignment", .from = "intel-iommu" },
	/* QEMU ui/, hw/display/: shown in the guest's window */
	{ .text = "Guest has not initialized the display",
		.as = "Guest has not initialized the display (yet)." },
	{ .text = "Display output is not active", .as = "Display output is not active." },
	/* libvirt src/util/virpci.c, src/hypervisor/virhostdev.c */
	{ .text = "Unknown PCI header type" },
	{ .text = "nable to reset PCI device" },
	{ .text = "not doing bus reset", .from = "Active " },
	{ .text = "reset or bus reset available", .from = "PCI device " },
	{ .text = "No PCI reset capability available" },
	{ .text = "is in use by driver", .from = "PCI device ", .until = ", domain" },
	{ .text = "is already in use", .from = "PCI device " },
	{ .text = "is not assignable", .from = "PCI device " },
	{ .text = "behind a switch lacking ACS", .from = "Device " },
	{ .text = "ust be manually detached from the host", .from = "PCI device " },
	{ .text = "ailed to bind PCI device" },
	{ .text = "ailed to unbind PCI device" },
	{ .text = "could not access /sys/bus/pci/devices/", .from = "Device " },
	{ .text = "oesn't support passthrough of host PCI devices", .from = "host d" },
	{ .text = "oesn't support legacy PCI passthrough", .from = "host d" },
	{ .text = "oesn't support VFIO PCI passthrough", .from = "host d" },
	{ .text = "VFIO PCI device assignment is not supported" },
	/* libvirt, virsh nodedev-detach */
	{ .text = "not supported on this system", .from = "VFIO device " },
	{ .text = "not supported on this system", .from = "KVM device " },
	{ .text = "cannot set memory locking limit" },
	{ .text = "annot limit locked memory" },
	{ .text = "' is not supported", .from = "pci backend driver '" },
	{ .text = "ailed to load PCI stub module ", .from = "Failed to load PCI stub module " },
	/* Proxmox VE: qemu-server, PVE/QemuServer/PCI.pm; pve-common, SysFSTools.pm */
	{ .text = "IOMMU not present" },
	{ .text = "No IOMMU detected, please activate it", .until = ".See Documentation" },
	{ .text = "annot bind to driver ", .from = "bind failed for " },
	{ .text = "annot bind ", .from = "Cannot bind " },
	{ .text = "already in use by VMID", .from = "PCI device " },
	{ .text = "can't reset PCI device" },
	{ .text = "failed to reset PCI device" },
	{ .text = "/reset': Inappropriate ioctl for device", .from = "/sys/bus/pci/devices/" },
	{ .text = "no pci device info for device" },
	{ .text = "no PCI device found for" },
	{ .text = "cannot find IOMMU group for" },
	{ .text = "virtualisation configured, but not available", .from = "KVM " },
	{ .text = "failed: got timeout", .from = "failed: got timeout" },
	/* QEMU accel/kvm, libvirt: KVM itself */
	{ .text = "Could not access KVM kernel module" },
	{ .text = "failed to initialize kvm" },
	{ .text = "failed to initialize KVM" },
	{ .text = "could not insert 'kvm_" },
	/* virt-host-validate, tools/virt-host-validate-common.c; kvm-ok of cpu-checker */
	{ .text = "IOMMU appears to be disabled in kernel" },
	{ .text = "No ACPI DMAR table found, IOMMU" },
	{ .text = "No ACPI IVRS table found, IOMMU" },
	{ .text = "CPU does not support KVM extensions", .from = "Your CPU" },
	{ .text = "KVM acceleration can NOT be used" },
	/* Xen: libxl; DPDK: lib/eal/linux/eal_vfio.c */
	{ .text = "annot be assigned - no IOMMU", .from = "PCI device " },
	{ .text = "doesn't support reset from sysfs for PCI device", .from = "The kernel " },
	{ .text = "VFIO group is not viable" },
	/* DPDK: usertools/dpdk-devbind.py; the module's name in place of the driver's */
	{ .text = "annot open /sys/bus/pci/drivers/vfio_pci/", .from = "annot open " },
	{ .text = ": No such file", .from = "/sys/bus/pci/drivers/vfio_pci/" },
	/* cloud-hypervisor: pci/src/vfio.rs */
	{ .text = "ould not mmap sparse area" },
	/* Harvester: pkg/webhook/pcideviceclaim.go, pkg/controller/pcideviceclaim, pkg/iommu */
	{ .text = "has no iommuGroup available", .from = "pcidevice " },
	{ .text = "has no iommuGroup available", .from = "pci device " },
	{ .text = "missing group for address", .until = ", requeuing" },
	{ .text = "rror writing to bind file", .until = ", requeuing" },
	/* Kimchi: hostdev.py, i18n.py (KCHVMHDEV0003E) */
	{ .text = "No IOMMU groups found", .until = ". Host PCI" },
	/* kmod */
	{ .text = "FATAL: Module vfio" },
	{ .text = "could not insert 'vfio" },
	{ .text = "is in use.", .from = "FATAL: Module " },
	{ .text = "is in use by", .from = "ERROR: Module " },
	/* Windows */
	{ .text = "Code 43", .as = "Code 43" },
	{ .text = "code 43", .as = "Code 43" },
	{ .text = "Error 43", .as = "Code 43" },
	{ .text = "error 43", .as = "Code 43" },
	{ .text = "Code 12)", .as = "Code 12" },
	{ .text = "code 12)", .as = "Code 12" },
};
// clang-format on
const size_t message_words_length = sizeof message_words / sizeof message_words[0];
