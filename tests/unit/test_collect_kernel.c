// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel: release, lockdown, and its build configuration in all its places.
#include <zlib.h>

#include "collect/kernel_config.h"
#include "collect/sources.h"
#include "tree.h"

static const struct collect_options no_options;

static bool has_line(const struct snapshot *s, const char *line)
{
	for (size_t i = 0; i < s->kernel.config.n; i++)
		if (strcmp(s->kernel.config.s[i], line) == 0)
			return true;
	return false;
}

TEST(symbols)
{
	ok(kernel_symbol_matters("INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF", 33));
	ok(kernel_symbol_matters("VFIO_PCI", 8));
	ok(kernel_symbol_matters("X86_64", 6));
	ok(!kernel_symbol_matters("X86_64_SMP", 10));
	ok(!kernel_symbol_matters("FB_DEVICE", 9));
	ok(!kernel_symbol_matters("", 0));
}

TEST(tree_with_config_in_boot)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/sys/kernel/osrelease", "6.1.0-9\n");
	tree_file(&e.t, "proc/sys/kernel/tainted", "4096\n");
	tree_file(&e.t, "proc/cmdline", "quiet iommu=pt\n");
	tree_file(&e.t, "boot/config-6.1.0-9",
		"# CONFIG_VFIO_NOIOMMU is not set\nCONFIG_VFIO_PCI=m\nCONFIG_X86_64=y\n"
		"# CONFIG_VFIO is a comment\nCONFIG_NLS=y\nCONFIG_IRQ_REMAP=y");
	collect_kernel(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_KERNEL), STATUS_OK);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_CONFIG), STATUS_OK);
	is_str(snap_str(e.s->kernel.release), "6.1.0-9");
	is_str(snap_str(e.s->kernel.cmdline), "quiet iommu=pt");
	is_str(snap_str(e.s->kernel.machine), "x86_64");
	is_int(e.s->kernel.tainted.v, 4096);
	is_int(e.s->kernel.config.n, 4);
	ok(has_line(e.s, "# CONFIG_VFIO_NOIOMMU is not set"));
	ok(has_line(e.s, "CONFIG_IRQ_REMAP=y"));
	ok(e.s->kernel.lockdown.have == HAVE_NOT);
	teardown(&e);
}

TEST(packed_config_and_release_of_version)
{
	char path[PATH_MAX];
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/version",
		"Linux version 6.9.1-arch1-1 (linux@archlinux) #1\n");
	gzFile z = gzopen(tree_path(&e.t, "proc/config.gz", path), "wb");
	gzputs(z, "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n");
	gzclose(z);
	collect_kernel(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->kernel.release), "6.9.1-arch1-1");
	is_int(snapshot_status(e.s, SOURCE_KERNEL), STATUS_TRUNCATED);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_CONFIG), STATUS_OK);
	ok(has_line(e.s, "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set"));
	teardown(&e);
}

TEST(damaged_config_is_an_error)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/config.gz", "\x1f\x8bgarbage");
	collect_kernel(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_CONFIG), STATUS_ERROR);
	ok(e.s->kernel.config.have == HAVE_NOT);
	teardown(&e);
}

TEST(release_leads_nowhere_else)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/sys/kernel/osrelease", "../secret\n");
	tree_file(&e.t, "secret", "CONFIG_VFIO=y\n");
	tree_dir(&e.t, "boot");
	tree_dir(&e.t, "boot/config-..");
	collect_kernel(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_KERNEL_CONFIG), STATUS_ABSENT);
	teardown(&e);
}

TEST(lockdown)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "sys/kernel/security/lockdown",
		"none [integrity] confidentiality\n");
	collect_kernel(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->kernel.lockdown), "integrity");
	teardown(&e);

	setup(&e);
	tree_file(&e.t, "sys/kernel/security/lsm", "capability\n");
	collect_kernel(e.s, &e.r, &no_options);
	is_int(e.s->kernel.lockdown.have, HAVE_NONE);
	is_int(snapshot_status(e.s, SOURCE_KERNEL), STATUS_ABSENT);
	teardown(&e);
}
