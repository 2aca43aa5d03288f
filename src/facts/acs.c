// SPDX-License-Identifier: GPL-2.0-or-later
// Access Control Services of one function, as the kernel judges them: pci_acs_enabled() of
// drivers/pci/pci.c and pci_dev_specific_acs_enabled() of drivers/pci/quirks.c.
#include "facts/acs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/acpi.h"
#include "facts/cmdline.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/pci_caps.h"
#include "facts/topology.h"

enum {
	ACS_CAP = 4,      /* capability register, behind the extended header */
	ACS_CTRL = 6,     /* control register */
	ACS_BITS = 0x7f,  /* that have a name, in both */
	ACS_CTRL_SPT = 8, /* the same where they are dwords, INTEL_SPT_ACS_CTRL */
	HEADER_TYPE = 0x0e,
	MULTIFUNCTION = 0x80,
	INTEL_LPC_SLOT = 0x1f,
	INTEL_LPC_RCBA = 0xf0, /* INTEL_LPC_RCBA_REG, bit 0: enabled */
};

enum tri acs_multifunction(const struct fn *fn)
{
	uint16_t type;

	if (!fn->raw)
		return TRI_UNKNOWN;
	if (fn_is_vf(fn)) /* pci_iov_add_virtfn() */
		return TRI_FALSE;
	if (fn->bdf.fn) /* pci_scan_slot() */
		return fn->raw->physfn.have == HAVE_NOT ? TRI_UNKNOWN : TRI_TRUE;
	if (!pci_config_knows(fn, HEADER_TYPE, MULTIFUNCTION))
		return TRI_UNKNOWN;
	type = pci_config_u16(fn, HEADER_TYPE) & 0xff;
	return type == 0xff ? TRI_UNKNOWN : tri_of(type & MULTIFUNCTION);
}

static const char *const override_works[] = { "PCIe ACS overrides enabled", NULL };

enum tri acs_override(struct facts *f)
{
	enum tri says = klog_says(f, override_works);

	if (says != TRI_UNKNOWN || cmdline_last(f, "pcie_acs_override"))
		return says;
	return cmdline_known(f) && !cmdline_open(f) ? TRI_FALSE : TRI_UNKNOWN;
}

const char *acs_word(struct facts *f)
{
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (text_equal(words[i].name, "pci") && words[i].value &&
			(strstr(words[i].value, "disable_acs_redir=") ||
				strstr(words[i].value, "config_acs=")))
			found = words[i].text;
	}
	return found;
}

const char *acs_bits(struct facts *f, uint16_t bits)
{
	static const char *const names[] = { "SV", "TB", "RR", "CR", "UF", "EC", "DT" };
	const char *text = NULL;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (bits & 1u << i)
			text = text ? arena_printf(f->arena, "%s %s", text, names[i])
				    : names[i];
	}
	return text ? text : "none";
}

/* One judgement: the function and what its list needs to know. */
struct judging {
	struct facts *f;
	const struct fn *fn;
	struct acs *acs;
	size_t at; /* of the capability */
	bool supposed;
};

/* Do the control bits that the port implements isolate? One that it does not implement
 * is hard-wired (pci_acs_flags_enabled()). */
static enum tri by_control(const struct judging *j)
{
	enum tri word;

	if (j->acs->has != TRI_TRUE)
		return j->acs->has;
	if (!acs_lacking(j->acs))
		return TRI_TRUE;
	if (!j->supposed)
		return TRI_FALSE;
	word = acs_word(j->f) ? TRI_TRUE : tri_of(!cmdline_known(j->f));
	return word == TRI_FALSE ? TRI_TRUE : TRI_UNKNOWN;
}

static enum tri by_registers(const struct judging *j)
{
	switch (j->acs->type) {
	case PCIE_UNKNOWN:
		return TRI_UNKNOWN;
	case PCIE_NONE:
	case PCIE_TO_PCI_BRIDGE:
	case PCI_TO_PCIE_BRIDGE:
	case PCIE_EVENT_COLLECTOR:
		return TRI_FALSE;
	case PCIE_ROOT_PORT:
	case PCIE_DOWNSTREAM_PORT:
		return by_control(j);
	case PCIE_ENDPOINT:
	case PCIE_LEGACY_ENDPOINT:
	case PCIE_UPSTREAM_PORT:
	case PCIE_ROOT_ENDPOINT:
		return tri_or(tri_not(j->acs->multi), by_control(j));
	default:
		return TRI_TRUE;
	}
}

/* Linux 5.9 forgot to switch the chipset's own isolation on (commit 52fbf5bdeeef), until a
 * late release of its stable series took the repair of 5.10 (462b58fb0339). */
static bool kernel_may_forget_pch(struct facts *f)
{
	return kernel_at_least(f, 5, 9, 0) != TRI_FALSE &&
		kernel_at_least(f, 5, 10, 0) == TRI_FALSE;
}

/* Could the kernel switch the chipset's own isolation on? It says so at boot, and it
 * needs the base address in the LPC bridge. */
static enum tri pch_enabled(const struct judging *j)
{
	static const char *const yes[] = {
		"{addr:bdf}: Intel PCH root port ACS workaround enabled", NULL
	};
	static const char *const no[] = {
		"{addr:bdf}: Failed to enable Intel PCH ACS quirk", NULL
	};
	struct bdf b = j->fn->bdf;
	const struct fn *lpc;

	if (kernel_may_forget_pch(j->f))
		return klog_first_naming(j->f, yes, j->fn->bdf) ? TRI_TRUE : TRI_UNKNOWN;
	b.dev = INTEL_LPC_SLOT;
	b.fn = 0;
	lpc = facts_find(j->f, b);
	if (lpc && pci_config_knows(lpc, INTEL_LPC_RCBA, 0xffffffff))
		return tri_of(pci_config_u32(lpc, INTEL_LPC_RCBA) & 1);
	if (klog_first_naming(j->f, yes, j->fn->bdf))
		return TRI_TRUE;
	if (klog_first_naming(j->f, no, j->fn->bdf))
		return TRI_FALSE;
	return klog_complete(j->f) ? TRI_TRUE : TRI_UNKNOWN;
}

static enum tri on_root_bus(const struct fn *fn)
{
	if (fn->parent || fn->raw->parent.have == HAVE_VALUE)
		return TRI_FALSE;
	return fn->raw->parent.have == HAVE_NONE ? TRI_TRUE : TRI_UNKNOWN;
}

/* What a row says of a function; PASSES: nothing (-ENOTTY, -ENODEV), the next one is
 * asked. */
struct said {
	bool passes;
	enum tri isolates;
};

static struct said said_by_type(enum tri applies, enum tri isolates)
{
	if (applies == TRI_FALSE)
		return (struct said){ .passes = true };
	return (struct said){ .isolates = applies == TRI_TRUE ? isolates : TRI_UNKNOWN };
}

static struct said row_says(const struct judging *j, const struct acs_quirk *row)
{
	int type = j->acs->type;
	enum tri known = type == PCIE_UNKNOWN ? TRI_UNKNOWN : TRI_TRUE;
	enum tri root =
		tri_and(known, tri_of(type == PCIE_ROOT_PORT || type < PCIE_NONE));
	enum tri port = type == PCIE_DOWNSTREAM_PORT ? TRI_TRUE : root;

	switch (row->kind) {
	case ACS_ISOLATED_ROOT:
		return said_by_type(root, TRI_TRUE);
	case ACS_ISOLATED_PORT:
		return said_by_type(port, TRI_TRUE);
	case ACS_OPEN_PORT:
		return said_by_type(port, TRI_FALSE);
	case ACS_OPEN:
		return said_by_type(TRI_TRUE, TRI_FALSE);
	case ACS_ROOT_ENDPOINT:
		return said_by_type(
			tri_and(known,
				tri_of(type == PCIE_ROOT_ENDPOINT || type < PCIE_NONE)),
			TRI_TRUE);
	case ACS_AMD_SB:
		return said_by_type(tri_and(tri_and(j->acs->multi, on_root_bus(j->fn)),
					    acpi_has_table(j->f, "IVRS")),
			TRI_TRUE);
	case ACS_INTEL_PCH:
		return said_by_type(root, j->supposed ? TRI_TRUE : pch_enabled(j));
	case ACS_INTEL_SPT:
		return said_by_type(tri_and(root, j->acs->has), by_control(j));
	case ACS_ISOLATED:
		break;
	}
	return said_by_type(TRI_TRUE, TRI_TRUE);
}

static bool row_names(const struct acs_quirk *row, const struct fn *fn)
{
	uint64_t device = fn->raw->device.v;

	return fn->raw->vendor.v == row->vendor && device >= row->first &&
		device <= row->last;
}

/* The first row that says something decides; one that this kernel may lack only does if
 * the rest agrees. */
static enum tri by_rows(
	const struct judging *j, size_t from, const struct acs_quirk **ret_row)
{
	for (size_t i = from; i < acs_quirks_length; i++) {
		const struct acs_quirk *row = &acs_quirks[i];
		struct said said;

		if (!row_names(row, j->fn))
			continue;
		said = row_says(j, row);
		if (said.passes)
			continue;
		if (row->major &&
			kernel_at_least(j->f, row->major, row->minor, 0) != TRI_TRUE) {
			enum tri rest = by_rows(j, i + 1, ret_row);

			return rest == said.isolates ? rest : TRI_UNKNOWN;
		}
		*ret_row = row;
		return said.isolates;
	}
	return by_registers(j);
}

/* Does `pcie_acs_override=` with VALUE speak of FN? The patch: pcie_acs_overrides(). */
static bool override_names(const char *value, const struct judging *j)
{
	int type = j->acs->type;
	bool port = type == PCIE_ROOT_PORT || type == PCIE_DOWNSTREAM_PORT;

	for (const char *p = value; p && *p;) {
		if (text_starts(p, "downstream") && port)
			return true;
		if (text_starts(p, "multifunction") && !port && j->acs->multi == TRI_TRUE)
			return true;
		if (text_starts(p, "id:")) {
			char *end;
			unsigned long vendor = strtoul(p + 3, &end, 16), device = 0;

			if (*end == ':')
				device = strtoul(end + 1, NULL, 16);
			if (vendor == j->fn->raw->vendor.v &&
				device == j->fn->raw->device.v)
				return true;
		}
		p += strcspn(p, ",");
		p += *p == ',';
	}
	return false;
}

static enum tri with_override(const struct judging *j)
{
	enum tri proven = j->acs->proven, works;
	size_t n;
	const struct cmdline_word *words;

	if (proven == TRI_TRUE || j->acs->type == PCIE_NONE || j->acs->has == TRI_TRUE)
		return proven;
	works = acs_override(j->f);
	if (works == TRI_FALSE)
		return proven;
	words = cmdline_words(j->f, &n);
	/* Without the words it is not known which devices they speak of */
	if (!cmdline_known(j->f))
		return works == TRI_TRUE ? TRI_UNKNOWN : proven;
	for (size_t i = 0; i < n; i++) {
		if (text_equal(words[i].name, "pcie_acs_override") &&
			override_names(words[i].value, j))
			return works == TRI_TRUE && j->acs->has == TRI_FALSE
				? TRI_TRUE
				: TRI_UNKNOWN;
	}
	return proven;
}

static bool is_spt(const struct fn *fn)
{
	for (size_t i = 0; i < acs_quirks_length; i++) {
		if (acs_quirks[i].kind == ACS_INTEL_SPT && row_names(&acs_quirks[i], fn))
			return true;
	}
	return false;
}

static void registers_read(struct judging *j)
{
	struct acs *a = j->acs;
	size_t ctrl;

	if (a->has != TRI_TRUE)
		return;
	ctrl = j->at +
		(is_spt(j->fn) && a->type == PCIE_ROOT_PORT ? ACS_CTRL_SPT : ACS_CTRL);
	if (!pci_config_knows(j->fn, j->at + ACS_CAP, ACS_BITS) ||
		!pci_config_knows(j->fn, ctrl, ACS_BITS)) {
		a->has = TRI_UNKNOWN;
		return;
	}
	a->cap = pci_config_u16(j->fn, j->at + ACS_CAP);
	a->ctrl = pci_config_u16(j->fn, ctrl);
}

struct acs acs_judge(struct facts *f, const struct fn *fn, bool supposed)
{
	struct acs acs = { .type = PCIE_UNKNOWN };
	struct judging j = { .f = f, .fn = fn, .acs = &acs, .supposed = supposed };

	acs.multi = acs.has = acs.reachable = acs.proven = acs.isolates = TRI_UNKNOWN;
	if (!fn->raw)
		return acs;
	acs.type = pcie_type(fn);
	acs.multi = acs_multifunction(fn);
	acs.reachable = pci_ext_reachable(f, fn);
	acs.has = acs.reachable == TRI_TRUE ? pci_ext_cap_find(fn, EXT_CAP_ACS, &j.at)
					    : acs.reachable;
	registers_read(&j);
	if (fn->raw->vendor.have == HAVE_VALUE && fn->raw->device.have == HAVE_VALUE)
		acs.proven = by_rows(&j, 0, &acs.quirk);
	acs.isolates = with_override(&j);
	return acs;
}
