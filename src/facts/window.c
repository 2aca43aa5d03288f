// SPDX-License-Identifier: GPL-2.0-or-later
// Is there room for large BARs: a host bridge window above 4 GiB.
#include <string.h>

#include "base/text.h"
#include "facts/derive.h"
#include "facts/klog.h"

static const uint64_t four_gib = 1ull << 32;

/* /proc/iomem shows zeros to those who may not see addresses. */
static enum tri window_in_iomem(struct facts *f, struct fact *out)
{
	bool any = false;

	for (size_t i = 0; i < f->snap->iomem.n; i++) {
		const struct snap_region *r = &f->snap->iomem.v[i];
		if (r->end.have != HAVE_VALUE || !r->end.v)
			continue;
		any = true;
		if (!text_starts(r->name, "PCI Bus") || r->end.v < four_gib)
			continue;
		fact_seen(f, out, "/proc/iomem",
			arena_printf(f->arena, "%llx-%llx : %s",
				(unsigned long long)r->start.v,
				(unsigned long long)r->end.v, r->name));
		return TRI_TRUE;
	}
	return any ? TRI_FALSE : TRI_UNKNOWN;
}

static const char log_window[] = "root bus resource [mem 0x{start:hex}-0x{end:hex}";

static enum tri window_in_log(struct facts *f, struct fact *out)
{
	struct template *t = arena_new_object(f->arena, struct template);
	const struct klog_match *m;
	const char *error;
	size_t n;

	if (!template_compile(f->arena, log_window, t, &error))
		return TRI_UNKNOWN;
	m = klog_match_all(f, t, &n);
	for (size_t i = 0; i < n; i++) {
		uint64_t end;
		const char *digits = klog_hole(f, &m[i], "end");
		if (!text_to_u64(arena_printf(f->arena, "0x%s", digits), &end) ||
			end < four_gib)
			continue;
		klog_seen(f, out, &m[i]);
		return TRI_TRUE;
	}
	return n && klog_complete(f) ? TRI_FALSE : TRI_UNKNOWN;
}

/* A line of `resource`: start, end and flags; bit 9 of the flags is memory. */
static bool resource_is_high(struct facts *f, const char *line)
{
	enum { IORESOURCE_MEM = 0x200 };
	uint64_t start, flags;
	size_t n;
	char **words = text_split(f->arena, line, " ", &n);

	return n == 3 && text_to_u64(words[0], &start) && text_to_u64(words[2], &flags) &&
		start >= four_gib && flags & IORESOURCE_MEM;
}

static enum tri window_in_resources(struct facts *f, struct fact *out)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];
		if (fn->missing)
			continue;
		for (size_t j = 0; j < fn->raw->resources.n; j++) {
			if (!resource_is_high(f, fn->raw->resources.s[j]))
				continue;
			fact_seen(f, out, fn->addr, fn->raw->resources.s[j]);
			return TRI_TRUE;
		}
	}
	return TRI_UNKNOWN;
}

void derive_pci_window_64bit(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri window = window_in_iomem(f, out);
	(void)s;

	if (window == TRI_UNKNOWN)
		window = window_in_log(f, out);
	if (window == TRI_UNKNOWN)
		window = window_in_resources(f, out);
	if (window == TRI_UNKNOWN)
		fact_missing(out, SOURCE_IOMEM);
	else
		fact_set_bool(out, window == TRI_TRUE);
}
