// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of a plan that have a file of their own.
#ifndef PLAN_PARTS_H
#define PLAN_PARTS_H

#include "plan/plan.h"

/* Ways out of one problem that cost a screwdriver. */
struct hardware_wish {
	struct plan_texts ways;
	const char *why;
};

/* What all findings and the binding of the functions ask for, and why. */
struct wishes {
	struct edits edits;
	struct plan_texts why[N_REMEDY_KINDS];
	struct hardware_wish *hardware;
	size_t n_hardware;
	struct plan_texts why_rebuild; /* of commands that the rebuild makes anyway */
	struct plan_texts careful[N_REMEDY_KINDS]; /* what to mind when that is done */
	bool rebuild;      /* an image is old, though all files are right */
	bool rewrite_list; /* an item of an ids= list is to go */
};

void plan_texts_add(struct arena *a, struct plan_texts *t, const char *text);
/* Does FN go to the guest? */
bool plan_has_function(const struct plan *p, const struct fn *fn);

/* refusal.c: why these targets get no plan; NULL if they do. */
const char *plan_refusal(struct arena *a, const struct judgement *j);
/* findings.c: the best remedy of each problem that bears on the targets. */
void plan_collect_findings(struct plan *p, struct wishes *w);
/* binding.c: how each function that is not bound comes to vfio-pci. */
void plan_collect_binding(struct plan *p, struct wishes *w);
/* steps.c: the steps, worked out for this system. */
void plan_make_steps(struct plan *p, struct wishes *w);
/* Is TEXT, a thing to do, what a step of its own does: the rebuild, the restart? */
bool plan_is_later_step(const struct plan *p, const char *text);
/* guest.c: lines for the guest's configuration. */
void plan_make_guests(struct plan *p);

#endif
