// SPDX-License-Identifier: GPL-2.0-or-later
// A plan for programs; docs/plan.schema.json describes it.
#include "base/json.h"

#include "report/plan_report.h"

static void add_system(json *root, const struct plan *p)
{
	json *to = json_add_object(root, "system");

	json_add_text(to, "distribution", snap_str(p->j->facts->snap->host.os_name));
	json_add_text(to, "boot_loader", p->system.loader);
	json_add_text(to, "command_line_file", p->system.config);
	json_add_text(to, "initramfs", p->system.initramfs);
}

static void add_functions(json *root, const struct plan *p)
{
	json *list = json_add_array(root, "functions");

	for (size_t i = 0; i < p->n_functions; i++)
		json_add_text(list, NULL, p->functions[i]->addr);
}

static void add_edits(json *to, const struct plan_step *s)
{
	json *list = json_add_array(to, "edits");

	for (size_t i = 0; i < s->edits.n; i++) {
		const struct file_edit *e = &s->edits.v[i];
		json *edit = json_add_object(list, NULL);

		json_add_text(edit, "path", e->path);
		if (e->line)
			json_add_int(edit, "line", (int64_t)e->line);
		else
			json_add_null(edit, "line");
		json_add_text(edit, "old", e->old);
		json_add_text(edit, "new", e->text);
		json_add_bool(edit, "new_file", e->is_new);
	}
}

static void add_steps(json *root, const struct plan *p)
{
	json *list = json_add_array(root, "steps");

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		json *to = json_add_object(list, NULL);

		json_add_text(to, "kind", plan_kind_name(s->kind));
		json_add_text(to, "title", plan_kind_title(s->kind));
		json_add_texts(to, "why", s->why.s, s->why.n);
		json_add_texts(to, "cautions", s->cautions.s, s->cautions.n);
		json_add_texts(to, "leave", s->leave.s, s->leave.n);
		add_edits(to, s);
		json *say = json_add_array(to, "instructions");
		for (size_t k = 0; k < s->say.n; k++) {
			json *line = json_add_object(say, NULL);
			json_add_text(line, "text", s->say.v[k].text);
			json_add_bool(line, "verbatim", s->say.v[k].verbatim);
		}
		json_add_texts(to, "commands", s->commands.s, s->commands.n);
	}
}

static void add_guests(json *root, const struct plan *p)
{
	json *list = json_add_array(root, "guests");

	for (size_t i = 0; i < p->n_guests; i++) {
		json *to = json_add_object(list, NULL);

		json_add_text(to, "manager", p->guests[i].manager);
		json_add_text(to, "where", p->guests[i].where);
		json_add_texts(to, "lines", p->guests[i].lines.s, p->guests[i].lines.n);
	}
}

void plan_json(const struct plan *p, const struct report_options *options, FILE *out)
{
	json *root = json_new_object();

	(void)options;
	json_add_text(root, "schema", "vfio-doctor/plan/1");
	json *tool = json_add_object(root, "tool");
	json_add_text(tool, "name", "vfio-doctor");
	json_add_text(tool, "version", VFIO_DOCTOR_VERSION);
	add_system(root, p);
	add_functions(root, p);
	json_add_texts(root, "general", p->general.s, p->general.n);
	json_add_texts(root, "undecided", p->open.s, p->open.n);
	add_steps(root, p);
	add_guests(root, p);
	fputs(json_print(p->arena, root), out);
	json_free(root);
}
