// SPDX-License-Identifier: GPL-2.0-or-later
// Build-time program: `embed OUT.c RULE.md…` loads the rules, runs their
// examples and writes them as C data, so that the program that is built starts
// without parsing anything.
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "rules/embedded.h"
#include "rules/load_set.h"

/* The loader refers to what this program is about to make. */
const struct rule embedded_rules[] = { { .id = NULL } };
const size_t n_embedded_rules = 0;

static FILE *out;

/* Three digits of an octal escape end it whatever follows; `?` is escaped
 * because two of them would begin a trigraph. */
static void emit_char(unsigned char c)
{
	if (c == '\n')
		fputs("\\n", out);
	else if (c == '"' || c == '\\' || c == '?')
		fprintf(out, "\\%c", c);
	else if (c < ' ' || c > '~')
		fprintf(out, "\\%03o", (unsigned)c);
	else
		putc(c, out);
}

static void emit_string(const char *s)
{
	if (!s) {
		fputs("NULL", out);
		return;
	}
	putc('"', out);
	for (; *s; s++) {
		emit_char((unsigned char)*s);
		if (*s == '\n' && s[1])
			fputs("\"\n\t\"", out);
	}
	putc('"', out);
}

static void emit_strings(
	const char *field, const char *count, const char *const *v, size_t n)
{
	if (!n)
		return;
	fprintf(out, ".%s = (const char *[]){ ", field);
	for (size_t i = 0; i < n; i++) {
		emit_string(v[i]);
		fputs(", ", out);
	}
	fprintf(out, "}, .%s = %zu,\n", count, n);
}

static void emit_fact(const struct fact_row *row, enum link link)
{
	if (row)
		fprintf(out, ".row = &fact_table[%zu] /* %s */, .link = %d, ",
			(size_t)(row - fact_table), row->name, (int)link);
}

static void emit_test(const struct test *t)
{
	fputs("{ ", out);
	emit_fact(t->row, t->link);
	fprintf(out, ".kind = %d, .negated = %d, .limit = %" PRId64 ", ", (int)t->kind,
		t->negated, t->limit);
	if (t->texts)
		emit_strings("texts", "n", t->texts, t->n);
	if (t->numbers) {
		fputs(".numbers = (int64_t[]){ ", out);
		for (size_t i = 0; i < t->n; i++)
			fprintf(out, "%" PRId64 ", ", t->numbers[i]);
		fprintf(out, "}, .n = %zu,", t->n);
	}
	fputs("},\n", out);
}

static void emit_pattern(const struct log_pattern *p)
{
	const struct template *t = &p->template;

	fputs("{ .template = { .source = ", out);
	emit_string(t->source);
	fputs(", .literals = { ", out);
	for (size_t i = 0; i <= t->n_holes; i++) {
		emit_string(t->literals[i]);
		fputs(", ", out);
	}
	fprintf(out, "}, .n_holes = %zu, ", t->n_holes);
	if (t->n_holes) {
		fputs(".holes = { ", out);
		for (size_t i = 0; i < t->n_holes; i++) {
			fputs("{ .name = ", out);
			emit_string(t->holes[i].name);
			fprintf(out, ", .type = %d }, ", (int)t->holes[i].type);
		}
		fputs("}, ", out);
	}
	fprintf(out, "}, .joins = %u },\n", p->joins);
}

static void emit_condition(const struct condition *c)
{
	fputs("&(struct condition){ ", out);
	if (c->n_tests) {
		fputs(".tests = (struct test[]){ ", out);
		for (size_t i = 0; i < c->n_tests; i++)
			emit_test(&c->tests[i]);
		fprintf(out, "}, .n_tests = %zu,\n", c->n_tests);
	}
	if (c->n_any) {
		fputs(".any = (const struct condition *[]){ ", out);
		for (size_t i = 0; i < c->n_any; i++) {
			emit_condition(c->any[i]);
			fputs(",\n", out);
		}
		fprintf(out, "}, .n_any = %zu,\n", c->n_any);
	}
	if (c->n_logs) {
		fputs(".logs = (struct log_pattern[]){ ", out);
		for (size_t i = 0; i < c->n_logs; i++)
			emit_pattern(&c->logs[i]);
		fprintf(out, "}, .n_logs = %zu,\n", c->n_logs);
	}
	fputs("}", out);
}

static void emit_guard(const char *field, const struct condition *c)
{
	if (!c)
		return;
	fprintf(out, ".%s = ", field);
	emit_condition(c);
	fputs(",\n", out);
}

static void emit_text(const struct text *t)
{
	fputs("{ .source = ", out);
	emit_string(t->source);
	if (t->n) {
		fputs(", .pieces = (struct text_piece[]){ ", out);
		for (size_t i = 0; i < t->n; i++) {
			fputs("{ .literal = ", out);
			emit_string(t->pieces[i].literal);
			fputs(", ", out);
			emit_fact(t->pieces[i].row, t->pieces[i].link);
			fputs(".hole = ", out);
			emit_string(t->pieces[i].hole);
			fputs(" }, ", out);
		}
		fprintf(out, "}, .n = %zu ", t->n);
	}
	fputs("},\n", out);
}

static void emit_text_array(const char *field, const struct text *texts, size_t n)
{
	if (!n)
		return;
	fprintf(out, ".%s = (const struct text[]){ ", field);
	for (size_t i = 0; i < n; i++)
		emit_text(&texts[i]);
	fputs("},\n", out);
}

static void emit_remedies(const struct rule *r)
{
	if (!r->n_remedies)
		return;
	fputs(".remedies = (const struct remedy[]){ ", out);
	for (size_t i = 0; i < r->n_remedies; i++) {
		const struct remedy *remedy = &r->remedies[i];

		fputs("{ ", out);
		emit_guard("when", remedy->when);
		fputs(".steps = (struct remedy_step[]){ ", out);
		for (size_t k = 0; k < remedy->n; k++) {
			const struct remedy_step *s = &remedy->steps[k];

			fprintf(out, "{ .kind = %d, .n = %zu, ", (int)s->kind, s->n);
			emit_text_array("texts", s->texts, s->n);
			fputs("},\n", out);
		}
		fprintf(out, "}, .n = %zu },\n", remedy->n);
	}
	fprintf(out, "}, .n_remedies = %zu,\n", r->n_remedies);
}

static void emit_examples(const struct rule *r)
{
	fputs(".examples = (const struct example[]){ ", out);
	for (size_t i = 0; i < r->n_examples; i++) {
		const struct example *e = &r->examples[i];

		fprintf(out, "{ .expected = %d, .line = %zu, .text = ", (int)e->expected,
			e->line);
		emit_string(e->text);
		fputs(" },\n", out);
	}
	fprintf(out, "}, .n_examples = %zu,\n", r->n_examples);
}

static void emit_rule(const struct rule *r)
{
	fputs("{ .id = ", out);
	emit_string(r->id);
	fputs(", .file = ", out);
	emit_string(r->file);
	fputs(", .title = ", out);
	emit_string(r->title);
	fprintf(out, ",\n.area = %zu, .severity = %d, .scope = %d,\n", r->area,
		(int)r->severity, (int)r->scope);
	emit_guard("when", r->when);
	emit_guard("require", r->require);
	emit_guard("forbid", r->forbid);
	emit_strings("say", "n_say", r->say, r->n_say);
	emit_strings("ok", "n_ok", r->ok, r->n_ok);
	emit_text_array("say_texts", r->say_texts, r->n_say);
	emit_text_array("ok_texts", r->ok_texts, r->n_ok);
	emit_strings("explains", "n_explains", r->explains, r->n_explains);
	emit_strings("causes", "n_causes", r->causes, r->n_causes);
	emit_strings("tags", "n_tags", r->tags, r->n_tags);
	emit_strings("references", "n_references", r->references, r->n_references);
	emit_remedies(r);
	emit_examples(r);
	fputs(".source =\n\t", out);
	emit_string(r->source);
	fputs(" },\n\n", out);
}

static void emit_set(const struct rule_set *set)
{
	fputs("/* Made by embed from the rule files. */\n"
	      "#include \"rules/embedded.h\"\n"
	      "#include \"rules/rule.h\"\n\n"
	      "const struct rule embedded_rules[] = {\n",
		out);
	for (size_t i = 0; i < set->n; i++)
		emit_rule(set->rules[i]);
	fprintf(out, "{ .id = NULL },\n};\nconst size_t n_embedded_rules = %zu;\n",
		set->n);
}

static struct rule_set *load(char **paths)
{
	struct rule_batch b = { .arena = arena_new() };
	struct rule_error e;
	struct rule_set *set;

	for (; *paths; paths++)
		rule_batch_add_file(&b, *paths, false);
	set = rule_batch_finish(&b, &e);
	if (!set)
		fprintf(stderr, "%s:%zu:%zu: %s\n", e.file, e.line, e.column, e.message);
	return set;
}

int main(int argc, char **argv)
{
	struct rule_set *set;
	size_t examples;
	bool fine;

	if (argc < 2) {
		fputs("usage: embed OUT.c [RULE.md...]\n", stderr);
		return 64;
	}
	set = load(argv + 2);
	if (!set || rule_set_check(set, stderr, &examples))
		return 1;
	out = fopen(argv[1], "wb");
	if (!out) {
		perror(argv[1]);
		return 1;
	}
	emit_set(set);
	fine = !ferror(out);
	if (fclose(out) || !fine) {
		perror(argv[1]);
		return 1;
	}
	rule_set_free(set);
	return 0;
}
