// SPDX-License-Identifier: GPL-2.0-or-later
// Are interrupts remapped, and if not, does VFIO go on without.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/modprobe.h"

/*
 * With remapping on, every I/O APIC and MSI chip is an IR- one (ir_print_prefix(), later
 * the chips of the remapping domains). HYPERV-IR is something else and does not begin so.
 */
static const char *remapped_chip(const struct facts *f)
{
	for (size_t i = 0; i < f->snap->irqs.n; i++) {
		const char *chip = snap_str(f->snap->irqs.v[i].chip);
		if (chip && text_starts(chip, "IR-"))
			return chip;
	}
	return NULL;
}

/* A chip that would be an IR- one. None of these (Xen, a sandbox): the list says nothing.
 */
static const char *plain_chip(const struct facts *f)
{
	static const char *const names[] = { "IO-APIC", "PCI-MSI", "XT-PIC" };

	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		for (size_t i = 0; i < f->snap->irqs.n; i++) {
			const char *chip = snap_str(f->snap->irqs.v[i].chip);
			if (chip && text_starts(chip, names[n]))
				return chip;
		}
	}
	return NULL;
}

/* drivers/iommu/intel/irq_remapping.c and amd/init.c, all ages */
static const char *const log_remapped[] = { "Enabled IRQ remapping in {mode:word} mode",
	"Enabled {mode:word} interrupt remapping", "Interrupt remapping enabled",
	"IRQ remapping enabled in", "Enabled Interrupt-remapping", NULL };
static const char *const log_not_remapped[] = { "AMD-Vi: Disabling interrupt remapping",
	"interrupt remapping will be disabled", "Not enabling interrupt remapping",
	"No interrupt remapping", "Failed to enable irq remapping",
	"Failed to enable Interrupt-remapping", NULL };

static bool chips_listed(const struct facts *f)
{
	return f->snap->irqs.have == HAVE_VALUE &&
		snapshot_status(f->snap, SOURCE_IRQ_CHIPS) != STATUS_TRUNCATED;
}

void derive_irq_remapped(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *chip = remapped_chip(f);
	const struct klog_match *yes, *no;
	(void)s;

	if (chip) {
		fact_set_bool(out, true);
		fact_seen(f, out, "interrupt chips", chip);
		return;
	}
	chip = plain_chip(f);
	if (chip && chips_listed(f)) {
		fact_set_bool(out, false);
		fact_seen(f, out, "interrupt chips",
			arena_printf(f->arena, "%s, none that begins with IR-", chip));
		return;
	}
	yes = klog_first(f, log_remapped);
	no = klog_first(f, log_not_remapped);
	if (yes && !no) {
		fact_set_bool(out, true);
		klog_seen(f, out, yes);
	} else if (no && !yes) {
		fact_set_bool(out, false);
		klog_seen(f, out, no);
	} else if (!yes && klog_says(f, log_remapped) == TRI_FALSE) {
		fact_set_bool(out, false);
		fact_seen(f, out, "kernel log",
			"no line says that interrupts are remapped");
	} else {
		fact_missing(out, SOURCE_IRQ_CHIPS);
	}
}

void derive_irq_proof(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *remapped = host_fact(f, "irq.remapped");
	const char *chip = remapped_chip(f);
	const struct klog_match *m = klog_first(f, log_remapped);
	(void)s;

	if (remapped->state != FACT_VALUE) {
		fact_missing(out, SOURCE_IRQ_CHIPS);
	} else if (!remapped->b) {
		fact_set_none(out);
	} else if (chip) {
		fact_set_text(out, chip);
		fact_seen(f, out, "interrupt chips", chip);
	} else if (m) {
		fact_set_text(out, m->line->text);
		klog_seen(f, out, m);
	} else {
		fact_missing(out, SOURCE_IRQ_CHIPS);
	}
}

#define UNSAFE "allow_unsafe_interrupts"

/* The value of the parameter in the options of a modprobe.d line, NULL if it has none. */
static const char *option_value(struct facts *f, const char *rest)
{
	const char *value = NULL;
	size_t n;
	const struct cmdline_word *words = cmdline_split(f->arena, rest, &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i].name, UNSAFE) == 0)
			value = words[i].value ? words[i].value : "Y";
	}
	return value;
}

/* What modprobe would pass: the last assignment, the command line behind the files. */
static void unsafe_from_options(struct facts *f, struct fact *out)
{
	const struct cmdline_word *w = cmdline_last(f, "vfio_iommu_type1." UNSAFE);
	const struct modprobe_line *last = NULL;
	size_t n = 0;
	const struct modprobe_line *lines =
		modprobe_known(f) ? modprobe_lines(f, &n) : NULL;

	if (w) {
		fact_set_text(out, kernel_bool_is_true(w->value) ? w->text : NULL);
		cmdline_seen(f, out, w);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_OPTIONS &&
			text_equal(lines[i].module, "vfio_iommu_type1") &&
			option_value(f, lines[i].rest))
			last = &lines[i];
	}
	if (last && kernel_bool_is_true(option_value(f, last->rest))) {
		fact_set_text(
			out, arena_printf(f->arena, "%s: %s", last->where, last->text));
		fact_seen(f, out, last->where, last->text);
	} else if (modprobe_known(f) && cmdline_known(f) && !cmdline_open(f)) {
		fact_set_none(out);
	} else {
		fact_missing(out, modprobe_known(f) ? SOURCE_KERNEL : SOURCE_MODPROBE);
	}
}

/* drivers/vfio/vfio_iommu_type1.c, vfio_iommu_type1_attach_group(): neither remapped nor
 * allowed when the line was printed. Somebody who posts it has changed nothing since; on a
 * host the parameter itself tells what holds now. */
static const struct klog_match *refusal_posted(struct facts *f)
{
	static const char *const refusal[] = { "No interrupt remapping", NULL };

	return text_equal(f->snap->origin.kind, "pasted") ? klog_first(f, refusal) : NULL;
}

void derive_irq_unsafe_allowed(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_parameter *p = kernel_parameter(f, "vfio_iommu_type1", UNSAFE);
	const struct klog_match *refusal;
	(void)s;

	if (p && p->value.have == HAVE_VALUE) {
		fact_seen(f, out, "/sys/module/vfio_iommu_type1/parameters/" UNSAFE,
			p->value.s);
		fact_set_none(out);
		if (kernel_bool_is_true(p->value.s))
			fact_set_text(out,
				arena_printf(f->arena,
					"/sys/module/vfio_iommu_type1/parameters/" UNSAFE
					": %s",
					p->value.s));
	} else if (!p && kernel_module_loaded(f, "vfio_iommu_type1") == TRI_FALSE) {
		unsafe_from_options(f, out);
	} else if ((refusal = refusal_posted(f))) {
		fact_set_none(out);
		klog_seen(f, out, refusal);
	} else {
		fact_missing(out, SOURCE_MODULES);
	}
}

/* early parameters of drivers/iommu/irq_remapping.c; without an I/O APIC there is nothing
 * to remap (arch/x86/kernel/apic/apic.c, enable_IR_x2apic()) */
void derive_irq_off_word(struct facts *f, const struct subject *s, struct fact *out)
{
	static const char *const bare[] = { "noapic", "nolapic", "disableapic", NULL };
	const struct cmdline_word *off = NULL, *none = NULL;
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);
	(void)s;

	for (size_t i = 0; i < n; i++) {
		const char *name = words[i].name, *value = words[i].value;
		if (strcmp(name, "nointremap") == 0)
			off = &words[i];
		for (size_t j = 0; bare[j]; j++)
			none = strcmp(name, bare[j]) == 0 ? &words[i] : none;
		if (strcmp(name, "acpi") == 0 && text_equal(value, "noirq"))
			none = &words[i];
		while (strcmp(name, "intremap") == 0 && value && *value) {
			if (text_starts(value, "off"))
				off = &words[i];
			else if (text_starts(value, "on"))
				off = NULL;
			value += strcspn(value, ",");
			value += *value == ',';
		}
	}
	if (!off)
		off = none;
	if (off) {
		fact_set_text(out, off->text);
		cmdline_seen(f, out, off);
	} else if (cmdline_known(f) && !cmdline_open(f)) {
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_KERNEL);
	}
}
