// SPDX-License-Identifier: GPL-2.0-or-later
// The file systems and swap that the host runs from, down to the disks' controllers.
#include <string.h>

#include "base/text.h"
#include "collect/syspath.h"
#include "collect/uses.h"

enum {
	MAX_DEPTH = 12,   /* file on loop on LVM on LUKS on RAID on partition … */
	MAX_VISITS = 512, /* block devices looked at for one mount */
};

/* Mount points without which the host does not go on. */
static const char *const vital[] = { "/", "/boot", "/boot/efi", "/efi", "/etc", "/home",
	"/nix", "/nix/store", "/usr", "/var" };

/* File systems that lie on no disk of this machine: memory, network, or a host outside.
 */
static const char *const diskless[] = { "9p", "afs", "ceph", "cifs", "nfs", "nfs4",
	"ramfs", "rootfs", "smb3", "tmpfs", "virtiofs" };

struct mount {
	const char *point, *type, *source, *options;
	const char
		*number; /* "254:0"; "0:…" for file systems that may have several disks */
};

struct mounts {
	struct mount *v;
	size_t n;
};

/* What the walk down a stack has found. */
struct stack {
	struct snapshot *s;
	const struct root *r;
	const struct mounts *mounts;
	struct snap_texts devices;
	struct strbuf through;
	size_t visits;
	bool unknown;
};

static void stack_path(struct stack *t, const char *path, int depth);

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(word, list[i]))
			return true;
	return false;
}

/* `\040` of /proc/…/mountinfo (fs/proc_namespace.c, mangle()). */
static char *octal_decode(struct arena *a, const char *p)
{
	char *out = arena_strdup(a, p), *w = out;

	while (*p) {
		bool coded = p[0] == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' &&
			p[2] <= '7' && p[3] >= '0' && p[3] <= '7';
		*w++ = coded
			? (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'))
			: *p;
		p += coded ? 4 : 1;
	}
	*w = '\0';
	return out;
}

/* `27 1 254:0 / /boot rw shared:1 - ext4 /dev/vda rw`: optional fields end with a dash.
 */
static bool mountinfo_parse(struct arena *a, const char *line, struct mount *ret)
{
	size_t n, dash = 6;
	char **word = text_split(a, line, " ", &n);

	while (dash < n && !text_equal(word[dash], "-"))
		dash++;
	if (dash + 2 >= n)
		return false;
	*ret = (struct mount){ .point = octal_decode(a, word[4]),
		.type = word[dash + 1],
		.source = octal_decode(a, word[dash + 2]),
		.options = dash + 3 < n ? octal_decode(a, word[dash + 3]) : "",
		.number = word[2] };
	return true;
}

/* `/dev/vda / ext4 rw 0 0` of /proc/mounts, where that is all there is. */
static bool mtab_parse(struct arena *a, const char *line, struct mount *ret)
{
	size_t n;
	char **word = text_split(a, line, " ", &n);

	if (n < 4)
		return false;
	*ret = (struct mount){ .point = octal_decode(a, word[1]),
		.type = word[2],
		.source = octal_decode(a, word[0]),
		.options = octal_decode(a, word[3]),
		.number = "0:0" };
	return true;
}

static enum source_status mounts_read(
	struct snapshot *s, const struct root *r, struct mounts *ret)
{
	bool (*parse)(struct arena *, const char *, struct mount *) = mountinfo_parse;
	struct root_bytes got = root_read(r, s->arena, "proc/self/mountinfo", ROOT_LARGE);
	size_t n;

	if (got.status != STATUS_OK) {
		parse = mtab_parse;
		got = root_read(r, s->arena, "proc/mounts", ROOT_LARGE);
	}
	if (got.status != STATUS_OK)
		return got.status;
	char **lines =
		text_lines(s->arena, text_clean(s->arena, (char *)got.p, got.n), &n);
	for (size_t i = 0; i < n; i++) {
		struct mount m;
		if (parse(s->arena, lines[i], &m))
			*arena_push(s->arena, ret->v, ret->n) = m;
	}
	return ret->n ? STATUS_OK : STATUS_ERROR;
}

/* The mount on POINT that is seen: the last one covers the others. */
static const struct mount *mount_at(const struct mounts *mounts, const char *point)
{
	for (size_t i = mounts->n; i-- > 0;)
		if (text_equal(mounts->v[i].point, point))
			return &mounts->v[i];
	return NULL;
}

/* The mount that holds a path: the one with the longest point. */
static const struct mount *mount_of(const struct mounts *mounts, const char *path)
{
	const struct mount *best = NULL;

	for (size_t i = mounts->n; i-- > 0;) {
		const struct mount *m = &mounts->v[i];
		size_t n = strlen(m->point);
		bool below = text_equal(m->point, "/") ||
			(text_starts(path, m->point) && (!path[n] || path[n] == '/'));
		if (below && (!best || n > strlen(best->point)))
			best = m;
	}
	return best;
}

static const char *attr(struct stack *t, const char *name, const char *file)
{
	return snap_str(root_read_attr(t->r, t->s,
		arena_printf(t->s->arena, "sys/class/block/%s/%s", name, file)));
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
			if (controller && text_starts(names[i], "nvme") &&
				!strstr(controller, "/nvme-subsystem/"))
				found += syspath_endpoints(t->s, controller, &t->devices);
		}
	t->unknown |= found == 0;
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

/* Below a device that is no hardware: its slaves, its file, the disk it is a part of. */
static void stack_virtual(struct stack *t, const char *name, const char *link, int depth)
{
	static const char *const memory[] = { "nbd", "ram", "rbd", "zram" };
	struct arena *a = t->s->arena;
	char **names;
	size_t n = 0;

	if (strstr(link, "/nvme-subsystem/")) {
		stack_nvme(t, link);
		return;
	}
	for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++)
		if (text_starts(name, memory[i]))
			return;
	const char *file =
		text_starts(name, "loop") ? attr(t, name, "loop/backing_file") : NULL;
	if (file) {
		stack_path(t, file, depth + 1);
		return;
	}
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
	else
		syspath_endpoints(t->s, link, &t->devices);
}

/* Kernel name of `/dev/sda2`, `/dev/mapper/NAME`, `/dev/disk/by-…`; NULL if unknown. */
static const char *block_of_node(struct stack *t, const char *node)
{
	struct arena *a = t->s->arena;
	char **names;
	size_t n;

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
	char **nodes = text_split(t->s->arena, m->source, ":", &n);

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

/* `lowerdir=/a:/b,upperdir=/c`: an overlay lies on what its layers lie on. */
static void stack_overlay(struct stack *t, const struct mount *m, int depth)
{
	static const char *const keys[] = {
		"lowerdir=", "lowerdir+=", "datadir+=", "upperdir="
	};
	size_t n, n_paths, layers = 0;
	char **options = text_split(t->s->arena, m->options, ",", &n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
			if (!text_starts(options[i], keys[k]))
				continue;
			char **paths = text_split(
				t->s->arena, options[i] + strlen(keys[k]), ":", &n_paths);
			for (size_t p = 0; p < n_paths; p++, layers++)
				stack_path(t, paths[p], depth + 1);
		}
	t->unknown |= layers == 0;
}

static void stack_mount(struct stack *t, const struct mount *m, int depth)
{
	strbuf_addf(&t->through, "%s%s", t->through.len ? " on " : "", m->type);
	if (depth >= MAX_DEPTH || t->visits++ >= MAX_VISITS) {
		t->unknown = true;
		return;
	}
	if (is_one_of(m->type, diskless, sizeof diskless / sizeof diskless[0]))
		return;
	if (text_equal(m->type, "overlay")) {
		stack_overlay(t, m, depth);
		return;
	}
	if (!text_starts(m->number, "0:")) {
		const char *name = snap_str(root_read_link_name(t->r, t->s,
			arena_printf(t->s->arena, "sys/dev/block/%s", m->number)));
		if (name) {
			stack_block(t, name, depth);
			return;
		}
	}
	if (text_starts(m->source, "/dev/"))
		stack_nodes(t, m, depth);
	else
		t->unknown = true; /* ZFS and what else manages its own members */
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

static void stack_use(struct stack *t, const char *what)
{
	use_add(t->s, what, strbuf_text(&t->through), &t->devices, t->unknown);
	strbuf_free(&t->through);
}

/* Filename Type Size Used Priority, of /proc/swaps */
static void swaps_collect(
	struct snapshot *s, const struct root *r, const struct mounts *mounts)
{
	struct root_bytes got = root_read(r, s->arena, "proc/swaps", ROOT_SMALL);
	size_t n_lines, n;

	if (got.status != STATUS_OK)
		return;
	char **lines = text_lines(
		s->arena, text_clean(s->arena, (char *)got.p, got.n), &n_lines);
	for (size_t i = 1; i < n_lines; i++) {
		struct stack t = { .s = s, .r = r, .mounts = mounts };
		char **word = text_split(s->arena, lines[i], " \t", &n);
		if (n < 2)
			continue;
		const char *file = octal_decode(s->arena, word[0]);
		const char *name = block_of_node(&t, file);
		strbuf_add(&t.through, "swap");
		if (text_equal(word[1], "file"))
			stack_path(&t, file, 0);
		else if (name)
			stack_block(&t, name, 0);
		else
			t.unknown = true;
		stack_use(&t, "swap");
	}
}

void collect_storage(struct snapshot *s, const struct root *r)
{
	struct mounts mounts = { 0 };
	enum source_status status = mounts_read(s, r, &mounts);

	if (status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_STORAGE, status, "no list of mounts");
		return;
	}
	snapshot_set_status(s, SOURCE_STORAGE, STATUS_OK, NULL);
	for (size_t i = 0; i < sizeof vital / sizeof vital[0]; i++) {
		struct stack t = { .s = s, .r = r, .mounts = &mounts };
		const struct mount *m = mount_at(&mounts, vital[i]);
		/* autofs waits on the mount point of what is mounted later */
		if (!m || text_equal(m->type, "autofs"))
			continue;
		stack_mount(&t, m, 0);
		stack_use(&t, vital[i]);
	}
	swaps_collect(s, r, &mounts);
}
