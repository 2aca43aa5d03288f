// SPDX-License-Identifier: GPL-2.0-or-later
// Every read of a collector goes through here: below one directory, bounded, with a
// status.
#include "collect/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "collect/resolve.h"

enum {
	PAGE = 4096, /* a sysfs attribute is not longer: fs/sysfs/file.c, sysfs_kf_read()
		      */
	CHUNK = 16 << 10,
	MAX_NAMES =
		1 << 16, /* entries of a directory; the largest we list has hundreds */
};

bool root_open(struct root *r, const char *dir)
{
	int fd = open(dir ? dir : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return false;
	*r = (struct root){ .fd = fd, .live = !dir, .path = dir ? dir : "/" };
	return true;
}

void root_close(struct root *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

enum source_status root_status_of(int error)
{
	switch (error) {
	case 0:
		return STATUS_OK;
	case ENOENT:
	case ENOTDIR:
		return STATUS_ABSENT;
	case EACCES:
	case EPERM:
		return STATUS_DENIED;
	default:
		return STATUS_ERROR;
	}
}

/* Was PATH copied, if its host had it? */
static bool is_whole(const struct root *r, const char *path)
{
	if (!r->whole)
		return true;
	for (size_t i = 0; r->whole[i]; i++) {
		size_t n = strlen(r->whole[i]);
		if (strncmp(path, r->whole[i], n) == 0 && (!path[n] || path[n] == '/'))
			return true;
	}
	return false;
}

static int path_open(const struct root *r, const char *path, int flags)
{
	if (r->live)
		return openat(r->fd, path, flags | O_CLOEXEC);
	int fd = resolve_open(r->fd, path, flags);
	/* What was not copied is as little known as what may not be read */
	if (fd < 0 && root_status_of(errno) == STATUS_ABSENT && !is_whole(r, path))
		errno = EACCES;
	return fd;
}

/* 0 or an errno. */
static int path_stat(
	const struct root *r, const char *path, bool follow, struct stat *ret)
{
	int fd, result;

	if (r->live)
		return fstatat(r->fd, path, ret, follow ? 0 : AT_SYMLINK_NOFOLLOW) ? errno
										   : 0;
	fd = path_open(r, path, O_PATH | (follow ? 0 : O_NOFOLLOW));
	if (fd < 0)
		return errno;
	result = fstat(fd, ret) ? errno : 0;
	close(fd);
	return result;
}

static bool is_virtual(const struct root *r, const char *path)
{
	return r->virtual ||
		(r->live && (text_starts(path, "sys/") || text_starts(path, "proc/")));
}

bool root_enter(const struct root *r, const char *path, struct root *ret)
{
	static const char *const nothing[] = { NULL };
	int fd = path_open(r, path, O_PATH | O_DIRECTORY);

	if (fd < 0)
		return false;
	*ret = (struct root){
		.fd = fd,
		.live = r->live,
		.virtual = is_virtual(r, path),
		.path = path,
		.whole = is_whole(r, path) ? NULL : nothing,
	};
	return true;
}

int root_open_file(const struct root *r, const char *path)
{
	struct stat st = { 0 };
	int fd;

	/* Opening a device or a fifo can have effects of its own, so look before. */
	if (!is_virtual(r, path)) {
		int error = path_stat(r, path, true, &st);

		if (error == 0 && !S_ISREG(st.st_mode))
			error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		if (error) {
			errno = error;
			return -1;
		}
	}
	fd = path_open(r, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	/* What was looked at may have been replaced since. */
	if (fd >= 0 && !is_virtual(r, path) && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static ssize_t read_some(int fd, void *to, size_t n)
{
	ssize_t got;

	do
		got = read(fd, to, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Reads to the end, at most LIMIT bytes and one more that tells whether there are more.
 */
static struct root_bytes read_all(int fd, struct arena *a, size_t limit)
{
	struct root_bytes b = { .status = STATUS_OK };
	struct strbuf text = { 0 };
	char chunk[CHUNK];

	while (text.len <= limit) {
		size_t want = limit + 1 - text.len;
		ssize_t got =
			read_some(fd, chunk, want < sizeof chunk ? want : sizeof chunk);

		if (got < 0) {
			b.error = errno;
			b.status = root_status_of(errno);
			break;
		}
		if (got == 0)
			break;
		strbuf_add_mem(&text, chunk, (size_t)got);
	}
	if (b.status == STATUS_OK && text.len > limit)
		b.status = STATUS_TRUNCATED;
	if (b.error == 0) {
		b.n = text.len < limit ? text.len : limit;
		b.p = arena_alloc(a, b.n + 1);
		memcpy(b.p, strbuf_text(&text), b.n);
	}
	strbuf_free(&text);
	return b;
}

struct root_bytes root_read(
	const struct root *r, struct arena *a, const char *path, size_t limit)
{
	int fd = root_open_file(r, path);
	struct root_bytes b;

	if (fd < 0)
		return (struct root_bytes){ .status = root_status_of(errno),
			.error = errno };
	b = read_all(fd, a, limit);
	close(fd);
	return b;
}

char *root_read_text(
	const struct root *r, struct arena *a, const char *path, size_t limit)
{
	struct root_bytes b = root_read(r, a, path, limit);

	if (b.status != STATUS_OK)
		return NULL;
	while (b.n && b.p[b.n - 1] == '\n')
		b.n--;
	return text_clean(a, (const char *)b.p, b.n);
}

/* The first line at PATH in BUFFER, trimmed. Yields HAVE_NONE where it is empty. */
static enum have read_line(const struct root *r, const char *path, char buffer[PAGE + 1])
{
	size_t n = 0, start = 0;
	char *end = NULL;
	int fd = root_open_file(r, path);

	if (fd < 0)
		return root_status_of(errno) == STATUS_ABSENT ? HAVE_NONE : HAVE_NOT;
	buffer[0] = '\0';
	/* An attribute ends with a line feed, which saves the read that meets the end. */
	while (n < PAGE && !end) {
		ssize_t got = read_some(fd, buffer + n, PAGE - n);

		if (got < 0) {
			close(fd);
			return HAVE_NOT;
		}
		if (got == 0)
			break;
		end = memchr(buffer + n, '\n', (size_t)got);
		n += (size_t)got;
	}
	close(fd);
	if (end)
		n = (size_t)(end - buffer);
	while (n && text_is_space(buffer[n - 1]))
		n--;
	while (start < n && text_is_space(buffer[start]))
		start++;
	memmove(buffer, buffer + start, n - start);
	buffer[n - start] = '\0';
	/* A NUL has no place in an attribute; what stands behind it would be lost. */
	if (strlen(buffer) != n - start)
		return HAVE_NOT;
	return n > start ? HAVE_VALUE : HAVE_NONE;
}

struct snap_text root_read_attr(
	const struct root *r, struct snapshot *s, const char *path)
{
	char buffer[PAGE + 1];
	enum have have = read_line(r, path, buffer);

	if (have != HAVE_VALUE)
		return (struct snap_text){ have, NULL };
	return snap_text_of(s, buffer);
}

struct snap_int root_read_int(const struct root *r, struct snapshot *s, const char *path)
{
	char buffer[PAGE + 1];
	int64_t v;
	enum have have = read_line(r, path, buffer);

	(void)s;
	if (have != HAVE_VALUE)
		return (struct snap_int){ have, 0 };
	return text_to_int(buffer, &v) ? snap_int_of(v)
				       : (struct snap_int){ HAVE_NOT, 0 };
}

struct snap_hex root_read_hex(const struct root *r, struct snapshot *s, const char *path)
{
	char buffer[2 + PAGE + 1] = "0x";
	uint64_t v;
	enum have have = read_line(r, path, buffer + 2);

	(void)s;
	if (have != HAVE_VALUE)
		return (struct snap_hex){ have, 0 };
	/* Written with 0x by PCI (`class`) and without by the IOMMU drivers (`cap`). */
	return text_to_u64(text_starts(buffer + 2, "0x") ? buffer + 2 : buffer, &v)
		? snap_hex_of(v)
		: (struct snap_hex){ HAVE_NOT, 0 };
}

struct snap_bool root_read_bool(
	const struct root *r, struct snapshot *s, const char *path)
{
	char buffer[PAGE + 1];
	enum have have = read_line(r, path, buffer);

	(void)s;
	if (have != HAVE_VALUE)
		return (struct snap_bool){ have, false };
	/* Numbers, and the Y and N of kernel/params.c, param_get_bool(). */
	if (strchr("1Yy", buffer[0]) || strchr("0Nn", buffer[0]))
		if (buffer[1] == '\0')
			return snap_bool_of(strchr("1Yy", buffer[0]) != NULL);
	return (struct snap_bool){ HAVE_NOT, false };
}

/* Length of the link's text in BUFFER, or -1 and errno. */
static ssize_t read_link(const struct root *r, const char *path, char buffer[PATH_MAX])
{
	ssize_t n;
	int fd, error;

	if (r->live) {
		n = readlinkat(r->fd, path, buffer, PATH_MAX - 1);
	} else {
		fd = path_open(r, path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			return -1;
		/* An empty path names the link that FD stands for; a file gives ENOENT.
		 */
		n = readlinkat(fd, "", buffer, PATH_MAX - 1);
		error = errno;
		close(fd);
		errno = error;
	}
	if (n >= 0)
		buffer[n] = '\0';
	return n;
}

struct snap_text root_read_link(
	const struct root *r, struct snapshot *s, const char *path)
{
	char buffer[PATH_MAX];

	if (read_link(r, path, buffer) >= 0)
		return snap_line_of(s, buffer);
	if (errno == EINVAL || root_status_of(errno) == STATUS_ABSENT)
		return snap_text_none();
	return (struct snap_text){ HAVE_NOT, NULL };
}

struct snap_text root_read_link_name(
	const struct root *r, struct snapshot *s, const char *path)
{
	struct snap_text link = root_read_link(r, s, path);
	const char *slash = link.have == HAVE_VALUE ? strrchr(link.s, '/') : NULL;

	if (slash)
		link.s = slash + 1;
	return link;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum source_status root_list(const struct root *r, struct arena *a, const char *path,
	char ***ret_names, size_t *ret_n)
{
	enum source_status status = STATUS_OK;
	char **names = NULL;
	size_t n = 0;
	int fd = path_open(r, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	*ret_names = NULL;
	*ret_n = 0;
	if (!dir) {
		status = root_status_of(errno);
		if (fd >= 0)
			close(fd);
		return status;
	}
	for (;;) {
		struct dirent *e;

		errno = 0;
		e = readdir(dir);
		if (!e || n == MAX_NAMES) {
			status = e ? STATUS_TRUNCATED : root_status_of(errno);
			break;
		}
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			*arena_push(a, names, n) = arena_strdup(a, e->d_name);
	}
	closedir(dir);
	if (status == STATUS_OK && !is_whole(r, path))
		status = STATUS_TRUNCATED;
	if (n)
		qsort(names, n, sizeof *names, by_name);
	*ret_names = names;
	*ret_n = n;
	return status;
}

static enum root_kind kind_of(mode_t mode)
{
	if (S_ISREG(mode))
		return ROOT_FILE;
	if (S_ISDIR(mode))
		return ROOT_DIR;
	if (S_ISLNK(mode))
		return ROOT_LINK;
	return ROOT_NODE;
}

struct root_stat root_stat(const struct root *r, const char *path, bool follow)
{
	struct stat st = { 0 };
	int error = path_stat(r, path, follow, &st);

	if (error)
		return (struct root_stat){
			.kind = root_status_of(error) == STATUS_ABSENT ? ROOT_NOTHING
								       : ROOT_UNKNOWN,
		};
	return (struct root_stat){
		.kind = kind_of(st.st_mode),
		.size = st.st_size,
		.mtime = st.st_mtime,
		.mode = st.st_mode & 07777,
		.uid = st.st_uid,
		.gid = st.st_gid,
	};
}

bool root_exists(const struct root *r, const char *path)
{
	enum root_kind kind = root_stat(r, path, false).kind;

	return kind != ROOT_NOTHING && (kind != ROOT_UNKNOWN || !r->whole);
}
