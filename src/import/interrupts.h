// SPDX-License-Identifier: GPL-2.0-or-later
// The text of /proc/interrupts.
#ifndef IMPORT_INTERRUPTS_H
#define IMPORT_INTERRUPTS_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

/*
 * Reads ` 24:          1          0  IO-APIC   5-edge      ACPI:Ged` of a machine with at
 * most N_CPUS processors, but not the numbers among the first N_KNOWN of the list, which are
 * sorted with irq_compare(). False: it is no such line.
 */
bool irq_line_read(struct snapshot *s, struct arena *scratch, const char *line,
	size_t n_cpus, size_t n_known);
/* Order of struct snap_irq by number, for qsort(). */
int irq_compare(const void *a, const void *b);

#endif
