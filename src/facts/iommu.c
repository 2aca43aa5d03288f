// SPDX-License-Identifier: GPL-2.0-or-later
// Is an IOMMU at work, of which kind, and what on the command line or in firmware decides
// it.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/iommu.h"
#include "facts/kernel.h"
#include "facts/klog.h"

void derive_iommu_table(struct facts *f, const struct subject *s, struct fact *out)
{
	static const char *const names[] = { "DMAR", "IVRS", "VIOT" };
	bool all_known = true;
	(void)s;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		enum tri has = acpi_has_table(f, names[i]);
		if (has == TRI_TRUE) {
			fact_set_text(out, names[i]);
			fact_seen(f, out, "/sys/firmware/acpi/tables", names[i]);
			return;
		}
		all_known &= has == TRI_FALSE;
	}
	if (all_known) {
		fact_set_none(out);
		fact_seen(f, out, "/sys/firmware/acpi/tables",
			"neither DMAR, IVRS nor VIOT");
		return;
	}
	/* ACPI: IVRS 0x… 0000C8 (v02 …): drivers/acpi/acpica/tbprint.c */
	static const char *const logged[] = { "ACPI: DMAR 0x", "ACPI: IVRS 0x",
		"ACPI: VIOT 0x", "ACPI: DMAR 0", "ACPI: IVRS 0" };
	static const char *const of[] = { "DMAR", "IVRS", "VIOT", "DMAR", "IVRS" };
	for (size_t i = 0; i < sizeof logged / sizeof logged[0]; i++) {
		size_t n;
		const struct klog_line *lines = klog_lines(f, &n);
		for (size_t j = 0; j < n; j++) {
			if (!strstr(lines[j].text, logged[i]))
				continue;
			fact_set_text(out, of[i]);
			fact_seen(f, out,
				arena_printf(f->arena, "kernel log %s", lines[j].stamp),
				lines[j].text);
			return;
		}
	}
	fact_missing(out, SOURCE_ACPI_NAMES);
}

/* VFIO's no-IOMMU mode makes groups too; such a group holds the one function that VFIO is bound
 * to (drivers/vfio/group.c, vfio_noiommu_group_alloc), which is never a bridge. */
static enum tri group_is_real(const struct group *g)
{
	if (g->noiommu)
		return TRI_FALSE;
	if (g->raw && g->raw->name.have != HAVE_NOT)
		return TRI_TRUE;
	for (size_t i = 0; i < g->n; i++) {
		if (g->members[i]->on_vfio == TRI_FALSE ||
			g->members[i]->class_code >> 8 == 0x0604)
			return TRI_TRUE;
	}
	return g->n > 1 ? TRI_TRUE : TRI_UNKNOWN;
}

/* A group whose PCI functions the scan did not find, or that does not tell its members, is
 * one all the same: an empty scan does not empty the groups. */
static bool group_has_unseen(const struct group *g)
{
	struct bdf b;

	if (g->n || !g->raw || g->noiommu)
		return false;
	for (size_t i = 0; i < g->raw->devices.n; i++)
		if (bdf_parse(g->raw->devices.s[i], &b))
			return true;
	return g->raw->devices.have == HAVE_NOT;
}

/* PCI functions in groups, over all sources. */
struct group_view {
	size_t real, unsure; /* groups with a PCI function */
	const struct fn *example;
	bool none_certain;  /* it is certain that no PCI function has one */
	bool count_certain; /* REAL is their number */
};

static struct group_view groups_view(const struct facts *f)
{
	struct group_view v = { 0 };
	bool links_known = true, scanned = f->snap->pci.have == HAVE_VALUE;
	enum source_status status = snapshot_status(f->snap, SOURCE_IOMMU_GROUPS);
	bool listed = f->snap->groups.have != HAVE_NOT && status != STATUS_TRUNCATED &&
		status != STATUS_ERROR;

	for (size_t i = 0; i < f->n_groups; i++) {
		const struct group *g = &f->groups[i];
		enum tri real = g->n          ? group_is_real(g)
			: group_has_unseen(g) ? TRI_UNKNOWN
					      : TRI_FALSE;
		v.real += real == TRI_TRUE;
		v.unsure += real == TRI_UNKNOWN;
		if (real == TRI_TRUE && !v.example)
			v.example = g->members[0];
	}
	for (size_t i = 0; i < f->n_fns; i++) {
		if (!f->fns[i].missing)
			links_known &= f->fns[i].raw->iommu_group.have != HAVE_NOT;
	}
	links_known &= scanned && f->n_fns > 0;
	v.count_certain = !v.unsure && (listed || links_known);
	v.none_certain = v.count_certain && !v.real;
	return v;
}

/* drivers/iommu/iommu.c; the first wording until 4.19 */
static const char *const log_grouped[] = {
	"iommu: Adding device {addr:bdf} to group {id:dec}",
	"{addr:bdf}: Adding to iommu group {id:dec}", NULL
};
/* Printed behind a successful start, drivers/iommu/amd/init.c until 5.13 */
static const char *const log_amd_on[] = { "AMD-Vi: Lazy IO/TLB flushing enabled",
	"AMD-Vi: IO/TLB flush on unmap enabled",
	"AMD-Vi: Initialized for Passthrough Mode", NULL };
static const char *const log_noiommu[] = { "Adding kernel taint for vfio-noiommu group",
	NULL };

static void iommu_on_from_log(struct facts *f, struct fact *out)
{
	const struct klog_match *m = klog_first(f, log_grouped);

	if (!m)
		m = klog_first(f, log_amd_on);
	if (m && !klog_first(f, log_noiommu)) {
		fact_set_bool(out, true);
		klog_seen(f, out, m);
	} else if (!m && klog_says(f, log_grouped) == TRI_FALSE &&
		kernel_at_least(f, 4, 4, 0) == TRI_TRUE) {
		fact_set_bool(out, false);
		fact_seen(
			f, out, "kernel log", "no function was added to an IOMMU group");
	} else {
		fact_missing(out, SOURCE_IOMMU_GROUPS);
	}
}

void derive_iommu_on(struct facts *f, const struct subject *s, struct fact *out)
{
	struct group_view v = groups_view(f);
	(void)s;

	if (v.real && !(f->snap->units.have == HAVE_VALUE && !f->snap->units.n)) {
		fact_set_bool(out, true);
		fact_seen(f, out, "/sys/bus/pci/devices",
			arena_printf(f->arena, "%s is in IOMMU group %lld",
				v.example->addr, (long long)v.example->group->id));
		if (f->snap->units.n)
			fact_seen(f, out, "/sys/class/iommu", f->snap->units.v[0].name);
	} else if (v.none_certain) {
		fact_set_bool(out, false);
		fact_seen(f, out, "/sys/kernel/iommu_groups",
			"no PCI function is in an IOMMU group");
	} else {
		iommu_on_from_log(f, out);
	}
}

void derive_iommu_kind(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *on;
	const char *table;
	(void)s;

	if (f->snap->units.have != HAVE_NOT) {
		if (!f->snap->units.n) {
			fact_set_none(out);
			return;
		}
		const char *name = f->snap->units.v[0].name;
		struct bdf bdf;
		fact_set_text(out,
			text_starts(name, "dmar")           ? "VT-d"
				: text_starts(name, "ivhd") ? "AMD-Vi"
				: bdf_parse(name, &bdf) || text_starts(name, "virtio")
				? "virtio-iommu"
				: "other");
		fact_seen(f, out, "/sys/class/iommu", name);
		return;
	}
	on = host_fact(f, "iommu.on");
	table = host_text(f, "iommu.table");
	if (on->state == FACT_VALUE && !on->b) {
		fact_set_none(out);
	} else if (on->state == FACT_VALUE && table) {
		fact_set_text(out,
			text_equal(table, "DMAR")           ? "VT-d"
				: text_equal(table, "IVRS") ? "AMD-Vi"
							    : "virtio-iommu");
		fact_seen(f, out, "ACPI tables", table);
	} else {
		fact_missing(out, SOURCE_IOMMU_UNITS);
	}
}

/* Numbers of the groups that the log names; -1 if it may lack some. */
static int64_t groups_in_log(struct facts *f)
{
	int64_t *ids = NULL, id;
	size_t n_ids = 0;

	for (size_t i = 0; klog_complete(f) && log_grouped[i]; i++) {
		struct template *t = arena_new_object(f->arena, struct template);
		const char *error;
		size_t n;
		if (!template_compile(f->arena, log_grouped[i], t, &error))
			continue;
		const struct klog_match *m = klog_match_all(f, t, &n);
		for (size_t j = 0; j < n; j++) {
			bool known = !text_to_int(klog_hole(f, &m[j], "id"), &id);
			for (size_t k = 0; k < n_ids && !known; k++)
				known = ids[k] == id;
			if (!known)
				*arena_push(f->arena, ids, n_ids) = id;
		}
	}
	return n_ids ? (int64_t)n_ids : -1;
}

void derive_iommu_groups(struct facts *f, const struct subject *s, struct fact *out)
{
	struct group_view v = groups_view(f);
	(void)s;

	if (v.count_certain) {
		fact_set_int(out, (int64_t)v.real);
		return;
	}
	int64_t n = groups_in_log(f);
	if (n >= 0)
		fact_set_int(out, n);
	else
		fact_missing(out, SOURCE_IOMMU_GROUPS);
}

/* Whose driver is asked: by the table, which decides, else by the processor. */
enum iommu_driver iommu_driver_of(struct facts *f)
{
	const char *table = host_text(f, "iommu.table"), *vendor;

	if (text_equal(table, "DMAR"))
		return DRIVER_INTEL;
	if (text_equal(table, "IVRS"))
		return DRIVER_AMD;
	/* In a virtual machine VT-d is emulated for processors of any maker */
	if (host_fact(f, "iommu.table")->state == FACT_ABSENT &&
		text_equal(host_text(f, "host.kind"), "vm"))
		return DRIVER_UNKNOWN;
	vendor = host_text(f, "cpu.vendor");
	if (text_equal(vendor, "AuthenticAMD") || text_equal(vendor, "HygonGenuine"))
		return DRIVER_AMD;
	/* VT-d is what all others have that have one (Zhaoxin) */
	return vendor ? DRIVER_INTEL : DRIVER_UNKNOWN;
}

/* The last of the words NAME whose item list holds an item that begins with ITEM. */
static const struct cmdline_word *word_with(struct facts *f, const char *name,
	const char *item, bool last_wins, const char *undo)
{
	const struct cmdline_word *found = NULL;
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i].name, name) != 0)
			continue;
		for (const char *p = words[i].value; p && *p;) {
			if (text_starts(p, item))
				found = &words[i];
			else if (last_wins && text_starts(p, undo))
				found = NULL;
			p += strcspn(p, ",");
			p += *p == ',';
		}
	}
	return found;
}

/*
 * The word that stops the driver. iommu=off sets no_iommu, which both drivers obey
 * (arch/x86/kernel/pci-dma.c); off in amd_iommu= cannot be taken back, in intel_iommu=
 * the last item wins (intel_iommu_setup()).
 */
static const struct cmdline_word *off_word(struct facts *f, enum iommu_driver driver)
{
	const struct cmdline_word *w = word_with(f, "iommu", "off", false, "");

	if (!w && driver == DRIVER_INTEL)
		w = word_with(f, "intel_iommu", "off", true, "on");
	if (!w && driver == DRIVER_AMD)
		w = word_with(f, "amd_iommu", "off", false, "");
	if (!w)
		w = word_with(f, "acpi", "off", false, "");
	return w;
}

void derive_iommu_off_word(struct facts *f, const struct subject *s, struct fact *out)
{
	enum iommu_driver driver = iommu_driver_of(f);
	const struct cmdline_word *w;
	(void)s;

	if (!cmdline_known(f)) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	w = off_word(f, driver);
	if (w) {
		fact_set_text(out, w->text);
		cmdline_seen(f, out, w);
	} else if (cmdline_open(f)) {
		fact_missing(out, SOURCE_KERNEL);
	} else if (driver == DRIVER_UNKNOWN &&
		(off_word(f, DRIVER_INTEL) || off_word(f, DRIVER_AMD))) {
		fact_missing(out, SOURCE_CPUINFO);
	} else {
		fact_set_none(out);
	}
}

void derive_iommu_on_word(struct facts *f, const struct subject *s, struct fact *out)
{
	enum iommu_driver driver = iommu_driver_of(f);
	const struct cmdline_word *w;
	(void)s;

	if (!cmdline_known(f)) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	w = word_with(f, "intel_iommu", "on", true, "off");
	if (w && driver == DRIVER_INTEL) {
		fact_set_text(out, w->text);
		cmdline_seen(f, out, w);
	} else if ((w && driver == DRIVER_UNKNOWN) || cmdline_open(f)) {
		fact_missing(out, w ? SOURCE_CPUINFO : SOURCE_KERNEL);
	} else {
		fact_set_none(out);
	}
}

void derive_iommu_default(struct facts *f, const struct subject *s, struct fact *out)
{
	/* The second is a choice that Debian adds */
	static const char *const on[] = { "CONFIG_INTEL_IOMMU_DEFAULT_ON",
		"CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF" };
	enum iommu_driver driver = iommu_driver_of(f);
	const char *line;
	(void)s;

	if (driver == DRIVER_AMD) {
		fact_set_text(out, "on");
		return;
	}
	if (driver == DRIVER_UNKNOWN) {
		fact_missing(out, SOURCE_CPUINFO);
		return;
	}
	for (size_t i = 0; i < sizeof on / sizeof on[0]; i++) {
		if (kernel_config(f, on[i], &line) == TRI_TRUE) {
			fact_set_text(out, "on");
			fact_seen(f, out, "kernel configuration", line);
			return;
		}
	}
	switch (kernel_config(f, "CONFIG_INTEL_IOMMU", NULL)) {
	case TRI_TRUE:
		fact_set_text(out, "off");
		fact_seen(f, out, "kernel configuration",
			"CONFIG_INTEL_IOMMU_DEFAULT_ON is not set");
		break;
	case TRI_FALSE:
		fact_set_none(out); /* no driver, so no default */
		break;
	case TRI_UNKNOWN:
		fact_missing(out, SOURCE_KERNEL_CONFIG);
		break;
	}
}

static const char *const log_opt_in[] = {
	"Intel-IOMMU force enabled due to platform opt in", NULL
};

enum { DMAR_OPT_IN = 1u << 2 };

void derive_iommu_opt_in(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct klog_match *m = klog_first(f, log_opt_in);
	const struct dmar *dmar = dmar_decode(f);
	(void)s;

	if (m) {
		fact_set_bool(out, true);
		klog_seen(f, out, m);
	} else if (dmar && !(dmar->flags & DMAR_OPT_IN)) {
		fact_set_bool(out, false);
		fact_seen(f, out, "ACPI DMAR table",
			arena_printf(f->arena, "flags 0x%02x", dmar->flags));
	} else if (klog_says(f, log_opt_in) == TRI_FALSE) {
		/* The flag alone does nothing: an external-facing port must exist as well
		 */
		fact_set_bool(out, false);
	} else if (acpi_has_table(f, "DMAR") == TRI_FALSE) {
		fact_set_bool(out, false);
	} else {
		fact_missing(out, dmar ? SOURCE_KERNEL_LOG : SOURCE_ACPI_TABLES);
	}
}

/* VT-d specification 11.4.2: bit 7 CM */
enum { CAP_CACHING_MODE = 1u << 7 };

void derive_iommu_caching_mode(struct facts *f, const struct subject *s, struct fact *out)
{
	bool all = true;
	size_t n = 0;
	(void)s;

	for (size_t i = 0; i < f->snap->units.n; i++) {
		const struct snap_unit *u = &f->snap->units.v[i];
		if (!text_starts(u->name, "dmar"))
			continue;
		if (u->cap.have != HAVE_VALUE) {
			fact_missing(out, SOURCE_IOMMU_UNITS);
			return;
		}
		all &= (u->cap.v & CAP_CACHING_MODE) != 0;
		n++;
	}
	if (!n) {
		fact_missing(out, SOURCE_IOMMU_UNITS);
		return;
	}
	fact_set_bool(out, all);
	fact_seen(f, out, "/sys/class/iommu",
		all ? "all units cache (CM)" : "a unit without caching mode (CM)");
}

/* What the drivers print when they give up, and what that means. */
static const struct {
	const char *patterns[4];
	const char *words;
} refusals[] = {
	{ { "IOMMU not currently supported when SME is active" },
		"memory encryption (SME) is on and the processor's microcode is too old" },
	{ { "AMD-Vi: Failed to initialize. The CMPXCHG16B feature is required" },
		"the processor model lacks CMPXCHG16B" },
	{ { "AMD-Vi: Disable IOMMU on Stoney Ridge" },
		"the kernel keeps AMD-Vi off on Stoney Ridge graphics" },
	{ { "No supported address widths. Not attempting DMA translation",
		  "Cannot get a valid agaw for iommu",
		  "Cannot get a valid max agaw for iommu" },
		"a unit supports no address width" },
	/* dmar_insert_dev_scope(): one bad entry, and dmar_dev_scope_init() fails */
	{ { "DMAR: Device scope type does not match for" },
		"an entry of firmware's DMAR table takes a bridge for an endpoint, or an "
		"endpoint for a bridge" },
	{ { "AMD-Vi: Can not reserve memory region" },
		"firmware left the unit's registers in memory that is taken" },
	{ { "Failed to initialize IOMMU Hardware" }, "the unit did not start" },
	{ { "DMAR: Initialization failed", "DMAR: Can't reserve memory",
		  "DMAR: Failed to map dmar" },
		"the driver could not start the unit" },
};

void derive_iommu_refused_by(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		const struct klog_match *m = klog_first(f, refusals[i].patterns);
		if (m) {
			fact_set_text(out, refusals[i].words);
			klog_seen(f, out, m);
			return;
		}
	}
	if (klog_complete(f))
		fact_set_none(out);
	else
		fact_missing(out, SOURCE_KERNEL_LOG);
}

void derive_iommu_noiommu_mode(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_parameter *p =
		kernel_parameter(f, "vfio", "enable_unsafe_noiommu_mode");
	const struct cmdline_word *w = cmdline_last(f, "vfio.enable_unsafe_noiommu_mode");
	(void)s;

	for (size_t i = 0; i < f->n_groups; i++) {
		if (!f->groups[i].noiommu)
			continue;
		fact_set_text(out,
			arena_printf(f->arena,
				"/sys/kernel/iommu_groups/%lld/name: vfio-noiommu",
				(long long)f->groups[i].id));
		fact_seen(f, out, "/sys/kernel/iommu_groups", out->text);
		return;
	}
	if (p && p->value.have == HAVE_VALUE) {
		fact_set_none(out);
		if (kernel_bool_is_true(p->value.s)) {
			fact_set_text(out,
				arena_printf(f->arena,
					"/sys/module/vfio/parameters/"
					"enable_unsafe_noiommu_mode: %s",
					p->value.s));
			fact_seen(f, out, "/sys/module/vfio/parameters", p->value.s);
		}
	} else if (w && kernel_bool_is_true(w->value)) {
		fact_set_text(out, w->text);
		cmdline_seen(f, out, w);
	} else if (cmdline_known(f) && kernel_module_loaded(f, "vfio") != TRI_UNKNOWN) {
		fact_set_none(out); /* not loaded, or built without that mode */
	} else {
		fact_missing(out, SOURCE_MODULES);
	}
}
