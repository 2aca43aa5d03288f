// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log in a paste: which lines belong to it, wrapped ones put together again.
#include "import/klog.h"

#include <string.h>

#include "base/text.h"
#include "import/klog_filter.h"
#include "import/klog_functions.h"
#include "import/klog_text.h"

enum {
	AHEAD = 12,      /* lines of one record, of a stack of wrapped ones */
	WRAP_LEAST = 66, /* columns at which mail programs and terminals break lines */
	WRAP_MOST = 82,
	BOOT_LEAST = 300, /* records of a whole boot; a small virtual machine has 350 */
};

enum kind {
	LINE_BLANK,
	LINE_KERNEL,  /* has a prefix, and the kernel wrote it */
	LINE_PROGRAM, /* has a prefix, and another sender */
	LINE_OURS,    /* the same, of QEMU, libvirt or such: for others to read */
	LINE_MESSAGE, /* a message of the kernel without any prefix */
	LINE_GAP,     /* `--` of grep, `[...]` of a person, what systemd prints between */
	LINE_OTHER,
};

static bool is_gap(const char *text)
{
	static const char *const words[] = { "--", "...", "[...]", "[..]", "(...)", "….",
		"…", "[…]", "<snip>", "[snip]", "....", ".....", "[cut]", "<...>" };

	text += strspn(text, " ");
	/* Of a serial console: `[  OK  ] Started …`, `         Starting …` */
	if (text_starts(text, "[  OK  ]") || text_starts(text, "[FAILED]") ||
		text_starts(text, "Starting ") || text_starts(text, "Mounting "))
		return true;
	return text_is_among(text, words, sizeof words / sizeof words[0]);
}

/* What speaks of devices for guests is for the reader of such messages. */
static bool is_ours(const char *line)
{
	static const char *const words[] = { "qemu", "QEMU", "vfio", "libvirt", "iommu",
		"IOMMU", "pvedaemon", "kvm" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

/* Is the prefix one that no other program writes: six digits behind the point, a day or a
 * month in brackets, a sender? `[12:00:01] ` alone is a chat, `[1.5] ` a list. */
static bool is_kernel_prefix(const char *line, const struct klog_raw *raw)
{
	if (raw->stamp) {
		const char *point = strchr(raw->stamp, '.');
		return text_is_digit(point[1]) && text_is_digit(point[2]);
	}
	if (*line != '[')
		return true;
	line++;
	line += strspn(line, " ");
	return !text_is_digit(*line) && *line != '<';
}

/* Of a line without what stands before the log's own. */
static enum kind kind_of_bare(const char *line)
{
	if (!*line)
		return LINE_BLANK;
	struct klog_raw raw = klog_raw_parse(line);
	if (raw.prefixed && raw.foreign)
		return is_ours(line) ? LINE_OURS : LINE_PROGRAM;
	if (raw.prefixed && is_kernel_prefix(line, &raw))
		return LINE_KERNEL;
	if (is_gap(line))
		return LINE_GAP;
	return klog_message_is(line) ? LINE_MESSAGE : LINE_OTHER;
}

/* Does a line consist of a quotation? With more behind it somebody speaks of the line, and
 * may say that it is missing. */
static bool is_quoted(const char *line)
{
	size_t n = strlen(line);

	return n > 2 && strchr("`\"'", *line) && line[n - 1] == *line;
}

/* Behind indentation, `+ ` of a comparison, a bullet, a quote mark; else behind `kern.log:`,
 * `/var/log/kern.log:123:` or `123:` at the start of LINE. NULL: it has no such prefix. */
static const char *behind_prefix(const char *line)
{
	size_t blanks =
		is_quoted(line) ? 1 + strspn(line + 1, " ") : strspn(line, " \t+*-");

	if (blanks)
		return line + blanks;
	size_t n = strspn(line,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-");

	if (n == 0 || n > 64 || line[n] != ':')
		return NULL;
	if (strspn(line, "0123456789") != n && !memchr(line, '.', n) &&
		!memchr(line, '/', n))
		return NULL;
	line += n + 1;
	n = strspn(line, "0123456789");
	return n && (line[n] == ':' || line[n] == '-') ? line + n + 1 : line;
}

/* What the line is; *RET_TEXT is what was logged, prefixes included. */
static enum kind kind_of(const struct paste_line *line, const char **ret_text)
{
	enum kind kind = kind_of_bare(line->text);
	const char *rest;

	*ret_text = line->text;
	if (kind != LINE_OTHER || !(rest = behind_prefix(line->text)))
		return kind;
	enum kind behind = kind_of_bare(rest);
	if (behind != LINE_KERNEL && behind != LINE_PROGRAM &&
		(behind != LINE_MESSAGE || *line->text == '\t'))
		return LINE_OTHER;
	*ret_text = rest;
	return behind;
}

static enum kind kind_at(const struct paste_line *line)
{
	const char *text;

	return kind_of(line, &text);
}

/* Was the line before broken where the first word of this one did not fit? */
static bool is_wrapped(const struct paste_line *before, const struct paste_line *line)
{
	size_t word = strcspn(line->text, " ");

	return before->n <= WRAP_MOST && before->n + 1 + word > WRAP_LEAST;
}

/* `user@host:~$ `, `root# `: the log ends here. */
static bool is_prompt(const char *text)
{
	size_t n = strcspn(text, " ");

	return n && strchr("$#>%", text[n - 1]) && (n == 1 || memchr(text, '@', n));
}

/* Does the log go on within the lines from V on, not behind a blank one? */
static bool goes_on(const struct paste_line *v, size_t n, enum kind wanted)
{
	for (size_t i = 0; i < n && i < AHEAD && v[i].n; i++) {
		if (is_prompt(v[i].text))
			return false;
		if (kind_at(&v[i]) == wanted)
			return true;
	}
	return false;
}

/* Is the first line of V that is neither blank nor a gap a part of the log? */
static bool resumes(const struct paste_line *v, size_t n, enum kind wanted)
{
	size_t i = 0;

	while (i < n && i < AHEAD && !v[i].fence && (!v[i].n || is_gap(v[i].text)))
		i++;
	return i < n && kind_at(&v[i]) == wanted;
}

/* `word: text`, as most messages are. */
static bool has_subject(const char *text)
{
	const char *colon = strstr(text, ": ");

	return colon && colon - text < 40;
}

/* A line without prefix in a log that has them: a wrapped rest, or a further line of the
 * record. */
static bool continues(const struct paste_line *v, size_t n, size_t i, bool *wraps)
{
	const char *text = v[i].text;

	if (is_prompt(text))
		return false;
	bool wrapped = is_wrapped(&v[i - 1], &v[i]);
	if ((wrapped || *text == ' ' || *text == '\t') &&
		goes_on(v + i + 1, n - i - 1, LINE_KERNEL)) {
		*wraps |= wrapped;
		return true;
	}
	/* The rest of the last line, or the text that follows? */
	if (wrapped)
		return !strstr(text, ": ") && (*wraps || *text < 'A' || *text > 'Z');
	return has_subject(text) && goes_on(v + i + 1, n - i - 1, LINE_KERNEL);
}

/* Line I in a log with stamps; WRAPS: a wrapped line was seen for sure. */
static bool belongs(const struct paste_line *v, size_t n, size_t i, bool *wraps)
{
	switch (kind_at(&v[i])) {
	case LINE_KERNEL:
	case LINE_PROGRAM:
		return true;
	case LINE_BLANK:
	case LINE_GAP:
		return !v[i].fence && resumes(v + i + 1, n - i - 1, LINE_KERNEL);
	case LINE_OTHER:
		return continues(v, n, i, wraps);
	default:
		return false;
	}
}

/* Line I in a log without stamps; BOOT: it has its beginning, so that all is the log's. */
static bool belongs_bare(const struct paste_line *v, size_t n, size_t i, bool boot)
{
	const char *text = v[i].text;
	enum kind kind = kind_at(&v[i]);

	if (kind == LINE_MESSAGE)
		return true;
	if (kind == LINE_BLANK || kind == LINE_GAP)
		return !v[i].fence && resumes(v + i + 1, n - i - 1, LINE_MESSAGE);
	if (kind != LINE_OTHER || is_prompt(text))
		return false;
	if (boot)
		return true;
	if (*text == ' ' || *text == '\t' || has_subject(text))
		return goes_on(v + i + 1, n - i - 1, LINE_MESSAGE);
	return is_wrapped(&v[i - 1], &v[i]) &&
		(goes_on(v + i + 1, n - i - 1, LINE_MESSAGE) ||
			!((*text >= 'A' && *text <= 'Z')));
}

/* `251399] DMAR: …`: the first line of a part that was cut out of a log. */
static bool is_cut_head(const struct paste_line *v, size_t n)
{
	size_t digits = strspn(v->text, "0123456789.");

	return v->text[digits] == ']' && v->text[digits + 1] == ' ' && n > 1 &&
		kind_at(&v[1]) == LINE_KERNEL;
}

/* Does a log without stamps have its beginning? */
static bool has_banner(const struct paste_line *v, size_t n)
{
	for (size_t i = 0; i < n && i < 4; i++)
		if (klog_is_banner(v[i].text))
			return true;
	return false;
}

static bool is_log_command(const struct import *im)
{
	const char *text = im->command.text;

	return text && (text_starts(text, "dmesg") || text_starts(text, "journalctl"));
}

static size_t klog_take(const struct import *im, const struct paste_line *v, size_t n)
{
	enum kind kind = kind_at(&v[0]);
	size_t taken = 1;

	bool stamped = kind == LINE_KERNEL || is_cut_head(v, n);
	if (!stamped && kind != LINE_MESSAGE &&
		!(kind == LINE_OTHER && im->fresh && is_log_command(im) &&
			has_subject(v->text) && goes_on(v, n, LINE_MESSAGE)))
		return 0;
	bool boot = !stamped && has_banner(v, n), wraps = false;
	for (size_t i = 1; i < n; i++) {
		if (stamped ? !belongs(v, n, i, &wraps) : !belongs_bare(v, n, i, boot))
			break;
		if (v[i].n)
			taken = i + 1;
	}
	return taken;
}

/* Did the program that showed it break lines at its last column, within words? Then each
 * such line has the same length. */
static bool is_broken_hard(const struct paste_line *v, size_t n)
{
	size_t width = 0;

	for (size_t i = 1; i < n; i++) {
		if (kind_at(&v[i]) != LINE_OTHER || !is_wrapped(&v[i - 1], &v[i]))
			continue;
		if (width && v[i - 1].n != width)
			return false;
		width = v[i - 1].n;
	}
	return width == 80;
}

/* The first line of a boot. Where a search shows it, nothing was lost from the ring before
 * the search. */
#define RING_START "[    0.000000] "

/* What was found is all that there is of its kind. One search is enough. */
static void search_add(struct import *im)
{
	struct import_filter filter;

	if (im->command.filtered && !im->log_filter.n &&
		klog_filter_of(im->scratch, im->command.text, &filter))
		im->log_filter = filter;
}

static void klog_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct strbuf b = { 0 };
	bool part = is_log_command(im) && im->command.filtered;
	bool hard = is_broken_hard(v, n);
	bool stamped = kind_at(&v[0]) != LINE_MESSAGE;

	for (size_t i = 0; i < n; i++) {
		const char *text;
		enum kind kind = kind_of(&v[i], &text);

		part |= kind == LINE_GAP ||
			(text != v[i].text && !strchr(" \t", *v[i].text));
		if (kind == LINE_GAP || kind == LINE_BLANK)
			continue;
		if (i == 0 && kind == LINE_OTHER && is_cut_head(v, n)) {
			strbuf_addf(&b, "<6>%s", strchr(text, ']') + 2);
			part = true;
			continue;
		}
		bool wrapped = i && kind == LINE_OTHER && is_wrapped(&v[i - 1], &v[i]) &&
			(stamped || !has_subject(text)) && *text != ' ' && *text != '\t';
		if (i)
			strbuf_add(&b, !wrapped ? "\n" : hard ? "" : " ");
		strbuf_addf(&b, "%.*s", (int)strlen(text) - is_quoted(v[i].text), text);
	}
	klog_add(im, strbuf_text(&b), part);
	if (im->fresh && im->ends && text_starts(strbuf_text(&b), RING_START))
		search_add(im);
	strbuf_free(&b);
}

/* A record without its stamp. */
static const char *message_of(const char *record)
{
	const char *end = *record == '[' ? strstr(record, "] ") : NULL;

	return end && (text_is_digit(record[1]) || record[1] == ' ') ? end + 2 : record;
}

/* First message that starts so, NULL: none. */
static const char *find_message(const char *const *records, size_t n, const char *start)
{
	for (size_t i = 0; i < n; i++)
		if (text_starts(message_of(records[i]), start))
			return message_of(records[i]);
	return NULL;
}

/*
 * Is this a whole boot? Nobody says so in a paste: all that a filter or a limit would take
 * away must be there, from the map of memory to what follows the start of user space.
 */
static bool is_whole(const struct klog_text *t)
{
	static const char *const needed[] = {
		"BIOS-e820: ", "Memory: ", "ACPI: ", "Freeing unused "
	};
	static const char *const users[] = { "systemd[1]: ", "EXT4-fs (", "BTRFS",
		"XFS (", "Adding ", "systemd-journald", "IPv6: ADDRCONF",
		"audit: type=" };
	const char *const *records = (const char *const *)t->records;
	size_t n_users = 0;

	if (!t->banner || t->lost || t->n < BOOT_LEAST)
		return false;
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (!find_message(records, t->n, needed[i]))
			return false;
	for (size_t i = 0; i < sizeof users / sizeof users[0]; i++)
		n_users += find_message(records, t->n, users[i]) != NULL;
	return n_users >= 2;
}

/* Does the block belong to the boot of those before it, as far as banner and command line
 * tell? Remembers its own. */
static bool is_same_boot(struct import *im, const struct klog_text *t)
{
	static const char *const words[] = { "Linux version ",
		"Command line: ", "Kernel command line: " };
	const char *heads[3];
	bool same = true;

	for (size_t i = 0; i < 3; i++) {
		heads[i] = find_message((const char *const *)t->records, t->n, words[i]);
		same &= !heads[i] || !im->log_heads[i] ||
			strcmp(heads[i], im->log_heads[i]) == 0;
	}
	for (size_t i = 0; i < 3; i++)
		if (heads[i] || !same)
			im->log_heads[i] = heads[i];
	return same;
}

void klog_add(struct import *im, const char *text, bool part)
{
	struct klog_text t = klog_text_parse(im->scratch, text);
	bool whole = !part && is_whole(&t), same = is_same_boot(im, &t);

	if (whole || !same) {
		im->n_log = 0;
		im->log = NULL;
		im->log_whole = whole;
		im->log_filter.n = 0;
	}
	for (size_t i = 0; i < t.n; i++)
		*arena_push(im->scratch, im->log, im->n_log) = t.records[i];
}

static void klog_finish(struct import *im)
{
	struct snapshot *s = im->snap;

	if (!im->n_log || s->log.lines.have == HAVE_VALUE)
		return;
	for (size_t i = 0; i < im->n_log; i++) {
		snap_log_add(s, im->log[i]);
		klog_functions_read(im, message_of(im->log[i]));
	}
	s->log.from = snap_text_of(s, "paste");
	s->log.complete = snap_bool_of(im->log_whole);
	for (size_t i = 0; i < im->log_filter.n && !im->log_whole; i++)
		snap_texts_add(s, &s->log.filter, im->log_filter.words[i]);
	if (s->log.filter.n)
		s->log.filter_any_case = snap_bool_of(im->log_filter.any_case);
	import_source(im, SOURCE_KERNEL_LOG, im->log_whole);
}

const struct format format_klog = {
	.name = "kernel-log",
	.title = "kernel log",
	.take = klog_take,
	.read = klog_read,
	.finish = klog_finish,
};
