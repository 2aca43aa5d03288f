// SPDX-License-Identifier: GPL-2.0-or-later
// IOMMU groups in the tables of Proxmox VE and in the XML of libvirt.
#include "import/groups_table.h"

#include <string.h>

#include "base/text.h"

enum { COLUMNS_MAX = 32 };

/* One column of a row: what stands between two bars. */
struct cell {
	const char *p;
	size_t n;
};

/* A bar: `|` or U+2502. Its bytes, 0: none. */
static size_t bar_at(const char *p)
{
	if (*p == '|')
		return 1;
	return text_starts(p, "\u2502") ? 3 : 0;
}

static size_t cells_split(const char *line, struct cell *cells)
{
	size_t n = 0, bar;
	const char *p = line + strspn(line, " \t");

	if (!(bar = bar_at(p)))
		return 0;
	while (bar && n < COLUMNS_MAX) {
		const char *start = p + bar + strspn(p + bar, " ");
		for (p = start; *p && !(bar = bar_at(p)); p++)
			;
		if (!*p)
			break;
		const char *end = p;
		while (end > start && end[-1] == ' ')
			end--;
		cells[n++] = (struct cell){ start, (size_t)(end - start) };
	}
	return n;
}

static bool cell_is(const struct cell *c, const char *text)
{
	return strlen(text) == c->n && memcmp(c->p, text, c->n) == 0;
}

/* Which column is which; -1: it is not there. */
struct columns {
	int id, group, class, vendor, device, device_name, vendor_name;
	size_t n;
};

static bool columns_find(const char *line, struct columns *ret)
{
	struct cell cells[COLUMNS_MAX];
	struct columns c = { -1, -1, -1, -1, -1, -1, -1, 0 };
	const struct {
		const char *name;
		int *column;
	} names[] = { { "id", &c.id }, { "iommugroup", &c.group }, { "class", &c.class },
		{ "vendor", &c.vendor }, { "device", &c.device },
		{ "device_name", &c.device_name }, { "vendor_name", &c.vendor_name } };

	c.n = cells_split(line, cells);
	for (size_t i = 0; i < c.n; i++)
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
			if (cell_is(&cells[i], names[k].name))
				*names[k].column = (int)i;
	*ret = c;
	return c.id >= 0 && c.group >= 0;
}

/* A line of the box, `├───┼` or `+---+`. */
static bool is_ruler(const char *line)
{
	line += strspn(line, " ");
	return *line == '+' || ((unsigned char)line[0] == 0xe2 && !bar_at(line));
}

static size_t table_take(const struct paste_line *v, size_t n)
{
	struct cell cells[COLUMNS_MAX] = { 0 };
	struct columns c;
	size_t i = is_ruler(v->text) ? 1 : 0;

	if (i >= n || !columns_find(v[i].text, &c))
		return 0;
	for (i++; i < n; i++)
		if (!is_ruler(v[i].text) && !cells_split(v[i].text, cells))
			break;
	return i;
}

/* Value of attribute NAME='…' in LINE, NULL: it has none. */
static const char *attribute(struct arena *a, const char *line, const char *name)
{
	const char *at = strstr(line, name);
	size_t n = strlen(name);

	if (!at || at[n] != '=' || (at[n + 1] != '\'' && at[n + 1] != '"'))
		return NULL;
	char quote[2] = { at[n + 1], '\0' };
	return arena_strndup(a, at + n + 2, strcspn(at + n + 2, quote));
}

size_t groups_table_take(const struct paste_line *v, size_t n)
{
	if (!strstr(v->text, "<iommuGroup number="))
		return table_take(v, n);
	for (size_t i = 1; i < n && i < 256; i++)
		if (strstr(v[i].text, "</iommuGroup>"))
			return i + 1;
	return 1;
}

static bool cell_number(const struct cell *c, struct arena *a, int64_t *ret)
{
	return text_to_int(arena_strndup(a, c->p, c->n), ret);
}

static void hex_fill(struct import *im, struct snap_hex *field, const struct cell *cells,
	int column, uint64_t max)
{
	uint64_t v;

	if (column >= 0 && field->have == HAVE_NOT &&
		text_to_u64(arena_strndup(im->scratch, cells[column].p, cells[column].n),
			&v) &&
		v <= max)
		*field = snap_hex_of(v);
}

static void name_fill(
	struct import *im, struct snap_text *field, const struct cell *cells, int column)
{
	if (column >= 0 && field->have == HAVE_NOT && cells[column].n)
		*field = snap_line_of(im->snap,
			arena_strndup(im->scratch, cells[column].p, cells[column].n));
}

/* A group of -1 is none: PVE::SysFSTools, lspci(). */
static void row_read(struct import *im, const struct columns *c, const struct cell *cells)
{
	struct bdf address;
	int64_t group;
	char *id = arena_strndup(im->scratch, cells[c->id].p, cells[c->id].n);

	if (!bdf_parse(id, &address) ||
		!cell_number(&cells[c->group], im->scratch, &group))
		return;
	struct snap_pci *fn = import_function(im, address);
	hex_fill(im, &fn->class_code, cells, c->class, 0xffffff);
	hex_fill(im, &fn->vendor, cells, c->vendor, 0xffff);
	hex_fill(im, &fn->device, cells, c->device, 0xffff);
	name_fill(im, &fn->vendor_name, cells, c->vendor_name);
	name_fill(im, &fn->device_name, cells, c->device_name);
	if (group >= 0)
		import_group_member(im, group, address);
	else if (group == -1 && fn->iommu_group.have == HAVE_NOT)
		fn->iommu_group = (struct snap_int){ HAVE_NONE, 0 };
}

static void table_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct cell cells[COLUMNS_MAX];
	struct columns c;
	size_t i = is_ruler(v->text) ? 1 : 0;

	columns_find(v[i].text, &c);
	for (i++; i < n; i++)
		if (c.n && cells_split(v[i].text, cells) == c.n)
			row_read(im, &c, cells);
}

/* libvirt lists all members of the group: node_device_conf.c. */
static void xml_read(struct import *im, const struct paste_line *v, size_t n)
{
	const char *number = attribute(im->scratch, v->text, "number");
	int64_t id;

	if (!number || !text_to_int(number, &id) || id < 0 || id > 999999)
		return;
	for (size_t i = 0; i < n; i++) {
		static const char *const names[] = { "domain", "bus", "slot",
			"function" };
		uint64_t part[4];
		size_t k = 0;
		while (k < 4) {
			const char *text = attribute(im->scratch, v[i].text, names[k]);
			if (!text || !text_to_u64(text, &part[k]))
				break;
			k++;
		}
		if (k == 4 && part[0] <= UINT32_MAX && part[1] < 256 && part[2] < 32 &&
			part[3] < 8)
			import_group_member(im, id,
				(struct bdf){ (uint32_t)part[0], (uint8_t)part[1],
					(uint8_t)part[2], (uint8_t)part[3] });
	}
	if (strstr(v[n - 1].text, "</iommuGroup>"))
		*arena_push(im->scratch, im->groups_whole, im->n_groups_whole) = id;
}

void groups_table_read(struct import *im, const struct paste_line *v, size_t n)
{
	if (strstr(v->text, "<iommuGroup number="))
		xml_read(im, v, n);
	else
		table_read(im, v, n);
}
