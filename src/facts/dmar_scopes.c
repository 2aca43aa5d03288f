// SPDX-License-Identifier: GPL-2.0-or-later
// What firmware's DMAR table gets wrong: flaws of its form, and scopes that fit no function.
#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/topology.h"

/* Header type of configuration space; bit 7 says that there are more functions. */
enum { HEADER_TYPE = 0x0e, HEADER_MASK = 0x7f };

/* What dmar_insert_dev_scope() makes of one function and one list of scopes. */
struct hit {
	enum tri named;    /* a scope names it */
	enum tri mismatch; /* that scope calls it what it is not */
	bool broken;       /* it names it by its bus number alone */
};

static enum tri mismatches(const struct fn *fn, const struct dmar_scope *scope)
{
	const struct snap_bytes *config = &fn->raw->config;
	uint8_t type;

	if (!snapshot_config_knows(fn->raw, HEADER_TYPE, HEADER_MASK) ||
		config->p[HEADER_TYPE] == 0xff)
		return TRI_UNKNOWN;
	type = config->p[HEADER_TYPE] & HEADER_MASK;
	if (scope->type == DMAR_ENDPOINT)
		return tri_of(type != 0);
	if (type != 0)
		return TRI_FALSE;
	/* Of bridges without a bridge's header older kernels let pass only 0680 */
	if (fn->class_code >> 16 == 0x06)
		return fn->class_code >> 8 == 0x0680 ? TRI_FALSE : TRI_UNKNOWN;
	return fn->class_code == 0xffffffff ? TRI_UNKNOWN : TRI_TRUE;
}

static struct hit hit_of(
	const struct dmar_scopes *list, uint16_t segment, const struct fn *fn)
{
	struct dmar_scope scope;
	struct hit hit = { .mismatch = TRI_FALSE };

	hit.named = dmar_scopes_find(list, segment, fn, &scope, &hit.broken);
	if (hit.named != TRI_FALSE)
		hit.mismatch = tri_and(hit.named, mismatches(fn, &scope));
	return hit;
}

/* All of FN's hits in one, as dmar_pci_bus_add_dev() collects them. */
static struct hit hits_of(struct facts *f, const struct dmar *dmar, const struct fn *fn)
{
	struct hit all = { .named = TRI_FALSE, .mismatch = TRI_FALSE }, one;

	for (size_t i = 0; i < dmar->n_units && all.named != TRI_TRUE; i++) {
		if (dmar->units[i].include_all)
			continue;
		one = hit_of(&dmar->units[i].scopes, dmar->units[i].segment, fn);
		all.named = tri_or(all.named, one.named);
		all.mismatch = tri_or(all.mismatch, one.mismatch);
		all.broken |= one.broken;
	}
	for (size_t i = 0; i < dmar->n_rmrrs; i++) {
		one = hit_of(&dmar->rmrrs[i].scopes, dmar->rmrrs[i].segment, fn);
		all.mismatch = tri_or(all.mismatch, one.mismatch);
		all.broken |= one.broken;
	}
	for (size_t i = 0; i < dmar->n_atsrs; i++) {
		if (dmar->atsrs[i].flags & 1)
			continue;
		one = hit_of(&dmar->atsrs[i].scopes, dmar->atsrs[i].segment, fn);
		all.mismatch = tri_or(all.mismatch, one.mismatch);
		all.broken |= one.broken;
		if (one.named == TRI_TRUE)
			break;
	}
	/* Before 5.15 nobody looked at these */
	for (size_t i = 0; i < dmar->n_satcs; i++) {
		one = hit_of(&dmar->satcs[i].scopes, dmar->satcs[i].segment, fn);
		all.mismatch = tri_or(all.mismatch,
			tri_and(one.mismatch, kernel_at_least(f, 5, 15, 0)));
	}
	return all;
}

static const char *const log_mismatch[] = {
	"Device scope type does not match for {addr:bdf}", NULL
};

static void mismatch_from_table(
	struct facts *f, const struct dmar *dmar, struct fact *out)
{
	fact_set_list(out);
	out->open = !dmar->whole || scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];
		enum tri mismatch = fn->raw ? hits_of(f, dmar, fn).mismatch : TRI_FALSE;

		out->open |= mismatch == TRI_UNKNOWN;
		if (mismatch != TRI_TRUE)
			continue;
		fact_add_dev(f, out, fn);
		fact_seen(f, out, "ACPI DMAR table",
			arena_printf(f->arena, "a scope calls %s %s", fn->short_addr,
				fn->is_endpoint ? "a bridge" : "an endpoint"));
	}
}

/*
 * One such scope, and dmar_dev_scope_init() fails: no VT-d, while interrupts are remapped
 * all the same. What was plugged in later does no harm, so a whole log has the last word.
 */
void derive_dmar_scope_mismatch(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	const struct klog_match *m = klog_first(f, log_mismatch);
	struct bdf b;
	(void)s;

	if (m && bdf_parse(klog_hole(f, m, "addr"), &b) && facts_find(f, b)) {
		fact_set_list(out);
		fact_add_dev(f, out, facts_find(f, b));
		out->open = true;
		klog_seen(f, out, m);
	} else if (klog_says(f, log_mismatch) == TRI_FALSE ||
		acpi_has_table(f, "DMAR") == TRI_FALSE) {
		fact_set_list(out);
	} else if (dmar && dmar->whole) {
		mismatch_from_table(f, dmar, out);
	} else {
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

/* Without the table. Lines about a NUMA node or about devices of ACPI have rules of their
 * own. */
static const char *const log_flaws[] = {
	"RMRR entry for device {addr:any} is broken - applying workaround",
	"DMAR: Unsupported device scope",
	"Incorrect checksum in table [DMAR]",
	NULL,
};
static const char *const log_rhsa[] = { "RHSA refers to non-existent DMAR unit", NULL };

/* dmar_parse_one_rhsa(); where its line stands in the log, a rule explains that line. */
static void lost_rhsas(struct facts *f, const struct dmar *dmar, struct fact *out)
{
	for (size_t i = 0; i < dmar->n_rhsas && !klog_first(f, log_rhsa); i++) {
		const struct dmar_rhsa *rhsa = &dmar->rhsas[i];
		size_t j = 0;

		while (j < dmar->n_units && dmar->units[j].address != rhsa->address)
			j++;
		if (j < dmar->n_units || !dmar->whole)
			continue;
		fact_add_text(f, out,
			arena_printf(f->arena,
				"it gives a NUMA node to a unit at 0x%llx that does not "
				"exist",
				(unsigned long long)rhsa->address));
	}
}

static void flaws_from_log(struct facts *f, struct fact *out)
{
	size_t n;
	const struct klog_match *const *m = klog_list(f, log_flaws, &n);

	for (size_t i = 0; i < n; i++) {
		const char *text = m[i]->line->text;
		size_t known = 0;

		while (known < out->n && !text_equal(out->list[known], text))
			known++;
		if (known < out->n)
			continue;
		fact_add_text(f, out, text);
		klog_seen(f, out, m[i]);
	}
}

static void flaws_from_table(struct facts *f, const struct dmar *dmar, struct fact *out)
{
	out->open |= !dmar->whole || scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; i < dmar->n_flaws; i++)
		fact_add_text(f, out, dmar->flaws[i]);
	lost_rhsas(f, dmar, out);
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		/* dmar_match_pci_path() says "RMRR" of every structure */
		if (!fn->raw || !hits_of(f, dmar, fn).broken)
			continue;
		fact_add_text(f, out,
			arena_printf(f->arena, "it names %s without the way to it",
				fn->short_addr));
	}
	for (size_t i = 0; i < out->n; i++)
		fact_seen(f, out, "ACPI DMAR table", out->list[i]);
}

void derive_dmar_flaws(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct dmar *dmar = dmar_decode(f);
	(void)s;

	fact_set_list(out);
	if (dmar) {
		flaws_from_table(f, dmar, out);
		return;
	}
	out->open = acpi_has_table(f, "DMAR") != TRI_FALSE && !klog_complete(f);
	flaws_from_log(f, out);
	if (!out->open || out->n)
		return;
	out->state = FACT_ABSENT;
	out->open = false;
	fact_missing(out, SOURCE_ACPI_TABLES);
}
