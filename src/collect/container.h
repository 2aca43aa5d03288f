// SPDX-License-Identifier: GPL-2.0-or-later
// Is this a container? Then /etc and /boot are not those of the kernel's machine.
#ifndef COLLECT_CONTAINER_H
#define COLLECT_CONTAINER_H

#include "collect/root.h"

/* Fills s->host.container and the status of its source. */
void collect_container(struct snapshot *s, const struct root *r);

#endif
