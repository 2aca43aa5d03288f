// SPDX-License-Identifier: GPL-2.0-or-later
// Guests of libvirt in a paste: the PCI functions that a domain's XML hands over.
#include <string.h>

#include "import/format.h"
#include "import/guest_text.h"

enum {
	AHEAD = 400, /* lines of one domain without a tag that ends it */
	GAP = 3,     /* lines in a row that are no XML */
};

/* https://libvirt.org/formatdomain.html: the elements that begin what matters here. */
static bool begins_here(const char *line)
{
	static const char *const heads[] = { "<domain type=", "<domain xmlns",
		"<hostdev ", "<domain\t", "<interface type='hostdev'",
		"<interface type=\"hostdev\"" };

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (strstr(line, heads[i]))
			return true;
	return false;
}

static bool is_xml(const char *line)
{
	const char *p = line + strspn(line, " \t");

	return *p == '<' || text_ends(p, ">") || text_ends(p, "/>");
}

/* How many lines the XML has that begins in V[0]. */
static size_t domain_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1, gap = 0;

	(void)im;
	if (!begins_here(v[0].text))
		return 0;
	/* A whole domain is one block, whatever stands in it */
	if (strstr(v[0].text, "<domain"))
		for (size_t i = 0; i < n && i < AHEAD; i++)
			if (strstr(v[i].text, "</domain>"))
				return i + 1;
	for (size_t i = 1; i < n && gap <= GAP; i++) {
		gap = is_xml(v[i].text) ? 0 : gap + 1;
		if (!gap)
			taken = i + 1;
	}
	return taken;
}

/* Where the text came from; a domain without a file gets the folder's. */
static const char *path_of(const struct import *im)
{
	const char *file = im->command.file;

	return file && text_starts(file, "/etc/libvirt/qemu/")
		? file
		: "/etc/libvirt/qemu/pasted.xml";
}

static void domain_read(struct import *im, const struct paste_line *v, size_t n)
{
	const char *text = guest_text_libvirt(im->scratch, import_lines(im, v, n));

	if (!strchr(text, '<'))
		return;
	import_file(im, path_of(im), text);
	import_source(im, SOURCE_GUESTS, false);
}

const struct format format_domain = {
	.name = "libvirt-domain",
	.title = "a guest of libvirt",
	.take = domain_take,
	.read = domain_read,
};
