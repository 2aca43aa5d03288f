// SPDX-License-Identifier: GPL-2.0-or-later
// What a search in the kernel log lets through.
#ifndef IMPORT_KLOG_FILTER_H
#define IMPORT_KLOG_FILTER_H

#include "import/format.h"

/* The words that `dmesg | grep …` looks for, each enough by itself; false: the command is
 * another one, or looks for more than plain words. */
bool klog_filter_of(struct arena *a, const char *command, struct import_filter *ret);

#endif
