// SPDX-License-Identifier: GPL-2.0-or-later
// The processor: raw CPUID, and what /proc/cpuinfo says of the first one.
#include <string.h>

#include "collect/cpuid.h"
#include "collect/given.h"
#include "collect/sources.h"
#include "import/cpuinfo.h"

static void cpuid_from_file(struct snapshot *s, const char *path)
{
	struct root_bytes got = given_read(s->arena, path, ROOT_LARGE);

	if (got.status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_CPUID,
			got.status == STATUS_TRUNCATED ? STATUS_ERROR : got.status,
			arena_printf(s->arena, "%s could not be read as a whole", path));
		return;
	}
	/* A NUL ends the text: what stands behind it is malformed as well */
	size_t bad = memchr(got.p, '\0', got.n) ? 1 : cpuid_parse(s, (char *)got.p);
	if (bad)
		snapshot_set_status(s, SOURCE_CPUID, STATUS_ERROR,
			arena_printf(
				s->arena, "%s:%zu: no line of `cpuid -r`", path, bad));
	else
		snapshot_set_status(s, SOURCE_CPUID, STATUS_OK, NULL);
}

static void cpuid_collect(struct snapshot *s, const struct root *r, const char *given)
{
	if (given)
		cpuid_from_file(s, given);
	else if (!r->live)
		snapshot_set_status(s, SOURCE_CPUID, STATUS_ABSENT,
			"a tree holds no CPUID; give --cpuid FILE");
	else if (cpuid_execute(s))
		snapshot_set_status(s, SOURCE_CPUID, STATUS_OK, NULL);
	else
		snapshot_set_status(s, SOURCE_CPUID, STATUS_ABSENT, "no x86 processor");
}

static void cpuinfo_collect(struct snapshot *s, const struct root *r)
{
	struct root_bytes got = root_read(r, s->arena, "proc/cpuinfo", ROOT_LARGE);

	if (got.status != STATUS_OK) {
		snapshot_set_status(
			s, SOURCE_CPUINFO, got.status, "no whole /proc/cpuinfo");
		return;
	}
	size_t count = cpuinfo_text_read(s, (char *)got.p);
	if (count)
		s->cpu.count = snap_int_of((int64_t)count);
	snapshot_set_status(s, SOURCE_CPUINFO, count ? STATUS_OK : STATUS_ERROR,
		count ? NULL : "no processor in /proc/cpuinfo");
}

void collect_cpu(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	cpuid_collect(s, r, options->cpuid);
	cpuinfo_collect(s, r);
}
