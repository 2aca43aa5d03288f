// SPDX-License-Identifier: GPL-2.0-or-later
// What all formats for people share: who is answered what, and which finding has which
// number.
#include "report/model.h"

#include <string.h>

#include "base/text.h"
#include "report/model_parts.h"

const struct finding *finding_root(const struct finding *f)
{
	return f->n_follows ? f->follows[0] : f;
}

const char *finding_name(struct arena *a, const struct finding *f)
{
	if (!f->subject)
		return f->rule->id;
	return arena_printf(a, "%s@%s", f->rule->id, f->subject->key);
}

const char *pair_text(struct arena *a, struct snap_hex one, struct snap_hex two)
{
	if (one.have != HAVE_VALUE || two.have != HAVE_VALUE)
		return NULL;
	return arena_printf(
		a, "%04x:%04x", (unsigned)(one.v & 0xffff), (unsigned)(two.v & 0xffff));
}

const struct answer *model_first_answer(
	const struct report_model *m, enum device_verdict verdict)
{
	for (size_t i = 0; i < m->n_answers; i++)
		if (m->answers[i].device->verdict == verdict)
			return &m->answers[i];
	return NULL;
}

size_t model_count_answers(const struct report_model *m, enum device_verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_answers; i++)
		n += m->answers[i].device->verdict == verdict;
	return n;
}

size_t model_number(const struct report_model *m, const struct finding *f)
{
	const struct rule *rule = finding_root(f)->rule;

	for (size_t i = 0; i < m->n_problems; i++)
		if (m->problems[i].rule == rule)
			return m->problems[i].number;
	return 0;
}

static void add_machine(struct report_model *m, const char *text)
{
	if (text)
		*arena_push(m->arena, m->machine, m->n_machine) = text;
}

static const char *host_text(const struct judgement *j, const char *name)
{
	struct facts *f = j->facts;
	const struct fact *fact = fact_of(f, f->scopes[SCOPE_HOST].v[0], name);

	return fact->state == FACT_VALUE ? fact->text : NULL;
}

const char *machine_loader(const char *loader)
{
	static const char *const titles[][2] = { { "grub", "GRUB" },
		{ "bls", "GRUB with boot loader entries" }, { "proxmox", "proxmox-boot" },
		{ "uki", "unified kernel image" }, { "nixos", "NixOS" },
		{ "sdbootutil", "entries of sdbootutil" }, { "refind", "rEFInd" } };

	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
		if (text_equal(loader, titles[i][0]))
			return titles[i][1];
	return text_equal(loader, "other") ? NULL : loader;
}

static void tell_machine(struct report_model *m)
{
	const struct snapshot *s = m->j->facts->snap;
	const char *kernel = host_text(m->j, "kernel.release");
	const char *loader = machine_loader(host_text(m->j, "boot.loader"));
	const char *initramfs = host_text(m->j, "initramfs.kind");

	add_machine(m, machine_cpu(m->arena, s));
	add_machine(m, machine_board(m->arena, s));
	if (kernel)
		add_machine(m, arena_printf(m->arena, "Linux %s", kernel));
	if (loader && initramfs)
		add_machine(m, arena_printf(m->arena, "%s, %s", loader, initramfs));
	else
		add_machine(m, loader ? loader : initramfs);
}

static bool is_problem(const struct finding *f)
{
	return f->verdict == VERDICT_FAIL && !f->n_follows &&
		f->severity >= SEVERITY_WARNING;
}

static struct problem *problem_of(struct report_model *m, const struct rule *rule)
{
	for (size_t i = 0; i < m->n_problems; i++)
		if (m->problems[i].rule == rule)
			return &m->problems[i];
	struct problem *p = arena_push(m->arena, m->problems, m->n_problems);
	p->rule = rule;
	p->severity = SEVERITY_WARNING;
	return p;
}

/* What the kernel refuses, what a sensible owner must not do, what warns. */
static int problem_pass(const struct problem *p)
{
	return p->severity == SEVERITY_REFUSED   ? 0
		: p->severity > SEVERITY_WARNING ? 1
						 : 2;
}

/* Blockers first; inside, the order of the findings: rank, id. */
static void number_problems(struct report_model *m)
{
	struct problem *sorted =
		arena_alloc(m->arena, (m->n_problems + 1) * sizeof *sorted);
	size_t n = 0;

	for (int pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < m->n_problems; i++)
			if (problem_pass(&m->problems[i]) == pass)
				sorted[n++] = m->problems[i];
		if (pass == 1)
			m->n_blockers = n;
	}
	for (size_t i = 0; i < n; i++)
		sorted[i].number = i + 1;
	m->problems = sorted;
}

static void add_folded(struct report_model *m, struct problem *p, const struct finding *f)
{
	for (size_t i = 0; i < p->n_folded; i++)
		if (p->folded[i] == f)
			return;
	*arena_push(m->arena, p->folded, p->n_folded) = f;
}

/* Snapshots are clean already; what is printed does not rest on that alone. */
static const char *clean(struct arena *a, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	return !n ? "" : text_is_clean(text, n) ? text : text_clean(a, text, n);
}

static void add_evidence(
	struct report_model *m, struct problem *p, const struct finding *f)
{
	for (const struct origin *o = f->evidence; o; o = o->next) {
		bool known = false;
		for (size_t i = 0; i < p->n_evidence && !known; i++)
			known = text_equal(p->evidence[i].source, o->source) &&
				text_equal(p->evidence[i].text, o->text);
		if (!known && o->source)
			*arena_push(m->arena, p->evidence, p->n_evidence) =
				(struct seen){ clean(m->arena, o->source),
					clean(m->arena, o->text) };
	}
}

static bool has_line(const struct howto *h, const char *text)
{
	for (size_t i = 0; i < h->n; i++)
		if (text_equal(h->v[i].text, text))
			return true;
	return false;
}

/* To do a part of a better choice is no choice of its own. */
static bool howto_within(const struct howto *part, const struct howto *whole)
{
	for (size_t i = 0; i < part->n; i++)
		if (!has_line(whole, part->v[i].text))
			return false;
	return true;
}

static void add_howto(struct report_model *m, struct problem *p,
	const struct howto_system *system, const struct edits *e)
{
	struct howto h = howto_make(m->arena, system, e);

	for (size_t i = 0; i < p->n_choices; i++)
		if (howto_within(&h, &p->choices[i]))
			return;
	if (h.n)
		*arena_push(m->arena, p->choices, p->n_choices) = h;
}

/* Something to type, which works whoever made the board. */
static bool can_be_typed(const struct finding *f)
{
	for (size_t i = 0; i < f->n_choices; i++)
		for (size_t k = 0; k < f->choices[i].n; k++)
			if (f->choices[i].steps[k].kind != REMEDY_HARDWARE &&
				f->choices[i].steps[k].kind != REMEDY_FIRMWARE)
				return true;
	return false;
}

/*
 * The k-th choices of all subjects are done together. The remedies of what follows are a
 * last resort (such as to accept unsafe interrupts): told only where the root itself
 * leaves nothing to type.
 */
static void add_choices(
	struct report_model *m, struct problem *p, const struct howto_system *system)
{
	size_t most = 0;

	for (size_t i = 0; i < p->n; i++)
		most = p->findings[i]->n_choices > most ? p->findings[i]->n_choices
							: most;
	for (size_t k = 0; k < most; k++) {
		struct edits e = { 0 };
		for (size_t i = 0; i < p->n; i++)
			if (k < p->findings[i]->n_choices)
				edits_add(m->arena, &e, &p->findings[i]->choices[k]);
		add_howto(m, p, system, &e);
	}
	for (size_t i = 0; i < p->n; i++)
		if (can_be_typed(p->findings[i]))
			return;
	for (size_t i = 0; i < p->n_folded; i++) {
		const struct finding *f = p->folded[i];
		for (size_t k = 0; !f->also && k < f->n_choices; k++) {
			struct edits e = { 0 };
			edits_add(m->arena, &e, &f->choices[k]);
			add_howto(m, p, system, &e);
		}
	}
}

static void collect_problems(struct report_model *m)
{
	const struct judgement *j = m->j;
	struct howto_system system = howto_system_of(j->facts);

	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];
		if (!is_problem(f))
			continue;
		struct problem *p = problem_of(m, f->rule);
		if (f->severity > p->severity)
			p->severity = f->severity;
		*arena_push(m->arena, p->findings, p->n) = f;
		add_evidence(m, p, f);
	}
	number_problems(m);
	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];
		size_t number = f->n_follows ? model_number(m, f) : 0;
		if (number && is_problem(f->follows[0]))
			add_folded(m, &m->problems[number - 1], f);
	}
	for (size_t i = 0; i < m->n_problems; i++) {
		struct problem *p = &m->problems[i];

		add_choices(m, p, &system);
		p->doubts = model_doubts(m, p->findings, p->n);
	}
}

struct problem model_problem_of(struct report_model *m, const struct finding *f)
{
	struct howto_system system = howto_system_of(m->j->facts);
	struct problem p = { .rule = f->rule, .severity = f->rule->severity };
	struct finding *as_if = arena_memdup(m->arena, f, sizeof *f);

	if (f->holds)
		as_if->n_choices = f->n_held_choices;
	*arena_push(m->arena, p.findings, p.n) = as_if;
	add_evidence(m, &p, f);
	add_choices(m, &p, &system);
	return p;
}

/* A refusal of what nobody would hand over: many a host bridge has no group. */
static bool is_idle(const struct finding *f)
{
	return !f->bears && f->rule->severity == SEVERITY_REFUSED && f->subject &&
		f->subject->fn && f->subject->fn->class_code >> 16 == 0x06;
}

/* Notes that stand for themselves; one line for each rule, those that bear on an answer
 * first. */
static void collect_remarks(struct report_model *m)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < m->j->n; i++) {
			const struct finding *f = &m->j->findings[i];
			if (f->verdict != VERDICT_FAIL || f->n_follows ||
				f->severity != SEVERITY_NOTE || f->bears != (pass == 0) ||
				is_idle(f) || f->waived)
				continue;
			bool known = false;
			for (size_t k = 0; k < m->n_remarks && !known; k++) {
				known = m->remarks[k].finding->rule == f->rule;
				m->remarks[k].more += known;
			}
			if (!known)
				*arena_push(m->arena, m->remarks, m->n_remarks) =
					(struct remark){ f, 0, model_doubts(m, &f, 1) };
		}
	}
}

static void tell_checks(struct report_model *m)
{
	static const struct {
		const char *word;
		enum tone tone;
	} words[] = {
		[ROW_PASS] = { "ok", TONE_GOOD },
		[ROW_WARNING] = { "warn", TONE_WARN },
		[ROW_FAIL] = { "FAIL", TONE_BAD },
		[ROW_UNKNOWN] = { "?", TONE_WARN },
		[ROW_NA] = { "-", TONE_PLAIN },
	};

	for (size_t i = 0; i < N_PREREQS; i++) {
		const struct prerequisite_row *row = &m->j->prerequisites[i];
		struct check *c = &m->checks[i];
		size_t number = 0;

		if (row->finding &&
			(row->verdict == ROW_FAIL || row->verdict == ROW_WARNING))
			number = model_number(m, row->finding);
		c->word = words[row->verdict].word;
		c->tone = words[row->verdict].tone;
		c->title = prerequisite_title(row->id);
		c->message = number    ? arena_printf(m->arena, "see (%zu)", number)
			: row->message ? row->message
				       : "";
		if (row->verdict == ROW_UNKNOWN)
			c->message = "not decided; see \"Not seen\"";
	}
}

/* The command that tells most from here: what is wrong, what to configure, or what a rule
 * means. */
static const char *what_next(const struct report_model *m)
{
	if (m->n_problems)
		return arena_printf(
			m->arena, "vfio-doctor explain %s", m->problems[0].rule->id);
	for (size_t i = 0; i < m->n_answers; i++)
		if (m->answers[i].device->verdict == DEVICE_ASSIGNABLE)
			return arena_printf(m->arena, "vfio-doctor plan --guest %s",
				m->answers[i].slot);
	return "vfio-doctor explain RULE";
}

/* Counts rules, not findings: a reader has as many things to do as there are numbers, and
 * a check that no device passed by is one check. The findings of a rule stand together. */
static void tell_summary(struct report_model *m)
{
	const struct judgement *j = m->j;
	size_t counts[VERDICT_FAIL + 1] = { 0 };
	struct strbuf b = { 0 };

	for (size_t i = 0, next; i < j->n; i = next) {
		enum verdict worst = VERDICT_NA;
		for (next = i;
			next < j->n && j->findings[next].rule == j->findings[i].rule;
			next++)
			if (j->findings[next].verdict > worst)
				worst = j->findings[next].verdict;
		counts[worst]++;
	}
	if (m->n_problems)
		strbuf_addf(&b, "%zu to fix, ", m->n_problems);
	else
		strbuf_add(&b, "nothing found to fix, ");
	strbuf_addf(&b, "%zu unknown, %zu fine.", counts[VERDICT_UNKNOWN],
		counts[VERDICT_PASS]);
	m->summary = strbuf_finish(&b, m->arena);
	m->more = what_next(m);
}

struct report_model *model_new(const struct judgement *j)
{
	struct arena *a = arena_new();
	struct report_model *m = arena_new_object(a, struct report_model);

	m->arena = a;
	m->j = j;
	tell_machine(m);
	collect_problems(m);
	collect_remarks(m);
	model_tell_answers(m);
	tell_checks(m);
	model_choose_devices(m);
	model_group_unseen(m);
	tell_summary(m);
	return m;
}

void model_free(struct report_model *m)
{
	if (m)
		arena_free(m->arena);
}
