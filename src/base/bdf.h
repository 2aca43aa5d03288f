// SPDX-License-Identifier: GPL-2.0-or-later
// Addresses of PCI functions: domain, bus, device, function.
#ifndef BASE_BDF_H
#define BASE_BDF_H

#include <stdbool.h>
#include <stdint.h>

/* Domains above 0xffff exist: Intel VMD and Hyper-V make them (`10000:01:00.0`). */
struct bdf {
	uint32_t domain;
	uint8_t bus, dev, fn;
};

enum { BDF_TEXT = 20 }; /* room for the longest address and its NUL */

/*
 * Reads `DDDD:BB:DD.F`, or `BB:DD.F` in domain 0, hexadecimal. The whole of S must be the
 * address; false otherwise, and *RET is untouched.
 */
bool bdf_parse(const char *s, struct bdf *ret);
/* As bdf_parse(), for an address at the start of S; sets *RET_END behind it. */
bool bdf_scan(const char *s, struct bdf *ret, const char **ret_end);
/* Writes `0000:01:00.0` into BUF and returns it. */
const char *bdf_format(struct bdf b, char buf[BDF_TEXT]);
/* As people say it: without the domain where that is 0. */
const char *bdf_format_short(struct bdf b, char buf[BDF_TEXT]);
/* Order of addresses, as strcmp(). */
int bdf_compare(struct bdf a, struct bdf b);
/* The 16-bit requester ID within the domain (PCI Express Base Specification 2.2.6.2). */
static inline uint16_t bdf_requester_id(struct bdf b)
{
	return (uint16_t)(b.bus << 8 | (b.dev & 31) << 3 | (b.fn & 7));
}
static inline bool bdf_same_slot(struct bdf a, struct bdf b)
{
	return a.domain == b.domain && a.bus == b.bus && a.dev == b.dev;
}

#endif
