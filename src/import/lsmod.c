// SPDX-License-Identifier: GPL-2.0-or-later
// lsmod and /proc/modules, whole or through grep.
#include "import/lsmod.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/format.h"

enum { WHOLE_LEAST = 20 }; /* modules of a running machine */

bool module_line_read(struct snapshot *s, struct arena *scratch, const char *line)
{
	struct snap_module *m;
	size_t n;
	int64_t users;
	char **words = text_split(scratch, line, " ", &n);

	if (n < 3)
		return false;
	m = snap_list_add(s, &s->modules);
	m->name = arena_strdup(s->arena, words[0]);
	m->loaded = snap_bool_of(true);
	/* "-" where the kernel cannot unload and does not count. */
	m->users = text_to_int(words[2], &users) ? snap_int_of(users)
						 : (struct snap_int){ HAVE_NONE, 0 };
	return true;
}

static bool is_head(const char *text)
{
	return text_starts(text, "Module ") && strstr(text, "Size") &&
		strstr(text, "Used by");
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* `name  size  users …`: a name as modules have, a size of some pages. */
static bool is_line(const char *p)
{
	size_t name = strspn(
		p, "abcdefghijklmnopqrstuvwxyz0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *size = skip_blanks(p + name);
	size_t digits = strspn(size, "0123456789");
	const char *users = skip_blanks(size + digits);
	size_t n = strspn(users, "0123456789");

	if (*users == '-' && (users[1] == ' ' || !users[1]))
		n = 1;
	return name && size > p + name && digits >= 4 && digits <= 9 &&
		users > size + digits && n && n < 6 &&
		(!users[n] || users[n] == ' ' || users[n] == '\t') &&
		!(*p >= '0' && *p <= '9');
}

static size_t lsmod_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = is_head(v->text) ? 1 : 0;

	(void)im;
	if (taken && (n < 2 || !is_line(v[1].text)))
		return 0;
	while (taken < n && is_line(v[taken].text))
		taken++;
	return taken;
}

static void lsmod_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snapshot *s = im->snap;
	bool filtered = im->fresh && im->command.filtered;
	bool whole = is_head(v->text) && !filtered && n > WHOLE_LEAST;

	if (snapshot_status(s, SOURCE_MODULES) == STATUS_OK)
		return;
	for (size_t i = is_head(v->text) ? 1 : 0; i < n; i++) {
		char *line = arena_strdup(im->scratch, v[i].text);
		for (char *p = line; *p; p++)
			if (*p == '\t')
				*p = ' ';
		module_line_read(s, im->scratch, line);
	}
	snap_list_collected(&s->modules);
	import_source(im, SOURCE_MODULES, whole);
}

static int module_compare(const void *a, const void *b)
{
	const struct snap_module *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* A list that was pasted twice has each module twice. */
static void lsmod_finish(struct import *im)
{
	struct snapshot *s = im->snap;
	size_t kept = 0;

	if (s->modules.n)
		qsort(s->modules.v, s->modules.n, sizeof *s->modules.v, module_compare);
	for (size_t i = 0; i < s->modules.n; i++)
		if (!kept ||
			module_compare(&s->modules.v[kept - 1], &s->modules.v[i]) != 0)
			s->modules.v[kept++] = s->modules.v[i];
	s->modules.n = kept;
}

const struct format format_lsmod = {
	.name = "modules",
	.title = "loaded modules",
	.take = lsmod_take,
	.read = lsmod_read,
	.finish = lsmod_finish,
};
