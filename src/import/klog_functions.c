// SPDX-License-Identifier: GPL-2.0-or-later
// The PCI functions and IOMMU groups that a kernel log names.
#include "import/klog_functions.h"

#include <string.h>

#include "base/text.h"

enum { FULL_ADDRESS = 12 }; /* with its domain: dev_printk() never leaves it out */

/* N hexadecimal digits at P, and no more; false: there are others. */
static bool hex_at(const char *p, size_t n, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		if (hex_digit(p[i]) < 0)
			return false;
		v = v << 4 | (unsigned)hex_digit(p[i]);
	}
	*ret = v;
	return hex_digit(p[n]) < 0;
}

/* The function, NULL where a whole list does not have it: it came and went. */
static struct snap_pci *function_of(struct import *im, struct bdf address)
{
	return im->pci_listed ? import_known_function(im, address)
			      : import_function(im, address);
}

static void fill(struct snap_hex *field, uint64_t v)
{
	if (field->have == HAVE_NOT)
		*field = snap_hex_of(v);
}

/* `[10de:1c82] type 00 class 0x030000` (drivers/pci/probe.c, pci_setup_device()). */
static void enumeration_read(struct snap_pci *fn, const char *p)
{
	uint64_t vendor, device, class_code;

	if (*p != '[' || !hex_at(p + 1, 4, &vendor) || p[5] != ':' ||
		!hex_at(p + 6, 4, &device) || !text_starts(p + 10, "] type "))
		return;
	const char *class_at = strstr(p, " class 0x");
	if (!class_at || !hex_at(class_at + strlen(" class 0x"), 6, &class_code))
		return;
	fill(&fn->vendor, vendor);
	fill(&fn->device, device);
	fill(&fn->class_code, class_code);
}

static bool group_number(const char *p, int64_t *ret)
{
	size_t n = strspn(p, "0123456789");
	int64_t v = 0;

	for (size_t i = 0; i < n && n < 7; i++)
		v = v * 10 + (p[i] - '0');
	*ret = v;
	return n > 0 && n < 7;
}

/* The group is one of VFIO's own (vfio_noiommu_group_alloc(), drivers/vfio/group.c), which
 * has this name in sysfs. */
static void noiommu_read(struct import *im, const struct snap_pci *fn)
{
	struct snap_group *g = fn->iommu_group.have == HAVE_VALUE
		? import_group(im, fn->iommu_group.v)
		: NULL;

	if (g && g->name.have == HAVE_NOT)
		g->name = snap_text_of(im->snap, "vfio-noiommu");
}

/* `vfio-pci 0000:01:00.0: …`: the function is there. */
static void device_read(struct import *im, const char *message)
{
	static const char adding[] = "Adding to iommu group ";
	size_t word = strcspn(message, " :");
	const char *p = message + word + 1;
	struct bdf address;
	struct snap_pci *fn;
	int64_t group;

	if (word == 0 || word > 24 || message[word] != ' ')
		return;
	size_t n = import_address(p, &address);
	if (n < FULL_ADDRESS || p[n] != ':' || p[n + 1] != ' ' ||
		!(fn = function_of(im, address)))
		return;
	p += n + 2;
	enumeration_read(fn, p);
	if (text_starts(p, adding) && group_number(p + strlen(adding), &group))
		import_group_member(im, group, address);
	else if (text_starts(p, "Adding kernel taint for vfio-noiommu group"))
		noiommu_read(im, fn);
}

/* `iommu: Adding device 0000:01:00.0 to group 1`, until 4.19. */
static void old_group_read(struct import *im, const char *message)
{
	static const char adding[] = "iommu: Adding device ", to[] = " to group ";
	struct bdf address;
	int64_t group;

	if (!text_starts(message, adding))
		return;
	const char *p = message + strlen(adding);
	size_t n = import_address(p, &address);
	if (n >= FULL_ADDRESS && text_starts(p + n, to) &&
		group_number(p + n + strlen(to), &group) && function_of(im, address))
		import_group_member(im, group, address);
}

/* `Request device [01:00.0]`, `device=01:00.0 domain=`: the IOMMU stopped an access. */
static void fault_read(struct import *im, const char *message)
{
	static const char *const words[] = { "Request device [",
		"IO_PAGE_FAULT device=" };
	struct bdf address;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const char *at = strstr(message, words[i]);
		if (at && import_address(at + strlen(words[i]), &address))
			function_of(im, address);
	}
}

/* Lines that have the address elsewhere: of nvidia's nv-pci.c, drivers/base/dd.c and, for
 * each of two that want the same line, kernel/irq/manage.c (vfio_intx_set_signal() of
 * drivers/vfio/pci/vfio_pci_intrs.c names them so). */
static void named_read(struct import *im, const char *message)
{
	static const struct {
		const char *start, *mark;
	} lines[] = {
		{ "NVRM: Attempting to remove device ", "device " },
		{ "vfio-pci: probe of ", "of " },
		{ "genirq: Flags mismatch ", "vfio-intx(" },
	};
	struct bdf address;

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		const char *at = message, *mark = lines[i].mark;

		if (!text_starts(message, lines[i].start))
			continue;
		while ((at = strstr(at, mark))) {
			at += strlen(mark);
			if (import_address(at, &address) >= FULL_ADDRESS)
				function_of(im, address);
		}
	}
}

void klog_functions_read(struct import *im, const char *message)
{
	device_read(im, message);
	old_group_read(im, message);
	named_read(im, message);
	if (strstr(message, "DMAR") || strstr(message, "AMD-Vi"))
		fault_read(im, message);
}
