// SPDX-License-Identifier: GPL-2.0-or-later
// The processor: the text of `cpuid -r`, /proc/cpuinfo, and never a CPUID for a tree.
#include "collect/cpuid.h"
#include "collect/sources.h"
#include "tree.h"

#define LEAF0                                                                            \
	"   0x00000000 0x00: eax=0x00000010 ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65\n"
#define LEAF1                                                                            \
	"   0x00000001 0x00: eax=0x00a20f10 ebx=0x00000800 ecx=0x7ed8320b edx=0x178bfbff\n"

TEST(first_processor_only)
{
	struct snapshot *s = snapshot_new();

	is_int(cpuid_parse(s, "CPU 0:\n" LEAF0 LEAF1 "CPU 1:\n" LEAF0), 0);
	is_int(s->cpu.leaves.n, 2);
	is_int(s->cpu.leaves.v[1].leaf, 1);
	is_int(s->cpu.leaves.v[1].ecx, 0x7ed8320b);
	snapshot_free(s);
}

TEST(leaves_that_nobody_reads_are_left_out)
{
	struct snapshot *s = snapshot_new();

	is_int(cpuid_parse(s,
		       LEAF0 "0x00000004 0x01: eax=0x1 ebx=0x0 ecx=0x0 edx=0x0\n"
			     "0x00000007 0x02: eax=0x1 ebx=0x0 ecx=0x0 edx=0x0\n"),
		0);
	is_int(s->cpu.leaves.n, 1);
	snapshot_free(s);
}

TEST(malformed_text_names_the_line)
{
	static const struct {
		const char *text;
		size_t line;
	} rows[] = {
		{ "", 1 },
		{ "hello\n", 1 },
		{ LEAF0 "   0x00000001 0x00: eax=0x00a20f10 ebx=0x0\n", 2 },
		{ LEAF0 "\n0x1 0x0: eax=0x1 ebx=0x2 ecx=0x3 edx=0x4 more\n", 3 },
		{ LEAF0 "0x1 0x0: eax=0x123456789 ebx=0x2 ecx=0x3 edx=0x4\n", 2 },
		{ LEAF0 "0x1 0x0: eax=0x ebx=0x2 ecx=0x3 edx=0x4\n", 2 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct snapshot *s = snapshot_new();
		is_int(cpuid_parse(s, rows[i].text), rows[i].line);
		ok(s->cpu.leaves.have == HAVE_NOT);
		snapshot_free(s);
	}
}

TEST(tree_has_no_cpuid)
{
	struct collect_options options = { 0 };
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/cpuinfo",
		"processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 33\n"
		"model name\t: AMD Ryzen\nstepping\t: 0\nflags\t\t: fpu svm\n\n"
		"processor\t: 1\nvendor_id\t: Other\n");
	collect_cpu(e.s, &e.r, &options);
	is_int(snapshot_status(e.s, SOURCE_CPUID), STATUS_ABSENT);
	ok(e.s->cpu.leaves.have == HAVE_NOT);
	is_int(snapshot_status(e.s, SOURCE_CPUINFO), STATUS_OK);
	is_str(snap_str(e.s->cpu.vendor_id), "AuthenticAMD");
	is_str(snap_str(e.s->cpu.model_name), "AMD Ryzen");
	is_str(snap_str(e.s->cpu.flags), "fpu svm");
	is_int(e.s->cpu.family.v, 25);
	is_int(e.s->cpu.model.v, 33);
	is_int(e.s->cpu.count.v, 2);
	ok(e.s->cpu.microcode.have == HAVE_NOT);
	teardown(&e);
}

TEST(given_file_that_is_malformed)
{
	struct collect_options options = { 0 };
	char path[PATH_MAX], want[PATH_MAX + 64];
	struct env e;

	setup(&e);
	tree_file(&e.t, "cpuid.txt", LEAF0 "what\n");
	options.cpuid = tree_path(&e.t, "cpuid.txt", path);
	collect_cpu(e.s, &e.r, &options);
	is_int(snapshot_status(e.s, SOURCE_CPUID), STATUS_ERROR);
	snprintf(want, sizeof want, "%s:2: no line of `cpuid -r`", path);
	is_str(snapshot_reason(e.s, SOURCE_CPUID), want);
	is_int(snapshot_status(e.s, SOURCE_CPUINFO), STATUS_ABSENT);
	teardown(&e);
}
