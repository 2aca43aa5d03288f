// SPDX-License-Identifier: GPL-2.0-or-later
// Expansion ROMs: chains of images, good, cut and damaged; what a function shows of it.
#include <stdlib.h>

#include "facts/rom.h"
#include "machine.h"
#include "tap.h"

enum { IMAGE = 512, PCIR = 0x1c };

/* Writes an image of one unit at P. */
static void put_image(uint8_t *p, uint8_t code_type, bool last)
{
	memset(p, 0, IMAGE);
	p[0] = 0x55;
	p[1] = 0xaa;
	p[0x18] = PCIR;
	memcpy(p + PCIR, "PCIR", 4);
	p[PCIR + 4] = 0xde;
	p[PCIR + 5] = 0x10;
	p[PCIR + 6] = 0x81;
	p[PCIR + 7] = 0x1b;
	p[PCIR + 0x10] = 1;
	p[PCIR + 0x14] = code_type;
	p[PCIR + 0x15] = last ? 0x80 : 0;
}

static size_t put_chain(uint8_t *p)
{
	put_image(p, ROM_CODE_BIOS, false);
	put_image(p + IMAGE, ROM_CODE_EFI, true);
	return 2 * IMAGE;
}

TEST(a_chain)
{
	uint8_t b[2 * IMAGE];
	size_t n = put_chain(b);
	struct rom rom;

	ok(rom_parse(b, n, &rom));
	is_int(rom.n, 2);
	ok(rom.whole);
	is_int(rom.images[0].code_type, ROM_CODE_BIOS);
	is_int(rom.images[0].vendor, 0x10de);
	is_int(rom.images[0].device, 0x1b81);
	is_int(rom.images[1].code_type, ROM_CODE_EFI);
	is_int(rom.images[1].length, IMAGE);
}

TEST(cut_and_broken)
{
	uint8_t b[2 * IMAGE];
	size_t n = put_chain(b);
	struct rom rom;

	ok(rom_parse(b, IMAGE, &rom));
	is_int(rom.n, 1);
	ok(!rom.whole);
	b[PCIR + 0x10] = 0; /* an image of length 0 */
	ok(!rom_parse(b, n, &rom));
	put_chain(b);
	b[0x19] = 0xff; /* the structure lies behind the end */
	ok(!rom_parse(b, n, &rom));
	put_chain(b);
	b[1] = 0;
	ok(!rom_parse(b, n, &rom));
	ok(!rom_parse(NULL, 0, &rom));
}

/* Copies to the heap, so that a read past the end is found by the sanitizer. */
static void parse_exactly(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);
	struct rom rom;

	memcpy(copy, p, n);
	if (rom_parse(copy, n, &rom))
		ok(rom.n >= 1 && rom.n <= MAX_ROM_IMAGES);
	free(copy);
}

TEST(every_byte_cut_and_damaged)
{
	uint8_t b[2 * IMAGE];
	size_t n = put_chain(b);

	for (size_t i = 0; i <= n; i++)
		parse_exactly(b, i);
	for (size_t i = 0; i < n; i++) {
		uint8_t was = b[i];

		for (unsigned v = 0; v < 256; v += 5) {
			b[i] = (uint8_t)v;
			parse_exactly(b, n);
		}
		b[i] = was;
	}
}

TEST(an_endless_chain_ends)
{
	static uint8_t b[64 * IMAGE];
	struct rom rom;

	for (size_t i = 0; i < 64; i++)
		put_image(b + i * IMAGE, ROM_CODE_BIOS, false);
	ok(rom_parse(b, sizeof b, &rom));
	is_int(rom.n, MAX_ROM_IMAGES);
	ok(!rom.whole);
}

static const struct fact *device(struct facts *f, const char *name)
{
	return fact_of(f, machine_fn(f, "01:00.0")->device, name);
}

static struct snapshot *card(const char *rom_line)
{
	struct snapshot *s = machine_new(1u << SOURCE_PCI);
	struct snap_pci *p = machine_pci(s, "0000:01:00.0", 0x030000, -1);

	p->vendor = snap_hex_of(0x1002);
	p->device = snap_hex_of(0x164e);
	for (int i = 0; i < 6; i++)
		snap_texts_add(s, &p->resources, "0x0 0x0 0x0");
	if (rom_line)
		snap_texts_add(s, &p->resources, rom_line);
	return s;
}

static void state_is(const char *rom_line, const char *want)
{
	struct snapshot *s = card(rom_line);
	struct facts *f = machine_facts(s, "0000:01:00.0", NULL);

	is_str(device(f, "rom.state")->text, want);
	facts_free(f);
	snapshot_free(s);
}

TEST(where_the_rom_is)
{
	state_is("0xfe600000 0xfe60ffff 0x46200", "card");
	state_is("0xc0000 0xdffff 0x212", "shadow");
	state_is("0x0 0x0 0x0", "none");
	state_is(NULL, NULL);
}

TEST(bytes_and_vfct)
{
	struct snapshot *s = card("0x0 0x0 0x0");
	uint8_t b[2 * IMAGE];
	size_t n = put_chain(b);
	struct snap_vbios *v;
	struct facts *f;

	f = machine_facts(s, "0000:01:00.0", NULL);
	is_int(device(f, "rom.images")->state, FACT_ABSENT);
	is_int(device(f, "rom.vfct")->state, FACT_ABSENT);
	facts_free(f);
	s->pci.v[0].rom_bytes.have = HAVE_NONE;
	snap_list_collected(&s->vbios);
	f = machine_facts(s, "0000:01:00.0", NULL);
	ok(device(f, "rom.images")->state == FACT_VALUE && !device(f, "rom.images")->n);
	ok(device(f, "rom.vfct")->state == FACT_VALUE && !device(f, "rom.vfct")->b);
	facts_free(f);
	s->pci.v[0].rom_bytes = snap_bytes_of(s, b, n);
	v = snap_list_add(s, &s->vbios);
	v->address = "0000:01:00.0";
	v->vendor = snap_hex_of(0x1002);
	v->device = snap_hex_of(0x164e);
	v->size = snap_int_of(65536);
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_int(device(f, "rom.images")->n, 2);
	is_str(device(f, "rom.images")->list[1], "UEFI");
	ok(!device(f, "rom.images")->open);
	ok(device(f, "rom.vfct")->b);
	facts_free(f);
	s->pci.v[0].rom_bytes = snap_bytes_of(s, b, IMAGE);
	s->vbios.v[0].device = snap_hex_of(0x1638);
	f = machine_facts(s, "0000:01:00.0", NULL);
	ok(device(f, "rom.images")->open);
	ok(!device(f, "rom.vfct")->b);
	facts_free(f);
	snapshot_free(s);
}
