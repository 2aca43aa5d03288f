// SPDX-License-Identifier: GPL-2.0-or-later
// The report for Prometheus: gauges in the text format that its parsers share.
#include "report/monitored.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"

/*
 * https://prometheus.io/docs/specs/om/open_metrics_spec/ and the older text format at once:
 * the textfile collector of node_exporter reads only the latter, which has no type "info" or
 * "stateset", so that all are gauges; what is one of several states is a sample for each
 * state, 1 or 0, as a stateset has it.
 */
struct metrics {
	struct strbuf b;
	const struct report_model *m;
};

static void add_family(struct metrics *to, const char *name, const char *help)
{
	strbuf_addf(&to->b, "# HELP vfio_doctor_%s %s\n# TYPE vfio_doctor_%s gauge\n",
		name, help, name);
}

/* A label's value: backslash, quotation mark and line feed are escaped. */
static void add_value(struct strbuf *b, const char *text)
{
	for (const char *p = text ? text : ""; *p; p++) {
		if (*p == '\\' || *p == '"')
			strbuf_add_char(b, '\\');
		if (*p == '\n')
			strbuf_add(b, "\\n");
		else
			strbuf_add_char(b, *p);
	}
}

/* Up to four labels; a NULL name ends them. */
struct label {
	const char *name, *value;
};

static void add_sample(
	struct metrics *to, const char *name, const struct label *labels, uint64_t value)
{
	strbuf_addf(&to->b, "vfio_doctor_%s", name);
	for (size_t i = 0; labels && labels[i].name; i++) {
		strbuf_addf(&to->b, "%c%s=\"", i ? ',' : '{', labels[i].name);
		add_value(&to->b, labels[i].value);
		strbuf_add_char(&to->b, '"');
	}
	strbuf_addf(
		&to->b, "%s %" PRIu64 "\n", labels && labels[0].name ? "}" : "", value);
}

#define LABELS(...)                                                                      \
	(const struct label[])                                                           \
	{                                                                                \
		__VA_ARGS__,                                                             \
		{                                                                        \
			NULL, NULL                                                       \
		}                                                                        \
	}

static void add_machine(struct metrics *to, const struct report_options *options)
{
	const struct judgement *j = to->m->j;
	const struct snapshot *s = j->facts->snap;
	const char *kernel = snap_str(s->kernel.release);

	add_family(to, "build_info", "Version of vfio-doctor; always 1.");
	add_sample(to, "build_info", LABELS({ "version", VFIO_DOCTOR_VERSION }), 1);
	add_family(to, "machine_info", "What was audited; always 1.");
	add_sample(to, "machine_info",
		LABELS({ "kernel", kernel }, { "cpu", machine_cpu(to->m->arena, s) },
			{ "board", machine_board(to->m->arena, s) }),
		1);
	if (options->now) {
		add_family(to, "last_run_timestamp_seconds",
			"When this was written, in seconds since 1970.");
		add_sample(
			to, "last_run_timestamp_seconds", NULL, (uint64_t)options->now);
	}
	add_family(to, "verdict", "The verdict on all targets: one of these is 1.");
	for (enum overall o = OVERALL_OK; o <= OVERALL_NO_TARGET; o++)
		add_sample(to, "verdict", LABELS({ "verdict", overall_name(o) }),
			o == j->overall);
	add_family(to, "status",
		"Exit status of the audit: 0 ok, 1 warning, 2 blocked, "
		"3 unknown or no target.");
	add_sample(to, "status", NULL, (uint64_t)report_status(j, options->since));
	if (options->since) {
		add_family(to, "baseline_worse",
			"1 if something got worse since the baseline.");
		add_sample(to, "baseline_worse", NULL, baseline_alarms(options->since));
	}
}

static void add_prerequisites(struct metrics *to)
{
	add_family(to, "prerequisite",
		"The verdict on each prerequisite: one of its samples is 1.");
	for (size_t i = 0; i < N_PREREQS; i++) {
		const struct prerequisite_row *row = &to->m->j->prerequisites[i];
		for (enum row_verdict v = ROW_PASS; v <= ROW_NA; v++)
			add_sample(to, "prerequisite",
				LABELS({ "prerequisite", prerequisite_id(row->id) },
					{ "verdict", row_verdict_name(v) }),
				v == row->verdict);
	}
}

static void add_targets(struct metrics *to)
{
	const struct judgement *j = to->m->j;

	add_family(to, "target", "The verdict on each target: one of its samples is 1.");
	for (size_t i = 0; i < j->n_devices && j->facts->has_targets; i++) {
		const struct device_judgement *d = &j->devices[i];
		for (enum device_verdict v = DEVICE_BLOCKED;
			d->verdict != DEVICE_NONE && v <= DEVICE_ASSIGNABLE; v++)
			add_sample(to, "target",
				LABELS({ "address", d->fn->addr },
					{ "verdict", device_verdict_name(v) }),
				v == d->verdict);
	}
}

static void add_findings(struct metrics *to)
{
	const struct summary *s = &to->m->j->summary;

	add_family(to, "findings", "Findings by what they came to.");
	add_sample(to, "findings", LABELS({ "kind", "blocker" }), s->blocker);
	add_sample(to, "findings", LABELS({ "kind", "warning" }), s->warning);
	add_sample(to, "findings", LABELS({ "kind", "note" }), s->note);
	add_sample(to, "findings", LABELS({ "kind", "unknown" }), s->unknown);
	add_sample(to, "findings", LABELS({ "kind", "pass" }), s->pass);
	size_t n_waived = 0;
	for (size_t i = 0; i < to->m->j->n; i++)
		n_waived += to->m->j->findings[i].waived != NULL;
	add_family(to, "waived", "Findings that a waiver takes out of the verdict.");
	add_sample(to, "waived", NULL, n_waived);
	add_family(to, "problem_info",
		"Each blocker and warning that is nobody's consequence; always 1.");
	for (size_t i = 0; i < to->m->n_problems; i++) {
		const struct problem *p = &to->m->problems[i];
		for (size_t k = 0; k < p->n; k++)
			add_sample(to, "problem_info",
				LABELS({ "rule", p->rule->id },
					{ "subject",
						p->findings[k]->subject
							? p->findings[k]->subject->key
							: "" },
					{ "severity",
						severity_report_name(
							p->findings[k]->severity) }),
				1);
	}
}

static void add_sources(struct metrics *to)
{
	const struct snapshot *s = to->m->j->facts->snap;

	add_family(to, "source",
		"What became of each source of evidence: one of its samples "
		"is 1.");
	for (enum source i = 0; i < N_SOURCES; i++)
		for (enum source_status v = STATUS_MISSING; v < N_STATUSES; v++)
			add_sample(to, "source",
				LABELS({ "source", source_name(i) },
					{ "status", source_status_name(v) }),
				v == snapshot_status(s, i));
}

void report_openmetrics(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct report_model *m = model_new(j);
	struct metrics to = { .m = m };

	add_machine(&to, options);
	add_prerequisites(&to);
	add_targets(&to);
	add_findings(&to);
	add_sources(&to);
	strbuf_add(&to.b, "# EOF\n");
	fputs(strbuf_text(&to.b), out);
	strbuf_free(&to.b);
	model_free(m);
}
