// SPDX-License-Identifier: GPL-2.0-or-later
// A private temporary directory: filled without following a link, gone at the end.
#include "collect/workdir.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory that an exit has to remove. */
static char *to_remove;

static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

static int entry_remove(
	const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path) ? -1 : 0;
}

static void tree_remove(void)
{
	enum { DESCRIPTORS = 32 };

	if (to_remove)
		nftw(to_remove, entry_remove, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
	free(to_remove);
	to_remove = NULL;
}

const char *workdir_place(void)
{
	const char *place = getenv("TMPDIR");

	return place && *place ? place : "/tmp";
}

bool workdir_make(struct workdir *ret, struct arena *a)
{
	static bool registered;
	struct sigaction now;
	sigset_t set;

	*ret = (struct workdir){
		.path = arena_printf(a, "%s/vfio-doctor-XXXXXX", workdir_place()),
		.fd = -1,
	};
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
		if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, &ret->signals);
	if (!registered)
		atexit(tree_remove);
	registered = true;
	if (mkdtemp(ret->path)) { /* mode 0700 */
		to_remove = strdup(ret->path);
		ret->fd = open(ret->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (ret->fd >= 0 && to_remove)
			return true;
	}
	int error = errno;
	workdir_remove(ret);
	errno = error;
	return false;
}

void workdir_remove(struct workdir *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	tree_remove();
	sigprocmask(SIG_SETMASK, &w->signals, NULL);
}

bool workdir_interrupted(void)
{
	sigset_t waiting;

	if (sigpending(&waiting))
		return false;
	for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
		if (sigismember(&waiting, ending[i]) == 1)
			return true;
	return false;
}

int workdir_enter(const struct workdir *w, const char *path)
{
	int fd = fcntl(w->fd, F_DUPFD_CLOEXEC, 0);

	for (size_t n; fd >= 0 && *path; path += n + (path[n] == '/')) {
		char name[NAME_MAX + 1];
		n = strcspn(path, "/");
		if (n >= sizeof name) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, path, n);
		name[n] = '\0';
		if (mkdirat(fd, name, 0700) && errno != EEXIST) {
			int error = errno;
			close(fd);
			errno = error;
			return -1;
		}
		int next =
			openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int error = errno;
		close(fd);
		errno = error;
		fd = next;
	}
	return fd;
}
