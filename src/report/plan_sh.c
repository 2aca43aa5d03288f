// SPDX-License-Identifier: GPL-2.0-or-later
// A plan as a commented shell script: to read and to copy from, not to pipe into a shell.
#include "base/columns.h"
#include "report/plan_report.h"

enum { WIDTH = 78 };

static void comment(struct strbuf *b, const char *prefix, const char *text)
{
	struct strbuf wrapped = { 0 };

	strbuf_addf(b, "# %s", prefix);
	text_wrap(&wrapped, text, text_width(prefix) + 2, 0, WIDTH);
	for (const char *p = strbuf_text(&wrapped); *p; p++) {
		strbuf_add_char(b, *p);
		if (*p == '\n' && p[1])
			strbuf_add(b, "#   ");
	}
	strbuf_free(&wrapped);
}

/* In single quotes nothing has a meaning but the quote itself. */
static const char *quoted(struct arena *a, const char *text)
{
	struct strbuf b = { 0 };

	strbuf_add_char(&b, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			strbuf_add(&b, "'\\''");
		else
			strbuf_add_char(&b, *p);
	}
	strbuf_add_char(&b, '\'');
	return strbuf_finish(&b, a);
}

/* The replacement of sed's `c` command: a backslash and a line feed need one in front. */
static const char *sed_text(struct arena *a, const char *text)
{
	struct strbuf b = { 0 };

	for (const char *p = text; *p; p++) {
		if (*p == '\\' || *p == '\n')
			strbuf_add_char(&b, '\\');
		strbuf_add_char(&b, *p);
	}
	return strbuf_finish(&b, a);
}

/* What is to be done with one line, in the language of sed. */
static const char *sed_command(struct arena *a, const struct file_edit *e)
{
	return e->text ? arena_printf(a, "%zuc\\\n%s", e->line, sed_text(a, e->text))
		       : arena_printf(a, "%zud", e->line);
}

/* The edits of lines of one file from I on, in one run of sed: it counts lines as the file
 * stands, and its copy is of the file as it was. Returns where the next one begins. */
static size_t put_line_edits(
	struct arena *a, struct strbuf *b, const struct file_edits *edits, size_t i)
{
	const char *path = edits->v[i].path;
	size_t end = i;

	for (; end < edits->n && edits->v[end].line &&
		text_equal(edits->v[end].path, path);
		end++)
		comment(b, arena_printf(a, "line %zu of %s: ", edits->v[end].line, path),
			text_flatten(a, edits->v[end].old));
	strbuf_add(b, "sed -i.bak");
	for (; i < end; i++)
		strbuf_addf(b, " -e %s", quoted(a, sed_command(a, &edits->v[i])));
	strbuf_addf(b, " %s\n", quoted(a, path));
	return end;
}

static void put_edits(struct arena *a, struct strbuf *b, const struct file_edits *edits)
{
	for (size_t i = 0; i < edits->n;) {
		const struct file_edit *e = &edits->v[i];

		if (e->line) {
			i = put_line_edits(a, b, edits, i);
			continue;
		}
		strbuf_addf(b, "printf '%s%%s\\n' %s >> %s\n", e->unended ? "\\n" : "",
			quoted(a, e->text), quoted(a, e->path));
		i++;
	}
}

static void put_step(const struct plan *p, size_t i, struct strbuf *b)
{
	struct arena *a = p->arena;
	const struct plan_step *s = &p->steps[i];

	strbuf_addf(b, "\n# %zu. %s\n", i + 1, plan_kind_title(s->kind));
	for (size_t k = 0; k < s->why.n; k++)
		comment(b, "why: ", text_flatten(a, s->why.s[k]));
	for (size_t k = 0; k < s->cautions.n; k++)
		comment(b, "mind: ", s->cautions.s[k]);
	for (size_t k = 0; k < s->leave.n; k++)
		comment(b, "leave: ", s->leave.s[k]);
	put_edits(a, b, &s->edits);
	for (size_t k = 0; k < s->say.n; k++)
		comment(b, s->say.v[k].verbatim ? "    " : "",
			text_flatten(a, s->say.v[k].text));
	for (size_t k = 0; k < s->commands.n; k++)
		strbuf_addf(b, "%s\n", s->commands.s[k]);
}

void plan_sh(const struct plan *p, const struct report_options *options, FILE *out)
{
	struct strbuf b = { 0 };

	(void)options;
	strbuf_add(&b, "#!/bin/sh\n");
	comment(&b, "",
		"What to do so that the functions below go to a guest. Read it, and run it "
		"piece by piece as root: it stops here on purpose.");
	for (size_t i = 0; i < p->n_functions; i++)
		comment(&b, "  ", fn_describe(p->j->facts, p->functions[i]));
	for (size_t i = 0; i < p->general.n; i++)
		comment(&b, "", p->general.s[i]);
	strbuf_add(
		&b, "echo 'read this script, and run its pieces by hand' >&2\nexit 1\n");
	for (size_t i = 0; i < p->n_steps; i++)
		put_step(p, i, &b);
	for (size_t i = 0; i < p->n_guests; i++) {
		const struct guest_lines *g = &p->guests[i];

		strbuf_add_char(&b, '\n');
		comment(&b, "", arena_printf(p->arena, "%s, %s:", g->manager, g->where));
		for (size_t k = 0; k < g->lines.n; k++)
			strbuf_addf(&b, "#   %s\n", g->lines.s[k]);
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
}
