// SPDX-License-Identifier: GPL-2.0-or-later
// modprobe.d as kmod reads it (libkmod/libkmod-config.c).
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/modprobe.h"

/* Highest first: of two files with one name the higher directory's counts
 * (modprobe.d(5)). */
static const char *const directories[] = {
	"/etc/modprobe.d",
	"/run/modprobe.d",
	"/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d",
	"/lib/modprobe.d",
};
enum { N_DIRECTORIES = sizeof directories / sizeof directories[0] };

static size_t directory_rank(const char *path)
{
	size_t i = 0;

	while (i < N_DIRECTORIES && !config_in_dir(path, directories[i]))
		i++;
	return i;
}

/* kmod takes `*.conf` and no hidden file. */
static bool is_read_by_kmod(const struct snap_file *file)
{
	const char *name = config_basename(file->path);

	return directory_rank(file->path) < N_DIRECTORIES && name[0] != '.' &&
		strlen(name) > 5 && text_ends(name, ".conf");
}

/* A link to /dev/null masks the lower directories: that is known, and empty. */
static bool is_readable(const struct snap_file *file)
{
	return file->text.have == HAVE_VALUE ||
		(file->size.have == HAVE_VALUE && file->size.v == 0) ||
		text_equal(snap_str(file->link), "/dev/null");
}

bool modprobe_known(struct facts *f)
{
	if (!config_known(f, SOURCE_MODPROBE))
		return false;
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if (is_read_by_kmod(file) && !is_readable(file))
			return false;
	}
	return true;
}

void modprobe_note_missing(struct facts *f, struct fact *out)
{
	if (!modprobe_known(f))
		fact_missing(out, SOURCE_MODPROBE);
	if (!cmdline_known(f) || cmdline_open(f))
		fact_missing(out, SOURCE_KERNEL);
}

/* By basename, as kmod reads them; the file that counts first among those of one name. */
static int compare_files(const void *a, const void *b)
{
	const struct snap_file *fa = *(const struct snap_file *const *)a;
	const struct snap_file *fb = *(const struct snap_file *const *)b;
	int c = strcmp(config_basename(fa->path), config_basename(fb->path));
	size_t ra = directory_rank(fa->path), rb = directory_rank(fb->path);

	if (c != 0)
		return c;
	return ra < rb ? -1 : ra > rb;
}

/*
 * One logical line: a backslash joins the next one without a blank, and vanishes before
 * any other character (getline_wrapped() in libkmod-util.c). Counts the lines in *LINES.
 */
static const char *read_line(struct arena *a, const char *p, char **ret, size_t *lines)
{
	size_t n = 0, len = strcspn(p, "\n");
	char *out;

	while (len && p[len] && p[len - 1] == '\\')
		len += 1 + strcspn(p + len + 1, "\n");
	out = arena_alloc(a, len + 1);

	for (; *p && *p != '\n'; p++) {
		if (*p == '\\' && p[1] == '\n') {
			p++;
			++*lines;
			continue;
		}
		/* The snapshot shows control characters as \xNN: not a backslash of the
		 * file */
		if (*p == '\\' && p[1] && p[1] != 'x' && p[1] != 'u')
			p++;
		out[n++] = *p;
	}
	out[n] = '\0';
	++*lines;
	*ret = out;
	return *p ? p + 1 : p;
}

static const struct {
	const char *word;
	enum modprobe_verb verb;
} verbs[] = {
	{ "options", MODPROBE_OPTIONS },
	{ "blacklist", MODPROBE_BLACKLIST },
	{ "softdep", MODPROBE_SOFTDEP },
	{ "install", MODPROBE_INSTALL },
	{ "alias", MODPROBE_ALIAS },
	{ "remove", MODPROBE_REMOVE },
};

static bool verb_of(const char *s, size_t n, enum modprobe_verb *ret)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strlen(verbs[i].word) == n && !memcmp(verbs[i].word, s, n)) {
			*ret = verbs[i].verb;
			return true;
		}
	}
	return false;
}

/* Are the brackets of a module's name balanced? Else kmod ignores the line: underscores()
 * of shared/util.c. */
static bool is_module_name(const char *name, size_t n)
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		if (name[i] == ']' && !open)
			return false;
		open = name[i] == '[' || (open && name[i] != ']');
	}
	return n > 0 && !open;
}

/* Of a file written on Windows: for the kernel and for softdep a carriage return is a
 * blank. A blacklisted name keeps it, and is the name of no module. */
static char *without_return(struct arena *a, const char *text)
{
	size_t n = strlen(text);

	return arena_strndup(a, text, text_ends(text, "\\x0d") ? n - 4 : n);
}

static void add_line(struct facts *f, struct config *c, const char *path, size_t number,
	const char *text)
{
	const char *word = text + strspn(text, "\t "), *module, *rest;
	size_t n_word = strcspn(word, "\t "), n_module;
	struct modprobe_line *line;
	enum modprobe_verb verb;

	/* A comment starts in column 1; an indented one is a bad line, ignored as well */
	if (text[0] == '#' || !verb_of(word, n_word, &verb))
		return;
	module = word + n_word + strspn(word + n_word, "\t ");
	n_module = strcspn(module, "\t ");
	rest = module + n_module + strspn(module + n_module, "\t ");
	if (!is_module_name(module, n_module) || (verb != MODPROBE_BLACKLIST && !*rest))
		return; /* kmod: "ignoring bad line" */
	line = arena_push(f->arena, c->lines, c->n_lines);
	*line = (struct modprobe_line){
		.verb = verb,
		.module = config_module_name(f->arena, module, n_module),
		.rest = without_return(f->arena, rest),
		.text = text_trim(f->arena, without_return(f->arena, text)),
		.path = path,
		.line = number,
		.where = arena_printf(f->arena, "%s:%zu", path, number),
	};
}

static void parse_file(struct facts *f, struct config *c, const struct snap_file *file)
{
	const char *p = config_text(file);
	size_t number = 1;

	while (*p) {
		size_t start = number;
		char *text;

		p = read_line(f->arena, p, &text, &number);
		add_line(f, c, file->path, start, text);
	}
}

static void parse_files(struct facts *f, struct config *c)
{
	const struct snap_file **files = NULL;
	size_t n = 0;

	for (size_t i = 0; i < f->snap->files.n; i++) {
		if (is_read_by_kmod(&f->snap->files.v[i]))
			*arena_push(f->arena, files, n) = &f->snap->files.v[i];
	}
	if (n)
		qsort(files, n, sizeof *files, compare_files);
	for (size_t i = 0; i < n; i++) {
		const char *name = config_basename(files[i]->path);

		if (i && !strcmp(name, config_basename(files[i - 1]->path)))
			continue;
		/* kmod_config_new() sorts the kernel's own list in by its name */
		if (!c->n_before && strcmp(name, "modules.softdep") > 0)
			c->n_before = c->n_lines + 1;
		parse_file(f, c, files[i]);
	}
	c->n_before = c->n_before ? c->n_before - 1 : c->n_lines;
}

/* `softdep vfio post: vfio_iommu_type1 …` of /lib/modules/RELEASE/modules.softdep. */
static void parse_kernel_softdeps(struct facts *f, struct config *c)
{
	const struct snap_texts *lines = &f->snap->kernel.softdep;
	struct config only = { 0 };

	for (size_t i = 0; i < lines->n; i++)
		add_line(f, &only, "modules.softdep", i + 1, lines->s[i]);
	c->kernel_softdeps = only.lines;
	c->n_kernel_softdeps = only.n_lines;
}

const struct modprobe_line *modprobe_lines(struct facts *f, size_t *ret_n)
{
	struct config *c = config_of(f);

	if (!c->lines_done) {
		c->lines_done = true;
		/* In a container the files say nothing of the host that the devices
		 * belong to */
		if (!config_is_foreign(f))
			parse_files(f, c);
		parse_kernel_softdeps(f, c);
	}
	*ret_n = c->n_lines;
	return c->lines;
}
