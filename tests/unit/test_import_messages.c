// SPDX-License-Identifier: GPL-2.0-or-later
// Error messages in a paste: what is kept of a line, and what is none.
#include "import_kit.h"
#include "rules/rule.h"

/* The only message of TEXT, NULL if there is none or there are several. */
static const char *only(const char *text)
{
	const struct snap_texts *all = &kit_begin()->messages;

	kit_read(&format_messages, text);
	return all->n == 1 ? all->s[0] : NULL;
}

#define is_message(text, want)                                                           \
	do {                                                                             \
		is_str(only(text), want);                                                \
		kit_end();                                                               \
	} while (0)

TEST(qemu_of_all_ages)
{
	is_message("qemu-system-x86_64: -device vfio-pci,host=01:00.0,id=hostdev0: vfio "
		   "0000:01:00.0: group 15 is not viable",
		"vfio 0000:01:00.0: group 15 is not viable");
	is_message("error: internal error: qemu unexpectedly closed the monitor: "
		   "2024-01-01T00:00:00.0Z qemu-system-x86_64: -device "
		   "{\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\"}: vfio "
		   "0000:01:00.0: group 1 is not viable",
		"vfio 0000:01:00.0: group 1 is not viable");
	is_message(
		"qemu: -device vfio-pci,host=01:00.0: vfio error: 0000:01:00.0: failed "
		"to open /dev/vfio/1: Permission denied",
		"vfio error: 0000:01:00.0: failed to open /dev/vfio/1: Permission denied");
	/* Up to 2.8 only the option says which device it is; what else it says stays */
	is_message("qemu-system-x86_64: -device vfio-pci,host=0b:00.0,multifunction=on,"
		   "romfile=/home/bob/x.rom: vfio: failed to set iommu for container: "
		   "Operation not permitted",
		"-device vfio-pci,host=0b:00.0: vfio: failed to set iommu for container: "
		"Operation not permitted");
}

TEST(in_any_language)
{
	is_message("Fehler: Interner Fehler: Prozess beendet: qemu-system-x86_64: vfio "
		   "0000:01:00.0: no iommu_group found: No such file or directory",
		"vfio 0000:01:00.0: no iommu_group found: No such file or directory");
	is_message("erreur : vfio error: 0000:01:00.0: group 1 is not viable",
		"vfio error: 0000:01:00.0: group 1 is not viable");
}

TEST(libvirt_and_proxmox)
{
	is_message("error: internal error: Unknown PCI header type '127' for device "
		   "'0000:01:00.0'",
		"Unknown PCI header type '127' for device '0000:01:00.0'");
	/* The name of the guest is its owner's */
	is_message(
		"error: Requested operation is not valid: PCI device 0000:01:00.0 is in "
		"use by driver QEMU, domain bobs-win10",
		"PCI device 0000:01:00.0 is in use by driver QEMU");
	is_message("TASK ERROR: Cannot bind 0000:01:00.0 to vfio",
		"Cannot bind 0000:01:00.0 to vfio");
	is_message("TASK ERROR: cannot prepare PCI pass-through, IOMMU not present",
		"IOMMU not present");
	is_message(
		"unsupported configuration: host doesn't support passthrough of host PCI "
		"devices",
		"host doesn't support passthrough of host PCI devices");
}

TEST(harvester_kimchi_and_xen)
{
	is_message("admission webhook \"pcidevices.harvesterhci.io\" denied the request: "
		   "pcidevice node1-000001000 has no iommuGroup available",
		"pcidevice node1-000001000 has no iommuGroup available");
	is_message(
		"time=\"2026-01-21T17:04:34Z\" level=error msg=\"error syncing "
		"'node8-000003000': handler PCIDeviceClaimReconcile: missing group for "
		"address: 0000:03:00.0, requeuing\"",
		"missing group for address: 0000:03:00.0");
	is_message(
		"msg=\"handler PCIDeviceClaimReconcile: error writing to bind file: write "
		"/sys/bus/pci/drivers/vfio-pci/bind: invalid argument, requeuing\"",
		"error writing to bind file: write /sys/bus/pci/drivers/vfio-pci/bind: "
		"invalid argument");
	is_message("  \"reason\":\"KCHVMHDEV0003E: No IOMMU groups found. Host PCI pass "
		   "through needs IOMMU group to function correctly.\",",
		"No IOMMU groups found");
	is_message("libxl: error: libxl_pci.c:1041:libxl__device_pci_reset: The kernel "
		   "doesn't support reset from sysfs for PCI device 0000:01:00.0",
		"The kernel doesn't support reset from sysfs for PCI device 0000:01:00.0");
	is_message("Getting the issue \"No IOMMU detected, please activate it.See "
		   "Documentation for further information.\"",
		"No IOMMU detected, please activate it");
}

TEST(modules_and_backends)
{
	is_message("error: internal error: Failed to load PCI stub module vfio-pci",
		"Failed to load PCI stub module vfio-pci");
	is_message(
		"error: unsupported configuration: pci backend driver 'default' is not "
		"supported",
		"pci backend driver 'default' is not supported");
	is_message("modprobe: FATAL: Module nvidia_modeset is in use.",
		"FATAL: Module nvidia_modeset is in use.");
	is_message("rmmod: ERROR: Module nvidia is in use by: nvidia_modeset",
		"ERROR: Module nvidia is in use by: nvidia_modeset");
	is_message("modprobe: ERROR: could not insert 'vfio': Operation not permitted",
		"could not insert 'vfio': Operation not permitted");
	is_message("Next error: \"failed to set iommu for container: operation not "
		   "permitted\"",
		"failed to set iommu for container: operation not permitted");
}

TEST(quotes_and_escapes)
{
	is_message("It says \"group 15 is not viable\" when I start it.",
		"group 15 is not viable");
	is_message(
		"Message='vfio 0000:01:00.0: group 1 is not viable\\nPlease ensure all')",
		"vfio 0000:01:00.0: group 1 is not viable");
	is_message("'No available IOMMU models'", "No available IOMMU models");
	is_message("I have Error 43 in the device manager", "Code 43");
}

/* The second line of QEMU's message adds nothing to the first. */
TEST(a_hint_is_no_message)
{
	static const char hint[] = "Please ensure all devices within the iommu_group are "
				   "bound to their vfio bus driver.";
	char text[256];

	snprintf(text, sizeof text, "vfio 0000:01:00.0: group 1 is not viable\n%s", hint);
	is_message(text, "vfio 0000:01:00.0: group 1 is not viable");
	is_message(hint, hint);
}

TEST(broken_lines)
{
	is_message(
		"kvm: -device vfio-pci,host=0000:01:00.0,id=hostpci0: vfio 0000:01:00.0: "
		"failed to open\n/dev/vfio/15: Permission denied",
		"vfio 0000:01:00.0: failed to open /dev/vfio/15: Permission denied");
	is_message(
		"kvm: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: failed to open "
		"/dev/vfio/15: Device or\nresource busy",
		"vfio 0000:01:00.0: failed to open /dev/vfio/15: Device or resource busy");
	/* A sentence below it is none of it */
	is_message(
		"kvm: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: group 1 is not "
		"viable\nPlease help.",
		"vfio 0000:01:00.0: group 1 is not viable");
}

TEST(no_messages)
{
	static const char *const lines[] = {
		"[    1.2] vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xe0000000]",
		"[    0.2] DMAR: IOMMU enabled",
		"01:00.0 VGA compatible controller [0300]: NVIDIA [10de:1c82]",
		"this plan is not viable",
		"the port is already in use",
		"this is how to avoid Code 43",
		"I have no error 43 any more",
		"",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		kit_begin();
		is_int(kit_read(&format_messages, lines[i]), 0);
		kit_end();
	}
}

TEST(each_once_and_not_too_many)
{
	struct strbuf b = { 0 };
	struct snapshot *s = kit_begin();

	for (int i = 0; i < 1000; i++)
		strbuf_addf(&b, "vfio 0000:01:00.0: group %d is not viable\n", i % 400);
	is_int(kit_read(&format_messages, strbuf_text(&b)), 1000);
	is_int(s->messages.n, 256);
	strbuf_free(&b);
	kit_end();
}

/* QEMU has found the device and its group, whatever went wrong then. */
TEST(the_device_is_there)
{
	static const struct {
		const char *text;
		bool there;
		int64_t group;
	} cases[] = {
		{ "vfio 0000:01:00.0: group 15 is not viable", true, 15 },
		{ "vfio error: 0000:01:00.0: failed to open /dev/vfio/15: Permission denied",
			true, 15 },
		{ "-device vfio-pci,host=01:00.0: vfio: failed to set iommu for container: "
		  "Operation not permitted",
			true, -1 },
		{ "vfio 0000:01:00.0: no iommu_group found: No such file or directory",
			true, -1 },
		{ "vfio 0000:01:00.0: no such host device: No such file or directory",
			false, -1 },
		{ "Unknown PCI header type '127' for device '0000:01:00.0'", false, -1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = kit_begin();

		kit_read(&format_messages, cases[i].text);
		format_messages.finish(&kit_im);
		is_int(s->pci.n, cases[i].there);
		if (s->pci.n)
			is_int(s->pci.v[0].iommu_group.have == HAVE_VALUE
					? s->pci.v[0].iommu_group.v
					: -1,
				cases[i].group);
		kit_end();
	}
	/* A whole list without it knows better */
	kit_begin();
	kit_im.pci_listed = true;
	kit_read(&format_messages, cases[0].text);
	format_messages.finish(&kit_im);
	is_int(kit_im.snap->pci.n, 0);
	kit_end();
}

TEST(a_long_line_is_cut)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, "vfio 0000:01:00.0: group 1 is not viable ");
	strbuf_repeat(&b, 'x', 100000);
	struct snapshot *s = kit_begin();
	kit_read(&format_messages, strbuf_text(&b));
	is_int(strlen(s->messages.s[0]), 300);
	strbuf_free(&b);
	kit_end();
}

/* What a rule is about is found in a text, and kept as the rule has it. */
TEST(each_symptom_of_the_rules_is_found)
{
	struct rule_error e;
	struct rule_set *set = rule_set_load(NULL, &e);
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		const struct rule *r = set->rules[i];

		for (size_t k = 0; r->scope == SCOPE_MESSAGE && k < r->n_examples; k++) {
			const char *text = r->examples[k].text;
			char line[512];

			if (r->examples[k].expected != VERDICT_FAIL)
				continue;
			snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"),
				text);
			n++;
			if (text_equal(
				    line, "Code 12")) /* Windows has it in parentheses */
				snprintf(line, sizeof line, "Code 12)");
			const char *found = only(line);
			if (!found || strncmp(found, text, strlen(found)) != 0 ||
				strlen(found) < strcspn(text, "\n"))
				printf("# %s\n", r->id);
			ok(found && !strncmp(found, text, strlen(found)));
			ok(found && strlen(found) == strcspn(text, "\n"));
			kit_end();
		}
	}
	ok(n > 60);
	rule_set_free(set);
}
