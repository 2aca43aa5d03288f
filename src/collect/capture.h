// SPDX-License-Identifier: GPL-2.0-or-later
// Reads what other tools gathered on a host: directories and archives of sosreport,
// hw-probe, supportconfig, copies of /sys and /proc, or just files with output of commands.
#ifndef COLLECT_CAPTURE_H
#define COLLECT_CAPTURE_H

#include <stdbool.h>

#include "import/import.h"
#include "snapshot/redact.h"

/* Why a capture was not read. */
struct capture_error {
	bool unopenable;   /* it could not be opened or unpacked; else its data is bad */
	char message[512]; /* one clean line, without the path of the capture */
};

/* Is this a directory, an archive, or a compressed file? Else it is text or nothing. */
bool capture_is(const char *path);

/*
 * Adds what the capture says to the import. An archive is unpacked into a directory that
 * is gone when this returns. The names of host and users that it betrays are added to NAMES,
 * which may be NULL. False: nothing was added, and *RET says why.
 */
bool capture_read(struct import *im, const char *path, struct private_names *names,
	struct capture_error *ret);

#endif
