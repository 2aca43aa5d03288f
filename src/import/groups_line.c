// SPDX-License-Identifier: GPL-2.0-or-later
// One line of a listing of IOMMU groups, in any of the layouts that scripts print.
#include "import/groups_line.h"

#include <string.h>

#include "base/text.h"

/* Blanks, bullets, what draws trees and boxes: U+2022, U+2500 to U+257F, and ASCII. */
static const char *skip_drawing(const char *p)
{
	for (;;) {
		const unsigned char *u = (const unsigned char *)p;
		if (*p && strchr(" \t-*|+>#=`~", *p))
			p++;
		else if (u[0] == 0xe2 && (u[1] == 0x94 || u[1] == 0x95) && u[2])
			p += 3;
		else if (u[0] == 0xe2 && u[1] == 0x80 && u[2] == 0xa2)
			p += 3;
		else
			return p;
	}
}

/* Is WORD at P, in any case? Behind it, NULL: no. */
static const char *skip_word(const char *p, const char *word)
{
	for (; *word; p++, word++)
		if ((*p | 0x20) != *word)
			return NULL;
	return p;
}

static const char *skip_number(const char *p, int64_t *ret)
{
	size_t n = strspn(p, "0123456789");
	int64_t v = 0;

	if (n == 0 || n > 6)
		return NULL;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + (p[i] - '0');
	*ret = v;
	return p + n;
}

/* `/sys/kernel/iommu_groups/1/devices/0000:00:01.0`, `…/1/devices:`, `…/1`. */
static bool path_parse(const char *p, struct groups_line *ret)
{
	static const char dir[] = "iommu_groups/";
	const char *at = strstr(p, dir);
	int64_t id;

	if (!at || at - p > 64 || !(at = skip_number(at + strlen(dir), &id)))
		return false;
	if (text_starts(at, "/devices"))
		at += strlen("/devices");
	if (*at == '/')
		at++;
	size_t n = import_address(at, &ret->address);
	if (n) {
		ret->rest = at + n;
		ret->kind = GROUPS_ROW;
	} else if (!*at || text_equal(at, ":")) {
		ret->kind = GROUPS_HEAD;
	} else {
		return false;
	}
	ret->id = id;
	return true;
}

/* Of `[10de:1c82]`, and of the `[R]` that says that there is a file `reset`. */
static const char *skip_brackets(const char *p, struct groups_line *ret)
{
	for (;;) {
		p = skip_drawing(p);
		if (p[0] == '[' && (p[1] == 'R' || p[1] == 'r' || p[1] == ' ') &&
			p[2] == ']') {
			ret->resets |= p[1] != ' ';
			p += 3;
		} else if (*p == '[' && strcspn(p, "]") == 10 && p[5] == ':') {
			ret->ids = p + 1;
			p += 11;
		} else if (*p == '(' && text_is_digit(p[1]) && strcspn(p, ")") < 6) {
			p += strcspn(p, ")") + 1; /* the number of the group once more */
		} else {
			return p;
		}
	}
}

static bool member_parse(const char *p, struct groups_line *ret)
{
	const char *link = strstr(p, " -> ");

	/* `lrwxrwxrwx 1 root root 0 Nov 22 14:00 0000:00:01.0 -> ../../…` */
	if (*p == 'l' && link) {
		const char *start = link;
		while (start > p && start[-1] != ' ')
			start--;
		p = start;
	}
	p = skip_brackets(p, ret);
	size_t n = import_address(p, &ret->address);
	if (!n || (p[n] && !strchr(" \t:,-", p[n])))
		return false;
	ret->rest = link && link == p + n ? "" : p + n;
	return true;
}

/* `IOMMU Group 1:`, `Group: 1  0000:01:00.0`, `GROUP 1`. */
static bool head_parse(const char *p, struct groups_line *ret)
{
	const char *at = skip_word(p, "iommu");

	p = at ? at + strspn(at, " _-") : p;
	at = skip_word(p, "group");
	if (!at)
		return false;
	at += strspn(at, " \t:#");
	at = skip_number(at, &ret->id);
	if (!at || (*at && !strchr(" \t:.,-)([#=*", *at)))
		return false;
	at += strspn(at, ":.,)");
	if (member_parse(at, ret)) {
		ret->kind = GROUPS_ROW;
		return true;
	}
	at = skip_drawing(at);
	at += strspn(at, ":");
	/* What was taken for the ids of a member may be anything else */
	ret->ids = NULL;
	ret->resets = false;
	ret->type = *at == '(' || *at == '[' ? at + 1 : NULL;
	ret->kind = GROUPS_HEAD;
	at = skip_drawing(at);
	return !*at || (ret->type && strlen(at) < 24 && strpbrk(at, ")]"));
}

/* `\u251c\u2500\u2500 1`: a group in a tree of all. */
static bool branch_parse(const char *line, const char *p, struct groups_line *ret)
{
	const char *end;

	if (p - line < 3 || (unsigned char)line[strspn(line, " |")] != 0xe2)
		return false;
	end = skip_number(p, &ret->id);
	if (!end || *end)
		return false;
	ret->kind = GROUPS_HEAD;
	return true;
}

static bool is_detail(const char *p)
{
	static const char *const words[] = { "Kernel driver in use:", "Kernel modules:",
		"Subsystem:", "DeviceName:", "Driver:", "driver:", "USB", "Bus 0",
		"Drivers:", "Reset:", "Flags:" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_starts(p, words[i]))
			return true;
	return false;
}

struct groups_line groups_line_parse(const char *line)
{
	struct groups_line l = { .rest = "" };
	const char *p = skip_drawing(line);

	l.indented = p != line;
	if (!*p) {
		l.kind = GROUPS_BLANK;
		return l;
	}
	if (path_parse(p, &l) || head_parse(p, &l) || branch_parse(line, p, &l))
		return l;
	l = (struct groups_line){ .rest = "", .indented = l.indented };
	if (member_parse(p, &l))
		l.kind = GROUPS_MEMBER;
	else if (is_detail(p))
		l.kind = GROUPS_DETAIL;
	if (l.kind == GROUPS_DETAIL)
		l.rest = p;
	return l;
}
