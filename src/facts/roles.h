// SPDX-License-Identifier: GPL-2.0-or-later
// Who is meant for the guest, what goes along, and what the host keeps.
#ifndef FACTS_ROLES_H
#define FACTS_ROLES_H

#include "facts/facts.h"

/* Fills f->handovers, sets and roles; called once by facts_new(), after topology_build().
 */
void roles_build(struct facts *f, const struct facts_request *request);

/* The display adapter that the host itself uses; NULL if there is none or not to be told.
 */
struct fn *host_display(const struct facts *f);
/* The function in whose memory the framebuffer of the firmware lies, NULL if there is
 * none or where that was not collected. */
struct fn *framebuffer_owner(const struct facts *f);
/* Does a monitor hang on it? FALSE: on none of its outputs, or it is no display that has
 * any; UNKNOWN where its driver shows no outputs. */
enum tri fn_has_monitor(const struct facts *f, const struct fn *fn);
/* A board management controller's display. */
bool fn_is_bmc(const struct fn *fn);
/* Bound to vfio, a stub, or claimed by configuration. */
bool fn_set_aside(struct facts *f, const struct fn *fn);
/* Is FN handed over when the targets of SET go? With targets all of them go together, of
 * candidates only the one that is asked about. */
bool fn_leaves(const struct facts *f, const struct set *set, const struct fn *fn);

#endif
