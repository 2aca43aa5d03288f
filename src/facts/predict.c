// SPDX-License-Identifier: GPL-2.0-or-later
// The IOMMU groups as the kernel's algorithm makes them from this snapshot's hardware.
//
// The algorithm runs twice: once with all that is unknown taken as isolated, once as not
// isolated. More isolation never makes a group larger, so what comes out the same both
// times is proven. (A proposal of 2025 to compute groups by bus, "Fix incorrect
// iommu_groups with PCIe ACS", is in no release up to 6.18.)
#include "facts/predict.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "facts/aliases.h"
#include "facts/topology.h"

enum {
	MAX_DEPTH = 256, /* a domain has no more buses */
	NO_GROUP = 0,
};

/* FINE: the unknown isolates; COARSE: it does not. */
enum run { FINE, COARSE, N_RUNS };

/* What the algorithm knows of one function; indices as in f->fns. */
struct node {
	struct acs acs;
	enum tri covered; /* an IOMMU covers it */
	enum bridge_way way;
	bool lost; /* its place in the tree is not known */
	int depth;
	size_t bus_first, bus_end; /* functions of its bus */
	bool bus_has_aliases;
	const uint8_t *aliases; /* alias_list() */
	const struct node *parent;
	/* The bridge nearest to the root on the way up from here, itself included, that
	 * does not isolate; NULL: all do, pci_acs_path_enabled() */
	const struct node *open[N_RUNS];
	size_t group[N_RUNS]; /* from 1 */
	struct join join;
	struct prediction prediction;
};

struct predictor {
	struct facts *f;
	struct node *nodes;
	size_t n;
	size_t *order; /* in which the kernel meets the functions */
	size_t n_groups[N_RUNS];
	bool supposed;
	enum tri vmd_known;
	const struct node *vmd;
};

static const struct fn *fn_of(const struct predictor *p, const struct node *node)
{
	return &p->f->fns[node - p->nodes];
}

static const struct node *node_of(const struct predictor *p, const struct fn *fn)
{
	return fn ? &p->nodes[fn - p->f->fns] : NULL;
}

/* Does a property that makes groups larger hold in this run? */
static bool holds(enum tri joins, enum run run)
{
	return run == FINE ? joins == TRI_TRUE : joins != TRI_FALSE;
}

static bool is_isolated(const struct node *node, enum run run)
{
	return !holds(tri_not(node->acs.isolates), run);
}

static bool is_covered(const struct node *node, enum run run)
{
	return holds(node->covered, run);
}

static bool place_is_known(const struct fn *fn)
{
	return fn->raw && (fn->parent || (fn->raw->parent.have == HAVE_NONE));
}

/* Depth below the root bus; functions without a known place count as lost. */
static void measure_depth(struct predictor *p, struct node *node)
{
	const struct fn *fn = fn_of(p, node);
	int depth = 0;

	node->lost = !place_is_known(fn);
	for (fn = fn->parent; fn; fn = fn->parent) {
		if (++depth > MAX_DEPTH || !place_is_known(fn)) {
			node->lost = true;
			break;
		}
	}
	node->depth = depth > MAX_DEPTH ? MAX_DEPTH : depth;
}

static enum tri coverage_of(const struct predictor *p, const struct fn *fn)
{
	if (!fn->raw)
		return TRI_FALSE;
	if (p->supposed || fn->group)
		return TRI_TRUE;
	return tri_not(fn_groupless(p->f, fn));
}

/* Is no IOMMU at work, as far as can be told? */
static bool is_supposed(const struct facts *f)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		if (f->fns[i].group || !f->fns[i].raw)
			continue;
		if (fn_groupless(f, &f->fns[i]) != TRI_TRUE)
			return false;
	}
	for (size_t i = 0; i < f->n_fns; i++) {
		if (f->fns[i].group)
			return false;
	}
	return true;
}

static bool same_bus(const struct fn *a, const struct fn *b)
{
	return a->bdf.domain == b->bdf.domain && a->bdf.bus == b->bdf.bus;
}

/* Functions are sorted by address, so a bus is a stretch of them. */
static void join_buses(struct predictor *p)
{
	const struct fn *fns = p->f->fns;

	for (size_t first = 0, end; first < p->n; first = end) {
		bool aliases = false;

		for (end = first; end < p->n && same_bus(&fns[first], &fns[end]) &&
			fns[end].missing == fns[first].missing;
			end++)
			aliases |= p->nodes[end].aliases != NULL;
		for (size_t i = first; i < end; i++) {
			p->nodes[i].bus_first = first;
			p->nodes[i].bus_end = end;
			p->nodes[i].bus_has_aliases = aliases;
		}
	}
}

/* Bridges before what is behind them; virtual functions and what is behind VMD come when
 * their drivers load. */
static int order_rank(const struct predictor *p, size_t i)
{
	const struct fn *fn = &p->f->fns[i];

	return (alias_is_behind_vmd(fn)       ? 2
			       : fn_is_vf(fn) ? 1
					      : 0) *
		(MAX_DEPTH + 1) +
		p->nodes[i].depth;
}

static void put_in_order(struct predictor *p)
{
	enum { N_RANKS = 3 * (MAX_DEPTH + 1) };
	size_t *starts = arena_alloc(p->f->arena, (N_RANKS + 1) * sizeof *starts);

	p->order = arena_alloc(p->f->arena, (p->n + 1) * sizeof *p->order);
	for (size_t i = 0; i < p->n; i++)
		starts[order_rank(p, i) + 1]++;
	for (size_t i = 0; i < N_RANKS; i++)
		starts[i + 1] += starts[i];
	for (size_t i = 0; i < p->n; i++)
		p->order[starts[order_rank(p, i)]++] = i;
}

static void prepare(struct predictor *p)
{
	struct facts *f = p->f;

	p->n = f->n_fns;
	p->nodes = arena_alloc(f->arena, (p->n + 1) * sizeof *p->nodes);
	p->supposed = is_supposed(f);
	p->vmd_known = TRI_FALSE;
	for (size_t i = 0; i < p->n; i++) {
		const struct fn *fn = &f->fns[i], *vmd = NULL;
		struct node *node = &p->nodes[i];

		node->acs = acs_judge(f, fn, p->supposed);
		node->covered = coverage_of(p, fn);
		node->aliases = alias_list(f, fn);
		node->way = fn->is_endpoint ? BRIDGE_PASSES : bridge_way_of(fn);
		node->parent = node_of(p, fn->parent);
		measure_depth(p, node);
		if (alias_is_behind_vmd(fn) && p->vmd_known == TRI_FALSE) {
			p->vmd_known = alias_vmd(f, fn, &vmd);
			p->vmd = node_of(p, vmd);
		}
	}
	if (p->vmd && p->vmd->lost) {
		p->vmd = NULL;
		p->vmd_known = TRI_UNKNOWN;
	}
	join_buses(p);
	put_in_order(p);
}

/* What is lost could belong anywhere in its domain. */
static bool domain_is_lost(const struct predictor *p, const struct node *node)
{
	const struct fn *fn = fn_of(p, node);

	for (size_t i = node->bus_first; i < p->n && !p->f->fns[i].missing; i++) {
		if (p->f->fns[i].bdf.domain != fn->bdf.domain)
			break;
		if (p->nodes[i].lost)
			return true;
	}
	return false;
}

/* One search for a group on a bus: which functions it has been to. */
struct search {
	const struct predictor *p;
	enum run run;
	bool seen[N_DEVFNS];
	const struct node *found;
	enum join_kind how;
};

static uint8_t devfn_of(const struct fn *fn)
{
	return (uint8_t)bdf_requester_id(fn->bdf);
}

static bool are_aliases(
	const struct search *s, const struct node *a, const struct node *b)
{
	enum tri either = TRI_FALSE;

	if (a->aliases)
		either = (enum tri)a->aliases[devfn_of(fn_of(s->p, b))];
	if (b->aliases)
		either = tri_or(either, (enum tri)b->aliases[devfn_of(fn_of(s->p, a))]);
	return holds(either, s->run);
}

static bool search_aliases(struct search *s, const struct node *node);

/* get_pci_function_alias_group() */
static bool search_slot(struct search *s, const struct node *node)
{
	const struct predictor *p = s->p;
	const struct fn *fn = fn_of(p, node);

	if (!holds(node->acs.multi, s->run) || is_isolated(node, s->run))
		return false;
	for (size_t i = node->bus_first; i < node->bus_end; i++) {
		const struct node *other = &p->nodes[i];

		if (other == node || p->f->fns[i].bdf.dev != fn->bdf.dev ||
			is_isolated(other, s->run))
			continue;
		if (search_aliases(s, other)) {
			s->how = s->how == JOIN_NONE ? JOIN_SLOT : s->how;
			return true;
		}
	}
	return false;
}

/* get_pci_alias_group() */
static bool search_aliases(struct search *s, const struct node *node)
{
	const struct predictor *p = s->p;
	uint8_t devfn = devfn_of(fn_of(p, node));

	if (s->seen[devfn])
		return false;
	s->seen[devfn] = true;
	if (node->group[s->run]) {
		s->found = node;
		return true;
	}
	for (size_t i = node->bus_first; node->bus_has_aliases && i < node->bus_end;
		i++) {
		const struct node *other = &p->nodes[i];

		if (other == node || !are_aliases(s, node, other))
			continue;
		if (search_aliases(s, other) || search_slot(s, other)) {
			s->how = JOIN_ALIAS;
			return true;
		}
	}
	return false;
}

static size_t joined(struct node *node, enum run run, struct join join, size_t group)
{
	if (run == FINE)
		node->join = join;
	return group;
}

/* The bridge on the way up that replaces requester IDs, if its group is there; *RET_LAST:
 * the last one that does. */
static const struct node *replaced_by(
	const struct node *from, enum run run, const struct node **ret_last)
{
	for (const struct node *b = from->parent; b; b = b->parent) {
		if (!holds(b->way == BRIDGE_UNKNOWN ? TRI_UNKNOWN
						    : tri_of(b->way == BRIDGE_REPLACES),
			    run))
			continue;
		*ret_last = b;
		if (b->group[run])
			return b;
	}
	return NULL;
}

/* pci_device_group() */
static size_t group_for(struct predictor *p, struct node *node, enum run run)
{
	const struct node *from = node, *b;
	struct search search = { .p = p, .run = run };

	if (alias_is_behind_vmd(fn_of(p, node)) && p->vmd) {
		from = p->vmd;
		if (from->group[run])
			return joined(node, run,
				(struct join){ JOIN_VMD, fn_of(p, from), fn_of(p, from) },
				from->group[run]);
	}
	b = replaced_by(from, run, &from);
	if (b)
		return joined(node, run,
			(struct join){ JOIN_CONVENTIONAL, fn_of(p, b), fn_of(p, b) },
			b->group[run]);
	for (b = from->parent; b && b->open[run]; b = b->parent) {
		from = b;
		if (b->group[run])
			return joined(node, run,
				(struct join){
					JOIN_OPEN, fn_of(p, b), fn_of(p, b->open[run]) },
				b->group[run]);
	}
	if (search_aliases(&search, from) || search_slot(&search, from))
		return joined(node, run,
			(struct join){ search.how, fn_of(p, search.found),
				fn_of(p, search.found) },
			search.found->group[run]);
	return ++p->n_groups[run];
}

static void run_once(struct predictor *p, enum run run)
{
	for (size_t i = 0; i < p->n; i++) {
		struct node *node = &p->nodes[p->order[i]];
		const struct node *parent = node->parent;

		if (node->lost)
			continue;
		node->open[run] = parent && parent->open[run] ? parent->open[run]
			: is_isolated(node, run)              ? NULL
							      : node;
		if (is_covered(node, run))
			node->group[run] = group_for(p, node, run);
	}
}

/* The members of each fine group, one list for all of them. */
static void list_members(struct predictor *p)
{
	size_t n = p->n_groups[FINE] + 2;
	size_t *starts = arena_alloc(p->f->arena, n * sizeof *starts);
	size_t *fill = arena_alloc(p->f->arena, n * sizeof *fill);
	const struct fn **all = arena_alloc(p->f->arena, (p->n + 1) * sizeof *all);

	for (size_t i = 0; i < p->n; i++)
		starts[p->nodes[i].group[FINE] + 1]++;
	for (size_t i = 1; i < n; i++)
		starts[i] += starts[i - 1];
	memcpy(fill, starts, n * sizeof *fill);
	for (size_t i = 0; i < p->n; i++)
		all[fill[p->nodes[i].group[FINE]]++] = &p->f->fns[i];
	for (size_t i = 0; i < p->n; i++) {
		struct node *node = &p->nodes[i];
		size_t g = node->group[FINE];

		if (g == NO_GROUP)
			continue;
		node->prediction.members = all + starts[g];
		node->prediction.n = starts[g + 1] - starts[g];
	}
}

/* Functions behind VMD join its group, so what of theirs is lost is missing there too. */
static bool vmd_is_lost(const struct predictor *p, const struct node *node)
{
	if (!p->vmd || node->group[COARSE] != p->vmd->group[COARSE])
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (p->nodes[i].lost && alias_is_behind_vmd(&p->f->fns[i]))
			return true;
	}
	return false;
}

static enum tri is_same(const struct predictor *p, const struct node *node)
{
	const struct prediction *it = &node->prediction;
	const struct group *g = fn_of(p, node)->group;

	if (it->known != TRI_TRUE || p->supposed || !g || !group_is_whole(p->f, g))
		return TRI_UNKNOWN;
	if (g->n != it->n)
		return TRI_FALSE;
	for (size_t i = 0; i < g->n; i++) {
		if (g->members[i] != it->members[i])
			return TRI_FALSE;
	}
	return TRI_TRUE;
}

static void judge_runs(struct predictor *p)
{
	size_t *sizes =
		arena_alloc(p->f->arena, (p->n_groups[COARSE] + 2) * sizeof *sizes);
	bool whole = scan_listed(p->f) == TRI_TRUE;
	bool lost = false;
	uint32_t last = 0;

	for (size_t i = 0; i < p->n; i++)
		sizes[p->nodes[i].group[COARSE]]++;
	for (size_t i = 0; i < p->n; i++) {
		struct node *node = &p->nodes[i];
		struct prediction *it = &node->prediction;
		const struct fn *fn = &p->f->fns[i];

		if (i == 0 || fn->bdf.domain != last)
			lost = domain_is_lost(p, node);
		last = fn->bdf.domain;
		it->supposed = p->supposed;
		it->known = fn->raw ? node->covered : TRI_UNKNOWN;
		if (it->known == TRI_TRUE &&
			(!whole || lost || it->n != sizes[node->group[COARSE]] ||
				p->vmd_known == TRI_UNKNOWN || vmd_is_lost(p, node)))
			it->known = TRI_UNKNOWN;
		if (it->known == TRI_UNKNOWN)
			it->missing = whole && fn->raw ? 1u << SOURCE_CONFIG_SPACE
						       : 1u << SOURCE_PCI;
		if (node->covered == TRI_UNKNOWN)
			it->missing |= 1u << SOURCE_IOMMU_GROUPS;
		it->same = is_same(p, node);
	}
}

static const struct predictor *predictor_of(struct facts *f)
{
	struct predictor *p = f->predicted;

	if (p)
		return p;
	p = arena_new_object(f->arena, struct predictor);
	p->f = f;
	f->predicted = p;
	prepare(p);
	for (int run = 0; run < N_RUNS; run++)
		run_once(p, (enum run)run);
	list_members(p);
	judge_runs(p);
	return p;
}

const struct prediction *predict_group(struct facts *f, const struct fn *fn)
{
	return &node_of(predictor_of(f), fn)->prediction;
}

const struct join *predict_join(struct facts *f, const struct fn *fn)
{
	return &node_of(predictor_of(f), fn)->join;
}

const struct acs *predict_acs(struct facts *f, const struct fn *fn)
{
	return &node_of(predictor_of(f), fn)->acs;
}
