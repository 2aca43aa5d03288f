// SPDX-License-Identifier: GPL-2.0-or-later
// Building the subjects of all scopes.
#ifndef FACTS_SUBJECTS_H
#define FACTS_SUBJECTS_H

#include "facts/facts.h"

/* Appends a subject to f->scopes[SCOPE]; KEY must live in f->arena or the snapshot. */
struct subject *subject_new(struct facts *f, enum scope scope, const char *key);
/* States how far a scope could be listed, and which sources (a bit each) would list it.
 */
void subjects_listed(
	struct facts *f, enum scope scope, enum tri listed, uint32_t missing);
/* Adds FN to what the subject is about. */
void subject_about(struct facts *f, struct subject *s, struct fn *fn);

/* The machine; called first, so that facts about it can be asked for at any time. */
void subjects_build_host(struct facts *f);
/* Devices, groups, targets and sets; called once, when roles are known. */
void subjects_build(struct facts *f);

/*
 * The scopes of configuration. Each lists its subjects with subject_new(), puts what its
 * derive functions need into subject->item, and ends with subjects_listed(). Called once
 * by facts_new(), when devices and targets are known.
 */
void subjects_list_addresses(struct facts *f);  /* address.c */
void subjects_list_words(struct facts *f);      /* cmdline.c */
void subjects_list_ivrs_words(struct facts *f); /* ivrs_word.c */
void subjects_list_vfio_ids(struct facts *f);   /* vfio_ids.c */
void subjects_list_messages(struct facts *f);   /* message.c */

#endif
