// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that firmware wants mapped: as the kernel lists it, else from the tables.
#include "dmar_table.h"
#include "facts/dmar.h"
#include "machine.h"
#include "tap.h"

#define SOURCES (1u << SOURCE_PCI | 1u << SOURCE_IOMMU_GROUPS | 1u << SOURCE_KERNEL)
#define REGION  "0x000000005fff0000 0x000000005fff0fff direct"

/* A root port with a function of CLASS behind it, in groups 7 and 14. */
static struct snapshot *machine(uint32_t class_code, const char *kernel)
{
	struct snapshot *s = machine_new(SOURCES);
	struct snap_group *g;

	machine_pci(s, "0000:00:1c.0", 0x060400, 7);
	machine_pci(s, "0000:03:00.0", class_code, 14)->parent =
		snap_text_of(s, "0000:00:1c.0");
	g = snap_list_add(s, &s->groups);
	g->id = 7;
	snap_texts_add(s, &g->devices, "0000:00:1c.0");
	g = snap_list_add(s, &s->groups);
	g->id = 14;
	snap_texts_add(s, &g->devices, "0000:03:00.0");
	s->kernel.release = snap_text_of(s, kernel);
	s->kernel.cmdline = snap_text_of(s, "quiet intel_iommu=on");
	return s;
}

/* A table whose RMRR names the function, or by TYPE the port above. */
static void rmrr(struct table *t, uint8_t type)
{
	size_t at;

	dmar_start(t, 1);
	dmar_end(t, dmar_drhd(t, 1, 0, 0xfed90000));
	at = dmar_rmrr(t, 0, 0x5fff0000, 0x5fff0fff);
	dmar_scope(t, type, 0, 0, type == DMAR_BRIDGE ? 1 : 2,
		(const uint8_t[]){ 0x1c, 0, 0, 0 });
	dmar_end(t, at);
	table_seal(t);
}

/* The fact of group 14, which is FACT_ABSENT, or how many regions it has. */
static int regions(struct snapshot *s, const char *kind)
{
	struct facts *f = facts_new(s, NULL);
	const struct fact *fact;
	int n;

	if (kind)
		machine_overlay(f, "iommu.kind", kind);
	fact = fact_of(f, f->scopes[SCOPE_GROUP].v[1], "direct-regions");
	n = fact->state == FACT_ABSENT ? -1 : (int)fact->n;
	if (n > 0)
		is_str(fact->list[0], REGION);
	ok(n != 0 || !fact->open);
	facts_free(f);
	return n;
}

static int with_table(
	uint8_t type, uint32_t class_code, const char *kernel, const char *kind)
{
	struct snapshot *s = machine(class_code, kernel);
	struct table t;
	int n;

	rmrr(&t, type);
	table_add(s, "DMAR", &t);
	n = regions(s, kind);
	snapshot_free(s);
	return n;
}

TEST(rmrr_binds_what_it_names)
{
	is_int(with_table(DMAR_ENDPOINT, 0x020000, "6.12.0", "VT-d"), 1);
	is_int(with_table(DMAR_ENDPOINT, 0x020000, "6.1.0", "VT-d"), 1);
	is_int(with_table(DMAR_ENDPOINT, 0x020000, "4.19.0", "VT-d"), 1);
	/* Graphics and USB are let off */
	is_int(with_table(DMAR_ENDPOINT, 0x030000, "6.12.0", "VT-d"), 0);
	is_int(with_table(DMAR_ENDPOINT, 0x0c0330, "6.1.0", "VT-d"), 0);
	/* What is below a bridge only since 5.3 */
	is_int(with_table(DMAR_BRIDGE, 0x020000, "6.12.0", "VT-d"), 1);
	is_int(with_table(DMAR_BRIDGE, 0x020000, "4.19.0", "VT-d"), -1);
	/* Another IOMMU than the table's */
	is_int(with_table(DMAR_ENDPOINT, 0x020000, "6.12.0", "virtio-iommu"), 0);
	is_int(with_table(DMAR_ENDPOINT, 0x020000, "6.12.0", "other"), -1);
}

TEST(patched_kernels_let_all_off)
{
	struct snapshot *s = machine(0x020000, "6.8.12-4-pve");
	struct table t;

	rmrr(&t, DMAR_ENDPOINT);
	table_add(s, "DMAR", &t);
	s->kernel.cmdline = snap_text_of(s, "intel_iommu=on,relax_rmrr");
	is_int(regions(s, "VT-d"), -1);
	s->kernel.cmdline = (struct snap_text){ 0 };
	is_int(regions(s, "VT-d"), -1);
	snapshot_free(s);
}

TEST(parts_of_a_table_prove_little)
{
	struct table t;

	rmrr(&t, DMAR_ENDPOINT);
	for (size_t n = 0; n < t.n; n++) {
		struct snapshot *s = machine(0x020000, "6.12.0");
		struct table cut = t;

		cut.n = n;
		table_add(s, "DMAR", &cut);
		is_int(regions(s, "VT-d"), -1);
		snapshot_free(s);
	}
}

TEST(the_kernel_has_the_last_word)
{
	struct snapshot *s = machine(0x020000, "6.12.0");
	struct table t;

	rmrr(&t, DMAR_ENDPOINT);
	table_add(s, "DMAR", &t);
	snap_texts_add(
		s, &s->groups.v[1].reserved, "0x00000000fee00000 0x00000000feefffff msi");
	is_int(regions(s, "VT-d"), 0);
	snapshot_free(s);
}

TEST(the_log_helps_where_no_table_is)
{
	struct snapshot *s = machine(0x020000, "6.12.0");
	struct facts *f;
	const struct fact *fact;

	is_int(regions(s, "VT-d"), -1);
	machine_log(s,
		"vfio-pci 0000:03:00.0: Firmware has requested this device have a 1:1 "
		"IOMMU mapping, rejecting configuring the device without a 1:1 mapping.");
	f = facts_new(s, NULL);
	machine_overlay(f, "iommu.kind", "VT-d");
	fact = fact_of(f, f->scopes[SCOPE_GROUP].v[1], "direct-regions");
	is_int(fact->n, 1);
	is_str(fact->list[0], "direct, of 03:00.0");
	facts_free(f);
	snapshot_free(s);
}

/* An IVRS with one IVHD and an IVMD of TYPE and FLAGS for 0300. */
static void ivmd(struct table *t, uint8_t type, uint8_t flags, uint16_t device)
{
	size_t at;

	table_start(t, "IVRS", 48);
	at = table_ivhd(t, 0x10);
	TABLE_PUT(t, 1, 0, 0, 0); /* all functions */
	table_ivhd_end(t, at);
	TABLE_PUT(t, type, flags, 32, 0, (uint8_t)device, (uint8_t)(device >> 8), 0, 0);
	dmar_put64(t, 0);
	dmar_put64(t, 0x5fff0000);
	dmar_put64(t, 0x1000);
	table_seal(t);
}

static int with_ivmd(uint8_t type, uint8_t flags, uint16_t device, const char *kernel)
{
	struct snapshot *s = machine(0x030000, kernel);
	struct table t;
	int n;

	ivmd(&t, type, flags, device);
	table_add(s, "IVRS", &t);
	n = regions(s, "AMD-Vi");
	snapshot_free(s);
	return n;
}

TEST(ivmd_binds_since_6_6)
{
	is_int(with_ivmd(0x21, 1, 0x0300, "6.12.0"), 1);
	is_int(with_ivmd(0x20, 1, 0, "6.12.0"), 1);
	is_int(with_ivmd(0x21, 8, 0x0300, "6.12.0"), 1); /* an exclusion range */
	is_int(with_ivmd(0x21, 0, 0x0300, "6.12.0"), 0);
	is_int(with_ivmd(0x21, 1, 0x0400, "6.12.0"), 0);
	is_int(with_ivmd(0x21, 1, 0x0300, "6.1.0"), 0);
}
