// SPDX-License-Identifier: GPL-2.0-or-later
// The text of /proc/cpuinfo, whole or in part.
#include "import/cpuinfo.h"

#include <string.h>

#include "base/text.h"
#include "import/format.h"

static struct snap_int int_of(const char *text)
{
	int64_t v;

	return text_to_int(text, &v) ? snap_int_of(v) : (struct snap_int){ 0 };
}

/* `model name\t: Intel(R) …`: cuts the line into key and value; false if it is none. */
static bool line_split(
	struct arena *a, const char *line, char **ret_key, char **ret_value)
{
	const char *colon = strchr(line, ':');

	if (!colon)
		return false;
	*ret_key = text_trim(a, arena_strndup(a, line, (size_t)(colon - line)));
	*ret_value = text_trim(a, colon + 1);
	return true;
}

static void value_keep(struct snapshot *s, const char *key, const char *value)
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

/* `processor\t: 0`; a paste may have lost the tab. */
static bool begins_processor(const char *line)
{
	static const char key[] = "processor";

	return text_starts(line, key) && strchr("\t :", line[sizeof key - 1]) &&
		line[sizeof key - 1];
}

size_t cpuinfo_text_read(struct snapshot *s, const char *text)
{
	size_t count = 0;
	char *key, *value;

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");
		count += begins_processor(p);
		if (count <= 1 &&
			line_split(
				s->arena, arena_strndup(s->arena, p, len), &key, &value))
			value_keep(s, key, value);
		p += len + (p[len] == '\n');
	}
	return count;
}

bool cpuinfo_flags_are(const char *value)
{
	return text_starts(value, "fpu ") && strstr(value, " msr ") &&
		strstr(value, " pae ");
}

/* Keys of x86: arch/x86/kernel/cpu/proc.c. */
static bool is_key(const char *p, size_t n)
{
	static const char *const keys[] = { "processor", "vendor_id", "cpu family",
		"model", "model name", "stepping", "microcode", "cpu MHz", "cache size",
		"physical id", "siblings", "core id", "cpu cores", "apicid",
		"initial apicid", "fpu", "fpu_exception", "cpuid level", "wp", "flags",
		"vmx flags", "bugs", "bogomips", "TLB size", "clflush size",
		"cache_alignment", "address sizes", "power management" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strlen(keys[i]) == n && memcmp(keys[i], p, n) == 0)
			return true;
	return false;
}

/* Key and value of a line; *RET_VALUE is in the line. */
static bool line_is(const char *line, const char **ret_value)
{
	const char *colon = strchr(line, ':');
	size_t n = colon ? (size_t)(colon - line) : 0;

	while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	if (!n || !is_key(line, n))
		return false;
	*ret_value = colon + 1 + strspn(colon + 1, " \t");
	return true;
}

/* `model : x` alone may be anything. */
static bool begins_block(const char *line)
{
	const char *value;

	if (!line_is(line, &value))
		return false;
	if (begins_processor(line))
		return strspn(value, "0123456789") == strlen(value) && *value;
	if (text_starts(line, "vendor_id"))
		return true;
	if (text_starts(line, "model name"))
		return text_starts(value, "Intel") || text_starts(value, "AMD") ||
			strstr(value, "CPU") || strstr(value, "Processor");
	return (text_starts(line, "flags") && cpuinfo_flags_are(value)) ||
		text_starts(line, "vmx flags");
}

/* `grep -o -E '(vmx|svm)' /proc/cpuinfo` prints one word for each processor. */
static size_t words_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	if (!text_equal(v->text, "vmx") && !text_equal(v->text, "svm"))
		return 0;
	while (taken < n && text_equal(v[taken].text, v->text))
		taken++;
	return taken > 1 ||
			(im->fresh && im->command.text &&
				strstr(im->command.text, "/proc/cpuinfo"))
		? taken
		: 0;
}

/* Only names of flags: a line that mail programs broke off. */
static bool is_flag_words(const char *p)
{
	return *p && p[strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_ ")] == '\0';
}

static bool is_flags_key(const char *line)
{
	return text_starts(line, "flags") || text_starts(line, "vmx flags");
}

static size_t cpuinfo_take(const struct import *im, const struct paste_line *v, size_t n)
{
	const char *value;
	size_t taken = 1;
	bool flags = is_flags_key(v->text);

	if (!begins_block(v->text))
		return words_take(im, v, n);
	for (size_t i = 1; i < n && !v[i].fence; i++) {
		bool key = line_is(v[i].text, &value);
		if (key || (flags && is_flag_words(v[i].text)))
			taken = i + 1;
		else if (v[i].n || !v[i - 1].n)
			break;
		flags = key ? is_flags_key(v[i].text) : flags && v[i].n;
	}
	return taken;
}

/*
 * The lines with broken ones put together. *RET_HARD: they were broken at one column, within
 * words, so that flags may be lost.
 */
static char *lines_join(
	struct import *im, const struct paste_line *v, size_t n, bool *ret_hard)
{
	struct strbuf b = { 0 };
	const char *value;
	size_t width = 0, n_broken = 0;
	bool same = true;

	for (size_t i = 0; i < n; i++) {
		bool rest = i && v[i].n && !line_is(v[i].text, &value);
		if (i)
			strbuf_add_char(&b, rest ? ' ' : '\n');
		strbuf_add(&b, v[i].text);
		if (!rest)
			continue;
		same &= !n_broken || v[i - 1].n == width;
		width = v[i - 1].n;
		n_broken++;
	}
	*ret_hard = n_broken && (same || n_broken < 3);
	return strbuf_finish(&b, im->scratch);
}

/* A line that was cut off has lost its end, and with it flags that matter. */
static bool flags_are_plausible(const char *flags)
{
	return flags && strlen(flags) > 200;
}

static void cpuinfo_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snap_cpu *c = &im->snap->cpu;

	if (snapshot_status(im->snap, SOURCE_CPUINFO) == STATUS_OK)
		return;
	if (!strchr(v->text, ':')) {
		if (c->virtualization.have == HAVE_NOT)
			c->virtualization = snap_text_of(
				im->snap, text_equal(v->text, "vmx") ? "VT-x" : "AMD-V");
	} else {
		bool hard;
		cpuinfo_text_read(im->snap, lines_join(im, v, n, &hard));
		if (hard || !flags_are_plausible(snap_str(c->flags)))
			c->flags = (struct snap_text){ 0 };
	}
	import_source(im, SOURCE_CPUINFO,
		c->flags.have == HAVE_VALUE && c->vendor_id.have == HAVE_VALUE);
}

const struct format format_cpuinfo = {
	.name = "cpuinfo",
	.title = "/proc/cpuinfo",
	.take = cpuinfo_take,
	.read = cpuinfo_read,
};
