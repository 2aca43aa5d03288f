// SPDX-License-Identifier: GPL-2.0-or-later
// For tests of the rule engine: rules from inline JSON, a small machine, facts laid over
// it.
#ifndef TESTS_UNIT_RULE_KIT_H
#define TESTS_UNIT_RULE_KIT_H

#include <stdarg.h>
#include <stdlib.h>

#include "base/text.h"
#include "rules/load_set.h"
#include "tap.h"

/* A whole page around the rule fence; rule and id stand on lines 4 and following. */
#define KIT_PAGE(fence)                                                                  \
	"# Title\n\n```json rule\n" fence                                                \
	"\n```\n\n## Why\n\nBecause.\n\n## Fix\n\nDo.\n\n"                               \
	"## References\n\n<https://example.org/>\n\n## Examples\n\n"                     \
	"```example fail\n```\n\n```example pass\n```\n\n```example unknown\n```\n\n"    \
	"```example n/a\n```\n"

static inline void kit_add(struct rule_batch *b, const char *fence)
{
	const char *id = strstr(fence, "\"id\": \"");
	char *page = arena_printf(b->arena, KIT_PAGE("%s"), fence), *file;

	id = id ? id + 7 : "none";
	file = arena_printf(b->arena, "%.*s.md", (int)strcspn(id, "\""), id);
	rule_batch_add(b, file, page, strlen(page), false);
}

/* NULL-terminated JSON texts; *RET_ERROR is filled and the result NULL if one is wrong.
 */
static inline struct rule_set *kit_try(struct rule_error *ret_error, ...)
{
	struct rule_batch b = { .arena = arena_new() };
	const char *fence;
	va_list ap;

	va_start(ap, ret_error);
	while ((fence = va_arg(ap, const char *)))
		kit_add(&b, fence);
	va_end(ap);
	return rule_batch_finish(&b, ret_error);
}

#define kit_rules(...)                                                                   \
	__extension__({                                                                  \
		struct rule_error kit_e = { .line = 0 };                                 \
		struct rule_set *kit_s = kit_try(&kit_e, __VA_ARGS__, (char *)NULL);     \
		if (!kit_s) {                                                            \
			printf("Bail out! %s:%zu:%zu: %s\n", kit_e.file, kit_e.line,     \
				kit_e.column, kit_e.message);                            \
			exit(1);                                                         \
		}                                                                        \
		kit_s;                                                                   \
	})

/* A machine: a bridge and a card of two functions in group 1, a network card in group 2.
 */
struct kit {
	struct snapshot *snap;
	struct facts *facts;
	struct rule_set *rules;
	struct judgement *j;
};

static inline void kit_fn(
	struct snapshot *s, const char *address, uint64_t class_code, int64_t group)
{
	struct snap_pci *p = snap_list_add(s, &s->pci);

	p->address = arena_strdup(s->arena, address);
	p->class_code = snap_hex_of(class_code);
	p->vendor = snap_hex_of(0x10de);
	p->device = snap_hex_of(0x1380);
	p->driver = snap_text_none();
	p->driver_override = snap_text_none();
	p->iommu_group = snap_int_of(group);
	p->parent = snap_text_none();
}

enum { KIT_BRIDGE, KIT_GPU, KIT_AUDIO, KIT_NIC };

/* GUEST may be NULL: no target is named. */
static inline struct kit kit_new(struct rule_set *rules, const char *guest)
{
	struct kit k = { .snap = snapshot_new(), .rules = rules };
	struct facts_request request = { &guest, guest != NULL };

	kit_fn(k.snap, "0000:00:01.0", 0x060400, 1);
	kit_fn(k.snap, "0000:01:00.0", 0x030000, 1);
	kit_fn(k.snap, "0000:01:00.1", 0x040300, 1);
	kit_fn(k.snap, "0000:02:00.0", 0x020000, 2);
	snapshot_set_status(k.snap, SOURCE_PCI, STATUS_OK, NULL);
	k.facts = facts_new(k.snap, &request);
	return k;
}

static inline void kit_free(struct kit *k)
{
	judgement_free(k->j);
	facts_free(k->facts);
	rule_set_free(k->rules);
	snapshot_free(k->snap);
}

static inline struct subject *kit_host(const struct kit *k)
{
	return k->facts->scopes[SCOPE_HOST].v[0];
}

static inline struct subject *kit_device(const struct kit *k, int which)
{
	return k->facts->fns[which].device;
}

static inline void kit_give(
	const struct kit *k, struct subject *s, const char *name, struct fact value)
{
	enum link link;
	const struct fact_row *row = fact_resolve(s->scope, name, &link);

	value.type = row->type;
	fact_overlay(k->facts, s, row, &value);
}

#define kit_bool(k, s, name, value)                                                      \
	kit_give((k), (s), (name), (struct fact){ .state = FACT_VALUE, .b = (value) })
#define kit_int(k, s, name, value)                                                       \
	kit_give((k), (s), (name), (struct fact){ .state = FACT_VALUE, .i = (value) })
#define kit_text(k, s, name, value)                                                      \
	kit_give((k), (s), (name), (struct fact){ .state = FACT_VALUE, .text = (value) })
#define kit_none(k, s, name)                                                             \
	kit_give((k), (s), (name), (struct fact){ .state = FACT_NONE })
#define kit_absent(k, s, name)                                                           \
	kit_give((k), (s), (name), (struct fact){ .state = FACT_ABSENT })
#define kit_list(k, s, name, open_, ...)                                                 \
	kit_give((k), (s), (name),                                                       \
		(struct fact){ .state = FACT_VALUE,                                      \
			.open = (open_),                                                 \
			.list = (const char *[]){ __VA_ARGS__ },                         \
			.n = sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *) })

/* The finding of a rule on the subject with this key, NULL if there is none. */
static inline const struct finding *kit_find(
	const struct kit *k, const char *rule, const char *key)
{
	for (size_t i = 0; i < k->j->n; i++) {
		const struct finding *f = &k->j->findings[i];

		if (text_equal(f->rule->id, rule) &&
			text_equal(f->subject ? f->subject->key : "", key))
			return f;
	}
	return NULL;
}

#define is_verdict(finding, want) is_str(verdict_name((finding)->verdict), (want))

#endif
