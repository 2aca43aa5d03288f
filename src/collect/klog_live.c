// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's own log of this boot: /dev/kmsg, and the system call where that is closed.
#include "collect/klog_live.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "base/text.h"
#include "import/klog_text.h"

enum {
	KMSG_RECORD =
		16384, /* the kernel's PRINTK_MESSAGE_MAX is 2048, before 6.4 8192 */
	KMSG_LIMIT = 64 << 20, /* bytes of text; log_buf_len= may be large, not endless */
	SYSLOG_READ_ALL = 3,   /* include/linux/syslog.h */
	SYSLOG_SIZE_BUFFER = 10,
};

static bool number_scan(const char **p, char end, uint64_t *ret)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; **p >= '0' && **p <= '9' && n < 19; (*p)++, n++)
		v = v * 10 + (unsigned)(**p - '0');
	if (n == 0 || **p != end)
		return false;
	*ret = v;
	(*p)++;
	return true;
}

/* Controls and bytes that are no ASCII are printed as `\xNN` (msg_print_ext_body()). */
static char *kmsg_decode(struct arena *a, const char *p, size_t n)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		bool coded = n - i >= 4 && p[i] == '\\' && p[i + 1] == 'x' &&
			hex_digit(p[i + 2]) >= 0 && hex_digit(p[i + 3]) >= 0;
		if (coded) {
			strbuf_add_char(&b,
				(char)(hex_digit(p[i + 2]) << 4 | hex_digit(p[i + 3])));
			i += 3;
		} else {
			strbuf_add_char(&b, p[i]);
		}
	}
	char *text = text_clean(a, strbuf_text(&b), b.len);
	strbuf_free(&b);
	return text;
}

bool kmsg_parse(struct arena *a, const char *record, size_t n, struct kmsg_record *ret)
{
	const char *copy = arena_strndup(a, record, n), *p = copy;
	struct kmsg_record out;

	if (!number_scan(&p, ',', &out.priority) ||
		!number_scan(&p, ',', &out.sequence) || !number_scan(&p, ',', &out.usec))
		return false;
	const char *text = strchr(p, ';');
	if (!text)
		return false;
	text++;
	out.text = kmsg_decode(a, text, strcspn(text, "\n"));
	*ret = out;
	return true;
}

static void kmsg_keep(
	struct klog_live *log, struct arena *a, const char *p, size_t n, uint64_t *next)
{
	struct kmsg_record record;

	if (!kmsg_parse(a, p, n, &record))
		return;
	if (*next != UINT64_MAX && record.sequence != *next)
		log->lost = true;
	*next = record.sequence + 1;
	if (klog_is_kernel(record.priority))
		*arena_push(a, log->records, log->n) = arena_printf(a,
			"[%5llu.%06llu] %s", (unsigned long long)(record.usec / 1000000),
			(unsigned long long)(record.usec % 1000000), record.text);
}

struct klog_live klog_read_kmsg(const struct root *r, struct arena *a)
{
	struct klog_live log = { .status = STATUS_OK };
	char buffer[KMSG_RECORD];
	uint64_t next = UINT64_MAX;
	size_t total = 0;
	int fd = openat(r->fd, "dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return (struct klog_live){ .status = root_status_of(errno) };
	while (total < KMSG_LIMIT) {
		ssize_t n = read(fd, buffer, sizeof buffer);
		if (n > 0) {
			kmsg_keep(&log, a, buffer, (size_t)n, &next);
			total += (size_t)n;
			continue;
		}
		/* EPIPE: overwritten meanwhile; EINVAL: longer than the buffer, skipped
		 */
		if (n < 0 && (errno == EPIPE || errno == EINVAL)) {
			log.lost = true;
			total++;
		} else if (n == 0 || errno != EINTR) {
			if (n < 0 && errno != EAGAIN)
				log.status = root_status_of(errno);
			break;
		}
	}
	log.lost |= total >= KMSG_LIMIT;
	close(fd);
	return log;
}

char *klog_read_syslog(struct arena *a)
{
	int size = klogctl(SYSLOG_SIZE_BUFFER, NULL, 0);

	if (size <= 0)
		return NULL;
	if (size > KMSG_LIMIT)
		size = KMSG_LIMIT;
	/* Records grow by their prefix when printed: ask for more than the ring holds */
	int room = size + size / 2;
	char *text = arena_alloc(a, (size_t)room + 1);
	int n = klogctl(SYSLOG_READ_ALL, text, room);
	if (n < 0)
		return NULL;
	text[n] = '\0';
	return text_clean(a, text, (size_t)n);
}
