// SPDX-License-Identifier: GPL-2.0-or-later
// Capabilities as lspci tells them in words, turned back into registers: what ls-caps.c and
// ls-ecaps.c of pciutils print, read backwards. Only what was printed is known.
#include "import/lspci_config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	STATUS = 0x06,
	STATUS_CAP_LIST = 0x10,
	CAP_POINTER = 0x34,
	EXT_START = 0x100,
	EXT_NEXT = 0xfffu << 20,
	HEADER_END = 0x40,

	PM = 0x01,
	MSI = 0x05,
	SSVID = 0x0d,
	EXPRESS = 0x10,
	MSIX = 0x11,
	AF = 0x13,
	EXT_ACS = 0x0d,
	EXT_ATS = 0x0f,
	EXT_SRIOV = 0x10,
	EXT_REBAR = 0x15,
};

struct name {
	const char *text; /* that it begins with */
	int id;
};

/* In order: a name that another begins with stands behind it. Versions of pciutils since 3.0
 * differ in some. */
static const struct name names[] = {
	{ "Null", 0x00 },
	{ "Power Management", PM },
	{ "AGP version", 0x02 },
	{ "Vital Product Data", 0x03 },
	{ "Slot ID", 0x04 },
	{ "MSI:", MSI },
	{ "Message Signalled Interrupts", MSI },
	{ "CompactPCI hot-swap", 0x06 },
	{ "PCI-X", 0x07 },
	{ "HyperTransport", 0x08 },
	{ "Vendor Specific Information", 0x09 },
	{ "Debug port", 0x0a },
	{ "CompactPCI central resource", 0x0b },
	{ "Hot-plug capable", 0x0c },
	{ "Subsystem", SSVID },
	{ "AGP3", 0x0e },
	{ "Secure device", 0x0f },
	{ "Express", EXPRESS },
	{ "MSI-X:", MSIX },
	{ "SATA HBA", 0x12 },
	{ "PCI Advanced Features", AF },
	{ "Enhanced Allocation", 0x14 },
};

static const struct name extended_names[] = {
	{ "Null", 0x00 },
	{ "Advanced Error Reporting", 0x01 },
	{ "Device Serial Number", 0x03 },
	{ "Power Budgeting", 0x04 },
	{ "Root Complex Link", 0x05 },
	{ "Root Complex Internal Link", 0x06 },
	{ "Root Complex Event Collector", 0x07 },
	{ "Multi-Function Virtual Channel", 0x08 },
	{ "Root Complex Register Block", 0x0a },
	{ "Root Bridge Control Block", 0x0a },
	{ "Vendor Specific Information", 0x0b },
	{ "Access Control Services", EXT_ACS },
	{ "Access Controls", EXT_ACS },
	{ "Alternative Routing", 0x0e },
	{ "Address Translation", EXT_ATS },
	{ "Single Root I/O", EXT_SRIOV },
	{ "Multi-Root I/O", 0x11 },
	{ "Multicast", 0x12 },
	{ "Page Request", 0x13 },
	{ "Physical Resizable BAR", EXT_REBAR },
	{ "Resizable BAR", EXT_REBAR },
	{ "Dynamic Power Allocation", 0x16 },
	{ "Transaction Processing Hints", 0x17 },
	{ "Latency Tolerance Reporting", 0x18 },
	{ "Secondary PCI Express", 0x19 },
	{ "Protocol Multiplexing", 0x1a },
	{ "Process Address Space ID", 0x1b },
	{ "LN Requester", 0x1c },
	{ "Downstream Port Containment", 0x1d },
	{ "L1 PM Substates", 0x1e },
	{ "Precision Time Measurement", 0x1f },
	{ "PCI Express over M_PHY", 0x20 },
	{ "FRS Queueing", 0x21 },
	{ "Readiness Time Reporting", 0x22 },
	{ "Designated Vendor-Specific", 0x23 },
	{ "VF Resizable BAR", 0x24 },
	{ "Virtual Resizable BAR", 0x24 },
	{ "Data Link Feature", 0x25 },
	{ "Physical Layer 16.0", 0x26 },
	{ "Lane Margining", 0x27 },
	{ "Hierarchy ID", 0x28 },
	{ "Native PCIe Enclosure", 0x29 },
	{ "Physical Layer 32.0", 0x2a },
	{ "Data Object Exchange", 0x2e },
	{ "Device 3", 0x2f },
	{ "Integrity & Data Encryption", 0x30 },
	{ "Physical Layer 64.0", 0x31 },
	{ "Flit Logging", 0x32 },
	{ "Flit Error Injection", 0x34 },
	{ "MMIO Register Block Locator", 0x36 },
};

struct lspci_register {
	bool extended;
	int id;
	const char *name;
	uint8_t at; /* of its dword within the capability */
	struct {
		const char *name;
		uint8_t bit;
	} flags[8];
};

/* PCI Express Base Specification 7.5.3, 7.7, 9.3.3; PCI Local Bus Specification 3.0, 6.8;
 * PCI Power Management Interface 1.2, 3.2.4. */
static const struct lspci_register registers[] = {
	{ false, PM, "Status:", 4, { { "NoSoftRst", 3 } } },
	{ false, MSI, "MSI:", 2, { { "Enable", 0 }, { "64bit", 7 }, { "Maskable", 8 } } },
	{ false, MSIX, "MSI-X:", 2, { { "Enable", 15 }, { "Masked", 14 } } },
	{ false, AF, "AFCap:", 3, { { "TP", 0 }, { "FLR", 1 } } },
	{ false, EXPRESS, "DevCap:", 4, { { "FLReset", 28 } } },
	{ false, EXPRESS, "LnkCap:", 0x0c, { { "LLActRep", 20 } } },
	{ false, EXPRESS, "LnkSta:", 0x12, { { "DLActive", 13 } } },
	{ true, EXT_ACS, "ACSCap:", 4,
		{ { "SrcValid", 0 }, { "TransBlk", 1 }, { "ReqRedir", 2 },
			{ "CmpltRedir", 3 }, { "UpstreamFwd", 4 }, { "EgressCtrl", 5 },
			{ "DirectTrans", 6 } } },
	{ true, EXT_ACS, "ACSCtl:", 6,
		{ { "SrcValid", 0 }, { "TransBlk", 1 }, { "ReqRedir", 2 },
			{ "CmpltRedir", 3 }, { "UpstreamFwd", 4 }, { "EgressCtrl", 5 },
			{ "DirectTrans", 6 } } },
	{ true, EXT_ATS, "ATSCtl:", 6, { { "Enable", 15 } } },
	{ true, EXT_SRIOV, "IOVCtl:", 8, { { "Enable", 0 }, { "MSE", 3 } } },
};

static bool is_word_end(char c)
{
	return !c || c == ' ' || c == '\t' || c == ',' || c == ';' || c == ')';
}

int lspci_flag(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = strstr(text, name); p; p = strstr(p + 1, name)) {
		bool starts = p == text || p[-1] == ' ' || p[-1] == '\t' ||
			p[-1] == ':' || p[-1] == ',' || p[-1] == '(';

		if (starts && (p[n] == '+' || p[n] == '-') && is_word_end(p[n + 1]))
			return p[n] == '+';
	}
	return -1;
}

/* The decimal number behind WORD; -1: there is none of at most six digits. */
static int number_behind(const char *text, const char *word)
{
	const char *p = strstr(text, word);
	int value = -1, digits = 0;

	for (p = p ? p + strlen(word) : ""; *p >= '0' && *p <= '9'; p++) {
		if (++digits > 6)
			return -1;
		value = (value < 0 ? 0 : value * 10) + (*p - '0');
	}
	return value;
}

/* The hexadecimal number behind WORD. */
static bool hex_behind(const char *text, const char *word, uint32_t *ret)
{
	const char *p = strstr(text, word);
	char *end;
	unsigned long v;

	if (!p || hex_digit(p[strlen(word)]) < 0)
		return false;
	v = strtoul(p + strlen(word), &end, 16);
	if (v > UINT32_MAX)
		return false;
	*ret = (uint32_t)v;
	return true;
}

void lspci_config_start(struct lspci_config *c, struct lspci_space *space)
{
	*c = (struct lspci_config){ .space = space,
		.id = -1,
		.power = -1,
		.messages = -1,
		.type = -1,
		.total_vfs = -1,
		.vfs = -1,
		.vf_offset = -1,
		.vf_stride = -1,
		.width = -1,
		.most_width = -1 };
	space_clear(space);
}

static int id_named(const char *text, bool extended)
{
	const struct name *list = extended ? extended_names : names;
	size_t n = extended ? sizeof extended_names / sizeof *extended_names
			    : sizeof names / sizeof *names;
	const char *number = NULL;
	uint32_t id;

	for (size_t i = 0; i < n; i++) {
		if (text_starts(text, list[i].text))
			return list[i].id;
	}
	if (text_starts(text, extended ? "Extended Capability ID " : "Capability ID "))
		number = "ID 0x";
	else if (*text == '#') /* before 3.3 */
		number = "#";
	return number && hex_behind(text, number, &id) && id <= 0xffff ? (int)id : -1;
}

/* How many there are stands in the first register, and is known when all were shown. */
static void rebar_close(struct lspci_config *c)
{
	if (c->extended && c->id == EXT_REBAR && c->n_bars)
		space_set(c->space, c->at + 8, 7u << 5, (uint32_t)c->n_bars << 5);
	c->n_bars = 0;
}

/* Where the list is that the new capability at AT is in: the pointer to it is known, and
 * that nothing follows if the other list begins. */
static void link_set(struct lspci_config *c, size_t at)
{
	struct lspci_space *space = c->space;
	bool extended = at >= EXT_START;

	if (extended && !c->extended) {
		lspci_config_end(c);
		c->broken = at != EXT_START;
	} else if (extended) {
		space_set(space, c->at, EXT_NEXT, (uint32_t)at << 20);
	} else {
		space_set(space, c->link ? c->link : CAP_POINTER, 0xff, (uint32_t)at);
	}
	c->extended = extended;
	c->link = at + 1;
	c->at = at;
}

/* Both IDs of the virtual channel have one name: 0x02 and 0x09. */
static void header_set(struct lspci_config *c, const char *text)
{
	static const char channel[] = "Virtual Channel";
	uint32_t bits = c->extended ? 0xffff : 0xff;

	if (c->id >= 0)
		space_set(c->space, c->at, bits, (uint32_t)c->id);
	else if (c->extended && text_starts(text, channel))
		space_set(c->space, c->at, bits & ~(0x02u ^ 0x09u), 0x02 & 0x09);
}

/* Device/port types; PCI Express Base Specification 7.5.3.2. */
static void express_set(struct lspci_config *c, const char *text)
{
	static const struct name types[] = {
		{ "Endpoint", 0 },
		{ "Legacy Endpoint", 1 },
		{ "Root Port", 4 },
		{ "Upstream Port", 5 },
		{ "Downstream Port", 6 },
		{ "PCI-Express to PCI/PCI-X Bridge", 7 },
		{ "PCI-Express to PCI-X Bridge", 7 },
		{ "PCI/PCI-X to PCI-Express Bridge", 8 },
		{ "Root Complex Integrated Endpoint", 9 },
		{ "Root Complex Event Collector", 10 },
	};
	const char *p = text + strlen("Express");
	int slot = lspci_flag(text, "Slot");

	p += strspn(p, " ");
	if (*p == '(' && p[1] == 'v') {
		int version = number_behind(p, "(v");

		if (version >= 0)
			space_set(c->space, c->at + 2, 0xf, (uint32_t)version);
		p += strcspn(p, ")");
		p += *p == ')';
		p += strspn(p, " ");
	}
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (text_starts(p, types[i].text) &&
			is_word_end(p[strlen(types[i].text)]))
			c->type = types[i].id;
	}
	if (c->type >= 0)
		space_set(c->space, c->at + 2, 0xf0, (uint32_t)c->type << 4);
	if (slot >= 0)
		space_set(c->space, c->at + 2, 0x100, slot ? 0x100 : 0);
}

/* The messages of MSI and MSI-X: one that is on decides. */
static void messages_set(struct lspci_config *c, const char *text)
{
	int on = lspci_flag(text, "Enable"), n;

	if (on > c->messages)
		c->messages = on;
	if (c->id != MSIX)
		return;
	n = number_behind(text, "Count=");
	if (n > 0 && n <= 0x800)
		space_set(c->space, c->at + 2, 0x7ff, (uint32_t)n - 1);
}

/* `[60] Express …`, `[100 v1] …`: the place, then the name. */
static bool place_read(
	const char *text, size_t *ret_at, int *ret_version, const char **ret)
{
	char *end;
	unsigned long at;

	*ret_version = -1;
	text += strspn(text, " \t");
	if (*text != '[' || hex_digit(text[1]) < 0)
		return false;
	at = strtoul(text + 1, &end, 16);
	if (text_starts(end, " v")) {
		*ret_version = number_behind(end, " v");
		end += 2 + strspn(end + 2, "0123456789");
	}
	if (*end != ']' || at < HEADER_END || at >= SPACE_SIZE || at & 3)
		return false;
	*ret_at = at;
	*ret = end + 1 + strspn(end + 1, " \t");
	return true;
}

static void registers_read(struct lspci_config *c, const char *text)
{
	if (!c->reg)
		return;
	for (size_t i = 0; i < sizeof c->reg->flags / sizeof *c->reg->flags; i++) {
		int on = c->reg->flags[i].name ? lspci_flag(text, c->reg->flags[i].name)
					       : -1;

		if (on >= 0)
			space_set(c->space, c->at + c->reg->at,
				1u << c->reg->flags[i].bit,
				(uint32_t)on << c->reg->flags[i].bit);
	}
}

static void register_find(struct lspci_config *c, const char *text)
{
	c->reg = NULL;
	for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
		if (registers[i].extended == c->extended && registers[i].id == c->id &&
			text_starts(text, registers[i].name))
			c->reg = &registers[i];
	}
}

void lspci_config_capability(struct lspci_config *c, const char *text)
{
	const char *name;
	size_t at;
	int version;

	rebar_close(c);
	c->reg = NULL;
	c->id = -1;
	space_set(c->space, STATUS, STATUS_CAP_LIST, STATUS_CAP_LIST);
	c->denied |= strstr(text, "<access denied>") != NULL;
	if (c->broken || !place_read(text, &at, &version, &name) ||
		text_starts(name, "<chain") || (c->extended && at < EXT_START)) {
		c->broken = true;
		return;
	}
	link_set(c, at);
	if (c->broken)
		return;
	c->id = id_named(name, c->extended);
	header_set(c, name);
	if (version >= 0 && c->extended)
		space_set(c->space, at, 0xf0000, (uint32_t)version << 16);
	if (c->extended)
		return;
	if (c->id == EXPRESS)
		express_set(c, name);
	if (c->id == MSI || c->id == MSIX) {
		messages_set(c, name);
		register_find(c, name);
		registers_read(c, name);
	}
}

static void power_read(struct lspci_config *c, const char *text)
{
	int state = number_behind(text, "Status: D");

	if (state < 0 || state > 3)
		return;
	c->power = state;
	space_set(c->space, c->at + 4, 3, (uint32_t)state);
}

static void tables_read(struct lspci_config *c, const char *text)
{
	int bar = number_behind(text, "BAR=");
	size_t at = text_starts(text, "Vector table:") ? 4 : 8;
	uint32_t offset;

	if (bar < 0 || bar > 7 || !hex_behind(text, "offset=", &offset) || offset & 7)
		return;
	if (at == 4 || text_starts(text, "PBA:"))
		space_set(c->space, c->at + at, UINT32_MAX, offset | (uint32_t)bar);
}

/* Speeds are numbered from 1 (7.5.3.6). */
static int speed_number(const char *text)
{
	static const char *const speeds[] = { "2.5", "5", "8", "16", "32", "64" };

	for (int i = 0; i < 6; i++) {
		size_t n = strlen(speeds[i]);

		if (text_starts(text, speeds[i]) &&
			(text_starts(text + n, "GT/s") ||
				text_starts(text + n, ".0GT/s")))
			return i + 1;
	}
	return -1;
}

static void link_read(struct lspci_config *c, const char *text)
{
	bool most = text_starts(text, "LnkCap:");
	const char *speed = strstr(text, "Speed ");
	int width = number_behind(text, "Width x"), number;
	size_t at = c->at + (most ? 0x0c : 0x12);

	if (!most && !text_starts(text, "LnkSta:"))
		return;
	number = speed ? speed_number(speed + 6) : -1;
	if (number > 0) {
		space_set(c->space, at, 0xf, (uint32_t)number);
		*(most ? &c->most_speed : &c->speed) = speed + 6;
	}
	if (width >= 0 && width <= 0x3f) {
		space_set(c->space, at, 0x3f0, (uint32_t)width << 4);
		*(most ? &c->most_width : &c->width) = width;
	}
}

static void word_set(struct lspci_config *c, size_t at, int value, int *ret)
{
	if (value < 0 || value > 0xffff)
		return;
	*ret = value;
	space_set(c->space, c->at + at, 0xffff, (uint32_t)value);
}

static void sriov_read(struct lspci_config *c, const char *text)
{
	uint32_t device;

	if (text_starts(text, "Initial VFs:")) {
		word_set(c, 0x0e, number_behind(text, "Total VFs: "), &c->total_vfs);
		word_set(c, 0x10, number_behind(text, "Number of VFs: "), &c->vfs);
	} else if (text_starts(text, "VF offset:")) {
		word_set(c, 0x14, number_behind(text, "VF offset: "), &c->vf_offset);
		word_set(c, 0x16, number_behind(text, "stride: "), &c->vf_stride);
		if (hex_behind(text, "Device ID: ", &device) && device <= 0xffff)
			space_set(c->space, c->at + 0x1a, 0xffff, device);
	}
}

/* `256MB` as the power of two of MiB that it is; -1: none. Moves *S behind it. */
static int size_read(const char **s)
{
	static const char units[] = "MGTPE";
	char *end;
	unsigned long n = strtoul(*s, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;
	int shift = 0;

	if (end == *s || !unit || end[1] != 'B' || !n || n & (n - 1) || n > 1 << 20)
		return -1;
	for (; n > 1; n >>= 1)
		shift++;
	*s = end + 2;
	return shift + 10 * (int)(unit - units);
}

/* `BAR 0: current size: 256MB, supported: 64MB 128MB 256MB`, one pair of registers. */
static void rebar_read(struct lspci_config *c, const char *text)
{
	static const char size[] = "current size: ", list[] = ", supported:";
	int bar = text_starts(text, "BAR ") ? number_behind(text, "BAR ") : -1, current;
	const char *p = strstr(text, size);
	size_t at = c->at + 4 + 8 * c->n_bars;
	uint64_t sizes = 0;

	if (bar < 0 || bar > 5 || !p || c->n_bars >= 6)
		return;
	p += sizeof size - 1;
	current = size_read(&p);
	if (current < 0)
		return;
	p += text_starts(p, list) ? sizeof list - 1 : 0;
	while (*p == ' ') {
		int shift;

		p++;
		shift = size_read(&p);
		if (shift < 0)
			return;
		sizes |= 1ull << shift;
	}
	c->n_bars++;
	space_set(c->space, at, 0xfffffff0, (uint32_t)(sizes << 4));
	space_set(c->space, at + 4, 0xffff3f07,
		(uint32_t)(sizes >> 28) << 16 | (uint32_t)current << 8 | (uint32_t)bar);
}

/* `Word:` at the beginning: a register, or a part of one. */
static bool is_named(const char *text)
{
	size_t n = strspn(
		text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n && text[n] == ':';
}

void lspci_config_line(struct lspci_config *c, const char *text)
{
	if (!c->at || c->id < 0 || c->broken)
		return;
	c->decoded = true;
	if (is_named(text))
		register_find(c, text);
	registers_read(c, text);
	if (!c->extended && c->id == PM)
		power_read(c, text);
	else if (!c->extended && c->id == MSIX)
		tables_read(c, text);
	else if (!c->extended && c->id == EXPRESS)
		link_read(c, text);
	else if (c->extended && c->id == EXT_SRIOV)
		sriov_read(c, text);
	else if (c->extended && c->id == EXT_REBAR)
		rebar_read(c, text);
}

void lspci_config_end(struct lspci_config *c)
{
	if (c->broken || !c->link)
		return;
	rebar_close(c);
	if (c->extended)
		space_set(c->space, c->at, EXT_NEXT, 0);
	else
		space_set(c->space, c->link, 0xff, 0);
}
