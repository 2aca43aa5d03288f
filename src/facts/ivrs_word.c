// SPDX-License-Identifier: GPL-2.0-or-later
// The overrides ivrs_ioapic= and ivrs_hpet=: syntax by kernel version, sense by the
// tables.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/ivrs_map.h"
#include "facts/ivrs_word.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/subjects.h"

/* EARLY_MAP_SIZE of drivers/iommu/amd/init.c */
enum { MOST_OVERRIDES = 4 };

static bool decimal_scan(const char **s, int64_t *ret)
{
	int64_t n = 0;
	const char *start = *s;

	for (; **s >= '0' && **s <= '9' && n < 1000000; (*s)++)
		n = n * 10 + (**s - '0');
	*ret = n;
	return *s != start;
}

bool ivrs_word_parse(const char *text, struct ivrs_word *ret)
{
	struct ivrs_word w = { .text = text };
	const char *s = text, *end;

	w.hpet = text_starts(text, "ivrs_hpet") || text_starts(text, "ivrs-hpet");
	if (!w.hpet && !text_starts(text, "ivrs_ioapic") &&
		!text_starts(text, "ivrs-ioapic"))
		return false;
	*ret = w;
	s += strlen(w.hpet ? "ivrs_hpet" : "ivrs_ioapic");
	w.brackets = *s == '[';
	if (*s != '[' && *s != '=')
		return true;
	s++;
	if (!decimal_scan(&s, &w.id))
		return true;
	if (w.brackets ? strncmp(s, "]=", 2) != 0 : *s != '@')
		return true;
	s += w.brackets ? 2 : 1;
	if (!bdf_scan(s, &w.bdf, &end) || *end)
		return true;
	const char *first = strchr(s, ':');
	w.segment = first && strchr(first + 1, ':');
	w.valid = true;
	*ret = w;
	return true;
}

const struct ivrs_word *ivrs_words(struct facts *f, size_t *ret_n)
{
	struct ivrs_word *list = NULL, w;
	size_t n = 0, n_words, kind[2] = { 0, 0 };
	const struct cmdline_word *words = cmdline_words(f, &n_words);

	for (size_t i = 0; i < n_words; i++) {
		if (!ivrs_word_parse(words[i].text, &w))
			continue;
		w.overflow = w.valid && kind[w.hpet]++ >= MOST_OVERRIDES;
		*arena_push(f->arena, list, n) = w;
	}
	*ret_n = n;
	return list;
}

/*
 * Since when a kernel takes ivrs_ioapic=9@0000:00:14.0: "iommu/amd: Fix ill-formed
 * ivrs_ioapic, ivrs_hpet and ivrs_acpihid options" is in 6.2 and in these stable
 * releases (6.1.4: revision list of linux-stable-rc at 6.1.4-rc1, 2023-01-04).
 */
static const struct {
	int major, minor, patch;
} new_form[] = { { 5, 4, 237 }, { 5, 10, 164 }, { 5, 15, 103 }, { 6, 0, 18 },
	{ 6, 1, 4 } };

static enum tri takes_new_form(struct facts *f)
{
	enum tri since = kernel_at_least(f, 6, 2, 0);

	if (since != TRI_FALSE)
		return since;
	for (size_t i = 0; i < sizeof new_form / sizeof new_form[0]; i++) {
		int major = new_form[i].major, minor = new_form[i].minor;
		if (kernel_at_least(f, major, minor, 0) == TRI_TRUE &&
			kernel_at_least(f, major, minor + 1, 0) == TRI_FALSE)
			return kernel_at_least(f, major, minor, new_form[i].patch);
	}
	return TRI_FALSE;
}

/* In brackets, a PCI segment is understood since 6.0 ("Add PCI segment support for
 * ivrs_[ioapic/hpet/acpihid] commands"). */
static enum tri form_accepted(struct facts *f, const struct ivrs_word *w)
{
	if (!w->brackets)
		return takes_new_form(f);
	/* The stable releases with the new form have that as well */
	return w->segment ? tri_or(takes_new_form(f), kernel_at_least(f, 6, 0, 0))
			  : TRI_TRUE;
}

static bool logged_with(struct facts *f, const char *const *patterns, const char *tail,
	const struct klog_match **ret)
{
	const struct klog_match *m = klog_first(f, patterns);

	*ret = m;
	return m && strstr(m->line->text, tail);
}

static const char *const log_invalid[] = { "Invalid command line: ivrs_", NULL };

enum tri ivrs_word_accepted(struct facts *f, const struct ivrs_word *w)
{
	const struct klog_match *m;
	enum tri form;

	if (!w->valid || w->overflow)
		return TRI_FALSE;
	if (logged_with(f, log_invalid, w->text, &m))
		return TRI_FALSE;
	form = form_accepted(f, w);
	if (form == TRI_UNKNOWN && klog_says(f, log_invalid) == TRI_FALSE)
		return TRI_TRUE; /* it would have complained */
	return form;
}

const char *ivrs_word_make(struct facts *f, bool hpet, int64_t id, struct bdf bdf)
{
	const char *name = hpet ? "ivrs_hpet" : "ivrs_ioapic";
	char text[BDF_TEXT];

	if (takes_new_form(f) == TRI_TRUE)
		return arena_printf(f->arena, "%s=%lld@%s", name, (long long)id,
			bdf_format(bdf, text));
	return arena_printf(f->arena, "%s[%lld]=%s", name, (long long)id,
		bdf_format_short(bdf, text));
}

void subjects_list_ivrs_words(struct facts *f)
{
	size_t n;
	const struct ivrs_word *words = ivrs_words(f, &n);

	for (size_t i = 0; i < n; i++) {
		bool repeated = false;
		for (size_t j = 0; j < i; j++)
			repeated |= strcmp(words[j].text, words[i].text) == 0;
		if (repeated)
			continue;
		struct subject *s = subject_new(f, SCOPE_IVRS_WORD, words[i].text);
		s->host_wide = true;
		s->item = &words[i];
	}
	subjects_listed(f, SCOPE_IVRS_WORD,
		!cmdline_known(f)         ? TRI_FALSE
			: cmdline_open(f) ? TRI_UNKNOWN
					  : TRI_TRUE,
		1u << SOURCE_KERNEL);
}

void derive_ivrs_word_text(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;

	if (!w)
		return;
	fact_set_text(out, w->text);
	fact_seen(f, out, "kernel command line", w->text);
}

void derive_ivrs_word_id(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	(void)f;

	if (!w)
		return;
	if (w->valid)
		fact_set_int(out, w->id);
	else
		fact_set_none(out);
}

void derive_ivrs_word_bdf(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	char text[BDF_TEXT];

	if (!w)
		return;
	fact_set_text(out,
		w->valid ? arena_strdup(f->arena, bdf_format_short(w->bdf, text)) : NULL);
}

enum { CLASS_IOMMU = 0x0806 };

void derive_ivrs_word_names_iommu(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	const struct fn *fn;

	if (!w)
		return;
	if (!w->valid) {
		fact_set_bool(out, false);
		return;
	}
	fn = facts_find(f, w->bdf);
	if (fn && !fn->missing && fn->class_code != 0xffffffff) {
		fact_set_bool(out, fn->class_code >> 8 == CLASS_IOMMU);
		if (out->b)
			fact_seen(f, out, "/sys/bus/pci/devices", fn_describe(f, fn));
	} else if (!fn && f->snap->pci.have == HAVE_VALUE &&
		snapshot_status(f->snap, SOURCE_PCI) != STATUS_TRUNCATED) {
		fact_set_bool(out, false); /* hidden, as 00:00.1 is */
	} else {
		fact_missing(out, SOURCE_PCI);
	}
}

static bool list_has(const struct ioapics *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].id == id)
			return true;
	}
	return false;
}

void derive_ivrs_word_listed(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	struct ioapics list;

	if (!w)
		return;
	if (w->hpet || !w->valid) {
		fact_set_bool(out, true); /* HPET numbers are not in MADT */
		return;
	}
	if (!ioapics_of(f, &list)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	bool listed = list_has(&list, w->id);
	if (!listed && list.open) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_bool(out, listed);
	fact_seen(f, out, list.source, list.text);
}

void derive_ivrs_word_ioapics(struct facts *f, const struct subject *s, struct fact *out)
{
	struct ioapics list;

	if (!s->item)
		return;
	if (!ioapics_of(f, &list)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_list(out);
	out->open = list.open;
	for (size_t i = 0; i < list.n; i++)
		fact_add_text(f, out, arena_printf(f->arena, "%u", list.v[i].id));
}

void derive_ivrs_word_accepted(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	const struct klog_match *m;

	if (!w)
		return;
	switch (ivrs_word_accepted(f, w)) {
	case TRI_TRUE:
		fact_set_bool(out, true);
		break;
	case TRI_FALSE:
		fact_set_bool(out, false);
		if (logged_with(f, log_invalid, w->text, &m))
			klog_seen(f, out, m);
		else
			fact_seen(f, out, "kernel command line", w->text);
		break;
	case TRI_UNKNOWN:
		fact_missing(out, SOURCE_KERNEL_LOG);
		break;
	}
}

/* Is W the override of its id that counts? The first does: add_special_device(). */
static enum tri is_in_force(struct facts *f, const struct ivrs_word *w)
{
	enum tri earlier = TRI_FALSE;
	size_t n;
	const struct ivrs_word *words = ivrs_words(f, &n);

	for (size_t i = 0; i < n && strcmp(words[i].text, w->text) != 0; i++) {
		if (!words[i].hpet && words[i].valid && words[i].id == w->id)
			earlier = tri_or(earlier, ivrs_word_accepted(f, &words[i]));
	}
	return tri_and(tri_not(earlier), ivrs_word_accepted(f, w));
}

/* check_ioapic_information(): with another function for this one, nothing is remapped */
void derive_ivrs_word_misses_southbridge(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	const struct fact *none = host_fact(f, "ivrs.no-southbridge");
	const struct madt_ioapic *sb;
	struct ioapics list;
	enum tri force;

	if (!w)
		return;
	if (w->hpet || !w->valid || bdf_compare(w->bdf, ivrs_southbridge) == 0 ||
		(none->state == FACT_VALUE && !none->b)) {
		fact_set_bool(out, false);
		return;
	}
	sb = ioapics_of(f, &list) ? ioapics_southbridge(&list) : NULL;
	force = is_in_force(f, w);
	if (force == TRI_FALSE || (sb && sb->id != w->id))
		fact_set_bool(out, false);
	else if (!sb || force == TRI_UNKNOWN || none->state != FACT_VALUE)
		fact_missing(out, SOURCE_ACPI_TABLES);
	else
		fact_set_bool(out, true);
	if (out->state == FACT_VALUE && sb)
		fact_seen(f, out, list.source, list.text);
}

void derive_ivrs_word_table_right(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	const struct ivrs *ivrs = ivrs_decode(f);
	struct bdf bdf;

	if (!w)
		return;
	if (!ivrs) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_bool(out,
		!w->hpet && w->valid && w->id <= UINT8_MAX &&
			ivrs_table_entry(ivrs, false, (uint8_t)w->id, &bdf) &&
			bdf_compare(bdf, ivrs_southbridge) == 0);
}

void derive_ivrs_word_needless(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	const struct ivrs *ivrs = ivrs_decode(f);
	char text[BDF_TEXT];
	struct bdf bdf;

	if (!w)
		return;
	if (!ivrs || ivrs_trouble(f)) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	fact_set_bool(out, false);
	if (!w->valid || w->id > UINT8_MAX)
		return;
	if (ivrs_table_entry(ivrs, w->hpet, (uint8_t)w->id, &bdf)) {
		fact_set_bool(out, bdf_compare(bdf, w->bdf) == 0);
		fact_seen(f, out, "ACPI IVRS table",
			arena_printf(f->arena, "%s %lld at %s",
				w->hpet ? "HPET" : "I/O APIC", (long long)w->id,
				bdf_format_short(bdf, text)));
	} else if (ivrs->open) {
		out->state = FACT_ABSENT;
		fact_missing(out, SOURCE_ACPI_TABLES);
	}
}

/* The one I/O APIC without an entry in IVRS, for a word that names none; -1 if unclear.
 */
static int64_t only_missing_id(struct facts *f)
{
	const struct fact *missing = host_fact(f, "ivrs.ioapics-missing");
	int64_t id;

	if (missing->state != FACT_VALUE || missing->open || missing->n != 1 ||
		!text_to_int(missing->list[0], &id))
		return -1;
	return id;
}

/* The function that I/O APIC ID sends as, where W names another for sure. */
static struct bdf right_function(
	struct facts *f, const struct subject *s, const struct ivrs_word *w, int64_t id)
{
	const struct fact *iommu = fact_of(f, s, "names-iommu");
	const struct madt_ioapic *southbridge;
	struct ioapics list;

	if (w->hpet)
		return w->bdf;
	if (ioapics_of(f, &list) && (southbridge = ioapics_southbridge(&list)) &&
		southbridge->id == id)
		return ivrs_southbridge;
	if (iommu->state == FACT_VALUE && iommu->b)
		return ivrs_northbridge;
	return w->bdf;
}

void derive_ivrs_word_fixed(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct ivrs_word *w = s->item;
	const struct fact *listed;
	int64_t id;

	if (!w)
		return;
	fact_set_none(out);
	if (!w->valid)
		return;
	id = w->id;
	listed = fact_of(f, s, "listed");
	if (listed->state == FACT_VALUE && !listed->b) {
		id = only_missing_id(f);
		if (id < 0)
			return;
	}
	struct bdf bdf = right_function(f, s, w, id);
	/* Right as it stands: the form need not change for its own sake */
	if (id == w->id && bdf_compare(bdf, w->bdf) == 0 &&
		ivrs_word_accepted(f, w) != TRI_FALSE)
		return;
	fact_set_text(out, ivrs_word_make(f, w->hpet, id, bdf));
}
