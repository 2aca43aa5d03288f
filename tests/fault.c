// SPDX-License-Identifier: GPL-2.0-or-later
// Preloaded into the program by tests/faulted.py: counts the calls through which it reads and
// writes, and makes one of them fail.
//
//   FAULT_LOG=FD      writes one letter a call to this descriptor, at the end
//   FAULT_AT=N        the call that fails, from 1
//   FAULT=HOW         a number: with this errno; `short`: one byte only; `end`: nothing more is
//                     there; `endless`: what is read from now on there has no end; `gone:NAME`:
//                     from now on no path with NAME in it is there
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_CALLS = 1 << 16, MOST_FDS = 1024 };

static char letters[MOST_CALLS];
static size_t n_calls, fault_at;
static int log_fd = -1, fault_errno;
static const char *fault = "", *gone;
static bool endless[MOST_FDS], unplugged[MOST_FDS];

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("FAULT_AT"), *how = getenv("FAULT");
	const char *log = getenv("FAULT_LOG");

	fault_at = at ? strtoul(at, NULL, 10) : 0;
	fault = how ? how : "";
	fault_errno = atoi(fault);
	log_fd = log ? atoi(log) : -1;
	if (strncmp(fault, "gone:", 5) == 0)
		gone = fault + 5;
}

__attribute__((destructor)) static void end(void)
{
	if (log_fd >= 0)
		syscall(SYS_write, log_fd, letters,
			n_calls < MOST_CALLS ? n_calls : MOST_CALLS);
}

/* Counts a call; is it the one? */
static bool is_hit(char letter)
{
	if (n_calls < MOST_CALLS)
		letters[n_calls] = letter;
	return ++n_calls == fault_at;
}

/* Shall it fail? errno is set then. */
static bool fails(char letter)
{
	if (!is_hit(letter) || !fault_errno)
		return false;
	errno = fault_errno;
	return true;
}

static bool is_fd(int fd)
{
	return fd >= 0 && fd < MOST_FDS;
}

/* Is PATH below DIR of the device that went away? */
static bool is_gone(int dir, const char *path)
{
	if (!gone || n_calls < fault_at)
		return false;
	return (path && strstr(path, gone)) || (is_fd(dir) && unplugged[dir]);
}

/* What is opened below what went away, or before it did, is remembered. */
static int note(int fd, int dir, const char *path)
{
	if (is_fd(fd)) {
		endless[fd] = false;
		unplugged[fd] = gone &&
			((path && strstr(path, gone)) || (is_fd(dir) && unplugged[dir]));
	}
	return fd;
}

static bool open_fails(int dir, const char *path)
{
	if (fails('o'))
		return true;
	if (is_gone(dir, path)) {
		errno = ENOENT;
		return true;
	}
	return false;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static mode_t mode_of(int flags, va_list ap)
{
	return flags & O_CREAT ? (mode_t)va_arg(ap, int) : 0;
}

#define OPEN(name)                                                                       \
	int name(const char *path, int flags, ...)                                       \
	{                                                                                \
		va_list ap;                                                              \
		va_start(ap, flags);                                                     \
		mode_t mode = mode_of(flags, ap);                                        \
		va_end(ap);                                                              \
		if (open_fails(-1, path))                                                \
			return -1;                                                       \
		return note(REAL(name)(path, flags, mode), -1, path);                    \
	}
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                     \
	int name(int dir, const char *path, int flags, ...)                              \
	{                                                                                \
		va_list ap;                                                              \
		va_start(ap, flags);                                                     \
		mode_t mode = mode_of(flags, ap);                                        \
		va_end(ap);                                                              \
		if (open_fails(dir, path))                                               \
			return -1;                                                       \
		return note(REAL(name)(dir, path, flags, mode), dir, path);              \
	}
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	if (open_fails(-1, path))
		return -1;
	return note(REAL(__open_2)(path, flags), -1, path);
}

/* openat2(2), which has no function; the other calls that are made so take six at most. */
long syscall(long number, ...)
{
	va_list ap;
	long a[6];

	va_start(ap, number);
	for (size_t i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_openat2 && open_fails((int)a[0], (const char *)a[1]))
		return -1;
	long result = REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (number == SYS_openat2)
		note((int)result, (int)a[0], (const char *)a[1]);
	return result;
}

FILE *fopen(const char *path, const char *mode)
{
	return open_fails(-1, path) ? NULL : REAL(fopen)(path, mode);
}

DIR *opendir(const char *path)
{
	return open_fails(-1, path) ? NULL : REAL(opendir)(path);
}

DIR *fdopendir(int fd)
{
	return fails('o') ? NULL : REAL(fdopendir)(fd);
}

/* What reading gives at a fault; false: let it be read. */
static bool read_faulty(int fd, void *to, size_t *n, ssize_t *ret)
{
	bool hit = is_hit('r');

	if (hit && strcmp(fault, "endless") == 0 && is_fd(fd))
		endless[fd] = true;
	if (hit && strcmp(fault, "short") == 0 && *n > 1)
		*n = 1;
	*ret = -1;
	if (is_gone(fd, NULL)) {
		errno = ENODEV;
		return true;
	}
	if (hit && fault_errno) {
		errno = fault_errno;
		return true;
	}
	*ret = 0;
	if (hit && strcmp(fault, "end") == 0)
		return true;
	if (is_fd(fd) && endless[fd]) {
		memset(to, 'x', *n);
		*ret = (ssize_t)*n;
		return true;
	}
	return false;
}

ssize_t read(int fd, void *to, size_t n)
{
	ssize_t result;

	return read_faulty(fd, to, &n, &result) ? result : REAL(read)(fd, to, n);
}

#define PREAD(name, offset)                                                              \
	ssize_t name(int fd, void *to, size_t n, offset at)                              \
	{                                                                                \
		ssize_t result;                                                          \
		return read_faulty(fd, to, &n, &result) ? result                         \
							: REAL(name)(fd, to, n, at);     \
	}
PREAD(pread, off_t)
PREAD(pread64, __off64_t)

struct dirent *readdir(DIR *dir)
{
	return fails('d') ? NULL : REAL(readdir)(dir);
}

#define STAT(name)                                                                       \
	int name(const char *path, struct stat *to)                                      \
	{                                                                                \
		return fails('s') ? -1 : REAL(name)(path, to);                           \
	}
STAT(stat)
STAT(lstat)

int fstat(int fd, struct stat *to)
{
	return fails('s') ? -1 : REAL(fstat)(fd, to);
}

int fstatat(int dir, const char *path, struct stat *to, int flags)
{
	if (fails('s'))
		return -1;
	if (is_gone(dir, path)) {
		errno = ENOENT;
		return -1;
	}
	return REAL(fstatat)(dir, path, to, flags);
}

ssize_t readlinkat(int dir, const char *path, char *to, size_t n)
{
	if (fails('l'))
		return -1;
	if (is_gone(dir, path)) {
		errno = ENOENT;
		return -1;
	}
	return REAL(readlinkat)(dir, path, to, n);
}

int close(int fd)
{
	bool failing = fails('c');
	int result = REAL(close)(fd);

	if (failing)
		errno = fault_errno;
	return failing ? -1 : result;
}

ssize_t write(int fd, const void *from, size_t n)
{
	bool hit = is_hit('w');

	if (hit && fault_errno) {
		errno = fault_errno;
		return -1;
	}
	return REAL(write)(fd, from, hit && strcmp(fault, "short") == 0 && n > 1 ? 1 : n);
}

int rename(const char *from, const char *to)
{
	return fails('n') ? -1 : REAL(rename)(from, to);
}

int fsync(int fd)
{
	return fails('y') ? -1 : REAL(fsync)(fd);
}

int fchmod(int fd, mode_t mode)
{
	return fails('m') ? -1 : REAL(fchmod)(fd, mode);
}

int mkostemp(char *name, int flags)
{
	return fails('t') ? -1 : REAL(mkostemp)(name, flags);
}
