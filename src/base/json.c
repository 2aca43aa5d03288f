// SPDX-License-Identifier: GPL-2.0-or-later
// JSON, strictly: the only door to cJSON.
#include "base/json.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_lexical.h"
#include "base/text.h"

static bool fail_at(const char *text, size_t offset, struct json_error *ret,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static bool fail_at(
	const char *text, size_t offset, struct json_error *ret, const char *fmt, ...)
{
	va_list ap;

	json_lexical_place(text, offset, &ret->line, &ret->column);
	va_start(ap, fmt);
	vsnprintf(ret->message, sizeof ret->message, fmt, ap);
	va_end(ap);
	return false;
}

static int key_compare(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

/* The second member of a pair with one key; NULL if all keys differ. */
static const cJSON *duplicate_key(const cJSON *object)
{
	size_t n = 0, i = 0;
	const cJSON *found = NULL;

	for (const cJSON *m = object->child; m; m = m->next)
		n++;
	if (n < 2)
		return NULL;
	const cJSON **sorted = calloc(n, sizeof(const cJSON *));
	if (!sorted)
		return object->child;
	for (const cJSON *m = object->child; m; m = m->next)
		sorted[i++] = m;
	qsort(sorted, n, sizeof(const cJSON *), key_compare);
	for (i = 1; i < n && !found; i++)
		if (strcmp(sorted[i - 1]->string, sorted[i]->string) == 0)
			found = sorted[i];
	free(sorted);
	return found;
}

static const cJSON *find_duplicate(const cJSON *j)
{
	const cJSON *found = cJSON_IsObject(j) ? duplicate_key(j) : NULL;

	for (const cJSON *m = j->child; m && !found; m = m->next)
		if (m->child)
			found = find_duplicate(m);
	return found;
}

json *json_parse(const char *text, size_t n, struct json_error *ret_error)
{
	size_t offset = 0;
	const char *complaint = json_lexical_check(text, n, &offset);

	if (complaint) {
		fail_at(text, offset, ret_error, "%s", complaint);
		return NULL;
	}
	const char *end = NULL;
	cJSON *root = cJSON_ParseWithLengthOpts(text, n + 1, &end, 1);
	if (!root) {
		offset = end ? (size_t)(end - text) : 0;
		offset = offset > n ? n : offset;
		if (offset == n)
			fail_at(text, offset, ret_error, "the document ends too early");
		else
			fail_at(text, offset, ret_error, "this is not JSON");
		return NULL;
	}
	const cJSON *twice = find_duplicate(root);
	if (twice) {
		json_locate(text, root, twice, &ret_error->line, &ret_error->column);
		struct arena *a = arena_new();
		const char *key = twice->string;
		/* Cleaned, a byte can take four: the buffer holds them all. */
		snprintf(ret_error->message, sizeof ret_error->message,
			"the key \"%s\" stands here twice",
			text_clean_line(a, key, strnlen(key, 32)));
		arena_free(a);
		cJSON_Delete(root);
		return NULL;
	}
	return root;
}

void json_free(json *root)
{
	cJSON_Delete(root);
}

/* Walks text and tree in step; P stands on the first byte of J's value. Returns the byte
 * behind the value, or NULL once NODE was found, whose place is then in *RET. */
static const char *walk(
	const char *p, const cJSON *j, const cJSON *node, const char **ret)
{
	p = json_lexical_skip_space(p);
	if (j == node) {
		*ret = p;
		return NULL;
	}
	if (*p != '{' && *p != '[')
		return json_lexical_skip_scalar(p);
	bool object = *p++ == '{';
	for (const cJSON *m = j->child; m; m = m->next) {
		p = json_lexical_skip_space(p);
		if (object) {
			if (m == node) { /* a member is where its key stands */
				*ret = p;
				return NULL;
			}
			p = json_lexical_skip_space(json_lexical_skip_scalar(p)) + 1;
		}
		p = walk(p, m, node, ret);
		if (!p)
			return NULL;
		p = json_lexical_skip_space(p);
		if (*p == ',')
			p++;
	}
	return json_lexical_skip_space(p) + 1;
}

void json_locate(const char *text, const json *root, const json *node, size_t *ret_line,
	size_t *ret_column)
{
	const char *at = text;

	walk(text, root, node, &at);
	json_lexical_place(text, (size_t)(at - text), ret_line, ret_column);
}

enum json_type json_type(const json *j)
{
	switch (j->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const char *json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",
		[JSON_BOOL] = "true or false",
		[JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string",
		[JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object",
	};

	return names[type];
}

const char *json_key(const json *member)
{
	return member->string ? member->string : "";
}

const char *json_text(const json *j)
{
	return j->valuestring ? j->valuestring : "";
}

double json_number(const json *j)
{
	return j->valuedouble;
}

bool json_bool(const json *j)
{
	return cJSON_IsTrue(j);
}

size_t json_count(const json *j)
{
	size_t n = 0;

	for (const cJSON *m = j->child; m; m = m->next)
		n++;
	return n;
}

const json *json_first(const json *j)
{
	return j->child;
}

const json *json_next(const json *j)
{
	return j->next;
}

const json *json_get(const json *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static json *must(json *j)
{
	if (!j) {
		fputs("vfio-doctor: out of memory\n", stderr);
		exit(70);
	}
	return j;
}

static json *add(json *to, const char *key, json *value)
{
	must(value);
	if (key)
		cJSON_AddItemToObject(to, key, value);
	else
		cJSON_AddItemToArray(to, value);
	return value;
}

json *json_new_object(void)
{
	return must(cJSON_CreateObject());
}

json *json_add_object(json *to, const char *key)
{
	return add(to, key, cJSON_CreateObject());
}

json *json_add_array(json *to, const char *key)
{
	return add(to, key, cJSON_CreateArray());
}

json *json_add_text(json *to, const char *key, const char *text)
{
	return add(to, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

json *json_add_texts(json *to, const char *key, const char *const *texts, size_t n)
{
	json *list = json_add_array(to, key);

	for (size_t i = 0; i < n; i++)
		json_add_text(list, NULL, texts[i]);
	return list;
}

json *json_add_int(json *to, const char *key, int64_t value)
{
	return add(to, key, cJSON_CreateNumber((double)value));
}

json *json_add_bool(json *to, const char *key, bool value)
{
	return add(to, key, cJSON_CreateBool(value));
}

json *json_add_null(json *to, const char *key)
{
	return add(to, key, cJSON_CreateNull());
}

static void print_string(struct strbuf *b, const char *s)
{
	strbuf_add_char(b, '"');
	for (;;) {
		size_t plain = 0;
		while ((unsigned char)s[plain] >= 0x20 && s[plain] != '"' &&
			s[plain] != '\\')
			plain++;
		strbuf_add_mem(b, s, plain);
		s += plain;
		if (!*s)
			break;
		if (*s == '\n')
			strbuf_add(b, "\\n");
		else if (*s == '\t')
			strbuf_add(b, "\\t");
		else if ((unsigned char)*s < 0x20)
			strbuf_addf(b, "\\u%04x", (unsigned)*s);
		else
			strbuf_addf(b, "\\%c", *s);
		s++;
	}
	strbuf_add_char(b, '"');
}

/* INDENT is the depth, or -1 for a compact print. */
static void print(struct strbuf *b, const cJSON *j, int indent)
{
	bool object = cJSON_IsObject(j);
	int inner = indent < 0 ? -1 : indent + 1;

	switch (json_type(j)) {
	case JSON_NULL:
		strbuf_add(b, "null");
		return;
	case JSON_BOOL:
		strbuf_add(b, cJSON_IsTrue(j) ? "true" : "false");
		return;
	case JSON_NUMBER:
		strbuf_addf(b, "%.17g", j->valuedouble);
		return;
	case JSON_STRING:
		print_string(b, j->valuestring);
		return;
	default:
		break;
	}
	if (!j->child) {
		strbuf_add(b, object ? "{}" : "[]");
		return;
	}
	strbuf_add_char(b, object ? '{' : '[');
	for (const cJSON *m = j->child; m; m = m->next) {
		if (inner >= 0) {
			strbuf_add_char(b, '\n');
			strbuf_repeat(b, ' ', (size_t)inner * 2);
		}
		if (object) {
			print_string(b, m->string);
			strbuf_add(b, inner >= 0 ? ": " : ":");
		}
		print(b, m, inner);
		if (m->next)
			strbuf_add_char(b, ',');
	}
	if (indent >= 0) {
		strbuf_add_char(b, '\n');
		strbuf_repeat(b, ' ', (size_t)indent * 2);
	}
	strbuf_add_char(b, object ? '}' : ']');
}

char *json_print(struct arena *a, const json *root)
{
	struct strbuf b = { 0 };

	print(&b, root, 0);
	strbuf_add_char(&b, '\n');
	return strbuf_finish(&b, a);
}

char *json_print_compact(struct arena *a, const json *root)
{
	struct strbuf b = { 0 };

	print(&b, root, -1);
	return strbuf_finish(&b, a);
}
