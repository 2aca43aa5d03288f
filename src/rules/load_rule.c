// SPDX-License-Identifier: GPL-2.0-or-later
// The loader's part for the rule fence: keys, names and what they may be together.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/load.h"

static const char *const rule_keys[] = {
	"id",
	"severity",
	"say",
	"require",
	"forbid",
	"for",
	"when",
	"explains",
	"causes",
	"ok",
	"remedy",
	"tags",
};
enum { N_RULE_KEYS = sizeof rule_keys / sizeof rule_keys[0] };

void load_error(struct loader *l, struct place where, const char *fmt, ...)
{
	struct rule_error *e = arena_push(l->arena, l->errors, l->n_errors);
	va_list ap;

	snprintf(e->file, sizeof e->file, "%s", l->file);
	e->line = where.line;
	e->column = where.column;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof e->message, fmt, ap);
	va_end(ap);
}

struct place load_place(const struct loader *l, const json *node)
{
	struct place p;

	json_locate(l->json_text, l->json_root, node, &p.line, &p.column);
	p.line += l->json_line - 1;
	return p;
}

const char *load_did_you_mean(
	struct loader *l, const char *word, const char *const *candidates, size_t n)
{
	const char *near = text_nearest(word, candidates, n);

	return near ? arena_printf(l->arena, "; did you mean \"%s\"?", near) : "";
}

/* All names that a rule of this scope may use for facts. */
static const char **visible_facts(struct loader *l, size_t *ret_n)
{
	static const char *const prefixes[] = { "", "group.", "set." };
	const char **names = NULL;
	size_t n = 0;
	enum link link;

	for (size_t i = 0; i < fact_table_length; i++)
		for (size_t k = 0; k < 3; k++) {
			const char *name = arena_printf(
				l->arena, "%s%s", prefixes[k], fact_table[i].name);
			if (fact_resolve(l->rule->scope, name, &link))
				*arena_push(l->arena, names, n) = name;
		}
	*ret_n = n;
	return names;
}

const struct fact_row *load_fact(
	struct loader *l, const json *where, const char *name, enum link *ret_link)
{
	const struct fact_row *row = fact_resolve(l->rule->scope, name, ret_link);
	const char **names;
	size_t n;

	if (row)
		return row;
	for (size_t i = 0; i < fact_table_length; i++)
		if (text_equal(fact_table[i].name, name)) {
			load_error_json(l, where,
				"a rule for %s cannot see \"%s\", a fact of scope %s",
				scope_name(l->rule->scope), name,
				scope_name(fact_table[i].scope));
			return NULL;
		}
	names = visible_facts(l, &n);
	load_error_json(l, where, "unknown fact or hole \"%s\"%s", name,
		load_did_you_mean(l, name, names, n));
	return NULL;
}

static bool load_string(struct loader *l, const json *j, const char **ret)
{
	if (json_type(j) != JSON_STRING || !*json_text(j)) {
		load_error_json(l, j, "text must stand here, not %s",
			json_type(j) == JSON_STRING ? "an empty one"
						    : json_type_name(json_type(j)));
		return false;
	}
	/* Escapes can hide what the check of the whole file would have found. */
	if (!text_is_clean(json_text(j), strlen(json_text(j)))) {
		load_error_json(l, j, "this text has control characters");
		return false;
	}
	*ret = arena_strdup(l->arena, json_text(j));
	return true;
}

bool load_strings(struct loader *l, const json *j, const char ***ret, size_t *ret_n)
{
	const char **strings = NULL, *s;
	size_t n = 0;

	if (json_type(j) == JSON_ARRAY) {
		if (!json_first(j)) {
			load_error_json(l, j, "an empty list says nothing");
			return false;
		}
		json_each (item, j) {
			if (!load_string(l, item, &s))
				return false;
			*arena_push(l->arena, strings, n) = s;
		}
	} else {
		if (!load_string(l, j, &s))
			return false;
		*arena_push(l->arena, strings, n) = s;
	}
	*ret = strings;
	*ret_n = n;
	return true;
}

static void check_keys(struct loader *l, const json *root)
{
	static const char *const required[] = { "id", "severity", "say" };

	json_each (member, root) {
		bool known = false;

		for (size_t i = 0; i < N_RULE_KEYS; i++)
			known = known || text_equal(rule_keys[i], json_key(member));
		if (!known)
			load_error_json(l, member, "unknown key \"%s\"%s",
				json_key(member),
				load_did_you_mean(
					l, json_key(member), rule_keys, N_RULE_KEYS));
	}
	for (size_t i = 0; i < sizeof required / sizeof *required; i++)
		if (!json_get(root, required[i]))
			load_error_json(l, root, "the rule has no \"%s\"", required[i]);
	if (!json_get(root, "require") == !json_get(root, "forbid"))
		load_error_json(l, root, "a rule has one of \"require\" and \"forbid\"");
}

static void check_id_form(
	struct loader *l, const json *j, const char *id, size_t *ret_area)
{
	size_t area = 0, n = strcspn(id, ".");
	const char *names[64];

	if (!area_by_id(id, &area)) {
		for (; area < area_table_length && area < 64; area++)
			names[area] = area_table[area].name;
		load_error_json(l, j, "unknown area \"%.*s\"%s", (int)n, id,
			load_did_you_mean(
				l, arena_strndup(l->arena, id, n), names, area));
		area = 0;
	}
	if (!id[n] || !id[n + 1] ||
		id[n + 1 + strspn(id + n + 1, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		load_error_json(l, j, "an id is AREA.name, the name of a-z, 0-9 and -");
	if (ret_area)
		*ret_area = area;
}

static void load_id(struct loader *l, const json *j)
{
	const char *slash = strrchr(l->file, '/');
	const char *base = slash ? slash + 1 : l->file, *id;
	size_t n;

	if (!j || !load_string(l, j, &id))
		return;
	check_id_form(l, j, id, &l->rule->area);
	n = strlen(id);
	if (strncmp(base, id, n) != 0 || !text_equal(base + n, ".md"))
		load_error_json(
			l, j, "the rule \"%s\" stands in a file named %s", id, base);
	l->rule->id = id;
}

static void load_severity(struct loader *l, const json *j)
{
	const char *name;

	if (!j || !load_string(l, j, &name))
		return;
	if (!severity_by_name(name, &l->rule->severity)) {
		const char *names[N_SEVERITIES];

		for (size_t i = 0; i < N_SEVERITIES; i++)
			names[i] = severity_name((enum severity)i);
		load_error_json(l, j, "unknown severity \"%s\"%s", name,
			load_did_you_mean(l, name, names, N_SEVERITIES));
	}
}

static void load_scope(struct loader *l, const json *j)
{
	const char *name;

	if (!j || !load_string(l, j, &name))
		return;
	if (!scope_by_name(name, &l->rule->scope)) {
		const char *names[N_SCOPES];

		for (size_t i = 0; i < N_SCOPES; i++)
			names[i] = scope_name((enum scope)i);
		load_error_json(l, j, "unknown scope \"%s\"%s", name,
			load_did_you_mean(l, name, names, N_SCOPES));
	}
}

/* `vfio` of a function is decided for every function, so what refuses cannot depend on
 * what was asked for (target, set) or on what a file says (items). */
static void check_refused(struct loader *l, const json *root)
{
	const struct rule *r = l->rule;

	if (r->severity == SEVERITY_REFUSED && r->scope != SCOPE_HOST &&
		r->scope != SCOPE_DEVICE && r->scope != SCOPE_GROUP)
		load_error_json(l, json_get(root, "severity"),
			"a refused rule is for host, device or group, not for %s",
			scope_name(r->scope));
	if (r->severity == SEVERITY_CAUSE && !json_get(root, "explains"))
		load_error_json(l, json_get(root, "severity"),
			"a cause must say what it \"explains\"");
}

/* A list of rule ids, and where each of them stands. */
static void load_ids(struct loader *l, const json *j, const char ***ret_ids,
	struct place **ret_places, size_t *ret_n)
{
	const char *id;
	size_t places = 0;

	if (!j)
		return;
	if (json_type(j) != JSON_ARRAY || !json_first(j)) {
		load_error_json(l, j, "\"%s\" is a list of ids", json_key(j));
		return;
	}
	json_each (item, j) {
		if (!load_string(l, item, &id))
			return;
		check_id_form(l, item, id, NULL);
		for (size_t i = 0; i < *ret_n; i++)
			if (text_equal((*ret_ids)[i], id))
				load_error_json(l, item, "\"%s\" stands twice", id);
		*arena_push(l->arena, *ret_ids, *ret_n) = id;
		*arena_push(l->arena, *ret_places, places) = load_place(l, item);
	}
}

/* A message is what somebody complained of; how bad it is, its causes tell. */
static void check_message(struct loader *l, const json *root)
{
	if (l->rule->scope != SCOPE_MESSAGE)
		return;
	if (l->rule->severity != SEVERITY_NOTE && l->rule->severity != SEVERITY_WARNING)
		load_error_json(l, json_get(root, "severity"),
			"a rule for message is a note or a warning, not a %s",
			severity_name(l->rule->severity));
	if (json_get(root, "require"))
		load_error_json(l, json_get(root, "require"),
			"a rule for message has \"forbid\": the message it is about");
}

static void load_say(struct loader *l, const json *root)
{
	struct rule *r = l->rule;
	const json *say = json_get(root, "say"), *ok = json_get(root, "ok");

	if (say && load_strings(l, say, &r->say, &r->n_say))
		r->say_texts = load_texts(l, say, r->say, r->n_say);
	if (ok && load_strings(l, ok, &r->ok, &r->n_ok))
		r->ok_texts = load_texts(l, ok, r->ok, r->n_ok);
}

static void load_keys(struct loader *l, const json *root)
{
	struct rule *r = l->rule;
	const json *j;

	check_keys(l, root);
	/* Scope and severity decide what the others may say. */
	load_id(l, json_get(root, "id"));
	load_severity(l, json_get(root, "severity"));
	load_scope(l, json_get(root, "for"));
	check_refused(l, root);
	check_message(l, root);
	load_ids(l, json_get(root, "explains"), &r->explains, &l->explains,
		&r->n_explains);
	load_ids(l, json_get(root, "causes"), &r->causes, &l->causes, &r->n_causes);
	if ((j = json_get(root, "when")))
		r->when = load_condition(l, j, false);
	if ((j = json_get(root, "require")))
		r->require = load_condition(l, j, false);
	if ((j = json_get(root, "forbid")))
		r->forbid = load_condition(l, j, false);
	/* Templates have bound their holes by now. */
	load_say(l, root);
	if ((j = json_get(root, "remedy")))
		load_remedies(l, j);
	if ((j = json_get(root, "tags")))
		load_strings(l, j, &r->tags, &r->n_tags);
}

void load_rule_fence(struct loader *l, const char *text, size_t line)
{
	struct json_error error;
	json *root = json_parse(text, strlen(text), &error);

	if (!root) {
		load_error(l, (struct place){ line + error.line - 1, error.column }, "%s",
			error.message);
		return;
	}
	l->json_text = text;
	l->json_root = root;
	l->json_line = line;
	if (json_type(root) == JSON_OBJECT)
		load_keys(l, root);
	else
		load_error_json(l, root, "a rule is an object");
	json_free(root);
	l->json_root = NULL;
}
