// SPDX-License-Identifier: GPL-2.0-or-later
// Capabilities as lspci tells them in words, turned back into registers.
#ifndef IMPORT_LSPCI_CONFIG_H
#define IMPORT_LSPCI_CONFIG_H

#include <stdbool.h>

#include "import/lspci_space.h"

struct lspci_register;

/* The lists of one function while they are read. */
struct lspci_config {
	struct lspci_space *space;
	const struct lspci_register *reg; /* whose flags the lines tell at the moment */
	size_t at;     /* of the capability that is read; 0: none yet */
	size_t link;   /* of the pointer to the next one; 0: none yet */
	int id;        /* -1: has a name that is not known */
	bool extended; /* the list from byte 256 on */
	bool broken;   /* it leads nowhere, or was not shown */
	bool denied;   /* needs root */
	bool decoded;  /* registers were shown, not names alone */
	size_t n_bars; /* resizable ones so far */

	/* Of what is an attribute in sysfs as well; -1: not shown */
	int power, messages, type;
	int total_vfs, vfs, vf_offset, vf_stride;
	const char *speed, *most_speed; /* end at a comma, blank or parenthesis */
	int width, most_width;
};

/* A new function. */
void lspci_config_start(struct lspci_config *c, struct lspci_space *space);
/* A line that begins with `Capabilities:`, what is behind that. */
void lspci_config_capability(struct lspci_config *c, const char *text);
/* Any line below it, without its indentation. */
void lspci_config_line(struct lspci_config *c, const char *text);
/* The function has no more capabilities: its last line was seen. */
void lspci_config_end(struct lspci_config *c);

/* Value of a flag like `FLReset+` in TEXT: 1, 0, -1 if it is not there. */
int lspci_flag(const char *text, const char *name);

#endif
