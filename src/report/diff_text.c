// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison for people: for a terminal, and as CommonMark for a forum.
#include "base/text.h"
#include "report/cmarktree.h"
#include "report/diff_report.h"

enum { CODE_WIDTH = 78 };

void diff_text(const struct diff *d, const struct report_options *options, FILE *out)
{
	struct strbuf b = { 0 };
	struct page page = { .out = &b,
		.width = page_width(options),
		.colour = options->colour,
		.indent = 2 };
	enum tone tone = d->trend == TREND_WORSE ? TONE_BAD : TONE_STRONG;

	paint(&b, options->colour, tone, diff_summary(d));
	strbuf_add_char(&b, '\n');
	for (size_t i = 0; i < n_diff_sections; i++) {
		struct strbuf body = { 0 };

		page.out = &body;
		diff_sections[i].write(d, &page);
		if (body.len) {
			page.out = &b;
			page_heading(&page, diff_sections[i].title);
			strbuf_add(&b, strbuf_text(&body));
		}
		strbuf_free(&body);
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
}

void diff_markdown(const struct diff *d, const struct report_options *options, FILE *out)
{
	struct doc *doc = doc_new();

	(void)options;
	doc_paragraph(doc,
		(struct run[]){
			{ RUN_STRONG, "vfio-doctor " VFIO_DOCTOR_VERSION },
			{ RUN_TEXT, diff_summary(d) },
		},
		2);
	for (size_t i = 0; i < n_diff_sections; i++) {
		struct strbuf body = { 0 };
		struct page page = { .out = &body, .width = CODE_WIDTH };

		diff_sections[i].write(d, &page);
		if (body.len) {
			doc_heading(doc, 3, diff_sections[i].title);
			doc_code(doc, strbuf_text(&body));
		}
		strbuf_free(&body);
	}
	fputs(doc_commonmark(doc, d->arena), out);
	doc_free(doc);
}

diff_function *diff_writer(const char *format)
{
	static const struct {
		const char *name;
		diff_function *write;
	} writers[] = {
		{ "text", diff_text },
		{ "json", diff_json },
		{ "markdown", diff_markdown },
	};

	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
		if (text_equal(writers[i].name, format))
			return writers[i].write;
	}
	return NULL;
}
