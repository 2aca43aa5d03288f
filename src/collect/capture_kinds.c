// SPDX-License-Identifier: GPL-2.0-or-later
// The captures that are known: by what each is told, and which of its files say what.
#include "collect/capture_kinds.h"

#include <string.h>

/* sosreport: names of commands as sos/report/plugins/__init__.py, _mangle_command(), makes
 * them; the plugins pci.py, kernel.py, processor.py, hardware.py and logs.py run them. */
static const struct capture_text sos_texts[] = {
	{ .files = { "sos_commands/kernel/uname_-a", "uname" },
		.command = "uname -a",
		.source = SOURCE_KERNEL,
		.early = true },
	{ .files = { "sos_commands/pci/lspci_-nn*v*", "sos_commands/pci/lspci_-n*",
		  "sos_commands/hardware/lspci_-n*", "sos_commands/pci/lspci" },
		.source = SOURCE_PCI },
	{ .files = { "sos_commands/pci/lspci_-t*" }, .source = SOURCE_PCI, .also = true },
	{ .files = { "sos_commands/kernel/dmesg", "sos_commands/general/dmesg",
		  "sos_commands/logs/journalctl_--no-pager_--boot",
		  "sos_commands/logs/journalctl_--no-pager_--catalog_--boot",
		  "sos_commands/kernel/dmesg_-T", "var/log/dmesg" },
		.source = SOURCE_KERNEL_LOG,
		.log = true },
	{ .files = { "sos_commands/kernel/lsmod", "lsmod" },
		.command = "lsmod",
		.source = SOURCE_MODULES },
	{ .files = { "sos_commands/processor/lscpu" }, .source = SOURCE_CPUINFO },
	{ .files = { "sos_commands/hardware/dmidecode" }, .source = SOURCE_DMI },
};

/* hw-probe: writeLog() of hw-probe.pl. Its `cpuinfo` holds the first processor only, its
 * `uname` is `uname -v`. */
static const struct capture_text probe_texts[] = {
	{ .files = { "logs/lspci_all" }, .command = "lspci -vvnn", .source = SOURCE_PCI },
	{ .files = { "logs/lspci" }, .command = "lspci -vmnnk", .source = SOURCE_PCI },
	{ .files = { "logs/dmesg", "logs/dmesg.1" },
		.command = "dmesg",
		.source = SOURCE_KERNEL_LOG,
		.log = true },
	{ .files = { "logs/lscpu" }, .command = "lscpu", .source = SOURCE_CPUINFO },
	{ .files = { "logs/cpuinfo" },
		.command = "head /proc/cpuinfo",
		.source = SOURCE_CPUINFO },
	{ .files = { "logs/lsmod" }, .command = "lsmod", .source = SOURCE_MODULES },
	{ .files = { "logs/interrupts" },
		.command = "cat /proc/interrupts",
		.source = SOURCE_IRQ_CHIPS },
	{ .files = { "logs/os-release" },
		.command = "cat /etc/os-release",
		.source = N_SOURCES },
	{ .files = { "logs/grub" },
		.command = "cat /etc/default/grub",
		.source = SOURCE_BOOT_CONFIG },
	{ .files = { "logs/grub.cfg" },
		.command = "cat /boot/grub2/grub.cfg",
		.source = SOURCE_BOOT_CONFIG,
		.also = true },
};

/* A copy of parts of /sys and /proc, and what people put beside it. */
static const struct capture_text tree_texts[] = {
	{ .files = { "uname*" }, .source = SOURCE_KERNEL, .early = true },
	{ .files = { "var/log/dmesg", "dmesg*" },
		.command = "dmesg",
		.source = SOURCE_KERNEL_LOG,
		.log = true },
};

#define TEXTS(table) .texts = table, .n_texts = sizeof table / sizeof table[0]

static const struct capture_kind kinds[] = {
	{ .id = CAPTURE_SOS, .marks = { "sos_commands" }, TEXTS(sos_texts) },
	{ .id = CAPTURE_PROBE, .marks = { "host", "logs" }, TEXTS(probe_texts) },
	{ .id = CAPTURE_SUPPORT, .marks = { "basic-environment.txt", "hardware.txt" } },
	{ .id = CAPTURE_TREE,
		.marks = { "sys/bus/pci/devices", "sys/kernel/iommu_groups",
			"proc/cmdline", "proc/cpuinfo", "etc/modprobe.d",
			"etc/default/grub" },
		.any = true,
		TEXTS(tree_texts) },
};

const struct capture_kind *capture_kind_of(const struct root *r, const char *path)
{
	struct root top;
	const struct capture_kind *found = NULL;

	if (!root_enter(r, path, &top))
		return NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !found; i++) {
		size_t n = 0, held = 0;
		for (; n < sizeof kinds[i].marks / sizeof *kinds[i].marks &&
			kinds[i].marks[n];
			n++)
			held += root_exists(&top, kinds[i].marks[n]);
		if (kinds[i].any ? held > 0 : held == n)
			found = &kinds[i];
	}
	root_close(&top);
	return found;
}

/* What is whole where it is there at all: the tools copy these as a whole. NEEDED tells
 * it from a copy of some files of it. */
static const struct whole_row {
	const char *path;
	const char *needed[6];
} wholes[] = {
	{ "sys",
		{ "sys/bus/pci/devices", "sys/class", "sys/devices", "sys/kernel",
			"sys/module", "sys/firmware" } },
	{ "sys/bus/pci", { "sys/bus/pci/devices", "sys/devices" } },
	{ "sys/class/dmi", { "sys/class/dmi/id" } },
	{ "sys/class/iommu", { 0 } },
	{ "sys/firmware/acpi", { "sys/firmware/acpi/tables" } },
	{ "sys/kernel/iommu_groups", { 0 } },
	{ "sys/module", { "proc/modules" } },
	{ "proc",
		{ "proc/cmdline", "proc/cpuinfo", "proc/interrupts", "proc/iomem",
			"proc/modules", "proc/version" } },
	{ "boot/loader/entries", { 0 } },
	{ "etc/default/grub.d", { 0 } },
	{ "etc/dracut.conf.d", { 0 } },
	{ "etc/initramfs-tools", { 0 } },
	{ "etc/libvirt/qemu", { 0 } },
	{ "etc/modprobe.d", { 0 } },
	{ "etc/modules-load.d", { 0 } },
	{ "etc/pve/qemu-server", { 0 } },
	{ "lib/modprobe.d", { 0 } },
	{ "run/modprobe.d", { 0 } },
	{ "usr/lib/dracut/dracut.conf.d", { 0 } },
	{ "usr/lib/modprobe.d", { 0 } },
	{ "usr/local/lib/modprobe.d", { 0 } },
};

static bool all_exist(const struct root *r, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n && paths[i]; i++)
		if (!root_exists(r, paths[i]))
			return false;
	return true;
}

const char *const *capture_whole(
	const struct capture_kind *kind, const struct root *r, struct arena *a)
{
	static const char *const host[] = { "sys/bus/pci/devices", "sys/class", "proc",
		"etc" };
	const char **whole = NULL;
	size_t n = 0;

	if (kind->id == CAPTURE_TREE && all_exist(r, host, sizeof host / sizeof host[0]))
		return NULL;
	for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
		const struct whole_row *row = &wholes[i];
		if (root_exists(r, row->path) &&
			all_exist(r, row->needed,
				sizeof row->needed / sizeof row->needed[0]))
			*arena_push(a, whole, n) = row->path;
	}
	*arena_push(a, whole, n) = NULL;
	return whole;
}
