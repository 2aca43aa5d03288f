// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that lives and dies together: one arena for each snapshot, rule set and report.
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Everything that is read, derived or judged is allocated here and freed at once.
 * A pointer into an arena is valid until arena_free(); findings borrow from the arenas of
 * their snapshot and their rule set and must not outlive them. No function here returns
 * NULL: out of memory ends the program with a message (status 70).
 */
struct arena;

struct arena *arena_new(void);
/* Frees the arena and all that was allocated from it; NULL is allowed. */
void arena_free(struct arena *a);

/* SIZE zeroed bytes, aligned for any object. */
void *arena_alloc(struct arena *a, size_t size);
#define arena_new_object(a, type) ((type *)arena_alloc((a), sizeof(type)))

char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/*
 * Makes room for one more element of SIZE bytes behind the *N in ITEMS, counts it in *N
 * and returns the array, which may have moved; the new element is zeroed. The array must
 * have been grown by this function only (it doubles at powers of two and remembers no
 * capacity). Use through arena_push().
 */
void *arena_append(struct arena *a, void *items, size_t *n, size_t size);
/* Appends a zeroed element to the array ITEMS of N elements; yields a pointer to it. */
#define arena_push(a, items, n)                                                          \
	((items) = arena_append((a), (items), &(n), sizeof *(items)), &(items)[(n)-1])

#endif
