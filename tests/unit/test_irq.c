// SPDX-License-Identifier: GPL-2.0-or-later
// Interrupt remapping: chips first, then the log; and the permission to do without.
#include "machine.h"
#include "tap.h"

static const struct fact *host(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

static struct snapshot *chips(const char *a, const char *b)
{
	struct snapshot *s = machine_new(1u << SOURCE_IRQ_CHIPS);

	snap_list_collected(&s->irqs);
	if (a)
		*snap_list_add(s, &s->irqs) =
			(struct snap_irq){ .number = "0", .chip = snap_text_of(s, a) };
	if (b)
		*snap_list_add(s, &s->irqs) =
			(struct snap_irq){ .number = "1", .chip = snap_text_of(s, b) };
	return s;
}

static const struct {
	const char *a, *b;
	int want; /* -1: absent */
} chip_cases[] = {
	{ "IO-APIC", "PCI-MSI", false },
	{ "PCI-MSI-0000:00:00.2", "IR-IO-APIC", true },
	{ "XT-PIC", "IR-PCI-MSI-0000:00:1f.2", true },
	{ "IO-APIC", "HYPERV-IR", false },
	{ "xen-pirq", "xen-dyn-event", -1 },
	{ NULL, NULL, -1 },
};

TEST(chips_decide)
{
	for (size_t i = 0; i < sizeof chip_cases / sizeof chip_cases[0]; i++) {
		struct snapshot *s = chips(chip_cases[i].a, chip_cases[i].b);
		struct facts *f = facts_new(s, NULL);
		const struct fact *fact = host(f, "irq.remapped");

		is_int(fact->state == FACT_VALUE ? fact->b : -1, chip_cases[i].want);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(a_cut_list_proves_nothing_but_good)
{
	struct snapshot *s = chips("IO-APIC", NULL);
	snapshot_set_status(s, SOURCE_IRQ_CHIPS, STATUS_TRUNCATED, NULL);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "irq.remapped")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

static const struct {
	const char *line;
	int want;
} log_cases[] = {
	{ "DMAR-IR: Enabled IRQ remapping in x2apic mode", true },
	{ "Enabled x2apic interrupt remapping", true },
	{ "AMD-Vi: Interrupt remapping enabled", true },
	{ "AMD-Vi: Disabling interrupt remapping", false },
	{ "DMAR-IR: Not enabling interrupt remapping", false },
	{ "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the",
		false },
	{ "x2apic: IRQ remapping doesn't support X2APIC mode", -1 },
	{ "DMAR: IOMMU enabled", -1 },
};

TEST(lines_decide_without_chips)
{
	for (size_t i = 0; i < sizeof log_cases / sizeof log_cases[0]; i++) {
		struct snapshot *s = machine_new(0);
		snap_texts_add(s, &s->log.lines, log_cases[i].line);
		struct facts *f = facts_new(s, NULL);
		const struct fact *fact = host(f, "irq.remapped");

		is_int(fact->state == FACT_VALUE ? fact->b : -1, log_cases[i].want);
		if (log_cases[i].want == true)
			ok(host(f, "irq.proof")->text != NULL);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(a_whole_log_without_a_line_says_no)
{
	struct snapshot *s = machine_new(0);
	machine_log(s, "[    0.0] Linux version 6.1.0");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "irq.remapped")->state, FACT_VALUE);
	is_int(host(f, "irq.remapped")->b, false);
	is_int(host(f, "irq.proof")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

static void parameter(struct snapshot *s, const char *value)
{
	struct snap_parameter *p = snap_list_add(s, &s->parameters);

	p->module = "vfio_iommu_type1";
	p->name = "allow_unsafe_interrupts";
	p->value = snap_text_of(s, value);
}

TEST(loaded_module_tells)
{
	static const char *const values[] = { "Y", "N", "1", "0" };

	for (size_t i = 0; i < 4; i++) {
		struct snapshot *s = machine_new(0);
		parameter(s, values[i]);
		struct facts *f = facts_new(s, NULL);

		is_int(host(f, "irq.unsafe-allowed")->state,
			i % 2 ? FACT_NONE : FACT_VALUE);
		facts_free(f);
		snapshot_free(s);
	}
}

static void configured(struct snapshot *s, const char *path, const char *text)
{
	struct snap_file *file = snap_list_add(s, &s->files);

	file->path = path;
	file->text = snap_text_of(s, text);
	file->link = snap_text_none();
	file->trouble = snap_text_none();
}

TEST(options_tell_while_it_is_not_loaded)
{
	struct snapshot *s = machine_new(1u << SOURCE_MODPROBE | 1u << SOURCE_MODULES);
	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, "quiet");
	snap_list_collected(&s->modules);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "irq.unsafe-allowed")->state, FACT_NONE);
	facts_free(f);
	configured(s, "/etc/modprobe.d/v.conf",
		"options vfio_iommu_type1 allow_unsafe_interrupts=1\n");
	f = facts_new(s, NULL);
	is_int(host(f, "irq.unsafe-allowed")->state, FACT_VALUE);
	facts_free(f);
	s->kernel.cmdline = snap_text_of(s, "vfio_iommu_type1.allow_unsafe_interrupts=0");
	f = facts_new(s, NULL);
	is_int(host(f, "irq.unsafe-allowed")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(nothing_read_is_unknown)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "irq.unsafe-allowed")->state, FACT_ABSENT);
	is_int(host(f, "irq.remapped")->state, FACT_ABSENT);
	is_int(host(f, "irq.proof")->state, FACT_ABSENT);
	is_int(host(f, "irq.off-word")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

static const struct {
	const char *cmdline, *want;
} word_cases[] = {
	{ "intremap=off", "intremap=off" },
	{ "intremap=nosid,off", "intremap=nosid,off" },
	{ "intremap=off intremap=on", NULL },
	{ "intremap=no_x2apic_optout", NULL },
	{ "nointremap", "nointremap" },
	{ "noapic quiet", "noapic" },
	{ "acpi=noirq", "acpi=noirq" },
	{ "intel_iommu=off", NULL },
};

TEST(words_that_switch_it_off)
{
	for (size_t i = 0; i < sizeof word_cases / sizeof word_cases[0]; i++) {
		struct snapshot *s = machine_new(0);
		s->kernel.cmdline = snap_text_of(s, word_cases[i].cmdline);
		struct facts *f = facts_new(s, NULL);

		is_str(host(f, "irq.off-word")->text, word_cases[i].want);
		facts_free(f);
		snapshot_free(s);
	}
}

/* The line says both, of the moment in which it was printed. */
TEST(a_posted_refusal_tells_that_it_is_not_allowed)
{
	struct snapshot *s = machine_new(0);
	struct facts *f;

	machine_log(s,
		"vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the "
		"module param \"allow_unsafe_interrupts\" to enable VFIO IOMMU support on "
		"this platform");
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(host(f, "irq.remapped")->b, false);
	is_int(host(f, "irq.unsafe-allowed")->state, FACT_ABSENT);
	facts_free(f);
	s->origin.kind = "pasted";
	f = facts_new(s, NULL);
	is_int(host(f, "irq.unsafe-allowed")->state, FACT_NONE);
	facts_free(f);
	parameter(s, "Y");
	f = facts_new(s, NULL);
	is_int(host(f, "irq.unsafe-allowed")->state, FACT_VALUE);
	facts_free(f);
	snapshot_free(s);
}
