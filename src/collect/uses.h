// SPDX-License-Identifier: GPL-2.0-or-later
// What the host lives on: one collector a kind, all adding to s->uses.
#ifndef COLLECT_USES_H
#define COLLECT_USES_H

#include "collect/root.h"

/* Each sets the status of its source: SOURCE_STORAGE, SOURCE_NETWORK, SOURCE_INPUT. */
void collect_storage(struct snapshot *s, const struct root *r);
void collect_network(struct snapshot *s, const struct root *r);
void collect_input(struct snapshot *s, const struct root *r);

/* Adds the devices through which packets to ADDRESS (`192.0.2.1`) leave; false if these
 * are not known. */
bool network_towards(struct snapshot *s, const struct root *r, const char *address,
	struct snap_texts *devices);

/*
 * Adds what WHAT depends on. An unknown part of the stack (UNKNOWN) never hides the part
 * that is known: it gets an entry of its own, with its devices not collected. DEVICES
 * without any, and nothing unknown, is null: on no PCI device.
 */
void use_add(struct snapshot *s, const char *what, const char *through,
	const struct snap_texts *devices, bool unknown);

#endif
