// SPDX-License-Identifier: GPL-2.0-or-later
// Changes of configuration files, worked out from the files as they stand.
#include "tap.h"

#include "base/text.h"
#include "plan/file_edit.h"

enum { MOST_FILES = 4 };

/* A system with files of these texts. */
struct made {
	struct arena *a;
	struct snap_file files[MOST_FILES];
	struct howto_system s;
	struct file_edits e;
};

static struct made made_new(const char *loader, const char *config, const char *initramfs)
{
	struct made m = { .a = arena_new() };

	m.s = (struct howto_system){ .loader = loader,
		.config = config,
		.initramfs = initramfs,
		.files_known = true };
	return m;
}

static void add_file(struct made *m, const char *path, const char *text)
{
	m->files[m->s.n_files++] =
		(struct snap_file){ .path = path, .text = { HAVE_VALUE, text } };
	m->s.files = m->files;
}

static bool edit_words(struct made *m, const char *words)
{
	struct edit_texts t = { &words, 1 };
	struct words w = words_sort(m->a, &t);

	return file_edit_words(m->a, &m->e, &m->s, &w);
}

static void edit_modprobe(struct made *m, const char *line)
{
	struct edit_texts t = { &line, 1 };

	file_edit_modprobe(m->a, &m->e, &m->s, &t);
}

static bool edit_initramfs(struct made *m, const char *module)
{
	struct edit_texts t = { &module, 1 };

	return file_edit_initramfs(m->a, &m->e, &m->s, &t);
}

static const char *applied(struct made *m, const char *path)
{
	for (size_t i = 0; i < m->s.n_files; i++)
		if (text_equal(m->files[i].path, path))
			return file_edits_apply(m->a, &m->e, path, m->files[i].text.s);
	return file_edits_apply(m->a, &m->e, path, NULL);
}

TEST(grub_gets_words_where_the_vendor_put_his)
{
	struct made m = made_new("grub", "/etc/default/grub", NULL);

	add_file(&m, "/etc/default/grub",
		"GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet amd_iommu=off\"\n"
		"GRUB_CMDLINE_LINUX=\"amd_iommu=off\"\n");
	ok(edit_words(&m, "-amd_iommu +iommu=pt"));
	is_str(applied(&m, "/etc/default/grub"),
		"GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"\n"
		"GRUB_CMDLINE_LINUX=\"\"\n");
	is_int(m.e.v[0].line, 2);
	arena_free(m.a);
}

TEST(grub_without_a_line_gets_one)
{
	struct made m = made_new("grub", "/etc/default/grub", NULL);

	add_file(&m, "/etc/default/grub", "#GRUB_CMDLINE_LINUX=\"\"\n");
	ok(edit_words(&m, "+x"));
	is_str(applied(&m, "/etc/default/grub"),
		"#GRUB_CMDLINE_LINUX=\"\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"x\"\n");
	arena_free(m.a);
}

TEST(what_is_there_already_is_no_edit)
{
	struct made m = made_new("grub", "/etc/default/grub", NULL);

	add_file(&m, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet x\"\n");
	ok(edit_words(&m, "+x"));
	is_int(m.e.n, 0);
	arena_free(m.a);
}

TEST(what_a_shell_works_out_is_left_to_a_person)
{
	struct made m = made_new("grub", "/etc/default/grub", NULL);

	add_file(&m, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"$MINE quiet\"\n");
	ok(!edit_words(&m, "+x"));
	is_int(m.e.n, 0);
	arena_free(m.a);
}

TEST(entries_and_bare_files)
{
	struct made m = made_new("systemd-boot", "/boot/loader/entries/a.conf", NULL);

	add_file(&m, "/boot/loader/entries/a.conf", "title A\noptions ro quiet\n");
	ok(edit_words(&m, "+x"));
	is_str(applied(&m, "/boot/loader/entries/a.conf"),
		"title A\noptions ro quiet x\n");
	arena_free(m.a);
	m = made_new("proxmox", "/etc/kernel/cmdline", NULL);
	add_file(&m, "/etc/kernel/cmdline", "root=ZFS=rpool ro\n");
	ok(edit_words(&m, "+x -ro"));
	is_str(applied(&m, "/etc/kernel/cmdline"), "root=ZFS=rpool x\n");
	arena_free(m.a);
}

TEST(commands_and_unknown_loaders_are_no_edits)
{
	struct made m = made_new("bls", NULL, NULL);

	ok(!edit_words(&m, "+x"));
	arena_free(m.a);
	m = made_new(NULL, NULL, NULL);
	ok(!edit_words(&m, "+x"));
	arena_free(m.a);
}

TEST(an_ids_list_replaces_the_one_that_stands_there)
{
	struct made m = made_new(NULL, NULL, NULL);

	add_file(&m, "/etc/modprobe.d/mine.conf",
		"# vfio-pci\noptions vfio-pci ids=1:2 ,3:4 disable_vga=1\n");
	edit_modprobe(&m, "options vfio-pci ids=5:6");
	edit_modprobe(&m, "softdep radeon pre: vfio-pci");
	is_str(applied(&m, "/etc/modprobe.d/mine.conf"),
		"# vfio-pci\noptions vfio-pci ids=5:6 disable_vga=1\n"
		"softdep radeon pre: vfio-pci\n");
	arena_free(m.a);
}

TEST(of_several_lists_the_last_one_stays)
{
	struct made m = made_new(NULL, NULL, NULL);

	add_file(&m, "/etc/modprobe.d/a.conf", "options vfio_pci ids=1:2\n");
	add_file(&m, "/etc/modprobe.d/b.conf",
		"options vfio-pci disable_vga=1 ids=3:4\noptions vfio-pci\tids=5:6\n");
	edit_modprobe(&m, "options vfio-pci ids=7:8");
	edit_modprobe(&m, "softdep radeon pre: vfio-pci");
	is_str(applied(&m, "/etc/modprobe.d/a.conf"), "");
	is_str(applied(&m, "/etc/modprobe.d/b.conf"),
		"options vfio-pci disable_vga=1\noptions vfio-pci ids=7:8\n"
		"softdep radeon pre: vfio-pci\n");
	arena_free(m.a);
}

TEST(a_list_that_goes_on_in_the_next_line_is_not_replaced)
{
	struct made m = made_new(NULL, NULL, NULL);

	add_file(&m, "/etc/modprobe.d/a.conf",
		"options vfio-pci ids=1:2 \\\ndisable_vga=1\n");
	edit_modprobe(&m, "options vfio-pci ids=3:4");
	is_int(m.e.n, 1);
	is_int(m.e.v[0].line, 0);
	is_str(m.e.v[0].path, "/etc/modprobe.d/a.conf");
	arena_free(m.a);
}

TEST(what_stands_there_is_not_added)
{
	struct made m = made_new(NULL, NULL, NULL);

	add_file(&m, "/etc/modprobe.d/vfio.conf", "softdep radeon pre: vfio-pci\n# end");
	edit_modprobe(&m, "softdep radeon pre: vfio-pci");
	is_int(m.e.n, 0);
	edit_modprobe(&m, "softdep nouveau pre: vfio-pci");
	ok(m.e.v[0].unended);
	arena_free(m.a);
}

TEST(a_line_s_number_holds_when_its_turn_comes)
{
	struct made m = made_new(NULL, NULL, NULL);

	add_file(&m, "/f", "1\n2\n3\n4\n");
	file_edit_append(m.a, &m.e, &m.s, "/f", "5");
	file_edit_replace(m.a, &m.e, &m.s, "/f", 1, NULL);
	file_edit_replace(m.a, &m.e, &m.s, "/f", 3, NULL);
	file_edit_replace(m.a, &m.e, &m.s, "/f", 4, "four");
	file_edits_sort(&m.e);
	is_int(m.e.v[0].line, 4);
	is_int(m.e.v[1].line, 3);
	is_int(m.e.v[2].line, 1);
	is_int(m.e.v[3].line, 0);
	is_str(applied(&m, "/f"), "2\nfour\n5\n");
	arena_free(m.a);
}

TEST(what_could_not_be_read_is_not_called_new)
{
	struct made m = made_new(NULL, NULL, NULL);

	m.s.files_known = false;
	edit_modprobe(&m, "options vfio-pci ids=5:6");
	ok(!m.e.v[0].is_new);
	arena_free(m.a);
}

TEST(a_new_file_where_none_speaks_of_vfio)
{
	struct made m = made_new(NULL, NULL, NULL);

	edit_modprobe(&m, "options vfio-pci ids=5:6");
	is_int(m.e.n, 1);
	ok(m.e.v[0].is_new);
	is_str(m.e.v[0].path, "/etc/modprobe.d/vfio.conf");
	arena_free(m.a);
}

TEST(each_tool_has_its_list_of_early_modules)
{
	struct made m = made_new(NULL, NULL, "initramfs-tools");

	add_file(&m, "/etc/initramfs-tools/modules", "# a list\n");
	ok(edit_initramfs(&m, "vfio-pci"));
	is_str(applied(&m, "/etc/initramfs-tools/modules"), "# a list\nvfio-pci\n");
	arena_free(m.a);
	m = made_new(NULL, NULL, "mkinitcpio");
	add_file(&m, "/etc/mkinitcpio.conf", "MODULES=(amdgpu)\nHOOKS=(base)\n");
	ok(edit_initramfs(&m, "vfio-pci"));
	is_str(applied(&m, "/etc/mkinitcpio.conf"),
		"MODULES=(vfio_pci amdgpu)\nHOOKS=(base)\n");
	arena_free(m.a);
	m = made_new(NULL, NULL, "dracut");
	ok(edit_initramfs(&m, "vfio-pci"));
	is_str(m.e.v[0].text, "force_drivers+=\" vfio_pci \"");
	arena_free(m.a);
	m = made_new(NULL, NULL, NULL);
	ok(!edit_initramfs(&m, "vfio-pci"));
	arena_free(m.a);
}

TEST(remedies_name_file_and_line)
{
	struct made m = made_new(NULL, NULL, NULL);

	add_file(&m, "/etc/modprobe.d/a.conf", "one\ntwo\n");
	ok(file_edit_remedy(m.a, &m.e, &m.s, "/etc/modprobe.d/a.conf:2: TWO"));
	ok(file_edit_remedy(m.a, &m.e, &m.s, "/etc/modprobe.d/a.conf:1: "));
	is_str(applied(&m, "/etc/modprobe.d/a.conf"), "TWO\n");
	ok(!file_edit_remedy(m.a, &m.e, &m.s, "/etc/modprobe.d/a.conf:9: x"));
	ok(!file_edit_remedy(m.a, &m.e, &m.s, "/etc/modprobe.d/a.conf: x"));
	arena_free(m.a);
}
