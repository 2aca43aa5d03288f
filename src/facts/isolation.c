// SPDX-License-Identifier: GPL-2.0-or-later
// Why a function's IOMMU group is what it is, in words, and what would change it.
#include "facts/isolation.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/aliases.h"
#include "facts/cmdline.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

enum {
	MAX_REASONS = 6,
	MAX_STEPS = 64, /* deeper trees have no meaning for a reader */
	AMD = 0x1022,
};

/* A list of functions: a group of the kernel, or a predicted one. */
struct members {
	const struct fn *const *v;
	size_t n;
};

static bool is_member(const struct members *m, const struct fn *fn)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i] == fn)
			return true;
	}
	return false;
}

static const char *type_words(const struct fn *fn, int type)
{
	switch (type) {
	case PCIE_ROOT_PORT:
		return "root port";
	case PCIE_UPSTREAM_PORT:
		return "upstream port of a switch";
	case PCIE_DOWNSTREAM_PORT:
		return "downstream port of a switch";
	case PCIE_TO_PCI_BRIDGE:
		return "bridge from PCI Express to conventional PCI";
	case PCI_TO_PCIE_BRIDGE:
		return "bridge from conventional PCI to PCI Express";
	case PCIE_ROOT_ENDPOINT:
		return "endpoint inside the processor or chipset";
	case PCIE_NONE:
		return fn->is_endpoint ? "conventional PCI function"
				       : "conventional PCI bridge";
	case PCIE_UNKNOWN:
		return fn->is_endpoint ? "endpoint" : "bridge";
	default:
		return fn->is_endpoint ? "endpoint" : "bridge";
	}
}

/* Is another function of its slot in the group, and not isolated from it? */
static bool shares_slot(struct facts *f, const struct members *m, const struct fn *fn)
{
	if (predict_acs(f, fn)->multi != TRI_TRUE)
		return false;
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i] != fn && fn_same_slot(fn, m->v[i]) &&
			predict_acs(f, m->v[i])->isolates == TRI_FALSE)
			return true;
	}
	return false;
}

static struct reason open_port(
	struct facts *f, const struct members *m, const struct fn *port)
{
	const struct acs *acs = predict_acs(f, port);
	const char *what = type_words(port, acs->type);
	const char *slot = shares_slot(f, m, port)
		? ", and one of several functions of its slot"
		: "";

	if (acs->has == TRI_TRUE)
		return (struct reason){ REASON_ACS_OFF, port,
			arena_printf(f->arena,
				"ACS of %s (%s) is there but not switched on (%s)",
				port->short_addr, what, acs_bits(f, acs_lacking(acs))) };
	if (acs->type != PCIE_NONE && acs->reachable == TRI_FALSE)
		return (struct reason){ REASON_UNREACHABLE, port,
			arena_printf(f->arena,
				"the kernel cannot reach the extended configuration "
				"space of %s (%s), so it sees no ACS there",
				port->short_addr, what) };
	return (struct reason){ REASON_OPEN_PORT, port,
		arena_printf(f->arena, "%s is a%s %s without ACS%s", port->short_addr,
			strchr("aeiou", what[0]) ? "n" : "", what, slot) };
}

static struct reason conventional(struct facts *f, const struct fn *bridge)
{
	bool express = predict_acs(f, bridge)->type != PCIE_NONE;

	return (struct reason){ REASON_CONVENTIONAL, bridge,
		arena_printf(f->arena,
			express ? "%s bridges PCI Express to conventional PCI, where all "
				  "functions send under one address"
				: "%s is a conventional PCI bridge, behind which all "
				  "functions send under one address",
			bridge->short_addr) };
}

static struct reason slot(struct facts *f, const struct fn *a, const struct fn *b)
{
	const char *why = predict_acs(f, a)->type == PCIE_NONE ||
			predict_acs(f, b)->type == PCIE_NONE
		? "they are conventional PCI"
		: "they have no ACS";
	uint16_t lacking =
		acs_lacking(predict_acs(f, a)) | acs_lacking(predict_acs(f, b));

	if (lacking)
		why = arena_printf(f->arena, "their ACS is not switched on (%s)",
			acs_bits(f, lacking));
	return (struct reason){ REASON_SLOT, b,
		arena_printf(f->arena, "%s and %s are functions of one slot, and %s",
			b->short_addr, a->short_addr, why) };
}

/* Why FN joined, in words; KIND is N_REASON_KINDS if there is nothing to say. */
static struct reason joined(struct facts *f, const struct members *m, const struct fn *fn)
{
	const struct join *join = predict_join(f, fn);

	if (join->kind == JOIN_NONE || !is_member(m, join->with))
		return (struct reason){ .kind = N_REASON_KINDS };
	switch (join->kind) {
	case JOIN_VMD:
		return (struct reason){ REASON_VMD, join->culprit,
			arena_printf(f->arena,
				"%s is Intel's volume management device, and all that "
				"is behind it sends under its address",
				join->culprit->short_addr) };
	case JOIN_CONVENTIONAL:
		return conventional(f, join->culprit);
	case JOIN_OPEN:
		return open_port(f, m, join->culprit);
	case JOIN_SLOT:
		return slot(f, fn, join->culprit);
	case JOIN_ALIAS:
		return (struct reason){ REASON_ALIAS, fn,
			arena_printf(f->arena, "%s and %s send under one requester ID",
				fn->short_addr, join->culprit->short_addr) };
	case JOIN_NONE:
		break;
	}
	return (struct reason){ .kind = N_REASON_KINDS };
}

/* Collects reasons, each culprit once. */
struct gathering {
	struct facts *f;
	const struct members *m;
	struct reason *v;
	size_t n;
};

static bool is_said(const struct gathering *g, const struct reason *r)
{
	for (size_t i = 0; i < g->n; i++) {
		if (g->v[i].kind == r->kind && g->v[i].culprit == r->culprit)
			return true;
		/* Ports of one slot: the first one speaks for all of them */
		if ((r->kind == REASON_SLOT || g->v[i].kind == r->kind) &&
			g->v[i].culprit && !r->culprit->is_endpoint &&
			fn_same_slot(g->v[i].culprit, r->culprit))
			return true;
	}
	return false;
}

static void gather(struct gathering *g, const struct fn *fn)
{
	struct reason r = joined(g->f, g->m, fn);

	if (r.kind != N_REASON_KINDS && g->n < MAX_REASONS && !is_said(g, &r))
		*arena_push(g->f->arena, g->v, g->n) = r;
}

static void sort_reasons(struct reason *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		for (size_t j = i; j > 0 && v[j].kind < v[j - 1].kind; j--) {
			struct reason r = v[j];

			v[j] = v[j - 1];
			v[j - 1] = r;
		}
	}
}

/* The function's own way first, from the root down; then why the others are there. */
static struct gathering gather_all(
	struct facts *f, const struct members *m, const struct fn *own)
{
	struct gathering g = { .f = f, .m = m };
	const struct fn *way[MAX_STEPS];
	size_t n = 0;

	for (const struct fn *fn = own; fn && n < MAX_STEPS; fn = fn->parent)
		way[n++] = fn;
	while (n)
		gather(&g, way[--n]);
	for (size_t i = 0; i < m->n && g.n < MAX_REASONS; i++)
		gather(&g, m->v[i]);
	sort_reasons(g.v, g.n);
	return g;
}

const struct reason *isolation_merges(
	struct facts *f, const struct group *g, size_t *ret_n)
{
	const struct members m = { (const struct fn *const *)g->members, g->n };
	struct gathering all;
	const struct fn *own = NULL;

	for (size_t i = 0; i < g->n && !own; i++)
		own = g->members[i]->is_endpoint ? g->members[i] : NULL;
	all = gather_all(f, &m, own);
	*ret_n = all.n;
	return all.v;
}

static void add_reason(struct facts *f, struct isolation *it, enum reason_kind kind,
	const struct fn *culprit, const char *text)
{
	*arena_push(f->arena, it->reasons, it->n_reasons) =
		(struct reason){ kind, culprit, text };
}

/* What keeps the group small though the port shows no ACS. */
static void add_asserted(struct facts *f, struct isolation *it, const struct fn *fn)
{
	const struct acs *acs = predict_acs(f, fn);
	bool own = acs->multi == TRI_TRUE && fn == it->path[0].fn;

	if (acs->isolates != TRI_TRUE || (fn->is_endpoint && !own))
		return;
	if (acs->proven != TRI_TRUE)
		add_reason(f, it, REASON_OVERRIDE, fn,
			arena_printf(f->arena,
				"%s has no ACS; pcie_acs_override makes the kernel act "
				"as if it had, which isolates nothing",
				fn->short_addr));
	else if (acs->quirk && acs->has != TRI_TRUE)
		add_reason(f, it, REASON_QUIRK, fn,
			arena_printf(f->arena,
				"%s has no ACS, but is on the kernel's list of devices "
				"that isolate without: %s",
				fn->short_addr, acs->quirk->what));
}

static size_t count_endpoints(const struct members *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->v[i]->is_endpoint;
	return n;
}

static void add_difference(struct facts *f, struct isolation *it, const struct members *m)
{
	const struct members predicted = { it->prediction->members, it->prediction->n };

	if (it->prediction->same != TRI_FALSE)
		return;
	for (size_t i = 0; i < m->n; i++) {
		if (!is_member(&predicted, m->v[i])) {
			add_reason(f, it, REASON_UNEXPLAINED, m->v[i],
				arena_printf(f->arena,
					"%s is in the group too, which nothing in this "
					"hardware explains",
					m->v[i]->short_addr));
			return;
		}
	}
	for (size_t i = 0; i < predicted.n; i++) {
		if (is_member(m, predicted.v[i]))
			continue;
		add_reason(f, it, REASON_UNEXPLAINED, predicted.v[i],
			arena_printf(f->arena,
				"no ACS keeps %s apart from it, yet the kernel put it into "
				"another group: ACS was changed after the start, the "
				"groups are overridden, or this kernel knows more of the "
				"device",
				predicted.v[i]->short_addr));
		return;
	}
}

static void add_unseen(struct facts *f, struct isolation *it)
{
	for (size_t i = it->n_path; i-- > 0;) {
		const struct path_step *step = &it->path[i];

		if (step->acs.isolates == TRI_UNKNOWN &&
			(i > 0 || step->acs.multi != TRI_FALSE)) {
			add_reason(f, it, REASON_UNSEEN, step->fn,
				arena_printf(f->arena,
					"configuration space of %s was not readable",
					step->fn->short_addr));
			return;
		}
	}
}

static void explain_size(struct facts *f, struct isolation *it, const struct members *m)
{
	for (size_t i = 0; i < it->n_path; i++)
		add_asserted(f, it, it->path[i].fn);
	if (it->prediction->known == TRI_TRUE && count_endpoints(m) == 1 &&
		it->prediction->same != TRI_FALSE && it->n_reasons == 0)
		add_reason(f, it, REASON_ALONE, NULL,
			it->n_path > 1 ? "every port above it isolates what is below"
				       : "nothing shares its way to memory");
	add_difference(f, it, m);
	if (it->prediction->known == TRI_UNKNOWN)
		add_unseen(f, it);
}

static const char *step_words(struct facts *f, const struct fn *fn, const struct acs *acs)
{
	const char *what = type_words(fn, acs->type);

	if (acs->isolates == TRI_TRUE && acs->proven != TRI_TRUE)
		return arena_printf(f->arena, "%s, no ACS, overridden", what);
	if (acs->quirk && acs->isolates == TRI_TRUE && acs->has != TRI_TRUE)
		return arena_printf(f->arena, "%s, isolates by the kernel's list", what);
	if (acs->has == TRI_TRUE && !acs_lacking(acs))
		return arena_printf(f->arena, "%s, ACS on (%s)", what,
			acs_bits(f, acs->ctrl & acs->cap));
	if (acs->has == TRI_TRUE)
		return arena_printf(f->arena, "%s, ACS off (lacks %s)", what,
			acs_bits(f, acs_lacking(acs)));
	if (acs->type == PCIE_NONE || acs->type == PCIE_TO_PCI_BRIDGE)
		return what;
	if (fn->is_endpoint && acs->multi == TRI_FALSE)
		return arena_printf(f->arena, "%s, single function", what);
	if (acs->reachable == TRI_FALSE)
		return arena_printf(
			f->arena, "%s, extended configuration space out of reach", what);
	if (acs->has == TRI_UNKNOWN)
		return arena_printf(f->arena, "%s, ACS not readable", what);
	return arena_printf(f->arena, "%s, no ACS", what);
}

static void add_path(struct facts *f, struct isolation *it, const struct fn *fn)
{
	for (; fn && it->n_path < MAX_STEPS; fn = fn->parent) {
		struct path_step *step = arena_push(f->arena, it->path, it->n_path);

		step->fn = fn;
		step->acs = *predict_acs(f, fn);
		step->text = step_words(f, fn, &step->acs);
	}
}

static void add_change(
	struct facts *f, struct isolation *it, enum change_kind kind, const char *text)
{
	for (size_t i = 0; i < it->n_changes; i++) {
		if (text_equal(it->changes[i].text, text))
			return;
	}
	*arena_push(f->arena, it->changes, it->n_changes) = (struct change){ kind, text };
}

/* What would take this reason away. */
static void add_changes(struct facts *f, struct isolation *it, const struct reason *r)
{
	const char *word = acs_word(f);
	const struct cmdline_word *pci = cmdline_last(f, "pci");

	switch (r->kind) {
	case REASON_VMD:
		add_change(
			f, it, CHANGE_FIRMWARE, "switch VMD off in the firmware setup");
		break;
	case REASON_CONVENTIONAL:
		add_change(f, it, CHANGE_HARDWARE,
			"a slot that is not behind this bridge, for one of them");
		break;
	case REASON_UNREACHABLE:
		if (pci && pci->value && cmdline_has_item(pci->value, "nommconf"))
			add_change(f, it, CHANGE_CMDLINE,
				"remove pci=nommconf from the kernel command line");
		else
			add_change(f, it, CHANGE_FIRMWARE,
				"a firmware that describes the whole configuration space "
				"(ACPI table MCFG): look for an update");
		break;
	case REASON_ACS_OFF:
		if (word)
			add_change(f, it, CHANGE_CMDLINE,
				arena_printf(f->arena,
					"remove %s from the kernel command line", word));
		else
			add_change(f, it, CHANGE_CMDLINE,
				"a restart: the kernel switches ACS on when it starts; "
				"then look for what switches it off (setpci)");
		break;
	case REASON_OPEN_PORT:
		add_change(f, it, CHANGE_HARDWARE,
			"another slot for one of the cards: one on another port, best one "
			"that is wired to the processor");
		if (r->culprit->raw->vendor.v == AMD)
			add_change(f, it, CHANGE_FIRMWARE,
				"ACS Enable in the firmware setup (AMD CBS, NBIO), together "
				"with AER, where there is such a switch");
		break;
	default:
		break;
	}
}

const struct isolation *isolation_of(struct facts *f, const struct fn *fn)
{
	struct isolation *it = arena_new_object(f->arena, struct isolation);
	struct members m;
	struct gathering all;

	it->prediction = predict_group(f, fn);
	m = (struct members){ it->prediction->members, it->prediction->n };
	if (fn->group)
		m = (struct members){ (const struct fn *const *)fn->group->members,
			fn->group->n };
	if (!fn->raw || it->prediction->known == TRI_FALSE)
		return it;
	add_path(f, it, fn);
	all = gather_all(f, &m, fn);
	it->reasons = all.v;
	it->n_reasons = all.n;
	explain_size(f, it, &m);
	if (count_endpoints(&m) < 2)
		return it;
	for (size_t i = 0; i < it->n_reasons; i++)
		add_changes(f, it, &it->reasons[i]);
	return it;
}
