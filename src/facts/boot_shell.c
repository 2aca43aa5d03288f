// SPDX-License-Identifier: GPL-2.0-or-later
// Assignments of shell variables in the defaults of boot loaders, as a shell would read
// them.
#include <string.h>

#include "base/text.h"
#include "facts/boot_shell.h"
#include "facts/config.h"
#include "snapshot/redact.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_';
}

/* Length of a name at P; limine's `KERNEL_CMDLINE[default]` has an index. 0: none. */
static size_t name_length(const char *p)
{
	size_t n = 0, close;

	while (is_name_char(p[n]))
		n++;
	if (!n || (p[0] >= '0' && p[0] <= '9') || p[n] != '[')
		return p[0] >= '0' && p[0] <= '9' ? 0 : n;
	close = strcspn(p + n, "]\n");
	return p[n + close] == ']' ? n + close + 1 : n;
}

const struct shell_variable *shell_find(const struct shell *sh, const char *name)
{
	for (size_t i = sh->n; i-- > 0;) {
		if (!sh->v[i].name) /* anything may have happened to it */
			return &sh->v[i];
		if (!strcmp(sh->v[i].name, name))
			return &sh->v[i];
	}
	return NULL;
}

/* `$NAME`, `${NAME}` at P; false for any other expansion and where the value is open. */
static bool expand(struct shell *sh, const char **p, struct strbuf *b)
{
	bool brace = (*p)[1] == '{';
	const char *start = *p + 1 + brace;
	size_t n = 0;
	const struct shell_variable *v;

	while (is_name_char(start[n]))
		n++;
	if (!n || (brace && start[n] != '}'))
		return false;
	v = shell_find(sh, arena_strndup(sh->f->arena, start, n));
	if (!v || v->undecided)
		return false; /* it may come from the environment */
	strbuf_add(b, v->value);
	*p = start + n + brace;
	return true;
}

/* One value, in quotes or not, perhaps over several lines; false where only a shell could
 * tell. *P is then behind it. */
static bool read_value(struct shell *sh, const char **p, struct strbuf *b)
{
	char quote = 0;
	const char *s = *p;
	bool known = true;

	for (; *s && (quote || !strchr(" \t\n;", *s)); s++) {
		if (quote ? *s == quote : *s == '"' || *s == '\'') {
			quote = quote ? 0 : *s;
		} else if (quote == '\'') {
			strbuf_add_char(b, *s);
		} else if (*s == '\\' && s[1] && (!quote || strchr("\"\\$`\n", s[1]))) {
			if (*++s != '\n')
				strbuf_add_char(b, *s);
		} else if (*s == '$') {
			if (!expand(sh, &s, b))
				known = false;
			else
				s--;
		} else if (redact_token_length(s)) {
			/* `root=UUID=<uuid-1>`: where it stands there was a plain word */
			size_t n = redact_token_length(s);
			strbuf_add_mem(b, s, n);
			s += n - 1;
		} else {
			known &= *s != '`' && (quote || !strchr("()&|<>", *s));
			strbuf_add_char(b, *s);
		}
	}
	*p = s;
	return known && !quote;
}

static void assign(struct shell *sh, const char *name, bool append, const char *line,
	const char **p, const char *where)
{
	const struct shell_variable *old = append ? shell_find(sh, name) : NULL;
	struct arena *a = sh->f->arena;
	struct strbuf b = { 0 };
	struct shell_variable v = { .name = name, .append = append };

	strbuf_add(&b, old && old->value ? old->value : "");
	v.undecided = !read_value(sh, p, &b) || sh->depth || (old && old->undecided);
	v.value = strbuf_finish(&b, a);
	v.path = where;
	v.text = text_trim(a, arena_strndup(a, line, strcspn(line, "\n")));
	*arena_push(a, sh->v, sh->n) = v;
}

static bool is_word(const char *p, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(p, word, n) && !is_name_char(p[n]);
}

/* A statement that is no assignment: what stands inside `if` is open, and so is all that
 * a sourced file may set. */
static void read_statement(struct shell *sh, const char *p)
{
	static const char *const opens[] = { "if", "case", "for", "while", "until" };
	static const char *const closes[] = { "fi", "esac", "done" };
	size_t n = strcspn(p, "\n");
	const char *line = arena_strndup(sh->f->arena, p, n);

	for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++)
		sh->depth += is_word(p, opens[i]);
	for (size_t i = 0; i < sizeof closes / sizeof closes[0]; i++) {
		if (is_word(p, closes[i]) && sh->depth)
			sh->depth--;
	}
	if (text_starts(p, ". ") || is_word(p, "source") || strstr(line, "CMDLINE"))
		*arena_push(sh->f->arena, sh->v, sh->n) =
			(struct shell_variable){ .undecided = true, .value = "" };
}

void shell_read(struct shell *sh, const struct snap_file *file)
{
	const char *p = config_text(file);
	size_t number = 1;

	if (file->text.have != HAVE_VALUE)
		*arena_push(sh->f->arena, sh->v, sh->n) =
			(struct shell_variable){ .undecided = true, .value = "" };
	while (*p) {
		const char *line = p;
		size_t n;

		p += strspn(p, " \t");
		if (text_starts(p, "export "))
			p += strlen("export ");
		n = *p == '#' ? 0 : name_length(p);
		if (n && (p[n] == '=' || (p[n] == '+' && p[n + 1] == '='))) {
			const char *name = arena_strndup(sh->f->arena, p, n);
			bool append = p[n] == '+';

			p += n + append + 1;
			assign(sh, name, append, line, &p, file->path);
			sh->v[sh->n - 1].line = number;
		} else if (*p && *p != '#' && *p != '\n') {
			read_statement(sh, p);
		}
		p += strcspn(p, "\n");
		p += *p == '\n';
		for (; line < p; line++)
			number += *line == '\n';
	}
}

void shell_read_dir(struct shell *sh, const char *dir, const char *suffix)
{
	for (size_t i = 0; i < sh->f->snap->files.n; i++) {
		const struct snap_file *file = &sh->f->snap->files.v[i];

		if (config_in_dir(file->path, dir) && text_ends(file->path, suffix))
			shell_read(sh, file);
	}
}
