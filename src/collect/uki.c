// SPDX-License-Identifier: GPL-2.0-or-later
// The command line inside a unified kernel image: a section of a PE file
// (https://uapi-group.org/specifications/specs/unified_kernel_image/).
#include "collect/uki.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* Microsoft PE format: offsets in the headers. */
enum {
	HEADER_LIMIT = 4096,  /* headers and section table of all known images fit */
	CMDLINE_LIMIT = 8192, /* COMMAND_LINE_SIZE is 2048 on x86 */
	LFANEW = 0x3c,
	N_SECTIONS = 6, /* from "PE\0\0" on */
	OPTIONAL_SIZE = 20,
	COFF_END = 24,
	SECTION_SIZE = 40,
	VIRTUAL_SIZE = 8,
	RAW_SIZE = 16,
	RAW_OFFSET = 20,
};

static uint32_t le16(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p) | le16(p + 2) << 16;
}

enum found { NO_IMAGE, NO_SECTION, FOUND };

/* Place and size of the section in the file. */
static enum found find_section(const uint8_t *p, size_t n, const char *name,
	uint32_t *ret_at, uint32_t *ret_size)
{
	size_t at, table, count;
	char padded[8] = { 0 };

	memcpy(padded, name, strlen(name));
	if (n < LFANEW + 4 || p[0] != 'M' || p[1] != 'Z')
		return NO_IMAGE;
	at = le32(p + LFANEW);
	if (at > n || n - at < COFF_END || memcmp(p + at, "PE\0\0", 4) != 0)
		return NO_IMAGE;
	count = le16(p + at + N_SECTIONS);
	table = at + COFF_END + le16(p + at + OPTIONAL_SIZE);
	for (size_t i = 0; i < count; i++, table += SECTION_SIZE) {
		if (table > n || n - table < SECTION_SIZE)
			return NO_IMAGE; /* cut off: nothing is known */
		if (memcmp(p + table, padded, sizeof padded) != 0)
			continue;
		uint32_t size = le32(p + table + VIRTUAL_SIZE),
			 raw = le32(p + table + RAW_SIZE);
		*ret_at = le32(p + table + RAW_OFFSET);
		*ret_size = size && size < raw ? size : raw;
		return FOUND;
	}
	return NO_SECTION;
}

struct snap_text uki_cmdline(const struct root *r, struct snapshot *s, const char *path)
{
	uint8_t header[HEADER_LIMIT];
	uint32_t at = 0, size = 0;
	struct snap_text text = { 0 };
	int fd = root_open_file(r, path);

	if (fd < 0)
		return text;
	ssize_t n = pread(fd, header, sizeof header, 0);
	enum found found = n > 0 ? find_section(header, (size_t)n, ".cmdline", &at, &size)
				 : NO_IMAGE;
	if (found == FOUND && size <= CMDLINE_LIMIT) {
		char *p = arena_alloc(s->arena, (size_t)size + 1);
		if (pread(fd, p, size, at) == (ssize_t)size)
			text = snap_text_of(s, text_clean(s->arena, p, strnlen(p, size)));
	} else if (found == NO_SECTION) {
		text = snap_text_none();
	}
	close(fd);
	return text;
}
