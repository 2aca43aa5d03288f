// SPDX-License-Identifier: GPL-2.0-or-later
// IOMMU groups in the tables of Proxmox VE and in the XML of libvirt.
#ifndef IMPORT_GROUPS_TABLE_H
#define IMPORT_GROUPS_TABLE_H

#include "import/format.h"

/* How many lines at V are `pvesh get /nodes/NODE/hardware/pci` or an <iommuGroup>; 0: none. */
size_t groups_table_take(const struct paste_line *v, size_t n);
void groups_table_read(struct import *im, const struct paste_line *v, size_t n);

#endif
