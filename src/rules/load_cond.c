// SPDX-License-Identifier: GPL-2.0-or-later
// The loader's part for conditions: every fact, value and template is checked here, so
// that judging needs no error path.
#include <math.h>

#include "base/text.h"
#include "rules/load.h"

static const double LARGEST_EXACT = 9007199254740992.0; /* 2^53 */

static bool load_integer(struct loader *l, const json *j, int64_t *ret)
{
	double d = json_type(j) == JSON_NUMBER ? json_number(j) : NAN;

	if (!(d >= -LARGEST_EXACT && d <= LARGEST_EXACT) || d != (double)(int64_t)d) {
		load_error_json(l, j, "a whole number must stand here, not %s",
			json_type_name(json_type(j)));
		return false;
	}
	*ret = (int64_t)d;
	return true;
}

static bool is_list(const struct fact_row *row)
{
	return row->type == FACT_LIST || row->type == FACT_DEVS;
}

static void check_enumeration(
	struct loader *l, const json *j, const struct fact_row *row, const char *text)
{
	size_t n = 0;

	if (!row->values)
		return;
	for (; row->values[n]; n++)
		if (text_equal(row->values[n], text))
			return;
	load_error_json(l, j, "\"%s\" is never \"%s\"%s", row->name, text,
		load_did_you_mean(l, text, row->values, n));
}

/* One scalar that a fact is compared with. */
static void load_scalar(struct loader *l, const json *j, struct test *t)
{
	int64_t number;
	size_t n = t->n;

	switch (t->row->type) {
	case FACT_BOOL:
		load_error_json(l, j, "\"%s\" is a bool: only true or false tests it",
			t->row->name);
		return;
	case FACT_INT:
		if (!load_integer(l, j, &number))
			return;
		*arena_push(l->arena, t->numbers, n) = number;
		break;
	default:
		if (json_type(j) != JSON_STRING) {
			load_error_json(l, j, "\"%s\" is compared with text, not with %s",
				t->row->name, json_type_name(json_type(j)));
			return;
		}
		check_enumeration(l, j, t->row, json_text(j));
		*arena_push(l->arena, t->texts, n) = arena_strdup(l->arena, json_text(j));
	}
	t->n = n;
}

static void load_limit(
	struct loader *l, const json *j, struct test *t, enum test_kind kind)
{
	t->kind = kind;
	if (t->row->type != FACT_INT && !is_list(t->row)) {
		load_error_json(l, j,
			"\"%s\" tests a number or the length of a list; "
			"\"%s\" is %s",
			json_key(j), t->row->name, fact_type_name(t->row->type));
		return;
	}
	if (load_integer(l, j, &t->limit) && t->limit < 0 && is_list(t->row))
		load_error_json(l, j, "no list has fewer than 0 elements");
}

static void load_test(struct loader *l, const json *j, struct test *t);

static void load_operator(struct loader *l, const json *j, struct test *t)
{
	static const char *const operators[] = { "not", "min", "max" };
	const json *member = json_first(j);
	const char *name = member ? json_key(member) : "";

	if (json_count(j) != 1) {
		load_error_json(l, j, "a test has one of \"not\", \"min\", \"max\"");
	} else if (text_equal(name, "min")) {
		load_limit(l, member, t, TEST_MIN);
	} else if (text_equal(name, "max")) {
		load_limit(l, member, t, TEST_MAX);
	} else if (text_equal(name, "not")) {
		t->negated = !t->negated;
		load_test(l, member, t);
	} else {
		load_error_json(l, member, "unknown operator \"%s\"%s", name,
			load_did_you_mean(l, name, operators, 3));
	}
}

static void load_test(struct loader *l, const json *j, struct test *t)
{
	t->kind = TEST_ONE_OF;
	switch (json_type(j)) {
	case JSON_BOOL:
		t->kind = json_bool(j) ? TEST_SOME : TEST_NONE;
		break;
	case JSON_NULL:
		load_error_json(l, j, "null is never written in a rule: false says it");
		break;
	case JSON_OBJECT:
		load_operator(l, j, t);
		break;
	case JSON_ARRAY:
		if (!json_first(j))
			load_error_json(l, j, "nothing is one of an empty list");
		json_each (item, j)
			load_scalar(l, item, t);
		break;
	default:
		load_scalar(l, j, t);
	}
}

/* Checks the holes of a template and notes which of them join. */
static void check_holes(struct loader *l, const json *j, struct log_pattern *p)
{
	enum scope scope = l->rule->scope;
	const char *key = scope_key_fact(scope);
	enum link link;

	for (size_t i = 0; i < p->template.n_holes; i++) {
		const char *name = p->template.holes[i].name;
		bool known = false;

		if (!*name)
			continue;
		if (text_equal(name, key))
			p->joins |= 1u << i;
		else if (fact_resolve(scope, name, &link))
			load_error_json(l, j,
				"hole \"%s\" has the name of a fact that is "
				"not the key of scope %s",
				name, scope_name(scope));
		for (size_t k = 0; k < l->n_holes; k++)
			known = known || text_equal(l->holes[k], name);
		if (!known)
			*arena_push(l->arena, l->holes, l->n_holes) = name;
	}
}

static void load_log(struct loader *l, const json *j, struct condition *c)
{
	const char **sources, *error;
	size_t n;

	if (l->rule->severity >= SEVERITY_BLOCKER)
		load_error_json(l, j, "a %s rests on facts alone: no \"log\" here",
			severity_name(l->rule->severity));
	if (!load_strings(l, j, &sources, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		struct log_pattern p = { 0 };

		if (!template_compile(l->arena, sources[i], &p.template, &error)) {
			load_error_json(l, j, "template %s", error);
			continue;
		}
		check_holes(l, j, &p);
		*arena_push(l->arena, c->logs, c->n_logs) = p;
	}
}

static void load_any(struct loader *l, const json *j, struct condition *c, bool guard)
{
	if (json_type(j) != JSON_ARRAY || json_count(j) < 2) {
		load_error_json(l, j, "\"any\" is a list of two conditions or more");
		return;
	}
	json_each (item, j) {
		const struct condition *alternative = load_condition(l, item, guard);
		if (alternative)
			*arena_push(l->arena, c->any, c->n_any) = alternative;
	}
}

static void load_fact_test(
	struct loader *l, const json *j, struct condition *c, bool guard)
{
	struct test t = { 0 };

	t.row = load_fact(l, j, json_key(j), &t.link);
	if (!t.row)
		return;
	if (t.row->soft && !guard && l->rule->severity != SEVERITY_NOTE)
		load_error_json(l, j,
			"\"%s\" is a soft fact: a rule that rests on it is a "
			"note",
			t.row->name);
	load_test(l, j, &t);
	*arena_push(l->arena, c->tests, c->n_tests) = t;
}

struct condition *load_condition(struct loader *l, const json *j, bool guard)
{
	struct condition *c;

	if (json_type(j) != JSON_OBJECT || !json_first(j)) {
		load_error_json(l, j, "a condition is an object with at least one test");
		return NULL;
	}
	c = arena_new_object(l->arena, struct condition);
	json_each (member, j) {
		if (text_equal(json_key(member), "any"))
			load_any(l, member, c, guard);
		else if (text_equal(json_key(member), "log"))
			load_log(l, member, c);
		else
			load_fact_test(l, member, c, guard);
	}
	return c;
}
