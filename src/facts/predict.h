// SPDX-License-Identifier: GPL-2.0-or-later
// The IOMMU groups as the kernel's algorithm makes them from this snapshot's hardware.
#ifndef FACTS_PREDICT_H
#define FACTS_PREDICT_H

#include "facts/acs.h"
#include "facts/facts.h"

/*
 * The group of one function, computed as pci_device_group() of drivers/iommu/iommu.c does
 * (Linux 4.6 to 6.18). Where a byte that decides was not readable, the prediction is
 * unknown, never a guess. Of functions that no IOMMU covers the kernel makes no group, and
 * none is predicted.
 */
struct prediction {
	/* TRUE: MEMBERS holds; FALSE: no IOMMU covers it; UNKNOWN: it cannot be told, and
	 * MISSING names the sources that would tell (a bit each, 1 << SOURCE_…) */
	enum tri known;
	uint32_t missing;
	/* No IOMMU is at work: the groups as they would be with one, ACS switched on by
	 * the kernel as it does then */
	bool supposed;
	/* All functions of the group, bridges too, itself included, sorted by address */
	const struct fn **members;
	size_t n;
	/* The kernel's own group has the same members; UNKNOWN where one is not known, or
	 * SUPPOSED */
	enum tri same;
};

/* Never NULL; computed for all functions at the first call, and remembered. */
const struct prediction *predict_group(struct facts *f, const struct fn *fn);

/* Why a function joined a group that was there before it. */
enum join_kind {
	JOIN_NONE,         /* it did not, or that is not proven */
	JOIN_OPEN,         /* a port above it does not isolate */
	JOIN_CONVENTIONAL, /* a bridge above it to conventional PCI sends for it */
	JOIN_SLOT,         /* functions of its slot are not isolated from each other */
	JOIN_ALIAS, /* it sends under another's requester ID, or that one under its */
	JOIN_VMD,   /* it is behind Intel's volume management device */
};
struct join {
	enum join_kind kind;
	const struct fn *with; /* the function whose group it joined */
	/* OPEN: the port nearest to the root that does not isolate; CONVENTIONAL: the
	 * bridge; else the same as WITH */
	const struct fn *culprit;
};

/* Proven also where the whole prediction is unknown. */
const struct join *predict_join(struct facts *f, const struct fn *fn);
/* As acs_judge(), remembered. */
const struct acs *predict_acs(struct facts *f, const struct fn *fn);

#endif
