// SPDX-License-Identifier: GPL-2.0-or-later
// Names in an archive: which are safe, and which a reader may want.
#ifndef COLLECT_ARCHIVE_NAMES_H
#define COLLECT_ARCHIVE_NAMES_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Without `./` in front, `//` and a slash at the end: "a/b", "" for the top. NULL if it does
 * not stay in the archive, or is too long or too deep; *ret_why then says so, to stand
 * behind the name: "is an absolute path".
 */
char *archive_name(struct arena *a, const char *raw, const char **ret_why);

/*
 * May the link NAME (as archive_name() gives it) point at TARGET? A relative target must
 * not climb above the top. An absolute one is a path of the captured host (`/dev/null` in
 * etc/modprobe.d), so NAME must be part of a copy of a host.
 */
bool archive_link_stays(const char *name, const char *target);

enum archive_use {
	ARCHIVE_SKIP, /* no reader wants it */
	ARCHIVE_STAT, /* that it exists, its size and age are enough: images */
	ARCHIVE_KEEP,
};
enum archive_use archive_use(const char *name);

#endif
