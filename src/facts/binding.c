// SPDX-License-Identifier: GPL-2.0-or-later
// How a function can be bound to vfio-pci at boot: by ID, and before which module.
#include <string.h>

#include "base/text.h"
#include "facts/claims.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/load_order.h"
#include "facts/modprobe.h"
#include "facts/topology.h"

void derive_device_bind_id(struct facts *f, const struct subject *s, struct fact *out)
{
	if (!s->fn->raw || scan_listed(f) != TRI_TRUE)
		fact_missing(out, SOURCE_PCI);
	else
		fact_set_text(out, id_wanted(f, s->fn));
}

/* With vfio-pci built in it is there before any module. */
void derive_device_bind_race(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *builtin = host_fact(f, "vfio.builtin");

	if (!s->fn->raw)
		return;
	if (builtin->state == FACT_VALUE && builtin->b)
		fact_set_none(out);
	else if (claim_race_known(f, s->fn, out))
		fact_set_text(out, claim_racing_module(f, s->fn));
}

/* Loaded as a module, not built in. */
static enum tri is_loaded(const struct facts *f, const char *module)
{
	for (size_t i = 0; i < f->snap->modules.n; i++) {
		const struct snap_module *m = &f->snap->modules.v[i];

		if (text_equal_dash(m->name, module))
			return m->loaded.have == HAVE_NOT ? TRI_UNKNOWN
							  : tri_of(m->loaded.v);
	}
	return TRI_FALSE;
}

/* Nothing that modprobe reads comes before a driver that is part of the kernel. */
void derive_device_bind_builtin(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn->raw;
	const char *driver = raw ? snap_str(raw->driver) : NULL;
	bool native = driver && driver_kind_of(driver) == DRIVER_HOST;
	enum tri loaded = TRI_FALSE;

	if (!raw || raw->driver.have == HAVE_NOT)
		return;
	if (!native) {
		fact_set_none(out);
		return;
	}
	if (raw->modules.have == HAVE_NOT ||
		snapshot_status(f->snap, SOURCE_MODULES) != STATUS_OK) {
		fact_missing(out, SOURCE_MODULES);
		return;
	}
	for (size_t i = 0; i < raw->modules.n; i++)
		loaded = tri_or(loaded, is_loaded(f, raw->modules.s[i]));
	if (loaded == TRI_TRUE)
		fact_set_none(out);
	else if (loaded == TRI_UNKNOWN)
		fact_missing(out, SOURCE_MODULES);
	else
		fact_set_text(out, driver);
}

/* The module of bind.race, and the softdep line in force for it; NULL: it has none. */
static const struct modprobe_line *race_softdep(struct facts *f, const struct subject *s,
	const char **ret_module, struct fact *out)
{
	const struct fact *race = fact_of(f, s, "bind.race");

	*ret_module = race->state == FACT_VALUE ? race->text : NULL;
	if (race->state == FACT_ABSENT)
		out->missing = race->missing;
	return *ret_module ? modprobe_softdep(f, *ret_module) : NULL;
}

/* vfio-pci in front of what the line has already: of two lines modprobe takes the first. */
static const char *merged_rest(struct facts *f, const struct modprobe_line *line)
{
	const char *pre = line ? strstr(line->rest, "pre: ") : NULL;

	if (!line)
		return "pre: vfio-pci";
	if (!pre)
		return arena_printf(f->arena, "pre: vfio-pci %s", line->rest);
	return arena_printf(f->arena, "%.*spre: vfio-pci %s", (int)(pre - line->rest),
		line->rest, pre + strlen("pre: "));
}

void derive_device_bind_softdep(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const char *module;
	const struct modprobe_line *line = race_softdep(f, s, &module, out);

	if (!out->missing)
		fact_set_text(out,
			module ? arena_printf(f->arena, "softdep %s %s", module,
					 merged_rest(f, line))
			       : NULL);
}

void derive_device_bind_softdep_at(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const char *module;
	const struct modprobe_line *line = race_softdep(f, s, &module, out);
	bool own = line && config_in_dir(line->path, "/etc/modprobe.d") &&
		text_equal(line->module, module);

	if (out->missing)
		return;
	fact_set_text(out, own ? line->where : NULL);
	if (own)
		fact_seen(f, out, line->where, line->text);
}

void derive_device_bind_softdep_before(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const char *module;
	const struct modprobe_line *line = race_softdep(f, s, &module, out);
	const struct fact *at = fact_of(f, s, "bind.softdep-at");

	if (out->missing)
		return;
	fact_set_text(
		out, line && at->state == FACT_NONE ? config_basename(line->path) : NULL);
	if (line && at->state == FACT_NONE)
		fact_seen(f, out, line->where, line->text);
}
