// SPDX-License-Identifier: GPL-2.0-or-later
// Guests of Proxmox VE and of QEMU itself in a paste: the PCI functions they are given.
#include <string.h>

#include "import/format.h"
#include "import/guest_text.h"

enum { AHEAD = 24 }; /* keys of qm.conf(5) that sort before hostpci, with room */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* `hostpci0: …`; also without the number's colon lost to a list of the forum. */
static bool is_hostpci(const char *line)
{
	size_t n = strlen("hostpci");

	if (!text_starts(line, "hostpci") || line[n] < '0' || line[n] > '9')
		return false;
	while (line[n] >= '0' && line[n] <= '9')
		n++;
	return line[n] == ':' && line[n + 1] == ' ';
}

/* A key of qm.conf(5) as `qm config` and the file print it: `scsihw: virtio-scsi-pci`. */
static bool is_key_line(const char *line)
{
	size_t n = 0;

	while (is_name_char(line[n]))
		n++;
	return n > 1 && n < 20 && line[n] == ':' && line[n + 1] == ' ';
}

/* Does QEMU get a function here? `-device vfio-pci,host=01:00.0` or, by newer libvirt, JSON
 * `-device '{"driver":"vfio-pci","host":"0000:01:00.0","id":"hostdev0"}'`. */
static const char *host_of(const char *line)
{
	static const char *const heads[] = { "vfio-pci,host=",
		"vfio-pci-nohotplug,host=" };
	const char *p;

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if ((p = strstr(line, heads[i])))
			return p + strlen(heads[i]);
	p = strstr(line, "\"driver\":\"vfio-pci\"");
	p = p ? strstr(p, "\"host\":\"") : NULL;
	return p ? p + strlen("\"host\":\"") : NULL;
}

static size_t proxmox_take(const struct paste_line *v, size_t n)
{
	size_t taken = 0;

	if (!is_hostpci(v[0].text) && !is_key_line(v[0].text))
		return 0;
	/* The keys above count only where one of these follows */
	for (size_t i = 0; i < n && (taken || i < AHEAD); i++) {
		if (!is_hostpci(v[i].text) && !is_key_line(v[i].text))
			break;
		if (taken || is_hostpci(v[i].text))
			taken = i + 1;
	}
	return taken;
}

static size_t hostpci_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = proxmox_take(v, n);
	struct bdf b;
	const char *host;

	(void)im;
	if (taken)
		return taken;
	while (taken < n && (host = host_of(v[taken].text)) && import_address(host, &b))
		taken++;
	return taken;
}

static const char *proxmox_path(const struct import *im)
{
	const char *file = im->command.file;

	return file && text_starts(file, "/etc/pve/qemu-server/")
		? file
		: "/etc/pve/qemu-server/pasted.conf";
}

/* Only the addresses: the rest of the command line is its owner's. */
static void qemu_read(struct import *im, const char *line)
{
	for (const char *host; (host = host_of(line)); line = host) {
		size_t n = strspn(host, "0123456789abcdefABCDEF:.");

		import_file(im, QEMU_COMMAND_LINE,
			arena_printf(im->scratch, "-device vfio-pci,host=%.*s\n", (int)n,
				host));
	}
}

static void hostpci_read(struct import *im, const struct paste_line *v, size_t n)
{
	import_source(im, SOURCE_GUESTS, false);
	for (size_t i = 0; i < n; i++)
		qemu_read(im, v[i].text);
	if (proxmox_take(v, n))
		import_file(im, proxmox_path(im),
			guest_text_proxmox(im->scratch, import_lines(im, v, n)));
}

const struct format format_hostpci = {
	.name = "hostpci",
	.title = "PCI functions of a guest: Proxmox VE, QEMU's command line",
	.take = hostpci_take,
	.read = hostpci_read,
};
