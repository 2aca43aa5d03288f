// SPDX-License-Identifier: GPL-2.0-or-later
// Why an IOMMU group is as large as it is.
#ifndef FACTS_ACS_H
#define FACTS_ACS_H

#include "facts/facts.h"

/* One clause that names the culprit ("00:1c.0 has no ACS"), NULL where configuration
 * space does not prove one. */
const char *acs_culprit(struct facts *f, const struct group *g);

#endif
