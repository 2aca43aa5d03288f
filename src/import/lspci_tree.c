// SPDX-License-Identifier: GPL-2.0-or-later
// The tree that `lspci -t` draws: addresses, and which bridge each bus is behind
// (show_tree_bridge() of ls-tree.c of pciutils).
#include <string.h>

#include "import/lspci.h"
#include "import/lspci_state.h"

enum { MOST_COLUMNS = 1024 /* LINE_BUF_SIZE: lspci cuts lines there */ };

/* A bus that a branch belongs to. */
struct place {
	uint32_t domain;
	int bus; /* -1: the trunk, on which root buses hang */
	bool known;
};

/* A tree while it is read: the column of a `+` or `\` tells whose branch it is. */
struct lspci_tree {
	struct import *im;
	struct place columns[MOST_COLUMNS];
	size_t used; /* columns that may hold something */
	long open;   /* columns that a last branch has still to come for */
};

static size_t margin(const char *text)
{
	return strspn(text, " |");
}

/* `00.0` */
static bool slot_at(const char *p, int *ret_dev, int *ret_fn)
{
	int dev = hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0
		? hex_digit(p[0]) << 4 | hex_digit(p[1])
		: -1;
	int fn = dev >= 0 && p[2] == '.' ? hex_digit(p[3]) : -1;

	if (fn < 0 || fn > 7 || dev > 0x1f || hex_digit(p[4]) >= 0)
		return false;
	*ret_dev = dev;
	*ret_fn = fn;
	return true;
}

/* `[0000:00]`, in old versions `[00]` of domain 0; its length, 0: it is not. */
static size_t root_at(const char *p, struct place *ret)
{
	const char *end = strchr(p, ']'), *colon;
	int bus, domain = 0;
	size_t n;

	if (*p != '[' || !end)
		return 0;
	n = (size_t)(end - p);
	colon = memchr(p, ':', n);
	bus = lspci_hex(colon ? colon + 1 : p + 1, 2);
	if (bus < 0 || end - (colon ? colon : p) != 3)
		return 0;
	for (const char *d = p + 1; colon && d < colon; d++) {
		if (hex_digit(*d) < 0 || d - p > 6)
			return 0;
		domain = domain << 4 | hex_digit(*d);
	}
	*ret = (struct place){ (uint32_t)domain, bus, true };
	return n + 1;
}

static bool is_trunk(const char *text)
{
	struct place place;

	if (text_starts(text, "-+-"))
		return root_at(text + 3, &place) > 0;
	return *text == '-' && root_at(text + 1, &place) > 0;
}

static bool is_branch(const char *text)
{
	const char *p = text + margin(text);
	struct place place;
	int dev, fn;

	if (p == text || (*p != '+' && *p != '\\' && *p != '-'))
		return false;
	p += *p != '-';
	if (*p != '-')
		return false;
	p += strspn(p, "-");
	return slot_at(p, &dev, &fn) || root_at(p, &place);
}

static size_t tree_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	(void)im;
	if (!is_trunk(v->text))
		return 0;
	/* A long line may have been broken: one that is none may stand between two */
	for (size_t i = 1; i < n && v[i].n; i++) {
		if (is_branch(v[i].text))
			taken = i + 1;
		else if (i != taken || is_trunk(v[i].text))
			break;
	}
	return taken;
}

/* `-[01]-` or `-[01-03]-` behind a bridge; its length. */
static size_t secondary_at(const char *p, int *ret_bus)
{
	int bus = text_starts(p, "-[") ? lspci_hex(p + 2, 2) : -1;
	const char *end = bus >= 0 ? strchr(p, ']') : NULL;

	if (!end || (p[4] != ']' && p[4] != '-'))
		return 0;
	*ret_bus = bus;
	return (size_t)(end - p) + 1;
}

/* `  NVIDIA Corporation GP107 [10de:1c82]`, with -v. */
static void names_store(struct lspci_tree *t, struct bdf bdf, const char *text)
{
	struct lspci_head h = lspci_head_new();
	struct snap_pci *fn = import_function(t->im, bdf);
	struct lspci_part part = lspci_trim((struct lspci_part){ text, strlen(text) });

	if (part.n && lspci_names_parse(part, &h) && !lspci_head_conflicts(&h, fn))
		lspci_head_store(t->im, fn, &h);
}

static void branch_mark(struct lspci_tree *t, size_t column, struct place place)
{
	if (column >= MOST_COLUMNS)
		return;
	t->columns[column] = place;
	if (column >= t->used)
		t->used = column + 1;
}

/* From P on, on the bus that PLACE is; until the end of the line or what is no tree. */
static void line_read(
	struct lspci_tree *t, const char *text, const char *p, struct place place)
{
	int dev, fn, bus;

	while (*p) {
		size_t n;

		p += strspn(p, "-");
		if (*p == '+') {
			branch_mark(t, (size_t)(p - text), place);
			t->open++;
			p++;
		} else if ((n = root_at(p, &place)) > 0) {
			lspci_root_add(t->im, place.domain, (uint8_t)place.bus);
			p += n;
		} else if (place.known && place.bus >= 0 && slot_at(p, &dev, &fn)) {
			struct bdf bdf = { place.domain, (uint8_t)place.bus, (uint8_t)dev,
				(uint8_t)fn };

			import_function(t->im, bdf);
			p += strlen("00.0");
			n = secondary_at(p, &bus);
			if (!n) {
				names_store(t, bdf, p);
				return;
			}
			lspci_bridge_add(t->im, bdf, bus);
			place.bus = bus;
			p += n;
		} else {
			return;
		}
	}
}

/* One for all: a text may hold a tree in every line. */
static struct lspci_tree *tree_new(struct import *im)
{
	struct lspci_state *st = lspci_state(im);

	if (!st->tree)
		st->tree = arena_new_object(im->scratch, struct lspci_tree);
	memset(st->tree->columns, 0, st->tree->used * sizeof *st->tree->columns);
	st->tree->im = im;
	st->tree->used = 0;
	st->tree->open = 0;
	return st->tree;
}

static void tree_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct lspci_tree *t = tree_new(im);
	struct place trunk = { .bus = -1, .known = true };

	line_read(t, v[0].text, v[0].text, trunk);
	for (size_t i = 1; i < n; i++) {
		const char *text = v[i].text;
		size_t column = margin(text);

		if (!is_branch(text) || column >= MOST_COLUMNS)
			continue;
		/* Markdown takes the backslash away */
		t->open -= text[column] != '+';
		line_read(t, text, text + column + (text[column] != '-'),
			t->columns[column]);
	}
	/* Every branching has its last branch: nothing is missing */
	if (!t->open && !lspci_command_selects(im))
		im->pci_listed = true;
	else
		im->pci_part = true;
}

const struct format format_lspci_tree = {
	.name = "lspci-tree",
	.title = "the tree of PCI functions, from lspci -t",
	.take = tree_take,
	.read = tree_read,
	.finish = NULL,
};
