// SPDX-License-Identifier: GPL-2.0-or-later
// The running kernel: release, build configuration, modules that exist, lockdown.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"

const struct fact *host_fact(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

const char *host_text(struct facts *f, const char *name)
{
	const struct fact *fact = host_fact(f, name);

	return fact->state == FACT_VALUE ? fact->text : NULL;
}

/* Release and stable level; PATCH is -1 where the name hides it. */
struct version {
	int major, minor, patch;
	bool backports; /* Red Hat: features of later releases, uncounted */
};

/* Reads a number of at most four digits. */
static bool number_scan(const char **s, int *ret)
{
	int n = 0, digits = 0;

	for (; **s >= '0' && **s <= '9' && digits < 4; (*s)++, digits++)
		n = n * 10 + (**s - '0');
	if (!digits)
		return false;
	*ret = n;
	return true;
}

static bool version_scan(const char *s, struct version *ret)
{
	struct version v = { .patch = 0 };

	if (!number_scan(&s, &v.major) || *s++ != '.' || !number_scan(&s, &v.minor))
		return false;
	if (*s == '.') {
		s++;
		if (!number_scan(&s, &v.patch))
			return false;
	}
	/* 5.15.0-91-generic: the 0 stays, whatever stable level went in */
	if (v.patch == 0 && *s == '-' && s[1] >= '0' && s[1] <= '9')
		v.patch = -1;
	v.backports = strstr(s, ".el") != NULL;
	*ret = v;
	return true;
}

/* Behind the name of the file that the loader read: `BOOT_IMAGE=/vmlinuz-4.19.0-9-amd64`
 * (installkernel(8)); NULL: the name does not tell. */
static const char *release_of_image(struct facts *f)
{
	static const char name[] = "vmlinuz-";
	const struct cmdline_word *word = cmdline_last(f, "BOOT_IMAGE");
	const char *p = word && word->value ? strstr(word->value, name) : NULL;

	return p ? p + strlen(name) : NULL;
}

static bool version_of(struct facts *f, struct version *ret)
{
	const char *release = host_text(f, "kernel.release");
	const char *whole = snap_str(f->snap->kernel.version);
	struct version debian;

	if (!release && host_fact(f, "kernel.release")->state == FACT_ABSENT)
		release = release_of_image(f);
	if (!release || !version_scan(release, ret))
		return false;
	/* Debian: 6.1.0-42-amd64, and the true level is in the build's name */
	const char *build = whole ? strstr(whole, " Debian ") : NULL;
	if (build && version_scan(build + strlen(" Debian "), &debian) &&
		debian.major == ret->major && debian.minor == ret->minor &&
		debian.patch > ret->patch)
		ret->patch = debian.patch;
	return true;
}

enum tri kernel_at_least(struct facts *f, int major, int minor, int patch)
{
	struct version v;

	if (!version_of(f, &v))
		return TRI_UNKNOWN;
	if (v.major != major || v.minor != minor) {
		if (v.major > major || (v.major == major && v.minor > minor))
			return TRI_TRUE;
		return v.backports ? TRI_UNKNOWN : TRI_FALSE;
	}
	if (patch == 0)
		return TRI_TRUE;
	if (v.patch < 0)
		return TRI_UNKNOWN;
	if (v.patch >= patch)
		return TRI_TRUE;
	return v.backports ? TRI_UNKNOWN : TRI_FALSE;
}

enum tri kernel_config(const struct facts *f, const char *symbol, const char **ret_line)
{
	const struct snap_texts *config = &f->snap->kernel.config;
	size_t n = strlen(symbol);

	if (ret_line)
		*ret_line = NULL;
	if (config->have != HAVE_VALUE)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < config->n; i++) {
		const char *line = config->s[i];
		if (strncmp(line, symbol, n) == 0 && line[n] == '=') {
			if (ret_line)
				*ret_line = line;
			return tri_of(line[n + 1] == 'y' || line[n + 1] == 'm');
		}
		if (text_starts(line, "# ") && strncmp(line + 2, symbol, n) == 0 &&
			line[n + 2] == ' ' && ret_line)
			*ret_line = line;
	}
	return TRI_FALSE;
}

/* Is PATH (kernel/drivers/vfio/pci/vfio-pci.ko) the file of the module NAME? */
static bool path_names_module(const char *path, const char *name)
{
	const char *base = strrchr(path, '/');
	size_t n = strlen(name);

	base = base ? base + 1 : path;
	if (strlen(base) < n || !text_starts(base + n, ".ko"))
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((base[i] == '-' ? '_' : base[i]) != name[i])
			return false;
	}
	return true;
}

enum tri kernel_module_loaded(const struct facts *f, const char *name)
{
	enum source_status status;

	if (f->snap->modules.have != HAVE_VALUE)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < f->snap->modules.n; i++) {
		if (text_equal_dash(f->snap->modules.v[i].name, name))
			return TRI_TRUE;
	}
	/* Of a list that was not read as a whole, what is not there may be missing. */
	status = snapshot_status(f->snap, SOURCE_MODULES);
	return status == STATUS_TRUNCATED || status == STATUS_ERROR ? TRI_UNKNOWN
								    : TRI_FALSE;
}

bool kernel_is_builtin(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->snap->kernel.builtin.n; i++) {
		if (path_names_module(f->snap->kernel.builtin.s[i], name))
			return true;
	}
	return false;
}

enum tri kernel_has_module(const struct facts *f, const char *name)
{
	const struct snap_kernel *k = &f->snap->kernel;

	if (kernel_module_loaded(f, name) == TRI_TRUE)
		return TRI_TRUE;
	for (size_t i = 0; i < k->builtin.n; i++) {
		if (path_names_module(k->builtin.s[i], name))
			return TRI_TRUE;
	}
	for (size_t i = 0; i < k->available.n; i++) {
		if (text_equal_dash(k->available.s[i], name))
			return TRI_TRUE;
	}
	if (k->builtin.have == HAVE_VALUE && k->available.have == HAVE_VALUE)
		return TRI_FALSE;
	return TRI_UNKNOWN;
}

const struct snap_parameter *kernel_parameter(
	const struct facts *f, const char *module, const char *name)
{
	for (size_t i = 0; i < f->snap->parameters.n; i++) {
		const struct snap_parameter *p = &f->snap->parameters.v[i];
		if (text_equal_dash(p->module, module) && text_equal_dash(p->name, name))
			return p;
	}
	return NULL;
}

bool kernel_bool_is_true(const char *value)
{
	if (!value)
		return true; /* the bare name sets it */
	switch (value[0]) {
	case 'y':
	case 'Y':
	case 't':
	case 'T':
	case '1':
		return true;
	case 'o':
	case 'O':
		return value[1] == 'n' || value[1] == 'N';
	default:
		return false;
	}
}

bool kernel_has_kvm_node(const struct facts *f)
{
	for (size_t i = 0; i < f->snap->nodes.n; i++) {
		if (text_equal(f->snap->nodes.v[i].path, "/dev/kvm"))
			return true;
	}
	return false;
}

enum tri kernel_runs_kvm(const struct facts *f)
{
	enum tri module = snapshot_status(f->snap, SOURCE_MODULES) == STATUS_OK
		? TRI_FALSE
		: TRI_UNKNOWN;
	enum tri node = kernel_has_kvm_node(f)                        ? TRI_TRUE
		: snapshot_status(f->snap, SOURCE_NODES) == STATUS_OK ? TRI_FALSE
								      : TRI_UNKNOWN;

	for (size_t i = 0; i < f->snap->modules.n; i++) {
		if (text_starts(f->snap->modules.v[i].name, "kvm_"))
			module = TRI_TRUE;
	}
	return tri_and(module, node);
}

static const char *const log_banner[] = { "Linux version {release:word}", NULL };

void derive_kernel_release(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_kernel *k = &f->snap->kernel;
	const char *version = snap_str(k->version);
	const struct klog_match *m;
	(void)s;

	if (k->release.have == HAVE_VALUE && *k->release.s) {
		fact_set_text(out, k->release.s);
		fact_seen(f, out, "kernel release", k->release.s);
		return;
	}
	if (version && text_starts(version, "Linux version ")) {
		const char *start = version + strlen("Linux version ");
		fact_set_text(out, arena_strndup(f->arena, start, strcspn(start, " ")));
		fact_seen(f, out, "/proc/version", version);
		return;
	}
	m = klog_first(f, log_banner);
	if (m) {
		fact_set_text(out, klog_hole(f, m, "release"));
		klog_seen(f, out, m);
		return;
	}
	fact_missing(out, SOURCE_KERNEL);
}

void derive_kernel_64bit(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *machine = snap_str(f->snap->kernel.machine);
	(void)s;

	if (!machine) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	fact_set_bool(out, strstr(machine, "64") != NULL || text_equal(machine, "s390x"));
	fact_seen(f, out, "uname -m", machine);
}

/*
 * Sets OUT to SYMBOL if it is unset, to none if it is set or if MODULE exists (a kernel
 * package may be split); absent where neither the configuration nor the lists of modules
 * were read. MODULE may be NULL for a driver that is never a module.
 */
static void lacks(
	struct facts *f, struct fact *out, const char *symbol, const char *module)
{
	const char *line;
	enum tri set = kernel_config(f, symbol, &line);
	enum tri exists = module ? kernel_has_module(f, module) : TRI_UNKNOWN;

	if (exists == TRI_TRUE || set == TRI_TRUE) {
		fact_set_none(out);
		return;
	}
	if (set == TRI_FALSE) {
		fact_set_text(out, symbol);
		fact_seen(f, out, "kernel configuration",
			line ? line : arena_printf(f->arena, "no %s", symbol));
		return;
	}
	if (exists == TRI_FALSE) {
		fact_set_text(out, symbol);
		fact_seen(f, out, "modules of this kernel",
			arena_printf(f->arena, "no module %s", module));
		return;
	}
	fact_missing(out, SOURCE_KERNEL_CONFIG);
}

void derive_kernel_lacks_kvm(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *module = host_text(f, "kvm.module");
	(void)s;

	if (kernel_runs_kvm(f) == TRI_TRUE) {
		fact_set_none(out);
		return;
	}
	if (!module) {
		fact_missing(out, SOURCE_CPUINFO);
		return;
	}
	/* A module that this table does not know may run guests (kvm_pvm). */
	if (kernel_runs_kvm(f) == TRI_UNKNOWN &&
		kernel_has_module(f, module) != TRI_TRUE) {
		fact_missing(out, SOURCE_MODULES);
		fact_missing(out, SOURCE_NODES);
		return;
	}
	lacks(f, out,
		text_equal(module, "kvm_amd") ? "CONFIG_KVM_AMD" : "CONFIG_KVM_INTEL",
		module);
}

/* Without a word on the table: an answer only if every driver gives the same one. */
static void lacks_any_iommu(struct facts *f, struct fact *out)
{
	struct fact intel = *out, amd = *out, virtio = *out;

	lacks(f, &intel, "CONFIG_INTEL_IOMMU", NULL);
	lacks(f, &amd, "CONFIG_AMD_IOMMU", NULL);
	lacks(f, &virtio, "CONFIG_VIRTIO_IOMMU", "virtio_iommu");
	if (intel.state == amd.state && amd.state == virtio.state) {
		const char *vendor = host_text(f, "cpu.vendor");
		*out = text_equal(vendor, "AuthenticAMD") ? amd : intel;
	} else {
		fact_missing(out, SOURCE_ACPI_NAMES);
	}
}

void derive_kernel_lacks_iommu(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *known = host_fact(f, "iommu.table");
	const char *table = host_text(f, "iommu.table"), *vendor;
	(void)s;

	if (known->state == FACT_ABSENT) {
		lacks_any_iommu(f, out);
	} else if (text_equal(table, "DMAR")) {
		lacks(f, out, "CONFIG_INTEL_IOMMU", NULL);
	} else if (text_equal(table, "IVRS")) {
		lacks(f, out, "CONFIG_AMD_IOMMU", NULL);
	} else if (text_equal(table, "VIOT")) {
		lacks(f, out, "CONFIG_VIRTIO_IOMMU", "virtio_iommu");
	} else if ((vendor = host_text(f, "cpu.vendor"))) {
		bool amd = text_equal(vendor, "AuthenticAMD") ||
			text_equal(vendor, "HygonGenuine");
		lacks(f, out, amd ? "CONFIG_AMD_IOMMU" : "CONFIG_INTEL_IOMMU", NULL);
	} else {
		fact_missing(out, SOURCE_CPUINFO);
	}
}

void derive_kernel_lacks_irq_remap(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	lacks(f, out, "CONFIG_IRQ_REMAP", NULL);
}

void derive_kernel_lacks_vfio(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (kernel_config(f, "CONFIG_VFIO", NULL) == TRI_FALSE)
		lacks(f, out, "CONFIG_VFIO", "vfio");
	else
		lacks(f, out, "CONFIG_VFIO_PCI", "vfio_pci");
}

void derive_kernel_lockdown(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_text *lockdown = &f->snap->kernel.lockdown;
	(void)s;

	if (lockdown->have == HAVE_NOT) {
		fact_missing(out, SOURCE_KERNEL);
	} else if (text_equal(snap_str(*lockdown), "integrity") ||
		text_equal(snap_str(*lockdown), "confidentiality")) {
		fact_set_text(out, lockdown->s);
		fact_seen(f, out, "/sys/kernel/security/lockdown", lockdown->s);
	} else {
		fact_set_none(out);
	}
}

void derive_kernel_kdump(struct facts *f, const struct subject *s, struct fact *out)
{
	/* is_kdump_kernel(): the crashed kernel's headers are handed over by this word */
	const struct cmdline_word *w = cmdline_last(f, "elfcorehdr");
	(void)s;

	if (!cmdline_known(f)) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	fact_set_bool(out, w != NULL);
	if (w)
		cmdline_seen(f, out, w);
}
