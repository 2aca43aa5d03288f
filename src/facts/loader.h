// SPDX-License-Identifier: GPL-2.0-or-later
// Boot loaders: which one started this kernel, and which files hold its words.
#ifndef FACTS_LOADER_H
#define FACTS_LOADER_H

#include "facts/boot_shell.h"
#include "facts/cmdline.h"
#include "facts/facts.h"

/* Words for the kernel in a loader's file. */
struct boot_words {
	const char *path;
	const struct cmdline_word *words;
	size_t n;
};

/*
 * The words in PATH, whatever loader it belongs to (with the drop-ins that count with
 * it). False if there is no such file, or if its text leaves them open (a shell variable,
 * a quote that is not closed, several entries). RECOVERY: without
 * GRUB_CMDLINE_LINUX_DEFAULT.
 */
bool boot_words_read(
	struct facts *f, const char *path, bool recovery, struct boot_words *ret);
/* All assignments of GRUB's defaults. */
struct shell boot_grub_defaults(struct facts *f);
/* The value of the lines of an entry that begin with KEY and a blank; NULL: none. */
const char *boot_entry_value(
	struct facts *f, const struct snap_file *entry, const char *key);

/* The entry that started the running kernel; NULL where several fit. */
const struct snap_file *boot_running_entry(struct facts *f);
/* True if PATH is an entry of the Boot Loader Specification. */
bool boot_is_entry(const char *path);
/* The file with the words that count at the next boot, where boot.config is a folder, a
 * program or in another language; NULL if it is not known. */
const char *boot_words_path(struct facts *f);

#endif
