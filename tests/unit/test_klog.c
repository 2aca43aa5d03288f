// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log: stamps, completeness, matches.
#include "facts/klog.h"
#include "machine.h"
#include "tap.h"

static const char *const fault_lines[] = { "{addr:bdf}: fault {n:dec}",
	"device {addr:bdf} failed", NULL };
static const char *const no_line[] = { "never logged", NULL };

static struct snapshot *small_log(void)
{
	struct snapshot *s = machine_new(0);

	machine_log(s, "[    0.000000][    T0] Linux version 6.12.0");
	machine_log(s, "[   12.345678] dev 0000:01:00.0: fault 7");
	machine_log(s, "no stamp here: device 02:00.0 failed");
	machine_log(s, "[   13.000000] dev 0000:02:00.0: fault 9");
	return s;
}

TEST(lines_lose_their_stamp)
{
	struct snapshot *s = small_log();
	struct facts *f = facts_new(s, NULL);
	size_t n;
	const struct klog_line *lines = klog_lines(f, &n);

	is_int(n, 4);
	is_str(lines[0].text, "Linux version 6.12.0");
	is_str(lines[0].stamp, "0.000000");
	is_str(lines[1].text, "dev 0000:01:00.0: fault 7");
	is_str(lines[1].stamp, "12.345678");
	is_str(lines[1].whole, "[   12.345678] dev 0000:01:00.0: fault 7");
	is_str(lines[2].text, "no stamp here: device 02:00.0 failed");
	is_str(lines[2].stamp, "");
	facts_free(f);
	snapshot_free(s);
}

TEST(a_complete_log_proves_absence)
{
	struct snapshot *s = small_log();
	struct facts *f = facts_new(s, NULL);

	ok(klog_complete(f));
	is_int(klog_says(f, fault_lines), TRI_TRUE);
	is_int(klog_says(f, no_line), TRI_FALSE);
	facts_free(f);
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(klog_says(f, no_line), TRI_UNKNOWN);
	is_int(klog_says(f, fault_lines), TRI_TRUE);
	facts_free(f);
	/* Its banner gone, a log is not complete, whatever it says of itself */
	s->log.complete = snap_bool_of(true);
	s->log.lines.s++;
	s->log.lines.n--;
	f = facts_new(s, NULL);
	is_int(klog_says(f, no_line), TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}

TEST(no_log_says_nothing)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);
	size_t n = 1;

	klog_lines(f, &n);
	is_int(n, 0);
	is_int(klog_says(f, no_line), TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
}

TEST(matches_in_order_with_their_holes)
{
	struct snapshot *s = small_log();
	struct facts *f = facts_new(s, NULL);
	const struct klog_match *first = klog_first(f, fault_lines);
	struct bdf second = { .bus = 2 };
	struct fact out = { .type = FACT_BOOL };
	size_t n;

	ok(first != NULL);
	is_str(klog_hole(f, first, "n"), "7");
	is_str(klog_hole(f, first, "addr"), "0000:01:00.0");
	is_str(klog_hole(f, first, "other"), NULL);
	klog_list(f, fault_lines, &n);
	is_int(n, 3);
	/* An address without a domain is one of domain 0 */
	first = klog_first_naming(f, fault_lines, second);
	ok(first != NULL);
	is_str(first ? first->line->text : NULL, "no stamp here: device 02:00.0 failed");
	ok(first && klog_names(first, second));
	if (first)
		klog_seen(f, &out, first);
	is_str(out.origins ? out.origins->source : NULL, "kernel log");
	facts_free(f);
	snapshot_free(s);
}

TEST(same_template_is_matched_once)
{
	struct snapshot *s = small_log();
	struct facts *f = facts_new(s, NULL);
	struct template t;
	const char *error;
	size_t n, m;

	ok(template_compile(f->arena, "fault {n:dec}", &t, &error));
	ok(klog_match_all(f, &t, &n) == klog_match_all(f, &t, &m));
	is_int(n, 2);
	is_int(m, 2);
	facts_free(f);
	snapshot_free(s);
}
