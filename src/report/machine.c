// SPDX-License-Identifier: GPL-2.0-or-later
// The first line of a report: which machine this is.
#include "report/model.h"

#include <string.h>

#include "base/text.h"

/* Registers hold the text least significant byte first (Intel SDM, CPUID 80000002h). */
static void add_register(char *brand, size_t *n, uint64_t reg)
{
	for (int i = 0; i < 4; i++)
		brand[(*n)++] = (char)(reg >> 8 * i & 0xff);
}

static const char *brand_of_cpuid(struct arena *a, const struct snapshot *s)
{
	char brand[49] = { 0 };
	size_t n = 0;

	for (uint64_t leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
		const struct snap_cpuid *found = NULL;
		for (size_t i = 0; i < s->cpu.leaves.n && !found; i++)
			if (s->cpu.leaves.v[i].leaf == leaf)
				found = &s->cpu.leaves.v[i];
		if (!found)
			return NULL;
		add_register(brand, &n, found->eax);
		add_register(brand, &n, found->ebx);
		add_register(brand, &n, found->ecx);
		add_register(brand, &n, found->edx);
	}
	return text_clean(a, brand, strlen(brand));
}

/* What makers put around the name of a processor. */
static bool is_filler(const char *word)
{
	static const char *const fillers[] = { "CPU", "Processor", "@", "Eight-Core",
		"Six-Core", "Quad-Core", "Dual-Core", "with", "Radeon", "Graphics" };

	for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++)
		if (text_equal(word, fillers[i]))
			return true;
	/* "16-Core", and the clock: "3.60GHz" */
	return text_ends(word, "-Core") || text_ends(word, "GHz");
}

/* Drops the marks in parentheses that only lawyers read. */
static const char *without_marks(struct arena *a, const char *name)
{
	static const char *const marks[] = { "(R)", "(TM)", "(tm)", "(r)", "®", "™" };
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	while (*name) {
		size_t skip = 0;
		for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
			if (text_starts(name, marks[i]))
				skip = strlen(marks[i]);
		if (!skip)
			strbuf_add_char(&b, *name);
		name += skip ? skip : 1;
	}
	return strbuf_finish(&b, a);
}

const char *machine_cpu(struct arena *a, const struct snapshot *s)
{
	const char *name = brand_of_cpuid(a, s);
	struct strbuf b = { 0 };
	size_t n;

	if (!name || !*text_trim(a, name))
		name = snap_str(s->cpu.model_name);
	if (!name)
		return NULL;
	char **words = text_split(a, without_marks(a, name), " \n\t", &n);
	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++)
		if (!is_filler(words[i]))
			strbuf_addf(&b, "%s%s", b.len ? " " : "", words[i]);
	const char *text = strbuf_finish(&b, a);
	return *text ? text : text_trim(a, name);
}

/* Firmware that nobody filled in says so in many ways. */
static bool is_placeholder(const char *text)
{
	static const char *const words[] = { "To Be Filled", "To be filled",
		"Default string", "System manufacturer", "System Product Name",
		"Not Specified", "Not Applicable", "Type2 - Board" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_starts(text, words[i]))
			return true;
	return !*text;
}

const char *machine_board(struct arena *a, const struct snapshot *s)
{
	const struct snap_dmi *dmi = &s->host.dmi;
	const char *name = snap_str(dmi->board_name),
		   *product = snap_str(dmi->product_name);

	if (name && !is_placeholder(text_trim(a, name)))
		return text_trim(a, name);
	if (product && !is_placeholder(text_trim(a, product)))
		return text_trim(a, product);
	return NULL;
}
