// SPDX-License-Identifier: GPL-2.0-or-later
// Redaction of every fixture: no private thing stays, and nothing is judged otherwise.
#include <glob.h>
#include <stdlib.h>

#include "base/text.h"
#include "rules/rules.h"
#include "snapshot/codec.h"
#include "snapshot/redact.h"

#include "tap.h"

/* The fixtures are redacted; this is what they may have held. `#` is the token's number. */
static const struct {
	const char *token, *value;
} originals[] = {
	{ "<uuid-", "0a1b2c3d-0000-1111-2222-3333444455##" },
	{ "<mac-", "52:54:00:12:34:##" },
	{ "<serial-", "S4EVNF0M00##" },
	{ "<builder-", "bob##@teapot" },
	{ "<volume-", "tea--pot-lv##" },
	{ "<label-", "TEAPOT##" },
	{ "<host-", "teapot" },
	{ "<user-", "bob" },
};
/* Names that installers give, and what an owner might have called it. */
static const struct {
	const char *common, *own;
} renamed[] = {
	{ "pve-root", "tea--pot-root" },
	{ "rpool/ROOT/pve-1", "teapot/ROOT/pve-1" },
	{ "fedora-root", "teapot-root" },
	{ "rd.lvm.lv=fedora/root", "rd.lvm.lv=teapot/root" },
};

static const char *const never[] = { "teapot", "TEAPOT", "tea--pot", "bob@", "S4EVNF0M00",
	"52:54:00:12:34", "0a1b2c3d-0000" };

static bool add_original(struct strbuf *b, const char **p)
{
	for (size_t i = 0; i < sizeof originals / sizeof originals[0]; i++) {
		size_t n = strlen(originals[i].token);
		char *end;
		if (strncmp(*p, originals[i].token, n) != 0)
			continue;
		unsigned long number = strtoul(*p + n, &end, 10) % 100;
		for (const char *v = originals[i].value; *v; v++)
			if (*v == '#')
				strbuf_addf(b, "%02lu", number), v++;
			else
				strbuf_add_char(b, *v);
		*p = end + 1;
		return true;
	}
	for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++) {
		size_t n = strlen(renamed[i].common);
		if (strncmp(*p, renamed[i].common, n) == 0) {
			strbuf_add(b, renamed[i].own);
			*p += n;
			return true;
		}
	}
	return false;
}

/* The document of a fixture as it was before it was redacted. */
static void read_original(const char *path, struct strbuf *ret)
{
	struct strbuf text = { 0 };
	char buf[65536];
	FILE *in = fopen(path, "rb");

	for (size_t n; in && (n = fread(buf, 1, sizeof buf, in)) > 0;)
		strbuf_add_mem(&text, buf, n);
	if (in)
		fclose(in);
	for (const char *p = strbuf_text(&text); *p;)
		if (!add_original(ret, &p))
			strbuf_add_char(ret, *p++);
	strbuf_free(&text);
}

static int line_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What was judged, without words of the host: a line each, sorted. */
static char *verdicts(
	const struct snapshot *s, const struct rule_set *rules, struct arena *a)
{
	struct facts *f = facts_new(s, &(struct facts_request){ 0 });
	struct judgement *j = judge(f, rules);
	const char **lines = arena_alloc(a, (j->n + j->n_devices + 1) * sizeof *lines);
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++)
		lines[n++] = arena_printf(a, "%s %d %d", j->findings[i].rule->id,
			(int)j->findings[i].verdict, (int)j->findings[i].severity);
	for (size_t i = 0; i < j->n_devices; i++)
		lines[n++] = arena_printf(a, "%s %d %d", j->devices[i].fn->addr,
			(int)j->devices[i].vfio, (int)j->devices[i].verdict);
	lines[n++] = arena_printf(a, "overall %d", (int)j->overall);
	qsort(lines, n, sizeof *lines, line_compare);
	judgement_free(j);
	facts_free(f);
	return (char *)text_join(a, lines, n, "\n");
}

static void fixture_is_judged_alike(const char *path, const struct rule_set *rules)
{
	struct arena *a = arena_new();
	struct strbuf text = { 0 };
	struct snapshot_error error;

	read_original(path, &text);
	struct snapshot *s = snapshot_read(strbuf_text(&text), text.len, &error);
	if (!s) {
		tap_fail("%s:%zu: %s", path, error.line, error.message);
	} else if (s->origin.kind) {
		struct private_names *names = private_names_new(a);
		private_names_add(names, PRIVATE_HOST, "teapot", 6);
		const char *before = verdicts(s, rules, a);
		snapshot_redact(s, names);
		const char *once = snapshot_write(s, a);
		if (strcmp(verdicts(s, rules, a), before) != 0)
			tap_fail("%s is judged otherwise", path);
		for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
			if (strstr(once, never[i]))
				tap_fail("%s: %s stays", path, never[i]);
		snapshot_redact(s, names);
		if (strcmp(snapshot_write(s, a), once) != 0)
			tap_fail("%s changes again", path);
	}
	snapshot_free(s);
	strbuf_free(&text);
	arena_free(a);
}

TEST(fixtures_are_judged_alike)
{
	struct rule_error error;
	struct rule_set *rules = rule_set_load(NULL, &error);
	glob_t found;

	is_int(glob("tests/fixtures/*.json", 0, NULL, &found), 0);
	ok(found.gl_pathc > 50);
	for (size_t i = 0; rules && i < found.gl_pathc; i++)
		if (!strstr(found.gl_pathv[i], "truth.json"))
			fixture_is_judged_alike(found.gl_pathv[i], rules);
	globfree(&found);
	ok(rules != NULL);
	rule_set_free(rules);
}
