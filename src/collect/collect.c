// SPDX-License-Identifier: GPL-2.0-or-later
// The order of the collectors, and what a whole snapshot needs before and behind them.
#include "collect/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/version.h"
#include "collect/sources.h"
#include "snapshot/redact.h"

/* The functions of collect_pci() are looked up by others, the release of collect_kernel()
 * leads to the files of modules. */
static collect_function *const collectors[] = {
	collect_pci,
	collect_kernel,
	collect_cpu,
	collect_klog,
	collect_iommu,
	collect_interrupts,
	collect_acpi,
	collect_modules,
	collect_files,
	collect_host,
	collect_displays,
	collect_nodes,
	collect_uses,
};

/* False and errno if the file cannot be read. It is not opened: that would be noticed at
 * the other end of a pipe. */
static bool may_read(const char *path)
{
	struct stat st;

	if (stat(path, &st) || faccessat(AT_FDCWD, path, R_OK, AT_EACCESS))
		return false;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return false;
	}
	return true;
}

/* A status without a reason gets the plain one. */
static void complete_reasons(struct snapshot *s)
{
	static const char *const reasons[N_STATUSES] = {
		[STATUS_ABSENT] = "does not exist",
		[STATUS_DENIED] = "needs root",
		[STATUS_TRUNCATED] = "was read in part",
		[STATUS_ERROR] = "could not be read",
	};

	for (enum source i = 0; i < N_SOURCES; i++) {
		enum source_status status = snapshot_status(s, i);

		if (status != STATUS_MISSING && reasons[status] && !snapshot_reason(s, i))
			snapshot_set_status(s, i, status, reasons[status]);
	}
}

/* What the tree says of its host's name and of its users'. */
static void names_learn(
	const struct root *r, struct arena *scratch, struct private_names *names)
{
	static const char *const paths[] = { "proc/sys/kernel/hostname", "etc/hostname" };
	char **users;
	size_t n;

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		const char *text = root_read_text(r, scratch, paths[i], ROOT_SMALL);
		if (text)
			private_names_add(
				names, PRIVATE_HOST, text, strcspn(text, " \t\n"));
	}
	root_list(r, scratch, "home", &users, &n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(users[i], "lost+found") != 0)
			private_names_add(
				names, PRIVATE_USER, users[i], strlen(users[i]));
}

static void redact(struct snapshot *s, const struct root *r)
{
	struct private_names *names = private_names_new(s->arena);

	names_learn(r, s->arena, names);
	snapshot_redact(s, names);
}

struct snapshot *collect(const struct collect_options *options, const char **ret_path)
{
	const char *const given[] = { options->kernel_log, options->cpuid };
	struct snapshot *s;
	struct root r;

	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
		if (given[i] && !may_read(given[i])) {
			*ret_path = given[i];
			return NULL;
		}
	}
	if (!root_open(&r, options->root)) {
		*ret_path = options->root ? options->root : "/";
		return NULL;
	}
	s = snapshot_new();
	s->origin.kind = r.live ? "live" : "tree";
	s->origin.tool = VFIO_DOCTOR_VERSION;
	if (r.live)
		s->origin.privileged = snap_bool_of(geteuid() == 0);
	s->origin.redacted = snap_bool_of(false);
	for (size_t i = 0; i < sizeof collectors / sizeof collectors[0]; i++)
		collectors[i](s, &r, options);
	complete_reasons(s);
	if (!options->keep_private)
		redact(s, &r);
	root_close(&r);
	return s;
}

/* Is this what the kernel has or has not, known to be absent where /sys was copied whole? */
static bool may_be_absent(const char *source)
{
	static const enum source of_kernel[] = { SOURCE_IOMMU_GROUPS, SOURCE_IOMMU_UNITS,
		SOURCE_ACPI_NAMES, SOURCE_ACPI_TABLES };

	for (size_t i = 0; i < sizeof of_kernel / sizeof of_kernel[0]; i++)
		if (text_equal(source, source_name(of_kernel[i])))
			return true;
	return false;
}

/* Without the statuses that say only that something was not copied. */
static void forget_missing(struct snapshot *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->sources.n; i++) {
		const struct snap_source *row = &s->sources.v[i];
		if (text_equal(row->status, source_status_name(STATUS_OK)) ||
			text_equal(row->status, source_status_name(STATUS_TRUNCATED)) ||
			(text_equal(row->status, source_status_name(STATUS_ABSENT)) &&
				may_be_absent(row->name)))
			s->sources.v[n++] = *row;
	}
	s->sources.n = n;
}

/* What a part of a tree cannot tell: a log may be of another boot, and who lives on which
 * device takes all of /sys and /proc. */
static bool needs_all(collect_function *collector)
{
	return collector == collect_klog || collector == collect_nodes ||
		collector == collect_uses;
}

bool collect_tree(struct snapshot *s, const char *dir, const char *const *whole)
{
	const struct collect_options none = { 0 };
	struct root r;

	if (!root_open(&r, dir))
		return false;
	r.whole = whole;
	for (size_t i = 0; i < sizeof collectors / sizeof collectors[0]; i++)
		if (!whole || !needs_all(collectors[i]))
			collectors[i](s, &r, &none);
	if (whole)
		forget_missing(s);
	complete_reasons(s);
	root_close(&r);
	return true;
}

void collect_names(const char *dir, struct private_names *names)
{
	struct arena *scratch = arena_new();
	struct root r;

	if (root_open(&r, dir)) {
		names_learn(&r, scratch, names);
		root_close(&r);
	}
	arena_free(scratch);
}
