// SPDX-License-Identifier: GPL-2.0-or-later
// Turns the structured edits of remedies into file, line and command of one system.
#ifndef PLAN_HOWTO_H
#define PLAN_HOWTO_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/rules.h"

/* What one or several choices ask for: every text once, by kind. Zero-initialise. */
struct edits {
	struct edit_texts {
		const char **s;
		size_t n;
	} of[N_REMEDY_KINDS];
};
/* Merges the steps of a choice; the `ids=` lists of vfio-pci become one list. */
void edits_add(struct arena *a, struct edits *e, const struct choice *choice);

/* What decides how an edit is made. Any text may be NULL: not known, or there is none. */
struct howto_system {
	const char *loader;     /* boot.loader: "grub" */
	const char *config;     /* boot.config: file whose command line counts */
	const char *regenerate; /* boot.regenerate */
	bool regenerate_known;  /* NULL above means that no command is needed */
	const char *initramfs;  /* initramfs.kind: "dracut" */
	const char *rebuild;    /* initramfs.rebuild */
	const char *distribution;
	bool files_known;              /* what is not in FILES is not there */
	const struct snap_file *files; /* configuration as it stands */
	size_t n_files;
};
struct howto_system howto_system_of(struct facts *f);

bool howto_is_nixos(const struct howto_system *s);
/* Text of a configuration file, NULL if it is not there or was not kept. */
const char *howto_file_text(const struct howto_system *s, const char *path);
/* The file in modprobe.d that holds the list of vfio-pci that counts, else one that already
 * speaks of vfio-pci, else the usual one. */
const char *howto_modprobe_file(struct arena *a, const struct howto_system *s);
/* Is LINE, of a remedy, one that binds by ID: `options vfio-pci ids=…`? */
bool howto_is_ids_line(const char *line);

/* One line of instructions: prose, or text to be typed as it stands. */
struct howto_line {
	bool verbatim;
	const char *text;
};
struct howto {
	struct howto_line *v;
	size_t n;
};
/* Instructions in the order of doing. Never empty if an edit is there. */
struct howto howto_make(
	struct arena *a, const struct howto_system *s, const struct edits *e);

#endif
