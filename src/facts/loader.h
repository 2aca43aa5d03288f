// SPDX-License-Identifier: GPL-2.0-or-later
// Boot loaders: which one started this kernel, and which files hold its words.
#ifndef FACTS_LOADER_H
#define FACTS_LOADER_H

#include "facts/cmdline.h"
#include "facts/facts.h"

/* Words for the kernel in a loader's file. */
struct boot_words {
	const char *path;
	const struct cmdline_word *words;
	size_t n;
};

/*
 * The words in PATH: GRUB's defaults (with /etc/default/grub.d), an entry, a bare command
 * line. False if there is no such file, or if its text leaves them open (a shell
 * variable, a quote that is not closed). RECOVERY: without GRUB_CMDLINE_LINUX_DEFAULT.
 */
bool boot_words_read(
	struct facts *f, const char *path, bool recovery, struct boot_words *ret);

#endif
