// SPDX-License-Identifier: GPL-2.0-or-later
// What the running kernel is and was built with, for facts that depend on it.
#ifndef FACTS_KERNEL_H
#define FACTS_KERNEL_H

#include "facts/facts.h"

/* The fact NAME of the machine. */
const struct fact *host_fact(struct facts *f, const char *name);
/* Its text if it has a value, else NULL. */
const char *host_text(struct facts *f, const char *name);

/*
 * Is the running kernel at least this release? Distributions that keep one number
 * (5.15.0-91-generic) hide the stable level, and Red Hat's backport without counting:
 * UNKNOWN where that decides.
 */
enum tri kernel_at_least(struct facts *f, int major, int minor, int patch);

/* Is SYMBOL ("CONFIG_KVM") set, y or m? *RET_LINE, where not NULL, is the line or NULL.
 */
enum tri kernel_config(const struct facts *f, const char *symbol, const char **ret_line);
/* Is there such a module, loaded, built in or on disk? */
enum tri kernel_has_module(const struct facts *f, const char *name);
/* Does modules.builtin name it? */
bool kernel_is_builtin(const struct facts *f, const char *name);
/* Is it loaded, or built in and seen in /sys/module? */
enum tri kernel_module_loaded(const struct facts *f, const char *name);
/* A module's parameter, NULL if it was not collected. */
const struct snap_parameter *kernel_parameter(
	const struct facts *f, const char *module, const char *name);
/* Is there a /dev/kvm? */
bool kernel_has_kvm_node(const struct facts *f);
/* Is there one, and a module behind it (kvm_intel, kvm_amd, or another)? The node alone
 * is no proof: kmod makes it at boot from modules.devname. */
enum tri kernel_runs_kvm(const struct facts *f);
/* Does a value of a bool parameter say yes? (kernel/params.c, kstrtobool) */
bool kernel_bool_is_true(const char *value);

#endif
