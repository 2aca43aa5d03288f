// SPDX-License-Identifier: GPL-2.0-or-later
// The command line: verbs, options, inputs and outputs.
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/term.h"
#include "base/text.h"
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
	const char *baseline; /* a snapshot; NULL: none */
	const char **waive, **waiver_files;
	size_t n_waive, n_waiver_files;
	bool explain_input; /* show what the input was taken for */
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
	bool unpacks; /* archives, into a temporary directory */
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
/* From now on this is a plugin of a monitoring system, which reads stdout only and knows the
 * statuses 0 to 3: complaints become its status line, all errors its UNKNOWN. */
void complain_as_plugin(void);
/* STATUS, for a plugin 3 in place of an error's. */
int complain_status(int status);

/*
 * The snapshot that the options ask for: FILE, `-`, or what is collected from the host or
 * --root. NULL after one line on stderr; *ret_status is then the exit status.
 */
struct snapshot *input_snapshot(
	const struct options *o, const char *file, int *ret_status);

/* Why an input gave no snapshot. */
struct input_error {
	int status;          /* EXIT_DATA or EXIT_INPUT */
	size_t line, column; /* 0: it is not what stands in the file */
	char message[256];
};
/* The snapshot in FILE, `-` for stdin. NULL, and *ret_error filled, where there is none. */
struct snapshot *input_read(const char *file, struct input_error *ret_error);
/* The snapshot in the N bytes at TEXT, behind which a NUL stands. */
struct snapshot *input_decode(const char *text, size_t n, struct input_error *ret_error);

/* Judges many snapshots, one after another, to one line of JSON each. */
int fleet_run(const struct options *o, const struct rule_set *rules,
	const struct waivers *waivers);
/* The waivers of --waive and --waivers; in the arena of the options. False after one line on
 * stderr. */
bool waivers_read(const struct options *o, const struct rule_set *rules,
	struct waivers *ret, int *ret_status);

/* All bytes of FILE, or of stdin for `-`; one more than LIMIT at most. False after one line
 * on stderr. */
bool input_bytes(const char *file, size_t limit, struct strbuf *ret, int *ret_status);
/* The snapshot in such bytes; NULL after one line on stderr. */
struct snapshot *input_parse(
	const char *name, const struct strbuf *text, int *ret_status);
/* The rules that the options ask for; NULL after one line on stderr. */
struct rule_set *input_rules(const struct options *o, int *ret_status);

/*
 * Output that is complete or not there: it goes to memory and from there to stdout or, under a
 * temporary name that is renamed at the end, to the file of -o.
 */
struct output {
	FILE *memory; /* what is printed next goes here */
	char *text;
	size_t n;
	const char *path; /* NULL: stdout */
	char *target;     /* the file that is replaced at the end; NULL: none */
	int fd;           /* -1: not opened yet */
	int error;        /* -errno of the first failure */
};
void output_begin(struct output *out, const struct options *o);
/* Hands over what was printed so far, so that a long output need not be held. False once
 * something could not be written: there is no use in going on. */
bool output_part(struct output *out);
/* Writes what is left; 0, or EXIT_OUTPUT after one line on stderr. */
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
int verb_triage(const struct options *o);
int verb_rules(const struct options *o);
int verb_docs(const struct options *o);

#endif
