// SPDX-License-Identifier: GPL-2.0-or-later
// For tests of one format of import: its lines by hand, without the other formats.
#ifndef TESTS_UNIT_IMPORT_KIT_H
#define TESTS_UNIT_IMPORT_KIT_H

#include "base/text.h"
#include "import/format.h"
#include "tap.h"

static struct import kit_im;

static inline struct snapshot *kit_begin(void)
{
	kit_im = (struct import){ .snap = snapshot_new(), .scratch = arena_new() };
	kit_im.snap->origin.kind = "pasted";
	return kit_im.snap;
}

static inline void kit_end(void)
{
	for (size_t i = 0; i < kit_im.n_files; i++)
		strbuf_free(&kit_im.files[i].text);
	snapshot_free(kit_im.snap);
	arena_free(kit_im.scratch);
}

static inline struct paste_line *kit_lines(const char *text, size_t *ret_n)
{
	char **lines = text_lines(kit_im.scratch, text, ret_n);
	struct paste_line *v = arena_alloc(kit_im.scratch, (*ret_n + 1) * sizeof *v);

	for (size_t i = 0; i < *ret_n; i++)
		v[i] = (struct paste_line){
			.text = lines[i], .n = strlen(lines[i]), .number = i + 1
		};
	return v;
}

/* How many lines the format takes of TEXT. */
static inline size_t kit_take(const struct format *f, const char *text)
{
	size_t n;
	struct paste_line *v = kit_lines(text, &n);

	return n ? f->take(&kit_im, v, n) : 0;
}

/* Reads all blocks of TEXT; lines that it does not take are passed over. Returns how many
 * lines it took. */
static inline size_t kit_read(const struct format *f, const char *text)
{
	size_t n, sum = 0;
	struct paste_line *v = kit_lines(text, &n);

	for (size_t i = 0, taken; i < n; i += taken ? taken : 1) {
		taken = v[i].n ? f->take(&kit_im, v + i, n - i) : 0;
		if (taken)
			f->read(&kit_im, v + i, taken);
		sum += taken;
	}
	return sum;
}

static inline void kit_command(const char *text, bool filtered)
{
	kit_im.command = (struct import_command){ .text = text, .filtered = filtered };
	kit_im.fresh = true;
}

#endif
