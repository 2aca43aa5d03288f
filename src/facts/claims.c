// SPDX-License-Identifier: GPL-2.0-or-later
// Static configuration that sets functions aside, and what of their company it forgets.
#include <string.h>

#include "base/text.h"
#include "facts/claims.h"
#include "facts/cmdline.h"
#include "facts/company.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/guests.h"
#include "facts/kernel.h"
#include "facts/load_order.h"
#include "facts/modprobe.h"
#include "facts/topology.h"

/* An item of an ids= list that names it, in force or not: the owner's intent counts. */
static const struct vfio_id_item *claiming_item(struct facts *f, const struct fn *fn)
{
	const struct vfio_id_item *found = NULL;
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(f, &n);

	for (size_t i = 0; i < n && fn->is_endpoint; i++) {
		if (!vfio_id_means(&items[i], fn))
			continue;
		if (!found || (found->lost && !items[i].lost))
			found = &items[i];
	}
	return found;
}

/* driverctl keeps one file a device, named by its address, with the driver's name in it
 * (https://gitlab.com/driverctl/driverctl). */
const struct snap_file *claim_driverctl_file(const struct facts *f, const struct fn *fn)
{
	if (config_is_foreign(f))
		return NULL;
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		const char *name = config_basename(file->path);

		if (config_in_dir(file->path, "/etc/driverctl.d") &&
			(text_equal(name, fn->addr) ||
				(text_starts(name, "pci-") &&
					text_equal(name + 4, fn->addr))))
			return file;
	}
	return NULL;
}

static const struct snap_file *driverctl_file(const struct facts *f, const struct fn *fn)
{
	const struct snap_file *file = claim_driverctl_file(f, fn);
	const char *text = config_text(file);
	size_t n = strcspn(text, " \t\n");

	return n == strlen("vfio-pci") && !strncmp(text, "vfio-pci", n) ? file : NULL;
}

/* Is ADDRESS in TEXT, and not as a part of something longer? */
static bool names_address(const char *text, const char *address)
{
	size_t n = strlen(address);

	for (const char *p = text; (p = strstr(p, address)); p++) {
		bool starts = p == text || !strchr("0123456789abcdef:", p[-1]);

		if (starts && hex_digit(p[n]) < 0)
			return true;
	}
	return false;
}

/*
 * An `install` line that overrides the driver by address before a module is loaded: the way
 * for functions whose ID the host has as well
 * (https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#Using_identical_guest_and_host_GPUs).
 */
const struct modprobe_line *claim_install_line(struct facts *f, const struct fn *fn)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_INSTALL &&
			strstr(lines[i].rest, "driver_override") &&
			strstr(lines[i].rest, "vfio-pci") &&
			names_address(lines[i].rest, fn->addr))
			return &lines[i];
	}
	return NULL;
}

/* What claims FN; *RET_TEXT is the raw text there. NULL if nothing does. */
static const char *find_claim(struct facts *f, const struct fn *fn, const char **ret_text)
{
	const struct vfio_id_item *item = claiming_item(f, fn);
	const char *override = fn->raw ? snap_str(fn->raw->driver_override) : NULL;
	const struct modprobe_line *install;
	const struct snap_file *file;

	if (item) {
		*ret_text = item->line;
		return item->from_cmdline
			? arena_printf(f->arena, "kernel command line: %s", item->line)
			: item->where;
	}
	if (text_equal(override, "vfio-pci")) {
		*ret_text = override;
		return "driver_override";
	}
	install = claim_install_line(f, fn);
	if (install) {
		*ret_text = install->text;
		return install->where;
	}
	file = driverctl_file(f, fn);
	*ret_text = file ? text_trim(f->arena, config_text(file)) : NULL;
	return file ? file->path : NULL;
}

const char *claim_of(struct facts *f, const struct fn *fn)
{
	const char *text;

	return find_claim(f, fn, &text);
}

static bool has_claimed_neighbour(struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		if (&f->fns[i] != fn && fn_same_slot(&f->fns[i], fn) &&
			claim_of(f, &f->fns[i]))
			return true;
	}
	return false;
}

bool claim_in_passing(struct facts *f, const struct fn *fn)
{
	const struct vfio_id_item *item = claiming_item(f, fn);
	const char *override = fn->raw ? snap_str(fn->raw->driver_override) : NULL;

	if (!item || fn_is_sound(fn) != TRI_TRUE || override || driverctl_file(f, fn) ||
		guest_claim_of(f, fn) || has_claimed_neighbour(f, fn))
		return false;
	for (size_t i = 0; i < f->n_fns; i++) {
		if (&f->fns[i] != fn && vfio_id_means(item, &f->fns[i]) &&
			has_claimed_neighbour(f, &f->fns[i]))
			return true;
	}
	return false;
}

/* A file of driverctl's whose text was not kept may claim its device. */
static bool driverctl_known(const struct facts *f)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if (config_in_dir(file->path, "/etc/driverctl.d") &&
			file->text.have == HAVE_NOT)
			return false;
	}
	return true;
}

enum tri claims_known(struct facts *f)
{
	return modprobe_known(f) && driverctl_known(f) && cmdline_known(f) &&
			!cmdline_open(f)
		? TRI_TRUE
		: TRI_UNKNOWN;
}

/* Is there certainly no claim on FN? */
static bool is_unclaimed(struct facts *f, const struct fn *fn)
{
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (vfio_id_fit(&items[i], fn) == TRI_UNKNOWN)
			return false;
	}
	return !claim_of(f, fn) && claims_known(f) == TRI_TRUE && fn->raw &&
		fn->raw->driver_override.have != HAVE_NOT;
}

enum tri fn_is_claimed(struct facts *f, const struct fn *fn)
{
	if (claim_of(f, fn))
		return TRI_TRUE;
	return is_unclaimed(f, fn) ? TRI_FALSE : TRI_UNKNOWN;
}

static void claims_missing(struct facts *f, struct fact *out)
{
	modprobe_note_missing(f, out);
	fact_missing(out, SOURCE_PCI);
}

void derive_device_claim_by(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *text, *claim;

	if (!s->fn)
		return;
	claim = find_claim(f, s->fn, &text);
	if (claim) {
		fact_seen(
			f, out, strchr(claim, ' ') ? "kernel command line" : claim, text);
		fact_set_text(out, claim);
	} else if (is_unclaimed(f, s->fn)) {
		fact_set_none(out);
	} else {
		claims_missing(f, out);
	}
}

void derive_target_claim_ids_line(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct handover *h = s->fn ? s->fn->handover : NULL;
	const char *ids;

	if (!h)
		return;
	if (scan_listed(f) != TRI_TRUE) {
		fact_missing(out, SOURCE_PCI);
		return;
	}
	/* One line for all targets: of two `options` lines only the last would count */
	if (h->candidate) {
		ids = ids_wanted(f, h);
	} else {
		const struct fact *wanted =
			fact_of(f, f->scopes[SCOPE_HOST].v[0], "vfio.ids-wanted");
		if (wanted->state == FACT_ABSENT) {
			out->missing |= wanted->missing;
			return;
		}
		ids = wanted->state == FACT_VALUE ? wanted->text : NULL;
	}
	fact_set_text(
		out, ids ? arena_printf(f->arena, "options vfio-pci ids=%s", ids) : NULL);
}

/* Beside the target: an endpoint of its set or a companion, not one of the targets. */
static enum tri is_company(
	const struct facts *f, const struct handover *h, const struct fn *fn)
{
	if (fn == h->fn || !fn->is_endpoint || fn->missing)
		return TRI_FALSE;
	if (fn->handover && !fn->handover->candidate)
		return TRI_FALSE;
	if (fn_among(fn, h->set->members, h->set->n))
		return TRI_TRUE;
	return fn_is_companion(f, h->fn, fn);
}

void derive_target_companions_unclaimed(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct handover *h = s->fn ? s->fn->handover : NULL;

	if (!h)
		return;
	if (scan_listed(f) == TRI_FALSE) {
		fact_missing(out, SOURCE_PCI);
		return;
	}
	fact_set_list(out);
	out->open = scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		enum tri company = is_company(f, h, fn);

		if (company == TRI_FALSE || fn->on_host_driver == TRI_FALSE ||
			claim_of(f, fn) || guest_claim_of(f, fn))
			continue;
		if (company == TRI_TRUE && fn->on_host_driver == TRI_TRUE &&
			is_unclaimed(f, fn) && guest_claims_known(f) == TRI_TRUE)
			fact_add_dev(f, out, fn);
		else
			out->open = true;
	}
	if (out->open)
		claims_missing(f, out);
	if (out->open && guest_claims_known(f) != TRI_TRUE)
		fact_missing(out, SOURCE_GUESTS);
}

/* The first of them; NULL if there is none for certain. */
static const struct fn *first_unclaimed(struct facts *f, const struct subject *s)
{
	const struct fact *list = fact_of(f, s, "companions.unclaimed");

	return list->state == FACT_VALUE && list->n && list->devs ? list->devs[0] : NULL;
}

/* The module to name in modprobe.d: the driver, unless its module is called otherwise
 * (xhci_hcd is the driver of xhci_pci). */
static const char *module_of(const struct fn *fn)
{
	const char *driver = snap_str(fn->raw->driver);

	for (size_t i = 0; driver && i < fn->raw->modules.n; i++) {
		if (text_equal_dash(fn->raw->modules.s[i], driver))
			return driver;
	}
	return fn->raw->modules.n ? fn->raw->modules.s[0] : driver;
}

void derive_target_companions_driver(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *list = fact_of(f, s, "companions.unclaimed");
	const struct fn *fn = first_unclaimed(f, s);

	if (fn)
		fact_set_text(out, module_of(fn));
	else if (list->state == FACT_VALUE && !list->open)
		fact_set_none(out);
	else
		out->missing = list->missing;
}

void derive_target_companions_driver_users(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *list = fact_of(f, s, "companions.unclaimed");
	const struct fn *fn = first_unclaimed(f, s);
	const struct handover *h = s->fn ? s->fn->handover : NULL;

	if (!h || (!fn && (list->state != FACT_VALUE || list->open))) {
		out->missing = list->missing;
		return;
	}
	fact_set_list(out);
	out->open = scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; fn && i < f->n_fns; i++) {
		const struct fn *other = &f->fns[i];

		if (other->raw && other != h->fn &&
			is_company(f, h, other) == TRI_FALSE &&
			text_equal(
				snap_str(other->raw->driver), snap_str(fn->raw->driver)))
			fact_add_dev(f, out, other);
	}
}

/* vfio's own modules match every device only by driver_override. */
bool claim_module_is_native(const char *module)
{
	return !text_starts(module, "vfio") && !text_equal_dash(module, "pci_stub");
}

/* Does something keep this module from probing before vfio-pci? */
static bool is_held_back(struct facts *f, const char *module)
{
	return modprobe_vfio_first(f, module) || modprobe_barred(f, module);
}

const char *claim_racing_module(struct facts *f, const struct fn *fn)
{
	const char *found = NULL, *driver = snap_str(fn->raw->driver);

	for (size_t i = 0; i < fn->raw->modules.n; i++) {
		const char *module = fn->raw->modules.s[i];

		if (!claim_module_is_native(module) || is_held_back(f, module))
			continue;
		if (driver && text_equal_dash(module, driver))
			return module;
		if (!found)
			found = module;
	}
	return found;
}

bool claim_race_known(struct facts *f, const struct fn *fn, struct fact *out)
{
	const struct fact *builtin = host_fact(f, "vfio.builtin");

	if (fn->raw->modules.have == HAVE_NOT || builtin->state == FACT_ABSENT)
		fact_missing(out, SOURCE_MODULE_FILES);
	/* Soft dependencies that come before those of modprobe.d */
	if (f->snap->kernel.softdep.have == HAVE_NOT)
		fact_missing(out, SOURCE_MODULE_FILES);
	if (!modprobe_known(f))
		fact_missing(out, SOURCE_MODPROBE);
	if (!config_known(f, SOURCE_INITRAMFS) || !config_lists_known(f))
		fact_missing(out, SOURCE_INITRAMFS);
	if (!cmdline_known(f) || cmdline_open(f))
		fact_missing(out, SOURCE_KERNEL);
	return !out->missing;
}

/* Nothing claims it for vfio-pci, or vfio-pci is there before any module. */
static bool is_raceless(struct facts *f, const struct fn *fn, const struct fact *claim)
{
	const struct fact *builtin = host_fact(f, "vfio.builtin");
	const char *driver = snap_str(fn->raw->driver);

	return claim->state == FACT_NONE ||
		(builtin->state == FACT_VALUE && builtin->b) ||
		(driver && driver_kind_of(driver) == DRIVER_STUB);
}

/* None also where the native driver is built in: no soft dependency can hold it back. */
void derive_device_race_with(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *claim;

	if (!s->fn || !s->fn->raw)
		return;
	claim = fact_of(f, s, "claim.by");
	if (is_raceless(f, s->fn, claim)) {
		fact_set_none(out);
		return;
	}
	if (claim->state == FACT_ABSENT)
		out->missing = claim->missing;
	if (claim_race_known(f, s->fn, out))
		fact_set_text(out, claim_racing_module(f, s->fn));
}

void derive_device_race_others(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *race = fact_of(f, s, "race.with");

	if (race->state == FACT_ABSENT) {
		out->missing = race->missing;
		return;
	}
	fact_set_list(out);
	out->open = scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; race->state == FACT_VALUE && i < f->n_fns; i++) {
		const struct fn *other = &f->fns[i];
		bool served = false;

		if (other == s->fn || !other->raw || other->on_host_driver != TRI_TRUE ||
			other->role == ROLE_GUEST || other->role == ROLE_COMPANION)
			continue;
		for (size_t k = 0; k < other->raw->modules.n; k++)
			served |= text_equal_dash(other->raw->modules.s[k], race->text);
		if (served)
			fact_add_dev(f, out, other);
	}
}
