// SPDX-License-Identifier: GPL-2.0-or-later
// What each verb does.
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "report/diff_report.h"
#include "report/plan_report.h"
#include "snapshot/codec.h"

/* What is judged of one snapshot; zero-initialise, release with judged_free(). */
struct judged {
	struct snapshot *snap;
	struct facts *facts;
	struct judgement *judgement;
};

/* How to judge. */
struct request {
	struct facts_request facts;
	const struct waivers *waivers; /* NULL: none */
};

/* Judges FILE, or what the options say to collect. False after one line on stderr. */
static bool judge_for(const struct options *o, const struct rule_set *rules,
	const char *file, const struct request *request, struct judged *ret,
	int *ret_status)
{
	ret->snap = input_snapshot(o, file, ret_status);
	if (!ret->snap)
		return false;
	ret->facts = facts_new(ret->snap, &request->facts);
	ret->judgement = judge_with(ret->facts, rules, request->waivers);
	return true;
}

static bool judge_one(const struct options *o, const struct rule_set *rules,
	const char *file, struct judged *ret, int *ret_status)
{
	struct request request = { .facts = { o->guests, o->n_guests } };

	return judge_for(o, rules, file, &request, ret, ret_status);
}

static void judged_free(struct judged *j)
{
	judgement_free(j->judgement);
	facts_free(j->facts);
	snapshot_free(j->snap);
}

/* Writes the report, held against the baseline if there is one. */
static int write_audit(const struct options *o, const struct judgement *j,
	const struct judgement *baseline)
{
	struct diff *since = baseline ? diff_new(baseline, j) : NULL;
	struct report_options report = output_report_options(o);
	struct output out;

	report.since = since;
	output_begin(&out, o);
	report_format_by_name(o->format)->write(j, &report, out.memory);
	int verdict = report_status(j, since);
	int status = output_end(&out);
	diff_free(since);
	return status ? status : verdict;
}

static int audit(const struct options *o, const struct rule_set *rules,
	const struct waivers *waivers)
{
	struct request request = { { o->guests, o->n_guests }, waivers };
	struct judged baseline = { 0 }, j = { 0 };
	int status = 0;

	if ((!o->baseline ||
		    judge_for(o, rules, o->baseline, &request, &baseline, &status)) &&
		judge_for(o, rules, o->n_args ? o->args[0] : NULL, &request, &j, &status))
		status = write_audit(o, j.judgement, baseline.judgement);
	judged_free(&j);
	judged_free(&baseline);
	return status;
}

int verb_audit(const struct options *o)
{
	int status = 0;
	struct waivers waivers;
	bool many = text_equal(o->format, "ndjson");

	if (o->n_args > 1 && !many)
		return complain(EXIT_USAGE,
			"a report is about one snapshot; for many: --format ndjson");
	if (o->baseline && many)
		return complain(EXIT_USAGE,
			"a baseline is of one machine; --format ndjson is for many");
	struct rule_set *rules = input_rules(o, &status);
	if (!rules)
		return status;
	if (waivers_read(o, rules, &waivers, &status))
		status = many ? fleet_run(o, rules, &waivers) : audit(o, rules, &waivers);
	rule_set_free(rules);
	return status;
}

static int write_plan(const struct options *o, const struct judgement *j)
{
	struct plan *p = plan_new(j);
	struct report_options report = output_report_options(o);
	struct output out;
	int status;

	if (p->refusal) {
		status = complain(EXIT_DATA, "%s", p->refusal);
	} else {
		output_begin(&out, o);
		plan_writer(o->format)(p, &report, out.memory);
		status = output_end(&out);
	}
	plan_free(p);
	return status;
}

int verb_plan(const struct options *o)
{
	int status = 0;
	struct judged j = { 0 };

	if (!o->n_guests)
		return complain(EXIT_USAGE,
			"a plan is for certain functions: name them with --guest");
	struct rule_set *rules = input_rules(o, &status);
	if (!rules)
		return status;
	if (judge_one(o, rules, o->n_args ? o->args[0] : NULL, &j, &status))
		status = write_plan(o, j.judgement);
	judged_free(&j);
	rule_set_free(rules);
	return status;
}

int verb_snapshot(const struct options *o)
{
	int status = 0;
	struct snapshot *snap = input_snapshot(o, NULL, &status);
	struct output out;

	if (!snap)
		return status;
	output_begin(&out, o);
	fputs(snapshot_write(snap, snap->arena), out.memory);
	status = output_end(&out);
	snapshot_free(snap);
	return status;
}

static int no_such_rule(const struct options *o, const struct rule_set *rules)
{
	const char *id = text_clean(o->arena, o->args[0], strlen(o->args[0]));
	const char **ids = arena_alloc(o->arena, (rules->n + 1) * sizeof *ids);

	for (size_t i = 0; i < rules->n; i++)
		ids[i] = rules->rules[i]->id;
	const char *near = text_nearest(o->args[0], ids, rules->n);
	if (near)
		return complain(EXIT_USAGE, "no rule \"%s\"; did you mean %s?", id, near);
	return complain(EXIT_USAGE,
		"no rule \"%s\", and no PCI address like 01:00.0; see vfio-doctor rules list",
		id);
}

static int explain_one_rule(const struct options *o, const struct rule_set *rules)
{
	const struct rule *rule = rule_find(rules, o->args[0]);
	struct report_options report = output_report_options(o);
	struct output out;

	if (!rule)
		return no_such_rule(o, rules);
	if (o->n_args > 1)
		return complain(EXIT_USAGE,
			"explain %s says the same on every machine: it takes no snapshot",
			rule->id);
	output_begin(&out, o);
	explain_rule(rule, &report, out.memory);
	return output_end(&out);
}

static int write_device(
	const struct options *o, const struct judged *j, struct bdf address)
{
	const struct fn *fn = facts_find(j->facts, address);
	struct report_options report = output_report_options(o);
	struct output out;
	char full[BDF_TEXT];

	if (!fn)
		return complain(EXIT_DATA, "there is no PCI function %s",
			bdf_format(address, full));
	output_begin(&out, o);
	explain_device(j->judgement, fn, &report, out.memory);
	return output_end(&out);
}

/* Judged as a guest, with those of --guest beside it. */
static int explain_one_device(
	const struct options *o, const struct rule_set *rules, struct bdf address)
{
	int status = 0;
	struct judged j = { 0 };
	const char **guests = arena_alloc(o->arena, (o->n_guests + 1) * sizeof *guests);
	struct request request = { .facts = { guests, 0 } };
	char full[BDF_TEXT];

	guests[request.facts.n_guests++] = bdf_format(address, full);
	for (size_t i = 0; i < o->n_guests; i++)
		if (strcmp(o->guests[i], full) != 0)
			guests[request.facts.n_guests++] = o->guests[i];
	if (judge_for(o, rules, o->n_args > 1 ? o->args[1] : NULL, &request, &j, &status))
		status = write_device(o, &j, address);
	judged_free(&j);
	return status;
}

int verb_explain(const struct options *o)
{
	int status = 0;
	struct rule_set *rules = input_rules(o, &status);
	struct bdf address;

	if (!rules)
		return status;
	if (bdf_parse(o->args[0], &address))
		status = explain_one_device(o, rules, address);
	else
		status = explain_one_rule(o, rules);
	rule_set_free(rules);
	return status;
}

/* The statuses of diff(1) but for 2: it got worse. */
static int write_diff(const struct options *o, diff_function *write,
	const struct judged *old, const struct judged *new)
{
	struct diff *d = diff_new(old->judgement, new->judgement);
	struct report_options report = output_report_options(o);
	enum trend trend = d->trend;
	struct output out;

	output_begin(&out, o);
	write(d, &report, out.memory);
	diff_free(d);
	int status = output_end(&out);
	if (status)
		return status;
	return trend == TREND_SAME ? 0 : trend == TREND_WORSE ? 2 : 1;
}

int verb_diff(const struct options *o)
{
	int status = 0;
	diff_function *write = diff_writer(o->format);
	const char *new_file = o->n_args > 1 ? o->args[1] : NULL;
	struct judged old = { 0 }, new = { 0 };

	if (new_file && strcmp(o->args[0], "-") == 0 && strcmp(new_file, "-") == 0)
		return complain(EXIT_USAGE, "only one of the two can be standard input");
	struct rule_set *rules = input_rules(o, &status);
	if (!rules)
		return status;
	if (judge_one(o, rules, o->args[0], &old, &status) &&
		judge_one(o, rules, new_file, &new, &status))
		status = write_diff(o, write, &old, &new);
	judged_free(&new);
	judged_free(&old);
	rule_set_free(rules);
	return status;
}

static int list_rules(const struct options *o)
{
	int status = 0;
	struct rule_set *rules = input_rules(o, &status);
	struct output out;

	if (!rules)
		return status;
	output_begin(&out, o);
	for (size_t i = 0; i < rules->n; i++)
		fprintf(out.memory, "%-28s %-8s %s\n", rules->rules[i]->id,
			severity_name(rules->rules[i]->severity), rules->rules[i]->title);
	rule_set_free(rules);
	return output_end(&out);
}

static int check_rules(const struct options *o)
{
	size_t wrong = 0, examples = 0, total = 0;

	if (o->n_args > 1) {
		for (size_t i = 1; i < o->n_args; i++) {
			wrong += rule_file_check(o->args[i], stderr, &examples);
			total += examples;
		}
	} else {
		int status = 0;
		struct rule_set *rules = input_rules(o, &status);
		if (!rules)
			return status;
		wrong = rule_set_check(rules, stderr, &total);
		rule_set_free(rules);
	}
	printf("%zu examples, %zu wrong\n", total, wrong);
	return wrong ? EXIT_DATA : 0;
}

int verb_rules(const struct options *o)
{
	if (strcmp(o->args[0], "list") == 0 && o->n_args == 1)
		return list_rules(o);
	if (strcmp(o->args[0], "check") == 0)
		return check_rules(o);
	return complain(EXIT_USAGE, "usage: vfio-doctor rules list | check [FILE]…");
}

int verb_docs(const struct options *o)
{
	bool facts = strcmp(o->args[0], "facts") == 0;
	struct output out;

	if (!facts && strcmp(o->args[0], "snapshot") != 0)
		return complain(EXIT_USAGE, "usage: vfio-doctor docs facts | snapshot");
	output_begin(&out, o);
	if (facts)
		facts_describe(out.memory);
	else
		snapshot_describe(out.memory);
	return output_end(&out);
}
