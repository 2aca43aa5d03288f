// SPDX-License-Identifier: GPL-2.0-or-later
// Options: one table for parsing, help and completion.
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/bdf.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/sandbox.h"
#include "report/monitored.h"

struct option_row {
	char letter; /* in verb.options; also the short option where SHORT is set */
	bool is_short;
	const char *name, *argument, *meaning;
};

static const struct option_row rows[] = {
	{ .letter = 'f',
		.name = "format",
		.argument = "NAME",
		.meaning = NULL }, /* the verb's formats, the first is the default */
	{ .letter = 'g',
		.name = "guest",
		.argument = "BDF[,BDF]…",
		.meaning = "judge these functions for a guest" },
	{ .letter = 'r',
		.name = "root",
		.argument = "DIR",
		.meaning = "read this tree instead of /" },
	{ .letter = 'l',
		.name = "kernel-log",
		.argument = "FILE",
		.meaning = "use this kernel log" },
	{ .letter = 'c',
		.name = "cpuid",
		.argument = "FILE",
		.meaning = "use this text of `cpuid -r`" },
	{ .letter = 'R',
		.name = "rules",
		.argument = "DIR",
		.meaning = "add or replace rules by those in DIR" },
	{ .letter = 'C',
		.name = "color",
		.argument = "WHEN",
		.meaning = "colour: auto (default), always or never" },
	{ .letter = 'e',
		.name = "explain-input",
		.meaning = "show what the input was taken for, and judge nothing" },
	{ .letter = 'k',
		.name = "keep-private",
		.meaning = "do not redact names, serials and addresses" },
	{ .letter = 'b',
		.name = "baseline",
		.argument = "FILE",
		.meaning = "the status speaks of what got worse since this snapshot" },
	{ .letter = 'w',
		.name = "waive",
		.argument = "RULE=REASON",
		.meaning = "this finding does not count; RULE@SUBJECT: one of several" },
	{ .letter = 'W',
		.name = "waivers",
		.argument = "FILE",
		.meaning = "the same, a line each" },
	{ .letter = 'o',
		.is_short = true,
		.name = "output",
		.argument = "FILE",
		.meaning = "write to FILE, as a whole or not at all" },
	{ .letter = 'h', .name = "help", .meaning = "show this help" },
	{ .letter = 'V', .name = "version", .meaning = "show the version" },
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };

static bool is_plugin;

void complain_as_plugin(void)
{
	is_plugin = true;
}

int complain_status(int status)
{
	return is_plugin && status >= EXIT_USAGE ? 3 : status;
}

int complain(int status, const char *fmt, ...)
{
	struct arena *a = arena_new();
	va_list ap;

	va_start(ap, fmt);
	const char *message = arena_vprintf(a, fmt, ap);
	va_end(ap);
	/* It may quote the name of a file or a word of a document. */
	message = text_clean_line(a, message, strlen(message));
	if (is_plugin) {
		struct strbuf line = { 0 };
		nagios_line(&line, message);
		printf("VFIO UNKNOWN - %s\n", strbuf_text(&line));
		strbuf_free(&line);
	} else {
		fprintf(stderr, "vfio-doctor: %s\n", message);
	}
	arena_free(a);
	return status;
}

static bool verb_takes(const struct verb *verb, char letter)
{
	return letter == 'h' || letter == 'V' || strchr(verb->options, letter);
}

void options_help(const struct verb *verb, FILE *out)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct option_row *row = &rows[i];
		char left[48];
		if (!verb_takes(verb, row->letter))
			continue;
		snprintf(left, sizeof left, "%s--%s%s%s", row->is_short ? "-o, " : "",
			row->name, row->argument ? " " : "",
			row->argument ? row->argument : "");
		int width = 22 + (int)(strlen(left) - text_width(left));
		fprintf(out, "  %-*s  %s\n", width, left,
			row->meaning ? row->meaning : verb->formats);
	}
}

static bool add_guest(struct options *o, const char *address)
{
	struct bdf b;
	char full[BDF_TEXT];

	if (!bdf_parse(address, &b)) {
		struct arena *a = o->arena;
		complain(0,
			"--guest: \"%s\" is no PCI address like 01:00.0 or 0000:01:00.0",
			text_clean(a, address, strlen(address)));
		return false;
	}
	bdf_format(b, full);
	for (size_t i = 0; i < o->n_guests; i++)
		if (strcmp(o->guests[i], full) == 0)
			return true;
	*arena_push(o->arena, o->guests, o->n_guests) = arena_strdup(o->arena, full);
	return true;
}

static bool add_guests(struct options *o, const char *list)
{
	size_t n;
	char **items = text_split(o->arena, list, ",", &n);

	if (!n) {
		complain(0, "--guest needs a PCI address");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (!add_guest(o, items[i]))
			return false;
	return true;
}

static bool set_format(struct options *o, const struct verb *verb, const char *name)
{
	size_t n;
	char **names = text_split(o->arena, verb->formats, ", ", &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0) {
			o->format = names[i];
			return true;
		}
	}
	complain(0, "--format: \"%s\" is none of %s",
		text_clean(o->arena, name, strlen(name)), verb->formats);
	return false;
}

static bool set_option(
	struct options *o, const struct verb *verb, char letter, const char *arg)
{
	switch (letter) {
	case 'f':
		return set_format(o, verb, arg);
	case 'g':
		return add_guests(o, arg);
	case 'r':
		o->collect.root = arg;
		return true;
	case 'l':
		o->collect.kernel_log = arg;
		return true;
	case 'c':
		o->collect.cpuid = arg;
		return true;
	case 'R':
		o->rules_dir = arg;
		return true;
	case 'b':
		o->baseline = arg;
		return true;
	case 'w':
		*arena_push(o->arena, o->waive, o->n_waive) = arg;
		return true;
	case 'W':
		*arena_push(o->arena, o->waiver_files, o->n_waiver_files) = arg;
		return true;
	case 'k':
		o->collect.keep_private = true;
		return true;
	case 'e':
		o->explain_input = true;
		return true;
	case 'o':
		o->output = arg;
		return true;
	default: /* 'C' */
		if (colour_choice_by_name(arg, &o->colour))
			return true;
		complain(0, "--color: \"%s\" is none of auto, always, never",
			text_clean(o->arena, arg, strlen(arg)));
		return false;
	}
}

/* Says what an option that getopt refused should perhaps have been. */
static void complain_option(struct options *o, const struct verb *verb, const char *word)
{
	const char *names[N_ROWS];
	size_t n = 0;

	word = text_clean(o->arena, word, strcspn(word, "="));
	for (size_t i = 0; i < N_ROWS; i++) {
		if (!verb_takes(verb, rows[i].letter))
			continue;
		names[n++] = rows[i].name;
		if (rows[i].argument && text_starts(word, "--") &&
			strcmp(word + 2, rows[i].name) == 0) {
			complain(0, "%s needs %s", word, rows[i].argument);
			return;
		}
	}
	const char *near =
		text_starts(word, "--") ? text_nearest(word + 2, names, n) : NULL;
	const char *verb_words = verb->name[0] ? verb->name : "the audit";
	if (near)
		complain(0, "unknown option %s; did you mean --%s?", word, near);
	else
		complain(0, "unknown option %s of %s; see vfio-doctor %s%s--help", word,
			verb_words, verb->name, verb->name[0] ? " " : "");
}

static size_t long_options(const struct verb *verb, struct option ret[N_ROWS + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < N_ROWS; i++)
		if (verb_takes(verb, rows[i].letter))
			ret[n++] = (struct option){
				.name = rows[i].name,
				.has_arg = rows[i].argument ? required_argument
							    : no_argument,
				.val = rows[i].letter,
			};
	ret[n] = (struct option){ 0 };
	return n;
}

static bool check_counts(const struct verb *verb, const struct options *o)
{
	if (o->n_args < verb->least_args) {
		complain(0, "usage: vfio-doctor %s %s", verb->name, verb->usage);
		return false;
	}
	if (o->n_args > verb->most_args) {
		struct arena *a = o->arena;
		const char *word = o->args[verb->most_args];
		complain(0, "\"%s\" is one argument too many; usage: vfio-doctor %s%s%s",
			text_clean(a, word, strlen(word)), verb->name,
			verb->name[0] ? " " : "", verb->usage);
		return false;
	}
	bool has_file = verb->file_argument && o->n_args >= verb->file_argument;
	if (has_file && (o->collect.root || o->collect.kernel_log || o->collect.cpuid)) {
		complain(0,
			"a snapshot holds all it needs: --root, --kernel-log and --cpuid "
			"cannot be given with a file");
		return false;
	}
	return true;
}

bool options_read(const struct verb *verb, int argc, char **argv, struct options *ret,
	bool *ret_done)
{
	struct option table[N_ROWS + 1];
	bool fine = true;
	int letter;

	*ret = (struct options){ .arena = arena_new() };
	ret->format = "text";
	long_options(verb, table);
	opterr = 0;
	while (fine && !*ret_done &&
		(letter = getopt_long(argc, argv, strchr(verb->options, 'o') ? "o:" : "",
			 table, NULL)) != -1) {
		if (letter == '?') {
			complain_option(ret, verb, argv[optind - 1]);
			fine = false;
		} else if (letter == 'h') {
			printf("usage: vfio-doctor %s%s%s\n\n%s\n\n", verb->name,
				verb->name[0] ? " " : "", verb->usage, verb->summary);
			options_help(verb, stdout);
			*ret_done = true;
		} else if (letter == 'V') {
			printf("vfio-doctor %s\nsandbox: %s\n", VFIO_DOCTOR_VERSION,
				sandbox_describe());
			*ret_done = true;
		} else {
			fine = set_option(ret, verb, (char)letter, optarg);
		}
	}
	ret->args = (const char *const *)argv + optind;
	ret->n_args = (size_t)(argc - optind);
	if (fine && !*ret_done)
		fine = check_counts(verb, ret);
	if (!fine)
		arena_free(ret->arena);
	return fine;
}
