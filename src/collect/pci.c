// SPDX-License-Identifier: GPL-2.0-or-later
// PCI functions: identity, configuration space and names by libpci, the rest by sysfs.
#include <pci/pci.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bdf.h"
#include "base/text.h"
#include "collect/pci_attributes.h"
#include "collect/sources.h"

enum {
	CONFIG_HEADER = 64, /* all that the kernel shows without CAP_SYS_ADMIN */
	CONFIG_STANDARD = 256,
	CONFIG_WHOLE = 4096,
	/* Of the last extended capability. The longest that is of use here, SR-IOV, has
	 * 0x40 bytes (PCI Express Base Specification 9.3.3). */
	LAST_CAPABILITY = 0x80,
	NAME_SIZE = 256,
};

/* One pass over the functions. */
struct scan {
	struct snapshot *s;
	const struct root *root;
	struct arena *scratch;
	struct pci_access *access;
	bool named;          /* pci.ids was found */
	struct pci_dev *dev; /* the function that is being read */
	struct snap_pci *to;
	size_t config_size; /* of its file */
	bool refused;       /* more than 64 bytes of it */
	size_t n_unread;    /* functions that could not be read */
	size_t n_cut;  /* functions that showed only 64 bytes of configuration space */
	size_t n_mute; /* functions that showed nothing of it */
};

/*
 * libpci reports an error through a callback that must not return and is given nothing of
 * its caller's, so the way back has to be found here.
 */
static _Thread_local jmp_buf *way_back;

static void on_error(char *message, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void on_error(char *message, ...)
{
	(void)message;
	if (!way_back)
		abort();
	longjmp(*way_back, 1);
}

__attribute__((format(printf, 1, 2))) static void on_warning(char *message, ...)
{
	(void)message;
}

/* Runs a STEP that calls libpci; false if libpci gave up. */
static bool guarded(void (*step)(struct scan *), struct scan *scan)
{
	jmp_buf here;

	way_back = &here;
	if (setjmp(here) != 0) {
		way_back = NULL;
		return false;
	}
	step(scan);
	way_back = NULL;
	return true;
}

static const char *bus_path(const struct scan *scan)
{
	return scan->root->live
		? "/sys/bus/pci"
		: arena_printf(scan->scratch, "%s/sys/bus/pci", scan->root->path);
}

static void access_open(struct scan *scan)
{
	struct pci_access *a = scan->access;

	a->error = on_error;
	a->warning = on_warning;
	a->debug = on_warning;
	/* The automatic choice ends at port access to the hardware: pciutils lib/init.c.
	 */
	a->method = PCI_ACCESS_SYS_BUS_PCI;
	/* Names from one file, not from the network, a cache in $HOME, or udev. */
	a->id_lookup_mode = PCI_LOOKUP_NO_HWDB;
	if (pci_set_param(a, "sysfs.path", (char *)bus_path(scan)) != 0)
		on_error("no such parameter");
	pci_init(a);
}

static void names_load(struct scan *scan)
{
	scan->named = pci_load_name_list(scan->access) != 0;
}

static void identity_read(struct scan *scan)
{
	struct pci_dev *d = scan->dev;
	struct snap_pci *p = scan->to;
	int known = pci_fill_info(d,
		PCI_FILL_IDENT | PCI_FILL_CLASS | PCI_FILL_CLASS_EXT | PCI_FILL_SUBSYS);

	if (known & PCI_FILL_IDENT) {
		p->vendor = snap_hex_of(d->vendor_id);
		p->device = snap_hex_of(d->device_id);
	}
	if ((known & PCI_FILL_CLASS) && (known & PCI_FILL_CLASS_EXT)) {
		p->class_code = snap_hex_of((uint32_t)d->device_class << 8 | d->prog_if);
		p->revision = snap_hex_of(d->rev_id);
	}
	if (known & PCI_FILL_SUBSYS) {
		p->subvendor = snap_hex_of(d->subsys_vendor_id);
		p->subdevice = snap_hex_of(d->subsys_id);
	}
}

/* Bytes that a capability takes, at least as many as any of its kind has (PCI Local Bus
 * Specification 3.0, 6.8; PCI Express Base Specification 7.5 and 7.7). */
static size_t capability_size(const u8 *header)
{
	enum { LONGEST = 64 };

	switch (header[0]) {
	case PCI_CAP_ID_PM:
	case PCI_CAP_ID_VPD:
	case PCI_CAP_ID_SSVID:
		return 8;
	case PCI_CAP_ID_MSIX:
		return 12;
	case PCI_CAP_ID_MSI:
		return 24;
	case PCI_CAP_ID_VNDR:
		return header[2]; /* says so itself */
	default:
		return LONGEST;
	}
}

/* End of the capabilities below byte 256; of the header if there are none. */
static size_t standard_end(struct pci_dev *d, const u8 *header)
{
	enum { MAX_CAPABILITIES = (CONFIG_STANDARD - CONFIG_HEADER) / 4 };
	size_t at = header[PCI_CAPABILITY_LIST] & ~3u, end = CONFIG_HEADER;

	if (!(header[PCI_STATUS] & PCI_STATUS_CAP_LIST))
		return end;
	/* A CardBus bridge has its pointer elsewhere, and all of it is read. */
	if ((header[PCI_HEADER_TYPE] & 0x7f) > PCI_HEADER_TYPE_BRIDGE)
		return CONFIG_STANDARD;
	for (int i = 0; i < MAX_CAPABILITIES && at >= CONFIG_HEADER; i++) {
		u8 h[4];

		if (!pci_read_block(d, (int)at, h, sizeof h))
			break;
		if (at + capability_size(h) > end)
			end = at + capability_size(h);
		at = h[1] & ~3u;
	}
	return end < CONFIG_STANDARD ? end : CONFIG_STANDARD;
}

/* End of the extended capabilities, at least behind their first header. */
static size_t extended_end(struct pci_dev *d)
{
	enum { MAX_CAPABILITIES = (CONFIG_WHOLE - CONFIG_STANDARD) / 8 };
	unsigned at = CONFIG_STANDARD, last = 0;

	for (int i = 0; i < MAX_CAPABILITIES && at >= CONFIG_STANDARD; i++) {
		u8 h[4];

		if (!pci_read_block(d, (int)at, h, sizeof h))
			break;
		/* No capability at all: ID 0, version 0, next 0 (7.6.3); all ones: no
		 * answer */
		if ((h[0] | h[1] | h[2] | h[3]) == 0 ||
			(h[0] & h[1] & h[2] & h[3]) == 0xff)
			break;
		if (at > last)
			last = at;
		at = ((unsigned)h[3] << 4 | h[2] >> 4) & ~3u;
	}
	if (last == 0)
		return CONFIG_STANDARD + 4;
	return last + LAST_CAPABILITY < CONFIG_WHOLE ? last + LAST_CAPABILITY
						     : CONFIG_WHOLE;
}

/* How much of the configuration space of a function means something, of SIZE bytes. */
static size_t config_end(struct pci_dev *d, const u8 *header, size_t size)
{
	size_t end = size > CONFIG_STANDARD ? extended_end(d) : standard_end(d, header);

	return end < size ? end : size;
}

/*
 * Reads what has a meaning, not the whole file: reading undefined registers upsets some
 * devices (lspci(8), -xxx), and in a virtual machine each word is a trip to the
 * hypervisor, which made the whole file cost 14 ms.
 */
static void config_read(struct scan *scan)
{
	size_t size = scan->config_size, n = size < CONFIG_HEADER ? size : CONFIG_HEADER;
	u8 bytes[CONFIG_WHOLE];

	/* libpci says no to a block that it cannot read as a whole. */
	if (!n || !pci_read_block(scan->dev, 0, bytes, (int)n))
		return;
	/* Without CAP_SYS_ADMIN the next byte cannot be read. */
	if (size > n && pci_read_block(scan->dev, (int)n, bytes + n, 1)) {
		size_t end = config_end(scan->dev, bytes, size);

		if (end > n &&
			pci_read_block(scan->dev, (int)n, bytes + n, (int)(end - n)))
			n = end;
	} else {
		scan->refused = size > n;
	}
	scan->to->config = snap_bytes_of(scan->s, bytes, n);
}

static struct snap_text name_of(struct scan *scan, const char *name)
{
	return name && *name ? snap_text_of(scan->s, name) : snap_text_none();
}

static struct snap_text class_name_of(struct scan *scan, int class_code)
{
	char buffer[NAME_SIZE];
	char *name = pci_lookup_name(scan->access, buffer, sizeof buffer,
		PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_NUMBERS, class_code);
	char *number = name ? strstr(name, " [") : NULL;

	/* Where only the base class has a name, the number stands behind it all the same:
	 * "Unassigned class [ffff]". */
	if (number)
		*number = '\0';
	return name_of(scan, name);
}

static void names_read(struct scan *scan)
{
	enum { FLAGS = PCI_LOOKUP_NO_NUMBERS };
	struct pci_access *a = scan->access;
	struct snap_pci *p = scan->to;
	int vendor = (int)p->vendor.v, device = (int)p->device.v;
	int subvendor = (int)p->subvendor.v, subdevice = (int)p->subdevice.v;
	char buffer[NAME_SIZE], other[NAME_SIZE];
	const char *maker, *model;

	p->vendor_name = name_of(scan,
		pci_lookup_name(
			a, buffer, sizeof buffer, PCI_LOOKUP_VENDOR | FLAGS, vendor));
	p->device_name = name_of(scan,
		pci_lookup_name(a, buffer, sizeof buffer, PCI_LOOKUP_DEVICE | FLAGS,
			vendor, device));
	if (p->class_code.have == HAVE_VALUE)
		p->class_name = class_name_of(scan, (int)(p->class_code.v >> 8));
	if (p->subvendor.have != HAVE_VALUE)
		return;
	p->subsystem_name = snap_text_none();
	if (subvendor == 0 || subvendor == 0xffff)
		return;
	maker = pci_lookup_name(a, buffer, sizeof buffer,
		PCI_LOOKUP_SUBSYSTEM | PCI_LOOKUP_VENDOR | FLAGS, subvendor);
	model = pci_lookup_name(a, other, sizeof other,
		PCI_LOOKUP_SUBSYSTEM | PCI_LOOKUP_DEVICE | FLAGS, vendor, device,
		subvendor, subdevice);
	if (maker && model)
		p->subsystem_name =
			name_of(scan, arena_printf(scan->scratch, "%s %s", maker, model));
	else
		p->subsystem_name = name_of(scan, maker ? maker : model);
}

/*
 * True if libpci, which knows nothing of a tree's borders and opens whatever it is given,
 * will see the directory that DIR is, and only regular files in it.
 */
static bool safe_for_libpci(
	const struct scan *scan, const char *name, const struct root *dir)
{
	static const char *const files[] = { "vendor", "device", "class", "revision",
		"subsystem_vendor", "subsystem_device", "config" };
	struct stat inside, outside;
	const char *path;

	if (scan->root->live)
		return true;
	path = arena_printf(scan->scratch, "%s/devices/%s", bus_path(scan), name);
	if (fstat(dir->fd, &inside) || stat(path, &outside) ||
		inside.st_dev != outside.st_dev || inside.st_ino != outside.st_ino)
		return false;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		enum root_kind kind = root_stat(dir, files[i], false).kind;

		if (kind != ROOT_FILE && kind != ROOT_NOTHING)
			return false;
	}
	return true;
}

/* Reads one function; false if it is not there any more, or cannot be read. */
static bool function_read(struct scan *scan, const char *name, const struct root *dir)
{
	struct snap_pci *p = scan->to;

	if (!safe_for_libpci(scan, name, dir) || !guarded(identity_read, scan) ||
		p->vendor.have != HAVE_VALUE)
		return false;
	/* Before the configuration space, which the kernel wakes a sleeping device for.
	 */
	pci_read_attributes(scan->s, dir, scan->scratch, p);
	scan->config_size = (size_t)root_stat(dir, "config", false).size;
	if (scan->config_size > CONFIG_WHOLE)
		scan->config_size = CONFIG_WHOLE;
	scan->refused = false;
	guarded(config_read, scan);
	if (p->config.have != HAVE_VALUE)
		scan->n_mute++;
	else if (scan->refused ||
		(!scan->root->live && scan->config_size < CONFIG_STANDARD))
		scan->n_cut++;
	if (scan->named)
		guarded(names_read, scan);
	return true;
}

static void function_add(struct scan *scan, struct bdf b)
{
	char address[BDF_TEXT];
	const char *name = bdf_format(b, address);
	char *path = arena_printf(scan->scratch, "sys/bus/pci/devices/%s", name);
	struct snap_pci p = { .address = arena_strdup(scan->s->arena, name) };
	struct root dir;

	if (!root_enter(scan->root, path, &dir)) {
		/* Gone since the listing: then it is none of this machine's functions. */
		scan->n_unread += root_exists(scan->root, path);
		return;
	}
	scan->to = &p;
	scan->dev = pci_get_dev(scan->access, (int)b.domain, b.bus, b.dev, b.fn);
	if (function_read(scan, name, &dir)) {
		struct snap_text link = root_read_link(scan->root, scan->s, path);

		p.parent = pci_parent_of_link(scan->s, link);
		*snap_list_add(scan->s, &scan->s->pci) = p;
	} else {
		scan->n_unread += root_exists(scan->root, path);
	}
	pci_free_dev(scan->dev);
	scan->dev = NULL;
	scan->to = NULL;
	root_close(&dir);
}

static int by_address(const void *a, const void *b)
{
	return bdf_compare(*(const struct bdf *)a, *(const struct bdf *)b);
}

/* The addresses among the NAMES, sorted. pci_scan_bus() is not asked: it gives up at the
 * first entry that is no address. */
static struct bdf *addresses_of(struct arena *a, char **names, size_t n, size_t *ret_n)
{
	struct bdf *list = NULL, b;

	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (bdf_parse(names[i], &b))
			*arena_push(a, list, *ret_n) = b;
	if (*ret_n)
		qsort(list, *ret_n, sizeof *list, by_address);
	return list;
}

static void statuses_set(const struct scan *scan)
{
	struct snapshot *s = scan->s;

	if (scan->n_unread)
		snapshot_set_status(s, SOURCE_PCI, STATUS_TRUNCATED,
			arena_printf(scan->scratch,
				"%zu of %zu functions could not be read", scan->n_unread,
				s->pci.n + scan->n_unread));
	else
		snapshot_set_status(s, SOURCE_PCI, STATUS_OK,
			scan->named ? NULL : "no pci.ids found: without names");
	if (!scan->n_cut && !scan->n_mute)
		snapshot_set_status(s, SOURCE_CONFIG_SPACE, STATUS_OK, NULL);
	else if (!scan->root->live)
		snapshot_set_status(s, SOURCE_CONFIG_SPACE, STATUS_TRUNCATED,
			"the tree has not all of it");
	else if (scan->n_cut)
		snapshot_set_status(s, SOURCE_CONFIG_SPACE, STATUS_DENIED,
			geteuid() == 0 ? "needs CAP_SYS_ADMIN" : "needs root");
	else
		snapshot_set_status(s, SOURCE_CONFIG_SPACE, STATUS_TRUNCATED,
			arena_printf(scan->scratch, "%zu of %zu functions did not answer",
				scan->n_mute, s->pci.n));
}

static void scan_run(struct scan *scan, char **names, size_t n_names)
{
	size_t n;
	struct bdf *list = addresses_of(scan->scratch, names, n_names, &n);

	snap_list_collected(&scan->s->pci);
	guarded(names_load, scan);
	for (size_t i = 0; i < n; i++)
		function_add(scan, list[i]);
	statuses_set(scan);
}

void collect_pci(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	struct arena *scratch = arena_new();
	struct scan scan = { .s = s, .root = r, .scratch = scratch };
	char **names;
	size_t n;
	enum source_status status =
		root_list(r, scratch, "sys/bus/pci/devices", &names, &n);

	(void)options;
	if (status != STATUS_OK) {
		const char *why =
			status == STATUS_ABSENT ? "no /sys/bus/pci/devices" : NULL;

		snapshot_set_status(s, SOURCE_PCI, status, why);
		snapshot_set_status(s, SOURCE_CONFIG_SPACE, status, why);
	} else {
		scan.access = pci_alloc();
		if (guarded(access_open, &scan)) {
			scan_run(&scan, names, n);
		} else {
			snapshot_set_status(s, SOURCE_PCI, STATUS_ERROR, "libpci failed");
			snapshot_set_status(
				s, SOURCE_CONFIG_SPACE, STATUS_ERROR, "libpci failed");
		}
		pci_cleanup(scan.access);
	}
	arena_free(scratch);
}
