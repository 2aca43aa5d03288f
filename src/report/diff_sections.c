// SPDX-License-Identifier: GPL-2.0-or-later
// The sections of a comparison as plain text.
#include "report/diff_report.h"

#include <string.h>

#include "base/columns.h"

enum {
	MOST_FINDINGS = 12,
	MOST_DEVICES = 16,
	MOST_LINES = 16, /* of one file */
	MOST_VALUES = 20,
	MOST_WORDS = 8,  /* of one list */
	WORD_WIDTH = 12, /* of what became of a finding */
	MOST_ALIKE = 3,  /* devices of which only VFIO's answer changed */
};

static enum tone tone_of(enum trend t)
{
	return t == TREND_WORSE ? TONE_BAD : t == TREND_BETTER ? TONE_GOOD : TONE_PLAIN;
}

static void and_more(const struct diff *d, const struct page *p, size_t n, size_t most)
{
	if (n > most)
		page_line(p, 0,
			arena_printf(d->arena, "and %zu more: --format json", n - most));
}

static bool weighs(const struct finding *f)
{
	return f->severity >= SEVERITY_WARNING;
}

static const char *word_of(const struct finding_change *c)
{
	bool was = c->old && c->old->verdict == VERDICT_FAIL,
	     is = c->new && c->new->verdict == VERDICT_FAIL;

	if (is && c->old && c->old->verdict == VERDICT_UNKNOWN)
		return "now known";
	if (is && !was)
		return c->trend == TREND_WORSE ? "new" : "new note";
	if (is)
		return c->trend == TREND_WORSE ? "graver" : "milder";
	if (c->new && c->new->verdict == VERDICT_UNKNOWN)
		return "not known";
	return !was ? "decided" : weighs(c->old) ? "solved" : "no longer";
}

static void tell_findings(const struct diff *d, const struct page *p)
{
	struct arena *a = d->arena;

	for (size_t i = 0; i < d->n_findings && i < MOST_FINDINGS; i++) {
		const struct finding_change *c = &d->findings[i];
		const struct finding *f = diff_told(c);
		const char *text =
			f->verdict == VERDICT_FAIL ? f->message : f->rule->title;

		page_labelled(p, 0, tone_of(c->trend), word_of(c), WORD_WIDTH,
			arena_printf(a, "%s  [%s]", text, f->rule->id));
	}
	and_more(d, p, d->n_findings, MOST_FINDINGS);
	if (d->n_decided)
		page_line(p, 0,
			arena_printf(a, "%zu further check%s could be decided this time",
				d->n_decided, d->n_decided == 1 ? "" : "s"));
	if (d->n_undecided)
		page_line(p, 0,
			arena_printf(a,
				"%zu further check%s could not be decided this time",
				d->n_undecided, d->n_undecided == 1 ? "" : "s"));
}

static const char *driver_word(const struct fn *fn)
{
	struct snap_text driver =
		fn && fn->raw ? fn->raw->driver : (struct snap_text){ 0 };

	return driver.have == HAVE_NOT     ? "?"
		: driver.have == HAVE_NONE ? "none"
					   : driver.s;
}

static const char *verdict_word(const struct device_judgement *j)
{
	const char *name = device_verdict_name(j->verdict);

	return name ? name : "no target";
}

static const char *device_words(struct arena *a, const struct device_change *c)
{
	struct strbuf b = { 0 };

	if (!c->old || !c->new)
		return c->old ? "gone" : "new";
	if (c->verdict)
		strbuf_addf(&b, "; %s → %s", verdict_word(c->old), verdict_word(c->new));
	if (c->moved)
		strbuf_addf(&b, "; was %s", c->pair.old->short_addr);
	if (c->driver)
		strbuf_addf(&b, "; driver %s → %s", driver_word(c->pair.old),
			driver_word(c->pair.new));
	if (c->vfio && !c->verdict)
		strbuf_addf(&b, "; VFIO %s → %s", vfio_verdict_name(c->old->vfio),
			vfio_verdict_name(c->new->vfio));
	return strbuf_finish(&b, a) + 2;
}

/* One cause turns VFIO's answer for all functions of a machine: those are counted. */
static bool is_alike(const struct device_change *c)
{
	return c->vfio && !c->verdict && !c->moved && !c->driver;
}

static void count_alike(const struct diff *d, const struct page *p, enum vfio_verdict old,
	enum vfio_verdict new)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_devices; i++)
		n += is_alike(&d->devices[i]) && d->devices[i].old->vfio == old &&
			d->devices[i].new->vfio == new;
	if (n)
		page_line(p, 0,
			arena_printf(d->arena, "%zu function%s: VFIO %s → %s", n,
				n == 1 ? "" : "s", vfio_verdict_name(old),
				vfio_verdict_name(new)));
}

static void tell_devices(const struct diff *d, const struct page *p)
{
	static const enum vfio_verdict all[] = { VFIO_ACCEPTS, VFIO_UNKNOWN,
		VFIO_REFUSES };
	struct table t = { .n_columns = 3, .gives_way = 1 };
	size_t alike = 0, shown = 0;

	for (size_t i = 0; i < d->n_devices; i++)
		alike += is_alike(&d->devices[i]);
	for (size_t i = 0; i < d->n_devices; i++) {
		const struct device_change *c = &d->devices[i];
		const struct fn *fn = c->pair.new ? c->pair.new : c->pair.old;
		struct cell *cells;

		if ((alike > MOST_ALIKE && is_alike(c)) || shown++ >= MOST_DEVICES)
			continue;
		cells = table_add(d->arena, &t);
		cells[0].text = fn->short_addr;
		cells[1].text = *fn->label ? fn->label : fn->what;
		cells[2] = (struct cell){ device_words(d->arena, c), tone_of(c->trend) };
	}
	table_print(&t, p->out, p->indent, p->width, p->colour);
	and_more(d, p, shown, MOST_DEVICES);
	for (size_t i = 0; i < 9 && alike > MOST_ALIKE; i++)
		count_alike(d, p, all[i / 3], all[i % 3]);
}

static const char *numbers(struct arena *a, const int64_t *ids, size_t n)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, n == 1 ? "group " : "groups ");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "%s%lld",
			!i                   ? ""
				: i + 1 == n ? " and "
					     : ", ",
			(long long)ids[i]);
	return strbuf_finish(&b, a);
}

static void tell_groups(const struct diff *d, const struct page *p)
{
	for (size_t i = 0; i < d->n_groups; i++) {
		const struct group_change *c = &d->groups[i];
		struct strbuf b = { 0 };

		strbuf_addf(&b, "%s %s %s now:", numbers(d->arena, c->old, c->n_old),
			c->n_old == 1 ? "is" : "are",
			numbers(d->arena, c->new, c->n_new));
		for (size_t k = 0; k < c->n && k < 6; k++)
			strbuf_addf(&b, "%s %s", k ? "," : "",
				fn_describe(d->new->facts, c->members[k]));
		if (c->n > 6)
			strbuf_addf(&b, " and %zu more", c->n - 6);
		page_line(p, 0, strbuf_text(&b));
		strbuf_free(&b);
	}
}

static void put_lines(const struct diff *d, const struct page *p,
	const struct line_change *lines, size_t n)
{
	for (size_t i = 0; i < n && i < MOST_LINES; i++) {
		strbuf_repeat(p->out, ' ', p->indent);
		paint(p->out, p->colour, lines[i].sign == '+' ? TONE_GOOD : TONE_FAINT,
			arena_printf(d->arena, "%c %s", lines[i].sign,
				text_flatten(d->arena, lines[i].text)));
		strbuf_add_char(p->out, '\n');
	}
	and_more(d, p, n, MOST_LINES);
}

static void tell_words(const struct diff *d, const struct page *p)
{
	put_lines(d, p, d->words, d->n_words);
}

static void tell_files(const struct diff *d, const struct page *p)
{
	struct page inner = *p;

	inner.indent += 2;
	for (size_t i = 0; i < d->n_files; i++) {
		const struct file_change *c = &d->files[i];

		page_line(p, 0,
			arena_printf(d->arena, "%s %s", c->path,
				c->added             ? "is new"
					: c->removed ? "is gone"
					: c->n       ? "was edited:"
						     : "was written anew"));
		put_lines(d, &inner, c->lines, c->n);
	}
}

static void add_words(
	struct strbuf *b, const char *label, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n && i < MOST_WORDS; i++)
		strbuf_addf(b, "%s %s", i ? "," : label, words[i]);
	if (n > MOST_WORDS)
		strbuf_addf(b, " and %zu more", n - MOST_WORDS);
}

static void tell_values(const struct diff *d, const struct page *p)
{
	for (size_t i = 0; i < d->n_values && i < MOST_VALUES; i++) {
		const struct value_change *v = &d->values[i];
		struct strbuf b = { 0 };

		if (v->subject)
			strbuf_addf(&b, "%s ", v->subject);
		strbuf_addf(&b, "%s:", v->fact);
		if (v->n_lost || v->n_gained) {
			add_words(&b, " lost", v->lost, v->n_lost);
			add_words(&b, v->n_lost ? "; gained" : " gained", v->gained,
				v->n_gained);
		} else {
			strbuf_addf(&b, " %s → %s", v->old ? v->old : "none",
				v->new ? v->new : "none");
		}
		strbuf_repeat(p->out, ' ', p->indent);
		text_wrap(p->out, strbuf_text(&b), p->indent, p->indent + 2, p->width);
		strbuf_free(&b);
	}
	and_more(d, p, d->n_values, MOST_VALUES);
	if (d->n_seen)
		page_line(p, 0,
			arena_printf(d->arena, "%zu fact%s known this time, not before",
				d->n_seen, d->n_seen == 1 ? " is" : "s are"));
	if (d->n_unseen)
		page_line(p, 0,
			arena_printf(d->arena, "%zu fact%s known before, not this time",
				d->n_unseen, d->n_unseen == 1 ? " was" : "s were"));
}

const struct diff_section_row diff_sections[] = {
	{ "Findings", tell_findings },
	{ "Devices", tell_devices },
	{ "IOMMU groups", tell_groups },
	{ "Kernel command line", tell_words },
	{ "Configuration", tell_files },
	{ "Facts", tell_values },
};
const size_t n_diff_sections = sizeof diff_sections / sizeof diff_sections[0];

const char *diff_summary(const struct diff *d)
{
	static const char *const words[] = {
		[TREND_SAME] = "Nothing changed.",
		[TREND_BETTER] = "", /* counted as changed */
		[TREND_CHANGED] = "Something changed, nothing got worse.",
		[TREND_WORSE] = "It got worse.",
	};
	const char *old = overall_name(d->old->overall),
		   *new = overall_name(d->new->overall),
		   *two = d->strangers ? "These are two machines. " : "";

	if (d->overall == TREND_SAME)
		return arena_printf(d->arena, "%s%s The verdict is %s, as before.", two,
			words[d->trend], new);
	return arena_printf(d->arena, "%s%s The verdict was %s and is %s.", two,
		words[d->trend], old, new);
}
