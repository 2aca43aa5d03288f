// SPDX-License-Identifier: GPL-2.0-or-later
// Devices that are known to reset badly, by id: data, with its sources.
#ifndef FACTS_RESETS_H
#define FACTS_RESETS_H

#include "facts/facts.h"

/* "AMD Polaris 10", NULL if the device is on no list. */
const char *reset_family(const struct fn *fn);
/* Does a quirk of the kernel forbid to reset the bus above or below this function? */
bool reset_bus_forbidden(const struct fn *fn);

#endif
