// SPDX-License-Identifier: GPL-2.0-or-later
// Names that lspci prints in place of numbers: classes, and makers that PCs are built of.
#ifndef IMPORT_LSPCI_NAMES_H
#define IMPORT_LSPCI_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Base class and subclass with this name, `VGA compatible controller`. */
bool lspci_class_named(const char *name, size_t n, uint16_t *ret);

struct lspci_vendor {
	uint16_t id;
	bool ambiguous; /* several makers have this name: the ID is one of theirs */
};

/* Length of the longest name of a maker that the N bytes at TEXT begin with; 0: none. */
size_t lspci_vendor_named(const char *text, size_t n, struct lspci_vendor *ret);
/* The same for the names of one maker. */
size_t lspci_vendor_name(const char *text, size_t n, uint16_t id);

#endif
