// SPDX-License-Identifier: GPL-2.0-or-later
// Reads what other tools gathered on a host: finds the capture in a directory or an
// archive, and hands its parts to the collectors and to the import.
#include "collect/capture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"
#include "base/text.h"
#include "collect/archive.h"
#include "collect/capture_parts.h"
#include "collect/collect.h"
#include "collect/cpuid.h"
#include "collect/workdir.h"
#include "import/format.h"

enum {
	MAX_LEVELS = 4, /* directories above a capture's root, and of loose files */
	MAX_DIRS = 256, /* looked at in search of it */
	MAX_LOOSE = 256,
};

bool capture_is(const char *path)
{
	struct stat st;

	return (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) || archive_recognise(path);
}

const char *capture_file(struct capture *c, const char *path, size_t *ret_n)
{
	struct root_bytes got = root_read(&c->root, c->scratch, path, IMPORT_MAX_BYTES);

	if (got.status != STATUS_OK || memchr(got.p, '\0', got.n))
		return NULL;
	*ret_n = got.n;
	return (const char *)got.p;
}

void capture_import(struct capture *c, const char *path, const char *text, size_t n,
	const char *command)
{
	const char *name = arena_printf(c->scratch, "%s%s%s%s%s", c->shown,
		*c->shown ? "/" : "", c->below, *c->below ? "/" : "", path);

	/* hw-probe cuts what is too long, and says so like this */
	if (command && n > 4 && memcmp(text + n - 3, "...", 3) == 0)
		command = arena_printf(c->scratch, "%s | head", command);
	if (c->names)
		private_names_learn(c->names, text, n);
	import_text(
		c->im, text_clean_line(c->scratch, name, strlen(name)), text, n, command);
}

/* `lspci_-nnvv` as it was typed. */
static const char *command_of_name(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = arena_strdup(a, slash ? slash + 1 : path);

	for (char *p = name; *p; p++)
		*p = *p == '_' ? ' ' : *p;
	return name;
}

/* The first file that fits the pattern; NULL if there is none. */
static const char *file_find(struct capture *c, const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	const char *dir = slash
		? arena_strndup(c->scratch, pattern, (size_t)(slash - pattern))
		: ".";
	char **names;
	size_t n;

	root_list(&c->root, c->scratch, dir, &names, &n);
	for (size_t i = 0; i < n; i++) {
		const char *path = slash
			? arena_printf(c->scratch, "%s/%s", dir, names[i])
			: names[i];
		if (glob_match(pattern, path) &&
			root_stat(&c->root, path, true).kind == ROOT_FILE)
			return path;
	}
	return NULL;
}

/* Of the files of ROW the one to read; of logs that with the beginning of a boot. */
static const char *file_choose(struct capture *c, const struct capture_text *row,
	const char **ret_text, size_t *ret_n)
{
	const char *chosen = NULL;

	for (size_t i = 0; i < CAPTURE_CHOICES && row->files[i]; i++) {
		const char *path = file_find(c, row->files[i]), *text;
		size_t n = 0;
		if (!path || !(text = capture_file(c, path, &n)) || n == 0)
			continue;
		bool best = !row->log || strstr(text, "Linux version ");
		if (!chosen || best) {
			chosen = path;
			*ret_text = text;
			*ret_n = n;
		}
		if (best)
			break;
	}
	return chosen;
}

static void texts_import(struct capture *c, const struct capture_kind *kind, bool early)
{
	bool told[N_SOURCES + 1] = { false };

	for (size_t i = 0; i < kind->n_texts; i++) {
		const struct capture_text *row = &kind->texts[i];
		const char *text, *path;
		size_t n;
		if (row->early != early || (told[row->source] && !row->also) ||
			(row->source != N_SOURCES &&
				snapshot_status(c->im->snap, row->source) == STATUS_OK))
			continue;
		path = file_choose(c, row, &text, &n);
		if (!path)
			continue;
		told[row->source] = row->source != N_SOURCES;
		capture_import(c, path, text, n,
			row->command ? row->command : command_of_name(c->scratch, path));
	}
}

/* The text of `cpuid -r`, which no paste brings. */
static void cpuid_import(struct capture *c)
{
	size_t n;
	const char *text = capture_file(c, "sos_commands/processor/cpuid_-r", &n);

	if (text && !c->im->snap->cpu.leaves.n && cpuid_parse(c->im->snap, text) == 0)
		import_source(c->im, SOURCE_CPUID, true);
}

static void known_read(struct capture *c, const struct capture_kind *kind)
{
	const char *const *whole = capture_whole(kind, &c->root, c->scratch);
	/* Evidence of another capture, or of a snapshot, is not mixed with this one's */
	bool alone = !c->im->snap->sources.n;

	if (whole)
		texts_import(c, kind, true);
	if (alone && kind->id != CAPTURE_PROBE && kind->id != CAPTURE_SUPPORT)
		collect_tree(c->im->snap, c->root.path, whole);
	if (c->names)
		collect_names(c->root.path, c->names);
	if (!whole) {
		if (!c->im->n_spans)
			c->im->snap->origin.kind = "tree";
		return;
	}
	texts_import(c, kind, false);
	if (kind->id == CAPTURE_SOS)
		cpuid_import(c);
	if (kind->id == CAPTURE_PROBE)
		capture_probe(c);
	if (kind->id == CAPTURE_SUPPORT)
		capture_support(c);
}

/* Directories below, one level at a time, breadth first. */
struct search {
	struct arena *a;
	const char **dirs;
	size_t n;
};

static void search_below(struct search *s, const struct root *r, const char *dir)
{
	char **names;
	size_t n;

	root_list(r, s->a, *dir ? dir : ".", &names, &n);
	for (size_t i = 0; i < n && s->n < MAX_DIRS; i++) {
		const char *path =
			*dir ? arena_printf(s->a, "%s/%s", dir, names[i]) : names[i];
		if (root_stat(r, path, false).kind == ROOT_DIR)
			*arena_push(s->a, s->dirs, s->n) = path;
	}
}

/* The one capture in the tree, on the highest level where there is any. False after an
 * error: there are several. *RET_KIND is NULL if there is none. */
static bool root_find(const struct root *r, struct arena *a, const char **ret_path,
	const struct capture_kind **ret_kind, struct capture_error *ret)
{
	struct search now = { .a = a };

	*ret_kind = NULL;
	*ret_path = "";
	*arena_push(a, now.dirs, now.n) = "";
	for (int level = 0; level < MAX_LEVELS && !*ret_kind && now.n; level++) {
		struct search below = { .a = a };
		for (size_t i = 0; i < now.n; i++) {
			const char *dir = now.dirs[i];
			const struct capture_kind *kind =
				capture_kind_of(r, *dir ? dir : ".");
			if (kind && *ret_kind) {
				const char *line = arena_printf(a,
					"holds captures of several machines, %.100s and "
					"%.100s: give one of them",
					*ret_path, dir);
				snprintf(ret->message, sizeof ret->message, "%s",
					text_clean_line(a, line, strlen(line)));
				return false;
			}
			if (kind) {
				*ret_kind = kind;
				*ret_path = dir;
			}
			search_below(&below, r, dir);
		}
		now = below;
	}
	return true;
}

/* No capture that is known: each text is recognised by itself. */
static size_t loose_import(struct capture *c)
{
	struct search now = { .a = c->scratch };
	size_t n_read = 0;

	*arena_push(c->scratch, now.dirs, now.n) = "";
	for (int level = 0; level < MAX_LEVELS && now.n; level++) {
		struct search below = { .a = c->scratch };
		for (size_t i = 0; i < now.n; i++) {
			const char *dir = now.dirs[i], *path, *text;
			char **names;
			size_t n, size;
			root_list(&c->root, c->scratch, *dir ? dir : ".", &names, &n);
			for (size_t k = 0; k < n && n_read < MAX_LOOSE; k++) {
				path = *dir
					? arena_printf(c->scratch, "%s/%s", dir, names[k])
					: names[k];
				text = capture_file(c, path, &size);
				if (!text || !size)
					continue;
				capture_import(c, path, text, size, NULL);
				n_read++;
			}
			search_below(&below, &c->root, dir);
		}
		now = below;
	}
	return n_read;
}

/* Reads what is in DIR, which is SHOWN to the reader. */
static bool tree_read(struct import *im, const char *dir, const char *shown,
	struct private_names *names, struct arena *a, struct capture_error *ret)
{
	struct capture c = { .im = im, .names = names, .scratch = a, .shown = shown };
	const struct capture_kind *kind;
	struct root top;
	bool fine = false;

	if (!root_open(&top, dir)) {
		ret->unopenable = true;
		snprintf(ret->message, sizeof ret->message, "%s", strerror(errno));
		return false;
	}
	if (root_find(&top, a, &c.below, &kind, ret)) {
		const char *path =
			*c.below ? arena_printf(a, "%s/%s", dir, c.below) : dir;
		fine = root_open(&c.root, path);
		if (fine && kind)
			known_read(&c, kind);
		else if (fine)
			fine = loose_import(&c) > 0;
		if (!fine)
			snprintf(ret->message, sizeof ret->message,
				"holds nothing that can be read: neither a known capture "
				"nor texts");
		root_close(&c.root);
	}
	root_close(&top);
	return fine;
}

bool capture_read(struct import *im, const char *path, struct private_names *names,
	struct capture_error *ret)
{
	struct arena *a = arena_new();
	struct workdir w;
	struct stat st;
	bool fine = false;

	*ret = (struct capture_error){ 0 };
	if (stat(path, &st)) {
		ret->unopenable = true;
		snprintf(ret->message, sizeof ret->message, "%s", strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		fine = tree_read(im, path, path, names, a, ret);
	} else if (!workdir_make(&w, a)) {
		ret->unopenable = true;
		snprintf(ret->message, sizeof ret->message,
			"cannot be unpacked: no temporary directory: %s",
			strerror(errno));
	} else {
		fine = archive_unpack(path, &w, ret) &&
			tree_read(im, w.path, path, names, a, ret);
		workdir_remove(&w);
	}
	arena_free(a);
	return fine;
}
