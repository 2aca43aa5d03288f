// SPDX-License-Identifier: GPL-2.0-or-later
// The `ids=` lists of vfio-pci and pci-stub, read as kmod and the kernel read them.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/modprobe.h"

enum {
	PARAM_MAX = 1023, /* `static char ids[1024]` in drivers/vfio/pci/vfio_pci.c */
	/* What a hostile snapshot may cost; an honest machine has one list of five items
	 */
	MAX_LISTS = 64,
	MAX_ITEMS = 1024,
};

/* A parameter of a module's option string. */
struct token {
	const char *raw, *name, *value; /* VALUE NULL: no `=` */
};

/* Cuts the next parameter off P as next_arg() of lib/cmdline.c does; false at the end. */
static bool next_token(struct arena *a, const char **p, struct token *ret)
{
	const char *s = *p;
	size_t i, equals = 0, n;
	bool in_quote = false, quoted;
	char *copy, *end;

	while (text_is_space(*s))
		s++;
	if (!*s)
		return false;
	for (i = 0; s[i] && (in_quote || !text_is_space(s[i])); i++) {
		if (s[i] == '=' && !equals)
			equals = i;
		if (s[i] == '"')
			in_quote = !in_quote;
	}
	*p = s + i;
	quoted = s[0] == '"';
	copy = arena_strndup(a, s + quoted, i - quoted);
	n = strlen(copy);
	equals = equals > quoted ? equals - quoted : 0;
	end = copy + n;
	if (quoted && n && end[-1] == '"')
		*--end = '\0';
	ret->raw = arena_strndup(a, s, i);
	ret->name = copy;
	ret->value = NULL;
	if (equals) {
		copy[equals] = '\0';
		ret->value = copy + equals + 1;
		if (*ret->value == '"') {
			ret->value++;
			if (end > ret->value && end[-1] == '"')
				end[-1] = '\0';
		}
	}
	return true;
}

/* `%x` of the kernel's vsscanf(): blanks before it, `0x` allowed, wraps. */
static bool scan_hex(const char **p, uint32_t *ret)
{
	const char *s = *p;
	uint32_t v = 0;

	while (text_is_space(*s))
		s++;
	if (hex_digit(*s) < 0)
		return false;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		s += 2;
	for (; hex_digit(*s) >= 0; s++)
		v = v << 4 | (uint32_t)hex_digit(*s);
	*p = s;
	*ret = v;
	return true;
}

/* The numbers of an item as vfio_pci_fill_ids() reads them; at least two are needed. */
static void read_numbers(struct vfio_id_item *item)
{
	uint32_t *fields[] = { &item->vendor, &item->device, &item->subvendor,
		&item->subdevice, &item->class_code, &item->class_mask };
	const char *p = item->id;
	size_t n = 0;

	item->subvendor = item->subdevice = UINT32_MAX; /* PCI_ANY_ID */
	while (n < sizeof fields / sizeof fields[0] && scan_hex(&p, fields[n])) {
		n++;
		if (*p++ != ':')
			break;
	}
	item->valid = n >= 2;
}

/* `10de-1b81`, `[10de:1b81]`: two numbers of four digits with something else around. */
static const char *repaired_id(struct facts *f, const struct vfio_id_item *item)
{
	const char *p = item->id + strspn(item->id, "[(<\"'");

	if (item->is_address) {
		const struct fn *fn = facts_find(f, item->address);

		if (!fn || !fn->raw || fn->raw->vendor.have != HAVE_VALUE ||
			fn->raw->device.have != HAVE_VALUE)
			return NULL;
		return arena_printf(f->arena, "%04x:%04x", (unsigned)fn->raw->vendor.v,
			(unsigned)fn->raw->device.v);
	}
	if (item->valid)
		return NULL;
	for (int i = 0; i < 9; i++) {
		if (i == 4 ? !strchr("-_.;:/", p[i]) || !p[i] : hex_digit(p[i]) < 0)
			return NULL;
	}
	return arena_printf(f->arena, "%.4s:%.4s", p, p + 5);
}

/* Appends one item; LOST is why it never reaches the kernel's parser, NULL: it does. */
static void add_item(struct facts *f, struct config *c, const struct vfio_id_list *list,
	const char *text, size_t n, const char *lost)
{
	struct vfio_id_item *item;
	char *id = text_trim(f->arena, arena_strndup(f->arena, text, n));

	if (!*id || c->n_ids >= MAX_ITEMS)
		return; /* strsep() gives empty items, and the kernel skips them */
	item = arena_push(f->arena, c->ids, c->n_ids);
	item->id = id;
	item->where = list->where;
	item->from_cmdline = list->from_cmdline;
	item->stub = list->stub;
	item->line = list->line;
	item->list = list;
	item->lost = lost;
	item->is_address = strchr(id, '.') && bdf_parse(id, &item->address);
	read_numbers(item);
	item->repaired = repaired_id(f, item);
	if (!lost && !item->valid)
		item->lost = "malformed";
}

/* The items of a value. A semicolon ends what the kernel reads of an item. */
static void add_items(struct facts *f, struct config *c, const struct vfio_id_list *list,
	const char *value, const char *lost)
{
	if (!lost && strlen(value) > PARAM_MAX)
		lost = "malformed"; /* "string doesn't fit": the module does not load */
	while (*value) {
		size_t n = strcspn(value, ","), first = strcspn(value, ",;");
		const char *part = value + first;

		add_item(f, c, list, value, first, lost);
		while (part < value + n) {
			size_t m = strcspn(++part, ",;");

			add_item(f, c, list, part, m, lost ? lost : "malformed");
			part += m;
		}
		value += n + (value[n] == ',');
	}
}

/* Is this word, cut off by a blank, meant for the list before it: `,1043:aab0`? */
static bool continues_list(const char *word)
{
	uint32_t v;

	word += strspn(word, ",=");
	if (!*word)
		return true;
	return scan_hex(&word, &v) && *word == ':' && hex_digit(word[1]) >= 0;
}

static struct vfio_id_list *new_list(struct facts *f, struct config *c, bool stub)
{
	struct vfio_id_list *list = arena_new_object(f->arena, struct vfio_id_list);

	list->stub = stub;
	*arena_push(f->arena, c->id_lists, c->n_id_lists) = list;
	return list;
}

/* The items behind a blank; returns where the next option begins. */
static const char *read_cut_off(
	struct facts *f, struct config *c, const struct vfio_id_list *list, const char *p)
{
	struct token t;

	for (const char *next = p; next_token(f->arena, &next, &t); p = next) {
		if (!continues_list(t.raw))
			break;
		add_items(f, c, list, t.raw + strspn(t.raw, ",="), "blank");
	}
	return p;
}

/* The lists of one `options` line. A `#` begins no comment for kmod; people mean one. */
static void read_options(
	struct facts *f, struct config *c, const struct modprobe_line *line)
{
	bool stub = text_equal(line->module, "pci_stub");
	const char *name = stub ? "pci-stub" : "vfio-pci";
	const char *p = line->rest, *start = p;
	struct token t;

	while (next_token(f->arena, &p, &t) && t.raw[0] != '#' &&
		c->n_id_lists < MAX_LISTS) {
		if (text_equal_dash(t.name, "ids")) {
			struct vfio_id_list *list = new_list(f, c, stub);

			list->where = line->where;
			list->line = line->text;
			list->before = arena_printf(f->arena, "options %s %.*sids=", name,
				(int)(start - line->rest), line->rest);
			if (t.value)
				add_items(f, c, list, t.value, NULL);
			p = read_cut_off(f, c, list, p);
			list->after = text_trim(f->arena, p);
		}
		start = p + strspn(p, " \t");
	}
}

static void read_word(struct facts *f, struct config *c, const struct cmdline_word *words,
	size_t i, size_t n)
{
	bool stub = !strcmp(words[i].name, "pci_stub.ids");
	struct vfio_id_list *list = new_list(f, c, stub);
	struct strbuf line = { 0 };
	size_t k;

	list->where = "command line";
	list->from_cmdline = true;
	list->before = stub ? "pci-stub.ids=" : "vfio-pci.ids=";
	list->after = "";
	strbuf_add(&line, words[i].text);
	for (k = i + 1; k < n && continues_list(words[k].text); k++)
		strbuf_addf(&line, " %s", words[k].text);
	list->line = strbuf_finish(&line, f->arena);
	add_items(f, c, list, words[i].value, NULL);
	for (size_t m = i + 1; m < k; m++)
		add_items(
			f, c, list, words[m].text + strspn(words[m].text, ",="), "blank");
}

/* The lists on the kernel's command line; kmod reads them there too, behind all files. */
static void read_cmdline(struct facts *f, struct config *c)
{
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	for (size_t i = 0; i < n && c->n_id_lists < MAX_LISTS; i++) {
		if (words[i].value &&
			(!strcmp(words[i].name, "vfio_pci.ids") ||
				!strcmp(words[i].name, "pci_stub.ids")))
			read_word(f, c, words, i, n);
	}
}

static bool same_id(const struct vfio_id_item *a, const struct vfio_id_item *b)
{
	return a->valid && b->valid && a->vendor == b->vendor && a->device == b->device &&
		a->subvendor == b->subvendor && a->subdevice == b->subdevice &&
		a->class_code == b->class_code && a->class_mask == b->class_mask;
}

/* Is the same ID, in a list that no other replaces, read by the kernel? */
static bool is_in_force(const struct config *c, const struct vfio_id_item *item)
{
	const struct vfio_id_list *list =
		item->list->winner ? item->list->winner : item->list;

	for (size_t i = 0; i < c->n_ids; i++) {
		if (c->ids[i].list == list && !c->ids[i].lost &&
			same_id(item, &c->ids[i]))
			return true;
	}
	return false;
}

/*
 * A string parameter that is given again is overwritten (param_set_copystring()): of all
 * lists of a module only the last counts. An item that the last list has as well is in
 * force, wherever it was read from: it is not lost, only said twice.
 */
static void settle_winners(struct config *c)
{
	const struct vfio_id_list *last[2] = { NULL, NULL };

	for (size_t i = 0; i < c->n_id_lists; i++)
		last[c->id_lists[i]->stub] = c->id_lists[i];
	for (size_t i = 0; i < c->n_id_lists; i++) {
		struct vfio_id_list *list = c->id_lists[i];

		if (list != last[list->stub])
			list->winner = last[list->stub];
	}
	for (size_t i = 0; i < c->n_ids; i++) {
		if (c->ids[i].list->winner)
			c->ids[i].lost = "overridden";
	}
	for (size_t i = 0; i < c->n_ids; i++) {
		if (c->ids[i].lost && is_in_force(c, &c->ids[i]))
			c->ids[i].lost = NULL;
	}
}

static void read_lists(struct facts *f, struct config *c)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);

	for (size_t i = 0; i < n && c->n_id_lists < MAX_LISTS; i++) {
		if (lines[i].verb == MODPROBE_OPTIONS &&
			(text_equal(lines[i].module, "vfio_pci") ||
				text_equal(lines[i].module, "pci_stub")))
			read_options(f, c, &lines[i]);
	}
	read_cmdline(f, c);
	settle_winners(c);
}

const struct vfio_id_item *vfio_id_items(struct facts *f, size_t *ret_n)
{
	struct config *c = config_of(f);

	if (!c->ids_done) {
		c->ids_done = true;
		read_lists(f, c);
	}
	*ret_n = c->n_ids;
	return c->ids;
}

static enum tri fits(uint32_t wanted, struct snap_hex have)
{
	if (wanted == UINT32_MAX) /* PCI_ANY_ID */
		return TRI_TRUE;
	return have.have == HAVE_NOT
		? TRI_UNKNOWN
		: tri_of(have.have == HAVE_VALUE && have.v == wanted);
}

/* pci_match_one_device() of drivers/pci/pci.h. */
enum tri vfio_id_fit(const struct vfio_id_item *item, const struct fn *fn)
{
	enum tri class = TRI_TRUE;

	if (!item->valid || !fn->raw)
		return TRI_FALSE;
	if (item->class_mask && fn->class_code == UINT32_MAX)
		class = TRI_UNKNOWN;
	else if (item->class_mask)
		class = tri_of(!((item->class_code ^ fn->class_code) & item->class_mask));
	return tri_and(class,
		tri_and(tri_and(fits(item->vendor, fn->raw->vendor),
				fits(item->device, fn->raw->device)),
			tri_and(fits(item->subvendor, fn->raw->subvendor),
				fits(item->subdevice, fn->raw->subdevice))));
}

bool vfio_id_fits(const struct vfio_id_item *item, const struct fn *fn)
{
	return vfio_id_fit(item, fn) == TRI_TRUE;
}

bool vfio_id_means(const struct vfio_id_item *item, const struct fn *fn)
{
	return vfio_id_fits(item, fn) ||
		(item->is_address && !bdf_compare(item->address, fn->bdf));
}
