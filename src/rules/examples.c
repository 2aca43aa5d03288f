// SPDX-License-Identifier: GPL-2.0-or-later
// The examples of a rule are its test: facts and log lines in, one verdict out.
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "rules/engine.h"
#include "rules/load_set.h"

/* One example being run; complaints go to OUT with the line in the rule's file. */
struct trial {
	const struct rule *rule;
	const struct example *example;
	FILE *out;
	size_t complaints;
	struct arena *arena;
	struct snapshot *snap;
	struct facts *facts;
	struct subject *subject;
	const char *message; /* of a rule for messages */
};

/* `fact = JSON`, or `>=` for a list that may be incomplete. */
struct given {
	const char *name, *value;
	bool open;
	size_t line;
};

static void complain(struct trial *t, size_t line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void complain(struct trial *t, size_t line, const char *fmt, ...)
{
	va_list ap;

	fprintf(t->out, "%s:%zu: ", t->rule->file, line);
	va_start(ap, fmt);
	vfprintf(t->out, fmt, ap);
	va_end(ap);
	putc('\n', t->out);
	t->complaints++;
}

static bool is_fact_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static bool read_given(struct arena *a, const char *line, struct given *ret)
{
	size_t n = 0;
	const char *p;

	while (is_fact_char(line[n]))
		n++;
	if (n == 0 || line[n] != ' ')
		return false;
	p = line + n + 1;
	ret->open = text_starts(p, ">= ");
	if (!ret->open && !text_starts(p, "= "))
		return false;
	ret->name = arena_strndup(a, line, n);
	ret->value = p + (ret->open ? 3 : 2);
	return true;
}

/* In a rule for messages the line that gives no fact is the message. */
static void read_message(struct trial *t, const char *line, size_t number)
{
	if (t->message)
		complain(t, number, "an example of a rule for message has one message");
	t->message = line;
}

/* Splits the example: lines that give facts, and the log lines into the snapshot. */
static struct given *read_example(struct trial *t, size_t *ret_n)
{
	struct given *given = NULL, one;
	size_t n_lines;
	char **lines = text_lines(t->arena, t->example->text, &n_lines);
	struct snap_log *log = &t->snap->log;

	*ret_n = 0;
	for (size_t i = 0; i < n_lines; i++) {
		if (!*lines[i])
			continue;
		if (!read_given(t->arena, lines[i], &one)) {
			if (t->rule->scope == SCOPE_MESSAGE)
				read_message(t, lines[i], t->example->line + i);
			else
				snap_texts_add(t->snap, &log->lines, lines[i]);
			continue;
		}
		one.line = t->example->line + i;
		*arena_push(t->arena, given, *ret_n) = one;
	}
	if (log->lines.n) {
		const char *message = strchr(log->lines.s[0], ']');

		message = message ? message + 1 : log->lines.s[0];
		log->complete = snap_bool_of(
			text_starts(message + (*message == ' '), "Linux version"));
		snapshot_set_status(t->snap, SOURCE_KERNEL_LOG,
			log->complete.v ? STATUS_OK : STATUS_TRUNCATED, NULL);
	}
	return given;
}

static const char *wanted(const struct fact_row *row)
{
	switch (row->type) {
	case FACT_BOOL:
		return "true or false";
	case FACT_INT:
		return "a whole number or null";
	case FACT_LIST:
	case FACT_DEVS:
		return "a list of texts or null";
	default:
		return "a text or null";
	}
}

static bool read_list(struct trial *t, const json *j, struct fact *ret)
{
	if (json_type(j) != JSON_ARRAY)
		return false;
	json_each (item, j) {
		if (json_type(item) != JSON_STRING)
			return false;
		*arena_push(t->arena, ret->list, ret->n) =
			arena_strdup(t->arena, json_text(item));
	}
	if (ret->type == FACT_DEVS)
		ret->devs = arena_alloc(t->arena, (ret->n + 1) * sizeof *ret->devs);
	return true;
}

static bool read_value(struct trial *t, const json *j, struct fact *ret)
{
	enum json_type type = json_type(j);

	ret->state = FACT_VALUE;
	if (type == JSON_NULL && ret->type != FACT_BOOL && !ret->open) {
		ret->state = FACT_NONE;
		return true;
	}
	switch (ret->type) {
	case FACT_BOOL:
		ret->b = type == JSON_BOOL && json_bool(j);
		return type == JSON_BOOL;
	case FACT_INT:
		if (type != JSON_NUMBER ||
			!(json_number(j) > -9e15 && json_number(j) < 9e15))
			return false;
		ret->i = (int64_t)json_number(j);
		return (double)ret->i == json_number(j);
	case FACT_LIST:
	case FACT_DEVS:
		return read_list(t, j, ret);
	default:
		ret->text = arena_strdup(t->arena, json_text(j));
		if (ret->type == FACT_DEV) {
			ret->n = 1;
			ret->devs = arena_alloc(t->arena, sizeof *ret->devs);
		}
		return type == JSON_STRING;
	}
}

static bool in_enumeration(const struct fact_row *row, const struct fact *v)
{
	if (!row->values || v->state != FACT_VALUE || v->type != FACT_TEXT)
		return true;
	for (size_t i = 0; row->values[i]; i++)
		if (text_equal(row->values[i], v->text))
			return true;
	return false;
}

/* Lays one given fact over what the log alone says. */
static void give(struct trial *t, const struct given *g)
{
	struct json_error error;
	enum link link;
	const struct fact_row *row = fact_resolve(t->rule->scope, g->name, &link);
	struct fact value = { .open = g->open };
	json *j;

	if (!row) {
		complain(t, g->line, "a rule for %s sees no fact \"%s\"",
			scope_name(t->rule->scope), g->name);
		return;
	}
	j = json_parse(g->value, strlen(g->value), &error);
	value.type = row->type;
	if (!j)
		complain(t, g->line, "%s", error.message);
	else if (g->open && row->type != FACT_LIST && row->type != FACT_DEVS)
		complain(t, g->line, "\"%s\" is no list: only = gives it", g->name);
	else if (!read_value(t, j, &value))
		complain(t, g->line, "\"%s\" is %s", g->name, wanted(row));
	else if (!in_enumeration(row, &value))
		complain(t, g->line, "\"%s\" is never \"%s\"", g->name, value.text);
	else
		fact_overlay(t->facts, t->subject, row, &value);
	json_free(j);
}

/* The subject's key as the example gives it; log lines join on it. */
static const char *find_key(struct trial *t, const struct given *given, size_t n)
{
	const char *fact = scope_key_fact(t->rule->scope);
	struct bdf address;

	if (t->rule->scope == SCOPE_MESSAGE)
		return t->message ? t->message : "";

	for (size_t i = 0; i < n; i++) {
		struct json_error error;
		json *j;
		const char *key;

		if (!text_equal(given[i].name, fact))
			continue;
		j = json_parse(given[i].value, strlen(given[i].value), &error);
		if (!j)
			return ""; /* give() says what is wrong */
		key = arena_strdup(t->arena,
			json_type(j) == JSON_NUMBER ? given[i].value : json_text(j));
		json_free(j);
		if (text_equal(fact, "addr") && !bdf_parse(key, &address))
			complain(t, given[i].line, "\"addr\" is an address");
		return key;
	}
	return "";
}

static void run(struct trial *t)
{
	struct finding finding;
	size_t n;
	struct given *given = read_example(t, &n);
	struct facts_request nothing = { 0 };

	t->facts = facts_new(t->snap, &nothing);
	t->subject = facts_add_subject(t->facts, t->rule->scope, find_key(t, given, n));
	for (size_t i = 0; i < n; i++)
		give(t, &given[i]);
	finding_judge(t->facts, t->arena, t->rule, t->subject, 0, &finding);
	if (!t->complaints && finding.verdict != t->example->expected)
		complain(t, t->example->line, "this example of %s comes out as %s: %s",
			verdict_name(t->example->expected), verdict_name(finding.verdict),
			finding.message);
}

static bool example_holds(const struct rule *rule, const struct example *e, FILE *out)
{
	struct trial t = { .rule = rule, .example = e, .out = out };

	t.arena = arena_new();
	t.snap = snapshot_new();
	run(&t);
	facts_free(t.facts);
	snapshot_free(t.snap);
	arena_free(t.arena);
	return t.complaints == 0;
}

static size_t rule_check(const struct rule *rule, FILE *out, size_t *ret_examples)
{
	size_t failed = 0;

	for (size_t i = 0; i < rule->n_examples; i++)
		failed += !example_holds(rule, &rule->examples[i], out);
	*ret_examples += rule->n_examples;
	return failed;
}

size_t rule_file_check(const char *path, FILE *out, size_t *ret_examples)
{
	struct rule_batch b = { .arena = arena_new() };
	size_t complaints;

	*ret_examples = 0;
	rule_batch_add_file(&b, path, false);
	complaints = b.n_errors;
	for (size_t i = 0; i < b.n_errors; i++) {
		const struct rule_error *e = &b.errors[i];

		if (e->line)
			fprintf(out, "%s:%zu:%zu: %s\n", e->file, e->line, e->column,
				e->message);
		else
			fprintf(out, "%s: %s\n", e->file, e->message);
	}
	/* A rule with errors has nothing that could be judged. */
	if (!complaints && b.n)
		complaints = rule_check(b.rules[0].rule, out, ret_examples);
	arena_free(b.arena);
	return complaints;
}

size_t rule_set_check(const struct rule_set *set, FILE *out, size_t *ret_examples)
{
	size_t failed = 0;

	*ret_examples = 0;
	for (size_t i = 0; i < set->n; i++)
		failed += rule_check(set->rules[i], out, ret_examples);
	return failed;
}
