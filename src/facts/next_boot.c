// SPDX-License-Identifier: GPL-2.0-or-later
// Which driver the configuration as it is now gives a function at the next boot.
#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "facts/claims.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/load_order.h"
#include "facts/topology.h"

/* Modules that something loads by name: a blacklist does not hold those back. */
static bool is_listed(struct facts *f, const char *module)
{
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (text_equal_dash(entries[i].module, module))
			return true;
	}
	return false;
}

/* What the device asks for is what aliases of modprobe.d say, if one fits, and else
 * modules.alias: kmod_module_new_from_lookup(). */
static bool has_own_alias(struct facts *f, const struct fn *fn)
{
	const struct snap_pci *raw = fn->raw;
	uint32_t class_code = fn->class_code;
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	const char *modalias = arena_printf(f->arena,
		"pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", (unsigned)raw->vendor.v,
		(unsigned)raw->device.v, (unsigned)raw->subvendor.v,
		(unsigned)raw->subdevice.v, class_code >> 16 & 0xff,
		class_code >> 8 & 0xff, class_code & 0xff);

	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_ALIAS &&
			glob_match(lines[i].module, modalias))
			return true;
	}
	return false;
}

/* The native modules of a function, as modprobe would treat them. */
struct natives {
	size_t n;          /* that nothing bars */
	size_t n_barred;   /* the others */
	size_t n_first;    /* of N: vfio-pci is loaded before them */
	bool listed;       /* a barred one is loaded by name */
	const char *only;  /* driver of the one that nothing bars, if there is just one */
	const char *keeps; /* the present driver, if one of N is its module */
};

static struct natives natives_of(struct facts *f, const struct fn *fn)
{
	const char *driver = snap_str(fn->raw->driver);
	struct natives natives = { 0 };

	for (size_t i = 0; i < fn->raw->modules.n; i++) {
		const char *module = fn->raw->modules.s[i];
		const char *its = module_driver(module);

		if (!claim_module_is_native(module))
			continue;
		if (modprobe_barred(f, module)) {
			natives.n_barred++;
			natives.listed |= is_listed(f, module);
			continue;
		}
		natives.only = natives.n++ ? NULL : its;
		natives.n_first += modprobe_vfio_first(f, module);
		if (driver &&
			(text_equal_dash(its, driver) || text_equal_dash(module, driver)))
			natives.keeps = driver;
	}
	return natives;
}

/* The item of an ids= list that the kernel obeys for FN; *RET_SURE is false where a number
 * of FN is missing. */
static const struct vfio_id_item *obeyed_item(
	struct facts *f, const struct fn *fn, bool builtin, bool *ret_sure)
{
	const struct vfio_id_item *found = NULL;
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(f, &n);

	*ret_sure = true;
	for (size_t i = 0; i < n; i++) {
		if (items[i].lost || (builtin && !items[i].from_cmdline))
			continue;
		if (vfio_id_fit(&items[i], fn) == TRI_UNKNOWN)
			*ret_sure = false;
		if (vfio_id_fits(&items[i], fn) && (!found || found->stub))
			found = &items[i];
	}
	return found;
}

/* The driver that no line of modprobe.d comes before, with *RET_KNOWN whether it can be
 * told. While vfio-pci has the function only the kinds whose drivers are often built in
 * can be judged. */
static const char *builtin_driver(
	struct facts *f, const struct subject *s, bool *ret_known)
{
	static const struct {
		uint32_t class_code;
		const char *file, *driver;
	} often[] = {
		{ 0x010802, "nvme", "nvme" },
		{ 0x010601, "ahci", "ahci" },
		{ 0x0c0330, "xhci_pci", "xhci_hcd" },
	};
	const struct fact *bound = fact_of(f, s, "bind.builtin");
	const char *driver = snap_str(s->fn->raw->driver);

	*ret_known = bound->state != FACT_ABSENT;
	if (bound->state == FACT_VALUE)
		return bound->text;
	if (!*ret_known || (driver && driver_kind_of(driver) == DRIVER_HOST))
		return NULL;
	for (size_t i = 0; i < sizeof often / sizeof often[0]; i++) {
		if (s->fn->class_code == often[i].class_code &&
			kernel_is_builtin(f, often[i].file))
			return often[i].driver;
	}
	*ret_known = s->fn->raw->modules.n > 0 || !driver;
	return NULL;
}

/* An image that is older than its configuration does not know it yet. */
static bool image_is_current(struct facts *f)
{
	const struct fact *newer = host_fact(f, "initramfs.newer-files");

	return newer->state == FACT_NONE || (newer->state == FACT_VALUE && !newer->n) ||
		host_fact(f, "initramfs.kind")->state == FACT_NONE;
}

/* Nothing seen loads vfio-pci while the system starts, and nothing unseen has done so. */
static bool nothing_loads_vfio(struct facts *f)
{
	return !modprobe_loads_vfio(f) &&
		kernel_module_loaded(f, "vfio_pci") == TRI_FALSE;
}

/* One of the natives will have it: which? */
static void set_native(struct natives natives, struct fact *out)
{
	if (natives.keeps || natives.only)
		fact_set_text(out, natives.keeps ? natives.keeps : natives.only);
}

/* Claimed by an ID or by an install line for vfio-pci, which is a module. */
static void predict_claimed(struct facts *f, struct natives natives, struct fact *out)
{
	if (!image_is_current(f))
		fact_missing(out, SOURCE_INITRAMFS);
	else if (natives.n && natives.n_first == natives.n)
		fact_set_text(out, "vfio-pci");
	else if (natives.n && nothing_loads_vfio(f))
		set_native(natives, out);
	else if (!natives.n && !natives.listed && modprobe_loads_vfio(f))
		fact_set_text(out, "vfio-pci");
	else if (!natives.n && !natives.listed && nothing_loads_vfio(f))
		fact_set_none(out);
}

static void predict_unclaimed(
	struct facts *f, const struct fn *fn, struct natives natives, struct fact *out)
{
	const char *driver = snap_str(fn->raw->driver);
	bool host = driver && driver_kind_of(driver) == DRIVER_HOST;

	(void)f;
	if (natives.keeps)
		fact_set_text(out, natives.keeps);
	else if (driver && !host && natives.only && !natives.n_barred)
		fact_set_text(out, natives.only);
	else if (!driver && !natives.n && !natives.n_barred)
		fact_set_none(out);
}

static void predict_modprobe(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *fact = host_fact(f, "vfio.builtin");
	bool builtin = fact->state == FACT_VALUE && fact->b, sure, known;
	const struct modprobe_line *install = claim_install_line(f, s->fn);
	const struct vfio_id_item *item = obeyed_item(f, s->fn, builtin, &sure);
	const char *native = builtin_driver(f, s, &known);
	struct natives natives = natives_of(f, s->fn);
	bool claimed = item || install;

	if (!sure || has_own_alias(f, s->fn) || (item && item->stub)) {
		fact_missing(out, SOURCE_PCI);
	} else if (install &&
		(builtin || modprobe_install(f, "vfio_pci") != install ||
			!modprobe_command_by_path(install->rest))) {
		/* Of another module, passed over, or for a shell that may not do it */
		fact_missing(out, SOURCE_MODPROBE);
	} else if (!known) {
		fact_missing(out, SOURCE_MODULE_FILES);
	} else if (native && !(builtin && claimed)) {
		fact_set_text(out, native);
	} else if (builtin && claimed) {
		/* Of two built-in drivers the order of linking decides */
		if (!native)
			fact_set_text(out, "vfio-pci");
	} else if (claimed) {
		predict_claimed(f, natives, out);
	} else {
		predict_unclaimed(f, s->fn, natives, out);
	}
}

void derive_device_boot_driver(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn = s->fn;
	const struct snap_file *file = fn ? claim_driverctl_file(f, fn) : NULL;

	if (!fn || !fn->raw || !fn->is_endpoint)
		return;
	if (fn->raw->driver.have == HAVE_NOT || fn->raw->driver_override.have == HAVE_NOT)
		fact_missing(out, SOURCE_PCI);
	if (!claim_race_known(f, fn, out) || claims_known(f) != TRI_TRUE || out->missing)
		return;
	if (file) {
		const char *text = config_text(file);
		size_t n = strcspn(text, " \t\n");

		/* driverctl@.service takes the function off whatever has it */
		fact_seen(f, out, file->path, text_trim(f->arena, text));
		if (n)
			fact_set_text(out, arena_strndup(f->arena, text, n));
	} else if (fn->raw->driver_override.have == HAVE_VALUE &&
		!claim_install_line(f, fn)) {
		/* By hand, by libvirt or by a script that runs at each start */
		fact_missing(out, SOURCE_PCI);
	} else {
		predict_modprobe(f, s, out);
	}
}

/* Without a driver_override that nothing in the configuration accounts for. */
void derive_device_claim_static(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *by = fact_of(f, s, "claim.by");
	const struct snap_file *file = s->fn ? claim_driverctl_file(f, s->fn) : NULL;

	if (by->state == FACT_ABSENT)
		out->missing = by->missing;
	else if (by->state != FACT_VALUE || strcmp(by->text, "driver_override") != 0)
		fact_set_text(out, by->state == FACT_VALUE ? by->text : NULL);
	else if (claim_install_line(f, s->fn))
		fact_set_text(out, claim_install_line(f, s->fn)->where);
	else if (file)
		fact_set_text(out, file->path);
	else if (claims_known(f) == TRI_TRUE)
		fact_set_none(out);
	else
		fact_missing(out, SOURCE_MODPROBE);
}
