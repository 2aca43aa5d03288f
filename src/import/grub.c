// SPDX-License-Identifier: GPL-2.0-or-later
// Boot loader settings without their file: GRUB_… lines, menu entries of GRUB and of
// systemd-boot.
#include <string.h>

#include "base/text.h"
#include "import/format.h"

enum { QUOTE_LINES = 4 }; /* over which the value of a variable may be wrapped */

enum kind {
	KIND_NONE,
	KIND_DEFAULT, /* /etc/default/grub */
	KIND_MENU,    /* grub.cfg */
	KIND_ENTRY,   /* a file in loader/entries */
};

static const char *const paths[] = {
	[KIND_DEFAULT] = "/etc/default/grub",
	[KIND_MENU] = "/boot/grub/grub.cfg",
	[KIND_ENTRY] = "/boot/loader/entries/pasted.conf",
};

/* Where `GRUB_CMDLINE_LINUX=` stands in LINE: at its start, also behind `#`, or after the
 * words of a sentence that ends with it. NULL: nowhere. */
static const char *find_variable(const char *line)
{
	const char *found = NULL;

	for (const char *p = line; (p = strstr(p, "GRUB_")); p += strlen("GRUB_")) {
		size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
		size_t blanks = strspn(p + n, " ");
		if (n > strlen("GRUB_") && p[n + blanks] == '=' &&
			p[n + blanks + 1] != '=' &&
			(p == line || strchr(" \t#:`'(", p[-1])))
			found = p;
	}
	return found;
}

/* Only comment and blanks before the variable? */
static bool is_at_start(const char *line, const char *variable)
{
	return line + strspn(line, " \t#") == variable;
}

static bool is_quote_open(const char *text)
{
	char quote = '\0';

	for (; *text; text++)
		if (quote ? *text == quote : *text == '"' || *text == '\'')
			quote = quote ? '\0' : *text;
	return quote != '\0';
}

static bool is_menu_line(const char *p)
{
	p += strspn(p, " \t");
	if (text_starts(p, "menuentry ") || text_starts(p, "submenu "))
		return strpbrk(p, "'\"") != NULL;
	size_t n = strcspn(p, " \t");
	if (text_starts(p, "kernel /") || text_starts(p, "kernel ("))
		return strstr(p, "root=") != NULL; /* GRUB before 2 */
	if (n < 5 || n > 8 || memcmp(p, "linux", 5) != 0)
		return false;
	if (n > 5 && !text_starts(p, "linuxefi ") && !text_starts(p, "linuxefi\t") &&
		!text_starts(p, "linux16 ") && !text_starts(p, "linux16\t"))
		return false;
	p += n + strspn(p + n, " \t");
	return *p == '/' || *p == '$' || *p == '(';
}

/* `options root=UUID=… rw quiet`: the first word is no module (modprobe.d has such lines). */
static bool is_options(const char *p)
{
	static const char *const words[] = { "root=", "initrd=", "cryptdevice=",
		"rd.luks", "zfs=", "quiet ", "rw ", "ro ", "luks." };

	if (!text_starts(p, "options"))
		return false;
	p += strlen("options");
	if (*p != ' ' && *p != '\t')
		return false;
	p += strspn(p, " \t");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_starts(p, words[i]))
			return true;
	return false;
}

/* A line of an entry other than `options`. */
static bool is_entry_line(const char *p)
{
	static const char *const keys[] = { "title", "version", "machine-id", "sort-key",
		"linux", "initrd", "efi", "architecture", "devicetree" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		size_t n = strlen(keys[i]);
		if (text_starts(p, keys[i]) && (p[n] == ' ' || p[n] == '\t'))
			return true;
	}
	return is_options(p);
}

/* How many lines at V are an entry, from `title` or `options` on, with a line `options`. */
static size_t entry_take(const struct paste_line *v, size_t n)
{
	size_t taken = 0;
	bool options = false;

	for (; taken < n && v[taken].n && is_entry_line(v[taken].text); taken++)
		options |= is_options(v[taken].text);
	return options ? taken : 0;
}

static enum kind kind_of(const struct paste_line *v, size_t n)
{
	if (find_variable(v->text))
		return KIND_DEFAULT;
	if ((text_starts(v->text, "title") || is_options(v->text)) && entry_take(v, n))
		return KIND_ENTRY;
	return is_menu_line(v->text) ? KIND_MENU : KIND_NONE;
}

/* Lines of one variable, whose quotation may have been wrapped. */
static size_t variable_take(const struct paste_line *v, size_t n)
{
	if (!is_quote_open(find_variable(v->text)))
		return 1;
	for (size_t i = 1; i < n && i <= QUOTE_LINES && v[i].n; i++) {
		if (find_variable(v[i].text))
			return 1;
		if (strpbrk(v[i].text, "\"'"))
			return i + 1;
	}
	return 1;
}

/* Is the next line that is no comment a variable? */
static bool goes_on(const struct paste_line *v, size_t n)
{
	for (size_t i = 0; i < n && i < 12; i++) {
		const char *variable = find_variable(v[i].text);
		if (v[i].fence)
			return false;
		if (variable)
			return is_at_start(v[i].text, variable);
		if (v[i].n && v[i].text[0] != '#')
			return false;
	}
	return false;
}

static size_t default_take(const struct paste_line *v, size_t n)
{
	size_t taken = variable_take(v, n);

	while (taken < n) {
		const char *variable = find_variable(v[taken].text);
		if (variable && is_at_start(v[taken].text, variable))
			taken += variable_take(v + taken, n - taken);
		else if (!variable && goes_on(v + taken, n - taken))
			taken++;
		else
			break;
	}
	return taken;
}

static size_t menu_take(const struct paste_line *v, size_t n)
{
	static const char *const words[] = { "load_video", "gfxmode", "insmod", "set ",
		"if [", "search", "else", "fi", "echo", "initrd", "recordfail", "}",
		"savedefault", "gfxpayload" };
	size_t taken = 1;

	for (size_t i = 1; i < n && v[i].n; i++) {
		const char *p = v[i].text + strspn(v[i].text, " \t");
		bool more = is_menu_line(p);
		for (size_t k = 0; k < sizeof words / sizeof words[0] && !more; k++)
			more = text_starts(p, words[k]);
		if (!more)
			break;
		taken = i + 1;
	}
	return taken;
}

static size_t grub_take(const struct import *im, const struct paste_line *v, size_t n)
{
	(void)im;
	switch (kind_of(v, n)) {
	case KIND_DEFAULT:
		return default_take(v, n);
	case KIND_MENU:
		return menu_take(v, n);
	case KIND_ENTRY:
		return entry_take(v, n);
	default:
		return 0;
	}
}

/* Of a sentence only what begins with the variable is kept. */
static void default_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n;) {
		const char *variable = find_variable(v[i].text);
		size_t lines = variable ? variable_take(v + i, n - i) : 1;
		bool whole = !variable || is_at_start(v[i].text, variable);
		strbuf_add(&b, whole ? v[i].text : variable);
		for (size_t k = 1; k < lines; k++)
			strbuf_addf(
				&b, " %s", v[i + k].text + strspn(v[i + k].text, " \t"));
		strbuf_add_char(&b, '\n');
		i += lines;
	}
	import_file(im, paths[KIND_DEFAULT], strbuf_text(&b));
	strbuf_free(&b);
}

static void grub_read(struct import *im, const struct paste_line *v, size_t n)
{
	enum kind kind = kind_of(v, n);

	if (kind == KIND_DEFAULT)
		default_read(im, v, n);
	else
		import_file(im, paths[kind], import_lines(im, v, n));
	import_source(im, SOURCE_BOOT_CONFIG, false);
}

const struct format format_grub = {
	.name = "boot-loader",
	.title = "settings of the boot loader",
	.take = grub_take,
	.read = grub_read,
};
