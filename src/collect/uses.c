// SPDX-License-Identifier: GPL-2.0-or-later
// What the host lives on: disks, default route, keyboards.
#include "collect/uses.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "collect/sources.h"

static int address_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool same_devices(const struct snap_texts *a, const struct snap_texts *b)
{
	if (a->have != b->have || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!text_equal(a->s[i], b->s[i]))
			return false;
	return true;
}

/* The several input nodes of one keyboard are one. */
static bool is_known(const struct snapshot *s, const struct snap_use *use)
{
	for (size_t i = 0; i < s->uses.n; i++) {
		const struct snap_use *old = &s->uses.v[i];
		if (text_equal(old->what, use->what) &&
			text_equal(snap_str(old->through), snap_str(use->through)) &&
			same_devices(&old->devices, &use->devices))
			return true;
	}
	return false;
}

static void use_append(struct snapshot *s, const char *what, const char *through,
	const struct snap_texts *devices)
{
	struct snap_use use = { .what = snap_str(snap_line_of(s, what)),
		.through = snap_line_of(s, through),
		.devices = *devices };

	if (use.devices.n)
		qsort(use.devices.s, use.devices.n, sizeof *use.devices.s,
			address_compare);
	if (!is_known(s, &use))
		*snap_list_add(s, &s->uses) = use;
}

void use_add(struct snapshot *s, const char *what, const char *through,
	const struct snap_texts *devices, bool unknown)
{
	const struct snap_texts nowhere = { .have = HAVE_NONE },
				open = { .have = HAVE_NOT };

	if (devices->n)
		use_append(s, what, through, devices);
	if (unknown)
		use_append(s, what, through, &open);
	else if (!devices->n)
		use_append(s, what, through, &nowhere);
}

void collect_uses(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	static const enum source parts[] = { SOURCE_STORAGE, SOURCE_NETWORK,
		SOURCE_INPUT };

	(void)options;
	collect_storage(s, r);
	collect_network(s, r);
	collect_input(s, r);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (snapshot_status(s, parts[i]) == STATUS_OK)
			snap_list_collected(&s->uses);
}
