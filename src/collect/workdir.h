// SPDX-License-Identifier: GPL-2.0-or-later
// A private temporary directory: filled without following a link, gone at the end.
#ifndef COLLECT_WORKDIR_H
#define COLLECT_WORKDIR_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Where it is made: TMPDIR, else /tmp. */
const char *workdir_place(void);

struct workdir {
	char *path; /* in TMPDIR, mode 0700 */
	int fd;
	sigset_t signals; /* the mask from before */
};

/*
 * Makes the directory; false and errno if it cannot be made. Until workdir_remove() the
 * signals by which a user ends a program wait (workdir_interrupted() tells), and an exit
 * removes the directory as well. One at a time.
 */
bool workdir_make(struct workdir *ret, struct arena *a);
void workdir_remove(struct workdir *w);
/* Is a signal waiting that ends the program? */
bool workdir_interrupted(void);

/*
 * The directory PATH below the work directory, made where it is missing; "" is itself. A
 * descriptor to be closed, or -1 and errno: ELOOP or ENOTDIR where part of it is a link or
 * a file.
 */
int workdir_enter(const struct workdir *w, const char *path);

#endif
