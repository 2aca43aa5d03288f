// SPDX-License-Identifier: GPL-2.0-or-later
// Addresses that configuration names, and whether they are there today.
#include <string.h>

#include "base/text.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/guests.h"
#include "facts/subjects.h"
#include "facts/topology.h"

struct address {
	struct bdf bdf;
	const char *addr;
	const char *where; /* file:line */
	const char *text;
};

static void add_address(
	struct facts *f, struct bdf bdf, const char *where, const char *text)
{
	char buf[BDF_TEXT];
	struct subject_list *list = &f->scopes[SCOPE_ADDRESS];
	struct address *item;
	struct subject *s;
	struct fn *fn;

	bdf_format(bdf, buf);
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->v[i]->key, buf))
			return; /* the first place that names it will do */
	}
	item = arena_new_object(f->arena, struct address);
	*item = (struct address){
		.bdf = bdf,
		.addr = arena_strdup(f->arena, buf),
		.where = where,
		.text = text,
	};
	s = subject_new(f, SCOPE_ADDRESS, item->addr);
	s->item = item;
	fn = facts_find(f, bdf);
	if (fn)
		subject_about(f, s, fn);
}

/* `DEVICES="0000:02:00.0 0000:02:00.1"` of the vfio-bind scripts that once went round. */
static void read_vfio_cfg(struct facts *f)
{
	const struct snap_file *file = config_file(f, "/etc/vfio-pci.cfg");
	size_t n;
	char **lines = text_lines(f->arena, config_text(file), &n);

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");
		const char *where =
			arena_printf(f->arena, "%s:%zu", "/etc/vfio-pci.cfg", i + 1);

		if (!text_starts(p, "DEVICES="))
			continue;
		p += strlen("DEVICES=");
		while (*p) {
			size_t len;
			struct bdf bdf;

			p += strspn(p, " \t\"'");
			len = strcspn(p, " \t\"'#");
			if (len && bdf_parse(arena_strndup(f->arena, p, len), &bdf))
				add_address(f, bdf, where, lines[i]);
			p += len;
			if (*p == '#')
				break;
		}
	}
}

static void read_driverctl(struct facts *f)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		const char *name = config_basename(file->path);
		struct bdf bdf;

		if (!config_in_dir(file->path, "/etc/driverctl.d"))
			continue;
		if (text_starts(name, "pci-"))
			name += strlen("pci-");
		if (bdf_parse(name, &bdf))
			add_address(f, bdf, file->path,
				text_trim(f->arena, config_text(file)));
	}
}

/* The slot of a whole one stands for its function 0. */
static void read_guests(struct facts *f)
{
	size_t n;
	const struct guest_claim *claims = guest_claims(f, &n);

	for (size_t i = 0; i < n; i++)
		add_address(f, claims[i].bdf, claims[i].where, claims[i].text);
}

/* One line of a hook, of which the collector has kept only addresses: as the kernel writes
 * them, or as virsh does, pci_0000_02_00_0. */
static void read_hook_line(struct facts *f, const char *line, const char *where)
{
	size_t n;
	char **words = text_split(f->arena, line, " ", &n);

	for (size_t i = 0; i < n; i++) {
		char *word = words[i];
		struct bdf bdf;

		if (text_starts(word, "pci_") &&
			strlen(word) == strlen("pci_0000_02_00_0")) {
			word += strlen("pci_");
			word[4] = word[7] = ':';
			word[10] = '.';
		}
		if (bdf_parse(word, &bdf))
			add_address(f, bdf, where, line);
	}
}

static void read_hooks(struct facts *f)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		size_t n;
		char **lines;

		if (!config_in_dir(file->path, "/etc/libvirt/hooks"))
			continue;
		lines = text_lines(f->arena, config_text(file), &n);
		for (size_t k = 0; k < n; k++)
			read_hook_line(f, lines[k],
				arena_printf(f->arena, "%s:%zu", file->path, k + 1));
	}
}

void subjects_list_addresses(struct facts *f)
{
	const struct snap_file *cfg = config_file(f, "/etc/vfio-pci.cfg");
	bool known =
		config_known(f, SOURCE_MODPROBE) && !(cfg && cfg->text.have == HAVE_NOT);
	bool guests = guest_claims_known(f) == TRI_TRUE;

	if (!config_is_foreign(f)) {
		read_vfio_cfg(f);
		read_driverctl(f);
		read_guests(f);
		read_hooks(f);
	}
	subjects_listed(f, SCOPE_ADDRESS,
		known && guests                               ? TRI_TRUE
			: known || f->scopes[SCOPE_ADDRESS].n ? TRI_UNKNOWN
							      : TRI_FALSE,
		(known ? 0 : 1u << SOURCE_MODPROBE) | (guests ? 0 : 1u << SOURCE_GUESTS));
}

void derive_address_addr(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct address *item = s->item;
	const struct fn *fn = item ? facts_find(f, item->bdf) : NULL;

	if (!item)
		return;
	fact_seen(f, out, item->where, item->text);
	if (fn) {
		fact_set_dev(f, out, fn);
		return;
	}
	fact_set_dev(f, out, NULL);
	/* A function that the scan does not have */
	out->state = FACT_VALUE;
	out->text = item->addr;
	*arena_push(f->arena, out->devs, out->n) = NULL;
}

void derive_address_where(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct address *item = s->item;

	if (!item)
		return;
	fact_seen(f, out, item->where, item->text);
	fact_set_text(out, item->where);
}

void derive_address_present(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct address *item = s->item;
	const struct fn *fn = item ? facts_find(f, item->bdf) : NULL;

	if (!item)
		return;
	if (fn && !fn->missing)
		fact_set_bool(out, true);
	else if (scan_listed(f) == TRI_TRUE)
		fact_set_bool(out, false);
	else
		fact_missing(out, SOURCE_PCI);
}
