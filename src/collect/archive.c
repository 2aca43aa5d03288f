// SPDX-License-Identifier: GPL-2.0-or-later
// The door to libarchive: unpacks an archive that nobody vouches for.
#include "collect/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "collect/archive_names.h"
#include "collect/libarchive.h"

enum {
	BLOCK = 64 << 10,
	FEW = 256, /* entries whose names are kept together */
	/* An honest archive above the size of FREE_BYTES shrinks by less than this: text by
	 * 10 to 30, the headers of small files by 100 */
	MAX_RATIO = 250,
	FREE_BYTES = 64 << 20,
};

/* One archive that is being unpacked. */
struct unpack {
	const struct libarchive *la;
	struct archive *a;
	const struct workdir *to;
	struct arena *scratch; /* of the last entries */
	struct capture_error *ret;
	int64_t size; /* of the archive itself */
	int64_t kept;
	size_t entries;
	/* The directory of the last entry: most entries lie beside the one before. */
	char dir[ARCHIVE_MAX_PATH + 1];
	int dir_fd;
};

/* The first bytes of a regular file, N at most. */
static void head_read(const char *path, char *to, size_t n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	for (ssize_t got = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode); got;) {
		got = read(fd, to, n);
		if (got < 0 && errno != EINTR)
			break;
		to += got > 0 ? got : 0;
		n -= got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
}

bool archive_recognise(const char *path)
{
	static const struct {
		size_t at;
		const char *bytes;
		size_t n;
	} magics[] = {
		{ 0, "\x1f\x8b", 2 }, /* gzip, RFC 1952 2.3.1 */
		{ 0,
			"\xfd"
			"7zXZ\0",
			6 },                  /* xz-file-format.txt 2.1.1.1 */
		{ 0, "\x28\xb5\x2f\xfd", 4 }, /* Zstandard, RFC 8878 3.1.1 */
		{ 0, "BZh", 3 },              /* bzip2 */
		{ 0, "PK\x03\x04", 4 },       /* zip, APPNOTE.TXT 4.3.7 */
		{ 0, "PK\x05\x06", 4 },       /* an empty one, 4.3.16 */
		{ 257, "ustar", 5 },          /* tar(5), POSIX and GNU */
	};
	char head[512] = { 0 };

	head_read(path, head, sizeof head);
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
		if (memcmp(head + magics[i].at, magics[i].bytes, magics[i].n) == 0)
			return true;
	return false;
}

/* Notes in one clean line why: NAME, which may be NULL, and what is wrong with it. */
__attribute__((format(printf, 4, 5))) static bool refuse(
	struct unpack *u, bool unopenable, const char *name, const char *why, ...)
{
	enum { SHOWN = 200 };
	va_list ap;

	va_start(ap, why);
	const char *text = arena_vprintf(u->scratch, why, ap);
	va_end(ap);
	if (name)
		name = text_clean_line(u->scratch, name, strnlen(name, SHOWN));
	text = text_clean_line(u->scratch, text, strlen(text));
	u->ret->unopenable = unopenable;
	snprintf(u->ret->message, sizeof u->ret->message, "%s%s%s", name ? name : "",
		name ? ": " : "", text);
	return false;
}

static bool refuse_damage(struct unpack *u, const char *name)
{
	const char *why = u->la->archive_error_string(u->a);

	return refuse(u, false, name, "is cut off or damaged%s%s", why ? ": " : "",
		why ? why : "");
}

static bool refuse_write(struct unpack *u, const char *name)
{
	if (errno == ENOTDIR || errno == ELOOP || errno == EISDIR || errno == EEXIST)
		return refuse(u, false, name, "lies behind a link or a file");
	if (errno == ENAMETOOLONG)
		return refuse(u, false, name, "is a name that is too long");
	return refuse(u, true, NULL, "cannot be unpacked into %s: %s", u->to->path,
		strerror(errno));
}

/* What would follow if MORE bytes came: is that still an honest archive? */
static bool bytes_bear(struct unpack *u, const char *name, int64_t more)
{
	int64_t all = u->la->archive_filter_bytes(u->a, 0);

	all = more > ARCHIVE_MAX_UNPACKED - all ? ARCHIVE_MAX_UNPACKED + 1 : all + more;
	if (all <= FREE_BYTES)
		return true;
	if (all > ARCHIVE_MAX_UNPACKED || all / MAX_RATIO > u->size)
		return refuse(u, false, name,
			"unpacks to far more than the size of the archive: a bomb");
	return true;
}

/* The directory of NAME, opened, and in *ret_base its last component. */
static int parent_enter(struct unpack *u, const char *name, const char **ret_base)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;

	*ret_base = slash ? slash + 1 : name;
	if (u->dir_fd >= 0 && strlen(u->dir) == n && memcmp(u->dir, name, n) == 0)
		return u->dir_fd;
	if (u->dir_fd >= 0)
		close(u->dir_fd);
	memcpy(u->dir, name, n);
	u->dir[n] = '\0';
	u->dir_fd = workdir_enter(u->to, u->dir);
	return u->dir_fd;
}

/* Writes the data to FD. *ret_size is not above the limit, else the file is too large. */
static bool data_copy(struct unpack *u, const char *name, int fd, int64_t *ret_size)
{
	static char block[BLOCK];

	for (*ret_size = 0; *ret_size <= ARCHIVE_MAX_FILE;) {
		la_ssize_t n = u->la->archive_read_data(u->a, block, sizeof block);
		if (n == 0)
			return true;
		if (n < 0)
			return refuse_damage(u, name);
		*ret_size += n;
		if (u->kept + *ret_size > ARCHIVE_MAX_WRITTEN)
			return refuse(u, false, NULL, "unpacks to more than %d MiB",
				(int)(ARCHIVE_MAX_WRITTEN >> 20));
		for (la_ssize_t done = 0; done < n;) {
			ssize_t now = write(fd, block + done, (size_t)(n - done));
			if (now < 0 && errno != EINTR)
				return refuse_write(u, name);
			done += now > 0 ? now : 0;
		}
	}
	return true;
}

static bool file_unpack(struct unpack *u, struct archive_entry *e, const char *name)
{
	bool image = archive_use(name) == ARCHIVE_STAT;
	const char *base;
	int64_t size = 0;
	int dir, fd;

	if (!image && u->la->archive_entry_size_is_set(e) &&
		u->la->archive_entry_size(e) > ARCHIVE_MAX_FILE)
		return true;
	dir = parent_enter(u, name, &base);
	if (dir < 0)
		return refuse_write(u, name);
	unlinkat(dir, base, 0); /* a later entry of a name replaces */
	fd = openat(
		dir, base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse_write(u, name);
	bool fine = image || data_copy(u, name, fd, &size);
	/* A hole takes no room */
	if (image && ftruncate(fd, u->la->archive_entry_size(e)))
		fine = refuse_write(u, name);
	if (fine && u->la->archive_entry_mtime_is_set(e)) {
		struct timespec t[2] = { { .tv_nsec = UTIME_OMIT },
			{ .tv_sec = u->la->archive_entry_mtime(e) } };
		futimens(fd, t);
	}
	close(fd);
	if (size > ARCHIVE_MAX_FILE)
		unlinkat(dir, base, 0);
	else
		u->kept += size;
	return fine;
}

static bool link_unpack(struct unpack *u, const char *name, const char *target)
{
	const char *base;
	int dir;

	if (!archive_link_stays(name, target))
		return refuse(u, false, name,
			"is a link that leads out of the archive: %.200s", target);
	if (!*target || archive_use(name) == ARCHIVE_SKIP)
		return true;
	dir = parent_enter(u, name, &base);
	if (dir < 0)
		return refuse_write(u, name);
	unlinkat(dir, base, 0);
	if (symlinkat(target, dir, base) && errno != EEXIST)
		return refuse_write(u, name);
	return true;
}

/* A second name of a file that came before; of one that was left out there is none. */
static bool hard_link_unpack(struct unpack *u, const char *name, const char *raw)
{
	const char *why, *base, *slash;
	char *target = archive_name(u->scratch, raw, &why);
	int dir, from;

	if (!target)
		return refuse(u, false, name,
			"is a link that leads out of the archive: %.200s", raw);
	if (archive_use(name) == ARCHIVE_SKIP || archive_use(target) == ARCHIVE_SKIP ||
		strcmp(name, target) == 0)
		return true;
	dir = parent_enter(u, name, &base);
	if (dir < 0)
		return refuse_write(u, name);
	slash = strrchr(target, '/');
	from = workdir_enter(u->to,
		arena_strndup(u->scratch, target, slash ? (size_t)(slash - target) : 0));
	if (from < 0)
		return refuse_write(u, name);
	unlinkat(dir, base, 0);
	int failed = linkat(from, slash ? slash + 1 : target, dir, base, 0) ? errno : 0;
	close(from);
	errno = failed;
	return !failed || failed == ENOENT || refuse_write(u, name);
}

static bool directory_unpack(struct unpack *u, const char *name)
{
	int fd;

	if (archive_use(name) == ARCHIVE_SKIP)
		return true;
	fd = workdir_enter(u->to, name);
	if (fd < 0)
		return refuse_write(u, name);
	close(fd);
	return true;
}

static bool entry_unpack(struct unpack *u, struct archive_entry *e)
{
	const char *raw = u->la->archive_entry_pathname(e), *why = NULL, *link;
	bool text = u->la->archive_format(u->a) == ARCHIVE_FORMAT_RAW;

	if (!raw)
		raw = u->la->archive_entry_pathname_utf8(e);
	/* Neither UTF-8 nor anything else: no file that has a reader */
	if (!raw)
		return true;
	char *name = text ? arena_strdup(u->scratch, "text")
			  : archive_name(u->scratch, raw, &why);
	if (!name)
		return refuse(u, false, raw, "%s", why);
	if (u->la->archive_entry_is_encrypted(e))
		return refuse(u, false, name, "is encrypted");
	link = u->la->archive_entry_hardlink(e);
	if (link)
		return hard_link_unpack(u, name, link);
	if (u->la->archive_entry_size_is_set(e) &&
		!u->la->archive_entry_sparse_count(e) &&
		!bytes_bear(u, name, u->la->archive_entry_size(e)))
		return false;
	switch (u->la->archive_entry_filetype(e)) {
	case AE_IFREG:
		return !*name || archive_use(name) == ARCHIVE_SKIP ||
			file_unpack(u, e, name);
	case AE_IFDIR:
		return directory_unpack(u, name);
	case AE_IFLNK:
		link = u->la->archive_entry_symlink(e);
		return link_unpack(u, name, link ? link : "");
	default:
		return refuse(u, false, name, "is a device, a fifo or a socket");
	}
}

static bool entries_unpack(struct unpack *u)
{
	struct archive_entry *e;
	int status;

	for (;;) {
		if (workdir_interrupted())
			return refuse(u, true, NULL, "interrupted");
		status = u->la->archive_read_next_header(u->a, &e);
		if (status == ARCHIVE_EOF)
			return true;
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return refuse_damage(u, NULL);
		if (++u->entries > ARCHIVE_MAX_ENTRIES)
			return refuse(u, false, NULL, "holds more than %d entries",
				ARCHIVE_MAX_ENTRIES);
		/* Not compressed, and no archive: its first header is damaged */
		if (u->la->archive_format(u->a) == ARCHIVE_FORMAT_RAW &&
			u->la->archive_filter_count(u->a) < 2)
			return refuse(u, false, NULL, "is cut off or damaged");
		if (!bytes_bear(u, NULL, 0) || !entry_unpack(u, e))
			return false;
		if (u->entries % FEW == 0) {
			arena_free(u->scratch);
			u->scratch = arena_new();
		}
	}
}

/* Those that the library reads itself: it would run a program for the others. */
static void filters_add(const struct libarchive *la, struct archive *a)
{
	int (*const filters[])(struct archive *) = {
		la->archive_read_support_filter_gzip,
		la->archive_read_support_filter_xz,
		la->archive_read_support_filter_zstd,
		la->archive_read_support_filter_bzip2,
	};

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		struct archive *probe = la->archive_read_new();
		if (probe && filters[i](probe) == ARCHIVE_OK)
			filters[i](a);
		la->archive_read_free(probe);
	}
}

static struct archive *reader_new(const struct libarchive *la)
{
	struct archive *a = la->archive_read_new();

	filters_add(la, a);
	la->archive_read_support_format_tar(a);
	la->archive_read_support_format_zip(a);
	la->archive_read_support_format_raw(a);
	/* Names as they are: the C locale could not take them */
	la->archive_read_set_options(a, "tar:hdrcharset=BINARY");
	return a;
}

bool archive_unpack(const char *path, const struct workdir *to, struct capture_error *ret)
{
	struct stat st = { 0 };
	struct unpack u = {
		.la = libarchive_load(),
		.to = to,
		.scratch = arena_new(),
		.ret = ret,
		.dir_fd = -1,
	};
	bool fine;

	if (u.la)
		u.a = reader_new(u.la);
	if (!u.a) {
		fine = refuse(
			&u, true, NULL, "libarchive, which unpacks it, is not installed");
	} else if (stat(path, &st)) {
		fine = refuse(&u, true, NULL, "%s", strerror(errno));
	} else if (u.la->archive_read_open_filename(u.a, path, BLOCK) != ARCHIVE_OK) {
		fine = refuse_damage(&u, NULL);
	} else {
		u.size = st.st_size;
		fine = entries_unpack(&u);
	}
	if (u.dir_fd >= 0)
		close(u.dir_fd);
	if (u.a)
		u.la->archive_read_free(u.a);
	arena_free(u.scratch);
	return fine;
}
