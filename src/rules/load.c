// SPDX-License-Identifier: GPL-2.0-or-later
// Rule files into a rule set: the sections of a page, all files of a set, and
// what only the whole set can show.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/embedded.h"
#include "rules/load.h"
#include "rules/load_set.h"
#include "rules/markdown.h"

enum { LARGEST_RULE_FILE = 1 << 20 };

static const char *const section_titles[] = { "Why", "Fix", "References", "Examples" };
enum { N_SECTIONS = sizeof section_titles / sizeof section_titles[0] };

static struct place line_start(size_t line)
{
	return (struct place){ line, 1 };
}

/* The title and the rule fence below it. */
static void load_head(struct loader *l, const struct md_section *s)
{
	const struct md_fence *rule = NULL;

	l->rule->title = s->title;
	if (s->level != 1 || !*s->title) {
		load_error(l, line_start(s->line), "a rule file begins with \"# Title\"");
		return;
	}
	for (size_t i = 0; i < s->n_fences; i++) {
		const struct md_fence *f = &s->fences[i];

		if (!text_equal(f->info, "json rule"))
			load_error(l, line_start(f->line - 1),
				"only the fence \"json rule\" stands here, not \"%s\"",
				f->info);
		else if (rule)
			load_error(l, line_start(f->line - 1),
				"a second fence \"json rule\"");
		else
			rule = f;
	}
	if (rule)
		load_rule_fence(l, rule->text, rule->line);
	else
		load_error(
			l, line_start(s->line), "no fence \"json rule\" below the title");
}

static void load_example(struct loader *l, const struct md_fence *f, struct example *e)
{
	static const char word[] = "example ";
	struct place where = line_start(f->line - 1);

	e->text = f->text;
	e->line = f->line;
	if (!text_starts(f->info, word) ||
		!verdict_by_name(f->info + strlen(word), &e->expected))
		load_error(l, where,
			"a fence here is \"example fail\", pass, unknown or n/a, not \"%s\"",
			f->info);
}

/* Must a rule have an example of this verdict? What was quoted is known as a whole: a
 * message fits, or it is another one. */
static bool is_wanted(const struct rule *rule, enum verdict v)
{
	if (rule->scope == SCOPE_MESSAGE)
		return v == VERDICT_FAIL || v == VERDICT_NA;
	return v != VERDICT_NA;
}

static void load_examples(struct loader *l, const struct md_section *s)
{
	struct example *examples =
		arena_alloc(l->arena, (s->n_fences + 1) * sizeof *examples);
	unsigned seen = 0;

	for (size_t i = 0; i < s->n_fences; i++) {
		load_example(l, &s->fences[i], &examples[i]);
		seen |= 1u << examples[i].expected;
	}
	for (enum verdict v = VERDICT_NA; v <= VERDICT_FAIL; v++)
		if (is_wanted(l->rule, v) && !(seen & 1u << v))
			load_error(l, line_start(s->line), "no example of \"%s\"",
				verdict_name(v));
	l->rule->examples = examples;
	l->rule->n_examples = s->n_fences;
}

static void load_section(struct loader *l, const struct md_section *s, size_t which)
{
	if (s->level != 2 || !text_equal(s->title, section_titles[which])) {
		load_error(l, line_start(s->line),
			"\"## %s\" must stand here, not \"%s\"", section_titles[which],
			s->title);
		return;
	}
	if (text_equal(s->title, "Examples")) {
		load_examples(l, s);
		return;
	}
	for (size_t i = 0; i < s->n_fences; i++)
		if (text_starts(s->fences[i].info, "json rule") ||
			text_starts(s->fences[i].info, "example"))
			load_error(l, line_start(s->fences[i].line - 1),
				"a fence \"%s\" has no place in this section",
				s->fences[i].info);
	if (!s->has_prose && !s->n_fences)
		load_error(l, line_start(s->line), "this section is empty");
	if (text_equal(s->title, "References")) {
		l->rule->references = s->links;
		l->rule->n_references = s->n_links;
		if (!s->n_links)
			load_error(l, line_start(s->line), "not one link");
	}
}

static void load_page(struct loader *l, const char *text, size_t n)
{
	struct md_page page;
	size_t last;

	l->rule->file = l->file;
	l->rule->source = text;
	if (!text_is_clean(text, n)) {
		load_error(l, line_start(1), "not clean UTF-8 text");
		return;
	}
	page = markdown_split(l->arena, text, n);
	if (page.sections[0].has_prose || page.sections[0].n_fences || page.n < 2) {
		load_error(l, line_start(1), "a rule file begins with \"# Title\"");
		return;
	}
	load_head(l, &page.sections[1]);
	for (size_t i = 2; i < page.n && i < N_SECTIONS + 2; i++)
		load_section(l, &page.sections[i], i - 2);
	last = page.sections[page.n - 1].line;
	if (page.n > N_SECTIONS + 2)
		load_error(l, line_start(page.sections[N_SECTIONS + 2].line),
			"nothing follows \"## Examples\"");
	else if (page.n < N_SECTIONS + 2)
		load_error(l, line_start(last), "no section \"## %s\"",
			section_titles[page.n - 2]);
}

/* The rule joins the batch even with errors, so that all of them show. */
void rule_batch_add(
	struct rule_batch *b, const char *file, const char *text, size_t n, bool replace)
{
	struct loader l = {
		.arena = b->arena,
		.file = file,
		.rule = arena_new_object(b->arena, struct rule),
		.errors = b->errors,
		.n_errors = b->n_errors,
	};
	struct loaded_rule *slot = NULL;

	load_page(&l, text, n);
	for (size_t i = 0; l.rule->id && i < b->n; i++)
		if (text_equal(b->rules[i].rule->id, l.rule->id))
			slot = &b->rules[i];
	if (slot && !replace)
		load_error(&l, line_start(1), "the id \"%s\" stands in %s too",
			l.rule->id, slot->rule->file);
	if (!slot && l.rule->id)
		slot = arena_push(b->arena, b->rules, b->n);
	if (slot)
		*slot = (struct loaded_rule){
			.rule = l.rule, .explains = l.explains, .causes = l.causes
		};
	b->errors = l.errors;
	b->n_errors = l.n_errors;
}

static void batch_error(struct rule_batch *b, const char *file, const char *what)
{
	struct loader l = { .arena = b->arena, .file = file };

	l.errors = b->errors;
	l.n_errors = b->n_errors;
	load_error(&l, (struct place){ 0, 0 }, "%s", what);
	b->errors = l.errors;
	b->n_errors = l.n_errors;
}

static void batch_add_copy(
	struct rule_batch *b, const char *file, const char *text, size_t n, bool replace)
{
	char *copy = arena_alloc(b->arena, n + 1);

	memcpy(copy, text, n);
	rule_batch_add(b, file, copy, n, replace);
}

void rule_batch_add_file(struct rule_batch *b, const char *path, bool replace)
{
	FILE *in = fopen(path, "rb");
	char *text;
	size_t n;

	path = arena_strdup(b->arena, path);
	if (!in) {
		batch_error(b, path, strerror(errno));
		return;
	}
	text = malloc(LARGEST_RULE_FILE + 1);
	n = text ? fread(text, 1, LARGEST_RULE_FILE + 1, in) : 0;
	if (!text || ferror(in))
		batch_error(b, path, "cannot be read");
	else if (n > LARGEST_RULE_FILE)
		batch_error(b, path, "larger than 1 MiB");
	else
		batch_add_copy(b, path, text, n, replace);
	free(text);
	fclose(in);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void batch_add_directory(struct rule_batch *b, const char *path)
{
	DIR *dir = opendir(path);
	const char **names = NULL;
	size_t n = 0;

	if (!dir) {
		batch_error(b, path, strerror(errno));
		return;
	}
	for (struct dirent *e; (e = readdir(dir));)
		if (e->d_name[0] != '.' && text_ends(e->d_name, ".md"))
			*arena_push(b->arena, names, n) =
				arena_printf(b->arena, "%s/%s", path, e->d_name);
	closedir(dir);
	if (n)
		qsort(names, n, sizeof *names, compare_names);
	for (size_t i = 0; i < n; i++)
		rule_batch_add_file(b, names[i], true);
}

static struct loaded_rule *batch_find(const struct rule_batch *b, const char *id)
{
	for (size_t i = 0; i < b->n; i++)
		if (text_equal(b->rules[i].rule->id, id))
			return &b->rules[i];
	return NULL;
}

/* Reports the id WHICH of the list IDS of a rule; PLACES is NULL of an embedded one. */
static void edge_error(struct rule_batch *b, const struct rule *rule, const char *id,
	const struct place *place, const char *what, const char *more)
{
	struct loader l = { .arena = b->arena, .file = rule->file };

	l.errors = b->errors;
	l.n_errors = b->n_errors;
	load_error(&l, place ? *place : line_start(1), "%s \"%s\"%s", what, id, more);
	b->errors = l.errors;
	b->n_errors = l.n_errors;
}

/* All ids of the batch, for "did you mean". */
struct known_ids {
	const char **v;
	size_t n;
};

static void check_ids(struct rule_batch *b, const struct known_ids *known,
	const struct rule *rule, const char *const *ids, size_t n,
	const struct place *places, const char *what)
{
	for (size_t k = 0; k < n; k++) {
		const char *near;

		if (batch_find(b, ids[k]))
			continue;
		near = text_nearest(ids[k], known->v, known->n);
		edge_error(b, rule, ids[k], places ? &places[k] : NULL, what,
			near ? arena_printf(b->arena, "; did you mean \"%s\"?", near)
			     : "");
	}
}

static void check_known(struct rule_batch *b)
{
	struct known_ids known = { .n = b->n };

	known.v = arena_alloc(b->arena, (b->n + 1) * sizeof *known.v);
	for (size_t i = 0; i < b->n; i++)
		known.v[i] = b->rules[i].rule->id;
	for (size_t i = 0; i < b->n; i++) {
		const struct loaded_rule *r = &b->rules[i];

		check_ids(b, &known, r->rule, r->rule->explains, r->rule->n_explains,
			r->explains, "explains an unknown rule");
		check_ids(b, &known, r->rule, r->rule->causes, r->rule->n_causes,
			r->causes, "has an unknown rule among its causes:");
	}
}

static void add_edge(
	struct rule_batch *b, const char *from, struct loaded_rule *to, struct edge edge)
{
	struct loaded_rule *r = batch_find(b, from);

	edge.effect = to;
	if (r && to)
		*arena_push(b->arena, r->edges, r->n_edges) = edge;
}

/* Who explains whom, whichever of the two says so. */
static void find_edges(struct rule_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct loaded_rule *r = &b->rules[i];

		for (size_t k = 0; k < r->rule->n_explains; k++)
			add_edge(b, r->rule->id, batch_find(b, r->rule->explains[k]),
				(struct edge){ .by = r->rule,
					.id = r->rule->explains[k],
					.place = r->explains ? &r->explains[k] : NULL,
					.what = "explains in a circle:" });
		for (size_t k = 0; k < r->rule->n_causes; k++)
			add_edge(b, r->rule->causes[k], r,
				(struct edge){ .by = r->rule,
					.id = r->rule->causes[k],
					.place = r->causes ? &r->causes[k] : NULL,
					.what = "has causes in a circle:" });
	}
}

/* Depth-first; a rule met again while its own effects are being followed closes
 * a circle.
 */
static void check_circles(struct rule_batch *b, struct loaded_rule *r)
{
	if (r->visited)
		return;
	r->visited = r->open = true;
	for (size_t k = 0; k < r->n_edges; k++) {
		const struct edge *e = &r->edges[k];

		if (e->effect->open)
			edge_error(b, e->by, e->id, e->place, e->what, "");
		else
			check_circles(b, e->effect);
	}
	r->open = false;
}

static int compare_rules(const void *a, const void *b)
{
	const struct rule *x = *(const struct rule *const *)a;
	const struct rule *y = *(const struct rule *const *)b;

	if (x->area != y->area)
		return x->area < y->area ? -1 : 1;
	return strcmp(x->id, y->id);
}

struct rule_set *rule_batch_finish(struct rule_batch *b, struct rule_error *ret_error)
{
	struct rule_set *set = arena_new_object(b->arena, struct rule_set);

	check_known(b);
	find_edges(b);
	for (size_t i = 0; i < b->n; i++)
		check_circles(b, &b->rules[i]);
	if (b->n_errors) {
		*ret_error = b->errors[0];
		arena_free(b->arena);
		return NULL;
	}
	set->arena = b->arena;
	set->n = b->n;
	set->rules = arena_alloc(b->arena, (b->n + 1) * sizeof *set->rules);
	for (size_t i = 0; i < b->n; i++)
		set->rules[i] = b->rules[i].rule;
	qsort(set->rules, set->n, sizeof *set->rules, compare_rules);
	return set;
}

/* They were checked and sorted when they were embedded. */
static struct rule_set *embedded_set(void)
{
	struct arena *a = arena_new();
	struct rule_set *set = arena_new_object(a, struct rule_set);

	set->arena = a;
	set->n = n_embedded_rules;
	set->rules = arena_alloc(a, (set->n + 1) * sizeof *set->rules);
	for (size_t i = 0; i < set->n; i++)
		set->rules[i] = &embedded_rules[i];
	return set;
}

struct rule_set *rule_set_load(const char *dir, struct rule_error *ret_error)
{
	struct rule_batch b;

	if (!dir)
		return embedded_set();
	b = (struct rule_batch){ .arena = arena_new() };
	for (size_t i = 0; i < n_embedded_rules; i++)
		arena_push(b.arena, b.rules, b.n)->rule = &embedded_rules[i];
	batch_add_directory(&b, dir);
	return rule_batch_finish(&b, ret_error);
}

void rule_set_free(struct rule_set *set)
{
	if (set)
		arena_free(set->arena);
}

const struct rule *rule_find(const struct rule_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (text_equal(set->rules[i]->id, id))
			return set->rules[i];
	return NULL;
}
