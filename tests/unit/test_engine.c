// SPDX-License-Identifier: GPL-2.0-or-later
// Judging: one finding for each rule and subject, in a fixed order, with its evidence.
#include "rule_kit.h"

#define DEVICE_RULE                                                                      \
	"{ \"id\": \"device.x\", \"severity\": \"refused\", \"for\": \"device\","        \
	" \"say\": \"{addr} on {kernel.release}\", \"forbid\": { \"power.lost\": true } }"
#define HOST_RULE                                                                        \
	"{ \"id\": \"irq.x\", \"severity\": \"note\", \"say\": \"s\","                   \
	" \"when\": { \"iommu.on\": true }, \"require\": { \"irq.remapped\": true } }"

TEST(one_finding_for_each_rule_and_subject)
{
	struct kit k = kit_new(kit_rules(DEVICE_RULE, HOST_RULE), NULL);

	k.j = judge(k.facts, k.rules);
	is_int(k.j->n, 5);
	is_str(k.j->findings[0].rule->id, "irq.x");
	is_str(k.j->findings[0].subject->key, "host");
	is_str(k.j->findings[1].subject->key, "0000:00:01.0");
	is_str(k.j->findings[4].subject->key, "0000:02:00.0");
	kit_free(&k);
}

TEST(subjects_that_could_not_be_listed)
{
	struct kit k = { .snap = snapshot_new(), .rules = kit_rules(DEVICE_RULE) };
	const struct finding *f;

	k.snap->kernel.release = snap_text_of(k.snap, "6.1.0");
	k.facts = facts_new(k.snap, NULL);
	k.j = judge(k.facts, k.rules);
	is_int(k.j->n, 1);
	f = &k.j->findings[0];
	ok(!f->subject);
	is_verdict(f, "unknown");
	is_str(f->message, "? on 6.1.0");
	ok(f->missing & 1u << SOURCE_PCI);
	is_int(k.j->overall, OVERALL_NO_TARGET);
	kit_free(&k);
}

TEST(evidence_of_what_was_consulted)
{
	struct kit k = kit_new(kit_rules(HOST_RULE), NULL);
	struct origin again = { "chips", "PCI-MSI", NULL },
		      seen = { "chips", "PCI-MSI", &again };
	struct origin guard = { "sysfs", "dmar0", NULL };
	const struct finding *f;

	kit_give(&k, kit_host(&k), "iommu.on",
		(struct fact){ .state = FACT_VALUE, .b = true, .origins = &guard });
	kit_give(&k, kit_host(&k), "irq.remapped",
		(struct fact){ .state = FACT_VALUE, .b = false, .origins = &seen });
	k.j = judge(k.facts, k.rules);
	f = &k.j->findings[0];
	is_verdict(f, "fail");
	is_str(f->evidence->source, "chips");
	is_str(f->evidence->text, "PCI-MSI");
	ok(!f->evidence->next); /* once, and without what `when` consulted */
	kit_free(&k);
}

TEST(the_same_twice)
{
	struct kit a = kit_new(kit_rules(DEVICE_RULE, HOST_RULE), "0000:01:00.0");
	struct kit b = kit_new(kit_rules(HOST_RULE, DEVICE_RULE), "0000:01:00.0");

	a.j = judge(a.facts, a.rules);
	b.j = judge(b.facts, b.rules);
	is_int(a.j->n, b.j->n);
	for (size_t i = 0; i < a.j->n && i < b.j->n; i++) {
		is_str(a.j->findings[i].rule->id, b.j->findings[i].rule->id);
		is_str(a.j->findings[i].message, b.j->findings[i].message);
		is_int(a.j->findings[i].verdict, b.j->findings[i].verdict);
	}
	kit_free(&a);
	kit_free(&b);
}
