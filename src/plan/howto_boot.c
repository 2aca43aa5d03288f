// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the kernel command line, added and taken out the way each boot loader wants
// it.
#include "report/howto_boot.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

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

struct words {
	const char **add, **remove;
	size_t n_add, n_remove;
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

static void add_once(struct arena *a, const char ***list, size_t *n, const char *word)
{
	for (size_t i = 0; i < *n; i++)
		if (text_equal((*list)[i], word))
			return;
	*arena_push(a, *list, *n) = word;
}

/* A word without a sign is one to add. */
static struct words sort_words(struct arena *a, const struct edit_texts *texts)
{
	struct words w = { 0 };

	for (size_t i = 0; i < texts->n; i++) {
		size_t n;
		char **parts = text_split(a, texts->s[i], " ", &n);
		for (size_t k = 0; k < n; k++) {
			bool sign = parts[k][0] == '-' || parts[k][0] == '+';
			if (!parts[k][sign])
				continue;
			if (parts[k][0] == '-')
				add_once(a, &w.remove, &w.n_remove, parts[k] + 1);
			else
				add_once(a, &w.add, &w.n_add, parts[k] + sign);
		}
	}
	return w;
}

static const char *join(
	struct arena *a, const char *const *words, size_t n, const char *between)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++) {
		strbuf_add(&b, i ? between : "");
		strbuf_add(&b, words[i]);
	}
	return strbuf_finish(&b, a);
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

static void put_file_edit(struct lines *l, const struct howto_system *s,
	const struct loader *loader, const struct words *w)
{
	const char *file = s->config ? s->config : loader->config;
	bool bare = text_ends(file, "cmdline") || text_ends(file, "cmdline.txt");

	put_removals(l, s, w, file);
	if (!w->n_add || (w->n_add == 1 && w->n_remove == 1))
		return;
	put(l, false, "in %s add to what stands there (…):", file);
	if (text_equal(loader->name, "nixos"))
		put(l, true, "%s[ … \"%s\" ];", loader->keyword,
			join(l->a, w->add, w->n_add, "\" \""));
	else if (loader->style == STYLE_VARIABLE && !bare)
		put(l, true, "%s=\"… %s\"", grub_variable(l->a, s),
			join(l->a, w->add, w->n_add, " "));
	else
		put(l, true, "%s… %s", bare ? "" : loader->keyword,
			join(l->a, w->add, w->n_add, " "));
}

/* One `--append=` for each word; the other two take all words in one argument. */
static void add_arguments(struct strbuf *b, struct arena *a, const char *format,
	const char *const *words, size_t n, bool each)
{
	const char *hole = strstr(format, "%s");

	for (size_t i = 0; i < (each ? n : n ? 1 : 0); i++) {
		strbuf_add_mem(b, format, (size_t)(hole - format));
		strbuf_add(b, each ? words[i] : join(a, words, n, " "));
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
		put(l, true, "%s", join(l->a, w->remove, w->n_remove, " "));
	}
	if (w->n_add && !swap) {
		put(l, false, "add to the kernel command line:");
		put(l, true, "%s", join(l->a, w->add, w->n_add, " "));
	}
	put(l, false,
		"(the general way: which boot loader starts this machine could not be told)");
}

size_t howto_boot_lines(struct arena *a, const struct howto_system *s,
	const struct edit_texts *texts, struct howto_line **ret)
{
	struct lines l = { .a = a };
	struct words w = sort_words(a, texts);
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
