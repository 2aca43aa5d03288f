// SPDX-License-Identifier: GPL-2.0-or-later
// `explain RULE`: the documentation page of a rule as text for a terminal.
#include <string.h>

#include "base/columns.h"
#include "report/cmarktree.h"
#include "report/report.h"

static const char *severity_meaning(enum severity s)
{
	static const char *const meanings[] = {
		[SEVERITY_CAUSE] =
			"shown only where something follows from it, and as grave as that",
		[SEVERITY_NOTE] = "worth knowing, nothing is broken",
		[SEVERITY_WARNING] = "something will not work as it is configured",
		[SEVERITY_BLOCKER] = "the host or the guest would not survive it",
		[SEVERITY_REFUSED] = "the kernel refuses to hand the device over",
	};
	_Static_assert(
		sizeof meanings / sizeof meanings[0] == N_SEVERITIES, "one for each");

	return meanings[s];
}

static void put_ids(struct strbuf *out, const char *head, const char *const *ids,
	size_t n, size_t width)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i ? ", " : head, ids[i]);
	if (n)
		text_wrap(out, strbuf_text(&b), 0, 2, width);
	strbuf_free(&b);
}

/* What stands in the rule beside its page, in words. */
static void put_head(struct strbuf *out, const struct rule *rule, size_t width)
{
	struct strbuf b = { 0 };

	strbuf_addf(&b, "%s: %s (%s)", rule->id, severity_name(rule->severity),
		severity_meaning(rule->severity));
	text_wrap(out, strbuf_text(&b), 0, 2, width);
	strbuf_free(&b);
	put_ids(out, "explains: ", rule->explains, rule->n_explains, width);
	put_ids(out, "may come from: ", rule->causes, rule->n_causes, width);
}

static void put_code(struct strbuf *out, const char *text, size_t indent)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		if (n)
			strbuf_repeat(out, ' ', indent);
		strbuf_add_mem(out, p, n);
		strbuf_add_char(out, '\n');
		p += n + (p[n] == '\n');
	}
}

static void put_block(
	struct strbuf *out, const struct block *b, const struct report_options *options)
{
	size_t indent = 2 * b->depth;

	if (b->kind == BLOCK_HEADING) {
		strbuf_add_char(out, '\n');
		paint(out, options->colour, TONE_STRONG, b->text);
		strbuf_add_char(out, '\n');
	} else if (b->kind == BLOCK_CODE) {
		put_code(out, b->text, indent + 4);
	} else {
		size_t start = indent;
		if (b->bullet) {
			size_t back = strlen(b->bullet) + 1;
			start = indent > back ? indent - back : 0;
			strbuf_repeat(out, ' ', start);
			strbuf_addf(out, "%s ", b->bullet);
			start += back;
		} else {
			strbuf_repeat(out, ' ', indent);
		}
		text_wrap_words(out, b->text, start, indent > start ? indent : start,
			options->width);
	}
}

/* The fences are for the program; a reader of the page wants the prose. */
static bool is_for_the_program(const struct block *b)
{
	return b->kind == BLOCK_CODE &&
		(text_starts(b->info, "json rule") || text_starts(b->info, "example"));
}

void explain_rule(
	const struct rule *rule, const struct report_options *options, FILE *out)
{
	struct arena *a = arena_new();
	struct strbuf b = { 0 };
	size_t n;
	const struct block *blocks = markdown_blocks(a, rule->source, &n), *last = NULL;

	paint(&b, options->colour, TONE_STRONG, rule->title);
	strbuf_add_char(&b, '\n');
	put_head(&b, rule, options->width);
	for (size_t i = 0; i < n; i++) {
		if (blocks[i].kind == BLOCK_HEADING && blocks[i].level == 1)
			continue;
		if (blocks[i].kind == BLOCK_HEADING &&
			text_equal(blocks[i].text, "Examples"))
			break;
		if (is_for_the_program(&blocks[i]))
			continue;
		/* A blank line between paragraphs and around a list, none between its
		 * items */
		if (last && last->kind != BLOCK_HEADING &&
			blocks[i].kind != BLOCK_HEADING &&
			(!blocks[i].bullet || !last->depth))
			strbuf_add_char(&b, '\n');
		put_block(&b, &blocks[i], options);
		last = &blocks[i];
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
	arena_free(a);
}
