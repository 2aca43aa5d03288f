// SPDX-License-Identifier: GPL-2.0-or-later
// What the host's file systems and swap lie on.
#include "collect/syspath.h"
#include "uses_tree.h"

#define MOUNT(number, point, rest) "20 1 " number " / " point " rw - " rest " rw\n"

/* What is mounted; and no swap, which is to be read too. */
static void mounts(struct env *e, const char *text)
{
	tree_file(&e->t, "proc/self/mountinfo", text);
	tree_file(&e->t, "proc/swaps", "Filename Type Size Used Priority\n");
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
	mounts(&e,
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
	mounts(&e, MOUNT("0:30", "/", "btrfs /dev/sda2"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [btrfs on sda2 on sdb] 0000:04:00.0 0000:05:00.0\n");
	teardown(&e);
}

TEST(btrfs_without_its_list_stays_open)
{
	struct env e;

	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	mounts(&e, MOUNT("0:30", "/", "btrfs /dev/sda2"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [btrfs on sda2] 0000:05:00.0\n/ [btrfs on sda2] ?\n");
	teardown(&e);
}

TEST(what_cannot_be_told_is_open)
{
	struct env e;

	setup(&e);
	mounts(&e,
		MOUNT("0:30", "/", "zfs rpool/ROOT") MOUNT("0:31", "/home",
			"nfs4 box:/home") MOUNT("7:7", "/var", "ext4 /dev/gone"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [zfs] ?\n/home [nfs4] ?\n/var [ext4] ?\n");
	teardown(&e);
}

TEST(swap_that_was_not_copied_is_not_known)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/self/mountinfo", MOUNT("0:2", "/", "tmpfs tmpfs"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [tmpfs] -\nswap [] ?\n");
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
	mounts(&e,
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
	mounts(&e,
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
	mounts(&e,
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
	mounts(&e, MOUNT("253:0", "/", "ext4 /dev/dm-0"));
	collect_uses(e.s, &e.r, &no_options);
	is_int(e.s->uses.n, 1);
	is_int(e.s->uses.v[0].devices.have, HAVE_NOT);
	teardown(&e);
}

/* bcache: both the slow and the fast disk are slaves (drivers/md/bcache/super.c). */
TEST(bcache_and_raid_of_lvm)
{
	struct env e;

	setup(&e);
	block(&e, "bcache0", "../../devices/virtual/block/bcache0");
	block(&e, "md127", "../../devices/virtual/block/md127");
	block(&e, "sda", PORT "0000:05:00.0/ata1/host0/block/sda");
	block(&e, "sdb2", PORT "0000:05:00.0/ata2/host1/block/sdb/sdb2");
	block(&e, "nvme0n1p2", PORT "0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p2");
	tree_link(&e.t, "sys/devices/virtual/block/bcache0/slaves/md127", "x");
	tree_link(&e.t, "sys/devices/virtual/block/bcache0/slaves/nvme0n1p2", "x");
	tree_link(&e.t, "sys/devices/virtual/block/md127/slaves/sda", "x");
	tree_link(&e.t, "sys/devices/virtual/block/md127/slaves/sdb2", "x");
	mounts(&e, MOUNT("252:0", "/", "ext4 /dev/bcache0"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [ext4 on bcache0 on md127 on sda on sdb2 on nvme0n1p2] 0000:03:00.0 0000:05:00.0\n");
	teardown(&e);
}

/* A disk or partition, with what udev knows of it. */
static void disk(struct env *e, const char *name, const char *below, const char *number,
	const char *sectors, const char *udev_lines)
{
	char path[256];

	snprintf(path, sizeof path, "../../devices/pci0000:00/0000:00:01.2/%s", below);
	block(e, name, path);
	snprintf(path, sizeof path, "sys/devices/pci0000:00/0000:00:01.2/%s/dev", below);
	tree_file(&e->t, path, number);
	snprintf(path, sizeof path, "sys/devices/pci0000:00/0000:00:01.2/%s/size", below);
	tree_file(&e->t, path, sectors);
	snprintf(path, sizeof path, "run/udev/data/b%s", number);
	if (udev_lines)
		tree_file(&e->t, path, udev_lines);
}

#define GPT       "E:ID_PART_TABLE_TYPE=gpt\n"
#define MEMBER(p) "S:disk/by-label/" p "\nE:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=" p "\n"

static void zfs_mirror(struct env *e, const char *third)
{
	disk(e, "sda", "0000:05:00.0/ata1/host0/block/sda", "8:0", "1000000", GPT);
	disk(e, "sda1", "0000:05:00.0/ata1/host0/block/sda/sda1", "8:1", "2014", "I:1\n");
	disk(e, "sda3", "0000:05:00.0/ata1/host0/block/sda/sda3", "8:3", "900000",
		MEMBER("rpool"));
	disk(e, "nvme0n1p3", "0000:03:00.0/nvme/nvme0/nvme0n1/nvme0n1p3", "259:3",
		"900000", MEMBER("rpool"));
	disk(e, "sdb1", "0000:06:00.0/ata9/host8/block/sdb/sdb1", "8:17", "900000",
		third);
	mounts(e, MOUNT("0:30", "/", "zfs rpool/ROOT/pve-1"));
}

TEST(members_of_a_zfs_pool)
{
	struct env e;

	setup(&e);
	zfs_mirror(&e, MEMBER("tank"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [zfs on nvme0n1p3 on sda3] 0000:03:00.0 0000:05:00.0\n");
	teardown(&e);

	/* of a disk in which udev found nothing, or two things, nobody knows */
	setup(&e);
	zfs_mirror(&e, "I:2\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [zfs on nvme0n1p3 on sda3] 0000:03:00.0 0000:05:00.0\n"
		"/ [zfs on nvme0n1p3 on sda3] ?\n");
	teardown(&e);

	/* no database */
	setup(&e);
	zfs_mirror(&e, NULL);
	tree_file(&e.t, "run/udev/data/b8:3", "E:ID_FS_TYPE=ext4\n");
	tree_file(&e.t, "run/udev/data/b259:3", "E:ID_FS_TYPE=ext4\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [zfs] ?\n");
	teardown(&e);
}

TEST(swap_on_a_zfs_volume)
{
	struct env e;

	setup(&e);
	zfs_mirror(&e, GPT);
	tree_file(&e.t, "proc/self/mountinfo", MOUNT("0:2", "/", "tmpfs tmpfs"));
	tree_file(&e.t, "proc/swaps", "Filename Type\n/dev/zd0 partition 1 0 -2\n");
	block(&e, "zd0", "../../devices/virtual/block/zd0");
	tree_file(&e.t, "sys/devices/virtual/block/zd0/dev", "230:0");
	tree_file(&e.t, "run/udev/data/b230:0", "S:zvol/rpool/swap\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [tmpfs] -\n"
		"swap [swap on zd0 on nvme0n1p3 on sda3] 0000:03:00.0 0000:05:00.0\n");
	teardown(&e);
}

/* The eMMC and the USB stick are behind their controllers. */
TEST(card_stick_and_virtual_disks)
{
	struct env e;

	setup(&e);
	block(&e, "mmcblk0p2",
		PORT "0000:00:1a.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p2");
	block(&e, "sda1",
		PORT
		"0000:00:14.0/usb2/2-3/2-3:1.0/host4/target4:0:0/4:0:0:0/block/sda/sda1");
	block(&e, "vda1", PORT "0000:04:00.0/virtio2/block/vda/vda1");
	block(&e, "mmcblk1",
		"../../devices/pci0000:00/80860F14:00/mmc_host/mmc1/block/mmcblk1");
	mounts(&e,
		MOUNT("179:2", "/", "ext4 /dev/mmcblk0p2") MOUNT("8:1", "/boot",
			"vfat /dev/sda1") MOUNT("254:1", "/home", "xfs /dev/vda1")
			MOUNT("179:8", "/var", "f2fs /dev/mmcblk1"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [ext4 on mmcblk0p2] 0000:00:1a.0\n/boot [vfat on sda1] 0000:00:14.0\n"
		"/home [xfs on vda1] 0000:04:00.0\n/var [f2fs on mmcblk1] -\n");
	teardown(&e);
}

TEST(journal_on_another_disk)
{
	struct env e;

	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	block(&e, "sdb1", PORT "0000:06:00.0/ata9/host8/block/sdb/sdb1");
	mounts(&e, "20 1 8:2 / / rw - xfs /dev/sda2 rw,logbufs=8,logdev=/dev/sdb1\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [xfs on sda2 on sdb1] 0000:05:00.0 0000:06:00.0\n");
	teardown(&e);
}

TEST(boot_that_is_mounted_when_needed)
{
	struct env e;

	setup(&e);
	block(&e, "sda1", PORT "0000:05:00.0/ata1/host0/block/sda/sda1");
	block(&e, "sdb1", PORT "0000:06:00.0/ata9/host8/block/sdb/sdb1");
	tree_link(&e.t, "dev/disk/by-uuid/AAAA-0001", "../../sda1");
	tree_file(&e.t, "etc/fstab",
		"# /boot was on /dev/sda9\nUUID=\"AAAA-0001\" /boot vfat noauto,x-systemd.automount 0 2\n"
		"/dev/sdb1\t/efi\tvfat\tnoauto\t0\t2\n/dev/sdz1 /srv ext4 noauto 0 2\n");
	mounts(&e,
		MOUNT("0:2", "/", "tmpfs tmpfs")
			MOUNT("0:40", "/boot", "autofs systemd-1"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [tmpfs] -\n/boot [vfat on sda1] 0000:05:00.0\n/efi [vfat on sdb1] 0000:06:00.0\n");
	teardown(&e);

	/* systemd's own automount is on the disk of the root file system */
	setup(&e);
	mounts(&e,
		MOUNT("0:2", "/", "tmpfs tmpfs")
			MOUNT("0:40", "/efi", "autofs systemd-1"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [tmpfs] -\n");
	teardown(&e);
}

TEST(without_a_list_of_mounts_the_command_line)
{
	struct env e;

	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	tree_link(&e.t, "dev/disk/by-partuuid/0815", "../../sda2");
	tree_file(&e.t, "proc/cmdline", "quiet root=PARTUUID=0815 ro\n");
	collect_uses(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_STORAGE), STATUS_ABSENT);
	uses_are(&e, "/ [root= on sda2] 0000:05:00.0\n");
	teardown(&e);

	/* /proc/mounts calls it so where no initramfs was */
	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	tree_file(&e.t, "proc/cmdline", "root=/dev/sda2\n");
	tree_file(&e.t, "proc/mounts", "/dev/root / ext4 rw 0 0\n");
	tree_file(&e.t, "proc/swaps", "Filename Type\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [ext4 on sda2] 0000:05:00.0\n");
	teardown(&e);
}

/* What an initramfs had mounted and took away looks like memory. */
TEST(layers_that_are_out_of_sight)
{
	struct env e;

	setup(&e);
	mounts(&e,
		"21 1 0:20 / / rw - overlay LiveOS rw,lowerdir=/run/rootfsbase,upperdir=/run/overlayfs\n" MOUNT(
			"0:21", "/run", "tmpfs tmpfs"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [overlay on tmpfs on tmpfs] ?\n");
	teardown(&e);

	/* composefs: the lower layer is hidden, its data are not */
	setup(&e);
	block(&e, "sda2", PORT "0000:05:00.0/ata1/host0/block/sda/sda2");
	tree_link(&e.t, "sys/dev/block/8:2", "../../devices/x/block/sda/sda2");
	mounts(&e,
		"21 1 0:20 / / ro - overlay composefs ro,lowerdir+=/run/ostree/.private/cfsroot-lower,datadir+=/sysroot/ostree/repo/objects\n" MOUNT(
			"0:21", "/run", "tmpfs tmpfs")
			MOUNT("8:2", "/sysroot", "xfs /dev/sda2"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "/ [overlay on tmpfs on xfs on sda2] 0000:05:00.0\n");
	teardown(&e);
}

/* A system that was loaded into memory, and one whose stick is hidden. */
TEST(image_in_memory)
{
	for (int there = 0; there < 2; there++) {
		struct env e;

		setup(&e);
		block(&e, "loop0", "../../devices/virtual/block/loop0");
		tree_file(&e.t, "sys/devices/virtual/block/loop0/loop/backing_file",
			"/run/initramfs/squashed.img\n");
		if (there)
			tree_file(&e.t, "run/initramfs/squashed.img", "");
		mounts(&e,
			MOUNT("7:0", "/", "squashfs /dev/loop0")
				MOUNT("0:21", "/run", "tmpfs tmpfs"));
		collect_uses(e.s, &e.r, &no_options);
		uses_are(&e,
			there ? "/ [squashfs on loop0 on tmpfs] -\n"
			      : "/ [squashfs on loop0 on tmpfs] ?\n");
		teardown(&e);
	}
}

/* A disk that comes over the network goes away with the network card. */
static void local_network(struct env *e)
{
	tree_file(&e->t, "proc/net/route",
		ROUTE_HEAD
		"eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
		"eth1\t006433C6\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n");
	tree_link(&e->t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	tree_link(&e->t, "sys/class/net/eth1", PORT "0000:09:00.0/net/eth1");
}

TEST(root_over_the_network)
{
	struct env e;

	setup(&e);
	local_network(&e);
	mounts(&e,
		"20 1 0:20 / / rw - nfs4 198.51.100.7:/root rw,clientaddr=198.51.100.9,addr=198.51.100.7\n"
		"20 1 0:21 / /home rw - nfs4 [2001:db8::1]:/home rw,addr=2001:db8::1\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [nfs4] 0000:09:00.0\n/home [nfs4] ?\ndefault route [eth0] 0000:08:00.0\n");
	teardown(&e);
}

TEST(iscsi_and_nvme_over_fabrics)
{
	struct env e;

	setup(&e);
	local_network(&e);
	block(&e, "sda1",
		"../../devices/platform/host3/session12/target3:0:0/3:0:0:1/block/sda/sda1");
	tree_file(&e.t, "sys/class/iscsi_connection/connection12:0/address",
		"198.51.100.7\n");
	block(&e, "nvme0n1", "../../devices/virtual/nvme-fabrics/ctl/nvme0/nvme0n1");
	tree_file(&e.t, "sys/class/nvme/nvme0/address",
		"traddr=203.0.113.5,trsvcid=4420\n");
	block(&e, "nvme1n1", "../../devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1");
	tree_link(&e.t, "sys/class/nvme-subsystem/nvme-subsys1/nvme1",
		"../../../nvme-fabrics/ctl/nvme1");
	tree_file(&e.t, "sys/class/nvme/nvme1/address", "traddr=nn-0x1:pn-0x2\n");
	block(&e, "nbd0", "../../devices/virtual/block/nbd0");
	mounts(&e,
		MOUNT("8:1", "/", "ext4 /dev/sda1") MOUNT("259:1", "/boot",
			"ext4 /dev/nvme0n1") MOUNT("259:2", "/home", "ext4 /dev/nvme1n1")
			MOUNT("43:0", "/var", "ext4 /dev/nbd0"));
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"/ [ext4 on sda1] 0000:09:00.0\n/boot [ext4 on nvme0n1] 0000:08:00.0\n"
		"/home [ext4 on nvme1n1] ?\n/var [ext4 on nbd0] ?\n"
		"default route [eth0] 0000:08:00.0\n");
	teardown(&e);
}
