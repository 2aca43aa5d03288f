// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that libvirt or Proxmox VE gives to a guest when it starts.
#ifndef FACTS_GUESTS_H
#define FACTS_GUESTS_H

#include "facts/facts.h"

/* One address in the description of a guest. */
struct guest_claim {
	struct bdf bdf;
	bool slot;         /* all functions of the slot */
	bool by_hand;      /* libvirt without managed='yes': it binds nothing itself */
	const char *where; /* "/etc/libvirt/qemu/win11.xml:42" */
	const char *text;  /* as written there, on one line */
};

/* All of them; none in a container. */
const struct guest_claim *guest_claims(struct facts *f, size_t *ret_n);
/* The first that names FN, NULL if none does. */
const struct guest_claim *guest_claim_of(struct facts *f, const struct fn *fn);
/* TRUE: every description was read, or there is none. */
enum tri guest_claims_known(const struct facts *f);

#endif
