// SPDX-License-Identifier: GPL-2.0-or-later
// What the text of a link in /sys/class says about the devices above.
#ifndef COLLECT_SYSPATH_H
#define COLLECT_SYSPATH_H

#include "snapshot/snapshot.h"

/* `../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0/drm/card0`: only the text counts,
 * it is never resolved, so that a copied tree needs no more than the link. */

/* Address of the nearest PCI function above, NULL if there is none. */
const char *syspath_pci(struct arena *a, const char *link);
/*
 * Adds to LIST, once each, every PCI endpoint that what LINK points to depends on: the
 * nearest one, and where a host bridge hangs below a function (Intel VMD), that one too.
 * Returns how many the path has.
 */
size_t syspath_endpoints(struct snapshot *s, const char *link, struct snap_texts *list);
/* Path (`sys/devices/…`) of the device that has the directory CLASS below it; NULL if the
 * link does not look so. */
const char *syspath_parent(struct arena *a, const char *link, const char *class_dir);
/* Something that no hardware stands behind: `../../devices/virtual/…`. */
bool syspath_virtual(const char *link);

#endif
