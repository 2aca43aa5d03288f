// SPDX-License-Identifier: GPL-2.0-or-later
// The text of /proc/iomem.
#ifndef IMPORT_IOMEM_H
#define IMPORT_IOMEM_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

/* Reads `    c0000000-c03e7fff : efifb`; false: LINE, clean text, is something else. */
bool iomem_line_parse(struct snapshot *s, const char *line, struct snap_region *ret);
/* Are all addresses of s->iomem 0, as those see them who may not see them? */
bool iomem_is_masked(const struct snapshot *s);

#endif
