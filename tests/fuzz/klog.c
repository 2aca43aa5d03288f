// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes what reads the kernel log: lines as they come, and the facts that rest on them.
#include "fuzz.h"
#include "import/klog_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot *s = fuzz_machine();
	char *text = fuzz_text(data, size);
	size_t n;
	struct klog_text log = klog_text_parse(s->arena, text);
	char **lines = text_lines(s->arena, text, &n);

	(void)log;
	for (size_t i = 0; i < n; i++)
		snap_log_add(s, lines[i]);
	free(text);
	fuzz_judge(s, 0);
	snapshot_free(s);
	return 0;
}
