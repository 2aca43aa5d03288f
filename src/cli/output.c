// SPDX-License-Identifier: GPL-2.0-or-later
// Output that is complete or not there.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

void output_begin(struct output *out, const struct options *o)
{
	*out = (struct output){ .path = o->output };
	out->memory = open_memstream(&out->text, &out->n);
	if (!out->memory) {
		fputs("vfio-doctor: out of memory\n", stderr);
		exit(70);
	}
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t written = write(fd, p, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		p += written;
		n -= (size_t)written;
	}
	return 0;
}

/* From now on no usual signal ends the program between the making of a file and its
 * renaming, which would leave it behind; a limit of the file's size is an error of write().
 */
static void hold_signals(void)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGXFSZ, SIG_IGN);
}

/* A pipe, a terminal or /dev/null: there is nothing to keep whole. */
static int write_in_place(const char *path, const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = fd < 0 ? -errno : write_all(fd, p, n);

	if (fd >= 0 && close(fd) < 0 && !error)
		error = -errno;
	return error;
}

/* Writes beside PATH and renames: PATH holds the old document or the new one. */
static int write_and_rename(const char *path, const char *p, size_t n)
{
	struct strbuf temporary = { 0 };
	int error, fd;

	strbuf_addf(&temporary, "%s.XXXXXX", path);
	hold_signals();
	fd = mkostemp(temporary.s, O_CLOEXEC);
	error = fd < 0 ? -errno : write_all(fd, p, n);
	if (!error) {
		mode_t mask = umask(0);
		umask(mask);
		if (fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0)
			error = -errno;
	}
	if (fd >= 0 && close(fd) < 0 && !error)
		error = -errno;
	if (!error && rename(temporary.s, path) < 0)
		error = -errno;
	if (fd >= 0 && error)
		unlink(temporary.s);
	strbuf_free(&temporary);
	return error;
}

static int write_file(const char *path, const char *p, size_t n)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_in_place(path, p, n);
	/* A link stays a link: what it points to is replaced. */
	char *target = realpath(path, NULL);
	int error = write_and_rename(target ? target : path, p, n);
	free(target);
	return error;
}

int output_end(struct output *out)
{
	int error;

	if (fclose(out->memory) != 0) {
		fputs("vfio-doctor: out of memory\n", stderr);
		exit(70);
	}
	error = out->path ? write_file(out->path, out->text, out->n)
			  : write_all(STDOUT_FILENO, out->text, out->n);
	free(out->text);
	if (error)
		return complain(EXIT_OUTPUT, "%s: %s", out->path ? out->path : "stdout",
			strerror(-error));
	return 0;
}

int output_flush(int status)
{
	/* What was said on stderr already has its status. */
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status >= EXIT_USAGE)
		return status;
	return complain(EXIT_OUTPUT, "stdout: %s", strerror(errno));
}

struct report_options output_report_options(const struct options *o)
{
	bool to_stdout = !o->output;
	bool colour = to_stdout ? term_wants_colour(o->colour, STDOUT_FILENO)
				: o->colour == COLOUR_ALWAYS;

	return (struct report_options){
		.width = to_stdout ? term_width(STDOUT_FILENO) : TERM_DEFAULT_WIDTH,
		.colour = colour && text_equal(o->format, "text"),
	};
}
