// SPDX-License-Identifier: GPL-2.0-or-later
// Opens paths within a directory that symbolic links cannot lead out of.
#ifndef COLLECT_RESOLVE_H
#define COLLECT_RESOLVE_H

/*
 * As openat(TOP, PATH, FLAGS | O_CLOEXEC), with TOP as the root directory of every link
 * and of `..` in PATH. Returns a descriptor or -1 and errno.
 */
int resolve_open(int top, const char *path, int flags);
/* The same without openat2(): for kernels before 5.6 and sandboxes that hide it. */
int resolve_open_by_steps(int top, const char *path, int flags);

#endif
