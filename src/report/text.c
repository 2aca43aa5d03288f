// SPDX-License-Identifier: GPL-2.0-or-later
// The report for a terminal: answer, cause, what to type, then checklist and devices.
#include <assert.h>

#include "base/columns.h"
#include "report/monitored.h"
#include "report/report.h"
#include "report/sections.h"

static void write_problems(const struct report_model *m, const struct page *p)
{
	struct page inner = *p;

	inner.indent = 2;
	for (size_t i = 0; i < m->n_problems; i++) {
		if (i == 0 && m->n_blockers)
			page_heading(p,
				m->j->facts->has_targets
					? "Fix first"
					: "To fix before a device can be handed over");
		else if (i == m->n_blockers)
			page_heading(p, m->n_blockers ? "Then" : "To fix");
		section_problem(m, &m->problems[i], &inner, true);
	}
}

static void write_section(const struct report_model *m, const struct page *p,
	const char *title,
	void (*section)(const struct report_model *, const struct page *))
{
	struct strbuf b = { 0 };
	struct page inner = {
		.out = &b, .width = p->width, .colour = p->colour, .indent = 2
	};

	section(m, &inner);
	if (b.len) {
		page_heading(p, title);
		strbuf_add(p->out, strbuf_text(&b));
	}
	strbuf_free(&b);
}

void report_text(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct report_model *m = model_new(j);
	struct strbuf b = { 0 };
	size_t width = page_width(options);

	m->since = options->since;

	struct page page = { .out = &b, .width = width, .colour = options->colour };

	section_machine(m, &page);
	write_section(m, &page, "Can a device be handed to a guest?", section_answers);
	write_problems(m, &page);
	write_section(m, &page, "Since the baseline", section_baseline);
	write_section(m, &page, "Waived", section_waived);
	write_section(m, &page, "Good to know", section_remarks);
	write_section(m, &page, "Prerequisites", section_checks);
	write_section(m, &page, "Devices", section_devices);
	write_section(m, &page, "Not seen", section_unseen);
	strbuf_add_char(&b, '\n');
	text_wrap(&b, arena_printf(m->arena, "%s  More: %s", m->summary, m->more), 0, 0,
		width);
	/* Escape sequences come from paint() and from nowhere else. */
	assert(options->colour || text_is_clean(strbuf_text(&b), b.len));
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
	model_free(m);
}
