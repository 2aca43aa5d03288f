// SPDX-License-Identifier: GPL-2.0-or-later
// What was judged, told to a reader: one model, one file a format.
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/version.h"
#include "rules/rules.h"

struct report_options {
	size_t width; /* columns of a text report, 80 if the terminal does not say */
	bool colour;  /* text only */
};

typedef void report_function(
	const struct judgement *j, const struct report_options *options, FILE *out);

report_function report_text;     /* text.c */
report_function report_json;     /* json.c: docs/report.schema.json */
report_function report_markdown; /* markdown.c: CommonMark, for forums and trackers */
report_function report_html;     /* markdown.c: the same tree as a whole page */

/* The formats of --format, in the order that --help lists them. */
struct report_format {
	const char *name, *meaning;
	report_function *write;
	bool may_colour;
};
extern const struct report_format report_formats[];
extern const size_t n_report_formats;
const struct report_format *report_format_by_name(const char *name);

/* `explain RULE`: its documentation page, as text for a terminal. */
void explain_rule(
	const struct rule *rule, const struct report_options *options, FILE *out);

/* `explain BDF`: what is known of FN, judged as a guest in J, as text for a terminal. FN must
 * be in the scan. */
void explain_device(const struct judgement *j, const struct fn *fn,
	const struct report_options *options, FILE *out);

#endif
