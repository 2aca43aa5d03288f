// SPDX-License-Identifier: GPL-2.0-or-later
// What sysfs says about a PCI function and libpci does not, or not reliably.
#ifndef COLLECT_PCI_ATTRIBUTES_H
#define COLLECT_PCI_ATTRIBUTES_H

#include "collect/root.h"

/*
 * Fills the driver, group, power, reset, link and SR-IOV fields of P from DIR, the
 * function's directory; P's class must be known. SCRATCH takes what is not kept.
 */
void pci_read_attributes(struct snapshot *s, const struct root *dir,
	struct arena *scratch, struct snap_pci *p);
/* Address of the bridge above, from the text of the link /sys/bus/pci/devices/ADDRESS. */
struct snap_text pci_parent_of_link(struct snapshot *s, struct snap_text link);

#endif
