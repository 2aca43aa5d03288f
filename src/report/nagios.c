// SPDX-License-Identifier: GPL-2.0-or-later
// The report for Nagios, Icinga and their kin: a status line, numbers, then the details.
#include "report/monitored.h"

#include <string.h>

#include "base/text.h"
#include "report/report.h"

/*
 * Monitoring Plugins Development Guidelines,
 * https://www.monitoring-plugins.org/doc/guidelines.html: the statuses of a plugin are those
 * of an audit; numbers stand behind a `|`, so that no text may hold one.
 */
static const char *const states[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

void nagios_line(struct strbuf *b, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '|')
			strbuf_add(b, "\u00a6");
		else if (*p == '<')
			strbuf_add(b, "\u2039");
		else if (*p == '>')
			strbuf_add(b, "\u203a");
		else
			strbuf_add_char(b, *p == '\n' || *p == '\t' ? ' ' : *p);
	}
}

/* Candidates are no targets. */
static size_t count_targets(const struct report_model *m, enum device_verdict verdict)
{
	return m->j->facts->has_targets ? model_count_answers(m, verdict) : 0;
}

static void add_answer(struct strbuf *b, const struct answer *a)
{
	nagios_line(b, a->slot);
	strbuf_add_char(b, ' ');
	nagios_line(b, a->name);
	if (a->word) {
		strbuf_add(b, ": ");
		nagios_line(b, a->word);
	}
	if (a->because && *a->because) {
		strbuf_add(b, ", ");
		nagios_line(b, a->because);
	}
}

/* What a person who is woken reads first. */
static void add_status(struct strbuf *b, const struct report_model *m)
{
	size_t ready = count_targets(m, DEVICE_READY);
	size_t assignable = count_targets(m, DEVICE_ASSIGNABLE);
	const struct answer *worst = NULL;

	switch (m->j->overall) {
	case OVERALL_BLOCKED:
		worst = model_first_answer(m, DEVICE_BLOCKED);
		break;
	case OVERALL_UNKNOWN:
		worst = model_first_answer(m, DEVICE_UNKNOWN);
		break;
	case OVERALL_NO_TARGET:
		nagios_line(b,
			m->heading ? m->heading : "no device is set aside for a guest");
		return;
	case OVERALL_WARNING:
		if (m->n_problems) {
			nagios_line(b, m->problems[0].findings[0]->message);
			return;
		}
		break;
	case OVERALL_OK:
		break;
	}
	if (worst)
		add_answer(b, worst);
	else
		strbuf_addf(
			b, "%zu ready, %zu assignable after binding", ready, assignable);
}

/* 'label'=value;warn;crit;min: a range with one end alarms above it (guidelines, "Threshold
 * and Ranges"). */
static void add_numbers(struct strbuf *b, const struct report_model *m)
{
	const struct summary *s = &m->j->summary;

	strbuf_addf(b, " | ready=%zu assignable=%zu blocked=%zu;;0;0 undecided=%zu;0;;0",
		count_targets(m, DEVICE_READY), count_targets(m, DEVICE_ASSIGNABLE),
		count_targets(m, DEVICE_BLOCKED), count_targets(m, DEVICE_UNKNOWN));
	strbuf_addf(b, " blockers=%zu warnings=%zu;0;;0 notes=%zu unknown=%zu\n",
		s->blocker, s->warning, s->note, s->unknown);
}

/* What got worse since the baseline; the first of it where that is much. */
static void add_since(struct strbuf *b, const struct report_model *m)
{
	size_t n;
	const char **worse = baseline_worse(m->since, m->arena, &n);

	if (!n) {
		strbuf_addf(b, "nothing got worse since the baseline; the verdict is %s",
			overall_name(m->j->overall));
		return;
	}
	strbuf_add(b, "worse than the baseline: ");
	nagios_line(b, worse[0]);
	if (n > 1)
		strbuf_addf(b, " and %zu more", n - 1);
}

static void add_waived(struct strbuf *b, const struct report_model *m)
{
	size_t n;
	const struct waived *v = waived_list(m->j, m->arena, &n);

	for (size_t i = 0; i < n; i++) {
		const struct finding *f = v[i].finding;

		strbuf_add(b, f ? "waived: " : "waiver that fits nothing: ");
		nagios_line(b,
			f ? finding_name(m->arena, f)
			  : waiver_name(m->arena, v[i].waiver));
		strbuf_add(b, ": ");
		nagios_line(b, v[i].waiver->reason);
		strbuf_add_char(b, '\n');
	}
}

static void add_problem(struct strbuf *b, const struct problem *p)
{
	for (size_t i = 0; i < p->n; i++) {
		strbuf_addf(
			b, "(%zu) %s: ", p->number, severity_report_name(p->severity));
		nagios_line(b, p->findings[i]->message);
		strbuf_addf(b, " [%s]\n", p->rule->id);
	}
}

void report_nagios(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct report_model *m = model_new(j);
	struct strbuf b = { 0 };

	m->since = options->since;
	strbuf_addf(&b, "VFIO %s - ", states[report_status(j, m->since)]);
	if (m->since)
		add_since(&b, m);
	else
		add_status(&b, m);
	add_numbers(&b, m);
	for (size_t i = 0; i < m->n_answers && j->facts->has_targets; i++) {
		if (m->answers[i].device->verdict == DEVICE_NONE)
			continue; /* a display that stays */
		add_answer(&b, &m->answers[i]);
		strbuf_add_char(&b, '\n');
	}
	for (size_t i = 0; i < m->n_problems; i++)
		add_problem(&b, &m->problems[i]);
	add_waived(&b, m);
	for (size_t i = 0; i < m->n_unseen; i++) {
		if (!m->unseen[i].decides)
			continue;
		strbuf_add(&b, "not seen: ");
		nagios_line(&b, m->unseen[i].sources);
		strbuf_add_char(&b, '\n');
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
	model_free(m);
}
