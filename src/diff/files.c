// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration that was edited: files, and the words of the kernel's command line.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "diff/parts.h"

static const struct snap_file *file_of(const struct snapshot *s, const char *path)
{
	for (size_t i = 0; i < s->files.n; i++) {
		if (text_equal(s->files.v[i].path, path))
			return &s->files.v[i];
	}
	return NULL;
}

static bool same_text(struct snap_text a, struct snap_text b)
{
	return a.have == b.have && (a.have != HAVE_VALUE || text_equal(a.s, b.s));
}

/* Whatever could be seen of both is equal. The time of a file alone is no edit, but that of
 * an image, whose text is not kept, is. */
static bool same_file(const struct snap_file *a, const struct snap_file *b)
{
	if (a->text.have == HAVE_NOT || b->text.have == HAVE_NOT)
		return true;
	if (!same_text(a->text, b->text) || !same_text(a->link, b->link))
		return false;
	if (a->text.have == HAVE_VALUE)
		return true;
	return a->mtime.v == b->mtime.v && a->size.v == b->size.v;
}

static void edit(struct diff *d, const char *path, const struct snap_file *old,
	const struct snap_file *new)
{
	struct file_change *c = arena_push(d->arena, d->files, d->n_files);
	const char *was = old ? snap_str(old->text) : NULL,
		   *is = new ? snap_str(new->text) : NULL;
	size_t n_old = 0, n_new = 0;
	char **a = was ? text_lines(d->arena, was, &n_old) : NULL,
	     **b = is ? text_lines(d->arena, is, &n_new) : NULL;

	c->path = path;
	c->added = !old;
	c->removed = !new;
	diff_lines(d->arena, a, n_old, b, n_new, &c->lines, &c->n);
}

static bool is_whole(const struct snapshot *s, enum source source)
{
	enum source_status status = snapshot_status(s, source);

	return status == STATUS_OK || status == STATUS_ABSENT;
}

/* That a file is not there proves nothing where its source was not read as a whole. */
static bool was_read(const struct snapshot *s, const char *path)
{
	if (s->files.have != HAVE_VALUE)
		return false;
	if (strstr(path, "/modprobe.d/"))
		return is_whole(s, SOURCE_MODPROBE);
	return is_whole(s, SOURCE_BOOT_CONFIG) && is_whole(s, SOURCE_INITRAMFS);
}

static void compare_files(struct diff *d)
{
	const struct snapshot *old = d->old->facts->snap, *new = d->new->facts->snap;

	for (size_t i = 0; i < old->files.n; i++) {
		const struct snap_file *was = &old->files.v[i],
				       *is = file_of(new, was->path);

		if (is ? !same_file(was, is) : was_read(new, was->path))
			edit(d, was->path, was, is);
	}
	for (size_t i = 0; i < new->files.n; i++) {
		const struct snap_file *is = &new->files.v[i];

		if (!file_of(old, is->path) && was_read(old, is->path))
			edit(d, is->path, NULL, is);
	}
}

static void compare_words(struct diff *d)
{
	const char *was = snap_str(d->old->facts->snap->kernel.cmdline),
		   *is = snap_str(d->new->facts->snap->kernel.cmdline);
	size_t n_old, n_new;

	if (!was || !is)
		return;
	char **a = text_split(d->arena, was, " \t\n", &n_old),
	     **b = text_split(d->arena, is, " \t\n", &n_new);
	diff_lines(d->arena, a, n_old, b, n_new, &d->words, &d->n_words);
}

void diff_files(struct diff *d)
{
	compare_words(d);
	compare_files(d);
}
