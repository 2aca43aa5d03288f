// SPDX-License-Identifier: GPL-2.0-or-later
// Is this a container? Then /etc and /boot are not those of the kernel's machine.
#include "collect/container.h"

#include <string.h>

#include "base/text.h"

/* What a link `pid:[4026531836]` holds; 0: it does not exist (a kernel without them). */
static uint64_t namespace_number(struct snapshot *s, struct snap_text link)
{
	const char *open = link.have == HAVE_VALUE ? strchr(link.s, '[') : NULL;
	uint64_t v;

	if (!open)
		return 0;
	open++;
	return text_to_u64(arena_strndup(s->arena, open, strcspn(open, "]")), &v) ? v : 0;
}

/* The namespaces that the kernel itself started with have fixed numbers:
 * include/linux/proc_ns.h, PROC_PID_INIT_INO. */
static bool is_first_pid(uint64_t pid)
{
	return pid == 0xeffffffc;
}

/* MNT_NS_INIT_INO since 6.17; before, the first or second number of fs/proc/generic.c,
 * PROC_DYNAMIC_FIRST. */
static bool is_first_mount(uint64_t mount)
{
	return mount == 0xeffffff8 || mount == 0xf0000000 || mount == 0xf0000001;
}

/* `container=lxc` among the NUL-separated words of init's environment. */
static const char *kind_of_environment(struct snapshot *s, const struct root *r)
{
	struct root_bytes got = root_read(r, s->arena, "proc/1/environ", ROOT_SMALL);

	for (size_t i = 0; got.p && i < got.n; i += strlen((char *)got.p + i) + 1) {
		const char *word = (char *)got.p + i;
		if (text_starts(word, "container=") && word[10])
			return word + 10;
	}
	return NULL;
}

static const char *kind_of_cgroup(struct snapshot *s, const struct root *r)
{
	static const struct {
		const char *part, *kind;
	} rows[] = {
		{ "/docker", "docker" },
		{ "/libpod", "podman" },
		{ "/kubepods", "kubernetes" },
		{ "/lxc", "lxc" },
		{ "/machine.slice/machine-", "systemd-nspawn" },
	};
	const char *text = root_read_text(r, s->arena, "proc/1/cgroup", ROOT_SMALL);

	for (size_t i = 0; text && i < sizeof rows / sizeof rows[0]; i++)
		if (strstr(text, rows[i].part))
			return rows[i].kind;
	return NULL;
}

/* What container managers leave behind for their guests to find:
 * https://systemd.io/CONTAINER_INTERFACE/ */
static const char *kind_of_traces(struct snapshot *s, const struct root *r)
{
	static const char *const managers[] = { "run/systemd/container",
		"run/host/container-manager" };
	const char *release = snap_str(s->kernel.release);

	for (size_t i = 0; i < sizeof managers / sizeof managers[0]; i++) {
		const char *kind = snap_str(root_read_attr(r, s, managers[i]));
		if (kind)
			return kind;
	}
	if (release && (strstr(release, "-microsoft-") || strstr(release, "-Microsoft")))
		return "wsl";
	if (root_exists(r, "run/.containerenv"))
		return "podman";
	const char *kind = kind_of_environment(s, r);
	if (kind)
		return kind;
	kind = kind_of_cgroup(s, r);
	if (kind)
		return kind;
	return root_exists(r, ".dockerenv") ? "docker" : NULL;
}

static void container_live(struct snapshot *s, const struct root *r)
{
	struct snap_text pid = root_read_link(r, s, "proc/self/ns/pid"),
			 mount = root_read_link(r, s, "proc/self/ns/mnt");
	bool first_pid = is_first_pid(namespace_number(s, pid));
	const char *kind = NULL;

	if (pid.have == HAVE_NOT || mount.have == HAVE_NOT) {
		snapshot_set_status(s, SOURCE_CONTAINER, STATUS_ERROR,
			"/proc/self/ns cannot be read");
		return;
	}
	/* A disk made from a container's image keeps its traces when it boots by itself
	 */
	if (!first_pid || !is_first_mount(namespace_number(s, mount)))
		kind = kind_of_traces(s, r);
	/* PID namespaces without a trace: chroot-like sandboxes, hidden environments */
	if (!kind && !first_pid && namespace_number(s, pid))
		kind = "namespace";
	s->host.container = snap_line_of(s, kind);
	snapshot_set_status(s, SOURCE_CONTAINER, STATUS_OK, NULL);
}

void collect_container(struct snapshot *s, const struct root *r)
{
	const char *kind;

	if (r->live && root_exists(r, "proc/self")) {
		container_live(s, r);
		return;
	}
	kind = kind_of_traces(s, r);
	/* Both places where traces would be must have been copied to prove their absence
	 */
	if (kind || (root_exists(r, "run") && root_exists(r, "proc/1/cgroup"))) {
		s->host.container = snap_line_of(s, kind);
		snapshot_set_status(s, SOURCE_CONTAINER, STATUS_OK, NULL);
		return;
	}
	snapshot_set_status(s, SOURCE_CONTAINER, STATUS_ABSENT,
		"the tree has neither /run nor /proc/1");
}
