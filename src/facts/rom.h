// SPDX-License-Identifier: GPL-2.0-or-later
// The expansion ROM of a card: a chain of images, decoded from bytes.
#ifndef FACTS_ROM_H
#define FACTS_ROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Code types, PCI Firmware Specification 3.0, 5.1.2. */
enum { ROM_CODE_BIOS = 0, ROM_CODE_EFI = 3 };

struct rom_image {
	uint16_t vendor, device;
	uint8_t code_type;
	uint32_t length; /* bytes */
};
enum { MAX_ROM_IMAGES = 8 };
struct rom {
	struct rom_image images[MAX_ROM_IMAGES];
	size_t n;
	bool whole; /* the image that says it is the last one was reached */
};

/* Walks the chain as drivers/pci/rom.c, pci_get_rom_size(); false if not even one image
 * is there. */
bool rom_parse(const uint8_t *p, size_t n, struct rom *ret);

#endif
