// SPDX-License-Identifier: GPL-2.0-or-later
// What a PCI function is, in words for people and for rules.
#ifndef FACTS_KINDS_H
#define FACTS_KINDS_H

#include "facts/facts.h"

/* "VGA", "HDMI audio", "NVMe": one or two words. BESIDE_DISPLAY: a function of its slot
 * is a display adapter. */
const char *kind_words(const struct fn *fn, bool beside_display);
/* The word of the fact `kind`: "display", "audio", …; NULL if the class is unknown. */
const char *kind_fact(const struct fn *fn);
/* The device's name as people say it: "GeForce GTX 260", not "GT200 [GeForce GTX 260]".
 */
const char *kind_label(struct arena *a, const struct fn *fn);

#endif
