// SPDX-License-Identifier: GPL-2.0-or-later
// ivrs_ioapic and ivrs_hpet words of the command line, as drivers/iommu/amd/init.c reads
// them.
#ifndef FACTS_IVRS_WORD_H
#define FACTS_IVRS_WORD_H

#include "facts/cmdline.h"
#include "facts/facts.h"

struct ivrs_word {
	const char *text;
	bool hpet;
	bool valid;    /* the kernel could read it in some version; what follows is set */
	bool brackets; /* ivrs_ioapic[9]=00:14.0, not ivrs_ioapic=9@0000:00:14.0 */
	bool segment;  /* the address names its PCI segment */
	bool overflow; /* behind the fourth of its kind: ignored */
	int64_t id;
	struct bdf bdf;
};

/* In order; N is 0 where there is none or the command line was not collected. */
const struct ivrs_word *ivrs_words(struct facts *f, size_t *ret_n);
/* Reads one word; false if it is not an ivrs_ioapic or ivrs_hpet word at all. */
bool ivrs_word_parse(const char *text, struct ivrs_word *ret);
/* Does the running kernel take it? */
enum tri ivrs_word_accepted(struct facts *f, const struct ivrs_word *w);
/* The word for an I/O APIC (or HPET) in the form this kernel takes for sure. */
const char *ivrs_word_make(struct facts *f, bool hpet, int64_t id, struct bdf bdf);

/* The functions that I/O APICs of AMD chipsets send interrupts as. */
static const struct bdf ivrs_southbridge = { .dev = 0x14 };
static const struct bdf ivrs_northbridge = { .fn = 1 };

#endif
