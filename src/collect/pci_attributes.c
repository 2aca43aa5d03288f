// SPDX-License-Identifier: GPL-2.0-or-later
// What sysfs says about a PCI function and libpci does not, or not reliably.
#include "collect/pci_attributes.h"

#include <string.h>

#include "base/bdf.h"
#include "base/text.h"

/* A function's directory, listed once: asking for what is not there costs a call each. */
struct listing {
	struct snapshot *s;
	const struct root *dir;
	struct arena *scratch;
	char **names;
	size_t n;
	/* What a missing file or link means: NONE, or NOT in a tree that was copied in
	 * part */
	enum have no_file, no_link;
};

static bool listing_has(const struct listing *l, const char *name)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, l->names[middle]);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static struct listing listing_read(
	struct snapshot *s, const struct root *dir, struct arena *scratch)
{
	struct listing l = { .s = s, .dir = dir, .scratch = scratch };
	bool all = root_list(dir, scratch, ".", &l.names, &l.n) == STATUS_OK;

	/* The kernel shows `resource`, `enable` and the link `subsystem` for each
	 * function (drivers/pci/pci-sysfs.c, drivers/base/bus.c): a copy without them is
	 * no whole one, and one without links says nothing about drivers and groups. */
	l.no_file = all && listing_has(&l, "resource") && listing_has(&l, "enable")
		? HAVE_NONE
		: HAVE_NOT;
	l.no_link = all && listing_has(&l, "subsystem") ? HAVE_NONE : HAVE_NOT;
	return l;
}

/* Attributes that the kernel shows only where they apply: no file is an answer. */
static struct snap_text optional_text(const struct listing *l, const char *name)
{
	if (!listing_has(l, name))
		return (struct snap_text){ l->no_file, NULL };
	return root_read_attr(l->dir, l->s, name);
}

static struct snap_int optional_int(const struct listing *l, const char *name)
{
	if (!listing_has(l, name))
		return (struct snap_int){ l->no_file, 0 };
	return root_read_int(l->dir, l->s, name);
}

/* Attributes that each function has on a kernel that knows them: no file is no answer. */
static struct snap_text common_text(const struct listing *l, const char *name)
{
	if (!listing_has(l, name))
		return (struct snap_text){ HAVE_NOT, NULL };
	return root_read_attr(l->dir, l->s, name);
}

static struct snap_bool common_bool(const struct listing *l, const char *name)
{
	struct snap_bool b = { HAVE_NOT, false };

	if (listing_has(l, name))
		b = root_read_bool(l->dir, l->s, name);
	/* The kernel never prints nothing: an empty file is a copy that was cut off */
	return b.have == HAVE_NONE ? (struct snap_bool){ HAVE_NOT, false } : b;
}

static struct snap_text link_name(const struct listing *l, const char *name)
{
	if (!listing_has(l, name))
		return (struct snap_text){ l->no_link, NULL };
	return root_read_link_name(l->dir, l->s, name);
}

/* Whether a file is there that tools which copy a tree leave out, because reading it does
 * something: in a tree its absence says nothing. */
static struct snap_bool trigger_exists(const struct listing *l, const char *name)
{
	if (listing_has(l, name))
		return snap_bool_of(true);
	if (!l->dir->live || l->no_file == HAVE_NOT)
		return (struct snap_bool){ HAVE_NOT, false };
	return snap_bool_of(false);
}

/* Reading the ROM of a live host would need a write to the same file first (drivers/pci/
 * pci-sysfs.c, pci_write_rom()), and that is not done. */
static struct snap_bytes read_rom(const struct listing *l)
{
	enum { LARGEST_ROM = 512 << 10 };
	struct root_bytes got;

	if (l->dir->live || !listing_has(l, "rom"))
		return (struct snap_bytes){ .have = HAVE_NONE };
	got = root_read(l->dir, l->scratch, "rom", LARGEST_ROM);
	if (got.status == STATUS_OK && got.n == 0)
		return (struct snap_bytes){ .have = HAVE_NONE };
	return got.status == STATUS_OK ? snap_bytes_of(l->s, got.p, got.n)
				       : (struct snap_bytes){ 0 };
}

static struct snap_int read_group(const struct listing *l)
{
	struct snap_text name = link_name(l, "iommu_group");
	int64_t id;

	if (name.have != HAVE_VALUE)
		return (struct snap_int){ name.have, 0 };
	return text_to_int(name.s, &id) ? snap_int_of(id)
					: (struct snap_int){ HAVE_NOT, 0 };
}

static struct snap_text read_override(const struct listing *l)
{
	struct snap_text t = common_text(l, "driver_override");

	/* driver_override_show() prints a null pointer where none is set. */
	return text_equal(snap_str(t), "(null)") ? snap_text_none() : t;
}

static struct snap_bool read_boot_vga(const struct listing *l, struct snap_hex class_code)
{
	enum { VGA = 0x0300 }; /* the only class that has the file: pci-sysfs.c */

	if (class_code.have == HAVE_VALUE && class_code.v >> 8 != VGA)
		return (struct snap_bool){ HAVE_NONE, false };
	return common_bool(l, "boot_vga");
}

static struct snap_bool read_enabled(const struct listing *l)
{
	/* A counter: how many times a driver enabled the function. */
	struct snap_int count = optional_int(l, "enable");

	if (count.have != HAVE_VALUE)
		return (struct snap_bool){ HAVE_NOT, false };
	return snap_bool_of(count.v != 0);
}

static struct snap_bool read_msi(const struct listing *l)
{
	char **names;
	size_t n;

	if (!listing_has(l, "msi_irqs"))
		return l->no_file == HAVE_NOT ? (struct snap_bool){ HAVE_NOT, false }
					      : snap_bool_of(false);
	if (root_list(l->dir, l->scratch, "msi_irqs", &names, &n) != STATUS_OK)
		return (struct snap_bool){ HAVE_NOT, false };
	return snap_bool_of(n > 0);
}

/* The number means a line only where nothing else does (see facts/msi.c): the others are
 * not worth a read each. */
static struct snap_int read_line(const struct listing *l, const struct snap_pci *p)
{
	bool on = p->enabled.have == HAVE_VALUE && p->enabled.v;
	bool messages = p->msi.have != HAVE_VALUE || p->msi.v;

	if (!on || messages || !listing_has(l, "irq"))
		return (struct snap_int){ HAVE_NOT, 0 };
	return root_read_int(l->dir, l->s, "irq");
}

static struct snap_texts read_resources(const struct listing *l)
{
	struct snap_texts lines = { 0 };
	char *text = root_read_text(l->dir, l->scratch, "resource", ROOT_SMALL);
	char **parts;
	size_t n;

	if (!text)
		return lines;
	snap_list_collected(&lines);
	parts = text_lines(l->scratch, text, &n);
	for (size_t i = 0; i < n; i++)
		snap_texts_add(l->s, &lines, parts[i]);
	return lines;
}

void pci_read_attributes(struct snapshot *s, const struct root *dir,
	struct arena *scratch, struct snap_pci *p)
{
	struct listing l = listing_read(s, dir, scratch);

	p->driver = link_name(&l, "driver");
	p->driver_override = read_override(&l);
	p->iommu_group = read_group(&l);
	p->physfn = link_name(&l, "physfn");
	p->resources = read_resources(&l);
	p->boot_vga = read_boot_vga(&l, p->class_code);
	/* Since 5.15; not there for functions that cannot be reset */
	p->reset_method = optional_text(&l, "reset_method");
	p->reset = trigger_exists(&l, "reset");
	p->power_state = common_text(&l, "power_state");
	p->d3cold_allowed = common_bool(&l, "d3cold_allowed");
	if (listing_has(&l, "power"))
		p->runtime_status = root_read_attr(dir, s, "power/runtime_status");
	p->numa_node = optional_int(&l, "numa_node");
	p->sriov_total = optional_int(&l, "sriov_totalvfs");
	p->sriov_num = optional_int(&l, "sriov_numvfs");
	p->rom = trigger_exists(&l, "rom");
	p->rom_bytes = read_rom(&l);
	p->link_speed = optional_text(&l, "current_link_speed");
	p->link_width = optional_text(&l, "current_link_width");
	p->max_link_speed = optional_text(&l, "max_link_speed");
	p->max_link_width = optional_text(&l, "max_link_width");
	p->enabled = read_enabled(&l);
	p->msi = read_msi(&l);
	p->irq = read_line(&l, p);
	p->removable = optional_text(&l, "removable");
}

struct snap_text pci_parent_of_link(struct snapshot *s, struct snap_text link)
{
	/* …/pci0000:00/0000:00:1c.0/0000:01:00.0: the component before the last is the
	 * bridge, or a root bus, which is no address. A domain of its own behind a
	 * function (VMD: …/0000:00:0e.0/pci10000:e0/10000:e0:06.0) starts at a root bus
	 * as well. */
	const char *end = link.have == HAVE_VALUE ? strrchr(link.s, '/') : NULL;
	const char *start = end;
	char address[BDF_TEXT], *name;
	struct bdf b;

	if (!end)
		return (struct snap_text){ HAVE_NOT, NULL };
	while (start > link.s && start[-1] != '/')
		start--;
	name = arena_strndup(s->arena, start, (size_t)(end - start));
	if (strcmp(name, "devices") == 0) /* a flat copy, which has lost the tree */
		return (struct snap_text){ HAVE_NOT, NULL };
	if (!bdf_parse(name, &b))
		return snap_text_none();
	return snap_text_of(s, bdf_format(b, address));
}
