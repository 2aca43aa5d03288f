// SPDX-License-Identifier: GPL-2.0-or-later
// Assignments of shell variables in the defaults of boot loaders.
#ifndef FACTS_BOOT_SHELL_H
#define FACTS_BOOT_SHELL_H

#include "facts/facts.h"

/* One assignment, in the order a shell would meet it. */
struct shell_variable {
	const char *name;  /* NULL: from here on nothing is known */
	const char *value; /* with all before it where it was appended; never NULL */
	bool append;       /* `NAME+=` */
	bool undecided;    /* only a shell could tell the value */
	const char *path;
	size_t line; /* where it begins */
	const char *text;
};

/* Zero-initialise but for F. */
struct shell {
	struct facts *f;
	struct shell_variable *v;
	size_t n;
	size_t depth; /* of `if` and its kin */
};

/* Adds the assignments of a file; an unread file leaves everything open. */
void shell_read(struct shell *sh, const struct snap_file *file);
/* The same for the files directly in DIR whose names end in SUFFIX, by name. */
void shell_read_dir(struct shell *sh, const char *dir, const char *suffix);
/* The assignment in force; NULL: never set. With name NULL: nothing is known. */
const struct shell_variable *shell_find(const struct shell *sh, const char *name);

#endif
