// SPDX-License-Identifier: GPL-2.0-or-later
// Strict JSON: all that cJSON lets pass is refused, with line and column.
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#include "tap.h"

static const char *verdict(const char *text)
{
	static char buf[256];
	struct json_error e;
	json *j = json_parse(text, strlen(text), &e);

	if (j) {
		json_free(j);
		return "fine";
	}
	snprintf(buf, sizeof buf, "%zu:%zu: %s", e.line, e.column, e.message);
	return buf;
}

TEST(fine)
{
	static const char *const texts[] = { "null", "[]", "{}", " [1, -0.5, 1e9] ",
		"{\"a\":{\"b\":[true,false]}}", "\"\\u00e9\\n\"", "\"é\"",
		"[\"{\", \"]\"]" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		is_str(verdict(texts[i]), "fine");
}

TEST(refused)
{
	is_str(verdict("[01]"), "1:2: this is not a number that JSON allows");
	is_str(verdict("[1.]"), "1:2: this is not a number that JSON allows");
	is_str(verdict("[1e999]"), "1:2: this is not a number that JSON allows");
	is_str(verdict("[\n \"a\tb\"]"),
		"2:4: a control character in a string must be escaped");
	is_str(verdict("\"\\u0000\""), "1:2: a NUL character cannot be used in a string");
	is_str(verdict("\xef\xbb\xbf[]"), "1:1: this byte cannot stand here");
	is_str(verdict("[\"\xff\"]"), "1:1: this line is not valid UTF-8");
	is_str(verdict("{\"a\":1,\n\"a\":2}"), "2:1: the key \"a\" stands here twice");
	is_str(verdict("[1,]"), "1:4: this is not JSON");
	is_str(verdict("[1] x"), "1:5: this is not JSON");
	is_str(verdict("[1"), "1:3: the document ends too early");
	is_str(verdict("\"abc"), "1:5: the document ends within a string");
	is_str(verdict("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
		"1:33: the nesting is too deep");
}

TEST(places)
{
	const char *text = "{\n  \"a\": [1,\n    {\"b\": \"x\"}],\n  \"c\": null}";
	struct json_error e;
	json *j = json_parse(text, strlen(text), &e);
	size_t line, column;

	ok(j != NULL);
	json_locate(text, j, json_get(j, "c"), &line, &column);
	is_int(line, 4);
	is_int(column, 3);
	const json *b = json_next(json_first(json_get(j, "a")));
	json_locate(text, j, b, &line, &column);
	is_int(line, 3);
	is_int(column, 5);
	json_locate(text, j, json_get(b, "b"), &line, &column);
	is_int(column, 6);
	json_free(j);
}

TEST(printing)
{
	struct arena *a = arena_new();
	json *j = json_new_object();

	json_add_text(j, "text", "a\"\\\n\t\x01");
	json_add_int(j, "big", 9007199254740991);
	json_add_array(j, "empty");
	json_add_text(json_add_array(j, "one"), NULL, "x");
	is_str(json_print(a, j),
		"{\n  \"text\": \"a\\\"\\\\\\n\\t\\u0001\",\n"
		"  \"big\": 9007199254740991,\n  \"empty\": [],\n"
		"  \"one\": [\n    \"x\"\n  ]\n}\n");
	is_str(json_print_compact(a, json_get(j, "one")), "[\"x\"]");
	json_free(j);
	arena_free(a);
}

TEST(too_many_values_are_refused_before_they_cost_memory)
{
	size_t n = (size_t)JSON_MAX_VALUES * 2;
	char *text = malloc(n + 2);
	struct json_error error;

	if (!text)
		return;
	for (size_t i = 0; i < n; i += 2)
		memcpy(text + i, "0,", 2);
	text[0] = '[';
	text[n] = ']';
	text[n + 1] = '\0';
	ok(!json_parse(text, n + 1, &error));
	is_str(error.message, "there are too many values");
	free(text);
}
