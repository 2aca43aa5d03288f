// SPDX-License-Identifier: GPL-2.0-or-later
// The first lines of an answer: can it be handed over, and what speaks for that.
#include "report/reply_parts.h"

#include "base/columns.h"
#include "base/text.h"

enum { MOST_NAMES = 2, NAME_WIDTH = 44, MOST_OPEN = 4, MOST_TOLD = 3 };

bool reply_is_of_paste(const struct report_model *m)
{
	return text_equal(m->j->facts->snap->origin.kind, "pasted");
}

static const char *evidence_words(const struct report_model *m)
{
	return reply_is_of_paste(m) ? "what you posted" : "what was collected";
}

/* The functions with this verdict. */
static const char *who(const struct report_model *m, enum device_verdict verdict)
{
	struct strbuf b = { 0 };
	size_t n = 0, all = model_count_answers(m, verdict);

	for (size_t i = 0; i < m->n_answers; i++) {
		const struct answer *a = &m->answers[i];

		if (a->device->verdict != verdict || n++ >= MOST_NAMES)
			continue;
		if (n > 1)
			strbuf_add(&b, all > MOST_NAMES ? ", " : " and ");
		strbuf_add(&b, a->slot);
		if (*a->name && !text_equal(a->name, "?"))
			strbuf_addf(
				&b, " (%s)", text_shorten(m->arena, a->name, NAME_WIDTH));
	}
	if (n > MOST_NAMES)
		strbuf_addf(&b, " and %zu more function%s", n - MOST_NAMES,
			n - MOST_NAMES == 1 ? "" : "s");
	return strbuf_finish(&b, m->arena);
}

/* The blocker itself, which is not yet the reason for it. */
static const struct rule *blocker_of(const struct problem *p)
{
	if (p->rule->severity >= SEVERITY_BLOCKER)
		return p->rule;
	for (size_t i = 0; i < p->n_folded; i++)
		if (p->folded[i]->rule->severity >= SEVERITY_BLOCKER)
			return p->folded[i]->rule;
	return p->rule;
}

static const struct rule *device_blocker(const struct device_judgement *d)
{
	for (size_t i = 0; i < d->n_causes; i++)
		if (d->causes[i]->rule->severity >= SEVERITY_BLOCKER)
			return d->causes[i]->rule;
	return d->n_causes ? d->causes[0]->rule : NULL;
}

static const char *clause(const struct report_model *m, const struct rule *rule)
{
	return rule
		? arena_printf(m->arena, ": %s", title_as_clause(m->arena, rule->title))
		: "";
}

static void tell_blocked(struct reply *r)
{
	struct report_model *m = r->model;
	const struct answer *a = model_first_answer(m, DEVICE_BLOCKED);
	r->verdict_rule = a ? device_blocker(a->device) : blocker_of(r->problems[0]);
	const char *text = a
		? arena_printf(m->arena, "%s cannot be handed to a guest%s.",
			  who(m, DEVICE_BLOCKED), clause(m, r->verdict_rule))
		: arena_printf(m->arena, "No device can be handed to a guest here%s.",
			  clause(m, r->verdict_rule));

	reply_add(r, REPLY_VERDICT, NULL, text);
	r->v[r->n - 1].tone = TONE_BAD;
}

static void tell_warned(struct reply *r)
{
	struct report_model *m = r->model;
	const char *whose = m->j->facts->has_targets
		? "This will not work as it is set up"
		: "Something is not set up right";

	reply_add(r, REPLY_VERDICT, NULL,
		arena_printf(m->arena, "%s%s.", whose, clause(m, r->problems[0]->rule)));
	r->v[r->n - 1].tone = TONE_WARN;
}

static void tell_fine(struct reply *r)
{
	struct report_model *m = r->model;
	const struct answer *bind = model_first_answer(m, DEVICE_ASSIGNABLE);

	if (model_count_answers(m, DEVICE_READY))
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"%s can be handed to a guest: all is set up.",
				who(m, DEVICE_READY)));
	if (bind)
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"%s can be handed to a guest after binding.",
				who(m, DEVICE_ASSIGNABLE)));
	for (size_t i = 0; i < r->n; i++)
		r->v[i].tone = TONE_GOOD;
	if (bind)
		reply_add(r, REPLY_SAY, "To do",
			arena_printf(m->arena, "%s.", bind->because));
}

enum tri reply_fact(const struct report_model *m, const char *name)
{
	struct facts *f = m->j->facts;
	const struct fact *fact = fact_of(f, f->scopes[SCOPE_HOST].v[0], name);

	return fact->state != FACT_VALUE ? TRI_UNKNOWN : fact->b ? TRI_TRUE : TRI_FALSE;
}

/* The main things that are not to be seen, as clauses, what counts most first. */
static size_t open_questions(const struct report_model *m, const char **ret)
{
	const struct facts *f = m->j->facts;
	size_t n = 0;

	if (reply_fact(m, "iommu.on") == TRI_UNKNOWN)
		ret[n++] = "whether an IOMMU is at work";
	if (reply_fact(m, "irq.remapped") == TRI_UNKNOWN)
		ret[n++] = "whether interrupts are remapped";
	if (f->n_fns == 0)
		ret[n++] = "which devices and drivers there are";
	else if (f->n_handovers && !f->handovers[0]->fn->group)
		ret[n++] = "what shares the IOMMU group of the device";
	if (reply_fact(m, "cpu.virt-usable") == TRI_UNKNOWN)
		ret[n++] = "whether the processor can run guests";
	return n;
}

static const char *list_questions(const struct report_model *m)
{
	const char *open[MOST_OPEN];
	size_t n = open_questions(m, open);

	n = n > MOST_TOLD ? MOST_TOLD : n;
	if (n < 2)
		return n ? open[0] : NULL;
	return arena_printf(m->arena, "%s and %s", text_join(m->arena, open, n - 1, ", "),
		open[n - 1]);
}

static const char *what_works(const struct report_model *m)
{
	bool iommu = reply_fact(m, "iommu.on") == TRI_TRUE;
	bool irq = reply_fact(m, "irq.remapped") == TRI_TRUE;

	if (!iommu && !irq)
		return NULL;
	return arena_printf(m->arena, "Seen at work: %s%s%s.", iommu ? "the IOMMU" : "",
		iommu && irq ? " and " : "", irq ? "interrupt remapping" : "");
}

/* What somebody wants to know is what the message means, or what happened. */
static void tell_finding(struct reply *r, const struct finding *f)
{
	char *text = arena_printf(r->model->arena, "%s.", f->message);

	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	reply_add(r, REPLY_VERDICT, NULL, text);
	r->v[r->n - 1].tone = TONE_WARN;
}

/* Whoever runs it that way knows; whoever asks why it fails does not. */
static void tell_likely(struct reply *r)
{
	reply_add(r, REPLY_VERDICT, NULL,
		"No device can be handed to a guest here, unless allow_unsafe_interrupts was "
		"switched on: interrupts are not remapped.");
	r->v[r->n - 1].tone = TONE_BAD;
}

static void tell_open(struct reply *r, enum stance stance)
{
	struct report_model *m = r->model;
	enum device_verdict open = DEVICE_UNKNOWN;
	const char *whom = model_count_answers(m, open) ? who(m, open) : NULL;
	const char *questions = list_questions(m), *works = what_works(m);
	const char *along = reply_companions(m), *shared = reply_shared_groups(m);

	if (stance == STANCE_NOTHING && whom && along) {
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"%s can go to a guest only together with %s.", whom,
				along));
		r->v[r->n - 1].tone = TONE_WARN;
	} else if (stance == STANCE_NOTHING && whom)
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"Nothing in %s prevents handing %s to a guest.",
				evidence_words(m), whom));
	else if (stance == STANCE_NOTHING && shared)
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"Which device the guest is to get is not said, but %s.",
				shared));
	else if (stance == STANCE_NOTHING)
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"Nothing in %s speaks against it, but which device the "
				"guest is to get is not said.",
				evidence_words(m)));
	else
		reply_add(r, REPLY_VERDICT, NULL,
			arena_printf(m->arena,
				"Cannot be judged from this: %s does not show %s.",
				evidence_words(m), questions ? questions : "enough"));
	if (works && stance == STANCE_NOTHING && questions)
		works = arena_printf(m->arena, "%s Not shown: %s.", works, questions);
	if (works)
		reply_add(r, REPLY_SAY, NULL, works);
}

static enum stance stance_of(const struct reply *r)
{
	const struct report_model *m = r->model;
	size_t blocked = model_count_answers(m, DEVICE_BLOCKED),
	       unknown = model_count_answers(m, DEVICE_UNKNOWN),
	       fine = model_count_answers(m, DEVICE_READY) +
		model_count_answers(m, DEVICE_ASSIGNABLE);

	size_t at = 0;

	/* Which of several candidates is meant nobody said. */
	if (m->j->facts->has_targets ? blocked : blocked && !unknown && !fine)
		return STANCE_BLOCKED;
	if (!m->j->facts->n_handovers && r->n_problems &&
		r->problems[0]->severity >= SEVERITY_BLOCKER)
		return STANCE_BLOCKED;
	if (reply_fact(m, "irq.remapped") == TRI_FALSE &&
		(unknown || !m->j->facts->n_handovers))
		return STANCE_LIKELY;
	if (r->n_problems)
		return STANCE_WARNED;
	if (reply_next_message(r, &at))
		return STANCE_ASKED;
	if (fine && !unknown)
		return STANCE_FINE;
	/* Whoever has nothing to hand over and posts a line about a device asks about that */
	if (!reply_held(m) && reply_fact(m, "iommu.on") == TRI_TRUE &&
		(m->j->facts->n_handovers || !reply_incident(m)))
		return STANCE_NOTHING;
	return reply_incident(m) ? STANCE_HAPPENED : STANCE_UNDECIDED;
}

/* Whoever named no device is told which one was judged. */
static void tell_candidates(struct reply *r, enum stance stance)
{
	struct report_model *m = r->model;
	const struct facts *f = m->j->facts;

	if (f->has_targets || !f->n_handovers)
		return;
	if (stance != STANCE_BLOCKED && model_count_answers(m, DEVICE_BLOCKED))
		reply_add(r, REPLY_SAY, NULL,
			arena_printf(m->arena, "%s cannot be handed over%s.",
				who(m, DEVICE_BLOCKED),
				clause(m,
					device_blocker(
						model_first_answer(m, DEVICE_BLOCKED)
							->device))));
	if (f->n_handovers > 1)
		reply_add(r, REPLY_SAY, NULL,
			"Nobody said which device the guest is to get: say so, for the "
			"answer may differ.");
}

enum stance reply_tell_verdict(struct reply *r)
{
	enum stance stance = stance_of(r);
	size_t at = 0;

	if (stance == STANCE_BLOCKED)
		tell_blocked(r);
	else if (stance == STANCE_LIKELY)
		tell_likely(r);
	else if (stance == STANCE_ASKED)
		tell_finding(r, reply_next_message(r, &at));
	else if (stance == STANCE_HAPPENED)
		tell_finding(r, reply_incident(r->model));
	else if (stance == STANCE_WARNED)
		tell_warned(r);
	else if (stance == STANCE_FINE)
		tell_fine(r);
	else
		tell_open(r, stance);
	if (stance >= STANCE_NOTHING)
		reply_tell_devices(r, stance);
	tell_candidates(r, stance);
	return stance;
}
