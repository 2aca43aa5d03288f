// SPDX-License-Identifier: GPL-2.0-or-later
// What the firmware's setup calls its switches: data by board vendor and processor.
#include <string.h>

#include "base/text.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"

/*
 * Names as the vendors' manuals print them; menus differ from board to board. A name that
 * does as well is left out (NULL), so that the general one is shown.
 */
static const struct {
	const char *vendor; /* beginning of the DMI vendor's name, any case */
	const char *virt_intel, *iommu_intel, *virt_amd, *iommu_amd;
} switches[] = {
	{ "ASUSTeK", "Intel (VMX) Virtualization Technology",
		"VT-d (under System Agent Configuration)", "SVM Mode",
		"IOMMU (under AMD CBS > NBIO)" },
	{ "ASRock", "Intel Virtualization Technology", "VT-d", "SVM Mode",
		"IOMMU (under AMD CBS > NBIO)" },
	{ "Gigabyte", "Intel Virtualization Technology (VT-x)", "VT-d", "SVM Mode",
		"IOMMU" },
	{ "Micro-Star", "Intel Virtualization Tech", "Intel VT-D Tech", "SVM Mode",
		"IOMMU (under AMD CBS > NBIO)" },
	{ "MSI", "Intel Virtualization Tech", "Intel VT-D Tech", "SVM Mode",
		"IOMMU (under AMD CBS > NBIO)" },
	{ "Dell", "Virtualization", "VT for Direct I/O", "Virtualization", NULL },
	{ "HPE", "Intel Virtualization Technology", "Intel VT-d",
		"AMD Virtualization Technology", "AMD I/O Virtualization Technology" },
	{ "HP", "Virtualization Technology (VTx)",
		"Virtualization Technology Directed I/O (VTd)", "SVM CPU Virtualization",
		NULL },
	{ "Hewlett-Packard", "Virtualization Technology (VTx)",
		"Virtualization Technology Directed I/O (VTd)", NULL, NULL },
	{ "Lenovo", "Intel Virtualization Technology", "Intel VT-d Feature",
		"AMD SVM Technology", "AMD I/O Virtualization Technology" },
	{ "Supermicro", "Intel Virtualization Technology",
		"Intel VT for Directed I/O (VT-d)", "SVM Mode", "IOMMU" },
	{ "Intel", "Intel Virtualization Technology", "Intel VT for Directed I/O (VT-d)",
		NULL, NULL },
	{ "Acer", "Intel VTX", "Intel VTD", NULL, NULL },
	{ "Fujitsu", "Intel Virtualization Technology", "VT-d", NULL, NULL },
	{ "Biostar", NULL, NULL, "SVM Mode", NULL },
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool begins_any_case(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++) {
		if (lower(*s) != lower(*prefix))
			return false;
	}
	return true;
}

/* Sets the vendor's name of the switch, or the GENERAL one. */
static void switch_name(
	struct facts *f, struct fact *out, bool amd, bool iommu, const char *general)
{
	const struct snap_dmi *dmi = &f->snap->host.dmi;
	const char *vendor = snap_str(dmi->board_vendor);

	if (!vendor || !*vendor)
		vendor = snap_str(dmi->sys_vendor);
	fact_set_text(out, general);
	for (size_t i = 0; vendor && i < sizeof switches / sizeof switches[0]; i++) {
		if (!begins_any_case(vendor, switches[i].vendor))
			continue;
		const char *name = amd
			? iommu ? switches[i].iommu_amd : switches[i].virt_amd
			: iommu ? switches[i].iommu_intel
				: switches[i].virt_intel;
		if (name)
			fact_set_text(out, name);
		fact_seen(f, out, "DMI board vendor", vendor);
		return;
	}
}

static bool is_amd(struct facts *f)
{
	const char *vendor = host_text(f, "cpu.vendor");

	return text_equal(vendor, "AuthenticAMD") || text_equal(vendor, "HygonGenuine");
}

void derive_firmware_virt_switch(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (!host_text(f, "cpu.vendor"))
		fact_set_text(out, "Intel VT-x or AMD SVM (virtualisation)");
	else if (is_amd(f))
		switch_name(f, out, true, false, "SVM Mode");
	else
		switch_name(
			f, out, false, false, "Intel Virtualization Technology (VT-x)");
}

void derive_firmware_iommu_switch(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (!host_text(f, "cpu.vendor"))
		fact_set_text(out, "Intel VT-d or AMD IOMMU");
	else if (is_amd(f))
		switch_name(f, out, true, true, "IOMMU (often under AMD CBS > NBIO)");
	else
		switch_name(f, out, false, true,
			"Intel VT-d (a switch of its own beside VT-x)");
}

static const char *const log_efi[] = { "efi: EFI v", NULL };

void derive_firmware_efi(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_bool *efi = &f->snap->host.efi;
	const struct klog_match *m = klog_first(f, log_efi);
	(void)s;

	if (efi->have == HAVE_VALUE) {
		fact_set_bool(out, efi->v);
		fact_seen(f, out, "/sys/firmware/efi",
			efi->v ? "exists" : "does not exist");
	} else if (m) {
		fact_set_bool(out, true);
		klog_seen(f, out, m);
	} else if (klog_says(f, log_efi) == TRI_FALSE) {
		fact_set_bool(out, false);
	} else {
		fact_missing(out, SOURCE_DMI);
	}
}

/* TAINT_FIRMWARE_WORKAROUND, include/linux/panic.h */
enum { TAINT_FIRMWARE = 11 };

void derive_firmware_worked_around(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_hex *tainted = &f->snap->kernel.tainted;
	(void)s;

	if (tainted->have != HAVE_VALUE) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	fact_set_bool(out, tainted->v >> TAINT_FIRMWARE & 1);
	fact_seen(f, out, "/proc/sys/kernel/tainted",
		arena_printf(f->arena, "%llu", (unsigned long long)tainted->v));
}
