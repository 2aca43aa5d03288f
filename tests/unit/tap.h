// SPDX-License-Identifier: GPL-2.0-or-later
// Unit tests in one header: TEST(name) { … } in any number, checks inside, TAP on stdout.
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * A test file includes this header and writes TEST blocks; the header brings main(). Each
 * TEST is one TAP line; a check that fails prints where and what, and the test goes on.
 * Exit status 1 if any test failed, or if there was none.
 */
struct tap_test {
	const char *name;
	void (*run)(void);
	struct tap_test *next;
};

static struct tap_test *tap_first, **tap_last = &tap_first;
static bool tap_failed;

#define TEST(name_)                                                                      \
	static void name_(void);                                                         \
	__attribute__((constructor)) static void tap_add_##name_(void)                   \
	{                                                                                \
		static struct tap_test test = { .name = #name_, .run = name_ };          \
		*tap_last = &test;                                                       \
		tap_last = &test.next;                                                   \
	}                                                                                \
	static void name_(void)

#define tap_fail(...)                                                                    \
	(tap_failed = true, printf("# %s:%d: ", __FILE__, __LINE__),                     \
		printf(__VA_ARGS__), putchar('\n'))

/* The condition holds. */
#define ok(condition) ((condition) ? (void)0 : (void)tap_fail("not true: %s", #condition))
/* Two integers are equal. */
#define is_int(got, want)                                                                \
	do {                                                                             \
		long long tap_g = (long long)(got), tap_w = (long long)(want);           \
		if (tap_g != tap_w)                                                      \
			tap_fail("%s is %lld, not %lld", #got, tap_g, tap_w);            \
	} while (0)
/* Two texts are equal; NULL equals only NULL. */
#define is_str(got, want)                                                                \
	do {                                                                             \
		const char *tap_g = (got), *tap_w = (want);                              \
		if (tap_g != tap_w && (!tap_g || !tap_w || strcmp(tap_g, tap_w) != 0))   \
			tap_fail("%s is \"%s\", not \"%s\"", #got,                       \
				tap_g ? tap_g : "(null)", tap_w ? tap_w : "(null)");     \
	} while (0)

int main(void)
{
	int n = 0, failures = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (struct tap_test *t = tap_first; t; t = t->next) {
		tap_failed = false;
		t->run();
		printf("%s %d - %s\n", tap_failed ? "not ok" : "ok", ++n, t->name);
		failures += tap_failed;
	}
	printf("1..%d\n", n);
	return failures || n == 0;
}

#endif
