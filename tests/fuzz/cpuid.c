// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes what reads the text of `cpuid -r`, and what is made of the leaves.
#include "collect/cpuid.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot *s = fuzz_machine();
	char *text = fuzz_text(data, size);

	cpuid_parse(s, text);
	free(text);
	fuzz_judge(s, 0);
	snapshot_free(s);
	return 0;
}
