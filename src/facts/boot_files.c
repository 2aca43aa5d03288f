// SPDX-License-Identifier: GPL-2.0-or-later
// Kernel words in the files of boot loaders, each in its own form.
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "facts/config.h"
#include "facts/loader.h"

/* grub-mkconfig sources the file, then on Debian and its kin /etc/default/grub.d/[*].cfg.
 */
struct shell boot_grub_defaults(struct facts *f)
{
	struct shell sh = { .f = f };
	const struct snap_file *file = config_file(f, "/etc/default/grub");

	if (file)
		shell_read(&sh, file);
	shell_read_dir(&sh, "/etc/default/grub.d", ".cfg");
	return sh;
}

/*
 * What GRUB makes of a line of grub.cfg: quotes and backslashes are its own (manual,
 * "Shell-like scripting"), a word with a blank is handed on in quotes
 * (grub-core/lib/cmdline.c). False where it would end the command or expand a variable.
 */
static bool grub_words(struct facts *f, const char *text, struct boot_words *ret)
{
	struct cmdline_word *words = NULL;
	const char *p = text;

	for (ret->n = 0; *(p += strspn(p, " \t\n"));) {
		struct strbuf b = { 0 };
		const struct cmdline_word *word;
		char quote = 0;
		size_t n;

		strbuf_add(&b, "\"");
		for (; *p && (quote || !strchr(" \t\n", *p)); p++) {
			if (quote ? *p == quote : *p == '"' || *p == '\'')
				quote = quote ? 0 : *p;
			else if (*p == '\\' && quote != '\'' && p[1])
				strbuf_add_char(&b, *++p);
			else if (quote != '\'' && strchr(quote ? "$" : "$;&|<>", *p))
				break;
			else
				strbuf_add_char(&b, *p);
		}
		strbuf_add(&b, "\"");
		word = cmdline_split(f->arena, strbuf_finish(&b, f->arena), &n);
		if (quote || (*p && !strchr(" \t\n", *p)))
			return false;
		if (n)
			*arena_push(f->arena, words, ret->n) = word[0];
	}
	ret->words = words;
	return true;
}

static bool read_grub(struct facts *f, bool recovery, struct boot_words *ret)
{
	struct shell sh = boot_grub_defaults(f);
	const struct shell_variable *always = shell_find(&sh, "GRUB_CMDLINE_LINUX"),
				    *usual =
					    shell_find(&sh, "GRUB_CMDLINE_LINUX_DEFAULT");

	if (recovery)
		usual = NULL;
	if ((always && always->undecided) || (usual && usual->undecided))
		return false;
	ret->path = usual ? usual->path : always ? always->path : "/etc/default/grub";
	return grub_words(f,
		arena_printf(f->arena, "%s %s", always ? always->value : "",
			usual ? usual->value : ""),
		ret);
}

static bool split(struct facts *f, const char *text, struct boot_words *ret)
{
	if (!text)
		return false;
	ret->words = cmdline_split(f->arena, text, &ret->n);
	return true;
}

/* One variable of a file that a shell reads, with the drop-ins of DIR. */
static bool read_variable(struct facts *f, const struct snap_file *file, const char *dir,
	const char *name, struct boot_words *ret)
{
	struct shell sh = { .f = f };
	const struct shell_variable *v;

	/* limine-entry-tool.d and its like come first, /etc/default/limine last */
	if (dir && !strcmp(dir, "/etc/limine-entry-tool.d"))
		shell_read_dir(&sh, dir, ".conf");
	shell_read(&sh, file);
	if (dir && strcmp(dir, "/etc/limine-entry-tool.d") != 0)
		shell_read_dir(&sh, dir, ".conf");
	v = shell_find(&sh, name);
	if (v && v->undecided)
		return false;
	return split(f, v ? v->value : "", ret);
}

const char *boot_entry_value(
	struct facts *f, const struct snap_file *entry, const char *key)
{
	size_t n, len = strlen(key);
	char **lines = text_lines(f->arena, config_text(entry), &n);
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");

		/* `options` may stand more than once: all count */
		if (!strncmp(p, key, len) && (p[len] == ' ' || p[len] == '\t'))
			strbuf_addf(&b, "%s%s", b.len ? " " : "",
				p + len + 1 + strspn(p + len + 1, " \t"));
	}
	return b.len ? text_trim(f->arena, strbuf_finish(&b, f->arena)) : NULL;
}

/* A variable of GRUB's environment block, else as grub.cfg sets it: `set NAME="…"`. */
static const char *grub_variable(struct facts *f, const char *name)
{
	static const char *const files[][2] = {
		{ "/boot/grub2/grubenv", "" },
		{ "/boot/grub/grubenv", "" },
		{ "/boot/grub2/grub.cfg", "set " },
		{ "/boot/grub/grub.cfg", "set " },
	};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		size_t n;
		char **lines = text_lines(
			f->arena, config_text(config_file(f, files[i][0])), &n);
		const char *start = arena_printf(f->arena, "%s%s=", files[i][1], name);

		for (size_t k = 0; k < n; k++) {
			const char *p = lines[k] + strspn(lines[k], " \t");

			if (!text_starts(p, start))
				continue;
			p += strlen(start);
			return *p == '"'
				? arena_strndup(f->arena, p + 1, strcspn(p + 1, "\""))
				: p;
		}
	}
	return NULL;
}

/* `options $kernelopts $tuned_params`: NULL if one of them is not known, or if it becomes
 * longer than a kernel takes (COMMAND_LINE_SIZE is 2048 on x86, 4096 on s390). */
static const char *expand_entry(struct facts *f, const char *text)
{
	enum { LONGEST = 16 << 10, MOST_VARIABLES = 64 };
	struct strbuf b = { 0 };
	size_t n_variables = 0;

	if (!text)
		return NULL;
	for (const char *p = text; *p;) {
		size_t plain = strcspn(p, "$"), n;
		const char *value;

		strbuf_add_mem(&b, p, plain);
		p += plain;
		if (!*p)
			break;
		n = strspn(++p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
		value = n_variables++ < MOST_VARIABLES
			? grub_variable(f, arena_strndup(f->arena, p, n))
			: NULL;
		if (!value || b.len + strlen(value) > LONGEST) {
			strbuf_free(&b);
			return NULL;
		}
		strbuf_add(&b, value);
		p += n;
	}
	return strbuf_finish(&b, f->arena);
}

/* kernelstub/config.py: a list of words; old files have one text. */
static bool read_kernelstub(struct facts *f, const char *text, struct boot_words *ret)
{
	struct json_error error;
	json *root = json_parse(text, strlen(text), &error);
	const json *user = root ? json_get(root, "user") : NULL;
	const json *options = user ? json_get(user, "kernel_options") : NULL;
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	if (options && json_type(options) == JSON_STRING)
		strbuf_add(&b, json_text(options));
	else if (options && json_type(options) == JSON_ARRAY)
		for (const json *j = json_first(options); j; j = json_next(j))
			strbuf_addf(&b, "%s ", json_text(j));
	json_free(root);
	text = strbuf_finish(&b, f->arena);
	return split(f, options ? text : NULL, ret);
}

/* The first line that is no comment: `"Boot with standard options"  "root=… rw"`. */
static const char *refind_options(struct facts *f, const char *text)
{
	size_t n;
	char **lines = text_lines(f->arena, text, &n);

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t"), *end;

		if (*p != '"' || !(end = strchr(p + 1, '"')))
			continue;
		p = strchr(end + 1, '"');
		end = p ? strrchr(p + 1, '"') : NULL;
		return end ? arena_strndup(f->arena, p + 1, (size_t)(end - p - 1)) : NULL;
	}
	return NULL;
}

/* Lines of a menu that hold words: all of them the same, or it is open which one counts.
 */
static const char *menu_options(
	struct facts *f, const char *text, const char *const *keys)
{
	const char *found = NULL;
	size_t n;
	char **lines = text_lines(f->arena, text, &n);

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");

		for (size_t k = 0; keys[k]; k++) {
			size_t len = strlen(keys[k]);
			const char *value;

			if (strncasecmp(p, keys[k], len) != 0)
				continue;
			value = text_trim(f->arena, p + len);
			if (found && strcmp(found, value) != 0)
				return NULL;
			found = value;
		}
	}
	return found;
}

/* All of /etc/cmdline.d, or one file; mkinitcpio(8) drops lines that begin with `#`. */
static const char *plain_lines(struct facts *f, const char *path)
{
	bool all = text_starts(path, "/etc/cmdline.d/");
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		size_t n;
		char **lines;

		if (all ? !config_in_dir(file->path, "/etc/cmdline.d") ||
					!text_ends(file->path, ".conf")
			: !text_equal(file->path, path))
			continue;
		lines = text_lines(f->arena, config_text(file), &n);
		for (size_t k = 0; k < n; k++) {
			if (lines[k][0] != '#')
				strbuf_addf(&b, "%s ", lines[k]);
		}
	}
	return strbuf_finish(&b, f->arena);
}

/* Files with one shell variable. */
static const struct {
	const char *path, *dir, *name;
} variables[] = {
	{ "/etc/sdboot-manage.conf", "/etc/sdboot-manage.conf.d", "LINUX_OPTIONS" },
	{ "/etc/default/limine", "/etc/limine-entry-tool.d", "KERNEL_CMDLINE[default]" },
	{ "/etc/update-extlinux.conf", NULL, "default_kernel_opts" },
	{ "/etc/default/u-boot", NULL, "U_BOOT_PARAMETERS" },
	{ "/etc/default/extlinux", NULL, "EXTLINUX_PARAMETERS" },
};

bool boot_is_entry(const char *path)
{
	return strstr(path, "/loader/entries/") != NULL;
}

bool boot_words_read(
	struct facts *f, const char *path, bool recovery, struct boot_words *ret)
{
	static const char *const limine_keys[] = {
		"cmdline:", "kernel_cmdline:", "cmdline=", "kernel_cmdline=", NULL
	};
	static const char *const extlinux_keys[] = { "append ", "append\t", NULL };
	const struct snap_file *file = config_file(f, path);
	const char *text = config_text(file);

	if (!file || file->text.have != HAVE_VALUE)
		return false;
	ret->path = path;
	if (!strcmp(path, "/etc/default/grub") ||
		text_starts(path, "/etc/default/grub.d/"))
		return read_grub(f, recovery, ret);
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		if (!strcmp(path, variables[i].path))
			return read_variable(
				f, file, variables[i].dir, variables[i].name, ret);
	}
	if (text_starts(path, "/etc/dracut.conf"))
		return read_variable(f, file, NULL, "kernel_cmdline", ret);
	if (!strcmp(path, "/etc/kernelstub/configuration"))
		return read_kernelstub(f, text, ret);
	if (boot_is_entry(path))
		text = expand_entry(f, boot_entry_value(f, file, "options"));
	else if (text_ends(path, "/refind_linux.conf"))
		text = refind_options(f, text);
	else if (text_ends(path, "/limine.conf"))
		text = menu_options(f, text, limine_keys);
	else if (text_ends(path, "linux.conf") || text_ends(path, "syslinux.cfg"))
		text = menu_options(f, text, extlinux_keys);
	else if (text_ends(path, "cmdline") || text_ends(path, "/kernel-params") ||
		text_starts(path, "/etc/cmdline.d/"))
		text = plain_lines(f, path);
	else
		return false;
	return split(f, text, ret);
}
