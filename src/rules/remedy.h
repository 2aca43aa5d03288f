// SPDX-License-Identifier: GPL-2.0-or-later
// Remedies of a failing rule, filled in for this system.
#ifndef RULES_REMEDY_H
#define RULES_REMEDY_H

#include "rules/cond.h"

/* The alternatives that fit here, best first, into the finding's choices. */
void remedy_choose(
	struct evaluation *e, const struct rule *rule, struct finding *finding);

#endif
