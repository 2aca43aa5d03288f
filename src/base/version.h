// SPDX-License-Identifier: GPL-2.0-or-later
// The version of this program.
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#ifndef VFIO_DOCTOR_VERSION
#define VFIO_DOCTOR_VERSION "0.1.0"
#endif

#endif
