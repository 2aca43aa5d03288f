// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's build configuration: where it is found, and which of its lines are kept.
#ifndef COLLECT_KERNEL_CONFIG_H
#define COLLECT_KERNEL_CONFIG_H

#include "collect/root.h"

/* Fills s->kernel.config and the status of its source; needs s->kernel.release. */
void collect_kernel_config(struct snapshot *s, const struct root *r);
/* Does a passthrough audit ask for this symbol (without CONFIG_)? */
bool kernel_symbol_matters(const char *symbol, size_t n);

#endif
