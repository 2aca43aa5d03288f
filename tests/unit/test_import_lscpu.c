// SPDX-License-Identifier: GPL-2.0-or-later
// lscpu in several languages, whole and grepped.
#include "import_kit.h"

#define FLAGS                                                                            \
	"fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl nonstop_tsc cpuid extd_apicid aperfmperf svm extapic"

TEST(english)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_lscpu,
		       "Architecture:                    x86_64\n"
		       "CPU op-mode(s):                  32-bit, 64-bit\n"
		       "Address sizes:                   43 bits physical, 48 bits virtual\n"
		       "CPU(s):                          16\n"
		       "Vendor ID:                       AuthenticAMD\n"
		       "CPU family:                      23\n"
		       "Model:                           113\n"
		       "Model name:                      AMD Ryzen 7 3700X 8-Core Processor\n"
		       "Virtualization features:\n"
		       "  Virtualization:                AMD-V\n"
		       "Flags:                           " FLAGS "\n\nhello"),
		11);
	is_str(snap_str(s->cpu.vendor_id), "AuthenticAMD");
	is_str(snap_str(s->cpu.model_name), "AMD Ryzen 7 3700X 8-Core Processor");
	is_str(snap_str(s->cpu.flags), FLAGS);
	is_str(snap_str(s->cpu.virtualization), "AMD-V");
	is_str(snap_str(s->cpu.address_sizes), "43 bits physical, 48 bits virtual");
	is_str(snap_str(s->kernel.machine), "x86_64");
	is_int(s->cpu.family.v, 23);
	is_int(s->cpu.model.v, 113);
	is_int(snapshot_status(s, SOURCE_CPUINFO), STATUS_OK);
	kit_end();
}

TEST(other_languages_and_grep)
{
	static const char *const lines[] = { "Virtualisation :      VT-x",
		"Virtualisierung:                 VT-x", "Virtualization:        VT-x",
		"Virtualizaci\xc3\xb3n:                 VT-x",
		"\xe8\x99\x9a\xe6\x8b\x9f\xe5\x8c\x96:           VT-x" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct snapshot *s = kit_begin();
		is_int(kit_read(&format_lscpu, lines[i]), 1);
		is_str(snap_str(s->cpu.virtualization), "VT-x");
		is_int(snapshot_status(s, SOURCE_CPUINFO), STATUS_TRUNCATED);
		kit_end();
	}
}

TEST(cut_flags_are_not_kept)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_lscpu, "Flags:   fpu vme de pse tsc msr pae mce cx8\n");
	is_int(s->cpu.flags.have, HAVE_NOT);
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "CPU: AMD Ryzen 7 3700X",
		"Arch: x86_64\nhello", "[    0.1] CPU: VT-x",
		"00:02.0 VGA compatible controller: Intel", "VT-x: enabled in BIOS" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_lscpu, lines[i]), 0);
	kit_end();
}
