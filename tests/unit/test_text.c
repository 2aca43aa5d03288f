// SPDX-License-Identifier: GPL-2.0-or-later
// Text: cleaning, addresses, small helpers.
#include "base/text.h"

#include "base/bdf.h"
#include "tap.h"

static struct arena *arena;

static const char *cleaned(const char *s)
{
	if (!arena)
		arena = arena_new();
	return text_clean(arena, s, strlen(s));
}

TEST(cleaning)
{
	is_str(cleaned("plain\ttext\n"), "plain\ttext\n");
	is_str(cleaned("é 漢 😀"), "é 漢 😀");
	is_str(cleaned("\x1b[31mred"), "\\x1b[31mred");
	is_str(cleaned("a\xff\xc3"), "a\\xff\\xc3");
	is_str(cleaned("\xc0\xaf"), "\\xc0\\xaf");                        /* overlong */
	is_str(cleaned("\xed\xa0\x80"), "\\xed\\xa0\\x80");               /* surrogate */
	is_str(cleaned("evil\xe2\x80\xaetxt.exe"), "evil\\u202etxt.exe"); /* bidi */
	is_str(cleaned("no\xe2\x80\x8b"
		       "break"),
		"no\\u200bbreak"); /* zero width */
	is_str(cleaned("\xc2\x9b"
		       "1m"),
		"\\x9b1m"); /* C1 CSI */
	is_str(cleaned(cleaned("\x1b\xff")), "\\x1b\\xff");
	is_str(cleaned("\xef\xbf\xbe\xef\xbf\xbf"), "\\ufffe\\uffff"); /* noncharacters */
	is_str(text_clean_line(arena, "a\nb\tc", 5), "a\\x0ab\tc");
	is_str(text_clean_line(arena, "\x1b\n", 2), "\\x1b\\x0a");
	is_str(text_flatten(arena, "a\nb\tc"), "a b c");
	arena_free(arena);
	arena = NULL;
}

TEST(addresses)
{
	struct bdf b;
	char buf[BDF_TEXT];

	ok(bdf_parse("0000:01:00.0", &b));
	is_str(bdf_format(b, buf), "0000:01:00.0");
	ok(bdf_parse("01:00.1", &b));
	is_str(bdf_format(b, buf), "0000:01:00.1");
	is_str(bdf_format_short(b, buf), "01:00.1");
	ok(bdf_parse("10000:e1:1f.7", &b));
	is_str(bdf_format_short(b, buf), "10000:e1:1f.7");
	is_int(bdf_requester_id((struct bdf){ 0, 0, 0x14, 0 }), 0xa0);
	static const char *const wrong[] = { "", "1", "01:00", "01:00.8", "01:20.0",
		"100:00.0", "0000:01:00.0 ", "0000:01:00.00", "g0:00.0", "0000:01:00.",
		"-1:00.0" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		ok(!bdf_parse(wrong[i], &b));
}

TEST(numbers)
{
	uint64_t u;
	int64_t i;

	ok(text_to_u64("0xffffffffffffffff", &u) && u == UINT64_MAX);
	ok(!text_to_u64("0x10000000000000000", &u));
	ok(!text_to_u64("12x", &u));
	ok(!text_to_u64("", &u));
	ok(text_to_int("-5", &i) && i == -5);
}

TEST(nearest)
{
	static const char *const words[] = { "kernel", "cmdline", "irq.remapped" };

	is_str(text_nearest("kernal", words, 3), "kernel");
	is_str(text_nearest("irq.remaped", words, 3), "irq.remapped");
	is_str(text_nearest("something", words, 3), NULL);
}

TEST(widths)
{
	is_int(text_width("abc"), 3);
	is_int(text_width("é"), 1);
	is_int(text_width("漢字"), 4);
	is_int(text_width("e\xcc\x81"), 1);
}

TEST(splitting)
{
	struct arena *a = arena_new();
	size_t n;
	char **v = text_split(a, "  a b\t c ", " \t", &n);

	is_int(n, 3);
	is_str(v[2], "c");
	v = text_lines(a, "one\r\ntwo\n\nlast", &n);
	is_int(n, 4);
	is_str(v[0], "one");
	is_str(v[2], "");
	is_str(v[3], "last");
	ok(text_equal_dash("vfio-pci", "vfio_pci"));
	ok(!text_equal_dash("vfio", "vfio_pci"));
	arena_free(a);
}
