// SPDX-License-Identifier: GPL-2.0-or-later
// What changed between two judgements, told to a reader.
#ifndef REPORT_DIFF_REPORT_H
#define REPORT_DIFF_REPORT_H

#include "diff/diff.h"
#include "report/report.h"
#include "report/sections.h"

typedef void diff_function(
	const struct diff *d, const struct report_options *options, FILE *out);

diff_function diff_text;     /* diff_text.c */
diff_function diff_markdown; /* diff_text.c: the same sections in code blocks */
diff_function diff_json;     /* diff_json.c: docs/diff.schema.json */

/* The writer for a format of --format; NULL: a comparison has no such format. */
diff_function *diff_writer(const char *format);

/* One line: what it all comes to. */
const char *diff_summary(const struct diff *d);

/* The sections, each without its heading; nothing if nothing of the kind changed. */
typedef void diff_section(const struct diff *d, const struct page *p);
struct diff_section_row {
	const char *title;
	diff_section *write;
};
extern const struct diff_section_row diff_sections[];
extern const size_t n_diff_sections;

#endif
