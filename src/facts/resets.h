// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of how devices reset, by id: data, with its sources.
#ifndef FACTS_RESETS_H
#define FACTS_RESETS_H

#include "facts/facts.h"

/*
 * A reset that kernels avoid for a device because it hangs in it or does nothing
 * (drivers/pci/quirks.c), or one that they do in their own way.
 */
struct reset_quirk {
	uint16_t vendor, first, last;
	const char *method; /* as in reset_method */
	bool wanted;        /* true: the kernel's own way; false: to be avoided */
};
/* The entry of FN for METHOD that is WANTED or to be avoided, NULL if there is none. */
const struct reset_quirk *reset_quirk_of(
	const struct fn *fn, const char *method, bool wanted);

/* Does the kernel, or does experience, forbid to reset the bus above or below FN? */
bool reset_bus_forbidden(const struct fn *fn);

/* How sure a report is: the letters of the catalogue of causes. */
enum reset_trust { TRUST_SOURCE, TRUST_REPORTS, TRUST_CONTRADICTORY };

/* Devices that owners or programs report to reset badly. */
struct reset_family {
	uint16_t vendor, first, last;
	const char *family;
	/* What any reset leads to, as the end of a sentence about it; NULL: nothing */
	const char *trouble;
	const char *cure;   /* what to try first */
	const char *source; /* where it is reported */
	enum reset_trust trust;
	bool vendor_reset; /* the module vendor-reset has a routine for it */
	bool sleeps;       /* reported not to wake from the idle state of vfio-pci */
	/* The reset that is reported to hang, NULL: none in particular */
	const char *hangs_by;
	/* Only below a chipset whose ISA bridge is one of these; 0: anywhere */
	uint16_t chipset_first, chipset_last;
};
/* The entry of FN by its id alone, NULL if it is on no list. */
const struct reset_family *reset_family_of(const struct fn *fn);
/* Does the chipset of this machine fit the entry? */
enum tri reset_family_fits(const struct facts *f, const struct reset_family *r);

/* Does FN have this vendor and a device id of this range? */
bool reset_is_id(const struct fn *fn, uint16_t vendor, uint16_t first, uint16_t last);

#endif
