// SPDX-License-Identifier: GPL-2.0-or-later
// Look-up of configuration files, and what counts as "all of them were seen".
#include <string.h>

#include "base/text.h"
#include "facts/config.h"

struct config *config_of(struct facts *f)
{
	if (!f->config)
		f->config = arena_new_object(f->arena, struct config);
	return f->config;
}

bool config_is_foreign(const struct facts *f)
{
	enum have container = f->snap->host.container.have;

	return container == HAVE_VALUE ||
		(container == HAVE_NOT && text_equal(f->snap->origin.kind, "live"));
}

bool config_known(const struct facts *f, enum source source)
{
	enum source_status status = snapshot_status(f->snap, source);

	if (config_is_foreign(f))
		return false;
	return f->snap->files.have != HAVE_NOT &&
		(status == STATUS_OK || status == STATUS_ABSENT);
}

const struct snap_file *config_file(const struct facts *f, const char *path)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		if (text_equal(f->snap->files.v[i].path, path))
			return &f->snap->files.v[i];
	}
	return NULL;
}

const char *config_text(const struct snap_file *file)
{
	const char *s = file ? snap_str(file->text) : NULL;

	return s ? s : "";
}

const char *config_line_with(
	struct facts *f, const struct snap_file *file, const char *word)
{
	const char *text = config_text(file), *at = strstr(text, word), *start = at;

	if (!at || !*word)
		return NULL;
	while (start > text && start[-1] != '\n')
		start--;
	return text_trim(f->arena, arena_strndup(f->arena, start, strcspn(start, "\n")));
}

const char *config_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool config_in_dir(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return !strncmp(path, dir, n) && path[n] == '/' && path[n + 1] &&
		!strchr(path + n + 1, '/');
}

static char dash_folded(char c)
{
	return c == '-' ? '_' : c;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool config_names_module(const char *text, const char *module)
{
	size_t n = strlen(module);

	for (const char *p = text; *p; p++) {
		size_t i = 0;

		if (p > text && is_name_char(p[-1]))
			continue;
		while (i < n && dash_folded(p[i]) == dash_folded(module[i]))
			i++;
		if (i == n && !is_name_char(p[n]))
			return true;
	}
	return false;
}

const char *config_module_name(struct arena *a, const char *name, size_t n)
{
	char *s = arena_strndup(a, name, n);

	for (char *p = s; *p; p++)
		*p = dash_folded(*p);
	return s;
}
