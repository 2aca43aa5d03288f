// SPDX-License-Identifier: GPL-2.0-or-later
// Makes a snapshot of texts that somebody handed in: posts, dumps, outputs of programs.
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "snapshot/snapshot.h"

/* A snapshot that is being put together. Knows no file and no host: bytes come in. */
struct import;

/* What some lines of a text were taken for. */
struct import_span {
	const char *file;   /* name of the text, as given */
	size_t first, last; /* lines, from 1 */
	const char *format; /* "lspci", "kernel-log", …; NULL: nothing that is known */
	const char *title;  /* what that is, for a reader; NULL like FORMAT */
};

enum {
	IMPORT_MAX_BYTES = 64 << 20, /* of one text; what is behind is left out */
};

/* With an empty snapshot of kind "pasted"; free with import_free(). */
struct import *import_new(void);
/* With a snapshot that holds evidence already: what the texts say is added to it where it
 * says nothing. The snapshot stays the caller's until import_finish() hands it back. */
struct import *import_into(struct snapshot *s);

/*
 * Splits the N bytes at P into parts that are recognised, and reads these. NAME is shown
 * where a place is named. COMMAND is the command that printed it or the file that it is a
 * copy of (`lspci -nnvv`, `cat /proc/cmdline`), NULL where nobody knows. Text that nothing
 * recognises is counted and left alone.
 */
void import_text(struct import *im, const char *name, const char *p, size_t n,
	const char *command);

/*
 * Closes the snapshot: lists are sorted, each source that something was said about has a
 * status: TRUNCATED where there may be more ("pasted in part"), OK where the text shows that
 * it is whole. The snapshot now belongs to the caller and is not redacted yet; NULL on a
 * second call.
 */
struct snapshot *import_finish(struct import *im);

/* All spans, in the order of the texts; gaps are spans without format, blank lines belong to
 * none. Valid until import_free(). */
const struct import_span *import_spans(const struct import *im, size_t *ret_n);

void import_free(struct import *im);

#endif
