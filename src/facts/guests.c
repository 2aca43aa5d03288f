// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that libvirt, Proxmox VE or somebody by hand gives to a guest when it starts.
#include "facts/guests.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/topology.h"

enum { MAX_CLAIMS = 1024 }; /* what a hostile snapshot may cost */

static void add_claim(struct facts *f, struct config *c, const struct guest_claim *claim)
{
	if (c->n_guests < MAX_CLAIMS)
		*arena_push(f->arena, c->guests, c->n_guests) = *claim;
}

static const char *where_of(struct facts *f, const struct snap_file *file, size_t line)
{
	return arena_printf(f->arena, "%s:%zu", file->path, line);
}

/* How many line feeds are there between FROM and TO? */
static size_t count_lines(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* The number in the attribute NAME of a tag, decimal or with 0x: virXMLPropUInt(). */
static bool attribute_scan(const char *tag, const char *name, uint64_t *ret)
{
	for (const char *p = tag; (p = strstr(p, name)); p++) {
		const char *v = p + strlen(name);
		char *end;

		if (p == tag || !text_is_space(p[-1]) || *v++ != '=' ||
			(*v != '\'' && *v != '"'))
			continue;
		if (hex_digit(v[1]) < 0)
			return false;
		*ret = strtoull(v + 1, &end, 0);
		return *end == *v;
	}
	return false;
}

static bool tag_address(const char *tag, struct bdf *ret)
{
	uint64_t domain = 0, bus, slot, function = 0;

	attribute_scan(tag, "domain", &domain);
	if (!attribute_scan(tag, "bus", &bus) || !attribute_scan(tag, "slot", &slot))
		return false;
	attribute_scan(tag, "function", &function);
	if (domain > 0xffffffff || bus > 0xff || slot > 0x1f || function > 7)
		return false;
	*ret = (struct bdf){ .domain = (uint32_t)domain,
		.bus = (uint8_t)bus,
		.dev = (uint8_t)slot,
		.fn = (uint8_t)function };
	return true;
}

/* https://libvirt.org/formatdomain.html#host-device-assignment; the collector has kept
 * only elements that hand over a PCI function, and <source> and <address> in them. */
static void read_domain(struct facts *f, struct config *c, const struct snap_file *file)
{
	bool in_source = false, managed = false;
	const char *p = config_text(file), *before = p;
	size_t line = 1;

	for (; (p = strchr(p, '<')); before = p, p += strcspn(p, ">")) {
		size_t n = strcspn(p, ">");
		line += count_lines(before, p);
		const char *tag = arena_strndup(f->arena, p, n + (p[n] == '>'));
		struct bdf bdf;

		if (text_starts(tag, "<hostdev") || text_starts(tag, "<interface"))
			managed = strstr(tag, "managed='yes'") ||
				strstr(tag, "managed=\"yes\"");
		else if (text_starts(tag, "<source"))
			in_source = true;
		else if (text_starts(tag, "</"))
			in_source = false;
		else if (in_source && text_starts(tag, "<address") &&
			tag_address(tag, &bdf))
			add_claim(f, c,
				&(struct guest_claim){ .bdf = bdf,
					.by_hand = !managed,
					.where = where_of(f, file, line),
					.text = text_flatten(f->arena, tag) });
	}
}

/* `0000:01:00.0`, `01:00` (a slot), several with `;` between. */
static void add_host_list(struct facts *f, struct config *c, const char *list, size_t n,
	const struct guest_claim *like)
{
	for (size_t at = 0; at < n;) {
		size_t len = strcspn(list + at, ";");
		struct guest_claim claim = *like;
		char *address;

		if (len > n - at)
			len = n - at;
		address = text_trim(f->arena, arena_strndup(f->arena, list + at, len));
		claim.slot = !strchr(address, '.');
		if (claim.slot)
			address = arena_printf(f->arena, "%s.0", address);
		if (bdf_parse(address, &claim.bdf))
			add_claim(f, c, &claim);
		at += len + 1;
	}
}

static bool same_pair(struct facts *f, const char *id, size_t n, struct bdf bdf)
{
	const struct fn *fn = facts_find(f, bdf);

	return !fn || !fn->raw || fn->raw->vendor.have != HAVE_VALUE ||
		text_equal(arena_strndup(f->arena, id, n),
			arena_printf(f->arena, "%04x:%04x", (unsigned)fn->raw->vendor.v,
				(unsigned)fn->raw->device.v));
}

/* One line `map id=10de:2204,path=0000:01:00` of a mapping. A cluster has one list for all
 * its nodes: a line whose ID is another is that of another machine. */
static void add_map_line(struct facts *f, struct config *c, const char *line,
	const struct guest_claim *like)
{
	const char *id = strstr(line, "id="), *path = strstr(line, "path=");
	size_t first = c->n_guests;

	if (!path)
		return;
	path += strlen("path=");
	add_host_list(f, c, path, strcspn(path, ",\n"), like);
	if (id && first < c->n_guests &&
		!same_pair(f, id + 3, strcspn(id + 3, ",\n"), c->guests[first].bdf))
		c->n_guests = first;
}

/* `mapping=NAME`: the lines of that section of /etc/pve/mapping/pci.cfg. */
static void add_mapping(struct facts *f, struct config *c, const char *name, size_t n,
	const struct guest_claim *like)
{
	const char *text = config_text(config_file(f, "/etc/pve/mapping/pci.cfg"));
	bool in_section = false;

	if (c->n_mappings++ >= MAX_CLAIMS)
		return;
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len && !text_is_space(text[0]))
			in_section = len >= n && !strncmp(text, name, n) &&
				strspn(text + n, " \t\r") == len - n;
		else if (in_section)
			add_map_line(f, c, arena_strndup(f->arena, text, len), like);
		text += len + (text[len] == '\n');
	}
}

/* `hostpci0: 0000:01:00,pcie=1`, `hostpci1: mapping=gpu`: qm.conf(5). */
static void read_proxmox(struct facts *f, struct config *c, const struct snap_file *file)
{
	const char *p = config_text(file);

	for (size_t line = 1; *p; line++, p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		const char *value = memchr(p, ':', n), *end = p + n;

		if (text_starts(p, "hostpci") && value) {
			struct guest_claim like = { .where = where_of(f, file, line),
				.text = arena_strndup(f->arena, p, n) };
			for (value++; value < end && text_is_space(*value);)
				value++;
			for (bool first = true; value < end; first = false) {
				size_t len = strcspn(value, ",\n");

				if (text_starts(value, "host="))
					add_host_list(f, c, value + 5, len - 5, &like);
				else if (text_starts(value, "mapping="))
					add_mapping(f, c, value + 8, len - 8, &like);
				else if (first && !memchr(value, '=', len))
					add_host_list(f, c, value, len, &like);
				value += len + 1;
			}
		}
		p = end;
	}
}

/* `-device vfio-pci,host=0000:01:00.0`: QEMU expects it bound. */
static void read_qemu(struct facts *f, struct config *c, const struct snap_file *file)
{
	static const char head[] = "-device vfio-pci,host=";
	const char *p = config_text(file);

	for (size_t at = 1; *p; at++, p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		char *line = arena_strndup(f->arena, p, n);
		struct guest_claim claim = { .by_hand = true, .text = line };

		if (text_starts(line, head) &&
			bdf_parse(line + strlen(head), &claim.bdf)) {
			claim.where = where_of(f, file, at);
			add_claim(f, c, &claim);
		}
		p += n;
	}
}

static void read_all(struct facts *f, struct config *c)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if (config_in_dir(file->path, "/etc/libvirt/qemu"))
			read_domain(f, c, file);
		else if (config_in_dir(file->path, "/etc/pve/qemu-server"))
			read_proxmox(f, c, file);
		else if (text_equal(file->path, QEMU_COMMAND_LINE))
			read_qemu(f, c, file);
	}
}

const struct guest_claim *guest_claims(struct facts *f, size_t *ret_n)
{
	struct config *c = config_of(f);

	if (!c->guests_done) {
		c->guests_done = true;
		if (!config_is_foreign(f))
			read_all(f, c);
	}
	*ret_n = c->n_guests;
	return c->guests;
}

const struct guest_claim *guest_claim_of(struct facts *f, const struct fn *fn)
{
	size_t n;
	const struct guest_claim *claims = guest_claims(f, &n);

	for (size_t i = 0; i < n && fn->is_endpoint; i++) {
		if (claims[i].slot ? bdf_same_slot(claims[i].bdf, fn->bdf)
				   : !bdf_compare(claims[i].bdf, fn->bdf))
			return &claims[i];
	}
	return NULL;
}

static bool is_of_guests(const char *path)
{
	return config_in_dir(path, "/etc/libvirt/qemu") ||
		config_in_dir(path, "/etc/pve/qemu-server") ||
		text_equal(path, "/etc/pve/mapping/pci.cfg");
}

enum tri guest_claims_known(const struct facts *f)
{
	enum source_status status = snapshot_status(f->snap, SOURCE_GUESTS);

	if (config_is_foreign(f))
		return TRI_UNKNOWN;
	if (status == STATUS_ABSENT)
		return TRI_TRUE;
	if (status != STATUS_OK || f->snap->files.have == HAVE_NOT)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < f->snap->files.n; i++) {
		if (is_of_guests(f->snap->files.v[i].path) &&
			f->snap->files.v[i].text.have == HAVE_NOT)
			return TRI_UNKNOWN;
	}
	return TRI_TRUE;
}

void derive_device_guest_by(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct guest_claim *claim = s->fn ? guest_claim_of(f, s->fn) : NULL;

	if (claim) {
		fact_seen(f, out, claim->where, claim->text);
		fact_set_text(out, claim->where);
	} else if (s->fn && guest_claims_known(f) == TRI_TRUE) {
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_GUESTS);
	}
}

/* True where one guest that has it expects to find it bound; another may do otherwise. */
void derive_device_guest_by_hand(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct guest_claim *claims = guest_claims(f, &n);
	bool by_hand = false;

	if (!s->fn)
		return;
	if (guest_claims_known(f) != TRI_TRUE) {
		fact_missing(out, SOURCE_GUESTS);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (claims[i].by_hand && !bdf_compare(claims[i].bdf, s->fn->bdf)) {
			fact_seen(f, out, claims[i].where, claims[i].text);
			by_hand = true;
		}
	}
	fact_set_bool(out, by_hand);
}
