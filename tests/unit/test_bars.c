// SPDX-License-Identifier: GPL-2.0-or-later
// BARs: without an address, dropped by the kernel, large, resizable.
#include <stdlib.h>

#include "facts/bars.h"
#include "facts/rebar.h"
#include "machine.h"
#include "tap.h"

#define SOURCES (1u << SOURCE_PCI | 1u << SOURCE_KERNEL)

enum { CONFIG = 0x140, REBAR = 0x100 };

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* A card whose BAR 0 can be 256 MiB to 32 GiB and is 16 GiB large. */
static void put_config(uint8_t c[CONFIG])
{
	memset(c, 0, CONFIG);
	put32(c, 0x744c1002);
	put32(c + 0x10, 0x0000000c);
	put32(c + 0x14, 0x0000006c);
	put32(c + 0x18, 0xfc00000c);
	put32(c + REBAR, 0x00010015);
	put32(c + REBAR + 4, 0x00ff00 << 4);
	put32(c + REBAR + 8, 14 << 8 | 1 << 5);
}

static struct snapshot *card(const char *bar0, bool with_config)
{
	struct snapshot *s = machine_new(SOURCES);
	struct snap_pci *p = machine_pci(s, "0000:01:00.0", 0x030000, -1);
	uint8_t c[CONFIG];

	put_config(c);
	if (with_config)
		p->config = snap_bytes_of(s, c, sizeof c);
	snap_texts_add(s, &p->resources, bar0);
	snap_texts_add(s, &p->resources, "0x0 0x0 0x0");
	snap_texts_add(s, &p->resources, "0x68fc000000 0x68fc1fffff 0x14220c");
	for (int i = 3; i < 13; i++)
		snap_texts_add(s, &p->resources, "0x0 0x0 0x0");
	s->kernel.release = snap_text_of(s, "6.12.1");
	return s;
}

static const struct fact *device(struct facts *f, const char *name)
{
	return fact_of(f, machine_fn(f, "01:00.0")->device, name);
}

TEST(all_is_well)
{
	struct snapshot *s = card("0x6000000000 0x63ffffffff 0x14220c", true);
	struct facts *f = machine_facts(s, "0000:01:00.0", NULL);

	is_int(device(f, "bars.unassigned")->n, 0);
	ok(!device(f, "bars.unassigned")->open);
	is_str(device(f, "bars.wide")->text, "16 GiB");
	is_int(device(f, "bars.huge")->state, FACT_NONE);
	is_str(device(f, "rebar.sizes")->list[0], "BAR 0: 16 GiB of at most 32 GiB");
	is_str(device(f, "rebar.shrink")->text,
		"echo 8 > /sys/bus/pci/devices/0000:01:00.0/resource0_resize");
	facts_free(f);
	s->kernel.release = snap_text_of(s, "5.15.0");
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_int(device(f, "rebar.shrink")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

/* The upper half of a 64-bit BAR looks like a BAR of its own (0x6c). */
TEST(a_dropped_window_shows_in_its_register)
{
	struct snapshot *s = card("0x0 0x0 0x0", true);
	struct facts *f = machine_facts(s, "0000:01:00.0", NULL);

	is_int(device(f, "bars.unassigned")->n, 1);
	is_str(device(f, "bars.unassigned")->list[0], "0");
	is_str(device(f, "bars.wide")->text, "16 GiB");
	facts_free(f);
	snapshot_free(s);
}

TEST(without_the_header_nothing_is_sure)
{
	struct snapshot *s = card("0x0 0x0 0x0", false);
	struct facts *f = machine_facts(s, "0000:01:00.0", NULL);

	ok(device(f, "bars.unassigned")->open);
	is_int(device(f, "bars.unassigned")->n, 0);
	is_int(device(f, "bars.wide")->state, FACT_ABSENT);
	is_int(device(f, "rebar.sizes")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_virtual_function_has_no_registers_of_its_own)
{
	struct snapshot *s = card("0x0 0x0 0x0", true);
	struct facts *f;

	s->pci.v[0].physfn = snap_text_of(s, "0000:02:00.0");
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_int(device(f, "bars.unassigned")->n, 0);
	ok(!device(f, "bars.unassigned")->open);
	facts_free(f);
	snapshot_free(s);
}

TEST(huge_windows)
{
	struct snapshot *s = card("0x6000000000 0x67ffffffff 0x14220c", true);
	struct facts *f = machine_facts(s, "0000:01:00.0", NULL);

	is_str(device(f, "bars.huge")->text, "32 GiB");
	facts_free(f);
	snapshot_free(s);
}

TEST(sizes_in_words)
{
	struct arena *a = arena_new();

	is_str(bar_size_words(a, 256ull << 20), "256 MiB");
	is_str(bar_size_words(a, 1536ull << 20), "1536 MiB");
	is_str(bar_size_words(a, 64ull << 30), "64 GiB");
	is_str(bar_size_words(a, 2ull << 40), "2 TiB");
	is_str(bar_size_words(a, 4096), "4 KiB");
	is_str(bar_size_words(a, 16), "16 bytes");
	arena_free(a);
}

/* Every byte of the capability damaged, and the copy cut at every byte. */
TEST(damaged_capabilities)
{
	uint8_t c[CONFIG];
	struct rebar list[MAX_REBARS];
	size_t n;

	put_config(c);
	for (size_t i = 0; i < CONFIG; i++) {
		uint8_t was = c[i];
		struct snap_pci raw = { .config = { HAVE_VALUE, c, CONFIG } };
		struct fn fn = { .raw = &raw };

		for (unsigned v = 0; i >= REBAR && v < 256; v++) {
			c[i] = (uint8_t)v;
			ok(rebar_read(&fn, list, &n) != TRI_TRUE ||
				(n >= 1 && n <= MAX_REBARS && list[0].bar < 6));
		}
		c[i] = was;
	}
	for (size_t i = 0; i <= CONFIG; i++) {
		uint8_t *copy = malloc(i ? i : 1);
		struct snap_pci raw = { .config = { HAVE_VALUE, copy, i } };
		struct fn fn = { .raw = &raw };

		memcpy(copy, c, i);
		ok(rebar_read(&fn, list, &n) != TRI_TRUE || i >= REBAR + 12);
		free(copy);
	}
}
