// SPDX-License-Identifier: GPL-2.0-or-later
// The disks of a ZFS pool, as udev's database knows them.
#ifndef COLLECT_ZFS_H
#define COLLECT_ZFS_H

#include "collect/root.h"

/*
 * Kernel names of the block devices that carry the label of POOL. Returns whether these
 * are all of them: false where a disk or partition is there of which udev cannot tell
 * what it holds, and where none was found.
 */
bool zfs_members(struct snapshot *s, const struct root *r, const char *pool,
	char ***ret_names, size_t *ret_n);
/* The pool in which the volume with the kernel name ZD (`zd0`) lies; NULL if unknown. */
const char *zfs_pool_of(struct snapshot *s, const struct root *r, const char *zd);

#endif
