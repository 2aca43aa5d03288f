// SPDX-License-Identifier: GPL-2.0-or-later
// A directory tree in the temporary directory, for collectors to read.
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/root.h"
#include "tap.h"

struct tree {
	char dir[64];
};

/* Ends the program if the tree cannot be made: no test means anything then. */
static inline void tree_must(bool done, const char *what)
{
	if (!done) {
		perror(what);
		exit(1);
	}
}

static inline struct tree tree_new(void)
{
	struct tree t = { .dir = "/tmp/doctor-tree-XXXXXX" };

	tree_must(mkdtemp(t.dir) != NULL, t.dir);
	return t;
}

static inline int tree_remove(
	const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void tree_free(struct tree *t)
{
	tree_must(nftw(t->dir, tree_remove, 16, FTW_DEPTH | FTW_PHYS) == 0, t->dir);
}

/* DIR/PATH in FULL, the directories above it made. */
static inline const char *tree_path(
	const struct tree *t, const char *path, char full[PATH_MAX])
{
	int n = snprintf(full, PATH_MAX, "%s/%s", t->dir, path);

	tree_must(n > 0 && n < PATH_MAX, path);
	for (char *p = full + strlen(t->dir) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	return full;
}

static inline void tree_dir(struct tree *t, const char *path)
{
	char full[PATH_MAX];

	tree_must(mkdir(tree_path(t, path, full), 0755) == 0 || errno == EEXIST, full);
}

static inline void tree_bytes(struct tree *t, const char *path, const void *p, size_t n)
{
	char full[PATH_MAX];
	FILE *f = fopen(tree_path(t, path, full), "w");

	tree_must(f != NULL, full);
	tree_must(fwrite(p, 1, n, f) == n && fclose(f) == 0, full);
}

static inline void tree_file(struct tree *t, const char *path, const char *text)
{
	tree_bytes(t, path, text, strlen(text));
}

static inline void tree_link(struct tree *t, const char *path, const char *target)
{
	char full[PATH_MAX];

	tree_must(symlink(target, tree_path(t, path, full)) == 0, full);
}

/* What each test starts with: a tree, opened for the collectors, and their snapshot. */
struct env {
	struct tree t;
	struct root r;
	struct snapshot *s;
};

static inline void setup(struct env *e)
{
	e->t = tree_new();
	e->s = snapshot_new();
	tree_must(
		root_open(&e->r, e->t.dir), e->t.dir); /* keeps the pointer to the path */
}

static inline void teardown(struct env *e)
{
	root_close(&e->r);
	snapshot_free(e->s);
	tree_free(&e->t);
}

#endif
