// SPDX-License-Identifier: GPL-2.0-or-later
// The steps of a plan, worked out for this system: file and line, then the commands.
#include <string.h>

#include "base/text.h"
#include "facts/topology.h"
#include "plan/howto_boot.h"
#include "plan/initramfs_tool.h"
#include "plan/parts.h"

static struct plan_step *add_step(struct plan *p, enum plan_kind kind)
{
	struct plan_step *step = arena_push(p->arena, p->steps, p->n_steps);

	step->kind = kind;
	return step;
}

static void say(struct plan *p, struct plan_step *step, bool verbatim, const char *text)
{
	*arena_push(p->arena, step->say.v, step->say.n) =
		(struct howto_line){ .verbatim = verbatim, .text = text };
}

static bool is_empty(const struct plan_step *step)
{
	return !step->edits.n && !step->say.n && !step->commands.n;
}

/* Drops a step that turned out to hold nothing to do: all of it is right already. */
static bool keep(struct plan *p, const struct plan_step *step)
{
	if (!is_empty(step))
		return true;
	p->n_steps--;
	return false;
}

static void say_all(struct plan *p, enum plan_kind kind, const char *const *texts,
	size_t n, const struct plan_texts *why)
{
	struct plan_step *step = n ? add_step(p, kind) : NULL;

	for (size_t i = 0; i < n; i++)
		say(p, step, false, texts[i]);
	if (step)
		step->why = *why;
}

/* What is dangerous about a word, and why. */
static const struct {
	const char *word, *caution;
} dangers[] = {
	/* arch/x86/kernel/apic/io_apic.c, check_timer() */
	{ .word = "ivrs_ioapic",
		.caution =
			"If the kernel then stops with \"timer doesn't work through "
			"Interrupt-remapped IO-APIC\", firmware's table does not cover "
			"that function: take the word out again in the boot menu." },
	{ .word = "ivrs_hpet",
		.caution =
			"If the kernel then stops early, take the word out again in the "
			"boot menu." },
	{ .word = "vfio_iommu_type1.allow_unsafe_interrupts",
		.caution = "A guest that has a device can then forge interrupts of the "
			   "host: only for guests that are trusted." },
	{ .word = "pcie_acs_override",
		.caution =
			"It asserts an isolation that hardware may not have: a guest may "
			"then reach other devices of the group." },
	{ .word = "pci=nommconf",
		.caution = "It hides extended capabilities, ACS among them." },
	/* drivers/iommu/intel/irq_remapping.c: requests are then not checked */
	{ .word = "intremap=nosid",
		.caution = "The IOMMU then no longer checks who sends an interrupt: only "
			   "for guests that are trusted." },
	{ .word = "initcall_blacklist=sysfb_init",
		.caution = "The host then shows nothing before its graphics driver is "
			   "loaded, no boot messages either." },
	{ .word = "video=efifb:off",
		.caution = "The host then shows nothing before its graphics driver is "
			   "loaded, no boot messages either." },
};

/* A remedy's clause as a sentence: "Keep a boot entry without these words." */
static const char *as_sentence(struct arena *a, const char *clause)
{
	char *text = arena_printf(a, "%s%s", clause, text_ends(clause, ".") ? "" : ".");

	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	return text;
}

static void warn(struct plan *p, struct plan_step *step, const struct words *words)
{
	for (size_t i = 0; i < words->n_add; i++)
		for (size_t k = 0; k < sizeof dangers / sizeof dangers[0]; k++)
			if (text_starts(words->add[i], dangers[k].word))
				plan_texts_add(
					p->arena, &step->cautions, dangers[k].caution);
}

/* Words about passthrough that stay: right as they are, or without any effect. */
static void leave(struct plan *p, struct plan_step *step, const struct words *words)
{
	const struct subject_list *list = &p->j->facts->scopes[SCOPE_WORD];

	for (size_t i = 0; i < list->n; i++) {
		const struct subject *s = list->v[i];
		const struct fact *no_op = fact_of(p->j->facts, s, "no-op");

		if (words_remove(words, s->key, strlen(s->key)))
			continue;
		if (no_op->state == FACT_VALUE)
			plan_texts_add(p->arena, &step->leave,
				arena_printf(p->arena, "%s: it has no effect (%s)",
					s->key, no_op->text));
		else if (text_starts(s->key, "intel_iommu=") ||
			text_starts(s->key, "iommu=") ||
			text_starts(s->key, "vfio-pci.") ||
			text_starts(s->key, "vfio_pci."))
			plan_texts_add(p->arena, &step->leave, s->key);
	}
}

static void make_cmdline(struct plan *p, const struct wishes *w)
{
	const struct edit_texts *t = &w->edits.of[REMEDY_CMDLINE];
	struct words words = words_sort(p->arena, t);
	struct plan_step *step;
	struct howto_line *lines;

	if (!t->n)
		return;
	step = add_step(p, PLAN_CMDLINE);
	step->why = w->why[REMEDY_CMDLINE];
	if (!file_edit_words(p->arena, &step->edits, &p->system, &words)) {
		size_t n = howto_boot_lines(p->arena, &p->system, t, &lines);
		for (size_t i = 0; i < n; i++) {
			if (lines[i].verbatim && text_starts(lines[i].text, "sudo "))
				plan_texts_add(p->arena, &step->commands,
					lines[i].text + strlen("sudo "));
			else if (!text_starts(lines[i].text, "(the general way"))
				say(p, step, lines[i].verbatim, lines[i].text);
		}
	}
	file_edits_sort(&step->edits);
	warn(p, step, &words);
	leave(p, step, &words);
	keep(p, step);
}

/* Prose for what could not be worked out. The closing commands have steps of their own. */
static void say_remedies(struct plan *p, struct plan_step *step, enum remedy_kind kind,
	const struct edit_texts *t)
{
	struct edits one = { 0 };
	struct howto h;

	one.of[kind] = *t;
	h = howto_make(p->arena, &p->system, &one);
	for (size_t i = 0; i < h.n; i++)
		if (!text_starts(h.v[i].text, "then: "))
			say(p, step, h.v[i].verbatim, h.v[i].text);
}

static void make_modprobe(struct plan *p, const struct wishes *w)
{
	const struct edit_texts *edits = &w->edits.of[REMEDY_EDIT],
				*lines = &w->edits.of[REMEDY_MODPROBE];
	struct plan_step *step;

	if (!edits->n && !lines->n)
		return;
	step = add_step(p, PLAN_MODPROBE);
	step->why = w->why[REMEDY_EDIT];
	for (size_t i = 0; i < w->why[REMEDY_MODPROBE].n; i++)
		plan_texts_add(p->arena, &step->why, w->why[REMEDY_MODPROBE].s[i]);
	for (size_t i = 0; i < edits->n; i++)
		if (!file_edit_remedy(p->arena, &step->edits, &p->system, edits->s[i]))
			say_remedies(p, step, REMEDY_EDIT,
				&(struct edit_texts){ &edits->s[i], 1 });
	if (lines->n && howto_is_nixos(&p->system))
		say_remedies(p, step, REMEDY_MODPROBE, lines);
	else
		file_edit_modprobe(p->arena, &step->edits, &p->system, lines);
	file_edits_sort(&step->edits);
	keep(p, step);
}

static void make_initramfs(struct plan *p, const struct wishes *w)
{
	const struct edit_texts *t = &w->edits.of[REMEDY_INITRAMFS];
	struct plan_step *step;

	if (!t->n)
		return;
	step = add_step(p, PLAN_INITRAMFS);
	plan_texts_add(p->arena, &step->why,
		"the native drivers may start in the initramfs, so vfio-pci must be there");
	if (!file_edit_initramfs(p->arena, &step->edits, &p->system, t))
		say_remedies(p, step, REMEDY_INITRAMFS, t);
	keep(p, step);
}

/* Remedies say `run` of programs and of things to do; only prose has commas. */
static bool is_command(const char *text)
{
	static const char *const programs[] = { "driverctl ", "modprobe ", "echo ",
		"update-", "grub", "systemctl ", "dracut ", "mkinitcpio ", "rmmod " };

	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		if (text_starts(text, programs[i]) && !strchr(text, ','))
			return true;
	return false;
}

bool plan_is_later_step(const struct plan *p, const char *text)
{
	return text_equal(text, "reboot") || text_equal(text, p->system.rebuild) ||
		text_equal(text, howto_boot_command(&p->system));
}

static struct plan_step *step_of(struct plan *p, enum plan_kind kind)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].kind == kind)
			return &p->steps[i];
	return NULL;
}

/* The step that TEXT is a caution of; NULL: it is something to do. */
static struct plan_step *step_to_mind(
	struct plan *p, const struct wishes *w, const char *text)
{
	struct plan_step *step = NULL;

	if (text_is_among(
		    text, w->careful[REMEDY_CMDLINE].s, w->careful[REMEDY_CMDLINE].n))
		step = step_of(p, PLAN_CMDLINE);
	if (!step &&
		text_is_among(text, w->careful[REMEDY_MODPROBE].s,
			w->careful[REMEDY_MODPROBE].n))
		step = step_of(p, PLAN_MODPROBE);
	return step;
}

static void make_run(struct plan *p, const struct wishes *w)
{
	const struct edit_texts *t = &w->edits.of[REMEDY_RUN];
	struct plan_step *step, *other;

	if (!t->n)
		return;
	step = add_step(p, PLAN_RUN);
	for (size_t i = 0; i < t->n; i++) {
		if (plan_is_later_step(p, t->s[i]))
			continue;
		if (is_command(t->s[i]))
			plan_texts_add(p->arena, &step->commands, t->s[i]);
		else if ((other = step_to_mind(p, w, t->s[i])))
			plan_texts_add(p->arena, &other->cautions,
				as_sentence(p->arena, t->s[i]));
		else
			say(p, step, false, t->s[i]);
	}
	if (keep(p, step))
		step->why = w->why[REMEDY_RUN];
}

static bool is_wanted(const struct wishes *w, const char *command)
{
	const struct edit_texts *t = &w->edits.of[REMEDY_RUN];

	return text_is_among(command, t->s, t->n);
}

static bool has_step(struct plan *p, enum plan_kind kind)
{
	return step_of(p, kind) != NULL;
}

/* Words are wanted and stand in the file already: only the loader's own file is old. */
static bool is_only_stale(struct plan *p, const struct wishes *w)
{
	return w->edits.of[REMEDY_CMDLINE].n && !has_step(p, PLAN_CMDLINE);
}

/* Why what the files say is to be made to count, though nothing of it changes. */
static struct plan_texts why_again(struct plan *p, const struct wishes *w)
{
	struct plan_texts why = { 0 };

	for (size_t i = 0; i < w->why_rebuild.n; i++)
		plan_texts_add(p->arena, &why, w->why_rebuild.s[i]);
	if (is_only_stale(p, w))
		plan_texts_add(p->arena, &why,
			"the words stand in the right file already, but the running kernel did "
			"not get them");
	return why;
}

static void make_rebuild(struct plan *p, const struct wishes *w)
{
	const struct initramfs_tool *tool = initramfs_tool_of(&p->system);
	const char *boot = howto_boot_command(&p->system);
	bool loader = w->edits.of[REMEDY_CMDLINE].n > 0 || is_wanted(w, boot);
	const char *rebuild = p->system.rebuild ? p->system.rebuild
		: tool                          ? tool->rebuild
						: NULL;
	bool image = has_step(p, PLAN_MODPROBE) || w->edits.of[REMEDY_INITRAMFS].n ||
		w->rebuild || is_wanted(w, rebuild);
	const char *regenerate = loader ? boot : NULL;
	struct plan_step *step = add_step(p, PLAN_REBUILD);

	if (image && rebuild)
		plan_texts_add(p->arena, &step->commands, rebuild);
	else if (image)
		say(p, step, false, "rebuild the initramfs");
	if (regenerate)
		plan_texts_add(p->arena, &step->commands, regenerate);
	step->why = why_again(p, w);
	if (image)
		plan_texts_add(p->arena, &step->why,
			"the initramfs holds a copy of modprobe.d and of the early modules");
	keep(p, step);
}

/* A screen that goes dark takes the way into the host with it. */
static void warn_of_dark_screen(struct plan *p, struct plan_step *step)
{
	for (size_t i = 0; i < p->n_functions; i++) {
		const struct fn *fn = p->functions[i];

		if (fn->is_display && fn->on_host_driver == TRI_TRUE &&
			fn->raw->boot_vga.have == HAVE_VALUE && fn->raw->boot_vga.v)
			plan_texts_add(p->arena, &step->cautions,
				arena_printf(p->arena,
					"%s is the display of the host: its screen goes dark "
					"during the start. Make sure that the host can be "
					"reached over the network.",
					fn->short_addr));
	}
}

static void make_reboot(struct plan *p, const struct wishes *w)
{
	bool edited = has_step(p, PLAN_CMDLINE) || has_step(p, PLAN_MODPROBE) ||
		has_step(p, PLAN_INITRAMFS) || is_only_stale(p, w) ||
		is_wanted(w, "reboot");
	struct plan_step *step;

	if (!edited && !has_step(p, PLAN_FIRMWARE))
		return;
	step = add_step(p, PLAN_REBOOT);
	say(p, step, false, "restart the host");
	if (!has_step(p, PLAN_REBUILD))
		step->why = why_again(p, w);
	warn_of_dark_screen(p, step);
}

static const char *addresses(struct plan *p)
{
	const struct facts *f = p->j->facts;
	struct strbuf b = { 0 };

	for (size_t i = 0; i < f->n_handovers; i++)
		strbuf_addf(&b, "%s%s", i ? "," : "", f->handovers[i]->fn->addr);
	return strbuf_finish(&b, p->arena);
}

static void make_verify(struct plan *p)
{
	struct plan_step *step = add_step(p, PLAN_VERIFY);

	say(p, step, true,
		arena_printf(p->arena, "vfio-doctor --guest %s", addresses(p)));
	for (size_t i = 0; i < p->n_functions; i++) {
		const struct fn *fn = p->functions[i];
		char slot[BDF_TEXT];
		bool first = !i || !fn_same_slot(p->functions[i - 1], fn);

		bdf_format(fn->bdf, slot);
		if (!fn_is_vf(fn))
			*strrchr(slot, '.') = '\0';
		if (first)
			say(p, step, true,
				arena_printf(p->arena, "lspci -nnk -s %s", slot));
	}
	plan_texts_add(p->arena, &step->why,
		"the answer must be \"yes\", and \"Kernel driver in use\" vfio-pci");
}

void plan_make_steps(struct plan *p, struct wishes *w)
{
	const struct edit_texts *firmware = &w->edits.of[REMEDY_FIRMWARE],
				*guest = &w->edits.of[REMEDY_GUEST];

	for (size_t i = 0; i < w->n_hardware; i++) {
		const struct hardware_wish *h = &w->hardware[i];
		struct plan_texts why = { 0 };

		plan_texts_add(p->arena, &why, h->why);
		say_all(p, PLAN_HARDWARE, h->ways.s, h->ways.n, &why);
	}
	say_all(p, PLAN_FIRMWARE, firmware->s, firmware->n, &w->why[REMEDY_FIRMWARE]);
	make_cmdline(p, w);
	make_modprobe(p, w);
	make_initramfs(p, w);
	make_run(p, w);
	make_rebuild(p, w);
	make_reboot(p, w);
	make_verify(p);
	say_all(p, PLAN_GUEST, guest->s, guest->n, &w->why[REMEDY_GUEST]);
}
