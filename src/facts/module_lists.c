// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of modules that something loads at boot: of the system and of the initramfs
// tools.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/config.h"

struct lists {
	struct facts *f;
	struct module_entry *v;
	size_t n;
	bool unread;
};

struct variable {
	const char *name;
	bool early;
	/* Appended text is not split from what stands before: a string, not an array */
	bool string;
};

/* dracut.conf(5): force_drivers are loaded by rd.driver.pre, add_drivers only copied. */
static const struct variable dracut_variables[] = {
	{ .name = "force_drivers", .early = true, .string = true },
	{ .name = "add_drivers", .string = true },
	{ .name = "drivers", .string = true },
	{ .name = NULL },
};
/* mkinitcpio.conf(5): "modules which will be loaded before any boot hooks are run" */
static const struct variable mkinitcpio_variables[] = {
	{ .name = "MODULES", .early = true },
	{ .name = NULL },
};
/* https://github.com/anatol/booster/blob/master/docs/manpage.md */
static const struct variable booster_variables[] = {
	{ .name = "modules_force_load", .early = true },
	{ .name = "modules" },
	{ .name = NULL },
};

/* TEXT: the line, without blanks around it. */
static void add_entry(struct lists *l, const char *path, size_t line, const char *text,
	const char *name, size_t n, bool early, bool initramfs)
{
	struct arena *a = l->f->arena;

	*arena_push(a, l->v, l->n) = (struct module_entry){
		.module = config_module_name(a, name, n),
		.where = arena_printf(a, "%s:%zu", path, line),
		.text = text,
		.early = early,
		.initramfs = initramfs,
	};
}

/* One module a line, perhaps with parameters; `#`, for systemd also `;`, begin a comment.
 */
static void read_plain(struct lists *l, const struct snap_file *file, bool initramfs)
{
	const char *p = config_text(file);

	l->unread |= file->text.have == HAVE_NOT;
	for (size_t number = 1; *p; number++) {
		size_t n = strcspn(p, "\n");
		const char *line = arena_strndup(l->f->arena, p, n);
		const char *name = line + strspn(line, " \t");
		size_t n_name = strcspn(name, " \t#");

		if (n_name && name[0] != ';')
			add_entry(l, file->path, number, text_trim(l->f->arena, line),
				name, n_name, initramfs, initramfs);
		p += n + (p[n] == '\n');
	}
}

/* Is LINE an assignment to VARIABLE? Then *RET is behind the `=`. */
static bool is_assignment(
	const char *line, const char *name, const char **ret, bool *ret_append)
{
	const char *p = line + strspn(line, " \t");
	size_t n = strlen(name);

	if (strncmp(p, name, n) != 0)
		return false;
	p += n;
	*ret_append = *p == '+';
	p += *p == '+';
	if (*p != '=' && *p != ':')
		return false;
	*ret = p + 1;
	return true;
}

/*
 * `+="b"` behind `+="a"` makes `ab`: the word at FIRST belongs to the last one before it
 * (dracut(8): "<values> should have surrounding white spaces").
 */
static void glue(struct lists *l, const char *variable, size_t first)
{
	struct module_entry *word = &l->v[first];
	size_t old = first;

	while (old > 0 && l->v[old - 1].variable != variable)
		old--;
	if (!old-- || !l->v[old].tight)
		return;
	word->module = arena_printf(l->f->arena, "%s%s", l->v[old].module, word->module);
	word->glued = true;
	memmove(&l->v[old], &l->v[old + 1], (l->n - old - 1) * sizeof *l->v);
	l->n--;
}

/* A later `=` replaces what the variable held. */
static void drop_variable(struct lists *l, const char *variable)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].variable != variable)
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

/* The words of a shell value: `"a b"`, `(a b)` over several lines, `a,b`. Returns its end. */
static const char *read_value(struct lists *l, const struct snap_file *file,
	size_t number, const char *text, const char *p, const struct variable *v)
{
	const char *end = "\n#", *start;
	size_t first = l->n;

	p += strspn(p, " \t");
	if (*p == '(')
		end = ")";
	else if (*p == '"')
		end = "\"";
	else if (*p == '\'')
		end = "'";
	p += end[0] != '\n';
	for (start = p; *p && !strchr(end, *p);) {
		size_t n = strcspn(p, " \t\n,)(\"'#");

		if (n) {
			add_entry(l, file->path, number, text, p, n, v->early, true);
			l->v[l->n - 1].variable = v->name;
			l->v[l->n - 1].tight = v->string && p[n] && strchr(end, p[n]);
		}
		p += n;
		if (*p == '#') /* a comment within an array */
			p += strcspn(p, "\n");
		else if (*p && !strchr(end, *p))
			p++;
	}
	if (v->string && l->n > first && start[0] != ' ' && start[0] != '\t')
		glue(l, v->name, first);
	return p;
}

static void read_shell(
	struct lists *l, const struct snap_file *file, const struct variable *variables)
{
	const char *p = config_text(file);

	l->unread |= file->text.have == HAVE_NOT;
	for (size_t number = 1; *p; number++) {
		size_t n = strcspn(p, "\n");
		const char *value, *end = p;
		bool append;

		for (const struct variable *v = variables; v->name; v++) {
			if (!is_assignment(p, v->name, &value, &append))
				continue;
			if (!append)
				drop_variable(l, v->name);
			end = read_value(l, file, number,
				text_trim(l->f->arena, arena_strndup(l->f->arena, p, n)),
				value, v);
			break;
		}
		/* What stands within a value is no line of its own */
		for (; p + n < end; number++)
			n += 1 + strcspn(p + n + 1, "\n");
		p += n + (p[n] == '\n');
	}
}

static void read_dir(struct lists *l, const char *dir, const char *suffix,
	const struct variable *variables, bool initramfs)
{
	const struct snapshot *s = l->f->snap;

	for (size_t i = 0; i < s->files.n; i++) {
		const struct snap_file *file = &s->files.v[i];

		if (!config_in_dir(file->path, dir) || !text_ends(file->path, suffix))
			continue;
		if (variables)
			read_shell(l, file, variables);
		else
			read_plain(l, file, initramfs);
	}
}

static void read_file(struct lists *l, const char *path, const struct variable *variables,
	bool initramfs)
{
	const struct snap_file *file = config_file(l->f, path);

	if (file && variables)
		read_shell(l, file, variables);
	else if (file)
		read_plain(l, file, initramfs);
}

static int name_compare(const void *a, const void *b)
{
	const struct snap_file *const *x = a, *const *y = b;

	return strcmp(config_basename((*x)->path), config_basename((*y)->path));
}

/* dracut.conf(5): the file, then both directories as one, by name; /etc masks. */
static void read_dracut(struct lists *l)
{
	static const char vendor[] = "/usr/lib/dracut/dracut.conf.d",
			  own[] = "/etc/dracut.conf.d";
	const struct snapshot *s = l->f->snap;
	const struct snap_file **files = NULL;
	size_t n = 0;

	read_file(l, "/etc/dracut.conf", dracut_variables, true);
	for (size_t i = 0; i < s->files.n; i++) {
		const struct snap_file *file = &s->files.v[i];
		const char *path = file->path;

		if (!text_ends(path, ".conf") ||
			!(config_in_dir(path, own) ||
				(config_in_dir(path, vendor) &&
					!config_file(l->f,
						arena_printf(l->f->arena, "%s/%s", own,
							config_basename(path))))))
			continue;
		*arena_push(l->f->arena, files, n) = file;
	}
	if (n)
		qsort(files, n, sizeof *files, name_compare);
	for (size_t i = 0; i < n; i++)
		read_shell(l, files[i], dracut_variables);
}

static void read_all(struct facts *f, struct config *c)
{
	struct lists l = { .f = f };

	read_dir(&l, "/usr/lib/modules-load.d", ".conf", NULL, false);
	read_dir(&l, "/run/modules-load.d", ".conf", NULL, false);
	read_dir(&l, "/etc/modules-load.d", ".conf", NULL, false);
	read_file(&l, "/etc/modules", NULL, false);
	read_file(&l, "/etc/initramfs-tools/modules", NULL, true);
	read_dir(&l, "/usr/share/initramfs-tools/modules.d", "", NULL, true);
	read_dracut(&l);
	read_file(&l, "/etc/booster.yaml", booster_variables, true);
	read_file(&l, "/etc/mkinitcpio.conf", mkinitcpio_variables, true);
	read_dir(&l, "/etc/mkinitcpio.conf.d", ".conf", mkinitcpio_variables, true);
	c->lists = l.v;
	c->n_lists = l.n;
	c->lists_unread = l.unread;
}

const struct module_entry *config_mkinitcpio(
	struct facts *f, const char *variable, size_t *ret_n)
{
	const struct variable variables[] = { { .name = variable }, { .name = NULL } };
	struct lists l = { .f = f };

	read_file(&l, "/etc/mkinitcpio.conf", variables, true);
	read_dir(&l, "/etc/mkinitcpio.conf.d", ".conf", variables, true);
	*ret_n = l.n;
	return l.v;
}

const struct module_entry *config_module_lists(struct facts *f, size_t *ret_n)
{
	struct config *c = config_of(f);

	if (!c->lists_done) {
		c->lists_done = true;
		/* In a container the files say nothing of the host that the devices
		 * belong to */
		if (!config_is_foreign(f))
			read_all(f, c);
	}
	*ret_n = c->n_lists;
	return c->lists;
}

bool config_lists_known(struct facts *f)
{
	size_t n;

	config_module_lists(f, &n);
	return !config_of(f)->lists_unread;
}
