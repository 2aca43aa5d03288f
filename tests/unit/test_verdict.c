// SPDX-License-Identifier: GPL-2.0-or-later
// Verdicts of devices, the checklist, the outcome and its exit status.
#include "rule_kit.h"

#define IRQ                                                                                  \
	"{ \"id\": \"irq.remapping\", \"severity\": \"refused\", \"say\": \"not remapped\"," \
	" \"ok\": \"{irq.proof}\", \"require\": { \"irq.remapped\": true } }"
#define IVRS                                                                             \
	"{ \"id\": \"ivrs.bad\", \"severity\": \"cause\", \"say\": \"bad table\","       \
	" \"explains\": [\"irq.remapping\"], \"forbid\": { \"ivrs.malformed\": true } }"
#define LOST                                                                             \
	"{ \"id\": \"device.lost\", \"severity\": \"refused\", \"for\": \"device\","     \
	" \"say\": \"s\", \"forbid\": { \"power.lost\": true } }"
#define FOREIGN                                                                          \
	"{ \"id\": \"group.foreign\", \"severity\": \"blocker\", \"for\": \"set\","      \
	" \"say\": \"s\", \"forbid\": { \"foreign\": true } }"
#define NATIVE                                                                           \
	"{ \"id\": \"driver.native\", \"severity\": \"warning\", \"for\": \"device\","   \
	" \"say\": \"s\", \"forbid\": { \"stub-bound\": true } }"

/* A machine where nothing is wrong. */
static struct kit machine(const char *guest)
{
	struct kit k = kit_new(kit_rules(IRQ, IVRS, LOST, FOREIGN, NATIVE), guest);

	kit_bool(&k, kit_host(&k), "irq.remapped", true);
	kit_text(&k, kit_host(&k), "irq.proof", "IR-PCI-MSI");
	kit_none(&k, kit_host(&k), "ivrs.malformed");
	for (int i = KIT_BRIDGE; i <= KIT_NIC; i++) {
		kit_bool(&k, kit_device(&k, i), "power.lost", false);
		kit_bool(&k, kit_device(&k, i), "stub-bound", false);
	}
	for (size_t i = 0; i < k.facts->scopes[SCOPE_SET].n; i++) {
		struct subject *set = k.facts->scopes[SCOPE_SET].v[i];

		kit_none(&k, set, "foreign");
		kit_bool(&k, set, "bound", false);
	}
	return k;
}

#define is_device(k, which, vfio_, verdict_)                                             \
	do {                                                                             \
		is_str(vfio_verdict_name((k).j->devices[which].vfio), (vfio_));          \
		is_str(device_verdict_name((k).j->devices[which].verdict), (verdict_));  \
	} while (0)
#define is_overall(k, name, status)                                                      \
	do {                                                                             \
		is_str(overall_name((k).j->overall), (name));                            \
		is_int(overall_exit_status((k).j->overall), (status));                   \
	} while (0)

TEST(nothing_wrong)
{
	struct kit k = machine("0000:01:00.0");

	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_BRIDGE, "refuses", NULL);
	is_device(k, KIT_GPU, "accepts", "assignable");
	is_device(k, KIT_AUDIO, "accepts", NULL);
	is_int(k.j->devices[KIT_GPU].n_set, 2);
	is_int(k.j->devices[KIT_GPU].n_causes, 0);
	is_overall(k, "ok", 0);
	is_int(k.j->summary.blocker, 0);
	kit_free(&k);
}

TEST(bound_is_ready)
{
	struct kit k = machine("0000:01:00.0");

	kit_bool(&k, k.facts->scopes[SCOPE_SET].v[0], "bound", true);
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "accepts", "ready");
	judgement_free(k.j);
	kit_absent(&k, k.facts->scopes[SCOPE_SET].v[0], "bound");
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "accepts", "assignable");
	kit_free(&k);
}

TEST(refused_host_wide)
{
	struct kit k = machine("0000:01:00.0");

	kit_bool(&k, kit_host(&k), "irq.remapped", false);
	kit_text(&k, kit_host(&k), "ivrs.malformed", "short");
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "refuses", "blocked");
	is_device(k, KIT_NIC, "refuses", NULL);
	is_overall(k, "blocked", 2);
	is_int(k.j->devices[KIT_GPU].n_causes, 2);
	is_str(k.j->devices[KIT_GPU].causes[0]->rule->id, "ivrs.bad");
	is_str(k.j->devices[KIT_GPU].causes[1]->rule->id, "irq.remapping");
	is_int(k.j->devices[KIT_NIC].n_causes, 2);
	is_int(k.j->summary.blocker, 1);
	kit_free(&k);
}

TEST(what_refuses_one_member_refuses_the_set)
{
	struct kit k = machine("0000:01:00.0");

	kit_bool(&k, kit_device(&k, KIT_AUDIO), "power.lost", true);
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "refuses", "blocked");
	is_device(k, KIT_AUDIO, "refuses", NULL);
	is_device(k, KIT_NIC, "accepts", NULL);
	is_int(k.j->devices[KIT_NIC].n_causes, 0);
	kit_free(&k);
}

TEST(another_device_blocks_nobody)
{
	struct kit k = machine("0000:01:00.0");

	kit_bool(&k, kit_device(&k, KIT_NIC), "power.lost", true);
	kit_bool(&k, kit_device(&k, KIT_NIC), "stub-bound", true);
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "accepts", "assignable");
	is_device(k, KIT_NIC, "refuses", NULL);
	is_str(k.j->devices[KIT_NIC].causes[0]->rule->id, "device.lost");
	is_overall(k, "ok", 0);
	is_int(k.j->summary.blocker, 0);
	is_int(k.j->summary.warning, 0);
	is_int(k.j->summary.note, 2);
	kit_free(&k);
}

TEST(a_bridge_in_the_group_bears_on_nobody)
{
	struct kit k = machine("0000:01:00.0");

	kit_bool(&k, kit_device(&k, KIT_BRIDGE), "power.lost", true);
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "accepts", "assignable");
	kit_free(&k);
}

TEST(undecided)
{
	struct kit k = machine("0000:01:00.0");

	kit_absent(&k, kit_host(&k), "irq.remapped");
	kit_absent(&k, kit_host(&k), "ivrs.malformed");
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "unknown", "unknown");
	is_overall(k, "unknown", 3);
	is_int(k.j->devices[KIT_GPU].n_causes, 1);
	is_str(k.j->devices[KIT_GPU].causes[0]->rule->id, "irq.remapping");
	is_str(row_verdict_name(k.j->prerequisites[PREREQ_INTERRUPT_REMAPPING].verdict),
		"unknown");
	is_str(row_verdict_name(k.j->prerequisites[PREREQ_FIRMWARE].verdict), "unknown");
	judgement_free(k.j);
	/* One certain no is enough. */
	kit_bool(&k, kit_device(&k, KIT_GPU), "power.lost", true);
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "refuses", "blocked");
	is_overall(k, "blocked", 2);
	kit_free(&k);
}

TEST(a_blocker_leaves_vfio_alone)
{
	struct kit k = machine("0000:01:00.0");

	kit_give(&k, k.facts->scopes[SCOPE_SET].v[0], "foreign",
		(struct fact){ .state = FACT_VALUE,
			.list = (const char *[]){ "03:00.0 NVMe" },
			.n = 1 });
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "accepts", "blocked");
	is_device(k, KIT_AUDIO, "accepts", NULL);
	is_str(k.j->devices[KIT_GPU].causes[0]->rule->id, "group.foreign");
	is_overall(k, "blocked", 2);
	kit_free(&k);
}

TEST(a_warning_on_a_target)
{
	struct kit k = machine("0000:01:00.0");

	kit_bool(&k, kit_device(&k, KIT_AUDIO), "stub-bound", true);
	k.j = judge(k.facts, k.rules);
	is_overall(k, "warning", 1);
	is_str(row_verdict_name(k.j->prerequisites[PREREQ_DRIVERS].verdict), "warning");
	judgement_free(k.j);
	kit_absent(&k, kit_device(&k, KIT_AUDIO), "stub-bound");
	k.j = judge(k.facts, k.rules);
	is_overall(k, "ok", 0);
	is_int(k.j->summary.unknown, 1);
	kit_free(&k);
}

TEST(the_checklist)
{
	struct kit k = machine("0000:01:00.0");
	const struct prerequisite_row *rows;

	k.j = judge(k.facts, k.rules);
	rows = k.j->prerequisites;
	is_str(row_verdict_name(rows[PREREQ_INTERRUPT_REMAPPING].verdict), "pass");
	is_str(rows[PREREQ_INTERRUPT_REMAPPING].message, "IR-PCI-MSI");
	is_str(row_verdict_name(rows[PREREQ_FIRMWARE].verdict), "pass");
	is_str(row_verdict_name(rows[PREREQ_VIRTUALISATION].verdict), "n/a");
	judgement_free(k.j);
	kit_bool(&k, kit_host(&k), "irq.remapped", false);
	kit_text(&k, kit_host(&k), "ivrs.malformed", "short");
	k.j = judge(k.facts, k.rules);
	rows = k.j->prerequisites;
	is_str(row_verdict_name(rows[PREREQ_INTERRUPT_REMAPPING].verdict), "fail");
	is_str(rows[PREREQ_INTERRUPT_REMAPPING].message, "bad table");
	ok(rows[PREREQ_INTERRUPT_REMAPPING].finding == kit_find(&k, "ivrs.bad", "host"));
	is_str(row_verdict_name(rows[PREREQ_FIRMWARE].verdict), "fail");
	kit_free(&k);
}

TEST(no_display_to_hand_over)
{
	struct kit k = machine("0000:02:00.0");

	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_NIC, "accepts", "assignable");
	is_str(row_verdict_name(k.j->prerequisites[PREREQ_TWO_GPUS].verdict), "n/a");
	is_str(k.j->prerequisites[PREREQ_TWO_GPUS].message,
		"no device to hand over is a display adapter");
	kit_free(&k);
}

TEST(no_target)
{
	struct kit k = machine(NULL);

	kit_bool(&k, kit_host(&k), "irq.remapped", false);
	k.j = judge(k.facts, k.rules);
	is_overall(k, "no-target", 3);
	is_str(row_verdict_name(k.j->prerequisites[PREREQ_INTERRUPT_REMAPPING].verdict),
		"fail");
	kit_free(&k);
}

TEST(a_target_that_is_not_there)
{
	struct kit k = machine("0000:09:00.0");

	k.j = judge(k.facts, k.rules);
	is_int(k.j->n_devices, 5);
	is_str(device_verdict_name(k.j->devices[4].verdict), "blocked");
	is_overall(k, "blocked", 2);
	kit_free(&k);
}

TEST(a_bridge_as_target)
{
	struct kit k = machine("0000:00:01.0");

	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_BRIDGE, "refuses", "blocked");
	kit_free(&k);
}

TEST(a_set_that_is_not_known_proves_nothing)
{
	struct kit k = machine("0000:01:00.0");

	/* Nobody collected the groups of this machine. */
	facts_free(k.facts);
	for (size_t i = 0; i < k.snap->pci.n; i++)
		k.snap->pci.v[i].iommu_group.have = HAVE_NOT;
	k.facts = facts_new(k.snap,
		&(struct facts_request){ (const char *const[]){ "0000:01:00.0" }, 1 });
	kit_bool(&k, kit_host(&k), "irq.remapped", true);
	for (int i = KIT_BRIDGE; i <= KIT_NIC; i++)
		kit_bool(&k, kit_device(&k, i), "power.lost", false);
	kit_none(&k, k.facts->scopes[SCOPE_SET].v[0], "foreign");
	k.j = judge(k.facts, k.rules);
	is_device(k, KIT_GPU, "unknown", "unknown");
	is_overall(k, "unknown", 3);
	kit_free(&k);
}
