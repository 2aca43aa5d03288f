// SPDX-License-Identifier: GPL-2.0-or-later
// The JSON form of a snapshot: strict reader, deterministic writer.
#include "snapshot/codec.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/bdf.h"
#include "base/json.h"
#include "base/text.h"
#include "snapshot/fields.h"

/* Every SNAP_LIST has this layout; copied in and out, so that no type is punned. */
struct any_list {
	enum have have;
	void *v;
	size_t n;
};

struct reader {
	struct arena *arena;
	const char *text;
	const json *root;
	struct snapshot_error *error;
};

static bool complain(struct reader *r, const json *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool complain(struct reader *r, const json *at, const char *fmt, ...)
{
	va_list ap;

	json_locate(r->text, r->root, at, &r->error->line, &r->error->column);
	va_start(ap, fmt);
	char *message = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	/* It quotes the document, and may have cut a character in two. */
	snprintf(r->error->message, sizeof r->error->message, "%s",
		text_clean_line(r->arena, message, strlen(message)));
	return false;
}

/* False where the text is longer than MAX, which 0 leaves to the document's limit. */
static bool clean_text(
	struct reader *r, const json *j, bool lines, uint64_t max, const char **ret)
{
	const char *s = json_text(j);
	size_t n = strlen(s);

	if (!max)
		max = SNAPSHOT_MAX_TEXT;
	if (n > max)
		return complain(r, j,
			"this text holds %zu bytes, at most %" PRIu64 " can be", n, max);
	*ret = lines ? text_clean(r->arena, s, n) : text_clean_line(r->arena, s, n);
	return true;
}

static bool read_record(
	struct reader *r, const json *j, const struct record *rec, void *out);

static bool expect(struct reader *r, const json *j, enum json_type type, const char *what)
{
	if (json_type(j) == type)
		return true;
	return complain(r, j, "\"%.60s\" is %s, expected %s", json_key(j),
		json_type_name(json_type(j)), what);
}

static bool read_hex(struct reader *r, const json *j, uint64_t max, uint64_t *ret)
{
	if (!expect(r, j, JSON_STRING, "a hex string like \"0x1f\""))
		return false;
	const char *s = json_text(j);
	if (!text_starts(s, "0x") || !text_to_u64(s, ret) || (max && *ret > max))
		return complain(r, j, "\"%.60s\": expected a hex string%s", json_key(j),
			max ? " within the field's range" : " like \"0x1f\"");
	return true;
}

static bool read_integer(
	struct reader *r, const json *j, const struct field *f, int64_t *ret)
{
	double d = json_type(j) == JSON_NUMBER ? json_number(j) : 0.5;

	if (d < -9007199254740992.0 || d > 9007199254740992.0 || d != (double)(int64_t)d)
		return complain(r, j, "\"%.60s\": expected a whole number", json_key(j));
	if (f->natural && d < 0)
		return complain(r, j, "\"%.60s\" is negative", json_key(j));
	*ret = (int64_t)d;
	return true;
}

static bool read_bytes(
	struct reader *r, const json *j, uint64_t max, struct snap_bytes *out)
{
	uint8_t *p;

	if (!expect(r, j, JSON_STRING, "a string of hex digits"))
		return false;
	if (!hex_decode(r->arena, json_text(j), &p, &out->n))
		return complain(r, j, "\"%.60s\": expected an even number of hex digits",
			json_key(j));
	if (max && out->n > max)
		return complain(r, j,
			"\"%.60s\" holds %zu bytes, at most %" PRIu64 " can be",
			json_key(j), out->n, max);
	out->p = p;
	return true;
}

static bool read_texts(
	struct reader *r, const json *j, bool lines, struct snap_texts *out)
{
	if (!expect(r, j, JSON_ARRAY, "an array of strings"))
		return false;
	size_t n = json_count(j), i = 0;
	out->s = arena_alloc(r->arena, (n + 1) * sizeof *out->s);
	json_each (item, j) {
		if (json_type(item) != JSON_STRING)
			return complain(r, item, "an element of \"%.60s\" is no string",
				json_key(j));
		if (!clean_text(r, item, lines, 0, &out->s[i++]))
			return false;
	}
	out->n = n;
	return true;
}

/* The address that a record of an ascending list begins with. */
static struct bdf first_address(const struct record *rec, const void *element)
{
	struct bdf b = { 0 };
	const char *s;

	memcpy(&s, (const char *)element + rec->fields[0].offset, sizeof s);
	bdf_parse(s, &b);
	return b;
}

static bool read_list(
	struct reader *r, const json *j, const struct field *f, struct any_list *out)
{
	const struct record *rec = f->of;

	if (!expect(r, j, JSON_ARRAY, "an array of objects"))
		return false;
	size_t n = json_count(j);
	if (f->max && n > f->max)
		return complain(r, j,
			"\"%.60s\" has %zu elements, at most %" PRIu64 " can be",
			json_key(j), n, f->max);
	char *elements = arena_alloc(r->arena, (n + 1) * rec->size), *at = elements;
	json_each (item, j) {
		if (!read_record(r, item, rec, at))
			return false;
		if (rec->ascending && at > elements &&
			bdf_compare(first_address(rec, at - rec->size),
				first_address(rec, at)) >= 0)
			return complain(r, item,
				"\"%.60s\" must stand in ascending order", json_key(j));
		at += rec->size;
	}
	out->v = elements;
	out->n = n;
	return true;
}

/* Plain strings, present in every document. */
static bool read_name(
	struct reader *r, const json *j, enum field_type type, const char **ret)
{
	struct bdf b;

	if (!expect(r, j, JSON_STRING, "a string"))
		return false;
	if (!clean_text(r, j, false, 0, ret))
		return false;
	if (type == FIELD_ADDRESS &&
		(!bdf_parse(*ret, &b) || strchr(*ret, ':') < *ret + 4))
		return complain(
			r, j, "\"%.60s\" is no PCI address like \"0000:01:00.0\"", *ret);
	return true;
}

/* Fields with three states: the value at OUT begins with its `enum have`. */
static bool read_optional(
	struct reader *r, const json *j, const struct field *f, void *out)
{
	enum have have = json_type(j) == JSON_NULL ? HAVE_NONE : HAVE_VALUE;
	struct any_list list;

	memcpy(out, &have, sizeof have);
	if (have == HAVE_NONE)
		return true;
	switch (f->type) {
	case FIELD_TEXT:
		return expect(r, j, JSON_STRING, "a string") &&
			clean_text(r, j, f->lines, f->max, &((struct snap_text *)out)->s);
	case FIELD_INT:
		return read_integer(r, j, f, &((struct snap_int *)out)->v);
	case FIELD_BOOL:
		((struct snap_bool *)out)->v = json_bool(j);
		return expect(r, j, JSON_BOOL, "true or false");
	case FIELD_HEX:
		return read_hex(r, j, f->max, &((struct snap_hex *)out)->v);
	case FIELD_BYTES:
		return read_bytes(r, j, f->max, out);
	case FIELD_TEXTS:
		return read_texts(r, j, f->lines, out);
	default:
		list.have = have;
		if (!read_list(r, j, f, &list))
			return false;
		memcpy(out, &list, sizeof list);
		return true;
	}
}

static bool read_field(struct reader *r, const json *j, const struct field *f, void *out)
{
	switch (f->type) {
	case FIELD_NAME:
	case FIELD_ADDRESS:
		return read_name(r, j, f->type, out);
	case FIELD_WORD32:
		return read_hex(r, j, UINT32_MAX, out);
	case FIELD_NUMBER:
		return read_integer(r, j, f, out);
	case FIELD_RECORD:
		return read_record(r, j, f->of, out);
	default:
		return read_optional(r, j, f, out);
	}
}

static bool unknown_key(struct reader *r, const json *j, const struct record *rec)
{
	enum { MOST = 64 };
	const char *names[MOST];
	size_t n = rec->n < MOST ? rec->n : MOST;

	for (size_t i = 0; i < n; i++)
		names[i] = rec->fields[i].name;
	const char *near = text_nearest(json_key(j), names, n);
	if (near)
		return complain(r, j, "unknown key \"%.60s\"; did you mean \"%s\"?",
			json_key(j), near);
	return complain(r, j, "unknown key \"%.60s\"", json_key(j));
}

static bool read_record(
	struct reader *r, const json *j, const struct record *rec, void *out)
{
	uint64_t seen = 0;
	size_t next = 0; /* documents written by us hold the keys in the table's order */

	if (json_type(j) != JSON_OBJECT)
		return expect(r, j, JSON_OBJECT, "an object");
	json_each (member, j) {
		size_t i = 0, at = 0;
		if (rec == &snapshot_record && strcmp(json_key(member), "schema") == 0)
			continue;
		for (; i < rec->n; i++) {
			at = (next + i) % rec->n;
			if (strcmp(rec->fields[at].name, json_key(member)) == 0)
				break;
		}
		if (i == rec->n)
			return unknown_key(r, member, rec);
		next = at + 1;
		seen |= UINT64_C(1) << at;
		if (!read_field(r, member, &rec->fields[at],
			    (char *)out + rec->fields[at].offset))
			return false;
	}
	for (size_t i = 0; i < rec->n; i++)
		if (rec->fields[i].type < FIELD_RECORD && !(seen >> i & 1))
			return complain(r, j, "the key \"%s\" is missing here",
				rec->fields[i].name);
	return true;
}

/* Words that the rest of the program relies on. */
static bool check_words(struct reader *r, const struct snapshot *s)
{
	enum source source;
	enum source_status status;
	const json *j = json_get(r->root, "sources");
	const char *kind = s->origin.kind;
	uint32_t seen = 0;

	if (!text_equal(kind, "live") && !text_equal(kind, "tree") &&
		!text_equal(kind, "pasted"))
		return complain(r, json_get(r->root, "origin"),
			"\"kind\" is \"%.60s\", expected live, tree or pasted", kind);
	if (!j || json_type(j) != JSON_ARRAY)
		return complain(r, r->root, "the key \"sources\" is missing here");
	const json *item = json_first(j);
	for (size_t i = 0; i < s->sources.n; i++, item = json_next(item)) {
		if (!source_by_name(s->sources.v[i].name, &source))
			return complain(r, item, "unknown source \"%.60s\"",
				s->sources.v[i].name);
		if (!source_status_by_name(s->sources.v[i].status, &status))
			return complain(r, item, "unknown status \"%.60s\" of a source",
				s->sources.v[i].status);
		if (seen >> source & 1)
			return complain(r, item, "the source \"%s\" stands here twice",
				s->sources.v[i].name);
		seen |= 1u << source;
	}
	return true;
}

static bool read_document(struct reader *r, struct snapshot *s)
{
	const json *root = r->root;
	const json *schema =
		json_type(root) == JSON_OBJECT ? json_get(root, "schema") : NULL;

	if (!schema || json_type(schema) != JSON_STRING)
		return complain(r, root, "this is no snapshot: \"schema\" is missing");
	if (strcmp(json_text(schema), SNAPSHOT_SCHEMA) != 0)
		return complain(r, schema, "the schema is \"%.60s\", expected \"%s\"",
			json_text(schema), SNAPSHOT_SCHEMA);
	if (!read_record(r, root, &snapshot_record, s))
		return false;
	if (!s->origin.tool[0] && !json_get(root, "origin"))
		return complain(r, root, "the key \"origin\" is missing here");
	return check_words(r, s);
}

struct snapshot *snapshot_read(
	const char *text, size_t n, struct snapshot_error *ret_error)
{
	struct json_error error;

	if (n > SNAPSHOT_MAX_BYTES) {
		*ret_error = (struct snapshot_error){ .line = 1, .column = 1 };
		snprintf(ret_error->message, sizeof ret_error->message,
			"the document is larger than %d MiB", SNAPSHOT_MAX_BYTES >> 20);
		return NULL;
	}
	json *root = json_parse(text, n, &error);
	if (!root) {
		*ret_error = (struct snapshot_error){ error.line, error.column, "" };
		snprintf(ret_error->message, sizeof ret_error->message, "%s",
			error.message);
		return NULL;
	}
	struct snapshot *s = snapshot_new();
	struct reader r = { s->arena, text, root, ret_error };
	if (!read_document(&r, s)) {
		snapshot_free(s);
		s = NULL;
	}
	json_free(root);
	return s;
}

static void write_record(json *to, const struct record *rec, const void *p);

static void write_list(json *to, const struct field *f, const void *p)
{
	struct any_list list;

	memcpy(&list, p, sizeof list);
	json *array = json_add_array(to, f->name);
	for (size_t i = 0; i < list.n; i++)
		write_record(json_add_object(array, NULL), f->of,
			(const char *)list.v + i * f->of->size);
}

static void write_hex(json *to, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "0x%" PRIx64, value);
	json_add_text(to, key, text);
}

static void write_bytes(json *to, const char *key, const struct snap_bytes *b)
{
	struct arena *a = arena_new();

	json_add_text(to, key, hex_encode(a, b->p, b->n));
	arena_free(a);
}

static void write_value(json *to, const struct field *f, const void *p)
{
	const struct snap_texts *texts = p;
	json *array;

	switch (f->type) {
	case FIELD_TEXT:
		json_add_text(to, f->name, ((const struct snap_text *)p)->s);
		break;
	case FIELD_INT:
		json_add_int(to, f->name, ((const struct snap_int *)p)->v);
		break;
	case FIELD_BOOL:
		json_add_bool(to, f->name, ((const struct snap_bool *)p)->v);
		break;
	case FIELD_HEX:
		write_hex(to, f->name, ((const struct snap_hex *)p)->v);
		break;
	case FIELD_BYTES:
		write_bytes(to, f->name, p);
		break;
	case FIELD_TEXTS:
		array = json_add_array(to, f->name);
		for (size_t i = 0; i < texts->n; i++)
			json_add_text(array, NULL, texts->s[i]);
		break;
	default:
		write_list(to, f, p);
		break;
	}
}

static void write_field(json *to, const struct field *f, const void *p)
{
	enum have have;

	switch (f->type) {
	case FIELD_NAME:
	case FIELD_ADDRESS:
		json_add_text(to, f->name, *(const char *const *)p);
		break;
	case FIELD_WORD32:
		write_hex(to, f->name, *(const uint64_t *)p);
		break;
	case FIELD_NUMBER:
		json_add_int(to, f->name, *(const int64_t *)p);
		break;
	case FIELD_RECORD:
		write_record(json_add_object(to, f->name), f->of, p);
		break;
	default:
		memcpy(&have, p, sizeof have);
		if (have == HAVE_NONE)
			json_add_null(to, f->name);
		else if (have == HAVE_VALUE)
			write_value(to, f, p);
		break;
	}
}

static void write_record(json *to, const struct record *rec, const void *p)
{
	for (size_t i = 0; i < rec->n; i++)
		write_field(to, &rec->fields[i], (const char *)p + rec->fields[i].offset);
}

char *snapshot_write(const struct snapshot *s, struct arena *arena)
{
	json *root = json_new_object();

	json_add_text(root, "schema", SNAPSHOT_SCHEMA);
	write_record(root, &snapshot_record, s);
	char *text = json_print(arena, root);
	json_free(root);
	return text;
}

static const char *const type_words[] = {
	[FIELD_NAME] = "string",
	[FIELD_ADDRESS] = "PCI address",
	[FIELD_WORD32] = "hex string",
	[FIELD_NUMBER] = "number",
	[FIELD_RECORD] = "object",
	[FIELD_TEXT] = "string or null",
	[FIELD_INT] = "number or null",
	[FIELD_BOOL] = "true, false or null",
	[FIELD_HEX] = "hex string or null",
	[FIELD_BYTES] = "hex digits or null",
	[FIELD_TEXTS] = "array of strings or null",
	[FIELD_LIST] = "array of objects or null",
};

static void describe_record(FILE *out, const struct record *rec)
{
	fprintf(out, "\n## %s\n\n| key | value | meaning |\n|---|---|---|\n", rec->title);
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		fprintf(out, "| `%s` | %s | %s%s%s |\n", f->name, type_words[f->type],
			f->meaning, f->of ? ": see " : "", f->of ? f->of->title : "");
	}
	for (size_t i = 0; i < rec->n; i++)
		if (rec->fields[i].of)
			describe_record(out, rec->fields[i].of);
}

void snapshot_describe(FILE *out)
{
	fputs("# The snapshot\n\n"
	      "<!-- Made by `vfio-doctor docs snapshot`; edit src/snapshot/fields.c. -->\n\n"
	      "A snapshot is one JSON document that holds the raw evidence of one machine: bytes\n"
	      "and text as read, nothing derived. `vfio-doctor snapshot -o FILE` writes it,\n"
	      "`vfio-doctor FILE` judges it, on any machine and with any newer version.\n\n"
	      "- `\"schema\": \"" SNAPSHOT_SCHEMA "\"` comes first.\n"
	      "- A key that is absent was not collected; `null` was collected and there is none.\n"
	      "- 64-bit values are hex strings, because a JSON number loses bits above 2^53.\n"
	      "- Text is valid UTF-8 without control characters.\n"
	      "- Unknown keys, duplicate keys, wrong types and another schema are errors.\n",
		out);
	describe_record(out, &snapshot_record);
}
