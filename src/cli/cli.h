// SPDX-License-Identifier: GPL-2.0-or-later
// The command line: verbs, options, inputs and outputs.
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/term.h"
#include "collect/collect.h"
#include "report/report.h"

/* Exit statuses besides those of a verdict (0 to 3): as in <sysexits.h>. */
enum {
	EXIT_USAGE = 64,  /* wrong usage */
	EXIT_DATA = 65,   /* bad input data */
	EXIT_INPUT = 66,  /* an input that cannot be opened */
	EXIT_OUTPUT = 74, /* an output that cannot be written */
};

/* What can be asked for, whatever the verb. */
struct options {
	const char *const *args; /* what is no option, behind the verb */
	size_t n_args;
	const char **guests; /* full addresses of --guest, in order, none twice */
	size_t n_guests;
	const char *format; /* one of the verb's */
	const char *rules_dir, *output;
	enum colour_choice colour;
	struct collect_options collect;
	struct arena *arena;
};

/* One thing the program does. */
struct verb {
	const char *name;    /* "" is the audit */
	const char *usage;   /* behind the name */
	const char *summary; /* one line for --help */
	const char *options; /* letters of the options it takes, see options.c */
	const char *formats; /* "text, json": what --format takes, the default first */
	size_t least_args, most_args;
	/* Number of the argument that is the snapshot to read instead of a host, from 1; 0:
	 * there is none */
	size_t file_argument;
	int (*run)(const struct options *o);
};

/* Reads the options of VERB. False after one line on stderr: wrong usage. Sets *ret_done
 * when --help or --version was asked for and answered. */
bool options_read(const struct verb *verb, int argc, char **argv, struct options *ret,
	bool *ret_done);
/* The help of one verb, its options with their meaning. */
void options_help(const struct verb *verb, FILE *out);

/* One line on stderr, `vfio-doctor: …`. Returns STATUS, so that a caller can return it.
 */
int complain(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The snapshot that the options ask for: FILE, `-`, or what is collected from the host or
 * --root. NULL after one line on stderr; *ret_status is then the exit status.
 */
struct snapshot *input_snapshot(
	const struct options *o, const char *file, int *ret_status);

/*
 * Output that is complete or not there: everything goes to memory and from there to
 * stdout or, under a temporary name that is renamed at the end, to the file of -o.
 */
struct output {
	FILE *memory;
	char *text;
	size_t n;
	const char *path; /* NULL: stdout */
};
void output_begin(struct output *out, const struct options *o);
/* Writes what was collected; 0, or EXIT_OUTPUT after one line on stderr. */
int output_end(struct output *out);
/* At the very end: STATUS, or EXIT_OUTPUT where what was printed did not reach stdout. */
int output_flush(int status);

/* Width and colour for a report to stdout or a file. */
struct report_options output_report_options(const struct options *o);

/* The verbs; each returns the exit status. */
int verb_audit(const struct options *o);
int verb_snapshot(const struct options *o);
int verb_explain(const struct options *o);
int verb_diff(const struct options *o);
int verb_plan(const struct options *o);
int verb_rules(const struct options *o);
int verb_docs(const struct options *o);

#endif
