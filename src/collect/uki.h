// SPDX-License-Identifier: GPL-2.0-or-later
// The command line inside a unified kernel image.
#ifndef COLLECT_UKI_H
#define COLLECT_UKI_H

#include "collect/root.h"

/* Text of the section .cmdline of the image at PATH, cleaned; NONE if it has none, HAVE_NOT
 * if it cannot be read or is no such image. */
struct snap_text uki_cmdline(const struct root *r, struct snapshot *s, const char *path);

#endif
