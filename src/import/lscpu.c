// SPDX-License-Identifier: GPL-2.0-or-later
// The output of lscpu, in any language: told by its values, which nobody translates.
#include <string.h>

#include "base/text.h"
#include "import/cpuinfo.h"
#include "import/format.h"

enum { LABEL_MOST = 64, FLAGS_LEAST = 200, BEFORE_VENDOR = 24 };

/* What a value is; labels are translated, these are not (sys-utils/lscpu.c). */
enum value {
	VALUE_NONE, /* `LABEL: text` */
	VALUE_NO_LINE,
	VALUE_VENDOR,
	VALUE_VIRTUALIZATION,
	VALUE_FLAGS,
	VALUE_ADDRESS_SIZES,
	VALUE_MODEL_NAME,
	VALUE_MACHINE,
};

/* The value behind the label; NULL: TEXT is no such line. A French label ends with a no-break
 * blank or a blank before the colon. */
static const char *value_of(const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text || colon - text > LABEL_MOST)
		return NULL;
	/* "CPU(s):", "NUMA node0 CPU(s):": no path, no address, no stamp */
	if (*text == '[' || *text == '/' || *text == '<' ||
		(colon[1] && colon[1] != ' ' && colon[1] != '\t'))
		return NULL;
	return colon + 1 + strspn(colon + 1, " \t");
}

static bool is_vendor(const char *value)
{
	static const char *const vendors[] = { "GenuineIntel", "AuthenticAMD",
		"HygonGenuine", "CentaurHauls", "  Shanghai  " };

	return text_is_among(value, vendors, sizeof vendors / sizeof vendors[0]);
}

static bool is_model_name(const char *value)
{
	static const char *const makers[] = { "Intel(R) ", "AMD ", "Hygon ",
		"QEMU Virtual", "Common KVM", "Genuine Intel", "11th Gen", "12th Gen",
		"13th Gen" };

	for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
		if (text_starts(value, makers[i]))
			return true;
	return false;
}

static enum value kind_of(const char *text)
{
	const char *value = value_of(text);

	if (!value)
		return VALUE_NO_LINE;
	if (is_vendor(value))
		return VALUE_VENDOR;
	if (text_equal(value, "VT-x") || text_equal(value, "AMD-V"))
		return VALUE_VIRTUALIZATION;
	if (cpuinfo_flags_are(value))
		return VALUE_FLAGS;
	if (strstr(value, " bits physical, "))
		return VALUE_ADDRESS_SIZES;
	if (text_equal(value, "x86_64") || text_equal(value, "i686"))
		return VALUE_MACHINE;
	return is_model_name(value) ? VALUE_MODEL_NAME : VALUE_NONE;
}

/* Does a line show that it is of lscpu, if it stands alone, as grep leaves it? */
static bool is_sure(enum value kind)
{
	return kind == VALUE_VIRTUALIZATION || kind == VALUE_VENDOR ||
		kind == VALUE_FLAGS || kind == VALUE_ADDRESS_SIZES;
}

static size_t lscpu_take(const struct import *im, const struct paste_line *v, size_t n)
{
	enum value first = kind_of(v->text);
	size_t taken = 1, sure = is_sure(first);

	(void)im;
	if (first == VALUE_NO_LINE)
		return 0;
	/* Before the vendor stand machine, modes, sizes and counts, some eight lines */
	if (!sure && first != VALUE_MACHINE)
		return 0;
	for (size_t i = 1; i < n && !v[i].fence && (sure || i < BEFORE_VENDOR); i++) {
		enum value kind = kind_of(v[i].text);
		/* The flags may be wrapped; that they are, is seen when they are read */
		if (kind == VALUE_NO_LINE)
			break;
		sure += is_sure(kind);
		taken = i + 1;
	}
	return sure ? taken : 0;
}

static void text_fill(struct import *im, struct snap_text *field, const char *value)
{
	if (field->have == HAVE_NOT)
		*field = snap_line_of(im->snap, value);
}

/* Numbers have a label only; in English that is always the same. */
static void number_read(struct import *im, const char *text, const char *value)
{
	struct snap_cpu *c = &im->snap->cpu;
	const struct {
		const char *label;
		struct snap_int *field;
	} rows[] = { { "CPU family:", &c->family }, { "Model:", &c->model },
		{ "Stepping:", &c->stepping } };
	int64_t number;

	text += strspn(text, " \t");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (text_starts(text, rows[i].label) && rows[i].field->have == HAVE_NOT &&
			text_to_int(value, &number))
			*rows[i].field = snap_int_of(number);
}

static void line_read(struct import *im, const char *text)
{
	struct snap_cpu *c = &im->snap->cpu;
	const char *value = value_of(text);

	switch (kind_of(text)) {
	case VALUE_VENDOR:
		text_fill(im, &c->vendor_id, value);
		break;
	case VALUE_VIRTUALIZATION:
		text_fill(im, &c->virtualization, value);
		break;
	case VALUE_FLAGS:
		/* A short list was cut at the edge of a terminal */
		if (strlen(value) > FLAGS_LEAST)
			text_fill(im, &c->flags, value);
		break;
	case VALUE_ADDRESS_SIZES:
		text_fill(im, &c->address_sizes, value);
		break;
	case VALUE_MACHINE:
		text_fill(im, &im->snap->kernel.machine, value);
		break;
	case VALUE_MODEL_NAME:
		text_fill(im, &c->model_name, value);
		break;
	default:
		number_read(im, text, value);
	}
}

static void lscpu_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snap_cpu *c = &im->snap->cpu;

	for (size_t i = 0; i < n; i++)
		line_read(im, v[i].text);
	import_source(im, SOURCE_CPUINFO,
		c->flags.have == HAVE_VALUE && c->vendor_id.have == HAVE_VALUE);
}

const struct format format_lscpu = {
	.name = "lscpu",
	.title = "the processor, from lscpu",
	.take = lscpu_take,
	.read = lscpu_read,
};
