// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of modules that something loads at boot: of the system and of the initramfs
// tools.
#include <string.h>

#include "base/text.h"
#include "facts/config.h"

struct lists {
	struct facts *f;
	struct module_entry *v;
	size_t n;
	size_t own; /* index of the first entry of a list that a later `=` replaces */
	bool unread;
};

struct variable {
	const char *name;
	bool early;
};

/* dracut.conf(5): force_drivers are loaded by rd.driver.pre, add_drivers only copied. */
static const struct variable dracut_variables[] = {
	{ "force_drivers", true },
	{ "add_drivers", false },
	{ "drivers", false },
	{ NULL, false },
};
/* mkinitcpio.conf(5): "modules which will be loaded before any boot hooks are run" */
static const struct variable mkinitcpio_variables[] = {
	{ "MODULES", true },
	{ NULL, false },
};
/* https://github.com/anatol/booster/blob/master/docs/manpage.md */
static const struct variable booster_variables[] = {
	{ "modules_force_load", true },
	{ "modules", false },
	{ NULL, false },
};

static void add_entry(struct lists *l, const char *path, size_t line, const char *text,
	const char *name, size_t n, bool early, bool initramfs)
{
	struct arena *a = l->f->arena;

	*arena_push(a, l->v, l->n) = (struct module_entry){
		.module = config_module_name(a, name, n),
		.where = arena_printf(a, "%s:%zu", path, line),
		.text = text_trim(a, text),
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
			add_entry(l, file->path, number, line, name, n_name, initramfs,
				initramfs);
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

/* The words of a shell value: `"a b"`, `(a b)` over several lines, `a,b`. */
static void read_value(struct lists *l, const struct snap_file *file, size_t number,
	const char *text, const char *p, bool early)
{
	const char *end = "\n#";

	p += strspn(p, " \t");
	if (*p == '(')
		end = ")";
	else if (*p == '"')
		end = "\"";
	else if (*p == '\'')
		end = "'";
	p += end[0] != '\n';
	while (*p && !strchr(end, *p)) {
		size_t n = strcspn(p, " \t\n,)(\"'#");

		if (n)
			add_entry(l, file->path, number, text, p, n, early, true);
		p += n;
		if (*p == '#') /* a comment within an array */
			p += strcspn(p, "\n");
		else if (*p && !strchr(end, *p))
			p++;
	}
}

static void read_shell(struct lists *l, const struct snap_file *file,
	const struct variable *variables, bool replaces)
{
	const char *p = config_text(file);

	l->unread |= file->text.have == HAVE_NOT;
	for (size_t number = 1; *p; number++) {
		size_t n = strcspn(p, "\n");
		const char *value;
		bool append;

		for (const struct variable *v = variables; v->name; v++) {
			if (!is_assignment(p, v->name, &value, &append))
				continue;
			if (replaces && !append)
				l->n = l->own;
			read_value(l, file, number, arena_strndup(l->f->arena, p, n),
				value, v->early);
			break;
		}
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
			read_shell(l, file, variables, variables == mkinitcpio_variables);
		else
			read_plain(l, file, initramfs);
	}
}

static void read_file(struct lists *l, const char *path, const struct variable *variables,
	bool initramfs)
{
	const struct snap_file *file = config_file(l->f, path);

	if (file && variables)
		read_shell(l, file, variables, variables == mkinitcpio_variables);
	else if (file)
		read_plain(l, file, initramfs);
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
	read_file(&l, "/etc/dracut.conf", dracut_variables, true);
	read_dir(&l, "/usr/lib/dracut/dracut.conf.d", ".conf", dracut_variables, true);
	read_dir(&l, "/etc/dracut.conf.d", ".conf", dracut_variables, true);
	read_file(&l, "/etc/booster.yaml", booster_variables, true);
	l.own = l.n;
	read_file(&l, "/etc/mkinitcpio.conf", mkinitcpio_variables, true);
	read_dir(&l, "/etc/mkinitcpio.conf.d", ".conf", mkinitcpio_variables, true);
	c->lists = l.v;
	c->n_lists = l.n;
	c->lists_unread = l.unread;
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
