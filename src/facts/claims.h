// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions static configuration sets aside for VFIO.
#ifndef FACTS_CLAIMS_H
#define FACTS_CLAIMS_H

#include "facts/facts.h"

/* What claims FN, as written: "/etc/modprobe.d/vfio.conf:1", NULL if nothing does. */
const char *claim_of(struct facts *f, const struct fn *fn);
/*
 * An ids= item claims every function with its ID. True for a sound function that is caught
 * only so: nothing else of its slot is claimed, while another function with the same ID
 * stands beside a claimed one (the HDMI sound of the card that is meant). Its owner never
 * set it aside. Other classes are often handed over in pairs of one ID and prove nothing.
 */
bool claim_in_passing(struct facts *f, const struct fn *fn);
/* TRUE: all configuration that can claim a function was read. */
enum tri claims_known(struct facts *f);

#endif
