// SPDX-License-Identifier: GPL-2.0-or-later
// Which other functions of a slot belong to a device although the kernel does not tie them.
#ifndef FACTS_COMPANY_H
#define FACTS_COMPANY_H

#include "facts/facts.h"

/*
 * Is FN a companion of TARGET: another function of the same graphics card, which drivers in
 * the guest expect beside it (HDMI sound, USB-C and its controller)? The ports of a network
 * card and the controllers that a chipset puts into one slot are devices of their own.
 * Beside the graphics of a processor stand its security processor, the board's sound and USB:
 * of those only the HDMI sound, which comes first, belongs to it. UNKNOWN where the class of
 * a function in the slot was not collected.
 */
enum tri fn_is_companion(
	const struct facts *f, const struct fn *target, const struct fn *fn);

#endif
