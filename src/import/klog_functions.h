// SPDX-License-Identifier: GPL-2.0-or-later
// The PCI functions and IOMMU groups that a kernel log names.
#ifndef IMPORT_KLOG_FUNCTIONS_H
#define IMPORT_KLOG_FUNCTIONS_H

#include "import/format.h"

/* Adds what MESSAGE, without its stamp, tells. Where the functions of the machine were listed
 * as a whole it adds none, but fills in. */
void klog_functions_read(struct import *im, const char *message);

#endif
