// SPDX-License-Identifier: GPL-2.0-or-later
// Reads below a directory: their bounds, their statuses, and that no link leads out.
#include <errno.h>
#include <fcntl.h>

#include "tap.h"
#include "tree.h"

#include "collect/lines.h"
#include "collect/resolve.h"
#include "collect/root.h"

TEST(a_whole_file_and_its_limit)
{
	struct env e;
	struct root_bytes b;

	setup(&e);
	tree_file(&e.t, "etc/f", "12345");
	b = root_read(&e.r, e.s->arena, "etc/f", 5);
	is_int(b.status, STATUS_OK);
	is_int(b.n, 5);
	is_str((char *)b.p, "12345");
	b = root_read(&e.r, e.s->arena, "etc/f", 4);
	is_int(b.status, STATUS_TRUNCATED);
	is_int(b.n, 4);
	is_str((char *)b.p, "1234");
	is_str(root_read_text(&e.r, e.s->arena, "etc/f", 4), NULL);
	teardown(&e);
}

TEST(a_file_of_many_chunks)
{
	struct env e;
	size_t n = 100001;
	char *big = malloc(n);
	struct root_bytes b;

	setup(&e);
	for (size_t i = 0; i < n; i++)
		big[i] = (char)('a' + i % 23);
	tree_bytes(&e.t, "big", big, n);
	b = root_read(&e.r, e.s->arena, "big", ROOT_LARGE);
	is_int(b.status, STATUS_OK);
	is_int(b.n, n);
	ok(b.p && memcmp(b.p, big, n) == 0 && b.p[n] == 0);
	free(big);
	teardown(&e);
}

TEST(what_is_no_file)
{
	struct env e;
	char full[PATH_MAX];

	setup(&e);
	tree_dir(&e.t, "sys");
	tree_must(mkfifo(tree_path(&e.t, "fifo", full), 0644) == 0, "mkfifo");
	tree_file(&e.t, "file", "");
	is_int(root_read(&e.r, e.s->arena, "none", 9).status, STATUS_ABSENT);
	is_int(root_read(&e.r, e.s->arena, "file/none", 9).status, STATUS_ABSENT);
	is_int(root_read(&e.r, e.s->arena, "sys", 9).status, STATUS_ERROR);
	is_int(root_read(&e.r, e.s->arena, "fifo", 9).status, STATUS_ERROR);
	is_int(root_stat(&e.r, "fifo", false).kind, ROOT_NODE);
	is_int(root_stat(&e.r, "sys", false).kind, ROOT_DIR);
	is_int(root_stat(&e.r, "file", false).kind, ROOT_FILE);
	is_int(root_stat(&e.r, "none", false).kind, ROOT_NOTHING);
	teardown(&e);
}

TEST(values_of_attributes)
{
	struct env e;

	setup(&e);
	tree_dir(&e.t, "sys");
	tree_file(&e.t, "text", " D0 \nsecond\n");
	tree_file(&e.t, "empty", "\n");
	tree_bytes(&e.t, "nul", "a\0b\n", 4);
	tree_file(&e.t, "minus", "-1\n");
	tree_file(&e.t, "class", "0x030000\n");
	tree_file(&e.t, "cap", "d2008c40660462\n");
	tree_file(&e.t, "yes", "Y\n");
	tree_file(&e.t, "two", "2\n");
	is_str(root_read_attr(&e.r, e.s, "text").s, "D0");
	is_int(root_read_attr(&e.r, e.s, "empty").have, HAVE_NONE);
	is_int(root_read_attr(&e.r, e.s, "none").have, HAVE_NONE);
	is_int(root_read_attr(&e.r, e.s, "nul").have, HAVE_NOT);
	is_int(root_read_attr(&e.r, e.s, "sys").have, HAVE_NOT);
	is_int(root_read_int(&e.r, e.s, "minus").v, -1);
	is_int(root_read_int(&e.r, e.s, "text").have, HAVE_NOT);
	is_int(root_read_hex(&e.r, e.s, "class").v, 0x030000);
	ok(root_read_hex(&e.r, e.s, "cap").v == 0xd2008c40660462);
	is_int(root_read_hex(&e.r, e.s, "yes").have, HAVE_NOT);
	is_int(root_read_bool(&e.r, e.s, "yes").v, true);
	is_int(root_read_bool(&e.r, e.s, "two").have, HAVE_NOT);
	teardown(&e);
}

TEST(links_are_read_not_followed)
{
	struct env e;
	char **names;
	size_t n;

	setup(&e);
	tree_link(&e.t, "d/driver", "../../bus/pci/drivers/nowhere");
	tree_link(&e.t, "d/bare", "name");
	tree_file(&e.t, "d/file", "x");
	is_str(root_read_link(&e.r, e.s, "d/driver").s, "../../bus/pci/drivers/nowhere");
	is_str(root_read_link_name(&e.r, e.s, "d/driver").s, "nowhere");
	is_str(root_read_link_name(&e.r, e.s, "d/bare").s, "name");
	is_int(root_read_link(&e.r, e.s, "d/file").have, HAVE_NONE);
	is_int(root_read_link(&e.r, e.s, "d/none").have, HAVE_NONE);
	is_int(root_stat(&e.r, "d/driver", false).kind, ROOT_LINK);
	is_int(root_stat(&e.r, "d/driver", true).kind, ROOT_NOTHING);
	ok(root_exists(&e.r, "d/driver"));
	is_int(root_list(&e.r, e.s->arena, "d", &names, &n), STATUS_OK);
	is_int(n, 3);
	is_str(names[0], "bare");
	is_str(names[1], "driver");
	is_str(names[2], "file");
	is_int(root_list(&e.r, e.s->arena, "none", &names, &n), STATUS_ABSENT);
	teardown(&e);
}

static void make_maze(struct env *e)
{
	tree_file(&e->t, "etc/hostname", "inside\n");
	tree_link(&e->t, "etc/absolute", "/etc/hostname");
	tree_link(&e->t, "etc/up", "../../../../../../../../etc/hostname");
	tree_link(&e->t, "etc/chain", "absolute");
	tree_link(&e->t, "etc/loop", "loop");
	tree_link(&e->t, "etc/passwd", "/etc/passwd");
	tree_link(&e->t, "lib", "usr/lib");
	tree_file(&e->t, "usr/lib/modules/x", "module\n");
	tree_link(&e->t, "usr/back", "/../lib/./modules");
}

TEST(links_stay_in_the_tree)
{
	struct env e;

	setup(&e);
	make_maze(&e);
	is_str(root_read_attr(&e.r, e.s, "etc/absolute").s, "inside");
	is_str(root_read_attr(&e.r, e.s, "etc/up").s, "inside");
	is_str(root_read_attr(&e.r, e.s, "etc/chain").s, "inside");
	is_str(root_read_attr(&e.r, e.s, "lib/modules/x").s, "module");
	is_str(root_read_attr(&e.r, e.s, "usr/back/x").s, "module");
	is_str(root_read_attr(&e.r, e.s, "../etc/hostname").s, "inside");
	is_int(root_read(&e.r, e.s->arena, "etc/passwd", 9).status, STATUS_ERROR);
	is_int(root_read(&e.r, e.s->arena, "etc/loop", 9).status, STATUS_ERROR);
	teardown(&e);
}

/* 0 or the errno; *RET is the file's inode. */
static int inode_of(int fd, ino_t *ret)
{
	struct stat st;
	int error = fd < 0 ? errno : 0;

	*ret = 0;
	if (fd >= 0) {
		fstat(fd, &st);
		*ret = st.st_ino;
		close(fd);
	}
	return error;
}

TEST(walking_by_steps_agrees_with_the_kernel)
{
	static const char *const paths[] = { "etc/hostname", "etc/absolute", "etc/up",
		"etc/chain", "etc/loop", "etc/none", "etc/hostname/x", "lib/modules/x",
		"usr/back/x", "usr/back/../../../etc/hostname", ".", "..", "lib/", "lib",
		"/etc/hostname", "etc//hostname" };
	static const int flags[] = { O_RDONLY, O_PATH | O_NOFOLLOW };
	struct env e;

	setup(&e);
	make_maze(&e);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		for (size_t f = 0; f < 2; f++) {
			ino_t a, b;
			int x = inode_of(resolve_open(e.r.fd, paths[i], flags[f]), &a);
			int y = inode_of(
				resolve_open_by_steps(e.r.fd, paths[i], flags[f]), &b);

			if (x != y || a != b)
				tap_fail("%s: errno %d and %d, inode %lu and %lu",
					paths[i], x, y, (unsigned long)a,
					(unsigned long)b);
		}
	}
	teardown(&e);
}

TEST(entering_a_directory)
{
	struct env e;
	struct root dir;

	setup(&e);
	tree_file(&e.t, "sys/devices/a/vendor", "0x8086\n");
	tree_link(&e.t, "sys/bus/a", "../devices/a");
	ok(root_enter(&e.r, "sys/bus/a", &dir));
	is_int(root_read_hex(&dir, e.s, "vendor").v, 0x8086);
	root_close(&dir);
	ok(!root_enter(&e.r, "sys/bus/b", &dir));
	ok(!root_enter(&e.r, "sys/devices/a/vendor", &dir));
	teardown(&e);
}

TEST(a_tree_that_is_not_there)
{
	struct root r;

	ok(!root_open(&r, "/nonexistent/tree"));
	is_int(errno, ENOENT);
}

struct counted {
	size_t lines, bytes, longest;
	char last[16];
};

static void count_line(void *context, char *line, size_t n)
{
	struct counted *c = context;

	c->lines++;
	c->bytes += n;
	if (n > c->longest)
		c->longest = n;
	snprintf(c->last, sizeof c->last, "%s", line);
}

TEST(lines_of_a_large_file)
{
	struct env e;
	struct counted c = { 0 };
	size_t n = 300000;
	char *text = malloc(n);

	setup(&e);
	/* 1000 lines, one of 150 kB without an end near, and a last one that is not ended
	 */
	for (size_t i = 0; i < n; i++)
		text[i] = i % 150 == 149 && i < 150000 ? '\n' : 'x';
	memcpy(text + n - 6, "\nlast!", 6);
	tree_bytes(&e.t, "f", text, n);
	is_int(lines_each(&e.r, "f", count_line, &c), STATUS_OK);
	is_int(c.lines, 1002);
	is_int(c.longest, 4095);
	is_int(c.bytes, 1000 * 149 + 4095 + 5);
	is_str(c.last, "last!");
	is_int(lines_each(&e.r, "none", count_line, &c), STATUS_ABSENT);
	free(text);
	teardown(&e);
}
