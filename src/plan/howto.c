// SPDX-License-Identifier: GPL-2.0-or-later
// Turns the structured edits of remedies into file, line and command of one system.
#include "plan/howto.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "facts/modprobe.h"
#include "plan/howto_boot.h"
#include "plan/ids_lines.h"
#include "plan/initramfs_tool.h"

__attribute__((format(printf, 4, 5))) static void add_line(
	struct arena *a, struct howto *h, bool verbatim, const char *fmt, ...)
{
	struct howto_line *line = arena_push(a, h->v, h->n);
	va_list ap;

	va_start(ap, fmt);
	line->text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	line->verbatim = verbatim;
}

/* Prefix of the line that binds by ID, with the module spelt either way; NULL if LINE is
 * another one. Yields the list behind it. */
static const char *ids_list(const char *line)
{
	static const char *const prefixes[] = { "options vfio-pci ids=",
		"options vfio_pci ids=" };

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (text_starts(line, prefixes[i]))
			return line + strlen(prefixes[i]);
	return NULL;
}

bool howto_is_ids_line(const char *line)
{
	return ids_list(line) != NULL;
}

/* ITEM is one of the comma-separated items of LIST. */
static bool list_has(const char *list, const char *item)
{
	size_t n = strlen(item);

	for (const char *p = list; p; p = strchr(p, ','), p = p ? p + 1 : NULL)
		if (strncmp(p, item, n) == 0 && (!p[n] || p[n] == ',' || p[n] == ' '))
			return true;
	return false;
}

/* Items of either list, or of both, each once, in order of appearance. */
static const char *merge_lists(
	struct arena *a, const char *one, const char *two, bool both)
{
	struct strbuf b = { 0 };
	size_t n;
	char **items = text_split(a, one, ",", &n);

	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++)
		if (!both || list_has(two, items[i]))
			strbuf_addf(&b, "%s%s", b.len ? "," : "", items[i]);
	items = text_split(a, two, ",", &n);
	for (size_t i = 0; !both && i < n; i++)
		if (!list_has(one, items[i]))
			strbuf_addf(&b, "%s%s", b.len ? "," : "", items[i]);
	return strbuf_finish(&b, a);
}

/*
 * Two corrections of one line or word, each without the item that its finding complains
 * of: what both leave is right. True if NEW went into *OLD. PREFIX is the length of the
 * place that must be equal ("FILE:LINE: ").
 */
static bool intersect_into(
	struct arena *a, const char **old, const char *new, size_t prefix)
{
	const char *ids = strstr(new + prefix, "ids="),
		   *before = strstr(*old + prefix, "ids=");
	size_t head = ids ? (size_t)(ids - new) + 4 : 0;

	if (!ids || !before || head != (size_t)(before - *old) + 4 ||
		strncmp(*old, new, head) != 0 || strchr(ids, ' ') || strchr(before, ' '))
		return false;
	const char *list = merge_lists(a, before + 4, ids + 4, true);
	*old = *list ? arena_printf(a, "%.*s%s", (int)head, new, list)
		     : arena_strndup(a, new, prefix);
	return true;
}

static void add_text(
	struct arena *a, struct edit_texts *t, enum remedy_kind kind, const char *text)
{
	const char *ids = ids_list(text),
		   *place = kind == REMEDY_EDIT ? strstr(text, ": ") : NULL;

	for (size_t i = 0; i < t->n; i++) {
		const char *old = ids_list(t->s[i]);
		if (text_equal(t->s[i], text))
			return;
		if (place &&
			intersect_into(a, &t->s[i], text, (size_t)(place - text) + 2))
			return;
		/* Options behind the list would have to be merged one by one: leave
		 * those. */
		if (kind == REMEDY_MODPROBE && ids && old && !strchr(ids, ' ') &&
			!strchr(old, ' ')) {
			t->s[i] = arena_printf(a, "options vfio-pci ids=%s",
				merge_lists(a, old, ids, false));
			return;
		}
	}
	*arena_push(a, t->s, t->n) = text;
}

/* Words of the command line; REPLACES: the same choice takes out a word that an earlier
 * one takes out too, so that both put a corrected list in its place. */
static void add_word(
	struct arena *a, struct edit_texts *t, const char *text, bool replaces)
{
	for (size_t i = 0; replaces && text[0] == '+' && i < t->n; i++)
		if (t->s[i][0] == '+' && intersect_into(a, &t->s[i], text, 1))
			return;
	add_text(a, t, REMEDY_CMDLINE, text);
}

void edits_add(struct arena *a, struct edits *e, const struct choice *choice)
{
	for (size_t i = 0; i < choice->n; i++) {
		const struct step *step = &choice->steps[i];
		struct edit_texts *t = &e->of[step->kind];
		bool replaces = false;

		for (size_t k = 0; k < step->n && step->kind == REMEDY_CMDLINE; k++)
			replaces |= step->texts[k][0] == '-' &&
				text_is_among(step->texts[k], t->s, t->n);
		for (size_t k = 0; k < step->n; k++) {
			if (step->kind == REMEDY_CMDLINE)
				add_word(a, t, step->texts[k], replaces);
			else
				add_text(a, t, step->kind, step->texts[k]);
		}
	}
}

static const char *text_fact(struct facts *f, const char *name, bool *ret_known)
{
	const struct fact *fact = fact_of(f, f->scopes[SCOPE_HOST].v[0], name);

	*ret_known = fact->state != FACT_ABSENT;
	return fact->state == FACT_VALUE ? fact->text : NULL;
}

struct howto_system howto_system_of(struct facts *f)
{
	bool known;
	struct howto_system s = {
		.loader = text_fact(f, "boot.loader", &known),
		.config = text_fact(f, "boot.config", &known),
		.initramfs = text_fact(f, "initramfs.kind", &known),
		.rebuild = text_fact(f, "initramfs.rebuild", &known),
		.distribution = snap_str(f->snap->host.os_id),
		.files_known = modprobe_known(f),
		.files = f->snap->files.v,
		.n_files = f->snap->files.n,
	};

	s.regenerate = text_fact(f, "boot.regenerate", &s.regenerate_known);
	return s;
}

const char *howto_file_text(const struct howto_system *s, const char *path)
{
	for (size_t i = 0; i < s->n_files; i++)
		if (text_equal(s->files[i].path, path))
			return snap_str(s->files[i].text);
	return NULL;
}

bool howto_is_nixos(const struct howto_system *s)
{
	return text_equal(s->loader, "nixos") || text_equal(s->distribution, "nixos");
}

/* `edit`: "FILE[:LINE]: the line that shall stand there". */
static void add_edit(struct arena *a, struct howto *h, const char *edit)
{
	const char *colon = strstr(edit, ": ");

	if (!colon) {
		add_line(a, h, false, "edit %s", edit);
		return;
	}
	const char *place = arena_strndup(a, edit, (size_t)(colon - edit));
	const char *line = text_trim(a, colon + 2), *number = strrchr(place, ':');
	uint64_t n;

	if (!number || !text_to_u64(number + 1, &n))
		add_line(a, h, false, "in %s, this line:", place);
	else if (*line)
		add_line(a, h, false, "line %s of %.*s becomes:", number + 1,
			(int)(number - place), place);
	else
		add_line(a, h, false, "take line %s out of %.*s", number + 1,
			(int)(number - place), place);
	if (*line)
		add_line(a, h, true, "%s", line);
}

const char *howto_modprobe_file(struct arena *a, const struct howto_system *s)
{
	struct ids_lines lists = ids_lines_of(a, s);

	if (lists.n)
		return lists.v[lists.n - 1].path;
	for (size_t i = 0; i < s->n_files; i++) {
		const char *path = s->files[i].path, *text = snap_str(s->files[i].text);
		if (text_starts(path, "/etc/modprobe.d/") && text_ends(path, ".conf") &&
			text && (strstr(text, "vfio-pci") || strstr(text, "vfio_pci")))
			return path;
	}
	return "/etc/modprobe.d/vfio.conf";
}

/* The last list is the one that counts: it is replaced, and what stands before it goes. */
static void add_ids_line(
	struct arena *a, struct howto *h, const struct ids_lines *lists, const char *text)
{
	for (size_t i = 0; i + 1 < lists->n; i++) {
		const struct ids_line *l = &lists->v[i];
		const char *rest = ids_line_without(a, l->text);

		if (rest)
			add_line(
				a, h, false, "line %zu of %s becomes:", l->line, l->path);
		else
			add_line(
				a, h, false, "take line %zu out of %s", l->line, l->path);
		if (rest)
			add_line(a, h, true, "%s", rest);
	}
	const struct ids_line *last = &lists->v[lists->n - 1];
	add_line(a, h, false, "line %zu of %s becomes:", last->line, last->path);
	add_line(a, h, true, "%s", ids_line_replace(a, last->text, text));
}

static void add_modprobe(struct arena *a, struct howto *h, const struct howto_system *s,
	const struct edit_texts *t)
{
	const char *file = howto_modprobe_file(a, s);
	struct ids_lines lists = ids_lines_of(a, s);
	bool replaces = lists.n && !lists.continued && !howto_is_nixos(s);
	bool headed = false;

	for (size_t i = 0; replaces && i < t->n; i++)
		if (howto_is_ids_line(t->s[i]))
			add_ids_line(a, h, &lists, t->s[i]);
	for (size_t i = 0; i < t->n; i++) {
		if (replaces && howto_is_ids_line(t->s[i]))
			continue;
		if (!headed && howto_is_nixos(s))
			add_line(a, h, false,
				"in configuration.nix, in boot.extraModprobeConfig:");
		else if (!headed)
			add_line(a, h, false, "in %s add:", file);
		headed = true;
		add_line(a, h, true, "%s", t->s[i]);
	}
}

static void add_initramfs(struct arena *a, struct howto *h, const struct howto_system *s,
	const struct edit_texts *wanted)
{
	const struct initramfs_tool *tool = initramfs_tool_of(s);

	if (!tool) {
		add_line(a, h, false,
			"have the initramfs load %s early (the general way: which tool makes it "
			"here could not be told)",
			text_join(a, wanted->s, wanted->n, ", "));
		return;
	}
	struct edit_texts missing = initramfs_modules_missing(a, s, tool, wanted);
	if (!missing.n)
		return;
	struct strbuf say = { 0 };
	const char *hole = strstr(tool->say, "%s");
	strbuf_add_mem(&say, tool->say, (size_t)(hole - tool->say));
	strbuf_add(&say, tool->file);
	strbuf_add(&say, hole + 2);
	add_line(a, h, false, "%s", strbuf_finish(&say, a));
	add_line(a, h, true, "%s", initramfs_join_modules(a, tool, &missing));
}

static const char *with_sudo(struct arena *a, const char *command)
{
	return text_starts(command, "sudo ") ? command
					     : arena_printf(a, "sudo %s", command);
}

/* The commands that make the edits count, once each, and the reboot. */
static void add_closing(struct arena *a, struct howto *h, const struct howto_system *s,
	const struct edits *e)
{
	const char *commands[2] = { NULL, NULL };
	const struct initramfs_tool *tool = initramfs_tool_of(s);
	bool rebuild = e->of[REMEDY_INITRAMFS].n > 0;
	bool reboot = rebuild || e->of[REMEDY_CMDLINE].n || e->of[REMEDY_MODPROBE].n;
	struct strbuf b = { 0 };

	if (e->of[REMEDY_CMDLINE].n)
		commands[0] = howto_boot_command(s);
	if (rebuild)
		commands[1] = howto_is_nixos(s) || !s->rebuild
			? (tool ? tool->rebuild : NULL)
			: s->rebuild;
	if (text_equal(commands[0], commands[1]))
		commands[1] = NULL;
	for (size_t i = 0; i < 2; i++)
		if (commands[i])
			strbuf_addf(&b, "%s%s",
				b.len ? " && " : "then: ", with_sudo(a, commands[i]));
	if (rebuild && !tool && !s->rebuild)
		strbuf_add(&b,
			b.len ? ", rebuild the initramfs"
			      : "then: rebuild the initramfs");
	if (reboot)
		strbuf_add(&b, b.len ? ", and reboot" : "then: reboot");
	if (b.len)
		add_line(a, h, false, "%s", strbuf_text(&b));
	strbuf_free(&b);
}

static void add_each(
	struct arena *a, struct howto *h, const struct edit_texts *t, const char *prefix)
{
	for (size_t i = 0; i < t->n; i++)
		add_line(a, h, false, "%s%s", prefix, t->s[i]);
}

struct howto howto_make(
	struct arena *a, const struct howto_system *s, const struct edits *e)
{
	struct howto h = { 0 };

	add_each(a, &h, &e->of[REMEDY_HARDWARE], "hardware: ");
	add_each(a, &h, &e->of[REMEDY_FIRMWARE], "firmware: ");
	for (size_t i = 0; i < e->of[REMEDY_EDIT].n; i++)
		add_edit(a, &h, e->of[REMEDY_EDIT].s[i]);
	if (e->of[REMEDY_MODPROBE].n)
		add_modprobe(a, &h, s, &e->of[REMEDY_MODPROBE]);
	if (e->of[REMEDY_CMDLINE].n) {
		struct howto_line *lines;
		size_t n = howto_boot_lines(a, s, &e->of[REMEDY_CMDLINE], &lines);
		for (size_t i = 0; i < n; i++)
			*arena_push(a, h.v, h.n) = lines[i];
	}
	if (e->of[REMEDY_INITRAMFS].n)
		add_initramfs(a, &h, s, &e->of[REMEDY_INITRAMFS]);
	add_each(a, &h, &e->of[REMEDY_RUN], "");
	add_each(a, &h, &e->of[REMEDY_GUEST], "for the guest: ");
	add_closing(a, &h, s, e);
	return h;
}
