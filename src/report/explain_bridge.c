// SPDX-License-Identifier: GPL-2.0-or-later
// A bridge explained: what is below it, and whether it keeps that apart.
#include "report/explain_parts.h"

#include "base/columns.h"
#include "facts/isolation.h"
#include "facts/pci_caps.h"
#include "facts/predict.h"

static bool is_below(const struct facts *f, const struct fn *fn, const struct fn *bridge)
{
	size_t steps = 0;

	/* As many steps as there are functions: a snapshot may hold a circle */
	while (fn->parent && fn->parent != bridge && steps++ < f->n_fns)
		fn = fn->parent;
	return fn->parent == bridge;
}

static const char *group_words(struct arena *a, const struct fn *fn)
{
	if (fn->group)
		return arena_printf(a, "IOMMU group %lld", (long long)fn->group->id);
	return fn->raw->iommu_group.have == HAVE_NONE ? "no IOMMU group" : "?";
}

static void put_below(
	struct report_model *m, const struct fn *bridge, const struct page *p)
{
	struct facts *f = m->j->facts;
	struct table t = { .n_columns = 2, .gives_way = 0 };

	for (size_t i = 0; i < f->n_fns; i++) {
		struct cell *cells;

		if (!f->fns[i].raw || !is_below(f, &f->fns[i], bridge))
			continue;
		cells = table_add(m->arena, &t);
		cells[0].text = fn_describe(f, &f->fns[i]);
		cells[1].text = group_words(m->arena, &f->fns[i]);
	}
	page_heading(p, "What is below it");
	if (!t.n)
		page_line(p, 0, "nothing that the kernel has found");
	table_print(&t, p->out, p->indent, p->width, p->colour);
}

static bool is_conventional(const struct fn *fn)
{
	int type = pcie_type(fn);

	return type == PCIE_TO_PCI_BRIDGE || type == PCIE_NONE;
}

static void put_isolation(
	struct report_model *m, const struct fn *fn, const struct page *p)
{
	struct facts *f = m->j->facts;
	const struct isolation *why = isolation_of(f, fn);
	enum tri isolates = predict_acs(f, fn)->isolates;
	const char *what = why->n_path ? why->path[0].text : "?";

	if (why->prediction->supposed)
		what = arena_printf(m->arena,
			"%s; the kernel switches ACS on only with an IOMMU", what);

	page_heading(p, "Does it keep apart what is below it?");
	if (is_conventional(fn))
		page_labelled(p, 0, TONE_WARN, "no", 5,
			arena_printf(m->arena,
				"%s: all that is below sends under one address, so it is one "
				"group",
				what));
	else if (isolates == TRI_TRUE)
		page_labelled(p, 0, TONE_GOOD, "yes", 5, what);
	else if (isolates == TRI_FALSE)
		page_labelled(p, 0, TONE_WARN, "no", 5,
			arena_printf(m->arena,
				"%s: what is below goes into one group with it, and with "
				"what else is in that",
				what));
	else
		page_labelled(p, 0, TONE_PLAIN, "?", 5, what);
}

void explain_bridge(struct report_model *m, const struct fn *fn, const struct page *p)
{
	page_heading(p, "Can it be handed to a guest?");
	page_labelled(p, 0, TONE_BAD, "NO", 4,
		"a bridge stays with the host: vfio-pci takes none. Ask about what is below "
		"it.");
	put_below(m, fn, p);
	put_isolation(m, fn, p);
}
