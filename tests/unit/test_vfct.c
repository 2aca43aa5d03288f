// SPDX-License-Identifier: GPL-2.0-or-later
// The ACPI table VFCT: good, cut at every byte, damaged at every byte.
#include <stdlib.h>

#include "collect/vfct.h"
#include "tap.h"

enum { FIRST = 0x4c, HEADER = 28, IMAGE = 32, SIZE = FIRST + 2 * (HEADER + IMAGE) };

static void put_header(uint8_t *p, uint8_t bus, uint16_t device)
{
	p[0] = bus;
	p[12] = 0x02;
	p[13] = 0x10;
	p[14] = (uint8_t)device;
	p[15] = (uint8_t)(device >> 8);
	p[24] = IMAGE;
}

static void put_table(uint8_t t[SIZE])
{
	memset(t, 0, SIZE);
	memcpy(t, "VFCT", 4);
	t[4] = SIZE;
	t[0x34] = FIRST;
	put_header(t + FIRST, 0x0a, 0x164e);
	put_header(t + FIRST + HEADER + IMAGE, 0x03, 0x744c);
}

TEST(two_adapters)
{
	struct snapshot *s = snapshot_new();
	uint8_t t[SIZE];

	put_table(t);
	vfct_add(s, t, sizeof t);
	is_int(s->vbios.n, 2);
	is_str(s->vbios.v[0].address, "0000:0a:00.0");
	is_int(s->vbios.v[0].vendor.v, 0x1002);
	is_int(s->vbios.v[0].device.v, 0x164e);
	is_int(s->vbios.v[0].size.v, IMAGE);
	is_str(s->vbios.v[1].address, "0000:03:00.0");
	snapshot_free(s);
}

TEST(no_table_and_an_empty_one)
{
	struct snapshot *s = snapshot_new();

	vfct_add(s, NULL, 0);
	is_int(s->vbios.have, HAVE_VALUE);
	is_int(s->vbios.n, 0);
	snapshot_free(s);
}

static void add_exactly(const uint8_t *t, size_t n)
{
	struct snapshot *s = snapshot_new();
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, t, n);
	vfct_add(s, copy, n);
	ok(s->vbios.n <= 16);
	free(copy);
	snapshot_free(s);
}

TEST(cut_and_damaged)
{
	uint8_t t[SIZE];

	put_table(t);
	for (size_t i = 0; i <= SIZE; i++)
		add_exactly(t, i);
	for (size_t i = 0; i < SIZE; i++) {
		uint8_t was = t[i];

		for (unsigned v = 0; v < 256; v += 17) {
			t[i] = (uint8_t)v;
			add_exactly(t, SIZE);
		}
		t[i] = was;
	}
}
