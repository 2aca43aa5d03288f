// SPDX-License-Identifier: GPL-2.0-or-later
// The disks of a ZFS pool, as udev's database knows them.
//
// ZFS tells nothing of its disks in sysfs, and /dev/zfs is for root. But libblkid reads
// the labels of all disks (libblkid/src/superblocks/zfs.c), and what it finds stands in
// /run/udev/data for everybody.
#include "collect/zfs.h"

#include <string.h>

#include "base/text.h"
#include "collect/syspath.h"

/* A pool takes no disk smaller than 64 MiB (SPA_MINDEVSIZE, include/sys/vdev_impl.h). */
enum { MIN_SECTORS = (64 << 20) / 512 };

static const char *attr(
	struct snapshot *s, const struct root *r, const char *name, const char *file)
{
	return snap_str(root_read_attr(
		r, s, arena_printf(s->arena, "sys/class/block/%s/%s", name, file)));
}

/* Lines of /run/udev/data/b8:1 (`E:ID_FS_TYPE=ext4`, `S:disk/by-uuid/…`). */
static char **entry_read(
	struct snapshot *s, const struct root *r, const char *name, size_t *ret_n)
{
	const char *number = attr(s, r, name, "dev");
	char *text;

	*ret_n = 0;
	if (!number || strchr(number, '/'))
		return NULL;
	text = root_read_text(r, s->arena,
		arena_printf(s->arena, "run/udev/data/b%s", number), ROOT_SMALL);
	return text ? text_lines(s->arena, text, ret_n) : NULL;
}

/* What stands behind PREFIX in the first line that has it. */
static const char *entry_value(char **lines, size_t n, const char *prefix)
{
	for (size_t i = 0; i < n; i++)
		if (text_starts(lines[i], prefix))
			return lines[i] + strlen(prefix);
	return NULL;
}

/* Could this disk or partition be a member although nothing says so? Where two labels
 * contradict each other, libblkid tells neither (blkid_do_safeprobe()). */
static bool is_doubtful(struct snapshot *s, const struct root *r, const char *name)
{
	const char *link = snap_str(
		root_read_link(r, s, arena_printf(s->arena, "sys/class/block/%s", name)));
	const char *size = attr(s, r, name, "size");
	uint64_t sectors;

	if (!link || syspath_virtual(link) || text_starts(name, "sr"))
		return false;
	return !size || !text_to_u64(size, &sectors) || sectors >= MIN_SECTORS;
}

bool zfs_members(struct snapshot *s, const struct root *r, const char *pool,
	char ***ret_names, size_t *ret_n)
{
	char **names;
	size_t n, n_lines;
	bool whole = root_list(r, s->arena, "sys/class/block", &names, &n) == STATUS_OK;

	*ret_names = NULL;
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		char **lines = entry_read(s, r, names[i], &n_lines);
		const char *type = entry_value(lines, n_lines, "E:ID_FS_TYPE=");
		const char *label = entry_value(lines, n_lines, "E:ID_FS_LABEL=");

		if (text_equal(type, "zfs_member") && text_equal(label, pool))
			*arena_push(s->arena, *ret_names, *ret_n) = names[i];
		else if (!type && !entry_value(lines, n_lines, "E:ID_PART_TABLE_TYPE="))
			whole &= !is_doubtful(s, r, names[i]);
	}
	return whole && *ret_n;
}

const char *zfs_pool_of(struct snapshot *s, const struct root *r, const char *zd)
{
	size_t n;
	char **lines = entry_read(s, r, zd, &n);
	const char *path = entry_value(lines, n, "S:zvol/");

	return path ? arena_strndup(s->arena, path, strcspn(path, "/")) : NULL;
}
