// SPDX-License-Identifier: GPL-2.0-or-later
// The strict loader: each mistake has its message and its place.
#include <unistd.h>

#include "rule_kit.h"

/* The first error of a set with this one rule; the fence's text begins on line 4. */
static struct rule_error error_of(const char *fence)
{
	struct rule_error e = { .line = 0 };
	struct rule_set *set = kit_try(&e, fence, (char *)NULL);

	rule_set_free(set);
	return e;
}

static void error_is(const char *fence, size_t line, size_t column, const char *message)
{
	struct rule_error e = error_of(fence);

	if (!strstr(e.message, message) || e.line != line || e.column != column)
		tap_fail("%zu:%zu: %s\n#   not %zu:%zu: %s", e.line, e.column, e.message,
			line, column, message);
}

#define START "{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\",\n"

TEST(a_good_rule_loads)
{
	struct rule_set *set = kit_rules(
		"{ \"id\": \"ivrs.x\", \"severity\": \"cause\", \"explains\": [\"irq.y\"],\n"
		"  \"forbid\": { \"ivrs.ioapics-missing\": true }, \"say\": [\"a {ivrs.fix}\"],\n"
		"  \"ok\": \"fine\", \"tags\": [\"amd\"],\n"
		"  \"remedy\": [ { \"firmware\": \"update\" },\n"
		"    { \"when\": { \"ivrs.uncovered\": false }, \"cmdline\": \"{ivrs.fix}\" } ] }",
		"{ \"id\": \"irq.y\", \"severity\": \"refused\", \"say\": \"s\",\n"
		"  \"require\": { \"irq.remapped\": true } }");
	const struct rule *r = set->rules[0];

	is_int(set->n, 2);
	is_str(r->id, "ivrs.x");
	is_str(r->title, "Title");
	is_int(r->severity, SEVERITY_CAUSE);
	is_int(r->n_remedies, 2);
	is_int(r->n_examples, 4);
	is_str(r->references[0], "https://example.org/");
	ok(rule_find(set, "irq.y") == set->rules[1]);
	ok(!rule_find(set, "irq.z"));
	rule_set_free(set);
}

TEST(keys)
{
	error_is(START "  \"requires\": {} }", 5, 3, "did you mean \"require\"?");
	error_is(
		"{ \"id\": \"irq.x\", \"say\": \"s\", \"forbid\": { \"iommu.on\": true } }",
		4, 1, "no \"severity\"");
	error_is(START "  \"forbid\": { \"iommu.on\": true },\n"
		       "  \"forbid\": { \"iommu.on\": true } }",
		6, 3, "");
	error_is(START "  \"forbid\": { \"iommu.on\": true },\n"
		       "  \"require\": { \"iommu.on\": true } }",
		4, 1, "one of \"require\" and \"forbid\"");
	error_is(
		START "  \"tags\": [\"a\"] }", 4, 1, "one of \"require\" and \"forbid\"");
}

TEST(names)
{
	struct rule_error e =
		error_of("{ \"id\": \"irc.x\", \"severity\": \"note\","
			 " \"say\": \"s\", \"forbid\": { \"iommu.on\": true } }");

	is_str(e.message, "unknown area \"irc\"; did you mean \"irq\"?");
	is_int(e.line, 4);
	is_int(e.column, 3);
	error_is("{ \"id\": \"irq.X\", \"severity\": \"note\", \"say\": \"s\",\n"
		 "  \"forbid\": { \"iommu.on\": true } }",
		4, 3, "AREA.name");
	error_is("{ \"id\": \"irq.x\", \"severity\": \"warn\", \"say\": \"s\",\n"
		 "  \"forbid\": { \"iommu.on\": true } }",
		4, 18, "unknown severity \"warn\"");
	error_is(START "  \"for\": \"devise\", \"forbid\": { \"iommu.on\": true } }", 5,
		3, "did you mean \"device\"?");
}

TEST(facts)
{
	error_is(START "  \"forbid\": { \"iommu.onn\": true } }", 5, 15,
		"unknown fact or hole \"iommu.onn\"; did you mean \"iommu.on\"?");
	error_is(START "  \"forbid\": { \"vfio-bound\": true } }", 5, 15,
		"a fact of scope device");
	error_is(START "  \"for\": \"target\", \"forbid\": { \"set.bount\": true } }", 5,
		32, "did you mean \"set.bound\"?");
	error_is("{ \"id\": \"device.x\", \"severity\": \"warning\", \"say\": \"s\",\n"
		 "  \"for\": \"target\", \"forbid\": { \"reset.family\": true } }",
		5, 32, "soft fact");
}

TEST(values)
{
	error_is(START "  \"forbid\": { \"iommu.on\": \"yes\" } }", 5, 15, "is a bool");
	error_is(START "  \"forbid\": { \"iommu.on\": null } }", 5, 15,
		"null is never written");
	error_is(START "  \"forbid\": { \"cpu.vendor\": \"Intel\" } }", 5, 15,
		"\"cpu.vendor\" is never \"Intel\"");
	error_is(START "  \"forbid\": { \"cpu.vendor\": 3 } }", 5, 15,
		"compared with text");
	error_is(START "  \"forbid\": { \"cpu.phys-bits\": 3.5 } }", 5, 15,
		"a whole number");
	error_is(START "  \"forbid\": { \"cpu.phys-bits\": { \"most\": 3 } } }", 5, 34,
		"unknown operator");
	error_is(START "  \"forbid\": { \"cpu.vendor\": { \"min\": 3 } } }", 5, 31,
		"a number or the length of a list");
	error_is(START "  \"forbid\": { \"cpu.vendor\": [] } }", 5, 15, "empty list");
	error_is(START "  \"forbid\": { } }", 5, 3, "at least one test");
	error_is(START "  \"forbid\": { \"any\": [ { \"iommu.on\": true } ] } }", 5, 15,
		"two conditions");
}

TEST(logs)
{
	error_is("{ \"id\": \"irq.x\", \"severity\": \"blocker\", \"say\": \"s\",\n"
		 "  \"forbid\": { \"log\": \"x\" } }",
		5, 15, "a blocker rests on facts alone");
	error_is(START "  \"forbid\": { \"log\": \"x {a:number}\" } }", 5, 15,
		"hole type");
	error_is(START
		"  \"for\": \"device\", \"forbid\": { \"log\": \"{driver:word} x\" } }",
		5, 32, "not the key of scope device");
	/* The key joins, and a name that is no fact is free. */
	is_str(error_of(START
		       "  \"for\": \"device\","
		       " \"forbid\": { \"log\": \"{addr:bdf} {x:word} {_:any}\" } }")
			.message,
		"");
}

TEST(texts)
{
	error_is("{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"{irq.prof}\",\n"
		 "  \"forbid\": { \"iommu.on\": true } }",
		4, 38, "did you mean \"irq.proof\"?");
	error_is(
		"{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"{irq.proof:word}\",\n"
		"  \"forbid\": { \"iommu.on\": true } }",
		4, 38, "has no type");
	error_is(START "  \"ok\": \"\", \"forbid\": { \"iommu.on\": true } }", 5, 3,
		"an empty one");
	error_is(START "  \"ok\": \"\\u001b[1m\", \"forbid\": { \"iommu.on\": true } }",
		5, 3, "control characters");
}

TEST(remedies)
{
	error_is(START
		"  \"forbid\": { \"iommu.on\": true }, \"remedy\": [ { \"edti\": \"x\" } ] }",
		5, 49, "did you mean \"edit\"?");
	error_is(START "  \"forbid\": { \"iommu.on\": true }, \"remedy\": [ { \"when\": {"
		       " \"iommu.on\": true } } ] }",
		5, 47, "nothing to do");
	error_is(START
		"  \"forbid\": { \"iommu.on\": true }, \"remedy\": [ { \"cmdline\":"
		" \"iommu=pt\" } ] }",
		5, 49, "begins with + or -");
	error_is(START "  \"forbid\": { \"iommu.on\": true }, \"remedy\": [ { \"edit\":"
		       " \"/etc/fstab\" } ] }",
		5, 49, "FILE: the line");
}

TEST(severities_and_scopes)
{
	error_is("{ \"id\": \"irq.x\", \"severity\": \"refused\", \"say\": \"s\",\n"
		 "  \"for\": \"target\", \"forbid\": { \"iommu.on\": true } }",
		4, 18, "for host, device or group");
	error_is("{ \"id\": \"irq.x\", \"severity\": \"cause\", \"say\": \"s\",\n"
		 "  \"forbid\": { \"iommu.on\": true } }",
		4, 18, "\"explains\"");
}

TEST(explains)
{
	error_is("{ \"id\": \"irq.x\", \"severity\": \"cause\", \"say\": \"s\",\n"
		 "  \"explains\": [\"irq.xy\"], \"forbid\": { \"iommu.on\": true } }",
		5, 16, "unknown rule \"irq.xy\"; did you mean \"irq.x\"?");
	error_is("{ \"id\": \"irq.x\", \"severity\": \"cause\", \"say\": \"s\",\n"
		 "  \"explains\": [\"irq.x\"], \"forbid\": { \"iommu.on\": true } }",
		5, 16, "in a circle");
}

TEST(causes)
{
	struct rule_error e = { .line = 0 };
	static const char cause[] = "{ \"id\": \"irq.b\", \"severity\": \"note\","
				    " \"say\": \"s\", \"explains\": [\"irq.c\"],"
				    " \"forbid\": { \"iommu.on\": true } }";
	static const char effect[] =
		"{ \"id\": \"irq.c\", \"severity\": \"note\","
		" \"say\": \"s\", \"forbid\": { \"iommu.on\": true } }";
	static const char symptom[] = "{ \"id\": \"irq.a\", \"severity\": \"note\","
				      " \"say\": \"s\", \"causes\": [\"irq.c\"],"
				      " \"explains\": [\"irq.b\"],"
				      " \"forbid\": { \"iommu.on\": true } }";

	error_is("{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\",\n"
		 "  \"causes\": [\"irq.xy\"], \"forbid\": { \"iommu.on\": true } }",
		5, 14,
		"unknown rule among its causes: \"irq.xy\"; did you mean \"irq.x\"?");
	error_is("{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\",\n"
		 "  \"causes\": [\"irq.x\"], \"forbid\": { \"iommu.on\": true } }",
		5, 14, "causes in a circle");
	/* b explains c, c causes a, a explains b */
	ok(!kit_try(&e, cause, effect, symptom, (char *)NULL));
	ok(strstr(e.message, "in a circle") != NULL);
}

TEST(messages)
{
	error_is("{ \"id\": \"irq.x\", \"severity\": \"blocker\", \"say\": \"s\",\n"
		 "  \"for\": \"message\", \"forbid\": { \"text\": \"x\" } }",
		4, 18, "a note or a warning, not a blocker");
	error_is("{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\",\n"
		 "  \"for\": \"message\", \"require\": { \"log\": \"x\" } }",
		5, 21, "has \"forbid\"");
}

TEST(a_long_circle)
{
	struct rule_error e = { .line = 0 };
	static const char rule[] =
		"{ \"id\": \"irq.%s\", \"severity\": \"note\", \"say\": \"s\","
		" \"explains\": [\"irq.%s\"],"
		" \"forbid\": { \"iommu.on\": true } }";
	char a[256], b[256], c[256];

	snprintf(a, sizeof a, rule, "a", "b");
	snprintf(b, sizeof b, rule, "b", "c");
	snprintf(c, sizeof c, rule, "c", "a");
	ok(!kit_try(&e, a, b, c, (char *)NULL));
	is_str(e.message, "explains in a circle: \"irq.a\"");
	is_str(e.file, "irq.c.md");
}

/* What is wrong with a page that has this text; the id is irq.x. */
static struct rule_error page_error(const char *page)
{
	struct rule_batch b = { .arena = arena_new() };
	struct rule_error e = { .line = 0 };
	struct rule_set *set;

	rule_batch_add(&b, "irq.x.md", page, strlen(page), false);
	set = rule_batch_finish(&b, &e);
	rule_set_free(set);
	return e;
}

static void page_is(const char *page, size_t line, const char *message)
{
	struct rule_error e = page_error(page);

	if (!strstr(e.message, message) || e.line != line)
		tap_fail("%zu: %s\n#   not %zu: %s", e.line, e.message, line, message);
}

#define FENCE      "```json rule\n" START " \"forbid\": { \"iommu.on\": true } }\n```\n"
#define WHY        "## Why\nw\n"
#define FIX        "## Fix\nf\n"
#define REFERENCES "## References\n<https://example.org/>\n"
#define EXAMPLES                                                                         \
	"## Examples\n```example fail\n```\n```example pass\n```\n```example unknown\n```\n"

TEST(pages)
{
	page_is("# T\n" FENCE WHY FIX REFERENCES EXAMPLES, 0, "");
	page_is(FENCE WHY FIX REFERENCES EXAMPLES, 1, "begins with \"# Title\"");
	page_is("# T\n" WHY FIX REFERENCES EXAMPLES, 1, "no fence \"json rule\"");
	page_is("# T\n" FENCE FENCE WHY FIX REFERENCES EXAMPLES, 6, "a second fence");
	page_is("# T\n" FENCE FIX WHY REFERENCES EXAMPLES, 6,
		"\"## Why\" must stand here");
	page_is("# T\n" FENCE "## Why\n" FIX REFERENCES EXAMPLES, 6, "empty");
	page_is("# T\n" FENCE WHY FIX "## References\nnone\n" EXAMPLES, 10,
		"not one link");
	page_is("# T\n" FENCE WHY FIX REFERENCES, 10, "no section \"## Examples\"");
	page_is("# T\n" FENCE WHY FIX REFERENCES "## Examples\n```example fail\n```\n",
		12, "no example of \"pass\"");
	page_is("# T\n" FENCE WHY FIX REFERENCES EXAMPLES "```exmaple fail\n```\n", 19,
		"not \"exmaple fail\"");
	page_is("# T\n" FENCE WHY "```example fail\n```\n" FIX REFERENCES EXAMPLES, 8,
		"has no place");
	page_is("# T\n" FENCE WHY FIX REFERENCES EXAMPLES "## More\nx\n", 19,
		"nothing follows");
	page_is("# T\xff\n", 1, "not clean");
}

TEST(file_and_id_agree)
{
	struct rule_batch b = { .arena = arena_new() };
	struct rule_error e;
	static const char page[] = "# T\n" FENCE WHY FIX REFERENCES EXAMPLES;

	rule_batch_add(&b, "dir/irq.y.md", page, strlen(page), false);
	ok(!rule_batch_finish(&b, &e));
	is_str(e.message, "the rule \"irq.x\" stands in a file named irq.y.md");
}

TEST(ids_are_unique_unless_replaced)
{
	static const char page[] = "# T\n" FENCE WHY FIX REFERENCES EXAMPLES;
	struct rule_batch b = { .arena = arena_new() };
	struct rule_error e;
	struct rule_set *set;

	rule_batch_add(&b, "a/irq.x.md", page, strlen(page), false);
	rule_batch_add(&b, "b/irq.x.md", page, strlen(page), true);
	set = rule_batch_finish(&b, &e);
	ok(set && set->n == 1);
	is_str(set->rules[0]->file, "b/irq.x.md");
	rule_set_free(set);
	b = (struct rule_batch){ .arena = arena_new() };
	rule_batch_add(&b, "a/irq.x.md", page, strlen(page), false);
	rule_batch_add(&b, "b/irq.x.md", page, strlen(page), false);
	ok(!rule_batch_finish(&b, &e));
	is_str(e.message, "the id \"irq.x\" stands in a/irq.x.md too");
}

TEST(sorted_by_rank_then_id)
{
	struct rule_set *set =
		kit_rules("{ \"id\": \"irq.a\", \"severity\": \"note\", \"say\": \"s\","
			  " \"forbid\": { \"iommu.on\": true } }",
			"{ \"id\": \"cpu.z\", \"severity\": \"note\", \"say\": \"s\","
			" \"forbid\": { \"iommu.on\": true } }",
			"{ \"id\": \"cpu.b\", \"severity\": \"note\", \"say\": \"s\","
			" \"forbid\": { \"iommu.on\": true } }");

	is_str(set->rules[0]->id, "cpu.b");
	is_str(set->rules[1]->id, "cpu.z");
	is_str(set->rules[2]->id, "irq.a");
	rule_set_free(set);
}

TEST(a_directory_that_is_not_there)
{
	struct rule_error e;

	ok(!rule_set_load("/nonexistent/rules", &e));
	is_str(e.file, "/nonexistent/rules");
}

static const char examples_page[] =
	"# T\n```json rule\n"
	"{ \"id\": \"device.x\", \"severity\": \"note\", \"for\": \"device\", \"say\": \"s {w}\",\n"
	"  \"when\": { \"group.id\": true },\n"
	"  \"forbid\": { \"log\": \"{addr:bdf}: lost {w:word}\" } }\n```\n" WHY FIX
		REFERENCES "## Examples\n"
	"```example fail\naddr = \"0000:02:00.0\"\ngroup.id = 3\n[    1.0] x 02:00.0: lost a\n```\n"
	"```example pass\naddr = \"0000:02:00.0\"\ngroup.id = 3\n[    0.0] Linux version 6\n```\n"
	"```example unknown\naddr = \"0000:02:00.0\"\ngroup.id = 3\n[    1.0] x\n```\n"
	"```example n/a\naddr = \"0000:02:00.0\"\ngroup.id = null\n```\n";

/* What rule_file_check() prints of a page, from behind the path on. */
static size_t check_page(const char *page, char *ret, size_t size, size_t *ret_examples)
{
	char dir[] = "/tmp/test_load.XXXXXX", path[64];
	FILE *out = tmpfile(), *file;
	size_t complaints, n;

	if (!mkdtemp(dir))
		return 99;
	snprintf(path, sizeof path, "%s/device.x.md", dir);
	file = fopen(path, "w");
	fputs(page, file);
	fclose(file);
	complaints = rule_file_check(path, out, ret_examples);
	rewind(out);
	n = fread(ret, 1, size - 1, out);
	ret[n] = '\0';
	if (text_starts(ret, path))
		memmove(ret, ret + strlen(path), strlen(ret + strlen(path)) + 1);
	fclose(out);
	unlink(path);
	rmdir(dir);
	return complaints;
}

TEST(examples_are_run)
{
	struct arena *a = arena_new();
	char said[1024] = "", *wrong;
	size_t n = 0;

	is_int(check_page(examples_page, said, sizeof said, &n), 0);
	is_str(said, "");
	is_int(n, 4);
	wrong = arena_strdup(a, examples_page);
	memcpy(strstr(wrong, "x 02:00.0"), "x 03:00.0", 9);
	is_int(check_page(wrong, said, sizeof said, &n), 1);
	is_str(said, ":15: this example of fail comes out as unknown: s ?\n");
	wrong = arena_strdup(a, examples_page);
	memcpy(strstr(wrong, "group.id = 3"), "group.xx = 3", 12);
	is_int(check_page(wrong, said, sizeof said, &n), 1);
	is_str(said, ":16: a rule for device sees no fact \"group.xx\"\n");
	wrong = arena_strdup(a, examples_page);
	memcpy(strstr(wrong, "group.id = 3"), "group.id=\"3\"", 12);
	memcpy(strstr(wrong, "\"0000:02:00.0\""), "[\"000:02:00.0\"", 14);
	ok(check_page(wrong, said, sizeof said, &n) > 0);
	arena_free(a);
}
