// SPDX-License-Identifier: GPL-2.0-or-later
// Replaces what identifies a person or a machine, so that a snapshot can be published.
#ifndef SNAPSHOT_REDACT_H
#define SNAPSHOT_REDACT_H

#include "snapshot/snapshot.h"

/*
 * Replaces, in every text of the snapshot: MAC addresses, UUIDs and file-system labels,
 * serial numbers, IP addresses, host and user names, volume and LVM/crypt names. Equal
 * things become equal tokens (`<uuid-1>`), numbered in order of appearance, so that
 * relations survive. HOSTNAME and USERS (NULL-terminated) are the names to hide, where
 * known; both may be NULL. Marks the snapshot as redacted. Idempotent.
 */
void snapshot_redact(struct snapshot *s, const char *hostname, const char *const *users);

#endif
