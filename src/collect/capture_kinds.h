// SPDX-License-Identifier: GPL-2.0-or-later
// The captures that are known: by what each is told, and which of its files say what.
#ifndef COLLECT_CAPTURE_KINDS_H
#define COLLECT_CAPTURE_KINDS_H

#include "collect/root.h"

enum capture_id { CAPTURE_SOS, CAPTURE_PROBE, CAPTURE_SUPPORT, CAPTURE_TREE };

enum { CAPTURE_CHOICES = 6 };

/* A text of a capture: output of a command, or a copy of a file. */
struct capture_text {
	/* Below the capture's root, the last component a pattern; the best first, only one
	 * of them is read */
	const char *files[CAPTURE_CHOICES];
	/* What printed it; NULL: the name says it, `lspci_-nnvv` */
	const char *command;
	/* Not read where this was collected as a whole, or told by a row before, unless
	 * ALSO; N_SOURCES: always read */
	enum source source;
	bool also;
	bool early; /* tells the kernel's release, which leads to other files */
	bool log;   /* of the choices, the first that has the boot's beginning */
};

struct capture_kind {
	enum capture_id id;
	const char *marks[8]; /* what its root directory holds */
	bool any;             /* one of them is enough */
	const struct capture_text *texts;
	size_t n_texts;
};

/* What the directory PATH below R is the root of; NULL: of no known capture. */
const struct capture_kind *capture_kind_of(const struct root *r, const char *path);

/*
 * What was copied whole into the capture whose root is R: a list for struct root, in the
 * arena; NULL for a tree that holds all that an audit reads.
 */
const char *const *capture_whole(
	const struct capture_kind *kind, const struct root *r, struct arena *a);

#endif
