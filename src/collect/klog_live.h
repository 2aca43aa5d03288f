// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's own log of this boot: /dev/kmsg, and the system call where that is closed.
#ifndef COLLECT_KLOG_LIVE_H
#define COLLECT_KLOG_LIVE_H

#include "collect/root.h"

/* As the kernel hands it out. */
struct klog_live {
	enum source_status status;
	char **records; /* `[    0.251399] text`, oldest first; the kernel's own only */
	size_t n;
	bool lost; /* records were overwritten while reading, or numbers are missing */
};

/* Reads /dev/kmsg without waiting for new records. */
struct klog_live klog_read_kmsg(const struct root *r, struct arena *a);
/* Text of syslog(2), SYSLOG_ACTION_READ_ALL; NULL and errno otherwise. */
char *klog_read_syslog(struct arena *a);

/* What one record of /dev/kmsg says; see Documentation/ABI/testing/dev-kmsg. */
struct kmsg_record {
	uint64_t priority, sequence, usec;
	const char *text; /* decoded, line feeds kept */
};
/* Takes a record `prio,seq,usec,flags;text\n KEY=value…` apart; false if it is none. */
bool kmsg_parse(struct arena *a, const char *record, size_t n, struct kmsg_record *ret);

#endif
