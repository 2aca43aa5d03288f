// SPDX-License-Identifier: GPL-2.0-or-later
// Replaces what identifies a person or a machine by tokens; equal things stay equal.
#include "snapshot/redact.h"

#include <string.h>

#include "base/text.h"
#include "snapshot/fields.h"

/* A thing that was replaced, and the number of its token. */
struct secret {
	const char *kind, *text;
	size_t number;
};

struct redactor {
	struct snapshot *snap;
	const char *hostname;
	const char *const *users;
	struct secret *secrets;
	size_t n;
};

/* Text behind one of these words, up to a blank or one of STOP, names something private.
 */
struct marker {
	const char *prefix, *kind, *stop;
};

static const struct marker markers[] = {
	{ "SerialNumber: ", "serial", "" },
	{ "erial number ", "serial", ",;" },
	{ "erial Number: ", "serial", ",;" },
	{ "serial=", "serial", ",;\"'" },
	{ "/dev/mapper/", "volume", ",:;\"')" },
	{ "/dev/disk/by-id/", "disk", ",:;\"')" },
	{ "/dev/disk/by-label/", "label", ",:;\"')" },
	{ "/dev/disk/by-partlabel/", "label", ",:;\"')" },
	{ "=LABEL=", "label", ",:;\"')" },
	{ "PARTLABEL=", "label", ",:;\"')" },
	{ "rd.lvm.lv=", "volume", ",;\"'" },
	{ "rd.lvm.vg=", "volume", ",;\"'" },
	{ "rd.luks.name=", "volume", ";\"'" },
	{ "ZFS=", "volume", ",;\"'" },
	{ "zfs:", "volume", ",;\"'" },
	{ "systemd.machine_id=", "id", "\"'" },
	{ "systemd.hostname=", "host", "\"'" },
	{ "hostname=", "host", "\"',:" },
	{ "/home/", "user", "/,:;\"')" },
	{ "/etc/libvirt/qemu/", "guest", ".,:;\"')" },
	{ "wwn-0x", "wwn", "-,:;\"')" },
	{ "naa.", "wwn", ",:;\"')" },
};

/* Directories of /dev that are no volume groups. */
static const char *const plain_dev[] = { "block", "bus", "char", "cpu", "disk", "dri",
	"fd", "hugepages", "input", "kvm", "mapper", "mqueue", "net", "pts", "shm", "snd",
	"vfio" };

/* Host names that every second machine has: hiding them would only damage the evidence.
 */
static const char *const common_names[] = { "localhost", "linux", "debian", "ubuntu",
	"fedora", "arch", "archlinux", "proxmox", "kernel", "host", "root", "user",
	"intel", "amd", "nvidia", "vfio", "kvm", "pci", "pve", "none" };

static bool is_one_of(const char *s, size_t n, const char *const *words, size_t n_words)
{
	for (size_t i = 0; i < n_words; i++)
		if (strlen(words[i]) == n && strncmp(words[i], s, n) == 0)
			return true;
	return false;
}

static bool is_name_char(char c)
{
	return hex_digit(c) >= 0 || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') ||
		c == '_';
}

static void add_token(
	struct redactor *r, struct strbuf *out, const char *kind, const char *s, size_t n)
{
	size_t number = 1;

	for (size_t i = 0; i < r->n; i++) {
		const struct secret *have = &r->secrets[i];
		if (strcmp(have->kind, kind) != 0)
			continue;
		if (strlen(have->text) == n && strncmp(have->text, s, n) == 0) {
			strbuf_addf(out, "<%s-%zu>", kind, have->number);
			return;
		}
		number++;
	}
	*arena_push(r->snap->arena, r->secrets, r->n) = (struct secret){
		.kind = kind,
		.text = arena_strndup(r->snap->arena, s, n),
		.number = number,
	};
	strbuf_addf(out, "<%s-%zu>", kind, number);
}

/* A run of hex digits at S; its length. */
static size_t hex_run(const char *s)
{
	size_t n = 0;

	while (hex_digit(s[n]) >= 0)
		n++;
	return n;
}

/* 8-4-4-4-12 hex digits: a UUID. Returns its length, 0 if S does not begin with one. */
static size_t uuid_length(const char *s)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t at = 0;

	for (size_t i = 0; i < 5; i++) {
		if (hex_run(s + at) != groups[i])
			return 0;
		at += groups[i];
		if (i < 4 && s[at++] != '-')
			return 0;
	}
	return at;
}

/* Six to twenty pairs of hex digits, all joined by `:` or all by `-`: MAC, EUI-64, GUID.
 */
static size_t mac_length(const char *s)
{
	size_t at = 0, pairs = 0;
	char joint = s[0] && s[1] ? s[2] : '\0';

	if (joint != ':' && joint != '-')
		return 0;
	while (hex_run(s + at) == 2) {
		pairs++;
		at += 2;
		if (s[at] != joint)
			break;
		at++;
	}
	if (pairs >= 6 && s[at - 1] == joint)
		at--;
	return pairs >= 6 && pairs <= 20 && !is_name_char(s[at]) ? at : 0;
}

/* Four numbers up to 255 joined by dots, and no part of a longer such chain. Loopback,
 * "any" and broadcast addresses tell nothing. */
static size_t ipv4_length(const char *s)
{
	size_t at = 0;
	unsigned first = 0;

	for (int i = 0; i < 4; i++) {
		unsigned value = 0;
		size_t digits = 0;
		while (s[at] >= '0' && s[at] <= '9' && digits < 4) {
			value = value * 10 + (unsigned)(s[at++] - '0');
			digits++;
		}
		if (!digits || digits > 3 || value > 255)
			return 0;
		if (i == 0)
			first = value;
		if (i < 3 && s[at++] != '.')
			return 0;
	}
	if (s[at] == '.' || is_name_char(s[at]) || first == 127 || first == 0 ||
		first == 255)
		return 0;
	return at;
}

/* Eight groups, or fewer with one `::`; at least two groups and no other character. */
static size_t ipv6_length(const char *s)
{
	size_t at = 0, groups = 0, doubles = 0;

	for (;;) {
		size_t n = hex_run(s + at);
		if (n > 4)
			return 0;
		groups += n > 0;
		at += n;
		if (s[at] != ':')
			break;
		if (s[at + 1] == ':') {
			doubles++;
			at++;
		}
		if (s[at + 1] != ':' && hex_run(s + at + 1) == 0 && s[at - 1] != ':')
			break; /* a colon of the sentence */
		at++;
	}
	bool whole = groups == 8 && doubles == 0;
	bool shortened = doubles == 1 && groups >= 2 && groups < 8;
	return (whole || shortened) && !is_name_char(s[at]) && s[at] != '.' ? at : 0;
}

/* A private number at the start of a word. */
static size_t number_length(const char *s, const char **ret_kind)
{
	size_t n;

	if (hex_digit(s[0]) < 0 && s[0] != ':')
		return 0;
	if ((n = uuid_length(s)) > 0)
		*ret_kind = "uuid";
	else if ((n = mac_length(s)) > 0)
		*ret_kind = "mac";
	else if ((n = ipv4_length(s)) > 0)
		*ret_kind = "ip";
	else if ((n = ipv6_length(s)) > 0)
		*ret_kind = "ip";
	return n;
}

/* `enx001122334455`: udev names USB network cards by their address (systemd.net-naming-
 * scheme(7)). Returns the length of the digits behind the three letters. */
static size_t interface_length(const char *s)
{
	if (!text_starts(s, "enx") && !text_starts(s, "wlx") && !text_starts(s, "wwx"))
		return 0;
	return hex_run(s + 3) == 12 && !is_name_char(s[15]) ? 12 : 0;
}

/* S stands behind a marker's prefix: how much of it is private. */
static size_t marked_length(const char *s, const char *stop)
{
	size_t n = strcspn(s, " \t\n");
	size_t stopped = strcspn(s, stop);

	n = stopped < n ? stopped : n;
	return n && s[0] != '<' && s[0] != '$' ? n : 0;
}

/* `/dev/VG/LV`: the volume group and volume behind /dev/. */
static size_t volume_length(const char *s)
{
	size_t dir = 0, n;

	while (is_name_char(s[dir]) || s[dir] == '-' || s[dir] == '.')
		dir++;
	if (!dir || s[dir] != '/' ||
		is_one_of(s, dir, plain_dev, sizeof plain_dev / sizeof plain_dev[0]))
		return 0;
	n = marked_length(s, ",:;\"')");
	return n > dir + 1 ? n : 0;
}

/* Length of WORD if S begins with it as a whole word. */
static size_t word_length(const char *s, const char *word)
{
	size_t n = word ? strlen(word) : 0;

	if (n < 3 || strncmp(s, word, n) != 0 || is_name_char(s[n]) || s[n] == '-')
		return 0;
	return is_one_of(word, n, common_names,
		       sizeof common_names / sizeof common_names[0])
		? 0
		: n;
}

/* `user@host)` behind a parenthesis: who built the kernel, and where. A host with a dot
 * is a mail address of a distribution, which everybody may know. */
static size_t builder_length(const char *s)
{
	size_t user = strcspn(s, "@ ()"), host;

	if (!user || s[user] != '@')
		return 0;
	host = strcspn(s + user + 1, ". ()<");
	return host && s[user + 1 + host] == ')' ? user + 1 + host : 0;
}

/* What begins at S, the first character of a word, and is private. Copies what stands
 * before it in *RET_KEEP bytes (a marker's prefix). */
static size_t private_length(struct redactor *r, const char *s, bool after_parenthesis,
	const char **ret_kind, size_t *ret_keep)
{
	size_t n;

	*ret_keep = 0;
	if ((n = number_length(s, ret_kind)) > 0)
		return n;
	if ((n = interface_length(s)) > 0) {
		*ret_kind = "mac";
		*ret_keep = 3;
		return n;
	}
	if ((n = word_length(s, r->hostname)) > 0) {
		*ret_kind = "host";
		return n;
	}
	for (size_t i = 0; r->users && r->users[i]; i++) {
		n = word_length(s, r->users[i]);
		if (n && s[n] == '@') {
			*ret_kind = "user";
			return n;
		}
	}
	if (after_parenthesis && (n = builder_length(s)) > 0) {
		*ret_kind = "builder";
		return n;
	}
	if (text_starts(s, "/dev/") && (n = volume_length(s + 5)) > 0) {
		*ret_kind = "volume";
		*ret_keep = 5;
		return n;
	}
	for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++) {
		const struct marker *m = &markers[i];
		if (s[0] != m->prefix[0] || !text_starts(s, m->prefix))
			continue;
		*ret_keep = strlen(m->prefix);
		*ret_kind = m->kind;
		return marked_length(s + *ret_keep, m->stop);
	}
	return 0;
}

static const char *redact_text(struct redactor *r, const char *s)
{
	struct strbuf out = { 0 };
	size_t copied = 0, i = 0;

	while (s[i]) {
		const char *kind = NULL;
		size_t keep = 0;
		/* Not in the middle of a word or of a longer chain of numbers. */
		bool word_starts = i == 0 || !is_name_char(s[i - 1]) ||
			!is_name_char(s[i]) || s[i] == 'e';
		bool joined = i > 1 && (s[i - 1] == ':' || s[i - 1] == '.') &&
			hex_digit(s[i - 2]) >= 0;
		size_t n = word_starts && !(joined && hex_digit(s[i]) >= 0)
			? private_length(r, s + i, i > 0 && s[i - 1] == '(', &kind, &keep)
			: 0;
		if (!n) {
			i++;
			continue;
		}
		strbuf_add_mem(&out, s + copied, i + keep - copied);
		add_token(r, &out, kind, s + i + keep, n);
		i += keep + n;
		copied = i;
	}
	if (!copied)
		return s;
	strbuf_add(&out, s + copied);
	return strbuf_finish(&out, r->snap->arena);
}

static void redact_record(struct redactor *r, const struct record *rec, void *p);

static void redact_list(struct redactor *r, const struct record *rec, const void *p)
{
	struct {
		enum have have;
		char *v;
		size_t n;
	} list;

	memcpy(&list, p, sizeof list);
	for (size_t i = 0; i < list.n; i++)
		redact_record(r, rec, list.v + i * rec->size);
}

static void redact_record(struct redactor *r, const struct record *rec, void *p)
{
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		void *at = (char *)p + f->offset;
		struct snap_text *text = at;
		struct snap_texts *texts = at;
		const char **name = at;

		if (f->type == FIELD_NAME && *name)
			*name = redact_text(r, *name);
		else if (f->type == FIELD_TEXT && text->have == HAVE_VALUE)
			text->s = redact_text(r, text->s);
		else if (f->type == FIELD_TEXTS)
			for (size_t k = 0; k < texts->n; k++)
				texts->s[k] = redact_text(r, texts->s[k]);
		else if (f->type == FIELD_RECORD)
			redact_record(r, f->of, at);
		else if (f->type == FIELD_LIST)
			redact_list(r, f->of, at);
	}
}

/* Blanks the Device Serial Number (PCI Express Base Specification 7.9.3: extended
 * capability 0003h, eight bytes behind its header). The walk is bounded: pointers may
 * form a circle. */
static void redact_serial(struct snapshot *s, struct snap_bytes *config)
{
	enum {
		FIRST = 0x100,
		MOST = (4096 - FIRST) / 8,
		SERIAL_ID = 0x0003,
		SERIAL_SIZE = 8
	};
	size_t at = FIRST;

	for (int i = 0; i < MOST && at >= FIRST && at + 4 <= config->n; i++) {
		const uint8_t *h = config->p + at;
		size_t left = config->n - at - 4;
		if ((h[0] | h[1] << 8) == SERIAL_ID) {
			uint8_t *copy = arena_memdup(s->arena, config->p, config->n);
			memset(copy + at + 4, 0, left < SERIAL_SIZE ? left : SERIAL_SIZE);
			config->p = copy;
			return;
		}
		at = ((size_t)h[3] << 4 | h[2] >> 4) & ~(size_t)3;
	}
}

void snapshot_redact(struct snapshot *s, const char *hostname, const char *const *users)
{
	struct redactor r = { .snap = s, .hostname = hostname, .users = users };

	redact_record(&r, &snapshot_record, s);
	for (size_t i = 0; i < s->pci.n; i++)
		if (s->pci.v[i].config.have == HAVE_VALUE)
			redact_serial(s, &s->pci.v[i].config);
	s->origin.redacted = snap_bool_of(true);
}
