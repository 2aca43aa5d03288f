// SPDX-License-Identifier: GPL-2.0-or-later
// Replaces what identifies a person or a machine, so that a snapshot can be published.
#ifndef SNAPSHOT_REDACT_H
#define SNAPSHOT_REDACT_H

#include "snapshot/snapshot.h"

enum private_name {
	PRIVATE_HOST,
	PRIVATE_USER,
	PRIVATE_GUEST, /* a virtual machine */
};

/* Names that are private wherever they stand, as whole words. */
struct private_names;

/* An empty set; lives in A. */
struct private_names *private_names_new(struct arena *a);
/*
 * Adds the N bytes at NAME. Not taken: names that every second machine has ("arch", "pve")
 * and words of a kernel log ("vfio", "error"): hiding them would only damage the evidence.
 */
void private_names_add(
	struct private_names *names, enum private_name kind, const char *name, size_t n);
/* Adds the names that a text of any kind betrays: prompts, the host column of a system
 * log, `uname -a`, /home/NAME, sudo's lines, names of guests. Lines end with LF. */
void private_names_learn(struct private_names *names, const char *text, size_t n);

/*
 * Replaces, in every text of the snapshot: MAC, IP and mail addresses, UUIDs and labels of
 * file systems, serial numbers, WWNs, passwords, names of hosts, users, guests and volumes.
 * Equal things become equal tokens (`<uuid-1>`), numbered in order of appearance, so that
 * relations survive; so do other spellings of a thing (upper case, `\x2d`). NAMES are those
 * known beforehand, NULL where none are; what the snapshot betrays itself is added. Marks
 * the snapshot as redacted. Idempotent; tokens that it holds keep their meaning.
 */
void snapshot_redact(struct snapshot *s, struct private_names *names);

/* Length of a token such as `<uuid-1>` at S, 0 if there is none. */
size_t redact_token_length(const char *s);

#endif
