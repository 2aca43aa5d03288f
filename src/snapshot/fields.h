// SPDX-License-Identifier: GPL-2.0-or-later
// The table of fields that drives reader, writer and docs/snapshot.md.
#ifndef SNAPSHOT_FIELDS_H
#define SNAPSHOT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot/snapshot.h"

enum field_type {
	/* These are in every document: */
	FIELD_NAME,    /* const char *: a string */
	FIELD_ADDRESS, /* const char *: a full PCI address */
	FIELD_WORD32,  /* uint64_t: a hex string */
	FIELD_NUMBER,  /* int64_t */
	/* These may be absent: */
	FIELD_RECORD, /* a struct in place */
	/* These may be absent or null: */
	FIELD_TEXT,
	FIELD_INT,
	FIELD_BOOL,
	FIELD_HEX,
	FIELD_BYTES, /* a hex string without 0x */
	FIELD_TEXTS,
	FIELD_LIST, /* a SNAP_LIST of structs */
};

struct record;

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	const struct record *of; /* FIELD_RECORD, FIELD_LIST */
	uint64_t max; /* hex: largest value; bytes, texts: longest; 0: no limit,
				    of texts SNAPSHOT_MAX_TEXT */
	bool natural; /* a number that is not negative */
	bool lines;   /* a text keeps its line feeds; others have none */
	bool version; /* a text that may look like an IPv4 address and is none */
	const char *meaning;
};

struct record {
	const char *title; /* heading in docs/snapshot.md */
	size_t size;
	const struct field *fields;
	size_t n;
	bool ascending; /* a list of these stands in ascending order of its first field */
};

/* The whole document, without its "schema". */
extern const struct record snapshot_record;

#endif
