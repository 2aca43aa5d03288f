// SPDX-License-Identifier: GPL-2.0-or-later
// The verb `triage`: judges what people paste.
#include <string.h>

#include "base/columns.h"
#include "cli/cli.h"
#include "collect/capture.h"
#include "import/import.h"
#include "report/reply.h"
#include "snapshot/codec.h"
#include "snapshot/redact.h"

/* One input. */
struct input {
	const char *file; /* as given */
	const char *name; /* clean, for people */
	struct strbuf text;
	bool is_capture; /* a directory or an archive: has no text */
};

/* A document of `vfio-doctor snapshot`: its first key is the schema. */
static bool is_snapshot(const struct strbuf *text)
{
	static const char key[] = "\"schema\"";
	const char *p = strbuf_text(text);

	p += strspn(p, " \t\r\n");
	if (*p != '{')
		return false;
	p += 1 + strspn(p + 1, " \t\r\n");
	if (!text_starts(p, key))
		return false;
	p += sizeof key - 1;
	return text_starts(p + strspn(p, " \t\r\n:"), "\"vfio-doctor/snapshot/");
}

static bool read_input(
	const struct options *o, const char *file, struct input *ret, int *ret_status)
{
	bool is_stdin = strcmp(file, "-") == 0;

	ret->file = file;
	ret->name = is_stdin ? "stdin" : text_clean_line(o->arena, file, strlen(file));
	ret->is_capture = !is_stdin && capture_is(file);
	return ret->is_capture ||
		input_bytes(file, IMPORT_MAX_BYTES, &ret->text, ret_status);
}

static bool read_inputs(const struct options *o, struct input *inputs, int *ret_status)
{
	size_t n_stdin = 0;

	for (size_t i = 0; i < o->n_args; i++)
		n_stdin += strcmp(o->args[i], "-") == 0;
	if (n_stdin > 1) {
		*ret_status =
			complain(EXIT_USAGE, "only one input can be standard input");
		return false;
	}
	for (size_t i = 0; i < o->n_args; i++)
		if (!read_input(o, o->args[i], &inputs[i], ret_status))
			return false;
	return true;
}

/* The import, on top of the one snapshot among the inputs if there is one. NULL after one
 * line on stderr. */
static struct import *import_begin(const struct input *inputs, size_t n,
	const struct input **ret_base, int *ret_status)
{
	struct snapshot *base = NULL;

	*ret_base = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!is_snapshot(&inputs[i].text))
			continue;
		if (base) {
			snapshot_free(base);
			*ret_status = complain(EXIT_DATA,
				"%s: a second snapshot; they are of two machines or two "
				"times: see vfio-doctor diff",
				inputs[i].name);
			return NULL;
		}
		base = input_parse(inputs[i].name, &inputs[i].text, ret_status);
		if (!base)
			return NULL;
		*ret_base = &inputs[i];
	}
	return base ? import_into(base) : import_new();
}

/* What was read, as a whole. */
struct triage {
	struct import *import;
	struct snapshot *snap;
	size_t recognised; /* spans */
	bool has_base, captures;
};

/* Adds what one input says. False after one line on stderr. */
static bool add_input(struct triage *t, const struct input *input,
	struct private_names *names, int *ret_status)
{
	struct capture_error error = { 0 };
	const char *text = strbuf_text(&input->text);

	if (!input->is_capture) {
		private_names_learn(names, text, input->text.len);
		import_text(t->import, input->name, text, input->text.len, NULL);
		return true;
	}
	if (capture_read(t->import, input->file, names, &error))
		return true;
	*ret_status = complain(error.unopenable ? EXIT_INPUT : EXIT_DATA, "%s: %s",
		input->name, error.message);
	return false;
}

static size_t count_recognised(const struct import *im)
{
	size_t n, found = 0;
	const struct import_span *spans = import_spans(im, &n);

	for (size_t i = 0; i < n; i++)
		found += spans[i].format && strcmp(spans[i].format, "command") != 0;
	return found;
}

static bool triage_read(const struct options *o, struct triage *ret, int *ret_status)
{
	struct input *inputs = arena_alloc(o->arena, o->n_args * sizeof *inputs);
	struct private_names *names = private_names_new(o->arena);
	const struct input *base = NULL;
	bool fine = read_inputs(o, inputs, ret_status);

	if (fine)
		ret->import = import_begin(inputs, o->n_args, &base, ret_status);
	fine = fine && ret->import;
	/* Captures first: they are collected, texts fill in what they leave open */
	for (size_t i = 0; i < o->n_args; i++) {
		if (fine && inputs[i].is_capture)
			fine = add_input(ret, &inputs[i], names, ret_status);
		ret->captures |= inputs[i].is_capture;
	}
	for (size_t i = 0; i < o->n_args; i++) {
		if (fine && !inputs[i].is_capture && &inputs[i] != base)
			fine = add_input(ret, &inputs[i], names, ret_status);
		strbuf_free(&inputs[i].text);
	}
	if (!ret->import)
		return false;
	ret->has_base = base;
	ret->recognised = count_recognised(ret->import);
	ret->snap = import_finish(ret->import);
	if (!o->collect.keep_private)
		snapshot_redact(ret->snap, names);
	return fine;
}

static void triage_free(struct triage *t)
{
	import_free(t->import);
	snapshot_free(t->snap);
}

/* "12-40", "3" */
static const char *lines_text(struct arena *a, const struct import_span *span)
{
	if (span->first == span->last)
		return arena_printf(a, "%zu", span->first);
	return arena_printf(a, "%zu-%zu", span->first, span->last);
}

/* The spans of one text as a table under its name; returns how many there are. */
static size_t spans_print(const struct options *o, const struct import_span *spans,
	size_t n, const struct report_options *report, struct strbuf *text)
{
	struct table table = { .n_columns = 2, .gives_way = 1 };
	size_t i = 0, lost = 0;

	strbuf_addf(text, "%s\n", spans[0].file);
	for (; i < n && spans[i].file == spans[0].file; i++) {
		struct cell *row = table_add(o->arena, &table);
		row[0].text = lines_text(o->arena, &spans[i]);
		row[1].text = spans[i].format ? spans[i].title : "not recognised";
		row[1].tone = spans[i].format ? TONE_PLAIN : TONE_FAINT;
		lost += spans[i].format ? 0 : spans[i].last - spans[i].first + 1;
	}
	table_print(&table, text, 2, report->width, report->colour);
	strbuf_addf(text, "  %zu line%s not recognised\n", lost,
		lost == 1 ? " was" : "s were");
	return i;
}

/* What --explain-input prints. */
static int write_spans(const struct options *o, const struct triage *t)
{
	struct report_options report = output_report_options(o);
	struct strbuf text = { 0 };
	struct output out;
	size_t n;
	const struct import_span *spans = import_spans(t->import, &n);

	for (size_t i = 0; i < n;)
		i += spans_print(o, spans + i, n - i, &report, &text);
	if (!n)
		strbuf_add(&text, "there is no text in the input\n");
	output_begin(&out, o);
	fputs(strbuf_text(&text), out.memory);
	strbuf_free(&text);
	return output_end(&out);
}

static int write_snapshot(const struct options *o, const struct triage *t)
{
	struct output out;

	output_begin(&out, o);
	fputs(snapshot_write(t->snap, t->snap->arena), out.memory);
	return output_end(&out);
}

static int write_report(
	const struct options *o, const struct triage *t, const struct rule_set *rules)
{
	struct facts_request request = { o->guests, o->n_guests };
	struct facts *facts = facts_new(t->snap, &request);
	struct judgement *judgement = judge(facts, rules);
	struct report_options report = output_report_options(o);
	struct output out;

	output_begin(&out, o);
	report_function *write = reply_writer(o->format);
	if (!write)
		write = report_format_by_name(o->format)->write;
	write(judgement, &report, out.memory);
	int status = output_end(&out);
	if (!status)
		status = overall_exit_status(judgement->overall);
	judgement_free(judgement);
	facts_free(facts);
	return status;
}

int verb_triage(const struct options *o)
{
	int status = 0;
	struct rule_set *rules = input_rules(o, &status);
	struct triage t = { 0 };

	if (!rules)
		return status;
	if (triage_read(o, &t, &status)) {
		if (o->explain_input)
			status = write_spans(o, &t);
		else if (!t.recognised && !t.has_base && !t.captures)
			status = complain(EXIT_DATA,
				"nothing in this text was recognised: no listing of devices, "
				"no kernel log, no configuration");
		else if (text_equal(o->format, "snapshot"))
			status = write_snapshot(o, &t);
		else
			status = write_report(o, &t, rules);
	}
	triage_free(&t);
	rule_set_free(rules);
	return status;
}
