// SPDX-License-Identifier: GPL-2.0-or-later
// The middle of an answer: what is wrong, where it was seen, and how to put it right.
#include "report/reply_parts.h"

#include <string.h>

#include "base/columns.h"
#include "base/text.h"
#include "report/model_parts.h"

enum {
	MOST_CAUSES = 3,
	MOST_QUOTED = 3,
	MOST_CHOICES = 2,
	MOST_EXPLAINED = 2, /* messages that follow from one cause */
	MOST_NEIGHBOURS = 6,
	MOST_OPEN = 5,   /* causes that nobody could rule out */
	LONG_LINE = 200, /* columns of a quoted line */
};

/* A list of clauses, each once. */
struct clauses {
	const char *s[MOST_OPEN];
	size_t n, all;
};

static void add_clause(struct arena *a, struct clauses *c, const struct rule *rule)
{
	const char *text = title_as_clause(a, rule->title);

	for (size_t i = 0; i < c->n; i++)
		if (text_equal(c->s[i], text))
			return;
	if (c->all++ < MOST_OPEN)
		c->s[c->n++] = text;
}

static const char *list_clauses(struct arena *a, const struct clauses *c)
{
	const char *text = text_join(a, c->s, c->n, "; ");

	return c->all > c->n ? arena_printf(a, "%s; …", text) : text;
}

static bool is_of_message(const struct finding *f)
{
	return f->subject && f->subject->scope == SCOPE_MESSAGE;
}

/* Somebody quoted it, and it is known. */
static bool is_quoted(const struct finding *f)
{
	return is_of_message(f) && f->verdict == VERDICT_FAIL;
}

/* The line of the log that SEEN was found in, as it was posted; NULL: it is of no log. */
static const char *log_line(const struct snapshot *s, const struct seen *seen)
{
	static const char source[] = "kernel log ";
	const char *stamp = seen->source + strlen(source);

	if (!text_starts(seen->source, source))
		return NULL;
	for (size_t i = 0; i < s->log.lines.n; i++)
		if (text_ends(s->log.lines.s[i], seen->text) &&
			strstr(s->log.lines.s[i], stamp))
			return s->log.lines.s[i];
	return NULL;
}

/* A line of the log speaks for itself, of all else it is said where it stands. */
static void quote_evidence(struct reply *r, const struct problem *p)
{
	struct arena *a = r->model->arena;
	struct strbuf b = { 0 };

	for (size_t i = 0; i < p->n_evidence && i < MOST_QUOTED; i++) {
		const struct seen *s = &p->evidence[i];
		const char *line = log_line(r->model->j->facts->snap, s);

		if (!line && *s->text == '[')
			line = s->text;
		else if (!line)
			line = arena_printf(
				a, "%s%s%s", s->source, *s->text ? ": " : "", s->text);
		strbuf_addf(&b, "%s\n", text_shorten(a, line, LONG_LINE));
	}
	if (b.len)
		reply_add(r, REPLY_QUOTE, NULL, strbuf_text(&b));
	strbuf_free(&b);
}

static void quote_message(struct reply *r, const struct finding *f)
{
	reply_add(r, REPLY_QUOTE, NULL,
		text_shorten(r->model->arena, f->subject->key, LONG_LINE));
}

static bool follows_from(const struct finding *f, const struct rule *root)
{
	return f->n_follows && f->follows[0]->rule == root;
}

/* P is behind the message: its own rule or what follows from it is one of the causes. */
static bool is_behind(const struct problem *p, const struct finding *message)
{
	if (follows_from(message, p->rule))
		return true;
	for (size_t i = 0; i < message->n_suspects; i++) {
		const struct suspect *s = &message->suspects[i];
		bool same = s->rule == p->rule;

		for (size_t k = 0; k < p->n_folded && !same; k++)
			same = p->folded[k]->rule == s->rule;
		if (same && s->verdict == VERDICT_FAIL)
			return true;
	}
	return false;
}

/* What else comes of it, and the messages that somebody asked about. */
static void tell_effects(struct reply *r, const struct problem *p)
{
	const struct judgement *j = r->model->j;
	struct clauses effects = { 0 };
	size_t messages = 0;

	for (size_t i = 0; i < p->n_folded; i++)
		if (!is_of_message(p->folded[i]) && !p->folded[i]->also &&
			p->folded[i]->rule != r->verdict_rule &&
			p->folded[i]->rule->severity >= SEVERITY_WARNING)
			add_clause(r->model->arena, &effects, p->folded[i]->rule);
	if (effects.n)
		reply_add(r, REPLY_SAY, "So",
			arena_printf(r->model->arena, "%s.",
				list_clauses(r->model->arena, &effects)));
	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];

		if (!is_quoted(f) || !is_behind(p, f) || messages++ >= MOST_EXPLAINED)
			continue;
		reply_add(r, REPLY_SAY, NULL, "That is why you are told:");
		quote_message(r, f);
	}
}

static bool explains(const struct finding *f, const struct rule *effect)
{
	for (size_t i = 0; i < f->rule->n_explains; i++)
		if (text_equal(f->rule->explains[i], effect->id))
			return true;
	return false;
}

/* What a reader should think of first: a switch or a word is wrong on many machines, few are
 * Xen or a guest themselves. */
enum { N_PASSES = 5 };
static size_t pass_of(const struct rule *rule)
{
	static const char *const areas[N_PASSES] = { "firmware.", "cmdline.", "boot.", "",
		"host." };

	for (size_t i = 0; i < N_PASSES; i++)
		if (*areas[i] && text_starts(rule->id, areas[i]))
			return i;
	return N_PASSES - 2;
}

/* Causes that what was seen does not rule out. */
static void tell_open_causes(struct reply *r, const struct finding *effect)
{
	const struct judgement *j = r->model->j;
	struct clauses open = { 0 };

	struct doubts d = model_doubts(r->model, &effect, 1);
	for (size_t i = 0; i < d.n_open; i++)
		add_clause(r->model->arena, &open, d.open[i]);
	for (size_t pass = 0; pass < N_PASSES && !effect->n_suspects; pass++)
		for (size_t i = 0; i < j->n; i++)
			if (j->findings[i].verdict == VERDICT_UNKNOWN &&
				explains(&j->findings[i], effect->rule) &&
				pass_of(j->findings[i].rule) == pass)
				add_clause(r->model->arena, &open, j->findings[i].rule);
	if (open.n)
		reply_add(r, REPLY_SAY, "Possible causes",
			arena_printf(r->model->arena, "%s.",
				list_clauses(r->model->arena, &open)));
	else if (d.n_ruled_out)
		reply_add(r, REPLY_SAY, NULL,
			"What usually causes this was looked for and is not there.");
}

/* "firmware: update it" reads better with its first word on the label; a line without label
 * is a sentence. */
static void tell_step(struct reply *r, const char *label, const char *text)
{
	static const char *const kinds[] = { "firmware: ", "hardware: " };
	struct arena *a = r->model->arena;
	char *line = arena_printf(a, "%s%s", text, text_ends(text, ":") ? "" : ".");

	for (size_t i = 0; label && i < sizeof kinds / sizeof kinds[0]; i++)
		if (text_starts(line, kinds[i])) {
			size_t n = strlen(kinds[i]);

			label = arena_printf(a, "%s (%.*s)", label, (int)n - 2, kinds[i]);
			line += n;
			break;
		}
	if (!label && line[0] >= 'a' && line[0] <= 'z')
		line[0] = (char)(line[0] - 'a' + 'A');
	reply_add(r, REPLY_SAY, label, line);
}

/* Prose as it is, what is typed together in one box. */
static void tell_howto(struct reply *r, const struct howto *h, const char *label)
{
	struct strbuf typed = { 0 };

	for (size_t i = 0; i <= h->n; i++) {
		if (i < h->n && h->v[i].verbatim) {
			strbuf_addf(&typed, "%s\n", h->v[i].text);
			continue;
		}
		if (typed.len)
			reply_add(r, REPLY_TYPE, NULL, strbuf_text(&typed));
		strbuf_truncate(&typed, 0);
		if (i < h->n)
			tell_step(r, i ? NULL : label, h->v[i].text);
	}
	strbuf_free(&typed);
	r->has_fix |= !text_equal(label, "To do");
}

static void tell_problem(struct reply *r, const struct problem *p, const char *label)
{
	const struct finding *f = p->findings[0];
	const char *more = p->n > 1
		? arena_printf(r->model->arena, " (and %zu more of this kind)", p->n - 1)
		: "";

	reply_add(r, REPLY_SAY, label,
		arena_printf(r->model->arena, "%s%s.", f->message, more));
	quote_evidence(r, p);
	tell_effects(r, p);
	if (!p->n_choices || !f->n_choices)
		tell_open_causes(r, f);
	for (size_t i = 0; i < p->n_choices && i < MOST_CHOICES; i++)
		tell_howto(r, &p->choices[i], i ? "Or" : "Fix");
}

/* What would explain that interrupts are not remapped, or that alone. */
static void tell_likely(struct reply *r)
{
	const struct judgement *j = r->model->j;
	const struct finding *effect = NULL, *cause = NULL;

	for (size_t i = 0; i < j->n; i++)
		if (text_equal(j->findings[i].rule->id, "irq.remapping"))
			effect = &j->findings[i];
	for (size_t i = 0; i < j->n && effect && !cause; i++)
		if (j->findings[i].holds && explains(&j->findings[i], effect->rule))
			cause = &j->findings[i];
	if (!effect)
		return;
	struct problem p = model_problem_of(r->model, cause ? cause : effect);
	tell_problem(r, &p, "Why");
}

/* A candidate is no target, so what stops it is none of the model's problems. */
static void tell_candidate(struct reply *r, const struct device_judgement *d)
{
	size_t told = r->n_problems;

	for (size_t i = 0; i < d->n_causes && i < MOST_CAUSES; i++) {
		const struct finding *f = d->causes[i];

		if (f->n_follows || model_number(r->model, f))
			continue;
		struct problem p = model_problem_of(r->model, f);
		tell_problem(r, &p, told++ ? "Also" : "Why");
	}
}

/* A finding of RULE that is so, one about a candidate first. */
static const struct finding *failing(const struct judgement *j, const struct rule *rule)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < j->n; i++)
		if (j->findings[i].rule == rule &&
			j->findings[i].verdict == VERDICT_FAIL &&
			(!found || (j->findings[i].bears && !found->bears)))
			found = &j->findings[i];
	return found;
}

/* The cause of a message that is no problem of a target, for nobody named one. */
static const struct finding *cause_of(
	const struct judgement *j, const struct finding *message)
{
	for (size_t i = 0; i < message->n_suspects; i++)
		if (message->suspects[i].verdict == VERDICT_FAIL)
			return failing(j, message->suspects[i].rule);
	return NULL;
}

static bool is_explained(const struct reply *r, const struct finding *message)
{
	for (size_t i = 0; i < r->n_problems && i < MOST_CAUSES; i++)
		if (is_behind(r->problems[i], message))
			return true;
	return false;
}

const struct finding *reply_next_message(const struct reply *r, size_t *at)
{
	const struct judgement *j = r->model->j;

	for (; *at < j->n; (*at)++) {
		const struct finding *f = &j->findings[*at];

		if (!is_quoted(f) || is_explained(r, f))
			continue;
		while (*at < j->n && j->findings[*at].rule == f->rule)
			(*at)++;
		return f;
	}
	return NULL;
}

/* What shares the group of the device that the message names, as far as it was posted. */
static void tell_neighbours(struct reply *r, const struct finding *message)
{
	const struct group *g =
		message->subject->n_fns ? message->subject->fns[0]->group : NULL;
	struct arena *a = r->model->arena;
	const char *names[MOST_NEIGHBOURS];
	size_t n = 0, all = 0;

	for (size_t i = 0; g && i < g->n; i++)
		if (g->members[i]->is_endpoint && all++ < MOST_NEIGHBOURS)
			names[n++] = fn_describe(r->model->j->facts, g->members[i]);
	if (all < 2)
		return;
	reply_add(r, REPLY_SAY, NULL,
		arena_printf(a, "In IOMMU group %lld there are %s%s.", (long long)g->id,
			text_join(a, names, n, ", "), all > n ? ", …" : ""));
}

/* A message that no problem explains: what it means, and what could be behind it. */
static void tell_message(struct reply *r, const struct finding *f, bool told_meaning)
{
	const struct finding *cause = cause_of(r->model->j, f);
	struct problem own = model_problem_of(r->model, cause ? cause : f);

	reply_add(r, REPLY_SAY, "You are told", "");
	quote_message(r, f);
	if (!told_meaning)
		reply_add(r, REPLY_SAY, NULL,
			arena_printf(r->model->arena, "%s.", f->message));
	if (cause) {
		reply_add(r, REPLY_SAY, "Why",
			arena_printf(r->model->arena, "%s.", cause->message));
		quote_evidence(r, &own);
	} else {
		tell_neighbours(r, f);
		tell_open_causes(r, f);
	}
	if (own.n_choices)
		tell_howto(r, &own.choices[0], cause ? "Fix" : "To do");
}

static void tell_messages(struct reply *r, enum stance stance)
{
	const struct finding *f;
	size_t told = 0, at = 0;

	while (told < MOST_EXPLAINED && (f = reply_next_message(r, &at)))
		tell_message(r, f, !told++ && stance == STANCE_ASKED);
}

/* Somebody posted a line of the log, and it speaks of this function: that is the question,
 * whether or not anybody said what is to be handed over. */
static bool is_asked_about(const struct report_model *m, const struct finding *f)
{
	return reply_is_of_paste(m) && (!m->j->facts->has_targets || f->bears) &&
		f->subject && f->subject->scope == SCOPE_DEVICE && f->evidence &&
		text_starts(f->evidence->source, "kernel log");
}

const struct finding *reply_held(const struct report_model *m)
{
	for (size_t i = 0; i < m->j->n; i++) {
		const struct finding *f = &m->j->findings[i];

		if (f->holds && f->bears && !f->waived && f->severity >= SEVERITY_BLOCKER)
			return f;
	}
	return NULL;
}

const struct finding *reply_incident(const struct report_model *m)
{
	if (reply_held(m))
		return reply_held(m);
	for (size_t i = 0; i < m->n_remarks; i++) {
		const struct finding *f = m->remarks[i].finding;

		if (f->bears && f->n_choices && !is_of_message(f) &&
			text_starts(f->rule->id, "run."))
			return f;
	}
	for (size_t i = 0; i < m->n_remarks; i++)
		if (is_asked_about(m, m->remarks[i].finding))
			return m->remarks[i].finding;
	return NULL;
}

static void tell_incident(struct reply *r)
{
	struct problem p = model_problem_of(r->model, reply_incident(r->model));

	quote_evidence(r, &p);
	if (p.n_choices)
		tell_howto(r, &p.choices[0], "Fix");
}

/* One note about the device itself, or about what was taken for a proof: more would hide the
 * answer. */
static void tell_remark(struct reply *r, enum stance stance)
{
	const struct report_model *m = r->model;

	for (size_t i = 0; i < m->n_remarks; i++) {
		const struct finding *f = m->remarks[i].finding;
		bool general = !f->subject || f->subject->host_wide;

		if (!f->bears || is_of_message(f) ||
			general != (stance == STANCE_UNDECIDED))
			continue;
		reply_add(
			r, REPLY_SAY, "Note", arena_printf(m->arena, "%s.", f->message));
		return;
	}
}

void reply_tell_causes(struct reply *r, enum stance stance)
{
	const struct report_model *m = r->model;
	size_t told = 0;

	if (stance == STANCE_LIKELY)
		tell_likely(r);
	else if (stance == STANCE_HAPPENED)
		tell_incident(r);
	for (; told < r->n_problems && told < MOST_CAUSES; told++) {
		const struct problem *p = r->problems[told];

		tell_problem(r, p, told || stance == STANCE_LIKELY ? "Also" : "Why");
	}
	if (r->n_problems > told)
		reply_add(r, REPLY_SAY, NULL,
			arena_printf(m->arena,
				"And %zu more things to put right after these.",
				r->n_problems - told));
	for (size_t i = 0; stance == STANCE_BLOCKED && i < m->n_answers; i++)
		if (m->answers[i].device->verdict == DEVICE_BLOCKED &&
			!m->j->facts->has_targets) {
			tell_candidate(r, m->answers[i].device);
			break;
		}
	tell_messages(r, stance);
	if (stance >= STANCE_FINE)
		tell_remark(r, stance);
}
