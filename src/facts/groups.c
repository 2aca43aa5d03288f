// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of an IOMMU group: what merges it, and which of that could be changed.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/acs.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/isolation.h"
#include "facts/predict.h"
#include "facts/topology.h"

static size_t count_endpoints(const struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += g->members[i]->is_endpoint;
	return n;
}

void derive_group_id(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	fact_set_int(out, s->group->id);
}

void derive_group_why(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n = 0;
	const struct reason *reasons;

	if (count_endpoints(s->group) < 2) {
		fact_set_none(out);
		return;
	}
	reasons = isolation_merges(f, s->group, &n);
	if (n)
		fact_set_text(out, reasons[0].text);
}

/* Is what the group is made of known, so that a cause not found is not there? */
static bool is_understood(struct facts *f, const struct group *g)
{
	return g->n > 0 && predict_group(f, g->members[0])->same == TRI_TRUE;
}

/* Culprits of one kind. A list, open where more may be behind what was not readable. */
static void culprits(
	struct facts *f, const struct subject *s, enum reason_kind kind, struct fact *out)
{
	size_t n = 0;
	const struct reason *reasons = isolation_merges(f, s->group, &n);
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= reasons[i].kind == kind;
	if (!any && count_endpoints(s->group) > 1 && !is_understood(f, s->group))
		return;
	fact_set_list(out);
	for (size_t i = 0; i < n; i++) {
		if (reasons[i].kind == kind)
			fact_add_dev(f, out, reasons[i].culprit);
	}
	out->open = any && !is_understood(f, s->group);
}

void derive_group_acs_off(struct facts *f, const struct subject *s, struct fact *out)
{
	culprits(f, s, REASON_ACS_OFF, out);
}

void derive_group_unreachable(struct facts *f, const struct subject *s, struct fact *out)
{
	culprits(f, s, REASON_UNREACHABLE, out);
}

/* Functions that the hardware does not keep apart from this group and the kernel does,
 * without the override that is known to be at work. */
void derive_group_asserted(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct group *g = s->group;
	const struct prediction *p = g->n ? predict_group(f, g->members[0]) : NULL;

	if (!p || p->known != TRI_TRUE || p->same == TRI_UNKNOWN)
		return;
	fact_set_list(out);
	for (size_t i = 0; i < p->n; i++) {
		if (p->members[i]->group != g)
			fact_add_dev(f, out, p->members[i]);
	}
}

/* pci.ids says so of most virtual functions, and of nothing else. */
static bool is_called_vf(const struct fn *fn)
{
	const char *name = fn->raw ? snap_str(fn->raw->device_name) : NULL;

	return name && strstr(name, "Virtual Function");
}

static bool same_vendor(const struct fn *a, const struct fn *b)
{
	return a->raw && b->raw && a->raw->vendor.have == HAVE_VALUE &&
		b->raw->vendor.have == HAVE_VALUE && a->raw->vendor.v == b->raw->vendor.v;
}

/* A listing does not tell whose virtual function one is. A VF has the vendor ID of its PF
 * and a higher requester ID (SR-IOV specification 2.1.2, 3.4.1.1): a function of that maker
 * in front of it on the same bus is the PF, or another of its card. */
static void vfs_by_name(struct facts *f, const struct group *g, struct fact *out)
{
	const struct fn *physical = NULL;

	for (size_t i = 0; i < g->n; i++) {
		const struct fn *fn = g->members[i];

		if (!is_called_vf(fn)) {
			if (fn->is_endpoint)
				physical = fn;
			continue;
		}
		if (!physical || physical->bdf.domain != fn->bdf.domain ||
			physical->bdf.bus != fn->bdf.bus || !same_vendor(physical, fn))
			continue;
		if (!out->n)
			fact_set_list(out);
		fact_add_dev(f, out, fn);
		fact_seen(f, out, fn->short_addr, fn->raw->device_name.s);
	}
	out->open = out->n > 0;
}

/* Virtual functions whose physical function is in the group as well. */
void derive_group_vfs_with_pf(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct group *g = s->group;

	for (size_t i = 0; i < g->n; i++) {
		if (g->members[i]->raw && g->members[i]->raw->physfn.have == HAVE_NOT) {
			vfs_by_name(f, g, out);
			return;
		}
	}
	if (!group_is_whole(f, g))
		return;
	fact_set_list(out);
	for (size_t i = 0; i < g->n; i++) {
		struct bdf b;
		const struct fn *vf = g->members[i], *pf = NULL;

		const char *parent = vf->raw ? snap_str(vf->raw->physfn) : NULL;

		if (parent && bdf_parse(parent, &b))
			pf = facts_find(f, b);
		if (pf && pf->group == g)
			fact_add_dev(f, out, vf);
	}
}

void derive_acs_override(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri works = acs_override(f);
	const struct cmdline_word *word = cmdline_last(f, "pcie_acs_override");

	(void)s;
	if (works == TRI_UNKNOWN)
		return;
	fact_set_bool(out, works == TRI_TRUE);
	if (word)
		cmdline_seen(f, out, word);
}

/* The word of the command line that switches parts of ACS. */
static const struct cmdline_word *acs_word_of(struct facts *f, bool *ret_known)
{
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);
	const char *text = acs_word(f);

	*ret_known = cmdline_known(f) && !cmdline_open(f);
	for (size_t i = 0; text && i < n; i++) {
		if (words[i].text == text)
			return &words[i];
	}
	return NULL;
}

void derive_acs_word(struct facts *f, const struct subject *s, struct fact *out)
{
	bool known;
	const struct cmdline_word *word = acs_word_of(f, &known);

	(void)s;
	if (word) {
		fact_set_text(out, word->text);
		cmdline_seen(f, out, word);
	} else if (known) {
		fact_set_none(out);
	}
}

/* The word that takes away the extended configuration space of all functions, and with it
 * their ACS (arch/x86/pci/common.c, pcibios_setup()). */
void derive_pci_nommconf(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	(void)s;
	for (size_t i = 0; i < n; i++) {
		if (text_equal(words[i].name, "pci") && words[i].value &&
			cmdline_has_item(words[i].value, "nommconf")) {
			fact_set_text(out, words[i].text);
			cmdline_seen(f, out, &words[i]);
			return;
		}
	}
	if (cmdline_known(f) && !cmdline_open(f))
		fact_set_none(out);
}
