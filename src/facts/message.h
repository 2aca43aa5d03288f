// SPDX-License-Identifier: GPL-2.0-or-later
// Error messages that somebody quoted: what they are about.
#ifndef FACTS_MESSAGE_H
#define FACTS_MESSAGE_H

#include "facts/facts.h"

/* Does one of them complain about handing FN over? Then its owner wants just that. */
bool message_asks_for(struct facts *f, const struct fn *fn);

#endif
