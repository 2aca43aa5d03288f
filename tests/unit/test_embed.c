// SPDX-License-Identifier: GPL-2.0-or-later
// The rules inside the program are what the loader makes of their pages.
#include "rule_kit.h"
#include "rules/rule.h"

static bool same_texts(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++)
		if (!text_equal(a[i], b[i]))
			return false;
	return n_a == n_b;
}

static bool same_or_null(const char *a, const char *b)
{
	return a == b || text_equal(a, b);
}

static bool same_test(const struct test *a, const struct test *b)
{
	for (size_t i = 0; a->numbers && b->numbers && i < a->n; i++)
		if (a->numbers[i] != b->numbers[i])
			return false;
	return a->row == b->row && a->link == b->link && a->kind == b->kind &&
		a->negated == b->negated && a->limit == b->limit && a->n == b->n &&
		!a->numbers == !b->numbers && !a->texts == !b->texts &&
		(!a->texts || same_texts(a->texts, a->n, b->texts, b->n));
}

static bool same_pattern(const struct log_pattern *a, const struct log_pattern *b)
{
	const struct template *t = &a->template, *u = &b->template;

	for (size_t i = 0; i < t->n_holes && i < u->n_holes; i++)
		if (!text_equal(t->holes[i].name, u->holes[i].name) ||
			t->holes[i].type != u->holes[i].type)
			return false;
	return text_equal(t->source, u->source) && a->joins == b->joins &&
		same_texts(t->literals, t->n_holes + 1, u->literals, u->n_holes + 1);
}

static bool same_condition(const struct condition *a, const struct condition *b)
{
	bool same = !a == !b;

	if (!a || !b)
		return same;
	same = a->n_tests == b->n_tests && a->n_any == b->n_any && a->n_logs == b->n_logs;
	for (size_t i = 0; same && i < a->n_tests; i++)
		same = same_test(&a->tests[i], &b->tests[i]);
	for (size_t i = 0; same && i < a->n_any; i++)
		same = same_condition(a->any[i], b->any[i]);
	for (size_t i = 0; same && i < a->n_logs; i++)
		same = same_pattern(&a->logs[i], &b->logs[i]);
	return same;
}

static bool same_text(const struct text *a, const struct text *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++) {
		const struct text_piece *p = &a->pieces[i], *q = &b->pieces[i];

		if (!same_or_null(p->literal, q->literal) || p->row != q->row ||
			(p->row && p->link != q->link) || !same_or_null(p->hole, q->hole))
			return false;
	}
	return a->n == b->n && text_equal(a->source, b->source);
}

static bool same_text_array(const struct text *a, const struct text *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!same_text(&a[i], &b[i]))
			return false;
	return true;
}

static bool same_remedy(const struct remedy *a, const struct remedy *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++)
		if (a->steps[i].kind != b->steps[i].kind ||
			a->steps[i].n != b->steps[i].n ||
			!same_text_array(
				a->steps[i].texts, b->steps[i].texts, a->steps[i].n))
			return false;
	return a->n == b->n && same_condition(a->when, b->when);
}

static bool same_examples(const struct rule *a, const struct rule *b)
{
	for (size_t i = 0; a->n_examples == b->n_examples && i < a->n_examples; i++)
		if (a->examples[i].expected != b->examples[i].expected ||
			a->examples[i].line != b->examples[i].line ||
			!text_equal(a->examples[i].text, b->examples[i].text))
			return false;
	return a->n_examples == b->n_examples;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	bool same = text_equal(a->id, b->id) && text_equal(a->title, b->title) &&
		a->area == b->area && a->severity == b->severity &&
		a->scope == b->scope && a->n_remedies == b->n_remedies;

	for (size_t i = 0; same && i < a->n_remedies; i++)
		same = same_remedy(&a->remedies[i], &b->remedies[i]);
	return same && same_condition(a->when, b->when) &&
		same_condition(a->require, b->require) &&
		same_condition(a->forbid, b->forbid) &&
		same_texts(a->say, a->n_say, b->say, b->n_say) &&
		same_texts(a->ok, a->n_ok, b->ok, b->n_ok) &&
		same_text_array(a->say_texts, b->say_texts, a->n_say) &&
		same_text_array(a->ok_texts, b->ok_texts, a->n_ok) &&
		same_texts(a->explains, a->n_explains, b->explains, b->n_explains) &&
		same_texts(a->tags, a->n_tags, b->tags, b->n_tags) &&
		same_texts(
			a->references, a->n_references, b->references, b->n_references) &&
		same_examples(a, b);
}

TEST(embedded_rules_are_as_loaded)
{
	struct rule_error e = { .line = 0 };
	struct rule_set *set = rule_set_load(NULL, &e), *again;
	struct rule_batch b = { .arena = arena_new() };

	for (size_t i = 0; i < set->n; i++)
		rule_batch_add(&b, set->rules[i]->file, set->rules[i]->source,
			strlen(set->rules[i]->source), false);
	again = rule_batch_finish(&b, &e);
	is_str(e.message, "");
	ok(set->n > 0 && again && again->n == set->n);
	for (size_t i = 0; again && i < set->n; i++)
		if (!same_rule(set->rules[i], again->rules[i]))
			tap_fail("%s differs", set->rules[i]->id);
	rule_set_free(set);
	rule_set_free(again);
}
