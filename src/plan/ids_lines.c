// SPDX-License-Identifier: GPL-2.0-or-later
// Lines of /etc/modprobe.d that give vfio-pci its list of IDs.
#include "plan/ids_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool is_list(const char *word)
{
	return text_starts(word, "ids=");
}

/* `options vfio-pci … ids=… …`, the module spelt either way. */
static bool has_list(struct arena *a, const char *line)
{
	size_t n;
	char **words = text_split(a, line, " \t", &n);

	if (n < 3 || !text_equal(words[0], "options") ||
		!text_equal_dash(words[1], "vfio-pci"))
		return false;
	for (size_t i = 2; i < n; i++)
		if (is_list(words[i]))
			return true;
	return false;
}

static void add_lines_of(
	struct arena *a, struct ids_lines *found, const struct snap_file *file)
{
	size_t n = 0;
	const char *text = snap_str(file->text);
	char **lines = text ? text_lines(a, text, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		if (!has_list(a, lines[i]))
			continue;
		found->continued |= text_ends(lines[i], "\\");
		*arena_push(a, found->v, found->n) = (struct ids_line){
			.path = file->path, .line = i + 1, .text = lines[i]
		};
	}
}

/* kmod reads the files of a folder in the order of their names (libkmod-config.c). */
static int by_path(const void *a, const void *b)
{
	const struct snap_file *x = *(const struct snap_file *const *)a,
			       *y = *(const struct snap_file *const *)b;

	return strcmp(x->path, y->path);
}

struct ids_lines ids_lines_of(struct arena *a, const struct howto_system *s)
{
	struct ids_lines found = { 0 };
	const struct snap_file **files = NULL;
	size_t n = 0;

	for (size_t i = 0; i < s->n_files; i++)
		if (text_starts(s->files[i].path, "/etc/modprobe.d/") &&
			text_ends(s->files[i].path, ".conf"))
			*arena_push(a, files, n) = &s->files[i];
	if (n)
		qsort(files, n, sizeof *files, by_path);
	for (size_t i = 0; i < n; i++)
		add_lines_of(a, &found, files[i]);
	return found;
}

/* LINE, or "options vfio-pci" where it is NULL, with the further options of OLD. */
static const char *with_options(
	struct arena *a, const char *old, const char *line, size_t *ret_kept)
{
	struct strbuf b = { 0 };
	size_t n;
	char **words = text_split(a, old, " \t", &n);

	*ret_kept = 0;
	strbuf_add(&b, line ? line : "options vfio-pci");
	for (size_t i = 2; i < n; i++) {
		if (!strchr(words[i], '=') || words[i][0] == ',' || is_list(words[i]))
			continue;
		strbuf_addf(&b, " %s", words[i]);
		++*ret_kept;
	}
	return strbuf_finish(&b, a);
}

const char *ids_line_replace(struct arena *a, const char *old, const char *line)
{
	size_t kept;

	return with_options(a, old, line, &kept);
}

const char *ids_line_without(struct arena *a, const char *old)
{
	size_t kept;
	const char *rest = with_options(a, old, NULL, &kept);

	return kept ? rest : NULL;
}
