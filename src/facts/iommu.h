// SPDX-License-Identifier: GPL-2.0-or-later
// Which IOMMU driver this machine would use.
#ifndef FACTS_IOMMU_H
#define FACTS_IOMMU_H

#include "facts/facts.h"

enum iommu_driver { DRIVER_UNKNOWN, DRIVER_INTEL, DRIVER_AMD };

enum iommu_driver iommu_driver_of(struct facts *f);

#endif
