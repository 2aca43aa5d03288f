// SPDX-License-Identifier: GPL-2.0-or-later
// Goes through a large text file line by line, without keeping it.
#include "collect/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 4096, BUFFER = 64 << 10 };

/* Calls FUNCTION for the whole lines in BUFFER; returns how many bytes they take. */
static size_t give_lines(char *buffer, size_t n, line_function *function, void *context)
{
	size_t start = 0;
	char *end;

	while ((end = memchr(buffer + start, '\n', n - start))) {
		size_t length = (size_t)(end - buffer) - start;

		if (length >= LINE)
			length = LINE - 1;
		buffer[start + length] = '\0';
		function(context, buffer + start, length);
		start = (size_t)(end - buffer) + 1;
	}
	return start;
}

enum source_status lines_each(
	const struct root *r, const char *path, line_function *function, void *context)
{
	char buffer[BUFFER];
	size_t kept = 0; /* bytes of a line whose end was not seen yet */
	int fd = root_open_file(r, path);
	ssize_t got;

	if (fd < 0)
		return root_status_of(errno);
	while ((got = read(fd, buffer + kept, sizeof buffer - 1 - kept)) != 0) {
		size_t n, given;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		n = kept + (size_t)got;
		given = give_lines(buffer, n, function, context);
		kept = n - given;
		memmove(buffer, buffer + given, kept);
		if (kept > sizeof buffer / 2)
			kept = LINE; /* the middle of an overlong line goes */
	}
	close(fd);
	if (got < 0)
		return STATUS_ERROR;
	if (kept) {
		buffer[kept] = '\n';
		give_lines(buffer, kept + 1, function, context);
	}
	return STATUS_OK;
}
