// SPDX-License-Identifier: GPL-2.0-or-later
// Every read of a collector goes through here: below one directory, bounded, with a
// status.
#ifndef COLLECT_ROOT_H
#define COLLECT_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot/snapshot.h"

/*
 * The tree that is read: `/` of the live host, or DIR of --root. Paths are given without
 * a leading slash ("sys/bus/pci/devices"). Symbolic links inside a tree are resolved
 * within it where the file system allows (openat2, RESOLVE_IN_ROOT), so that a copied
 * tree cannot lead out of itself.
 */
struct root {
	int fd;    /* O_PATH directory */
	bool live; /* `/` of the running host */
	/* All files below are the kernel's own (sysfs, procfs): there is nothing whose
	 * mere opening has an effect, so the check for that is saved. */
	bool virtual;
	const char *path; /* as given, "/" for the live host */
	/*
	 * NULL: what is not in the tree does not exist on its host. Else a list that NULL ends
	 * of the files and directories that were copied whole; of all others nobody knows
	 * what else there was: what is missing may not be read (EACCES), a directory is
	 * listed as STATUS_TRUNCATED.
	 */
	const char *const *whole;
};

/* False and errno if DIR cannot be opened. NULL means the live host. */
bool root_open(struct root *r, const char *dir);
void root_close(struct root *r);
/* Makes the directory PATH below R a root of its own, for many reads in one place; to be
 * closed. False and errno if it cannot be opened. */
bool root_enter(const struct root *r, const char *path, struct root *ret);

enum {
	ROOT_SMALL = 64 << 10, /* limit for sysfs attributes and configuration files */
	ROOT_LARGE = 16 << 20, /* limit for logs and module lists */
};

/* What reading gave. TRUNCATED: the file is longer than the limit, its first LIMIT bytes
 * were kept. */
struct root_bytes {
	enum source_status status;
	int error;  /* errno when not ok */
	uint8_t *p; /* in the snapshot's arena; a NUL stands behind N; NULL if not read */
	size_t n;
};

/* Opens a regular file for reading: a descriptor, or -1 and errno. For a caller that
 * reads a large file piece by piece; all others use root_read(). */
int root_open_file(const struct root *r, const char *path);
/* Reads a whole file of at most LIMIT bytes. Never blocks on a fifo or device. */
struct root_bytes root_read(
	const struct root *r, struct arena *a, const char *path, size_t limit);
/* As root_read(), for a text file: cleaned, without trailing line feeds; NULL if not ok.
 */
char *root_read_text(
	const struct root *r, struct arena *a, const char *path, size_t limit);
/* One line of a sysfs attribute as a snapshot value: NONE if the file does not exist or
 * is empty, HAVE_NOT if it cannot be read. */
struct snap_text root_read_attr(
	const struct root *r, struct snapshot *s, const char *path);
struct snap_int root_read_int(const struct root *r, struct snapshot *s, const char *path);
struct snap_hex root_read_hex(const struct root *r, struct snapshot *s, const char *path);
struct snap_bool root_read_bool(
	const struct root *r, struct snapshot *s, const char *path);

/* The text of a symbolic link, not resolved; NONE if there is no link. */
struct snap_text root_read_link(
	const struct root *r, struct snapshot *s, const char *path);
/* Last component of its target. */
struct snap_text root_read_link_name(
	const struct root *r, struct snapshot *s, const char *path);

/* Sorted names in a directory, without . and ..; status ABSENT or DENIED otherwise. */
enum source_status root_list(const struct root *r, struct arena *a, const char *path,
	char ***ret_names, size_t *ret_n);

enum root_kind { ROOT_NOTHING, ROOT_FILE, ROOT_DIR, ROOT_LINK, ROOT_NODE, ROOT_UNKNOWN };
struct root_stat {
	enum root_kind kind; /* UNKNOWN: may not be looked at */
	int64_t size, mtime;
	uint32_t mode, uid, gid;
};
/* Of the file itself, links not followed unless FOLLOW. */
struct root_stat root_stat(const struct root *r, const char *path, bool follow);
/* False where a tree that is there in part does not have it, either. */
bool root_exists(const struct root *r, const char *path);

/* Status that fits an errno: ENOENT absent, EACCES and EPERM denied, else error. */
enum source_status root_status_of(int error);

#endif
