// SPDX-License-Identifier: GPL-2.0-or-later
// Memory windows (BARs) of a function: which have no address, and how large they are.
#ifndef FACTS_BARS_H
#define FACTS_BARS_H

#include "facts/facts.h"

/*
 * Does the function have BAR I although its line in `resource` is empty? When the kernel
 * finds no room it may forget the window altogether (drivers/pci/setup-bus.c,
 * reset_resource()); then only the BAR's register still tells that it exists, and only of
 * a 64-bit one. UNKNOWN where the header was not read.
 */
enum tri bar_forgotten(const struct fn *fn, size_t i);

/* "16 GiB", "256 MiB", "64 KiB". */
const char *bar_size_words(struct arena *a, uint64_t size);

#endif
