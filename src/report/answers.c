// SPDX-License-Identifier: GPL-2.0-or-later
// "Can a device be handed to a guest?": a word for each, why, and what goes along.
#include "report/model_parts.h"

#include <string.h>

#include "base/text.h"

enum {
	LIST_FIRST = 4,    /* a longer list ends in "and N more" */
	MOST_DISPLAYS = 4, /* displays that stay and still get a row */
};

/* Names in a row, at most LIST_FIRST of them. */
struct list {
	struct strbuf b;
	size_t n;
};

static void list_add(struct list *l, const char *text)
{
	if (l->n++ < LIST_FIRST)
		strbuf_addf(&l->b, "%s%s", l->n > 1 ? ", " : "", text);
}

static const char *list_finish(struct list *l, struct arena *a)
{
	if (l->n > LIST_FIRST)
		strbuf_addf(&l->b, " and %zu more", l->n - LIST_FIRST);
	return l->n ? strbuf_finish(&l->b, a) : NULL;
}

const char *title_as_clause(struct arena *a, const char *title)
{
	static const char *const names[] = { "Intel", "Xen", "Hyper-V", "Linux" };
	char *clause = arena_strdup(a, title);
	bool capital = clause[0] >= 'A' && clause[0] <= 'Z';

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		capital = capital && !text_starts(title, names[i]);
	if (capital &&
		((clause[1] >= 'a' && clause[1] <= 'z') ||
			(clause[0] == 'A' && clause[1] == ' ')))
		clause[0] = (char)(clause[0] - 'A' + 'a');
	return clause;
}

/* The blocker itself in plain words, and the number of its root. */
static const char *why_blocked(struct report_model *m, const struct device_judgement *d)
{
	struct strbuf b = { 0 };
	size_t numbers[LIST_FIRST] = { 0 }, n = 0, others = 0;
	const struct finding *first = NULL;

	for (size_t i = 0; i < d->n_causes; i++) {
		const struct finding *f = d->causes[i];
		size_t number = model_number(m, f);
		bool known = false;
		if (!first && f->rule->severity != SEVERITY_CAUSE)
			first = f;
		for (size_t k = 0; k < n && !known; k++)
			known = numbers[k] == number;
		if (known || !number)
			continue;
		if (n < LIST_FIRST)
			numbers[n++] = number;
		else
			others++;
	}
	if (!first && d->n_causes)
		first = d->causes[0];
	if (!first)
		return "";
	strbuf_add(&b, title_as_clause(m->arena, first->rule->title));
	size_t own = model_number(m, first);
	if (own)
		strbuf_addf(&b, " (%zu)", own);
	for (size_t i = 0, told = 0; i < n; i++)
		if (numbers[i] != own)
			strbuf_addf(&b, "%s (%zu)", told++ ? "," : "; also", numbers[i]);
	if (others)
		strbuf_add(&b, ", …");
	return strbuf_finish(&b, m->arena);
}

static const char *why_unknown(struct report_model *m, const struct device_judgement *d)
{
	struct list l = { 0 };
	const char *last = NULL;

	for (size_t i = 0; i < d->n_causes; i++) {
		const struct rule *rule = d->causes[i]->rule;
		if (rule->severity == SEVERITY_CAUSE || rule->id == last)
			continue;
		last = rule->id;
		list_add(&l, arena_printf(m->arena, "\"%s\"", rule->title));
	}
	size_t n = l.n;
	const char *open = list_finish(&l, m->arena);
	if (!open)
		return "not decided; see \"Not seen\"";
	if (n > LIST_FIRST)
		return arena_printf(m->arena,
			"not decided: %zu checks are open, see \"Not seen\"", n);
	return arena_printf(m->arena, "not decided: %s", open);
}

/* What must still be bound: the function itself, and all of its set on a host driver. */
static bool must_be_bound(const struct device_judgement *d, const struct fn *fn)
{
	return fn == d->fn ? fn->on_vfio != TRI_TRUE : fn->on_host_driver == TRI_TRUE;
}

static const char *what_to_bind(struct report_model *m, const struct device_judgement *d)
{
	struct list l = { 0 };

	for (size_t i = 0; i < d->n_set; i++)
		if (must_be_bound(d, d->set[i]))
			list_add(&l, fn_describe(m->j->facts, d->set[i]));
	const char *text = list_finish(&l, m->arena);
	return text ? arena_printf(m->arena, "bind to vfio-pci: %s", text)
		    : "not all of its set is bound to vfio-pci yet";
}

/* The first answer with the same set; NULL if it is this one. */
static const struct answer *told_before(
	const struct report_model *m, const struct device_judgement *d)
{
	for (size_t i = 0; i < m->n_answers; i++) {
		const struct device_judgement *other = m->answers[i].device;
		if (other != d && d->n_set > 1 && other->n_set == d->n_set &&
			other->set[0] == d->set[0])
			return &m->answers[i];
	}
	return NULL;
}

static void tell_verdict(struct report_model *m, struct answer *a)
{
	const struct answer *before = told_before(m, a->device);

	switch (a->device->verdict) {
	case DEVICE_BLOCKED:
		a->word = "NO";
		a->tone = TONE_BAD;
		a->because = why_blocked(m, a->device);
		break;
	case DEVICE_UNKNOWN:
		a->word = "?";
		a->tone = TONE_WARN;
		a->because = why_unknown(m, a->device);
		break;
	case DEVICE_READY:
		a->word = "yes";
		a->tone = TONE_GOOD;
		a->because = "set up: bound to vfio-pci";
		break;
	case DEVICE_ASSIGNABLE:
		a->word = "yes, after binding";
		a->tone = TONE_GOOD;
		a->because = before
			? arena_printf(m->arena, "together with %s", before->slot)
			: what_to_bind(m, a->device);
		break;
	case DEVICE_NONE:
		a->word = "--";
		a->because = "stays with the host";
		break;
	}
}

/* The set is told once, by the first answer that has it. */
static const char *who_goes_along(
	struct report_model *m, const struct device_judgement *d)
{
	struct list l = { 0 };

	const struct answer *before = told_before(m, d);

	if (d->n_set < 2 || (before && d->verdict == DEVICE_ASSIGNABLE))
		return NULL;
	if (before)
		return arena_printf(m->arena, "together with %s", before->slot);
	/* What the reason has named already is not named again. */
	for (size_t i = 0; i < d->n_set; i++)
		if (d->set[i] != d->fn &&
			!(d->verdict == DEVICE_ASSIGNABLE && must_be_bound(d, d->set[i])))
			list_add(&l, fn_describe(m->j->facts, d->set[i]));
	const char *text = list_finish(&l, m->arena);
	return text ? arena_printf(m->arena, "goes along: %s", text) : NULL;
}

/* A display is known by its name, a companion rather by what it is. */
static const char *short_name(struct report_model *m, const struct fn *fn)
{
	if (!fn->raw)
		return "?";
	if (fn->is_display || !fn->what || !*fn->what || text_equal(fn->what, "other"))
		return fn->label;
	return arena_printf(m->arena, "%s %s", fn->what, fn->label);
}

static void add_answer(struct report_model *m, const struct device_judgement *d)
{
	const struct fn *fn = d->fn;
	struct answer a = {
		.device = d, .slot = fn->short_addr, .name = short_name(m, fn)
	};

	tell_verdict(m, &a);
	a.along = who_goes_along(m, d);
	*arena_push(m->arena, m->answers, m->n_answers) = a;
}

/* The display that the host keeps has a row too: it is the one that people ask about. */
static void add_kept_display(struct report_model *m, const struct device_judgement *d)
{
	const struct fn *fn = d->fn;
	bool booted =
		fn->raw && fn->raw->boot_vga.have == HAVE_VALUE && fn->raw->boot_vga.v;
	const char *because = "stays with the host";

	if (fn->on_vfio == TRI_TRUE)
		because = "on vfio-pci already, but not asked about";
	else if (fn->role == ROLE_HOST && booted)
		because = "the host's own display (the firmware booted on it)";
	else if (fn->role == ROLE_HOST)
		because = "the host's own display";
	*arena_push(m->arena, m->answers, m->n_answers) = (struct answer){ .device = d,
		.slot = fn->short_addr,
		.name = fn->label,
		.word = "--",
		.because = because };
}

void model_tell_answers(struct report_model *m)
{
	const struct judgement *j = m->j;
	size_t kept = 0;

	if (!j->facts->has_targets && j->facts->n_handovers)
		m->what_if = "what if one were, each by itself:";
	if (!j->facts->has_targets)
		m->heading = "no device is set aside for a guest; name one with --guest";
	for (size_t i = 0; i < j->n_devices; i++)
		if (j->devices[i].verdict != DEVICE_NONE)
			add_answer(m, &j->devices[i]);
	for (size_t i = 0; i < j->n_devices; i++)
		if (j->devices[i].verdict == DEVICE_NONE &&
			j->devices[i].fn->is_display && kept++ < MOST_DISPLAYS)
			add_kept_display(m, &j->devices[i]);
}
