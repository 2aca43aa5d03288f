// SPDX-License-Identifier: GPL-2.0-or-later
// IOMMU groups and IOMMU units, as the kernel lists them.
#include <stdlib.h>

#include "base/text.h"
#include "collect/sources.h"

#define GROUPS "sys/kernel/iommu_groups"
#define UNITS  "sys/class/iommu"

static struct snap_texts lines_of(
	struct snapshot *s, const struct root *r, struct arena *scratch, const char *path)
{
	struct snap_texts lines = { 0 };
	char *text = root_read_text(r, scratch, path, ROOT_SMALL);
	char **parts;
	size_t n;

	if (!text)
		return lines;
	snap_list_collected(&lines);
	parts = text_lines(scratch, text, &n);
	for (size_t i = 0; i < n; i++)
		snap_texts_add(s, &lines, parts[i]);
	return lines;
}

static struct snap_texts names_in(
	struct snapshot *s, const struct root *r, struct arena *scratch, const char *path)
{
	struct snap_texts list = { 0 };
	char **names;
	size_t n;

	if (root_list(r, scratch, path, &names, &n) != STATUS_OK)
		return list;
	snap_list_collected(&list);
	for (size_t i = 0; i < n; i++)
		snap_texts_add(s, &list, names[i]);
	return list;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct snap_group *)a)->id;
	int64_t y = ((const struct snap_group *)b)->id;

	return (x > y) - (x < y);
}

static void group_add(struct snapshot *s, const struct root *r, struct arena *scratch,
	int64_t id, const char *name)
{
	struct snap_group *g = snap_list_add(s, &s->groups);
	struct root dir;

	g->id = id;
	if (!root_enter(r, arena_printf(scratch, GROUPS "/%s", name), &dir))
		return;
	g->name = root_read_attr(&dir, s, "name");
	g->type = root_read_attr(&dir, s, "type");
	/* Each group has a type: no file means a kernel that does not show it. */
	if (g->type.have == HAVE_NONE)
		g->type.have = HAVE_NOT;
	g->reserved = lines_of(s, &dir, scratch, "reserved_regions");
	g->devices = names_in(s, &dir, scratch, "devices");
	/* A group goes with its last member (drivers/iommu/iommu.c): one without members
	 * is a copy that has lost its links. */
	if (g->devices.n == 0)
		g->devices.have = HAVE_NOT;
	root_close(&dir);
}

static void collect_groups(
	struct snapshot *s, const struct root *r, struct arena *scratch)
{
	char **names;
	size_t n;
	int64_t id;
	enum source_status status = root_list(r, scratch, GROUPS, &names, &n);

	snapshot_set_status(s, SOURCE_IOMMU_GROUPS, status,
		status == STATUS_ABSENT ? "no /" GROUPS : NULL);
	if (status != STATUS_OK)
		return;
	snap_list_collected(&s->groups);
	for (size_t i = 0; i < n; i++)
		if (text_to_int(names[i], &id) && id >= 0)
			group_add(s, r, scratch, id, names[i]);
	if (s->groups.n)
		qsort(s->groups.v, s->groups.n, sizeof *s->groups.v, by_id);
}

static void unit_add(
	struct snapshot *s, const struct root *r, struct arena *scratch, const char *name)
{
	struct snap_unit *u = snap_list_add(s, &s->units);
	struct root dir;

	u->name = snap_line_of(s, name).s;
	/* The entry is a link; in a copy it may point at nothing, and yet it tells. */
	if (!root_enter(r, arena_printf(scratch, UNITS "/%s", name), &dir))
		return;
	u->cap = root_read_hex(&dir, s, "intel-iommu/cap");
	u->ecap = root_read_hex(&dir, s, "intel-iommu/ecap");
	u->address = root_read_hex(&dir, s, "intel-iommu/address");
	u->version = root_read_attr(&dir, s, "intel-iommu/version");
	u->features = root_read_attr(&dir, s, "amd-iommu/features");
	u->devices = names_in(s, &dir, scratch, "devices");
	root_close(&dir);
}

static void collect_units(struct snapshot *s, const struct root *r, struct arena *scratch)
{
	char **names;
	size_t n;
	enum source_status status = root_list(r, scratch, UNITS, &names, &n);

	snapshot_set_status(s, SOURCE_IOMMU_UNITS, status,
		status == STATUS_ABSENT ? "no /" UNITS : NULL);
	if (status != STATUS_OK)
		return;
	snap_list_collected(&s->units);
	for (size_t i = 0; i < n; i++)
		unit_add(s, r, scratch, names[i]);
}

void collect_iommu(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	struct arena *scratch = arena_new();

	(void)options;
	collect_groups(s, r, scratch);
	collect_units(s, r, scratch);
	arena_free(scratch);
}
