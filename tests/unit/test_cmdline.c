// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel command line: splitting, words that are damaged or do nothing.
#include "facts/cmdline.h"
#include "machine.h"
#include "tap.h"

static struct facts *facts_with(struct snapshot *s, const char *cmdline)
{
	s->kernel.cmdline = snap_text_of(s, cmdline);
	return facts_new(s, NULL);
}

static const char *word_fact(struct facts *f, const char *key, const char *name)
{
	for (size_t i = 0; i < f->scopes[SCOPE_WORD].n; i++) {
		struct subject *s = f->scopes[SCOPE_WORD].v[i];
		if (strcmp(s->key, key) == 0)
			return fact_of(f, s, name)->text;
	}
	return "no such word";
}

TEST(splits_as_the_kernel_does)
{
	struct arena *a = arena_new();
	size_t n;
	const struct cmdline_word *w = cmdline_split(
		a, "  ro vfio-pci.ids=1:2 x=\"a b\" \"y=c d\" quiet\tz= -- init=1", &n);

	is_int(n, 6);
	is_str(w[0].text, "ro");
	is_str(w[0].value, NULL);
	is_str(w[1].name, "vfio_pci.ids");
	is_str(w[1].value, "1:2");
	is_str(w[1].text, "vfio-pci.ids=1:2");
	is_str(w[2].value, "a b");
	is_str(w[3].name, "y");
	is_str(w[3].value, "c d");
	is_str(w[5].value, "");
	arena_free(a);
}

TEST(odd_quotes_stay_in_bounds)
{
	static const char *const odd[] = { "\"", "=\"", "a=\"", "\"\"", "\"=", "a=\"b",
		"=", "\"a=\"b\"", "" };
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		size_t n;
		const struct cmdline_word *w = cmdline_split(a, odd[i], &n);
		is_int(n, *odd[i] != '\0');
		ok(!n || (w[0].text && w[0].name));
	}
	arena_free(a);
}

TEST(items_are_whole)
{
	ok(cmdline_has_item("on,sm_on", "on"));
	ok(!cmdline_has_item("sm_on", "on"));
	ok(!cmdline_has_item("", "on"));
	ok(!cmdline_has_item(NULL, "on"));
}

TEST(unknown_is_not_empty)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);

	ok(!cmdline_known(f));
	is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "cmdline.names")->state,
		FACT_ABSENT);
	is_int(f->scopes[SCOPE_WORD].listed, TRI_FALSE);
	facts_free(f);
	snapshot_free(s);
}

TEST(log_supplies_the_words)
{
	struct snapshot *s = machine_new(0);
	machine_log(s, "[    0.000000] Linux version 6.1.0");
	machine_log(s, "[    0.000000] Command line: root=/dev/sda1 amd_iommu=on");
	struct facts *f = facts_new(s, NULL);

	ok(cmdline_known(f));
	ok(cmdline_last(f, "amd_iommu") != NULL);
	is_int(f->scopes[SCOPE_WORD].n, 2);
	facts_free(f);
	snapshot_free(s);
}

TEST(repeated_words_are_one_subject)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_with(s, "quiet ro quiet");

	is_int(f->scopes[SCOPE_WORD].n, 2);
	facts_free(f);
	snapshot_free(s);
}

TEST(damage_is_seen_and_mended)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_with(s,
		"video=efifb:eek:ff iommu=\xe2\x80\x9dpt\xe2\x80\x9d amd\xe2\x80\x93x "
		"root=LABEL=donn\xc3\xa9"
		"es ok");

	is_str(word_fact(f, "video=efifb:eek:ff", "fixed"), "video=efifb:off");
	is_str(word_fact(f, "iommu=\xe2\x80\x9dpt\xe2\x80\x9d", "fixed"), "iommu=\"pt\"");
	is_str(word_fact(f, "amd\xe2\x80\x93x", "fixed"), NULL);
	is_str(word_fact(f, "ok", "fixed"), NULL);
	for (size_t i = 0; i < f->scopes[SCOPE_WORD].n; i++) {
		struct subject *w = f->scopes[SCOPE_WORD].v[i];
		bool mangled = fact_of(f, w, "mangled")->b;
		is_int(mangled,
			strcmp(w->key, "ok") != 0 && strncmp(w->key, "root", 4) != 0);
	}
	facts_free(f);
	snapshot_free(s);
}

TEST(words_without_effect)
{
	struct snapshot *s = machine_new(0);
	s->cpu.vendor_id = snap_text_of(s, "AuthenticAMD");
	struct facts *f = facts_with(s,
		"amd_iommu=on amd_iommu=fullflush iommu=pt iommu=1 intel_iommu=on quiet "
		"vfio-pci-ids=1:2");

	ok(word_fact(f, "amd_iommu=on", "no-op") != NULL);
	ok(word_fact(f, "iommu=1", "no-op") != NULL);
	ok(word_fact(f, "intel_iommu=on", "no-op") != NULL);
	ok(word_fact(f, "vfio-pci-ids=1:2", "no-op") != NULL);
	is_str(word_fact(f, "amd_iommu=fullflush", "no-op"), NULL);
	is_str(word_fact(f, "iommu=pt", "no-op"), NULL);
	is_str(word_fact(f, "quiet", "no-op"), NULL);
	facts_free(f);
	snapshot_free(s);
}

TEST(words_that_the_kernel_named_unknown)
{
	struct snapshot *s = machine_new(0);
	machine_log(s,
		"[    0.0] Unknown kernel command line parameters \"splash "
		"pcie_acs_override=downstream\", will be passed to user space.");
	struct facts *f = facts_with(s, "splash pcie_acs_override=downstream");

	ok(word_fact(f, "pcie_acs_override=downstream", "no-op") != NULL);
	is_str(word_fact(f, "splash", "no-op"), NULL);
	facts_free(f);
	snapshot_free(s);
}

TEST(items_that_the_acs_patch_does_not_know)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_with(s,
		"pcie_acs_override=multi-function pcie_acs_override=downstream,multifunction");

	ok(word_fact(f, "pcie_acs_override=multi-function", "no-op") != NULL);
	is_str(word_fact(f, "pcie_acs_override=downstream,multifunction", "no-op"), NULL);
	facts_free(f);
	snapshot_free(s);
}

TEST(the_last_word_counts)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_with(s,
		"intel_iommu=on,sm_on vfio-pci.disable_vga=1 console=tty0 console=ttyS0 "
		"vfio_pci.disable_vga=0 intel_iommu=off kvm.ignore_msrs=1 kvm.ignore_msrs=1 "
		"vfio-pci.ids=1:2 vfio-pci.ids=3:4 modprobe.blacklist=a modprobe.blacklist=b");

	is_str(word_fact(f, "intel_iommu=on,sm_on", "undone-by"), "intel_iommu=off");
	is_str(word_fact(f, "intel_iommu=off", "undone-by"), NULL);
	is_str(word_fact(f, "vfio-pci.disable_vga=1", "undone-by"),
		"vfio_pci.disable_vga=0");
	is_str(word_fact(f, "console=tty0", "undone-by"), NULL);
	is_str(word_fact(f, "kvm.ignore_msrs=1", "undone-by"), NULL);
	is_str(word_fact(f, "vfio-pci.ids=1:2", "undone-by"), NULL);
	is_str(word_fact(f, "modprobe.blacklist=a", "undone-by"), NULL);
	is_str(word_fact(f, "vfio-pci.disable_vga=1", "name"), "vfio_pci.disable_vga");
	facts_free(f);
	snapshot_free(s);
}

TEST(items_of_pci)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_with(s, "pci=noaer,nocrs quiet");

	is_str(fact_of(f, f->scopes[SCOPE_HOST].v[0], "pci.nocrs")->text,
		"pci=noaer,nocrs");
	is_int(fact_of(f, f->scopes[SCOPE_WORD].v[0], "items")->n, 2);
	is_int(fact_of(f, f->scopes[SCOPE_WORD].v[1], "items")->n, 0);
	facts_free(f);
	snapshot_free(s);
}
