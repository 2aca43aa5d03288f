// SPDX-License-Identifier: GPL-2.0-or-later
// Modules of trees: loaded, built in, on disk; and what a kernel without any looks like.
#include "tap.h"
#include "tree.h"

#include "collect/sources.h"

static const struct collect_options none;

#define DISK "lib/modules/6.1.0/"

static const struct snap_module *module_of(const struct snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->modules.n; i++)
		if (strcmp(s->modules.v[i].name, name) == 0)
			return &s->modules.v[i];
	return NULL;
}

static struct snap_text value_of(const struct snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->parameters.n; i++)
		if (strcmp(s->parameters.v[i].name, name) == 0)
			return s->parameters.v[i].value;
	return (struct snap_text){ 0 };
}

TEST(loaded_and_built_in)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/modules",
		"vfio_pci 16384 2 - Live 0x0000000000000000\n"
		"nf_tables 253952 - - Live 0x0000000000000000\n");
	tree_file(&e.t, "sys/module/vfio_pci/parameters/disable_vga", "N\n");
	tree_file(&e.t, "sys/module/vfio_pci/parameters/ids", "\n");
	tree_file(&e.t, "sys/module/kvm/parameters/ignore_msrs", "Y\n");
	tree_file(&e.t, "sys/module/iommufd/initstate", "coming\n");
	tree_dir(&e.t, "sys/module/iommufd/parameters");
	tree_file(&e.t, "sys/module/nvme/parameters/io_queue_depth", "1024\n");
	tree_file(&e.t, "sys/module/usbcore/parameters/quirks", "x\n");
	tree_dir(&e.t, "sys/module/vfio");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULES), STATUS_OK);
	is_int(e.s->modules.n, 4);
	is_int(module_of(e.s, "vfio_pci")->loaded.v, true);
	is_int(module_of(e.s, "vfio_pci")->users.v, 2);
	is_int(module_of(e.s, "nf_tables")->users.have, HAVE_NONE);
	is_int(module_of(e.s, "kvm")->loaded.v, false);
	is_int(module_of(e.s, "nvme")->loaded.v, false);
	is_int(e.s->parameters.n, 3);
	is_str(snap_str(value_of(e.s, "disable_vga")), "N");
	is_str(snap_str(value_of(e.s, "ids")), "");
	is_str(snap_str(value_of(e.s, "ignore_msrs")), "Y");
	teardown(&e);
}

TEST(nothing_is_known_of_modules)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "sys/module/kvm/parameters/ignore_msrs", "Y\n");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULES), STATUS_ABSENT);
	is_int(e.s->modules.have, HAVE_NOT);
	is_str(snap_str(value_of(e.s, "ignore_msrs")), "Y");
	is_int(snapshot_status(e.s, SOURCE_MODULE_FILES), STATUS_ERROR);
	is_int(e.s->kernel.builtin.have, HAVE_NOT);
	teardown(&e);
}

TEST(a_folder_of_modules_that_cannot_be_read)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/modules", "");
	tree_link(&e.t, "sys/module", "module"); /* ELOOP, also for root */
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULES), STATUS_TRUNCATED);
	is_int(e.s->modules.have, HAVE_VALUE);
	teardown(&e);
}

TEST(malformed_lines)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/modules", "vfio 1 0 - Live 0x0\nnonsense\n");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULES), STATUS_ERROR);
	is_int(e.s->modules.n, 1);
	teardown(&e);
}

TEST(lists_on_disk)
{
	struct env e;

	setup(&e);
	e.s->kernel.release = snap_text_of(e.s, "6.1.0");
	tree_file(&e.t, "usr/" DISK "modules.builtin",
		"kernel/fs/ext4/ext4.ko\nkernel/drivers/vfio/pci/vfio-pci.ko\n");
	tree_file(&e.t, "usr/" DISK "modules.dep",
		"kernel/drivers/gpu/drm/xe/xe.ko.zst: kernel/drivers/gpu/drm/drm.ko.zst\n"
		"kernel/net/xenbus/xenet.ko:\n"
		"kernel/sound/pci/hda/snd-hda-intel.ko.xz: kernel/sound/core/snd.ko.xz\n");
	tree_file(&e.t, "usr/" DISK "modules.softdep",
		"# Soft dependencies\nsoftdep vfio post: vfio_iommu_type1\nsoftdep a pre: b\n");
	tree_link(&e.t, "lib", "usr/lib");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULE_FILES), STATUS_OK);
	is_int(e.s->kernel.builtin.n, 1);
	is_str(e.s->kernel.builtin.s[0], "kernel/drivers/vfio/pci/vfio-pci.ko");
	is_int(e.s->kernel.available.n, 2);
	is_str(e.s->kernel.available.s[0], "xe");
	is_str(e.s->kernel.available.s[1], "snd_hda_intel");
	is_int(e.s->kernel.softdep.n, 1);
	is_str(e.s->kernel.softdep.s[0], "softdep vfio post: vfio_iommu_type1");
	teardown(&e);
}

TEST(lists_in_part_and_not_at_all)
{
	struct env e;

	setup(&e);
	e.s->kernel.release = snap_text_of(e.s, "6.1.0");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULE_FILES), STATUS_ABSENT);
	is_str(snapshot_reason(e.s, SOURCE_MODULE_FILES), "no /lib/modules/6.1.0");
	tree_dir(&e.t, DISK "kernel");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULE_FILES), STATUS_ABSENT);
	tree_file(&e.t, DISK "modules.dep", "");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULE_FILES), STATUS_TRUNCATED);
	is_str(snapshot_reason(e.s, SOURCE_MODULE_FILES),
		"no modules.builtin in /lib/modules/6.1.0");
	is_int(e.s->kernel.available.have, HAVE_VALUE);
	is_int(e.s->kernel.available.n, 0);
	is_int(e.s->kernel.builtin.have, HAVE_NOT);
	teardown(&e);
}

TEST(a_release_that_is_a_path)
{
	struct env e;

	setup(&e);
	e.s->kernel.release = snap_text_of(e.s, "../../etc");
	collect_modules(e.s, &e.r, &none);
	is_int(snapshot_status(e.s, SOURCE_MODULE_FILES), STATUS_ERROR);
	teardown(&e);
}
