// SPDX-License-Identifier: GPL-2.0-or-later
// The tools that make an initramfs, and how each is told to load a module early.
#ifndef PLAN_INITRAMFS_TOOL_H
#define PLAN_INITRAMFS_TOOL_H

#include "plan/howto.h"

struct initramfs_tool {
	const char *kind, *file, *say;
	const char *before, *between, *after; /* around the names of the modules */
	bool underscores; /* names as modules.dep has them; a file of mkinitcpio may have
			     - */
	const char *rebuild;
};

/* The tool of this system; NULL: not known. */
const struct initramfs_tool *initramfs_tool_of(const struct howto_system *s);
/* Modules of WANTED that no file of the tool names yet. */
struct edit_texts initramfs_modules_missing(struct arena *a, const struct howto_system *s,
	const struct initramfs_tool *tool, const struct edit_texts *wanted);
/* The names as the tool wants them, between what stands between them. */
const char *initramfs_module_names(
	struct arena *a, const struct initramfs_tool *tool, const struct edit_texts *t);
/* The line (or lines) that names these modules. */
const char *initramfs_join_modules(
	struct arena *a, const struct initramfs_tool *tool, const struct edit_texts *t);

#endif
