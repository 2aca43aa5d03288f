// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on demand: which fact a name means, its value, and values laid over derived ones.
#include "facts/facts.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/klog.h"
#include "facts/roles.h"
#include "facts/subjects.h"
#include "facts/topology.h"

/* What facts.c alone knows; the public part comes first. */
struct facts_private {
	struct facts public;
	/* Grows with each overlay: what was derived before it is derived again */
	unsigned generation;
};

/* A remembered value; the fact comes first, so that struct subject can hold it. */
struct memo {
	struct fact fact;
	unsigned generation;
	bool overlaid, deriving;
};

static struct facts_private *private_of(struct facts *f)
{
	return (struct facts_private *)f;
}

struct facts *facts_new(const struct snapshot *snap, const struct facts_request *request)
{
	static const struct facts_request nothing;
	struct arena *a = arena_new();
	struct facts *f = &arena_new_object(a, struct facts_private)->public;

	f->arena = a;
	f->snap = snap;
	klog_parse(f);
	subjects_build_host(f);
	topology_build(f, request ? request : &nothing);
	roles_build(f, request ? request : &nothing);
	subjects_build(f);
	subjects_list_addresses(f);
	subjects_list_words(f);
	subjects_list_ivrs_words(f);
	subjects_list_vfio_ids(f);
	subjects_list_messages(f);
	/* What was asked for on the way may have been asked too early */
	private_of(f)->generation++;
	return f;
}

void facts_free(struct facts *f)
{
	if (f)
		arena_free(f->arena);
}

static const struct fact_row *row_of(enum scope scope, const char *name)
{
	for (size_t i = 0; i < fact_table_length; i++) {
		if (fact_table[i].scope == scope && text_equal(fact_table[i].name, name))
			return &fact_table[i];
	}
	return NULL;
}

/* Which scopes another one sees, and the prefix that their facts then have. */
static const struct view {
	enum scope from, to;
	const char *prefix;
	enum link link;
} views[] = {
	{ SCOPE_TARGET, SCOPE_DEVICE, "", LINK_DEVICE },
	{ SCOPE_TARGET, SCOPE_SET, "set.", LINK_SET },
	{ SCOPE_TARGET, SCOPE_GROUP, "group.", LINK_GROUP },
	{ SCOPE_DEVICE, SCOPE_GROUP, "group.", LINK_GROUP },
	{ SCOPE_SET, SCOPE_GROUP, "group.", LINK_GROUP },
};

const struct fact_row *fact_resolve(enum scope scope, const char *name, enum link *ret)
{
	const struct fact_row *row = row_of(scope, name);

	*ret = LINK_SELF;
	for (size_t i = 0; i < sizeof views / sizeof views[0] && !row; i++) {
		const struct view *view = &views[i];

		if (view->from != scope || !text_starts(name, view->prefix))
			continue;
		*ret = view->link;
		row = row_of(view->to, name + strlen(view->prefix));
	}
	if (!row) {
		*ret = LINK_HOST;
		row = row_of(SCOPE_HOST, name);
	}
	return row;
}

/* The subject at the other end of a link, NULL if there is none. */
static struct subject *follow(
	const struct facts *f, const struct subject *s, enum link link)
{
	switch (link) {
	case LINK_SELF:
		return (struct subject *)s;
	case LINK_DEVICE:
		return s->device_link;
	case LINK_GROUP:
		return s->group_link;
	case LINK_SET:
		return s->set_link;
	case LINK_HOST:
		return f->scopes[SCOPE_HOST].v[0];
	}
	return NULL;
}

static struct memo *memo_slot(
	struct facts *f, struct subject *s, const struct fact_row *row)
{
	size_t i = (size_t)(row - fact_table);

	if (!s->memo)
		s->memo = arena_alloc(f->arena, fact_table_length * sizeof *s->memo);
	if (!s->memo[i])
		s->memo[i] = &arena_new_object(f->arena, struct memo)->fact;
	return (struct memo *)s->memo[i];
}

/* The value laid over ROW at S itself, also where ROW belongs to a scope that S sees. */
static const struct fact *overlaid(const struct subject *s, const struct fact_row *row)
{
	const struct memo *memo =
		s->memo ? (const struct memo *)s->memo[row - fact_table] : NULL;

	return memo && memo->overlaid ? &memo->fact : NULL;
}

/* Which of the row's sources were not read; all of them if all were. */
static uint32_t sources_missing(const struct facts *f, const struct fact_row *row)
{
	uint32_t missing = 0;

	for (unsigned s = 0; s < N_SOURCES; s++) {
		if (row->sources & 1u << s &&
			snapshot_status(f->snap, (enum source)s) != STATUS_OK)
			missing |= 1u << s;
	}
	return missing ? missing : row->sources;
}

/* A subject that an example made up has nothing that facts could be derived from. */
static bool is_made_up(const struct subject *s)
{
	return s->scope != SCOPE_HOST && !s->fn && !s->group && !s->set && !s->item;
}

static const struct fact *derive(
	struct facts *f, struct subject *s, const struct fact_row *row)
{
	struct memo *memo = memo_slot(f, s, row);
	unsigned generation = private_of(f)->generation;

	assert(!memo->deriving); /* a fact that asks for itself */
	if (memo->overlaid || (memo->generation == generation + 1))
		return &memo->fact;
	memo->deriving = true;
	memo->fact = (struct fact){ .type = row->type };
	if (!is_made_up(s))
		row->derive(f, s, &memo->fact);
	if ((memo->fact.state == FACT_ABSENT || memo->fact.open) && !memo->fact.missing)
		memo->fact.missing = sources_missing(f, row);
	memo->deriving = false;
	memo->generation = generation + 1;
	return &memo->fact;
}

/* No subject at the end of the link: is it known that there is none? */
static bool link_is_known(const struct facts *f, const struct subject *s, enum link link)
{
	return link == LINK_GROUP && s->fn && fn_groupless(f, s->fn) == TRI_TRUE;
}

static const struct fact *nowhere(struct facts *f, const struct subject *s,
	const struct fact_row *row, enum link link)
{
	struct fact *fact = arena_new_object(f->arena, struct fact);

	fact->type = row->type;
	if (link_is_known(f, s, link) && row->type != FACT_BOOL)
		fact->state = FACT_NONE;
	else
		fact->missing = sources_missing(f, row);
	return fact;
}

const struct fact *fact_get(struct facts *f, const struct subject *s,
	const struct fact_row *row, enum link link)
{
	const struct fact *over = overlaid(s, row);
	struct subject *end = follow(f, s, link);

	if (over)
		return over;
	return end ? derive(f, end, row) : nowhere(f, s, row, link);
}

const struct fact *fact_of(struct facts *f, const struct subject *s, const char *name)
{
	enum link link;
	const struct fact_row *row = fact_resolve(s->scope, name, &link);

	assert(row);
	return fact_get(f, s, row, link);
}

static struct fact copy_fact(struct facts *f, const struct fact *value)
{
	struct fact copy = *value;

	if (value->text)
		copy.text = arena_strdup(f->arena, value->text);
	if (value->list) {
		copy.list =
			arena_memdup(f->arena, value->list, value->n * sizeof *copy.list);
		for (size_t i = 0; i < value->n; i++)
			copy.list[i] = arena_strdup(f->arena, value->list[i]);
	}
	if (value->devs)
		copy.devs =
			arena_memdup(f->arena, value->devs, value->n * sizeof *copy.devs);
	return copy;
}

void fact_overlay(struct facts *f, struct subject *s, const struct fact_row *row,
	const struct fact *value)
{
	struct memo *memo;

	if (row->scope == SCOPE_HOST)
		s = f->scopes[SCOPE_HOST].v[0];
	memo = memo_slot(f, s, row);
	memo->fact = copy_fact(f, value);
	memo->fact.type = row->type;
	if (memo->fact.state == FACT_ABSENT && !memo->fact.missing)
		memo->fact.missing = sources_missing(f, row);
	memo->overlaid = true;
	private_of(f)->generation++;
}

struct subject *facts_add_subject(struct facts *f, enum scope scope, const char *key)
{
	struct subject *s;

	if (scope == SCOPE_HOST)
		return f->scopes[SCOPE_HOST].v[0];
	s = subject_new(f, scope, arena_strdup(f->arena, key));
	s->host_wide = scope == SCOPE_WORD || scope == SCOPE_IVRS_WORD;
	if (scope == SCOPE_MESSAGE)
		s->item = s->key; /* it has nothing but its text */
	subjects_listed(f, scope, TRI_TRUE, 0);
	return s;
}
