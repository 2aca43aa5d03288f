// SPDX-License-Identifier: GPL-2.0-or-later
// Small machines made by hand, for unit tests of facts.
#ifndef TESTS_UNIT_MACHINE_H
#define TESTS_UNIT_MACHINE_H

#include "facts/facts.h"
#include "snapshot/snapshot.h"

/* An empty snapshot in which the named sources (a bit each) were read as a whole. */
static inline struct snapshot *machine_new(uint32_t sources)
{
	struct snapshot *s = snapshot_new();

	s->host.container = snap_text_none();
	for (unsigned i = 0; i < N_SOURCES; i++) {
		if (sources & 1u << i)
			snapshot_set_status(s, (enum source)i, STATUS_OK, NULL);
	}
	if (sources & 1u << SOURCE_PCI)
		snap_list_collected(&s->pci);
	if (sources & 1u << SOURCE_MODPROBE)
		snap_list_collected(&s->files);
	return s;
}

/* A function on a root bus, without a driver; group -1: none, -2: not collected. */
static inline struct snap_pci *machine_pci(
	struct snapshot *s, const char *address, uint32_t class_code, int group)
{
	struct snap_pci *p = snap_list_add(s, &s->pci);

	p->address = address;
	p->class_code = snap_hex_of(class_code);
	p->driver = snap_text_none();
	p->parent = snap_text_none();
	p->physfn = snap_text_none();
	if (group >= -1)
		p->iommu_group = group < 0 ? (struct snap_int){ HAVE_NONE, 0 }
					   : snap_int_of(group);
	return p;
}

static inline struct snap_pci *machine_bound(struct snapshot *s, const char *address,
	uint32_t class_code, int group, const char *driver)
{
	struct snap_pci *p = machine_pci(s, address, class_code, group);

	p->driver = snap_text_of(s, driver);
	return p;
}

static inline void machine_log(struct snapshot *s, const char *line)
{
	snap_texts_add(s, &s->log.lines, line);
	s->log.complete = snap_bool_of(true);
}

static inline struct snap_use *machine_use(
	struct snapshot *s, const char *what, const char *address)
{
	struct snap_use *use = snap_list_add(s, &s->uses);

	use->what = what;
	use->devices.have = HAVE_NONE;
	if (address)
		snap_texts_add(s, &use->devices, address);
	return use;
}

/* Facts with the functions at A and B (each may be NULL) named with --guest. */
static inline struct facts *machine_facts(
	const struct snapshot *s, const char *a, const char *b)
{
	const char *guests[] = { a, b };
	struct facts_request request = { .guests = guests,
		.n_guests = b ? 2
			: a   ? 1
			      : 0 };

	return facts_new(s, &request);
}

/* Lays a text (or, where TEXT is NULL, a true bool) over a fact of the machine. */
static inline void machine_overlay(struct facts *f, const char *name, const char *text)
{
	struct fact value = { .state = FACT_VALUE, .text = text, .b = !text };
	enum link link;

	fact_overlay(f, f->scopes[SCOPE_HOST].v[0], fact_resolve(SCOPE_HOST, name, &link),
		&value);
}

static inline struct fn *machine_fn(const struct facts *f, const char *address)
{
	struct bdf b = { 0 };

	bdf_parse(address, &b);
	return facts_find(f, b);
}

/* A configuration file; TEXT NULL: its text is not kept. */
static inline struct snap_file *machine_file(
	struct snapshot *s, const char *path, const char *text, int64_t mtime)
{
	struct snap_file *file = snap_list_add(s, &s->files);

	file->path = path;
	file->text = text ? snap_text_of(s, text) : snap_text_none();
	file->mtime = snap_int_of(mtime);
	return file;
}

#endif
