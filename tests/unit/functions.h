// SPDX-License-Identifier: GPL-2.0-or-later
// For tests of facts about single functions: functions behind bridges, and their facts.
#ifndef TESTS_UNIT_FUNCTIONS_H
#define TESTS_UNIT_FUNCTIONS_H

#include <string.h>

#include "machine.h"

#define PCI (1u << SOURCE_PCI)

static inline const struct fact *of(
	struct facts *f, const char *address, const char *name)
{
	return fact_of(f, machine_fn(f, address)->device, name);
}

static inline struct snap_pci *below(struct snapshot *s, const char *address,
	const char *parent, uint32_t class_code, int group)
{
	struct snap_pci *p = machine_pci(s, address, class_code, group);

	p->parent = snap_text_of(s, parent);
	return p;
}

/* The list moves while it grows: a function is looked up when all are there. */
static inline struct snap_pci *at(struct snapshot *s, const char *address)
{
	for (size_t i = 0; i < s->pci.n; i++) {
		if (strcmp(s->pci.v[i].address, address) == 0)
			return &s->pci.v[i];
	}
	return NULL;
}

#endif
