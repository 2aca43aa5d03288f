// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the kernel command line that are to be added and taken out.
#include "plan/words.h"

#include <string.h>

#include "base/text.h"
#include "plan/howto.h"

static void add_once(struct arena *a, const char ***list, size_t *n, const char *word)
{
	if (!text_is_among(word, *list, *n))
		*arena_push(a, *list, *n) = word;
}

struct words words_sort(struct arena *a, const struct edit_texts *texts)
{
	struct words w = { 0 };

	for (size_t i = 0; i < texts->n; i++) {
		size_t n;
		char **parts = text_split(a, texts->s[i], " ", &n);
		bool out = false; /* a list that blanks tore apart goes as a whole */
		for (size_t k = 0; k < n; k++) {
			bool sign = parts[k][0] == '-' || parts[k][0] == '+';
			if (sign)
				out = parts[k][0] == '-';
			if (!parts[k][sign])
				continue;
			if (out)
				add_once(a, &w.remove, &w.n_remove, parts[k] + sign);
			else
				add_once(a, &w.add, &w.n_add, parts[k] + sign);
		}
	}
	return w;
}

bool words_remove(const struct words *w, const char *word, size_t n)
{
	for (size_t i = 0; i < w->n_remove; i++) {
		size_t len = strlen(w->remove[i]);

		if (len <= n && strncmp(word, w->remove[i], len) == 0 &&
			(len == n || (word[len] == '=' && !strchr(w->remove[i], '='))))
			return true;
	}
	return false;
}

/* Length of the word at P; blanks inside quotes belong to it (lib/cmdline.c, next_arg()).
 * 0 if its quotes are not closed. */
static size_t word_length(const char *p, const char *end)
{
	bool quoted = false;
	const char *start = p;

	for (; p < end && (quoted || !text_is_space(*p)); p++)
		quoted ^= *p == '"';
	return quoted ? 0 : (size_t)(p - start);
}

/* It stands there as it shall: it does not have to move. */
static bool is_wanted(const struct words *w, const char *word, size_t n)
{
	for (size_t i = 0; i < w->n_add; i++)
		if (strlen(w->add[i]) == n && strncmp(w->add[i], word, n) == 0)
			return true;
	return false;
}

static bool is_among(struct strbuf *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text->s; p && (p = strstr(p, word)); p++)
		if ((p == text->s || text_is_space(p[-1])) &&
			(!p[n] || text_is_space(p[n])))
			return true;
	return false;
}

char *words_apply(struct arena *a, const struct words *w, const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	while (p < end) {
		const char *blank = p;
		while (p < end && text_is_space(*p))
			p++;
		size_t len = word_length(p, end);
		if (p < end && !len) {
			strbuf_free(&b);
			return NULL;
		}
		if (!len || is_wanted(w, p, len) || !words_remove(w, p, len))
			strbuf_add_mem(&b, b.len ? blank : p,
				(size_t)(p - (b.len ? blank : p)) + len);
		p += len;
	}
	for (size_t i = 0; i < w->n_add; i++)
		if (!is_among(&b, w->add[i]))
			strbuf_addf(&b, "%s%s",
				b.len && !text_is_space(b.s[b.len - 1]) ? " " : "",
				w->add[i]);
	return strbuf_finish(&b, a);
}

/* The value behind `NAME=`: its first byte and its length, quotes left out. */
static bool find_value(
	const char *line, const char *name, const char **ret, size_t *ret_n)
{
	const char *p = line + strspn(line, " \t"), *end;

	if (text_starts(p, "export "))
		p += strlen("export ");
	if (!text_starts(p, name) || strpbrk(p, "\\$`"))
		return false;
	p += strlen(name);
	p += *p == '+';
	if (*p++ != '=')
		return false;
	if (*p == '"' || *p == '\'') {
		end = strchr(p + 1, *p);
		*ret = p + 1;
		*ret_n = end ? (size_t)(end - p - 1) : 0;
		return end && end[1 + strspn(end + 1, " \t")] == '\0';
	}
	*ret = p;
	*ret_n = strlen(p);
	return !strpbrk(p, " \t\"'#;");
}

char *words_edit_line(struct arena *a, const struct words *w, const char *line,
	const char *prefix, bool variable)
{
	const char *value;
	size_t n, len = strlen(prefix);

	if (variable) {
		if (!find_value(line, prefix, &value, &n))
			return NULL;
	} else {
		value = line + strspn(line, " \t");
		if (!text_starts(value, prefix) || (len && !text_is_space(value[len])))
			return NULL;
		value += len;
		value += strspn(value, " \t");
		n = strlen(value);
	}
	const char *words = words_apply(a, w, value, n);
	/* Without quotes one word is all that fits */
	bool bare = variable && value[-1] == '=';
	return !words ? NULL
		      : arena_printf(a, "%.*s%s%s%s%s", (int)(value - line), line,
				bare ? "\"" : "", words, bare ? "\"" : "", value + n);
}
