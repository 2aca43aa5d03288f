// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the kernel command line, added and taken out the way each boot loader wants
// it.
#include "plan/howto_boot.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "plan/words.h"

enum style {
	STYLE_VARIABLE, /* a shell variable in a file: GRUB */
	STYLE_LINE,     /* one line of a file, with a keyword in front or without */
	STYLE_COMMAND,  /* a command that edits all entries */
};

/*
 * bls: on systems with boot loader entries, grubby is the documented way; an edit of
 * /etc/default/grub reaches no existing entry
 * (https://docs.fedoraproject.org/en-US/quick-docs/grub2-bootloader/).
 */
static const struct loader {
	const char *name, *config;
	enum style style;
	const char *keyword;                /* in front of the words of a line */
	const char *command, *add, *remove; /* formats of an added, a removed word */
	const char *regenerate;             /* where the fact could not tell */
} loaders[] = {
	{ .name = "grub",
		.config = "/etc/default/grub",
		.style = STYLE_VARIABLE,
		.regenerate = "grub-mkconfig -o /boot/grub/grub.cfg" },
	{ .name = "bls",
		.style = STYLE_COMMAND,
		.command = "grubby --update-kernel=ALL",
		.add = " --args=\"%s\"",
		.remove = " --remove-args=\"%s\"" },
	{ .name = "systemd-boot",
		.config = "the entry in /boot/loader/entries",
		.style = STYLE_LINE,
		.keyword = "options " },
	{ .name = "proxmox",
		.config = "/etc/kernel/cmdline",
		.style = STYLE_LINE,
		.keyword = "",
		.regenerate = "proxmox-boot-tool refresh" },
	{ .name = "uki",
		.config = "/etc/kernel/cmdline",
		.style = STYLE_LINE,
		.keyword = "" },
	{ .name = "sdbootutil",
		.config = "/etc/kernel/cmdline",
		.style = STYLE_LINE,
		.keyword = "",
		.regenerate = "sdbootutil update-all-entries" },
	{ .name = "limine",
		.config = "limine.conf",
		.style = STYLE_LINE,
		.keyword = "cmdline: " },
	{ .name = "refind",
		.config = "/boot/refind_linux.conf",
		.style = STYLE_LINE,
		.keyword = "\"Boot with standard options\" " },
	{ .name = "kernelstub",
		.style = STYLE_COMMAND,
		.command = "kernelstub",
		.add = " --add-options \"%s\"",
		.remove = " --delete-options \"%s\"" },
	{ .name = "rpm-ostree",
		.style = STYLE_COMMAND,
		.command = "rpm-ostree kargs",
		.add = " --append-if-missing=\"%s\"",
		.remove = " --delete-if-present=\"%s\"" },
	{ .name = "extlinux",
		.config = "/boot/extlinux/extlinux.conf",
		.style = STYLE_LINE,
		.keyword = "append " },
	{ .name = "nixos",
		.config = "configuration.nix",
		.style = STYLE_LINE,
		.keyword = "boot.kernelParams = ",
		.regenerate = "nixos-rebuild boot" },
};

struct lines {
	struct arena *a;
	struct howto_line *v;
	size_t n;
};

__attribute__((format(printf, 3, 4))) static void put(
	struct lines *l, bool verbatim, const char *fmt, ...)
{
	struct howto_line *line = arena_push(l->a, l->v, l->n);
	va_list ap;

	va_start(ap, fmt);
	line->text = arena_vprintf(l->a, fmt, ap);
	va_end(ap);
	line->verbatim = verbatim;
}

static const struct loader *loader_of(const struct howto_system *s)
{
	for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++)
		if (text_equal(s->loader, loaders[i].name))
			return &loaders[i];
	return NULL;
}

static const char *config_text(const struct howto_system *s)
{
	for (size_t i = 0; s->config && i < s->n_files; i++)
		if (text_equal(s->files[i].path, s->config))
			return snap_str(s->files[i].text);
	return NULL;
}

/* True if WORD, or a word that it names, stands on LINE between blanks or quotes. */
static bool line_has_word(struct arena *a, const char *line, const char *word)
{
	size_t n;
	char **parts = text_split(a, line, " \t\"'", &n);

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(word);
		if (text_equal(parts[i], word) ||
			(text_starts(parts[i], word) && parts[i][len] == '='))
			return true;
		/* GRUB_CMDLINE_LINUX=word, without quotes */
		const char *equals = strchr(parts[i], '=');
		if (equals && text_starts(parts[i], "GRUB_") &&
			text_equal(equals + 1, word))
			return true;
	}
	return false;
}

/* "FILE, line N" where the word stands, else the file. */
static const char *place_of(
	struct arena *a, const struct howto_system *s, const char *file, const char *word)
{
	const char *text = config_text(s);
	size_t n = 0;
	char **lines = text ? text_lines(a, text, &n) : NULL;

	for (size_t i = 0; i < n; i++)
		if (!text_starts(text_trim(a, lines[i]), "#") &&
			line_has_word(a, lines[i], word))
			return arena_printf(a, "line %zu of %s", i + 1, file);
	return file;
}

static void put_removals(struct lines *l, const struct howto_system *s,
	const struct words *w, const char *file)
{
	/* One for one: the new word goes where the wrong one stands. */
	if (w->n_add == 1 && w->n_remove == 1) {
		put(l, false, "in %s write %s in place of %s",
			place_of(l->a, s, file, w->remove[0]), w->add[0], w->remove[0]);
		return;
	}
	for (size_t i = 0; i < w->n_remove; i++)
		put(l, false, "in %s take out %s", place_of(l->a, s, file, w->remove[i]),
			w->remove[i]);
}

static bool has_line_with(struct arena *a, const char *text, const char *prefix)
{
	size_t n = 0;
	char **lines = text ? text_lines(a, text, &n) : NULL;

	for (size_t i = 0; i < n; i++)
		if (text_starts(text_trim(a, lines[i]), prefix))
			return true;
	return false;
}

/* Distributions differ in which of the two variables they fill. */
static const char *grub_variable(struct arena *a, const struct howto_system *s)
{
	const char *text = config_text(s);

	return !has_line_with(a, text, "GRUB_CMDLINE_LINUX_DEFAULT=") &&
			has_line_with(a, text, "GRUB_CMDLINE_LINUX=")
		? "GRUB_CMDLINE_LINUX"
		: "GRUB_CMDLINE_LINUX_DEFAULT";
}

const char *howto_boot_variable(const char *file)
{
	static const char *const variables[][2] = {
		{ "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT" },
		{ "/etc/sdboot-manage.conf", "LINUX_OPTIONS" },
		{ "/etc/default/limine", "KERNEL_CMDLINE[default]" },
		{ "/etc/update-extlinux.conf", "default_kernel_opts" },
		{ "/etc/default/u-boot", "U_BOOT_PARAMETERS" },
		{ "/etc/default/extlinux", "EXTLINUX_PARAMETERS" },
	};

	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
		if (text_equal(file, variables[i][0]))
			return variables[i][1];
	if (file && text_starts(file, "/etc/default/grub.d/"))
		return variables[0][1];
	return file && text_starts(file, "/etc/dracut.conf") ? "kernel_cmdline" : NULL;
}

bool howto_boot_is_bare(const char *file)
{
	return text_ends(file, "cmdline") || text_ends(file, "cmdline.txt") ||
		text_starts(file, "/etc/cmdline.d/");
}

static void put_file_edit(struct lines *l, const struct howto_system *s,
	const struct loader *loader, const struct words *w)
{
	const char *file = s->config ? s->config : loader->config;
	const char *variable = howto_boot_variable(file);
	const char *added = text_join(l->a, w->add, w->n_add, " ");

	put_removals(l, s, w, file);
	if (!w->n_add || (w->n_add == 1 && w->n_remove == 1))
		return;
	put(l, false, "in %s add to what stands there (…):", file);
	if (text_equal(loader->name, "nixos"))
		put(l, true, "%s[ … \"%s\" ];", loader->keyword,
			text_join(l->a, w->add, w->n_add, "\" \""));
	else if (text_equal(loader->name, "refind"))
		put(l, true, "%s\"… %s\"", loader->keyword, added);
	else if (variable)
		put(l, true, "%s=\"… %s\"",
			loader->style == STYLE_VARIABLE ? grub_variable(l->a, s)
							: variable,
			added);
	else
		put(l, true, "%s… %s",
			howto_boot_is_bare(file) || !loader->keyword ? ""
								     : loader->keyword,
			added);
}

/* WORDS between the double quotes of a format; what a shell would read there is shielded. */
static const char *in_quotes(struct arena *a, const char *words)
{
	struct strbuf b = { 0 };

	for (const char *p = words; *p; p++) {
		if (strchr("$`\\\"", *p))
			strbuf_add_char(&b, '\\');
		strbuf_add_char(&b, *p);
	}
	return b.len ? strbuf_finish(&b, a) : "";
}

/* One `--append=` for each word; the other two take all words in one argument. */
static void add_arguments(struct strbuf *b, struct arena *a, const char *format,
	const char *const *words, size_t n, bool each)
{
	const char *hole = strstr(format, "%s");

	for (size_t i = 0; i < (each ? n : n ? 1 : 0); i++) {
		strbuf_add_mem(b, format, (size_t)(hole - format));
		strbuf_add(
			b, in_quotes(a, each ? words[i] : text_join(a, words, n, " ")));
		strbuf_add(b, hole + 2);
	}
}

static void put_command(
	struct lines *l, const struct loader *loader, const struct words *w)
{
	struct strbuf b = { 0 };
	bool each = text_equal(loader->name, "rpm-ostree");
	/* kernelstub takes one action a run */
	bool split = text_equal(loader->name, "kernelstub") && w->n_add && w->n_remove;

	strbuf_addf(&b, "sudo %s", loader->command);
	add_arguments(&b, l->a, loader->remove, w->remove, w->n_remove, each);
	if (split) {
		put(l, true, "%s", strbuf_text(&b));
		strbuf_truncate(&b, 0);
		strbuf_addf(&b, "sudo %s", loader->command);
	}
	add_arguments(&b, l->a, loader->add, w->add, w->n_add, each);
	put(l, true, "%s", strbuf_text(&b));
	strbuf_free(&b);
}

static void put_general(struct lines *l, const struct words *w)
{
	bool swap = w->n_add == 1 && w->n_remove == 1;

	if (swap)
		put(l, false, "on the kernel command line write %s in place of %s",
			w->add[0], w->remove[0]);
	if (w->n_remove && !swap) {
		put(l, false, "take out of the kernel command line:");
		put(l, true, "%s", text_join(l->a, w->remove, w->n_remove, " "));
	}
	if (w->n_add && !swap) {
		put(l, false, "add to the kernel command line:");
		put(l, true, "%s", text_join(l->a, w->add, w->n_add, " "));
	}
	put(l, false,
		"(the general way: which boot loader starts this machine could not be told)");
}

size_t howto_boot_lines(struct arena *a, const struct howto_system *s,
	const struct edit_texts *texts, struct howto_line **ret)
{
	struct lines l = { .a = a };
	struct words w = words_sort(a, texts);
	const struct loader *loader = loader_of(s);

	if (!loader)
		put_general(&l, &w);
	else if (loader->style == STYLE_COMMAND)
		put_command(&l, loader, &w);
	else
		put_file_edit(&l, s, loader, &w);
	*ret = l.v;
	return l.n;
}

const char *howto_boot_command(const struct howto_system *s)
{
	const struct loader *loader = loader_of(s);

	if (!loader || loader->style == STYLE_COMMAND)
		return NULL;
	if (s->regenerate || s->regenerate_known)
		return s->regenerate;
	return loader->regenerate;
}
