// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel command line: words as kernel/params.c splits them, and what each one does.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/subjects.h"

struct cmdline {
	struct cmdline_word *words;
	size_t n;
	bool known, open;
	const char *source;
};

static const char *name_normal(struct arena *a, const char *text, size_t n)
{
	char *name = arena_strndup(a, text, n);

	/* Names of early and module parameters: `-` and `_` are one (kernel/params.c) */
	for (char *p = name; *p; p++) {
		if (*p == '-')
			*p = '_';
	}
	return name;
}

/* One argument of TEXT as next_arg() of lib/cmdline.c takes it: blanks inside quotes
 * belong to it; quotes around the whole, or around the value, are dropped. */
static const char *word_scan(struct arena *a, const char *text, struct cmdline_word *ret)
{
	size_t len = 0, equals = 0, start = 0;
	bool in_quote = *text == '"', quoted = in_quote;

	if (quoted)
		start = len = 1;
	for (; text[len] && (in_quote || !text_is_space(text[len])); len++) {
		if (!equals && text[len] == '=' && len > start)
			equals = len;
		if (text[len] == '"')
			in_quote = !in_quote;
	}
	size_t end = len;
	if (quoted && end > start && text[end - 1] == '"')
		end--;
	if (!equals || equals >= end) {
		ret->text = arena_strndup(a, text + start, end - start);
		ret->name = name_normal(a, text + start, end - start);
		ret->value = NULL;
		return text + len;
	}
	size_t value = equals + 1;
	if (value < end && text[value] == '"') {
		value++;
		if (end > value && text[end - 1] == '"')
			end--;
	}
	ret->name = name_normal(a, text + start, equals - start);
	ret->value = arena_strndup(a, text + value, end - value);
	ret->text = arena_printf(
		a, "%.*s=%s", (int)(equals - start), text + start, ret->value);
	return text + len;
}

const struct cmdline_word *cmdline_split(struct arena *a, const char *text, size_t *ret_n)
{
	struct cmdline_word *words = NULL, word;
	size_t n = 0;

	for (;;) {
		while (text_is_space(*text))
			text++;
		if (!*text)
			break;
		text = word_scan(a, text, &word);
		if (strcmp(word.text, "--") == 0)
			break;
		*arena_push(a, words, n) = word;
	}
	*ret_n = n;
	return words;
}

static const char *const log_cmdline[] = { "Kernel command line: {words:any}",
	"Command line: {words:any}", NULL };

/* The log's line is cut where a record is full: LOG_LINE_MAX of kernel/printk is 1024
 * bytes with its prefix. */
enum { LOG_LINE_CUT = 900 };

/* COMMAND_LINE_SIZE is 2048 on x86 and nowhere above 4096 unless configured; what is longer
 * is none, and its words are not worth the time. */
enum { LONGEST = 16384 };

/* Words that somebody picked out for a post: a whole line names what to boot from. */
static bool is_picked(const struct facts *f, const char *text)
{
	return text_equal(f->snap->origin.kind, "pasted") && !strstr(text, "root=") &&
		!strstr(text, "BOOT_IMAGE=") && !strstr(text, "initrd=");
}

static const struct cmdline *cmdline_of(struct facts *f)
{
	const struct klog_match *m;

	if (f->cmdline)
		return f->cmdline;
	struct cmdline *c = arena_new_object(f->arena, struct cmdline);
	f->cmdline = c;
	const char *text = snap_str(f->snap->kernel.cmdline);
	c->source = "kernel command line";
	if (!text && f->snap->kernel.cmdline.have == HAVE_NOT &&
		(m = klog_first(f, log_cmdline))) {
		text = klog_hole(f, m, "words");
		c->source = arena_printf(f->arena, "kernel log %s", m->line->stamp);
		c->open = text && strlen(text) > LOG_LINE_CUT;
	}
	if (text && is_picked(f, text))
		c->open = true;
	if (text && strlen(text) > LONGEST) {
		text = arena_strndup(f->arena, text, LONGEST);
		c->open = true;
	}
	c->known = text || f->snap->kernel.cmdline.have == HAVE_NONE;
	if (text)
		c->words = (struct cmdline_word *)cmdline_split(f->arena, text, &c->n);
	return c;
}

const struct cmdline_word *cmdline_words(struct facts *f, size_t *ret_n)
{
	const struct cmdline *c = cmdline_of(f);

	*ret_n = c->n;
	return c->words;
}

bool cmdline_known(struct facts *f)
{
	return cmdline_of(f)->known;
}

bool cmdline_open(struct facts *f)
{
	return cmdline_of(f)->open;
}

const struct cmdline_word *cmdline_last(struct facts *f, const char *name)
{
	const struct cmdline *c = cmdline_of(f);

	for (size_t i = c->n; i-- > 0;) {
		if (strcmp(c->words[i].name, name) == 0)
			return &c->words[i];
	}
	return NULL;
}

void cmdline_seen(struct facts *f, struct fact *out, const struct cmdline_word *w)
{
	fact_seen(f, out, cmdline_of(f)->source, w->text);
}

bool cmdline_has_item(const char *value, const char *item)
{
	size_t n = strlen(item);

	while (value && *value) {
		size_t len = strcspn(value, ",");
		if (len == n && strncmp(value, item, n) == 0)
			return true;
		value += len + (value[len] == ',');
	}
	return false;
}

static void list_words(struct facts *f, bool names_only, struct fact *out)
{
	const struct cmdline *c = cmdline_of(f);

	if (!c->known) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	fact_set_list(out);
	out->open = c->open;
	for (size_t i = 0; i < c->n; i++)
		fact_add_text(f, out, names_only ? c->words[i].name : c->words[i].text);
}

void derive_cmdline_names(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	list_words(f, true, out);
}

void derive_cmdline_words(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	list_words(f, false, out);
}

void subjects_list_words(struct facts *f)
{
	const struct cmdline *c = cmdline_of(f);

	for (size_t i = 0; i < c->n; i++) {
		bool repeated = false;
		for (size_t j = 0; j < i; j++)
			repeated |= strcmp(c->words[j].text, c->words[i].text) == 0;
		if (repeated || !*c->words[i].text)
			continue;
		struct subject *s = subject_new(f, SCOPE_WORD, c->words[i].text);
		s->host_wide = true;
		s->item = &c->words[i];
	}
	subjects_listed(f, SCOPE_WORD,
		!c->known         ? TRI_FALSE
			: c->open ? TRI_UNKNOWN
				  : TRI_TRUE,
		1u << SOURCE_KERNEL);
}

void derive_word_text(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline_word *w = s->item;

	if (!w)
		return;
	fact_set_text(out, w->text);
	cmdline_seen(f, out, w);
}

/*
 * What forums and word processors make of plain text, and what was meant. Other letters
 * beyond ASCII are left alone: a label or a path may hold them.
 */
static const struct {
	const char *bad, *good; /* good NULL: cannot be known */
} manglings[] = {
	{ ":eek:", ":o" },        /* the smiley for `:o`, as in efifb:off */
	{ "\xe2\x80\x9c", "\"" }, /* U+201C and its kin */
	{ "\xe2\x80\x9d", "\"" },
	{ "\xe2\x80\x9e", "\"" },
	{ "\xe2\x80\x98", "'" },
	{ "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x90", "-" }, /* U+2010 to U+2012: hyphens */
	{ "\xe2\x80\x91", "-" },
	{ "\xe2\x80\x92", "-" },
	{ "\xe2\x88\x92", "-" },  /* U+2212 minus */
	{ "\xe2\x80\x93", NULL }, /* U+2013, U+2014: one hyphen or two */
	{ "\xe2\x80\x94", NULL },
	{ "\xe2\x80\xa6", "..." }, /* U+2026 */
	{ "\xc2\xa0", NULL },      /* no-break space: two words became one */
	{ "\\xa0", NULL },         /* the same, no UTF-8, made visible */
	{ "\\u200b", "" },         /* zero-width characters, made visible */
	{ "\\u200c", "" },
	{ "\\u200d", "" },
	{ "\\u2060", "" },
	{ "\\ufeff", "" },
};

void derive_word_mangled(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline_word *w = s->item;

	if (!w)
		return;
	fact_set_bool(out, false);
	for (size_t i = 0; i < sizeof manglings / sizeof manglings[0]; i++) {
		if (strstr(w->text, manglings[i].bad))
			fact_set_bool(out, true);
	}
	cmdline_seen(f, out, w);
}

void derive_word_fixed(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline_word *w = s->item;
	const char *text;

	if (!w)
		return;
	text = w->text;
	for (size_t i = 0; i < sizeof manglings / sizeof manglings[0]; i++) {
		const char *at;
		while ((at = strstr(text, manglings[i].bad))) {
			if (!manglings[i].good) {
				fact_set_none(out);
				return;
			}
			text = arena_printf(f->arena, "%.*s%s%s", (int)(at - text), text,
				manglings[i].good, at + strlen(manglings[i].bad));
		}
	}
	fact_set_text(out, text == w->text ? NULL : text);
}

/* Does an item of VALUE begin with one of the WORDS? The kernel compares prefixes. */
static bool any_item_begins(const char *value, const char *const *words)
{
	while (value && *value) {
		for (size_t i = 0; words[i]; i++) {
			if (text_starts(value, words[i]))
				return true;
		}
		value += strcspn(value, ",");
		value += *value == ',';
	}
	return false;
}

/* Values that the option takes: arch/x86/kernel/pci-dma.c and amd_gart_64.c,
 * drivers/iommu/amd/init.c, drivers/iommu/intel/iommu.c. */
static const char *const iommu_items[] = { "off", "force", "noforce", "biomerge", "panic",
	"nopanic", "merge", "nomerge", "forcesac", "allowdac", "nodac", "usedac", "soft",
	"pt", "nopt", "leak", "fullflush", "nofullflush", "noagp", "noaperture",
	"allowed", "memaper", "group_mf", "calgary", NULL };
static const char *const amd_items[] = { "off", "force_enable", "force_isolation",
	"fullflush", "pgtbl_v1", "pgtbl_v2", "irtcachedis", "nohugepages",
	"v2_pgsizes_only", NULL };
static const char *const intel_items[] = { "on", "off", "igfx_off", "intgpu_off",
	"forcedac", "strict", "sp_off", "sm_on", "sm_off", "tboot_noforce", NULL };
/* The patch is in no kernel of kernel.org: https://lkml.org/lkml/2013/5/30/513 */
static const char *const acs_items[] = { "downstream", "multifunction", "id:", NULL };

static const struct {
	const char *name;
	const char *const *items;
	const char *vendor; /* whose IOMMU it speaks to; NULL: any */
	const char *why;    /* when no item is one of those */
} options[] = {
	{ "iommu", iommu_items, NULL,
		"the kernel knows no such value of iommu= and ignores it" },
	{ "amd_iommu", amd_items, "AMD",
		"amd_iommu= takes no such value; AMD-Vi is on by itself where firmware "
		"offers it" },
	{ "intel_iommu", intel_items, "Intel", "intel_iommu= takes no such value" },
	{ "pcie_acs_override", acs_items, NULL,
		"the patch that reads it knows downstream, multifunction and id:VVVV:DDDD "
		"only" },
};

static const char *const log_unknown[] = {
	"Unknown kernel command line parameters \"{words:any}\", will be passed to user space",
	NULL
};

/* Names that people pass for a passthrough host: for these, that the kernel did not know
 * them is worth saying. Others may be meant for init or the initramfs. */
static const char *const our_names[] = { "iommu", "intel_iommu", "amd_iommu", "vfio",
	"kvm", "pcie_acs", "pci_acs", "ivrs", "intremap", "nointremap", NULL };

static bool is_ours(const char *name)
{
	for (size_t i = 0; our_names[i]; i++) {
		if (text_starts(name, our_names[i]))
			return true;
	}
	return false;
}

/* True if the kernel listed the word among those it did not know (init/main.c, 5.14). */
static const struct klog_match *word_unknown(
	struct facts *f, const struct cmdline_word *w)
{
	const struct klog_match *m = klog_first(f, log_unknown);
	size_t n;

	if (!m)
		return NULL;
	char **words = text_split(f->arena, klog_hole(f, m, "words"), " ", &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], w->text) == 0)
			return m;
	}
	return NULL;
}

/* The word's option belongs to the IOMMU of another maker than this machine's. */
static void no_op_by_vendor(struct facts *f, const struct cmdline_word *w,
	const char *option_vendor, struct fact *out)
{
	const char *vendor = host_text(f, "cpu.vendor");
	bool intel = text_equal(vendor, "GenuineIntel");
	bool amd =
		text_equal(vendor, "AuthenticAMD") || text_equal(vendor, "HygonGenuine");

	if (!vendor) {
		fact_missing(out, SOURCE_CPUID);
		return;
	}
	fact_set_none(out);
	/* An AMD processor may sit behind an emulated VT-d: the table decides */
	if ((amd && text_equal(option_vendor, "Intel") &&
		    !text_equal(host_text(f, "iommu.table"), "DMAR")) ||
		(intel && text_equal(option_vendor, "AMD"))) {
		fact_set_text(out,
			arena_printf(f->arena,
				"it speaks to the IOMMU of %s, and this processor is from %s",
				option_vendor, intel ? "Intel" : "AMD"));
		cmdline_seen(f, out, w);
	}
}

/* A word of one of our names that is in no table: only the kernel can tell, in its log.
 */
static void no_op_by_log(struct facts *f, const struct cmdline_word *w, struct fact *out)
{
	const struct klog_match *m = word_unknown(f, w);

	if (m) {
		fact_set_text(out, "this kernel does not know it");
		klog_seen(f, out, m);
	} else if (klog_complete(f)) {
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_KERNEL_LOG);
	}
}

/* Options of modules, written without the point that tells module and parameter apart
 * (parse_args(), kernel/params.c): the kernel has none of these names. */
bool cmdline_lacks_point(const struct cmdline_word *w)
{
	static const char *const names[] = { "vfio_pci_ids", "vfio_pci_disable_vga",
		"vfio_pci_disable_idle_d3", "pci_stub_ids",
		"vfio_iommu_type1_allow_unsafe_interrupts" };

	return text_is_among(w->name, names, sizeof names / sizeof names[0]);
}

void derive_word_no_op(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline_word *w = s->item;

	if (!w)
		return;
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (strcmp(w->name, options[i].name) != 0)
			continue;
		if (!any_item_begins(w->value, options[i].items)) {
			fact_set_text(out, options[i].why);
			cmdline_seen(f, out, w);
		} else if (options[i].vendor) {
			no_op_by_vendor(f, w, options[i].vendor, out);
		} else if (options[i].items == acs_items) {
			no_op_by_log(f, w, out); /* few kernels have the patch */
		} else {
			fact_set_none(out);
		}
		return;
	}
	if (cmdline_lacks_point(w)) {
		fact_set_text(out,
			"between a module and its option stands a point, as in "
			"vfio-pci.ids=");
		cmdline_seen(f, out, w);
		return;
	}
	/* `vfio-pci.ids=` and the like belong to modules, which know their parameters. */
	if (is_ours(w->name) && !strchr(w->name, '.'))
		no_op_by_log(f, w, out);
	else
		fact_set_none(out);
}

void derive_word_name(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline_word *w = s->item;

	(void)f;
	if (w)
		fact_set_text(out, w->name);
}

void derive_word_items(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline_word *w = s->item;
	size_t n = 0;
	char **items;

	if (!w)
		return;
	items = w->value ? text_split(f->arena, w->value, ",", &n) : NULL;
	fact_set_list(out);
	for (size_t i = 0; i < n; i++)
		fact_add_text(f, out, items[i]);
	cmdline_seen(f, out, w);
}

void derive_pci_nocrs(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline *c = cmdline_of(f);

	(void)s;
	if (!c->known || c->open)
		fact_missing(out, SOURCE_KERNEL);
	else
		fact_set_none(out);
	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->words[i].name, "pci") != 0 ||
			!cmdline_has_item(c->words[i].value, "nocrs"))
			continue;
		fact_set_text(out, c->words[i].text);
		cmdline_seen(f, out, &c->words[i]);
	}
}

/*
 * Options of one value, of which the last one counts: of modules (kernel/params.c calls the
 * setter again) and of the IOMMU layer. Lists of ids have rules of their own; words of
 * systemd and dracut may well stand twice.
 */
static bool has_one_value(const char *name)
{
	static const char *const modules[] = { "vfio", "kvm", "iommu.", "nvidia",
		"amdgpu.", "radeon.", "i915.", "xe.", "nouveau.", "snd_hda_intel." };

	if (!strchr(name, '.') || text_ends(name, ".ids") || text_ends(name, ".dyndbg"))
		return false;
	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
		if (text_starts(name, modules[i]))
			return true;
	}
	return false;
}

/* Opposite items of options that are read one after the other (drivers/iommu/intel/iommu.c,
 * arch/x86/kernel/pci-dma.c). */
static bool is_opposite(const struct cmdline_word *w, const struct cmdline_word *later)
{
	static const struct {
		const char *name, *item, *opposite;
	} pairs[] = {
		{ "intel_iommu", "on", "off" },
		{ "intel_iommu", "off", "on" },
		{ "intel_iommu", "sm_on", "sm_off" },
		{ "intel_iommu", "sm_off", "sm_on" },
		{ "iommu", "pt", "nopt" },
		{ "iommu", "nopt", "pt" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (!strcmp(w->name, pairs[i].name) &&
			cmdline_has_item(w->value, pairs[i].item) &&
			cmdline_has_item(later->value, pairs[i].opposite))
			return true;
	}
	return false;
}

void derive_word_undone_by(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct cmdline *c = cmdline_of(f);
	const struct cmdline_word *w = s->item;

	if (!w)
		return;
	fact_set_none(out);
	/* The same text may stand once more behind the one that undoes it */
	for (size_t i = 0; i < c->n; i++) {
		if (!strcmp(c->words[i].text, w->text))
			w = &c->words[i];
	}
	for (const struct cmdline_word *later = w + 1; later < c->words + c->n; later++) {
		if (strcmp(later->name, w->name) != 0 ||
			text_equal(later->value, w->value))
			continue;
		if (has_one_value(w->name) || is_opposite(w, later)) {
			fact_set_text(out, later->text);
			cmdline_seen(f, out, later);
		}
	}
}
