// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the host, or a tree that looks like one, into a snapshot. Never writes.
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include <stdbool.h>

#include "snapshot/redact.h"
#include "snapshot/snapshot.h"

struct collect_options {
	const char *root;       /* --root DIR, NULL: the live host */
	const char *kernel_log; /* --kernel-log FILE, NULL: none given */
	const char *cpuid;      /* --cpuid FILE, text of `cpuid -r`, NULL: none given */
	bool keep_private;      /* do not redact */
};

/*
 * Never fails as a whole: each source ends with a status and a reason. A file named in the
 * options that cannot be opened is the exception: returns NULL then, and *ret_path is that
 * path, errno the reason. The snapshot is redacted unless KEEP_PRIVATE.
 */
struct snapshot *collect(const struct collect_options *options, const char **ret_path);

/*
 * Adds to S what the tree at DIR holds, as --root would, but not its kernel log where it is
 * there in part. WHOLE lists what was copied whole (struct root), NULL: all that there was.
 * A source of which a part says nothing gets no status. Not redacted. False and errno if
 * DIR cannot be opened.
 */
bool collect_tree(struct snapshot *s, const char *dir, const char *const *whole);
/* Adds the names of its host and users that the tree at DIR betrays. */
void collect_names(const char *dir, struct private_names *names);

#endif
