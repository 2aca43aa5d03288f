// SPDX-License-Identifier: GPL-2.0-or-later
// Templates: what compiles, what fits, and what the holes then hold.
#include "base/template.h"
#include "tap.h"

static struct arena *arena;

static const char *compile_error(const char *source)
{
	struct template t;
	const char *error = NULL;

	return template_compile(arena, source, &t, &error) ? NULL : error;
}

/* The hole I of SOURCE in LINE; NULL if it does not fit. */
static const char *hole(const char *source, const char *line, size_t i)
{
	struct span spans[TEMPLATE_MAX_HOLES];
	struct template t;
	const char *error;

	if (!template_compile(arena, source, &t, &error) ||
		!template_match(&t, line, spans))
		return NULL;
	return arena_strndup(arena, spans[i].s, spans[i].n);
}

static bool fits(const char *source, const char *line)
{
	struct template t;
	const char *error;

	return template_compile(arena, source, &t, &error) &&
		template_match(&t, line, NULL);
}

TEST(compiles)
{
	struct template t;
	const char *error = NULL;

	arena = arena_new();
	ok(template_compile(arena, "IOAPIC[{id:dec}] not in {_:word}", &t, &error));
	is_int(t.n_holes, 2);
	is_str(t.holes[0].name, "id");
	is_int(t.holes[0].type, HOLE_DEC);
	is_str(t.holes[1].name, "");
	is_str(t.literals[0], "IOAPIC[");
	is_str(t.literals[1], "] not in ");
	is_str(t.literals[2], "");
	is_str(t.source, "IOAPIC[{id:dec}] not in {_:word}");
	ok(template_compile(arena, "a {b} {c: d} {", &t, &error));
	is_int(t.n_holes, 0);
	arena_free(arena);
}

TEST(rejects)
{
	arena = arena_new();
	is_str(compile_error("a {x:number}"),
		"hole type \"number\" is none of dec, hex, bdf, word, any");
	is_str(compile_error("a {x:dec} {x:hex}"), "hole \"x\" stands twice");
	is_str(compile_error("a {_:dec} {_:hex}"), NULL);
	is_str(compile_error("{x:any}"), "has no literal text");
	is_str(compile_error(""), "has no literal text");
	is_str(compile_error("a {x:any}{y:dec}"),
		"needs text between a hole of type any or word and the next");
	is_str(compile_error(
		       "{a:dec} {b:dec} {c:dec} {d:dec} {e:dec} {f:dec} {g:dec} {h:dec}"),
		NULL);
	is_str(compile_error(
		       "{a:dec} {b:dec} {c:dec} {d:dec} {e:dec} {f:dec} {g:dec} {h:dec} {i:dec}"),
		"has more than 8 holes");
	arena_free(arena);
}

TEST(matches_anywhere)
{
	arena = arena_new();
	ok(fits("not in IVRS", "AMD-Vi: IOAPIC[9] not in IVRS table"));
	ok(!fits("not in DMAR", "AMD-Vi: IOAPIC[9] not in IVRS table"));
	is_str(hole("IOAPIC[{id:dec}] not in",
		       "[Firmware Bug]: AMD-Vi: IOAPIC[10] not in IVRS", 0),
		"10");
	ok(!fits("IOAPIC[{id:dec}] not in", "IOAPIC[x] not in IVRS"));
	is_str(hole("at {a:hex} flags", "at x at 0xdeadBEEF flags", 0), "0xdeadBEEF");
	is_str(hole("at {a:hex}", "at 12fg", 0), "12f");
	is_str(hole("id {x:word}", "id ab,cd: e", 0), "ab,cd:");
	is_str(hole("id {x:word}: e", "id ab,cd: e", 0), "ab,cd");
	ok(!fits("id {x:word}", "id "));
	/* A first place that does not lead on is no reason to give up */
	is_str(hole("a{n:dec}b", "a1 a22 a333b", 0), "333");
	arena_free(arena);
}

TEST(addresses)
{
	arena = arena_new();
	is_str(hole("{addr:bdf}: not ready", "vfio-pci 0000:01:00.0: not ready 32767ms",
		       0),
		"0000:01:00.0");
	is_str(hole("{addr:bdf}: not ready", "vfio-pci 10000:01:00.0: not ready", 0),
		"10000:01:00.0");
	is_str(hole("device [{addr:bdf}] fault", "Request device [01:00.1] fault addr",
		       0),
		"01:00.1");
	is_str(hole("PCI:{addr:bdf}", "vgaarb: setting as boot device: PCI:0000:00:02.0",
		       0),
		"0000:00:02.0");
	ok(!fits("{addr:bdf}: not", "0000:01:00.8: not"));
	ok(!fits("{addr:bdf} x", "0000:01:00.01 x"));
	ok(!fits("{addr:bdf} x", "xx01:00.0 x"));
	arena_free(arena);
}

TEST(any_takes_as_little_as_fits)
{
	const char *fault =
		"[DMA {k:any}] Request device [{addr:bdf}] {_:any}reason {c:hex}] {r:any}";
	const char *line =
		"DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xa "
		"[fault reason 0x06] PTE Read access is not set";

	arena = arena_new();
	is_str(hole(fault, line, 0), "Read NO_PASID");
	is_str(hole(fault, line, 1), "01:00.0");
	is_str(hole(fault, line, 3), "0x06");
	is_str(hole(fault, line, 4), "PTE Read access is not set");
	is_str(hole("after {what:any}; giving", "not ready 5ms after FLR; x; giving up",
		       0),
		"FLR; x");
	is_str(hole("{a:any}: b", "x: y: b", 0), "x: y");
	is_str(hole("end {a:any}", "the end ", 0), "");
	arena_free(arena);
}
