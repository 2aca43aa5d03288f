// SPDX-License-Identifier: GPL-2.0-or-later
// What a monitored machine's owner settled beforehand: a baseline, and waivers.
#ifndef REPORT_MONITORED_H
#define REPORT_MONITORED_H

#include "diff/diff.h"
#include "report/sections.h"

/* One waiver, or one finding that it fits. */
struct waived {
	const struct waiver *waiver;
	const struct finding *finding; /* NULL: it fits none */
};
/* Every waived finding in the order of the findings, then the waivers that fit none. */
struct waived *waived_list(const struct judgement *j, struct arena *a, size_t *ret_n);
/* `rule@subject`, or `rule`. */
const char *waiver_name(struct arena *a, const struct waiver *w);

/* What got worse since the baseline, a line each, worst first; 0 where nothing did. */
const char **baseline_worse(const struct diff *since, struct arena *a, size_t *ret_n);
/* Did anything get worse since the baseline? */
bool baseline_alarms(const struct diff *since);

/* Adds TEXT on one line of a plugin: `|` as the broken bar, `<` and `>` as the angle quotation
 * marks U+2039 and U+203A, because web interfaces take markup for their own. */
void nagios_line(struct strbuf *b, const char *text);

/* Sections as those of sections.h. */
void section_waived(const struct report_model *m, const struct page *p);
void section_baseline(const struct report_model *m, const struct page *p);

#endif
