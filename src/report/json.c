// SPDX-License-Identifier: GPL-2.0-or-later
// The report for programs; docs/report.schema.json describes it.
#include "base/json.h"

#include <inttypes.h>

#include "report/monitored.h"
#include "report/report.h"

/* Absent keys are what is not known, null is what does not exist (design: three states).
 */
static void add_have_text(json *to, const char *key, struct snap_text t)
{
	if (t.have != HAVE_NOT)
		json_add_text(to, key, t.s);
}

static void add_known_text(json *to, const char *key, const char *text)
{
	if (text)
		json_add_text(to, key, text);
}

static void add_have_bool(json *to, const char *key, struct snap_bool b)
{
	if (b.have == HAVE_VALUE)
		json_add_bool(to, key, b.v);
	else if (b.have == HAVE_NONE)
		json_add_null(to, key);
}

static void add_fact(
	json *to, const char *key, const struct judgement *j, const char *name)
{
	struct facts *f = j->facts;
	const struct fact *fact = fact_of(f, f->scopes[SCOPE_HOST].v[0], name);

	if (fact->state != FACT_ABSENT)
		json_add_text(to, key, fact->state == FACT_VALUE ? fact->text : NULL);
}

static void add_head(json *root, const struct judgement *j, struct arena *a)
{
	const struct snapshot *s = j->facts->snap;

	json_add_text(root, "schema", "vfio-doctor/report/1");
	json *tool = json_add_object(root, "tool");
	json_add_text(tool, "name", "vfio-doctor");
	json_add_text(tool, "version", VFIO_DOCTOR_VERSION);
	json *source = json_add_object(root, "source");
	json_add_text(source, "kind", s->origin.kind ? s->origin.kind : "pasted");
	add_known_text(source, "collector", s->origin.tool);
	add_have_bool(source, "privileged", s->origin.privileged);
	add_have_bool(source, "redacted", s->origin.redacted);
	add_fact(source, "kernel", j, "kernel.release");
	add_known_text(source, "cpu", machine_cpu(a, s));
	add_known_text(source, "board", machine_board(a, s));
	add_have_text(source, "distribution", s->host.os_name);
	add_fact(source, "boot_loader", j, "boot.loader");
	add_fact(source, "initramfs", j, "initramfs.kind");
	json_add_text(root, "verdict", overall_name(j->overall));
}

static void add_summary(json *root, const struct summary *s)
{
	json *summary = json_add_object(root, "summary");

	json_add_int(summary, "blocker", (int64_t)s->blocker);
	json_add_int(summary, "warning", (int64_t)s->warning);
	json_add_int(summary, "note", (int64_t)s->note);
	json_add_int(summary, "unknown", (int64_t)s->unknown);
	json_add_int(summary, "pass", (int64_t)s->pass);
	json_add_int(summary, "not_applicable", (int64_t)s->not_applicable);
}

static void add_prerequisites(json *root, const struct judgement *j)
{
	json *rows = json_add_array(root, "prerequisites");

	for (size_t i = 0; i < N_PREREQS; i++) {
		const struct prerequisite_row *row = &j->prerequisites[i];
		json *to = json_add_object(rows, NULL);
		json_add_text(to, "id", prerequisite_id(row->id));
		json_add_text(to, "title", prerequisite_title(row->id));
		json_add_text(to, "verdict", row_verdict_name(row->verdict));
		json_add_text(to, "message", row->message ? row->message : "");
	}
}

static void add_pair(json *to, const char *key, struct arena *a, struct snap_hex one,
	struct snap_hex two)
{
	if (one.have == HAVE_NONE || two.have == HAVE_NONE)
		json_add_null(to, key);
	else
		add_known_text(to, key, pair_text(a, one, two));
}

static void add_names(json *to, struct arena *a, const struct snap_pci *raw)
{
	const char *vendor = snap_str(raw->vendor_name),
		   *device = snap_str(raw->device_name);

	if (raw->vendor_name.have == HAVE_NOT && raw->device_name.have == HAVE_NOT)
		return;
	if (vendor && device)
		json_add_text(to, "name", arena_printf(a, "%s %s", vendor, device));
	else
		json_add_text(to, "name", device ? device : vendor);
}

static void add_raw(json *to, struct arena *a, const struct snap_pci *raw)
{
	if (raw->class_code.have == HAVE_VALUE)
		json_add_text(to, "class",
			arena_printf(a, "0x%06" PRIx64, raw->class_code.v & 0xffffff));
	add_pair(to, "id", a, raw->vendor, raw->device);
	add_pair(to, "subsystem", a, raw->subvendor, raw->subdevice);
	add_names(to, a, raw);
	add_have_text(to, "driver", raw->driver);
}

static void add_group(json *to, const struct fn *fn)
{
	if (fn->group)
		json_add_int(to, "group", fn->group->id);
	else if (fn->raw && fn->raw->iommu_group.have == HAVE_NONE)
		json_add_null(to, "group");
}

static void add_causes(json *to, const struct device_judgement *d)
{
	json *causes = json_add_array(to, "causes");

	for (size_t i = 0; i < d->n_causes; i++) {
		bool known = false;
		for (size_t k = 0; k < i && !known; k++)
			known = d->causes[k]->rule == d->causes[i]->rule;
		if (!known)
			json_add_text(causes, NULL, d->causes[i]->rule->id);
	}
}

static void add_devices(json *root, const struct judgement *j, struct arena *a)
{
	json *devices = json_add_array(root, "devices");

	for (size_t i = 0; i < j->n_devices; i++) {
		const struct device_judgement *d = &j->devices[i];
		json *to = json_add_object(devices, NULL);
		json_add_text(to, "address", d->fn->addr);
		if (d->fn->raw)
			add_raw(to, a, d->fn->raw);
		add_group(to, d->fn);
		json_add_text(to, "role", role_name(d->fn->role));
		json_add_text(to, "vfio", vfio_verdict_name(d->vfio));
		json_add_text(to, "verdict", device_verdict_name(d->verdict));
		json *set = json_add_array(to, "set");
		for (size_t k = 0; k < d->n_set; k++)
			json_add_text(set, NULL, d->set[k]->addr);
		add_causes(to, d);
	}
}

static void add_remedy(json *to, const struct finding *f)
{
	json *remedy = json_add_array(to, "remedy");

	for (size_t i = 0; i < f->n_choices; i++) {
		for (size_t k = 0; k < f->choices[i].n; k++) {
			const struct step *step = &f->choices[i].steps[k];
			for (size_t t = 0; t < step->n; t++) {
				json *row = json_add_object(remedy, NULL);
				json_add_int(row, "choice", (int64_t)i + 1);
				json_add_text(row, "kind", remedy_kind_name(step->kind));
				json_add_text(row, "text", step->texts[t]);
			}
		}
	}
}

/* That a rule about single functions does not arise for one of them is no news, and there are
 * as many of those as of all others: they are only counted. */
static bool is_listed(const struct finding *f)
{
	return f->verdict != VERDICT_NA || !f->subject || f->subject->host_wide;
}

/* The rules that explain a symptom where they fail, and which of them may still do. */
static void add_suspects(json *to, const struct finding *f)
{
	json *causes;

	if (!f->n_suspects)
		return;
	causes = json_add_array(to, "causes");
	for (size_t i = 0; i < f->n_suspects; i++) {
		const struct suspect *s = &f->suspects[i];
		json *row = json_add_object(causes, NULL), *missing;

		json_add_text(row, "rule", s->rule->id);
		json_add_text(row, "title", s->rule->title);
		json_add_text(row, "verdict", verdict_name(s->verdict));
		missing = json_add_array(row, "missing");
		for (unsigned k = 0; k < N_SOURCES; k++)
			if (s->missing >> k & 1)
				json_add_text(missing, NULL, source_name((enum source)k));
	}
}

static void add_finding(json *findings, struct arena *a, const struct finding *f)
{
	json *to = json_add_object(findings, NULL);

	json_add_text(to, "rule", f->rule->id);
	json_add_text(to, "title", f->rule->title);
	json_add_text(to, "severity", severity_report_name(f->severity));
	json_add_text(to, "verdict", verdict_name(f->verdict));
	json_add_text(to, "subject", f->subject ? f->subject->key : NULL);
	json_add_text(to, "message", f->message ? f->message : "");
	if (f->holds)
		json_add_bool(to, "holds", true);
	if (f->waived)
		json_add_text(to, "waived", f->waived->reason);
	json *evidence = json_add_array(to, "evidence");
	for (const struct origin *o = f->evidence; o; o = o->next) {
		json *row = json_add_object(evidence, NULL);
		json_add_text(row, "source", o->source ? o->source : "");
		json_add_text(row, "text", o->text ? o->text : "");
	}
	add_remedy(to, f);
	json *follows = json_add_array(to, "follows");
	for (size_t i = 0; i < f->n_follows; i++)
		json_add_text(follows, NULL, finding_name(a, f->follows[i]));
	add_suspects(to, f);
	json *references = json_add_array(to, "references");
	bool fails = f->verdict == VERDICT_FAIL;
	for (size_t i = 0; fails && i < f->rule->n_references; i++)
		json_add_text(references, NULL, f->rule->references[i]);
}

static void add_collection(json *root, const struct snapshot *s)
{
	json *collection = json_add_object(root, "collection");

	for (unsigned i = 0; i < N_SOURCES; i++) {
		enum source source = (enum source)i;
		enum source_status status = snapshot_status(s, source);
		if (status == STATUS_MISSING)
			continue;
		json *to = json_add_object(collection, source_name(source));
		json_add_text(to, "status", source_status_name(status));
		json_add_text(to, "reason", snapshot_reason(s, source));
	}
}

static void add_waivers(json *root, const struct judgement *j)
{
	json *waivers = json_add_array(root, "waivers");

	for (size_t i = 0; i < j->waivers->n; i++) {
		const struct waiver *w = &j->waivers->v[i];
		json *to = json_add_object(waivers, NULL);
		json_add_text(to, "rule", w->rule);
		if (w->subject)
			json_add_text(to, "subject", w->subject);
		json_add_text(to, "reason", w->reason);
		json_add_int(to, "findings", (int64_t)j->n_waived[i]);
	}
}

static void add_baseline(json *root, const struct diff *since, struct arena *a)
{
	json *baseline = json_add_object(root, "baseline");
	size_t n;
	const char **worse = baseline_worse(since, a, &n);

	json_add_text(baseline, "verdict", overall_name(since->old->overall));
	json_add_text(baseline, "trend", trend_name(since->trend));
	json_add_texts(baseline, "worse", worse, n);
}

static json *build(const struct judgement *j, struct arena *a, const char *file,
	const struct diff *since)
{
	json *root = json_new_object();

	if (file)
		json_add_text(root, "file", file);
	add_head(root, j, a);
	add_summary(root, &j->summary);
	add_prerequisites(root, j);
	add_devices(root, j, a);
	json *findings = json_add_array(root, "findings");
	for (size_t i = 0; i < j->n; i++)
		if (is_listed(&j->findings[i]))
			add_finding(findings, a, &j->findings[i]);
	if (j->waivers && j->waivers->n)
		add_waivers(root, j);
	if (since)
		add_baseline(root, since, a);
	add_collection(root, j->facts->snap);
	return root;
}

void report_json(
	const struct judgement *j, const struct report_options *options, FILE *out)
{
	struct arena *a = arena_new();
	json *root = build(j, a, NULL, options->since);

	fputs(json_print(a, root), out);
	json_free(root);
	arena_free(a);
}

static void print_line(json *root, struct arena *a, FILE *out)
{
	fputs(json_print_compact(a, root), out);
	fputc('\n', out);
	json_free(root);
	arena_free(a);
}

void report_json_line(const struct judgement *j, const char *file, FILE *out)
{
	struct arena *a = arena_new();

	print_line(build(j, a, file, NULL), a, out);
}

void report_json_error(
	const char *file, size_t line, size_t column, const char *message, FILE *out)
{
	struct arena *a = arena_new();
	json *root = json_new_object();

	json_add_text(root, "file", file);
	json_add_text(root, "schema", "vfio-doctor/error/1");
	json *error = json_add_object(root, "error");
	if (line) {
		json_add_int(error, "line", (int64_t)line);
		json_add_int(error, "column", (int64_t)column);
	}
	json_add_text(error, "message", message);
	print_line(root, a, out);
}
