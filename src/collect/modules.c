// SPDX-License-Identifier: GPL-2.0-or-later
// Modules: loaded, with their parameters, and what this kernel has on disk or built in.
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "collect/lines.h"
#include "collect/pci_modules.h"
#include "collect/sources.h"
#include "import/lsmod.h"

/*
 * The modules whose presence or parameters matter here, and why. A name that ends in `*`
 * stands for all that start so. Names with `_`.
 */
static const struct {
	const char *name;
	bool parameters; /* their values are kept */
} matters[] = {
	/* The way of the device to the guest */
	{ "vfio*", true },
	{ "kvm*", true },
	{ "iommu*", true },
	{ "intel_iommu*", true },
	{ "amd_iommu*", true },
	{ "virtio_iommu", true },
	{ "irqbypass", true },
	{ "mdev", false },
	/* Others that a device can be set aside with */
	{ "pci_stub", false },
	{ "xen_pciback", false },
	{ "uio_pci_generic", false },
	/* Drivers that take a device before VFIO does, or that the host lives on */
	{ "nvme", false },
	{ "ahci", false },
	{ "xhci*", false },
	{ "snd_hda*", false },
	/* Drivers of display adapters and firmware framebuffers */
	{ "amdgpu", false },
	{ "radeon", false },
	{ "nouveau", false },
	{ "nova_core", false },
	{ "nvidia*", false },
	{ "i915", false },
	{ "xe", false },
	{ "ast", false },
	{ "mgag200", false },
	{ "bochs", false },
	{ "cirrus*", false },
	{ "virtio_gpu", false },
	{ "qxl", false },
	{ "vmwgfx", false },
	{ "simpledrm", false },
	{ "simplefb", false },
	{ "efifb", false },
	{ "vesafb", false },
};

static bool fits(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	return pattern[n - 1] == '*' ? strncmp(pattern, name, n - 1) == 0
				     : strcmp(pattern, name) == 0;
}

/* NAME with `_`. */
static bool module_matters(const char *name, bool *ret_parameters)
{
	for (size_t i = 0; i < sizeof matters / sizeof matters[0]; i++) {
		if (!fits(matters[i].name, name))
			continue;
		*ret_parameters = matters[i].parameters;
		return true;
	}
	return false;
}

static bool is_loaded(const struct snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->modules.n; i++)
		if (strcmp(s->modules.v[i].name, name) == 0)
			return true;
	return false;
}

/* Sets the status of SOURCE_MODULES. */
static void read_loaded(struct snapshot *s, const struct root *r, struct arena *scratch)
{
	struct root_bytes b = root_read(r, scratch, "proc/modules", ROOT_LARGE);
	char *text, **lines;
	size_t n, n_bad = 0;

	/* Built without modules, a kernel has no such file, but it has its version. */
	if (b.status == STATUS_ABSENT && r->live && root_exists(r, "proc/version")) {
		snapshot_set_status(
			s, SOURCE_MODULES, STATUS_OK, "this kernel loads no modules");
		snap_list_collected(&s->modules);
		return;
	}
	if (b.status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_MODULES, b.status,
			b.status == STATUS_ABSENT ? "no /proc/modules" : NULL);
		return;
	}
	text = text_clean(scratch, (const char *)b.p, b.n);
	lines = text_lines(scratch, text, &n);
	snap_list_collected(&s->modules);
	for (size_t i = 0; i < n; i++)
		n_bad += !module_line_read(s, scratch, lines[i]);
	snapshot_set_status(s, SOURCE_MODULES, n_bad ? STATUS_ERROR : STATUS_OK,
		n_bad ? "lines of /proc/modules are malformed" : NULL);
}

/* What of /sys/module could not be read may have been a module that is built in. */
static void lack_sysfs(struct snapshot *s, enum source_status status)
{
	if (status != STATUS_ABSENT && snapshot_status(s, SOURCE_MODULES) == STATUS_OK)
		snapshot_set_status(s, SOURCE_MODULES, STATUS_TRUNCATED,
			"not all of /sys/module could be read");
}

static void add_parameters(struct snapshot *s, const struct root *dir,
	struct arena *scratch, const char *module)
{
	char **names;
	size_t n;
	enum source_status status = root_list(dir, scratch, "parameters", &names, &n);

	if (status != STATUS_OK)
		lack_sysfs(s, status);
	for (size_t i = 0; i < n; i++) {
		struct snap_parameter *p = snap_list_add(s, &s->parameters);
		struct snap_text value = root_read_attr(
			dir, s, arena_printf(scratch, "parameters/%s", names[i]));

		p->module = snap_line_of(s, module).s;
		p->name = snap_line_of(s, names[i]).s;
		if (value.have == HAVE_NONE)
			value = snap_text_of(s, ""); /* an empty list: `ids=` not set */
		else if (value.have == HAVE_NOT)
			value = snap_text_none();
		p->value = value;
	}
}

/* A module that is no part of /proc/modules: built in, unless it is just loading or going, when
 * it has `initstate` as a loaded one. */
static void add_built_in(struct snapshot *s, const struct root *dir, const char *name)
{
	enum root_kind state = root_stat(dir, "initstate", false).kind;
	enum root_kind parameters = root_stat(dir, "parameters", false).kind;
	struct snap_module *m;

	if (state == ROOT_UNKNOWN || parameters == ROOT_UNKNOWN) {
		lack_sysfs(s, STATUS_DENIED);
		return;
	}
	if (state != ROOT_NOTHING || parameters == ROOT_NOTHING)
		return;
	m = snap_list_add(s, &s->modules);
	m->name = snap_line_of(s, name).s;
	m->loaded = snap_bool_of(false);
	m->users = (struct snap_int){ HAVE_NONE, 0 };
}

/* /sys/module: parameters, and built-in modules, which are on no other list. */
static void read_sysfs(struct snapshot *s, const struct root *r, struct arena *scratch)
{
	bool known = snapshot_status(s, SOURCE_MODULES) == STATUS_OK, parameters;
	char **names;
	size_t n;
	enum source_status status = root_list(r, scratch, "sys/module", &names, &n);

	if (status != STATUS_OK) {
		lack_sysfs(s, status);
		return;
	}
	snap_list_collected(&s->parameters);
	for (size_t i = 0; i < n; i++) {
		struct root dir;

		if (!module_matters(names[i], &parameters))
			continue;
		if (!root_enter(
			    r, arena_printf(scratch, "sys/module/%s", names[i]), &dir)) {
			lack_sysfs(s, root_status_of(errno));
			continue;
		}
		if (parameters)
			add_parameters(s, &dir, scratch, names[i]);
		if (known && !is_loaded(s, names[i]))
			add_built_in(s, &dir, names[i]);
		root_close(&dir);
	}
}

/* The name of the module in `kernel/drivers/vfio/pci/vfio-pci.ko.xz…`, with `_`. */
static char *module_of_path(struct arena *a, const char *path, size_t n)
{
	const char *start = path + n;
	char *name, *end;

	while (start > path && start[-1] != '/')
		start--;
	name = arena_strndup(a, start, (size_t)(path + n - start));
	end = strstr(name, ".ko");
	if (!end)
		return NULL;
	*end = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

struct lists {
	struct snapshot *s;
	struct arena *scratch;
	struct snap_texts *to;
};

static void builtin_line(void *context, char *line, size_t n)
{
	struct lists *l = context;
	char *name = module_of_path(l->scratch, line, n);
	bool parameters;

	if (name && module_matters(name, &parameters))
		snap_texts_add(l->s, l->to, line);
}

/* `kernel/drivers/vfio/pci/vfio-pci.ko: kernel/drivers/vfio/…` */
static void dep_line(void *context, char *line, size_t n)
{
	struct lists *l = context;
	char *colon = memchr(line, ':', n);
	char *name;
	bool parameters;

	if (!colon)
		return;
	name = module_of_path(l->scratch, line, (size_t)(colon - line));
	if (name && module_matters(name, &parameters))
		snap_texts_add(l->s, l->to, name);
}

/* Could this module drive one of the functions? */
static bool serves_function(const struct snapshot *s, const char *module)
{
	for (size_t i = 0; i < s->pci.n; i++) {
		const struct snap_texts *names = &s->pci.v[i].modules;

		for (size_t k = 0; k < names->n; k++)
			if (text_equal_dash(names->s[k], module))
				return true;
	}
	return false;
}

/* Of a module with a line here, one in modprobe.d may never be read. */
static void softdep_line(void *context, char *line, size_t n)
{
	struct lists *l = context;
	const char *name = line + strlen("softdep ");
	bool parameters;

	if (n <= strlen("softdep ") || !text_starts(line, "softdep "))
		return;
	name = arena_strndup(l->scratch, name, strcspn(name, " "));
	if (strstr(line, "vfio") || module_matters(name, &parameters) ||
		serves_function(l->s, name))
		snap_texts_add(l->s, l->to, line);
}

/* One file of /lib/modules/RELEASE; TO stays uncollected if it cannot be read. */
static enum source_status read_list(struct snapshot *s, const struct root *r,
	const char *path, line_function *function, struct snap_texts *to)
{
	struct lists l = { .s = s, .scratch = arena_new(), .to = to };
	enum source_status status = lines_each(r, path, function, &l);

	if (status == STATUS_OK)
		snap_list_collected(to);
	else
		*to = (struct snap_texts){ 0 };
	arena_free(l.scratch);
	return status;
}

/* What became of the files of one directory. */
struct tally {
	size_t n_read;
	enum source_status worst; /* of those that were not read */
	const char *first;        /* of them */
};

static void tally_add(struct tally *t, enum source_status status, const char *name)
{
	if (status == STATUS_OK) {
		t->n_read++;
		return;
	}
	if (!t->first)
		t->first = name;
	if (status > t->worst)
		t->worst = status;
}

static void tally_report(
	struct snapshot *s, struct arena *scratch, const struct tally *t, const char *dir)
{
	enum source_status status = t->first ? t->worst : STATUS_OK;

	if (t->first && t->n_read)
		status = STATUS_TRUNCATED;
	snapshot_set_status(s, SOURCE_MODULE_FILES, status,
		t->first ? arena_printf(scratch, "no %s in /%s", t->first, dir) : NULL);
}

static void read_files(struct snapshot *s, const struct root *r, struct arena *scratch)
{
	const char *release = snap_str(s->kernel.release);
	struct snap_kernel *k = &s->kernel;
	struct tally tally = { 0 };
	char *dir;

	if (!release || strchr(release, '/')) {
		snapshot_set_status(s, SOURCE_MODULE_FILES, STATUS_ERROR,
			"the kernel release is not known");
		return;
	}
	dir = arena_printf(scratch, "lib/modules/%s", release);
	if (root_stat(r, dir, true).kind == ROOT_NOTHING) {
		snapshot_set_status(s, SOURCE_MODULE_FILES, STATUS_ABSENT,
			arena_printf(scratch, "no /%s", dir));
		return;
	}
	const struct {
		const char *name;
		line_function *function;
		struct snap_texts *to;
	} files[] = {
		{ "modules.builtin", builtin_line, &k->builtin },
		{ "modules.dep", dep_line, &k->available },
		/* behind modules.alias, which says what it needs */
		{ "modules.softdep", softdep_line, &k->softdep },
	};

	if (s->pci.n) /* the file has megabytes */
		tally_add(&tally,
			pci_read_modules(
				s, r, arena_printf(scratch, "%s/modules.alias", dir)),
			"modules.alias");
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char *path = arena_printf(scratch, "%s/%s", dir, files[i].name);

		tally_add(&tally, read_list(s, r, path, files[i].function, files[i].to),
			files[i].name);
	}
	tally_report(s, scratch, &tally, dir);
}

void collect_modules(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	struct arena *scratch = arena_new();

	(void)options;
	read_loaded(s, r, scratch);
	read_sysfs(s, r, scratch);
	read_files(s, r, scratch);
	arena_free(scratch);
}
