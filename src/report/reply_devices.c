// SPDX-License-Identifier: GPL-2.0-or-later
// What the listing that somebody posted says about the devices: drivers, and what goes along.
#include "report/reply_parts.h"

#include "base/text.h"

enum {
	MOST_TOLD = 2,   /* functions, or groups */
	MOST_LISTED = 4, /* of a card: a whole machine is no answer */
};

/* Only endpoints: a bridge of the group stays with the host. */
static bool goes_along(const struct fn *fn)
{
	return fn->raw && fn->is_endpoint && !fn->handover;
}

const char *reply_companions(const struct report_model *m)
{
	struct facts *f = m->j->facts;
	struct strbuf b = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < f->n_handovers && !n; i++) {
		const struct group *g = f->handovers[i]->fn->group;

		for (size_t k = 0; g && k < g->n; k++)
			if (goes_along(g->members[k]) &&
				g->members[k]->on_host_driver == TRI_TRUE &&
				n++ < MOST_LISTED)
				strbuf_addf(&b, "%s%s", n > 1 ? ", " : "",
					fn_describe(f, g->members[k]));
		if (n)
			strbuf_addf(&b,
				"%s: %s in IOMMU group %lld too and must leave %s",
				n > MOST_LISTED ? ", …" : "",
				n > 1 ? "they are" : "it is", (long long)g->id,
				n > 1 ? "their drivers" : "its driver");
	}
	return n ? strbuf_finish(&b, m->arena) : NULL;
}

/* Whoever named a device wants to know where it is now. */
static void tell_named(struct reply *r)
{
	struct report_model *m = r->model;
	const struct facts *f = m->j->facts;

	for (size_t i = 0; i < f->n_handovers && i < MOST_TOLD; i++) {
		const struct fn *fn = f->handovers[i]->fn;

		if (f->guests_named && fn->on_host_driver == TRI_TRUE)
			reply_add(r, REPLY_SAY, NULL,
				arena_printf(m->arena,
					"%s is on %s, a driver of the host, not on "
					"vfio-pci: right only if libvirt (managed='yes') "
					"or a script takes it from there when the guest "
					"starts.",
					fn->short_addr, snap_str(fn->raw->driver)));
	}
}

/* Somebody posted a card or two, and each function with its driver. */
static void tell_drivers(struct reply *r)
{
	struct facts *f = r->model->j->facts;
	struct strbuf b = { 0 };
	size_t n = 0;
	bool told = reply_is_of_paste(r->model);

	for (size_t i = 0; i < f->n_fns && told; i++) {
		const struct fn *fn = &f->fns[i];

		if (!fn->raw || !fn->is_endpoint)
			continue;
		if (fn->raw->driver.have == HAVE_NONE)
			strbuf_addf(
				&b, "%s%s has no driver", n ? ", " : "", fn->short_addr);
		else if (fn->on_host_driver == TRI_TRUE)
			strbuf_addf(&b, "%s%s is on %s", n ? ", " : "", fn->short_addr,
				snap_str(fn->raw->driver));
		else
			told = false;
		told = told && ++n <= MOST_LISTED;
	}
	if (told && n)
		reply_add(r, REPLY_SAY, NULL,
			arena_printf(r->model->arena,
				"Nothing of what you listed is on vfio-pci: %s.", b.s));
	strbuf_free(&b);
}

static const char *whole_group(const struct report_model *m, const struct group *g)
{
	const char *names[MOST_LISTED];
	size_t all = 0;

	for (size_t k = 0; k < g->n; k++)
		if (goes_along(g->members[k]) && all++ < MOST_LISTED)
			names[all - 1] = fn_describe(m->j->facts, g->members[k]);
	if (all < 2)
		return NULL;
	return arena_printf(m->arena,
		"IOMMU group %lld goes to a guest only as a whole: %s%s",
		(long long)g->id,
		text_join(m->arena, names, all < MOST_LISTED ? all : MOST_LISTED, ", "),
		all > MOST_LISTED ? ", …" : "");
}

const char *reply_shared_groups(const struct report_model *m)
{
	const struct facts *f = m->j->facts;
	const char *shared[MOST_TOLD];
	size_t n = 0;

	for (size_t i = 0; i < f->n_groups && reply_is_of_paste(m); i++) {
		const char *whole = whole_group(m, &f->groups[i]);

		if (whole && n >= MOST_TOLD)
			return NULL;
		if (whole)
			shared[n++] = whole;
	}
	return n ? text_join(m->arena, shared, n, "; ") : NULL;
}

void reply_tell_devices(struct reply *r, enum stance stance)
{
	struct report_model *m = r->model;
	const char *shared = reply_shared_groups(m);

	if (m->j->facts->n_handovers) {
		tell_named(r);
		return;
	}
	tell_drivers(r);
	if (shared && stance == STANCE_UNDECIDED)
		reply_add(r, REPLY_SAY, NULL, arena_printf(m->arena, "%s.", shared));
}
