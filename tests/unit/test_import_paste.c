// SPDX-License-Identifier: GPL-2.0-or-later
// Pasted text: encodings, colours, HTML, BBCode, Markdown, quotation, numbers, indentation.
#include "import/paste.h"

#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "tap.h"

static struct arena *arena;

/* The lines of N bytes, joined by `|`. */
static const char *pasted_mem(const char *p, size_t n)
{
	struct paste paste;
	struct strbuf b = { 0 };

	if (!arena)
		arena = arena_new();
	paste_read(arena, "post", p, n, &paste);
	for (size_t i = 0; i < paste.n; i++) {
		is_int(paste.lines[i].n, strlen(paste.lines[i].text));
		strbuf_add(&b, i ? "|" : "");
		strbuf_add(&b, paste.lines[i].fence ? "--" : paste.lines[i].text);
	}
	return strbuf_finish(&b, arena);
}

static const char *pasted(const char *text)
{
	return pasted_mem(text, strlen(text));
}

TEST(a_plain_text_stays_as_it_is)
{
	is_str(pasted(""), "");
	is_str(pasted("a\n\tb  \n\nc"), "a|\tb||c");
	is_str(pasted("a\r\nb\r\r\nc\rd"), "a|b|c|d");
	is_str(pasted("[    0.251399] DMAR: <6> x"), "[    0.251399] DMAR: <6> x");
	is_str(pasted("<6>[    0.25] a\n<30>b"), "<6>[    0.25] a|<30>b");
	is_str(pasted("\tCapabilities: <access denied>"),
		"Capabilities: <access denied>");
	is_str(pasted("01:00.0 VGA [0300]: NVIDIA [10de:1c82] (rev a1)"),
		"01:00.0 VGA [0300]: NVIDIA [10de:1c82] (rev a1)");
	is_str(pasted("I/O ports at e000 [size=128]"), "I/O ports at e000 [size=128]");
	is_str(pasted("ACPI: \\_SB_.PCI0: _OSC"), "ACPI: \\_SB_.PCI0: _OSC");
	is_str(pasted("[    1.0]  ? do_IRQ <IRQ>\n </TASK>"),
		"[    1.0]  ? do_IRQ <IRQ>| </TASK>");
	is_str(pasted("cache [128m] of [12m]"), "cache [128m] of [12m]");
	is_str(pasted("<hostdev mode='subsystem'>\n  <source>\n"),
		"<hostdev mode='subsystem'>|  <source>");
}

TEST(bytes_that_are_no_text_are_shown)
{
	is_str(pasted_mem("a\0b", 3), "a\\x00b");
	is_str(pasted("a\x80"
		      "b\x07"),
		"a\\x80b\\x07");
}

TEST(utf16_and_marks)
{
	static const char little[] = "\xff\xfe"
				     "a\0\n\0\xe4\0\x3d\xd8\x00\xde";
	static const char big[] = "\xfe\xff\0a\0b";
	static const char bare[] = "l\0s\0p\0c\0i\0\n\0";

	is_str(pasted_mem(little, sizeof little - 1), "a|ä😀");
	is_str(pasted_mem(big, sizeof big - 1), "ab");
	is_str(pasted_mem(bare, sizeof bare - 1), "lspci");
	is_str(pasted("\xef\xbb\xbf"
		      "a"),
		"a");
}

TEST(colours_go)
{
	is_str(pasted("\x1b[32m[    0.25] \x1b[0m\x1b[33mDMAR\x1b[0m: x"),
		"[    0.25] DMAR: x");
	is_str(pasted("[    0.25] [01;31m[Kvfio[m[K-pci"), "[    0.25] vfio-pci");
	is_str(pasted("^[[0;1;39mvfio^[[0m"), "vfio");
	is_str(pasted("\\033[1mvfio\\033[0m \\x1b[31mx"), "vfio x");
	is_str(pasted("\x1b]0;user@host: ~\x07user@host:~$ ls\x1b(B"), "user@host:~$ ls");
	is_str(pasted("\xef\xbf\xbd[01;31mvfio\xef\xbf\xbd[0m"), "vfio");
	is_str(pasted("[K is kept"), "[K is kept");
}

TEST(html)
{
	is_str(pasted("<pre><code>lspci\n01:00.0</code></pre>"), "--|lspci|01:00.0|--");
	is_str(pasted("a<br />b<br>\nc<BR/>"), "a|b|c");
	is_str(pasted("<p class=\"x\">a</p><p>b</p>"), "a|b");
	is_str(pasted("&lt;hostdev mode=&quot;x&quot; managed=&#39;yes&#39;&gt; &amp;&amp;"),
		"<hostdev mode=\"x\" managed='yes'> &&");
	is_str(pasted("&amp;lt;6&amp;gt;"), "<6>");
	is_str(pasted("a&nbsp;b &#x27;c&#8217; &bogus; &#0; &"),
		"a b 'c' &bogus; &#0; &");
	is_str(pasted("<span style='color: red'>vfio</span>-pci <spanner>"),
		"vfio-pci <spanner>");
	is_str(pasted("<a <a <a never"), "<a <a <a never");
}

TEST(bbcode)
{
	is_str(pasted("[code]$ lspci\n01:00.0[/code]\n[CODE=bash]x[/CODE]"),
		"--|$ lspci|01:00.0|--|--|x|--");
	is_str(pasted("look: [code]a[/code] and"), "look:|--|a|--| and");
	is_str(pasted("[spoiler title=\"dmesg\"]\n[b]vfio[/b] [size=5]x[/size] [i]"),
		"--|vfio x [i]");
	is_str(pasted("[quote=\"joe, post: 1\"]a[/quote]"), "--|a|--");
	is_str(pasted("[drm] [mem 0x1-0x2] [list] [code"), "[drm] [mem 0x1-0x2]| [code");
}

TEST(markdown)
{
	is_str(pasted("```bash\nlspci\n```\n~~~\nx\n~~~~"), "--|lspci|--|--|x|--");
	is_str(pasted("```[    0.1] a\n[    0.2] b```"), "[    0.1] a|[    0.2] b");
	is_str(pasted("`dmesg | grep -i iommu`\na `b` c\n- `01:00.0 x`"),
		"dmesg | grep -i iommu|a `b` c|01:00.0 x");
	is_str(pasted("**/etc/default/grub**"), "/etc/default/grub");
	is_str(pasted("GRUB\\_CMDLINE\\_LINUX vfio\\_pci \\[10de:1c82\\]"),
		"GRUB_CMDLINE_LINUX vfio_pci [10de:1c82]");
	is_str(pasted("text:\n\n    01:00.0 a\n    \tKernel\n\n    02:00.0 b\n\nend"),
		"text:||01:00.0 a|\tKernel||02:00.0 b||end");
	is_str(pasted("01:00.0 a\n    Kernel driver in use: x\n"),
		"01:00.0 a|    Kernel driver in use: x");
	is_str(pasted("  a\n    b\n  c"), "a|  b|c");
}

TEST(quotation)
{
	is_str(pasted("> a\n>> b\n> > > c\n>\n>     d"), "a|b|c||d");
	is_str(pasted("| a\n|\n| b\nc"), "a||b|c");
	is_str(pasted("| a\n| b"), "| a|| b");
	is_str(pasted("-[0000:00]-+-00.0\n| +-01.0\n| +-02.0\n| \\-03.0"),
		"-[0000:00]-+-00.0|| +-01.0|| +-02.0|| \\-03.0");
}

TEST(line_numbers)
{
	is_str(pasted("1 [    0.1] a\n2 [    0.2] b\n3 [    0.3] c"),
		"[    0.1] a|[    0.2] b|[    0.3] c");
	is_str(pasted(" 1. a\n 2. \n 3.   b"), "a||  b");
	is_str(pasted("1: a\n2:\n3: b"), "a||b");
	/* Two are no run; the numbers of interrupts, groups and files are their own */
	is_str(pasted("1. a\n2. b"), "1. a|2. b");
	is_str(pasted("  1:   9  IO-APIC\n  2:   0 x\n  3:  1 y"),
		"1:   9  IO-APIC|2:   0 x|3:  1 y");
	is_str(pasted("1 00:01.0 a\n2 00:02.0 b\n3 00:03.0 c"),
		"1 00:01.0 a|2 00:02.0 b|3 00:03.0 c");
	is_str(pasted("0\n1\n2\n3"), "0|1|2|3");
	is_str(pasted("118:[    0.1] a\n4321:[   10.1] b"), "[    0.1] a|[   10.1] b");
}

TEST(typography)
{
	is_str(pasted("\u201cintel_iommu=on\u201d \u2018x\u2019 lspci \u2013nnk \u2014all a\u2026"),
		"\"intel_iommu=on\" 'x' lspci -nnk --all a...");
	is_str(pasted("a\u00a0b\u200bc\ufeff\u2028d"), "a bc|d");
	is_str(pasted("Type\u00a0de processeur\u202f: d\u2019Intel é"),
		"Type de processeur : d'Intel é");
}

TEST(double_spacing)
{
	is_str(pasted("a\n\nb\n\nc\n\nd\n\ne\n\nf\n\ng\n\nh\n\ni\n\nj\n\n"),
		"a|b|c|d|e|f|g|h|i|j");
}

TEST(lines_keep_their_numbers)
{
	struct arena *a = arena_new();
	struct paste paste;

	paste_read(a, "post", "a<br>b\n\nc", 10, &paste);
	is_int(paste.n, 4);
	is_int(paste.lines[1].number, 1);
	is_int(paste.lines[3].number, 3);
	is_str(paste.name, "post");
	arena_free(a);
}

/* What a megabyte of the same over and over takes, in milliseconds. */
static long took(const char *unit)
{
	enum { SIZE = 1 << 20 };
	struct arena *a = arena_new();
	char *text = malloc(SIZE);
	size_t n = strlen(unit);
	struct paste paste;
	clock_t begin;

	for (size_t i = 0; i < SIZE; i++)
		text[i] = unit[i % n];
	begin = clock();
	paste_read(a, "post", text, SIZE, &paste);
	long ms = (long)((clock() - begin) * 1000 / CLOCKS_PER_SEC);
	free(text);
	arena_free(a);
	return ms;
}

/* Generous: this runs with sanitizers, on machines that do other things. */
TEST(it_is_linear)
{
	static const char *const units[] = {
		"x", "\n", "<", "<a ", "[b]", "[code]", "&amp;", "[", "[1;", "\x1b[",
		"\x1b]", ">", "> ", "| a\n", "1 a\n", "    \n", "`", "``` ", "**a\n",
		"\u2014", "\\_", "a\n\n", "[/b][b]", "\x80", "1:[ 1", "\t",
		"[    0.251399] pci 0000:00:1c.0: PME# supported from D0 D3hot D3cold\n"
	};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		long ms = took(units[i]);
		if (ms > 1500)
			tap_fail("%ld ms for a megabyte of \"%s\"", ms, units[i]);
	}
	arena_free(arena);
	arena = NULL;
}
