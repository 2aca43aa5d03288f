// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes the loader of rules: one file, its examples, and what it says of a small machine.
#include "fuzz.h"
#include "rules/load_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_batch b = { .arena = arena_new() };
	struct rule_error error;
	char *text = arena_strndup(b.arena, (const char *)data, size);

	rule_batch_add(&b, "fuzz.md", text, strlen(text), false);
	struct rule_set *set = rule_batch_finish(&b, &error);
	if (!set)
		return FUZZ_REJECT;
	FILE *out = fopen("/dev/null", "w");
	size_t examples;
	rule_set_check(set, out, &examples);
	fclose(out);
	struct snapshot *s = fuzz_machine();
	struct facts_request request = { 0 };
	struct facts *facts = facts_new(s, &request);
	struct judgement *j = judge(facts, set);
	fuzz_print("text", report_text, j);
	judgement_free(j);
	facts_free(facts);
	snapshot_free(s);
	rule_set_free(set);
	return 0;
}
