// SPDX-License-Identifier: GPL-2.0-or-later
// Tables, wrapping, and the terminal's width and colour.
#include <stdlib.h>
#include <unistd.h>

#include "base/columns.h"
#include "tap.h"

static struct strbuf out;

static const char *wrapped(const char *text, size_t start, size_t indent, size_t width)
{
	strbuf_truncate(&out, 0);
	text_wrap(&out, text, start, indent, width);
	return strbuf_text(&out);
}

TEST(prose_is_wrapped_under_its_indent)
{
	is_str(wrapped("one two three", 0, 0, 20), "one two three\n");
	is_str(wrapped("one two three four", 0, 2, 19), "one two three four\n");
	is_str(wrapped("one two three four", 0, 2, 17), "one two three\n  four\n");
	is_str(wrapped("one two three four", 10, 2, 18), "one two\n  three four\n");
	is_str(wrapped("a\nb", 0, 2, 20), "a\n  b\n");
	is_str(wrapped("", 0, 2, 20), "\n");
}

TEST(a_word_that_fits_nowhere_is_cut)
{
	is_str(wrapped("0123456789abcdefghij0123", 0, 0, 20),
		"0123456789abcdefghij\n0123\n");
	is_str(wrapped("a 0123456789abcdefghij0123", 0, 0, 20),
		"a\n0123456789abcdefghij\n0123\n");
}

TEST(an_address_is_not_cut_where_that_is_asked_for)
{
	strbuf_truncate(&out, 0);
	text_wrap_words(&out, "see <https://example.org/a/long/path> there", 0, 2, 20);
	is_str(strbuf_text(&out), "see\n  <https://example.org/a/long/path>\n  there\n");
}

TEST(blanks_inside_a_line_stay_and_those_at_a_break_go)
{
	is_str(wrapped("GRUB=\"a  b\"", 0, 2, 40), "GRUB=\"a  b\"\n");
	is_str(wrapped("aaaaaaaaaa     bbbbbbbbbb", 0, 0, 20),
		"aaaaaaaaaa\nbbbbbbbbbb\n");
	is_str(wrapped("trailing   ", 0, 0, 20), "trailing\n");
}

TEST(width_counts_columns_not_bytes)
{
	/* ten characters of two bytes, then ten of two columns */
	is_str(wrapped("ääääääääää ööööööööö", 0, 0, 20), "ääääääääää ööööööööö\n");
	is_str(wrapped("漢漢漢漢漢漢 漢漢漢漢漢漢", 0, 0, 20),
		"漢漢漢漢漢漢\n漢漢漢漢漢漢\n");
	is_str(wrapped("漢漢漢漢漢漢漢漢漢漢漢漢", 0, 0, 19),
		"漢漢漢漢漢漢漢漢漢\n漢漢漢\n");
}

TEST(a_deep_indent_leaves_room_for_prose)
{
	is_str(wrapped("one two three four five", 0, 70, 24),
		"one two three four five\n");
	wrapped("one two three four five six", 24, 70, 24);
	ok(strlen(strbuf_text(&out)) > 0);
	const char *p = strbuf_text(&out);
	for (const char *end; (end = strchr(p, '\n')); p = end + 1)
		ok(end - p <= 24);
}

TEST(text_is_shortened_at_a_character)
{
	struct arena *a = arena_new();

	is_str(text_shorten(a, "Radeon R9 270X", 14), "Radeon R9 270X");
	is_str(text_shorten(a, "Radeon R9 270X", 10), "Radeon R9…");
	is_str(text_shorten(a, "Radeon R9 270X", 11), "Radeon R9…");
	is_str(text_shorten(a, "漢漢漢漢", 4), "漢…");
	is_str(text_shorten(a, "abc", 1), "…");
	is_str(text_shorten(a, "a\nb\tc", 9), "a b c"); /* no forged line */
	is_str(text_shorten(a, "abc", 0), "");
	arena_free(a);
}

static void fill(struct arena *a, struct table *t)
{
	static const char *const texts[][3] = {
		{ "02:00.0", "Radeon R9 270X with a long name", "vfio-pci" },
		{ "00:14.2", "", "snd" },
		{ "x", "y", "" },
	};

	*t = (struct table){ .n_columns = 3, .gives_way = 1 };
	for (size_t r = 0; r < 3; r++) {
		struct cell *cells = table_add(a, t);
		for (size_t i = 0; i < 3; i++)
			cells[i] = (struct cell){ texts[r][i], TONE_PLAIN };
	}
}

TEST(a_table_is_aligned_and_shortened)
{
	struct arena *a = arena_new();
	struct table t;

	fill(a, &t);
	strbuf_truncate(&out, 0);
	table_print(&t, &out, 2, 80, false);
	is_str(strbuf_text(&out),
		"  02:00.0  Radeon R9 270X with a long name  vfio-pci\n"
		"  00:14.2                                   snd\n"
		"  x        y\n");
	strbuf_truncate(&out, 0);
	table_print(&t, &out, 2, 36, false);
	is_str(strbuf_text(&out),
		"  02:00.0  Radeon R9 270X…  vfio-pci\n"
		"  00:14.2                   snd\n"
		"  x        y\n");
	/* A blank before the … goes, and the column behind stays where it is. */
	strbuf_truncate(&out, 0);
	table_print(&t, &out, 2, 31, false);
	is_str(strbuf_text(&out),
		"  02:00.0  Radeon R9…  vfio-pci\n"
		"  00:14.2              snd\n"
		"  x        y\n");
	strbuf_truncate(&out, 0);
	table_print(&t, &out, 2, 32, false);
	is_str(strbuf_text(&out),
		"  02:00.0  Radeon R9…   vfio-pci\n"
		"  00:14.2               snd\n"
		"  x        y\n");
	arena_free(a);
}

TEST(colour_never_changes_the_alignment)
{
	struct arena *a = arena_new();
	struct table t = { .n_columns = 2 };

	struct cell *cells = table_add(a, &t);
	cells[0] = (struct cell){ "NO", TONE_BAD };
	cells[1] = (struct cell){ "why", TONE_PLAIN };
	cells = table_add(a, &t);
	cells[0] = (struct cell){ "yes, so", TONE_PLAIN };
	cells[1] = (struct cell){ NULL, TONE_BAD };
	strbuf_truncate(&out, 0);
	table_print(&t, &out, 0, 80, true);
	is_str(strbuf_text(&out), "\033[1;31mNO\033[0m       why\nyes, so\n");
	arena_free(a);
}

TEST(width_comes_from_the_environment_and_has_limits)
{
	setenv("COLUMNS", "100", 1);
	is_int(term_width(STDIN_FILENO), 100);
	setenv("COLUMNS", "20", 1);
	is_int(term_width(STDIN_FILENO), TERM_MIN_WIDTH);
	setenv("COLUMNS", "wide", 1);
	int null_fd[2];
	ok(pipe(null_fd) == 0);
	is_int(term_width(null_fd[0]), TERM_DEFAULT_WIDTH);
	unsetenv("COLUMNS");
	close(null_fd[0]);
	close(null_fd[1]);
}

TEST(colour_is_decided_in_one_place)
{
	enum colour_choice c = COLOUR_NEVER;
	int fds[2];

	ok(colour_choice_by_name("always", &c) && c == COLOUR_ALWAYS);
	ok(colour_choice_by_name("auto", &c) && c == COLOUR_AUTO);
	ok(!colour_choice_by_name("yes", &c) && c == COLOUR_AUTO);
	ok(pipe(fds) == 0);
	ok(!term_wants_colour(COLOUR_AUTO, fds[1]));
	setenv("NO_COLOR", "1", 1);
	ok(term_wants_colour(COLOUR_ALWAYS, fds[1]));
	ok(!term_wants_colour(COLOUR_NEVER, fds[1]));
	close(fds[0]);
	close(fds[1]);
	strbuf_free(&out);
}
