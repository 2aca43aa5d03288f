// SPDX-License-Identifier: GPL-2.0-or-later
// The door to libarchive: unpacks an archive that nobody vouches for.
#ifndef COLLECT_ARCHIVE_H
#define COLLECT_ARCHIVE_H

#include "collect/capture.h"
#include "collect/workdir.h"

enum {
	ARCHIVE_MAX_ENTRIES = 500000, /* /sys of a large server has a fifth of them */
	ARCHIVE_MAX_PATH = 1024,
	ARCHIVE_MAX_DEPTH = 64,
	/* A larger file is left out, as if it were not there: nothing reads so much */
	ARCHIVE_MAX_FILE = IMPORT_MAX_BYTES,
};
#define ARCHIVE_MAX_WRITTEN  ((int64_t)1 << 30)  /* bytes of all files that are kept */
#define ARCHIVE_MAX_UNPACKED ((int64_t)16 << 30) /* bytes of all, kept or not */

/* Do the first bytes say so: tar or zip, or compressed by gzip, xz, zstd or bzip2? */
bool archive_recognise(const char *path);

/*
 * Unpacks the files that a reader may want, links as links, into the work directory.
 * Compressed text that is no archive becomes the one file `text`. Refused, with a line
 * that names the entry: whatever leads out of the archive, devices, bombs, damage.
 */
bool archive_unpack(
	const char *path, const struct workdir *to, struct capture_error *ret);

#endif
