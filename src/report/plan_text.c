// SPDX-License-Identifier: GPL-2.0-or-later
// A plan for people: for a terminal, and as CommonMark for a forum.
#include "base/columns.h"
#include "report/cmarktree.h"
#include "report/model.h"
#include "report/plan_report.h"
#include "report/sections.h"

enum { CODE_WIDTH = 78, LABEL = 7 };

static void put_edit(
	const struct plan *p, const struct file_edit *e, const struct page *page)
{
	struct arena *a = p->arena;

	if (e->is_new)
		page_line(page, 0, arena_printf(a, "new file %s:", e->path));
	else if (!e->line)
		page_line(page, 0, arena_printf(a, "at the end of %s:", e->path));
	else if (!e->text)
		page_line(page, 0,
			arena_printf(a, "take line %zu out of %s:", e->line, e->path));
	else
		page_line(page, 0,
			arena_printf(a, "line %zu of %s becomes:", e->line, e->path));
	page_typed(page, 2, e->text ? e->text : e->old);
}

static void put_step(
	const struct plan *p, const struct plan_step *s, const struct page *page)
{
	for (size_t i = 0; i < s->edits.n; i++)
		put_edit(p, &s->edits.v[i], page);
	for (size_t i = 0; i < s->say.n; i++) {
		if (s->say.v[i].verbatim)
			page_typed(page, 2, s->say.v[i].text);
		else
			page_line(page, 0, s->say.v[i].text);
	}
	for (size_t i = 0; i < s->commands.n; i++)
		page_typed(page, 2, arena_printf(p->arena, "sudo %s", s->commands.s[i]));
	for (size_t i = 0; i < s->leave.n; i++)
		page_labelled(page, 0, TONE_FAINT, "leave", LABEL, s->leave.s[i]);
	for (size_t i = 0; i < s->why.n; i++)
		page_labelled(page, 0, TONE_FAINT, "why", LABEL,
			text_flatten(p->arena, s->why.s[i]));
	for (size_t i = 0; i < s->cautions.n; i++)
		page_labelled(page, 0, TONE_WARN, "mind", LABEL, s->cautions.s[i]);
}

/* "Debian GNU/Linux 12, GRUB, initramfs-tools" */
static const char *system_line(const struct plan *p)
{
	const struct snap_host *host = &p->j->facts->snap->host;
	const char *name = snap_str(host->os_name);
	struct strbuf b = { 0 };

	strbuf_add(&b, name ? name : "a system whose distribution is not known");
	const char *loader = machine_loader(p->system.loader);

	if (loader)
		strbuf_addf(&b, ", %s", loader);
	if (p->system.initramfs)
		strbuf_addf(&b, ", %s", p->system.initramfs);
	return strbuf_finish(&b, p->arena);
}

static void put_functions(const struct plan *p, const struct page *page)
{
	for (size_t i = 0; i < p->n_functions; i++)
		page_line(page, 0, fn_describe(p->j->facts, p->functions[i]));
}

static const char *heading_of(const struct plan *p, size_t i)
{
	return arena_printf(
		p->arena, "%zu. %s", i + 1, plan_kind_title(p->steps[i].kind));
}

static void put_notes(const struct plan *p, const struct page *page)
{
	for (size_t i = 0; i < p->general.n; i++)
		page_line(page, 0, p->general.s[i]);
	for (size_t i = 0; i < p->open.n; i++)
		page_line(page, 0,
			arena_printf(p->arena,
				"Not decided: \"%s\". vfio-doctor --guest says "
				"what would decide it.",
				p->open.s[i]));
	if (!plan_has_work(p))
		page_line(page, 0, "There is nothing to configure on this host.");
}

void plan_text(const struct plan *p, const struct report_options *options, FILE *out)
{
	struct strbuf b = { 0 };
	struct page page = { .out = &b,
		.width = page_width(options),
		.colour = options->colour,
		.indent = 2 };

	paint(&b, options->colour, TONE_STRONG,
		"What to do, so that these go to a guest:");
	strbuf_add_char(&b, '\n');
	put_functions(p, &page);
	page_line(&page, 0, arena_printf(p->arena, "on %s", system_line(p)));
	put_notes(p, &page);
	for (size_t i = 0; i < p->n_steps; i++) {
		page_heading(&page, heading_of(p, i));
		put_step(p, &p->steps[i], &page);
	}
	page_heading(&page, "Then, in the guest's configuration");
	for (size_t i = 0; i < p->n_guests; i++) {
		page_line(&page, 0,
			arena_printf(p->arena, "%s, %s:", p->guests[i].manager,
				p->guests[i].where));
		for (size_t k = 0; k < p->guests[i].lines.n; k++)
			page_typed(&page, 2, p->guests[i].lines.s[k]);
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
}

static void add_box(struct doc *d, const struct strbuf *b)
{
	doc_code(d, strbuf_text(b));
}

static void add_lines(struct doc *d, const struct plan *p, const struct guest_lines *g)
{
	struct strbuf b = { 0 };

	for (size_t k = 0; k < g->lines.n; k++)
		strbuf_addf(&b, "%s\n", g->lines.s[k]);
	doc_paragraph(d,
		(struct run[]){ { RUN_TEXT,
			arena_printf(p->arena, "%s, %s:", g->manager, g->where) } },
		1);
	add_box(d, &b);
	strbuf_free(&b);
}

void plan_markdown(const struct plan *p, const struct report_options *options, FILE *out)
{
	struct doc *d = doc_new();
	struct strbuf b = { 0 };
	struct page page = { .out = &b, .width = CODE_WIDTH };

	(void)options;
	doc_paragraph(d,
		(struct run[]){ { RUN_STRONG, "vfio-doctor " VFIO_DOCTOR_VERSION },
			{ RUN_TEXT, "What to do, so that these go to a guest, on" },
			{ RUN_CODE, system_line(p) } },
		3);
	put_functions(p, &page);
	put_notes(p, &page);
	add_box(d, &b);
	for (size_t i = 0; i < p->n_steps; i++) {
		strbuf_truncate(&b, 0);
		put_step(p, &p->steps[i], &page);
		doc_heading(d, 3, heading_of(p, i));
		add_box(d, &b);
	}
	doc_heading(d, 3, "Then, in the guest's configuration");
	for (size_t i = 0; i < p->n_guests; i++)
		add_lines(d, p, &p->guests[i]);
	fputs(doc_commonmark(d, p->arena), out);
	strbuf_free(&b);
	doc_free(d);
}

plan_function *plan_writer(const char *format)
{
	static const struct {
		const char *name;
		plan_function *write;
	} writers[] = {
		{ "text", plan_text },
		{ "markdown", plan_markdown },
		{ "json", plan_json },
		{ "sh", plan_sh },
	};

	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
		if (text_equal(writers[i].name, format))
			return writers[i].write;
	return NULL;
}
