// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log of this boot: where it is taken from, and whether its beginning is
// there.
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "collect/given.h"
#include "collect/klog_live.h"
#include "collect/sources.h"
#include "import/klog_text.h"

/* A record without its stamp. */
static const char *message_of(const char *record)
{
	const char *end = *record == '[' ? strstr(record, "] ") : NULL;

	return end ? end + 2 : record;
}

static bool has_banner(char *const *records, size_t n)
{
	for (size_t i = 0; i < n && i < 5; i++)
		if (klog_is_banner(message_of(records[i])))
			return true;
	return false;
}

/* Takes the records as this boot's log; TROUBLE says why it is not whole, or NULL. */
static void log_keep(struct snapshot *s, const char *from, char *const *records, size_t n,
	const char *trouble)
{
	for (size_t i = 0; i < n; i++)
		snap_log_add(s, records[i]);
	snap_list_collected(&s->log.lines);
	s->log.from = snap_text_of(s, from);
	if (!trouble && !has_banner(records, n))
		trouble = "its beginning is missing";
	s->log.complete = snap_bool_of(!trouble);
	snapshot_set_status(s, SOURCE_KERNEL_LOG, trouble ? STATUS_TRUNCATED : STATUS_OK,
		trouble ? arena_printf(s->arena, "%s: %s", from, trouble) : NULL);
}

static void text_keep(
	struct snapshot *s, const char *from, const struct klog_text *t, bool cut)
{
	log_keep(s, from, t->records, t->n,
		cut               ? "too long, its end was left out"
			: t->lost ? "lines are missing"
				  : NULL);
}

/* Text as it was written, on whatever system: without the carriage returns of line ends.
 */
static struct klog_text parse_bytes(struct snapshot *s, const struct root_bytes *got)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < got->n; i++)
		if (got->p[i] != '\r' || (i + 1 < got->n && got->p[i + 1] != '\n'))
			strbuf_add_char(&b, (char)got->p[i]);
	char *text = text_clean(s->arena, strbuf_text(&b), b.len);
	strbuf_free(&b);
	return klog_text_parse(s->arena, text);
}

static void log_from_file(struct snapshot *s, const char *path)
{
	struct root_bytes got = given_read(s->arena, path, ROOT_LARGE);

	if (got.status != STATUS_OK && got.status != STATUS_TRUNCATED) {
		snapshot_set_status(s, SOURCE_KERNEL_LOG, got.status,
			arena_printf(s->arena, "%s could not be read", path));
		return;
	}
	struct klog_text t = parse_bytes(s, &got);
	text_keep(s, path, &t, got.status == STATUS_TRUNCATED);
}

static bool log_from_kmsg(
	struct snapshot *s, const struct root *r, enum source_status *ret_status)
{
	struct klog_live log = klog_read_kmsg(r, s->arena);

	*ret_status = log.status;
	if (log.status != STATUS_OK || log.n == 0)
		return false;
	log_keep(s, "/dev/kmsg", log.records, log.n,
		log.lost ? "lines are missing" : NULL);
	return true;
}

static bool log_from_syscall(struct snapshot *s)
{
	char *text = klog_read_syslog(s->arena);

	if (!text || !*text)
		return false;
	struct klog_text t = klog_text_parse(s->arena, text);
	if (t.n == 0)
		return false;
	text_keep(s, "klogctl", &t, false);
	return true;
}

/* Message of the first record that starts so, NULL if there is none. */
static const char *find_message(const struct klog_text *t, const char *prefix)
{
	for (size_t i = 0; i < t->n; i++)
		if (text_starts(message_of(t->records[i]), prefix))
			return message_of(t->records[i]);
	return NULL;
}

/*
 * Was this file written since the machine started, by the kernel that runs now? An older
 * boot of the same kernel would tell another story.
 */
static bool is_this_boot(struct snapshot *s, const struct root *r, const char *path,
	const struct klog_text *t)
{
	static const char words[] = "Command line: ";
	const char *stat = root_read_text(r, s->arena, "proc/stat", ROOT_LARGE);
	const char *btime = stat ? strstr(stat, "\nbtime ") : NULL;
	const char *version = snap_str(s->kernel.version);
	const char *cmdline = snap_str(s->kernel.cmdline);
	const char *banner = find_message(t, "Linux version ");
	const char *line = find_message(t, words);
	int64_t booted;

	if (!btime || !version || !cmdline || !banner || !line || t->lost)
		return false;
	btime += strlen("\nbtime ");
	if (!text_to_int(arena_strndup(s->arena, btime, strcspn(btime, "\n")), &booted))
		return false;
	line = text_trim(s->arena, line + strlen(words));
	return root_stat(r, path, true).mtime >= booted && text_equal(banner, version) &&
		text_equal(line, text_trim(s->arena, cmdline));
}

static bool log_from_tree(struct snapshot *s, const struct root *r)
{
	static const char *const paths[] = { "var/log/dmesg", "var/log/kern.log" };

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct root_bytes got = root_read(r, s->arena, paths[i], ROOT_LARGE);
		/* Of a file that is too long only its beginning was read: old boots */
		if (got.status != STATUS_OK)
			continue;
		struct klog_text t = parse_bytes(s, &got);
		if (t.n == 0 || (r->live && !is_this_boot(s, r, paths[i], &t)))
			continue;
		text_keep(s, arena_printf(s->arena, "/%s", paths[i]), &t, false);
		return true;
	}
	return false;
}

static const char *denied_reason(struct snapshot *s, const struct root *r)
{
	struct snap_int restricted =
		root_read_int(r, s, "proc/sys/kernel/dmesg_restrict");

	if (restricted.have == HAVE_VALUE && restricted.v)
		return "kernel.dmesg_restrict=1, needs root";
	return "may not be read, needs root";
}

void collect_klog(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	enum source_status status = STATUS_ABSENT;

	if (options->kernel_log) {
		log_from_file(s, options->kernel_log);
		return;
	}
	if (r->live && (log_from_kmsg(s, r, &status) || log_from_syscall(s)))
		return;
	bool denied = r->live && (status == STATUS_DENIED || errno == EPERM);
	if (log_from_tree(s, r))
		return;
	if (denied)
		snapshot_set_status(
			s, SOURCE_KERNEL_LOG, STATUS_DENIED, denied_reason(s, r));
	else
		snapshot_set_status(s, SOURCE_KERNEL_LOG, STATUS_ABSENT,
			r->live ? "the kernel hands out no log"
				: "the tree has no /var/log/dmesg");
}
