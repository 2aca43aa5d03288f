// SPDX-License-Identifier: GPL-2.0-or-later
// What facts of sets share: whether it is known what belongs to one.
#ifndef FACTS_SETS_H
#define FACTS_SETS_H

#include "facts/facts.h"

/* Is it known of every function whether it belongs to the set? */
bool set_is_whole(const struct facts *f, const struct set *set);
/* Starts a list of members; false where nothing can be said. */
bool set_start_list(struct facts *f, const struct set *set, struct fact *out);

#endif
