// SPDX-License-Identifier: GPL-2.0-or-later
// Distribution, board and firmware: os-release, and programs that describe a machine.
#include "import/os.h"

#include <string.h>

#include "base/text.h"
#include "import/format.h"

struct snap_text os_release_value(struct snapshot *s, const char *text, const char *key)
{
	size_t n;
	char **lines = text_lines(s->arena, text, &n);

	for (size_t i = 0; i < n; i++) {
		if (!text_starts(lines[i], key))
			continue;
		const char *value = text_trim(s->arena, lines[i] + strlen(key));
		size_t len = strlen(value);
		if (len >= 2 && (*value == '"' || *value == '\'') &&
			value[len - 1] == *value)
			return snap_text_of_mem(s, value + 1, len - 2);
		return snap_text_of(s, value);
	}
	return snap_text_none();
}

/* Names as PRETTY_NAME= begins with, and ID= of the same file. */
static const struct {
	const char *name, *id;
} distributions[] = {
	{ "Arch Linux", "arch" },
	{ "Arch", "arch" },
	{ "Manjaro", "manjaro" },
	{ "EndeavourOS", "endeavouros" },
	{ "Garuda", "garuda" },
	{ "CachyOS", "cachyos" },
	{ "Debian", "debian" },
	{ "Ubuntu", "ubuntu" },
	{ "Kubuntu", "ubuntu" },
	{ "Xubuntu", "ubuntu" },
	{ "Lubuntu", "ubuntu" },
	{ "Linux Mint", "linuxmint" },
	{ "Pop!_OS", "pop" },
	{ "Zorin", "zorin" },
	{ "elementary", "elementary" },
	{ "KDE neon", "neon" },
	{ "Kali", "kali" },
	{ "Fedora", "fedora" },
	{ "Nobara", "nobara" },
	{ "Bazzite", "bazzite" },
	{ "CentOS", "centos" },
	{ "Rocky Linux", "rocky" },
	{ "AlmaLinux", "almalinux" },
	{ "Red Hat Enterprise Linux", "rhel" },
	{ "openSUSE Tumbleweed", "opensuse-tumbleweed" },
	{ "openSUSE Leap", "opensuse-leap" },
	{ "Gentoo", "gentoo" },
	{ "NixOS", "nixos" },
	{ "Void", "void" },
	{ "Alpine", "alpine" },
	{ "Slackware", "slackware" },
};

static const char *id_of(const char *name)
{
	for (size_t i = 0; i < sizeof distributions / sizeof distributions[0]; i++)
		if (text_starts(name, distributions[i].name))
			return distributions[i].id;
	return NULL;
}

/* Behind LABEL and blanks, from the first word of TEXT on; NULL: it is another line. */
static const char *behind(const char *text, const char *label)
{
	size_t n = strlen(label);

	text += strspn(text, " \t*-");
	if (strncmp(text, label, n) != 0)
		return NULL;
	text += n + strspn(text + n, " \t*`");
	return *text ? text : NULL;
}

/* The name of a distribution that the line tells: neofetch, hostnamectl, inxi, lsb_release. */
static const char *find_distribution(const char *text)
{
	static const char *const labels[] = { "OS:", "Operating System:", "Distro:",
		"Distribution:", "Description:", "Host OS:", "OS Name :", "OS Name:",
		"Linux distribution:" };

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		const char *name = behind(text, labels[i]);
		if (name)
			return id_of(name) ? name : NULL;
	}
	/* inxi -S */
	const char *at = strstr(text, " Distro: ");
	if (!at)
		return NULL;
	at += strlen(" Distro: ");
	return id_of(at) ? at : NULL;
}

static bool is_release_line(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

	return n >= 2 && text[n] == '=' && !text_starts(text, "GRUB_");
}

/* A run of KEY=VALUE in which the two lines are that matter. */
static size_t release_take(const struct paste_line *v, size_t n)
{
	enum { LINES_MOST = 32 };
	size_t taken = 0;
	bool sure = false;

	for (; taken < n && taken < LINES_MOST && is_release_line(v[taken].text); taken++)
		sure |= text_starts(v[taken].text, "PRETTY_NAME=");
	return sure ? taken : 0;
}

/* Where a line of dmidecode or /sys/class/dmi/id belongs. */
enum section { SECTION_NONE, SECTION_BIOS, SECTION_SYSTEM, SECTION_BOARD };

static enum section section_of(const char *text)
{
	if (text_equal(text, "BIOS Information"))
		return SECTION_BIOS;
	if (text_equal(text, "System Information"))
		return SECTION_SYSTEM;
	return text_equal(text, "Base Board Information") ? SECTION_BOARD : SECTION_NONE;
}

/* The field of a line in a section of dmidecode(8), NULL: none that is kept. */
static struct snap_text *section_field(struct snap_dmi *d, enum section section,
	const char *text, const char **ret_value)
{
	const struct {
		enum section section;
		const char *label;
		struct snap_text *field;
	} rows[] = {
		{ SECTION_BIOS, "Vendor:", &d->bios_vendor },
		{ SECTION_BIOS, "Version:", &d->bios_version },
		{ SECTION_BIOS, "Release Date:", &d->bios_date },
		{ SECTION_SYSTEM, "Manufacturer:", &d->sys_vendor },
		{ SECTION_SYSTEM, "Product Name:", &d->product_name },
		{ SECTION_BOARD, "Manufacturer:", &d->board_vendor },
		{ SECTION_BOARD, "Product Name:", &d->board_name },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].section == section &&
			(*ret_value = behind(text, rows[i].label)))
			return rows[i].field;
	return NULL;
}

/* `/sys/class/dmi/id/board_name:PRIME X570`, as grep prints it; hostnamectl's lines. */
static struct snap_text *line_field(
	struct snap_dmi *d, const char *text, const char **ret_value)
{
	const struct {
		const char *label, *file;
		struct snap_text *field;
	} rows[] = {
		{ "Hardware Vendor:", "sys_vendor:", &d->sys_vendor },
		{ "Hardware Model:", "product_name:", &d->product_name },
		{ NULL, "board_vendor:", &d->board_vendor },
		{ NULL, "board_name:", &d->board_name },
		{ NULL, "bios_vendor:", &d->bios_vendor },
		{ "Firmware Version:", "bios_version:", &d->bios_version },
		{ NULL, "bios_date:", &d->bios_date },
	};
	const char *file = strstr(text, "dmi/id/");

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		*ret_value = rows[i].label ? behind(text, rows[i].label) : NULL;
		if (!*ret_value && file && *text == '/')
			*ret_value = behind(file + strlen("dmi/id/"), rows[i].file);
		if (*ret_value)
			return rows[i].field;
	}
	return NULL;
}

/* `Machine:   Type: Desktop Mobo: ASUSTeK model: PRIME X570-PRO v: Rev X.0x …` of inxi. */
static bool is_machine(const char *text)
{
	return text_starts(text, "Machine:") &&
		(strstr(text, "Mobo:") || strstr(text, "Type:"));
}

static size_t os_take(const struct import *im, const struct paste_line *v, size_t n)
{
	struct snap_dmi d = { 0 };
	const char *value;
	size_t taken = 1;

	(void)im;
	if (is_release_line(v->text))
		return release_take(v, n);
	if (section_of(v->text) != SECTION_NONE) {
		while (taken < n && v[taken].n &&
			(*v[taken].text == '\t' || *v[taken].text == ' '))
			taken++;
		return taken > 1 ? taken : 0;
	}
	if (is_machine(v->text)) {
		while (taken < n && taken < 6 && *v[taken].text == ' ')
			taken++;
		return taken;
	}
	return find_distribution(v->text) || line_field(&d, v->text, &value);
}

static void field_fill(
	struct import *im, struct snap_text *field, const char *value, size_t n)
{
	if (field->have == HAVE_NOT && n)
		*field = snap_line_of(im->snap,
			text_trim(im->scratch, arena_strndup(im->scratch, value, n)));
}

/* The value of KEY in TEXT of inxi, up to the next `word:`. Returns where it begins. */
static const char *inxi_value(const char *text, const char *key, size_t *ret_n)
{
	const char *at = strstr(text, key), *end;

	if (!at)
		return NULL;
	at += strlen(key);
	at += strspn(at, " ");
	end = at + strcspn(at, ":");
	if (*end)
		while (end > at && end[-1] != ' ')
			end--;
	*ret_n = (size_t)(end - at);
	return at;
}

static void machine_read(struct import *im, const char *text)
{
	static const char *const firmwares[] = {
		"UEFI:", "UEFI-[Legacy]:", "BIOS:", "UEFI [Legacy]:"
	};
	struct snap_dmi *d = &im->snap->host.dmi;
	const char *board, *value;
	size_t n;

	if ((board = inxi_value(text, "Mobo:", &n))) {
		field_fill(im, &d->board_vendor, board, n);
		if ((value = inxi_value(board, "model:", &n)))
			field_fill(im, &d->board_name, value, n);
	}
	for (size_t i = 0; i < sizeof firmwares / sizeof firmwares[0]; i++) {
		const char *firmware = inxi_value(text, firmwares[i], &n);
		if (!firmware)
			continue;
		field_fill(im, &d->bios_vendor, firmware, n);
		if ((value = inxi_value(firmware, " v:", &n)))
			field_fill(im, &d->bios_version, value, n);
		if ((value = inxi_value(firmware, "date:", &n)))
			field_fill(im, &d->bios_date, value, n);
	}
}

/* On one line: inxi breaks it at the width of the terminal. */
static const char *flatten(struct import *im, const struct paste_line *v, size_t n)
{
	return text_flatten(im->scratch, import_lines(im, v, n));
}

static void distribution_fill(struct import *im, const char *name)
{
	struct snap_host *h = &im->snap->host;
	size_t n = strlen(name);

	/* inxi and neofetch go on with words of their own */
	const char *other = strstr(name, " x86_64");
	if (other)
		n = (size_t)(other - name);
	if (h->os_id.have == HAVE_NOT)
		h->os_id = snap_text_of(im->snap, id_of(name));
	field_fill(im, &h->os_name, name, n);
}

static void release_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snap_host *h = &im->snap->host;
	const char *text = import_lines(im, v, n);
	struct snap_text id = os_release_value(im->snap, text, "ID=");

	if (h->os_id.have == HAVE_NOT && id.have == HAVE_VALUE)
		h->os_id = id;
	if (h->os_name.have == HAVE_NOT)
		h->os_name = os_release_value(im->snap, text, "PRETTY_NAME=");
}

static void os_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snap_dmi *d = &im->snap->host.dmi;
	enum section section = section_of(v->text);
	const char *name, *value;
	struct snap_text *field;

	if (is_release_line(v->text)) {
		release_read(im, v, n);
		return;
	}
	if ((name = find_distribution(v->text))) {
		distribution_fill(im, name);
		return;
	}
	if (is_machine(v->text))
		machine_read(im, flatten(im, v, n));
	for (size_t i = 1; i < n && section != SECTION_NONE; i++)
		if ((field = section_field(d, section, v[i].text, &value)))
			field_fill(im, field, value, strlen(value));
	if (section == SECTION_NONE && (field = line_field(d, v->text, &value)))
		field_fill(im, field, value, strlen(value));
	import_source(im, SOURCE_DMI, false);
}

const struct format format_os = {
	.name = "system",
	.title = "distribution, board and firmware",
	.take = os_take,
	.read = os_read,
};
