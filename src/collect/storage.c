// SPDX-License-Identifier: GPL-2.0-or-later
// The file systems and swap that the host runs from, down to the disks' controllers.
#include <string.h>

#include "base/text.h"
#include "collect/mounts.h"
#include "collect/syspath.h"
#include "collect/uses.h"
#include "collect/zfs.h"

enum {
	MAX_DEPTH = 12,   /* file on loop on LVM on LUKS on RAID on partition … */
	MAX_VISITS = 512, /* block devices looked at for one mount */
	MAX_POOLS = 4,    /* a pool on a volume of a pool is rare enough */
};

/* Mount points without which the host does not go on. */
static const char *const vital[] = { "/", "/boot", "/boot/efi", "/efi", "/etc", "/home",
	"/nix", "/nix/store", "/usr", "/var" };

/* File systems that lie in memory. */
static const char *const in_memory[] = { "ramfs", "rootfs", "tmpfs" };

/* File systems that come over the network. */
static const char *const remote[] = { "afs", "ceph", "cifs", "nfs", "nfs4", "smb3" };

/* What the walk down a stack has found. */
struct stack {
	struct snapshot *s;
	const struct root *r;
	const struct mounts *mounts;
	struct snap_texts devices;
	struct strbuf through;
	size_t visits, pools;
	bool unknown;
};

static void stack_file(struct stack *t, const char *file, int depth);
static void stack_path(struct stack *t, const char *path, int depth);

static const char *attr(struct stack *t, const char *name, const char *file)
{
	return snap_str(root_read_attr(t->r, t->s,
		arena_printf(t->s->arena, "sys/class/block/%s/%s", name, file)));
}

/* What comes from the machine with this address: the network card that leads there. */
static void stack_remote(struct stack *t, const char *address)
{
	t->unknown |= !address || !network_towards(t->s, t->r, address, &t->devices);
}

/* `addr=192.0.2.1` in a list of words. */
static const char *word_value(struct stack *t, const char *list, const char *key)
{
	size_t n;
	char **words = text_split(t->s->arena, list ? list : "", ",", &n);

	for (size_t i = 0; i < n; i++)
		if (text_starts(words[i], key))
			return words[i] + strlen(key);
	return NULL;
}

/* An NVMe controller: a PCI function, or one reached over a network. */
static void stack_nvme_controller(struct stack *t, const char *name, const char *link)
{
	if (strstr(link, "/nvme-fabrics/"))
		stack_remote(t,
			word_value(t,
				snap_str(root_read_attr(t->r, t->s,
					arena_printf(t->s->arena,
						"sys/class/nvme/%s/address", name))),
				"traddr="));
	else
		t->unknown |= !syspath_endpoints(t->s, link, &t->devices);
}

/* NVMe with multipath: the disk belongs to a subsystem, whose controllers are links. */
static void stack_nvme(struct stack *t, const char *link)
{
	const char *mark = strstr(link, "/nvme-subsystem/");
	char **names;
	size_t n, found = 0;

	mark += strlen("/nvme-subsystem/");
	const char *dir = arena_printf(t->s->arena, "sys/class/nvme-subsystem/%.*s",
		(int)strcspn(mark, "/"), mark);
	if (root_list(t->r, t->s->arena, dir, &names, &n) == STATUS_OK)
		for (size_t i = 0; i < n; i++) {
			const char *controller = snap_str(root_read_link(t->r, t->s,
				arena_printf(t->s->arena, "%s/%s", dir, names[i])));
			if (!controller || !text_starts(names[i], "nvme") ||
				strstr(controller, "/nvme-subsystem/"))
				continue;
			stack_nvme_controller(t, names[i], controller);
			found++;
		}
	t->unknown |= found == 0;
}

/* `…/platform/host3/session1/target3:0:0/…`: iSCSI in software hangs on no device
 * (drivers/scsi/scsi_transport_iscsi.c); the connection knows the other end. */
static void stack_iscsi(struct stack *t, const char *link)
{
	const char *mark = strstr(link, "/session") + strlen("/session");

	stack_remote(t,
		snap_str(root_read_attr(t->r, t->s,
			arena_printf(t->s->arena,
				"sys/class/iscsi_connection/connection%.*s:0/address",
				(int)strspn(mark, "0123456789"), mark))));
}

/* `/dev/mapper/NAME`, `nvme0n1p2`: as the owner knows it. */
static void stack_name(struct stack *t, const char *name)
{
	const char *mapped = text_starts(name, "dm-") ? attr(t, name, "dm/name") : NULL;

	strbuf_add(&t->through, " on ");
	if (mapped)
		strbuf_add(&t->through, "/dev/mapper/");
	strbuf_add(&t->through, mapped ? mapped : name);
}

static void stack_block(struct stack *t, const char *name, int depth);

/* All members of a pool. */
static void stack_pool(struct stack *t, const char *pool, int depth)
{
	char **names;
	size_t n;

	if (t->pools++ >= MAX_POOLS) {
		t->unknown = true;
		return;
	}
	t->unknown |= !zfs_members(t->s, t->r, pool, &names, &n);
	for (size_t i = 0; i < n; i++)
		stack_block(t, names[i], depth + 1);
}

/* Devices that know better than by slaves what they lie on; false if this is none. */
static bool stack_special(struct stack *t, const char *name, const char *link, int depth)
{
	const char *file, *pool;

	if (strstr(link, "/nvme-subsystem/")) {
		stack_nvme(t, link);
	} else if (strstr(link, "/nvme-fabrics/")) {
		const char *mark = strstr(link, "/ctl/");
		mark = mark ? mark + strlen("/ctl/") : "";
		stack_nvme_controller(
			t, arena_strndup(t->s->arena, mark, strcspn(mark, "/")), link);
	} else if (text_starts(name, "loop") &&
		(file = attr(t, name, "loop/backing_file"))) {
		stack_file(t, file, depth + 1);
	} else if (text_starts(name, "zd") && (pool = zfs_pool_of(t->s, t->r, name))) {
		stack_pool(t, pool, depth);
	} else {
		/* Compressed or plain memory */
		return text_starts(name, "zram") || text_starts(name, "ram");
	}
	return true;
}

/* Below a device that is no hardware: its slaves, its file, the disk it is a part of. */
static void stack_virtual(struct stack *t, const char *name, const char *link, int depth)
{
	struct arena *a = t->s->arena;
	char **names;
	size_t n = 0;

	if (stack_special(t, name, link, depth))
		return;
	if (root_list(t->r, a, arena_printf(a, "sys/class/block/%s/slaves", name), &names,
		    &n) == STATUS_OK &&
		n) {
		for (size_t i = 0; i < n; i++)
			stack_block(t, names[i], depth + 1);
		return;
	}
	/* …/block/md0/md0p1 */
	const char *mark = strstr(link, "/block/");
	char **parts = text_split(a, mark ? mark + strlen("/block/") : "", "/", &n);
	if (n == 2)
		stack_block(t, parts[0], depth + 1);
	else
		t->unknown = true;
}

static void stack_block(struct stack *t, const char *name, int depth)
{
	const char *link = NULL;

	if (!strchr(name, '/'))
		link = snap_str(root_read_link(t->r, t->s,
			arena_printf(t->s->arena, "sys/class/block/%s", name)));
	if (!link || depth >= MAX_DEPTH || t->visits++ >= MAX_VISITS) {
		t->unknown = true;
		return;
	}
	stack_name(t, name);
	if (syspath_virtual(link))
		stack_virtual(t, name, link, depth);
	else if (!syspath_endpoints(t->s, link, &t->devices) && strstr(link, "/session"))
		stack_iscsi(t, link);
}

/* `UUID=…` as fstab and the kernel command line have it: udev's link of it. */
static const char *node_of_tag(struct stack *t, const char *tag)
{
	static const struct {
		const char *tag, *dir;
	} tags[] = { { "UUID=", "by-uuid" }, { "PARTUUID=", "by-partuuid" },
		{ "LABEL=", "by-label" }, { "PARTLABEL=", "by-partlabel" } };

	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		const char *value = tag + strlen(tags[i].tag);
		size_t quoted = text_starts(tag, tags[i].tag) && *value == '"';
		if (text_starts(tag, tags[i].tag))
			return arena_printf(t->s->arena, "/dev/disk/%s/%.*s", tags[i].dir,
				(int)strcspn(value + quoted, "\""), value + quoted);
	}
	return tag;
}

/* What root= of the kernel command line says; "" if there is none. */
static const char *root_word(struct stack *t)
{
	const char *line = root_read_text(t->r, t->s->arena, "proc/cmdline", ROOT_SMALL);
	const char *found = "";
	size_t n;
	char **words = text_split(t->s->arena, line ? line : "", " \t\n", &n);

	for (size_t i = 0; i < n; i++)
		if (text_starts(words[i], "root="))
			found = node_of_tag(t, words[i] + strlen("root="));
	return found;
}

/* Kernel name of `/dev/sda2`, `/dev/mapper/NAME`, `/dev/disk/by-…`; NULL if unknown. */
static const char *block_of_node(struct stack *t, const char *node)
{
	struct arena *a = t->s->arena;
	char **names;
	size_t n;

	if (text_equal(node, "/dev/root"))
		node = root_word(t);
	if (!text_starts(node, "/dev/"))
		return NULL;
	const char *name = node + strlen("/dev/");
	if (!strchr(name, '/') &&
		root_exists(t->r, arena_printf(a, "sys/class/block/%s", name)))
		return name;
	const char *link = snap_str(root_read_link_name(t->r, t->s, node + 1));
	if (link)
		return link;
	if (!text_starts(name, "mapper/") ||
		root_list(t->r, a, "sys/class/block", &names, &n) != STATUS_OK)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (text_starts(names[i], "dm-") &&
			text_equal(
				attr(t, names[i], "dm/name"), name + strlen("mapper/")))
			return names[i];
	return NULL;
}

/* All members of the btrfs that this device is one of; false if there is no such list. */
static bool stack_btrfs(struct stack *t, const char *name, int depth)
{
	struct arena *a = t->s->arena;
	char **uuids, **members;
	size_t n, m;

	if (root_list(t->r, a, "sys/fs/btrfs", &uuids, &n) != STATUS_OK)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *dir = arena_printf(a, "sys/fs/btrfs/%s/devices", uuids[i]);
		if (root_list(t->r, a, dir, &members, &m) != STATUS_OK)
			continue;
		bool ours = false;
		for (size_t j = 0; j < m; j++)
			ours |= text_equal(members[j], name);
		for (size_t j = 0; ours && j < m; j++)
			stack_block(t, members[j], depth + 1);
		if (ours)
			return true;
	}
	return false;
}

/* `/dev/sda2`, or `/dev/sda2:/dev/sdb2` of bcachefs. */
static void stack_nodes(struct stack *t, const struct mount *m, int depth)
{
	size_t n;
	const char *source = node_of_tag(t, m->source);
	char **nodes = text_split(t->s->arena, source, ":", &n);

	for (size_t i = 0; i < n; i++) {
		const char *name = block_of_node(t, nodes[i]);
		if (!name)
			t->unknown = true;
		else if (!text_equal(m->type, "btrfs") || !stack_btrfs(t, name, depth)) {
			stack_block(t, name, depth);
			/* Without that list other members may exist */
			t->unknown |= text_equal(m->type, "btrfs");
		}
	}
	t->unknown |= n == 0;
}

/* Does the layer at PATH seem to lie in memory? What an initramfs had mounted there and
 * took away again is not seen any more. */
static bool in_memory_at(const struct stack *t, const char *path)
{
	const struct mount *m = *path == '/' ? mount_of(t->mounts, path) : NULL;

	return m &&
		text_is_among(m->type, in_memory, sizeof in_memory / sizeof in_memory[0]);
}

/* `lowerdir=/a:/b,upperdir=/c`: an overlay lies on what its layers lie on. */
static void stack_overlay(struct stack *t, const struct mount *m, int depth)
{
	static const char *const keys[] = {
		"lowerdir=", "lowerdir+=", "datadir+=", "upperdir="
	};
	size_t n, n_paths, layers = 0, before = t->devices.n;
	char **options = text_split(t->s->arena, m->options, ",", &n);
	bool hidden = false;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
			if (!text_starts(options[i], keys[k]))
				continue;
			char **paths = text_split(
				t->s->arena, options[i] + strlen(keys[k]), ":", &n_paths);
			for (size_t p = 0; p < n_paths; p++, layers++) {
				hidden |= keys[k][0] != 'u' && in_memory_at(t, paths[p]);
				stack_path(t, paths[p], depth + 1);
			}
		}
	t->unknown |= layers == 0 || (hidden && t->devices.n == before);
}

/* A log or a real-time part on a disk of its own (xfs(5), ext4(5)). */
static void stack_extra_disks(struct stack *t, const struct mount *m, int depth)
{
	static const char *const keys[] = { "logdev=", "rtdev=", "journal_path=" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const char *node = word_value(t, m->options, keys[i]);
		const char *name = node ? block_of_node(t, node) : NULL;
		if (name)
			stack_block(t, name, depth);
		else if (node)
			t->unknown = true;
	}
}

/* The device of a file system that has one, by its number, else by its name. */
static void stack_disk(struct stack *t, const struct mount *m, int depth)
{
	const char *name = NULL;

	if (!text_starts(m->number, "0:"))
		name = snap_str(root_read_link_name(t->r, t->s,
			arena_printf(t->s->arena, "sys/dev/block/%s", m->number)));
	if (name)
		stack_block(t, name, depth);
	else if (text_equal(m->type, "zfs"))
		stack_pool(t,
			arena_strndup(t->s->arena, m->source, strcspn(m->source, "/")),
			depth);
	else
		stack_nodes(t, m, depth);
	stack_extra_disks(t, m, depth);
}

static void stack_mount(struct stack *t, const struct mount *m, int depth)
{
	strbuf_addf(&t->through, "%s%s", t->through.len ? " on " : "", m->type);
	if (depth >= MAX_DEPTH || t->visits++ >= MAX_VISITS)
		t->unknown = true;
	else if (text_is_among(m->type, remote, sizeof remote / sizeof remote[0]))
		stack_remote(t, word_value(t, m->options, "addr="));
	else if (text_equal(m->type, "overlay"))
		stack_overlay(t, m, depth);
	else if (!text_is_among(
			 m->type, in_memory, sizeof in_memory / sizeof in_memory[0]))
		stack_disk(t, m, depth);
}

/* The mount that a file lies on. */
static void stack_path(struct stack *t, const char *path, int depth)
{
	const struct mount *m = *path == '/' ? mount_of(t->mounts, path) : NULL;

	/* An overlay's layers are named as its maker saw them; in a container that is a
	 * path of the host, which would lead back to the overlay itself */
	if (m && depth < MAX_DEPTH && !(text_equal(m->type, "overlay") && depth))
		stack_mount(t, m, depth);
	else
		t->unknown = true;
}

/* The file behind a loop device. One in memory must be there to be seen: it may lie on
 * what an initramfs had mounted and took away again. */
static void stack_file(struct stack *t, const char *file, int depth)
{
	stack_path(t, file, depth);
	t->unknown |= in_memory_at(t, file) && !root_exists(t->r, file + 1);
}

static void stack_use(struct stack *t, const char *what)
{
	use_add(t->s, what, strbuf_text(&t->through), &t->devices, t->unknown);
	strbuf_free(&t->through);
}

/* Filename Type Size Used Priority, of /proc/swaps */
static void swap_add(struct snapshot *s, const struct root *r,
	const struct mounts *mounts, const char *file, const char *type)
{
	struct stack t = { .s = s, .r = r, .mounts = mounts };
	const char *name = block_of_node(&t, file);

	strbuf_add(&t.through, "swap");
	if (text_equal(type, "file"))
		stack_path(&t, file, 0);
	else if (name)
		stack_block(&t, name, 0);
	else
		t.unknown = true;
	stack_use(&t, "swap");
}

static void swaps_collect(
	struct snapshot *s, const struct root *r, const struct mounts *mounts)
{
	struct root_bytes got = root_read(r, s->arena, "proc/swaps", ROOT_SMALL);
	size_t n_lines, n;

	if (got.status != STATUS_OK) {
		/* A kernel without swap has no such file, but a copy may lack it too */
		const struct snap_texts none = { 0 };
		if (!r->live || got.status != STATUS_ABSENT)
			use_add(s, "swap", NULL, &none, true);
		return;
	}
	char **lines = text_lines(
		s->arena, text_clean(s->arena, (char *)got.p, got.n), &n_lines);
	for (size_t i = 1; i < n_lines; i++) {
		char **word = text_split(s->arena, lines[i], " \t", &n);
		if (n >= 2)
			swap_add(s, r, mounts, octal_decode(s->arena, word[0]), word[1]);
	}
}

/* Where nothing tells what is mounted: the disk that the kernel was started with. */
static void root_word_collect(struct snapshot *s, const struct root *r)
{
	const struct mounts none = { 0 };
	struct stack t = { .s = s, .r = r, .mounts = &none };
	const char *name = block_of_node(&t, "/dev/root");

	if (name) {
		strbuf_add(&t.through, "root=");
		stack_block(&t, name, 0);
		stack_use(&t, "/");
	}
}

/* What is mounted on POINT. What systemd or a person mounts there when it is needed
 * stands in fstab; without a line there it is on the same disk as the root file system
 * (systemd-gpt-auto-generator(8)). */
static const struct mount *vital_mount(struct snapshot *s, const struct root *r,
	const struct mounts *mounts, const char *point)
{
	const struct mount *m = mount_at(mounts, point);

	if (m && !text_equal(m->type, "autofs"))
		return m;
	return m || text_starts(point, "/boot") || text_equal(point, "/efi")
		? mount_planned(s, r, point)
		: NULL;
}

void collect_storage(struct snapshot *s, const struct root *r)
{
	struct mounts mounts = { 0 };
	enum source_status status = mounts_read(s, r, &mounts);

	if (status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_STORAGE, status, "no list of mounts");
		root_word_collect(s, r);
		return;
	}
	snapshot_set_status(s, SOURCE_STORAGE, STATUS_OK, NULL);
	for (size_t i = 0; i < sizeof vital / sizeof vital[0]; i++) {
		struct stack t = { .s = s, .r = r, .mounts = &mounts };
		const struct mount *m = vital_mount(s, r, &mounts, vital[i]);
		if (!m)
			continue;
		stack_mount(&t, m, 0);
		stack_use(&t, vital[i]);
	}
	swaps_collect(s, r, &mounts);
}
