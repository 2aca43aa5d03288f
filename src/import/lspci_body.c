// SPDX-License-Identifier: GPL-2.0-or-later
// What lspci prints below the line of a function: show_verbose() of lspci.c and
// show_kernel() of ls-kernel.c of pciutils, read backwards.
#include "import/lspci_body.h"

#include <stdlib.h>
#include <string.h>

#include "import/lspci.h"
#include "import/lspci_region.h"
#include "import/lspci_state.h"

enum {
	COMMAND = 0x04,
	STATUS = 0x06,
	STATUS_CAP_LIST = 0x10,
	REVISION = 0x08,
	HEADER_TYPE = 0x0e,
	PRIMARY_BUS = 0x18,
	SUBSYSTEM = 0x2c,
	PIN = 0x3d,
	BRIDGE_CONTROL = 0x3e,
	CLASS_CARDBUS = 0x0607,
};

/* The reading of one function. */
struct body {
	struct import *im;
	struct lspci_function *fn;
	struct snap_pci *pci;
	const struct lspci_habits *habits;
	struct lspci_space *space;
	struct lspci_regions regions;
	struct lspci_head head;
	bool in_caps, wraps; /* the list of modules goes on in the next line */
	bool subsystem_seen, modules_seen;
	size_t n_drivers;
	const char *driver;
	int group, node, pin;
};

/* A flag of a header's register, as -vv prints them. */
struct bit {
	const char *name;
	uint8_t number;
};

static void bits_read(
	struct body *b, const char *text, size_t at, const struct bit *bits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int on = lspci_flag(text, bits[i].name);

		if (on >= 0)
			space_set(b->space, at, 1u << bits[i].number,
				(uint32_t)on << bits[i].number);
	}
}

static void control_read(struct body *b, const char *text)
{
	static const struct bit bits[] = {
		{ "I/O", 0 },
		{ "Mem", 1 },
		{ "BusMaster", 2 },
		{ "SpecCycle", 3 },
		{ "MemWINV", 4 },
		{ "VGASnoop", 5 },
		{ "ParErr", 6 },
		{ "SERR", 8 },
		{ "FastB2B", 9 },
		{ "DisINTx", 10 },
	};

	b->fn->verbose = b->fn->full = true;
	bits_read(b, text, COMMAND, bits, sizeof bits / sizeof *bits);
}

static void status_read(struct body *b, const char *text)
{
	static const struct bit bits[] = { { "Cap", 4 } };

	bits_read(b, text, STATUS, bits, 1);
}

static void bridge_control_read(struct body *b, const char *text)
{
	static const struct bit bits[] = { { "Parity", 0 }, { "SERR", 1 }, { "VGA", 3 } };

	bits_read(b, text, BRIDGE_CONTROL, bits, sizeof bits / sizeof *bits);
}

static void place_read(struct body *b, const char *text)
{
	int group = lspci_number_of(text, "IOMMU group"),
	    node = lspci_number_of(text, "NUMA node");

	if (group >= 0)
		b->group = group;
	if (node >= 0)
		b->node = node;
}

static void flags_read(struct body *b, const char *text)
{
	b->fn->verbose = true;
	space_set(b->space, COMMAND, 4, strstr(text, "bus master") ? 4 : 0);
	place_read(b, text);
}

static void interrupt_read(struct body *b, const char *text)
{
	static const char pin[] = "Interrupt: pin ";
	char c = text_starts(text, pin) ? text[sizeof pin - 1] : '\0';

	if (c >= 'A' && c <= 'D')
		b->pin = c - 'A' + 1;
	else if (c == '?')
		b->pin = 0;
	if (b->pin > 0)
		b->fn->no_vf = true;
}

static void subsystem_read(struct body *b, const char *text)
{
	b->subsystem_seen = true;
	lspci_subsystem_parse((struct lspci_part){ text, strlen(text) }, &b->head);
}

/* The label lacks a line feed of its own (show_terse()). */
static void label_read(struct body *b, const char *text)
{
	static const char key[] = "Subsystem:";
	const char *p = strstr(text, key);

	if (p)
		subsystem_read(b, p + sizeof key - 1);
}

static void buses_read(struct body *b, const char *text)
{
	static const char *const names[] = { "primary=", "secondary=", "subordinate=" };

	for (size_t i = 0; i < 3; i++) {
		const char *p = strstr(text, names[i]);
		int bus = p ? lspci_hex(p + strlen(names[i]), 2) : -1;

		if (bus < 0)
			return;
		space_set(b->space, PRIMARY_BUS + i, 0xff, (uint32_t)bus);
		if (i == 1)
			b->fn->secondary = bus;
	}
	b->fn->no_vf = true;
}

static void header_read(struct body *b, const char *text)
{
	/* Of an existing header type bit 6 is 0; ones are no answer */
	b->fn->dead |= strstr(text, "header type 7f") != NULL;
	b->fn->verbose = b->fn->odd = true;
}

static void region_read(struct body *b, const char *text)
{
	lspci_region_read(&b->regions, text);
}

/* Without a number, of -v: nobody knows which BAR it is. */
static void size_read(struct body *b, const char *text)
{
	b->regions.sized |= strstr(text, " [size=") != NULL;
}

static void rom_read(struct body *b, const char *text)
{
	lspci_rom_read(&b->regions, text);
	b->fn->no_vf = true;
}

static void driver_read(struct body *b, const char *text)
{
	b->in_caps = false;
	b->fn->passed = true;
	b->n_drivers++;
	b->driver = text + strspn(text, " \t");
}

static void modules_read(struct body *b, const char *text)
{
	size_t n;
	char **names = text_split(b->im->scratch, text, ", \t", &n);

	b->in_caps = false;
	b->fn->passed = true;
	if (b->pci->modules.have == HAVE_VALUE && !b->modules_seen)
		return;
	b->modules_seen = true;
	snap_list_collected(&b->pci->modules);
	for (size_t i = 0; i < n; i++) {
		for (char *p = names[i]; *p; p++)
			*p = *p == '-' ? '_' : *p;
		snap_texts_add(b->im->snap, &b->pci->modules, names[i]);
	}
	b->wraps = n && text_ends(text, ",");
}

/* In the place of the capabilities of a CardBus bridge. */
static void denied_read(struct body *b, const char *text)
{
	(void)text;
	b->fn->config.broken = b->fn->config.denied = true;
}

static void capability_read(struct body *b, const char *text)
{
	b->in_caps = b->fn->passed = true;
	lspci_config_capability(&b->fn->config, text);
}

/* What a line begins with, READ gets what is behind it; WHOLE: all of it. Without READ it
 * is known and says nothing that is wanted here. */
static const struct key {
	const char *text;
	void (*read)(struct body *b, const char *text);
	bool whole;
	bool ends; /* the capabilities */
} keys[] = {
	{ .text = "Capabilities:", .read = capability_read },
	{ .text = "Subsystem:", .read = subsystem_read },
	{ .text = "DeviceName:", .read = label_read },
	{ .text = "Kernel driver in use:", .read = driver_read, .ends = true },
	{ .text = "Kernel modules:", .read = modules_read, .ends = true },
	{ .text = "Driver in use:", .read = driver_read, .ends = true },
	{ .text = "Flags:", .read = flags_read },
	{ .text = "Control:", .read = control_read },
	{ .text = "Status:", .read = status_read },
	{ .text = "Interrupt:", .read = interrupt_read, .whole = true },
	{ .text = "IOMMU group", .read = place_read, .whole = true },
	{ .text = "NUMA node", .read = place_read, .whole = true },
	{ .text = "Region ", .read = region_read, .whole = true },
	{ .text = "Memory at ", .read = size_read, .whole = true },
	{ .text = "I/O ports at ", .read = size_read, .whole = true },
	{ .text = "Expansion ROM at ", .read = rom_read, .whole = true },
	{ .text = "Bus: primary=", .read = buses_read, .whole = true },
	{ .text = "BridgeCtl:", .read = bridge_control_read },
	{ .text = "!!! Unknown header type", .read = header_read, .whole = true },
	{ .text = "!!! Invalid class", .whole = true },
	{ .text = "Latency:" },
	{ .text = "I/O behind bridge" },
	{ .text = "Memory behind bridge" },
	{ .text = "Prefetchable memory behind bridge" },
	{ .text = "Secondary status:" },
	{ .text = "Physical Slot:" },
	{ .text = "Device tree node:" },
	{ .text = "BIST " },
	{ .text = "Memory window " },
	{ .text = "I/O window " },
	{ .text = "16-bit legacy interface" },
	{ .text = "<access denied", .read = denied_read },
};

static const struct key *key_of(const char *text)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (text_starts(text, keys[i].text))
			return &keys[i];
	}
	return NULL;
}

bool lspci_key_is(const char *text)
{
	return key_of(text) != NULL;
}

static void line_read(struct body *b, const char *text)
{
	const struct key *key;
	uint8_t row[16];
	size_t at;

	text += strspn(text, " \t");
	if (hex_digit(*text) >= 0 && lspci_row_read(text, &at, row)) {
		b->in_caps = false;
		b->fn->passed = b->fn->numbered = true;
		space_set_bytes(b->space, at, row, sizeof row);
		return;
	}
	key = key_of(text);
	if (b->in_caps && (!key || (key->read != capability_read && !key->ends))) {
		lspci_config_line(&b->fn->config, text);
		return;
	}
	if (!key && b->wraps)
		modules_read(b, text);
	else if (key && key->read)
		key->read(b, key->whole ? text : text + strlen(key->text));
	else if (!key)
		place_read(b, text); /* the second line of long flags */
}

/* Takes what the line of the function says, and lines that it was broken into. */
static size_t head_read(struct body *b, const struct paste_line *v)
{
	const char *text = b->fn->behind;
	size_t i = b->fn->first + 1;

	if (i < b->fn->end && v[i].n && !lspci_body_is(v[i].text) &&
		strncmp(v[i].text, "--", 2) != 0 && lspci_head_parse(text, &b->head) &&
		b->head.device < 0) {
		text = arena_printf(b->im->scratch, "%s %s", text, v[i].text);
		i++;
	}
	return lspci_head_parse(text, &b->head) ? i : b->fn->end;
}

/* Numbers that a dump shows and the line of the function does not. */
static void numbers_read(struct body *b)
{
	const uint8_t *p = b->space->bytes, *mask = b->space->mask;
	int vendor = p[0] | p[1] << 8;

	if (!b->fn->numbered || mask[0] != 0xff || mask[SUBSYSTEM] != 0xff ||
		vendor == 0xffff)
		return;
	if (b->head.device < 0) {
		b->head.vendor = vendor;
		b->head.device = p[2] | p[3] << 8;
	}
	if (b->head.class_code < 0)
		b->head.class_code = p[11] << 8 | p[10];
	if (b->head.prog_if < 0 && b->head.class_code == (p[11] << 8 | p[10]))
		b->head.prog_if = p[9];
	if (b->head.revision < 0)
		b->head.revision = p[REVISION];
	if (b->head.subvendor < 0 && (p[HEADER_TYPE] & 0x7f) == 0) {
		b->head.subvendor = p[SUBSYSTEM] | p[SUBSYSTEM + 1] << 8;
		b->head.subdevice = p[SUBSYSTEM + 2] | p[SUBSYSTEM + 3] << 8;
	}
}

/* Bytes of the header that the words imply. One that does not answer is told by the type,
 * which reads ones; so do revision and interface on its line, where lspci does not take
 * these from the kernel, which remembers them (pciutils since 3.8). */
static void header_store(struct body *b)
{
	struct lspci_function *fn = b->fn;
	uint32_t type = b->head.class_code == CLASS_CARDBUS ? 2 : 1;

	if (fn->dead) {
		space_set_dead(b->space);
		return;
	}
	if (!fn->verbose || fn->odd)
		return;
	if (b->head.vendor >= 0)
		space_set(b->space, 0, 0xffff, (uint32_t)b->head.vendor);
	if (b->head.device >= 0)
		space_set(b->space, 2, 0xffff, (uint32_t)b->head.device);
	if (!fn->passed)
		return;
	space_set(b->space, HEADER_TYPE, 0x7f, fn->secondary < 0 ? 0 : type);
	if (fn->full)
		space_set(b->space, PIN, 0xff, b->pin < 0 ? 0 : (uint32_t)b->pin);
	if (fn->secondary < 0 && b->head.subvendor >= 0)
		space_set(b->space, SUBSYSTEM, UINT32_MAX,
			(uint32_t)b->head.subdevice << 16 | (uint32_t)b->head.subvendor);
}

/* Closes the lists of capabilities: nothing of them is cut off. */
static void capabilities_store(struct body *b)
{
	struct lspci_config *c = &b->fn->config;
	bool closed = b->fn->ended || b->driver || b->modules_seen || b->fn->numbered;

	if (!b->fn->verbose || b->fn->odd || !closed || b->fn->filtered)
		return;
	lspci_config_end(c);
	if (!c->link && !c->broken)
		space_set(b->space, STATUS, STATUS_CAP_LIST, 0);
	/* Where lspci prints extended ones for others, this one's list is empty: its first
	 * header reads 0 */
	if (c->type >= 0 && !c->extended && !c->broken && b->habits->extended)
		space_set(b->space, 0x100, UINT32_MAX, 0);
}

static void text_keep(struct import *im, struct snap_text *field, const char *text)
{
	if (field->have != HAVE_VALUE)
		*field = snap_text_of(im->snap, text);
}

/* Drivers and modules. Two drivers in one block are what a filter left of two functions. */
static void kernel_store(struct body *b)
{
	struct lspci_function *fn = b->fn;
	struct snap_pci *p = b->pci;
	bool whole = fn->ended && !fn->filtered;
	bool listed = b->modules_seen && b->subsystem_seen && !fn->filtered;

	if (b->n_drivers > 1)
		return;
	if (b->n_drivers == 1)
		text_keep(b->im, &p->driver, b->driver);
	else if (p->driver.have == HAVE_NOT &&
		(listed || (whole && (b->habits->drivers || b->habits->modules))))
		p->driver = snap_text_none();
	if (whole && b->habits->modules && !b->modules_seen)
		snap_list_collected(&p->modules);
}

static void places_store(struct body *b)
{
	struct snap_pci *p = b->pci;
	bool whole = b->fn->verbose && b->fn->passed && !b->fn->odd && !b->fn->filtered;

	if (b->group >= 0)
		import_group_member(b->im, b->group, b->fn->bdf);
	else if (whole && b->habits->groups && p->iommu_group.have == HAVE_NOT)
		p->iommu_group.have = HAVE_NONE;
	if (p->numa_node.have == HAVE_NOT && b->node >= 0)
		p->numa_node = snap_int_of(b->node);
	else if (p->numa_node.have == HAVE_NOT && whole && b->habits->nodes)
		p->numa_node = snap_int_of(-1);
}

/* `8GT/s` as the kernel writes it, "8.0 GT/s PCIe" (PCIE_SPEED2STR, drivers/pci/pci.h). */
static void speed_store(struct import *im, struct snap_text *field, const char *text)
{
	size_t n = text ? strspn(text, "0123456789.") : 0;

	if (n && field->have == HAVE_NOT)
		*field = snap_text_of(im->snap,
			arena_printf(im->scratch, "%.*s%s GT/s PCIe", (int)n, text,
				memchr(text, '.', n) ? "" : ".0"));
}

static void width_store(struct import *im, struct snap_text *field, int width)
{
	if (width >= 0 && field->have == HAVE_NOT)
		*field = snap_text_of(im->snap, arena_printf(im->scratch, "%d", width));
}

/* What sysfs has an attribute for as well. */
static void attributes_store(struct body *b)
{
	struct lspci_config *c = &b->fn->config;
	struct snap_pci *p = b->pci;

	speed_store(b->im, &p->link_speed, c->speed);
	speed_store(b->im, &p->max_link_speed, c->most_speed);
	width_store(b->im, &p->link_width, c->width);
	width_store(b->im, &p->max_link_width, c->most_width);
	if (p->msi.have == HAVE_NOT && c->messages >= 0)
		p->msi = snap_bool_of(c->messages);
	if (p->sriov_total.have == HAVE_NOT && c->total_vfs >= 0 && c->vfs >= 0) {
		p->sriov_total = snap_int_of(c->total_vfs);
		p->sriov_num = snap_int_of(c->vfs);
	}
	/* One in D3cold is woken for lspci, so that D0 says nothing */
	if (p->power_state.have == HAVE_NOT && c->power > 0)
		p->power_state = snap_text_of(b->im->snap,
			c->power == 3           ? "D3hot"
				: c->power == 2 ? "D2"
						: "D1");
}

void lspci_body_read(struct import *im, struct lspci_function *fn,
	const struct paste_line *v, const struct lspci_habits *habits,
	struct lspci_space *space)
{
	struct body b = { .im = im,
		.fn = fn,
		.habits = habits,
		.space = space,
		.group = -1,
		.node = -1,
		.pin = -1 };

	lspci_config_start(&fn->config, space);
	b.pci = import_function(im, fn->bdf);
	size_t i = head_read(&b, v);
	/* Another machine's, or the same one with other cards: the first is kept */
	if (lspci_head_conflicts(&b.head, b.pci))
		return;
	for (; i < fn->end; i++)
		if (v[i].n)
			line_read(&b, v[i].text);
	numbers_read(&b);
	fn->passed |= fn->ended;
	if (fn->dead && b.head.revision == 0xff)
		b.head.revision = b.head.prog_if = -1, b.head.whole_id = false;
	lspci_head_store(im, b.pci, &b.head);
	header_store(&b);
	capabilities_store(&b);
	if ((fn->verbose || fn->numbered) && lspci_state(im)->stored < MOST_STORED) {
		space_store(im->snap, b.pci, space);
		lspci_state(im)->stored += 2 * space->end;
	}
	kernel_store(&b);
	places_store(&b);
	attributes_store(&b);
	if (fn->full && fn->passed && !fn->odd && !fn->filtered)
		lspci_regions_store(im, b.pci, &b.regions);
	if (fn->verbose && fn->passed && !fn->odd && !fn->filtered &&
		b.pci->rom.have == HAVE_NOT && (b.regions.sized || b.regions.rom_seen))
		b.pci->rom = snap_bool_of(b.regions.rom_seen);
	fn->no_vf |= b.regions.ports_seen;
	if (fn->no_vf && b.pci->physfn.have == HAVE_NOT)
		b.pci->physfn = snap_text_none();
}
