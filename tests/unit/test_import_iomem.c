// SPDX-License-Identifier: GPL-2.0-or-later
// /proc/iomem in a paste.
#include "import_kit.h"

TEST(regions)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_iomem,
		       "c0000000-febfffff : PCI Bus 0000:00\n"
		       "  c0000000-c1ffffff : 0000:01:00.0\n"
		       "    c0000000-c03e7fff : efifb\ntext"),
		3);
	is_int(s->iomem.n, 3);
	is_int(s->iomem.v[2].depth, 2);
	is_int(s->iomem.v[2].end.v, 0xc03e7fff);
	is_str(s->iomem.v[2].name, "efifb");
	is_int(snapshot_status(s, SOURCE_IOMEM), STATUS_TRUNCATED);
	kit_end();
}

TEST(addresses_that_nobody_may_see)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_iomem,
		"00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n");
	is_int(s->iomem.have, HAVE_NOT);
	is_int(snapshot_status(s, SOURCE_IOMEM), STATUS_DENIED);
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "00:02.0 : x", "1-2 : x",
		"aaaaaaaa-bbbb-cccc : uuid", "00000000 : x" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_iomem, lines[i]), 0);
	kit_end();
}
