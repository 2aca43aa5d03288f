// SPDX-License-Identifier: GPL-2.0-or-later
// What listings told that belongs to more than one function: how buses hang together.
#ifndef IMPORT_LSPCI_STATE_H
#define IMPORT_LSPCI_STATE_H

#include "import/format.h"
#include "import/lspci_body.h"

struct lspci_bridge {
	struct bdf bdf;
	uint8_t secondary; /* the bus behind it */
};

/* Virtual functions that are switched on. */
struct lspci_vfs {
	struct bdf physical;
	unsigned offset, stride, n;
};

enum {
	/* More than the largest machines have; a hostile text cannot make much of little */
	MOST_VFS = 256,
	MOST_STORED = 32 << 20,
};

struct lspci_state {
	struct lspci_space *space; /* for use by one function after the other */
	struct lspci_bridge *bridges;
	size_t n_bridges;
	struct bdf *roots; /* buses without a bridge above; device and function 0 */
	size_t n_roots;
	struct lspci_vfs *vfs;
	size_t n_vfs;
	struct bdf *dead; /* whose revision reads ones in one line and not in another */
	size_t n_dead;
	struct lspci_tree *tree; /* see lspci_tree.c */
	size_t stored;           /* bytes of configuration spaces */
	bool buses_known;        /* a whole listing gave the buses of all its bridges */
	bool vfs_known; /* a whole listing showed each function that could have some */
	bool denied;    /* capabilities were not shown to who asked */
};

struct lspci_state *lspci_state(struct import *im);
void lspci_bridge_add(struct import *im, struct bdf bdf, int secondary);
void lspci_root_add(struct import *im, uint32_t domain, uint8_t bus);
void lspci_dead_add(struct import *im, const struct snap_pci *fn);

/*
 * Are these N addresses, in order, all functions that the machine has? They begin with the
 * host bridge, which is 00:00.0 of every PC, hold what the firmware needs, an ISA bridge or
 * an SMBus, have a function 0 in each slot of bus 0, and something behind a bridge if there
 * is one. The functions are in the snapshot already.
 */
bool lspci_list_is_whole(struct import *im, const struct bdf *list, size_t n);
/* Does the command whose output follows print only some of the functions (-s, -d), or was
 * its output filtered? */
bool lspci_command_selects(const struct import *im);

/* Parents, virtual functions, statuses: the end of all listings. lspci_finish.c */
void lspci_finish(struct import *im);

#endif
