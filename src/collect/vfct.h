// SPDX-License-Identifier: GPL-2.0-or-later
// The ACPI table VFCT: for which adapters firmware left a video BIOS in it.
#ifndef COLLECT_VFCT_H
#define COLLECT_VFCT_H

#include "snapshot/snapshot.h"

/* Adds what the N bytes of the table at P list; a broken table ends the list. */
void vfct_add(struct snapshot *s, const uint8_t *p, size_t n);

#endif
