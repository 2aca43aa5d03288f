// SPDX-License-Identifier: GPL-2.0-or-later
// Prompts and headings: which command or file a line names.
#ifndef IMPORT_COMMAND_H
#define IMPORT_COMMAND_H

#include "import/format.h"

/* What was typed behind the prompt that LINE begins with, "" behind a bare one; NULL: it
 * begins with none. Points into LINE. */
const char *command_of_prompt(const char *line);
/* The command or the path of a file that LINE announces; NULL: it announces none. */
const char *command_of_heading(struct arena *a, const char *line);

#endif
