// SPDX-License-Identifier: GPL-2.0-or-later
// Unit tests of report/prose.c: what of a sentence could be markup.
#include "report/prose.h"

#include "base/text.h"
#include "tap.h"

/* The sentence with ‹ › around what is technical. */
static const char *marked(struct arena *a, const char *sentence)
{
	struct strbuf b = { 0 };
	struct prose_piece piece;

	strbuf_add(&b, "");
	while (prose_next(&sentence, &piece)) {
		strbuf_add(&b, piece.technical ? "<" : "");
		strbuf_add_mem(&b, piece.text, piece.n);
		strbuf_add(&b, piece.technical ? ">" : "");
	}
	return strbuf_finish(&b, a);
}

TEST(words_are_told_from_options_paths_and_addresses)
{
	struct arena *a = arena_new();

	is_str(marked(a, "the word \"intel_iommu=on\" (in /etc/default/grub) is lost."),
		"the word \"<intel_iommu=on>\" (in </etc/default/grub>) is lost.");
	is_str(marked(a,
		       "02:00.0 (Radeon R7 370 / R9 270X/370X), Linux 6.12: no I/O APIC!"),
		"<02:00.0> (Radeon R7 370 / R9 270X/370X), Linux 6.12: no I/O APIC!");
	is_str(marked(a, "name it with --guest; a single - stays"),
		"name it with <--guest>; a single - stays");
	is_str(marked(a, ""), "");
	is_str(marked(a, "  two  "), "  two  ");
	arena_free(a);
}

TEST(no_plain_piece_holds_markup_links_or_names_of_users)
{
	static const char *const hostile[] = { "![x](http://e.example/y)", "<script>",
		"a@b", "@everyone", "#12", "`x`", "~~~", "*b*", "_i_", "www.evil.example",
		"evil.example", "[url=http://e]x[/url]", "a|b", "&amp;", "\\x",
		":bug:", "$x$", "{x}", "^x", "javascript:x", "//evil" };

	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		const char *at = hostile[i];
		struct prose_piece piece;

		while (prose_next(&at, &piece))
			for (size_t k = 0; k < piece.n && !piece.technical; k++)
				if (strchr("<>[]`*_~@#\\|&$^{}/", piece.text[k]))
					tap_fail("plain in %s", hostile[i]);
	}
}

TEST(pieces_together_are_the_sentence)
{
	static const char text[] = "(\"a_b\", 1.5 -- c.d/e: ::: ... )) x=\"y\"";
	const char *at = text;
	struct prose_piece piece;
	size_t n = 0;

	while (prose_next(&at, &piece)) {
		ok(piece.text == text + n);
		ok(piece.n > 0);
		n += piece.n;
	}
	is_int(n, strlen(text));
}
