// SPDX-License-Identifier: GPL-2.0-or-later
// Opens paths within a directory that symbolic links cannot lead out of.
#include "collect/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	MAX_LINKS = 40, /* as the kernel: MAXSYMLINKS in include/linux/namei.h */
	MAX_DEPTH = 64, /* directories open at one time; sysfs needs about 20 */
	MAX_TRIES = 8,  /* openat2() says EAGAIN when somebody renames meanwhile */
};

/* Where the walk stands: the directories from the top down, and what is still to go. */
struct walk {
	int dirs[MAX_DEPTH];
	size_t depth; /* dirs[0] is the top, which belongs to the caller */
	char rest[PATH_MAX];
	unsigned links;
};

static void walk_up(struct walk *w, size_t depth)
{
	while (w->depth > depth)
		close(w->dirs[w->depth--]);
}

/* Cuts the next component off REST; false if there is none. */
static bool walk_next(struct walk *w, char ret_name[NAME_MAX + 1], bool *ret_last)
{
	const char *p = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(p, "/");
	const char *behind = p + n + strspn(p + n, "/");

	if (n == 0 || n > NAME_MAX)
		return false;
	memcpy(ret_name, p, n);
	ret_name[n] = '\0';
	*ret_last = p[n] == '\0';
	memmove(w->rest, behind, strlen(behind) + 1);
	return true;
}

/* Puts the target of a link in front of what is to go. */
static bool walk_splice(struct walk *w, const char *target)
{
	char next[PATH_MAX];
	int n = snprintf(
		next, sizeof next, "%s%s%s", target, w->rest[0] ? "/" : "", w->rest);

	if (++w->links > MAX_LINKS) {
		errno = ELOOP;
		return false;
	}
	if (n < 0 || (size_t)n >= sizeof next) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(w->rest, next, (size_t)n + 1);
	if (target[0] == '/')
		walk_up(w, 0);
	return true;
}

static bool walk_down(struct walk *w, const char *name)
{
	int fd;

	if (w->depth + 1 >= MAX_DEPTH) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = openat(
		w->dirs[w->depth], name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	w->dirs[++w->depth] = fd;
	return true;
}

/* The descriptor of the path, or -1. */
static int walk_run(struct walk *w, int flags)
{
	char name[NAME_MAX + 1], target[PATH_MAX];
	bool last;

	while (walk_next(w, name, &last)) {
		ssize_t n;

		if (strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			walk_up(w, w->depth ? w->depth - 1 : 0);
			continue;
		}
		n = readlinkat(w->dirs[w->depth], name, target, sizeof target - 1);
		if (n >= 0 && !(last && (flags & O_NOFOLLOW))) {
			target[n] = '\0';
			if (!walk_splice(w, target))
				return -1;
			continue;
		}
		if (n < 0 && errno != EINVAL) /* EINVAL: is no link */
			return -1;
		if (last)
			return openat(
				w->dirs[w->depth], name, flags | O_NOFOLLOW | O_CLOEXEC);
		if (!walk_down(w, name))
			return -1;
	}
	if (w->rest[strspn(w->rest, "/")] != '\0') {
		errno = ENAMETOOLONG;
		return -1;
	}
	return openat(w->dirs[w->depth], ".", flags | O_CLOEXEC);
}

int resolve_open_by_steps(int top, const char *path, int flags)
{
	struct walk w = { .dirs = { top } };
	size_t n = strlen(path);
	int fd, error;

	if (n >= sizeof w.rest) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(w.rest, path, n + 1);
	fd = walk_run(&w, flags);
	error = errno;
	walk_up(&w, 0);
	errno = error;
	return fd;
}

int resolve_open(int top, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	for (int i = 0; i < MAX_TRIES; i++) {
		long fd = syscall(SYS_openat2, top, path, &how, sizeof how);

		if (fd >= 0)
			return (int)fd;
		/* A container's filter may answer EPERM, though no file was asked for. */
		if (errno == ENOSYS || errno == EPERM)
			return resolve_open_by_steps(top, path, flags);
		if (errno != EAGAIN)
			return -1;
	}
	return -1;
}
