// SPDX-License-Identifier: GPL-2.0-or-later
// Assembles a plan.
#include "plan/plan.h"

#include "base/text.h"
#include "facts/company.h"
#include "facts/predict.h"
#include "facts/topology.h"
#include "plan/parts.h"

/* Class codes: PCI Code and ID Assignment Specification 1.15, chapter 1 */

static const struct {
	const char *name, *title;
} kinds[] = {
	[PLAN_HARDWARE] = { .name = "hardware", .title = "Hardware" },
	[PLAN_FIRMWARE] = { .name = "firmware", .title = "Firmware setup" },
	[PLAN_CMDLINE] = { .name = "command-line", .title = "Kernel command line" },
	[PLAN_MODPROBE] = { .name = "modules", .title = "Module configuration" },
	[PLAN_INITRAMFS] = { .name = "initramfs", .title = "Early modules" },
	[PLAN_RUN] = { .name = "run", .title = "Other things to do" },
	[PLAN_REBUILD] = { .name = "rebuild", .title = "Make it count" },
	[PLAN_REBOOT] = { .name = "reboot", .title = "Restart" },
	[PLAN_VERIFY] = { .name = "verify", .title = "Check" },
	[PLAN_GUEST] = { .name = "guest", .title = "For the guest" },
};
_Static_assert(sizeof kinds / sizeof kinds[0] == N_PLAN_KINDS, "one for each");

const char *plan_kind_name(enum plan_kind k)
{
	return kinds[k].name;
}

const char *plan_kind_title(enum plan_kind k)
{
	return kinds[k].title;
}

void plan_texts_add(struct arena *a, struct plan_texts *t, const char *text)
{
	if (!text_is_among(text, t->s, t->n))
		*arena_push(a, t->s, t->n) = text;
}

bool plan_has_function(const struct plan *p, const struct fn *fn)
{
	for (size_t i = 0; i < p->n_functions; i++)
		if (p->functions[i] == fn)
			return true;
	return false;
}

/* Does the kernel put both into one group, or would it with an IOMMU? */
static bool is_in_group_of(struct facts *f, const struct fn *target, const struct fn *fn)
{
	const struct prediction *p;

	if (target->group || fn->group)
		return target->group == fn->group;
	p = predict_group(f, target);
	for (size_t i = 0; p->known == TRI_TRUE && i < p->n; i++)
		if (p->members[i] == fn)
			return true;
	return false;
}

/* The targets, and of their slots what must or should go along. What else is in a group was
 * not named: to bind it would take it from the host, so that stays the owner's word. */
static bool is_for_guest(struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; fn->raw && fn->is_endpoint && i < f->n_handovers; i++) {
		const struct fn *target = f->handovers[i]->fn;

		if (target == fn ||
			(fn_same_slot(target, fn) &&
				(is_in_group_of(f, target, fn) ||
					fn_is_companion(f, target, fn) != TRI_FALSE)))
			return true;
	}
	return false;
}

static void list_functions(struct plan *p)
{
	struct facts *f = p->j->facts;

	for (size_t i = 0; i < f->n_fns; i++)
		if (is_for_guest(f, &f->fns[i]))
			*arena_push(p->arena, p->functions, p->n_functions) = &f->fns[i];
}

static const struct plan_step *find_step(const struct plan *p, enum plan_kind kind)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].kind == kind)
			return &p->steps[i];
	return NULL;
}

static bool has_say(const struct plan *p, enum plan_kind kind)
{
	const struct plan_step *step = find_step(p, kind);

	return step && step->say.n;
}

/* Where the plan has to speak in general terms, it says so. */
static void tell_general(struct plan *p)
{
	if (has_say(p, PLAN_CMDLINE) &&
		(!p->system.loader || text_equal(p->system.loader, "other")))
		plan_texts_add(p->arena, &p->general,
			"Which boot loader starts this machine could not be told: the words "
			"for the kernel are given, their place is not.");
	if (find_step(p, PLAN_MODPROBE) && !p->system.files_known)
		plan_texts_add(p->arena, &p->general,
			"The files in /etc/modprobe.d could not be read: look there first. "
			"Of two lists of IDs the last one counts.");
	if ((has_say(p, PLAN_INITRAMFS) || has_say(p, PLAN_REBUILD)) &&
		!p->system.initramfs)
		plan_texts_add(p->arena, &p->general,
			"Which tool makes the initramfs could not be told: rebuild it the way "
			"this distribution does.");
}

static void list_open(struct plan *p)
{
	for (size_t i = 0; i < p->j->n; i++) {
		const struct finding *f = &p->j->findings[i];

		if (f->verdict == VERDICT_UNKNOWN && f->bears &&
			f->rule->severity >= SEVERITY_BLOCKER)
			plan_texts_add(p->arena, &p->open, f->rule->title);
	}
}

struct plan *plan_new(const struct judgement *j)
{
	struct arena *a = arena_new();
	struct plan *p = arena_new_object(a, struct plan);
	struct wishes w = { 0 };

	p->arena = a;
	p->j = j;
	p->system = howto_system_of(j->facts);
	p->refusal = plan_refusal(a, j);
	if (p->refusal)
		return p;
	list_functions(p);
	list_open(p);
	plan_collect_findings(p, &w);
	plan_collect_binding(p, &w);
	plan_make_steps(p, &w);
	plan_make_guests(p);
	tell_general(p);
	return p;
}

void plan_free(struct plan *p)
{
	if (p)
		arena_free(p->arena);
}

bool plan_has_work(const struct plan *p)
{
	return p->n_steps && p->steps[0].kind < PLAN_VERIFY;
}
