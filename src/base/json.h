// SPDX-License-Identifier: GPL-2.0-or-later
// JSON, strictly: the only door to cJSON.
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A value of a parsed or built document; its layout is cJSON's business. */
typedef struct cJSON json;

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* Place of an error, both counted from 1, the column in bytes, and one clause that says
 * what is wrong. */
struct json_error {
	size_t line, column;
	char message[160];
};

enum {
	JSON_MAX_DEPTH = 32, /* deeper nesting is an error; our formats need 8 */
	/* Each takes some 100 bytes; 64 MiB of kernel log have a million lines */
	JSON_MAX_VALUES = 4 << 20,
};

/*
 * Parses the N bytes at TEXT. Stricter than cJSON: valid UTF-8, no byte-order mark, no
 * raw control character in a string, no `\u0000`, no duplicate key, numbers as RFC 8259
 * has them, nothing behind the value, at most JSON_MAX_DEPTH levels and JSON_MAX_VALUES
 * values. Returns NULL and fills *ret_error otherwise. The caller frees with json_free().
 */
json *json_parse(const char *text, size_t n, struct json_error *ret_error);
void json_free(json *root);

/* Line and column of NODE in the TEXT that ROOT was parsed from; 1:1 if it is not there.
 */
void json_locate(const char *text, const json *root, const json *node, size_t *ret_line,
	size_t *ret_column);

enum json_type json_type(const json *j);
const char *json_type_name(enum json_type type); /* "a string", "an object", … */
const char *json_key(const json *member);        /* name within its object, else "" */
const char *json_text(const json *j);            /* of a string, else "" */
double json_number(const json *j);
bool json_bool(const json *j);
size_t json_count(const json *j); /* elements or members */
const json *json_first(const json *j);
const json *json_next(const json *j);
/* Member KEY of an object, case-sensitive; NULL if there is none. */
const json *json_get(const json *object, const char *key);

#define json_each(item, container)                                                       \
	for (const json *item = json_first(container); item; item = json_next(item))

/*
 * Building. A value belongs to the container that it was added to; json_free() of the
 * root frees all. The text is copied. Each returns the new member. KEY is NULL in an
 * array.
 */
json *json_new_object(void);
json *json_add_object(json *to, const char *key);
json *json_add_array(json *to, const char *key);
json *json_add_text(json *to, const char *key, const char *text); /* NULL: null */
/* An array of N texts. */
json *json_add_texts(json *to, const char *key, const char *const *texts, size_t n);
json *json_add_int(json *to, const char *key, int64_t value); /* below 2^53 */
json *json_add_bool(json *to, const char *key, bool value);
json *json_add_null(json *to, const char *key);

/* Pretty-printed, one member a line, indented by two blanks, ended by a line feed. */
char *json_print(struct arena *a, const json *root);
/* On one line, without a line feed at its end. */
char *json_print_compact(struct arena *a, const json *root);

#endif
