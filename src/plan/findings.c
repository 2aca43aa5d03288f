// SPDX-License-Identifier: GPL-2.0-or-later
// What the findings ask for: the best remedy of each root, and of what follows from it where
// the root has none.
#include <string.h>

#include "base/text.h"
#include "plan/parts.h"

static bool is_problem(const struct finding *f)
{
	return f->verdict == VERDICT_FAIL && f->bears && f->severity >= SEVERITY_WARNING;
}

static bool has_kind(const struct choice *c, enum remedy_kind kind)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->steps[i].kind == kind)
			return true;
	return false;
}

/* "update it" is what a vendor may do one day; a switch in the setup can be set today. */
static bool waits_for_vendor(const struct choice *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->steps[i].kind == REMEDY_FIRMWARE && c->steps[i].n &&
			(text_starts(c->steps[i].texts[0], "update") ||
				text_starts(c->steps[i].texts[0], "an update")))
			return true;
	return false;
}

/* The first that can be done at this machine, else the first. */
static const struct choice *best_choice(const struct finding *f)
{
	for (size_t i = 0; i < f->n_choices; i++)
		if (!has_kind(&f->choices[i], REMEDY_HARDWARE) &&
			!waits_for_vendor(&f->choices[i]))
			return &f->choices[i];
	return f->n_choices ? &f->choices[0] : NULL;
}

/* A sentence for the reader: the message of a finding, for what it makes to be done. */
struct reason {
	enum remedy_kind kind;
	const struct rule *rule;
	const char *text;
};
struct reasons {
	struct reason *v;
	size_t n;
};

/* How many findings of one rule are told in full: items of a list are all alike. */
static size_t most_told(const struct rule *rule)
{
	return rule->scope == SCOPE_VFIO_ID ? 1 : 3;
}

/* The whys of all kinds, in the order of the findings; what is alike is counted. */
static void tell_reasons(struct plan *p, struct wishes *w, const struct reasons *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct reason *one = &r->v[i];
		size_t before = 0, all = 0;

		for (size_t k = 0; k < r->n; k++) {
			bool alike =
				r->v[k].kind == one->kind && r->v[k].rule == one->rule;
			all += alike;
			before += alike && k < i;
		}
		if (before >= most_told(one->rule))
			continue;
		bool last = before + 1 == most_told(one->rule) && all > before + 1;
		plan_texts_add(p->arena, &w->why[one->kind],
			last ? arena_printf(p->arena, "%s (and %zu more of this kind)",
				       one->text, all - before - 1)
			     : one->text);
	}
}

/* Another slot, or another card: the owner decides, so all ways are told. */
/* What a screwdriver and a word of the kernel do together stands in one sentence. */
static const char *in_words(
	struct arena *a, const struct step *step, size_t i, bool first)
{
	const char *text = step->texts[i];

	if (step->kind == REMEDY_CMDLINE)
		return arena_printf(a, "then %s the kernel command line: %s",
			text[0] == '-' ? "take out of" : "add to",
			text + (text[0] == '-' || text[0] == '+'));
	return first ? text : arena_printf(a, "or %s", text);
}

static void take_all(struct plan *p, struct wishes *w, const struct finding *f)
{
	struct hardware_wish *wish = arena_push(p->arena, w->hardware, w->n_hardware);

	wish->why = f->message;
	for (size_t i = 0; i < f->n_choices; i++) {
		const struct choice *c = &f->choices[i];

		for (size_t k = 0; k < c->n; k++)
			for (size_t m = 0; m < c->steps[k].n; m++)
				plan_texts_add(p->arena, &wish->ways,
					in_words(p->arena, &c->steps[k], m, i == 0));
	}
}

/* Was the file that sets the function aside written after the kernel started? Then the
 * next start decides, and nothing is to be done by hand. */
static bool waits_for_restart(struct plan *p, const struct finding *f)
{
	const struct snap_int *boot = &p->j->facts->snap->host.boot_time;
	const struct fact *claim;

	if (!text_equal(f->rule->id, "driver.native") || boot->have != HAVE_VALUE)
		return false;
	claim = fact_of(p->j->facts, f->subject, "claim.by");
	for (size_t i = 0; claim->state == FACT_VALUE && i < p->system.n_files; i++) {
		const struct snap_file *file = &p->system.files[i];
		size_t n = strlen(file->path);

		if (text_starts(claim->text, file->path) &&
			(!claim->text[n] || claim->text[n] == ':') &&
			file->mtime.have == HAVE_VALUE && file->mtime.v > boot->v)
			return true;
	}
	return false;
}

static void wait_for_restart(struct plan *p, struct wishes *w)
{
	const char *reboot = "reboot";
	struct step step = { .kind = REMEDY_RUN, .texts = &reboot, .n = 1 };
	struct choice choice = { .steps = &step, .n = 1 };

	edits_add(p->arena, &w->edits, &choice);
	w->rebuild = true;
}

/* An item of a list to be bound by address instead: binding.c does both. */
static bool is_for_binding(const struct finding *f, const struct choice *c)
{
	for (size_t i = 0; f->subject && f->subject->scope == SCOPE_VFIO_ID && i < c->n;
		i++)
		if (c->steps[i].kind == REMEDY_RUN && c->steps[i].n &&
			text_starts(c->steps[i].texts[0], "driverctl "))
			return true;
	return false;
}

/* "keep a boot entry without these words": said beside the words it belongs to. */
static void mind(
	struct plan *p, struct wishes *w, const struct choice *c, const struct step *step)
{
	enum remedy_kind kind =
		has_kind(c, REMEDY_CMDLINE) ? REMEDY_CMDLINE : REMEDY_MODPROBE;

	if (step->kind != REMEDY_RUN || !has_kind(c, kind))
		return;
	for (size_t i = 0; i < step->n; i++)
		plan_texts_add(p->arena, &w->careful[kind], step->texts[i]);
}

static bool is_done_later(const struct plan *p, const struct step *step)
{
	for (size_t i = 0; i < step->n; i++)
		if (step->kind != REMEDY_RUN || !plan_is_later_step(p, step->texts[i]))
			return false;
	return true;
}

static void take_choice(struct plan *p, struct wishes *w, struct reasons *r,
	const struct finding *f, const struct choice *c)
{
	edits_add(p->arena, &w->edits, c);
	for (size_t i = 0; i < c->n; i++)
		mind(p, w, c, &c->steps[i]);
	for (size_t i = 0; i < c->n; i++) {
		if (is_done_later(p, &c->steps[i]))
			plan_texts_add(p->arena, &w->why_rebuild, f->message);
		else
			*arena_push(p->arena, r->v, r->n) =
				(struct reason){ .kind = c->steps[i].kind,
					.rule = f->rule,
					.text = f->message };
	}
}

static void take(
	struct plan *p, struct wishes *w, struct reasons *r, const struct finding *f)
{
	const struct choice *c = best_choice(f);

	if (c && has_kind(&f->choices[0], REMEDY_HARDWARE))
		take_all(p, w, f);
	else if (c && waits_for_restart(p, f))
		wait_for_restart(p, w);
	else if (c && is_for_binding(f, c))
		w->rewrite_list = true;
	else if (c)
		take_choice(p, w, r, f, c);
}

/* Has one of the findings that F follows from a remedy of its own? */
static bool is_cured_above(const struct finding *f)
{
	for (size_t i = 0; i < f->n_follows; i++)
		if (best_choice(f->follows[i]))
			return true;
	return false;
}

/* What a note has to say to whoever writes the guest's configuration: a video BIOS, an
 * option of QEMU. The first way that is all the guest's will do. */
static void take_hint(
	struct plan *p, struct wishes *w, struct reasons *r, const struct finding *f)
{
	for (size_t i = 0; i < f->n_choices; i++) {
		if (f->choices[i].n == 1 && has_kind(&f->choices[i], REMEDY_GUEST)) {
			take_choice(p, w, r, f, &f->choices[i]);
			return;
		}
	}
}

static bool is_note(const struct finding *f)
{
	return f->verdict == VERDICT_FAIL && f->bears && f->severity < SEVERITY_WARNING;
}

void plan_collect_findings(struct plan *p, struct wishes *w)
{
	struct reasons reasons = { 0 };

	for (size_t i = 0; i < p->j->n; i++) {
		const struct finding *f = &p->j->findings[i];

		if (is_problem(f) && !f->n_follows)
			take(p, w, &reasons, f);
	}
	for (size_t i = 0; i < p->j->n; i++) {
		const struct finding *f = &p->j->findings[i];

		/* A further cause beside the root must go too */
		if (is_problem(f) && f->n_follows && (f->also || !is_cured_above(f)))
			take(p, w, &reasons, f);
		else if (is_note(f))
			take_hint(p, w, &reasons, f);
	}
	tell_reasons(p, w, &reasons);
}
