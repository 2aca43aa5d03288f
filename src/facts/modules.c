// SPDX-License-Identifier: GPL-2.0-or-later
// Modules: what is loaded or built in, and lines that load, forbid or misplace them.
#include <string.h>

#include "base/text.h"
#include "facts/claims.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/load_order.h"
#include "facts/modprobe.h"
#include "facts/topology.h"

void derive_modules_loaded(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (f->snap->modules.have != HAVE_VALUE) {
		fact_missing(out, SOURCE_MODULES);
		return;
	}
	fact_set_list(out);
	for (size_t i = 0; i < f->snap->modules.n; i++)
		fact_add_text(f, out, f->snap->modules.v[i].name);
	out->open = snapshot_status(f->snap, SOURCE_MODULES) != STATUS_OK;
}

/* Line of modules.builtin for a module, NULL if it has none. */
static const char *builtin_line(const struct facts *f, const char *module)
{
	const struct snap_texts *lines = &f->snap->kernel.builtin;

	for (size_t i = 0; i < lines->n; i++) {
		const char *name = config_basename(lines->s[i]);
		size_t n = strcspn(name, ".");

		if (text_equal_dash(arena_strndup(f->arena, name, n), module))
			return lines->s[i];
	}
	return NULL;
}

void derive_vfio_builtin(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *line = builtin_line(f, "vfio_pci");
	enum tri config = kernel_config(f, "CONFIG_VFIO_PCI", NULL);

	(void)s;
	if (line) {
		fact_seen(f, out, "modules.builtin", line);
		fact_set_bool(out, true);
		return;
	}
	if (f->snap->kernel.builtin.have == HAVE_VALUE) {
		fact_set_bool(out, false);
		return;
	}
	if (config != TRI_UNKNOWN) {
		const char *symbol = NULL;

		kernel_config(f, "CONFIG_VFIO_PCI", &symbol);
		if (symbol)
			fact_seen(f, out, "kernel configuration", symbol);
		fact_set_bool(
			out, config == TRI_TRUE && symbol && text_ends(symbol, "=y"));
		return;
	}
	fact_missing(out, SOURCE_MODULE_FILES);
	fact_missing(out, SOURCE_KERNEL_CONFIG);
}

/*
 * Loading vfio pulls vfio_iommu_type1 in by a softdep of its own
 * (drivers/vfio/vfio_main.c), unless a modprobe without softdeps loaded it.
 */
void derive_vfio_type1_missing(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri vfio = kernel_module_loaded(f, "vfio");
	enum tri type1 = kernel_module_loaded(f, "vfio_iommu_type1");

	(void)s;
	if (builtin_line(f, "vfio_iommu_type1"))
		type1 = TRI_TRUE;
	if (type1 == TRI_FALSE && f->snap->kernel.builtin.have != HAVE_VALUE) {
		const char *line = NULL;

		kernel_config(f, "CONFIG_VFIO_IOMMU_TYPE1", &line);
		type1 = !line ? TRI_UNKNOWN : tri_of(text_ends(line, "=y"));
	}
	if (vfio == TRI_FALSE || type1 == TRI_TRUE)
		fact_set_bool(out, false);
	else if (vfio == TRI_TRUE && type1 == TRI_FALSE)
		fact_set_bool(out, true);
	else
		out->missing |= 1u << SOURCE_MODULES | 1u << SOURCE_MODULE_FILES;
}

/* Modules without which no device is handed over; the last one can be done without. */
static const char *const vfio_modules[] = { "vfio", "vfio_pci", "vfio_pci_core",
	"vfio_iommu_type1" };

/* Must MODULE still be loaded before VFIO can serve? */
static enum tri still_to_load(struct facts *f, const char *module)
{
	enum tri loaded = kernel_module_loaded(f, module);

	if (builtin_line(f, module))
		return TRI_FALSE;
	/* With vfio_pci in, all that it needs is; before 5.14 it had no core */
	if (text_equal(module, "vfio") || text_equal(module, "vfio_pci_core"))
		return tri_and(still_to_load(f, "vfio_pci"),
			tri_not(kernel_module_loaded(f, module)));
	/* iommufd offers programs what the container of vfio does */
	if (text_equal(module, "vfio_iommu_type1"))
		loaded = tri_or(loaded, kernel_module_loaded(f, "iommufd"));
	if (loaded == TRI_FALSE && f->snap->kernel.builtin.have != HAVE_VALUE)
		return TRI_UNKNOWN;
	return tri_not(loaded);
}

void derive_vfio_denied(struct facts *f, const struct subject *s, struct fact *out)
{
	/* core_param() of kernel/module/main.c: the last word counts */
	const struct cmdline_word *w = cmdline_last(f, "module_blacklist");
	bool known = cmdline_known(f) && (w || !cmdline_open(f));
	(void)s;

	for (size_t i = 0; i < sizeof vfio_modules / sizeof vfio_modules[0]; i++) {
		enum tri wanted = still_to_load(f, vfio_modules[i]);

		if (wanted == TRI_FALSE)
			continue;
		/* blacklisted() compares bytes: with `-` the name is another one */
		if (known && !(w && cmdline_has_item(w->value, vfio_modules[i])))
			continue;
		if (!known) {
			fact_missing(out, SOURCE_KERNEL);
		} else if (wanted == TRI_UNKNOWN) {
			fact_missing(out, SOURCE_MODULES);
		} else {
			fact_set_text(out, w->text);
			cmdline_seen(f, out, w);
			return;
		}
	}
	if (!out->missing)
		fact_set_none(out);
}

void derive_vfio_install_barred(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;

	if (!modprobe_known(f)) {
		fact_missing(out, SOURCE_MODPROBE);
		return;
	}
	for (size_t i = 0; i < sizeof vfio_modules / sizeof vfio_modules[0]; i++) {
		const struct modprobe_line *line =
			modprobe_install_line(f, vfio_modules[i]);
		enum tri wanted = line && modprobe_command_is_idle(line->rest)
			? still_to_load(f, vfio_modules[i])
			: TRI_FALSE;

		if (wanted == TRI_FALSE)
			continue;
		if (f->snap->kernel.softdep.have == HAVE_NOT)
			fact_missing(out, SOURCE_MODULE_FILES);
		else if (!modprobe_install(f, vfio_modules[i]))
			continue; /* its soft dependency makes kmod pass over the line */
		else if (wanted == TRI_UNKNOWN)
			fact_missing(out, SOURCE_MODULES);
		if (out->missing)
			continue;
		fact_set_text(
			out, arena_printf(f->arena, "%s: %s", line->where, line->text));
		fact_seen(f, out, line->where, line->text);
		return;
	}
	if (!out->missing)
		fact_set_none(out);
}

/* Is MODULE among the modules of this function, or its driver? */
static bool is_served_by(const struct fn *fn, const char *module)
{
	if (!fn->raw)
		return false;
	for (size_t i = 0; i < fn->raw->modules.n; i++) {
		if (text_equal_dash(fn->raw->modules.s[i], module))
			return true;
	}
	return fn->raw->driver.have == HAVE_VALUE &&
		text_equal_dash(fn->raw->driver.s, module);
}

static bool is_given_away(const struct fn *fn)
{
	return fn->role == ROLE_GUEST || fn->role == ROLE_COMPANION ||
		fn->role == ROLE_CANDIDATE;
}

/* Does the guest's side use MODULE as well, so that it was blacklisted for its sake? */
static bool is_shared_with_guest(const struct facts *f, const char *module)
{
	for (size_t i = 0; i < f->n_fns; i++) {
		if (is_given_away(&f->fns[i]) && is_served_by(&f->fns[i], module))
			return true;
	}
	return false;
}

/*
 * Has this line cost FN its driver? Only where it has none now and no other module is
 * left for it: nouveau is blacklisted on every machine with NVIDIA's own driver.
 */
static bool is_victim(struct facts *f, const struct fn *fn, const char *module)
{
	if (!fn->is_endpoint || !fn->raw || is_given_away(fn) ||
		fn->raw->driver.have != HAVE_NONE || !is_served_by(fn, module))
		return false;
	for (size_t i = 0; i < fn->raw->modules.n; i++) {
		if (!modprobe_blacklisted(f, fn->raw->modules.s[i]))
			return false;
	}
	return true;
}

static bool has_victim(struct facts *f, const char *module)
{
	if (!is_shared_with_guest(f, module))
		return false;
	for (size_t i = 0; i < f->n_fns; i++) {
		if (is_victim(f, &f->fns[i], module))
			return true;
	}
	return false;
}

/* False, and what is missing noted, if lines or functions could not be seen. */
static bool blacklist_known(struct facts *f, struct fact *out)
{
	bool modules = true;

	for (size_t i = 0; i < f->n_fns; i++) {
		if (f->fns[i].raw &&
			(f->fns[i].raw->modules.have == HAVE_NOT ||
				f->fns[i].raw->driver.have == HAVE_NOT))
			modules = false;
	}
	modprobe_note_missing(f, out);
	if (scan_listed(f) != TRI_TRUE)
		fact_missing(out, SOURCE_PCI);
	if (!modules)
		fact_missing(out, SOURCE_MODULE_FILES);
	return !out->missing;
}

void derive_blacklist_shared(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	const struct cmdline_word *word = cmdline_last(f, "modprobe.blacklist");

	(void)s;
	if (!blacklist_known(f, out))
		return;
	fact_set_list(out);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb != MODPROBE_BLACKLIST ||
			!has_victim(f, lines[i].module))
			continue;
		fact_seen(f, out, lines[i].where, lines[i].text);
		fact_add_text(f, out,
			arena_printf(f->arena, "%s: %s", lines[i].where, lines[i].text));
	}
	if (word && word->value) {
		size_t n_items;
		char **items = text_split(f->arena, word->value, ",", &n_items);

		for (size_t i = 0; i < n_items; i++) {
			if (!has_victim(f, items[i]))
				continue;
			cmdline_seen(f, out, word);
			fact_add_text(f, out,
				arena_printf(
					f->arena, "kernel command line: %s", word->text));
			break;
		}
	}
}

void derive_blacklist_shared_users(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (!blacklist_known(f, out))
		return;
	fact_set_list(out);
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		for (size_t k = 0; fn->raw && k < fn->raw->modules.n; k++) {
			const char *module = fn->raw->modules.s[k];

			if (is_victim(f, fn, module) && is_shared_with_guest(f, module)) {
				fact_add_dev(f, out, fn);
				break;
			}
		}
	}
}

/* Endings of copies and of files that somebody switched off on purpose. */
static bool is_set_aside_copy(const struct facts *f, const char *path)
{
	static const char *const endings[] = { "~", ".bak", ".old", ".orig", ".save",
		".swp", ".disabled", ".disable", ".off", ".dpkg-old", ".dpkg-new",
		".dpkg-dist", ".dpkg-bak", ".dpkg-remove", ".rpmsave", ".rpmnew",
		".rpmorig", ".pacnew", ".pacsave", ".backup", ".txt", ".md", ".example",
		".sample" };
	const struct snap_file *real;

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		if (text_ends(path, endings[i]))
			return true;
	}
	if (strstr(config_basename(path), ".conf") || config_basename(path)[0] == '.')
		return true;
	real = config_file(f, arena_printf(f->arena, "%s.conf", path));
	return real != NULL;
}

/* A directive for a vfio module that kmod would obey under another name. */
static const char *vfio_directive(const struct facts *f, const struct snap_file *file)
{
	size_t n;
	char **lines = text_lines(f->arena, config_text(file), &n);

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");

		if ((text_starts(p, "options ") || text_starts(p, "softdep ")) &&
			config_names_module(p, "vfio_pci"))
			return p;
	}
	return NULL;
}

/* A file that somebody posted is there; of a host that could not be looked through nobody
 * knows which of its files were seen. */
static bool is_pasted(const struct facts *f)
{
	return text_equal(f->snap->origin.kind, "pasted") && !config_is_foreign(f);
}

/* Of a part of the files only what is there counts: nothing in it is no answer. */
static void close_list(struct fact *out, enum source source)
{
	if (!out->open || out->n)
		return;
	out->state = FACT_ABSENT;
	out->open = false;
	fact_missing(out, source);
}

void derive_modprobe_not_conf(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (!config_known(f, SOURCE_MODPROBE) && !is_pasted(f)) {
		fact_missing(out, SOURCE_MODPROBE);
		return;
	}
	fact_set_list(out);
	out->open = !config_known(f, SOURCE_MODPROBE);
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if (!config_in_dir(file->path, "/etc/modprobe.d") ||
			is_set_aside_copy(f, file->path))
			continue;
		if (file->text.have == HAVE_NOT) {
			out->open = true;
			fact_missing(out, SOURCE_MODPROBE);
		}
		if (!vfio_directive(f, file))
			continue;
		fact_seen(f, out, file->path, vfio_directive(f, file));
		fact_add_text(f, out, file->path);
	}
	close_list(out, SOURCE_MODPROBE);
}

/* Starts the list of a fact that rests on the lists of modules. */
static bool start_lists(struct facts *f, struct fact *out)
{
	if (!config_known(f, SOURCE_INITRAMFS) || !config_lists_known(f))
		fact_missing(out, SOURCE_INITRAMFS);
	if (!config_known(f, SOURCE_MODPROBE)) /* /etc/modules belongs to it */
		fact_missing(out, SOURCE_MODPROBE);
	if (out->missing && !is_pasted(f))
		return false;
	fact_set_list(out);
	out->open = out->missing != 0;
	return true;
}

/* Of a part of the files: a line of a plain list counts, whatever the others say; another
 * file may set a variable anew. */
static bool counts(const struct fact *out, const struct module_entry *e)
{
	return !out->open || !e->variable;
}

static void add_entry(struct facts *f, struct fact *out, const struct module_entry *e)
{
	fact_seen(f, out, e->where, e->text);
	fact_add_text(f, out, arena_printf(f->arena, "%s: %s", e->where, e->text));
}

/* vfio_virqfd became part of vfio in 6.2 (drivers/vfio/Kconfig). */
void derive_modules_virqfd_lines(
	struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri gone = kernel_at_least(f, 6, 2, 0);
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);

	(void)s;
	if (kernel_has_module(f, "vfio_virqfd") == TRI_TRUE)
		gone = TRI_FALSE;
	if (gone == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_KERNEL);
		fact_missing(out, SOURCE_MODULE_FILES);
		return;
	}
	if (!start_lists(f, out))
		return;
	for (size_t i = 0; i < n && gone == TRI_TRUE; i++) {
		if (!strcmp(entries[i].module, "vfio_virqfd") && counts(out, &entries[i]))
			add_entry(f, out, &entries[i]);
	}
	close_list(out, SOURCE_INITRAMFS);
}

void derive_modules_wrong_kvm(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *vendor = host_text(f, "cpu.vendor");
	const char *wrong = NULL;
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);

	(void)s;
	if (!vendor) {
		fact_missing(out, SOURCE_CPUINFO);
		return;
	}
	if (!strcmp(vendor, "GenuineIntel"))
		wrong = "kvm_amd";
	else if (!strcmp(vendor, "AuthenticAMD") || !strcmp(vendor, "HygonGenuine"))
		wrong = "kvm_intel";
	if (!start_lists(f, out))
		return;
	for (size_t i = 0; i < n; i++) {
		if (text_equal(entries[i].module, wrong) && counts(out, &entries[i]))
			add_entry(f, out, &entries[i]);
	}
	close_list(out, SOURCE_INITRAMFS);
}

/*
 * mkinitramfs reads /etc/initramfs-tools/modules and modprobe.d, never /etc/modules
 * (initramfs-tools-core, mkinitramfs(8)). A softdep takes vfio_pci along by itself.
 */
static bool is_in_initramfs(struct facts *f, const char *module)
{
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);
	const struct modprobe_line *lines;

	for (size_t i = 0; i < n; i++) {
		if (entries[i].initramfs && !strcmp(entries[i].module, module))
			return true;
	}
	lines = modprobe_lines(f, &n);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_SOFTDEP &&
			config_names_module(lines[i].rest, module))
			return true;
	}
	return false;
}

/* Is a function claimed that vfio-pci does not have? Where it has all, or where a manager of
 * guests binds at their start, it is early enough. */
static enum tri came_too_late(struct facts *f)
{
	enum tri late = scan_listed(f) == TRI_TRUE ? TRI_FALSE : TRI_UNKNOWN;

	for (size_t i = 0; i < f->n_fns; i++) {
		const struct fn *fn = &f->fns[i];

		if (fn->raw && fn->is_endpoint)
			late = tri_or(late,
				tri_and(fn_is_claimed(f, fn), tri_not(fn->on_vfio)));
	}
	return late;
}

void derive_modules_etc_only(struct facts *f, const struct subject *s, struct fact *out)
{
	enum tri late = came_too_late(f);

	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);
	const struct fact *kind = host_fact(f, "initramfs.kind");

	(void)s;
	if (kind->state == FACT_ABSENT || !modprobe_known(f)) {
		out->missing =
			kind->missing | (modprobe_known(f) ? 0 : 1u << SOURCE_MODPROBE);
		return;
	}
	if (!start_lists(f, out))
		return;
	/* What is not in them matters here */
	if (out->open) {
		close_list(out, SOURCE_INITRAMFS);
		return;
	}
	if (kind->state != FACT_VALUE || strcmp(kind->text, "initramfs-tools") != 0 ||
		late == TRI_FALSE)
		return;
	out->open |= late == TRI_UNKNOWN;
	for (size_t i = 0; i < n && late == TRI_TRUE; i++) {
		if (entries[i].initramfs || strcmp(entries[i].module, "vfio_pci") != 0 ||
			is_in_initramfs(f, entries[i].module))
			continue;
		fact_seen(f, out, entries[i].where, entries[i].text);
		fact_add_text(f, out, entries[i].module);
	}
}

void derive_vfio_cfg_file(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_file *file = config_file(f, "/etc/vfio-pci.cfg");

	(void)s;
	if (file && !config_is_foreign(f)) {
		const char *line = config_line_with(f, file, "DEVICES=");

		fact_seen(f, out, file->path, line ? line : "it exists");
		fact_set_text(out, file->path);
	} else if (config_known(f, SOURCE_MODPROBE)) {
		fact_set_none(out);
	} else {
		fact_missing(out, SOURCE_MODPROBE);
	}
}
