// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on demand: names, links, overlays, absent values.
#include <stdlib.h>

#include "base/text.h"
#include "machine.h"
#include "tap.h"

#define PCI    (1u << SOURCE_PCI)
#define GROUPS (1u << SOURCE_IOMMU_GROUPS)

TEST(table_is_sound)
{
	for (size_t i = 0; i < fact_table_length; i++) {
		const struct fact_row *row = &fact_table[i];
		enum link link;

		ok(row->derive != NULL && row->meaning != NULL &&
			(row->sources != 0 || row->scope == SCOPE_MESSAGE));
		ok(fact_resolve(row->scope, row->name, &link) == row);
	}
	for (unsigned s = 0; s < N_SCOPES; s++) {
		enum scope scope = N_SCOPES;

		ok(scope_by_name(scope_name((enum scope)s), &scope));
		is_int(scope, s);
	}
	is_str(scope_key_fact(SCOPE_VFIO_ID), "id");
	is_str(scope_key_fact(SCOPE_HOST), NULL);
}

TEST(names_resolve_through_links)
{
	enum link link;
	const struct fact_row *row = fact_resolve(SCOPE_TARGET, "driver", &link);

	ok(row && row->scope == SCOPE_DEVICE);
	is_int(link, LINK_DEVICE);
	row = fact_resolve(SCOPE_TARGET, "set.disks", &link);
	ok(row && row->scope == SCOPE_SET);
	is_int(link, LINK_SET);
	row = fact_resolve(SCOPE_DEVICE, "group.id", &link);
	ok(row && row->scope == SCOPE_GROUP);
	is_int(link, LINK_GROUP);
	row = fact_resolve(SCOPE_WORD, "iommu.on", &link);
	ok(row && row->scope == SCOPE_HOST);
	is_int(link, LINK_HOST);
	is_int(fact_resolve(SCOPE_GROUP, "id", &link) != NULL, 1);
	is_int(link, LINK_SELF);
	ok(!fact_resolve(SCOPE_DEVICE, "set.disks", &link));
	ok(!fact_resolve(SCOPE_HOST, "driver", &link));
	ok(!fact_resolve(SCOPE_DEVICE, "no.such", &link));
}

TEST(empty_snapshot_knows_nothing)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);

	is_int(f->scopes[SCOPE_HOST].n, 1);
	is_str(f->scopes[SCOPE_HOST].v[0]->key, "host");
	is_int(f->scopes[SCOPE_DEVICE].n, 0);
	is_int(f->scopes[SCOPE_DEVICE].listed, TRI_FALSE);
	ok(f->scopes[SCOPE_DEVICE].missing & PCI);
	is_int(f->scopes[SCOPE_TARGET].listed, TRI_FALSE);
	is_int(f->scopes[SCOPE_GROUP].listed, TRI_FALSE);
	ok(!f->has_targets);
	facts_free(f);
	snapshot_free(s);
}

TEST(made_up_subject_has_only_overlays)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);
	struct subject *device = facts_add_subject(f, SCOPE_DEVICE, "0000:03:00.0");
	const char *lines[] = { "0x1000 0x1fff direct" };
	struct fact value = { .state = FACT_VALUE, .list = lines, .n = 1 };
	const struct fact *got;
	enum link link;

	is_int(f->scopes[SCOPE_DEVICE].n, 1);
	is_int(f->scopes[SCOPE_DEVICE].listed, TRI_TRUE);
	is_int(fact_of(f, device, "driver")->state, FACT_ABSENT);
	ok(fact_of(f, device, "driver")->missing & PCI);
	is_int(fact_of(f, device, "group.direct-regions")->state, FACT_ABSENT);
	fact_overlay(f, device, fact_resolve(SCOPE_DEVICE, "group.direct-regions", &link),
		&value);
	got = fact_of(f, device, "group.direct-regions");
	is_int(got->state, FACT_VALUE);
	is_int(got->type, FACT_LIST);
	is_str(got->n ? got->list[0] : NULL, lines[0]);
	ok(facts_add_subject(f, SCOPE_HOST, "host") == f->scopes[SCOPE_HOST].v[0]);
	facts_free(f);
	snapshot_free(s);
}

TEST(overlay_reaches_what_builds_on_it)
{
	struct snapshot *s = machine_new(PCI | GROUPS);
	struct facts *f;
	const struct subject *device;
	struct fact on = { .state = FACT_VALUE, .b = true };
	struct fact kind = { .state = FACT_VALUE, .text = "VT-d" };
	enum link link;

	machine_pci(s, "0000:01:00.0", 0x020000, -1);
	f = facts_new(s, NULL);
	device = f->scopes[SCOPE_DEVICE].v[0];
	fact_overlay(f, (struct subject *)device,
		fact_resolve(SCOPE_HOST, "iommu.on", &link), &on);
	fact_overlay(f, (struct subject *)device,
		fact_resolve(SCOPE_HOST, "iommu.kind", &link), &kind);
	is_int(fact_of(f, device, "groupless")->state, FACT_VALUE);
	ok(fact_of(f, device, "groupless")->b);
	on.b = false;
	fact_overlay(f, (struct subject *)device,
		fact_resolve(SCOPE_HOST, "iommu.on", &link), &on);
	is_int(fact_of(f, device, "groupless")->state, FACT_VALUE);
	ok(!fact_of(f, device, "groupless")->b);
	on.state = FACT_ABSENT;
	fact_overlay(f, (struct subject *)device,
		fact_resolve(SCOPE_HOST, "iommu.on", &link), &on);
	is_int(fact_of(f, device, "groupless")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_link_that_leads_nowhere)
{
	struct snapshot *s = machine_new(PCI | GROUPS);
	struct facts *f;

	machine_pci(s, "0000:01:00.0", 0x020000, -1);
	machine_pci(s, "0000:02:00.0", 0x020000, -2);
	machine_pci(s, "0000:03:00.0", 0x020000, 7);
	f = facts_new(s, NULL);
	/* Collected and none; not collected; a group */
	is_int(fact_of(f, machine_fn(f, "01:00.0")->device, "group.id")->state,
		FACT_NONE);
	is_int(fact_of(f, machine_fn(f, "02:00.0")->device, "group.id")->state,
		FACT_ABSENT);
	is_int(fact_of(f, machine_fn(f, "03:00.0")->device, "group.id")->i, 7);
	is_str(machine_fn(f, "03:00.0")->group->subject->key, "7");
	facts_free(f);
	snapshot_free(s);
}

TEST(functions_are_described)
{
	struct snapshot *s = machine_new(PCI);
	struct snap_pci *p = machine_bound(s, "0000:02:00.0", 0x030000, -2, "radeon");
	struct facts *f;

	p->device_name = snap_text_of(s, "Curacao XT [Radeon R9 270X]");
	machine_bound(s, "0000:02:00.1", 0x040300, -2, "snd_hda_intel");
	p = machine_pci(s, "10000:04:00.0", 0xff0000, -2);
	p->vendor = snap_hex_of(0x1234);
	p->device = snap_hex_of(0x11e8);
	f = machine_facts(s, "0000:09:00.0", NULL);
	is_str(fn_describe(f, machine_fn(f, "02:00.0")),
		"02:00.0 Radeon R9 270X (radeon)");
	is_str(fn_describe(f, machine_fn(f, "02:00.1")),
		"02:00.1 HDMI audio (snd_hda_intel)");
	is_str(fn_describe(f, machine_fn(f, "10000:04:00.0")), "10000:04:00.0 1234:11e8");
	is_str(fn_describe(f, f->handovers[0]->fn), "09:00.0");
	facts_free(f);
	snapshot_free(s);
}

/* The processor of a laptop: its graphics with its sound, and the mainboard's sound. */
TEST(sound_of_the_mainboard)
{
	struct snapshot *s = machine_new(PCI);
	struct facts *f;

	machine_pci(s, "0000:07:00.0", 0x030000, 1)->vendor = snap_hex_of(0x1002);
	machine_pci(s, "0000:07:00.1", 0x040300, 2)->vendor = snap_hex_of(0x1002);
	machine_pci(s, "0000:07:00.6", 0x040300, 3)->vendor = snap_hex_of(0x1022);
	f = machine_facts(s, "0000:07:00.0", NULL);
	is_str(machine_fn(f, "07:00.1")->what, "HDMI audio");
	is_str(machine_fn(f, "07:00.6")->what, "HD audio");
	facts_free(f);
	snapshot_free(s);
}

TEST(facts_page_lists_every_fact)
{
	char *page = NULL;
	size_t n = 0, rows = 0;
	FILE *out = open_memstream(&page, &n);

	facts_describe(out);
	fclose(out);
	for (const char *p = page; (p = strstr(p, "\n| `")); p++)
		rows++;
	is_int(rows, fact_table_length);
	ok(strstr(page, "## Scope `ivrs-word`") != NULL);
	free(page);
}
