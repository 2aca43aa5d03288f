// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of `explain BDF` that have a file of their own.
#ifndef REPORT_EXPLAIN_PARTS_H
#define REPORT_EXPLAIN_PARTS_H

#include "report/sections.h"

/* explain_bridge.c: what is below a bridge, and whether it keeps that apart. */
void explain_bridge(struct report_model *m, const struct fn *fn, const struct page *p);

#endif
