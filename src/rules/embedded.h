// SPDX-License-Identifier: GPL-2.0-or-later
// The rules as they are compiled into the program; written by embed.c at build time.
#ifndef RULES_EMBEDDED_H
#define RULES_EMBEDDED_H

#include "rules/rules.h"

/* Checked when they were embedded; sorted as a rule set is. A rule without id ends the
 * table and is not counted. */
extern const struct rule embedded_rules[];
extern const size_t n_embedded_rules;

#endif
