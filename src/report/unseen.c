// SPDX-License-Identifier: GPL-2.0-or-later
// Undecided findings, grouped by the evidence that was not collected.
#include "report/model_parts.h"

#include "base/text.h"
#include "report/ask.h"

/* In a container the files below /etc, /boot and /lib are its own, however well read. */
static bool is_of_container(const struct snapshot *s, enum source source)
{
	return s->host.container.have == HAVE_VALUE &&
		(source == SOURCE_MODPROBE || source == SOURCE_BOOT_CONFIG ||
			source == SOURCE_INITRAMFS || source == SOURCE_MODULE_FILES ||
			source == SOURCE_NODES || source == SOURCE_STORAGE);
}

/* What of the sources that would decide F was not read as a whole. */
static uint32_t missing_sources(const struct report_model *m, const struct finding *f)
{
	const struct snapshot *s = m->j->facts->snap;
	uint32_t missing = 0;

	for (unsigned i = 0; i < N_SOURCES; i++)
		if (f->missing >> i & 1 &&
			(snapshot_status(s, (enum source)i) != STATUS_OK ||
				is_of_container(s, (enum source)i)))
			missing |= 1u << i;
	return missing;
}

/* Whoever posted a part can post more of it; for the rest the machine must be asked. */
static const char *remedy_for_paste(const struct report_model *m, enum source source)
{
	const struct ask *ask = ask_for(source);

	if (ask && !ask->is_there(m->j->facts->snap))
		return arena_printf(m->arena, "post the output of: %s", ask->command);
	return "run vfio-doctor on that machine: sudo vfio-doctor";
}

const char *model_source_remedy(const struct report_model *m, enum source source)
{
	const struct snapshot *s = m->j->facts->snap;
	const char *remedy = source_remedy(source);
	bool as_root = text_equal(remedy, source_remedy(SOURCE_CONFIG_SPACE));
	bool on_host = text_equal(remedy, source_remedy(SOURCE_PCI));
	bool is_root = s->origin.privileged.have == HAVE_VALUE && s->origin.privileged.v;

	if (text_equal(s->origin.kind, "pasted"))
		return remedy_for_paste(m, source);
	if (s->host.container.have == HAVE_VALUE)
		return "run it outside the container, on the host itself, as root";
	if (as_root && (is_root || snapshot_status(s, source) == STATUS_ABSENT))
		return NULL;
	if (on_host && text_equal(s->origin.kind, "live"))
		return NULL;
	return remedy;
}

static struct unseen *group_with(struct report_model *m, const char *remedy)
{
	for (size_t i = 0; i < m->n_unseen; i++)
		if (m->unseen[i].remedy == remedy ||
			text_equal(m->unseen[i].remedy, remedy))
			return &m->unseen[i];
	struct unseen *u = arena_push(m->arena, m->unseen, m->n_unseen);
	u->remedy = remedy;
	u->sources = "";
	return u;
}

/* An answer depends on F. */
static bool decides(const struct finding *f)
{
	return f->bears && f->rule->severity >= SEVERITY_BLOCKER && !f->waived;
}

static void add_rule(struct report_model *m, struct unseen *u, const struct finding *f)
{
	u->decides |= decides(f);
	for (size_t i = 0; i < u->n_rules; i++)
		if (u->rules[i] == f->rule)
			return;
	*arena_push(m->arena, u->rules, u->n_rules) = f->rule;
}

static const char *describe_source(struct report_model *m, enum source source)
{
	const struct snapshot *s = m->j->facts->snap;
	const char *reason = snapshot_reason(s, source);
	bool pasted = text_equal(s->origin.kind, "pasted");
	const char *const words[] = {
		[STATUS_MISSING] = pasted ? "not posted" : "not part of this snapshot",
		[STATUS_OK] = "read",
		[STATUS_ABSENT] = "not there",
		[STATUS_DENIED] = "may not be read",
		[STATUS_TRUNCATED] = "incomplete",
		[STATUS_ERROR] = "could not be read",
	};
	const char *word = words[snapshot_status(s, source)];

	if (is_of_container(s, source))
		return arena_printf(
			m->arena, "%s (of the container)", source_title(source));

	return reason ? arena_printf(m->arena, "%s (%s: %s)", source_title(source), word,
				reason)
		      : arena_printf(m->arena, "%s (%s)", source_title(source), word);
}

enum { MOST_SOURCES = 4 }; /* a longer list hides what the reader can do */

/* Names each source of the group once, in the order of the table of sources. */
static void name_sources(struct report_model *m, struct unseen *u, uint32_t sources)
{
	struct strbuf b = { 0 };
	size_t n = 0;

	strbuf_add(&b, "");
	for (unsigned i = 0; i < N_SOURCES; i++)
		if (sources >> i & 1 &&
			group_with(m, model_source_remedy(m, (enum source)i)) == u &&
			n++ < MOST_SOURCES)
			strbuf_addf(&b, "%s%s", b.len ? ", " : "",
				describe_source(m, (enum source)i));
	if (n > MOST_SOURCES)
		strbuf_addf(&b, " and %zu more sources", n - MOST_SOURCES);
	u->sources = strbuf_finish(&b, m->arena);
}

static void add_finding(struct report_model *m, const struct finding *f,
	struct unseen *rest, uint32_t *all)
{
	uint32_t missing = missing_sources(m, f);

	*all |= missing;
	if (!missing)
		add_rule(m, rest, f);
	for (unsigned k = 0; k < N_SOURCES; k++)
		if (missing >> k & 1)
			add_rule(m, group_with(m, model_source_remedy(m, (enum source)k)),
				f);
}

/* Undecided by evidence that was read: nothing to supply, so notes are left to the JSON. */
static bool is_worth_telling(const struct unseen *rest)
{
	for (size_t i = 0; i < rest->n_rules; i++)
		if (rest->rules[i]->severity >= SEVERITY_WARNING)
			return true;
	return false;
}

void model_group_unseen(struct report_model *m)
{
	uint32_t all = 0;
	struct unseen rest = { 0 };

	/* The rules that decide an answer are named first. */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < m->j->n; i++)
			if (m->j->findings[i].verdict == VERDICT_UNKNOWN &&
				decides(&m->j->findings[i]) == (pass == 0))
				add_finding(m, &m->j->findings[i], &rest, &all);
	for (size_t i = 0; i < m->n_unseen; i++)
		name_sources(m, &m->unseen[i], all);
	if (is_worth_telling(&rest)) {
		rest.sources = "what was read does not decide these";
		*arena_push(m->arena, m->unseen, m->n_unseen) = rest;
	}
}
