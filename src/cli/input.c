// SPDX-License-Identifier: GPL-2.0-or-later
// Inputs: a snapshot from a file, from stdin, or collected from the host; the rules.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "snapshot/codec.h"

/* All bytes of FD, one more than LIMIT at most. -errno on failure. */
static int read_all(int fd, size_t limit, struct strbuf *ret)
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
		if (ret->len > limit) {
			strbuf_truncate(ret, limit + 1);
			return 0;
		}
	}
}

static bool fail(struct input_error *ret, int status, const char *message)
{
	*ret = (struct input_error){ .status = status };
	snprintf(ret->message, sizeof ret->message, "%s", message);
	return false;
}

static int complain_of(const char *name, const struct input_error *error)
{
	if (!error->line)
		return complain(error->status, "%s: %s", name, error->message);
	return complain(error->status, "%s:%zu:%zu: %s", name, error->line, error->column,
		error->message);
}

static bool bytes_of(
	const char *file, size_t limit, struct strbuf *ret, struct input_error *ret_error)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? -errno : read_all(fd, limit, ret);

	if (fd >= 0 && !is_stdin)
		close(fd);
	return error >= 0 || fail(ret_error, EXIT_INPUT, strerror(-error));
}

bool input_bytes(const char *file, size_t limit, struct strbuf *ret, int *ret_status)
{
	struct input_error error;
	bool fine = bytes_of(file, limit, ret, &error);

	if (!fine)
		*ret_status = complain_of(file, &error);
	return fine;
}

struct snapshot *input_decode(const char *text, size_t n, struct input_error *ret_error)
{
	struct snapshot_error error;
	struct snapshot *s = NULL;

	if (strlen(text) != n) {
		fail(ret_error, EXIT_DATA, "this is not JSON: it holds NUL bytes");
	} else if (!(s = snapshot_read(text, n, &error))) {
		fail(ret_error, EXIT_DATA, error.message);
		ret_error->line = error.line;
		ret_error->column = error.column;
	}
	return s;
}

struct snapshot *input_parse(const char *name, const struct strbuf *text, int *ret_status)
{
	struct input_error error;
	struct snapshot *s = input_decode(strbuf_text(text), text->len, &error);

	if (!s)
		*ret_status = complain_of(name, &error);
	return s;
}

struct snapshot *input_read(const char *file, struct input_error *ret_error)
{
	struct strbuf text = { 0 };
	struct snapshot *s = NULL;

	if (bytes_of(file, SNAPSHOT_MAX_BYTES, &text, ret_error))
		s = input_decode(strbuf_text(&text), text.len, ret_error);
	strbuf_free(&text);
	return s;
}

struct snapshot *input_snapshot(
	const struct options *o, const char *file, int *ret_status)
{
	const char *path = NULL;
	struct input_error error;
	struct snapshot *s;

	if (file) {
		s = input_read(file, &error);
		if (!s)
			*ret_status = complain_of(
				strcmp(file, "-") == 0 ? "stdin" : file, &error);
		return s;
	}
	s = collect(&o->collect, &path);
	if (!s)
		*ret_status = complain(EXIT_INPUT, "%s: %s", path, strerror(errno));
	return s;
}

struct rule_set *input_rules(const struct options *o, int *ret_status)
{
	struct rule_error error;
	struct rule_set *rules = rule_set_load(o->rules_dir, &error);

	if (!rules && !error.line) /* it is not what stands in a file */
		*ret_status = complain(EXIT_INPUT, "%s: %s", error.file, error.message);
	else if (!rules)
		*ret_status = complain(EXIT_DATA, "%s:%zu:%zu: %s", error.file,
			error.line, error.column, error.message);
	return rules;
}
