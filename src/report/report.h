// SPDX-License-Identifier: GPL-2.0-or-later
// What was judged, told to a reader: one model, one file a format.
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/version.h"
#include "rules/rules.h"

struct diff;

struct report_options {
	size_t width; /* columns of a text report, 80 if the terminal does not say */
	bool colour;  /* text only */
	const struct diff
		*since; /* what changed since the baseline; NULL: none is given */
	int64_t now;    /* openmetrics only: seconds since 1970; 0: not told */
};

typedef void report_function(
	const struct judgement *j, const struct report_options *options, FILE *out);

report_function report_text;        /* text.c */
report_function report_json;        /* json.c: docs/report.schema.json */
report_function report_markdown;    /* markdown.c: CommonMark, for forums and trackers */
report_function report_html;        /* markdown.c: the same tree as a whole page */
report_function report_nagios;      /* nagios.c: for Nagios, Icinga and their kin */
report_function report_openmetrics; /* openmetrics.c: for Prometheus */

/* The document of report_json() on one line, with the name of its snapshot as `file`; NULL: it
 * is no file's. */
void report_json_line(const struct judgement *j, const char *file, FILE *out);
/* The line of a snapshot that could not be read; LINE 0: the place is not known. */
void report_json_error(
	const char *file, size_t line, size_t column, const char *message, FILE *out);

/* The exit status of an audit. With a baseline it speaks of what got worse since: 0 where
 * nothing did and there still is a verdict. */
int report_status(const struct judgement *j, const struct diff *since);

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
