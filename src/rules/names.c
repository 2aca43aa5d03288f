// SPDX-License-Identifier: GPL-2.0-or-later
// The words of the rule grammar and of a report, and the areas in order of rank.
#include <string.h>

#include "base/text.h"
#include "rules/rule.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

/* Root causes first: what stands higher is looked at first when several findings explain
 * one, because it is where a person would begin to repair. */
const struct area area_table[] = {
	{ "host", PREREQ_NONE },
	{ "cmdline", PREREQ_NONE },
	{ "boot", PREREQ_NONE },
	{ "kernel", PREREQ_NONE },
	{ "firmware", PREREQ_FIRMWARE },
	{ "dmar", PREREQ_FIRMWARE },
	{ "ivrs", PREREQ_FIRMWARE },
	{ "cpu", PREREQ_VIRTUALISATION },
	{ "iommu", PREREQ_IOMMU },
	{ "irq", PREREQ_INTERRUPT_REMAPPING },
	{ "initramfs", PREREQ_DRIVERS },
	{ "vfio", PREREQ_DRIVERS },
	{ "driver", PREREQ_DRIVERS },
	{ "group", PREREQ_NONE },
	{ "gpu", PREREQ_TWO_GPUS },
	{ "device", PREREQ_NONE },
	{ "config", PREREQ_NONE },
	{ "run", PREREQ_NONE },
};
const size_t area_table_length = LENGTH(area_table);

static const char *const severities[] = {
	[SEVERITY_CAUSE] = "cause",
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_BLOCKER] = "blocker",
	[SEVERITY_REFUSED] = "refused",
};
_Static_assert(LENGTH(severities) == N_SEVERITIES, "a name for every severity");

static const char *const verdicts[] = {
	[VERDICT_NA] = "n/a",
	[VERDICT_PASS] = "pass",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_FAIL] = "fail",
};
_Static_assert(LENGTH(verdicts) == VERDICT_FAIL + 1, "a name for every verdict");

static const char *const remedy_kinds[] = {
	[REMEDY_HARDWARE] = "hardware",
	[REMEDY_FIRMWARE] = "firmware",
	[REMEDY_EDIT] = "edit",
	[REMEDY_MODPROBE] = "modprobe",
	[REMEDY_CMDLINE] = "cmdline",
	[REMEDY_INITRAMFS] = "initramfs",
	[REMEDY_RUN] = "run",
	[REMEDY_GUEST] = "guest",
};
_Static_assert(LENGTH(remedy_kinds) == N_REMEDY_KINDS, "a name for every kind");

static const struct {
	const char *id, *title;
} prerequisites[] = {
	[PREREQ_IOMMU] = { "iommu", "IOMMU" },
	[PREREQ_INTERRUPT_REMAPPING] = { "interrupt-remapping", "Interrupt remapping" },
	[PREREQ_VIRTUALISATION] = { "virtualisation", "CPU virtualisation" },
	[PREREQ_TWO_GPUS] = { "two-gpus", "Two display adapters" },
	[PREREQ_DRIVERS] = { "drivers", "Drivers" },
	[PREREQ_FIRMWARE] = { "firmware", "Firmware tables" },
};
_Static_assert(LENGTH(prerequisites) == N_PREREQS, "a title for every prerequisite");

static const struct {
	const char *name;
	int status;
} overalls[] = {
	[OVERALL_OK] = { "ok", 0 },
	[OVERALL_WARNING] = { "warning", 1 },
	[OVERALL_BLOCKED] = { "blocked", 2 },
	[OVERALL_UNKNOWN] = { "unknown", 3 },
	[OVERALL_NO_TARGET] = { "no-target", 3 },
};
_Static_assert(LENGTH(overalls) == OVERALL_NO_TARGET + 1, "a status for every outcome");

static bool name_index(const char *const *names, size_t n, const char *name, size_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(names[i], name)) {
			*ret = i;
			return true;
		}
	return false;
}

const char *severity_name(enum severity s)
{
	return severities[s];
}

const char *severity_report_name(enum severity s)
{
	if (s == SEVERITY_REFUSED)
		s = SEVERITY_BLOCKER;
	return severities[s == SEVERITY_CAUSE ? SEVERITY_NOTE : s];
}

bool severity_by_name(const char *name, enum severity *ret)
{
	size_t i;

	if (!name_index(severities, N_SEVERITIES, name, &i))
		return false;
	*ret = (enum severity)i;
	return true;
}

const char *verdict_name(enum verdict v)
{
	return verdicts[v];
}

bool verdict_by_name(const char *name, enum verdict *ret)
{
	size_t i;

	if (!name_index(verdicts, LENGTH(verdicts), name, &i))
		return false;
	*ret = (enum verdict)i;
	return true;
}

const char *remedy_kind_name(enum remedy_kind k)
{
	return remedy_kinds[k];
}

bool remedy_kind_by_name(const char *name, enum remedy_kind *ret)
{
	size_t i;

	if (!name_index(remedy_kinds, N_REMEDY_KINDS, name, &i))
		return false;
	*ret = (enum remedy_kind)i;
	return true;
}

bool area_by_id(const char *id, size_t *ret)
{
	size_t length = strcspn(id, ".");

	for (size_t i = 0; i < area_table_length; i++)
		if (strlen(area_table[i].name) == length &&
			memcmp(area_table[i].name, id, length) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

const char *vfio_verdict_name(enum vfio_verdict v)
{
	static const char *const names[] = {
		[VFIO_ACCEPTS] = "accepts",
		[VFIO_REFUSES] = "refuses",
		[VFIO_UNKNOWN] = "unknown",
	};

	return names[v];
}

const char *device_verdict_name(enum device_verdict v)
{
	static const char *const names[] = {
		[DEVICE_NONE] = NULL,
		[DEVICE_BLOCKED] = "blocked",
		[DEVICE_UNKNOWN] = "unknown",
		[DEVICE_READY] = "ready",
		[DEVICE_ASSIGNABLE] = "assignable",
	};

	return names[v];
}

const char *row_verdict_name(enum row_verdict v)
{
	static const char *const names[] = {
		[ROW_PASS] = "pass",
		[ROW_WARNING] = "warning",
		[ROW_FAIL] = "fail",
		[ROW_UNKNOWN] = "unknown",
		[ROW_NA] = "n/a",
	};

	return names[v];
}

const char *prerequisite_id(enum prerequisite p)
{
	return prerequisites[p].id;
}

const char *prerequisite_title(enum prerequisite p)
{
	return prerequisites[p].title;
}

const char *overall_name(enum overall o)
{
	return overalls[o].name;
}

int overall_exit_status(enum overall o)
{
	return overalls[o].status;
}
