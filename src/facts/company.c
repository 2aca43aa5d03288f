// SPDX-License-Identifier: GPL-2.0-or-later
// Which other functions of a slot belong to a device although the kernel does not tie them.
#include "facts/company.h"

#include "facts/topology.h"

/* Base class and sub-class (PCI Code and ID Assignment Specification, 1). */
enum { CLASS_HD_AUDIO = 0x0403, CLASS_USB = 0x0c03, CLASS_SERIAL_BUS = 0x0c80 };
enum { CLASS_CRYPTO = 0x1080 };

static bool is_of_class(const struct fn *fn, uint32_t class)
{
	return fn->class_code >> 8 == class;
}

enum tri fn_is_companion(
	const struct facts *f, const struct fn *target, const struct fn *fn)
{
	const struct fn *sound = NULL;
	bool processor = false, unknown = false;
	size_t i = (size_t)(target - f->fns);

	if (target == fn || !fn_same_slot(target, fn) || target->missing)
		return TRI_FALSE;
	/* Sorted by address: the slot stands together */
	while (i > 0 && bdf_same_slot(f->fns[i - 1].bdf, target->bdf))
		i--;
	for (; i < f->n_fns && bdf_same_slot(f->fns[i].bdf, target->bdf); i++) {
		unknown |= f->fns[i].class_code == UINT32_MAX;
		processor |= is_of_class(&f->fns[i], CLASS_CRYPTO);
		if (!sound && is_of_class(&f->fns[i], CLASS_HD_AUDIO))
			sound = &f->fns[i];
	}
	if (unknown)
		return TRI_UNKNOWN;
	if (!target->is_display)
		return TRI_FALSE;
	return tri_of(processor
			? fn == sound
			: is_of_class(fn, CLASS_HD_AUDIO) || is_of_class(fn, CLASS_USB) ||
				is_of_class(fn, CLASS_SERIAL_BUS));
}
