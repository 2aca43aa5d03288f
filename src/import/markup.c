// SPDX-License-Identifier: GPL-2.0-or-later
// What forum, mail and terminal put between the characters of a line is taken out.
#include "import/markup.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum {
	TAG_NAME = 12,     /* longer than the longest name of a tag that is known */
	TAG_LIMIT = 4096,  /* bytes of a tag with its attributes */
	TITLE_LIMIT = 512, /* bytes of a terminal's title */
	SGR_MAX = 107,     /* the largest number of a colour, ECMA-48 and xterm */
};

/* The rest of a line, and what came before. */
struct cursor {
	const char *p, *end;
	char *out, *start; /* where to write; where the present line begins */
	bool colour;       /* a colour was just taken out */
	bool coloured;     /* one was, earlier in this line */
	bool after_colour; /* the same of the character before */
	/* Tags of BBCode that this line closes, a bit each of PAIRED; unset: not looked */
	unsigned closings;
	bool closings_known;
};

static size_t left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

static bool starts(const struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	return left(c) >= n && memcmp(c->p, word, n) == 0;
}

/* A line ends here, unless none has begun. */
static void put_break(struct cursor *c)
{
	if (c->out == c->start)
		return;
	*c->out++ = '\n';
	c->start = c->out;
}

/* Length of `[m`, the end of a colour without its escape byte, at P; `[mem 0x…]` is none. */
static size_t plain_length(const char *p, size_t n, bool coloured)
{
	if (n > 2 && p[2] != ' ' && p[2] != '[' && (!coloured || p[2] == 'e'))
		return 0;
	return coloured || n == 2 || p[2] == '[' ? 2 : 0;
}

/*
 * Length of `[01;31m` at P, the N bytes of a colour without its escape byte; 0: it is none.
 * `[128m]` is none: a size in brackets.
 */
static size_t colour_length(const struct cursor *c, size_t before)
{
	const char *p = c->p + before;
	size_t n = left(c) - before, i = 1;
	unsigned number = 0;

	if (n < 2 || p[0] != '[')
		return 0;
	/* grep writes both: GREP_COLORS, `\33[m\33[K` */
	if (p[1] == 'K')
		return c->after_colour || before ? 2 : 0;
	if (p[1] == 'm')
		return plain_length(p, n, c->coloured || before);
	for (; i < n && i < 24 && (text_is_digit(p[i]) || p[i] == ';'); i++) {
		number = p[i] == ';' ? 0 : number * 10 + (unsigned)(p[i] - '0');
		if (number > 255 || (number > SGR_MAX && !memchr(p, ';', i)))
			return 0;
	}
	if (i >= n || p[i] != 'm' || (i + 1 < n && p[i + 1] == ']'))
		return 0;
	return i + 1;
}

/* Length of an escape sequence whose escape byte is there: ECMA-48 5.4, and the titles of
 * xterm. */
static size_t escape_length(const char *p, size_t n)
{
	size_t i = 2;

	if (n < 2)
		return 1;
	if (p[1] == '[') {
		while (i < n && p[i] >= 0x20 && p[i] <= 0x3f)
			i++;
		return i < n && p[i] >= 0x40 && p[i] <= 0x7e ? i + 1 : 2;
	}
	if (p[1] == ']') {
		while (i < n && i < TITLE_LIMIT && p[i] != '\a' && p[i] != '\x1b')
			i++;
		if (i < n && p[i] == '\a')
			return i + 1;
		return i + 1 < n && p[i] == '\x1b' && p[i + 1] == '\\' ? i + 2 : 2;
	}
	return p[1] == '(' || p[1] == ')' ? (n > 2 ? 3 : 2) : 2;
}

/* A line of its own. `<pre>` and `[code]` have more bytes than this. */
static void put_fence(struct cursor *c)
{
	*c->out++ = MARKUP_FENCE[0];
	put_break(c);
}

/* What stands for an escape byte where a program or a forum showed it. */
static size_t shown_escape(const struct cursor *c)
{
	static const char *const shown[] = { "^[", "\\x1b", "\\x1B", "\\033", "\\e",
		"\\u001b", "\u241b", "\u2190", "\ufffd" };

	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		if (starts(c, shown[i]))
			return strlen(shown[i]);
	return 0;
}

static bool skip_colour(struct cursor *c)
{
	size_t before = *c->p == '[' ? 0 : shown_escape(c), n;

	if (*c->p == '\x1b')
		n = escape_length(c->p, left(c));
	else if (*c->p != '[' && !before)
		return false;
	else
		n = colour_length(c, before);
	if (!n)
		return false;
	c->p += before + n;
	c->colour = c->coloured = true;
	return true;
}

/* What becomes of a tag. */
enum tag_kind { TAG_NONE, TAG_DROP, TAG_BREAK, TAG_BLANK, TAG_FENCE };

struct tag {
	const char *name;
	enum tag_kind kind;
};

/* None of them is an element of libvirt's XML, a kernel log's `<IRQ>` or a priority. */
static const struct tag html_tags[] = {
	{ "a", TAG_DROP },
	{ "b", TAG_DROP },
	{ "blockquote", TAG_FENCE },
	{ "body", TAG_BREAK },
	{ "br", TAG_BREAK },
	{ "code", TAG_DROP },
	{ "del", TAG_DROP },
	{ "details", TAG_BREAK },
	{ "div", TAG_BREAK },
	{ "em", TAG_DROP },
	{ "font", TAG_DROP },
	{ "h1", TAG_BREAK },
	{ "h2", TAG_BREAK },
	{ "h3", TAG_BREAK },
	{ "h4", TAG_BREAK },
	{ "h5", TAG_BREAK },
	{ "hr", TAG_BREAK },
	{ "i", TAG_DROP },
	{ "img", TAG_DROP },
	{ "ins", TAG_DROP },
	{ "kbd", TAG_DROP },
	{ "li", TAG_BREAK },
	{ "mark", TAG_DROP },
	{ "ol", TAG_BREAK },
	{ "p", TAG_BREAK },
	{ "pre", TAG_FENCE },
	{ "samp", TAG_DROP },
	{ "small", TAG_DROP },
	{ "span", TAG_DROP },
	{ "strong", TAG_DROP },
	{ "summary", TAG_BREAK },
	{ "tbody", TAG_BREAK },
	{ "td", TAG_BLANK },
	{ "th", TAG_BLANK },
	{ "tr", TAG_BREAK },
	{ "tt", TAG_DROP },
	{ "u", TAG_DROP },
	{ "ul", TAG_BREAK },
	{ "wbr", TAG_DROP },
};

/* Tags of BBCode that nothing else looks like. */
static const struct tag bbcode_tags[] = {
	{ "attach", TAG_BREAK },
	{ "bash", TAG_FENCE },
	{ "center", TAG_DROP },
	{ "cmd", TAG_FENCE },
	{ "code", TAG_FENCE },
	{ "color", TAG_DROP },
	{ "font", TAG_DROP },
	{ "hide", TAG_FENCE },
	{ "icode", TAG_DROP },
	{ "indent", TAG_DROP },
	{ "inline", TAG_DROP },
	{ "list", TAG_BREAK },
	{ "noparse", TAG_DROP },
	{ "php", TAG_FENCE },
	{ "plain", TAG_DROP },
	{ "pre", TAG_FENCE },
	{ "quote", TAG_FENCE },
	{ "spoiler", TAG_FENCE },
	{ "tt", TAG_DROP },
	{ "url", TAG_DROP },
};

/* Those that something else looks like (lspci's `[size=128]`): only where the line closes
 * them as well. */
static const char *const paired[] = { "b", "i", "s", "u", "size" };

static enum tag_kind tag_kind(const struct tag *tags, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tags[i].name, name) == 0)
			return tags[i].kind;
	return TAG_NONE;
}

/* The name at P in small letters; its length, 0: there is none or it is too long. */
static size_t tag_name(const char *p, size_t n, char name[TAG_NAME])
{
	size_t i = 0;

	for (; i < n && (text_is_letter(p[i]) || (i && text_is_digit(p[i]))); i++) {
		if (i == TAG_NAME - 1)
			return 0;
		name[i] = (char)(text_is_letter(p[i]) ? p[i] | 0x20 : p[i]);
	}
	name[i] = '\0';
	return i;
}

/* Length of the tag at the cursor in its brackets; 0: it does not end. */
static size_t tag_length(const struct cursor *c, char open, char close)
{
	size_t n = left(c) < TAG_LIMIT ? left(c) : TAG_LIMIT;

	for (size_t i = 1; i < n && c->p[i] != open; i++)
		if (c->p[i] == close)
			return i + 1;
	return 0;
}

static bool skip_tag(struct cursor *c, enum tag_kind kind, size_t n)
{
	if (kind == TAG_NONE || !n)
		return false;
	c->p += n;
	if (kind == TAG_BREAK || kind == TAG_FENCE)
		put_break(c);
	if (kind == TAG_FENCE)
		put_fence(c);
	else if (kind == TAG_BLANK)
		*c->out++ = ' ';
	return true;
}

static bool skip_html(struct cursor *c)
{
	char name[TAG_NAME];
	size_t slash = left(c) > 1 && c->p[1] == '/';
	size_t n = tag_name(c->p + 1 + slash, left(c) - 1 - slash, name);

	if (!n || 1 + slash + n >= left(c))
		return false;
	char behind = c->p[1 + slash + n];
	if (behind != '>' && behind != ' ' && behind != '/')
		return false;
	return skip_tag(c,
		tag_kind(html_tags, sizeof html_tags / sizeof html_tags[0], name),
		tag_length(c, '<', '>'));
}

static unsigned pair_bit(const char *name)
{
	for (size_t i = 0; i < sizeof paired / sizeof paired[0]; i++)
		if (strcmp(paired[i], name) == 0)
			return 1u << i;
	return 0;
}

/* Which of the paired tags does the rest of the line close? One scan a line. */
static unsigned closings(struct cursor *c)
{
	char name[TAG_NAME];

	for (const char *p = c->p; !c->closings_known && p + 3 < c->end; p++)
		if (p[0] == '[' && p[1] == '/' &&
			tag_name(p + 2, (size_t)(c->end - p) - 2, name))
			c->closings |= pair_bit(name);
	c->closings_known = true;
	return c->closings;
}

static bool skip_bbcode(struct cursor *c)
{
	char name[TAG_NAME];
	size_t slash = left(c) > 1 && c->p[1] == '/';
	size_t n = tag_name(c->p + 1 + slash, left(c) - 1 - slash, name);

	if (!n || 1 + slash + n >= left(c))
		return false;
	char behind = c->p[1 + slash + n];
	if (behind != ']' && behind != '=' && (behind != ' ' || slash))
		return false;
	enum tag_kind kind =
		tag_kind(bbcode_tags, sizeof bbcode_tags / sizeof bbcode_tags[0], name);
	if (pair_bit(name) && (slash || closings(c) & pair_bit(name)))
		kind = TAG_DROP;
	return skip_tag(c, kind, tag_length(c, '[', ']'));
}

static const struct {
	const char *name;
	uint32_t code;
} entities[] = {
	{ "amp", '&' },
	{ "apos", '\'' },
	{ "gt", '>' },
	{ "hellip", 0x2026 },
	{ "ldquo", 0x201c },
	{ "lsquo", 0x2018 },
	{ "lt", '<' },
	{ "mdash", 0x2014 },
	{ "nbsp", 0xa0 },
	{ "ndash", 0x2013 },
	{ "quot", '"' },
	{ "rdquo", 0x201d },
	{ "rsquo", 0x2019 },
};

/* The character of `&#39;` or `&#x27;` whose number begins at P; 0: none that is text. */
static uint32_t entity_number(const char *p, size_t n, size_t *ret_n)
{
	size_t i = n && (*p == 'x' || *p == 'X');
	uint32_t base = i ? 16 : 10, code = 0;

	for (; i < n && i < 9 && hex_digit(p[i]) >= 0 && hex_digit(p[i]) < (int)base; i++)
		code = code * base + (uint32_t)hex_digit(p[i]);
	if (i >= n || p[i] != ';' || code > 0x10ffff ||
		(code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_n = i + 1;
	return code >= ' ' || code == '\n' || code == '\t' ? code : 0;
}

/* The character of the entity at P, 0: it is none. */
static uint32_t entity_at(const char *p, size_t n, size_t *ret_n)
{
	uint32_t code;
	size_t behind = 0;

	if (n > 2 && p[1] == '#') {
		code = entity_number(p + 2, n - 2, &behind);
		*ret_n = behind + 2;
		return code;
	}
	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
		size_t length = strlen(entities[i].name);
		if (n > length + 1 && p[length + 1] == ';' &&
			memcmp(p + 1, entities[i].name, length) == 0) {
			*ret_n = length + 2;
			return entities[i].code;
		}
	}
	return 0;
}

static void put_utf8(struct cursor *c, uint32_t code)
{
	if (code < 0x80) {
		*c->out++ = (char)code;
	} else if (code < 0x800) {
		*c->out++ = (char)(0xc0 | code >> 6);
		*c->out++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*c->out++ = (char)(0xe0 | code >> 12);
		*c->out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*c->out++ = (char)(0x80 | (code & 0x3f));
	} else {
		*c->out++ = (char)(0xf0 | code >> 18);
		*c->out++ = (char)(0x80 | (code >> 12 & 0x3f));
		*c->out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*c->out++ = (char)(0x80 | (code & 0x3f));
	}
}

/* A long dash before a word was two: `--all`. */
static void put_dash(struct cursor *c, uint32_t code)
{
	bool first = c->out == c->start || c->out[-1] == ' ';

	*c->out++ = '-';
	if (code == 0x2014 && first && c->p < c->end && text_is_letter(*c->p))
		*c->out++ = '-';
}

/* A character that a word processor or a forum put in another's place. The cursor is
 * behind it. */
static void put_typographic(struct cursor *c, uint32_t code)
{
	if (code == '\n' || code == 0x2028 || code == 0x2029)
		put_break(c);
	else if (code == 0xa0 || (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
		code == 0x3000)
		*c->out++ = ' ';
	else if (code == 0xad || (code >= 0x200b && code <= 0x200d) || code == 0x2060 ||
		code == 0xfeff)
		return;
	else if (code >= 0x2018 && code <= 0x201b)
		*c->out++ = '\'';
	else if (code >= 0x201c && code <= 0x201f)
		*c->out++ = '"';
	else if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212)
		put_dash(c, code);
	else if (code == 0x2026)
		memcpy((c->out += 3) - 3, "...", 3);
	else
		put_utf8(c, code);
}

static bool undo_entity(struct cursor *c)
{
	size_t n = 0, behind = 0;
	uint32_t code = entity_at(c->p, left(c), &n), inner;

	if (!code)
		return false;
	/* Escaped twice */
	if (code == '&' && left(c) > n) {
		const char *amp = c->p + n - 1;
		inner = *amp == ';' ? entity_at(amp, left(c) - n + 1, &behind) : 0;
		if (inner) {
			code = inner;
			n += behind - 1;
		}
	}
	c->p += n;
	put_typographic(c, code);
	return true;
}

/* Of two or three bytes; larger ones are no typography. */
static bool undo_typography(struct cursor *c)
{
	unsigned char a = (unsigned char)c->p[0];
	size_t n = a == 0xc2 ? 2 : 3;

	if (left(c) < n)
		return false;
	unsigned char b = (unsigned char)c->p[1], d = (unsigned char)c->p[n - 1];
	if ((b & 0xc0) != 0x80 || (d & 0xc0) != 0x80)
		return false;
	c->p += n;
	if (n == 2)
		put_typographic(c, (uint32_t)(a & 0x1f) << 6 | (b & 0x3f));
	else
		put_typographic(c,
			(uint32_t)(a & 0x0f) << 12 | (uint32_t)(b & 0x3f) << 6 |
				(d & 0x3f));
	return true;
}

/* `vfio\_pci`, `\[    0.25\]`: escaped for Markdown. `\_SB.PCI0` is a name of ACPI. */
static bool undo_backslash(struct cursor *c)
{
	char next = left(c) > 1 ? c->p[1] : '\0';
	char before = c->out > c->start ? c->out[-1] : ' ';

	if (next != '[' && next != ']' &&
		(next != '_' || !(text_is_letter(before) || text_is_digit(before))))
		return false;
	c->p++;
	*c->out++ = *c->p++;
	return true;
}

/* Takes out or replaces what stands at the cursor; false: it is a plain character. */
static bool undo_one(struct cursor *c)
{
	switch (*c->p) {
	case '\x1b':
	case '^':
		return skip_colour(c);
	case '[':
		return skip_colour(c) || skip_bbcode(c);
	case '\\':
		return skip_colour(c) || undo_backslash(c);
	case '<':
		return skip_html(c);
	case '&':
		return undo_entity(c);
	case '\xe2':
	case '\xef':
		return skip_colour(c) || undo_typography(c);
	default: /* '\xc2', '\xe3' */
		return undo_typography(c);
	}
}

size_t markup_undo(const char *p, size_t n, char *out)
{
	static const bool is_special[256] = { [0x1b] = true,
		['^'] = true,
		['['] = true,
		['\\'] = true,
		['<'] = true,
		['&'] = true,
		[0xc2] = true,
		[0xe2] = true,
		[0xe3] = true,
		[0xef] = true };
	struct cursor c = { .p = p, .end = p + n, .out = out, .start = out };

	while (c.p < c.end) {
		c.after_colour = c.colour;
		c.colour = false;
		if (!is_special[(unsigned char)*c.p] || !undo_one(&c))
			*c.out++ = *c.p++;
	}
	if (c.out > out && c.out[-1] == '\n')
		c.out--;
	return (size_t)(c.out - out);
}

/* Are the bytes those of UTF-16? With its mark, or as only Latin text looks. */
static bool is_utf16(const char *p, size_t n, bool *ret_big)
{
	size_t zeros[2] = { 0, 0 }, looked = n < 64 ? n & ~(size_t)1 : 64;

	if (n < 2)
		return false;
	*ret_big = memcmp(p, "\xfe\xff", 2) == 0;
	if (*ret_big || memcmp(p, "\xff\xfe", 2) == 0)
		return true;
	for (size_t i = 0; i < looked; i++)
		zeros[i & 1] += p[i] == '\0';
	*ret_big = zeros[0] > 0;
	return looked >= 8 && zeros[!*ret_big] == looked / 2 &&
		zeros[*ret_big ? 1 : 0] == 0;
}

static uint32_t unit_at(const char *p, bool big)
{
	unsigned char first = (unsigned char)p[0], second = (unsigned char)p[1];

	return big ? (uint32_t)(first << 8 | second) : (uint32_t)(second << 8 | first);
}

const char *markup_decode(struct arena *a, const char *p, size_t n, size_t *ret_n)
{
	bool big = false;

	*ret_n = n;
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		*ret_n = n - 3;
		return p + 3;
	}
	if (!is_utf16(p, n, &big))
		return p;
	char *text = arena_alloc(a, n / 2 * 3 + 1);
	struct cursor c = { .out = text };
	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t code = unit_at(p + i, big);
		uint32_t low = i + 3 < n ? unit_at(p + i + 2, big) : 0;
		if (code >= 0xd800 && code <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		}
		if (code != 0xfeff)
			put_utf8(&c, code);
	}
	*ret_n = (size_t)(c.out - text);
	return text;
}
