// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration files in a paste: behind `cat FILE`, behind a heading that names them, or
// known by what only they contain.
#include <string.h>

#include "import/command.h"

/* What lines the files of a place consist of, so that their end is seen where nothing marks
 * it. */
enum grammar {
	GRAMMAR_MODPROBE, /* modprobe.d(5): directives */
	GRAMMAR_MODULES,  /* modules-load.d(5): a module a line */
	GRAMMAR_SHELL,    /* assignments */
	GRAMMAR_WORDS,    /* one line of kernel parameters */
	GRAMMAR_ENTRY,    /* Boot Loader Specification: a key and its value a line */
	GRAMMAR_ANY,      /* up to the end of the block */
};

/* Files that facts read (as the collector of files has them), but for those of guests. */
static const struct place {
	const char *path; /* of a directory with a slash at its end */
	enum source source;
	enum grammar grammar;
} places[] = {
	{ "/etc/modprobe.d/", SOURCE_MODPROBE, GRAMMAR_MODPROBE },
	{ "/run/modprobe.d/", SOURCE_MODPROBE, GRAMMAR_MODPROBE },
	{ "/usr/lib/modprobe.d/", SOURCE_MODPROBE, GRAMMAR_MODPROBE },
	{ "/lib/modprobe.d/", SOURCE_MODPROBE, GRAMMAR_MODPROBE },
	{ "/etc/modules", SOURCE_MODPROBE, GRAMMAR_MODULES },
	{ "/etc/modules-load.d/", SOURCE_MODPROBE, GRAMMAR_MODULES },
	{ "/usr/lib/modules-load.d/", SOURCE_MODPROBE, GRAMMAR_MODULES },
	{ "/etc/vfio-pci.cfg", SOURCE_MODPROBE, GRAMMAR_SHELL },
	{ "/etc/initramfs-tools/modules", SOURCE_INITRAMFS, GRAMMAR_MODULES },
	{ "/etc/initramfs-tools/initramfs.conf", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/initramfs-tools/conf.d/", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/dracut.conf", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/dracut.conf.d/", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/usr/lib/dracut/dracut.conf.d/", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/mkinitcpio.conf", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/mkinitcpio.conf.d/", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/mkinitcpio.d/", SOURCE_INITRAMFS, GRAMMAR_SHELL },
	{ "/etc/booster.yaml", SOURCE_INITRAMFS, GRAMMAR_ANY },
	{ "/etc/default/grub", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/etc/default/grub.d/", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/boot/grub/grub.cfg", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/boot/grub2/grub.cfg", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/boot/loader/loader.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ENTRY },
	{ "/efi/loader/loader.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ENTRY },
	{ "/boot/efi/loader/loader.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ENTRY },
	{ "/boot/loader/entries/", SOURCE_BOOT_CONFIG, GRAMMAR_ENTRY },
	{ "/efi/loader/entries/", SOURCE_BOOT_CONFIG, GRAMMAR_ENTRY },
	{ "/boot/efi/loader/entries/", SOURCE_BOOT_CONFIG, GRAMMAR_ENTRY },
	{ "/etc/kernel/cmdline", SOURCE_BOOT_CONFIG, GRAMMAR_WORDS },
	{ "/usr/lib/kernel/cmdline", SOURCE_BOOT_CONFIG, GRAMMAR_WORDS },
	{ "/etc/cmdline.d/", SOURCE_BOOT_CONFIG, GRAMMAR_WORDS },
	{ "/etc/kernel/install.conf", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/etc/kernelstub/configuration", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/etc/sdboot-manage.conf", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/etc/default/limine", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/boot/limine.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/boot/limine/limine.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/boot/refind_linux.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/boot/syslinux/syslinux.cfg", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/boot/extlinux/extlinux.conf", SOURCE_BOOT_CONFIG, GRAMMAR_ANY },
	{ "/etc/update-extlinux.conf", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/etc/default/u-boot", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
	{ "/etc/sysconfig/bootloader", SOURCE_BOOT_CONFIG, GRAMMAR_SHELL },
};

/* Lines that stand in one file only, and in every copy of it: what its package ships
 * (initramfs-tools, kmod of Debian, grub2-common, mkinitcpio), and names of variables that
 * nothing else has. */
static const struct mark {
	const char *start, *path;
} marks[] = {
	{ "# /etc/modules: kernel modules to load at boot time", "/etc/modules" },
	{ "# /etc/modules is obsolete", "/etc/modules" },
	{ "# List of modules that you want to include in your initramfs",
		"/etc/initramfs-tools/modules" },
	{ "# If you change this file, run 'update-grub' afterwards",
		"/etc/default/grub" },
	{ "# If you change this file or any /etc/default/grub.d", "/etc/default/grub" },
	{ "# GRUB boot loader configuration", "/etc/default/grub" },
	{ "# vim:set ft=sh", "/etc/mkinitcpio.conf" },
	{ "MODULES=(", "/etc/mkinitcpio.conf" },
	{ "HOOKS=(", "/etc/mkinitcpio.conf" },
	{ "HOOKS=\"base ", "/etc/mkinitcpio.conf" },
	{ "BINARIES=(", "/etc/mkinitcpio.conf" },
	{ "add_drivers+=", "/etc/dracut.conf.d/pasted.conf" },
	{ "force_drivers+=", "/etc/dracut.conf.d/pasted.conf" },
	{ "omit_drivers+=", "/etc/dracut.conf.d/pasted.conf" },
};

/* A file of a paste: from which line on, and where it ends. */
struct block {
	const struct place *place;
	const char *path;
	size_t n;
};

/* The row for this path, NULL: nobody reads such a file. */
static const struct place *place_of(const char *path)
{
	for (size_t i = 0; path && i < sizeof places / sizeof places[0]; i++) {
		size_t n = strlen(places[i].path);
		bool is_dir = places[i].path[n - 1] == '/';
		if (is_dir ? text_starts(path, places[i].path) && path[n] &&
					!strchr(path + n, '/')
			   : strcmp(path, places[i].path) == 0)
			return &places[i];
	}
	return NULL;
}

static size_t blanks(const char *s)
{
	return strspn(s, " \t");
}

/* A variable of a script or what a guide leaves to the reader (`ids=$ID`, `XXXX:XXXX`): no
 * machine has that. */
static bool is_placeholder(const char *line)
{
	return text_starts(line, "options ") &&
		(strchr(line, '$') || strstr(line, "XXXX") || strstr(line, "xxxx") ||
			strchr(line, '<'));
}

static bool is_directive(const char *line)
{
	static const char *const words[] = { "alias ", "blacklist ", "config ",
		"include ", "install ", "options ", "remove ", "softdep ", "weakdep " };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_starts(line, words[i]))
			return true;
	return false;
}

/* A name of a module, with parameters as initramfs-tools takes them. */
static bool is_module_line(const char *line)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t n = strspn(line, letters);
	const char *rest = line + n + blanks(line + n);

	return n > 1 && (line[n] == '\0' || line[n] == ' ' || line[n] == '\t') &&
		(!*rest || *rest == '#' || strcspn(rest, "= ") < strcspn(rest, " "));
}

/* What an assignment opened and did not close yet. */
struct shell_state {
	char quote;
	bool list, continued;
};

static void shell_follow(struct shell_state *state, const char *line)
{
	size_t n = strlen(line);

	state->continued = n && line[n - 1] == '\\';
	for (const char *p = line; *p; p++) {
		if (state->quote ? *p == state->quote : *p == '"' || *p == '\'')
			state->quote = state->quote ? '\0' : *p;
		else if (!state->quote && *p == '#' && (p == line || p[-1] == ' '))
			return;
		else if (!state->quote && (*p == '(' || *p == ')'))
			state->list = *p == '(';
	}
}

static bool is_shell_line(struct shell_state *state, const char *line)
{
	size_t n = strspn(
		line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	bool open = state->quote || state->list || state->continued;

	if (text_starts(line, "export "))
		n = strcspn(line, "=");
	if (!open && !(n && (line[n] == '=' || text_starts(line + n, "+="))))
		return false;
	shell_follow(state, line);
	return true;
}

/* `title  Arch Linux`, `options root=…` */
static bool is_entry_line(const char *line)
{
	static const char *const keys[] = { "architecture", "auto-entries",
		"auto-firmware", "beep", "console-mode", "default", "devicetree",
		"editor", "efi", "grub_arg", "grub_class", "grub_users", "id", "initrd",
		"linux", "machine-id", "options", "random-seed-mode", "sort-key",
		"timeout", "title", "version" };
	size_t n = strcspn(line, " \t");

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strlen(keys[i]) == n && memcmp(line, keys[i], n) == 0)
			return line[n] != '\0';
	return false;
}

/* Could the line stand in such a file? */
static bool is_fitting(enum grammar grammar, struct shell_state *state, const char *line)
{
	bool in_shell = grammar == GRAMMAR_SHELL &&
		(state->quote || state->list || state->continued);

	line += blanks(line);
	if (!in_shell && (!*line || *line == '#'))
		return true;
	switch (grammar) {
	case GRAMMAR_MODPROBE:
		return is_directive(line) && !is_placeholder(line);
	case GRAMMAR_MODULES:
		return is_module_line(line);
	case GRAMMAR_SHELL:
		return is_shell_line(state, line);
	case GRAMMAR_WORDS:
		return strchr(line, '=') && *line != '[';
	case GRAMMAR_ENTRY:
		return is_entry_line(line);
	default:
		return *line != '[';
	}
}

/* Does something else begin here? */
static bool is_end(const struct import *im, const char *path, const char *line)
{
	if (command_of_prompt(line))
		return true;
	const char *named = command_of_heading(im->scratch, line);
	return named && !(*line == '#' && strcmp(named, path) == 0);
}

/* How many of the lines are of this file, without blank ones at the end. */
static size_t block_length(const struct import *im, const struct block *block,
	const struct paste_line *v, size_t n)
{
	struct shell_state state = { 0 };
	size_t taken = 0;

	for (size_t i = 0; i < n && !v[i].fence; i++) {
		if (!is_fitting(block->place->grammar, &state, v[i].text) ||
			is_end(im, block->path, v[i].text))
			break;
		if (v[i].n)
			taken = i + 1;
		if (block->place->grammar == GRAMMAR_WORDS && v[i].n &&
			v[i].text[0] != '#')
			break;
	}
	return taken;
}

/* `/etc/modprobe.d/vfio.conf:options …`, as `grep -r` prints it, `:3:` with -n. Returns
 * what stands in the file. */
static const char *grep_line(struct arena *a, const char *line, const char **ret_path)
{
	size_t n = strcspn(line, ":- \t");

	while (line[n] == '-' && !text_starts(line + n, "-#"))
		n += 1 + strcspn(line + n + 1, ":- \t");
	if (line[0] != '/' || line[n] != ':' || n > 200)
		return NULL;
	const char *rest = line + n + 1, *path = arena_strndup(a, line, n);
	size_t digits = strspn(rest, "0123456789");
	if (digits && rest[digits] == ':')
		rest += digits + 1;
	if (!place_of(path) || !*rest || *rest == ' ')
		return NULL;
	*ret_path = path;
	return rest;
}

/* The file that begins at V; false: none does. */
static bool block_find(
	const struct import *im, const struct paste_line *v, size_t n, struct block *ret)
{
	struct block block = { .path = im->fresh ? im->command.file : NULL };

	block.place = place_of(block.path);
	if (block.place)
		block.n = block_length(im, &block, v, n);
	for (size_t i = 0; !block.n && i < sizeof marks / sizeof marks[0]; i++) {
		if (!text_starts(v->text, marks[i].start))
			continue;
		block.path = marks[i].path;
		block.place = place_of(block.path);
		block.n = block_length(im, &block, v, n);
	}
	*ret = block;
	return block.n > 0;
}

static size_t file_take(const struct import *im, const struct paste_line *v, size_t n)
{
	struct block block;
	const char *path;

	if (v->text[0] == '/' && grep_line(im->scratch, v->text, &path))
		return 1;
	return block_find(im, v, n, &block) ? block.n : 0;
}

static void file_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct block block;
	const char *path, *line;

	if (v->text[0] == '/' && (line = grep_line(im->scratch, v->text, &path))) {
		import_file(im, path, line);
		import_source(im, place_of(path)->source, false);
	} else if (block_find(im, v, n, &block)) {
		import_file(im, block.path, import_lines(im, v, n));
		import_source(im, block.place->source, false);
	}
}

const struct format format_file = {
	.name = "file",
	.title = "a configuration file",
	.take = file_take,
	.read = file_read,
};
