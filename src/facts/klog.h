// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log: which lines fit a template, and whether a missing line means anything.
#ifndef FACTS_KLOG_H
#define FACTS_KLOG_H

#include "base/template.h"
#include "facts/facts.h"

/* A line without its stamp. */
struct klog_line {
	const char *text;  /* message */
	const char *whole; /* as in the snapshot, for evidence */
	const char *stamp; /* "0.251399", "" if it has none */
};

/* One line that fits, and what the holes matched. */
struct klog_match {
	const struct klog_line *line;
	const struct template *template;
	struct span spans[TEMPLATE_MAX_HOLES];
	bool names_function; /* the hole `addr` holds this address */
	struct bdf function;
};

/* Parses the log of f->snap into f->klog; called once by facts_new(). */
void klog_parse(struct facts *f);
const struct klog_line *klog_lines(const struct facts *f, size_t *ret_n);
/* True: no line of this boot is missing, so that absence proves something. */
bool klog_complete(const struct facts *f);

/* All lines that fit T, in order; the array lives in f->arena. Remembered per template.
 */
const struct klog_match *klog_match_all(
	struct facts *f, const struct template *t, size_t *ret_n);

/*
 * First line that fits one of the templates in PATTERNS (source text, NULL-terminated;
 * compiled once and remembered by address). NULL if none fits.
 */
const struct klog_match *klog_first(struct facts *f, const char *const *patterns);
/* Is no line missing that would fit T? */
bool klog_lacks_none(const struct facts *f, const struct template *t);
/* TRUE if a line fits, FALSE if none does and none that would is missing, else
 * UNKNOWN. */
enum tri klog_says(struct facts *f, const char *const *patterns);
/* All lines that fit one of the templates, template by template; the list lives in
 * f->arena. Remembered like a template. */
const struct klog_match *const *klog_list(
	struct facts *f, const char *const *patterns, size_t *ret_n);
/* Does the hole `addr` of the match hold this address? Without a domain it is in domain
 * 0. */
bool klog_names(const struct klog_match *m, struct bdf b);
/* As klog_first(), of the lines whose hole `addr` is B. */
const struct klog_match *klog_first_naming(
	struct facts *f, const char *const *patterns, struct bdf b);
/* Value of a hole by name, NULL if the template has none; allocated in f->arena. */
const char *klog_hole(struct facts *f, const struct klog_match *m, const char *name);
/* Records the line as the origin of a value: "kernel log 0.251399". */
void klog_seen(struct facts *f, struct fact *out, const struct klog_match *m);

#endif
