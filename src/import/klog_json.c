// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log as JSON: `journalctl -o json`, one object a line or many, and `dmesg --json`.
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "import/klog.h"

enum { OBJECT_LINES = 200 }; /* keys of one record */

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* An object on one line that has a message. */
static bool is_record(const char *text)
{
	return *text == '{' && text_ends(text, "}") && strstr(text, "\"MESSAGE\"");
}

/* Where the object ends that begins with the line `{`, alone: at the next line that is `}`. */
static size_t object_take(const struct paste_line *v, size_t n, size_t most)
{
	for (size_t i = 1; i < n && i < most && !text_equal(v[i].text, "{"); i++)
		if (text_equal(v[i].text, "}"))
			return i + 1;
	return 0;
}

/* Is the line a key of journalctl's, in an object of many lines? */
static bool is_journal_key(const char *text)
{
	text = skip_blanks(text);
	return text_starts(text, "\"__") || text_starts(text, "\"_") ||
		text_starts(text, "\"MESSAGE\"") || text_starts(text, "\"PRIORITY\"") ||
		text_starts(text, "\"SYSLOG_");
}

static bool is_dmesg(const struct paste_line *v, size_t n)
{
	return n > 1 && text_equal(v->text, "{") &&
		text_starts(skip_blanks(v[1].text), "\"dmesg\":");
}

/* One record, of either form; 0: there is none. */
static size_t record_take(const struct paste_line *v, size_t n)
{
	if (is_record(v->text))
		return 1;
	if (n > 1 && text_equal(v->text, "{") && is_journal_key(v[1].text))
		return object_take(v, n, OBJECT_LINES);
	return 0;
}

static size_t klog_json_take(
	const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 0, more;

	(void)im;
	if (*v->text != '{')
		return 0;
	if (is_dmesg(v, n))
		return object_take(v, n, n);
	while (taken < n && (more = record_take(v + taken, n - taken)))
		taken += more;
	return taken;
}

/* Text of a value; an array of numbers is text with bytes that are none
 * (systemd, logs-show.c). NULL: neither. */
static const char *message_of(struct arena *a, const json *value)
{
	struct strbuf b = { 0 };

	if (value && json_type(value) == JSON_STRING)
		return json_text(value);
	if (!value || json_type(value) != JSON_ARRAY)
		return NULL;
	json_each (item, value) {
		double number = json_type(item) == JSON_NUMBER ? json_number(item) : 0;
		strbuf_add_char(&b, number >= 1 && number <= 255 ? (char)number : '?');
	}
	const char *text = text_clean(a, strbuf_text(&b), b.len);
	strbuf_free(&b);
	return text;
}

static const char *text_at(const json *object, const char *key)
{
	const json *value = json_get(object, key);

	return value && json_type(value) == JSON_STRING ? json_text(value) : "";
}

/* One line of the text that klog_add() reads; line feeds inside a message stay. */
static void line_add(struct strbuf *b, uint64_t usec, const char *message)
{
	strbuf_addf(b, "[%5llu.%06llu] %s\n", (unsigned long long)(usec / 1000000),
		(unsigned long long)(usec % 1000000), message);
}

/* What is read, and of which boot. */
struct reader {
	struct import *im;
	struct strbuf text;
	const char *boot;
};

static void record_read(struct reader *r, const json *object)
{
	const char *transport = text_at(object, "_TRANSPORT");
	const char *boot = text_at(object, "_BOOT_ID");
	const char *message = message_of(r->im->scratch, json_get(object, "MESSAGE"));
	uint64_t usec = 0;

	if (!message)
		return;
	/* What others wrote into the kernel's log has another identifier */
	if (*transport ? !text_equal(transport, "kernel")
		       : !text_equal(text_at(object, "SYSLOG_IDENTIFIER"), "kernel"))
		return;
	if (r->boot && *boot && strcmp(boot, r->boot) != 0)
		strbuf_truncate(&r->text, 0);
	if (*boot)
		r->boot = arena_strdup(r->im->scratch, boot);
	if (!text_to_u64(text_at(object, "_SOURCE_MONOTONIC_TIMESTAMP"), &usec) &&
		!text_to_u64(text_at(object, "__MONOTONIC_TIMESTAMP"), &usec))
		strbuf_addf(&r->text, "<6>%s\n", message);
	else
		line_add(&r->text, usec, message);
}

/* `"time": 0.251399`, a number (sys-utils/dmesg.c). */
static void dmesg_read(struct reader *r, const json *root)
{
	const json *list = json_get(root, "dmesg");

	if (!list || json_type(list) != JSON_ARRAY)
		return;
	json_each (item, list) {
		const json *priority = json_get(item, "pri"),
			   *time = json_get(item, "time");
		const char *message = text_at(item, "msg");
		double seconds =
			time && json_type(time) == JSON_NUMBER ? json_number(time) : -1;
		if (priority && json_type(priority) == JSON_NUMBER &&
			json_number(priority) >= 8)
			continue; /* user space wrote it */
		if (seconds >= 0 && seconds < 1e9)
			line_add(&r->text, (uint64_t)(seconds * 1e6 + 0.5), message);
		else
			strbuf_addf(&r->text, "<6>%s\n", message);
	}
}

static void klog_json_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct reader r = { .im = im };
	bool part = im->fresh && im->command.filtered, dmesg = is_dmesg(v, n);

	for (size_t i = 0, more; i < n; i += more) {
		struct json_error error;
		more = dmesg ? n : record_take(v + i, n - i);
		const char *text = import_lines(im, v + i, more);
		json *root = json_parse(text, strlen(text), &error);
		part |= !root;
		if (root && dmesg)
			dmesg_read(&r, root);
		else if (root)
			record_read(&r, root);
		json_free(root);
	}
	klog_add(im, strbuf_text(&r.text), part);
	strbuf_free(&r.text);
}

const struct format format_klog_json = {
	.name = "kernel-log-json",
	.title = "kernel log, as JSON",
	.take = klog_json_take,
	.read = klog_json_read,
};
