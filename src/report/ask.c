// SPDX-License-Identifier: GPL-2.0-or-later
// What to ask somebody for who posted a part: commands whose output `triage` reads.
#include "report/ask.h"

#include <string.h>

#define S(source) (1u << SOURCE_##source)

static bool has_log(const struct snapshot *s)
{
	return snapshot_status(s, SOURCE_KERNEL_LOG) == STATUS_OK;
}

/* A listing without drivers or groups leaves more to see. */
static bool has_functions(const struct snapshot *s)
{
	bool drivers = false, groups = s->groups.n > 0;

	for (size_t i = 0; i < s->pci.n; i++) {
		drivers |= s->pci.v[i].driver.have != HAVE_NOT;
		groups |= s->pci.v[i].iommu_group.have != HAVE_NOT;
	}
	return drivers && groups && snapshot_status(s, SOURCE_PCI) == STATUS_OK;
}

static bool has_kernel(const struct snapshot *s)
{
	return snap_str(s->kernel.release) && snap_str(s->kernel.cmdline);
}

static bool has_interrupts(const struct snapshot *s)
{
	return snapshot_status(s, SOURCE_IRQ_CHIPS) == STATUS_OK;
}

static bool has_processor(const struct snapshot *s)
{
	return snap_str(s->cpu.model_name) && snap_str(s->cpu.flags);
}

static bool has_modprobe(const struct snapshot *s)
{
	for (size_t i = 0; i < s->files.n; i++)
		if (strstr(s->files.v[i].path, "modprobe.d"))
			return true;
	return snapshot_status(s, SOURCE_MODPROBE) == STATUS_OK;
}

static bool has_iomem(const struct snapshot *s)
{
	return snapshot_status(s, SOURCE_IOMEM) == STATUS_OK;
}

/* What says most stands first: what comes later must settle clearly more to be chosen. */
const struct ask ask_table[] = {
	{ .command = "sudo journalctl -k -b --no-hostname",
		.format = "kernel-log",
		/* It names the groups and the command line, and says how the IOMMU and
		 * interrupt remapping came up: facts take that from it where nothing better
		 * is there. */
		.sources = S(KERNEL_LOG) | S(KERNEL) | S(IOMMU_GROUPS) | S(IOMMU_UNITS) |
			S(IRQ_CHIPS) | S(ACPI_NAMES),
		.shows =
			"whether the IOMMU and interrupt remapping came up, the groups and "
			"the kernel's command line. Post all of it, not what a search finds",
		.hint = "Without systemd: sudo dmesg, soon after a boot.",
		.is_there = has_log },
	{ .command = "sudo lspci -nnkvvv",
		.format = "lspci",
		.sources = S(PCI) | S(IOMMU_GROUPS) | S(CONFIG_SPACE),
		.shows = "the devices, their drivers and their IOMMU groups",
		.is_there = has_functions },
	{ .command = "uname -r; cat /proc/cmdline",
		.format = "cmdline",
		.sources = S(KERNEL),
		.shows = "the kernel and what it was told at boot",
		.is_there = has_kernel },
	{ .command = "cat /proc/interrupts",
		.format = "interrupts",
		.sources = S(IRQ_CHIPS),
		.shows = "whether interrupts are remapped",
		.is_there = has_interrupts },
	{ .command = "lscpu",
		.format = "lscpu",
		.sources = S(CPUINFO),
		.shows = "which processor it is and whether it can run guests",
		.is_there = has_processor },
	{ .command = "cat /etc/modprobe.d/*.conf",
		.format = "modprobe",
		.sources = S(MODPROBE),
		.shows = "what is set aside for vfio-pci, and which options modules get",
		.is_there = has_modprobe },
	{ .command = "sudo cat /proc/iomem",
		.format = "iomem",
		.sources = S(IOMEM),
		.shows = "what holds the memory of the devices",
		.is_there = has_iomem },
};
const size_t ask_table_length = sizeof ask_table / sizeof ask_table[0];

enum {
	WORTH_LISTING = 24, /* of a check on devices, none of which is known */
	WORTH_MORE = 2,     /* of one on devices that may be set aside besides */
	WORTH_WARNING = 12,
	WORTH_CAUSE = 40,
	WORTH_ANSWER = 120,
	WORTH_SUSPECT = 600, /* of a cause that a message may have */
	LEAST_GAIN = 24,     /* less is not worth anybody's time */
};

/*
 * What it is worth to settle a finding. One without subject stands for devices that could not
 * be listed: there are many of those, and one listing settles them all.
 */
static unsigned worth(const struct judgement *j, const struct finding *f)
{
	enum severity s =
		f->severity > f->rule->severity ? f->severity : f->rule->severity;

	if (!f->bears || s < SEVERITY_WARNING)
		return 0;
	if (!f->subject)
		return s < SEVERITY_BLOCKER ? 1
			: j->facts->n_fns   ? WORTH_MORE
					    : WORTH_LISTING;
	if (s == SEVERITY_WARNING)
		return WORTH_WARNING;
	return f->rule->severity >= SEVERITY_BLOCKER ? WORTH_ANSWER : WORTH_CAUSE;
}

static unsigned count_bits(uint32_t bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* The more of what a check lacks is supplied, the likelier it is settled. */
static unsigned share(unsigned whole, uint32_t lacks, uint32_t supplied)
{
	unsigned n = count_bits(lacks);

	return n ? whole * count_bits(lacks & supplied) / n : 0;
}

/* Causes that a message may have; nothing more is to be known where one is found. */
static unsigned gain_for_message(const struct finding *f, uint32_t supplied)
{
	unsigned sum = 0;

	for (size_t i = 0; i < f->n_suspects; i++) {
		if (f->suspects[i].verdict == VERDICT_FAIL)
			return 0;
		sum += share(WORTH_SUSPECT, f->suspects[i].missing, supplied);
	}
	return sum;
}

static unsigned gain(const struct judgement *j, uint32_t supplied)
{
	unsigned sum = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct finding *f = &j->findings[i];

		if (f->verdict == VERDICT_UNKNOWN)
			sum += share(worth(j, f), f->missing, supplied);
		else if (f->verdict == VERDICT_FAIL)
			sum += gain_for_message(f, supplied);
	}
	return sum;
}

const struct ask *ask_choose(const struct judgement *j)
{
	const struct ask *best = NULL;
	unsigned most = LEAST_GAIN;

	for (size_t i = 0; i < ask_table_length; i++) {
		const struct ask *a = &ask_table[i];
		unsigned n = a->is_there(j->facts->snap) ? 0 : gain(j, a->sources);

		if (n > most) {
			most = n + n / 4;
			best = a;
		}
	}
	return best;
}

const struct ask *ask_for(enum source source)
{
	for (size_t i = 0; i < ask_table_length; i++)
		if (ask_table[i].sources >> source & 1)
			return &ask_table[i];
	return NULL;
}
