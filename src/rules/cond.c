// SPDX-License-Identifier: GPL-2.0-or-later
// Conditions in Kleene logic. Every test is monotone: taking a fact or a line away may
// turn its outcome into unknown, and never true into false or false into true.
#include "rules/cond.h"

#include <string.h>

#include "base/text.h"

enum {
	/* More are no help to a reader, and a log can hold any number. */
	MOST_VALUES = 256,
	MOST_EVIDENCE = 64,
	/* `01:00.0`: as much of an address as every spelling of it ends with */
	BDF_TAIL = 7,
};

static bool fact_is_list(const struct fact *v)
{
	return v->type == FACT_LIST || v->type == FACT_DEVS;
}

/* Of an open list, what is there counts and what is not there is unknown. */
static enum tri open_or_false(const struct fact *v)
{
	return v->open ? TRI_UNKNOWN : TRI_FALSE;
}

static enum tri test_some(const struct fact *v)
{
	if (v->state == FACT_NONE)
		return open_or_false(v);
	if (v->type == FACT_BOOL)
		return tri_of(v->b);
	if (fact_is_list(v))
		return v->n ? TRI_TRUE : open_or_false(v);
	return TRI_TRUE;
}

static bool test_has_text(const struct test *t, const char *text)
{
	for (size_t i = 0; i < t->n; i++)
		if (text_equal(t->texts[i], text))
			return true;
	return false;
}

static enum tri test_one_of(const struct test *t, const struct fact *v)
{
	if (v->state == FACT_NONE)
		return open_or_false(v);
	if (fact_is_list(v)) {
		for (size_t i = 0; i < v->n; i++)
			if (test_has_text(t, v->list[i]))
				return TRI_TRUE;
		return open_or_false(v);
	}
	if (v->type != FACT_INT)
		return tri_of(test_has_text(t, v->text));
	for (size_t i = 0; i < t->n; i++)
		if (t->numbers[i] == v->i)
			return TRI_TRUE;
	return TRI_FALSE;
}

static enum tri test_limit(const struct test *t, const struct fact *v)
{
	bool list = fact_is_list(v), min = t->kind == TEST_MIN;
	int64_t value = list ? (int64_t)v->n : v->i;

	if (v->state == FACT_NONE && !list)
		return TRI_FALSE;
	if (list && v->open && value < t->limit + !min)
		return TRI_UNKNOWN;
	return tri_of(min ? value >= t->limit : value <= t->limit);
}

static enum tri test_value(const struct test *t, const struct fact *v)
{
	if (v->state == FACT_ABSENT)
		return TRI_UNKNOWN;
	switch (t->kind) {
	case TEST_SOME:
		return test_some(v);
	case TEST_NONE:
		return tri_not(test_some(v));
	case TEST_ONE_OF:
		return test_one_of(t, v);
	default:
		return test_limit(t, v);
	}
}

static void add_origin(struct evaluation *e, const char *source, const char *text)
{
	struct origin *o;

	for (o = e->evidence; o; o = o->next)
		if (text_equal(o->source, source) && text_equal(o->text, text))
			return;
	if (e->n_evidence++ >= MOST_EVIDENCE)
		return;
	if (!e->evidence)
		e->evidence_end = &e->evidence;
	o = arena_new_object(e->arena, struct origin);
	*o = (struct origin){ .source = source, .text = text };
	*e->evidence_end = o;
	e->evidence_end = &o->next;
}

static enum tri judge_test(struct evaluation *e, const struct test *t, bool record)
{
	const struct fact *v = fact_get(e->facts, e->subject, t->row, t->link);
	enum tri outcome = test_value(t, v);

	for (const struct origin *o = v->origins; record && o; o = o->next)
		add_origin(e, o->source, o->text);
	if (outcome == TRI_UNKNOWN)
		e->missing |= v->missing;
	return t->negated ? tri_not(outcome) : outcome;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
}

/* Cheap, since a log can hold thousands of lines and a machine hundreds of functions. */
static bool same_tail(const char *key, size_t key_n, struct span s)
{
	if (key_n < BDF_TAIL || s.n < BDF_TAIL)
		return false;
	for (size_t i = 1; i <= BDF_TAIL; i++)
		if (lower(key[key_n - i]) != lower(s.s[s.n - i]))
			return false;
	return true;
}

static bool same_address(const char *key, size_t key_n, struct span s)
{
	char text[BDF_TEXT];
	struct bdf a, b;

	if (s.n >= sizeof text || !same_tail(key, key_n, s))
		return false;
	memcpy(text, s.s, s.n);
	text[s.n] = '\0';
	return bdf_parse(key, &a) && bdf_parse(text, &b) && bdf_compare(a, b) == 0;
}

/* Does what the hole matched name the subject? */
static bool joins_subject(const struct subject *subject, struct span s)
{
	const char *key = subject->key;
	size_t n = strlen(key);

	switch (subject->scope) {
	case SCOPE_DEVICE:
	case SCOPE_TARGET:
	case SCOPE_ADDRESS:
		return same_address(key, n, s);
	case SCOPE_VFIO_ID: /* the key goes on with the place of the item */
		n = strcspn(key, " @");
		break;
	default:
		break;
	}
	return s.n == n && memcmp(key, s.s, n) == 0;
}

static struct binding *find_binding(struct evaluation *e, const char *name)
{
	for (size_t i = 0; i < e->n_bindings; i++)
		if (text_equal(e->bindings[i].name, name))
			return &e->bindings[i];
	*arena_push(e->arena, e->bindings, e->n_bindings) =
		(struct binding){ .name = name };
	return &e->bindings[e->n_bindings - 1];
}

static void bind_value(struct evaluation *e, const char *name, struct span s)
{
	struct binding *b = find_binding(e, name);

	for (size_t i = 0; i < b->n; i++)
		if (strlen(b->values[i]) == s.n && memcmp(b->values[i], s.s, s.n) == 0)
			return;
	if (b->n < MOST_VALUES)
		*arena_push(e->arena, b->values, b->n) =
			arena_strndup(e->arena, s.s, s.n);
}

/* Keeps the first lines of the log, whichever template they fit. */
static void keep_line(struct evaluation *e, const struct klog_match *m)
{
	size_t at = e->n_lines;

	for (size_t i = 0; i < e->n_lines; i++)
		if (e->lines[i]->line == m->line)
			return;
	while (at && e->lines[at - 1]->line > m->line)
		at--;
	if (at == EVIDENCE_LINES)
		return;
	if (e->n_lines < EVIDENCE_LINES)
		e->n_lines++;
	memmove(&e->lines[at + 1], &e->lines[at],
		(e->n_lines - 1 - at) * sizeof e->lines[0]);
	e->lines[at] = m;
}

static bool match_joins(const struct evaluation *e, const struct log_pattern *p,
	const struct klog_match *m)
{
	for (size_t i = 0; i < p->template.n_holes; i++)
		if (p->joins & 1u << i && !joins_subject(e->subject, m->spans[i]))
			return false;
	return true;
}

static bool pattern_fits(struct evaluation *e, const struct log_pattern *p)
{
	bool found = false;
	size_t n;
	const struct klog_match *matches = klog_match_all(e->facts, &p->template, &n);

	for (size_t i = 0; i < n; i++) {
		if (!match_joins(e, p, &matches[i]))
			continue;
		found = true;
		keep_line(e, &matches[i]);
		for (size_t k = 0; k < p->template.n_holes; k++)
			if (*p->template.holes[k].name)
				bind_value(e, p->template.holes[k].name,
					matches[i].spans[k]);
	}
	return found;
}

/* A quoted message is whole: a template fits it or does not. */
static bool pattern_fits_message(struct evaluation *e, const struct log_pattern *p)
{
	struct span spans[TEMPLATE_MAX_HOLES];

	if (!template_match(&p->template, e->subject->key, spans))
		return false;
	e->quoted = e->subject->key;
	for (size_t k = 0; k < p->template.n_holes; k++)
		if (*p->template.holes[k].name)
			bind_value(e, p->template.holes[k].name, spans[k]);
	return true;
}

static enum tri judge_message(struct evaluation *e, const struct condition *c)
{
	bool found = false;

	for (size_t i = 0; i < c->n_logs; i++)
		found |= pattern_fits_message(e, &c->logs[i]);
	return tri_of(found);
}

static enum tri judge_log(struct evaluation *e, const struct condition *c)
{
	bool found = false;

	if (e->subject->scope == SCOPE_MESSAGE)
		return judge_message(e, c);

	for (size_t i = 0; i < c->n_logs; i++)
		found |= pattern_fits(e, &c->logs[i]);
	if (found)
		return TRI_TRUE;
	bool all = true;
	for (size_t i = 0; i < c->n_logs; i++)
		all &= klog_lacks_none(e->facts, &c->logs[i].template);
	if (all)
		return TRI_FALSE;
	e->missing |= 1u << SOURCE_KERNEL_LOG;
	return TRI_UNKNOWN;
}

enum tri condition_judge(struct evaluation *e, const struct condition *c, bool record)
{
	uint32_t missing = e->missing;
	enum tri all = TRI_TRUE;

	/* No test is skipped: what was consulted must not depend on an order. */
	for (size_t i = 0; i < c->n_tests; i++)
		all = tri_and(all, judge_test(e, &c->tests[i], record));
	if (c->n_any) {
		enum tri one = TRI_FALSE;

		for (size_t i = 0; i < c->n_any; i++)
			one = tri_or(one, condition_judge(e, c->any[i], record));
		all = tri_and(all, one);
	}
	if (c->n_logs)
		all = tri_and(all, judge_log(e, c));
	if (all != TRI_UNKNOWN)
		e->missing = missing;
	return all;
}

const struct origin *evaluation_evidence(struct evaluation *e)
{
	if (e->quoted)
		add_origin(e, "quoted message", e->quoted);
	for (size_t i = 0; i < e->n_lines; i++) {
		const struct klog_line *line = e->lines[i]->line;
		const char *source = "kernel log";

		if (*line->stamp)
			source = arena_printf(e->arena, "kernel log %s", line->stamp);
		add_origin(e, source, line->text);
	}
	return e->evidence;
}
