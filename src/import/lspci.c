// SPDX-License-Identifier: GPL-2.0-or-later
// Listings of PCI functions, as lspci prints them with -n, -k, -v, -x and what posts make of
// them: a block is split into listings, a listing into functions.
#include <string.h>

#include "import/lspci.h"
#include "import/lspci_state.h"

enum { LOOK_AHEAD = 3 /* lines of a body that are not known in themselves */ };

static const char *unindented(const char *text)
{
	text += strspn(text, " \t");
	if ((*text == '-' || *text == '*') && text[1] == ' ') /* item of a list */
		text += 1 + strspn(text + 1, " ");
	return text;
}

/* A line with a function, quotation marks (another format) apart. */
static bool head_at(
	const struct paste_line *line, struct bdf *ret, const char **ret_behind)
{
	const char *text = unindented(line->text);
	size_t n = hex_digit(*text) < 0 ? 0 : import_address(text, ret);

	if (!n || (text[n] != ' ' && text[n] != '\t'))
		return false;
	*ret_behind = text + n + strspn(text + n, " \t");
	return **ret_behind != '"' && lspci_head_is(*ret_behind);
}

static bool is_head(const struct paste_line *line)
{
	struct bdf b;
	const char *behind;

	return head_at(line, &b, &behind);
}

/* What grep puts between parts of what it found. */
static bool is_separator(const char *text)
{
	return !strcmp(text, "--");
}

/* The author left something out. */
static bool is_elision(const char *text)
{
	static const char *const marks[] = { "...", "....", "[...]", "(...)", "<snip>",
		"[snip]", "(snip)", "snip", "<...>", "[..]", ".." };

	text += strspn(text, " \t");
	return text_is_among(text, marks, sizeof marks / sizeof *marks);
}

/* A line that goes on after a blank one: posts with twice the line feeds. */
static bool is_sure(const char *text)
{
	static const char *const starts[] = { "Subsystem:", "Kernel driver in use:",
		"Kernel modules:", "Capabilities:", "Flags:", "Control: I/O" };

	text += strspn(text, " \t");
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		if (text_starts(text, starts[i]))
			return true;
	}
	return false;
}

/* The rest of a line that was broken, before the listing goes on. */
static bool is_rest(const struct paste_line *v, size_t i, size_t n)
{
	for (size_t k = i + 1; k < n && k <= i + LOOK_AHEAD && v[k].n; k++) {
		if (is_head(&v[k]))
			return k == i + 1;
		if (lspci_body_is(v[k].text))
			return true;
	}
	return false;
}

/* Does the listing go on with line I, which is not blank? */
static bool goes_on(const struct paste_line *v, size_t i, size_t n)
{
	const char *text = v[i].text;
	bool blank = !v[i - 1].n;

	if (is_head(&v[i]) || is_elision(text))
		return true;
	if (blank)
		return is_sure(text);
	if (is_separator(text))
		return i + 1 < n && is_head(&v[i + 1]);
	return *text == '\t' || *text == ' ' || lspci_body_is(text) || is_rest(v, i, n);
}

static size_t lspci_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	(void)im;
	if (!is_head(&v[0]))
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!v[i].n)
			continue;
		if (!goes_on(v, i, n))
			break;
		taken = i + 1;
	}
	return taken;
}

/* The functions of a block in the order of its lines. */
struct block {
	struct import *im;
	const struct paste_line *v;
	size_t n;
	struct lspci_function *fns;
	size_t n_fns;
	bool *starts; /* of each function: a listing begins with it */
	bool elided, filtered, selected;
	bool kept; /* some of it was read */
};

/* Does a body like this end with a blank line (-v, -x)? */
static bool ends_with_blank(const char *text)
{
	size_t at;
	uint8_t row[16];

	text += strspn(text, " \t");
	return text_starts(text, "Flags:") || text_starts(text, "Control:") ||
		text_starts(text, "!!!") ||
		(hex_digit(*text) >= 0 && lspci_row_read(text, &at, row));
}

static bool follows(const struct lspci_function *before, struct bdf b)
{
	return bdf_compare(before->bdf, b) < 0;
}

static void block_index(struct block *b)
{
	bool gap = false, blank_belongs = false;
	size_t n_starts = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct lspci_function *fn = b->n_fns ? &b->fns[b->n_fns - 1] : NULL;
		const char *text = b->v[i].text, *behind;
		struct bdf bdf;

		if (!b->v[i].n) {
			gap |= !blank_belongs;
		} else if (is_separator(text) || is_elision(text)) {
			b->elided |= is_elision(text);
			gap = true;
		} else if (head_at(&b->v[i], &bdf, &behind)) {
			bool starts = !fn || gap || !follows(fn, bdf);

			if (fn)
				fn->ended = !starts;
			fn = arena_push(b->im->scratch, b->fns, b->n_fns);
			*fn = (struct lspci_function){ .bdf = bdf,
				.first = i,
				.behind = behind,
				.secondary = -1,
				.filtered = b->filtered };
			*arena_push(b->im->scratch, b->starts, n_starts) = starts;
			gap = blank_belongs = false;
		} else {
			blank_belongs |= ends_with_blank(text);
		}
		if (b->n_fns && !gap)
			b->fns[b->n_fns - 1].end = i + 1;
	}
}

static bool is_class(struct import *im, struct bdf bdf, unsigned code)
{
	const struct snap_pci *fn = import_function(im, bdf);

	return fn->class_code.have == HAVE_VALUE && fn->class_code.v >> 8 == code;
}

static bool is_whole(const struct block *b, size_t first, size_t end)
{
	struct bdf *list = NULL;
	size_t n = 0;

	for (size_t i = first; i < end; i++)
		*arena_push(b->im->scratch, list, n) = b->fns[i].bdf;
	return !b->elided && !b->selected && lspci_list_is_whole(b->im, list, n);
}

static void links_learn(struct block *b, const struct lspci_function *fn)
{
	struct lspci_state *st = lspci_state(b->im);
	const struct lspci_config *c = &fn->config;

	lspci_bridge_add(b->im, fn->bdf, fn->secondary);
	st->denied |= c->denied;
	if (c->vfs > 0 && c->vf_offset > 0 && c->vf_stride >= 0 && st->n_vfs < MOST_VFS)
		*arena_push(b->im->scratch, st->vfs, st->n_vfs) = (struct lspci_vfs){
			.physical = fn->bdf,
			.offset = (unsigned)c->vf_offset,
			.stride = c->vf_stride ? (unsigned)c->vf_stride : 1,
			.n = (unsigned)c->vfs,
		};
}

/* What a whole listing tells by what is not in it. */
static void whole_learn(struct block *b, size_t first, size_t end)
{
	struct lspci_state *st = lspci_state(b->im);
	bool buses = true, vfs = true;

	b->im->pci_listed = true;
	for (size_t i = first; i < end; i++) {
		const struct lspci_function *fn = &b->fns[i];
		const struct lspci_config *c = &fn->config;

		if (is_class(b->im, fn->bdf, 0x0604) || is_class(b->im, fn->bdf, 0x0607))
			buses &= fn->secondary >= 0;
		/* Virtual functions are those of a capability that was not cut off, and
		 * whose registers were shown; who has no PCI Express has none */
		vfs &= fn->full && !c->broken && (fn->ended || !c->extended) &&
			(c->type < 0 || c->decoded);
	}
	st->buses_known |= buses;
	st->vfs_known |= vfs;
}

/* Two machines in one text, or one before and after its cards were moved: the first is
 * kept. */
static bool is_of_another(struct block *b, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		if (lspci_is_of_another(b->im, b->fns[i].bdf, b->fns[i].behind))
			return true;
	}
	return false;
}

static void listing_read(struct block *b, size_t first, size_t end)
{
	struct lspci_habits habits = { 0 };

	if (is_of_another(b, first, end)) {
		b->im->remark = b->kept ? IMPORT_LEFT_OUT_PART : IMPORT_LEFT_OUT;
		return;
	}
	if (b->im->remark)
		b->im->remark = IMPORT_LEFT_OUT_PART;
	b->kept = true;
	for (size_t i = b->fns[first].first; i < b->fns[end - 1].end; i++)
		lspci_habits_learn(&habits, b->v[i].text);
	for (size_t i = first; i < end; i++) {
		lspci_body_read(
			b->im, &b->fns[i], b->v, &habits, lspci_state(b->im)->space);
		links_learn(b, &b->fns[i]);
	}
	if (is_whole(b, first, end))
		whole_learn(b, first, end);
	else
		b->im->pci_part = true;
}

static void lspci_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct block b = { .im = im,
		.v = v,
		.n = n,
		.filtered = im->fresh && im->command.filtered,
		.selected = lspci_command_selects(im) };

	block_index(&b);
	for (size_t i = 0, end; i < b.n_fns; i = end) {
		for (end = i + 1; end < b.n_fns && !b.starts[end];)
			end++;
		listing_read(&b, i, end);
	}
}

const struct format format_lspci = {
	.name = "lspci",
	.title = "PCI functions, from lspci",
	.take = lspci_take,
	.read = lspci_read,
	.finish = lspci_finish,
};
