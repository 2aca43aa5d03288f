// SPDX-License-Identifier: GPL-2.0-or-later
// The text of os-release(5).
#ifndef IMPORT_OS_H
#define IMPORT_OS_H

#include "snapshot/snapshot.h"

/* Value of KEY, `ID=`, in TEXT, without its quotes; none where there is no such line. */
struct snap_text os_release_value(struct snapshot *s, const char *text, const char *key);

#endif
