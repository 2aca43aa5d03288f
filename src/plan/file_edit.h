// SPDX-License-Identifier: GPL-2.0-or-later
// Changes of configuration files as whole lines, worked out from the files as they stand.
#ifndef PLAN_FILE_EDIT_H
#define PLAN_FILE_EDIT_H

#include "plan/howto.h"
#include "plan/words.h"

/* One change of one file. */
struct file_edit {
	const char *path;
	size_t line;     /* from 1, as the file stands; 0: at its end, or of a new file */
	const char *old; /* the line as it stands; NULL: nothing is replaced */
	const char
		*text; /* what shall stand there, perhaps several lines; NULL: it goes */
	bool is_new;   /* there is no such file yet */
	bool unended;  /* the last line of the file has no line feed */
};
struct file_edits {
	struct file_edit *v;
	size_t n;
};

/* Appends TEXT to PATH, or puts it into a new file. */
void file_edit_append(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const char *path, const char *text);
/* Replaces line LINE of PATH, whose text must be known. TEXT NULL: the line goes. */
void file_edit_replace(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const char *path, size_t line, const char *text);
/* In the order of doing, in which the number of a line still holds when its turn comes. */
void file_edits_sort(struct file_edits *e);
/* TEXT, the content of PATH (NULL: there is no such file), with all edits of PATH applied. */
char *file_edits_apply(
	struct arena *a, const struct file_edits *e, const char *path, const char *text);

/*
 * The words of the kernel command line in the file of this system's boot loader. False if
 * the loader is changed by a command, is not known, or its file is not of a form whose
 * lines can be worked out: then howto_boot_lines() has the general words.
 */
bool file_edit_words(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const struct words *w);
/* Lines of modprobe.d: an `ids=` list replaces the one that stands there. */
void file_edit_modprobe(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const struct edit_texts *lines);
/* Modules that the initramfs loads early. False if its tool is not known. */
bool file_edit_initramfs(struct arena *a, struct file_edits *e,
	const struct howto_system *s, const struct edit_texts *modules);
/* An `edit` remedy, "FILE[:LINE]: the line". False if it does not name a line so. */
bool file_edit_remedy(struct arena *a, struct file_edits *e, const struct howto_system *s,
	const char *edit);

#endif
