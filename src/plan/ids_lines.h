// SPDX-License-Identifier: GPL-2.0-or-later
// Lines of /etc/modprobe.d that give vfio-pci its list of IDs.
#ifndef PLAN_IDS_LINES_H
#define PLAN_IDS_LINES_H

#include "plan/howto.h"

struct ids_line {
	const char *path;
	size_t line; /* from 1 */
	const char *text;
};
struct ids_lines {
	struct ids_line *v; /* in the order in which they count: the last one wins */
	size_t n;
	/* One of them goes on in another line: nobody should replace just one */
	bool continued;
};
struct ids_lines ids_lines_of(struct arena *a, const struct howto_system *s);

/* OLD, a line with a list, with the list in LINE ("options vfio-pci ids=…") in its place:
 * further options stay. What a blank tore off the old list is none. */
const char *ids_line_replace(struct arena *a, const char *old, const char *line);
/* OLD without its list; NULL if it holds nothing else. */
const char *ids_line_without(struct arena *a, const char *old);

#endif
