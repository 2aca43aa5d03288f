// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes what reads PCI configuration space and ROMs: the first two bytes give the lengths of
// the port's space and of the endpoint's, what is left is the endpoint's ROM.
#include "fuzz.h"

enum { SPACE = 4096, UNIT = 16 };

static struct snap_bytes take(
	struct snapshot *s, const uint8_t **p, size_t *left, size_t n)
{
	n = n < *left ? n : *left;
	struct snap_bytes bytes = snap_bytes_of(s, *p, n);
	*p += n;
	*left -= n;
	return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return FUZZ_REJECT;
	struct snapshot *s = fuzz_machine();
	const uint8_t *p = data + 2;
	size_t left = size - 2;
	s->pci.v[0].config = take(s, &p, &left, (size_t)data[0] * UNIT);
	s->pci.v[1].config = take(s, &p, &left, (size_t)data[1] * UNIT);
	if (left) {
		s->pci.v[1].rom = snap_bool_of(true);
		s->pci.v[1].rom_bytes = snap_bytes_of(s, p, left);
	}
	fuzz_judge(s, 0);
	snapshot_free(s);
	return 0;
}
