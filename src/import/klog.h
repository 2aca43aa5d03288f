// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log of an import: blocks of lines become the records of one boot.
#ifndef IMPORT_KLOG_H
#define IMPORT_KLOG_H

#include "import/format.h"

/*
 * Reads a block of the log, TEXT as klog_text_parse() understands it. PART: lines of it are
 * known to be missing. A block that begins a boot replaces those of another boot.
 */
void klog_add(struct import *im, const char *text, bool part);

/* Could TEXT be what a kernel logs, without any stamp? True only for the prefixes that
 * matter here: `DMAR: `, `vfio-pci 0000:01:00.0: `. */
bool klog_message_is(const char *text);

#endif
