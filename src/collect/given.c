// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a file that the user named on the command line, outside the audited tree.
#include "collect/given.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* Reads FD into B until its end or LIMIT + 1 bytes; 0 or -errno. */
static int read_all(int fd, size_t limit, struct strbuf *b)
{
	char chunk[16384];

	while (b->len <= limit) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		strbuf_add_mem(b, chunk, (size_t)n);
	}
	return 0;
}

struct root_bytes given_read(struct arena *a, const char *path, size_t limit)
{
	struct root_bytes got = { .status = STATUS_OK };
	struct strbuf b = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int error = fd < 0 ? -errno : read_all(fd, limit, &b);

	if (fd >= 0)
		close(fd);
	if (error) {
		strbuf_free(&b);
		return (struct root_bytes){ .status = root_status_of(-error),
			.error = -error };
	}
	if (b.len > limit) {
		got.status = STATUS_TRUNCATED;
		strbuf_truncate(&b, limit);
	}
	got.n = b.len;
	/* The bytes may hold a NUL: no text yet */
	got.p = arena_alloc(a, got.n + 1);
	memcpy(got.p, strbuf_text(&b), got.n);
	strbuf_free(&b);
	return got;
}
