// SPDX-License-Identifier: GPL-2.0-or-later
// Many snapshots in one process: a line of JSON each, in the order given.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "snapshot/codec.h"

struct fleet {
	const struct options *options;
	const struct rule_set *rules;
	const struct waivers *waivers;
	struct output out;
	bool seen[4]; /* by exit status of an audit */
	bool any_error;
};

/* Judges one snapshot, or reports why there is none. NAME is clean. False where the output
 * is broken. */
static bool add_line(struct fleet *f, const char *name, struct snapshot *s,
	const struct input_error *error)
{
	if (!s) {
		f->any_error = true;
		report_json_error(
			name, error->line, error->column, error->message, f->out.memory);
		return output_part(&f->out);
	}
	struct facts_request request = { f->options->guests, f->options->n_guests };
	struct facts *facts = facts_new(s, &request);
	struct judgement *j = judge_with(facts, f->rules, f->waivers);

	report_json_line(j, name, f->out.memory);
	f->seen[overall_exit_status(j->overall)] = true;
	judgement_free(j);
	facts_free(facts);
	snapshot_free(s);
	return output_part(&f->out);
}

static bool add_file(struct fleet *f, const char *file)
{
	struct input_error error = { 0 };
	struct arena *a = arena_new();
	struct snapshot *s = input_read(file, &error);
	bool fine = add_line(f, text_clean_line(a, file, strlen(file)), s, &error);

	arena_free(a);
	return fine;
}

/* A line of stdin: a path, or a whole snapshot. */
static bool add_stdin_line(struct fleet *f, char *line, size_t n, size_t number)
{
	struct input_error error = { .status = EXIT_DATA };
	char name[48];

	if (line[0] != '{')
		return add_file(f, line);
	snprintf(name, sizeof name, "stdin:%zu", number);
	struct snapshot *s = NULL;
	if (n > SNAPSHOT_MAX_BYTES)
		snprintf(error.message, sizeof error.message,
			"the line is longer than %d MiB", SNAPSHOT_MAX_BYTES >> 20);
	else
		s = input_decode(line, n, &error);
	return add_line(f, name, s, &error);
}

static bool add_stdin(struct fleet *f)
{
	char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t got;
	bool fine = true;

	while (fine && (got = getline(&line, &size, stdin)) >= 0) {
		size_t n = (size_t)got;
		number++;
		while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		if (n)
			fine = add_stdin_line(f, line, n, number);
	}
	free(line);
	return fine;
}

/* An input that was lost is worse than any verdict; then as for the targets of one machine. */
static int worst_status(const struct fleet *f)
{
	static const int order[] = { 2, 3, 1, 0 };

	if (f->any_error)
		return EXIT_DATA;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (f->seen[order[i]])
			return order[i];
	return 0;
}

int fleet_run(const struct options *o, const struct rule_set *rules,
	const struct waivers *waivers)
{
	struct input_error none = { 0 };
	struct fleet f = { .options = o, .rules = rules, .waivers = waivers };
	bool fine = true;
	int status = 0;

	output_begin(&f.out, o);
	if (!o->n_args) {
		struct snapshot *s = input_snapshot(o, NULL, &status);
		if (s)
			add_line(&f, NULL, s, &none);
	}
	for (size_t i = 0; fine && i < o->n_args; i++)
		fine = strcmp(o->args[i], "-") == 0 ? add_stdin(&f)
						    : add_file(&f, o->args[i]);
	int written = output_end(&f.out);
	return written ? written : status ? status : worst_status(&f);
}
