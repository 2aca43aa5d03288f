// SPDX-License-Identifier: GPL-2.0-or-later
// A judgement made by hand, for tests of the reports: the wiki page's machine, one card
// for a guest, interrupts not remapped, the card's audio function left behind.
#ifndef TESTS_UNIT_SAMPLE_JUDGEMENT_H
#define TESTS_UNIT_SAMPLE_JUDGEMENT_H

#include <string.h>

#include "base/text.h"
#include "rules/rules.h"

struct sample {
	struct snapshot *snap;
	struct facts *facts;
	struct judgement j;
	struct rule rules[6];
	struct finding findings[8];
	struct device_judgement devices[8];
	struct fn *set[2];
	const struct finding *causes[2];
};

enum {
	SAMPLE_CAUSE,
	SAMPLE_REFUSED,
	SAMPLE_WARNING,
	SAMPLE_NOTE,
	SAMPLE_OPEN,
	SAMPLE_FINE
};

static inline void sample_pci(struct snapshot *s, const char *address,
	uint64_t class_code, uint64_t vendor, uint64_t device, const char *name,
	const char *driver, int64_t group)
{
	struct snap_pci *p = snap_list_add(s, &s->pci);

	p->address = address;
	p->class_code = (struct snap_hex){ HAVE_VALUE, class_code };
	p->vendor = (struct snap_hex){ HAVE_VALUE, vendor };
	p->device = (struct snap_hex){ HAVE_VALUE, device };
	p->vendor_name = snap_text_of(s, "Maker");
	p->device_name = snap_text_of(s, name);
	p->driver = snap_text_of(s, driver);
	p->iommu_group = snap_int_of(group);
	p->parent = snap_text_none();
	p->driver_override = snap_text_none();
	p->physfn = snap_text_none();
	p->boot_vga = class_code >> 8 == 0x0300 ? snap_bool_of(device == 0x05e2)
						: (struct snap_bool){ HAVE_NONE, false };
}

static inline struct snapshot *sample_snapshot(void)
{
	struct snapshot *s = snapshot_new();
	static const struct snap_cpuid leaves[] = {
		{ 0x80000002, 0, 0x20444d41, 0x74285846, 0x382d296d, 0x20303533 },
		{ 0x80000003, 0, 0x68676945, 0x6f432d74, 0x50206572, 0x65636f72 },
		{ 0x80000004, 0, 0x726f7373, 0x20202020, 0x20202020, 0x00202020 },
	};

	s->origin.kind = "live";
	s->origin.tool = "0.1.0";
	for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
		*snap_list_add(s, &s->cpu.leaves) = leaves[i];
	s->host.dmi.board_name = snap_text_of(s, "990FX Extreme4");
	s->kernel.release = snap_text_of(s, "4.4.0-21-generic");
	sample_pci(s, "0000:00:14.2", 0x040300, 0x1002, 0x4383, "SBx00 Azalia",
		"snd_hda_intel", 3);
	sample_pci(s, "0000:01:00.0", 0x030000, 0x10de, 0x05e2, "GT200 [GeForce GTX 260]",
		"nouveau", 12);
	sample_pci(s, "0000:02:00.0", 0x030000, 0x1002, 0x6810,
		"Curacao XT [Radeon R9 270X]", "radeon", 13);
	sample_pci(s, "0000:02:00.1", 0x040300, 0x1002, 0xaab0,
		"Cape Verde HDMI Audio [Radeon HD 7700/7800 Series]", "snd_hda_intel",
		13);
	snapshot_set_status(s, SOURCE_PCI, STATUS_OK, NULL);
	snapshot_set_status(s, SOURCE_CONFIG_SPACE, STATUS_DENIED, "needs root");
	return s;
}

static inline void sample_overlay(struct facts *f, const char *name, const char *value)
{
	enum link link;
	struct fact fact = { .state = FACT_VALUE, .type = FACT_TEXT, .text = value };

	fact_overlay(f, f->scopes[SCOPE_HOST].v[0], fact_resolve(SCOPE_HOST, name, &link),
		&fact);
}

static inline void sample_rules(struct sample *s)
{
	static const struct {
		const char *id, *title;
		enum severity severity;
	} rules[] = {
		[SAMPLE_CAUSE] = { "ivrs.ioapic-missing",
			"The firmware's IVRS table omits an I/O APIC", SEVERITY_CAUSE },
		[SAMPLE_REFUSED] = { "irq.remapping", "Interrupts are not remapped",
			SEVERITY_REFUSED },
		[SAMPLE_WARNING] = { "driver.companion-left",
			"A companion function is left behind", SEVERITY_WARNING },
		[SAMPLE_NOTE] = { "vfio.ids-subsystem",
			"A subsystem ID is listed as a device", SEVERITY_NOTE },
		[SAMPLE_OPEN] = { "device.reset", "The device cannot be reset",
			SEVERITY_WARNING },
		[SAMPLE_FINE] = { "cpu.virtualisation-off", "Virtualisation is off",
			SEVERITY_BLOCKER },
	};
	static const char *references[] = { "https://www.kernel.org/doc/" };

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		s->rules[i] = (struct rule){
			.id = rules[i].id,
			.title = rules[i].title,
			.severity = rules[i].severity,
			.references = references,
			.n_references = 1,
			.file = "",
			.source = "",
		};
}

static inline struct choice *sample_choice(
	struct arena *a, enum remedy_kind kind, const char *text)
{
	struct choice *c = arena_new_object(a, struct choice);

	c->steps = arena_new_object(a, struct step);
	c->n = 1;
	c->steps->kind = kind;
	c->steps->texts = arena_new_object(a, const char *);
	c->steps->texts[0] = text;
	c->steps->n = 1;
	return c;
}

static inline struct finding *sample_finding(struct sample *s, size_t rule,
	const struct subject *on, enum verdict verdict, enum severity severity,
	const char *message)
{
	struct finding *f = &s->findings[s->j.n++];

	*f = (struct finding){
		.rule = &s->rules[rule],
		.subject = on,
		.verdict = verdict,
		.severity = severity,
		.message = message,
		.bears = true,
	};
	return f;
}

static inline void sample_saw(
	struct arena *a, struct finding *f, const char *source, const char *text)
{
	struct origin *o = arena_new_object(a, struct origin);

	o->source = source;
	o->text = text;
	o->next = (struct origin *)f->evidence;
	f->evidence = o;
}

static inline void sample_findings(struct sample *s, struct arena *a)
{
	const struct subject *host = s->facts->scopes[SCOPE_HOST].v[0];
	const struct subject *card = s->facts->fns[2].device;
	struct finding *cause =
		sample_finding(s, SAMPLE_CAUSE, host, VERDICT_FAIL, SEVERITY_REFUSED,
			"firmware's IVRS table has no entry for I/O APIC 9, 10");
	struct choice *choices = arena_alloc(a, 2 * sizeof *choices);

	choices[0] = *sample_choice(a, REMEDY_FIRMWARE, "update it");
	choices[1] = *sample_choice(
		a, REMEDY_CMDLINE, "+ivrs_ioapic[9]=00:14.0 +ivrs_ioapic[10]=00:00.1");
	cause->choices = choices;
	cause->n_choices = 2;
	sample_saw(a, cause, "kernel log",
		"[    0.251399] AMD-Vi: [Firmware Bug]: : IOAPIC[9] not in IVRS table");
	struct finding *refused =
		sample_finding(s, SAMPLE_REFUSED, host, VERDICT_FAIL, SEVERITY_REFUSED,
			"interrupts are not remapped, so VFIO refuses every device");
	const struct finding **follows = arena_alloc(a, sizeof *follows);
	follows[0] = cause;
	refused->follows = follows;
	refused->n_follows = 1;
	refused->choices = sample_choice(
		a, REMEDY_MODPROBE, "options vfio_iommu_type1 allow_unsafe_interrupts=1");
	refused->n_choices = 1;
	struct finding *left = sample_finding(s, SAMPLE_WARNING, card, VERDICT_FAIL,
		SEVERITY_WARNING, "02:00.1 must go along with 02:00.0");
	left->choices =
		sample_choice(a, REMEDY_MODPROBE, "softdep snd_hda_intel pre: vfio-pci");
	left->n_choices = 1;
	sample_finding(s, SAMPLE_NOTE, host, VERDICT_FAIL, SEVERITY_NOTE,
		"/etc/modprobe.d/vfio.conf:1: 1043:aab0 is the subsystem ID of 02:00.1");
	struct finding *open = sample_finding(s, SAMPLE_OPEN, card, VERDICT_UNKNOWN,
		SEVERITY_WARNING, "02:00.0 cannot be reset");
	open->missing = 1u << SOURCE_CONFIG_SPACE;
	sample_finding(s, SAMPLE_FINE, host, VERDICT_PASS, SEVERITY_BLOCKER, "AMD-V");
	s->causes[0] = cause;
	s->causes[1] = refused;
}

static inline void sample_devices(struct sample *s)
{
	s->set[0] = &s->facts->fns[2];
	s->set[1] = &s->facts->fns[3];
	for (size_t i = 0; i < s->facts->n_fns && i < 8; i++) {
		struct device_judgement *d = &s->devices[i];
		bool card = i == 2 || i == 3;
		*d = (struct device_judgement){
			.fn = &s->facts->fns[i],
			.vfio = VFIO_REFUSES,
			.verdict = i == 2 ? DEVICE_BLOCKED : DEVICE_NONE,
			.set = card ? s->set : (struct fn **)NULL,
			.n_set = card ? 2 : 0,
			.causes = s->causes,
			.n_causes = 2,
		};
	}
	s->j.devices = s->devices;
	s->j.n_devices = s->facts->n_fns;
}

/* Free with sample_free(). */
static inline void sample_make(struct sample *s)
{
	static const char *const guests[] = { "0000:02:00.0" };

	memset(s, 0, sizeof *s);
	s->snap = sample_snapshot();
	s->facts = facts_new(s->snap, &(struct facts_request){ guests, 1 });
	sample_overlay(s->facts, "boot.loader", "grub");
	sample_overlay(s->facts, "boot.config", "/etc/default/grub");
	sample_overlay(s->facts, "boot.regenerate", "update-grub");
	sample_overlay(s->facts, "initramfs.kind", "initramfs-tools");
	sample_rules(s);
	s->j.facts = s->facts;
	s->j.arena = s->facts->arena;
	s->j.findings = s->findings;
	sample_findings(s, s->facts->arena);
	sample_devices(s);
	for (size_t i = 0; i < N_PREREQS; i++)
		s->j.prerequisites[i] = (struct prerequisite_row){ (enum prerequisite)i,
			ROW_PASS, NULL, "fine" };
	s->j.prerequisites[PREREQ_INTERRUPT_REMAPPING] =
		(struct prerequisite_row){ PREREQ_INTERRUPT_REMAPPING, ROW_FAIL,
			&s->findings[0], "x" };
	s->j.overall = OVERALL_BLOCKED;
	s->j.summary = (struct summary){ 1, 1, 1, 1, 1, 0 };
}

static inline void sample_free(struct sample *s)
{
	facts_free(s->facts);
	snapshot_free(s->snap);
}

#endif
