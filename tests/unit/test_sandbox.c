// SPDX-License-Identifier: GPL-2.0-or-later
// What is impossible once the process has locked itself in, where the kernel can.
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/vfio-doctor-test-XXXXXX";
static char inside[64], outside[64];

static int make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : errno;
}

static int make_output(void)
{
	return make(inside);
}
static int make_other(void)
{
	return make(outside);
}
static int make_nameless(void)
{
	return open("/tmp", O_TMPFILE | O_WRONLY, 0600) >= 0 ? 0 : errno;
}
static int start_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno;
}
static int open_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}
static int read_file(void)
{
	return open("/proc/cpuinfo", O_RDONLY) >= 0 ? 0 : errno;
}
static int make_directory(void)
{
	return mkdir(outside, 0700) == 0 ? 0 : errno;
}

/* What ATTEMPT comes to in a process that locked itself in: 0 or an errno. */
static int locked_in(const char *output, int (*attempt)(void))
{
	struct sandbox_needs needs = { .output = output };
	int status;
	pid_t child = fork();

	if (child == 0) {
		sandbox_enter(&needs);
		_exit(attempt());
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static bool knows(const char *what)
{
	return strstr(sandbox_describe(), what);
}

TEST(what_the_kernel_knows_is_told)
{
	ok(knows("Landlock") || knows("seccomp") || knows("none"));
}

TEST(only_the_output_can_be_written)
{
	ok(mkdtemp(folder));
	snprintf(inside, sizeof inside, "%s/out", folder);
	snprintf(outside, sizeof outside, "%s.other", folder);
	is_int(locked_in(inside, make_output), 0);
	unlink(inside);
	if (knows("Landlock")) {
		is_int(locked_in(inside, make_other), EACCES);
		is_int(locked_in(inside, make_nameless), EACCES);
		is_int(locked_in(NULL, make_directory), EACCES);
		is_int(locked_in(NULL, make_output), EACCES);
	}
	unlink(inside);
	rmdir(folder);
}

TEST(everything_can_be_read)
{
	is_int(locked_in(NULL, read_file), 0);
}

TEST(no_program_and_no_connection)
{
	if (!knows("seccomp"))
		return;
	is_int(locked_in(NULL, start_program), EPERM);
	is_int(locked_in(NULL, open_socket), EPERM);
}
