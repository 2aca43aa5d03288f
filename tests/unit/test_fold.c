// SPDX-License-Identifier: GPL-2.0-or-later
// What follows from what: causes, severities, roots, notes about devices nobody asked
// for.
#include "rule_kit.h"

#define TEST_OF(fact) "\"say\": \"s\", \"forbid\": { \"" fact "\": true } }"
#define EFFECT                                                                           \
	"{ \"id\": \"irq.remapping\", \"severity\": \"refused\", \"say\": \"s\","        \
	" \"require\": { \"irq.remapped\": true } }"
#define CAUSE_LATE                                                                       \
	"{ \"id\": \"ivrs.late\", \"severity\": \"cause\","                              \
	" \"explains\": [\"irq.remapping\"], " TEST_OF("ivrs.malformed")
#define CAUSE_EARLY                                                                      \
	"{ \"id\": \"cmdline.early\", \"severity\": \"cause\","                          \
	" \"explains\": [\"irq.remapping\"], " TEST_OF("irq.off-word")
#define CAUSE_OF_CAUSE                                                                   \
	"{ \"id\": \"boot.first\", \"severity\": \"cause\","                             \
	" \"explains\": [\"ivrs.late\"], " TEST_OF("boot.edited")

/* The facts of the four rules above; NULL: absent. */
static void set_up(struct kit *k, const char *early, const char *late, const char *first)
{
	struct subject *host = kit_host(k);

	kit_bool(k, host, "irq.remapped", false);
	kit_give(k, host, "irq.off-word",
		(struct fact){
			.state = early ? *early ? FACT_VALUE : FACT_NONE : FACT_ABSENT,
			.text = early });
	kit_give(k, host, "ivrs.malformed",
		(struct fact){
			.state = late ? *late ? FACT_VALUE : FACT_NONE : FACT_ABSENT,
			.text = late });
	kit_give(k, host, "boot.edited",
		(struct fact){
			.state = first ? *first ? FACT_VALUE : FACT_NONE : FACT_ABSENT,
			.text = first });
}

static struct kit causes(void)
{
	return kit_new(kit_rules(EFFECT, CAUSE_LATE, CAUSE_EARLY, CAUSE_OF_CAUSE), NULL);
}

TEST(the_first_by_rank_is_root)
{
	struct kit k = causes();
	const struct finding *effect, *early, *late;

	set_up(&k, "noapic", "short", "");
	k.j = judge(k.facts, k.rules);
	effect = kit_find(&k, "irq.remapping", "host");
	early = kit_find(&k, "cmdline.early", "host");
	late = kit_find(&k, "ivrs.late", "host");
	is_int(effect->n_follows, 1);
	ok(effect->follows[0] == early);
	ok(!effect->also);
	is_int(early->n_follows, 0);
	is_int(early->severity, SEVERITY_REFUSED);
	/* The other cause explains nothing that is left: it goes below the same root. */
	ok(late->also && late->n_follows == 1 && late->follows[0] == early);
	is_int(k.j->summary.blocker, 1);
	kit_free(&k);
}

TEST(a_root_has_its_own_root)
{
	struct kit k = causes();
	const struct finding *effect;

	set_up(&k, "", "short", "/etc/default/grub");
	k.j = judge(k.facts, k.rules);
	effect = kit_find(&k, "irq.remapping", "host");
	is_int(effect->n_follows, 2);
	ok(effect->follows[0] == kit_find(&k, "boot.first", "host"));
	ok(effect->follows[1] == kit_find(&k, "ivrs.late", "host"));
	is_int(effect->follows[0]->severity, SEVERITY_REFUSED);
	is_verdict(kit_find(&k, "cmdline.early", "host"), "pass");
	is_int(k.j->summary.blocker, 1);
	kit_free(&k);
}

TEST(a_cause_is_no_surer_than_its_effects)
{
	struct kit k = causes();
	const struct finding *late;

	set_up(&k, "", "short", "");
	kit_bool(&k, kit_host(&k), "irq.remapped", true);
	k.j = judge(k.facts, k.rules);
	late = kit_find(&k, "ivrs.late", "host");
	is_verdict(late, "n/a");
	is_str(late->message, "");
	judgement_free(k.j);
	kit_absent(&k, kit_host(&k), "irq.remapped");
	k.j = judge(k.facts, k.rules);
	late = kit_find(&k, "ivrs.late", "host");
	is_verdict(late, "unknown");
	is_int(late->severity, SEVERITY_REFUSED);
	is_int(kit_find(&k, "irq.remapping", "host")->n_follows, 0);
	judgement_free(k.j);
	/* An undecided cause of a certain effect stays undecided and explains nothing. */
	set_up(&k, "", NULL, "");
	k.j = judge(k.facts, k.rules);
	is_verdict(kit_find(&k, "ivrs.late", "host"), "unknown");
	is_int(kit_find(&k, "irq.remapping", "host")->n_follows, 0);
	kit_free(&k);
}

#define LOST                                                                                   \
	"{ \"id\": \"device.lost\", \"severity\": \"warning\", \"for\": \"device\", " TEST_OF( \
		"power.lost")
#define NATIVE                                                                           \
	"{ \"id\": \"driver.native\", \"severity\": \"note\", \"for\": \"device\","      \
	" \"explains\": [\"device.lost\"], " TEST_OF("stub-bound")
#define HOST_CAUSE                                                                                   \
	"{ \"id\": \"kernel.x\", \"severity\": \"cause\", \"explains\": [\"device.lost\"]," TEST_OF( \
		"kernel.kdump")

static struct kit devices(const char *guest)
{
	struct kit k = kit_new(kit_rules(LOST, NATIVE, HOST_CAUSE), guest);

	kit_bool(&k, kit_host(&k), "kernel.kdump", false);
	for (int i = KIT_BRIDGE; i <= KIT_NIC; i++) {
		kit_bool(&k, kit_device(&k, i), "power.lost", i >= KIT_AUDIO);
		kit_bool(&k, kit_device(&k, i), "stub-bound", true);
	}
	return k;
}

TEST(only_related_subjects_explain)
{
	struct kit k = devices("0000:01:00.0");
	const struct finding *audio, *nic;

	k.j = judge(k.facts, k.rules);
	audio = kit_find(&k, "device.lost", "0000:01:00.1");
	nic = kit_find(&k, "device.lost", "0000:02:00.0");
	is_int(audio->n_follows, 1);
	ok(audio->follows[0] == kit_find(&k, "driver.native", "0000:01:00.1"));
	ok(nic->follows[0] == kit_find(&k, "driver.native", "0000:02:00.0"));
	/* Of the target's set it is as written and lends its weight; elsewhere a note. */
	ok(audio->bears && !nic->bears);
	is_int(audio->severity, SEVERITY_WARNING);
	is_int(audio->follows[0]->severity, SEVERITY_WARNING);
	is_int(nic->severity, SEVERITY_NOTE);
	is_int(nic->follows[0]->severity, SEVERITY_NOTE);
	is_int(kit_find(&k, "driver.native", "0000:01:00.0")->severity, SEVERITY_NOTE);
	is_verdict(kit_find(&k, "kernel.x", "host"), "pass");
	is_int(k.j->overall, OVERALL_WARNING);
	kit_free(&k);
}

TEST(a_host_wide_cause_owes_no_more_than_its_effects)
{
	struct kit k = devices("0000:01:00.0");

	kit_bool(&k, kit_host(&k), "kernel.kdump", true);
	for (int i = KIT_BRIDGE; i <= KIT_AUDIO; i++)
		kit_bool(&k, kit_device(&k, i), "power.lost", false);
	k.j = judge(k.facts, k.rules);
	/* It explains the network card only, which is nobody's target. */
	is_verdict(kit_find(&k, "kernel.x", "host"), "fail");
	is_int(kit_find(&k, "kernel.x", "host")->severity, SEVERITY_NOTE);
	ok(kit_find(&k, "device.lost", "0000:02:00.0")->follows[0] ==
		kit_find(&k, "kernel.x", "host"));
	is_int(k.j->overall, OVERALL_OK);
	kit_free(&k);
}

TEST(a_blocker_of_its_own_is_never_also)
{
	struct kit k = kit_new(
		kit_rules(EFFECT, CAUSE_EARLY,
			"{ \"id\": \"iommu.working\", \"severity\": \"refused\", \"say\": \"s\","
			" \"explains\": [\"irq.remapping\"],"
			" \"require\": { \"iommu.on\": true } }"),
		NULL);
	const struct finding *working;

	set_up(&k, "noapic", "", "");
	kit_bool(&k, kit_host(&k), "iommu.on", false);
	k.j = judge(k.facts, k.rules);
	working = kit_find(&k, "iommu.working", "host");
	ok(!working->also && working->n_follows == 0);
	is_int(k.j->summary.blocker, 2);
	kit_free(&k);
}

TEST(a_failing_note_takes_no_weight_from_an_unknown)
{
	struct kit k = devices("0000:01:00.0");
	const struct finding *lost;

	kit_absent(&k, kit_device(&k, KIT_AUDIO), "power.lost");
	k.j = judge(k.facts, k.rules);
	lost = kit_find(&k, "device.lost", "0000:01:00.1");
	is_verdict(lost, "unknown");
	is_int(lost->n_follows, 1);
	is_int(lost->follows[0]->severity, SEVERITY_NOTE);
	is_int(k.j->overall, OVERALL_OK);
	kit_free(&k);
}
