// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes what reads configuration files: modprobe.d, boot loaders, initramfs, guests. A line
// `== PATH` begins a file.
#include "fuzz.h"

static int compare(const void *a, const void *b)
{
	return strcmp(
		((const struct snap_file *)a)->path, ((const struct snap_file *)b)->path);
}

static void add(struct snapshot *s, char *path, const char *text)
{
	path[strcspn(path, "\n")] = '\0';
	const char *clean = snap_str(snap_line_of(s, path));
	for (size_t i = 0; i < s->files.n; i++)
		if (strcmp(s->files.v[i].path, clean) == 0)
			return;
	struct snap_file *file = snap_list_add(s, &s->files);
	file->path = clean;
	file->text = snap_text_of(s, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "== ";
	struct snapshot *s = fuzz_machine();
	char *text = fuzz_text(data, size), *at = text;

	while (strncmp(at, mark, sizeof mark - 1) == 0 && s->files.n < 64) {
		char *path = at + sizeof mark - 1, *body = strchr(path, '\n');
		if (!body)
			break;
		char *end = strstr(body, "\n== ");
		if (end)
			*end = '\0';
		add(s, path, body < (end ? end : body + 1) ? body + 1 : "");
		at = end ? end + 1 : text + size;
	}
	if (s->files.n)
		qsort(s->files.v, s->files.n, sizeof *s->files.v, compare);
	free(text);
	fuzz_judge(s, FUZZ_PLAN);
	snapshot_free(s);
	return 0;
}
