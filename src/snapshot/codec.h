// SPDX-License-Identifier: GPL-2.0-or-later
// The JSON form of a snapshot. One table of fields drives reader, writer and
// docs/snapshot.md.
#ifndef SNAPSHOT_CODEC_H
#define SNAPSHOT_CODEC_H

#include <stdbool.h>
#include <stdio.h>

#include "snapshot/snapshot.h"

enum {
	SNAPSHOT_MAX_BYTES = 64
		<< 20, /* a larger document is refused before it is parsed */
	SNAPSHOT_MAX_TEXT =
		1 << 20, /* longest text in it; files are kept up to a quarter */
};

/* What is wrong with a document: where, and one clause. */
struct snapshot_error {
	size_t line, column;
	char message[256];
};

/*
 * Reads a document of N bytes (a NUL must stand behind them). Strict: another schema
 * version, a duplicate or unknown key, a wrong type, a bad address, a truncated text are
 * errors. Returns NULL and fills *ret_error then.
 */
struct snapshot *snapshot_read(
	const char *text, size_t n, struct snapshot_error *ret_error);

/* The document, in ARENA: deterministic order of keys, two blanks of indentation. */
char *snapshot_write(const struct snapshot *s, struct arena *arena);

/* Writes docs/snapshot.md: every record and field with type and meaning. */
void snapshot_describe(FILE *out);

#endif
