// SPDX-License-Identifier: GPL-2.0-or-later
// Prompts and headings: which command or file a line names.
#ifndef IMPORT_COMMAND_H
#define IMPORT_COMMAND_H

#include "import/format.h"

/* What was typed behind the prompt that LINE begins with, "" behind a bare one; NULL: it
 * begins with none. Points into LINE. */
const char *command_of_prompt(const char *line);
/* Behind `sudo`, its options, and an assignment like `LANG=C`. */
const char *command_skip_sudo(const char *p);
/* The command or the path of a file that LINE announces; NULL: it announces none. */
const char *command_of_heading(struct arena *a, const char *line);

/* Is LINE the prompt of a shell that names its user, or a sign alone? Others (`$ lspci`)
 * stand in front of commands that somebody advises as well. */
bool command_is_prompt(const char *line);
/* Does the command whose output follows list all IOMMU groups, one entry each? */
bool command_lists_groups(const struct import *im);

#endif
