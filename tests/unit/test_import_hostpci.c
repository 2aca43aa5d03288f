// SPDX-License-Identifier: GPL-2.0-or-later
// Guests of Proxmox VE and QEMU's command line in a paste.
#include "facts/facts.h"
#include "facts/guests.h"
#include "import_kit.h"

static const char *file_text(const char *path)
{
	for (size_t i = 0; i < kit_im.n_files; i++)
		if (text_equal(kit_im.files[i].path, path))
			return strbuf_text(&kit_im.files[i].text);
	return NULL;
}

TEST(proxmox)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_hostpci,
		       "agent: 1\nhostpci0: 0000:01:00,pcie=1,x-vga=1\nname: secret\n"
		       "\nUptime: 3\n"),
		3);
	is_str(file_text("/etc/pve/qemu-server/pasted.conf"),
		"\nhostpci0: 0000:01:00,pcie=1,x-vga=1\n\n");
	is_int(snapshot_status(s, SOURCE_GUESTS), STATUS_TRUNCATED);
	kit_end();
}

TEST(no_proxmox)
{
	static const char *const texts[] = { "agent: 1\nname: x\n", "hostpci\n",
		"hostpci0 01:00.0\n", "hostpcix: 1\n", "set hostpci0: 1\n" };

	kit_begin();
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		is_int(kit_take(&format_hostpci, texts[i]), 0);
	kit_end();
}

TEST(qemu)
{
	kit_begin();
	is_int(kit_read(&format_hostpci,
		       "  -device vfio-pci,host=01:00.0,x-vga=on,romfile=/home/bob/r.rom \\\n"
		       "  -device vfio-pci,host=01:00.1 -device vfio-pci,host=02:00.0 \\\n"
		       "-device '{\"driver\":\"vfio-pci\",\"host\":\"0000:03:00.0\"}'\n"
		       "-device vfio-pci,host=$GPU\n"),
		3);
	is_str(file_text(QEMU_COMMAND_LINE),
		"-device vfio-pci,host=01:00.0\n-device vfio-pci,host=01:00.1\n"
		"-device vfio-pci,host=02:00.0\n-device vfio-pci,host=0000:03:00.0\n");
	kit_end();
}

/* What somebody starts QEMU with is what he wants to hand over. */
TEST(they_become_targets)
{
	struct import *im = import_new();
	static const char text[] = "qemu -device vfio-pci,host=01:00.0\n";
	struct snapshot *s;

	import_text(im, "post", text, strlen(text), NULL);
	import_function(im, (struct bdf){ .bus = 1 })->class_code = snap_hex_of(0x030000);
	s = import_finish(im);
	struct facts *f = facts_new(s, NULL);
	ok(f->has_targets);
	is_int(f->n_handovers, 1);
	is_int(guest_claims_known(f), TRI_UNKNOWN);
	ok(f->n_fns == 1 && guest_claim_of(f, &f->fns[0])->by_hand);
	is_str(guest_claim_of(f, &f->fns[0])->where, "QEMU command line:1");
	facts_free(f);
	snapshot_free(s);
	import_free(im);
}
