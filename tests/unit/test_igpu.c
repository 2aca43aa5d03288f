// SPDX-License-Identifier: GPL-2.0-or-later
// Integrated graphics and laptops: what firmware must supply, generations, outputs.
#include "machine.h"
#include "tap.h"

#define SOURCES                                                                          \
	(1u << SOURCE_PCI | 1u << SOURCE_KERNEL | 1u << SOURCE_DISPLAYS |                \
		1u << SOURCE_DMI)

static struct snap_pci *add(struct snapshot *s, const char *address, uint32_t class_code,
	uint16_t vendor, uint16_t device)
{
	struct snap_pci *p = machine_pci(s, address, class_code, -1);

	p->vendor = snap_hex_of(vendor);
	p->device = snap_hex_of(device);
	return p;
}

/* A machine with Intel graphics; ASLS the address of its OpRegion. */
static struct snapshot *intel(uint32_t asls, uint16_t device)
{
	struct snapshot *s = machine_new(SOURCES);
	uint8_t c[256] = { 0x86, 0x80 };
	struct snap_pci *p;

	for (int i = 0; i < 4; i++)
		c[0xfc + i] = (uint8_t)(asls >> 8 * i);
	add(s, "0000:00:00.0", 0x060000, 0x8086, 0x3e0f);
	p = add(s, "0000:00:02.0", 0x030000, 0x8086, device);
	p->config = snap_bytes_of(s, c, sizeof c);
	add(s, "0000:00:1f.0", 0x060100, 0x8086, 0xa305);
	return s;
}

static const struct fact *device(struct facts *f, const char *address, const char *name)
{
	return fact_of(f, machine_fn(f, address)->device, name);
}

static const struct fact *host(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

TEST(opregion)
{
	struct snapshot *s = intel(0x8a5f3018, 0x3e92);
	struct facts *f = machine_facts(s, "0000:00:02.0", NULL);

	ok(device(f, "00:02.0", "igd")->b);
	ok(!device(f, "00:1f.0", "igd")->b);
	is_int(device(f, "00:02.0", "igd.lacks")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
	s = intel(0, 0x3e92);
	f = machine_facts(s, "0000:00:02.0", NULL);
	is_int(device(f, "00:02.0", "igd.lacks")->state, FACT_VALUE);
	facts_free(f);
	s->pci.v[1].config.n = 64; /* as an ordinary user sees it */
	f = machine_facts(s, "0000:00:02.0", NULL);
	is_int(device(f, "00:02.0", "igd.lacks")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(bridges)
{
	struct snapshot *s = intel(0x8a5f3018, 0x3e92);
	struct facts *f;

	s->pci.v[2].vendor = snap_hex_of(0x1b36);
	f = machine_facts(s, "0000:00:02.0", NULL);
	is_str(device(f, "00:02.0", "igd.lacks")->text,
		"Intel's bridges at 00:00.0 and 00:1f.0");
	facts_free(f);
	snapshot_free(s);
}

TEST(generations)
{
	static const struct {
		uint16_t device;
		int generation; /* 0: unknown */
		bool gvt;
	} chips[] = {
		{ 0x0102, 6, false },
		{ 0x0412, 7, false },
		{ 0x1626, 8, true },
		{ 0x5917, 9, true },
		{ 0x9bc5, 9, true },
		{ 0x3184, 9, false },
		{ 0x8a52, 11, false },
		{ 0x4680, 12, false },
		{ 0xa780, 12, false },
		{ 0xf00d, 0, false },
	};

	for (size_t i = 0; i < sizeof chips / sizeof chips[0]; i++) {
		struct snapshot *s = intel(1, chips[i].device);
		struct facts *f = machine_facts(s, "0000:00:02.0", NULL);
		const struct fact *generation = host(f, "igd.generation");

		is_int(generation->state == FACT_VALUE ? generation->i : 0,
			chips[i].generation);
		is_int(host(f, "igd.gvt")->b, chips[i].gvt);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(no_integrated_graphics)
{
	struct snapshot *s = machine_new(SOURCES);
	struct facts *f;

	add(s, "0000:00:02.0", 0x060400, 0x1022, 0x1483);
	add(s, "0000:03:00.0", 0x030000, 0x8086, 0x56a0);
	f = machine_facts(s, "0000:03:00.0", NULL);
	is_int(host(f, "igd.generation")->state, FACT_NONE);
	ok(host(f, "igd.gvt")->state == FACT_VALUE && !host(f, "igd.gvt")->b);
	ok(!device(f, "03:00.0", "igd")->b);
	is_int(device(f, "03:00.0", "igd.lacks")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

static void off_word_is(const char *cmdline, const char *want)
{
	struct snapshot *s = machine_new(SOURCES);
	struct facts *f;

	s->kernel.cmdline = snap_text_of(s, cmdline);
	f = machine_facts(s, NULL, NULL);
	is_str(host(f, "igd.off-word")->text, want);
	facts_free(f);
	snapshot_free(s);
}

TEST(igfx_off)
{
	off_word_is("quiet intel_iommu=on,igfx_off", "intel_iommu=on,igfx_off");
	off_word_is("intel_iommu=on,sm_on,igfx_off,strict",
		"intel_iommu=on,sm_on,igfx_off,strict");
	off_word_is("intel-iommu=igfx_off", "intel-iommu=igfx_off");
	off_word_is("intel_iommu=on", NULL);
	off_word_is("igfx_off", NULL);
}

static void add_card(struct snapshot *s, const char *address, const char *connector,
	const char *status)
{
	struct snap_card *card = snap_list_add(s, &s->cards);

	card->name = "card0";
	card->device = snap_text_of(s, address);
	card->connectors.have = HAVE_VALUE;
	if (connector) {
		struct snap_connector *c = snap_list_add(s, &card->connectors);

		c->name = connector;
		c->status = snap_text_of(s, status);
	}
}

TEST(outputs)
{
	struct snapshot *s = machine_new(SOURCES);
	struct facts *f;

	add(s, "0000:01:00.0", 0x030200, 0x10de, 0x1d10);
	add(s, "0000:02:00.0", 0x030000, 0x10de, 0x249d)->driver =
		snap_text_of(s, "nouveau");
	add(s, "0000:03:00.0", 0x038000, 0x1002, 0x6900)->driver =
		snap_text_of(s, "amdgpu");
	add(s, "0000:04:00.0", 0x030000, 0x10de, 0x249d)->driver =
		snap_text_of(s, "nvidia");
	add(s, "0000:05:00.0", 0x030000, 0x10de, 0x249d);
	add_card(s, "0000:02:00.0", "card0-HDMI-A-1", "disconnected");
	add_card(s, "0000:03:00.0", NULL, NULL);
	add_card(s, "0000:04:00.0", NULL, NULL);
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_str(device(f, "01:00.0", "display.kind")->text, "3d");
	is_str(device(f, "02:00.0", "display.kind")->text, "vga");
	is_str(device(f, "03:00.0", "display.kind")->text, "other");
	ok(device(f, "01:00.0", "outputs")->state == FACT_VALUE);
	ok(!device(f, "01:00.0", "outputs")->b);
	ok(device(f, "02:00.0", "outputs")->b);
	ok(device(f, "03:00.0", "outputs")->state == FACT_VALUE);
	ok(!device(f, "03:00.0", "outputs")->b);
	is_int(device(f, "04:00.0", "outputs")->state, FACT_ABSENT);
	is_int(device(f, "05:00.0", "outputs")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(laptops)
{
	static const struct {
		int type;
		enum tri laptop;
	} types[] = { { 2, TRI_UNKNOWN }, { 3, TRI_FALSE }, { 10, TRI_TRUE },
		{ 23, TRI_FALSE }, { 31, TRI_TRUE } };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct snapshot *s = machine_new(SOURCES);
		struct facts *f;

		s->host.dmi.chassis_type = snap_int_of(types[i].type);
		f = machine_facts(s, NULL, NULL);
		is_int(host(f, "host.laptop")->state == FACT_ABSENT
				? TRI_UNKNOWN
				: tri_of(host(f, "host.laptop")->b),
			types[i].laptop);
		facts_free(f);
		snapshot_free(s);
	}
}
