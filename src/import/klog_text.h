// SPDX-License-Identifier: GPL-2.0-or-later
// A kernel log as text, in whatever form it was written down: its records of the last
// boot.
#ifndef IMPORT_KLOG_TEXT_H
#define IMPORT_KLOG_TEXT_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

/* One line, its prefixes taken off. */
struct klog_raw {
	const char *text;  /* message */
	const char *stamp; /* `[    0.251399]`, NULL if it has none */
	uint64_t usec;
	bool prefixed; /* has some prefix, so that it begins a record */
	bool daemon;   /* with date, host and sender */
	bool foreign;  /* not written by the kernel */
};

/* Takes LINE apart, whatever it is: what has no prefix is all message. */
struct klog_raw klog_raw_parse(const char *line);

/* What became of a text. */
struct klog_text {
	char **records; /* `[    0.251399] text`, oldest first, of the last boot */
	size_t n;
	bool banner; /* the boot's `Linux version` is among them */
	bool lost;   /* something says that lines are missing after it */
	bool syslog; /* was written by a log daemon */
};

/*
 * Understands what dmesg prints in all its formats (`[ts] `, `<N>[ts] `, `kern  :info  : `,
 * `[Mon Nov 22 …] `, `[ts <delta>] `, ISO, none) and log daemons write (`Nov 22 14:00:01
 * host kernel: `, with zone, without host, monotonic, Unix time), also two in a row. Lines
 * that name another sender than the kernel are left out. A line without a prefix in a log
 * that has them continues the record before it.
 */
struct klog_text klog_text_parse(struct arena *a, const char *text);

/* Is this message, without stamp, the first that a kernel logs? */
bool klog_is_banner(const char *message);
/* Does a `<N>` number, facility * 8 + level, belong to the kernel? User space can write
 * to /dev/kmsg, but never with this facility (kernel/printk/printk.c, devkmsg_write). */
static inline bool klog_is_kernel(uint64_t priority)
{
	return priority >> 3 == 0;
}

#endif
