// SPDX-License-Identifier: GPL-2.0-or-later
// vfio-doctor: the verbs, one row each.
#include <malloc.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/sandbox.h"
#include "collect/workdir.h"

static const struct verb verbs[] = {
	{
		.name = "",
		.usage = "[OPTION]… [FILE|-]…",
		.summary = "audit this host, or replay a snapshot",
		.options = "fgrRlcCkbwWoV",
		.formats = "text, json, markdown, html, nagios, openmetrics, ndjson",
		.most_args = SIZE_MAX,
		.file_argument = 1,
		.run = verb_audit,
	},
	{
		.name = "snapshot",
		.usage = "[OPTION]…",
		.summary = "collect the evidence of this host into one JSON document",
		.options = "rlcko",
		.run = verb_snapshot,
	},
	{
		.name = "plan",
		.usage = "[OPTION]… --guest BDF[,BDF]… [FILE|-]",
		.summary = "say what to configure so that these functions go to a guest",
		.options = "fgrRlcCo",
		.formats = "text, markdown, json, sh",
		.most_args = 1,
		.file_argument = 1,
		.run = verb_plan,
	},
	{
		.name = "explain",
		.usage = "[OPTION]… RULE | BDF [FILE|-]",
		.summary =
			"say what a rule checks, or all about one function of a machine",
		.options = "grRlcCo",
		.least_args = 1,
		.most_args = 2,
		.file_argument = 2,
		.run = verb_explain,
	},
	{
		.name = "diff",
		.usage = "[OPTION]… OLD [NEW]",
		.summary =
			"say what changed between two snapshots, or from one to this host",
		.options = "fgrRlcCo",
		.formats = "text, json, markdown",
		.least_args = 1,
		.most_args = 2,
		.file_argument = 2,
		.run = verb_diff,
	},
	{
		.name = "triage",
		.usage = "[OPTION]… FILE…|-",
		.summary =
			"judge what somebody posted: logs, listings, other tools' captures",
		.options = "fgRCkeo",
		.formats = "text, markdown, bbcode, json, snapshot",
		.least_args = 1,
		.most_args = 4096,
		.file_argument = 1,
		.unpacks = true,
		.run = verb_triage,
	},
	{
		.name = "rules",
		.usage = "list | check [FILE]…",
		.summary = "list all rules, or check rule files and run their examples",
		.options = "R",
		.least_args = 1,
		.most_args = 4096,
		.run = verb_rules,
	},
	{
		.name = "docs",
		.usage = "facts | snapshot",
		.summary = "print the reference of the facts, or of the snapshot's keys",
		.options = "o",
		.least_args = 1,
		.most_args = 1,
		.run = verb_docs,
	},
};

static void print_help(void)
{
	puts("usage: vfio-doctor [VERB] [OPTION]…\n\n"
	     "A read-only audit of this host for VFIO PCI and GPU passthrough.\n");
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		printf("  vfio-doctor %s%s%s\n      %s\n", verbs[i].name,
			verbs[i].name[0] ? " " : "", verbs[i].usage, verbs[i].summary);
	puts("\nOptions of the audit:");
	options_help(&verbs[0], stdout);
	puts("\nExit status of the audit: 0 nothing blocks and nothing warns, 1 a warning,\n"
	     "2 a guest device is blocked, 3 unknown or no device is set aside;\n"
	     "64 wrong usage, 65 bad input, 66 an input that cannot be opened, 74 an output\n"
	     "that cannot be written. More: man vfio-doctor");
}

/* Before the options are read, which may be what is wrong. */
static bool wants_plugin(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--format=nagios") == 0 ||
			(strcmp(argv[i], "--format") == 0 && i + 1 < argc &&
				strcmp(argv[i + 1], "nagios") == 0))
			return true;
	return false;
}

/* Reading begins behind this. */
static void lock_in(const struct verb *verb, const struct options *o)
{
	struct sandbox_needs needs = {
		.output = o->output,
		.live = !verb->file_argument || o->n_args < verb->file_argument,
	};

	if (verb->unpacks)
		needs.directory = workdir_place();
	sandbox_enter(&needs);
}

int main(int argc, char **argv)
{
	const struct verb *verb = &verbs[0];
	struct options options;
	bool done = false;

	/* A run is short and its memory goes all at once: fewer, larger steps of the
	 * heap. */
	mallopt(M_TOP_PAD, 2 << 20);
	if (wants_plugin(argc, argv))
		complain_as_plugin();
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_help();
		return output_flush(0);
	}
	for (size_t i = 1; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			verb = &verbs[i];
	if (verb->name[0]) {
		argc--;
		argv++;
	}
	if (!options_read(verb, argc, argv, &options, &done))
		return complain_status(EXIT_USAGE);
	if (!done)
		lock_in(verb, &options);
	int status = done ? 0 : verb->run(&options);
	arena_free(options.arena);
	return complain_status(output_flush(status));
}
