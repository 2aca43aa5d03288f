// SPDX-License-Identifier: GPL-2.0-or-later
// Names of hosts, users and guests: which are private, how a text betrays them.
#include <string.h>

#include "snapshot/redact_parts.h"

enum {
	SHORTEST = 3,  /* a shorter name is hidden only where a mark stands before it */
	LONGEST = 64,  /* HOST_NAME_MAX */
	MOST = 100000, /* names: a text of nothing but names must end some time */
};

/* Open addressing, at most half full. */
struct name {
	const char *text; /* in lower case; NULL: a free slot */
	enum secret_kind kind;
	bool exempt;
};
struct private_names {
	struct arena *arena;
	struct name *slots;
	size_t n, n_slots;
	bool any; /* one that is not exempt */
};

/* Names that every second machine has, and words of logs and configuration: hiding them
 * would damage the evidence and protect nobody. */
static const char *const common[] = { "localhost", "linux", "debian", "ubuntu", "fedora",
	"arch", "archlinux", "manjaro", "endeavouros", "cachyos", "gentoo", "nixos",
	"opensuse", "proxmox", "pve", "unraid", "tower", "truenas", "mint", "popos",
	"pop-os", "server", "desktop", "laptop", "workstation", "computer", "home",
	"none", "root", "user", "users", "admin", "administrator", "guest", "host",
	"hosts", "test", "default", "kernel", "system", "systemd", "live", "liveuser",
	"archiso", "lost+found", "linuxbrew", "shared", "public", "cdrom", "usb",
	"floppy", "dhcp", "any", "both", "off", "on", "yes", "unknown", "null", "true",
	"false", "error", "failed", "warning", "info", "intel", "amd", "nvidia", "radeon",
	"geforce", "vfio", "kvm", "qemu", "libvirt", "libvirtd", "pci", "pcie", "iommu",
	"dmar", "acpi", "ahci", "nvme", "sata", "scsi", "disk", "boot", "video", "audio",
	"sound", "hdmi", "vga", "gpu", "igpu", "dgpu", "bios", "uefi", "firmware",
	"device", "devices", "driver", "memory", "group", "groups", "bridge", "port",
	"root-port", "function", "reset", "bus", "slot", "interrupt", "irq", "msi",
	"console", "input", "output", "keyboard", "mouse", "network", "eth0", "lan",
	"local", "localdomain", "internal", "domain", "passthrough", "enabled",
	"disabled", "module", "modules", "modprobe", "options", "option", "config",
	"load", "loaded", "start", "stop", "quiet", "splash", "debug", "data", "backup",
	"media", "games", "work", "temp", "swap", "var", "usr", "opt", "srv", "tmp",
	"etc", "sys", "proc", "dev", "lib", "grub", "dracut", "mkinitcpio", "initramfs",
	"initrd", "vmlinuz", "efi", "loader", "entries", "windows", "win7", "win8",
	"win10", "win11", "macos", "ubuntu22.04", "android", "vm", "vms", "the", "and",
	"for", "with", "not", "from", "this", "that", "has", "was", "are", "you", "can",
	"all", "new", "old", "using", "mode", "type", "name", "id", "ids", "line", "file",
	"time", "version", "command", "page", "pages", "fault", "read", "write",
	"request", "address", "addr", "size", "reason", "status", "base", "link", "speed",
	"power", "state", "thermal", "cpu", "core", "ram", "rom", "bar" };

/* Volumes as installers of systems call them: VG/LV, or a crypt device's name. */
static const char *const common_volumes[] = { "pve/root", "pve-root", "pve/swap",
	"pve-swap", "pve/data", "pve-data", "pve", "rpool/ROOT/pve-1", "rpool", "bootfs",
	"root", "swap", "home", "cryptroot", "cryptlvm", "cryptswap", "luks", "crypt",
	"control", "fedora/root", "fedora-root", "fedora/swap", "fedora-swap",
	"fedora_fedora/root", "rhel/root", "rhel-root", "cl/root", "cl-root", "cs/root",
	"cs-root", "centos/root", "centos-root", "rl/root", "rl-root", "almalinux/root",
	"almalinux-root", "ubuntu-vg/ubuntu-lv", "ubuntu--vg-ubuntu--lv", "vgubuntu/root",
	"vgubuntu-root", "vgmint-root", "system/root", "system-root", "system/swap" };

/* Labels that installers and live media give. */
static const char *const common_labels[] = { "root", "boot", "efi", "esp", "swap", "home",
	"system", "nixos", "arch", "rootfs", "data" };

static bool is_in(const char *s, size_t n, const char *const *words, size_t n_words)
{
	for (size_t i = 0; i < n_words; i++) {
		size_t k = 0;
		while (k < n && words[i][k] && words[i][k] == redact_lower(s[k]))
			k++;
		if (k == n && !words[i][k])
			return true;
	}
	return false;
}

bool private_name_is_common(enum secret_kind kind, const char *s, size_t n)
{
	if (kind == SECRET_HOST || kind == SECRET_USER || kind == SECRET_GUEST)
		return is_in(s, n, common, sizeof common / sizeof common[0]);
	if (kind == SECRET_LABEL)
		return is_in(s, n, common_labels,
			sizeof common_labels / sizeof common_labels[0]);
	for (size_t i = 0; kind == SECRET_VOLUME &&
		i < sizeof common_volumes / sizeof common_volumes[0];
		i++)
		if (strlen(common_volumes[i]) == n && !memcmp(common_volumes[i], s, n))
			return true;
	return false;
}

struct private_names *private_names_new(struct arena *a)
{
	struct private_names *names = arena_new_object(a, struct private_names);

	names->arena = a;
	names->n_slots = 64;
	names->slots = arena_alloc(a, names->n_slots * sizeof *names->slots);
	return names;
}

/* The slot of the N bytes at S, whose hash in lower case this is. */
static struct name *slot_of(
	const struct private_names *names, const char *s, size_t n, uint32_t hash)
{
	size_t at = hash & (names->n_slots - 1);

	for (;; at = (at + 1) & (names->n_slots - 1)) {
		struct name *slot = &names->slots[at];
		size_t k = 0;
		if (!slot->text)
			return slot;
		while (k < n && slot->text[k] == redact_lower(s[k]))
			k++;
		if (k == n && !slot->text[k])
			return slot;
	}
}

static uint32_t hash_of(const char *s, size_t n)
{
	uint32_t hash = REDACT_HASH;

	for (size_t i = 0; i < n; i++)
		hash = redact_hash(hash, redact_lower(s[i]));
	return hash;
}

static void put(struct private_names *names, struct name name)
{
	size_t n = strlen(name.text);

	*slot_of(names, name.text, n, hash_of(name.text, n)) = name;
	names->n++;
	if (names->n * 2 <= names->n_slots)
		return;
	struct name *old = names->slots;
	size_t n_old = names->n_slots;
	names->n_slots *= 4;
	names->slots = arena_alloc(names->arena, names->n_slots * sizeof *old);
	for (size_t i = 0; i < n_old; i++)
		if (old[i].text)
			*slot_of(names, old[i].text, strlen(old[i].text),
				hash_of(old[i].text, strlen(old[i].text))) = old[i];
}

static void add(struct private_names *names, enum secret_kind kind, bool exempt,
	const char *s, size_t n)
{
	if (n < SHORTEST || n > LONGEST || names->n >= MOST || memchr(s, '<', n))
		return;
	struct name *slot = slot_of(names, s, n, hash_of(s, n));
	if (slot->text) {
		slot->exempt |= exempt;
		return;
	}
	char *text = arena_strndup(names->arena, s, n);
	for (char *p = text; *p; p++)
		*p = redact_lower(*p);
	put(names, (struct name){ text, kind, exempt });
	names->any |= !exempt;
}

void private_names_exempt(struct private_names *names, const char *word)
{
	add(names, SECRET_NONE, true, word, strlen(word));
}

void private_names_add(
	struct private_names *names, enum private_name kind, const char *name, size_t n)
{
	static const enum secret_kind kinds[] = { [PRIVATE_HOST] = SECRET_HOST,
		[PRIVATE_USER] = SECRET_USER,
		[PRIVATE_GUEST] = SECRET_GUEST };
	size_t label = 0, digits = 0;

	/* `box.example.org`: the first part stands alone elsewhere */
	while (label < n && name[label] != '.')
		label++;
	for (size_t i = 0; i < n; i++)
		digits += name[i] >= '0' && name[i] <= '9';
	if (digits + (label < n) * 3 >= n)
		return;
	if (kind == PRIVATE_HOST && label < n)
		private_names_add(names, kind, name, label);
	if (!private_name_is_common(kinds[kind], name, n))
		add(names, kinds[kind], false, name, n);
}

/* What a name consists of, in the middle of it. */
static bool is_inner(char c)
{
	return redact_is_word(c) || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

struct secret_place private_name_at(
	const struct private_names *names, const char *s, size_t at)
{
	struct secret_place found = { 0 };
	uint32_t hash = REDACT_HASH;
	const char *p = s + at;

	if (!names->any || (at && (unsigned char)s[at - 1] >= 0x80))
		return found;
	for (size_t n = 0; n < LONGEST && is_inner(p[n]);) {
		hash = redact_hash(hash, redact_lower(p[n++]));
		if (redact_is_word(p[n]) || (unsigned char)p[n] >= 0x80)
			continue;
		const struct name *name = slot_of(names, p, n, hash);
		/* Four hex digits beside a colon are an id of PCI */
		bool id = n == 4 && (p[n] == ':' || (at && s[at - 1] == ':')) &&
			strspn(p, "0123456789abcdefABCDEF") >= 4;
		if (name->text && !name->exempt && !id)
			found = (struct secret_place){ name->kind, 0, n };
	}
	return found;
}

/* A run of what a name consists of. */
static size_t inner_run(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && is_inner(s[n]))
		n++;
	return n;
}

#define ROW(text_, kind_)                                                                \
	{                                                                                \
		.before = text_, .len = sizeof text_ - 1, .kind = kind_                  \
	}

/* Where a text says what the next word is. */
static const struct {
	const char *before;
	size_t len;
	enum private_name kind;
} betrayals[] = {
	ROW("/home/", PRIVATE_USER),
	ROW("\\Users\\", PRIVATE_USER),
	ROW("/run/media/", PRIVATE_USER),
	ROW("opened for user ", PRIVATE_USER),
	ROW("of user ", PRIVATE_USER),
	ROW("acct=\"", PRIVATE_USER),
	ROW("superusers=\"", PRIVATE_USER),
	ROW("password_pbkdf2 ", PRIVATE_USER),
	ROW("hostname to <", PRIVATE_HOST),
	ROW("ostname set to <", PRIVATE_HOST),
	ROW("tatic hostname: ", PRIVATE_HOST),
	ROW("systemd.hostname=", PRIVATE_HOST),
	ROW("/etc/pve/nodes/", PRIVATE_HOST),
	ROW("guest=", PRIVATE_GUEST),
	ROW("omain '", PRIVATE_GUEST),
	ROW("virsh start ", PRIVATE_GUEST),
	ROW("virsh edit ", PRIVATE_GUEST),
	ROW("virsh dumpxml ", PRIVATE_GUEST),
};

/* What stands behind the names of a prompt: `:~`, `:/`, ` ~]`, ` ~ #`. */
static bool is_prompt_end(const char *p, const char *end, bool at, bool bracket)
{
	size_t left = (size_t)(end - p);

	if (left < 2)
		return false;
	if (*p == ':')
		return p[1] == '~' || (at && p[1] == '/');
	if (*p != ' ')
		return false;
	if (at && (p[1] == '~' || p[1] == '/' || (bracket && memchr(p, ']', left))))
		return true;
	return left > 3 && p[1] == '~' && p[2] == ' ' && strchr("#$%", p[3]);
}

/* `user@host:~$`, `[user@host dir]$`, `host:~ #`, `host ~ #` at the start of a line. */
static void learn_prompt(struct private_names *names, const char *s, const char *end)
{
	bool bracket = s < end && *s == '[';
	const char *user = s + bracket, *host = user;
	size_t n_user = inner_run(user, end), n_host = n_user;
	bool at = n_user && user + n_user < end && user[n_user] == '@';

	if (at) {
		host = user + n_user + 1;
		n_host = inner_run(host, end);
	}
	if (!n_host || !is_prompt_end(host + n_host, end, at, bracket))
		return;
	if (at)
		private_names_add(names, PRIVATE_USER, user, n_user);
	private_names_add(names, PRIVATE_HOST, host, n_host);
}

/* Length of `Nov  2 21:03:04 ` or `2024-11-02T21:03:04.1+01:00 ` at S (RFC 3164, 5424). */
static size_t stamp_length(const char *s, const char *end)
{
	static const char shapes[][21] = { "Aaa _0 00:00:00 ", "0000-00-00T00:00:00" };

	for (size_t i = 0; i < 2; i++) {
		size_t at = 0, len = strlen(shapes[i]);
		if ((size_t)(end - s) <= len)
			continue;
		for (; at < len; at++) {
			char want = shapes[i][at], c = s[at];
			bool digit = c >= '0' && c <= '9';
			if (!(want == '0'                 ? digit
					    : want == '_' ? digit || c == ' '
					    : want == 'A' ? c >= 'A' && c <= 'Z'
					    : want == 'a' ? c >= 'a' && c <= 'z'
							  : c == want))
				break;
		}
		while (at >= len && i && s + at < end && s[at] != ' ')
			at++;
		if (at >= len)
			return at + (i && s + at < end);
	}
	return 0;
}

/* `STAMP HOST kernel: …`, `STAMP HOST systemd[1]: …` */
static void learn_syslog(struct private_names *names, const char *s, const char *end)
{
	size_t stamp = stamp_length(s, end), n, word;

	if (!stamp)
		return;
	s += stamp;
	n = inner_run(s, end);
	if (!n || s + n >= end || s[n] != ' ')
		return;
	word = inner_run(s + n + 1, end);
	const char *p = s + n + 1 + word;
	if (word && p < end && (*p == ':' || *p == '['))
		private_names_add(names, PRIVATE_HOST, s, n);
}

/* `Linux HOST 6.8.0-45-generic #45 …`, as uname -a prints it. */
static void learn_uname(struct private_names *names, const char *s, const char *end)
{
	size_t n;

	if ((size_t)(end - s) < 8 || memcmp(s, "Linux ", 6) != 0)
		return;
	s += 6;
	n = inner_run(s, end);
	if (s + n + 2 < end && s[n] == ' ' && s[n + 1] >= '2' && s[n + 1] <= '9' &&
		s[n + 2] == '.')
		private_names_add(names, PRIVATE_HOST, s, n);
}

/* `alice : TTY=pts/0 ; PWD=…` of sudo(8), `uid=1000(alice)` of id(1); P is behind the `=`. */
static void learn_login(
	struct private_names *names, const char *s, const char *p, const char *end)
{
	if (p - s > 7 && !memcmp(p - 7, " : TTY=", 7)) {
		size_t n = 0;
		while (p - 7 - n > s && is_inner(p[-8 - (long)n]))
			n++;
		private_names_add(names, PRIVATE_USER, p - 7 - n, n);
	} else if (p - s >= 4 && !memcmp(p - 4, "uid=", 4)) {
		while (p < end && *p >= '0' && *p <= '9')
			p++;
		if (p < end && *p == '(')
			private_names_add(
				names, PRIVATE_USER, p + 1, inner_run(p + 1, end));
	}
}

/* The row whose text ends just before P, which is behind a character that ends some row. */
static void learn_betrayed(
	struct private_names *names, const char *s, const char *p, const char *end)
{
	for (size_t i = 0; i < sizeof betrayals / sizeof betrayals[0]; i++) {
		size_t len = betrayals[i].len, n;
		const char *before = betrayals[i].before;
		if (p[-1] != before[len - 1] || (size_t)(p - s) < len ||
			p[-2] != before[len - 2] || memcmp(p - len, before, len) != 0)
			continue;
		n = inner_run(p, end);
		while (n && (p[n - 1] == '.' || p[n - 1] == '-'))
			n--;
		private_names_add(names, betrayals[i].kind, p, n);
	}
}

static void learn_line(struct private_names *names, const char *s, const char *end)
{
	for (const char *p = s; p < end; p++) {
		char c = *p;
		if (c == '=')
			learn_login(names, s, p + 1, end);
		if ((c == ' ' && p > s && strchr("r2:tl", p[-1])) || c == '/' ||
			c == '=' || c == '\'' || c == '"' || c == '<' || c == '\\')
			learn_betrayed(names, s, p + 1, end);
	}
	while (s < end && text_is_space(*s))
		s++;
	learn_prompt(names, s, end);
	learn_syslog(names, s, end);
	learn_uname(names, s, end);
}

void private_names_learn(struct private_names *names, const char *text, size_t n)
{
	const char *stop = text + n;

	while (text < stop) {
		const char *end = memchr(text, '\n', (size_t)(stop - text));

		end = end ? end : stop;
		learn_line(names, text, end);
		text = end + 1;
	}
}
