// SPDX-License-Identifier: GPL-2.0-or-later
// Words of the command line, edited inside the lines that hold them.
#include "tap.h"

#include "base/text.h"
#include "plan/howto.h"
#include "plan/words.h"

static struct words words_of(struct arena *a, const char *text)
{
	struct edit_texts t = { &text, 1 };

	return words_sort(a, &t);
}

static char *apply(struct arena *a, const char *words, const char *text)
{
	struct words w = words_of(a, words);

	return words_apply(a, &w, text, strlen(text));
}

static char *edit(struct arena *a, const char *words, const char *line,
	const char *prefix, bool variable)
{
	struct words w = words_of(a, words);

	return words_edit_line(a, &w, line, prefix, variable);
}

TEST(words_are_added_behind_the_others_and_once)
{
	struct arena *a = arena_new();

	is_str(apply(a, "+iommu=pt", "quiet splash"), "quiet splash iommu=pt");
	is_str(apply(a, "+iommu=pt", "iommu=pt quiet"), "iommu=pt quiet");
	is_str(apply(a, "+a=1 +b=2", ""), "a=1 b=2");
	is_str(apply(a, "+iommu=pt", "iommu=pty"), "iommu=pty iommu=pt");
	is_str(apply(a, "+a", "quiet "), "quiet a");
	arena_free(a);
}

TEST(a_name_takes_out_all_words_of_that_name)
{
	struct arena *a = arena_new();

	is_str(apply(a, "-intel_iommu", "x intel_iommu=on y intel_iommu=off"), "x y");
	is_str(apply(a, "-intel_iommu=off", "intel_iommu=on intel_iommu=off q"),
		"intel_iommu=on q");
	is_str(apply(a, "-pci", "pcie_aspm=off pci=nomsi"), "pcie_aspm=off");
	is_str(apply(a, "-a +b", "a"), "b");
	arena_free(a);
}

TEST(a_sign_holds_for_the_words_behind_it)
{
	struct arena *a = arena_new();

	/* vfio-pci.ids=1:2, 3:4: a list that a blank tore apart goes as a whole */
	is_str(apply(a, "-ids=1:2, 3:4", "x ids=1:2, 3:4 y"), "x y");
	is_str(apply(a, "+a b", ""), "a b");
	is_str(apply(a, "-a b +c", "a b d"), "d c");
	arena_free(a);
}

TEST(what_is_wanted_does_not_move)
{
	struct arena *a = arena_new();

	is_str(apply(a, "-ids +ids=1:2", "ids=1:2 quiet"), "ids=1:2 quiet");
	is_str(apply(a, "-ids +ids=1:2", "ids=3:4 ids=1:2 quiet"), "ids=1:2 quiet");
	arena_free(a);
}

TEST(a_quoted_blank_belongs_to_its_word)
{
	struct arena *a = arena_new();

	is_str(apply(a, "-dyndbg", "dyndbg=\"file foo +p\" quiet"), "quiet");
	is_str(apply(a, "+x", "dyndbg=\"open"), NULL);
	arena_free(a);
}

TEST(variables_keep_their_quotes)
{
	struct arena *a = arena_new();
	static const char name[] = "GRUB_CMDLINE_LINUX";

	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX=\"quiet\"", name, true),
		"GRUB_CMDLINE_LINUX=\"quiet x\"");
	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX=''", name, true),
		"GRUB_CMDLINE_LINUX='x'");
	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX=quiet", name, true),
		"GRUB_CMDLINE_LINUX=\"quiet x\"");
	is_str(edit(a, "+x", "export GRUB_CMDLINE_LINUX=\"\"", name, true),
		"export GRUB_CMDLINE_LINUX=\"x\"");
	/* What a shell would work out is not guessed */
	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX=\"$A quiet\"", name, true), NULL);
	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX=\"a\" # why", name, true), NULL);
	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX=\"open", name, true), NULL);
	is_str(edit(a, "+x", "GRUB_CMDLINE_LINUX_DEFAULT=\"a\"", name, true), NULL);
	arena_free(a);
}

TEST(keywords_stand_in_front)
{
	struct arena *a = arena_new();

	is_str(edit(a, "+x", "options root=/dev/sda ro", "options", false),
		"options root=/dev/sda ro x");
	is_str(edit(a, "+x", "\tappend ro", "append", false), "\tappend ro x");
	is_str(edit(a, "+x", "root=/dev/sda ro", "", false), "root=/dev/sda ro x");
	is_str(edit(a, "+x", "optionsx ro", "options", false), NULL);
	arena_free(a);
}
