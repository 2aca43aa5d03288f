// SPDX-License-Identifier: GPL-2.0-or-later
// The processor: raw CPUID, and what /proc/cpuinfo says of the first one.
#include <string.h>

#include "base/text.h"
#include "collect/cpuid.h"
#include "collect/given.h"
#include "collect/sources.h"

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

static struct snap_int int_of(const char *text)
{
	int64_t v;

	return text_to_int(text, &v) ? snap_int_of(v) : (struct snap_int){ 0 };
}

/* `model name\t: Intel(R) …`: cuts the line into key and value; false if it is none. */
static bool cpuinfo_split(
	struct arena *a, const char *line, char **ret_key, char **ret_value)
{
	const char *colon = strchr(line, ':');

	if (!colon)
		return false;
	*ret_key = text_trim(a, arena_strndup(a, line, (size_t)(colon - line)));
	*ret_value = text_trim(a, colon + 1);
	return true;
}

static void cpuinfo_keep(struct snapshot *s, const char *key, const char *value)
{
	struct snap_cpu *c = &s->cpu;
	const struct {
		const char *key;
		struct snap_text *text;
		struct snap_int *number;
	} rows[] = {
		{ "vendor_id", &c->vendor_id, NULL },
		{ "model name", &c->model_name, NULL },
		{ "flags", &c->flags, NULL },
		{ "microcode", &c->microcode, NULL },
		{ "address sizes", &c->address_sizes, NULL },
		{ "cpu family", NULL, &c->family },
		{ "model", NULL, &c->model },
		{ "stepping", NULL, &c->stepping },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!text_equal(rows[i].key, key))
			continue;
		if (rows[i].text)
			*rows[i].text = snap_line_of(s, value);
		else
			*rows[i].number = int_of(value);
	}
}

static void cpuinfo_collect(struct snapshot *s, const struct root *r)
{
	struct root_bytes got = root_read(r, s->arena, "proc/cpuinfo", ROOT_LARGE);
	int64_t count = 0;
	char *key, *value;

	if (got.status != STATUS_OK) {
		snapshot_set_status(
			s, SOURCE_CPUINFO, got.status, "no whole /proc/cpuinfo");
		return;
	}
	for (const char *p = (char *)got.p; *p;) {
		size_t len = strcspn(p, "\n");
		count += text_starts(p, "processor\t");
		if (count == 1 &&
			cpuinfo_split(
				s->arena, arena_strndup(s->arena, p, len), &key, &value))
			cpuinfo_keep(s, key, value);
		p += len + (p[len] == '\n');
	}
	if (count)
		s->cpu.count = snap_int_of(count);
	snapshot_set_status(s, SOURCE_CPUINFO, count ? STATUS_OK : STATUS_ERROR,
		count ? NULL : "no processor in /proc/cpuinfo");
}

void collect_cpu(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	cpuid_collect(s, r, options->cpuid);
	cpuinfo_collect(s, r);
}
