// SPDX-License-Identifier: GPL-2.0-or-later
// What the host lives on: block device stacks, default routes, keyboards.
#include "collect/sources.h"
#include "collect/syspath.h"
#include "tree.h"

#define PORT                       "../../devices/pci0000:00/0000:00:01.2/"
#define MOUNT(number, point, rest) "20 1 " number " / " point " rw - " rest " rw\n"

static const struct collect_options no_options;

/* `WHAT THROUGH: DEVICE DEVICE`, `?` not collected, `-` none; one line a use. */
static void uses_are(const struct env *e, const char *want)
{
	char got[2048] = "";
	size_t n = 0;

	for (size_t i = 0; i < e->s->uses.n; i++) {
		const struct snap_use *u = &e->s->uses.v[i];
		n += (size_t)snprintf(got + n, sizeof got - n, "%s [%s]", u->what,
			u->through.s ? u->through.s : "");
		if (u->devices.have != HAVE_VALUE)
			n += (size_t)snprintf(got + n, sizeof got - n,
				u->devices.have == HAVE_NONE ? " -" : " ?");
		for (size_t d = 0; d < u->devices.n; d++)
			n += (size_t)snprintf(
				got + n, sizeof got - n, " %s", u->devices.s[d]);
		n += (size_t)snprintf(got + n, sizeof got - n, "\n");
	}
	is_str(got, want);
}

static void block(struct env *e, const char *name, const char *link)
{
	char path[256];

	snprintf(path, sizeof path, "sys/class/block/%s", name);
	tree_link(&e->t, path, link);
}

TEST(paths_of_links)
{
	struct snapshot *s = snapshot_new();
	struct snap_texts list = { 0 };
	static const char vmd[] = "../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/"
				  "10000:e0:1d.0/10000:e1:00.0/nvme/nvme0/nvme0n1";

	is_str(syspath_pci(s->arena, PORT "0000:01:00.0/drm/card0"), "0000:01:00.0");
	is_str(syspath_pci(s->arena, "../../devices/platform/i8042/serio0"), NULL);
	is_str(syspath_parent(s->arena, PORT "0000:01:00.0/drm/card0", "drm"),
		"sys/devices/pci0000:00/0000:00:01.2/0000:01:00.0");
	is_str(syspath_parent(s->arena, "../elsewhere/card0", "drm"), NULL);
	/* the controller that makes the domain goes with the disk */
	is_int(syspath_endpoints(s, vmd, &list), 2);
	is_str(list.s[0], "0000:00:0e.0");
	is_str(list.s[1], "10000:e1:00.0");
	is_int(syspath_endpoints(s, vmd, &list), 2);
	is_int(list.n, 2);
	snapshot_free(s);
}

TEST(nothing_to_look_at)
{
	struct env e;

	setup(&e);
	collect_uses(e.s, &e.r, &no_options);
	is_int(e.s->uses.have, HAVE_NOT);
	is_int(snapshot_status(e.s, SOURCE_STORAGE), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_NETWORK), STATUS_ABSENT);
	is_int(snapshot_status(e.s, SOURCE_INPUT), STATUS_ABSENT);
	teardown(&e);
}

/* One disk with LVM on LUKS, as an installer makes it. */
static void luks_lvm(struct env *e)
{
	block(e, "nvme0n1p1", PORT "0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p1");
	block(e, "nvme0n1p3", PORT "0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p3");
	block(e, "dm-0", "../../devices/virtual/block/dm-0");
	block(e, "dm-1", "../../devices/virtual/block/dm-1");
	/* sys/class/block/dm-1 must lead to its directory */
	tree_file(&e->t, "sys/devices/virtual/block/dm-0/dm/name", "luks\n");
	tree_file(&e->t, "sys/devices/virtual/block/dm-1/dm/name", "vg-root\n");
	tree_link(&e->t, "sys/devices/virtual/block/dm-0/slaves/nvme0n1p3", "x");
	tree_link(&e->t, "sys/devices/virtual/block/dm-1/slaves/dm-0", "x");
	tree_link(&e->t, "sys/dev/block/253:1", "../../devices/virtual/block/dm-1");
	tree_link(&e->t, "sys/dev/block/259:1",
		"../../devices/pci0000:00/0000:00:01.2/0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p1");
}

TEST(lvm_on_luks_and_swap_file)
{
	struct env e;

	setup(&e);
	luks_lvm(&e);
	tree_file(&e.t, "proc/self/mountinfo",
		MOUNT("0:2", "/", "rootfs rootfs")
			MOUNT("253:1", "/", "ext4 /dev/mapper/vg-root")
				MOUNT("259:1", "/boot/efi", "vfat /dev/nvme0n1p1")
					MOUNT("8:1", "/mnt/data", "ext4 /dev/sda1"));
	tree_file(&e.t, "proc/swaps",
		"Filename Type Size Used Priority\n/swap\\040file file 1 0 -2\n/dev/zram0 partition 1 0 -2\n");
	block(&e, "zram0", "../../devices/virtual/block/zram0");
	collect_uses(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_STORAGE), STATUS_OK);
	uses_are(&e,
		"/ [ext4 on /dev/mapper/vg-root on /dev/mapper/luks on nvme0n1p3] 0000:03:00.0\n"
		"/boot/efi [vfat on nvme0n1p1] 0000:03:00.0\n"
		"swap [swap on ext4 on /dev/mapper/vg-root on /dev/mapper/luks on nvme0n1p3] 0000:03:00.0\n"
		"swap [swap on zram0] -\n");
	teardown(&e);
}

TEST(all_members_of_a_btrfs)
{
	struct env e;

	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	block(&e, "sdb", PORT "0000:04:00.0/ata2/host1/block/sdb");
	tree_link(&e.t, "sys/fs/btrfs/uuid/devices/sda2", "x");
	tree_link(&e.t, "sys/fs/btrfs/uuid/devices/sdb", "x");
	tree_file(&e.t, "proc/self/mountinfo", MOUNT("0:30", "/", "btrfs /dev/sda2"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [btrfs on sda2 on sdb] 0000:04:00.0 0000:05:00.0\n");
	teardown(&e);
}

TEST(btrfs_without_its_list_stays_open)
{
	struct env e;

	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	tree_file(&e.t, "proc/self/mountinfo", MOUNT("0:30", "/", "btrfs /dev/sda2"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [btrfs on sda2] 0000:05:00.0\n/ [btrfs on sda2] ?\n");
	teardown(&e);
}

TEST(what_cannot_be_told_is_open)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/self/mountinfo",
		MOUNT("0:30", "/", "zfs rpool/ROOT") MOUNT("0:31", "/home",
			"nfs4 box:/home") MOUNT("7:7", "/var", "ext4 /dev/gone"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [zfs] ?\n/home [nfs4] -\n/var [ext4] ?\n");
	teardown(&e);
}

TEST(overlay_lies_on_its_layers)
{
	struct env e;

	setup(&e);
	block(&e, "sdc1", PORT "0000:06:00.0/usb1/1-1/host3/block/sdc/sdc1");
	block(&e, "loop0", "../../devices/virtual/block/loop0");
	tree_file(&e.t, "sys/devices/virtual/block/loop0/loop/backing_file",
		"/run/live/medium/filesystem.squashfs\n");
	tree_file(&e.t, "proc/self/mountinfo",
		"21 1 0:20 / / rw - overlay overlay rw,lowerdir=/run/live/rootfs/,upperdir=/run/live/rw/up\n" MOUNT(
			"8:33", "/run/live/medium", "vfat /dev/sdc1")
			MOUNT("7:0", "/run/live/rootfs", "squashfs /dev/loop0")
				MOUNT("0:21", "/run/live/rw", "tmpfs tmpfs"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [overlay on squashfs on loop0 on vfat on sdc1 on tmpfs] 0000:06:00.0\n");
	teardown(&e);

	/* in a container the layers are out of sight */
	setup(&e);
	tree_file(&e.t, "proc/self/mountinfo",
		"21 1 0:20 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/a:/var/lib/docker/b\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [overlay] ?\n");
	teardown(&e);
}

TEST(multipath_nvme_and_raid_partition)
{
	struct env e;

	setup(&e);
	block(&e, "nvme0n1", "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
	tree_link(&e.t, "sys/class/nvme-subsystem/nvme-subsys0",
		"../../devices/virtual/nvme-subsystem/nvme-subsys0");
	tree_link(&e.t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0",
		"../../../pci0000:00/0000:00:01.1/0000:07:00.0/nvme/nvme0");
	tree_dir(&e.t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
	block(&e, "md0", "../../devices/virtual/block/md0");
	block(&e, "md0p1", "../../devices/virtual/block/md0/md0p1");
	tree_dir(&e.t, "sys/devices/virtual/block/md0/md0p1");
	tree_link(&e.t, "sys/devices/virtual/block/md0/slaves/sda", "x");
	block(&e, "sda", PORT "0000:05:00.0/ata1/host0/block/sda");
	tree_file(&e.t, "proc/self/mountinfo",
		MOUNT("259:0", "/", "xfs /dev/nvme0n1")
			MOUNT("9:1", "/boot", "ext4 /dev/md0p1"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [xfs on nvme0n1] 0000:07:00.0\n"
		"/boot [ext4 on md0p1 on md0 on sda] 0000:05:00.0\n");
	teardown(&e);
}

TEST(stack_that_bites_its_tail)
{
	struct env e;

	setup(&e);
	block(&e, "dm-0", "../../devices/virtual/block/dm-0");
	tree_link(&e.t, "sys/devices/virtual/block/dm-0/slaves/dm-0", "x");
	tree_file(&e.t, "proc/self/mountinfo", MOUNT("253:0", "/", "ext4 /dev/dm-0"));
	collect_uses(e.s, &e.r, &no_options);
	is_int(e.s->uses.n, 1);
	is_int(e.s->uses.v[0].devices.have, HAVE_NOT);
	teardown(&e);
}

#define ROUTE_HEAD                                                                       \
	"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"

TEST(default_route_through_a_bridge)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route",
		ROUTE_HEAD
		"wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
		"br0\t00000000\t010200C0\t0003\t0\t0\t425\t00000000\t0\t0\t0\n"
		"br0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
	tree_link(&e.t, "sys/class/net/br0", "../../devices/virtual/net/br0");
	tree_link(&e.t, "sys/class/net/tap0", "../../devices/virtual/net/tap0");
	tree_link(&e.t, "sys/class/net/eno1", PORT "0000:08:00.0/net/eno1");
	tree_dir(&e.t, "sys/devices");
	tree_dir(&e.t, "sys/devices/virtual");
	tree_dir(&e.t, "sys/devices/virtual/net");
	tree_dir(&e.t, "sys/devices/virtual/net/tap0");
	tree_link(&e.t, "sys/devices/virtual/net/br0/lower_eno1", "x");
	tree_link(&e.t, "sys/devices/virtual/net/br0/lower_tap0", "x");
	collect_uses(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_NETWORK), STATUS_OK);
	is_str(snap_str(e.s->host.default_route), "br0");
	uses_are(&e, "default route [br0] 0000:08:00.0\n");
	teardown(&e);
}

TEST(tunnel_without_hardware)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route",
		ROUTE_HEAD
		"tun0\t00000000\t010200C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n");
	tree_link(&e.t, "sys/class/net/tun0", "../../devices/virtual/net/tun0");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "default route [tun0] ?\n");
	teardown(&e);
}

TEST(ipv6_only_and_no_route)
{
#define ZEROS "00000000000000000000000000000000"
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route", ROUTE_HEAD);
	tree_file(&e.t, "proc/net/ipv6_route",
		ZEROS " 00 " ZEROS " 00 " ZEROS
		      " ffffffff 00000001 00000000 00200200       lo\n" ZEROS " 00 " ZEROS
		      " 00 fe800000000000000000000000000001 00000400 00000001"
		      " 00000000 00450003     eth0\n");
	tree_link(&e.t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	collect_uses(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->host.default_route), "eth0");
	uses_are(&e, "default route [eth0] 0000:08:00.0\n");
	teardown(&e);

	setup(&e);
	tree_file(&e.t, "proc/net/route", ROUTE_HEAD);
	collect_uses(e.s, &e.r, &no_options);
	is_int(e.s->host.default_route.have, HAVE_NONE);
	is_int(e.s->uses.have, HAVE_VALUE);
	is_int(e.s->uses.n, 0);
	teardown(&e);
}

static void input(struct env *e, const char *name, const char *link, const char *title,
	const char *ev, const char *key)
{
	char path[256];

	snprintf(path, sizeof path, "sys/class/input/%s", name);
	tree_link(&e->t, path, link);
	snprintf(path, sizeof path, "sys/%s/name", link + strlen("../../"));
	tree_file(&e->t, path, title);
	snprintf(path, sizeof path, "sys/%s/capabilities/ev", link + strlen("../../"));
	tree_file(&e->t, path, ev);
	snprintf(path, sizeof path, "sys/%s/capabilities/key", link + strlen("../../"));
	tree_file(&e->t, path, key);
}

TEST(keyboards)
{
	static const char keys[] =
		"402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n";
	struct env e;

	setup(&e);
	input(&e, "input0", "../../devices/platform/i8042/serio0/input/input0", "AT\n",
		"120013\n", keys);
	input(&e, "input1",
		"../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input1",
		"USB\n", "120013\n", keys);
	input(&e, "input2",
		"../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.1/input/input2",
		"USB\n", "120013\n", keys);
	input(&e, "input3", "../../devices/LNXSYSTM:00/LNXPWRBN:00/input/input3",
		"Power\n", "3\n", "10000000000000 0\n");
	input(&e, "input4", "../../devices/virtual/input/input4", "Steam\n", "120013\n",
		keys);
	input(&e, "input5", "../../devices/virtual/misc/uhid/0005:1/input/input5",
		"Bob's\n", "120013\n", keys);
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"keyboard [AT] -\nkeyboard [USB] 0000:00:14.0\nkeyboard [Bluetooth] ?\n");
	teardown(&e);
}
