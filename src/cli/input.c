// SPDX-License-Identifier: GPL-2.0-or-later
// Inputs: a snapshot from a file, from stdin, or collected from the host.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "snapshot/codec.h"

/* All bytes of FD, one more than the largest document at most. -errno on failure. */
static int read_all(int fd, struct strbuf *ret)
{
	char buf[64 * 1024];

	for (;;) {
		ssize_t n = read(fd, buf, sizeof buf);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		strbuf_add_mem(ret, buf, (size_t)n);
		if (ret->len > SNAPSHOT_MAX_BYTES)
			return 0;
	}
}

static struct snapshot *parse(
	const char *name, const struct strbuf *text, int *ret_status)
{
	struct snapshot_error error;
	struct snapshot *s = NULL;

	if (strlen(strbuf_text(text)) != text->len)
		*ret_status = complain(
			EXIT_DATA, "%s: this is not JSON: it holds NUL bytes", name);
	else if (!(s = snapshot_read(strbuf_text(text), text->len, &error)))
		*ret_status = complain(EXIT_DATA, "%s:%zu:%zu: %s", name, error.line,
			error.column, error.message);
	return s;
}

static struct snapshot *read_snapshot(const char *file, int *ret_status)
{
	bool is_stdin = strcmp(file, "-") == 0;
	struct strbuf text = { 0 };
	struct snapshot *s = NULL;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? -errno : read_all(fd, &text);

	if (error < 0)
		*ret_status = complain(EXIT_INPUT, "%s: %s", file, strerror(-error));
	else
		s = parse(is_stdin ? "stdin" : file, &text, ret_status);
	if (fd >= 0 && !is_stdin)
		close(fd);
	strbuf_free(&text);
	return s;
}

struct snapshot *input_snapshot(
	const struct options *o, const char *file, int *ret_status)
{
	const char *path = NULL;

	if (file)
		return read_snapshot(file, ret_status);
	struct snapshot *s = collect(&o->collect, &path);
	if (!s)
		*ret_status = complain(EXIT_INPUT, "%s: %s", path, strerror(errno));
	return s;
}
