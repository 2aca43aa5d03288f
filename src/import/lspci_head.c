// SPDX-License-Identifier: GPL-2.0-or-later
// The line of a function in a listing: class, maker, model and numbers, in the ways that
// show_terse() and show_machine() of lspci.c of pciutils print them.
#include <string.h>

#include "import/lspci.h"
#include "import/lspci_names.h"
#include "import/lspci_state.h"

enum {
	ID_PAIR = 9, /* "10de:1c82" */
	NO_ANSWER = 0xff,
};

int lspci_hex(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		int digit = hex_digit(s[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return hex_digit(s[n]) < 0 ? value : -1;
}

struct lspci_part lspci_trim(struct lspci_part part)
{
	while (part.n && text_is_space(part.s[0])) {
		part.s++;
		part.n--;
	}
	while (part.n && text_is_space(part.s[part.n - 1]))
		part.n--;
	return part;
}

static bool part_is(struct lspci_part part, const char *text)
{
	return strlen(text) == part.n && !memcmp(part.s, text, part.n);
}

static bool part_starts(struct lspci_part part, const char *text)
{
	return strlen(text) <= part.n && !memcmp(part.s, text, strlen(text));
}

static struct lspci_part part_from(struct lspci_part part, size_t at)
{
	return lspci_trim((struct lspci_part){ part.s + at, part.n - at });
}

int lspci_number_cut(struct lspci_part *part)
{
	const char *s = part->s;
	size_t n = part->n;
	int number;

	if (n == 4 && (number = lspci_hex(s, 4)) >= 0) {
		*part = (struct lspci_part){ 0 };
		return number;
	}
	if (n < 6 || s[n - 1] != ']' || s[n - 6] != '[')
		return -1;
	number = lspci_hex(s + n - 5, 4);
	if (number >= 0)
		*part = lspci_trim((struct lspci_part){ s, n - 6 });
	return number;
}

/* `10de:1c82` at S. */
static bool pair_read(const char *s, int *ret_first, int *ret_second)
{
	int first = hex_digit(s[0]) < 0 ? -1 : lspci_hex(s, 4);
	int second = first >= 0 && s[4] == ':' ? lspci_hex(s + 5, 4) : -1;

	if (second < 0)
		return false;
	*ret_first = first;
	*ret_second = second;
	return true;
}

/* The last `[10de:1c82]` of PART, which then ends in front of it; or all of PART without
 * the brackets, as -n prints it and plain lspci what is in no list, `Device 10de:1c82`. */
static bool pair_cut(struct lspci_part *part, int *ret_first, int *ret_second)
{
	for (size_t i = part->n; i >= ID_PAIR + 2; i--) {
		const char *at = part->s + i - ID_PAIR - 2;

		if (*at != '[' || at[ID_PAIR + 1] != ']' ||
			!pair_read(at + 1, ret_first, ret_second))
			continue;
		*part = lspci_trim((struct lspci_part){ part->s, i - ID_PAIR - 2 });
		return true;
	}
	if (part->n == ID_PAIR && pair_read(part->s, ret_first, ret_second)) {
		part->n = 0;
		part->s = NULL;
		return true;
	}
	if (part->n == ID_PAIR + 7 && part_starts(*part, "Device ") &&
		pair_read(part->s + 7, ret_first, ret_second)) {
		part->n = 6;
		return true;
	}
	return false;
}

/* The model behind the maker; `Device` stands for one that is in no list. */
static void model_read(struct lspci_part model, struct lspci_head *h)
{
	if (part_is(model, "Device"))
		return;
	if (model.n == 11 && part_starts(model, "Device ")) {
		int device = lspci_hex(model.s + 7, 4);

		if (device >= 0) {
			if (h->device < 0)
				h->device = device;
			return;
		}
	}
	if (model.n)
		h->device_name = model;
}

/* Length of the maker's name in `Some Maker Device 1c82` or `Some Maker Device`. */
static size_t maker_before_device(struct lspci_part text)
{
	static const char device[] = " Device";
	size_t n = sizeof device - 1, number = sizeof " 1c82" - 1;

	if (text.n > n && !memcmp(text.s + text.n - n, device, n))
		return text.n - n;
	if (text.n > n + number && lspci_hex(text.s + text.n - 4, 4) >= 0 &&
		!memcmp(text.s + text.n - n - number, device, n))
		return text.n - n - number;
	return 0;
}

bool lspci_names_parse(struct lspci_part text, struct lspci_head *h)
{
	bool numbers = pair_cut(&text, &h->vendor, &h->device);
	struct lspci_vendor maker = { 0 };
	size_t n;

	if (!text.n)
		return numbers;
	h->named = true;
	n = numbers ? lspci_vendor_name(text.s, text.n, (uint16_t)h->vendor)
		    : lspci_vendor_named(text.s, text.n, &maker);
	if (!n)
		n = maker_before_device(text);
	if (n && !numbers && maker.id && !maker.ambiguous)
		h->vendor = maker.id;
	if (n)
		h->vendor_name = (struct lspci_part){ text.s, n };
	model_read(part_from(text, n), h);
	return numbers || n;
}

void lspci_subsystem_parse(struct lspci_part text, struct lspci_head *ret)
{
	static const char unknown[] = " Device";
	size_t end = sizeof unknown - 1;

	text = lspci_trim(text);
	if (!pair_cut(&text, &ret->subvendor, &ret->subdevice))
		return;
	if (text.n > end && !memcmp(text.s + text.n - end, unknown, end))
		text.n -= end;
	if (text.n && !part_is(text, "Device"))
		ret->subsystem_name = text;
}

/* `(rev a1)` and `(prog-if 30 [XHCI])`, of which the last ones count: a name may hold one.
 * Returns where the first of them begins. */
static size_t tags_read(const char *text, struct lspci_head *h)
{
	static const char rev[] = "(rev ", prog[] = "(prog-if ";
	size_t end = strlen(text);

	for (const char *p = strchr(text, '('); p; p = strchr(p + 1, '(')) {
		bool is_rev = text_starts(p, rev);
		size_t skip = is_rev ? sizeof rev - 1 : sizeof prog - 1;
		int number;

		if (!is_rev && !text_starts(p, prog))
			continue;
		number = lspci_hex(p + skip, 2);
		if (number < 0)
			continue;
		*(is_rev ? &h->revision : &h->prog_if) = number;
		if ((size_t)(p - text) < end && (is_rev || h->revision < 0))
			end = (size_t)(p - text);
	}
	return end;
}

/* `VGA compatible controller [0300]`, `0300`, or what versions before 3 printed, `Class
 * 0300`. False: unknown, which a line with numbers may have. */
static bool class_read(struct lspci_part text, struct lspci_head *h)
{
	uint16_t code;

	if (part_starts(text, "Class "))
		text = part_from(text, 6);
	h->class_code = lspci_number_cut(&text);
	if (text.n && !part_is(text, "Class"))
		h->class_name = text;
	if (h->class_code >= 0)
		return true;
	if (!text.n || !lspci_class_named(text.s, text.n, &code))
		return false;
	h->class_code = code;
	return true;
}

struct lspci_head lspci_head_new(void)
{
	return (struct lspci_head){
		.class_code = -1,
		.prog_if = -1,
		.revision = -1,
		.vendor = -1,
		.device = -1,
		.subvendor = -1,
		.subdevice = -1,
	};
}

static bool plain_parse(const char *text, struct lspci_head *h)
{
	const char *colon = strchr(text, ':');
	struct lspci_part names;
	bool classed, identified;

	if (!colon || colon == text)
		return false;
	classed = class_read(
		lspci_trim((struct lspci_part){ text, (size_t)(colon - text) }), h);
	names.s = colon + 1;
	names.n = tags_read(names.s, h);
	names = lspci_trim(names);
	if (!names.n) /* broken behind the class */
		return classed && colon[-1] == ']';
	h->whole_id = h->revision >= 0 || h->prog_if >= 0 || names.s[names.n - 1] == ']';
	identified = lspci_names_parse(names, h);
	h->whole_id |= !h->named;
	/* A class alone is a word; numbers in brackets alone are no class */
	return classed ||
		(identified && h->vendor >= 0 && h->device >= 0 && h->class_name.n);
}

/* The next word of a line of `lspci -mm`: in quotation marks, with `\` before one inside,
 * or an option, `-ra1`. */
static bool word_next(const char **s, struct lspci_part *ret, bool *ret_quoted)
{
	const char *p = *s;

	while (*p == ' ' || *p == '\t')
		p++;
	if (!*p)
		return false;
	char end = *p == '"' ? '"' : ' ';
	*ret_quoted = end == '"';
	if (end == '"')
		p++;
	ret->s = p;
	while (*p && *p != end)
		p += p[0] == '\\' && p[1] ? 2 : 1;
	ret->n = (size_t)(p - ret->s);
	*s = *p ? p + 1 : p;
	return true;
}

static void option_read(struct lspci_part word, struct lspci_head *h)
{
	int number = word.n == 4 ? lspci_hex(word.s + 2, 2) : -1;

	if (part_starts(word, "-r"))
		h->revision = number;
	else if (part_starts(word, "-p"))
		h->prog_if = number;
}

/* `Device`, `Vendor` and, without the list's name, `Device 1c82` stand for no name. */
static int field_number(struct lspci_part *part)
{
	int number;

	*part = lspci_trim(*part);
	number = lspci_number_cut(part);
	if (number < 0 && part->n == 11 &&
		(part_starts(*part, "Device ") || part_starts(*part, "Vendor "))) {
		number = lspci_hex(part->s + 7, 4);
		part->n = 6;
	}
	if (part_is(*part, "Device") || part_is(*part, "Vendor"))
		*part = (struct lspci_part){ 0 };
	return number;
}

static void vendor_read(struct lspci_part text, struct lspci_head *h)
{
	struct lspci_vendor maker;

	h->named = text.n > 4;
	h->vendor = field_number(&text);
	h->vendor_name = text;
	if (h->vendor < 0 && text.n &&
		lspci_vendor_named(text.s, text.n, &maker) == text.n && !maker.ambiguous)
		h->vendor = maker.id;
}

void lspci_field_read(
	enum lspci_field field, struct lspci_part text, struct lspci_head *h)
{
	switch (field) {
	case LSPCI_CLASS:
		class_read(lspci_trim(text), h);
		break;
	case LSPCI_VENDOR:
		vendor_read(text, h);
		break;
	case LSPCI_DEVICE:
		h->device = field_number(&text);
		h->device_name = text;
		break;
	case LSPCI_SUBVENDOR:
		h->subvendor = field_number(&text);
		h->subvendor_name = text;
		break;
	default:
		h->subdevice = field_number(&text);
		h->subdevice_name = text;
		break;
	}
}

static bool quoted_parse(const char *text, struct lspci_head *h)
{
	struct lspci_part word;
	size_t n = 0;
	bool quoted;

	while (n < N_LSPCI_FIELDS && word_next(&text, &word, &quoted)) {
		if (quoted)
			lspci_field_read((enum lspci_field)n++, word, h);
		else
			option_read(word, h);
	}
	h->whole_id = n == N_LSPCI_FIELDS;
	return n > LSPCI_DEVICE && h->class_code >= 0;
}

bool lspci_head_parse(const char *text, struct lspci_head *ret)
{
	struct lspci_head h = lspci_head_new();

	while (*text == ' ' || *text == '\t')
		text++;
	if (*text == '"' ? !quoted_parse(text, &h) : !plain_parse(text, &h))
		return false;
	*ret = h;
	return true;
}

bool lspci_head_is(const char *text)
{
	struct lspci_head h;

	return lspci_head_parse(text, &h);
}

/* A vendor or a class that was told by its name may be a wrong guess, so that the number of
 * the model has to differ; without it the base class. */
bool lspci_head_conflicts(const struct lspci_head *h, const struct snap_pci *fn)
{
	if (h->device >= 0 && fn->device.have == HAVE_VALUE)
		return fn->device.v != (uint64_t)h->device ||
			(h->vendor >= 0 && fn->vendor.have == HAVE_VALUE &&
				fn->vendor.v != (uint64_t)h->vendor);
	return h->class_code >= 0 && fn->class_code.have == HAVE_VALUE &&
		fn->class_code.v >> 16 != (uint64_t)h->class_code >> 8;
}

bool lspci_is_of_another(struct import *im, struct bdf address, const char *text)
{
	const struct snap_pci *fn = import_known_function(im, address);
	struct lspci_head h;

	return fn && lspci_head_parse(text, &h) && lspci_head_conflicts(&h, fn);
}

static void number_store(struct snap_hex *field, int number)
{
	if (field->have == HAVE_NOT && number >= 0)
		*field = snap_hex_of((uint64_t)number);
}

static void name_store(struct import *im, struct snap_text *field, struct lspci_part name,
	bool none_if_empty)
{
	if (field->have == HAVE_VALUE)
		return;
	if (name.n)
		*field = snap_text_of_mem(im->snap, name.s, name.n);
	else if (none_if_empty)
		*field = snap_text_none();
}

/* As lspci prints it on one line: maker and model, or the one that has a name. */
static struct lspci_part subsystem_of(struct import *im, const struct lspci_head *h)
{
	struct lspci_part maker = h->subvendor_name, model = h->subdevice_name;
	const char *text;

	if (h->subsystem_name.n)
		return h->subsystem_name;
	if (!maker.n || !model.n)
		return maker.n ? maker : model;
	text = arena_printf(
		im->scratch, "%.*s %.*s", (int)maker.n, maker.s, (int)model.n, model.s);
	return (struct lspci_part){ text, strlen(text) };
}

/* Without the programming interface the last two digits are 00, and a listing that has it
 * replaces them: nothing that is judged rests on them. */
static void class_store(struct snap_hex *field, const struct lspci_head *h)
{
	int prog_if = h->prog_if < 0 ? 0 : h->prog_if;

	if (h->class_code < 0)
		return;
	if (field->have == HAVE_NOT ||
		(h->prog_if > 0 && field->v == (uint64_t)h->class_code << 8))
		*field = snap_hex_of((uint64_t)h->class_code << 8 | (unsigned)prog_if);
}

/* A revision that reads ones in another listing: there the function did not answer. */
static void revision_store(
	struct import *im, struct snap_pci *fn, const struct lspci_head *h)
{
	bool reads_ones = fn->revision.have == HAVE_VALUE && fn->revision.v == NO_ANSWER;

	if (fn->revision.have == HAVE_VALUE && h->revision >= 0 &&
		reads_ones != (h->revision == NO_ANSWER)) {
		lspci_dead_add(im, fn);
		if (reads_ones)
			fn->revision = snap_hex_of((uint64_t)h->revision);
	}
	/* show_terse() leaves a revision of 0 out */
	number_store(&fn->revision, h->revision < 0 && h->whole_id ? 0 : h->revision);
}

void lspci_head_store(struct import *im, struct snap_pci *fn, const struct lspci_head *h)
{
	bool numbered = h->vendor >= 0 && h->device >= 0;

	class_store(&fn->class_code, h);
	number_store(&fn->vendor, h->vendor);
	number_store(&fn->device, h->device);
	number_store(&fn->subvendor, h->subvendor);
	number_store(&fn->subdevice, h->subdevice);
	revision_store(im, fn, h);
	name_store(im, &fn->class_name, h->class_name, false);
	name_store(im, &fn->vendor_name, h->vendor_name,
		h->named && numbered && !h->device_name.n);
	name_store(im, &fn->device_name, h->device_name, h->named && numbered);
	name_store(im, &fn->subsystem_name, subsystem_of(im, h), false);
}

bool lspci_head_read(struct import *im, struct snap_pci *fn, const char *text)
{
	struct lspci_head h;

	if (!lspci_head_parse(text, &h))
		return false;
	if (!lspci_head_conflicts(&h, fn))
		lspci_head_store(im, fn, &h);
	return true;
}
