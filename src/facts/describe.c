// SPDX-License-Identifier: GPL-2.0-or-later
// Facts for people: functions in a sentence, and the page that lists all facts.
#include "base/arena.h"
#include "base/text.h"
#include "facts/facts.h"

/* A display is known by its model; most others better by what they are. */
static const char *describe_kind(const struct fn *fn)
{
	if (fn->missing)
		return "";
	if (fn->is_display || text_equal(fn->what, "other"))
		return fn->label;
	return fn->what;
}

static const char *describe(struct facts *f, const struct fn *fn)
{
	const char *driver = fn->raw ? snap_str(fn->raw->driver) : NULL;
	const char *kind = describe_kind(fn);

	return arena_printf(f->arena, "%s%s%s%s%s%s", fn->short_addr, *kind ? " " : "",
		kind, driver ? " (" : "", driver ? driver : "", driver ? ")" : "");
}

/* A function may be on the lists of all others, so it is described once. */
const char *fn_describe(struct facts *f, const struct fn *fn)
{
	size_t i = (size_t)(fn - f->fns);

	if (!f->described)
		f->described = arena_alloc(f->arena, f->n_fns * sizeof *f->described);
	if (!f->described[i])
		f->described[i] = describe(f, fn);
	return f->described[i];
}

static void describe_row(const struct fact_row *row, FILE *out)
{
	fprintf(out, "| `%s` | %s%s | %s", row->name, fact_type_name(row->type),
		row->soft ? " ~" : "", row->meaning);
	if (row->values) {
		fprintf(out, ": ");
		for (size_t i = 0; row->values[i]; i++)
			fprintf(out, "%s`%s`", i ? ", " : "", row->values[i]);
	}
	fprintf(out, " | ");
	for (unsigned s = 0, n = 0; s < N_SOURCES; s++) {
		if (row->sources & 1u << s)
			fprintf(out, "%s%s", n++ ? ", " : "",
				source_name((enum source)s));
	}
	fprintf(out, " |\n");
}

static void describe_links(enum scope scope, FILE *out)
{
	switch (scope) {
	case SCOPE_DEVICE:
	case SCOPE_SET:
		fprintf(out, " Sees `group.…` as well.");
		break;
	case SCOPE_TARGET:
		fprintf(out,
			" Sees all facts of `device`, `group.…` and `set.…` as well.");
		break;
	default:
		break;
	}
}

void facts_describe(FILE *out)
{
	fprintf(out,
		"# Facts\n\n"
		"Made by `vfio-doctor` from the fact table; do not edit. A `~` marks a soft "
		"fact: a rule that names it must be a note. Facts of `host` are seen from "
		"every scope.\n");
	for (unsigned scope = 0; scope < N_SCOPES; scope++) {
		const char *key = scope_key_fact((enum scope)scope);

		fprintf(out, "\n## Scope `%s`\n\n", scope_name((enum scope)scope));
		if (key)
			fprintf(out, "Key: `%s`.", key);
		else
			fprintf(out,
				scope == SCOPE_HOST
					? "The machine."
					: "Key: address of its first target.");
		describe_links((enum scope)scope, out);
		fprintf(out,
			"\n\n| fact | type | meaning | sources |\n|---|---|---|---|\n");
		for (size_t i = 0; i < fact_table_length; i++) {
			if (fact_table[i].scope == (enum scope)scope)
				describe_row(&fact_table[i], out);
		}
	}
}
