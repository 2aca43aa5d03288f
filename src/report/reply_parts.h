// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of an answer that have a file of their own.
#ifndef REPORT_REPLY_PARTS_H
#define REPORT_REPLY_PARTS_H

#include "report/reply.h"

/* How the answer comes out. */
enum stance {
	STANCE_BLOCKED, /* it cannot be handed over */
	STANCE_LIKELY, /* interrupts are not remapped; the risk may be accepted somewhere */
	STANCE_WARNED,    /* something will not do what its owner wants */
	STANCE_ASKED,     /* a message was quoted whose cause is not to be seen */
	STANCE_HAPPENED,  /* all that is seen is what went wrong while a guest ran */
	STANCE_FINE,      /* it can be handed over */
	STANCE_NOTHING,   /* nothing found, and the IOMMU was seen at work */
	STANCE_UNDECIDED, /* the main thing was not to be seen */
};

void reply_add(
	struct reply *r, enum reply_kind kind, const char *label, const char *text);

/* The first of the messages that somebody quoted and that no problem explains, from *AT on;
 * *AT moves behind it and others of its rule. NULL: no more. reply_cause.c */
const struct finding *reply_next_message(const struct reply *r, size_t *at);

/* A cause that is so, though whether anything comes of it was not to be seen; NULL: none. */
const struct finding *reply_held(const struct report_model *m);
/* That one, else a failing note of what went wrong while a guest ran, or of a function that
 * a posted line of the log speaks of; NULL: none. */
const struct finding *reply_incident(const struct report_model *m);

/* reply_verdict.c: the first lines. */
enum stance reply_tell_verdict(struct reply *r);
/* A yes-or-no fact of the machine; unknown where it could not be derived. */
enum tri reply_fact(const struct report_model *m, const char *name);
/* Was it put together from what somebody posted? */
bool reply_is_of_paste(const struct report_model *m);

/* reply_devices.c: what else, on a driver of the host, goes along with the device that is
 * handed over, and in which group, as the end of a sentence; NULL: nothing seen. */
const char *reply_companions(const struct report_model *m);
/* Nobody said which device is meant, but the groups that were listed say what goes together,
 * as a clause; NULL: nothing does, or too many, for a whole machine was listed. */
const char *reply_shared_groups(const struct report_model *m);
/* Where the devices are now, and which of them go together. */
void reply_tell_devices(struct reply *r, enum stance stance);

/* reply_cause.c: what is wrong, where it was seen, and how to put it right. */
void reply_tell_causes(struct reply *r, enum stance stance);

/* reply_next.c: the one command whose output would settle most. */
void reply_tell_next(struct reply *r, enum stance stance);

#endif
