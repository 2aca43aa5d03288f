// SPDX-License-Identifier: GPL-2.0-or-later
// /proc/cpuinfo in a paste: whole, grepped, wrapped.
#include "import_kit.h"

#define FLAGS                                                                            \
	"fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm pbe syscall nx pdpe1gb rdtscp lm constant_tsc art arch_perfmon pebs bts rep_good nopl xtopology nonstop_tsc cpuid aperfmperf pni pclmulqdq dtes64 monitor ds_cpl vmx"

TEST(whole)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_cpuinfo,
		       "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
		       "model\t\t: 60\nmodel name\t: Intel(R) Core(TM) i5\nflags\t\t: " FLAGS
		       "\naddress sizes\t: 39 bits physical, 48 bits virtual\npower management:\n\n"
		       "processor\t: 1\nvendor_id\t: other\n\n\ntext"),
		11);
	is_str(snap_str(s->cpu.vendor_id), "GenuineIntel");
	is_int(s->cpu.model.v, 60);
	is_str(snap_str(s->cpu.flags), FLAGS);
	is_int(snapshot_status(s, SOURCE_CPUINFO), STATUS_OK);
	kit_end();
}

TEST(grepped)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_cpuinfo, "flags           : " FLAGS "\n"), 1);
	is_str(snap_str(s->cpu.flags), FLAGS);
	is_int(snapshot_status(s, SOURCE_CPUINFO), STATUS_TRUNCATED);
	kit_end();
	s = kit_begin();
	is_int(kit_read(&format_cpuinfo, "svm\nsvm\nsvm\n"), 3);
	is_str(snap_str(s->cpu.virtualization), "AMD-V");
	is_int(s->cpu.flags.have, HAVE_NOT);
	kit_end();
}

TEST(cut_and_wrapped_flags)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_cpuinfo, "flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic\n");
	is_int(s->cpu.flags.have, HAVE_NOT);
	kit_end();
	s = kit_begin();
	is_int(kit_read(&format_cpuinfo,
		       "vendor_id\t: GenuineIntel\n"
		       "flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca\n"
		       "cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm pbe syscall\n"
		       "nx pdpe1gb rdtscp lm constant_tsc art arch_perfmon pebs bts\n"
		       "rep_good nopl xtopology nonstop_tsc cpuid aperfmperf pni vmx\n"),
		5);
	ok(snap_str(s->cpu.flags) && text_ends(snap_str(s->cpu.flags), " pni vmx"));
	kit_end();
	/* broken at one column: a flag may be in two pieces */
	s = kit_begin();
	kit_read(&format_cpuinfo,
		"flags : fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca aaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaavm\n"
		"x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n");
	is_int(s->cpu.flags.have, HAVE_NOT);
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "model: X570", "vmx", "processor: AMD",
		"flags: bus master, fast devsel", "stepping : 3",
		"model name: my board" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_cpuinfo, lines[i]), 0);
	kit_end();
}
