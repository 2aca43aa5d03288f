// SPDX-License-Identifier: GPL-2.0-or-later
// The fields of a snapshot: one row each, in the order of the document.
#include "snapshot/fields.h"

#define FIELD(type_, struct_, name_, ...)                                                \
	{                                                                                \
		.name = #name_, .type = FIELD_##type_,                                   \
		.offset = offsetof(struct_, name_), __VA_ARGS__                          \
	}
#define RECORD(name_, struct_, ...)                                                      \
	static const struct record name_##_record = { .size = sizeof(struct_),           \
		.fields = name_##_fields,                                                \
		.n = sizeof name_##_fields / sizeof name_##_fields[0],                   \
		__VA_ARGS__ }

// clang-format off

static const struct field source_fields[] = {
	FIELD(NAME, struct snap_source, name, .meaning = "the source"),
	FIELD(NAME, struct snap_source, status, .meaning = "ok, absent, denied, truncated or error"),
	FIELD(TEXT, struct snap_source, reason, .meaning = "why, where it is not ok"),
};
RECORD(source, struct snap_source, .title = "What became of a source");

static const struct field origin_fields[] = {
	FIELD(NAME, struct snap_origin, kind, .meaning = "live, tree (`--root`) or pasted"),
	FIELD(NAME, struct snap_origin, tool, .version = true, .meaning = "version of the program that collected it"),
	FIELD(BOOL, struct snap_origin, privileged, .meaning = "collected as root"),
	FIELD(BOOL, struct snap_origin, redacted, .meaning = "private names were replaced"),
};
RECORD(origin, struct snap_origin, .title = "Where the snapshot comes from");

static const struct field dmi_fields[] = {
	FIELD(TEXT, struct snap_dmi, sys_vendor, .meaning = "`/sys/class/dmi/id/sys_vendor`, and so on"),
	FIELD(TEXT, struct snap_dmi, product_name, .meaning = ""),
	FIELD(TEXT, struct snap_dmi, board_vendor, .meaning = ""),
	FIELD(TEXT, struct snap_dmi, board_name, .meaning = ""),
	FIELD(TEXT, struct snap_dmi, bios_vendor, .meaning = ""),
	FIELD(TEXT, struct snap_dmi, bios_version, .version = true, .meaning = ""),
	FIELD(TEXT, struct snap_dmi, bios_date, .meaning = ""),
	FIELD(INT, struct snap_dmi, chassis_type, .meaning = "SMBIOS type 3: 3 is a desktop, 9 and 10 are laptops"),
};
RECORD(dmi, struct snap_dmi, .title = "Board and firmware");

static const struct field host_fields[] = {
	FIELD(RECORD, struct snap_host, dmi, .of = &dmi_record, .meaning = "board and firmware"),
	FIELD(BOOL, struct snap_host, efi, .meaning = "`/sys/firmware/efi` exists"),
	FIELD(TEXT, struct snap_host, hypervisor, .meaning = "`/sys/hypervisor/type`"),
	FIELD(TEXT, struct snap_host, xen_caps, .meaning = "`/proc/xen/capabilities`: control_d in dom0"),
	FIELD(TEXT, struct snap_host, container, .meaning = "kind of container the collector ran in"),
	FIELD(TEXT, struct snap_host, os_id, .meaning = "`ID` of os-release"),
	FIELD(TEXT, struct snap_host, os_name, .meaning = "`PRETTY_NAME` of os-release"),
	FIELD(INT, struct snap_host, mem_total_kib, .meaning = "memory, KiB"),
	FIELD(INT, struct snap_host, mem_available_kib, .meaning = "memory available, KiB"),
	FIELD(INT, struct snap_host, memlock_bytes, .meaning = "soft limit of locked memory of the collector; -1: none"),
	FIELD(INT, struct snap_host, boot_time, .meaning = "seconds since 1970"),
	FIELD(TEXT, struct snap_host, default_route, .meaning = "interface with the default route"),
	FIELD(TEXT, struct snap_host, loader_info, .version = true, .meaning = "EFI variable LoaderInfo"),
	FIELD(TEXT, struct snap_host, loader_entry, .meaning = "EFI variable LoaderEntrySelected"),
	FIELD(BOOL, struct snap_host, secure_boot, .meaning = "EFI variable SecureBoot"),
};
RECORD(host, struct snap_host, .title = "The machine");

static const struct field kernel_fields[] = {
	FIELD(TEXT, struct snap_kernel, release, .version = true, .meaning = "`uname -r`"),
	FIELD(TEXT, struct snap_kernel, machine, .meaning = "`uname -m`"),
	FIELD(TEXT, struct snap_kernel, version, .meaning = "`/proc/version`"),
	FIELD(TEXT, struct snap_kernel, cmdline, .max = 0x40000, .meaning = "`/proc/cmdline`"),
	FIELD(TEXT, struct snap_kernel, lockdown, .meaning = "lockdown mode in force"),
	FIELD(HEX, struct snap_kernel, tainted, .meaning = "`/proc/sys/kernel/tainted`"),
	FIELD(TEXTS, struct snap_kernel, config, .meaning = "lines of the build configuration that matter"),
	FIELD(TEXTS, struct snap_kernel, builtin, .meaning = "lines of modules.builtin that matter"),
	FIELD(TEXTS, struct snap_kernel, available, .meaning = "modules on disk that matter"),
	FIELD(TEXTS, struct snap_kernel, softdep, .meaning = "lines of modules.softdep that name a vfio module"),
};
RECORD(kernel, struct snap_kernel, .title = "The running kernel");

static const struct field cpuid_fields[] = {
	FIELD(WORD32, struct snap_cpuid, leaf, .meaning = "EAX on entry"),
	FIELD(WORD32, struct snap_cpuid, subleaf, .meaning = "ECX on entry"),
	FIELD(WORD32, struct snap_cpuid, eax, .meaning = ""),
	FIELD(WORD32, struct snap_cpuid, ebx, .meaning = ""),
	FIELD(WORD32, struct snap_cpuid, ecx, .meaning = ""),
	FIELD(WORD32, struct snap_cpuid, edx, .meaning = ""),
};
RECORD(cpuid, struct snap_cpuid, .title = "A CPUID leaf of the first CPU");

static const struct field cpu_fields[] = {
	FIELD(LIST, struct snap_cpu, leaves, .of = &cpuid_record, .meaning = "raw CPUID"),
	FIELD(TEXT, struct snap_cpu, vendor_id, .meaning = "of the first CPU in `/proc/cpuinfo`, and so on"),
	FIELD(TEXT, struct snap_cpu, model_name, .meaning = ""),
	FIELD(TEXT, struct snap_cpu, flags, .meaning = ""),
	FIELD(TEXT, struct snap_cpu, microcode, .version = true, .meaning = ""),
	FIELD(TEXT, struct snap_cpu, address_sizes, .meaning = ""),
	FIELD(INT, struct snap_cpu, family, .meaning = ""),
	FIELD(INT, struct snap_cpu, model, .meaning = ""),
	FIELD(INT, struct snap_cpu, stepping, .meaning = ""),
	FIELD(INT, struct snap_cpu, count, .meaning = "CPUs listed"),
	FIELD(TEXT, struct snap_cpu, virtualization, .meaning = "VT-x or AMD-V, where only that was printed (`lscpu`)"),
};
RECORD(cpu, struct snap_cpu, .title = "The processor");

static const struct field log_fields[] = {
	FIELD(TEXT, struct snap_log, from, .meaning = "where it was read"),
	FIELD(BOOL, struct snap_log, complete, .meaning = "no line of this boot is missing"),
	FIELD(TEXTS, struct snap_log, filter, .meaning = "words of a search: no line that holds one of them is missing"),
	FIELD(BOOL, struct snap_log, filter_any_case, .meaning = "small letters and capitals are the same to it"),
	FIELD(TEXTS, struct snap_log, lines, .lines = true, .meaning = "oldest first"),
};
RECORD(log, struct snap_log, .title = "The kernel log");

static const struct field acpi_table_fields[] = {
	FIELD(NAME, struct snap_acpi_table, name, .meaning = "signature"),
	FIELD(BYTES, struct snap_acpi_table, data, .max = 0x100000, .meaning = "the whole table"),
};
RECORD(acpi_table, struct snap_acpi_table, .title = "An ACPI table");

static const struct field vbios_fields[] = {
	FIELD(ADDRESS, struct snap_vbios, address, .meaning = "adapter that it is for"),
	FIELD(HEX, struct snap_vbios, vendor, .max = 0xffff, .meaning = ""),
	FIELD(HEX, struct snap_vbios, device, .max = 0xffff, .meaning = ""),
	FIELD(INT, struct snap_vbios, size, .meaning = "bytes"),
};
RECORD(vbios, struct snap_vbios, .title = "A video BIOS in the ACPI table VFCT");

static const struct field pci_fields[] = {
	FIELD(ADDRESS, struct snap_pci, address, .meaning = "domain:bus:device.function"),
	FIELD(HEX, struct snap_pci, class_code, .max = 0xffffff, .meaning = "base class, subclass, programming interface"),
	FIELD(HEX, struct snap_pci, vendor, .max = 0xffff, .meaning = ""),
	FIELD(HEX, struct snap_pci, device, .max = 0xffff, .meaning = ""),
	FIELD(HEX, struct snap_pci, subvendor, .max = 0xffff, .meaning = ""),
	FIELD(HEX, struct snap_pci, subdevice, .max = 0xffff, .meaning = ""),
	FIELD(HEX, struct snap_pci, revision, .max = 0xff, .meaning = ""),
	FIELD(TEXT, struct snap_pci, vendor_name, .meaning = "from pci.ids"),
	FIELD(TEXT, struct snap_pci, device_name, .meaning = ""),
	FIELD(TEXT, struct snap_pci, subsystem_name, .meaning = ""),
	FIELD(TEXT, struct snap_pci, class_name, .meaning = ""),
	FIELD(TEXT, struct snap_pci, driver, .meaning = "driver bound to it"),
	FIELD(TEXT, struct snap_pci, driver_override, .meaning = "only driver that may bind"),
	FIELD(TEXTS, struct snap_pci, modules, .meaning = "modules on disk whose alias fits"),
	FIELD(INT, struct snap_pci, iommu_group, .natural = true, .meaning = "its IOMMU group"),
	FIELD(TEXT, struct snap_pci, parent, .meaning = "bridge above it"),
	FIELD(TEXTS, struct snap_pci, resources, .meaning = "lines of `resource`: start, end, flags"),
	FIELD(BOOL, struct snap_pci, boot_vga, .meaning = "the firmware booted on this display"),
	FIELD(TEXT, struct snap_pci, reset_method, .meaning = "reset methods in use"),
	FIELD(BOOL, struct snap_pci, reset, .meaning = "the file `reset` exists"),
	FIELD(TEXT, struct snap_pci, power_state, .meaning = "D0, D3hot, D3cold, unknown, error"),
	FIELD(BOOL, struct snap_pci, d3cold_allowed, .meaning = ""),
	FIELD(TEXT, struct snap_pci, runtime_status, .meaning = "runtime power management"),
	FIELD(INT, struct snap_pci, numa_node, .meaning = "-1: none"),
	FIELD(INT, struct snap_pci, sriov_total, .meaning = "virtual functions it can have"),
	FIELD(INT, struct snap_pci, sriov_num, .meaning = "virtual functions enabled"),
	FIELD(TEXT, struct snap_pci, physfn, .meaning = "physical function of a virtual one"),
	FIELD(BOOL, struct snap_pci, rom, .meaning = "the file `rom` exists"),
	FIELD(BYTES, struct snap_pci, rom_bytes, .max = 0x80000, .meaning = "the ROM, from a tree that holds a copy of it"),
	FIELD(TEXT, struct snap_pci, link_speed, .meaning = ""),
	FIELD(TEXT, struct snap_pci, link_width, .meaning = ""),
	FIELD(TEXT, struct snap_pci, max_link_speed, .meaning = ""),
	FIELD(TEXT, struct snap_pci, max_link_width, .meaning = ""),
	FIELD(BOOL, struct snap_pci, enabled, .meaning = "`enable` is not 0"),
	FIELD(BOOL, struct snap_pci, msi, .meaning = "uses message-signalled interrupts"),
	FIELD(INT, struct snap_pci, irq, .meaning = "number of its interrupt line, where it is enabled and uses no messages"),
	FIELD(TEXT, struct snap_pci, removable, .meaning = "removable: it hangs on a port that faces outwards"),
	FIELD(BYTES, struct snap_pci, config, .max = 0x1000, .meaning = "configuration space as far as readable"),
	FIELD(BYTES, struct snap_pci, config_mask, .max = 0x1000, .meaning = "which bits of it are known; absent: all"),
};
RECORD(pci, struct snap_pci, .title = "A PCI function", .ascending = true);

static const struct field group_fields[] = {
	FIELD(NUMBER, struct snap_group, id, .natural = true, .meaning = "its number"),
	FIELD(TEXT, struct snap_group, name, .meaning = "vfio-noiommu of the no-IOMMU mode"),
	FIELD(TEXT, struct snap_group, type, .meaning = "default domain"),
	FIELD(TEXTS, struct snap_group, reserved, .meaning = "lines of reserved_regions"),
	FIELD(TEXTS, struct snap_group, devices, .meaning = "members"),
};
RECORD(group, struct snap_group, .title = "An IOMMU group");

static const struct field unit_fields[] = {
	FIELD(NAME, struct snap_unit, name, .meaning = "dmar0, ivhd0, …"),
	FIELD(HEX, struct snap_unit, cap, .meaning = "VT-d capability register"),
	FIELD(HEX, struct snap_unit, ecap, .meaning = "VT-d extended capability register"),
	FIELD(HEX, struct snap_unit, address, .meaning = "its registers"),
	FIELD(TEXT, struct snap_unit, version, .version = true, .meaning = ""),
	FIELD(TEXT, struct snap_unit, features, .meaning = "AMD extended features"),
	FIELD(TEXTS, struct snap_unit, devices, .meaning = "devices behind it"),
};
RECORD(unit, struct snap_unit, .title = "An IOMMU");

static const struct field irq_fields[] = {
	FIELD(NAME, struct snap_irq, number, .meaning = ""),
	FIELD(TEXT, struct snap_irq, chip, .meaning = "as the kernel names it"),
	FIELD(TEXT, struct snap_irq, actions, .meaning = "handlers"),
};
RECORD(irq, struct snap_irq, .title = "An interrupt");

static const struct field module_fields[] = {
	FIELD(NAME, struct snap_module, name, .meaning = "with `_`"),
	FIELD(BOOL, struct snap_module, loaded, .meaning = "in `/proc/modules`; false: built in"),
	FIELD(INT, struct snap_module, users, .meaning = ""),
};
RECORD(module, struct snap_module, .title = "A module");

static const struct field parameter_fields[] = {
	FIELD(NAME, struct snap_parameter, module, .meaning = ""),
	FIELD(NAME, struct snap_parameter, name, .meaning = ""),
	FIELD(TEXT, struct snap_parameter, value, .meaning = "null: may not be read"),
};
RECORD(parameter, struct snap_parameter, .title = "A module parameter");

static const struct field file_fields[] = {
	FIELD(NAME, struct snap_file, path, .meaning = ""),
	FIELD(INT, struct snap_file, mtime, .meaning = "seconds since 1970"),
	FIELD(INT, struct snap_file, size, .meaning = "bytes"),
	FIELD(TEXT, struct snap_file, text, .lines = true, .meaning = "null: its text is not kept"),
	FIELD(TEXT, struct snap_file, link, .meaning = "target of the symbolic link"),
	FIELD(TEXT, struct snap_file, trouble, .meaning = "why the text is missing"),
};
RECORD(file, struct snap_file, .title = "A configuration file");

static const struct field connector_fields[] = {
	FIELD(NAME, struct snap_connector, name, .meaning = ""),
	FIELD(TEXT, struct snap_connector, status, .meaning = "connected, disconnected, unknown"),
};
RECORD(connector, struct snap_connector, .title = "A connector of a display");

static const struct field card_fields[] = {
	FIELD(NAME, struct snap_card, name, .meaning = ""),
	FIELD(TEXT, struct snap_card, device, .meaning = "address or platform device"),
	FIELD(TEXT, struct snap_card, driver, .meaning = ""),
	FIELD(LIST, struct snap_card, connectors, .of = &connector_record, .meaning = ""),
};
RECORD(card, struct snap_card, .title = "A DRM card or framebuffer");

static const struct field region_fields[] = {
	FIELD(NUMBER, struct snap_region, depth, .meaning = "0: top level"),
	FIELD(HEX, struct snap_region, start, .meaning = ""),
	FIELD(HEX, struct snap_region, end, .meaning = ""),
	FIELD(NAME, struct snap_region, name, .meaning = ""),
};
RECORD(region, struct snap_region, .title = "A line of `/proc/iomem`");

static const struct field node_fields[] = {
	FIELD(NAME, struct snap_node, path, .meaning = ""),
	FIELD(INT, struct snap_node, mode, .meaning = "permission bits"),
	FIELD(INT, struct snap_node, uid, .meaning = ""),
	FIELD(INT, struct snap_node, gid, .meaning = ""),
};
RECORD(node, struct snap_node, .title = "A device node");

static const struct field use_fields[] = {
	FIELD(NAME, struct snap_use, what, .meaning = "`/`, `/boot`, swap, default route, keyboard"),
	FIELD(TEXT, struct snap_use, through, .meaning = "the stack between"),
	FIELD(TEXTS, struct snap_use, devices, .meaning = "PCI addresses at the bottom"),
};
RECORD(use, struct snap_use, .title = "Something the host lives on");

static const struct field snapshot_fields[] = {
	FIELD(RECORD, struct snapshot, origin, .of = &origin_record, .meaning = "where it comes from"),
	FIELD(LIST, struct snapshot, sources, .of = &source_record, .meaning = "what became of each source"),
	FIELD(RECORD, struct snapshot, host, .of = &host_record, .meaning = "the machine"),
	FIELD(RECORD, struct snapshot, kernel, .of = &kernel_record, .meaning = "the running kernel"),
	FIELD(RECORD, struct snapshot, cpu, .of = &cpu_record, .meaning = "the processor"),
	FIELD(TEXTS, struct snapshot, acpi_present, .meaning = "names of the ACPI tables"),
	FIELD(LIST, struct snapshot, acpi_tables, .of = &acpi_table_record, .max = 8192, .meaning = "bytes of the ones that matter"),
	FIELD(LIST, struct snapshot, vbios, .of = &vbios_record, .max = 8192, .meaning = "video BIOSes in the ACPI table VFCT"),
	FIELD(LIST, struct snapshot, pci, .of = &pci_record, .max = 8192, .meaning = "PCI functions, sorted by address"),
	FIELD(LIST, struct snapshot, groups, .of = &group_record, .max = 8192, .meaning = "IOMMU groups"),
	FIELD(LIST, struct snapshot, units, .of = &unit_record, .max = 8192, .meaning = "IOMMUs at work"),
	FIELD(LIST, struct snapshot, irqs, .of = &irq_record, .meaning = "interrupts"),
	FIELD(LIST, struct snapshot, modules, .of = &module_record, .meaning = "loaded modules"),
	FIELD(LIST, struct snapshot, parameters, .of = &parameter_record, .meaning = "their parameters"),
	FIELD(LIST, struct snapshot, files, .of = &file_record, .max = 8192, .meaning = "configuration files"),
	FIELD(TEXTS, struct snapshot, platform_devices, .meaning = "names in `/sys/bus/platform/devices`"),
	FIELD(TEXT, struct snapshot, fb, .lines = true, .meaning = "`/proc/fb`"),
	FIELD(LIST, struct snapshot, cards, .of = &card_record, .max = 8192, .meaning = "displays"),
	FIELD(LIST, struct snapshot, iomem, .of = &region_record, .meaning = "`/proc/iomem`"),
	FIELD(LIST, struct snapshot, nodes, .of = &node_record, .max = 8192, .meaning = "device nodes"),
	FIELD(LIST, struct snapshot, uses, .of = &use_record, .max = 8192, .meaning = "what the host lives on"),
	FIELD(RECORD, struct snapshot, log, .of = &log_record, .meaning = "the kernel log"),
	FIELD(TEXTS, struct snapshot, messages, .meaning = "error messages of QEMU, libvirt and other programs that somebody quoted; no evidence of the machine but the question"),
};
const struct record snapshot_record = { .title = "The document", .size = sizeof(struct snapshot),
	.fields = snapshot_fields, .n = sizeof snapshot_fields / sizeof snapshot_fields[0] };
// clang-format on
