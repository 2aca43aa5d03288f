// SPDX-License-Identifier: GPL-2.0-or-later
// What lspci prints below the line of a function.
#ifndef IMPORT_LSPCI_BODY_H
#define IMPORT_LSPCI_BODY_H

#include "import/format.h"
#include "import/lspci_config.h"

/* What a whole listing tells by printing something for any of its functions: then a
 * function without it has none. */
struct lspci_habits {
	bool drivers, modules, groups, nodes, extended;
};

/* A function of a listing. */
struct lspci_function {
	struct bdf bdf;
	size_t first, end;  /* its lines, the first is its own */
	const char *behind; /* what follows the address */
	bool ended;         /* the next function follows: nothing is cut off */
	bool filtered;      /* lines may be missing in between */
	bool odd;           /* its header is of no known type: little is shown */
	struct lspci_config config;
	int secondary; /* number of the bus behind it; -1: not shown */
	bool verbose;  /* -v: what it would have shown and did not is not there */
	bool full;     /* -vv */
	bool passed;   /* the lines on the header are behind us */
	bool dead;     /* its space reads ones */
	bool numbered; /* a dump in hexadecimal */
	bool no_vf;    /* has what no virtual function has */
};

/* Reads the lines of FN and adds to the function of that address. SPACE is for its use. */
void lspci_body_read(struct import *im, struct lspci_function *fn,
	const struct paste_line *v, const struct lspci_habits *habits,
	struct lspci_space *space);

/* Is this a line that lspci prints below a function's? Told by its beginning, or by flags
 * (`ExtTag- RBE+`), for indentation gets lost. */
bool lspci_body_is(const char *text);
/* Notes what the line tells of the listing. */
void lspci_habits_learn(struct lspci_habits *habits, const char *text);

/* The same for the lines on the header and on drivers alone. lspci_body.c */
bool lspci_key_is(const char *text);
/* `NUMA node: 0`, or within `Flags:` without the colon; -1: TEXT has no such number. */
int lspci_number_of(const char *text, const char *name);

/* A row of a dump, `10: 86 80 …`; its 16 bytes. lspci_hex.c */
bool lspci_row_read(const char *text, size_t *ret_at, uint8_t ret[16]);

#endif
