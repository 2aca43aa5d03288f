// SPDX-License-Identifier: GPL-2.0-or-later
// The checklist: how the machine stands with each prerequisite, whoever asks.
#include "base/text.h"
#include "rules/engine.h"

/* How much a finding says about its row; the heaviest decides. */
enum weight {
	WEIGHT_NOTHING,  /* n/a only */
	WEIGHT_NOT_SEEN, /* an undecided warning or note, and nothing that passes */
	WEIGHT_FINE,     /* a pass, or a note */
	WEIGHT_WARNING,
	WEIGHT_UNDECIDED, /* perhaps a blocker */
	WEIGHT_FAIL
};

static const enum row_verdict row_verdicts[] = {
	[WEIGHT_NOTHING] = ROW_NA,
	[WEIGHT_NOT_SEEN] = ROW_UNKNOWN,
	[WEIGHT_FINE] = ROW_PASS,
	[WEIGHT_WARNING] = ROW_WARNING,
	[WEIGHT_UNDECIDED] = ROW_UNKNOWN,
	[WEIGHT_FAIL] = ROW_FAIL,
};
_Static_assert(sizeof row_verdicts / sizeof *row_verdicts == WEIGHT_FAIL + 1,
	"a verdict for every weight");

static enum weight weigh(const struct finding *f, enum severity severity)
{
	switch (f->verdict) {
	case VERDICT_FAIL:
		if (severity >= SEVERITY_BLOCKER)
			return WEIGHT_FAIL;
		return severity == SEVERITY_WARNING ? WEIGHT_WARNING : WEIGHT_FINE;
	case VERDICT_UNKNOWN:
		return severity >= SEVERITY_BLOCKER ? WEIGHT_UNDECIDED : WEIGHT_NOT_SEEN;
	case VERDICT_PASS:
		return WEIGHT_FINE;
	default:
		return WEIGHT_NOTHING;
	}
}

static bool in_row(const struct finding *f, enum prerequisite p)
{
	return f->bears && area_table[f->rule->area].prerequisite == p;
}

/* What is fine, each text once. */
static const char *fine_message(const struct judgement *j, enum prerequisite p)
{
	const char **said = arena_alloc(j->arena, (j->n + 1) * sizeof *said);
	struct strbuf out = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];
		bool again = false;

		if (!in_row(f, p) || f->verdict != VERDICT_PASS || !*f->message)
			continue;
		for (size_t k = 0; k < n && !again; k++)
			again = text_equal(said[k], f->message);
		if (again)
			continue;
		said[n++] = f->message;
		if (out.len)
			strbuf_add(&out, "; ");
		strbuf_add(&out, f->message);
	}
	return out.len ? strbuf_finish(&out, j->arena) : "";
}

/* Fine only because the owner said so. */
static bool is_waived(const struct judgement *j, enum prerequisite p)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->findings[i].waived && in_row(&j->findings[i], p))
			return true;
	return false;
}

static void fill_row(struct judgement *j, const struct folding *folding,
	enum prerequisite p, struct prerequisite_row *row)
{
	enum weight worst = WEIGHT_NOTHING;
	const struct finding *f = NULL;

	for (size_t i = 0; i < j->n; i++) {
		enum weight w = weigh(&j->findings[i], folding->row_severity[i]);

		if (in_row(&j->findings[i], p) && w > worst) {
			worst = w;
			f = &j->findings[i];
		}
	}
	row->id = p;
	row->verdict = row_verdicts[worst];
	if (row->verdict == ROW_PASS) {
		row->message =
			is_waived(j, p) ? "what fails is waived" : fine_message(j, p);
		return;
	}
	row->finding = f && f->n_follows ? f->follows[0] : f;
	row->message = row->finding ? row->finding->message : "";
}

/* Fine although no text says why: the guest has the last one, and that is wanted. */
static void tell_last_display(
	const struct judgement *j, const struct set *set, struct prerequisite_row *row)
{
	const struct fact *left = fact_of(j->facts, set->subject, "displays-left");

	if (row->verdict == ROW_PASS && !*row->message && left->state == FACT_VALUE &&
		!left->n && !left->open)
		row->message = "the guest has the last one";
}

/* Two display adapters matter only where one is to be handed over. */
static void settle_two_gpus(const struct judgement *j, struct prerequisite_row *row)
{
	const struct facts *f = j->facts;
	bool known = f->n_handovers || f->scopes[SCOPE_DEVICE].listed == TRI_TRUE;

	for (size_t i = 0; i < f->n_handovers; i++) {
		if (f->handovers[i]->fn->is_display) {
			tell_last_display(j, f->handovers[i]->set, row);
			return;
		}
		known = known && f->handovers[i]->fn->class_code != 0xffffffff;
	}
	row->finding = NULL;
	row->verdict = known ? ROW_NA : ROW_UNKNOWN;
	if (!known)
		row->message = "the display adapters could not be listed";
	else if (f->n_handovers)
		row->message = "no device to hand over is a display adapter";
	else
		row->message = "no display adapter could be handed over";
}

void judgement_checklist(struct judgement *j, const struct folding *folding)
{
	for (size_t p = 0; p < N_PREREQS; p++)
		fill_row(j, folding, (enum prerequisite)p, &j->prerequisites[p]);
	settle_two_gpus(j, &j->prerequisites[PREREQ_TWO_GPUS]);
}
