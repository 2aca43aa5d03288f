// SPDX-License-Identifier: GPL-2.0-or-later
// Conditions: every test in three-valued logic, joins with the log, evidence.
#include "rule_kit.h"
#include "rules/engine.h"

#define HOST_RULE(tests)                                                                 \
	"{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"broken\",\n"            \
	"  \"forbid\": { " tests " } }"

/* The kit with one rule; judged anew by is_outcome(). */
static struct kit with(const char *rule)
{
	return kit_new(kit_rules(rule), NULL);
}

static enum verdict outcome_of(const struct kit *k, struct subject *s)
{
	struct finding f;

	finding_judge(k->facts, k->facts->arena, k->rules->rules[0], s, 0, &f);
	return f.verdict;
}
#define is_outcome(k, want) is_str(verdict_name(outcome_of((k), kit_host(k))), (want))

TEST(bool_is_true_or_false)
{
	struct kit k = with(HOST_RULE("\"irq.remapped\": false"));

	kit_bool(&k, kit_host(&k), "irq.remapped", false);
	is_outcome(&k, "fail");
	kit_bool(&k, kit_host(&k), "irq.remapped", true);
	is_outcome(&k, "pass");
	kit_absent(&k, kit_host(&k), "irq.remapped");
	is_outcome(&k, "unknown");
	kit_free(&k);
}

TEST(text_has_a_value_or_none)
{
	struct kit k = with(HOST_RULE("\"irq.proof\": true"));

	kit_text(&k, kit_host(&k), "irq.proof", "IR-PCI-MSI");
	is_outcome(&k, "fail");
	kit_none(&k, kit_host(&k), "irq.proof");
	is_outcome(&k, "pass");
	kit_absent(&k, kit_host(&k), "irq.proof");
	is_outcome(&k, "unknown");
	kit_free(&k);
}

TEST(scalars_are_one_of)
{
	struct kit k = with(HOST_RULE("\"cpu.vendor\": [\"GenuineIntel\", \"other\"]"));

	kit_text(&k, kit_host(&k), "cpu.vendor", "other");
	is_outcome(&k, "fail");
	kit_text(&k, kit_host(&k), "cpu.vendor", "AuthenticAMD");
	is_outcome(&k, "pass");
	kit_none(&k, kit_host(&k), "cpu.vendor");
	is_outcome(&k, "pass");
	kit_free(&k);
	k = with(HOST_RULE("\"cpu.phys-bits\": 39"));
	kit_int(&k, kit_host(&k), "cpu.phys-bits", 39);
	is_outcome(&k, "fail");
	kit_int(&k, kit_host(&k), "cpu.phys-bits", 46);
	is_outcome(&k, "pass");
	kit_free(&k);
}

TEST(an_open_list_never_lacks)
{
	struct kit k = with(HOST_RULE("\"cmdline.names\": \"quiet\""));
	struct subject *host = kit_host(&k);

	kit_list(&k, host, "cmdline.names", true, "quiet");
	is_outcome(&k, "fail");
	kit_list(&k, host, "cmdline.names", true, "ro");
	is_outcome(&k, "unknown");
	kit_list(&k, host, "cmdline.names", false, "ro");
	is_outcome(&k, "pass");
	kit_free(&k);
	k = with(HOST_RULE("\"cmdline.names\": false"));
	host = kit_host(&k);
	kit_give(&k, host, "cmdline.names",
		(struct fact){ .state = FACT_VALUE, .open = true });
	is_outcome(&k, "unknown");
	kit_give(&k, host, "cmdline.names", (struct fact){ .state = FACT_VALUE });
	is_outcome(&k, "fail");
	kit_none(&k, host, "cmdline.names");
	is_outcome(&k, "fail");
	kit_list(&k, host, "cmdline.names", true, "ro");
	is_outcome(&k, "pass");
	kit_free(&k);
}

TEST(limits_of_lists)
{
	struct kit k = with(HOST_RULE("\"cmdline.names\": { \"max\": 1 }"));
	struct subject *host = kit_host(&k);

	kit_list(&k, host, "cmdline.names", false, "a");
	is_outcome(&k, "fail");
	kit_list(&k, host, "cmdline.names", true, "a");
	is_outcome(&k, "unknown");
	kit_list(&k, host, "cmdline.names", true, "a", "b");
	is_outcome(&k, "pass");
	kit_free(&k);
	k = with(HOST_RULE("\"cmdline.names\": { \"min\": 2 }"));
	host = kit_host(&k);
	kit_list(&k, host, "cmdline.names", true, "a");
	is_outcome(&k, "unknown");
	kit_list(&k, host, "cmdline.names", true, "a", "b");
	is_outcome(&k, "fail");
	kit_list(&k, host, "cmdline.names", false, "a");
	is_outcome(&k, "pass");
	kit_free(&k);
}

TEST(limits_of_numbers)
{
	struct kit k = with(HOST_RULE("\"cpu.phys-bits\": { \"min\": 40 }"));

	kit_int(&k, kit_host(&k), "cpu.phys-bits", 40);
	is_outcome(&k, "fail");
	kit_int(&k, kit_host(&k), "cpu.phys-bits", 39);
	is_outcome(&k, "pass");
	kit_none(&k, kit_host(&k), "cpu.phys-bits");
	is_outcome(&k, "pass");
	kit_free(&k);
}

TEST(not_keeps_unknown)
{
	struct kit k = with(HOST_RULE("\"irq.proof\": { \"not\": \"IR-IO-APIC\" }"));

	kit_text(&k, kit_host(&k), "irq.proof", "IR-PCI-MSI");
	is_outcome(&k, "fail");
	kit_text(&k, kit_host(&k), "irq.proof", "IR-IO-APIC");
	is_outcome(&k, "pass");
	kit_absent(&k, kit_host(&k), "irq.proof");
	is_outcome(&k, "unknown");
	kit_free(&k);
}

TEST(all_and_any)
{
	struct kit k =
		with(HOST_RULE("\"irq.proof\": true, \"any\": [ { \"iommu.on\": true },"
			       " { \"irq.remapped\": true } ]"));
	struct subject *host = kit_host(&k);

	kit_none(&k, host, "irq.proof");
	kit_absent(&k, host, "iommu.on");
	kit_absent(&k, host, "irq.remapped");
	is_outcome(&k, "pass");
	kit_text(&k, host, "irq.proof", "x");
	is_outcome(&k, "unknown");
	kit_bool(&k, host, "irq.remapped", true);
	is_outcome(&k, "fail");
	kit_bool(&k, host, "irq.remapped", false);
	is_outcome(&k, "unknown");
	kit_bool(&k, host, "iommu.on", false);
	is_outcome(&k, "pass");
	kit_free(&k);
}

TEST(an_undecided_guard_makes_no_noise)
{
	struct kit k = with("{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\","
			    " \"when\": { \"iommu.on\": true },"
			    " \"require\": { \"irq.remapped\": true } }");
	struct subject *host = kit_host(&k);

	kit_absent(&k, host, "iommu.on");
	kit_bool(&k, host, "irq.remapped", true);
	is_outcome(&k, "n/a");
	kit_bool(&k, host, "irq.remapped", false);
	is_outcome(&k, "unknown");
	kit_bool(&k, host, "iommu.on", false);
	is_outcome(&k, "n/a");
	kit_bool(&k, host, "iommu.on", true);
	is_outcome(&k, "fail");
	kit_bool(&k, host, "irq.remapped", true);
	is_outcome(&k, "pass");
	kit_free(&k);
}

/* A kit whose kernel log has these lines. */
static struct kit with_log(const char *rule, bool complete, const char *const *lines)
{
	struct kit k = { .snap = snapshot_new(), .rules = kit_rules(rule) };

	kit_fn(k.snap, "0000:01:00.0", 0x030000, 1);
	kit_fn(k.snap, "0000:02:00.0", 0x030000, 2);
	k.snap->log.complete = snap_bool_of(complete);
	for (; *lines; lines++)
		snap_texts_add(k.snap, &k.snap->log.lines, *lines);
	k.facts = facts_new(k.snap, NULL);
	return k;
}

#define RESET_RULE                                                                       \
	"{ \"id\": \"device.x\", \"severity\": \"warning\", \"for\": \"device\","        \
	"  \"say\": [\"{addr} after {what}\", \"{ms} ms\"], \"forbid\": { \"log\":"      \
	" \"{addr:bdf}: not ready {ms:dec}ms after {what:any}; giving up\" } }"

TEST(log_lines_join_on_the_subject)
{
	static const char *const lines[] = { "[    0.000000] Linux version 6.1",
		"[    9.000000] vfio-pci 0000:01:00.0: not ready 3ms after FLR; giving up",
		"[   10.000000] vfio-pci 0000:01:00.0: not ready 4ms after FLR; giving up",
		NULL };
	struct kit k = with_log(RESET_RULE, true, lines);
	struct finding f;

	finding_judge(
		k.facts, k.facts->arena, k.rules->rules[0], kit_device(&k, 0), 0, &f);
	is_verdict(&f, "fail");
	is_str(f.message, "01:00.0 after FLR; 3, 4 ms");
	is_str(f.evidence->source, "kernel log 9.000000");
	ok(f.evidence->next && !f.evidence->next->next);
	finding_judge(
		k.facts, k.facts->arena, k.rules->rules[0], kit_device(&k, 1), 0, &f);
	is_verdict(&f, "pass");
	kit_free(&k);
}

TEST(log_joins_without_domain_and_keeps_three_lines)
{
	static const char *const lines[] = {
		"x 01:00.0: not ready 1ms after a; giving up",
		"x 01:00.0: not ready 2ms after b; giving up",
		"x 01:00.0: not ready 3ms after c; giving up",
		"x 01:00.0: not ready 4ms after d; giving up",
		"x 01:00.0: not ready 5ms after e; giving up", NULL
	};
	struct kit k = with_log(RESET_RULE, false, lines);
	struct finding f;
	size_t n = 0;

	finding_judge(
		k.facts, k.facts->arena, k.rules->rules[0], kit_device(&k, 0), 0, &f);
	is_verdict(&f, "fail");
	is_str(f.message,
		"01:00.0 after a, b, c, d and 1 more; 1, 2, 3, 4 and 1 more ms");
	for (const struct origin *o = f.evidence; o; o = o->next)
		n++;
	is_int(n, 3);
	finding_judge(
		k.facts, k.facts->arena, k.rules->rules[0], kit_device(&k, 1), 0, &f);
	is_verdict(&f, "unknown");
	is_int(f.missing, 1u << SOURCE_KERNEL_LOG);
	kit_free(&k);
}

TEST(sources_that_would_decide)
{
	struct kit k = with("{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\","
			    " \"require\": { \"any\": [ { \"irq.remapped\": true },"
			    " { \"irq.proof\": true } ], \"iommu.on\": true } }");
	struct subject *host = kit_host(&k);
	struct finding f;

	kit_bool(&k, host, "iommu.on", true);
	kit_bool(&k, host, "irq.remapped", true);
	kit_give(&k, host, "irq.proof",
		(struct fact){ .missing = 1u << SOURCE_IRQ_CHIPS });
	finding_judge(k.facts, k.facts->arena, k.rules->rules[0], host, 0, &f);
	is_verdict(&f, "pass");
	is_int(f.missing, 0);
	kit_bool(&k, host, "irq.remapped", false);
	finding_judge(k.facts, k.facts->arena, k.rules->rules[0], host, 0, &f);
	is_verdict(&f, "unknown");
	is_int(f.missing, 1u << SOURCE_IRQ_CHIPS);
	kit_free(&k);
}
