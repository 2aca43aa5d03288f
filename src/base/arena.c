// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that lives and dies together.
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, ALIGNMENT = alignof(max_align_t) };

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *blocks; /* the first one is being filled */
};

static void *must(void *p)
{
	if (!p) {
		fputs("vfio-doctor: out of memory\n", stderr);
		exit(70);
	}
	return p;
}

struct arena *arena_new(void)
{
	return must(calloc(1, sizeof(struct arena)));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

static struct block *block_add(struct arena *a, size_t size)
{
	struct block *b = must(calloc(1, sizeof *b + size));

	b->size = size;
	/* A block made for one large object goes behind the one that is being filled. */
	if (a->blocks && size > BLOCK_SIZE) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->blocks;

	if (size > SIZE_MAX / 2)
		must(NULL);
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!b || b->size - b->used < size)
		b = block_add(a, size > BLOCK_SIZE / 4 ? size + BLOCK_SIZE : BLOCK_SIZE);
	void *p = b->data + b->used;
	b->used += size;
	return p;
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
	void *copy = arena_alloc(a, n);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = arena_alloc(a, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		must(NULL);
	char *s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *arena_append(struct arena *a, void *items, size_t *n, size_t size)
{
	size_t have = *n;

	if ((have & (have - 1)) == 0) { /* 0, 1, 2, 4, …: full */
		if (have > SIZE_MAX / 4 / size)
			must(NULL);
		void *grown = arena_alloc(a, (have ? have * 2 : 1) * size);
		if (have)
			memcpy(grown, items, have * size);
		items = grown;
	}
	*n = have + 1;
	return items;
}
