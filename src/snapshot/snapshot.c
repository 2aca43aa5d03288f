// SPDX-License-Identifier: GPL-2.0-or-later
// The raw evidence of one machine: making it and filling it.
#include "snapshot/snapshot.h"

#include <string.h>

#include "base/text.h"

struct snapshot *snapshot_new(void)
{
	struct arena *a = arena_new();
	struct snapshot *s = arena_new_object(a, struct snapshot);

	s->arena = a;
	s->origin.kind = "live";
	s->origin.tool = "";
	return s;
}

void snapshot_free(struct snapshot *s)
{
	if (s)
		arena_free(s->arena);
}

static struct snap_source *find_source(const struct snapshot *s, enum source source)
{
	const char *name = source_name(source);

	for (size_t i = 0; i < s->sources.n; i++)
		if (strcmp(s->sources.v[i].name, name) == 0)
			return &s->sources.v[i];
	return NULL;
}

enum source_status snapshot_status(const struct snapshot *s, enum source source)
{
	const struct snap_source *row = find_source(s, source);
	enum source_status status = STATUS_MISSING;

	if (row)
		source_status_by_name(row->status, &status);
	return status;
}

const char *snapshot_reason(const struct snapshot *s, enum source source)
{
	const struct snap_source *row = find_source(s, source);

	return row ? snap_str(row->reason) : NULL;
}

void snapshot_set_status(struct snapshot *s, enum source source,
	enum source_status status, const char *reason)
{
	struct snap_source *row = find_source(s, source);

	if (!row)
		row = snap_list_add(s, &s->sources);
	row->name = source_name(source);
	row->status = source_status_name(status);
	row->reason = reason ? snap_text_of(s, reason) : (struct snap_text){ 0 };
}

struct snap_text snap_text_of_mem(struct snapshot *s, const void *p, size_t n)
{
	return (struct snap_text){ HAVE_VALUE, text_clean(s->arena, p, n) };
}

struct snap_text snap_text_of(struct snapshot *s, const char *text)
{
	if (!text)
		return snap_text_none();
	return snap_text_of_mem(s, text, strlen(text));
}

struct snap_text snap_line_of(struct snapshot *s, const char *line)
{
	if (!line)
		return snap_text_none();
	return (struct snap_text){ HAVE_VALUE,
		text_clean_line(s->arena, line, strlen(line)) };
}

struct snap_bytes snap_bytes_of(struct snapshot *s, const void *p, size_t n)
{
	return (struct snap_bytes){ HAVE_VALUE, arena_memdup(s->arena, p, n), n };
}

void snap_texts_add(struct snapshot *s, struct snap_texts *list, const char *text)
{
	list->have = HAVE_VALUE;
	*arena_push(s->arena, list->s, list->n) =
		text_clean_line(s->arena, text, strlen(text));
}

void snap_log_add(struct snapshot *s, const char *record)
{
	s->log.lines.have = HAVE_VALUE;
	*arena_push(s->arena, s->log.lines.s, s->log.lines.n) =
		text_clean(s->arena, record, strlen(record));
}

bool snapshot_config_knows(const struct snap_pci *p, size_t at, uint32_t bits)
{
	const struct snap_bytes *c = &p->config, *mask = &p->config_mask;

	if (c->have != HAVE_VALUE)
		return false;
	for (; bits; at++, bits >>= 8) {
		uint8_t wanted = bits & 0xff, known = 0xff;

		if (at >= c->n)
			return !wanted && !(bits >> 8);
		if (mask->have == HAVE_VALUE)
			known = at < mask->n ? mask->p[at] : 0;
		if (wanted & ~known)
			return false;
	}
	return true;
}
