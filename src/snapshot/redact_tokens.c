// SPDX-License-Identifier: GPL-2.0-or-later
// Tokens that stand for private things: `<uuid-1>`, one number for each thing.
#include <string.h>

#include "snapshot/redact_parts.h"

static const char *const kind_names[N_SECRETS] = {
	[SECRET_NONE] = "-",
	[SECRET_UUID] = "uuid",
	[SECRET_ID] = "id",
	[SECRET_MAC] = "mac",
	[SECRET_IP] = "ip",
	[SECRET_WWN] = "wwn",
	[SECRET_SERIAL] = "serial",
	[SECRET_KEY] = "key",
	[SECRET_HOST] = "host",
	[SECRET_USER] = "user",
	[SECRET_GUEST] = "guest",
	[SECRET_BUILDER] = "builder",
	[SECRET_MAIL] = "mail",
	[SECRET_VOLUME] = "volume",
	[SECRET_LABEL] = "label",
	[SECRET_DISK] = "disk",
	[SECRET_REMOTE] = "remote",
	[SECRET_CERT] = "cert",
	[SECRET_PASSWORD] = "password",
};

/* A thing that was replaced: its one spelling, and the number of its token. */
struct secret {
	enum secret_kind kind;
	const char *text;
	size_t number;
};

/* SLOTS is open addressing, at most half full; a slot is an index of V plus 1. */
struct tokens {
	struct arena *arena;
	struct secret *v;
	size_t n;
	size_t *slots, n_slots;
	size_t last[N_SECRETS]; /* highest number given or seen */
};

struct tokens *tokens_new(struct arena *a)
{
	struct tokens *t = arena_new_object(a, struct tokens);

	t->arena = a;
	t->n_slots = 64;
	t->slots = arena_alloc(a, t->n_slots * sizeof *t->slots);
	return t;
}

bool redact_starts(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++)
		if (redact_lower(*s) != *prefix)
			return false;
	return true;
}

/* `<kind-12>` at S: its length, kind and number; 0 if it is none. */
static size_t token_parse(const char *s, enum secret_kind *ret_kind, size_t *ret_number)
{
	for (enum secret_kind k = 1; *s == '<' && k < N_SECRETS; k++) {
		size_t at = strlen(kind_names[k]) + 1, digits, number = 0;

		if (strncmp(s + 1, kind_names[k], at - 1) != 0 || s[at] != '-')
			continue;
		at++;
		digits = strspn(s + at, "0123456789");
		if (!digits || digits > 9 || s[at + digits] != '>')
			continue;
		for (size_t i = 0; i < digits; i++)
			number = number * 10 + (size_t)(s[at + i] - '0');
		*ret_kind = k;
		*ret_number = number;
		return at + digits + 1;
	}
	return 0;
}

size_t redact_token_length(const char *s)
{
	enum secret_kind kind;
	size_t number;

	return token_parse(s, &kind, &number);
}

void tokens_seen(struct tokens *t, const char *s)
{
	enum secret_kind kind;
	size_t number;

	for (s = strchr(s, '<'); s; s = strchr(s + 1, '<'))
		if (token_parse(s, &kind, &number) && number > t->last[kind])
			t->last[kind] = number;
}

/* `\x2d` of udev and systemd at S; -1 if there is none. */
static int escape_value(const char *s, size_t n)
{
	if (n < 4 || s[0] != '\\' || s[1] != 'x' || hex_digit(s[2]) < 0 ||
		hex_digit(s[3]) < 0)
		return -1;
	return hex_digit(s[2]) << 4 | hex_digit(s[3]);
}

/* VG/LV of what device mapper calls VG-LV: it joins them by `-` and doubles those inside
 * (dm_build_dm_name() of LVM2). */
static void split_volume(struct strbuf *b)
{
	size_t from = 0, to = 0;
	bool joined = strchr(b->s, '/') != NULL;

	for (; from < b->len; from++) {
		char c = b->s[from];
		if (c == '-' && b->s[from + 1] == '-') {
			from++;
		} else if (c == '-' && !joined) {
			c = '/';
			joined = true;
		}
		b->s[to++] = c;
	}
	strbuf_truncate(b, to);
}

/* The one spelling of a thing. Escapes are undone; what is hexadecimal or a name of somebody
 * is in lower case; UUIDs and MAC addresses have nothing between their digits. */
static const char *spelling(
	struct tokens *t, enum secret_kind kind, const char *s, size_t n)
{
	static const bool any_case[N_SECRETS] = { [SECRET_UUID] = true,
		[SECRET_ID] = true,
		[SECRET_MAC] = true,
		[SECRET_IP] = true,
		[SECRET_WWN] = true,
		[SECRET_HOST] = true,
		[SECRET_USER] = true,
		[SECRET_GUEST] = true,
		[SECRET_MAIL] = true };
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < n; i++) {
		int escaped = escape_value(s + i, n - i);
		char c = escaped >= 0 ? (char)escaped : s[i];

		i += escaped >= 0 ? 3 : 0;
		if (((kind == SECRET_UUID || kind == SECRET_MAC) && c == '-') ||
			(kind == SECRET_MAC && (c == ':' || c == '_')))
			continue;
		strbuf_add_char(&b, any_case[kind] ? redact_lower(c) : c);
	}
	if (kind == SECRET_VOLUME && !memchr(s, '/', n))
		split_volume(&b);
	return strbuf_finish(&b, t->arena);
}

static size_t slot_of(const struct tokens *t, enum secret_kind kind, const char *text)
{
	uint32_t hash = redact_hash(REDACT_HASH, (char)kind);

	for (const char *p = text; *p; p++)
		hash = redact_hash(hash, *p);
	size_t at = hash & (t->n_slots - 1);
	while (t->slots[at]) {
		const struct secret *have = &t->v[t->slots[at] - 1];
		if (have->kind == kind && strcmp(have->text, text) == 0)
			break;
		at = (at + 1) & (t->n_slots - 1);
	}
	return at;
}

static void grow(struct tokens *t)
{
	t->n_slots *= 4;
	t->slots = arena_alloc(t->arena, t->n_slots * sizeof *t->slots);
	for (size_t i = 0; i < t->n; i++)
		t->slots[slot_of(t, t->v[i].kind, t->v[i].text)] = i + 1;
}

void tokens_add(struct tokens *t, struct strbuf *out, enum secret_kind kind,
	const char *s, size_t n)
{
	const char *text = spelling(t, kind, s, n);
	size_t slot = slot_of(t, kind, text);

	if (!t->slots[slot]) {
		*arena_push(t->arena, t->v, t->n) = (struct secret){
			.kind = kind,
			.text = text,
			.number = ++t->last[kind],
		};
		t->slots[slot] = t->n;
		if (t->n * 2 > t->n_slots)
			grow(t);
		strbuf_addf(out, "<%s-%zu>", kind_names[kind], t->last[kind]);
		return;
	}
	strbuf_addf(out, "<%s-%zu>", kind_names[kind], t->v[t->slots[slot] - 1].number);
}
