// SPDX-License-Identifier: GPL-2.0-or-later
// What each verb does.
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "snapshot/codec.h"

/* The rules that the options ask for; NULL after one line on stderr. */
static struct rule_set *load_rules(const struct options *o, int *ret_status)
{
	struct rule_error error;
	struct rule_set *rules = rule_set_load(o->rules_dir, &error);

	if (!rules && !error.line) /* it is not what stands in a file */
		*ret_status = complain(EXIT_INPUT, "%s: %s", error.file, error.message);
	else if (!rules)
		*ret_status = complain(EXIT_DATA, "%s:%zu:%zu: %s", error.file,
			error.line, error.column, error.message);
	return rules;
}

int verb_audit(const struct options *o)
{
	int status = 0;
	struct rule_set *rules = load_rules(o, &status);
	struct snapshot *snap = NULL;

	if (!rules)
		return status;
	snap = input_snapshot(o, o->n_args ? o->args[0] : NULL, &status);
	if (snap) {
		struct facts_request request = { o->guests, o->n_guests };
		struct facts *facts = facts_new(snap, &request);
		struct judgement *judgement = judge(facts, rules);
		struct report_options report = output_report_options(o);
		struct output out;

		output_begin(&out, o);
		o->format->write(judgement, &report, out.memory);
		status = output_end(&out);
		if (!status)
			status = overall_exit_status(judgement->overall);
		judgement_free(judgement);
		facts_free(facts);
	}
	snapshot_free(snap);
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

int verb_explain(const struct options *o)
{
	int status = 0;
	struct rule_set *rules = load_rules(o, &status);
	const char *id = o->args[0];

	if (!rules)
		return status;
	const struct rule *rule = rule_find(rules, id);
	if (rule) {
		struct report_options report = output_report_options(o);
		struct output out;
		output_begin(&out, o);
		explain_rule(rule, &report, out.memory);
		status = output_end(&out);
	} else {
		const char **ids = arena_alloc(o->arena, (rules->n + 1) * sizeof *ids);
		for (size_t i = 0; i < rules->n; i++)
			ids[i] = rules->rules[i]->id;
		const char *near = text_nearest(id, ids, rules->n);
		id = text_clean(o->arena, id, strlen(id));
		status = near ? complain(EXIT_USAGE, "no rule \"%s\"; did you mean %s?",
					id, near)
			      : complain(EXIT_USAGE,
					"no rule \"%s\"; see vfio-doctor rules list", id);
	}
	rule_set_free(rules);
	return status;
}

static int list_rules(const struct options *o)
{
	int status = 0;
	struct rule_set *rules = load_rules(o, &status);
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
		struct rule_set *rules = load_rules(o, &status);
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
