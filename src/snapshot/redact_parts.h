// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of redaction: shapes of numbers, marked values, names, tokens.
#ifndef SNAPSHOT_REDACT_PARTS_H
#define SNAPSHOT_REDACT_PARTS_H

#include "base/text.h"
#include "snapshot/redact.h"

/* What a token stands for. */
enum secret_kind {
	SECRET_NONE,
	SECRET_UUID,
	SECRET_ID,
	SECRET_MAC,
	SECRET_IP,
	SECRET_WWN,
	SECRET_SERIAL,
	SECRET_KEY,
	SECRET_HOST,
	SECRET_USER,
	SECRET_GUEST,
	SECRET_BUILDER,
	SECRET_MAIL,
	SECRET_VOLUME,
	SECRET_LABEL,
	SECRET_DISK,
	SECRET_REMOTE,
	SECRET_CERT,
	SECRET_PASSWORD,
	N_SECRETS
};

/* Something private in a text: its kind, and where it lies from the place looked at. */
struct secret_place {
	enum secret_kind kind;
	size_t keep; /* bytes before it that stay */
	size_t n;    /* its own bytes; 0: nothing private here */
};

/* A letter, a digit or `_`; what is none of them ends a word. */
static inline bool redact_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_';
}
/* Lower case of the C locale. */
static inline char redact_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
/* Does S begin with PREFIX, which is in lower case, in any case? */
bool redact_starts(const char *s, const char *prefix);
/* FNV-1a: one more byte C of a hash that began with REDACT_HASH. */
#define REDACT_HASH 2166136261u
static inline uint32_t redact_hash(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 16777619u;
}

/* redact_shapes.c: a number at S + AT whose own form tells what it is. VERSION: the text is
 * a version, which may look like an IPv4 address. */
struct secret_place shape_at(const char *s, size_t at, bool version);
/* Length of a UUID at S, with `-` or `\x2d` between its groups; 0: none. */
size_t shape_uuid(const char *s);

/* redact_marks.c: a value at S + AT that is private because of the words before it. */
struct mark_index;
struct mark_index *mark_index_new(struct arena *a);
struct secret_place mark_at(const struct mark_index *index, const char *s, size_t at);
/* A mail address at S + AT, or who built a kernel. */
struct secret_place mail_at(const char *s, size_t at);

/* redact_names.c: a private name at S + AT, the start of a word. */
struct secret_place private_name_at(
	const struct private_names *names, const char *s, size_t at);
/* Is this a name that every second machine has, and so not private? */
bool private_name_is_common(enum secret_kind kind, const char *s, size_t n);
/* A word of this machine's drivers, modules, parameters: no name, even if it is one. */
void private_names_exempt(struct private_names *names, const char *word);

/* redact_tokens.c */
struct tokens;
struct tokens *tokens_new(struct arena *a);
/* Notes the tokens that a text holds already: their numbers are taken. */
void tokens_seen(struct tokens *t, const char *s);
/* Writes the token of the N bytes at S: the same for other spellings of the same thing. */
void tokens_add(struct tokens *t, struct strbuf *out, enum secret_kind kind,
	const char *s, size_t n);

#endif
