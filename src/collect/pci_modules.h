// SPDX-License-Identifier: GPL-2.0-or-later
// Which modules on disk would drive a PCI function, by modules.alias.
#ifndef COLLECT_PCI_MODULES_H
#define COLLECT_PCI_MODULES_H

#include "collect/root.h"

/* Fills the modules of all of S's functions from the file at PATH, in one pass. */
enum source_status pci_read_modules(
	struct snapshot *s, const struct root *r, const char *path);

#endif
