// SPDX-License-Identifier: GPL-2.0-or-later
// A pasted text as its author saw it: what stands in front of whole runs of lines is undone.
#include "import/paste.h"

#include <stdbool.h>
#include <string.h>

#include "base/bdf.h"
#include "base/text.h"
#include "import/markup.h"

enum {
	NUMBERED_RUN = 3,   /* lines that count up from 1 */
	NUMBERED_BLIND = 8, /* lines that count up from anywhere */
	BAR_RUN = 3,        /* lines that a bar quotes */
	FENCE_WORD = 15,    /* longest name of a language behind a fence */
	DOUBLE_LEAST = 10,  /* lines of a text that can be called double-spaced */
	CODE_INDENT = 4,    /* blanks of Markdown's indented code, CommonMark 4.4 */
	/* A kernel log of 64 MiB has half as many; what is behind is left out */
	MOST_LINES = 2 << 20,
};

static size_t blanks(const char *s)
{
	return strspn(s, " \t");
}

/* Moves the beginning of the line N bytes on. */
static void line_skip(struct paste_line *line, size_t n)
{
	line->text += n;
	line->n -= n;
}

/* Cuts the line to N bytes and what blanks are at its end. */
static void line_cut(struct arena *a, struct paste_line *line, size_t n)
{
	while (n && text_is_space(line->text[n - 1]))
		n--;
	if (n != line->n)
		line->text = arena_strndup(a, line->text, n);
	line->n = n;
}

/* What remains of the line is its end. */
static void line_fence(struct paste_line *line)
{
	line_skip(line, line->n);
	line->fence = true;
}

static void line_add(
	struct arena *a, struct paste *paste, char *text, size_t n, size_t number)
{
	if (paste->n == MOST_LINES)
		return;
	struct paste_line *line = arena_push(a, paste->lines, paste->n);

	while (n && text_is_space(text[n - 1]))
		n--;
	text[n] = '\0';
	*line = (struct paste_line){ .text = text, .n = n, .number = number };
	if (strcmp(text, MARKUP_FENCE) == 0) {
		line_fence(line);
	} else if (!text_is_clean(text, n)) {
		line->text = text_clean(a, text, n);
		line->n = strlen(line->text);
	}
}

/* Splits at line feeds, carriage returns and the breaks of tags. */
static void lines_read(struct arena *a, struct paste *paste, const char *p, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	size_t number = 1;

	for (size_t at = 0; at < n; number++) {
		size_t len = 0;
		while (at + len < n && p[at + len] != '\n' && p[at + len] != '\r')
			len++;
		size_t length = markup_undo(p + at, len, out), from = 0;
		for (size_t i = 0; i <= length; i++) {
			if (i < length && out[i] != '\n')
				continue;
			line_add(a, paste, out + from, i - from, number);
			from = i + 1;
		}
		out += length + 1;
		at += len;
		while (at + 1 < n && p[at] == '\r' &&
			(p[at + 1] == '\r' || p[at + 1] == '\n'))
			at++;
		at++;
	}
}

/* `> > text` of mail and Markdown. */
static void quotes_undo(struct paste *paste)
{
	for (size_t i = 0; i < paste->n; i++) {
		struct paste_line *line = &paste->lines[i];
		size_t n = strspn(line->text, " ");
		while (n <= 3 && line->text[n] == '>') {
			line_skip(line, n + 1);
			if (line->text[0] == ' ')
				line_skip(line, 1);
			n = strspn(line->text, " ");
		}
	}
}

static bool is_barred(const struct paste_line *line)
{
	return line->text[0] == '|' && (line->n == 1 || line->text[1] == ' ');
}

/* A branch of `lspci -t`, whose lines may begin with a bar when blanks were lost. */
static bool is_branch(const struct paste_line *line)
{
	return strstr(line->text, "+-") || strstr(line->text, "\\-");
}

/* `| text` in front of several lines, as some mail programs quote. */
static void bars_undo(struct paste *paste)
{
	for (size_t i = 0, end; i < paste->n; i = end + 1) {
		bool tree = false;
		for (end = i; end < paste->n && is_barred(&paste->lines[end]); end++)
			tree |= is_branch(&paste->lines[end]);
		for (size_t k = i; k < end && end - i >= BAR_RUN && !tree; k++)
			line_skip(&paste->lines[k], paste->lines[k].n > 1 ? 2 : 1);
	}
}

static bool is_fence_word(const char *s)
{
	size_t n = strcspn(s, " \t`~");

	return n <= FENCE_WORD && !s[n + blanks(s + n)] &&
		strspn(s,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_{}.") ==
		n;
}

/* A line "```" or "```bash" becomes blank; "```text```" loses its fences. */
static bool fence_undo(struct arena *a, struct paste_line *line)
{
	size_t indent = blanks(line->text), ticks = indent;
	char mark = line->text[indent];

	if (mark != '`' && mark != '~')
		return false;
	while (line->text[ticks] == mark)
		ticks++;
	if (ticks - indent < 3)
		return false;
	if (is_fence_word(line->text + ticks)) {
		line_fence(line);
		return true;
	}
	line_skip(line, ticks);
	size_t n = line->n;
	while (n && line->text[n - 1] == mark)
		n--;
	if (line->n - n >= 3)
		line_cut(a, line, n);
	return true;
}

/* Takes MARK off both ends of what follows AT bytes of the line, if it is nowhere else. */
static void mark_undo(
	struct arena *a, struct paste_line *line, size_t at, const char *mark)
{
	size_t width = strlen(mark), n = line->n;

	if (n < at + 2 * width + 1 || memcmp(line->text + at, mark, width) != 0 ||
		memcmp(line->text + n - width, mark, width) != 0)
		return;
	if (strstr(line->text + at + width, mark) != line->text + n - width)
		return;
	line_cut(a, line, n - width);
	line_skip(line, at + width);
}

/* Markdown around whole lines. */
static void markdown_undo(struct arena *a, struct paste *paste)
{
	for (size_t i = 0; i < paste->n; i++) {
		struct paste_line *line = &paste->lines[i];
		size_t at = blanks(line->text);
		char first = line->text[at];

		if (fence_undo(a, line))
			continue;
		/* A list of lines that are code: "- `01:00.0 …`" */
		if ((first == '-' || first == '*') && line->text[at + 1] == ' ' &&
			line->text[at + 2] == '`')
			at += 2;
		if (line->text[at] == '`')
			mark_undo(a, line, at, "`");
		else if (first == '*' && line->text[at + 1] == '*')
			mark_undo(a, line, at, "**");
		/* A fence that closes at the end of the last line */
		else if (line->n > 3 && text_ends(line->text, "```"))
			line_cut(a, line, line->n - 3);
	}
}

/* The number in front of a line. */
struct numbered {
	size_t value, skip; /* bytes up to the text */
	char separator;     /* '\0': blanks */
};

static bool number_read(const struct paste_line *line, struct numbered *ret)
{
	size_t at = blanks(line->text), first = at;
	struct numbered got = { 0 };

	for (; text_is_digit(line->text[at]) && at - first < 7; at++)
		got.value = got.value * 10 + (size_t)(line->text[at] - '0');
	if (at == first || text_is_digit(line->text[at]))
		return false;
	if (line->text[at] && strchr(".:)|", line->text[at]))
		got.separator = line->text[at++];
	if (line->text[at] && line->text[at] != ' ' && line->text[at] != '\t' &&
		got.separator != '|' && got.separator != ':')
		return false;
	got.skip = at + (line->text[at] == ' ' || line->text[at] == '\t');
	*ret = got;
	return true;
}

/* What would remain of a line: its own number, as in /proc/interrupts, an address behind
 * the number of its group, or nothing. */
static bool is_own_number(const struct paste_line *line, const struct numbered *number)
{
	const char *rest = line->text + number->skip;
	struct bdf b;
	const char *end;

	rest += blanks(rest);
	return !*rest || bdf_scan(rest, &b, &end) ||
		(number->separator == ':' && text_is_digit(*rest));
}

/* Takes the numbers off the lines from FIRST to END if they are line numbers. */
static void run_unnumber(struct paste *paste, size_t first, size_t end)
{
	struct numbered number;
	bool foreign = false;

	for (size_t i = first; i < end; i++)
		foreign |= number_read(&paste->lines[i], &number) &&
			!is_own_number(&paste->lines[i], &number);
	if (!foreign || !number_read(&paste->lines[first], &number))
		return;
	if (end - first < (number.value == 1 ? NUMBERED_RUN : NUMBERED_BLIND) ||
		(number.value != 1 && number.separator == ':'))
		return;
	for (size_t i = first; i < end; i++)
		if (number_read(&paste->lines[i], &number))
			line_skip(&paste->lines[i],
				number.skip < paste->lines[i].n ? number.skip
								: paste->lines[i].n);
}

static void numbers_undo(struct paste *paste)
{
	for (size_t i = 0, end; i < paste->n; i = end) {
		struct numbered number, next;
		end = i + 1;
		if (!number_read(&paste->lines[i], &number))
			continue;
		while (end < paste->n && number_read(&paste->lines[end], &next) &&
			next.value == number.value + (end - i) &&
			(next.separator == number.separator ||
				next.skip == paste->lines[end].n))
			end++;
		run_unnumber(paste, i, end);
	}
}

/* `12:[    0.25] text` of grep -n. */
static void grep_numbers_undo(struct paste *paste)
{
	for (size_t i = 0; i < paste->n; i++) {
		const char *text = paste->lines[i].text;
		size_t n = strspn(text, "0123456789");
		if (n && n < 8 && (text[n] == ':' || text[n] == '-') &&
			text[n + 1] == '[' &&
			text_is_digit(text[n + 2 + blanks(text + n + 2)]))
			line_skip(&paste->lines[i], n + 1);
	}
}

/* Bytes of blanks that both begin with. */
static size_t common_blanks(const char *a, const char *b, size_t n)
{
	size_t i = 0;

	while (i < n && a[i] == b[i] && (a[i] == ' ' || a[i] == '\t'))
		i++;
	return i;
}

/* Takes off the lines from FIRST to END what they are all indented by, if it is LEAST blanks
 * or a tab. */
static void run_dedent(struct paste *paste, size_t first, size_t end, size_t least)
{
	const struct paste_line *head = &paste->lines[first];
	size_t common = blanks(head->text);

	for (size_t i = first + 1; i < end; i++)
		if (paste->lines[i].n)
			common = common_blanks(head->text, paste->lines[i].text, common);
	if (common < least && !memchr(head->text, '\t', common))
		return;
	for (size_t i = first; i < end; i++)
		if (paste->lines[i].n)
			line_skip(&paste->lines[i], common);
}

/* Blocks of indented lines behind a blank line: code of Markdown, or a part of a listing
 * whose beginning was not pasted. */
static void indents_undo(struct paste *paste)
{
	size_t n_lines = 0, n_flush = 0;

	for (size_t i = 0; i < paste->n; i++) {
		n_lines += paste->lines[i].n > 0;
		n_flush += paste->lines[i].n && !blanks(paste->lines[i].text);
	}
	for (size_t i = 0, end; i < paste->n; i = end + 1) {
		for (end = i; end < paste->n &&
			(!paste->lines[end].n || blanks(paste->lines[end].text));
			end++)
			continue;
		while (i < end && !paste->lines[i].n)
			i++;
		/* What begins a text and leads over into lines that are not indented is the
		 * end of a block whose head is missing */
		bool starts = i && !paste->lines[i - 1].n;
		if (i == 0 && i < end)
			starts = end == paste->n || !paste->lines[end - 1].n;
		if (starts && i < end)
			run_dedent(
				paste, i, end, n_flush || n_lines < 2 ? CODE_INDENT : 1);
	}
}

/* Where a blank line follows almost every line, the blank ones came with the paste. */
static void double_spacing_undo(struct paste *paste)
{
	size_t n_lines = 0, n_followed = 0, n = 0;

	for (size_t i = 0; i < paste->n; i++) {
		n_lines += paste->lines[i].n > 0;
		n_followed +=
			paste->lines[i].n && i + 1 < paste->n && !paste->lines[i + 1].n;
	}
	if (n_lines < DOUBLE_LEAST || n_followed * 10 < n_lines * 9)
		return;
	for (size_t i = 0; i < paste->n; i++)
		if (paste->lines[i].n)
			paste->lines[n++] = paste->lines[i];
	paste->n = n;
}

void paste_read(
	struct arena *a, const char *name, const char *p, size_t n, struct paste *ret)
{
	struct paste paste = { .name = name };

	p = markup_decode(a, p, n, &n);
	lines_read(a, &paste, p, n);
	quotes_undo(&paste);
	bars_undo(&paste);
	markdown_undo(a, &paste);
	numbers_undo(&paste);
	grep_numbers_undo(&paste);
	double_spacing_undo(&paste);
	indents_undo(&paste);
	*ret = paste;
}
