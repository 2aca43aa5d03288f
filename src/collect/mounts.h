// SPDX-License-Identifier: GPL-2.0-or-later
// What is mounted where, and what is mounted only when somebody asks for it.
#ifndef COLLECT_MOUNTS_H
#define COLLECT_MOUNTS_H

#include "collect/root.h"

struct mount {
	const char *point, *type, *source, *options;
	/* "254:0"; "0:…" for file systems that may have several disks */
	const char *number;
};

struct mounts {
	struct mount *v;
	size_t n;
};

/* P without `\040` and its like (fs/proc_namespace.c, mangle()). */
char *octal_decode(struct arena *a, const char *p);
/* The mounts of this process: mountinfo, else /proc/mounts, which has no numbers. */
enum source_status mounts_read(
	struct snapshot *s, const struct root *r, struct mounts *ret);
/* The mount on POINT that is seen: the last one covers the others. NULL: none. */
const struct mount *mount_at(const struct mounts *mounts, const char *point);
/* The mount that holds PATH: the one with the longest point. */
const struct mount *mount_of(const struct mounts *mounts, const char *path);
/* The line of /etc/fstab for POINT; NULL if there is none, or no such file. */
const struct mount *mount_planned(
	struct snapshot *s, const struct root *r, const char *point);

#endif
