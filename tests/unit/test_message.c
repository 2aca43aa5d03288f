// SPDX-License-Identifier: GPL-2.0-or-later
// Messages that somebody quoted: what they are about, their causes, what is left open.
#include "report/model.h"
#include "rule_kit.h"

#define SYMPTOM                                                                          \
	"{ \"id\": \"run.symptom\", \"severity\": \"warning\", \"for\": \"message\","    \
	" \"say\": [\"no\", \"group {group}\"], \"causes\": [\"device.lost\","           \
	" \"group.other\"], \"forbid\": { \"log\": [\"group {group:dec} is not\","       \
	" \"{addr:bdf}: stuck\", \"all is lost\"] } }"
#define LOST                                                                             \
	"{ \"id\": \"device.lost\", \"severity\": \"refused\", \"for\": \"device\","     \
	" \"say\": \"{addr}\", \"forbid\": { \"power.lost\": true } }"
#define OTHER                                                                            \
	"{ \"id\": \"group.other\", \"severity\": \"note\","                             \
	" \"say\": \"s\", \"forbid\": { \"kernel.lockdown\": true } }"
#define ONLY_WHEN_QUOTED                                                                 \
	"{ \"id\": \"driver.quoted\", \"severity\": \"cause\", \"say\": \"s\","          \
	" \"explains\": [\"run.symptom\"], \"forbid\": { \"iommu.on\": true } }"

/* The small machine of the kit, with a quoted message; NULL: with none. */
static struct kit quoted(struct rule_set *rules, const char *message)
{
	struct kit k = kit_new(rules, NULL);

	facts_free(k.facts);
	if (message)
		snap_texts_add(k.snap, &k.snap->messages, message);
	k.facts = facts_new(k.snap, NULL);
	return k;
}

static void set_lost(struct kit *k, int which, bool lost)
{
	kit_bool(k, kit_device(k, which), "power.lost", lost);
}

TEST(nothing_quoted_is_nothing_unknown)
{
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER, ONLY_WHEN_QUOTED), NULL);

	kit_bool(&k, kit_host(&k), "iommu.on", true);
	k.j = judge(k.facts, k.rules);
	for (size_t i = 0; i < k.j->n; i++) {
		ok(!text_equal(k.j->findings[i].rule->id, "run.symptom"));
		ok(!text_equal(k.j->findings[i].rule->id, "driver.quoted"));
	}
	ok(!k.facts->has_targets);
	kit_free(&k);
}

TEST(a_message_that_stands_alone)
{
	static const char text[] = "group 1 is not viable";
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), text);
	const struct finding *f;

	set_lost(&k, KIT_GPU, false);
	set_lost(&k, KIT_AUDIO, false);
	set_lost(&k, KIT_BRIDGE, false);
	kit_absent(&k, kit_host(&k), "kernel.lockdown");
	k.j = judge(k.facts, k.rules);
	f = kit_find(&k, "run.symptom", text);
	is_verdict(f, "fail");
	is_int(f->severity, SEVERITY_WARNING);
	is_str(f->message, "no; group 1");
	is_str(f->evidence->source, "quoted message");
	is_str(f->evidence->text, text);
	is_int(f->n_follows, 0);
	is_int(f->n_suspects, 2);
	is_str(f->suspects[0].rule->id, "device.lost");
	is_int(f->suspects[0].verdict, VERDICT_PASS);
	is_str(f->suspects[1].rule->id, "group.other");
	is_int(f->suspects[1].verdict, VERDICT_UNKNOWN);
	ok(f->suspects[1].missing & 1u << SOURCE_KERNEL);
	kit_free(&k);
}

/* The bridge, the card and its sound are group 1; the network card is not. */
TEST(causes_of_other_devices_explain_nothing)
{
	static const char text[] = "group 1 is not viable";
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), text);

	for (int i = KIT_BRIDGE; i <= KIT_AUDIO; i++)
		set_lost(&k, i, false);
	set_lost(&k, KIT_NIC, true);
	kit_none(&k, kit_host(&k), "kernel.lockdown");
	k.j = judge(k.facts, k.rules);
	is_int(kit_find(&k, "run.symptom", text)->n_follows, 0);
	is_int(kit_find(&k, "run.symptom", text)->suspects[0].verdict, VERDICT_PASS);
	kit_free(&k);
}

TEST(a_failing_cause_takes_it_along)
{
	static const char text[] = "vfio 0000:01:00.0: stuck";
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), text);
	const struct finding *f, *root;

	/* Its neighbour in the group counts as well, and the first cause in the list wins */
	for (int i = KIT_BRIDGE; i <= KIT_GPU; i++)
		set_lost(&k, i, false);
	set_lost(&k, KIT_AUDIO, true);
	kit_text(&k, kit_host(&k), "kernel.lockdown", "integrity");
	k.j = judge(k.facts, k.rules);
	f = kit_find(&k, "run.symptom", text);
	root = kit_find(&k, "device.lost", "0000:01:00.1");
	is_int(f->n_follows, 1);
	ok(f->n_follows && f->follows[0] == root);
	is_int(f->suspects[0].verdict, VERDICT_FAIL);
	/* The note explains it too, and goes along */
	ok(kit_find(&k, "group.other", "host")->also);
	kit_free(&k);
}

TEST(a_note_is_as_grave_as_what_it_explains)
{
	static const char text[] = "all is lost";
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), text);

	for (int i = KIT_BRIDGE; i <= KIT_NIC; i++)
		set_lost(&k, i, false);
	kit_text(&k, kit_host(&k), "kernel.lockdown", "integrity");
	k.j = judge(k.facts, k.rules);
	is_int(kit_find(&k, "run.symptom", text)->n_follows, 1);
	is_int(kit_find(&k, "group.other", "host")->severity, SEVERITY_WARNING);
	kit_free(&k);
}

TEST(another_message)
{
	static const char text[] = "something else";
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), text);

	k.j = judge(k.facts, k.rules);
	is_verdict(kit_find(&k, "run.symptom", text), "n/a");
	kit_free(&k);
}

/* Who complains of a device wants to hand it over. */
TEST(what_it_names_first_is_a_target)
{
	static const struct {
		const char *text;
		int target;
	} cases[] = {
		{ "vfio 0000:01:00.0: group 1 is not viable", KIT_GPU },
		{ "Cannot reset device 0000:01:00.0, depends on 0000:02:00.0", KIT_GPU },
		{ "internal error: pci_0000_02_00_0 is gone", KIT_NIC },
		{ "Active 0000:02:00.0 devices on bus with 0000:01:00.0", -1 },
		{ "vfio 0000:00:01.0: a bridge", -1 },
		{ "group 1 is not viable", -1 },
		{ "vfio 0000:05:00.0: not in this machine", -1 },
		{ "x01:00.0 01:00.01 01:00.0x", -1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), cases[i].text);

		is_int(k.facts->has_targets, cases[i].target >= 0);
		for (int d = KIT_BRIDGE; d <= KIT_NIC; d++)
			is_int(k.facts->has_targets && k.facts->fns[d].target != NULL,
				d == cases[i].target);
		kit_free(&k);
	}
}

/* With less evidence a message must not touch more devices. */
TEST(what_is_not_listed_is_related_to_nothing_else)
{
	static const char text[] = "vfio 0000:07:00.0: stuck";
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), text);
	const struct finding *f;

	for (int i = KIT_BRIDGE; i <= KIT_NIC; i++)
		set_lost(&k, i, true);
	kit_none(&k, kit_host(&k), "kernel.lockdown");
	k.j = judge(k.facts, k.rules);
	f = kit_find(&k, "run.symptom", text);
	is_int(f->n_follows, 0);
	is_int(f->severity, SEVERITY_WARNING); /* it counts all the same */
	is_int(f->suspects[0].verdict, VERDICT_UNKNOWN);
	kit_free(&k);
}

TEST(hostile_messages)
{
	struct snapshot *s = snapshot_new();
	struct strbuf b = { 0 };
	struct facts *f;

	for (int i = 0; i < 20000; i++)
		strbuf_add(&b, "00:00.0 group 999999999999999999999 ");
	snap_texts_add(s, &s->messages, strbuf_text(&b));
	for (int i = 0; i < 1000; i++)
		snap_texts_add(s, &s->messages, arena_printf(s->arena, "group %d", i));
	f = facts_new(s, NULL);
	is_int(f->scopes[SCOPE_MESSAGE].n, 256);
	facts_free(f);
	/* Not collected, whatever is in memory */
	s->messages.have = HAVE_NOT;
	f = facts_new(s, NULL);
	is_int(f->scopes[SCOPE_MESSAGE].n, 0);
	is_int(f->scopes[SCOPE_MESSAGE].listed, TRI_TRUE);
	facts_free(f);
	snapshot_free(s);
	strbuf_free(&b);
}

TEST(a_report_says_what_is_left)
{
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), "group 1 is not viable");
	struct report_model *m;
	const struct problem *p;

	for (int i = KIT_BRIDGE; i <= KIT_NIC; i++)
		set_lost(&k, i, false);
	kit_absent(&k, kit_host(&k), "kernel.lockdown");
	k.snap->origin.kind = "tree";
	k.j = judge(k.facts, k.rules);
	m = model_new(k.j);
	is_int(m->n_problems, 1);
	p = &m->problems[0];
	is_int(p->doubts.n_open, 1);
	is_str(p->doubts.open[0]->id, "group.other");
	is_int(p->doubts.n_ruled_out, 1);
	is_str(p->doubts.ruled_out[0]->id, "device.lost");
	is_int(p->doubts.n_tell, 1);
	is_str(p->doubts.tell[0], source_remedy(SOURCE_KERNEL));
	model_free(m);
	kit_free(&k);
}

/* Of two messages of one kind the first leaves open what the second rules out. */
TEST(a_report_of_several_messages)
{
	struct kit k = quoted(kit_rules(SYMPTOM, LOST, OTHER), "group 1 is not viable");
	struct report_model *m;

	facts_free(k.facts);
	snap_texts_add(k.snap, &k.snap->messages, "vfio 0000:02:00.0: stuck");
	k.facts = facts_new(k.snap, NULL);
	kit_absent(&k, kit_device(&k, KIT_GPU), "power.lost");
	set_lost(&k, KIT_NIC, false);
	kit_none(&k, kit_host(&k), "kernel.lockdown");
	k.j = judge(k.facts, k.rules);
	m = model_new(k.j);
	is_int(m->n_problems, 1);
	is_int(m->problems[0].n, 2);
	is_int(m->problems[0].doubts.n_open, 1);
	is_str(m->problems[0].doubts.open[0]->id, "device.lost");
	is_int(m->problems[0].doubts.n_ruled_out, 1);
	is_str(m->problems[0].doubts.ruled_out[0]->id, "group.other");
	model_free(m);
	kit_free(&k);
}
