// SPDX-License-Identifier: GPL-2.0-or-later
// Output that is complete or not there.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

static void out_of_memory(void)
{
	fputs("vfio-doctor: out of memory\n", stderr);
	exit(70);
}

static void open_memory(struct output *out)
{
	out->memory = open_memstream(&out->text, &out->n);
	if (!out->memory)
		out_of_memory();
}

void output_begin(struct output *out, const struct options *o)
{
	*out = (struct output){ .path = o->output, .fd = -1 };
	open_memory(out);
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

/* The file that becomes the output, for the handler: there is one at a time. */
static char *volatile temporary_name;

static void remove_temporary(int signal_number)
{
	if (temporary_name)
		unlink(temporary_name);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

/* From now on no usual signal leaves the temporary file behind; a limit of the file's size is
 * an error of write(). */
static void guard_temporary(char *name)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU };

	temporary_name = name;
	for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
		if (signal(ending[i], remove_temporary) == SIG_IGN)
			signal(ending[i], SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* Makes a file beside TARGET that will replace it. */
static int open_beside(struct output *out)
{
	struct strbuf name = { 0 };
	sigset_t all, before;

	strbuf_addf(&name, "%s.XXXXXX", out->target);
	/* Between the making of the file and the noting of its name no signal may come */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	out->fd = mkostemp(name.s, O_CLOEXEC);
	int error = out->fd < 0 ? -errno : 0;
	if (!error)
		guard_temporary(name.s);
	else
		strbuf_free(&name);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return error;
}

/* Opens what PATH names: stdout; in place a pipe, a terminal or /dev/null, where there is
 * nothing to keep whole; else a file that is renamed at the end. */
static int open_target(struct output *out)
{
	struct stat st;

	if (!out->path) {
		out->fd = STDOUT_FILENO;
		return 0;
	}
	if (stat(out->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		out->fd = open(out->path, O_WRONLY | O_CLOEXEC);
		return out->fd < 0 ? -errno : 0;
	}
	/* A link stays a link: what it points to is replaced. */
	out->target = realpath(out->path, NULL);
	if (!out->target && !(out->target = strdup(out->path)))
		out_of_memory();
	return open_beside(out);
}

/* What was collected goes to the target; the first error of all is kept. */
static void write_collected(struct output *out)
{
	if (fclose(out->memory) != 0)
		out_of_memory();
	if (!out->error && out->fd < 0)
		out->error = open_target(out);
	if (!out->error)
		out->error = write_all(out->fd, out->text, out->n);
	free(out->text);
	out->text = NULL;
}

bool output_part(struct output *out)
{
	write_collected(out);
	open_memory(out);
	return !out->error;
}

/* PATH holds the old document or the new one. */
static int commit_file(struct output *out)
{
	int error = out->error;
	mode_t mask = umask(0);

	umask(mask);
	if (!error && (fchmod(out->fd, 0666 & ~mask) < 0 || fsync(out->fd) < 0))
		error = -errno;
	if (out->fd >= 0 && close(out->fd) < 0 && !error)
		error = -errno;
	if (!error && rename(temporary_name, out->target) < 0)
		error = -errno;
	if (error && temporary_name)
		unlink(temporary_name);
	free(temporary_name);
	temporary_name = NULL;
	free(out->target);
	return error;
}

int output_end(struct output *out)
{
	write_collected(out);
	if (out->target)
		out->error = commit_file(out);
	else if (out->path && out->fd >= 0 && close(out->fd) < 0 && !out->error)
		out->error = -errno;
	if (out->error)
		return complain(EXIT_OUTPUT, "%s: %s", out->path ? out->path : "stdout",
			strerror(-out->error));
	return 0;
}

int output_flush(int status)
{
	/* What was said on stderr already has its status. */
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status >= EXIT_USAGE)
		return status;
	return complain(EXIT_OUTPUT, "stdout: %s", strerror(errno));
}

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static int64_t time_now(void)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");
	int64_t epoch;

	return given && text_to_int(given, &epoch) ? epoch : (int64_t)time(NULL);
}

struct report_options output_report_options(const struct options *o)
{
	bool to_stdout = !o->output;
	bool colour = to_stdout ? term_wants_colour(o->colour, STDOUT_FILENO)
				: o->colour == COLOUR_ALWAYS;

	return (struct report_options){
		.width = to_stdout ? term_width(STDOUT_FILENO) : TERM_DEFAULT_WIDTH,
		.colour = colour && text_equal(o->format, "text"),
		.now = time_now(),
	};
}
