// SPDX-License-Identifier: GPL-2.0-or-later
// Conditions judged in three-valued logic, and what was seen on the way.
#ifndef RULES_COND_H
#define RULES_COND_H

#include "facts/klog.h"
#include "rules/rule.h"

enum { EVIDENCE_LINES = 3 };

/* What a hole of a log template matched, over all lines that fit. */
struct binding {
	const char *name;
	const char **values; /* distinct, in order of the log */
	size_t n;
};

/* One rule being judged on one subject. Zero-initialise, then set the first three. */
struct evaluation {
	struct facts *facts;
	struct arena *arena;
	const struct subject *subject; /* NULL: could not be listed */
	struct binding *bindings;
	size_t n_bindings;
	const struct klog_match *lines[EVIDENCE_LINES]; /* first ones that fit */
	size_t n_lines;
	const char *quoted; /* scope message: the message, where a template fits it */
	struct origin *evidence, **evidence_end;
	size_t n_evidence;
	uint32_t missing; /* sources that would decide what is unknown */
};

/* RECORD: the origins of all facts that are consulted become evidence. */
enum tri condition_judge(struct evaluation *e, const struct condition *c, bool record);
/* The lines that fitted become evidence too; returns all of it. */
const struct origin *evaluation_evidence(struct evaluation *e);

#endif
