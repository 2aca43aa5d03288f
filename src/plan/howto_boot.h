// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the kernel command line, added and taken out the way each boot loader wants
// it.
#ifndef PLAN_HOWTO_BOOT_H
#define PLAN_HOWTO_BOOT_H

#include "plan/howto.h"

/*
 * Instructions for TEXTS, the words of `cmdline` remedies ("+word", "-word"; a text may
 * hold several). Loader unknown: the general text, which says so. Returns how many lines.
 */
size_t howto_boot_lines(struct arena *a, const struct howto_system *s,
	const struct edit_texts *texts, struct howto_line **ret);
/* The shell variable with the words in FILE; NULL where they stand as they are, or behind a
 * keyword. Of GRUB's two variables it is the usual one. */
const char *howto_boot_variable(const char *file);
/* Does FILE hold words and nothing else? */
bool howto_boot_is_bare(const char *file);
/* The command that has to follow, NULL if none has. */
const char *howto_boot_command(const struct howto_system *s);

#endif
