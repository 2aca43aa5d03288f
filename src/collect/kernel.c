// SPDX-License-Identifier: GPL-2.0-or-later
// The running kernel: release, command line, taint, lockdown.
#include <string.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "collect/kernel_config.h"
#include "collect/sources.h"

/* First line of `Linux version 6.1.0 (…` where /proc/sys was not copied. */
static struct snap_text release_of_version(struct snapshot *s)
{
	const char *version = snap_str(s->kernel.version);

	if (!version || !text_starts(version, "Linux version "))
		return (struct snap_text){ 0 };
	version += strlen("Linux version ");
	return snap_text_of_mem(s, version, strcspn(version, " "));
}

static bool option_set(const struct snapshot *s, const char *line)
{
	for (size_t i = 0; i < s->kernel.config.n; i++)
		if (text_equal(s->kernel.config.s[i], line))
			return true;
	return false;
}

/* A tree does not say it; the sysctl (kernel/utsname_sysctl.c) exists since 6.1. */
static struct snap_text machine_of_tree(struct snapshot *s, const struct root *r)
{
	static const struct {
		const char *option, *machine;
	} rows[] = {
		{ "CONFIG_X86_64=y", "x86_64" },
		{ "CONFIG_X86_32=y", "i686" },
		{ "CONFIG_ARM64=y", "aarch64" },
	};
	struct snap_text arch = root_read_attr(r, s, "proc/sys/kernel/arch");

	if (arch.have == HAVE_VALUE)
		return arch;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (option_set(s, rows[i].option))
			return snap_text_of(s, rows[i].machine);
	return (struct snap_text){ 0 };
}

static struct snap_text machine_read(struct snapshot *s, const struct root *r)
{
	struct utsname u;

	if (!r->live)
		return machine_of_tree(s, r);
	return uname(&u) == 0 ? snap_text_of(s, u.machine) : (struct snap_text){ 0 };
}

/* `none [integrity] confidentiality`: the word in brackets
 * (security/lockdown/lockdown.c). */
static struct snap_text lockdown_read(struct snapshot *s, const struct root *r)
{
	const char *text = snap_str(root_read_attr(r, s, "sys/kernel/security/lockdown"));
	char **names;
	size_t n = 0;

	if (!text) {
		/* An empty directory is a securityfs that nobody mounted */
		if (root_exists(r, "sys/kernel/security/lockdown") ||
			root_list(r, s->arena, "sys/kernel/security", &names, &n) !=
				STATUS_OK ||
			n == 0)
			return (struct snap_text){ 0 };
		return snap_text_none();
	}
	const char *open = strchr(text, '[');
	if (!open)
		return (struct snap_text){ 0 };
	return snap_text_of_mem(s, open + 1, strcspn(open + 1, "]"));
}

/* What lies in /proc always exists on a running kernel: missing means not copied. */
static struct snap_text proc_line(
	struct snapshot *s, const struct root *r, const char *path)
{
	struct snap_text t = root_read_attr(r, s, path);

	return t.have == HAVE_VALUE ? t : (struct snap_text){ 0 };
}

static struct snap_text cmdline_read(struct snapshot *s, const struct root *r)
{
	char *text = root_read_text(r, s->arena, "proc/cmdline", ROOT_SMALL);

	if (!text)
		return (struct snap_text){ 0 };
	/* A line feed parts two words as a blank does (lib/cmdline.c, next_arg()). */
	return snap_text_of(s, text_flatten(s->arena, text));
}

void collect_kernel(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	struct snap_kernel *k = &s->kernel;

	(void)options;
	/* The output of uname in a capture may have said these */
	if (k->version.have != HAVE_VALUE)
		k->version = proc_line(s, r, "proc/version");
	if (k->release.have != HAVE_VALUE)
		k->release = proc_line(s, r, "proc/sys/kernel/osrelease");
	if (k->release.have != HAVE_VALUE)
		k->release = release_of_version(s);
	k->cmdline = cmdline_read(s, r);
	k->lockdown = lockdown_read(s, r);
	struct snap_int taint = root_read_int(r, s, "proc/sys/kernel/tainted");
	if (taint.have == HAVE_VALUE)
		k->tainted = snap_hex_of((uint64_t)taint.v);
	collect_kernel_config(s, r);
	if (k->machine.have != HAVE_VALUE)
		k->machine = machine_read(s, r);

	bool whole = k->release.have == HAVE_VALUE && k->cmdline.have == HAVE_VALUE;
	bool some = k->release.have == HAVE_VALUE || k->cmdline.have == HAVE_VALUE;
	snapshot_set_status(s, SOURCE_KERNEL,
		whole          ? STATUS_OK
			: some ? STATUS_TRUNCATED
			       : STATUS_ABSENT,
		whole          ? NULL
			: some ? "only one of release and command line"
			       : "no /proc");
}
