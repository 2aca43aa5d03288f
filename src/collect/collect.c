// SPDX-License-Identifier: GPL-2.0-or-later
// The order of the collectors, and what a whole snapshot needs before and behind them.
#include "collect/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void redact(struct snapshot *s, const struct root *r)
{
	struct arena *scratch = arena_new();
	const char *host = snap_str(root_read_attr(r, s, "proc/sys/kernel/hostname"));
	const char **users = NULL;
	char **names;
	size_t n, n_users = 0;

	if (!host)
		host = snap_str(root_read_attr(r, s, "etc/hostname"));
	if (root_list(r, scratch, "home", &names, &n) == STATUS_OK)
		for (size_t i = 0; i < n; i++)
			if (strcmp(names[i], "lost+found") != 0)
				*arena_push(scratch, users, n_users) = names[i];
	*arena_push(scratch, users, n_users) = NULL;
	snapshot_redact(s, host, users);
	arena_free(scratch);
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
