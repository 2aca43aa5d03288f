// SPDX-License-Identifier: GPL-2.0-or-later
// Replaces what identifies a person or a machine by tokens; equal things stay equal.
#include "snapshot/redact.h"

#include <string.h>

#include "snapshot/fields.h"
#include "snapshot/redact_parts.h"

struct redactor {
	struct snapshot *snap;
	struct private_names *names;
	struct tokens *tokens;
	struct mark_index *marks;
};

/* What is private at S + AT, the start of a word or no part of one. */
static struct secret_place place_at(
	const struct redactor *r, const char *s, size_t at, bool version, bool mail)
{
	struct secret_place place = { 0 };
	bool word = redact_is_word(s[at]);

	if (word) {
		place = shape_at(s, at, version);
		if (place.n)
			return place;
	}
	if (word || s[at] == '/' || s[at] == '(' || s[at] == '-' || s[at] == '\\')
		place = mark_at(r->marks, s, at);
	if (!place.n && word && mail)
		place = mail_at(s, at);
	if (!place.n && (word || (unsigned char)s[at] >= 0x80))
		place = private_name_at(r->names, s, at);
	return place;
}

/* Behind what stands at S + AT and holds nothing private: the rest of the word, but not
 * what an escaped character is joined to. */
static size_t skip_word(const char *s, size_t at)
{
	bool escape = at && s[at - 1] == '\\' && s[at] == 'x';

	if (!redact_is_word(s[at++]))
		return at;
	for (size_t n = 0; redact_is_word(s[at]) && !(escape && n == 2); n++)
		at++;
	return at;
}

static const char *redact_text(struct redactor *r, const char *s, bool version)
{
	struct strbuf out = { 0 };
	size_t copied = 0, i = 0;
	bool mail = strchr(s, '@') != NULL;

	while (s[i]) {
		size_t token = s[i] == '<' ? redact_token_length(s + i) : 0;
		struct secret_place place = { 0 };

		if (!token)
			place = place_at(r, s, i, version, mail);
		if (!place.n) {
			i = token ? i + token : skip_word(s, i);
			continue;
		}
		strbuf_add_mem(&out, s + copied, i + place.keep - copied);
		tokens_add(r->tokens, &out, place.kind, s + i + place.keep, place.n);
		i += place.keep + place.n;
		copied = i;
	}
	if (!copied)
		return s;
	strbuf_add(&out, s + copied);
	return strbuf_finish(&out, r->snap->arena);
}

/* Does something with one text of the snapshot; yields what stands there from now on. */
typedef const char *text_function(struct redactor *r, const char *s, bool version);

static void each_text(
	struct redactor *r, const struct record *rec, void *p, text_function *todo)
{
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		void *at = (char *)p + f->offset;
		struct snap_text *text = at;
		struct snap_texts *texts = at;
		const char **name = at;
		struct {
			enum have have;
			char *v;
			size_t n;
		} list;

		if (f->type == FIELD_NAME && *name) {
			*name = todo(r, *name, f->version);
		} else if (f->type == FIELD_TEXT && text->have == HAVE_VALUE) {
			text->s = todo(r, text->s, f->version);
		} else if (f->type == FIELD_TEXTS) {
			for (size_t k = 0; k < texts->n; k++)
				texts->s[k] = todo(r, texts->s[k], f->version);
		} else if (f->type == FIELD_RECORD) {
			each_text(r, f->of, at, todo);
		} else if (f->type == FIELD_LIST) {
			memcpy(&list, at, sizeof list);
			for (size_t k = 0; k < list.n; k++)
				each_text(r, f->of, list.v + k * f->of->size, todo);
		}
	}
}

/* The words of S, split at what joins the parts of a key. */
static void exempt_words(struct redactor *r, const char *s)
{
	size_t n;
	char **words = text_split(r->snap->arena, s ? s : "", " .-[](),/", &n);

	for (size_t i = 0; i < n; i++)
		private_names_exempt(r->names, words[i]);
}

/* The words of the machine's model and, where blanks are between them, the parts joined by
 * dashes: who calls a Dell XPS "xps" is not found by it. */
static void exempt_model(struct redactor *r, const char *s)
{
	size_t n;
	char **words = text_split(r->snap->arena, s ? s : "", " \t\n,/", &n);

	for (size_t i = 0; i < n; i++)
		private_names_exempt(r->names, words[i]);
	exempt_words(r, s);
}

/* What a text betrays, and the tokens that it holds from an earlier time. */
static const char *learn_text(struct redactor *r, const char *s, bool version)
{
	/* kernel/printk: the machine's model in the log */
	static const char *const models[] = {
		"DMI: ", "Hardware name: ", "Machine model: "
	};

	(void)version;
	private_names_learn(r->names, s, strlen(s));
	tokens_seen(r->tokens, s);
	for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
		const char *model = strstr(s, models[i]);
		if (model)
			exempt_model(r,
				arena_strndup(
					r->snap->arena, model, strcspn(model, "\n")));
	}
	return s;
}

/* A machine or user may be named like a driver: its name is then hidden only where a mark
 * stands before it, for evidence that speaks of the driver must stay. */
static void exempt_vocabulary(struct redactor *r)
{
	const struct snapshot *s = r->snap;
	size_t n;

	for (size_t i = 0; i < s->modules.n; i++)
		private_names_exempt(r->names, s->modules.v[i].name);
	for (size_t i = 0; i < s->parameters.n; i++) {
		private_names_exempt(r->names, s->parameters.v[i].module);
		private_names_exempt(r->names, s->parameters.v[i].name);
	}
	for (size_t i = 0; i < s->pci.n; i++) {
		const struct snap_pci *p = &s->pci.v[i];
		exempt_words(r, snap_str(p->driver));
		exempt_words(r, snap_str(p->vendor_name));
		exempt_words(r, snap_str(p->device_name));
		for (size_t k = 0; k < p->modules.n; k++)
			private_names_exempt(r->names, p->modules.s[k]);
	}
	exempt_words(r, snap_str(s->cpu.model_name));
	exempt_words(r, snap_str(s->host.os_name));
	exempt_model(r, snap_str(s->host.dmi.board_vendor));
	exempt_model(r, snap_str(s->host.dmi.board_name));
	exempt_model(r, snap_str(s->host.dmi.sys_vendor));
	exempt_model(r, snap_str(s->host.dmi.product_name));
	const char *line = snap_str(s->kernel.cmdline);
	char **words = text_split(s->arena, line ? line : "", " \t\n", &n);
	for (size_t i = 0; i < n; i++) {
		size_t key = strcspn(words[i], "=");
		if (words[i][key])
			exempt_words(r, arena_strndup(s->arena, words[i], key));
	}
}

/* Blanks the Device Serial Number (PCI Express Base Specification 7.9.3: extended
 * capability 0003h, eight bytes behind its header). The walk is bounded: pointers may
 * form a circle. */
static void redact_serial(struct snapshot *s, struct snap_bytes *config)
{
	enum {
		FIRST = 0x100,
		MOST = (4096 - FIRST) / 8,
		SERIAL_ID = 0x0003,
		SERIAL_SIZE = 8
	};
	size_t at = FIRST;

	for (int i = 0; i < MOST && at >= FIRST && at + 4 <= config->n; i++) {
		const uint8_t *h = config->p + at;
		size_t left = config->n - at - 4;
		if ((h[0] | h[1] << 8) == SERIAL_ID) {
			uint8_t *copy = arena_memdup(s->arena, config->p, config->n);
			memset(copy + at + 4, 0, left < SERIAL_SIZE ? left : SERIAL_SIZE);
			config->p = copy;
			return;
		}
		at = ((size_t)h[3] << 4 | h[2] >> 4) & ~(size_t)3;
	}
}

/* The table with the product key of Windows (Microsoft Software Licensing Tables): only its
 * header stays. */
static void redact_key(struct snapshot *s, struct snap_acpi_table *table)
{
	enum { HEADER = 36 };

	if (!text_starts(table->name, "MSDM") || table->data.have != HAVE_VALUE ||
		table->data.n <= HEADER)
		return;
	uint8_t *copy = arena_memdup(s->arena, table->data.p, table->data.n);
	memset(copy + HEADER, 0, table->data.n - HEADER);
	table->data.p = copy;
}

void snapshot_redact(struct snapshot *s, struct private_names *names)
{
	struct redactor r = {
		.snap = s,
		.names = names ? names : private_names_new(s->arena),
		.tokens = tokens_new(s->arena),
		.marks = mark_index_new(s->arena),
	};

	each_text(&r, &snapshot_record, s, learn_text);
	exempt_vocabulary(&r);
	each_text(&r, &snapshot_record, s, redact_text);
	for (size_t i = 0; i < s->pci.n; i++)
		if (s->pci.v[i].config.have == HAVE_VALUE)
			redact_serial(s, &s->pci.v[i].config);
	for (size_t i = 0; i < s->acpi_tables.n; i++)
		redact_key(s, &s->acpi_tables.v[i]);
	s->origin.redacted = snap_bool_of(true);
}
