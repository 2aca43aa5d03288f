// SPDX-License-Identifier: GPL-2.0-or-later
// A kernel log as text, in whatever form it was written down: its records of the last
// boot.
#include "import/klog_text.h"

#include <string.h>

#include "base/text.h"

enum {
	EARLY_LINES =
		4, /* microcode and architecture lines that may precede the banner */
	PRIORITY_MAX = 191,  /* facility local7, level debug: syslog(3) */
	RECORD_LIMIT = 8192, /* bytes; the kernel's own is 2048 (PRINTK_MESSAGE_MAX) */
};

bool klog_is_banner(const char *message)
{
	return text_starts(message, "Linux version ") && text_is_digit(message[14]);
}

/* True if P points to `14:00:01`. */
static bool is_clock(const char *p)
{
	for (size_t i = 0; i < 8; i++)
		if (i % 3 == 2 ? p[i] != ':' : !text_is_digit(p[i]))
			return false;
	return true;
}

/* `<6>` of dmesg -r, or `kern  :info  : ` of dmesg -x. */
static const char *skip_priority(const char *p, struct klog_raw *raw)
{
	uint64_t number = 0;
	const char *q = p + 1;

	if (*p == '<') {
		while (text_is_digit(*q) && number < 1000)
			number = number * 10 + (unsigned)(*q++ - '0');
		if (q == p + 1 || *q != '>' || number > PRIORITY_MAX)
			return p;
		raw->foreign |= !klog_is_kernel(number);
		raw->prefixed = true;
		return q + 1;
	}
	size_t word = 0;
	while (text_is_letter(p[word]) || text_is_digit(p[word]))
		word++;
	q = p + word + strspn(p + word, " ");
	if (word == 0 || word > 8 || *q != ':')
		return p;
	size_t level = strcspn(q + 1, " :");
	const char *end = q + 1 + level + strspn(q + 1 + level, " ");
	if (level < 3 || level > 6 || end[0] != ':' || end[1] != ' ' || q[1] == ' ')
		return p;
	raw->foreign |= word != 4 || memcmp(p, "kern", 4) != 0;
	raw->prefixed = true;
	return end + 2;
}

/* Where a date of at most 15 bytes, localised or not, ends and its clock begins; 0: there
 * is none. Part of an address (0000:00:14.0) looks like one, but follows a digit. */
static size_t find_clock(const char *p)
{
	for (size_t at = 1; at < 16 && p[at - 1] && p[at]; at++)
		if ((p[at - 1] == ' ' || p[at - 1] == 'T') && is_clock(p + at))
			return at;
	return 0;
}

static const char *next_word(const char *p)
{
	p += strcspn(p, " ");
	return p + strspn(p, " ");
}

/* `PM`, `UTC`, `CEST`, `+0100`: belongs to the clock (journalctl -o short-full). */
static bool is_zone(const char *p)
{
	size_t n = 0;

	if (*p == '+' || *p == '-')
		return text_is_digit(p[1]) && text_is_digit(p[2]);
	while (p[n] >= 'A' && p[n] <= 'Z')
		n++;
	return n >= 2 && n <= 5 && p[n] == ' ';
}

/* `kernel: ` at P, also with the stamp right behind it; its length, 0: something else. */
static size_t kernel_tag(const char *p)
{
	static const char tag[] = "kernel:";

	if (text_starts(p, "kernel [ ") || text_starts(p, "kernel:["))
		return strlen("kernel:");
	if (!text_starts(p, tag) || (p[sizeof tag - 1] && p[sizeof tag - 1] != ' '))
		return 0;
	return sizeof tag - 1 + (p[sizeof tag - 1] == ' ');
}

/* `host kernel: ` behind a date. */
static const char *skip_host(const char *p, const char *host, struct klog_raw *raw)
{
	const char *tag = next_word(host);
	size_t n = strcspn(tag, " :[(");

	if (kernel_tag(host)) { /* journalctl --no-hostname */
		raw->daemon = raw->prefixed = true;
		return host + kernel_tag(host);
	}
	if (host == tag || n == 0 || !tag[n])
		return p;
	const char *colon = strstr(tag + n, ": ");
	if (!colon && text_ends(tag, ":"))
		colon = tag + strlen(tag) - 1;
	raw->daemon = raw->prefixed = true;
	raw->foreign |= n != 6 || memcmp(tag, "kernel", 6) != 0 || colon != tag + n;
	if (!colon)
		return p;
	return colon + 1 + (colon[1] == ' ');
}

/* `1700000000.251399 host kernel: ` of journalctl -o short-unix. */
static const char *skip_unix(const char *p, struct klog_raw *raw)
{
	size_t n = strspn(p, "0123456789");
	size_t fraction = p[n] == '.' ? strspn(p + n + 1, "0123456789") : 0;

	if (n != 10 || fraction != 6 || p[17] != ' ')
		return p;
	return skip_host(p, p + 18, raw);
}

/*
 * `Nov 22 14:00:01 host kernel: `, `2026-11-22T14:00:01.5+01:00 host kernel: `; without
 * sender `2026-11-22T14:00:01,251399+01:00 ` (dmesg --time-format iso: the only one with a
 * comma, sys-utils/dmesg.c) and a date that a terminal program put before the stamp.
 */
static const char *skip_daemon(const char *p, struct klog_raw *raw)
{
	if (*p == '[' || *p == '<')
		return p;
	size_t at = find_clock(p);
	if (!at)
		return skip_unix(p, raw);
	const char *rest = next_word(p + at + 8);
	if (p[at + 8] == ',' && text_is_digit(p[at + 9])) {
		raw->prefixed = true;
		return rest;
	}
	if (is_zone(rest))
		rest = next_word(rest);
	return *rest == '[' ? rest : skip_host(p, rest, raw);
}

/* `[    0.251399]`, or a clock (`[Sun Nov 22 14:00:01 2026]`, `[Nov22 14:00]`,
 * `[  +0.000003]`) that says nothing about the order and is dropped. */
static const char *skip_stamp(const char *p, struct klog_raw *raw)
{
	const char *end = *p == '[' ? strchr(p, ']') : NULL;
	const char *q = p + 1 + (*p == '[' ? strspn(p + 1, " ") : 0);
	uint64_t sec = 0, usec = 0;
	size_t digits = 0;

	if (!end || end - p > 48)
		return p;
	bool relative = *q == '+' || *q == '<';
	for (const char *c = q; !relative && c < end; c++)
		if ((is_clock(c) && end - c >= 8) ||
			(text_is_letter(*q) && text_is_digit(*c) && end - c == 5 &&
				c[2] == ':' && c[-1] == ' '))
			relative = true;
	if (relative) {
		raw->prefixed = true;
		return end + 1 + (end[1] == ' ');
	}
	while (text_is_digit(*q) && sec < UINT32_MAX)
		sec = sec * 10 + (unsigned)(*q++ - '0');
	if (*q != '.' || !text_is_digit(q[-1]))
		return p;
	for (q++; text_is_digit(*q) && digits < 6; digits++)
		usec = usec * 10 + (unsigned)(*q++ - '0');
	if (*q == ' ' && q[1] == '<') /* dmesg -d, journalctl -o short-delta */
		q = end;
	if (q != end || digits == 0)
		return p;
	raw->stamp = p;
	raw->usec = sec * 1000000 + usec;
	raw->prefixed = true;
	return end + 1 + (end[1] == ' ');
}

/* `[    T0] `, `[   C11] `: which task or processor said it (CONFIG_PRINTK_CALLER). */
static const char *skip_caller(const char *p, const struct klog_raw *raw)
{
	const char *q = p;

	if (!raw->prefixed || *q != '[')
		return p;
	q++;
	q += strspn(q, " ");
	if (*q != 'T' && *q != 'C')
		return p;
	size_t n = strspn(q + 1, "0123456789");
	if (n == 0 || q[n + 1] != ']')
		return p;
	q += n + 2;
	return q + (*q == ' ');
}

/* `host kernel: `, `host systemd[1]: ` of journalctl -o short-monotonic. A kernel message
 * that begins with two words and a number in brackets has a colon behind the first. */
static const char *skip_sender(const char *p, struct klog_raw *raw)
{
	size_t host = strcspn(p, " :");
	const char *tag = p + host + 1;

	if (text_starts(p, "kernel: "))
		return p + strlen("kernel: ");
	if (host == 0 || p[host] != ' ')
		return p;
	if (text_starts(tag, "kernel: "))
		return tag + strlen("kernel: ");
	size_t n = strcspn(tag, " :[");
	if (n == 0 || tag[n] != '[') /* `kvm [4711]: ` is the kernel's */
		return p;
	size_t pid = strspn(tag + n + 1, "0123456789");
	raw->foreign |= pid && text_starts(tag + n + 1 + pid, "]: ");
	return p;
}

struct klog_raw klog_raw_parse(const char *line)
{
	struct klog_raw raw = { 0 };
	const char *p = line;

	p = skip_daemon(p, &raw);
	p = skip_priority(p, &raw);
	/* Some logs have two: of the terminal or daemon, and of the kernel */
	p = skip_stamp(p, &raw);
	if (raw.prefixed)
		p = skip_stamp(p, &raw);
	p = skip_caller(p, &raw);
	if (raw.stamp && !raw.daemon)
		p = skip_sender(p, &raw);
	if (!raw.prefixed && kernel_tag(p)) { /* the date was cut off */
		p += kernel_tag(p);
		p += *p == ' ';
		raw.prefixed = true;
		p = skip_stamp(p, &raw);
	}
	raw.text = p;
	return raw;
}

static char *record_of(struct arena *a, const struct klog_raw *raw)
{
	if (!raw->stamp)
		return arena_strdup(a, raw->text);
	return arena_printf(a, "[%5llu.%06llu] %s",
		(unsigned long long)(raw->usec / 1000000),
		(unsigned long long)(raw->usec % 1000000), raw->text);
}

/* Where the last boot begins: its banner and the early lines right before it. */
static size_t boot_start(const struct klog_raw *v, size_t n, bool *ret_banner)
{
	size_t start = n;

	while (start > 0 && !klog_is_banner(v[start - 1].text))
		start--;
	*ret_banner = start > 0;
	if (!start)
		return 0;
	start--;
	for (size_t i = 0; i < EARLY_LINES && start > 0; i++, start--) {
		const struct klog_raw *before = &v[start - 1];
		bool early = before->stamp ? before->usec == 0
					   : text_starts(before->text, "microcode") ||
				text_starts(before->text, "Booting Linux");
		if (!early)
			break;
	}
	return start;
}

/* Lines that say that others are missing: a slow serial console (printk.c), journald. */
static bool says_lost(const char *text)
{
	return strstr(text, " printk messages dropped") ||
		(text_starts(text, "Missed ") && strstr(text, " kernel messages"));
}

/* All raw lines, the empty ones left out. */
static struct klog_raw *raws_of(struct arena *a, const char *text, size_t *ret_n)
{
	size_t n_lines, n = 0;
	char **lines = text_lines(a, text, &n_lines);
	struct klog_raw *v = NULL;

	for (size_t i = 0; i < n_lines; i++)
		if (*lines[i])
			*arena_push(a, v, n) = klog_raw_parse(lines[i]);
	*ret_n = n;
	return v;
}

/* Glues a line without prefix to the record before it; false if that is too long. */
static bool raw_continue(struct arena *a, struct klog_raw *record, const char *text)
{
	if (strlen(record->text) + strlen(text) >= RECORD_LIMIT)
		return false;
	record->text = arena_printf(a, "%s\n%s", record->text, text);
	return true;
}

/* Makes records of the kernel's lines in place; returns how many. */
static size_t raws_join(struct arena *a, struct klog_raw *v, size_t n, bool *ret_lost)
{
	size_t kept = 0;
	bool kernel = false;

	for (size_t i = 0; i < n; i++) {
		if (v[i].prefixed)
			kernel = !v[i].foreign;
		if (kernel && v[i].prefixed)
			v[kept++] = v[i];
		else if (kernel && !raw_continue(a, &v[kept - 1], v[i].text))
			*ret_lost = true;
	}
	return kept;
}

struct klog_text klog_text_parse(struct arena *a, const char *text)
{
	struct klog_text t = { 0 };
	size_t n, prefixed = 0, daemon = 0;
	struct klog_raw *v = raws_of(a, text, &n);
	uint64_t last = 0;

	for (size_t i = 0; i < n; i++) {
		prefixed += v[i].prefixed;
		daemon += v[i].daemon;
	}
	t.syslog = daemon && daemon * 2 >= n;
	/* CONFIG_PRINTK_TIME may be off: then each line is a record */
	if (prefixed && prefixed * 2 >= n)
		n = raws_join(a, v, n, &t.lost);
	for (size_t i = boot_start(v, n, &t.banner); i < n; i++) {
		*arena_push(a, t.records, t.n) = record_of(a, &v[i]);
		t.lost |= says_lost(v[i].text);
		if (!v[i].stamp)
			continue;
		/* Processors disagree by milliseconds, and a resume may lose a second;
		 * more is another boot whose banner is missing */
		t.lost |= v[i].usec + 1000000 < last && v[i].usec < last / 2;
		last = v[i].usec;
	}
	return t;
}
