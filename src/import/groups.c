// SPDX-License-Identifier: GPL-2.0-or-later
// Listings of IOMMU groups, by whatever script: who is in which, and what was said of it.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/command.h"
#include "import/groups_line.h"
#include "import/groups_table.h"
#include "import/lspci.h"

enum {
	WRAP_LEAST = 56,  /* a member's line that was broken has at least as many bytes */
	MANY_GROUPS = 10, /* more than somebody quotes by hand */
	ROWS_LEAST = 3,
};

/* Is line I a rest that a mail program put on a line of its own? */
static bool is_wrapped(const struct paste_line *v, size_t i, enum groups_line_kind before)
{
	return (before == GROUPS_MEMBER || before == GROUPS_ROW) &&
		v[i - 1].n >= WRAP_LEAST && v[i - 1].n < 100 && v[i].n < 80 &&
		!strpbrk(v[i].text, "$#");
}

static bool is_ours(enum groups_line_kind kind)
{
	return kind == GROUPS_HEAD || kind == GROUPS_ROW || kind == GROUPS_MEMBER;
}

/* Kind of the first line of V that is not blank, within a few. */
static enum groups_line_kind kind_ahead(const struct paste_line *v, size_t n)
{
	for (size_t i = 0; i < n && i < 4; i++) {
		enum groups_line_kind kind = groups_line_parse(v[i].text).kind;
		if (kind != GROUPS_BLANK && !text_starts(v[i].text, "total "))
			return kind;
	}
	return GROUPS_OTHER;
}

static size_t listing_take(const struct paste_line *v, size_t n)
{
	struct groups_line first = groups_line_parse(v->text);
	enum groups_line_kind before = first.kind, owner = first.kind;
	size_t taken = 1;

	if (first.kind == GROUPS_HEAD && !is_ours(kind_ahead(v + 1, n - 1)))
		return 0;
	if (first.kind != GROUPS_HEAD && first.kind != GROUPS_ROW)
		return 0;
	for (size_t i = 1; i < n; i++) {
		struct groups_line l = groups_line_parse(v[i].text);
		bool total = text_starts(v[i].text, "total "); /* of ls -l */
		bool more = is_ours(l.kind) || l.kind == GROUPS_DETAIL;
		/* The members of one group may stand in a block of code of their own */
		if (v[i].fence &&
			(before != GROUPS_HEAD ||
				kind_ahead(v + i + 1, n - i - 1) != GROUPS_MEMBER))
			break;
		if (l.kind == GROUPS_BLANK || total)
			more = is_ours(kind_ahead(v + i + 1, n - i - 1));
		/* A member behind a blank line is of another listing */
		if (l.kind == GROUPS_MEMBER && i && !v[i - 1].n && !l.indented)
			more = owner == GROUPS_HEAD;
		if (l.kind == GROUPS_OTHER && !total)
			more = (l.indented && before != GROUPS_BLANK &&
				       before != GROUPS_HEAD) ||
				is_wrapped(v, i, before);
		if (!more)
			break;
		if (l.kind != GROUPS_BLANK) {
			taken = i + 1;
			owner = l.kind;
		}
		before = l.kind;
	}
	return taken;
}

/* `ls -l /sys/kernel/iommu_groups`, and nothing in it. */
static bool is_empty_directory(
	const struct import *im, const struct paste_line *v, size_t n)
{
	return text_equal(v->text, "total 0") &&
		(n < 2 || !v[1].n || *v[1].text != 'd') && command_lists_groups(im);
}

static size_t groups_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = groups_table_take(v, n);

	if (is_empty_directory(im, v, n))
		return 1;
	return taken ? taken : listing_take(v, n);
}

/* What is known while a listing is read. */
struct reader {
	struct import *im;
	bool drivers;      /* the listing names drivers: who has none named has none */
	bool any;          /* there is a member already */
	bool open;         /* the driver of the last one was not named yet */
	struct bdf member; /* the last one */
	int64_t *ids;      /* of the groups, in the order of the listing */
	size_t n;
};

static void driver_set(struct reader *r, const char *name)
{
	struct snap_pci *fn = import_function(r->im, r->member);
	size_t n = strcspn(name, " \t,;]");

	r->open = false;
	if (fn->driver.have != HAVE_NOT)
		return;
	if (n == 0 || text_starts(name, "none") || text_starts(name, "N/A") ||
		text_starts(name, "(none"))
		fn->driver = snap_text_none();
	else
		fn->driver =
			snap_line_of(r->im->snap, arena_strndup(r->im->scratch, name, n));
}

/* `Kernel modules: nvidiafb, nouveau` */
static void modules_set(struct reader *r, const char *names)
{
	struct snap_pci *fn = import_function(r->im, r->member);
	size_t n;
	char **parts = text_split(r->im->scratch, names, " ,\t", &n);

	if (fn->modules.have != HAVE_NOT)
		return;
	for (size_t i = 0; i < n; i++)
		snap_texts_add(r->im->snap, &fn->modules, parts[i]);
}

static void detail_read(struct reader *r, const char *text)
{
	static const char *const drivers[] = {
		"Kernel driver in use:", "Driver:", "driver:"
	};
	const char *value = strchr(text, ':');

	if (!value)
		return;
	value++;
	value += strspn(value, " \t");
	for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++)
		if (text_starts(text, drivers[i]))
			driver_set(r, value);
	if (text_starts(text, "Kernel modules:"))
		modules_set(r, value);
}

/* The member before is done: a driver that was not named is none, in such a listing. */
static void member_close(struct reader *r)
{
	if (r->drivers && r->open)
		driver_set(r, "");
	r->open = false;
}

/*
 * The columns of lsiommu, `[1022:14da] [R] 00:01.1  PCI bridge      Device 14db`, as lspci
 * writes them.
 */
static const char *columns_join(
	struct reader *r, const struct groups_line *l, const char *rest)
{
	const char *gap = strstr(rest, "  ");
	size_t n = gap ? (size_t)(gap - rest) : strlen(rest);
	const char *name = gap ? gap + strspn(gap, " ") : "Device";

	return arena_printf(
		r->im->scratch, "%.*s: %s [%.9s]", (int)n, rest, name, l->ids);
}

static void member_read(struct reader *r, const struct groups_line *l, const char *rest)
{
	const char *driver = strstr(rest, "Driver: ");

	if (!r->n) /* no heading: of no group */
		return;
	if (!driver)
		driver = strstr(rest, "driver: ");
	member_close(r);
	r->member = l->address;
	import_group_member(r->im, r->ids[r->n - 1], l->address);
	struct snap_pci *fn = import_function(r->im, l->address);
	if (l->resets && fn->reset.have == HAVE_NOT)
		fn->reset = snap_bool_of(true);
	if (driver)
		rest = arena_strndup(r->im->scratch, rest, (size_t)(driver - rest));
	rest = text_trim(r->im->scratch, rest);
	rest += strspn(rest, ":, \t");
	if (l->ids && *rest)
		rest = columns_join(r, l, rest);
	if (*rest)
		lspci_head_read(r->im, fn, rest);
	r->any = r->open = true;
	if (driver)
		driver_set(r, driver + strlen("driver: "));
}

/* Of a line of names, `0000:00:1f.0  0000:00:1f.2`. */
static const char *names_read(struct reader *r, const char *rest)
{
	while (r->n) {
		struct bdf address;
		const char *p = rest + strspn(rest, " \t");
		size_t n = p > rest ? import_address(p, &address) : 0;
		if (!n)
			return rest;
		import_group_member(r->im, r->ids[r->n - 1], address);
		rest = p + n;
	}
	return rest;
}

/* Does line I go on with the one before? */
static bool is_rest(
	const struct paste_line *v, size_t n, size_t i, enum groups_line_kind before)
{
	return i < n && groups_line_parse(v[i].text).kind == GROUPS_OTHER &&
		is_wrapped(v, i, before) && *v[i].text != '\t';
}

static void lines_read(struct reader *r, const struct paste_line *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct groups_line l = groups_line_parse(v[i].text);
		if ((l.kind == GROUPS_HEAD || l.kind == GROUPS_ROW) &&
			(!r->n || r->ids[r->n - 1] != l.id))
			*arena_push(r->im->scratch, r->ids, r->n) = l.id;
		if (l.kind == GROUPS_HEAD)
			import_group(r->im, l.id);
		if (l.kind == GROUPS_DETAIL && r->any)
			detail_read(r, l.rest);
		if (l.kind != GROUPS_ROW && l.kind != GROUPS_MEMBER)
			continue;
		const char *rest = names_read(r, l.rest);
		if (is_rest(v, n, i + 1, l.kind)) {
			rest = arena_printf(r->im->scratch, "%s %s", rest, v[i + 1].text);
			i++;
		}
		member_read(r, &l, rest);
	}
	r->open = false; /* of the last one more may have been cut off */
}

/*
 * Is this every group there is? Nobody quotes by hand 0, 1, 10, 11, …, 2, 3: the order in
 * which a shell lists directories; a part of that has gaps.
 */
static bool is_every_group(const struct reader *r)
{
	bool *seen = arena_alloc(r->im->scratch, r->n + 1);
	bool falls = false;

	if (r->n < MANY_GROUPS)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		if (r->ids[i] >= (int64_t)r->n || seen[r->ids[i]])
			return false;
		seen[r->ids[i]] = true;
		falls |= i && r->ids[i] < r->ids[i - 1];
	}
	return falls && r->ids[0] == 0;
}

static int id_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Is a group named in two places? Then the list is in the order of devices. */
static bool is_scattered(const struct reader *r)
{
	int64_t *sorted = arena_memdup(r->im->scratch, r->ids, r->n * sizeof *sorted);

	qsort(sorted, r->n, sizeof *sorted, id_compare);
	for (size_t i = 1; i < r->n; i++)
		if (sorted[i] == sorted[i - 1])
			return true;
	return false;
}

/*
 * Members of a group under a heading are listed whole; of a long list the last may have
 * been cut off. Single lines may be a choice, unless they go through several groups.
 */
static void groups_mark_whole(const struct reader *r, bool rows, bool every)
{
	size_t n = r->n;

	if (!every && (n >= MANY_GROUPS || rows))
		n--;
	if ((rows && r->n < ROWS_LEAST) || is_scattered(r))
		n = 0;
	for (size_t i = 0; i < n; i++)
		*arena_push(r->im->scratch, r->im->groups_whole, r->im->n_groups_whole) =
			r->ids[i];
}

/* Does the listing have another function at an address than one before, or the same one in
 * another group? */
static bool is_of_another(struct import *im, const struct paste_line *v, size_t n)
{
	int64_t id = -1;

	for (size_t i = 0; i < n; i++) {
		struct groups_line l = groups_line_parse(v[i].text);

		if (l.kind == GROUPS_HEAD || l.kind == GROUPS_ROW)
			id = l.id;
		if (l.kind != GROUPS_ROW && l.kind != GROUPS_MEMBER)
			continue;
		const struct snap_pci *fn = import_known_function(im, l.address);
		if (!fn)
			continue;
		if (fn->iommu_group.have == HAVE_VALUE && fn->iommu_group.v != id)
			return true;
		if (!l.ids &&
			lspci_is_of_another(
				im, l.address, l.rest + strspn(l.rest, ": \t")))
			return true;
	}
	return false;
}

static void listing_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct reader r = { .im = im };
	bool rows = true, filtered = im->command.filtered && im->fresh;

	if (is_of_another(im, v, n)) {
		im->remark = IMPORT_LEFT_OUT;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct groups_line l = groups_line_parse(v[i].text);
		rows &= l.kind != GROUPS_HEAD && l.kind != GROUPS_MEMBER;
		r.drivers |= l.kind == GROUPS_DETAIL &&
			text_starts(l.rest, "Kernel driver in use:");
	}
	lines_read(&r, v, n);
	im->groups_part |= filtered;
	if (filtered || !r.n)
		return;
	bool every = is_every_group(&r);
	groups_mark_whole(&r, rows, every);
	if (every)
		import_source(im, SOURCE_IOMMU_GROUPS, true);
}

void import_no_groups(struct import *im)
{
	snap_list_collected(&im->snap->groups);
	import_source(im, SOURCE_IOMMU_GROUPS, !im->snap->groups.n);
}

static void groups_read(struct import *im, const struct paste_line *v, size_t n)
{
	if (is_empty_directory(im, v, n))
		import_no_groups(im);
	else if (groups_table_take(v, n))
		groups_table_read(im, v, n);
	else
		listing_read(im, v, n);
}

/*
 * A group of which only some members were shown: each of these knows its group, but the
 * list of members is not known. If all functions of a whole list know their groups, all
 * lists are.
 */
static void groups_finish(struct import *im)
{
	struct snapshot *s = im->snap;
	bool all = im->pci_listed;

	for (size_t i = 0; i < s->pci.n && all; i++)
		all = s->pci.v[i].iommu_group.have != HAVE_NOT;
	if (all || snapshot_status(s, SOURCE_IOMMU_GROUPS) == STATUS_OK)
		return;
	if (im->n_groups_whole)
		qsort(im->groups_whole, im->n_groups_whole, sizeof *im->groups_whole,
			id_compare);
	for (size_t i = 0; i < s->groups.n; i++) {
		struct snap_group *g = &s->groups.v[i];
		if (!im->n_groups_whole ||
			!bsearch(&g->id, im->groups_whole, im->n_groups_whole,
				sizeof *im->groups_whole, id_compare))
			g->devices = (struct snap_texts){ 0 };
	}
}

const struct format format_groups = {
	.name = "iommu-groups",
	.title = "IOMMU groups",
	.take = groups_take,
	.read = groups_read,
	.finish = groups_finish,
};
