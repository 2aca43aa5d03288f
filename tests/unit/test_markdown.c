// SPDX-License-Identifier: GPL-2.0-or-later
// The Markdown and HTML reports: round trip, and no text of the host becomes markup.
#include <stdlib.h>

#include "report/cmarktree.h"
#include "report/report.h"
#include "sample_judgement.h"
#include "tap.h"

/* What has broken out of a code span or block elsewhere. */
static const char *const hostile[] = {
	"```\n# heading",
	"~~~\nswallowed",
	"a\n\n# heading\n",
	"`",
	"``` `` `",
	" ` ",
	"</code></pre><script>alert(1)</script>",
	"\xff\xfe then text",
	"\033[31mred",
	"[/code] [url=http://x]y[/url]",
	"| a | b |",
	"    indented",
	"- item\n- item",
	"\t\ttabs\t",
	"\xe2\x80\xae reversed",
	"@name #12 http://example.org",
};
enum { N_HOSTILE = sizeof hostile / sizeof hostile[0] };

static const char *render_hostile(struct arena *a, const char *text, bool as_code)
{
	struct doc *d = doc_new();

	doc_heading(d, 3, "Heading");
	if (as_code)
		doc_paragraph(d,
			(struct run[]){ { RUN_TEXT, "before" }, { RUN_CODE, text },
				{ RUN_TEXT, "after" } },
			3);
	else
		doc_code(d, text);
	doc_paragraph(d, (struct run[]){ { RUN_STRONG, "the end" } }, 1);
	const char *out = doc_commonmark(d, a);
	doc_free(d);
	return out;
}

/* Of one document: number of blocks, and the last one. */
static void check_document(struct arena *a, const char *markdown, size_t want_blocks)
{
	size_t n;
	struct block *blocks = markdown_blocks(a, markdown, &n);

	is_str(commonmark_again(a, markdown), markdown);
	is_int(n, want_blocks);
	is_str(blocks[n - 1].text, "the end");
	is_str(blocks[0].text, "Heading");
	ok(text_is_clean(markdown, strlen(markdown)));
}

TEST(hostile_text_stays_inside_its_code)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < N_HOSTILE; i++) {
		check_document(a, render_hostile(a, hostile[i], true), 3);
		check_document(a, render_hostile(a, hostile[i], false), 3);
	}
	arena_free(a);
}

/* A small generator: the same sequence everywhere. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

TEST(random_text_stays_inside_its_code)
{
	static const char alphabet[] = "`~#*_[]()<>!|\\-+=.:&;\n\n  \t1aÄ\xff";
	struct arena *a = arena_new();
	uint32_t state = 1;

	for (int round = 0; round < 3000; round++) {
		char text[24];
		size_t n = 1 + next_random(&state) % (sizeof text - 2);
		text[0] = 'x'; /* not blank: that would be left out */
		for (size_t i = 1; i < n; i++)
			text[i] = alphabet[next_random(&state) % (sizeof alphabet - 1)];
		text[n] = '\0';
		check_document(a, render_hostile(a, text, true), 3);
		check_document(a, render_hostile(a, text, false), 3);
	}
	arena_free(a);
}

TEST(nothing_is_left_of_what_is_empty)
{
	struct arena *a = arena_new();
	struct doc *d = doc_new();

	doc_code(d, "");
	doc_code(d, " \n\n");
	doc_paragraph(d, (struct run[]){ { RUN_CODE, "" }, { RUN_TEXT, "  " } }, 2);
	size_t n;
	markdown_blocks(a, doc_commonmark(d, a), &n);
	is_int(n, 0);
	doc_free(d);
	arena_free(a);
}

static char *written(struct sample *s, const char *format)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	report_format_by_name(format)->write(
		&s->j, &(struct report_options){ .width = 80, .colour = false }, out);
	fclose(out);
	return text;
}

TEST(a_report_comes_back_as_it_went)
{
	struct arena *a = arena_new();
	struct sample s;

	sample_make(&s);
	char *text = written(&s, "markdown");
	is_str(commonmark_again(a, text), text);
	ok(strstr(text, "### Fix first"));
	ok(strstr(text, "**(1) The firmware's IVRS table omits an I/O APIC**"));
	/* What is to be typed stands on one line. */
	ok(strstr(text,
		"GRUB_CMDLINE_LINUX_DEFAULT=\"… ivrs_ioapic[9]=00:14.0 "
		"ivrs_ioapic[10]=00:00.1\"\n"));
	free(text);
	sample_free(&s);
	arena_free(a);
}

TEST(hostile_findings_do_not_break_a_report)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < N_HOSTILE; i++) {
		struct sample s;
		size_t n;
		sample_make(&s);
		const char *text =
			text_clean(s.facts->arena, hostile[i], strlen(hostile[i]));
		s.findings[0].message = text;
		s.findings[3].message = text;
		sample_saw(s.facts->arena, &s.findings[0], text, text);
		s.facts->fns[2].label = text;
		char *markdown = written(&s, "markdown"), *html = written(&s, "html");
		is_str(commonmark_again(a, markdown), markdown);
		struct block *blocks = markdown_blocks(a, markdown, &n);
		ok(text_starts(blocks[n - 1].text, "2 to fix"));
		ok(!strstr(html, "<script"));
		ok(text_ends(html, "</body>\n</html>\n"));
		free(markdown);
		free(html);
		sample_free(&s);
	}
	arena_free(a);
}

TEST(a_report_stays_below_two_screens)
{
	struct arena *a = arena_new();
	struct sample s;
	size_t n;

	sample_make(&s);
	char *text = written(&s, "markdown");
	text_lines(a, text, &n);
	ok(n < 100);
	free(text);
	sample_free(&s);
	arena_free(a);
}

static const char page[] =
	"# Interrupts are not remapped\n"
	"```json rule\n{ \"id\": \"irq.remapping\" }\n```\n"
	"## Why\nThe kernel *refuses* `VFIO`\nwithout it.\n\n"
	"1. first\n2. second, a long item that has to be wrapped under itself\n\n"
	"## References\n- [the source](https://example.org/vfio.c)\n"
	"- <https://example.org/>\n"
	"## Examples\n```example fail\nirq.remapped = false\n```\n";

TEST(explain_tells_the_page_and_not_the_machinery)
{
	const struct rule rule = { .id = "irq.remapping",
		.title = "Interrupts are not remapped",
		.severity = SEVERITY_REFUSED,
		.source = page };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	explain_rule(
		&rule, &(struct report_options){ .width = 60, .colour = false }, out);
	fclose(out);
	is_str(text,
		"Interrupts are not remapped\n"
		"irq.remapping: refused (the kernel refuses to hand the\n"
		"  device over)\n"
		"\n"
		"Why\n"
		"The kernel refuses `VFIO` without it.\n"
		"\n"
		"1. first\n"
		"2. second, a long item that has to be wrapped under itself\n"
		"\n"
		"References\n"
		"- the source <https://example.org/vfio.c>\n"
		"- https://example.org/\n");
	free(text);
}
