// SPDX-License-Identifier: GPL-2.0-or-later
// What the reports say of a judgement: numbers, folding, answers, what was not seen.
#include <stdlib.h>

#include "base/json.h"
#include "report/model.h"
#include "report/report.h"
#include "sample_judgement.h"
#include "tap.h"

static struct sample sample;
static struct report_model *model;

static void setup(void)
{
	sample_make(&sample);
	model = model_new(&sample.j);
}

static void teardown(void)
{
	model_free(model);
	sample_free(&sample);
}

/* The report in one format; free() it. */
static char *written(const char *format, size_t width, bool colour)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	report_format_by_name(format)->write(&sample.j,
		&(struct report_options){ .width = width, .colour = colour }, out);
	fclose(out);
	return text;
}

TEST(the_machine_is_named_without_the_noise)
{
	setup();
	is_int(model->n_machine, 4);
	is_str(model->machine[0], "AMD FX-8350");
	is_str(model->machine[1], "990FX Extreme4");
	is_str(model->machine[2], "Linux 4.4.0-21-generic");
	is_str(model->machine[3], "GRUB, initramfs-tools");
	sample.snap->cpu.leaves.n = 0;
	sample.snap->cpu.model_name =
		snap_text_of(sample.snap, "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz");
	is_str(machine_cpu(model->arena, sample.snap), "Intel Core i7-8700K");
	sample.snap->host.dmi.board_name = snap_text_of(sample.snap, "Default string");
	is_str(machine_board(model->arena, sample.snap), NULL);
	teardown();
}

TEST(roots_are_numbered_blockers_first_and_effects_are_folded)
{
	setup();
	is_int(model->n_problems, 2);
	is_int(model->n_blockers, 1);
	is_str(model->summary, "2 to fix, 1 unknown, 1 fine.");
	is_str(model->more, "vfio-doctor explain ivrs.ioapic-missing");
	is_str(model->problems[0].rule->id, "ivrs.ioapic-missing");
	is_int(model->problems[0].n_folded, 1);
	is_str(model->problems[0].folded[0]->rule->id, "irq.remapping");
	is_str(model->problems[1].rule->id, "driver.companion-left");
	is_int(model_number(model, &sample.findings[0]), 1);
	is_int(model_number(model, &sample.findings[1]), 1);
	is_int(model_number(model, &sample.findings[2]), 2);
	is_int(model_number(model, &sample.findings[3]), 0);
	is_str(finding_name(model->arena, &sample.findings[2]),
		"driver.companion-left@0000:02:00.0");
	teardown();
}

TEST(a_warning_in_front_of_a_blocker_still_comes_after_it)
{
	sample_make(&sample);
	/* The cause loses its grip: the warning now stands before the blocker in the
	 * list. */
	sample.findings[0].severity = SEVERITY_WARNING;
	sample.findings[1].n_follows = 0;
	model = model_new(&sample.j);
	is_int(model->n_problems, 3);
	is_int(model->n_blockers, 1);
	is_str(model->problems[0].rule->id, "irq.remapping");
	is_str(model->problems[1].rule->id, "ivrs.ioapic-missing");
	teardown();
}

TEST(one_rule_with_several_subjects_has_one_number)
{
	sample_make(&sample);
	struct finding *second =
		sample_finding(&sample, SAMPLE_WARNING, sample.facts->fns[3].device,
			VERDICT_FAIL, SEVERITY_WARNING, "and another");
	second->choices = sample_choice(
		sample.facts->arena, REMEDY_MODPROBE, "softdep xhci_hcd pre: vfio-pci");
	second->n_choices = 1;
	sample.j.summary.warning = 2;
	model = model_new(&sample.j);
	ok(text_starts(model->summary, "2 to fix, "));
	is_int(model->n_problems, 2);
	is_int(model->problems[1].n, 2);
	/* What both ask for is done together. */
	is_int(model->problems[1].n_choices, 1);
	is_int(model->problems[1].choices[0].n, 4);
	char *text = written("text", 80, false);
	ok(strstr(text, "and another"));
	free(text);
	teardown();
}

TEST(one_problem_with_several_subjects_is_one_to_fix)
{
	sample_make(&sample);
	for (size_t i = 0; i < 4; i++)
		if (i != 2)
			sample.findings[i].verdict = VERDICT_PASS;
	sample_finding(&sample, SAMPLE_WARNING, sample.facts->fns[3].device, VERDICT_FAIL,
		SEVERITY_WARNING, "and another");
	sample.j.summary.blocker = 0;
	sample.j.summary.warning = 2;
	model = model_new(&sample.j);
	ok(text_starts(model->summary, "1 to fix, "));
	teardown();
}

/* Many a host bridge has no group, and nobody would hand one over. */
TEST(a_refused_bridge_is_no_remark)
{
	sample_make(&sample);
	struct finding *f = sample_finding(&sample, SAMPLE_REFUSED,
		sample.facts->fns[0].device, VERDICT_FAIL, SEVERITY_NOTE, "no group");
	f->bears = false;
	model = model_new(&sample.j);
	is_int(model->n_remarks, 2);
	model_free(model);
	sample.facts->fns[0].class_code = 0x060000;
	model = model_new(&sample.j);
	is_int(model->n_remarks, 1);
	teardown();
}

TEST(what_to_bind_is_told_once_for_a_set)
{
	sample_make(&sample);
	for (size_t i = 2; i < 4; i++) {
		sample.devices[i].verdict = DEVICE_ASSIGNABLE;
		sample.facts->fns[i].on_host_driver = TRI_TRUE;
	}
	model = model_new(&sample.j);
	ok(text_starts(model->answers[0].because, "bind to vfio-pci: 02:00.0"));
	is_str(model->answers[1].because, "together with 02:00.0");
	is_str(model->answers[1].along, NULL);
	teardown();
}

TEST(the_remedy_of_an_effect_is_the_last_resort)
{
	setup();
	const struct problem *p = &model->problems[0];
	is_int(p->n_choices, 2);
	is_str(p->choices[0].v[0].text, "firmware: update it");
	ok(strstr(p->choices[1].v[0].text, "/etc/default/grub"));
	model_free(model);
	/* Only firmware could help: then the effect's own remedy is told too. */
	sample.findings[0].n_choices = 1;
	model = model_new(&sample.j);
	p = &model->problems[0];
	is_int(p->n_choices, 2);
	ok(strstr(p->choices[1].v[1].text, "allow_unsafe_interrupts"));
	teardown();
}

TEST(a_part_of_a_better_choice_is_no_choice)
{
	sample_make(&sample);
	struct choice *choices = arena_alloc(sample.facts->arena, 2 * sizeof *choices);
	choices[0] = sample.findings[0].choices[1];
	choices[1] = *sample_choice(sample.facts->arena, REMEDY_CMDLINE,
		"+ivrs_ioapic[9]=00:14.0 +ivrs_ioapic[10]=00:00.1");
	sample.findings[0].choices = choices;
	model = model_new(&sample.j);
	is_int(model->problems[0].n_choices, 1);
	teardown();
}

TEST(a_command_is_told_to_be_run)
{
	setup();
	sample_overlay(sample.facts, "boot.loader", "bls");
	char *text = written("text", 100, false);
	ok(strstr(text,
		"or    run\n                sudo grubby --update-kernel=ALL --args="));
	free(text);
	teardown();
}

TEST(a_blocked_target_is_told_the_effect_and_the_number_of_its_root)
{
	setup();
	is_int(model->n_answers, 2);
	is_str(model->answers[0].slot, "02:00.0");
	is_str(model->answers[0].word, "NO");
	is_str(model->answers[0].because, "interrupts are not remapped (1)");
	ok(strstr(model->answers[0].along, "02:00.1"));
	is_str(model->answers[1].slot, "01:00.0");
	is_str(model->answers[1].word, "--");
	ok(strstr(model->answers[1].because, "the firmware booted on it"));
	is_str(model->heading, NULL);
	teardown();
}

TEST(the_other_answers_have_their_words)
{
	sample_make(&sample);
	sample.devices[2].verdict = DEVICE_ASSIGNABLE;
	model = model_new(&sample.j);
	is_str(model->answers[0].word, "yes, after binding");
	ok(strstr(model->answers[0].because, "02:00.0"));
	ok(strstr(model->answers[0].because, "02:00.1"));
	model_free(model);
	sample.devices[2].verdict = DEVICE_READY;
	model = model_new(&sample.j);
	is_str(model->answers[0].word, "yes");
	model_free(model);
	sample.devices[2].verdict = DEVICE_UNKNOWN;
	model = model_new(&sample.j);
	is_str(model->answers[0].word, "?");
	ok(strstr(model->answers[0].because, "Interrupts are not remapped"));
	teardown();
}

TEST(without_a_target_one_line_says_so)
{
	sample_make(&sample);
	sample.facts->has_targets = false;
	model = model_new(&sample.j);
	is_str(model->heading,
		"no device is set aside for a guest; name one with --guest");
	ok(model->what_if);
	teardown();
}

TEST(the_checklist_points_at_the_number)
{
	setup();
	is_str(model->checks[PREREQ_INTERRUPT_REMAPPING].word, "FAIL");
	is_str(model->checks[PREREQ_INTERRUPT_REMAPPING].message, "see (1)");
	is_str(model->checks[PREREQ_IOMMU].word, "ok");
	is_str(model->checks[PREREQ_IOMMU].message, "fine");
	teardown();
}

TEST(what_was_not_seen_names_source_reason_and_remedy)
{
	setup();
	is_int(model->n_unseen, 1);
	ok(strstr(model->unseen[0].sources, "configuration space"));
	ok(strstr(model->unseen[0].sources, "needs root"));
	ok(strstr(model->unseen[0].remedy, "sudo"));
	is_int(model->unseen[0].n_rules, 1);
	ok(!model->unseen[0].decides);
	model_free(model);
	/* Advice that was followed already is not given again. */
	sample.snap->origin.privileged = snap_bool_of(true);
	model = model_new(&sample.j);
	is_int(model->n_unseen, 1);
	is_str(model->unseen[0].remedy, NULL);
	ok(strstr(model->unseen[0].sources, "needs root"));
	model_free(model);
	/* In a container no privilege helps. */
	sample.snap->host.container = snap_text_of(sample.snap, "docker");
	model = model_new(&sample.j);
	ok(strstr(model->unseen[0].remedy, "outside the container"));
	teardown();
}

TEST(no_line_is_wider_than_asked)
{
	static const size_t widths[] = { 60, 72, 80, 120 };

	setup();
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		char *text = written("text", widths[i], false);
		size_t n, wide = 0;
		char **lines = text_lines(model->arena, text, &n);
		for (size_t k = 0; k < n; k++) {
			wide += text_width(lines[k]) > widths[i];
			ok(!text_ends(lines[k], " "));
		}
		is_int(wide, 0);
		ok(n > 20);
		free(text);
	}
	teardown();
}

/* S without escape sequences, in place. */
static void strip_colour(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\033')
			s += strcspn(s, "m");
		else
			*to++ = *s;
	}
	*to = '\0';
}

TEST(colour_adds_nothing_but_colour)
{
	setup();
	char *plain = written("text", 80, false), *coloured = written("text", 80, true);
	ok(!strchr(plain, '\033'));
	ok(strchr(coloured, '\033'));
	strip_colour(coloured);
	is_str(coloured, plain);
	free(plain);
	free(coloured);
	teardown();
}

TEST(json_tells_unknown_from_none)
{
	struct json_error error;

	sample_make(&sample);
	sample.snap->pci.v[3].driver = snap_text_none();
	sample.snap->pci.v[1].driver = (struct snap_text){ HAVE_NOT, NULL };
	model = model_new(&sample.j);
	char *text = written("json", 80, true);
	json *root = json_parse(text, strlen(text), &error);
	ok(root);
	const json *d = json_first(json_get(root, "devices"));
	is_str(json_text(json_get(d, "driver")), "snd_hda_intel");
	d = json_next(d);
	ok(!json_get(d, "driver"));
	d = json_next(d);
	is_str(json_text(json_get(d, "address")), "0000:02:00.0");
	is_str(json_text(json_get(d, "class")), "0x030000");
	is_str(json_text(json_get(d, "id")), "1002:6810");
	is_int(json_count(json_get(d, "set")), 2);
	is_str(json_text(json_first(json_get(d, "causes"))), "ivrs.ioapic-missing");
	ok(!json_get(d, "subsystem"));
	d = json_next(d);
	is_int(json_type(json_get(d, "driver")), JSON_NULL);
	is_int(json_type(json_get(d, "verdict")), JSON_NULL);
	const json *f = json_next(json_first(json_get(root, "findings")));
	is_str(json_text(json_first(json_get(f, "follows"))), "ivrs.ioapic-missing@host");
	is_str(json_text(json_get(f, "severity")), "blocker");
	json_free(root);
	free(text);
	teardown();
}

TEST(a_named_guest_that_is_not_there_is_no_crash)
{
	static const char *const guests[] = { "0000:09:00.0" };

	memset(&sample, 0, sizeof sample);
	sample.snap = sample_snapshot();
	sample.facts = facts_new(sample.snap, &(struct facts_request){ guests, 1 });
	sample.j.facts = sample.facts;
	sample.j.arena = sample.facts->arena;
	struct device_judgement d[8] = { 0 };
	for (size_t i = 0; i < sample.facts->n_fns && i < 8; i++)
		d[i] = (struct device_judgement){ .fn = &sample.facts->fns[i],
			.verdict = sample.facts->fns[i].missing ? DEVICE_BLOCKED
								: DEVICE_NONE };
	sample.j.devices = d;
	sample.j.n_devices = sample.facts->n_fns;
	static const char *const formats[] = { "text", "json", "markdown", "html" };
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		char *text = written(formats[i], 80, false);
		ok(strstr(text, "09:00.0"));
		free(text);
	}
	sample_free(&sample);
}
