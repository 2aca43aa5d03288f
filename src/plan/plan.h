// SPDX-License-Identifier: GPL-2.0-or-later
// What to do on one system so that functions can be handed to a guest, in order.
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "plan/file_edit.h"
#include "plan/howto.h"
#include "rules/rules.h"

/* Steps in the order of doing. */
enum plan_kind {
	PLAN_HARDWARE,  /* what no configuration can do */
	PLAN_FIRMWARE,  /* switches of the firmware's setup */
	PLAN_CMDLINE,   /* the kernel's command line */
	PLAN_MODPROBE,  /* modprobe.d, and lines of other files */
	PLAN_INITRAMFS, /* modules that must be loaded early */
	PLAN_RUN,       /* commands of other kinds */
	PLAN_REBUILD,   /* commands that make the edits count */
	PLAN_REBOOT,
	PLAN_VERIFY, /* how to see that it worked */
	PLAN_GUEST,  /* what its configuration must have, or itself must do */
	N_PLAN_KINDS
};
const char *plan_kind_name(enum plan_kind k);  /* "command-line" */
const char *plan_kind_title(enum plan_kind k); /* "Kernel command line" */

struct plan_texts {
	const char **s;
	size_t n;
};

struct plan_step {
	enum plan_kind kind;
	struct plan_texts why; /* one sentence each; none where it goes without saying */
	struct plan_texts cautions; /* what is dangerous about it, and why */
	struct plan_texts leave;    /* what is right, or harmless, as it stands */
	struct file_edits edits;    /* worked out; else SAY tells what to do */
	struct howto say;           /* prose, and lines to type */
	struct plan_texts commands; /* to run as root, in this order */
};

/* The configuration of a guest that takes the functions, for one kind of manager. */
struct guest_lines {
	const char *manager; /* "QEMU", "libvirt", "Proxmox VE" */
	const char *where;   /* a clause: where they belong */
	struct plan_texts lines;
};

struct plan {
	struct arena *arena;
	const struct judgement *j;
	/* One line that says why there is no plan; else NULL, and the rest holds */
	const char *refusal;
	const struct fn **functions; /* what goes to the guest, sorted by address */
	size_t n_functions;
	struct howto_system system;
	/* What of this system is not known, or is done by somebody else: a sentence each */
	struct plan_texts general;
	struct plan_step *steps;
	size_t n_steps;
	struct plan_texts
		open; /* checks that an answer depends on and that are undecided */
	struct guest_lines *guests;
	size_t n_guests;
};

/* The plan for the targets of J, which come from --guest. Freed with plan_free(). */
struct plan *plan_new(const struct judgement *j);
void plan_free(struct plan *p);
/* True if there is something to do before the guest is configured. */
bool plan_has_work(const struct plan *p);

#endif
