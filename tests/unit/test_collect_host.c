// SPDX-License-Identifier: GPL-2.0-or-later
// The surroundings: firmware variables, containers, displays, memory map, device nodes.
#include "collect/sources.h"
#include "tree.h"

#define EFIVARS "sys/firmware/efi/efivars/"

static const struct collect_options no_options;

TEST(empty_tree_knows_nothing)
{
	struct env e;

	setup(&e);
	collect_host(e.s, &e.r, &no_options);
	collect_displays(e.s, &e.r, &no_options);
	collect_nodes(e.s, &e.r, &no_options);
	is_int(e.s->host.efi.have, HAVE_NOT);
	is_int(e.s->host.container.have, HAVE_NOT);
	is_int(e.s->host.hypervisor.have, HAVE_NOT);
	is_int(e.s->host.memlock_bytes.have, HAVE_NOT);
	is_int(e.s->cards.have, HAVE_NOT);
	is_int(e.s->nodes.have, HAVE_NOT);
	is_int(e.s->fb.have, HAVE_NOT);
	is_int(snapshot_status(e.s, SOURCE_CONTAINER), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_DMI), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_IOMEM), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_NODES), STATUS_ABSENT);
	teardown(&e);
}

TEST(firmware_and_board)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "sys/class/dmi/id/board_name", "X570\n");
	tree_file(&e.t, "sys/class/dmi/id/board_serial", "SECRET\n");
	tree_file(&e.t, "sys/class/dmi/id/chassis_type", "3\n");
	tree_bytes(&e.t, EFIVARS "LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
		"\6\0\0\0s\0d\0 \0\x31\0\0\0", 14);
	tree_bytes(&e.t,
		EFIVARS "LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
		"\6\0\0\0a\0.\0e\0f\0i\0\0\0", 16);
	tree_bytes(&e.t, EFIVARS "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		"\6\0\0\0\1", 5);
	tree_file(&e.t, "etc/os-release",
		"PRETTY_NAME=\"Debian 12\"\nVERSION_ID=12\nID=debian\n");
	tree_file(&e.t, "proc/meminfo", "MemTotal:       16303456 kB\nMemFree: 1 kB\n");
	tree_file(&e.t, "proc/stat", "cpu 1 2\nbtime 1795357477\n");
	collect_host(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->host.dmi.board_name), "X570");
	is_int(e.s->host.dmi.chassis_type.v, 3);
	is_int(e.s->host.dmi.sys_vendor.have, HAVE_NONE);
	ok(e.s->host.efi.v && e.s->host.secure_boot.v);
	is_str(snap_str(e.s->host.loader_info), "sd 1");
	is_str(snap_str(e.s->host.loader_entry), "a.efi");
	is_str(snap_str(e.s->host.os_id), "debian");
	is_str(snap_str(e.s->host.os_name), "Debian 12");
	is_int(e.s->host.mem_total_kib.v, 16303456);
	is_int(e.s->host.mem_available_kib.have, HAVE_NOT);
	is_int(e.s->host.boot_time.v, 1795357477);
	teardown(&e);
}

TEST(efi_without_its_variables)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "sys/firmware/efi/fw_platform_size", "64\n");
	collect_host(e.s, &e.r, &no_options);
	ok(e.s->host.efi.v);
	is_int(e.s->host.loader_info.have, HAVE_NOT);
	is_int(e.s->host.secure_boot.have, HAVE_NOT);
	teardown(&e);
}

static void container_is(const char *path, const char *text, const char *want)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/1/cgroup", "0::/init.scope\n");
	tree_dir(&e.t, "run");
	if (path)
		tree_file(&e.t, path, text);
	collect_host(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_CONTAINER), STATUS_OK);
	is_str(snap_str(e.s->host.container), want);
	teardown(&e);
}

TEST(containers)
{
	container_is(NULL, NULL, NULL);
	container_is(".dockerenv", "", "docker");
	container_is("run/.containerenv", "", "podman");
	container_is("run/systemd/container", "systemd-nspawn\n", "systemd-nspawn");
	container_is("proc/1/cgroup", "0::/kubepods/besteffort/pod1\n", "kubernetes");
}

TEST(init_environment)
{
	struct env e;

	setup(&e);
	tree_bytes(&e.t, "proc/1/environ", "HOME=/\0container=lxc\0X=1", 25);
	collect_host(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->host.container), "lxc");
	teardown(&e);
}

TEST(cards_and_connectors)
{
	static const char card[] =
		"../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm/card0";
	struct env e;

	setup(&e);
	tree_link(&e.t, "sys/class/drm/card0", card);
	tree_link(&e.t, "sys/class/drm/card0-HDMI-A-1",
		"../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm/card0/card0-HDMI-A-1");
	tree_file(&e.t,
		"sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm/card0/card0-HDMI-A-1/status",
		"connected\n");
	tree_link(&e.t, "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/driver",
		"../../../bus/pci/drivers/amdgpu");
	tree_file(&e.t, "sys/class/drm/version", "drm\n");
	tree_link(&e.t, "sys/class/graphics/fb0",
		"../../devices/platform/simple-framebuffer.0/graphics/fb0");
	tree_link(
		&e.t, "sys/class/graphics/fbcon", "../../devices/virtual/graphics/fbcon");
	tree_dir(&e.t, "sys/bus");
	tree_dir(&e.t, "sys/bus/platform");
	tree_dir(&e.t, "sys/bus/platform/devices");
	tree_link(&e.t, "sys/bus/platform/devices/simple-framebuffer.0", "x");
	tree_file(&e.t, "proc/fb", "0 simple\n");
	collect_displays(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_DISPLAYS), STATUS_OK);
	is_int(e.s->cards.n, 2);
	is_str(snap_str(e.s->cards.v[0].device), "0000:01:00.0");
	is_str(snap_str(e.s->cards.v[0].driver), "amdgpu");
	is_int(e.s->cards.v[0].connectors.n, 1);
	is_str(snap_str(e.s->cards.v[0].connectors.v[0].status), "connected");
	is_str(snap_str(e.s->cards.v[1].device), "simple-framebuffer.0");
	is_int(e.s->cards.v[1].driver.have, HAVE_NOT);
	is_str(e.s->platform_devices.s[0], "simple-framebuffer.0");
	is_str(snap_str(e.s->fb), "0 simple");
	teardown(&e);
}

TEST(memory_map)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/iomem",
		"c0000000-febfffff : PCI Bus 0000:00\n  c0000000-c0ffffff : 0000:01:00.0\n"
		"    c0000000-c03e7fff : efifb\nnonsense\n");
	collect_displays(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_IOMEM), STATUS_OK);
	is_int(e.s->iomem.n, 3);
	is_int(e.s->iomem.v[2].depth, 2);
	is_int(e.s->iomem.v[2].start.v, 0xc0000000);
	is_int(e.s->iomem.v[2].end.v, 0xc03e7fff);
	is_str(e.s->iomem.v[2].name, "efifb");
	teardown(&e);

	setup(&e);
	tree_file(&e.t, "proc/iomem",
		"00000000-00000000 : System RAM\n  00000000-00000000 : efifb\n");
	collect_displays(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_IOMEM), STATUS_DENIED);
	is_int(e.s->iomem.have, HAVE_NOT);
	is_int(e.s->iomem.n, 0);
	teardown(&e);
}

TEST(a_node_that_cannot_be_looked_at)
{
	struct env e;

	setup(&e);
	tree_link(&e.t, "dev/kvm", "kvm"); /* ELOOP, also for root */
	collect_nodes(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_NODES), STATUS_TRUNCATED);
	is_int(e.s->nodes.n, 0);
	teardown(&e);
}

TEST(nodes_of_a_copied_tree)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "dev/kvm", "");
	tree_file(&e.t, "dev/vfio/vfio", "");
	tree_file(&e.t, "dev/vfio/devices/vfio0", "");
	collect_nodes(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_NODES), STATUS_OK);
	is_int(e.s->nodes.n, 3);
	is_str(e.s->nodes.v[0].path, "/dev/kvm");
	is_int(e.s->nodes.v[0].mode.have, HAVE_NOT);
	is_str(e.s->nodes.v[1].path, "/dev/vfio/vfio");
	is_str(e.s->nodes.v[2].path, "/dev/vfio/devices/vfio0");
	teardown(&e);
}
