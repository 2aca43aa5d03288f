// SPDX-License-Identifier: GPL-2.0-or-later
// A plan, told to a reader.
#ifndef REPORT_PLAN_REPORT_H
#define REPORT_PLAN_REPORT_H

#include "plan/plan.h"
#include "report/report.h"

typedef void plan_function(
	const struct plan *p, const struct report_options *options, FILE *out);

plan_function plan_text;     /* plan_text.c: for a terminal */
plan_function plan_markdown; /* plan_text.c: for a forum */
plan_function plan_json;     /* plan_json.c: docs/plan.schema.json */
plan_function plan_sh;       /* plan_sh.c: a commented script, to read */

/* The writer for a format of `plan --format`; NULL: a plan has no such format. */
plan_function *plan_writer(const char *format);

#endif
