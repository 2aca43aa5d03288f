// SPDX-License-Identifier: GPL-2.0-or-later
// What to ask somebody for who posted a part: commands whose output `triage` reads.
#ifndef REPORT_ASK_H
#define REPORT_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"

/* A command that anybody can run and whose output fits into a post. */
struct ask {
	const char *command;
	const char *format; /* what the recogniser takes its output for: "lspci" */
	uint32_t sources;   /* what of the evidence it supplies, a bit each */
	const char *shows;  /* a clause: "which driver has which device" */
	const char *hint;   /* a sentence: where it does not work; NULL: none */
	/* Was its output posted already, as a whole? */
	bool (*is_there)(const struct snapshot *s);
};
extern const struct ask ask_table[];
extern const size_t ask_table_length;

/* The one that would settle most of what is undecided in J, what decides an answer before
 * all else; never one whose output is there as a whole. NULL: none would settle anything. */
const struct ask *ask_choose(const struct judgement *j);
/* The first that supplies SOURCE; NULL: none does. */
const struct ask *ask_for(enum source source);

#endif
