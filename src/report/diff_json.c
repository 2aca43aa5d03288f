// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison for programs; docs/diff.schema.json describes it.
#include "base/json.h"

#include "report/diff_report.h"

static void add_both(json *to, const char *key, const char *old, const char *new)
{
	json *both = json_add_object(to, key);

	json_add_text(both, "old", old);
	json_add_text(both, "new", new);
}

static const char *driver_of(const struct fn *fn)
{
	return fn ? snap_str(fn->raw->driver) : NULL;
}

static void add_devices(json *root, const struct diff *d)
{
	json *list = json_add_array(root, "devices");

	for (size_t i = 0; i < d->n_devices; i++) {
		const struct device_change *c = &d->devices[i];
		const struct fn *fn = c->pair.new ? c->pair.new : c->pair.old;
		json *to = json_add_object(list, NULL);

		json_add_text(to, "trend", trend_name(c->trend));
		json_add_text(to, "name", fn->label);
		add_both(to, "address", c->pair.old ? c->pair.old->addr : NULL,
			c->pair.new ? c->pair.new->addr : NULL);
		add_both(to, "driver", driver_of(c->pair.old), driver_of(c->pair.new));
		add_both(to, "vfio", c->old ? vfio_verdict_name(c->old->vfio) : NULL,
			c->new ? vfio_verdict_name(c->new->vfio) : NULL);
		add_both(to, "verdict",
			c->old ? device_verdict_name(c->old->verdict) : NULL,
			c->new ? device_verdict_name(c->new->verdict) : NULL);
	}
}

static const char *subject_of(const struct finding *f)
{
	return f && f->subject ? f->subject->key : NULL;
}

static void add_findings(json *root, const struct diff *d)
{
	json *list = json_add_array(root, "findings");

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *old = d->findings[i].old, *new = d->findings[i].new;
		const struct finding *f = diff_told(&d->findings[i]);
		json *to = json_add_object(list, NULL);

		json_add_text(to, "trend", trend_name(d->findings[i].trend));
		json_add_text(to, "rule", f->rule->id);
		json_add_text(to, "severity", severity_report_name(f->severity));
		add_both(to, "subject", subject_of(old), subject_of(new));
		add_both(to, "verdict", old ? verdict_name(old->verdict) : NULL,
			new ? verdict_name(new->verdict) : NULL);
		json_add_text(to, "message", f->message ? f->message : "");
	}
}

static void add_numbers(json *to, const char *key, const int64_t *ids, size_t n)
{
	json *list = json_add_array(to, key);

	for (size_t i = 0; i < n; i++)
		json_add_int(list, NULL, ids[i]);
}

static void add_groups(json *root, const struct diff *d)
{
	json *list = json_add_array(root, "groups");

	for (size_t i = 0; i < d->n_groups; i++) {
		const struct group_change *c = &d->groups[i];
		json *to = json_add_object(list, NULL);

		add_numbers(to, "old", c->old, c->n_old);
		add_numbers(to, "new", c->new, c->n_new);
		json *members = json_add_array(to, "members");
		for (size_t k = 0; k < c->n; k++)
			json_add_text(members, NULL, c->members[k]->addr);
	}
}

static void add_lines(
	json *to, const char *key, const struct line_change *lines, size_t n)
{
	json *list = json_add_array(to, key);

	for (size_t i = 0; i < n; i++) {
		json *line = json_add_object(list, NULL);

		json_add_text(line, "change", lines[i].sign == '+' ? "added" : "removed");
		json_add_text(line, "text", lines[i].text);
	}
}

static void add_files(json *root, const struct diff *d)
{
	json *list = json_add_array(root, "files");

	for (size_t i = 0; i < d->n_files; i++) {
		const struct file_change *c = &d->files[i];
		json *to = json_add_object(list, NULL);

		json_add_text(to, "path", c->path);
		json_add_text(to, "change",
			c->added             ? "added"
				: c->removed ? "removed"
					     : "edited");
		add_lines(to, "lines", c->lines, c->n);
	}
}

static void add_values(json *root, const struct diff *d)
{
	json *list = json_add_array(root, "facts");

	for (size_t i = 0; i < d->n_values; i++) {
		const struct value_change *v = &d->values[i];
		json *to = json_add_object(list, NULL);

		json_add_text(to, "fact", v->fact);
		json_add_text(to, "subject", v->subject);
		json_add_text(to, "old", v->old);
		json_add_text(to, "new", v->new);
		if (v->n_lost)
			json_add_texts(to, "lost", v->lost, v->n_lost);
		if (v->n_gained)
			json_add_texts(to, "gained", v->gained, v->n_gained);
	}
}

void diff_json(const struct diff *d, const struct report_options *options, FILE *out)
{
	json *root = json_new_object();

	(void)options;
	json_add_text(root, "schema", "vfio-doctor/diff/1");
	json *tool = json_add_object(root, "tool");
	json_add_text(tool, "name", "vfio-doctor");
	json_add_text(tool, "version", VFIO_DOCTOR_VERSION);
	json_add_text(root, "trend",
		trend_name(d->trend == TREND_BETTER ? TREND_CHANGED : d->trend));
	add_both(root, "verdict", overall_name(d->old->overall),
		overall_name(d->new->overall));
	add_devices(root, d);
	add_findings(root, d);
	json_add_int(root, "decided", (int64_t)d->n_decided);
	json_add_int(root, "undecided", (int64_t)d->n_undecided);
	add_groups(root, d);
	add_lines(root, "command_line", d->words, d->n_words);
	add_files(root, d);
	add_values(root, d);
	json_add_int(root, "facts_seen", (int64_t)d->n_seen);
	json_add_int(root, "facts_unseen", (int64_t)d->n_unseen);
	json_add_bool(root, "two_machines", d->strangers);
	fputs(json_print(d->arena, root), out);
	json_free(root);
}
