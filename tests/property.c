// SPDX-License-Identifier: GPL-2.0-or-later
// Property: taking evidence away may make things unknown; it never turns a verdict round.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/rules.h"
#include "snapshot/codec.h"
#include "snapshot/fields.h"

/*
 * For every fixture, and once for each fact, each field of the snapshot and each line of
 * the log that is taken away (design, section 5, last words):
 *   - a finding that did not fail does not fail; one that failed does not pass;
 *   - `vfio` of a device stays or becomes unknown; its verdict too, or ready: assignable;
 *   - an exit status of 0 or 2 stays or becomes 3, one of 1 stays or becomes 0 or 3.
 */
static const struct rule_set *rules;
static const char *fixture;
static size_t variations, violations, changes;

static const struct finding *find(const struct judgement *j, const struct finding *like)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];
		bool same = f->subject && like->subject
			? f->subject->scope == like->subject->scope &&
				strcmp(f->subject->key, like->subject->key) == 0
			: f->subject == like->subject;
		if (same && strcmp(f->rule->id, like->rule->id) == 0)
			return f;
	}
	return NULL;
}

static void violated(
	const char *what, const char *rule, const char *subject, const char *how)
{
	if (violations++ < 40)
		printf("# %s without %s: %s%s%s %s\n", fixture, what, rule,
			subject ? "@" : "", subject ? subject : "", how);
}

static void compare_findings(
	const struct judgement *base, const struct judgement *now, const char *what)
{
	for (size_t i = 0; i < now->n; i++) {
		const struct finding *f = &now->findings[i];
		const struct finding *was = find(base, f);
		const char *key = f->subject ? f->subject->key : "-";
		changes += !was || was->verdict != f->verdict;
		if (f->verdict == VERDICT_FAIL && (!was || was->verdict != VERDICT_FAIL))
			violated(what, f->rule->id, key,
				was ? "fails, and did not" : "fails, and was not there");
		if (f->verdict == VERDICT_PASS && was && was->verdict == VERDICT_FAIL)
			violated(what, f->rule->id, key, "passes, and failed");
		if (f->verdict == VERDICT_PASS && was && was->verdict == VERDICT_UNKNOWN)
			violated(what, f->rule->id, key, "passes, and was unknown");
	}
}

static void compare_devices(
	const struct judgement *base, const struct judgement *now, const char *what)
{
	for (size_t i = 0; i < now->n_devices; i++) {
		const struct device_judgement *d = &now->devices[i], *was = NULL;
		for (size_t k = 0; k < base->n_devices && !was; k++)
			if (strcmp(base->devices[k].fn->addr, d->fn->addr) == 0)
				was = &base->devices[k];
		if (!was)
			continue;
		if (d->vfio != was->vfio && d->vfio != VFIO_UNKNOWN)
			violated(what, "vfio", d->fn->addr, vfio_verdict_name(d->vfio));
		bool weaker = d->verdict == DEVICE_UNKNOWN || d->verdict == DEVICE_NONE ||
			(d->verdict == DEVICE_ASSIGNABLE && was->verdict == DEVICE_READY);
		if (d->verdict != was->verdict && !weaker)
			violated(what, "verdict", d->fn->addr,
				device_verdict_name(d->verdict));
	}
}

static void compare(
	const struct judgement *base, const struct judgement *now, const char *what)
{
	static const bool allowed[4][4] = {
		{ true, false, false, true },
		{ true, true, false, true },
		{ false, false, true, true },
		{ false, false, false, true },
	};
	int was = overall_exit_status(base->overall),
	    is = overall_exit_status(now->overall);

	variations++;
	compare_findings(base, now, what);
	compare_devices(base, now, what);
	if (!allowed[was][is])
		violated(what, "exit status", NULL, overall_name(now->overall));
}

/* What is judged must stay the same: all targets, or else the first candidate, by name.
 */
static void request_of(
	const struct snapshot *s, struct facts_request *ret, const char **guests)
{
	struct facts *f = facts_new(s, &(struct facts_request){ 0 });
	size_t n = f->has_targets ? f->n_handovers : f->n_handovers ? 1 : 0;

	for (size_t i = 0; i < n && i < 32; i++)
		guests[ret->n_guests++] = strdup(f->handovers[i]->fn->addr);
	ret->guests = guests;
	facts_free(f);
}

static void judge_without(const struct snapshot *s, const struct facts_request *request,
	const struct judgement *base, const char *what)
{
	struct facts *f = facts_new(s, request);
	struct judgement *j = judge(f, rules);

	compare(base, j, what);
	judgement_free(j);
	facts_free(f);
}

static void without_fact(const struct snapshot *s, const struct facts_request *request,
	const struct judgement *base, const struct fact_row *row)
{
	struct facts *f = facts_new(s, request);
	const struct fact absent = { .type = row->type };
	char what[128];

	for (size_t i = 0; i < f->scopes[row->scope].n; i++)
		fact_overlay(f, f->scopes[row->scope].v[i], row, &absent);
	struct judgement *j = judge(f, rules);
	snprintf(what, sizeof what, "fact %s:%s", scope_name(row->scope), row->name);
	compare(base, j, what);
	judgement_free(j);
	facts_free(f);
}

/* The records of one field: the struct in place, or the elements of a list. */
struct any_list {
	enum have have;
	char *v;
	size_t n;
};

struct walk {
	const struct snapshot *snap;
	const struct facts_request *request;
	const struct judgement *base;
};

/* Takes field F away from all N records at P, STRIDE bytes apart; judges; puts it back.
 */
static void without_field(const struct walk *w, const struct record *rec,
	const struct field *f, char *p, size_t n, size_t stride)
{
	enum have *saved = calloc(n + 1, sizeof *saved), none = HAVE_NOT;
	char what[128];

	for (size_t i = 0; i < n; i++) {
		memcpy(&saved[i], p + i * stride + f->offset, sizeof none);
		memcpy(p + i * stride + f->offset, &none, sizeof none);
	}
	snprintf(what, sizeof what, "field %s of \"%s\"", f->name, rec->title);
	judge_without(w->snap, w->request, w->base, what);
	for (size_t i = 0; i < n; i++)
		memcpy(p + i * stride + f->offset, &saved[i], sizeof none);
	free(saved);
}

static void without_fields(
	const struct walk *w, const struct record *rec, char *p, size_t n, size_t stride)
{
	for (size_t i = 0; n && i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		struct any_list list;
		if (f->type == FIELD_RECORD)
			without_fields(w, f->of, p + f->offset, n, stride);
		if (f->type < FIELD_TEXT || strcmp(f->name, "sources") == 0)
			continue;
		without_field(w, rec, f, p, n, stride);
		if (f->type == FIELD_LIST && n == 1) {
			memcpy(&list, p + f->offset, sizeof list);
			without_fields(w, f->of, list.v, list.n, f->of->size);
		}
	}
}

static void without_lines(const struct walk *w, struct snap_log *log)
{
	struct snap_bool complete = log->complete;
	struct snap_texts lines = log->lines;
	char what[128];

	log->complete = snap_bool_of(false);
	judge_without(
		w->snap, w->request, w->base, "the certainty that the log is whole");
	for (size_t i = 0; i < lines.n; i++) {
		const char *gone = lines.s[i];
		lines.s[i] = "";
		snprintf(what, sizeof what, "log line \"%.90s\"", gone);
		judge_without(w->snap, w->request, w->base, what);
		lines.s[i] = gone;
	}
	log->complete = complete;
}

static struct snapshot *load(const char *path)
{
	struct strbuf text = { 0 };
	struct snapshot_error error;
	char buf[65536];
	FILE *in = fopen(path, "rb");

	for (size_t n; in && (n = fread(buf, 1, sizeof buf, in)) > 0;)
		strbuf_add_mem(&text, buf, n);
	if (in)
		fclose(in);
	struct snapshot *s = snapshot_read(strbuf_text(&text), text.len, &error);
	strbuf_free(&text);
	if (!s) {
		fprintf(stderr, "%s:%zu:%zu: %s\n", path, error.line, error.column,
			error.message);
		exit(1);
	}
	return s;
}

static bool fixture_holds(const char *path)
{
	const char *guests[32] = { 0 };
	struct facts_request request = { 0 };
	struct snapshot *s = load(path);
	size_t before = violations, unchanged = changes;

	fixture = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	request_of(s, &request, guests);
	struct facts *f = facts_new(s, &request);
	struct judgement *base = judge(f, rules);
	struct walk w = { s, &request, base };
	for (size_t i = 0; i < fact_table_length; i++)
		without_fact(s, &request, base, &fact_table[i]);
	without_fields(&w, &snapshot_record, (char *)s, 1, snapshot_record.size);
	without_lines(&w, &s->log);
	judgement_free(base);
	facts_free(f);
	snapshot_free(s);
	for (size_t i = 0; i < request.n_guests; i++)
		free((char *)guests[i]);
	if (changes == unchanged)
		violated("anything", "nothing", NULL, "changes: what was taken away?");
	return violations == before;
}

int main(int argc, char **argv)
{
	struct rule_error error;
	int failures = 0;

	rules = rule_set_load(NULL, &error);
	if (!rules) {
		fprintf(stderr, "%s:%zu: %s\n", error.file, error.line, error.message);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		bool holds = fixture_holds(argv[i]);
		failures += !holds;
		printf("%sok %d %s\n", holds ? "" : "not ", i, fixture);
		fflush(stdout);
	}
	printf("# %zu variations, %zu verdicts changed, %zu violations\n1..%d\n",
		variations, changes, violations, argc - 1);
	rule_set_free((struct rule_set *)rules);
	return failures || argc < 2;
}
