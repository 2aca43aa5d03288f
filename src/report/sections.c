// SPDX-License-Identifier: GPL-2.0-or-later
// The sections of a report as plain text: a terminal shows them all, Markdown in code
// blocks.
#include "report/sections.h"

#include <string.h>

#include "base/columns.h"
#include "base/version.h"

enum {
	MOST_SUBJECTS = 4, /* messages of one rule */
	MOST_EVIDENCE = 3, /* lines of one problem: three prove it */
	MOST_CHOICES = 3,
	MOST_REMARKS = 8,
	MOST_RULED_OUT = 3,
	MOST_RULES = 6,  /* names in a list of undecided rules */
	LONG_TEXT = 220, /* columns of one piece of evidence: three lines */
	NAME_WIDTH = 22, /* of a device, beside its answer */
	LABEL = 6,       /* "saw   " */
	NARROW = 72,     /* below, the table does without the column of IDs */
};

/* How long a list may be on this page. */
static size_t most(const struct page *p, size_t n)
{
	return p->brief ? n - n / 4 : n;
}

void section_machine(const struct report_model *m, const struct page *p)
{
	size_t column = p->indent;

	strbuf_repeat(p->out, ' ', p->indent);
	strbuf_add(p->out, "vfio-doctor " VFIO_DOCTOR_VERSION);
	column += strlen("vfio-doctor " VFIO_DOCTOR_VERSION);
	/* A part is not torn apart: "Linux 6.12" reads as one. */
	for (size_t i = 0; i < m->n_machine; i++) {
		const char *joint = i ? " · " : "   ";
		const char *part =
			text_shorten(m->arena, m->machine[i], p->width - p->indent - 2);
		size_t width = text_width(part);
		if (column + text_width(joint) + width > p->width) {
			strbuf_add_char(p->out, '\n');
			strbuf_repeat(p->out, ' ', p->indent + 2);
			column = p->indent + 2;
		} else {
			strbuf_add(p->out, joint);
			column += text_width(joint);
		}
		strbuf_add(p->out, part);
		column += width;
	}
	strbuf_add_char(p->out, '\n');
}

/* Widths of the columns in front of the reason. */
struct answer_columns {
	size_t slot, name, word;
};

static size_t max_width(size_t width, const char *text, size_t most)
{
	size_t w = text_width(text);

	w = w > most ? most : w;
	return w > width ? w : width;
}

static void put_cell(const struct page *p, struct arena *a, enum tone tone,
	const char *text, size_t width)
{
	const char *shown = text_shorten(a, text, width);
	size_t w = text_width(shown);

	paint(p->out, p->colour, tone, shown);
	strbuf_repeat(p->out, ' ', width - w + 2);
}

/* Without a name column "yes, after binding" and a long slot would leave no room. */
static struct answer_columns answer_columns(const struct report_model *m)
{
	struct answer_columns c = { 0, 0, 0 };

	for (size_t i = 0; i < m->n_answers; i++) {
		c.slot = max_width(c.slot, m->answers[i].slot, 20);
		c.name = max_width(c.name, m->answers[i].name, NAME_WIDTH);
		c.word = max_width(c.word, m->answers[i].word, 20);
	}
	return c;
}

void section_answers(const struct report_model *m, const struct page *p)
{
	struct answer_columns c = answer_columns(m);
	size_t hang = p->indent + c.slot + 2;
	/* The reason stands beside the word if it gets a third of the line there. */
	size_t beside = hang + c.name + 2 + c.word + 2;
	bool below = beside + p->width / 3 > p->width;

	if (m->heading)
		page_line(p, 0, m->heading);
	if (m->what_if)
		page_line(p, 0, m->what_if);
	for (size_t i = 0; i < m->n_answers; i++) {
		const struct answer *a = &m->answers[i];
		strbuf_repeat(p->out, ' ', p->indent);
		put_cell(p, m->arena, TONE_PLAIN, a->slot, c.slot);
		put_cell(p, m->arena, TONE_PLAIN, a->name, c.name);
		if (below) {
			paint(p->out, p->colour, a->tone, a->word);
			strbuf_add_char(p->out, '\n');
			strbuf_repeat(p->out, ' ', hang);
			text_wrap(p->out, a->because, hang, hang, p->width);
		} else {
			put_cell(p, m->arena, a->tone, a->word, c.word);
			text_wrap(p->out, a->because, beside, beside, p->width);
		}
		if (a->along) {
			strbuf_repeat(p->out, ' ', hang);
			text_wrap(p->out, a->along, hang, hang, p->width);
		}
	}
}

static void put_messages(const struct report_model *m, const struct problem *pr,
	const struct page *p, bool numbered)
{
	struct arena *a = m->arena;
	const char *number = numbered ? arena_printf(a, "(%zu)", pr->number) : "";
	enum tone tone = pr->severity > SEVERITY_WARNING ? TONE_BAD : TONE_WARN;
	size_t margin = numbered ? 4 : 0;

	for (size_t i = 0; i < pr->n && i < most(p, MOST_SUBJECTS); i++) {
		const char *text = pr->findings[i]->message;
		if (i == 0)
			text = arena_printf(a, "%s  [%s]", text, pr->rule->id);
		if (numbered && i == 0)
			page_labelled(p, 0, tone, number, margin, text);
		else
			page_line(p, margin, text);
	}
	if (pr->n > most(p, MOST_SUBJECTS))
		page_line(p, margin,
			arena_printf(a, "and %zu more: --format json",
				pr->n - most(p, MOST_SUBJECTS)));
}

static void put_evidence(const struct report_model *m, const struct problem *pr,
	const struct page *p, size_t indent)
{
	for (size_t i = 0; i < pr->n_evidence && i < most(p, MOST_EVIDENCE); i++) {
		const struct seen *s = &pr->evidence[i];
		const char *text = text_shorten(m->arena, s->text, LONG_TEXT);
		page_labelled(p, indent, TONE_FAINT, "saw", LABEL,
			*text ? arena_printf(m->arena, "%s: %s", s->source, text)
			      : s->source);
	}
	if (pr->n_evidence > most(p, MOST_EVIDENCE))
		page_line(p, indent + LABEL,
			arena_printf(m->arena, "and %zu more: --format json",
				pr->n_evidence - most(p, MOST_EVIDENCE)));
}

/* One line of instructions; what is to be typed stands two blanks deeper. */
static void put_typed(const struct page *p, size_t indent, const struct howto_line *line)
{
	if (!line->verbatim) {
		page_line(p, indent, line->text);
	} else if (!p->whole_lines) {
		page_line(p, indent + 2, line->text);
	} else {
		strbuf_repeat(p->out, ' ', p->indent + indent + 2);
		strbuf_addf(p->out, "%s\n", line->text);
	}
}

static void put_choice(
	const struct howto *h, const struct page *p, size_t indent, const char *label)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct howto_line *line = &h->v[i];
		if (i == 0 && !line->verbatim) {
			page_labelled(p, indent, TONE_STRONG, label, LABEL, line->text);
			continue;
		}
		if (i == 0)
			page_labelled(p, indent, TONE_STRONG, label, LABEL, "run");
		put_typed(p, indent + LABEL, line);
	}
}

static void put_folded(const struct report_model *m, const struct problem *pr,
	const struct page *p, size_t indent)
{
	struct strbuf b = { 0 };
	size_t n_titles = 0;
	const struct rule *last = NULL;

	if (!pr->n_folded)
		return;
	for (size_t i = 0; i < pr->n_folded; i++) {
		const struct rule *rule = pr->folded[i]->rule;
		if (rule == last)
			continue;
		last = rule;
		if (n_titles++ < 3)
			strbuf_addf(&b, "%s%s",
				b.len ? "; " : "Follows from it: ", rule->title);
	}
	strbuf_addf(&b, "%s (%zu finding%s folded)", n_titles > 3 ? "; …" : "",
		pr->n_folded, pr->n_folded == 1 ? "" : "s");
	page_line(p, indent, strbuf_text(&b));
	strbuf_free(&b);
	(void)m;
}

/* What a symptom does not come from is worth less room than what it may. */
static void put_rules(const struct page *p, size_t indent, const char *label,
	const struct rule *const *rules, size_t n, size_t shown)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n && i < shown; i++)
		strbuf_addf(
			&b, "%s%s [%s]", i ? "; " : "", rules[i]->title, rules[i]->id);
	if (n > shown)
		strbuf_addf(&b, "; and %zu more", n - shown);
	if (n)
		page_labelled(p, indent, TONE_FAINT, label, LABEL, strbuf_text(&b));
	strbuf_free(&b);
}

/* What a symptom may come from, what would tell, and what it does not come from. */
static void put_doubts(const struct doubts *d, const struct page *p, size_t indent)
{
	put_rules(p, indent, "maybe", d->open, d->n_open, most(p, MOST_RULES));
	for (size_t i = 0; i < d->n_tell && i < most(p, MOST_CHOICES); i++)
		page_labelled(p, indent, TONE_STRONG, "look", LABEL, d->tell[i]);
	put_rules(p, indent, "not", d->ruled_out, d->n_ruled_out, MOST_RULED_OUT);
}

void section_problem(const struct report_model *m, const struct problem *problem,
	const struct page *p, bool numbered)
{
	size_t margin = numbered ? 4 : 0;

	put_messages(m, problem, p, numbered);
	put_evidence(m, problem, p, margin + 2);
	put_doubts(&problem->doubts, p, margin + 2);
	for (size_t i = 0; i < problem->n_choices && i < most(p, MOST_CHOICES); i++)
		put_choice(&problem->choices[i], p, margin + 2, i ? "or" : "do");
	put_folded(m, problem, p, margin);
}

void section_remarks(const struct report_model *m, const struct page *p)
{
	struct arena *a = m->arena;

	for (size_t i = 0; i < m->n_remarks && i < most(p, MOST_REMARKS); i++) {
		const struct finding *f = m->remarks[i].finding;
		const char *text = arena_printf(a, "%s  [%s]", f->message, f->rule->id);
		if (m->remarks[i].more)
			text = arena_printf(a, "%s (and %zu more of this kind)", text,
				m->remarks[i].more);
		page_labelled(p, 0, TONE_PLAIN, "-", 2, text);
		put_doubts(&m->remarks[i].doubts, p, 2);
	}
	if (m->n_remarks > most(p, MOST_REMARKS))
		page_line(p, 2,
			arena_printf(a, "and %zu more: --format json",
				m->n_remarks - most(p, MOST_REMARKS)));
}

void section_checks(const struct report_model *m, const struct page *p)
{
	size_t title = 0, word = 6;

	for (size_t i = 0; i < N_PREREQS; i++)
		title = max_width(title, m->checks[i].title, 30);
	for (size_t i = 0; i < N_PREREQS; i++) {
		const struct check *c = &m->checks[i];
		strbuf_repeat(p->out, ' ', p->indent);
		put_cell(p, m->arena, c->tone, c->word, word - 2);
		if (*c->message)
			put_cell(p, m->arena, TONE_PLAIN, c->title, title);
		else
			strbuf_add(p->out, c->title);
		size_t at = p->indent + word + title + 2;
		text_wrap(p->out, c->message, at, at, p->width);
	}
}

static const char *driver_text(const struct fn *fn)
{
	if (!fn->raw || fn->raw->driver.have == HAVE_NOT)
		return "?";
	return fn->raw->driver.have == HAVE_VALUE ? fn->raw->driver.s : "-";
}

static const char *group_text(struct arena *a, const struct fn *fn)
{
	if (fn->group)
		return arena_printf(a, "%lld", (long long)fn->group->id);
	return fn->raw && fn->raw->iommu_group.have == HAVE_NONE ? "-" : "?";
}

static void fill_device(struct arena *a, struct cell *cells, const struct fn *fn)
{
	const char *pair =
		fn->raw ? pair_text(a, fn->raw->vendor, fn->raw->device) : NULL;

	cells[0].text = fn->short_addr;
	cells[1].text = fn->raw ? fn->what : "?";
	/* A function that pci.ids does not know is labelled by its ID. */
	cells[2].text = !fn->raw ? "?" : text_equal(fn->label, pair) ? "-" : fn->label;
	cells[3].text = pair ? pair : "?";
	cells[4].text = driver_text(fn);
	cells[5].text = group_text(a, fn);
	cells[6].text = role_name(fn->role);
	if (fn->role == ROLE_GUEST || fn->role == ROLE_CANDIDATE)
		cells[0].tone = TONE_STRONG;
}

void section_devices(const struct report_model *m, const struct page *p)
{
	static const char *const heads[] = { "slot", "what", "name", "ID", "driver",
		"grp", "role" };
	enum { N_HEADS = sizeof heads / sizeof heads[0] };
	struct table t = { .n_columns = N_HEADS, .gives_way = 2 };
	bool narrow = p->width < NARROW;

	if (!m->n_shown && !m->n_hidden)
		return;
	if (m->n_shown) {
		struct cell *cells = table_add(m->arena, &t);
		for (size_t i = 0; i < N_HEADS; i++)
			cells[i] = (struct cell){ heads[i], TONE_FAINT };
	}
	for (size_t i = 0; i < m->n_shown; i++)
		fill_device(m->arena, table_add(m->arena, &t), m->shown[i]);
	for (size_t i = 0; narrow && i < t.n; i++)
		t.rows[i].cells[3] = t.rows[i].cells[6];
	t.n_columns -= narrow;
	table_print(&t, p->out, p->indent, p->width, p->colour);
	if (m->n_hidden)
		page_line(p, 0,
			arena_printf(m->arena, "and %zu more function%s: --format json",
				m->n_hidden, m->n_hidden == 1 ? "" : "s"));
}

static void put_unseen(
	const struct report_model *m, const struct unseen *u, const struct page *p)
{
	struct strbuf b = { 0 };

	strbuf_addf(&b, "%s: %zu check%s open%s: ", u->sources, u->n_rules,
		u->n_rules == 1 ? "" : "s",
		u->decides ? ", and an answer depends on it" : "");
	for (size_t i = 0; i < u->n_rules && i < most(p, MOST_RULES); i++)
		strbuf_addf(&b, "%s%s", i ? ", " : "", u->rules[i]->id);
	if (u->n_rules > most(p, MOST_RULES))
		strbuf_addf(&b, " and %zu more", u->n_rules - most(p, MOST_RULES));
	page_labelled(p, 0, u->decides ? TONE_WARN : TONE_PLAIN, "?", 2, strbuf_text(&b));
	strbuf_free(&b);
	if (u->remedy)
		page_labelled(p, 2, TONE_STRONG, "do", LABEL, u->remedy);
	(void)m;
}

void section_unseen(const struct report_model *m, const struct page *p)
{
	/* What decides an answer comes first. */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < m->n_unseen; i++)
			if (m->unseen[i].decides == (pass == 0))
				put_unseen(m, &m->unseen[i], p);
}
