// SPDX-License-Identifier: GPL-2.0-or-later
// What is mounted where, and what is mounted only when somebody asks for it.
#include "collect/mounts.h"

#include <string.h>

#include "base/text.h"

char *octal_decode(struct arena *a, const char *p)
{
	char *out = arena_strdup(a, p), *w = out;

	while (*p) {
		bool coded = p[0] == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' &&
			p[2] <= '7' && p[3] >= '0' && p[3] <= '7';
		*w++ = coded
			? (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'))
			: *p;
		p += coded ? 4 : 1;
	}
	*w = '\0';
	return out;
}

/* `27 1 254:0 / /boot rw shared:1 - ext4 /dev/vda rw`: optional fields end with a dash.
 */
static bool mountinfo_parse(struct arena *a, const char *line, struct mount *ret)
{
	size_t n, dash = 6;
	char **word = text_split(a, line, " ", &n);

	while (dash < n && !text_equal(word[dash], "-"))
		dash++;
	if (dash + 2 >= n)
		return false;
	*ret = (struct mount){ .point = octal_decode(a, word[4]),
		.type = word[dash + 1],
		.source = octal_decode(a, word[dash + 2]),
		.options = dash + 3 < n ? octal_decode(a, word[dash + 3]) : "",
		.number = word[2] };
	return true;
}

/* `/dev/vda / ext4 rw 0 0` of /proc/mounts, where that is all there is, and of fstab. */
static bool mtab_parse(struct arena *a, const char *line, struct mount *ret)
{
	size_t n;
	char **word = text_split(a, line, " \t", &n);

	if (n < 3 || word[0][0] == '#')
		return false;
	*ret = (struct mount){ .point = octal_decode(a, word[1]),
		.type = word[2],
		.source = octal_decode(a, word[0]),
		.options = n > 3 ? octal_decode(a, word[3]) : "",
		.number = "0:0" };
	return true;
}

static void lines_parse(struct snapshot *s, const struct root_bytes *got,
	bool parse(struct arena *, const char *, struct mount *), struct mounts *ret)
{
	size_t n;
	char **lines =
		text_lines(s->arena, text_clean(s->arena, (char *)got->p, got->n), &n);

	for (size_t i = 0; i < n; i++) {
		struct mount m;
		if (parse(s->arena, lines[i], &m))
			*arena_push(s->arena, ret->v, ret->n) = m;
	}
}

enum source_status mounts_read(
	struct snapshot *s, const struct root *r, struct mounts *ret)
{
	bool (*parse)(struct arena *, const char *, struct mount *) = mountinfo_parse;
	struct root_bytes got = root_read(r, s->arena, "proc/self/mountinfo", ROOT_LARGE);

	if (got.status != STATUS_OK) {
		parse = mtab_parse;
		got = root_read(r, s->arena, "proc/mounts", ROOT_LARGE);
	}
	if (got.status != STATUS_OK)
		return got.status;
	lines_parse(s, &got, parse, ret);
	return ret->n ? STATUS_OK : STATUS_ERROR;
}

const struct mount *mount_at(const struct mounts *mounts, const char *point)
{
	for (size_t i = mounts->n; i-- > 0;)
		if (text_equal(mounts->v[i].point, point))
			return &mounts->v[i];
	return NULL;
}

const struct mount *mount_of(const struct mounts *mounts, const char *path)
{
	const struct mount *best = NULL;

	for (size_t i = mounts->n; i-- > 0;) {
		const struct mount *m = &mounts->v[i];
		size_t n = strlen(m->point);
		bool below = text_equal(m->point, "/") ||
			(text_starts(path, m->point) && (!path[n] || path[n] == '/'));
		if (below && (!best || n > strlen(best->point)))
			best = m;
	}
	return best;
}

const struct mount *mount_planned(
	struct snapshot *s, const struct root *r, const char *point)
{
	struct root_bytes got = root_read(r, s->arena, "etc/fstab", ROOT_SMALL);
	struct mounts *planned = arena_new_object(s->arena, struct mounts);

	if (got.status != STATUS_OK)
		return NULL;
	lines_parse(s, &got, mtab_parse, planned);
	return mount_at(planned, point);
}
