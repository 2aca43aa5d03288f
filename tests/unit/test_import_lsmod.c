// SPDX-License-Identifier: GPL-2.0-or-later
// Loaded modules in a paste.
#include "import_kit.h"

TEST(listing)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_lsmod,
		       "Module                  Size  Used by\n"
		       "vfio_pci               16384  0\n"
		       "vfio_iommu_type1       49152  0\n"
		       "kvm                  1409024  1 kvm_amd\n\n"
		       "vfio_pci               16384  0\n"
		       "text 1234 more"),
		5);
	format_lsmod.finish(&kit_im);
	is_int(s->modules.n, 3);
	is_str(s->modules.v[0].name, "kvm");
	is_int(s->modules.v[0].users.v, 1);
	ok(s->modules.v[0].loaded.v);
	is_int(snapshot_status(s, SOURCE_MODULES), STATUS_TRUNCATED);
	kit_end();
}

TEST(whole)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, "Module                  Size  Used by\n");
	for (int i = 0; i < 30; i++)
		strbuf_addf(&b, "module_%d               16384  0\n", i);
	kit_begin();
	kit_read(&format_lsmod, strbuf_text(&b));
	is_int(snapshot_status(kit_im.snap, SOURCE_MODULES), STATUS_OK);
	kit_end();
	kit_begin();
	kit_command("lsmod | grep mod", true);
	kit_read(&format_lsmod, strbuf_text(&b));
	is_int(snapshot_status(kit_im.snap, SOURCE_MODULES), STATUS_TRUNCATED);
	kit_end();
	strbuf_free(&b);
}

TEST(proc_modules)
{
	kit_begin();
	is_int(kit_read(&format_lsmod, "vfio_pci 16384 0 - Live 0xffffffffc0a00000\n"),
		1);
	is_str(kit_im.snap->modules.v[0].name, "vfio_pci");
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "Module Size Used by\ntext", "a 12 3",
		"12 16384 0", "vfio 16384", "total 1024 used" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_lsmod, lines[i]), 0);
	kit_end();
}
