// SPDX-License-Identifier: GPL-2.0-or-later
// Raw CPUID leaves: by instruction on the live host, or from the text of `cpuid -r`.
#ifndef COLLECT_CPUID_H
#define COLLECT_CPUID_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

/* Executes CPUID into s->cpu.leaves; false on another architecture than x86. */
bool cpuid_execute(struct snapshot *s);
/*
 * Reads the leaves of the first CPU from the text of `cpuid -r`. Returns 0, or the number
 * of the first line that is malformed; nothing is kept then. A text without any leaf
 * gives the number of its last line, at least 1.
 */
size_t cpuid_parse(struct snapshot *s, const char *text);

#endif
