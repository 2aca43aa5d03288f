// SPDX-License-Identifier: GPL-2.0-or-later
// Splits a text into parts that are of one format each.
#include <string.h>

#include "import/command.h"

enum {
	/* A longer line is none that a program printed for people; the longest that are
	 * known, QEMU's command lines, take some ten thousand bytes. */
	LONGEST_LINE = 256 << 10,
	SHORTEST_LINE = 3, /* nothing but a JSON document begins with less */
};

const struct format *const formats[] = {
	&format_command,
	&format_file,
	&format_messages,
	&format_domain,
	&format_hostpci,
	&format_klog_json,
	&format_uname, /* a banner alone is /proc/version */
	&format_klog,
	&format_groups,
	&format_lspci,
	&format_lspci_machine,
	&format_lspci_tree,
	&format_lshw,
	&format_cmdline,
	&format_grub,
	&format_modprobe,
	&format_cpuinfo,
	&format_lscpu,
	&format_lsmod,
	&format_interrupts,
	&format_iomem,
	&format_os,
	NULL,
};

static const struct format *format_of(
	const struct import *im, const struct paste_line *v, size_t n, size_t *ret_taken)
{
	if (v->n > LONGEST_LINE || (v->n < SHORTEST_LINE && v->text[0] != '{'))
		return NULL;
	for (size_t i = 0; formats[i]; i++) {
		*ret_taken = formats[i]->take(im, v, n);
		if (*ret_taken)
			return formats[i];
	}
	return NULL;
}

/* Notes what the lines from FIRST to LAST are; lines that nothing takes become one span. */
static void span_add(struct import *im, const struct paste *paste,
	const struct format *format, size_t first, size_t last)
{
	struct import_span *span = im->n_spans ? &im->spans[im->n_spans - 1] : NULL;
	const char *name = format ? format->name : NULL;

	if (span && span->file == paste->name && !span->format && !format) {
		span->last = last;
		return;
	}
	span = arena_push(im->scratch, im->spans, im->n_spans);
	*span = (struct import_span){
		.file = paste->name,
		.first = first,
		.last = last,
		.format = name,
		.title = format && im->remark
			? arena_printf(im->scratch, "%s; %s", format->title, im->remark)
			: format ? format->title
				 : NULL,
	};
}

/* Does a fence or a prompt stand at V, or behind blank lines? */
static bool is_end(const struct paste_line *v, size_t n)
{
	size_t i = 0;

	for (; i < n && !v[i].n; i++)
		if (v[i].fence)
			return true;
	return i < n &&
		(text_equal(v[i].text, "#") || text_equal(v[i].text, "$") ||
			command_of_prompt(v[i].text));
}

static void paste_split(struct import *im, const struct paste *paste)
{
	const struct paste_line *v = paste->lines;

	for (size_t i = 0, taken; i < paste->n; i += taken) {
		taken = 1;
		if (!v[i].n)
			continue;
		const struct format *format = format_of(im, v + i, paste->n - i, &taken);
		if (!format)
			taken = 1;
		im->ends = is_end(v + i + taken, paste->n - i - taken);
		im->silent = i + taken < paste->n && v[i + taken].n &&
			command_is_prompt(v[i + taken].text);
		im->remark = NULL;
		if (format)
			format->read(im, v + i, taken);
		im->fresh = format == &format_command;
		size_t last = i + taken - 1;
		while (last > i && !v[last].n)
			last--;
		span_add(im, paste, format, v[i].number, v[last].number);
	}
}

void import_text(
	struct import *im, const char *name, const char *p, size_t n, const char *command)
{
	struct paste paste;

	if (n > IMPORT_MAX_BYTES)
		n = IMPORT_MAX_BYTES;
	paste_read(im->scratch, arena_strdup(im->scratch, name), p, n, &paste);
	im->command = (struct import_command){ 0 };
	im->fresh = false;
	if (command)
		import_command_set(im, command);
	paste_split(im, &paste);
}

const struct import_span *import_spans(const struct import *im, size_t *ret_n)
{
	*ret_n = im->n_spans;
	return im->spans;
}
