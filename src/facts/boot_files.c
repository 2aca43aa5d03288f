// SPDX-License-Identifier: GPL-2.0-or-later
// Kernel words in the files of boot loaders: GRUB's defaults, entries, bare command
// lines.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/config.h"
#include "facts/loader.h"

/* A variable of GRUB's defaults as the shell would have it. */
struct variable {
	const char *name;
	const char *value; /* NULL: not set */
	bool undecided;    /* the shell would expand what this program does not */
	const char *path;  /* where it was set last */
};

/* Replaces `$NAME` and `${NAME}` by what it holds so far; false for any other expansion.
 */
static bool expand(struct facts *f, const struct variable *v, const char *s, size_t n,
	const char **ret)
{
	struct strbuf b = { 0 };
	size_t len = strlen(v->name);

	for (size_t i = 0; i < n; i++) {
		bool brace = i + 1 < n && s[i + 1] == '{';
		size_t at = i + 1 + brace;

		if (s[i] == '`' || s[i] == '\\') {
			strbuf_free(&b);
			return false;
		}
		if (s[i] != '$') {
			strbuf_add_char(&b, s[i]);
			continue;
		}
		if (at + len > n || strncmp(s + at, v->name, len) != 0 ||
			(brace ? s[at + len] != '}'
			       : at + len < n &&
						(s[at + len] == '_' ||
							(s[at + len] >= 'A' &&
								s[at + len] <= 'Z')))) {
			strbuf_free(&b);
			return false;
		}
		strbuf_add(&b, v->value ? v->value : "");
		i = at + len - 1 + brace;
	}
	*ret = strbuf_finish(&b, f->arena);
	return true;
}

/* One assignment, `NAME="…"` or `NAME+="…"`; P is behind the `=`. */
static void assign(
	struct facts *f, struct variable *v, const char *p, bool append, const char *path)
{
	char quote = *p == '"' || *p == '\'' ? *p : 0;
	const char *end, *value;

	p += quote != 0;
	end = quote ? strchr(p, quote) : p + strcspn(p, " \t\n#;");
	v->path = path;
	if (!end || memchr(p, '\n', (size_t)(end - p))) {
		v->undecided = true;
		return;
	}
	if (quote && end[1] && !strchr(" \t\n#;", end[1])) {
		v->undecided = true; /* "a"b: legal, and nobody means it */
		return;
	}
	if (quote == '\'')
		value = arena_strndup(f->arena, p, (size_t)(end - p));
	else if (!expand(f, v, p, (size_t)(end - p), &value)) {
		v->undecided = true;
		return;
	}
	if (append && v->value)
		value = arena_printf(f->arena, "%s%s", v->value, value);
	else if (!append && v->undecided && !strchr(p, '$'))
		v->undecided = false; /* a plain value replaces what could not be told */
	v->value = value;
}

static void read_variable(
	struct facts *f, struct variable *v, const struct snap_file *file)
{
	size_t n, len = strlen(v->name);
	const char *text = config_text(file);
	char **lines;

	if (file->text.have != HAVE_VALUE)
		v->undecided = true;
	lines = text_lines(f->arena, text, &n);
	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");
		bool append;

		if (text_starts(p, "export "))
			p += strlen("export ");
		if (strncmp(p, v->name, len) != 0)
			continue;
		append = p[len] == '+';
		if (p[len + append] == '=')
			assign(f, v, p + len + append + 1, append, file->path);
	}
}

/* grub-mkconfig sources the file, then on Debian and its kin /etc/default/grub.d/[*].cfg.
 */
static void read_grub_variable(struct facts *f, struct variable *v)
{
	const struct snap_file *file = config_file(f, "/etc/default/grub");

	if (file)
		read_variable(f, v, file);
	for (size_t i = 0; i < f->snap->files.n; i++) {
		file = &f->snap->files.v[i];
		if (config_in_dir(file->path, "/etc/default/grub.d") &&
			text_ends(file->path, ".cfg"))
			read_variable(f, v, file);
	}
}

static bool read_grub(struct facts *f, bool recovery, struct boot_words *ret)
{
	struct variable always = { .name = "GRUB_CMDLINE_LINUX" };
	struct variable usual = { .name = "GRUB_CMDLINE_LINUX_DEFAULT" };
	const char *text;

	read_grub_variable(f, &always);
	read_grub_variable(f, &usual);
	if (always.undecided || (!recovery && usual.undecided))
		return false;
	text = arena_printf(f->arena, "%s %s", always.value ? always.value : "",
		usual.value && !recovery ? usual.value : "");
	ret->path = usual.path && !recovery ? usual.path
		: always.path               ? always.path
					    : "/etc/default/grub";
	ret->words = cmdline_split(f->arena, text, &ret->n);
	return true;
}

/* The value of the line that begins with KEY and a blank. */
static const char *line_value(struct facts *f, const char *text, const char *key)
{
	size_t n, len = strlen(key);
	char **lines = text_lines(f->arena, text, &n);
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");

		/* `options` may stand more than once: all count */
		if (!strncmp(p, key, len) && (p[len] == ' ' || p[len] == '\t'))
			strbuf_addf(&b, "%s ", p + len + 1);
	}
	return b.len ? strbuf_finish(&b, f->arena) : NULL;
}

bool boot_words_read(
	struct facts *f, const char *path, bool recovery, struct boot_words *ret)
{
	const struct snap_file *file = config_file(f, path);
	const char *text = config_text(file);

	if (!file || file->text.have != HAVE_VALUE)
		return false;
	if (!strcmp(path, "/etc/default/grub"))
		return read_grub(f, recovery, ret);
	if (strstr(path, "/loader/entries/"))
		text = line_value(f, text, "options");
	else if (!strcmp(path, "/etc/kernel/cmdline"))
		text = text_trim(f->arena, text);
	else
		return false;
	if (!text || strchr(text, '$')) /* `options $kernelopts`: from grubenv */
		return false;
	ret->path = path;
	ret->words = cmdline_split(f->arena, text, &ret->n);
	return true;
}
