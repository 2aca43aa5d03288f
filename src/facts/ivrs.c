// SPDX-License-Identifier: GPL-2.0-or-later
// What firmware's IVRS table lacks for interrupt remapping on AMD, and the words that
// mend it.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/ivrs_map.h"
#include "facts/ivrs_word.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/topology.h"

/* All tables and words that the answer needs. */
static bool tables_known(
	struct facts *f, const struct ivrs **ret, struct ioapics *ret_list)
{
	*ret = ivrs_decode(f);
	return *ret && ioapics_of(f, ret_list);
}

/* Three spellings: `[Firmware Bug]: AMD-Vi: IOAPIC[9]…`, `AMD-Vi: [Firmware Bug]: :
 * IOAPIC[9]…`, and with an override on the command line `AMD-Vi: : IOAPIC[9]…`. */
static const char *const log_missing[] = { "IOAPIC[{id:dec}] not in IVRS table", NULL };
static const char *const log_no_southbridge[] = { "No southbridge IOAPIC found", NULL };

static void missing_from_log(struct facts *f, struct fact *out)
{
	struct template *t = arena_new_object(f->arena, struct template);
	const struct klog_match *m;
	const char *error;
	size_t n;

	if (!template_compile(f->arena, log_missing[0], t, &error))
		return;
	m = klog_match_all(f, t, &n);
	if (!n && !klog_complete(f)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_list(out);
	out->open = !klog_complete(f);
	for (size_t i = 0; i < n; i++) {
		const char *id = klog_hole(f, &m[i], "id");
		bool known = false;
		for (size_t j = 0; j < out->n; j++)
			known |= text_equal(out->list[j], id);
		if (known)
			continue;
		fact_add_text(f, out, id);
		klog_seen(f, out, &m[i]);
	}
}

/* `I/O APICs named in its IVHD blocks of type 10h: 5, 6`. */
static const char *entries_text(struct facts *f, const struct ivrs *ivrs)
{
	struct strbuf b = { 0 };
	size_t n = 0;

	strbuf_addf(&b,
		"I/O APICs named in its IVHD blocks of type %02xh: ", ivrs->block_type);
	for (size_t i = 0; i < ivrs->n_specials; i++)
		if (ivrs->specials[i].variety == IVRS_IOAPIC)
			strbuf_addf(
				&b, "%s%u", n++ ? ", " : "", ivrs->specials[i].handle);
	strbuf_add(&b, n ? "" : "none");
	return strbuf_finish(&b, f->arena);
}

void derive_ivrs_ioapics_missing(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs *ivrs;
	struct ioapics list;
	(void)s;

	if (acpi_has_table(f, "IVRS") == TRI_FALSE) {
		fact_set_list(out);
		return;
	}
	if (!tables_known(f, &ivrs, &list)) {
		missing_from_log(f, out);
		return;
	}
	fact_set_list(out);
	out->open = list.open;
	for (size_t i = 0; i < list.n; i++) {
		struct ivrs_mapping m = ivrs_mapping_of(f, ivrs, false, list.v[i].id);
		if (m.has == TRI_UNKNOWN || list.v[i].unsure)
			out->open = true;
		else if (m.has == TRI_FALSE)
			fact_add_text(f, out, arena_printf(f->arena, "%u", list.v[i].id));
	}
	if (!out->n)
		return;
	fact_seen(f, out, list.source, list.text);
	fact_seen(f, out, "ACPI IVRS table", entries_text(f, ivrs));
	const struct klog_match *line = klog_first(f, log_missing);
	if (line)
		klog_seen(f, out, line);
}

/*
 * What check_ioapic_information() takes for the southbridge changed, in stable releases as
 * well: any I/O APIC that sends as 00:14.0; then (2025) only the one that serves GSI 0, on
 * Hygon 18h also as 00:0b.0; then that one as any SMBus controller or ISA bridge. An answer
 * is one that all of them give.
 */
static bool may_be_southbridge(struct facts *f, struct bdf bdf)
{
	enum { CLASS_SMBUS = 0x0c05, CLASS_ISA = 0x0601 };
	static const struct bdf hygon = { .dev = 0x0b };
	const struct fn *fn = facts_find(f, bdf);

	if (bdf_compare(bdf, hygon) == 0 &&
		text_equal(host_text(f, "cpu.vendor"), "HygonGenuine"))
		return true;
	if (!fn || fn->missing || fn->class_code == 0xffffffff)
		return scan_listed(f) != TRI_TRUE;
	return fn->class_code >> 8 == CLASS_SMBUS || fn->class_code >> 8 == CLASS_ISA;
}

/* Does this I/O APIC send as 00:14.0? */
static enum tri sends_as_southbridge(
	struct facts *f, const struct ivrs *ivrs, const struct madt_ioapic *ioapic)
{
	struct ivrs_mapping m = ivrs_mapping_of(f, ivrs, false, ioapic->id);

	if (m.has == TRI_FALSE)
		return ioapic->unsure ? TRI_UNKNOWN : TRI_FALSE;
	if (m.has == TRI_UNKNOWN || !m.sure || ioapic->unsure)
		return TRI_UNKNOWN;
	return tri_of(bdf_compare(m.bdf, ivrs_southbridge) == 0);
}

/* The same of the one that serves GSI 0, and in words. */
static enum tri gsi0_is_southbridge(struct facts *f, const struct ivrs *ivrs,
	const struct ioapics *list, const char **ret_text)
{
	const struct madt_ioapic *sb = ioapics_southbridge(list);
	char text[BDF_TEXT];

	if (!sb) {
		*ret_text = "no I/O APIC serves GSI 0";
		return list->open ? TRI_UNKNOWN : TRI_FALSE;
	}
	enum tri found = sends_as_southbridge(f, ivrs, sb);
	struct ivrs_mapping m = ivrs_mapping_of(f, ivrs, false, sb->id);
	if (m.has != TRI_TRUE) {
		*ret_text = arena_printf(
			f->arena, "I/O APIC %u (GSI 0) has no entry", (unsigned)sb->id);
		return found;
	}
	*ret_text = arena_printf(f->arena, "I/O APIC %u (GSI 0) is mapped to %s",
		(unsigned)sb->id, bdf_format_short(m.bdf, text));
	return found == TRI_FALSE && may_be_southbridge(f, m.bdf) ? TRI_UNKNOWN : found;
}

/* Does the kernel find the southbridge's I/O APIC, by the tables? */
static enum tri southbridge_found(struct facts *f, const char **ret_text)
{
	enum tri any = TRI_FALSE, gsi0;
	const struct ivrs *ivrs;
	struct ioapics list;

	if (!tables_known(f, &ivrs, &list))
		return TRI_UNKNOWN;
	gsi0 = gsi0_is_southbridge(f, ivrs, &list, ret_text);
	for (size_t i = 0; i < list.n; i++)
		any = tri_or(any, sends_as_southbridge(f, ivrs, &list.v[i]));
	if (list.open)
		any = tri_or(any, TRI_UNKNOWN);
	return gsi0 == any ? any : TRI_UNKNOWN;
}

void derive_ivrs_no_southbridge(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct klog_match *m = klog_first(f, log_no_southbridge);
	const char *text = NULL;
	(void)s;

	switch (southbridge_found(f, &text)) {
	case TRI_TRUE:
		fact_set_bool(out, false);
		return;
	case TRI_FALSE:
		fact_set_bool(out, true);
		fact_seen(f, out, "ACPI IVRS and MADT tables", text);
		return;
	case TRI_UNKNOWN:
		break;
	}
	if (m) {
		fact_set_bool(out, true);
		klog_seen(f, out, m);
	} else if (klog_says(f, log_no_southbridge) == TRI_FALSE ||
		acpi_has_table(f, "IVRS") == TRI_FALSE) {
		fact_set_bool(out, false);
	} else {
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

/* One override to add, and the wrong one that it replaces. */
struct repair {
	int64_t id;
	bool southbridge;
	const struct ivrs_word *instead_of;
};

static const struct ivrs_word *override_of(struct facts *f, int64_t id)
{
	size_t n;
	const struct ivrs_word *words = ivrs_words(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (!words[i].hpet && words[i].valid && words[i].id == id)
			return &words[i];
	}
	return NULL;
}

static struct repair *repair_add(
	struct facts *f, struct repair *list, size_t *n, int64_t id, bool southbridge)
{
	for (size_t i = 0; i < *n; i++) {
		if (list[i].id == id)
			return list;
	}
	*arena_push(f->arena, list, *n) = (struct repair){
		.id = id, .southbridge = southbridge, .instead_of = override_of(f, id)
	};
	return list;
}

/* Ids alone: of two, the lower is the southbridge's on all boards seen. One, or more: no.
 */
static struct repair *repairs_by_guess(
	struct facts *f, const struct fact *missing, size_t *ret_n)
{
	struct repair *list = NULL;
	int64_t a, b;

	*ret_n = 0;
	if (missing->n != 2 || !text_to_int(missing->list[0], &a) ||
		!text_to_int(missing->list[1], &b))
		return NULL;
	list = repair_add(f, list, ret_n, a < b ? a : b, true);
	return repair_add(f, list, ret_n, a < b ? b : a, false);
}

/*
 * Hygon puts the southbridge's I/O APIC at 00:0b.0 on some models and 00:14.0 on others:
 * only a southbridge that is seen at 00:14.0 makes the override more than a guess.
 */
static bool southbridge_place_known(struct facts *f)
{
	if (!text_equal(host_text(f, "cpu.vendor"), "HygonGenuine"))
		return true;
	return facts_find(f, ivrs_southbridge) && may_be_southbridge(f, ivrs_southbridge);
}

/* What must be overridden; N is 0 if nothing, or if it cannot be told. */
static struct repair *repairs_of(struct facts *f, size_t *ret_n)
{
	const struct fact *missing = host_fact(f, "ivrs.ioapics-missing");
	const struct fact *no_sb = host_fact(f, "ivrs.no-southbridge");
	const struct ivrs *ivrs = ivrs_decode(f);
	struct repair *list = NULL;
	struct ioapics ioapics;
	int64_t id;

	*ret_n = 0;
	/* Without an IVHD block there is no IOMMU that could remap anything */
	if ((ivrs && !ivrs->n_units) || !southbridge_place_known(f))
		return NULL;
	if (!ioapics_of(f, &ioapics) || ioapics.open)
		return missing->state == FACT_VALUE ? repairs_by_guess(f, missing, ret_n)
						    : NULL;
	const struct madt_ioapic *sb = ioapics_southbridge(&ioapics);
	/* From the log alone: it has an entry, but for which function is not known */
	if (sb && no_sb->state == FACT_VALUE && no_sb->b &&
		(ivrs || override_of(f, sb->id)))
		list = repair_add(f, list, ret_n, sb->id, true);
	for (size_t i = 0; missing->state == FACT_VALUE && i < missing->n; i++) {
		if (!text_to_int(missing->list[i], &id))
			continue;
		/* Of several northbridges (EPYC, Threadripper) each has its own function
		 */
		if ((!sb || sb->id != id) && ioapics.n > 2) {
			*ret_n = 0;
			return NULL;
		}
		list = repair_add(f, list, ret_n, id, sb && sb->id == id);
	}
	return list;
}

void derive_ivrs_fix(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *missing = host_fact(f, "ivrs.ioapics-missing");
	struct strbuf text = { 0 };
	size_t n;
	const struct repair *repairs = repairs_of(f, &n);
	(void)s;

	if (missing->state == FACT_ABSENT && !n) {
		out->missing = missing->missing;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (repairs[i].instead_of)
			strbuf_addf(&text, "%s-%s", text.len ? " " : "",
				repairs[i].instead_of->text);
		strbuf_addf(&text, "%s+%s", text.len ? " " : "",
			ivrs_word_make(f, false, repairs[i].id,
				repairs[i].southbridge ? ivrs_southbridge
						       : ivrs_northbridge));
	}
	fact_set_text(out, text.len ? strbuf_text(&text) : NULL);
	if (text.len)
		out->text = strbuf_finish(&text, f->arena);
}

/* The timer hangs on the southbridge's I/O APIC: remapped without an entry, no boot. */
void derive_ivrs_uncovered(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs *ivrs = ivrs_decode(f);
	uint16_t needed = bdf_requester_id(ivrs_southbridge);
	size_t n;
	const struct repair *repairs = repairs_of(f, &n);
	(void)s;

	if (acpi_has_table(f, "IVRS") == TRI_FALSE) {
		fact_set_none(out);
		return;
	}
	if (!ivrs || (!n && host_fact(f, "ivrs.ioapics-missing")->state == FACT_ABSENT)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_none(out);
	for (size_t i = 0; i < n; i++) {
		struct bdf unused;
		/* An entry's function is entered as the override has it */
		if (!repairs[i].southbridge ||
			ivrs_table_entry(ivrs, false, (uint8_t)repairs[i].id, &unused))
			continue;
		enum tri covered = ivrs_covers(ivrs, 0, needed);
		if (covered == TRI_TRUE)
			continue;
		if (covered == TRI_UNKNOWN) {
			out->state = FACT_ABSENT;
			fact_missing(out, SOURCE_ACPI_TABLES);
			return;
		}
		fact_set_text(out, "00:14.0");
		fact_seen(f, out, "ACPI IVRS table", "no IVHD entry covers 00:14.0");
	}
}
