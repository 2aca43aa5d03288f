// SPDX-License-Identifier: GPL-2.0-or-later
// What the fuzz harnesses share: machines to put hostile bytes into, and all that is done
// with a snapshot. Each harness is a LLVMFuzzerTestOneInput(); `make fuzz` links it with
// libFuzzer, `make check` with replay.c.
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "diff/diff.h"
#include "plan/plan.h"
#include "report/diff_report.h"
#include "report/plan_report.h"
#include "report/reply.h"
#include "report/report.h"
#include "rules/rules.h"
#include "snapshot/codec.h"
#include "snapshot/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The machine of the functions below: an endpoint behind a port, both in group 1. */
#define FUZZ_PORT     "0000:00:01.0"
#define FUZZ_ENDPOINT "0000:01:00.0"

/* The input is none that is looked at: -1 keeps libFuzzer from collecting it, which older
 * ones do not know. */
#define FUZZ_REJECT 0

/* A copy with a NUL behind it, as the readers of text want it; to be freed. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static inline const struct rule_set *fuzz_rules(void)
{
	static struct rule_set *rules;
	struct rule_error error;

	if (!rules)
		rules = rule_set_load(NULL, &error);
	if (!rules)
		abort();
	return rules;
}

/* What was printed must be clean, whatever came in. */
static inline void fuzz_check(const char *what, char *text, size_t n)
{
	if (!text_is_clean(text, n)) {
		fprintf(stderr, "%s: a control byte was printed\n", what);
		abort();
	}
	free(text);
}

static inline void fuzz_print(
	const char *what, report_function *write, const struct judgement *j)
{
	struct report_options options = { .width = 80 };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	write(j, &options, out);
	fclose(out);
	fuzz_check(what, text, n);
}

static inline void fuzz_plan(const struct judgement *j)
{
	static const char *const formats[] = { "text", "markdown", "json", "sh" };
	struct report_options options = { .width = 80 };
	struct plan *p = plan_new(j);

	for (size_t i = 0; !p->refusal && i < sizeof formats / sizeof formats[0]; i++) {
		char *text = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&text, &n);
		plan_writer(formats[i])(p, &options, out);
		fclose(out);
		fuzz_check(formats[i], text, n);
	}
	plan_free(p);
}

/* What becomes of a judgement. */
enum fuzz_output {
	FUZZ_REPORTS = 1, /* all formats of the audit */
	FUZZ_REPLIES = 2, /* those of triage */
	FUZZ_PLAN = 4,
};

/* Judges S for the endpoint, or for what is configured if there is none. */
static inline void fuzz_judge(const struct snapshot *s, unsigned outputs)
{
	static const char *const replies[] = { "text", "markdown", "bbcode" };
	const char *guests[] = { FUZZ_ENDPOINT };
	struct facts_request request = { guests, 0 };

	for (size_t i = 0; i < s->pci.n; i++)
		if (strcmp(s->pci.v[i].address, FUZZ_ENDPOINT) == 0)
			request.n_guests = 1;
	struct facts *facts = facts_new(s, &request);
	struct judgement *j = judge(facts, fuzz_rules());
	for (size_t i = 0; i < n_report_formats && (outputs & FUZZ_REPORTS); i++)
		if (report_formats[i].write)
			fuzz_print(report_formats[i].name, report_formats[i].write, j);
	for (size_t i = 0; i < 3 && (outputs & FUZZ_REPLIES); i++)
		fuzz_print("reply", reply_writer(replies[i]), j);
	if (outputs & FUZZ_PLAN)
		fuzz_plan(j);
	if (!outputs)
		fuzz_print("json", report_json, j);
	judgement_free(j);
	facts_free(facts);
}

/* What is written reads back, as the same document. */
static inline void fuzz_round_trip(const struct snapshot *s)
{
	struct arena *a = arena_new();
	struct snapshot_error error;
	const char *text = snapshot_write(s, a);
	struct snapshot *again = snapshot_read(text, strlen(text), &error);

	if (!again || strcmp(text, snapshot_write(again, a)) != 0) {
		fprintf(stderr, "does not read back: %s\n",
			again ? "it differs" : error.message);
		abort();
	}
	snapshot_free(again);
	arena_free(a);
}

static inline struct snap_pci *fuzz_function(
	struct snapshot *s, const char *address, uint32_t class_code, const char *parent)
{
	struct snap_pci *p = snap_list_add(s, &s->pci);

	p->address = address;
	p->class_code = snap_hex_of(class_code);
	p->vendor = snap_hex_of(0x8086);
	p->device = snap_hex_of(0x1901);
	p->driver = snap_text_none();
	p->physfn = snap_text_none();
	p->parent = snap_text_of(s, parent);
	p->iommu_group = snap_int_of(1);
	return p;
}

/* A machine of which all was read, and that has nothing but a port and a display adapter. */
static inline struct snapshot *fuzz_machine(void)
{
	struct snapshot *s = snapshot_new();

	s->origin.kind = "tree";
	s->origin.tool = "fuzz";
	for (unsigned i = 0; i < N_SOURCES; i++)
		snapshot_set_status(s, (enum source)i, STATUS_OK, NULL);
	s->host.container = snap_text_none();
	s->cpu.vendor_id = snap_text_of(s, "GenuineIntel");
	s->cpu.flags = snap_text_of(s, "vmx");
	s->log.complete = snap_bool_of(true);
	snap_list_collected(&s->log.lines);
	snap_list_collected(&s->acpi_tables);
	snap_list_collected(&s->acpi_present);
	snap_list_collected(&s->files);
	fuzz_function(s, FUZZ_PORT, 0x060400, NULL);
	fuzz_function(s, FUZZ_ENDPOINT, 0x030000, FUZZ_PORT);
	struct snap_group *g = snap_list_add(s, &s->groups);
	g->id = 1;
	snap_texts_add(s, &g->devices, FUZZ_PORT);
	snap_texts_add(s, &g->devices, FUZZ_ENDPOINT);
	return s;
}

#endif
