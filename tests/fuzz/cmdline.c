// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes what reads the kernel's command line: of the running kernel, and of the next one.
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot *s = fuzz_machine();
	char *text = fuzz_text(data, size);
	struct snap_file *file = snap_list_add(s, &s->files);

	s->kernel.cmdline = snap_line_of(s, text);
	file->path = "/etc/kernel/cmdline";
	file->text = snap_text_of(s, text);
	free(text);
	fuzz_judge(s, FUZZ_PLAN);
	snapshot_free(s);
	return 0;
}
