// SPDX-License-Identifier: GPL-2.0-or-later
// Names in an archive: which are safe, and which a reader may want.
#include "collect/archive_names.h"

#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "collect/archive.h"

char *archive_name(struct arena *a, const char *raw, const char **ret_why)
{
	size_t n = 0, depth = 0;
	char *name, *end;

	*ret_why = *raw == '/'                   ? "is an absolute path"
		: strlen(raw) > ARCHIVE_MAX_PATH ? "is a path that is too long"
						 : NULL;
	if (*ret_why)
		return NULL;
	name = end = arena_alloc(a, strlen(raw) + 1);
	for (const char *p = raw; *p; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 0 || (n == 1 && *p == '.'))
			continue;
		if (n == 2 && p[0] == '.' && p[1] == '.')
			*ret_why = "leads out of the archive";
		else if (++depth > ARCHIVE_MAX_DEPTH)
			*ret_why = "is a path that is too deep";
		if (*ret_why)
			return NULL;
		if (end != name)
			*end++ = '/';
		memcpy(end, p, n);
		end += n;
	}
	*end = '\0';
	return name;
}

/* Is one of its directories, or itself, one that stands at the top of a host's tree? */
static bool is_of_host(const char *name)
{
	static const char *const tops[] = { "bin", "boot", "dev", "efi", "etc", "home",
		"lib", "lib32", "lib64", "media", "mnt", "nix", "opt", "proc", "root",
		"run", "sbin", "srv", "sys", "usr", "var" };

	for (const char *p = name; p; p = strchr(p, '/')) {
		p += *p == '/';
		size_t n = strcspn(p, "/");
		for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++)
			if (strlen(tops[i]) == n && memcmp(p, tops[i], n) == 0)
				return true;
	}
	return false;
}

bool archive_link_stays(const char *name, const char *target)
{
	size_t n = 0, depth = 0;

	if (strlen(target) > ARCHIVE_MAX_PATH)
		return false;
	if (*target == '/')
		return is_of_host(name);
	for (const char *p = name; *p; p++)
		depth += *p == '/';
	for (const char *p = target; *p; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			if (depth-- == 0)
				return false;
		} else if (n && !(n == 1 && *p == '.')) {
			depth++;
		}
	}
	return true;
}

enum archive_use archive_use(const char *name)
{
	/* What makes captures large, and what is an archive itself */
	static const char *const unwanted[] = { "sys/fs/*", "sys/kernel/debug/*",
		"sys/kernel/slab/*", "sys/kernel/tracing/*", "sys/kernel/btf/*",
		"proc/kallsyms", "proc/kcore", "proc/[2-9]*/*", "proc/1?*/*",
		"proc/self/task/*", "var/lib/*", "var/cache/*", "var/spool/*",
		"var/log/journal/*", "var/log/sa/*", "var/tmp/*", "usr/bin/*",
		"usr/lib64/*", "usr/sbin/*", "usr/share/doc/*", "usr/src/*",
		"lib/modules/*/kernel/*", "lib/modules/*/build/*", "lib/firmware/*",
		"usr/lib/firmware/*", "etc/ssl/*", "etc/pki/*", "etc/selinux/*", "*.tar",
		"*.tar.?z", "*.tar.bz2", "*.tar.zst", "*.tgz", "*.txz", "*.tbz", "*.zip",
		"*.rpm", "*.deb", "*.journal" };
	static const char *const images[] = { "boot/init*", "boot/vmlinuz*",
		"boot/booster-*", "efi/init*" };

	for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++)
		for (const char *p = name; p; p = strchr(p, '/')) {
			p += *p == '/';
			if (glob_match(unwanted[i], p))
				return ARCHIVE_SKIP;
		}
	for (size_t i = 0; i < sizeof images / sizeof images[0]; i++)
		for (const char *p = name; p; p = strchr(p, '/')) {
			p += *p == '/';
			if (glob_match(images[i], p))
				return ARCHIVE_STAT;
		}
	return ARCHIVE_KEEP;
}
