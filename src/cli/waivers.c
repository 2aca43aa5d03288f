// SPDX-License-Identifier: GPL-2.0-or-later
// Waivers as written: --waive and the files of --waivers.
#include <string.h>

#include "base/bdf.h"
#include "base/text.h"
#include "cli/cli.h"

enum { FILE_LIMIT = 1 << 20 };

/* The last `=` before the first blank: a word of the kernel's command line, which may be the
 * subject, holds one itself. */
static const char *find_end(const char *text)
{
	size_t n = strcspn(text, " \t");

	while (n && text[n - 1] != '=')
		n--;
	return n ? text + n - 1 : NULL;
}

/* One clause that says what is wrong, NULL if nothing is. */
static const char *waiver_parse(struct arena *a, const char *text, struct waiver *ret)
{
	const char *end = find_end(text), *at = strchr(text, '@');
	struct bdf address;
	char full[BDF_TEXT];

	if (!end)
		return "it is not of the form RULE[@SUBJECT]=REASON";
	if (at && at > end)
		at = NULL;
	const char *reason = text_trim(a, end + 1);
	if (!*reason)
		return "a waiver needs a reason behind the =";
	*ret = (struct waiver){
		.rule = arena_strndup(a, text, (size_t)((at ? at : end) - text)),
		.subject = at ? arena_strndup(a, at + 1, (size_t)(end - at - 1)) : NULL,
		.reason = text_clean_line(a, reason, strlen(reason)),
	};
	if (ret->subject && bdf_parse(ret->subject, &address))
		ret->subject = arena_strdup(a, bdf_format(address, full));
	if (ret->subject)
		ret->subject = text_clean_line(a, ret->subject, strlen(ret->subject));
	return NULL;
}

static const char *waiver_check(
	struct arena *a, const struct waiver *w, const struct rule_set *rules)
{
	const struct rule *rule = rule_find(rules, w->rule);
	const char **ids;

	if (rule && rule->severity == SEVERITY_REFUSED)
		return arena_printf(a,
			"%s is what the kernel refuses, which no waiver changes",
			w->rule);
	if (rule)
		return NULL;
	ids = arena_alloc(a, (rules->n + 1) * sizeof *ids);
	for (size_t i = 0; i < rules->n; i++)
		ids[i] = rules->rules[i]->id;
	const char *near = text_nearest(w->rule, ids, rules->n);
	return near
		? arena_printf(a, "no rule \"%s\"; did you mean %s?", w->rule, near)
		: arena_printf(a, "no rule \"%s\"; see vfio-doctor rules list", w->rule);
}

/* Adds one; NULL, or what is wrong with it. */
static const char *add(const struct options *o, const char *text,
	const struct rule_set *rules, struct waivers *to)
{
	struct waiver w;
	const char *wrong = waiver_parse(o->arena, text, &w);

	if (!wrong)
		wrong = waiver_check(o->arena, &w, rules);
	if (!wrong)
		*arena_push(o->arena, to->v, to->n) = w;
	return wrong;
}

static bool add_file(const struct options *o, const char *file,
	const struct rule_set *rules, struct waivers *to, int *ret_status)
{
	struct strbuf text = { 0 };
	bool fine = input_bytes(file, FILE_LIMIT, &text, ret_status);
	size_t n;

	if (fine && (text.len > FILE_LIMIT || strlen(strbuf_text(&text)) != text.len)) {
		*ret_status = complain(EXIT_DATA,
			"%s: this is no list of waivers: RULE[@SUBJECT]=REASON on each line",
			file);
		fine = false;
	}
	char **lines = text_lines(o->arena, fine ? strbuf_text(&text) : "", &n);
	for (size_t i = 0; fine && i < n; i++) {
		const char *line = text_trim(o->arena, lines[i]);
		const char *wrong =
			*line && *line != '#' ? add(o, line, rules, to) : NULL;
		if (wrong) {
			*ret_status =
				complain(EXIT_DATA, "%s:%zu: %s", file, i + 1, wrong);
			fine = false;
		}
	}
	strbuf_free(&text);
	return fine;
}

bool waivers_read(const struct options *o, const struct rule_set *rules,
	struct waivers *ret, int *ret_status)
{
	*ret = (struct waivers){ 0 };
	for (size_t i = 0; i < o->n_waive; i++) {
		const char *wrong = add(o, o->waive[i], rules, ret);
		if (wrong) {
			*ret_status = complain(
				EXIT_USAGE, "--waive \"%s\": %s", o->waive[i], wrong);
			return false;
		}
	}
	for (size_t i = 0; i < o->n_waiver_files; i++)
		if (!add_file(o, o->waiver_files[i], rules, ret, ret_status))
			return false;
	return true;
}
