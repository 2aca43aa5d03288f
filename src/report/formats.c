// SPDX-License-Identifier: GPL-2.0-or-later
// The formats of --format: a new one is a row here and a file beside it.
#include "base/text.h"
#include "report/report.h"

const struct report_format report_formats[] = {
	{ .name = "text",
		.meaning = "for a terminal (the default)",
		.write = report_text,
		.may_colour = true },
	{ .name = "json",
		.meaning = "for programs; see docs/report.schema.json",
		.write = report_json },
	{ .name = "markdown",
		.meaning = "for forums and issue trackers",
		.write = report_markdown },
	{ .name = "html", .meaning = "a page of its own", .write = report_html },
	{ .name = "nagios",
		.meaning = "a plugin of Nagios, Icinga and their kin",
		.write = report_nagios },
	{ .name = "openmetrics",
		.meaning = "for Prometheus and its textfile collector",
		.write = report_openmetrics },
};
const size_t n_report_formats = sizeof report_formats / sizeof report_formats[0];

const struct report_format *report_format_by_name(const char *name)
{
	for (size_t i = 0; i < n_report_formats; i++)
		if (text_equal(report_formats[i].name, name))
			return &report_formats[i];
	return NULL;
}
