// SPDX-License-Identifier: GPL-2.0-or-later
// The report for forums and trackers: one tree, written as CommonMark or as an HTML page.
#include "report/cmarktree.h"
#include "report/monitored.h"
#include "report/report.h"
#include "report/sections.h"

enum {
	CODE_WIDTH = 78,   /* fits the code boxes of forums, and mail */
	MOST_PROBLEMS = 6, /* more would not fit two screens */
};

typedef void section_function(const struct report_model *m, const struct page *p);

static void add_section(struct doc *d, const struct report_model *m, const char *title,
	section_function *section)
{
	struct strbuf b = { 0 };
	struct page page = {
		.out = &b, .width = CODE_WIDTH, .brief = true, .whole_lines = true
	};

	section(m, &page);
	if (b.len) {
		if (title)
			doc_heading(d, 3, title);
		doc_code(d, strbuf_text(&b));
	}
	strbuf_free(&b);
}

static void add_problem(
	struct doc *d, const struct report_model *m, const struct problem *problem)
{
	struct strbuf b = { 0 };
	struct page page = {
		.out = &b, .width = CODE_WIDTH, .brief = true, .whole_lines = true
	};

	doc_paragraph(d,
		(struct run[]){
			{ RUN_STRONG,
				arena_printf(m->arena, "(%zu) %s", problem->number,
					problem->rule->title) },
		},
		1);
	section_problem(m, problem, &page, false);
	doc_code(d, strbuf_text(&b));
	strbuf_free(&b);
}

static void add_problems(struct doc *d, const struct report_model *m)
{
	for (size_t i = 0; i < m->n_problems && i < MOST_PROBLEMS; i++) {
		if (i == 0 && m->n_blockers)
			doc_heading(d, 3,
				m->j->facts->has_targets
					? "Fix first"
					: "To fix before a device can be handed over");
		else if (i == m->n_blockers)
			doc_heading(d, 3, m->n_blockers ? "Then" : "To fix");
		add_problem(d, m, &m->problems[i]);
	}
	if (m->n_problems > MOST_PROBLEMS)
		doc_paragraph(d,
			(struct run[]){
				{ RUN_TEXT,
					arena_printf(m->arena, "And %zu more:",
						m->n_problems - MOST_PROBLEMS) },
				{ RUN_CODE, "vfio-doctor --format json" },
			},
			2);
}

static void add_machine(struct doc *d, const struct report_model *m)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < m->n_machine; i++)
		strbuf_addf(&b, "%s%s", i ? " · " : "", m->machine[i]);
	doc_paragraph(d,
		(struct run[]){
			{ RUN_STRONG, "vfio-doctor " VFIO_DOCTOR_VERSION },
			{ RUN_CODE, strbuf_text(&b) },
		},
		2);
	strbuf_free(&b);
}

/* Two tables in one box save a heading and a frame. */
static void section_machine_state(const struct report_model *m, const struct page *p)
{
	section_checks(m, p);
	strbuf_add_char(p->out, '\n');
	section_devices(m, p);
}

static struct doc *build_doc(struct report_model *m, const struct report_options *options)
{
	struct doc *d = doc_new();

	m->since = options->since;

	add_machine(d, m);
	add_section(d, m, "Can a device be handed to a guest?", section_answers);
	add_problems(d, m);
	add_section(d, m, "Since the baseline", section_baseline);
	add_section(d, m, "Waived", section_waived);
	add_section(d, m, "Good to know", section_remarks);
	add_section(d, m, "Prerequisites and devices", section_machine_state);
	add_section(d, m, "Not seen", section_unseen);
	doc_paragraph(d,
		(struct run[]){
			{ RUN_TEXT, m->summary },
			{ RUN_TEXT, "More:" },
			{ RUN_CODE, m->more },
		},
		3);
	return d;
}

void report_markdown(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct report_model *m = model_new(j);
	struct doc *d = build_doc(m, options);

	fputs(doc_commonmark(d, m->arena), out);
	doc_free(d);
	model_free(m);
}

/* Readable on a phone and in the dark; nothing is loaded from anywhere, nothing runs. */
static const char page_head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" "
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>vfio-doctor report</title>\n"
	"<style>\n"
	":root { color-scheme: light dark; --box: #f3f3f3; --line: #ccc; }\n"
	"@media (prefers-color-scheme: dark) { :root { --box: #262626; --line: #555; } }\n"
	"body { max-width: 52rem; margin: 1rem auto; padding: 0 1rem;\n"
	"  font: 1rem/1.5 system-ui, sans-serif; }\n"
	"h3 { margin: 1.5rem 0 0.5rem; }\n"
	"pre { padding: 0.75rem; overflow-x: auto; border: 1px solid var(--line);\n"
	"  border-radius: 4px; background: var(--box); font-size: 0.85rem; line-height: 1.4; }\n"
	"code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }\n"
	"pre code { overflow-wrap: normal; }\n"
	"</style>\n"
	"</head>\n"
	"<body>\n";

void report_html(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct report_model *m = model_new(j);
	struct doc *d = build_doc(m, options);

	fputs(page_head, out);
	fputs(doc_html(d, m->arena), out);
	fputs("</body>\n</html>\n", out);
	doc_free(d);
	model_free(m);
}
