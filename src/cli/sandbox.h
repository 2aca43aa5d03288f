// SPDX-License-Identifier: GPL-2.0-or-later
// What the process gives up before it reads what others wrote.
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>

struct sandbox_needs {
	const char *output;    /* file that is written; NULL: none */
	const char *directory; /* directory in which files are unpacked; NULL: none */
	bool live;             /* this host is read, not a document */
};

/*
 * For good: no program can be started, no socket opened, nothing written but the output and
 * what is unpacked, no capability used that reading the host does not take. What the kernel
 * does not know is left out: an audit must run on old kernels too.
 */
void sandbox_enter(const struct sandbox_needs *needs);

/* "Landlock 4, seccomp": what this kernel knows of it; "none". In static memory. */
const char *sandbox_describe(void);

#endif
