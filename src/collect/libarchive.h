// SPDX-License-Identifier: GPL-2.0-or-later
// libarchive, loaded when there is an archive to read: linked, it would bring a dozen libraries
// (XML, Unicode, C++) into every run, which take longer to load than most audits to run.
#ifndef COLLECT_LIBARCHIVE_H
#define COLLECT_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

/* Every function of it that is used. */
// clang-format off
#define LIBARCHIVE_FUNCTIONS(f)                                  \
	f(archive_entry_filetype)                                \
	f(archive_entry_hardlink)                                \
	f(archive_entry_is_encrypted)                            \
	f(archive_entry_mtime)                                   \
	f(archive_entry_mtime_is_set)                            \
	f(archive_entry_pathname)                                \
	f(archive_entry_pathname_utf8)                           \
	f(archive_entry_size)                                    \
	f(archive_entry_size_is_set)                             \
	f(archive_entry_sparse_count)                            \
	f(archive_entry_symlink)                                 \
	f(archive_error_string)                                  \
	f(archive_filter_bytes)                                  \
	f(archive_filter_count)                                  \
	f(archive_format)                                        \
	f(archive_read_data)                                     \
	f(archive_read_free)                                     \
	f(archive_read_new)                                      \
	f(archive_read_next_header)                              \
	f(archive_read_open_filename)                            \
	f(archive_read_set_options)                              \
	f(archive_read_support_filter_bzip2)                     \
	f(archive_read_support_filter_gzip)                      \
	f(archive_read_support_filter_xz)                        \
	f(archive_read_support_filter_zstd)                      \
	f(archive_read_support_format_raw)                       \
	f(archive_read_support_format_tar)                       \
	f(archive_read_support_format_zip)
// clang-format on

/* Each as a pointer of its own name. */
struct libarchive {
#define LIBARCHIVE_MEMBER(name) __typeof__(name) *name;
	LIBARCHIVE_FUNCTIONS(LIBARCHIVE_MEMBER)
#undef LIBARCHIVE_MEMBER
};

/* NULL where this system has none; loaded once. */
const struct libarchive *libarchive_load(void);

#endif
