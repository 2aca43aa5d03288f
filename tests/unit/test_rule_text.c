// SPDX-License-Identifier: GPL-2.0-or-later
// Texts and remedies of a finding: holes, lists, alternatives.
#include "rule_kit.h"
#include "rules/engine.h"

#define RULE(rest)                                                                                     \
	"{ \"id\": \"irq.x\", \"severity\": \"note\", \"forbid\": { \"irq.remapped\": false },\n" rest \
	" }"

static struct finding judged(const struct kit *k, bool remapped)
{
	struct finding f;

	kit_bool(k, kit_host(k), "irq.remapped", remapped);
	finding_judge(k->facts, k->facts->arena, k->rules->rules[0], kit_host(k), 0, &f);
	return f;
}

TEST(first_text_is_always_there)
{
	struct kit k = kit_new(
		kit_rules(RULE("\"say\": [\"proof {irq.proof}\", \"word {irq.off-word}\","
			       " \"bits {cpu.phys-bits}\"]")),
		NULL);

	kit_none(&k, kit_host(&k), "irq.proof");
	kit_none(&k, kit_host(&k), "irq.off-word");
	kit_int(&k, kit_host(&k), "cpu.phys-bits", 39);
	is_str(judged(&k, false).message, "proof ?; bits 39");
	kit_text(&k, kit_host(&k), "irq.proof", "x");
	kit_text(&k, kit_host(&k), "irq.off-word", "noapic");
	is_str(judged(&k, false).message, "proof x; word noapic; bits 39");
	kit_free(&k);
}

TEST(fine_texts)
{
	struct kit k = kit_new(
		kit_rules(
			RULE("\"say\": \"s\","
			     " \"ok\": [\"by {irq.proof}\", \"{iommu.groups} groups\"]")),
		NULL);

	kit_none(&k, kit_host(&k), "irq.proof");
	kit_int(&k, kit_host(&k), "iommu.groups", 6);
	is_str(judged(&k, true).message, "6 groups");
	kit_absent(&k, kit_host(&k), "iommu.groups");
	is_str(judged(&k, true).message, "");
	kit_free(&k);
}

TEST(a_value_never_makes_a_line)
{
	struct kit k = kit_new(
		kit_rules(RULE("\"say\": [\"by {irq.proof}\", \"{cmdline.names}\"]")),
		NULL);

	kit_text(&k, kit_host(&k), "irq.proof", "x\n(2) forged\t!");
	kit_list(&k, kit_host(&k), "cmdline.names", false, "a\nb", "c");
	is_str(judged(&k, false).message, "by x (2) forged !; a b, c");
	kit_free(&k);
}

TEST(lists_show_four)
{
	struct kit k = kit_new(kit_rules(RULE("\"say\": \"{cmdline.names}\"")), NULL);
	struct subject *host = kit_host(&k);

	kit_list(&k, host, "cmdline.names", false, "a", "b", "c", "d");
	is_str(judged(&k, false).message, "a, b, c, d");
	kit_list(&k, host, "cmdline.names", false, "a", "b", "c", "d", "e", "f");
	is_str(judged(&k, false).message, "a, b, c, d and 2 more");
	kit_give(&k, host, "cmdline.names", (struct fact){ .state = FACT_VALUE });
	is_str(judged(&k, false).message, "?");
	kit_free(&k);
}

TEST(braces_that_are_no_holes)
{
	struct kit k =
		kit_new(kit_rules(RULE("\"say\": \"{ x } {} <{cpu.virt}>\"")), NULL);

	kit_text(&k, kit_host(&k), "cpu.virt", "AMD-V");
	is_str(judged(&k, false).message, "{ x } {} <AMD-V>");
	kit_free(&k);
}

#define CURES                                                                            \
	RULE("\"say\": \"s\", \"remedy\": [ { \"firmware\": \"update\" },"               \
	     " { \"when\": { \"ivrs.uncovered\": false }, \"cmdline\": \"{ivrs.fix}\","  \
	     " \"run\": [\"a\", \"b\"] }, { \"hardware\": \"{cmdline.names}\","          \
	     " \"initramfs\": \"{cmdline.names}\" } ]")

TEST(alternatives_that_fit)
{
	struct kit k = kit_new(kit_rules(CURES), NULL);
	struct subject *host = kit_host(&k);
	struct finding f;

	kit_none(&k, host, "ivrs.uncovered");
	kit_text(&k, host, "ivrs.fix", "+a=1 +b=2");
	kit_list(&k, host, "cmdline.names", false, "a", "b", "c", "d", "e");
	f = judged(&k, false);
	is_int(f.n_choices, 3);
	is_int(f.choices[1].n, 2);
	is_int(f.choices[1].steps[0].kind, REMEDY_CMDLINE);
	is_str(f.choices[1].steps[0].texts[0], "+a=1 +b=2");
	is_str(f.choices[1].steps[1].texts[1], "b");
	/* Prose may shorten; what is typed is whole. */
	is_str(f.choices[2].steps[0].texts[0], "a, b, c, d and 1 more");
	is_str(f.choices[2].steps[1].texts[0], "a b c d e");
	kit_text(&k, host, "ivrs.uncovered", "00:14.0");
	kit_none(&k, host, "cmdline.names");
	is_int(judged(&k, false).n_choices, 1);
	/* A guard that cannot be decided hides nothing. */
	kit_absent(&k, host, "ivrs.uncovered");
	is_int(judged(&k, false).n_choices, 2);
	kit_none(&k, host, "ivrs.fix");
	is_int(judged(&k, false).n_choices, 1);
	is_int(judged(&k, true).n_choices, 0);
	kit_free(&k);
}

TEST(functions_are_described_or_typed)
{
	struct kit k = kit_new(
		kit_rules(
			"{ \"id\": \"group.x\", \"severity\": \"note\", \"for\": \"set\","
			" \"forbid\": { \"displays\": true }, \"say\": \"{displays}\","
			" \"remedy\": [ { \"run\": \"echo {displays}\" } ] }"),
		"0000:01:00.0");
	const struct finding *f;

	k.j = judge(k.facts, k.rules);
	f = &k.j->findings[0];
	is_verdict(f, "fail");
	is_str(f->message, fn_describe(k.facts, &k.facts->fns[KIT_GPU]));
	is_str(f->choices[0].steps[0].texts[0], "echo 0000:01:00.0");
	kit_free(&k);
}
