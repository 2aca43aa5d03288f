// SPDX-License-Identifier: GPL-2.0-or-later
// /proc/iomem, whole or through grep.
#include "import/iomem.h"

#include <string.h>

#include "base/text.h"
#include "import/format.h"

/* `    c0000000-c03e7fff : efifb`, two blanks a level (kernel/resource.c, r_show()). */
bool iomem_line_parse(struct snapshot *s, const char *line, struct snap_region *ret)
{
	size_t indent = strspn(line, " ");
	uint64_t v[2];
	const char *p = line + indent;

	for (size_t i = 0; i < 2; i++) {
		size_t n = 0;
		for (v[i] = 0; n < 16 && hex_digit(*p) >= 0; n++)
			v[i] = v[i] << 4 | (unsigned)hex_digit(*p++);
		if (n == 0 || (i == 0 && *p++ != '-'))
			return false;
	}
	if (!text_starts(p, " : "))
		return false;
	*ret = (struct snap_region){ .depth = (int64_t)(indent / 2),
		.start = snap_hex_of(v[0]),
		.end = snap_hex_of(v[1]),
		.name = arena_strdup(s->arena, p + 3) };
	return true;
}

/* Who may not see addresses gets zeros (kernel/resource.c: file_ns_capable()). */
bool iomem_is_masked(const struct snapshot *s)
{
	for (size_t i = 0; i < s->iomem.n; i++)
		if (s->iomem.v[i].end.v)
			return false;
	return true;
}

/* Addresses have eight digits at least (kernel/resource.c, r_show()). */
static bool is_line(const char *text)
{
	const char *p = text + strspn(text, " ");
	size_t first = strspn(p, "0123456789abcdef");
	size_t second = p[first] == '-' ? strspn(p + first + 1, "0123456789abcdef") : 0;

	return first >= 8 && first <= 16 && second >= 8 && second <= 16 &&
		text_starts(p + first + 1 + second, " : ");
}

static size_t iomem_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 0;

	(void)im;
	while (taken < n && is_line(v[taken].text))
		taken++;
	return taken;
}

/* From the first page on to what lies above the interrupt controllers. */
static bool is_whole(const struct paste_line *v, size_t n)
{
	bool apic = false;

	for (size_t i = 0; i < n; i++)
		apic |= strstr(v[i].text, " : Local APIC") ||
			strstr(v[i].text, "fee00000");
	return n > 20 && text_starts(v->text, "00000000-") && apic;
}

static void iomem_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snapshot *s = im->snap;
	bool filtered = im->fresh && im->command.filtered;
	size_t n_before = s->iomem.n;

	if (snapshot_status(s, SOURCE_IOMEM) == STATUS_OK)
		return;
	bool masked = true;
	for (size_t i = 0; i < n; i++) {
		struct snap_region region;
		if (!iomem_line_parse(s, v[i].text, &region))
			continue;
		*snap_list_add(s, &s->iomem) = region;
		masked &= !region.end.v;
	}
	if (!masked) {
		import_source(im, SOURCE_IOMEM, !n_before && !filtered && is_whole(v, n));
		return;
	}
	s->iomem.n = n_before;
	if (n_before)
		return;
	s->iomem.v = NULL;
	s->iomem.have = HAVE_NOT;
	snapshot_set_status(
		s, SOURCE_IOMEM, STATUS_DENIED, "all addresses are 0, needs root");
}

const struct format format_iomem = {
	.name = "iomem",
	.title = "/proc/iomem",
	.take = iomem_take,
	.read = iomem_read,
};
