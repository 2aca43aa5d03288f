// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log as facts see it: stamps taken off, matches remembered per template.
#include "facts/klog.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

enum {
	BUCKETS = 128,
	/* Early messages that some kernels print before their banner (microcode loading)
	 */
	BANNER_WITHIN = 16,
};

/* What fits one template; the address of the template is the key. */
struct cached {
	const struct template *template;
	const struct klog_match *matches;
	size_t n;
	struct cached *next;
};

/* The templates behind a list of patterns; the address of the list is the key. */
struct compiled {
	const char *const *patterns;
	struct template *templates;
	size_t n;
	/* What klog_list() found: it is asked for each of the functions */
	bool listed;
	const struct klog_match **list;
	size_t n_list;
	struct compiled *next;
};

struct klog {
	struct klog_line *lines;
	size_t n;
	bool complete;
	/* All messages, each ended by a NUL: one search finds the lines worth a closer
	 * look */
	char *text;
	size_t text_n;
	struct cached *cached[BUCKETS];
	struct compiled *compiled[BUCKETS];
};

static size_t bucket_of(const void *p)
{
	return ((uintptr_t)p >> 4) % BUCKETS;
}

/* Steps over `[   12.345678] ` and over the caller that CONFIG_PRINTK_CALLER adds. */
static const char *skip_stamp(struct arena *a, const char *s, const char **ret_stamp)
{
	const char *start = s + 1 + strspn(*s ? s + 1 : s, " ");
	size_t n = strspn(start, "0123456789.");

	*ret_stamp = "";
	if (*s != '[' || n == 0 || start[n] != ']')
		return s;
	*ret_stamp = arena_strndup(a, start, n);
	s = start + n + 1;
	if (s[0] == '[') {
		const char *caller = s + 1 + strspn(s + 1, " ");
		size_t m = strspn(caller, "TC0123456789");

		if (m && caller[m] == ']')
			s = caller + m + 1;
	}
	return *s == ' ' ? s + 1 : s;
}

void klog_parse(struct facts *f)
{
	struct klog *log = arena_new_object(f->arena, struct klog);
	const struct snap_log *raw = &f->snap->log;
	size_t size = 0;
	bool banner = false;
	char *p;

	f->klog = log;
	if (raw->lines.have != HAVE_VALUE || raw->lines.n == 0)
		return;
	for (size_t i = 0; i < raw->lines.n; i++)
		size += strlen(raw->lines.s[i]) + 1;
	log->n = raw->lines.n;
	log->lines = arena_alloc(f->arena, log->n * sizeof *log->lines);
	log->text = p = arena_alloc(f->arena, size);
	for (size_t i = 0; i < log->n; i++) {
		struct klog_line *line = &log->lines[i];
		const char *message = skip_stamp(f->arena, raw->lines.s[i], &line->stamp);
		size_t n = strlen(message) + 1;

		memcpy(p, message, n);
		line->text = p;
		line->whole = raw->lines.s[i];
		p += n;
		banner |= i < BANNER_WITHIN && text_starts(line->text, "Linux version ");
	}
	log->text_n = (size_t)(p - log->text);
	log->complete = banner && raw->complete.have == HAVE_VALUE && raw->complete.v;
}

const struct klog_line *klog_lines(const struct facts *f, size_t *ret_n)
{
	*ret_n = f->klog->n;
	return f->klog->lines;
}

bool klog_complete(const struct facts *f)
{
	return f->klog->complete;
}

static const char *longest_literal(const struct template *t)
{
	const char *best = "";

	for (size_t i = 0; i <= t->n_holes; i++) {
		if (strlen(t->literals[i]) > strlen(best))
			best = t->literals[i];
	}
	return best;
}

/* The line in which byte P of the joined text lies, not before line FROM. */
static size_t line_at(const struct klog *log, const char *p, size_t from)
{
	size_t low = from, high = log->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (log->lines[middle].text <= p)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Once a line: each of the functions is compared with it. */
static void read_function(struct klog_match *m)
{
	const char *end;

	for (size_t i = 0; i < m->template->n_holes && !m->names_function; i++)
		m->names_function = m->spans[i].s &&
			text_equal(m->template->holes[i].name, "addr") &&
			bdf_scan(m->spans[i].s, &m->function, &end);
}

static void match_all(struct facts *f, const struct template *t, struct cached *c)
{
	const struct klog *log = f->klog;
	const char *needle = longest_literal(t), *p = log->text;
	const char *end = p ? p + log->text_n : NULL;
	struct klog_match *matches = NULL;
	size_t n = strlen(needle), line = 0;

	while (p && p < end && (p = memmem(p, (size_t)(end - p), needle, n))) {
		struct span spans[TEMPLATE_MAX_HOLES];

		line = line_at(log, p, line);
		if (template_match(t, log->lines[line].text, spans)) {
			struct klog_match *m = arena_push(f->arena, matches, c->n);

			m->line = &log->lines[line];
			m->template = t;
			memcpy(m->spans, spans, sizeof spans);
			read_function(m);
		}
		p = line + 1 < log->n ? log->lines[line + 1].text : end;
	}
	c->matches = matches;
}

const struct klog_match *klog_match_all(
	struct facts *f, const struct template *t, size_t *ret_n)
{
	struct cached **head = &f->klog->cached[bucket_of(t)], *c = *head;

	while (c && c->template != t)
		c = c->next;
	if (!c) {
		c = arena_new_object(f->arena, struct cached);
		c->template = t;
		c->next = *head;
		*head = c;
		match_all(f, t, c);
	}
	*ret_n = c->n;
	return c->matches;
}

static struct compiled *compile(struct facts *f, const char *const *patterns)
{
	struct compiled **head = &f->klog->compiled[bucket_of(patterns)], *c = *head;

	while (c && c->patterns != patterns)
		c = c->next;
	if (c)
		return c;
	c = arena_new_object(f->arena, struct compiled);
	c->patterns = patterns;
	while (patterns[c->n])
		c->n++;
	c->templates = arena_alloc(f->arena, c->n * sizeof *c->templates);
	for (size_t i = 0; i < c->n; i++) {
		const char *error;
		bool fine =
			template_compile(f->arena, patterns[i], &c->templates[i], &error);

		assert(fine);
		(void)fine;
	}
	c->next = *head;
	*head = c;
	return c;
}

const struct klog_match *klog_first(struct facts *f, const char *const *patterns)
{
	const struct compiled *c = compile(f, patterns);
	const struct klog_match *first = NULL;

	for (size_t i = 0; i < c->n; i++) {
		size_t n;
		const struct klog_match *m = klog_match_all(f, &c->templates[i], &n);

		if (n && (!first || m->line < first->line))
			first = m;
	}
	return first;
}

/* A search that finds WORD finds each line that fits T. */
static bool is_found_by(const struct template *t, const char *word, bool any_case)
{
	for (size_t i = 0; i <= t->n_holes; i++)
		if (any_case ? strcasestr(t->literals[i], word) != NULL
			     : strstr(t->literals[i], word) != NULL)
			return true;
	return false;
}

bool klog_lacks_none(const struct facts *f, const struct template *t)
{
	const struct snap_log *log = &f->snap->log;

	if (klog_complete(f))
		return true;
	for (size_t i = 0; i < log->filter.n; i++)
		if (is_found_by(t, log->filter.s[i],
			    log->filter_any_case.have == HAVE_VALUE &&
				    log->filter_any_case.v))
			return true;
	return false;
}

enum tri klog_says(struct facts *f, const char *const *patterns)
{
	const struct compiled *c = compile(f, patterns);
	bool all = true;

	if (klog_first(f, patterns))
		return TRI_TRUE;
	for (size_t i = 0; i < c->n; i++)
		all &= klog_lacks_none(f, &c->templates[i]);
	return all ? TRI_FALSE : TRI_UNKNOWN;
}

const struct klog_match *const *klog_list(
	struct facts *f, const char *const *patterns, size_t *ret_n)
{
	struct compiled *c = compile(f, patterns);

	for (size_t i = 0; i < c->n && !c->listed; i++) {
		size_t n;
		const struct klog_match *m = klog_match_all(f, &c->templates[i], &n);

		for (size_t j = 0; j < n; j++)
			*arena_push(f->arena, c->list, c->n_list) = &m[j];
	}
	c->listed = true;
	*ret_n = c->n_list;
	return c->list;
}

const char *klog_hole(struct facts *f, const struct klog_match *m, const char *name)
{
	for (size_t i = 0; i < m->template->n_holes; i++) {
		if (text_equal(m->template->holes[i].name, name))
			return arena_strndup(f->arena, m->spans[i].s, m->spans[i].n);
	}
	return NULL;
}

bool klog_names(const struct klog_match *m, struct bdf b)
{
	return m->names_function && bdf_compare(m->function, b) == 0;
}

const struct klog_match *klog_first_naming(
	struct facts *f, const char *const *patterns, struct bdf b)
{
	const struct compiled *c = compile(f, patterns);
	const struct klog_match *first = NULL;

	for (size_t i = 0; i < c->n; i++) {
		size_t n;
		const struct klog_match *m = klog_match_all(f, &c->templates[i], &n);

		for (size_t j = 0; j < n; j++) {
			if (klog_names(&m[j], b) && (!first || m[j].line < first->line))
				first = &m[j];
		}
	}
	return first;
}

void klog_seen(struct facts *f, struct fact *out, const struct klog_match *m)
{
	const char *source = "kernel log";

	if (*m->line->stamp)
		source = arena_printf(f->arena, "kernel log %s", m->line->stamp);
	fact_seen(f, out, source, m->line->text);
}
