// SPDX-License-Identifier: GPL-2.0-or-later
// Changes of configuration files as whole lines, worked out from the files as they stand.
#include "plan/file_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/howto_boot.h"
#include "plan/ids_lines.h"
#include "plan/initramfs_tool.h"

static char **lines_of(
	struct arena *a, const struct howto_system *s, const char *path, size_t *ret_n)
{
	const char *text = howto_file_text(s, path);

	*ret_n = 0;
	return text ? text_lines(a, text, ret_n) : NULL;
}

static bool exists(const struct howto_system *s, const char *path)
{
	for (size_t i = 0; i < s->n_files; i++)
		if (text_equal(s->files[i].path, path))
			return true;
	return false;
}

void file_edit_append(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const char *path, const char *text)
{
	for (size_t i = 0; i < e->n; i++) {
		if (!e->v[i].line && text_equal(e->v[i].path, path)) {
			e->v[i].text = arena_printf(a, "%s\n%s", e->v[i].text, text);
			return;
		}
	}
	const char *content = howto_file_text(s, path);
	*arena_push(a, e->v, e->n) = (struct file_edit){
		.path = path,
		.text = text,
		.is_new = s->files_known && !exists(s, path),
		.unended = content && *content && !text_ends(content, "\n"),
	};
}

void file_edit_replace(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const char *path, size_t line, const char *text)
{
	size_t n;
	char **lines = lines_of(a, s, path, &n);

	if (!line || line > n)
		return;
	for (size_t i = 0; i < e->n; i++) {
		if (e->v[i].line == line && text_equal(e->v[i].path, path)) {
			e->v[i].text = text;
			return;
		}
	}
	*arena_push(a, e->v, e->n) = (struct file_edit){
		.path = path, .line = line, .old = lines[line - 1], .text = text
	};
}

/* Lines are replaced first, then taken out from the last one up, then added: so a line's
 * number still holds when its turn comes. */
static int by_doing(const void *a, const void *b)
{
	const struct file_edit *x = a, *y = b;
	int rank_x = !x->line ? 2 : !x->text, rank_y = !y->line ? 2 : !y->text;

	if (!text_equal(x->path, y->path))
		return strcmp(x->path, y->path);
	if (rank_x != rank_y)
		return rank_x - rank_y;
	if (x->line != y->line)
		return (x->line < y->line) == (rank_x == 1) ? 1 : -1;
	return 0;
}

void file_edits_sort(struct file_edits *e)
{
	if (e->n)
		qsort(e->v, e->n, sizeof *e->v, by_doing);
}

char *file_edits_apply(
	struct arena *a, const struct file_edits *e, const char *path, const char *text)
{
	size_t n = 0;
	char **lines = text ? text_lines(a, text, &n) : NULL;
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++) {
		const char *line = lines[i];
		for (size_t k = 0; k < e->n; k++)
			if (e->v[k].line == i + 1 && text_equal(e->v[k].path, path))
				line = e->v[k].text;
		if (line)
			strbuf_addf(&b, "%s\n", line);
	}
	for (size_t k = 0; k < e->n; k++)
		if (!e->v[k].line && text_equal(e->v[k].path, path))
			strbuf_addf(&b, "%s\n", e->v[k].text);
	return strbuf_finish(&b, a);
}

/* Forms of the files that hold a command line; see howto_boot.c for the loaders. */
struct form {
	const char *prefix; /* variable, or keyword in front of the words */
	bool variable;
	bool takes_new; /* words are added here, not only taken out */
};

/* The line of the file as it should be; -1: not of this form, 0: the same, 1: changed. */
static int edit_line(struct arena *a, const struct words *w, const struct form *form,
	const char *line, const char **ret)
{
	struct words only_remove = { .remove = w->remove, .n_remove = w->n_remove };

	*ret = words_edit_line(a, form->takes_new ? w : &only_remove, line, form->prefix,
		form->variable);
	return !*ret ? -1 : !text_equal(*ret, line);
}

/* Edits each line of this form; how many there are, -1 if one cannot be worked out. */
static int edit_lines(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const char *path, const struct words *w, const struct form *form)
{
	size_t n;
	char **lines = lines_of(a, s, path, &n);
	int found = 0;

	for (size_t i = 0; i < n; i++) {
		const char *text, *start = lines[i] + strspn(lines[i], " \t");
		size_t len = strlen(form->prefix);
		int changed;

		if (!text_starts(start, form->prefix) || *start == '#' || !*start ||
			(form->variable ? start[len + (start[len] == '+')] != '='
					: len && !text_is_space(start[len])))
			continue;
		changed = edit_line(a, w, form, lines[i], &text);
		if (changed < 0)
			return -1;
		if (changed)
			file_edit_replace(a, e, s, path, i + 1, text);
		found++;
	}
	return found;
}

/* The vendor fills one of two variables; the shell reads the last line of each. */
static bool edit_grub(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const char *path, const struct words *w)
{
	static const char *const names[] = { "GRUB_CMDLINE_LINUX_DEFAULT",
		"GRUB_CMDLINE_LINUX" };
	bool placed = w->n_add == 0;

	for (size_t i = 0; i < 2; i++) {
		struct form form = { names[i], true, !placed };
		int found = edit_lines(a, e, s, path, w, &form);
		if (found < 0)
			return false;
		if (found > 1 && w->n_add && !placed)
			return false; /* which of them counts is the shell's to say */
		placed |= found > 0;
	}
	if (!placed)
		file_edit_append(a, e, s, path,
			arena_printf(a, "%s=\"%s\"", names[0], words_apply(a, w, "", 0)));
	return true;
}

/* One variable that stands there once. */
static bool edit_variable(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const char *path, const struct words *w)
{
	struct form form = { howto_boot_variable(path), true, true };

	return form.prefix && edit_lines(a, e, s, path, w, &form) == 1;
}

bool file_edit_words(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const struct words *w)
{
	static const struct {
		const char *loader, *prefix;
	} forms[] = {
		{ "systemd-boot", "options" },
		{ "extlinux", "append" },
		{ "extlinux", "APPEND" },
		{ "limine", "cmdline:" },
		{ "limine", "kernel_cmdline:" },
		{ "proxmox", "" },
		{ "uki", "" },
	};
	const char *path = s->config;
	size_t before = e->n;

	if (!path || !howto_file_text(s, path))
		return false;
	if (howto_boot_is_bare(path)) {
		struct form form = { "", false, true };
		if (edit_lines(a, e, s, path, w, &form) == 1)
			return true;
	} else if (text_starts(path, "/etc/default/grub")) {
		if (edit_grub(a, e, s, path, w))
			return true;
	} else if (edit_variable(a, e, s, path, w)) {
		return true;
	}
	e->n = before;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct form form = { forms[i].prefix, false, true };
		if (text_equal(s->loader, forms[i].loader) &&
			edit_lines(a, e, s, path, w, &form) > 0)
			return true;
	}
	e->n = before;
	return false;
}

/* The list goes where the last one stands, which is the one that counts; the others go. */
static void edit_ids(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const struct ids_lines *lists, const char *text)
{
	const struct ids_line *last = &lists->v[lists->n - 1];

	if (lists->continued) {
		file_edit_append(a, e, s, last->path, text);
		return;
	}
	for (size_t i = 0; i + 1 < lists->n; i++)
		file_edit_replace(a, e, s, lists->v[i].path, lists->v[i].line,
			ids_line_without(a, lists->v[i].text));
	file_edit_replace(
		a, e, s, last->path, last->line, ids_line_replace(a, last->text, text));
}

static bool has_line(
	struct arena *a, const struct howto_system *s, const char *path, const char *line)
{
	size_t n;
	char **lines = lines_of(a, s, path, &n);

	for (size_t i = 0; i < n; i++)
		if (text_equal(text_trim(a, lines[i]), line))
			return true;
	return false;
}

void file_edit_modprobe(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const struct edit_texts *lines)
{
	const char *path = howto_modprobe_file(a, s);
	struct ids_lines lists = ids_lines_of(a, s);

	for (size_t i = 0; i < lines->n; i++) {
		if (lists.n && howto_is_ids_line(lines->s[i]))
			edit_ids(a, e, s, &lists, lines->s[i]);
		else if (!has_line(a, s, path, lines->s[i]))
			file_edit_append(a, e, s, path, lines->s[i]);
	}
}

/* MODULES=(a b) with these in front: the array of a bash file, on one line. */
static const char *edit_array(struct arena *a, const char *line, const char *modules)
{
	const char *open = strchr(line, '('), *close = open ? strchr(open, ')') : NULL;

	if (!close || close[1 + strspn(close + 1, " \t")])
		return NULL;
	open++;
	open += strspn(open, " \t");
	return arena_printf(
		a, "MODULES=(%s%s%s", modules, open == close ? "" : " ", open);
}

static bool edit_mkinitcpio(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const char *path, const char *modules)
{
	size_t n, found = 0;
	char **lines = lines_of(a, s, path, &n);

	for (size_t i = 0; i < n; i++)
		if (text_starts(lines[i], "MODULES="))
			found = i + 1;
	const char *text = found ? edit_array(a, lines[found - 1], modules) : NULL;
	if (text)
		file_edit_replace(a, e, s, path, found, text);
	return text != NULL;
}

bool file_edit_initramfs(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const struct edit_texts *modules)
{
	const struct initramfs_tool *tool = initramfs_tool_of(s);
	struct edit_texts missing;

	if (!tool || howto_is_nixos(s))
		return false;
	missing = initramfs_modules_missing(a, s, tool, modules);
	if (!missing.n)
		return true;
	/* A second key of one name would be no YAML */
	if (text_equal(tool->kind, "booster") && howto_file_text(s, tool->file) &&
		strstr(howto_file_text(s, tool->file), "modules_force_load"))
		return false;
	if (text_equal(tool->kind, "mkinitcpio"))
		return edit_mkinitcpio(
			a, e, s, tool->file, initramfs_module_names(a, tool, &missing));
	file_edit_append(a, e, s, tool->file, initramfs_join_modules(a, tool, &missing));
	return true;
}

bool file_edit_remedy(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const char *edit)
{
	const char *colon = strstr(edit, ": "), *number;
	uint64_t line = 0;

	if (!colon)
		return false;
	const char *place = arena_strndup(a, edit, (size_t)(colon - edit));
	const char *text = text_trim(a, colon + 2);
	number = strrchr(place, ':');
	if (!number || !text_to_u64(number + 1, &line) || !line)
		return false;
	const char *path = arena_strndup(a, place, (size_t)(number - place));
	size_t before = e->n;
	file_edit_replace(a, e, s, path, line, *text ? text : NULL);
	return e->n > before;
}
