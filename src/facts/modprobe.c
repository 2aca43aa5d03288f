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
	if (text_ends(out, "\\x0d")) /* a file written on Windows */
		out[n - 4] = '\0';
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
	if (n_module == 0 || (verb != MODPROBE_BLACKLIST && !*rest))
		return; /* kmod: "ignoring bad line" */
	line = arena_push(f->arena, c->lines, c->n_lines);
	*line = (struct modprobe_line){
		.verb = verb,
		.module = config_module_name(f->arena, module, n_module),
		.rest = rest,
		.text = text_trim(f->arena, text),
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
		if (i == 0 ||
			strcmp(config_basename(files[i]->path),
				config_basename(files[i - 1]->path)) != 0)
			parse_file(f, c, files[i]);
	}
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
	}
	*ret_n = c->n_lines;
	return c->lines;
}

const char *modprobe_blacklisted(struct facts *f, const char *module)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	const struct cmdline_word *words;

	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_BLACKLIST &&
			text_equal_dash(lines[i].module, module))
			return arena_printf(
				f->arena, "%s: %s", lines[i].where, lines[i].text);
	}
	words = cmdline_words(f, &n);
	for (size_t i = 0; i < n; i++) {
		char **items;
		size_t n_items;

		/* module_blacklist= is the kernel's own (kernel/module/main.c) */
		if (!words[i].value ||
			(strcmp(words[i].name, "modprobe.blacklist") != 0 &&
				strcmp(words[i].name, "module_blacklist") != 0))
			continue;
		items = text_split(f->arena, words[i].value, ",", &n_items);
		for (size_t k = 0; k < n_items; k++) {
			if (text_equal_dash(items[k], module))
				return arena_printf(f->arena, "kernel command line: %s",
					words[i].text);
		}
	}
	return NULL;
}

/*
 * A softdep of a library pulls vfio-pci in before every driver built on it: modprobe
 * honours the soft dependencies of dependencies (__kmod_module_get_probe_list()).
 * modules.dep is not kept in the snapshot; these are the libraries of Linux 6.12 that the
 * known lines name.
 */
static const struct {
	const char *library;
	const char *users; /* between blanks */
} libraries[] = {
	{ "drm",
		" amdgpu ast bochs cirrus gma500_gfx i915 mgag200 nouveau nvidia_drm qxl radeon "
		"virtio_gpu vmwgfx xe " },
	{ "drm_kms_helper",
		" amdgpu ast bochs cirrus gma500_gfx i915 mgag200 nouveau nvidia_drm qxl radeon "
		"virtio_gpu vmwgfx xe " },
	{ "ttm", " amdgpu i915 nouveau qxl radeon vmwgfx xe " },
	{ "snd_hda_codec", " snd_hda_intel " },
	{ "snd_hda_core", " snd_hda_intel " },
	{ "snd_pcm", " snd_hda_intel " },
	{ "snd", " snd_hda_intel " },
	{ "soundcore", " snd_hda_intel " },
	{ "xhci_hcd", " xhci_pci xhci_pci_renesas " },
	{ "nvme_core", " nvme " },
	{ "libahci", " ahci " },
};

static bool covers(const char *softdep_of, const char *module)
{
	if (text_equal_dash(softdep_of, module))
		return true;
	for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
		if (text_equal_dash(libraries[i].library, softdep_of) &&
			config_names_module(libraries[i].users, module))
			return true;
	}
	return false;
}

/* Does the rest of a softdep line name vfio-pci between `pre:` and `post:`? */
static bool softdep_pre_vfio(struct facts *f, const char *rest)
{
	size_t n;
	char **words = text_split(f->arena, rest, "\t ", &n);
	bool pre = false;

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], "pre:"))
			pre = true;
		else if (!strcmp(words[i], "post:"))
			pre = false;
		else if (pre && text_equal_dash(words[i], "vfio_pci"))
			return true;
	}
	return false;
}

/* Lists that the initramfs loads one by one before it starts udev. */
static bool list_vfio_first(struct facts *f, const char *module)
{
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (!entries[i].early)
			continue;
		if (text_equal(entries[i].module, "vfio_pci"))
			return true;
		if (text_equal_dash(entries[i].module, module))
			return false;
	}
	return false;
}

bool modprobe_vfio_first(struct facts *f, const char *module)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	const struct cmdline_word *words;

	for (size_t i = 0; i < n; i++) {
		if (!covers(lines[i].module, module))
			continue;
		if (lines[i].verb == MODPROBE_SOFTDEP &&
			softdep_pre_vfio(f, lines[i].rest))
			return true;
		/* `install nouveau modprobe vfio-pci; …`: the older way */
		if (lines[i].verb == MODPROBE_INSTALL &&
			config_names_module(lines[i].rest, "vfio_pci"))
			return true;
	}
	words = cmdline_words(f, &n);
	for (size_t i = 0; i < n; i++) {
		/* dracut.cmdline(7): loaded before udev starts; systemd reads the others
		 */
		if (words[i].value && !strcmp(words[i].name, "rd.driver.pre") &&
			config_names_module(words[i].value, "vfio_pci"))
			return true;
	}
	return list_vfio_first(f, module);
}
