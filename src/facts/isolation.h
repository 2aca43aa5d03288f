// SPDX-License-Identifier: GPL-2.0-or-later
// Why a function's IOMMU group is what it is, in words, and what would change it.
#ifndef FACTS_ISOLATION_H
#define FACTS_ISOLATION_H

#include "facts/acs.h"
#include "facts/predict.h"

enum reason_kind {
	/* What makes the group larger than the function */
	REASON_VMD,          /* behind Intel's volume management device */
	REASON_CONVENTIONAL, /* a bridge to conventional PCI */
	REASON_UNREACHABLE, /* a port whose extended configuration space is out of reach */
	REASON_ACS_OFF,     /* a port whose ACS is not switched on */
	REASON_OPEN_PORT,   /* a port without ACS */
	REASON_SLOT,        /* functions of one slot without ACS */
	REASON_ALIAS,       /* one sends under the other's name */
	/* What keeps it small */
	REASON_ALONE,    /* every port above it isolates */
	REASON_OVERRIDE, /* asserted by pcie_acs_override=, not proven */
	REASON_QUIRK,    /* asserted by a list of the kernel */
	/* Remarks */
	REASON_UNEXPLAINED, /* the kernel's group is not what hardware shows */
	REASON_UNSEEN,      /* configuration space was not readable */
	N_REASON_KINDS
};

enum change_kind { CHANGE_HARDWARE, CHANGE_FIRMWARE, CHANGE_CMDLINE };

struct reason {
	enum reason_kind kind;
	const struct fn *culprit; /* NULL: the machine as a whole */
	/* "00:1c.0 is a root port without ACS, and one of several functions of its slot"
	 */
	const char *text;
};

struct change {
	enum change_kind kind;
	const char *text; /* "another slot for the card", "remove pci=nommconf" */
};

/* A function on the way from the function up to the root bus. */
struct path_step {
	const struct fn *fn;
	struct acs acs;
	/* "root port, ACS on (SV RR CR UF)", "switch downstream port, no ACS", "bridge to
	 * conventional PCI", "root port, isolated by a kernel quirk (Intel PCH)", … */
	const char *text;
};

struct isolation {
	const struct prediction *prediction;
	struct reason *reasons; /* the one that matters most first */
	size_t n_reasons;
	struct change *changes; /* best first; none where the function is alone */
	size_t n_changes;
	struct path_step
		*path; /* the function itself first, the port on the root bus last */
	size_t n_path;
};

/* What merged a group, the gravest cause first, as far as it is proven. */
const struct reason *isolation_merges(
	struct facts *f, const struct group *g, size_t *ret_n);

/* Never NULL; the texts live in f->arena. */
const struct isolation *isolation_of(struct facts *f, const struct fn *fn);

#endif
