// SPDX-License-Identifier: GPL-2.0-or-later
// What the readers of the several kinds of captures share.
#ifndef COLLECT_CAPTURE_PARTS_H
#define COLLECT_CAPTURE_PARTS_H

#include "collect/capture_kinds.h"
#include "import/import.h"
#include "snapshot/redact.h"

/* One capture that is being read. */
struct capture {
	struct import *im;
	struct private_names *names; /* NULL: nobody asks */
	struct arena *scratch;
	const char *shown; /* its path as given */
	const char *below; /* its root below that, "" for itself */
	struct root root;  /* at its root */
};

/* The text of a file of the capture; NULL if there is none, it is too long, or no text. */
const char *capture_file(struct capture *c, const char *path, size_t *ret_n);
/* Hands N bytes of PATH to the import as the output of COMMAND (NULL: nobody knows). */
void capture_import(struct capture *c, const char *path, const char *text, size_t n,
	const char *command);

/* capture_probe.c: what hw-probe writes in forms of its own. */
void capture_probe(struct capture *c);
/* capture_support.c: the reports of supportconfig, many commands in one file. */
void capture_support(struct capture *c);

#endif
