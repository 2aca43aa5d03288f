// SPDX-License-Identifier: GPL-2.0-or-later
// Values that are private because of the words before them: `SerialNumber: `, `LABEL=`.
#include <string.h>

#include "snapshot/redact_parts.h"

/* How a value looks. */
enum value_form {
	VALUE_WORD, /* up to a blank or one of the row's stop characters; may be quoted */
	VALUE_LINE, /* up to the end of the line, or one of the row's stop characters */
	VALUE_HEX,  /* hex digits, dashes and colons */
	VALUE_VOLUME, /* a word; `luks-UUID` keeps its first part */
	VALUE_QEMU,   /* N-NAME of systemd-machined: NAME is a guest */
	VALUE_FILE,   /* a word without the ending of a guest's file */
	VALUE_DEV,    /* VG/LV */
};

/* Stop characters of a word in a log line, a command line or a configuration file. */
#define STOP ",:;\"')]<>"

/* PREFIX, in lower case, begins a word or is no word; the value stands behind it. */
static const struct mark {
	const char *prefix;
	enum secret_kind kind;
	enum value_form form;
	const char *stop;
} marks[] = {
	/* drivers/usb/core/hub.c, announce_device(); dmidecode(8); lspci(8) */
	{ "serialnumber: ", SECRET_SERIAL, VALUE_LINE, "" },
	{ "serial number: ", SECRET_SERIAL, VALUE_LINE, ",;" },
	{ "serial number ", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "serial number=", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "serial no: ", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "serial_number=", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "serial: ", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "serial=", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "s/n: ", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "s/n ", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "sn: ", SECRET_SERIAL, VALUE_WORD, ",;" },
	{ "asset tag: ", SECRET_SERIAL, VALUE_LINE, "" },
	{ "service tag: ", SECRET_SERIAL, VALUE_LINE, "" },
	{ "/dev/serial/by-id/", SECRET_DISK, VALUE_WORD, STOP },
	{ "/dev/disk/by-id/", SECRET_DISK, VALUE_WORD, STOP },
	{ "by\\x2did-", SECRET_DISK, VALUE_WORD, "." STOP },

	{ "uuid=", SECRET_UUID, VALUE_HEX, "" },
	{ "uuid: ", SECRET_UUID, VALUE_HEX, "" },
	{ "uuid ", SECRET_UUID, VALUE_HEX, "" },
	{ "partuuid=", SECRET_UUID, VALUE_HEX, "" },
	{ "/dev/disk/by-uuid/", SECRET_UUID, VALUE_HEX, "" },
	{ "/dev/disk/by-partuuid/", SECRET_UUID, VALUE_HEX, "" },
	{ "by\\x2duuid-", SECRET_UUID, VALUE_HEX, "" },
	{ "by\\x2dpartuuid-", SECRET_UUID, VALUE_HEX, "" },
	{ "osprober-efi-", SECRET_UUID, VALUE_HEX, "" },
	{ "lvmid/", SECRET_UUID, VALUE_WORD, "/" STOP },
	{ "machine_id=", SECRET_ID, VALUE_WORD, STOP },
	/* Addresses without separators */
	{ "mac(", SECRET_MAC, VALUE_HEX, "" },
	{ "mac=", SECRET_MAC, VALUE_HEX, "" },
	{ "mac: ", SECRET_MAC, VALUE_HEX, "" },
	{ "mac address ", SECRET_MAC, VALUE_HEX, "" },
	{ "mac address: ", SECRET_MAC, VALUE_HEX, "" },
	{ "node addr ", SECRET_MAC, VALUE_HEX, "" },
	{ "ethaddr=", SECRET_MAC, VALUE_HEX, "" },
	{ "hwaddr=", SECRET_MAC, VALUE_HEX, "" },
	/* drivers/scsi/mpt3sas, drivers/scsi/scsi_transport_fc.c */
	{ "sas_addr(0x", SECRET_WWN, VALUE_HEX, "" },
	{ "sas_address(0x", SECRET_WWN, VALUE_HEX, "" },
	{ "sas address : ", SECRET_WWN, VALUE_HEX, "" },
	{ "sas address ", SECRET_WWN, VALUE_HEX, "" },
	{ "logical id(0x", SECRET_WWN, VALUE_HEX, "" },
	{ "logical id (0x", SECRET_WWN, VALUE_HEX, "" },
	{ "device name(0x", SECRET_WWN, VALUE_HEX, "" },
	{ "wwn: 0x", SECRET_WWN, VALUE_HEX, "" },
	{ "wwn=0x", SECRET_WWN, VALUE_HEX, "" },
	{ "wwpn 0x", SECRET_WWN, VALUE_HEX, "" },
	{ "wwpn=0x", SECRET_WWN, VALUE_HEX, "" },
	{ "wwnn=0x", SECRET_WWN, VALUE_HEX, "" },
	{ "nguid=", SECRET_WWN, VALUE_HEX, "" },
	{ "nguid: ", SECRET_WWN, VALUE_HEX, "" },
	{ "eui64=", SECRET_WWN, VALUE_HEX, "" },
	{ "iqn.", SECRET_REMOTE, VALUE_WORD, ",;\"')" },
	{ "nqn.", SECRET_REMOTE, VALUE_WORD, ",;\"')" },

	{ "/dev/disk/by-label/", SECRET_LABEL, VALUE_WORD, STOP },
	{ "/dev/disk/by-partlabel/", SECRET_LABEL, VALUE_WORD, STOP },
	{ "by\\x2dlabel-", SECRET_LABEL, VALUE_WORD, "." STOP },
	{ "by\\x2dpartlabel-", SECRET_LABEL, VALUE_WORD, "." STOP },
	{ "label=", SECRET_LABEL, VALUE_WORD, STOP },
	{ "partlabel=", SECRET_LABEL, VALUE_WORD, STOP },
	{ "--label ", SECRET_LABEL, VALUE_WORD, STOP },
	{ "btrfs: device label ", SECRET_LABEL, VALUE_WORD, "" },
	{ "device label ", SECRET_LABEL, VALUE_WORD, "" },
	{ "ssid=", SECRET_LABEL, VALUE_WORD, "," },

	{ "/dev/mapper/", SECRET_VOLUME, VALUE_VOLUME, STOP },
	{ "dev-mapper-", SECRET_VOLUME, VALUE_VOLUME, "." STOP },
	{ "cryptsetup@", SECRET_VOLUME, VALUE_VOLUME, "." STOP },
	{ "/dev/zvol/", SECRET_VOLUME, VALUE_WORD, STOP },
	{ "/dev/md/", SECRET_VOLUME, VALUE_WORD, STOP },
	{ "/dev/", SECRET_VOLUME, VALUE_DEV, STOP },
	{ "(lvm/", SECRET_VOLUME, VALUE_VOLUME, STOP },
	{ "lvm.lv=", SECRET_VOLUME, VALUE_WORD, ",;\"'" },
	{ "lvm.vg=", SECRET_VOLUME, VALUE_WORD, ",;\"'" },
	{ "zfs=", SECRET_VOLUME, VALUE_WORD, ",;\"'" },
	{ "zfs:", SECRET_VOLUME, VALUE_WORD, ",;\"'" },
	{ "nfsroot=", SECRET_REMOTE, VALUE_WORD, "\"'" },
	{ "netroot=", SECRET_REMOTE, VALUE_WORD, "\"'" },
	{ "root=nfs:", SECRET_REMOTE, VALUE_WORD, "\"'" },

	{ "hostname set to <", SECRET_HOST, VALUE_WORD, STOP },
	{ "set hostname to <", SECRET_HOST, VALUE_WORD, STOP },
	{ "hostname: ", SECRET_HOST, VALUE_WORD, STOP },
	{ "hostname=", SECRET_HOST, VALUE_WORD, STOP },
	{ "/etc/pve/nodes/", SECRET_HOST, VALUE_WORD, "/" STOP },
	{ "/home/", SECRET_USER, VALUE_WORD, "/" STOP },
	{ "/users/", SECRET_USER, VALUE_WORD, "/" STOP },
	{ "\\users\\", SECRET_USER, VALUE_WORD, "\\" STOP },
	{ "/run/media/", SECRET_USER, VALUE_WORD, "/" STOP },
	{ "/media/", SECRET_USER, VALUE_WORD, "/" STOP },
	{ "acct=", SECRET_USER, VALUE_WORD, STOP },
	{ "superusers=", SECRET_USER, VALUE_WORD, STOP },

	{ "guest=", SECRET_GUEST, VALUE_WORD, STOP },
	{ "domain '", SECRET_GUEST, VALUE_LINE, "'" },
	{ "domain \"", SECRET_GUEST, VALUE_LINE, "\"" },
	{ "/etc/libvirt/qemu/autostart/", SECRET_GUEST, VALUE_FILE, "/" STOP },
	{ "/etc/libvirt/qemu/", SECRET_GUEST, VALUE_FILE, "/" STOP },
	{ "/etc/libvirt/hooks/qemu.d/", SECRET_GUEST, VALUE_FILE, "/" STOP },
	{ "/var/lib/libvirt/images/", SECRET_GUEST, VALUE_FILE, "/" STOP },
	{ "/var/log/libvirt/qemu/", SECRET_GUEST, VALUE_FILE, "/" STOP },
	{ "/qemu/nvram/", SECRET_GUEST, VALUE_FILE, "/" STOP },
	{ "/qemu/domain", SECRET_GUEST, VALUE_QEMU, "/" STOP },
	{ "machine-qemu", SECRET_GUEST, VALUE_QEMU, "." STOP },
	{ "machine qemu", SECRET_GUEST, VALUE_QEMU, "." STOP },

	/* crypto/asymmetric_keys, security/integrity/platform_certs: a machine owner's
	 * key often bears the owner's name */
	{ "x.509 cert '", SECRET_CERT, VALUE_LINE, "'" },
	{ "grub.pbkdf2.", SECRET_PASSWORD, VALUE_WORD, "\"'" },
	{ "password_pbkdf2 ", SECRET_USER, VALUE_WORD, "" },
};

enum { N_MARKS = sizeof marks / sizeof marks[0] };

/* The rows by the first character of their prefix: `first` and `next` are indices plus 1. */
struct mark_index {
	uint8_t first[128], next[N_MARKS];
};

struct mark_index *mark_index_new(struct arena *a)
{
	struct mark_index *index = arena_new_object(a, struct mark_index);

	_Static_assert(N_MARKS < 256, "indices are bytes");
	for (size_t i = N_MARKS; i-- > 0;) {
		uint8_t *first = &index->first[(uint8_t)marks[i].prefix[0] & 127];
		index->next[i] = *first;
		*first = (uint8_t)(i + 1);
	}
	return index;
}

/* Directories of /dev that are no volume groups. */
static const char *const plain_dev[] = { "accel", "block", "bsg", "bus", "char", "cpu",
	"disk", "dma_heap", "dri", "fd", "hugepages", "hvc", "infiniband", "input", "kvm",
	"mapper", "mqueue", "mtd", "net", "pts", "raw", "serial", "shm", "snd", "tpm",
	"usb", "v4l", "vfio", "virtio-ports", "vhost", "xen", "zvol" };

/* A key of a command line or a configuration whose value is a secret. */
static const char *const secret_keys[] = { "password", "passwd", "passphrase", "secret",
	"token", "psk", "apikey", "api_key", "rootpw", "credential" };

/* Public keys of those who make systems, firmware and hardware. */
static const char *const makers[] = { "almalinux", "amazon", "arch linux", "asus",
	"build time autogenerated", "canonical", "centos", "debian", "dell", "fedora",
	"gigabyte", "hewlett", "hp ", "lenovo", "microsoft", "msi ", "opensuse", "oracle",
	"proxmox", "red hat", "rocky", "sforshee", "suse", "ubuntu", "vmware", "wens" };

static struct secret_place place_of(enum secret_kind kind, size_t keep, size_t n)
{
	return (struct secret_place){ kind, keep, n };
}

/* Length of the word at S up to a blank or one of STOP. */
static size_t word_length(const char *s, const char *stop)
{
	size_t n = 0;

	while (s[n] && !text_is_space(s[n]) && !strchr(stop, s[n]))
		n++;
	return n;
}

/* Hex digits with dashes and colons between them, at least four of them: no word. */
static size_t hex_value(const char *s, enum secret_kind kind)
{
	size_t n = 0, digits = 0;

	while (hex_digit(s[n]) >= 0 || (n && (s[n] == '-' || s[n] == ':'))) {
		digits += hex_digit(s[n]) >= 0;
		n++;
	}
	while (n && hex_digit(s[n - 1]) < 0)
		n--;
	if (redact_is_word(s[n]) || digits < 4 || (kind == SECRET_MAC && digits != 12))
		return 0;
	return n;
}

/* `luks-UUID`: an installer's name for what the UUID tells. */
static struct secret_place volume_at(const char *s, size_t n)
{
	static const char *const before[] = { "luks-", "luks\\x2d" };

	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
		size_t len = strlen(before[i]);
		if (!text_starts(s, before[i]))
			continue;
		size_t uuid = shape_uuid(s + len);
		if (uuid || redact_token_length(s + len))
			return place_of(SECRET_UUID, len, uuid);
	}
	return place_of(SECRET_VOLUME, 0, n);
}

/* `VG/LV` behind /dev/. */
static size_t dev_length(const char *s, const char *stop)
{
	size_t dir = word_length(s, "/" STOP), n;

	if (!dir || s[dir] != '/')
		return 0;
	for (size_t i = 0; i < sizeof plain_dev / sizeof plain_dev[0]; i++)
		if (strlen(plain_dev[i]) == dir && !memcmp(plain_dev[i], s, dir))
			return 0;
	n = word_length(s + dir + 1, stop);
	return n && !redact_token_length(s + dir + 1) ? dir + 1 + n : 0;
}

/* `win10.xml`, `win10_VARS.fd`: the name is before. */
static size_t file_length(const char *s, const char *stop)
{
	static const char *const plain[] = { "autostart", "channel", "networks",
		"nwfilter", "save", "snapshot", "nvram" };
	static const char *const endings[] = { ".xml", ".log", ".qcow2", ".img", ".raw",
		".iso", "_VARS.fd", "_VARS.qcow2" };
	size_t n = word_length(s, stop);

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (strlen(plain[i]) == n && !memcmp(plain[i], s, n))
			return 0;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		size_t len = strlen(endings[i]);
		if (n > len && !memcmp(s + n - len, endings[i], len))
			return n - len;
	}
	return n;
}

/* `-1-win10`, `\x2d1\x2dwin10.scope`: systemd-machined's name of a guest. */
static struct secret_place qemu_at(const char *s, const char *stop)
{
	size_t at = 0;

	for (int i = 0; i < 2; i++) {
		size_t dash = s[at] == '-' ? 1 : redact_starts(s + at, "\\x2d") ? 4 : 0;
		if (!dash)
			return place_of(SECRET_NONE, 0, 0);
		at += dash;
		if (i == 0)
			at += strspn(s + at, "0123456789");
	}
	return place_of(SECRET_GUEST, at, word_length(s + at, stop));
}

/* A word behind `serial number` may be one of a sentence; `Serial: 8250/16550 driver` is
 * drivers/tty/serial/8250; the serial number of a root hub is the PCI address of its
 * controller (drivers/usb/core/hcd.c). */
static bool is_serial(const struct mark *m, const char *s, size_t n)
{
	static const char shape[] = "xxxx:xx:xx.x";
	bool telling = m->form == VALUE_LINE;
	size_t at = 0;

	while (shape[at] &&
		(shape[at] == 'x' ? hex_digit(s[at]) >= 0 : s[at] == shape[at]))
		at++;
	if (!shape[at] && !redact_is_word(s[at]))
		return false;
	if (text_starts(s, "8250") || text_starts(s, "AMBA"))
		return false;
	for (size_t i = 0; i < n; i++)
		telling |= (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'A' && s[i] <= 'Z');
	return telling;
}

static bool is_maker(const char *s)
{
	for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
		if (redact_starts(s, makers[i]))
			return true;
	return false;
}

/* The value of a row, which stands at S. */
static struct secret_place value_at(const struct mark *m, const char *s)
{
	char quote[2] = { *s == '"' || *s == '\'' ? *s : '\0', '\0' };
	size_t quoted = *quote ? 1 : 0;
	struct secret_place place = { .kind = m->kind };

	s += quoted;
	if (redact_token_length(s) || *s == '$' || *s == '?' ||
		text_starts(s, "<hidden>"))
		return place;
	if (m->form == VALUE_LINE)
		place.n = strcspn(s,
			*m->stop == ','            ? "\n,;"
				: *m->stop == '\'' ? "\n'"
				: *m->stop         ? "\n\""
						   : "\n");
	else if (m->form == VALUE_HEX)
		place.n = hex_value(s, m->kind);
	else if (m->form == VALUE_DEV)
		place.n = dev_length(s, m->stop);
	else if (m->form == VALUE_FILE)
		place.n = file_length(s, m->stop);
	else if (m->form == VALUE_QEMU)
		place = qemu_at(s, m->stop);
	else
		place.n = quoted ? strcspn(s, quote) : word_length(s, m->stop);
	if (m->form == VALUE_VOLUME)
		place = volume_at(s, place.n);
	if ((m->kind == SECRET_SERIAL && !is_serial(m, s, place.n)) ||
		(m->kind == SECRET_CERT && is_maker(s)) ||
		private_name_is_common(place.kind, s + place.keep, place.n))
		place.n = 0;
	place.keep += quoted;
	return place;
}

/* A path that stands below another directory is another one: drivers/media/pci; and
 * `21f0000.serial: ` is a UART. */
static bool is_inside(const char *s, size_t at)
{
	if (at && s[at - 1] == '.' && redact_starts(s + at, "serial: "))
		return true;
	return (redact_starts(s + at, "/media/") || redact_starts(s + at, "/users/") ||
		       redact_starts(s + at, "/dev/")) &&
		at && (redact_is_word(s[at - 1]) || s[at - 1] == '.');
}

/* `password=…`, `GRUB_PASSWORD="…"`. */
static struct secret_place password_at(const char *s)
{
	size_t word = 0;
	struct mark m = { .kind = SECRET_PASSWORD, .form = VALUE_WORD, .stop = "" };

	while (word < 64 && redact_is_word(s[word]))
		word++;
	if ((s[word] != '=' && !(s[word] == ':' && s[word + 1] == ' ')) ||
		text_starts(s, "CONFIG_"))
		return place_of(SECRET_NONE, 0, 0);
	for (size_t i = 0; i < sizeof secret_keys / sizeof secret_keys[0]; i++) {
		size_t n = strlen(secret_keys[i]);
		/* GP8PSK is a kind of modulation */
		if (word < n || !redact_starts(s + word - n, secret_keys[i]) ||
			(n < 6 && word > n && s[word - n - 1] != '_'))
			continue;
		word += s[word] == '=' ? 1 : 2;
		struct secret_place place = value_at(&m, s + word);
		place.keep += word;
		return place;
	}
	return place_of(SECRET_NONE, 0, 0);
}

/*
 * A field of a value that has several: the name in `cryptdevice=DEVICE:NAME:OPTIONS`
 * (mkinitcpio's encrypt) and `luks.name=UUID=NAME` (systemd-cryptsetup-generator(8)), the
 * host in `ip=ADDRESS:SERVER:GATEWAY:MASK:HOST` (Documentation/admin-guide/nfs/nfsroot).
 */
static struct secret_place field_at(const char *s, size_t at)
{
	enum { FARTHEST = 192 };
	static const struct {
		const char *key;
		size_t nth;
		char joint;
		enum secret_kind kind;
	} fields[] = {
		{ "cryptdevice=", 1, ':', SECRET_VOLUME },
		{ "luks.name=", 1, '=', SECRET_VOLUME },
		{ "rd.luks.name=", 1, '=', SECRET_VOLUME },
		{ "ip=", 4, ':', SECRET_HOST },
	};
	size_t from = at, n;

	while (from && at - from < FARTHEST && (unsigned char)s[from - 1] > ' ' &&
		s[from - 1] != '"' && s[from - 1] != '\'')
		from--;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		size_t count = 0;
		bool bracket = false;
		if (!text_starts(s + from, fields[i].key))
			continue;
		for (size_t k = from + strlen(fields[i].key); k < at; k++) {
			bracket = s[k] == '[' || (bracket && s[k] != ']');
			count += s[k] == fields[i].joint && !bracket;
		}
		n = word_length(s + at, STOP);
		if (count == fields[i].nth && !redact_token_length(s + at) &&
			!memmem(s + from, at - from, "by-path", 7) &&
			!private_name_is_common(fields[i].kind, s + at, n))
			return place_of(fields[i].kind, 0, n);
	}
	return place_of(SECRET_NONE, 0, 0);
}

struct secret_place mark_at(const struct mark_index *index, const char *s, size_t at)
{
	char first = redact_lower(s[at]);
	struct secret_place place;

	if (redact_is_word(first) && at && (s[at - 1] == ':' || s[at - 1] == '=')) {
		place = field_at(s, at);
		if (place.n)
			return place;
	}
	for (size_t i = index->first[first & 127]; i; i = index->next[i - 1]) {
		const struct mark *m = &marks[i - 1];
		if (!redact_starts(s + at, m->prefix))
			continue;
		size_t keep = strlen(m->prefix);
		if (is_inside(s, at) ||
			(m->kind == SECRET_GUEST && at >= 6 &&
				redact_starts(s + at - 6, "power ")))
			continue;
		place = value_at(m, s + at + keep);
		place.keep += keep;
		if (place.n)
			return place;
	}
	return redact_is_word(first) ? password_at(s + at) : place_of(SECRET_NONE, 0, 0);
}

/* Domains of those who make systems: everybody may know them. */
static bool is_public_domain(const char *s, size_t n)
{
	static const char *const parts[] = { "alpine", "amd.", "arch", "debian", "fedora",
		"gentoo", "gnu.org", "intel", "kernel", "launchpad", "linux", "lists.",
		"nixos", "nvidia", "oracle", "proxmox", "redhat", "samba", "suse",
		"ubuntu", "vmware" };

	for (size_t at = 0; at < n; at++)
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
			if (redact_starts(s + at, parts[i]))
				return true;
	return false;
}

/* `fsck@dev-sda1.service`: a unit of systemd's. */
static bool is_unit(const char *s, size_t n)
{
	static const char *const types[] = { ".device", ".mount", ".path", ".scope",
		".service", ".slice", ".socket", ".swap", ".target", ".timer" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		size_t len = strlen(types[i]);
		if (n >= len && !memcmp(s + n - len, types[i], len))
			return true;
	}
	return false;
}

/* Letters, digits and what else a mail address or a host may have. */
static size_t name_length(const char *s, const char *more)
{
	size_t n = 0;

	while (n < 255 && s[n] && (redact_is_word(s[n]) || strchr(more, s[n])))
		n++;
	return n;
}

struct secret_place mail_at(const char *s, size_t at)
{
	const char *p = s + at;
	size_t user = name_length(p, ".+-%"), host;
	const char *dot = NULL;

	if (!user || p[user] != '@')
		return place_of(SECRET_NONE, 0, 0);
	const char *domain = p + user + 1;
	host = name_length(domain, ".-");
	while (host && domain[host - 1] == '.')
		host--;
	dot = memchr(domain, '.', host);
	/* `(user@host)` of the kernel's banner: who built it, and where */
	if (!dot && host && at && s[at - 1] == '(' && domain[host] == ')')
		return place_of(SECRET_BUILDER, 0, user + 1 + host);
	if (!dot || is_unit(domain, host) || is_public_domain(domain, host))
		return place_of(SECRET_NONE, 0, 0);
	char last = domain[host - 1];
	bool letters = (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z');
	return letters ? place_of(SECRET_MAIL, 0, user + 1 + host)
		       : place_of(SECRET_NONE, 0, 0);
}
