// SPDX-License-Identifier: GPL-2.0-or-later
// Archives: what is unpacked, what is refused and how, and that nothing is left behind.
#include "collect/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

#include "collect/archive_names.h"
#include "tree.h"

/* An archive that a test writes, and the TMPDIR that it is unpacked in. */
struct box {
	struct tree t;
	char path[PATH_MAX], tmp[PATH_MAX];
	struct archive *a;
};

static struct box box_new(int format, int filter)
{
	struct box b = { .t = tree_new(), .a = archive_write_new() };

	tree_dir(&b.t, "tmp");
	tree_path(&b.t, "tmp", b.tmp);
	tree_path(&b.t, "a.tar", b.path);
	setenv("TMPDIR", b.tmp, 1);
	archive_write_set_format(b.a, format);
	archive_write_add_filter(b.a, filter);
	if (format != ARCHIVE_FORMAT_ZIP)
		archive_write_set_bytes_in_last_block(b.a, 1);
	tree_must(archive_write_open_filename(b.a, b.path) == ARCHIVE_OK, b.path);
	return b;
}

static struct box tar_new(void)
{
	return box_new(ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE);
}

static void box_add(struct box *b, const char *name, mode_t type, const char *target,
	const char *text)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_mode(e, type | 0644);
	archive_entry_set_mtime(e, 1700000000, 0);
	archive_entry_set_size(e, text ? (la_int64_t)strlen(text) : 0);
	if (type == S_IFLNK)
		archive_entry_set_symlink(e, target);
	else if (target)
		archive_entry_set_hardlink(e, target);
	tree_must(archive_write_header(b->a, e) >= ARCHIVE_WARN, name);
	if (text)
		archive_write_data(b->a, text, strlen(text));
	archive_entry_free(e);
}

static void box_file(struct box *b, const char *name, const char *text)
{
	box_add(b, name, S_IFREG, NULL, text);
}

static void box_close(struct box *b)
{
	tree_must(archive_write_free(b->a) == ARCHIVE_OK, b->path);
	b->a = NULL;
}

static size_t entries_in(const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	tree_must(d != NULL, path);
	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void box_free(struct box *b)
{
	is_int(entries_in(b->tmp), 0);
	tree_free(&b->t);
}

/* Unpacks and removes; the line of the refusal, "" if there was none. */
static const char *refusal(struct box *b)
{
	static struct capture_error error;
	struct arena *a = arena_new();
	struct workdir w;

	error = (struct capture_error){ 0 };
	if (b->a)
		box_close(b);
	tree_must(workdir_make(&w, a), b->tmp);
	ok(archive_unpack(b->path, &w, &error) == !*error.message);
	workdir_remove(&w);
	arena_free(a);
	return error.message;
}

/* The line by which one entry is refused. */
static const char *entry_refusal(
	const char *name, mode_t type, const char *target, const char *text)
{
	static char line[512];
	struct box b = tar_new();

	box_file(&b, "fine", "x");
	box_add(&b, name, type, target, text);
	snprintf(line, sizeof line, "%s", refusal(&b));
	box_free(&b);
	return line;
}

TEST(names_are_made_plain)
{
	struct arena *a = arena_new();
	const char *why;

	is_str(archive_name(a, "./sys//bus/./pci/", &why), "sys/bus/pci");
	is_str(archive_name(a, ".", &why), "");
	is_str(archive_name(a, "a..b/...", &why), "a..b/...");
	is_str(archive_name(a, "/etc", &why), NULL);
	is_str(why, "is an absolute path");
	is_str(archive_name(a, "a/../../b", &why), NULL);
	is_str(why, "leads out of the archive");
	arena_free(a);
}

TEST(links_of_a_copied_host_stay)
{
	ok(archive_link_stays("sys/bus/pci/devices/0000:01:00.0/driver",
		"../../../../bus/pci/drivers/nvidia"));
	ok(archive_link_stays("etc/modprobe.d/a.conf", "/dev/null"));
	ok(archive_link_stays("sosreport-x/etc/mtab", "/proc/self/mounts"));
	ok(archive_link_stays("lspci", "sos_commands/pci/lspci_-nnvv"));
	ok(archive_link_stays("a/b", "../c"));
	ok(!archive_link_stays("a/b", "../../c"));
	ok(!archive_link_stays("a", ".."));
	ok(!archive_link_stays("a", "b/../../c/../.."));
	ok(!archive_link_stays("leak", "/etc/passwd"));
}

TEST(what_nobody_reads_is_left_out)
{
	is_int(archive_use("sos/var/log/journal/0/system.journal"), ARCHIVE_SKIP);
	is_int(archive_use("x/proc/1234/maps"), ARCHIVE_SKIP);
	is_int(archive_use("inner.tar.xz"), ARCHIVE_SKIP);
	is_int(archive_use("x/proc/1/cgroup"), ARCHIVE_KEEP);
	is_int(archive_use("proc/cmdline"), ARCHIVE_KEEP);
	is_int(archive_use("var/log/dmesg"), ARCHIVE_KEEP);
	is_int(archive_use("lib/modules/6.1.0/modules.dep"), ARCHIVE_KEEP);
	is_int(archive_use("boot/initrd.img-6.1.0"), ARCHIVE_STAT);
	is_int(archive_use("boot/config-6.1.0"), ARCHIVE_KEEP);
}

static struct box sample(int format, int filter)
{
	struct box b = box_new(format, filter);

	box_add(&b, "./top/sys", S_IFDIR, NULL, NULL);
	box_file(&b, "./top/sys/vendor", "0x10de\n");
	box_add(&b, "./top/sys/driver", S_IFLNK, "../bus/drivers/nvidia", NULL);
	box_file(&b, "top/var/lib/secret", "unwanted");
	return b;
}

/* Text at PATH in the unpacked tree. */
static const char *text_at(const struct workdir *w, struct arena *a, const char *path)
{
	struct root r;

	tree_must(root_open(&r, w->path), w->path);
	const char *text = root_read_text(&r, a, path, ROOT_SMALL);
	root_close(&r);
	return text;
}

static void sample_is_unpacked(int format, int filter)
{
	struct box b = sample(format, filter);
	struct arena *a = arena_new();
	struct capture_error error = { 0 };
	struct workdir w;
	struct stat st;
	char target[64] = "", path[PATH_MAX];

	box_close(&b);
	ok(archive_recognise(b.path));
	tree_must(workdir_make(&w, a), b.tmp);
	ok(stat(w.path, &st) == 0 && (st.st_mode & 07777) == 0700);
	ok(archive_unpack(b.path, &w, &error));
	is_str(error.message, "");
	is_str(text_at(&w, a, "top/sys/vendor"), "0x10de");
	is_str(text_at(&w, a, "top/var/lib/secret"), NULL);
	snprintf(path, sizeof path, "%s/top/sys/vendor", w.path);
	ok(stat(path, &st) == 0 && st.st_mtime == 1700000000);
	if (format != ARCHIVE_FORMAT_ZIP) {
		snprintf(path, sizeof path, "%s/top/sys/driver", w.path);
		ok(readlink(path, target, sizeof target - 1) > 0);
		is_str(target, "../bus/drivers/nvidia");
	}
	workdir_remove(&w);
	arena_free(a);
	box_free(&b);
}

TEST(every_compression)
{
	static const int filters[] = { ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP,
		ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2 };

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		sample_is_unpacked(ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, filters[i]);
		sample_is_unpacked(ARCHIVE_FORMAT_TAR_GNUTAR, filters[i]);
	}
	sample_is_unpacked(ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);
}

TEST(text_is_no_archive)
{
	struct tree t = tree_new();
	char path[PATH_MAX];

	tree_file(&t, "post.txt", "BIOS\nPK is not zip\nBZ\n");
	ok(!archive_recognise(tree_path(&t, "post.txt", path)));
	tree_file(&t, "short", "B");
	ok(!archive_recognise(tree_path(&t, "short", path)));
	ok(!archive_recognise(tree_path(&t, "none", path)));
	ok(mkfifo(tree_path(&t, "fifo", path), 0600) == 0);
	ok(!archive_recognise(path));
	tree_free(&t);
}

TEST(what_leads_out_is_refused)
{
	is_str(entry_refusal("../x", S_IFREG, NULL, "x"),
		"../x: leads out of the archive");
	is_str(entry_refusal("a/b/../../../x", S_IFREG, NULL, "x"),
		"a/b/../../../x: leads out of the archive");
	is_str(entry_refusal("/tmp/x", S_IFREG, NULL, "x"),
		"/tmp/x: is an absolute path");
	is_str(entry_refusal("leak", S_IFLNK, "/etc/passwd", NULL),
		"leak: is a link that leads out of the archive: /etc/passwd");
	is_str(entry_refusal("a/leak", S_IFLNK, "../../x", NULL),
		"a/leak: is a link that leads out of the archive: ../../x");
	is_str(entry_refusal("hard", S_IFREG, "/etc/passwd", NULL),
		"hard: is a link that leads out of the archive: /etc/passwd");
	is_str(entry_refusal("hard", S_IFREG, "../../etc/passwd", NULL),
		"hard: is a link that leads out of the archive: ../../etc/passwd");
	/* Also where it would be left out */
	is_str(entry_refusal("var/lib/../../../x", S_IFREG, NULL, "x"),
		"var/lib/../../../x: leads out of the archive");
	is_str(entry_refusal("a\nb\x1b[31m/../../x", S_IFREG, NULL, "x"),
		"a\\x0ab\\x1b[31m/../../x: leads out of the archive");
}

TEST(what_is_no_file_is_refused)
{
	static const mode_t types[] = { S_IFCHR, S_IFBLK, S_IFIFO };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		is_str(entry_refusal("dev/x", types[i], NULL, NULL),
			"dev/x: is a device, a fifo or a socket");
}

TEST(nothing_is_written_through_a_link)
{
	struct tree outside = tree_new();
	char path[PATH_MAX];
	struct box b = tar_new();

	/* A host's own link may be absolute: it is kept, and never followed */
	box_add(&b, "etc", S_IFLNK, outside.dir, NULL);
	box_file(&b, "etc/x", "written");
	is_str(refusal(&b), "etc/x: lies behind a link or a file");
	ok(access(tree_path(&outside, "x", path), F_OK) != 0);
	box_free(&b);

	b = tar_new();
	snprintf(path, sizeof path, "%s/x", outside.dir);
	tree_file(&outside, "x", "untouched");
	box_add(&b, "etc/x", S_IFLNK, path, NULL);
	box_file(&b, "etc/x", "written");
	is_str(refusal(&b), "");
	struct root r;
	struct arena *a = arena_new();
	tree_must(root_open(&r, outside.dir), outside.dir);
	is_str(root_read_text(&r, a, "x", ROOT_SMALL), "untouched");
	root_close(&r);
	arena_free(a);
	box_free(&b);
	tree_free(&outside);
}

TEST(a_hard_link_is_a_second_name)
{
	struct box b = tar_new();
	struct arena *a = arena_new();
	struct capture_error error = { 0 };
	struct workdir w;

	box_file(&b, "a/one", "text");
	box_add(&b, "b/two", S_IFREG, "a/one", NULL);
	box_add(&b, "b/three", S_IFREG, "nowhere", NULL);
	box_file(&b, "b/two", "other");
	box_close(&b);
	tree_must(workdir_make(&w, a), b.tmp);
	ok(archive_unpack(b.path, &w, &error));
	is_str(text_at(&w, a, "a/one"), "text");
	is_str(text_at(&w, a, "b/two"), "other");
	is_str(text_at(&w, a, "b/three"), NULL);
	workdir_remove(&w);
	arena_free(a);
	box_free(&b);
}

TEST(damage_is_refused)
{
	static const int filters[] = { ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP,
		ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2 };

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		struct box b = box_new(ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, filters[i]);
		struct stat st;
		char text[5000];
		for (size_t k = 0; k < sizeof text; k++)
			text[k] = (char)('!' + (k * k + k / 7) % 90);
		text[sizeof text - 1] = '\0';
		box_file(&b, "a", text);
		box_file(&b, "b", text);
		box_close(&b);
		ok(stat(b.path, &st) == 0 && truncate(b.path, st.st_size / 3) == 0);
		ok(strstr(refusal(&b), "is cut off or damaged") != NULL);
		box_free(&b);
	}
	struct box b = tar_new();
	box_file(&b, "a", "text");
	box_close(&b);
	int fd = open(b.path, O_WRONLY);
	ok(pwrite(fd, "garbage", 7, 0) == 7);
	close(fd);
	ok(archive_recognise(b.path));
	is_str(refusal(&b), "is cut off or damaged");
	box_free(&b);
}

/* Changes the size in the first header of a tar to 8 GiB: tar(5), POSIX ustar Archives. */
static void header_promise(const char *path)
{
	enum { SIZE_AT = 124, SUM_AT = 148 };
	unsigned char h[512];
	unsigned sum = 0;
	int fd = open(path, O_RDWR);

	tree_must(fd >= 0 && pread(fd, h, sizeof h, 0) == sizeof h, path);
	memcpy(h + SIZE_AT, "77777777777", 12);
	memset(h + SUM_AT, ' ', 8);
	for (size_t i = 0; i < sizeof h; i++)
		sum += h[i];
	snprintf((char *)h + SUM_AT, 8, "%06o", sum);
	tree_must(pwrite(fd, h, sizeof h, 0) == sizeof h, path);
	close(fd);
}

TEST(bombs_are_refused)
{
	enum { MIB = 1 << 20, SIZE = 100 };
	static char zeros[MIB];
	struct box b = box_new(ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP);
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, "var/lib/zeros");
	archive_entry_set_mode(e, S_IFREG | 0644);
	archive_entry_set_size(e, (la_int64_t)SIZE * MIB);
	archive_write_header(b.a, e);
	for (int i = 0; i < SIZE; i++)
		archive_write_data(b.a, zeros, sizeof zeros);
	archive_entry_free(e);
	is_str(refusal(&b),
		"var/lib/zeros: unpacks to far more than the size of the "
		"archive: a bomb");
	box_free(&b);

	/* Not a byte is there of what the header promises */
	b = box_new(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE);
	box_file(&b, "huge", NULL);
	box_close(&b);
	header_promise(b.path);
	is_str(refusal(&b),
		"huge: unpacks to far more than the size of the archive: a bomb");
	box_free(&b);
}

TEST(many_entries_are_refused)
{
	struct box b = box_new(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD);
	char name[64];

	for (int i = 0; i <= ARCHIVE_MAX_ENTRIES; i++) {
		snprintf(name, sizeof name, "var/lib/%x", (unsigned)i * 2654435761u);
		box_file(&b, name, NULL);
	}
	is_str(refusal(&b), "holds more than 500000 entries");
	box_free(&b);
}

TEST(compressed_text_is_one_file)
{
	struct box b = box_new(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP);
	struct arena *a = arena_new();
	struct capture_error error = { 0 };
	struct workdir w;

	box_file(&b, "x", "[    0.000000] Linux version 6.1.0\n");
	box_close(&b);
	tree_must(workdir_make(&w, a), b.tmp);
	ok(archive_unpack(b.path, &w, &error));
	is_str(text_at(&w, a, "text"), "[    0.000000] Linux version 6.1.0");
	workdir_remove(&w);
	arena_free(a);
	box_free(&b);
}

TEST(what_cannot_be_unpacked_here_says_so)
{
	struct box b = tar_new();
	struct arena *a = arena_new();
	struct capture_error error = { 0 };
	struct workdir w;

	box_close(&b);
	setenv("TMPDIR", "/nonexistent", 1);
	ok(!workdir_make(&w, a));
	setenv("TMPDIR", b.tmp, 1);
	tree_must(workdir_make(&w, a), b.tmp);
	ok(!archive_unpack("/nonexistent.tar", &w, &error));
	ok(error.unopenable);
	is_str(error.message, "No such file or directory");
	workdir_remove(&w);
	arena_free(a);
	box_free(&b);
}

/* In a process of its own: what ends it, ends it only when the directory is gone. */
static int status_of_child(struct box *b, bool by_exit)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		struct arena *a = arena_new();
		struct workdir w;
		tree_must(workdir_make(&w, a), b->tmp);
		int fd = workdir_enter(&w, "a/b");
		close(fd);
		close(openat(w.fd, "file", O_WRONLY | O_CREAT, 0600));
		arena_free(a);
		if (by_exit)
			exit(7);
		raise(SIGTERM);
		if (workdir_interrupted())
			workdir_remove(&w); /* the signal comes now */
		_exit(1);
	}
	tree_must(waitpid(child, &status, 0) == child, "waitpid");
	return status;
}

TEST(nothing_is_left_behind)
{
	struct box b = tar_new();
	int status;

	box_close(&b);
	status = status_of_child(&b, true);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	is_int(entries_in(b.tmp), 0);
	status = status_of_child(&b, false);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	box_free(&b);
}
