// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes triage: any bytes as a pasted text, judged and answered.
#include "fuzz.h"
#include "import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct private_names *names = private_names_new(a);
	struct import *im = import_new();
	char *text = fuzz_text(data, size);

	private_names_learn(names, text, size);
	import_text(im, "post", text, size, NULL);
	free(text);
	struct snapshot *s = import_finish(im);
	import_free(im);
	snapshot_redact(s, names);
	fuzz_round_trip(s);
	fuzz_judge(s, FUZZ_REPLIES);
	snapshot_free(s);
	arena_free(a);
	return 0;
}
