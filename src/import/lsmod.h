// SPDX-License-Identifier: GPL-2.0-or-later
// A line of /proc/modules or lsmod.
#ifndef IMPORT_LSMOD_H
#define IMPORT_LSMOD_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

/* Reads `vfio_pci 16384 0 - Live 0x…` (kernel/module/procfs.c) or `vfio_pci  16384  0`; false
 * if LINE is too short for one. */
bool module_line_read(struct snapshot *s, struct arena *scratch, const char *line);

#endif
