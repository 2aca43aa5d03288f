// SPDX-License-Identifier: GPL-2.0-or-later
// What a search in the kernel log lets through.
#include "import/klog_filter.h"

#include <string.h>

#include "base/text.h"
#include "import/command.h"

enum { MOST_WORDS = 16 };

/* The next word of a shell command, without its quotes; NULL: the end, or too intricate. */
static const char *token(struct arena *a, const char **text)
{
	const char *p = *text + strspn(*text, " \t"), *end;
	bool quoted = *p == '\'' || *p == '"';

	if (!*p)
		return NULL;
	if (quoted) {
		end = strchr(p + 1, *p);
		if (!end || (end[1] && !strchr(" \t|", end[1])))
			return NULL;
		*text = end + 1;
		return arena_strndup(a, p + 1, (size_t)(end - p - 1));
	}
	size_t n = strcspn(p, " \t'\"");
	if (p[n] == '\'' || p[n] == '"')
		return NULL;
	*text = p + n;
	return arena_strndup(a, p, n);
}

/* Options that change nothing but how the pattern is read; others let less through. */
static bool option_read(const char *option, bool *extended, bool *pattern_follows,
	struct import_filter *ret)
{
	if (text_starts(option, "--color"))
		return true;
	for (const char *p = option + 1; *p; p++) {
		if (*p == 'i')
			ret->any_case = true;
		else if (*p == 'E')
			*extended = true;
		else if (*p == 'e' && !p[1])
			*pattern_follows = true;
		else
			return false;
	}
	return option[1] != '\0';
}

/* `DMAR\|IOMMU`, with -E `DMAR|IOMMU`: each alternative a plain word. */
static bool pattern_read(
	struct arena *a, const char *pattern, bool extended, struct import_filter *ret)
{
	const char *between = extended ? "|" : "\\|";

	for (;;) {
		const char *end = strstr(pattern, between);
		size_t n = end ? (size_t)(end - pattern) : strlen(pattern);

		if (n < 2 || ret->n == MOST_WORDS ||
			strcspn(pattern, "\\|.*+?[](){}^$") < n)
			return false;
		ret->words[ret->n++] = arena_strndup(a, pattern, n);
		if (!end)
			return true;
		pattern = end + strlen(between);
	}
}

bool klog_filter_of(struct arena *a, const char *command, struct import_filter *ret)
{
	const char *p = command_skip_sudo(command), *word, *patterns[MOST_WORDS];
	bool extended = false, follows = false;
	size_t n = 0;

	*ret = (struct import_filter){ .words = arena_alloc(
					       a, MOST_WORDS * sizeof *ret->words) };
	if (!(word = token(a, &p)) || strcmp(word, "dmesg") != 0)
		return false;
	if (!(word = token(a, &p)) || strcmp(word, "|") != 0)
		return false;
	p = command_skip_sudo(p);
	if (!(word = token(a, &p)) ||
		(strcmp(word, "grep") != 0 && strcmp(word, "egrep") != 0))
		return false;
	extended = word[0] == 'e';
	while (*(p += strspn(p, " \t"))) {
		word = token(a, &p);
		if (!word || n == MOST_WORDS)
			return false;
		if (*word == '-' && !follows) {
			if (!option_read(word, &extended, &follows, ret))
				return false;
			continue;
		}
		/* A second pattern without -e is a file */
		if (!follows && n)
			return false;
		patterns[n++] = word;
		follows = false;
	}
	for (size_t i = 0; i < n; i++)
		if (!pattern_read(a, patterns[i], extended, ret))
			return false;
	return n > 0;
}
