// SPDX-License-Identifier: GPL-2.0-or-later
// The text of /proc/cpuinfo.
#ifndef IMPORT_CPUINFO_H
#define IMPORT_CPUINFO_H

#include "snapshot/snapshot.h"

/* Reads what TEXT says of the first processor; returns how many it lists. */
size_t cpuinfo_text_read(struct snapshot *s, const char *text);

/* Are these flags of an x86 processor, as /proc/cpuinfo and lscpu list them? */
bool cpuinfo_flags_are(const char *value);

#endif
