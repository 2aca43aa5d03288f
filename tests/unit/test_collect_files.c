// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration files: which are found, how often, and what is kept of them.
#include "collect/sources.h"
#include "tree.h"

static const struct collect_options no_options;

static const struct snap_file *find(const struct snapshot *s, const char *path)
{
	for (size_t i = 0; i < s->files.n; i++)
		if (strcmp(s->files.v[i].path, path) == 0)
			return &s->files.v[i];
	return NULL;
}

TEST(no_etc_is_not_collected)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "boot/grub/grub.cfg", "menuentry\n");
	collect_files(e.s, &e.r, &no_options);
	is_int(e.s->files.have, HAVE_NOT);
	is_int(snapshot_status(e.s, SOURCE_MODPROBE), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_BOOT_CONFIG), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_INITRAMFS), STATUS_ABSENT);
	teardown(&e);
}

TEST(etc_without_any_file_is_known_to_be_empty)
{
	struct env e;

	setup(&e);
	tree_dir(&e.t, "etc");
	collect_files(e.s, &e.r, &no_options);
	is_int(e.s->files.have, HAVE_VALUE);
	is_int(e.s->files.n, 0);
	is_int(snapshot_status(e.s, SOURCE_MODPROBE), STATUS_OK);
	is_str(snapshot_reason(e.s, SOURCE_BOOT_CONFIG),
		"no boot loader configuration found");
	teardown(&e);
}

TEST(modprobe_directories)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "etc/modprobe.d/vfio", "options vfio-pci ids=1234:5678\n");
	tree_file(&e.t, "etc/modprobe.d/b.conf", "blacklist nouveau\n");
	tree_link(&e.t, "etc/modprobe.d/a.conf", "/dev/null");
	tree_link(&e.t, "etc/modprobe.d/dangling.conf", "../nowhere");
	tree_dir(&e.t, "etc/modprobe.d/directory.conf");
	tree_file(&e.t, "usr/lib/modprobe.d/vendor.conf", "options snd x=1\n");
	tree_link(&e.t, "lib", "usr/lib");
	collect_files(e.s, &e.r, &no_options);
	is_int(e.s->files.n, 5);
	is_int(snapshot_status(e.s, SOURCE_MODPROBE), STATUS_OK);
	is_str(e.s->files.v[0].path, "/etc/modprobe.d/a.conf");
	is_str(snap_str(e.s->files.v[0].link), "/dev/null");
	is_str(snap_str(e.s->files.v[0].text), "");
	const struct snap_file *b = find(e.s, "/etc/modprobe.d/b.conf");
	is_str(b ? snap_str(b->text) : NULL, "blacklist nouveau\n");
	ok(b && b->link.have == HAVE_NONE && b->trouble.have == HAVE_NONE);
	is_int(b ? b->size.v : 0, 18);
	ok(find(e.s, "/etc/modprobe.d/vfio") != NULL);
	ok(find(e.s, "/usr/lib/modprobe.d/vendor.conf") != NULL);
	ok(find(e.s, "/lib/modprobe.d/vendor.conf") == NULL);
	const struct snap_file *d = find(e.s, "/etc/modprobe.d/dangling.conf");
	is_str(d ? snap_str(d->trouble) : NULL, "absent");
	teardown(&e);
}

TEST(links_do_not_lead_out_of_the_tree)
{
	struct env e;

	setup(&e);
	tree_link(&e.t, "etc/modprobe.d/x.conf", "../../../../../../../../etc/passwd");
	collect_files(e.s, &e.r, &no_options);
	is_int(e.s->files.n, 1);
	ok(e.s->files.v[0].text.have != HAVE_VALUE);
	teardown(&e);
}

TEST(boot_loader_and_images)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
	tree_file(&e.t, "boot/grub/grub.cfg",
		"set superusers=root\n  password_pbkdf2 root grub.pbkdf2.sha512.1.AA\nlinux /vmlinuz\n");
	tree_file(&e.t, "boot/initrd.img-6.1", "\x1f\x8b packed");
	tree_file(&e.t, "boot/vmlinuz-6.1", "kernel");
	collect_files(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_BOOT_CONFIG), STATUS_OK);
	is_int(snapshot_status(e.s, SOURCE_INITRAMFS), STATUS_OK);
	const struct snap_file *cfg = find(e.s, "/boot/grub/grub.cfg");
	is_str(cfg ? snap_str(cfg->text) : NULL,
		"set superusers=root\n  password_pbkdf2 <hidden>\nlinux /vmlinuz\n");
	const struct snap_file *image = find(e.s, "/boot/initrd.img-6.1");
	ok(image && image->text.have == HAVE_NONE && image->size.v == 9);
	ok(find(e.s, "/boot/vmlinuz-6.1") == NULL);
	teardown(&e);
}

TEST(too_large_is_said)
{
	static char big[ROOT_SMALL + 2];
	struct env e;

	memset(big, 'x', ROOT_SMALL + 1);
	setup(&e);
	tree_file(&e.t, "etc/modprobe.d/big.conf", big);
	collect_files(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_MODPROBE), STATUS_TRUNCATED);
	is_str(snap_str(e.s->files.v[0].trouble), "too large");
	ok(e.s->files.v[0].text.have == HAVE_NOT);
	teardown(&e);
}

/* A PE file with one section, ".cmdline", at 0x200. */
static void uki(struct tree *t, const char *path, const char *cmdline, bool cut)
{
	uint8_t p[0x300] = { 'M', 'Z' };

	p[0x3c] = 0x40;
	memcpy(p + 0x40, "PE\0\0", 4);
	p[0x46] = 1;
	memcpy(p + 0x58, ".cmdline", 8);
	p[0x60] = (uint8_t)strlen(cmdline);
	p[0x69] = 2; /* size in the file: 0x200 rounded up */
	p[0x6d] = 2;
	memcpy(p + 0x200, cmdline, strlen(cmdline));
	tree_bytes(t, path, p, cut ? 0x60 : sizeof p);
}

TEST(unified_images_carry_their_words)
{
	struct env e;

	setup(&e);
	tree_dir(&e.t, "etc");
	uki(&e.t, "efi/EFI/Linux/arch.efi", "root=/dev/sda2 rw", false);
	uki(&e.t, "efi/EFI/Linux/cut.efi", "root=/dev/sda2 rw", true);
	tree_file(&e.t, "efi/EFI/Linux/other.efi", "no image\n");
	collect_files(e.s, &e.r, &no_options);
	is_int(e.s->files.n, 3);
	is_str(snap_str(find(e.s, "/efi/EFI/Linux/arch.efi")->text), "root=/dev/sda2 rw");
	is_int(find(e.s, "/efi/EFI/Linux/cut.efi")->text.have, HAVE_NOT);
	is_int(find(e.s, "/efi/EFI/Linux/other.efi")->text.have, HAVE_NOT);
	teardown(&e);
}

TEST(images_in_the_folder_of_the_machine)
{
	struct env e;

	setup(&e);
	tree_dir(&e.t, "etc");
	tree_file(&e.t, "efi/0123456789abcdef0123456789abcdef/6.9.1/initrd", "x");
	tree_file(&e.t, "efi/0123456789abcdef0123456789abcdef/6.9.1/linux", "x");
	tree_file(&e.t, "efi/EFI/6.9.1/initrd", "x");
	collect_files(e.s, &e.r, &no_options);
	is_int(e.s->files.n, 1);
	ok(find(e.s, "/efi/0123456789abcdef0123456789abcdef/6.9.1/initrd") != NULL);
	teardown(&e);
}
