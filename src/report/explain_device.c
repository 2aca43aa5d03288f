// SPDX-License-Identifier: GPL-2.0-or-later
// `explain BDF`: one function of this machine, its group and why the group is what it is.
#include "report/report.h"

#include <string.h>

#include "base/columns.h"
#include "facts/isolation.h"
#include "facts/topology.h"
#include "report/explain_parts.h"
#include "report/sections.h"

/*
 * A line of "The device itself": what is asked, and the fact that answers. What there is none
 * of is left out, unless NONE says so in words; a bool tells only if it is true. QUIET: that
 * it is not known is no news (the tables of the other maker, the bytes of a ROM).
 */
struct trait {
	const char *label, *fact, *none;
	bool quiet;
};
static const struct trait traits[] = {
	{ .label = "set aside by", .fact = "claim.by", .none = "nothing" },
	{ .label = "ID for vfio-pci", .fact = "bind.id" },
	{ .label = "loads before it", .fact = "bind.race" },
	{ .label = "reset", .fact = "reset.methods", .none = "none" },
	{ .label = "resets badly", .fact = "reset.family" },
	{ .label = "power state", .fact = "power.state" },
	{ .label = "does not answer", .fact = "power.lost" },
	{ .label = "BAR, no address", .fact = "bars.unassigned" },
	{ .label = "largest BAR", .fact = "bars.wide" },
	{ .label = "resizable BAR", .fact = "rebar.sizes", .quiet = true },
	{ .label = "ROM", .fact = "rom.state" },
	{ .label = "images in it", .fact = "rom.images", .quiet = true },
	{ .label = "boot display", .fact = "boot-display" },
	{ .label = "monitors", .fact = "monitors" },
	{ .label = "framebuffer of", .fact = "fb.owner" },
	{ .label = "INTx only", .fact = "intx.only" },
	{ .label = "lanes", .fact = "link.narrow", .quiet = true },
	{ .label = "NUMA node", .fact = "numa.node" },
	{ .label = "outside the case", .fact = "external", .quiet = true },
	{ .label = "VFs enabled", .fact = "vf-count" },
	{ .label = "VF of", .fact = "vf.parent" },
	{ .label = "VT-d unit", .fact = "dmar.unit", .quiet = true },
	{ .label = "IOMMU", .fact = "table-unit", .quiet = true },
};

enum { LABEL_WIDTH = 18 };

static void put_identity(
	struct report_model *m, const struct fn *fn, const struct page *p)
{
	struct arena *a = m->arena;
	const char *pair = pair_text(a, fn->raw->vendor, fn->raw->device);
	const char *driver = snap_str(fn->raw->driver);
	struct strbuf b = { 0 };

	strbuf_addf(&b, "%s %s", fn->addr, fn->label);
	if (pair && !strstr(fn->label, pair))
		strbuf_addf(&b, " [%s]", pair);
	paint(p->out, p->colour, TONE_STRONG, strbuf_text(&b));
	strbuf_add_char(p->out, '\n');
	strbuf_truncate(&b, 0);
	strbuf_add(&b, fn->what);
	if (fn->raw->driver.have != HAVE_NOT)
		strbuf_addf(&b, " · driver %s", driver ? driver : "none");
	if (fn->group)
		strbuf_addf(&b, " · IOMMU group %lld", (long long)fn->group->id);
	else if (fn->raw->iommu_group.have == HAVE_NONE)
		strbuf_add(&b, " · no IOMMU group");
	page_line(p, 0, strbuf_text(&b));
	strbuf_free(&b);
}

static void put_answer(struct report_model *m, const struct fn *fn, const struct page *p)
{
	page_heading(p, "Can it be handed to a guest?");
	for (size_t i = 0; i < m->n_answers; i++) {
		const struct answer *a = &m->answers[i];

		if (a->device->fn != fn)
			continue;
		strbuf_repeat(p->out, ' ', p->indent);
		paint(p->out, p->colour, a->tone, a->word);
		size_t at = p->indent + text_width(a->word) + 2;
		strbuf_add(p->out, "  ");
		text_wrap(p->out, a->because, at, at, p->width);
		if (a->along)
			page_line(p, 0, a->along);
	}
}

static void put_members(struct facts *f, const struct prediction *predicted,
	const struct fn *fn, const struct page *p)
{
	const struct group *g = fn->group;

	for (size_t i = 0; g && i < g->n; i++)
		page_labelled(p, 0, TONE_PLAIN, "-", 2, fn_describe(f, g->members[i]));
	if (g)
		return;
	for (size_t i = 0; predicted->known == TRI_TRUE && i < predicted->n; i++)
		page_labelled(
			p, 0, TONE_PLAIN, "-", 2, fn_describe(f, predicted->members[i]));
}

static void put_path(
	struct report_model *m, const struct isolation *why, const struct page *p)
{
	struct table t = { .n_columns = 2, .gives_way = 1 };

	for (size_t i = 0; i < why->n_path; i++) {
		struct cell *cells = table_add(m->arena, &t);

		cells[0].text = why->path[i].fn->short_addr;
		cells[1].text = why->path[i].text;
	}
	if (t.n < 2)
		return;
	page_line(p, 0, "From the function up to the root bus:");
	table_print(&t, p->out, p->indent + 2, p->width, p->colour);
}

/* What the kernel made, held against what the hardware shows. */
static const char *compared(const struct fn *fn, const struct prediction *predicted)
{
	if (predicted->known == TRI_UNKNOWN && !fn->group)
		return "That cannot be told: not all of configuration space was readable.";
	if (predicted->known == TRI_FALSE && !fn->group)
		return "In none: no IOMMU covers it.";
	if (predicted->known == TRI_UNKNOWN)
		return "Whether hardware explains this group cannot be told: not all of "
		       "configuration space was readable.";
	if (predicted->supposed && predicted->known == TRI_TRUE)
		return "No IOMMU is at work, so there are no groups yet; with one, these "
		       "functions would be one group.";
	if (predicted->same == TRI_TRUE && fn->group)
		return "This is what the kernel's rules make of this hardware.";
	if (predicted->same == TRI_FALSE)
		return "The kernel's own group is another one than its rules make of this "
		       "hardware.";
	return NULL;
}

static void put_group(struct report_model *m, const struct fn *fn, const struct page *p)
{
	struct facts *f = m->j->facts;
	const struct isolation *why = isolation_of(f, fn);
	const char *verdict = compared(fn, why->prediction);

	page_heading(p,
		fn->group ? arena_printf(m->arena, "Why IOMMU group %lld is what it is",
				    (long long)fn->group->id)
			  : "Which IOMMU group it would be in");
	put_members(f, why->prediction, fn, p);
	for (size_t i = 0; i < why->n_reasons; i++)
		page_line(p, 0, why->reasons[i].text);
	if (verdict)
		page_line(p, 0, verdict);
	put_path(m, why, p);
	if (why->n_changes)
		page_line(p, 0, "What would change it:");
	for (size_t i = 0; i < why->n_changes; i++)
		page_labelled(p, 0, TONE_PLAIN, "-", 2, why->changes[i].text);
}

/* NULL: there is nothing to say. */
static const char *trait_text(
	struct report_model *m, const struct trait *trait, const struct fact *fact)
{
	if (fact->state == FACT_ABSENT)
		return "?";
	if (fact->state == FACT_NONE || (fact->type == FACT_LIST && !fact->n))
		return trait->none;
	if (fact->type == FACT_BOOL)
		return fact->b ? "yes" : NULL;
	return fact_in_words(m->arena, fact);
}

static void put_traits(struct report_model *m, const struct fn *fn, const struct page *p)
{
	struct facts *f = m->j->facts;
	const struct subject *s = fn->target ? fn->target : fn->device;
	struct strbuf unknown = { 0 };

	page_heading(p, "The device itself");
	for (size_t i = 0; i < sizeof traits / sizeof traits[0]; i++) {
		enum link link;
		const struct fact_row *row =
			fact_resolve(s->scope, traits[i].fact, &link);
		const struct fact *fact = row ? fact_get(f, s, row, link) : NULL;
		const char *text = fact ? trait_text(m, &traits[i], fact) : NULL;

		if (text_equal(text, "?") && traits[i].quiet)
			continue;
		if (text_equal(text, "?"))
			strbuf_addf(&unknown, "%s%s", unknown.len ? ", " : "",
				traits[i].label);
		else if (text)
			page_labelled(
				p, 0, TONE_FAINT, traits[i].label, LABEL_WIDTH, text);
	}
	if (unknown.len)
		page_labelled(p, 0, TONE_FAINT, "not known", LABEL_WIDTH,
			strbuf_text(&unknown));
	strbuf_free(&unknown);
}

/* Is it about FN, or about what goes along? */
static bool concerns(const struct subject *s, const struct fn *fn)
{
	if (!s || s->host_wide)
		return false;
	return s->fn     ? s->fn == fn
		: s->set ? fn_among(fn, s->set->members, s->set->n)
			 : !s->group || s->group == fn->group;
}

/* Of the notes those about this device: the others stand in the audit. */
static void keep_own_remarks(struct report_model *m, const struct fn *fn)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_remarks; i++)
		if (m->remarks[i].finding->bears &&
			concerns(m->remarks[i].finding->subject, fn))
			m->remarks[n++] = m->remarks[i];
	m->n_remarks = n;
}

static void put_findings(
	struct report_model *m, const struct fn *fn, const struct page *p)
{
	keep_own_remarks(m, fn);
	if (m->n_problems)
		page_heading(p, "What is in the way");
	for (size_t i = 0; i < m->n_problems; i++)
		section_problem(m, &m->problems[i], p, true);
	if (m->n_remarks)
		page_heading(p, "Good to know");
	section_remarks(m, p);
	if (m->n_unseen)
		page_heading(p, "Not seen");
	section_unseen(m, p);
}

void explain_device(const struct judgement *j, const struct fn *fn,
	const struct report_options *options, FILE *out)
{
	struct report_model *m = model_new(j);
	struct strbuf b = { 0 };
	struct page page = { .out = &b,
		.width = page_width(options),
		.colour = options->colour,
		.indent = 2 };

	put_identity(m, fn, &page);
	if (fn->is_endpoint)
		put_answer(m, fn, &page);
	else
		explain_bridge(m, fn, &page);
	put_group(m, fn, &page);
	if (fn->is_endpoint) {
		put_traits(m, fn, &page);
		put_findings(m, fn, &page);
	}
	fputs(strbuf_text(&b), out);
	strbuf_free(&b);
	model_free(m);
}
