// SPDX-License-Identifier: GPL-2.0-or-later
// One line of a listing of IOMMU groups.
#ifndef IMPORT_GROUPS_LINE_H
#define IMPORT_GROUPS_LINE_H

#include "import/format.h"

enum groups_line_kind {
	GROUPS_OTHER,
	GROUPS_BLANK, /* nothing, or only what draws lines */
	GROUPS_HEAD,  /* `IOMMU Group 1:` */
	GROUPS_ROW,   /* `IOMMU Group 1 00:01.0 PCI bridge …`, a path in iommu_groups */
	GROUPS_MEMBER, /* `	01:00.0 VGA …`; of a list of names: several addresses */
	GROUPS_DETAIL, /* `Kernel driver in use: …`, `Bus 001 Device 002: …` below a member */
};

struct groups_line {
	enum groups_line_kind kind;
	int64_t id;         /* of a head or a row */
	struct bdf address; /* of a row or a member */
	const char *rest;   /* what stands behind the address */
	const char
		*ids; /* `10de:1c82]…` where they stand before the address; else NULL */
	const char *type; /* of a head: `(DMA-FQ)`, behind the bracket; else NULL */
	bool resets;      /* is marked with [R] */
	bool indented;    /* begins with a blank or a bullet */
};

/* Takes LINE apart; never fails. */
struct groups_line groups_line_parse(const char *line);

#endif
