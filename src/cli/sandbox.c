// SPDX-License-Identifier: GPL-2.0-or-later
// What the process gives up before it reads what others wrote.
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Accesses of include/uapi/linux/landlock.h by the version of the interface that brought
 * them: 1 since 5.13, 2 5.19, 3 6.2, 4 6.7, 5 6.10. Numbers, because the headers may be older
 * than the kernel. Reading is not among them: the host is what an audit reads.
 */
#define ACCESS(bit) (UINT64_C(1) << (bit))
enum {
	EXECUTE = 0,
	WRITE_FILE = 1,
	REMOVE_DIR = 4,
	REMOVE_FILE = 5,
	MAKE_CHAR = 6,
	MAKE_DIR = 7,
	MAKE_REG = 8,
	MAKE_SOCK = 9,
	MAKE_FIFO = 10,
	MAKE_BLOCK = 11,
	MAKE_SYM = 12,
	REFER = 13,
	TRUNCATE = 14,
	IOCTL_DEV = 15,
};

/* As the kernel has it since version 4; an older one takes its beginning. */
struct ruleset {
	uint64_t fs, net;
};

static int landlock_version(void)
{
	return (int)syscall(
		SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static uint64_t handled_accesses(int version)
{
	uint64_t all = ACCESS(EXECUTE) | ACCESS(WRITE_FILE);

	for (int bit = REMOVE_DIR; bit <= MAKE_SYM; bit++)
		all |= ACCESS(bit);
	if (version >= 2)
		all |= ACCESS(REFER);
	if (version >= 3)
		all |= ACCESS(TRUNCATE);
	if (version >= 5)
		all |= ACCESS(IOCTL_DEV);
	return all;
}

/* Allows ACCESSES to PATH and what is below it. */
static void allow(int ruleset, const char *path, uint64_t accesses)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = accesses };

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

/* A file is replaced, which takes its directory; a pipe or a terminal is written to. */
static void allow_output(int ruleset, const char *output, uint64_t handled)
{
	struct stat st;
	uint64_t file =
		handled & (ACCESS(WRITE_FILE) | ACCESS(TRUNCATE) | ACCESS(IOCTL_DEV));

	if (stat(output, &st) == 0 && !S_ISREG(st.st_mode)) {
		allow(ruleset, output, file);
		return;
	}
	char *target = realpath(output, NULL);
	char *path = target ? target : strdup(output);
	char *slash = path ? strrchr(path, '/') : NULL;
	if (slash)
		slash[slash == path] = '\0';
	if (path)
		allow(ruleset, slash ? path : ".",
			(file | ACCESS(MAKE_REG) | ACCESS(REMOVE_FILE)) &
				~ACCESS(IOCTL_DEV));
	free(path);
}

static void restrict_files(const struct sandbox_needs *needs)
{
	int version = landlock_version();
	struct ruleset all = { .fs = handled_accesses(version), .net = 3 };

	if (version < 1)
		return;
	int fd = (int)syscall(SYS_landlock_create_ruleset, &all,
		version >= 4 ? sizeof all : sizeof all.fs, 0);
	if (fd < 0)
		return;
	if (needs->output)
		allow_output(fd, needs->output, all.fs);
	if (needs->directory)
		allow(fd, needs->directory,
			all.fs &
				(ACCESS(WRITE_FILE) | ACCESS(TRUNCATE) |
					ACCESS(REMOVE_DIR) | ACCESS(REMOVE_FILE) |
					ACCESS(MAKE_DIR) | ACCESS(MAKE_REG) |
					ACCESS(MAKE_SYM) | ACCESS(REFER)));
	syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
}

/* What an audit never does, and what an intruder would like to. All else is allowed: a C
 * library may start to use another call for what it does today. */
static const char *const forbidden[] = { "execve", "execveat", "fork", "vfork", "clone",
	"clone3", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd",
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4",
	"sendto", "sendmsg", "sendmmsg", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key",
	"request_key", "mount", "umount2", "move_mount", "fsopen", "fsmount", "open_tree",
	"pivot_root", "chroot", "setns", "unshare", "init_module", "finit_module",
	"delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
	"sethostname", "setdomainname", "iopl", "ioperm", "settimeofday", "clock_settime",
	"adjtimex", "clock_adjtime", "acct", "quotactl", "mknod", "mknodat", "chown",
	"lchown", "fchownat", "setxattr", "lsetxattr", "fsetxattr", "removexattr",
	"open_by_handle_at", "personality", "memfd_create", "setuid", "setgid",
	"setreuid", "setregid", "setresuid", "setresgid", "setgroups" };

/* The sanitizers look for leaks from a clone that traces the process. */
static bool is_needed(const char *name)
{
#if defined(__SANITIZE_ADDRESS__)
	return strcmp(name, "clone") == 0 || strcmp(name, "ptrace") == 0;
#else
	(void)name;
	return false;
#endif
}

static void restrict_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return;
	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
		int number = seccomp_syscall_resolve_name(forbidden[i]);

		/* One that this architecture, or this library, does not know */
		if (number != __NR_SCMP_ERROR && !is_needed(forbidden[i]))
			(void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
	}
	(void)seccomp_load(filter);
	seccomp_release(filter);
}

/* What of the privileges is needed: others' files, on a live host also the configuration
 * space behind byte 63 (drivers/pci/pci-sysfs.c, pci_read_config()), the kernel log, and
 * init's environment, which names a container (fs/proc/base.c, proc_environ_operations). */
static uint64_t needed_capabilities(const struct sandbox_needs *needs)
{
	uint64_t keep = UINT64_C(1) << CAP_DAC_READ_SEARCH;

	if (needs->output)
		keep |= UINT64_C(1) << CAP_DAC_OVERRIDE;
	if (needs->live)
		keep |= UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYSLOG |
			UINT64_C(1) << CAP_SYS_PTRACE;
	return keep;
}

static void drop_capabilities(const struct sandbox_needs *needs)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint64_t keep = needed_capabilities(needs);

	if (syscall(SYS_capget, &head, data) < 0)
		return;
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t part = (uint32_t)(keep >> (32 * i));
		data[i].effective &= part;
		data[i].permitted &= part;
		data[i].inheritable = 0;
	}
	syscall(SYS_capset, &head, data);
}

void sandbox_enter(const struct sandbox_needs *needs)
{
	drop_capabilities(needs);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return;
	restrict_files(needs);
	restrict_calls();
}

const char *sandbox_describe(void)
{
	static char text[40];
	int landlock = landlock_version();
	/* It fails with EINVAL where the kernel was built without: prctl(2) */
	bool filters = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;

	if (landlock >= 1)
		snprintf(text, sizeof text, "Landlock %d%s", landlock,
			filters ? ", seccomp" : "");
	else
		snprintf(text, sizeof text, "%s", filters ? "seccomp" : "none");
	return text;
}
