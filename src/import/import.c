// SPDX-License-Identifier: GPL-2.0-or-later
// The life of an import: from an empty or a given snapshot to a closed one.
#include "import/import.h"

#include <stdlib.h>
#include <string.h>

#include "import/format.h"

enum {
	MAX_FILES = 512, /* as many as a directory that is collected may hold */
	/* What the collector keeps of a file, and of one that a program writes */
	FILE_LIMIT = 64 << 10,
	GENERATED_LIMIT = 256 << 10,
};

struct import *import_into(struct snapshot *s)
{
	struct arena *a = arena_new();
	struct import *im = arena_new_object(a, struct import);

	im->scratch = a;
	im->snap = s;
	return im;
}

struct import *import_new(void)
{
	struct snapshot *s = snapshot_new();

	s->origin.kind = "pasted";
	s->origin.tool = VFIO_DOCTOR_VERSION;
	snap_list_collected(&s->sources); /* of a post that says nothing of any */
	return import_into(s);
}

void import_source(struct import *im, enum source source, bool whole)
{
	if (snapshot_status(im->snap, source) == STATUS_OK)
		return;
	snapshot_set_status(im->snap, source, whole ? STATUS_OK : STATUS_TRUNCATED,
		whole ? NULL : "pasted in part");
}

char *import_lines(struct import *im, const struct paste_line *v, size_t n)
{
	size_t size = 1;

	for (size_t i = 0; i < n; i++)
		size += v[i].n + 1;
	char *text = arena_alloc(im->scratch, size), *p = text;
	for (size_t i = 0; i < n; i++) {
		memcpy(p, v[i].text, v[i].n);
		p += v[i].n;
		*p++ = '\n';
	}
	*p = '\0';
	return text;
}

/* Length of TEXT, or of those of its lines that fit into ROOM bytes. */
static size_t whole_lines(const char *text, size_t room)
{
	size_t n = strnlen(text, room + 1);

	if (n <= room)
		return n;
	for (n = room; n && text[n - 1] != '\n'; n--)
		continue;
	return n;
}

void import_file(struct import *im, const char *path, const char *text)
{
	struct import_part *part = NULL;

	for (size_t i = 0; i < im->n_files && !part; i++)
		if (strcmp(im->files[i].path, path) == 0)
			part = &im->files[i];
	if (!part && im->n_files == MAX_FILES)
		return;
	if (!part) {
		part = arena_push(im->scratch, im->files, im->n_files);
		part->path = arena_strdup(im->scratch, path);
	}
	size_t limit = text_ends(path, "grub.cfg") ? GENERATED_LIMIT : FILE_LIMIT;
	size_t room = part->text.len < limit ? limit - part->text.len : 0;
	strbuf_add_mem(&part->text, text, whole_lines(text, room));
	if (part->text.len && part->text.s[part->text.len - 1] != '\n')
		strbuf_add_char(&part->text, '\n');
}

/* A file that the snapshot holds already stays as it is. */
static void files_finish(struct import *im)
{
	struct snapshot *s = im->snap;
	size_t n_before = s->files.n;

	for (size_t i = 0; i < im->n_files; i++) {
		bool known = false;
		for (size_t k = 0; k < n_before && !known; k++)
			known = strcmp(s->files.v[k].path, im->files[i].path) == 0;
		if (known)
			continue;
		struct snap_file *file = snap_list_add(s, &s->files);
		file->path = snap_str(snap_line_of(s, im->files[i].path));
		file->text = snap_text_of(s, strbuf_text(&im->files[i].text));
	}
}

static int function_compare(const void *a, const void *b)
{
	struct bdf x = { 0 }, y = { 0 };

	bdf_parse(((const struct snap_pci *)a)->address, &x);
	bdf_parse(((const struct snap_pci *)b)->address, &y);
	return bdf_compare(x, y);
}

static int group_compare(const void *a, const void *b)
{
	int64_t x = ((const struct snap_group *)a)->id;
	int64_t y = ((const struct snap_group *)b)->id;

	return x < y ? -1 : x > y;
}

static int file_compare(const void *a, const void *b)
{
	return strcmp(
		((const struct snap_file *)a)->path, ((const struct snap_file *)b)->path);
}

/* Does each function of the list name its group, or say that it has none? Then no group
 * lacks a function. */
static bool groups_are_whole(const struct snapshot *s)
{
	for (size_t i = 0; i < s->pci.n; i++)
		if (s->pci.v[i].iommu_group.have == HAVE_NOT)
			return false;
	return true;
}

static void lists_finish(struct import *im)
{
	struct snapshot *s = im->snap;

	if (s->pci.n) {
		qsort(s->pci.v, s->pci.n, sizeof *s->pci.v, function_compare);
		import_source(im, SOURCE_PCI, im->pci_listed && !im->overfull);
	}
	if (s->groups.n) {
		qsort(s->groups.v, s->groups.n, sizeof *s->groups.v, group_compare);
		import_source(im, SOURCE_IOMMU_GROUPS,
			im->pci_listed && !im->overfull && !im->groups_part &&
				groups_are_whole(s));
	}
	if (s->files.n)
		qsort(s->files.v, s->files.n, sizeof *s->files.v, file_compare);
}

struct snapshot *import_finish(struct import *im)
{
	if (im->finished)
		return NULL;
	im->finished = true;
	for (size_t i = 0; formats[i]; i++)
		if (formats[i]->finish)
			formats[i]->finish(im);
	files_finish(im);
	lists_finish(im);
	return im->snap;
}

void import_free(struct import *im)
{
	if (!im)
		return;
	for (size_t i = 0; i < im->n_files; i++)
		strbuf_free(&im->files[i].text);
	arena_free(im->scratch);
}
