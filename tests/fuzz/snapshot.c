// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes the reader of snapshots, and all verbs on what it took.
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot_error error;
	char *text = fuzz_text(data, size);
	struct snapshot *s = snapshot_read(text, size, &error);

	free(text);
	if (!s)
		return FUZZ_REJECT;
	fuzz_round_trip(s);
	fuzz_judge(s, FUZZ_REPORTS | FUZZ_PLAN);
	struct arena *a = arena_new();
	snapshot_redact(s, private_names_new(a));
	arena_free(a);
	snapshot_free(s);
	return 0;
}
