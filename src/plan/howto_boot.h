// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the kernel command line, added and taken out the way each boot loader wants
// it.
#ifndef REPORT_HOWTO_BOOT_H
#define REPORT_HOWTO_BOOT_H

#include "report/howto.h"

/*
 * Instructions for TEXTS, the words of `cmdline` remedies ("+word", "-word"; a text may
 * hold several). Loader unknown: the general text, which says so. Returns how many lines.
 */
size_t howto_boot_lines(struct arena *a, const struct howto_system *s,
	const struct edit_texts *texts, struct howto_line **ret);
/* The command that has to follow, NULL if none has. */
const char *howto_boot_command(const struct howto_system *s);

#endif
