// SPDX-License-Identifier: GPL-2.0-or-later
// A configuration space of which only some bits are known, put together from words.
#ifndef IMPORT_LSPCI_SPACE_H
#define IMPORT_LSPCI_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot/snapshot.h"

enum { SPACE_SIZE = 4096 };

struct lspci_space {
	uint8_t bytes[SPACE_SIZE];
	uint8_t mask[SPACE_SIZE]; /* 1: this bit is known */
	size_t end;               /* behind the last byte of which something is known */
};

/* Notes that these BITS of the little-endian dword at AT read VALUE. What lies outside of
 * the space is dropped. */
void space_set(struct lspci_space *space, size_t at, uint32_t bits, uint32_t value);
/* The N bytes at AT are these. */
void space_set_bytes(
	struct lspci_space *space, size_t at, const uint8_t *bytes, size_t n);
/* Nothing is known. */
void space_clear(struct lspci_space *space);
/* All of it reads ones, which is known of the type of the header. */
void space_set_dead(struct lspci_space *space);
/* Is FN known to have read ones? */
bool space_was_dead(const struct snap_pci *fn);
/* Adds to what FN knows of its space already; that stays, unless this one reads ones. */
void space_store(struct snapshot *s, struct snap_pci *fn, struct lspci_space *space);

#endif
