// SPDX-License-Identifier: GPL-2.0-or-later
// Entries of the Boot Loader Specification: which one started this kernel, which one will.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/config.h"
#include "facts/kernel.h"
#include "facts/loader.h"

static bool is_rescue(const char *path)
{
	return strstr(path, "fallback") || strstr(path, "rescue");
}

/* Length of an entry's name without the tries left: `arch+2-1.conf` is arch.conf
 * (https://systemd.io/AUTOMATIC_BOOT_ASSESSMENT/). */
static size_t stem_length(const char *name)
{
	size_t n = strlen(name), plus;

	if (text_ends(name, ".conf"))
		n -= strlen(".conf");
	for (plus = n; plus > 0 && strchr("0123456789-", name[plus - 1]); plus--) {
	}
	return plus > 0 && plus < n && name[plus - 1] == '+' ? plus - 1 : n;
}

static bool is_named(const struct snap_file *entry, const char *name)
{
	const char *own = config_basename(entry->path);
	size_t n = stem_length(own);

	return n == stem_length(name) && !strncmp(own, name, n);
}

/* By its version, or by the path of its kernel. */
static bool is_of_release(
	struct facts *f, const struct snap_file *entry, const char *release)
{
	const char *version = boot_entry_value(f, entry, "version");
	const char *kernel = boot_entry_value(f, entry, "linux");

	return text_equal(version, release) ||
		(kernel && *release &&
			(text_ends(kernel, arena_printf(f->arena, "-%s", release)) ||
				strstr(kernel, arena_printf(f->arena, "/%s/", release))));
}

/* Name behind the last slash of either kind. */
static const char *image_name(const char *path)
{
	const char *name = path;

	for (const char *p = path; *p; p++) {
		if (*p == '\\' || *p == '/')
			name = p + 1;
	}
	return name;
}

/* systemd-boot hands on the entry's images as initrd= words; the last one is no
 * microcode. */
static bool has_initrd(struct facts *f, const struct snap_file *entry, const char *name)
{
	const char *value = boot_entry_value(f, entry, "initrd");
	size_t n = 0;
	char **images = value ? text_split(f->arena, value, " \t", &n) : NULL;

	return n && !strcmp(image_name(images[n - 1]), name);
}

enum evidence { BY_NAME, BY_RELEASE, BY_INITRD, BY_BEING_ALONE, N_EVIDENCE };

static bool fits(struct facts *f, const struct snap_file *entry, enum evidence by)
{
	const char *selected = snap_str(f->snap->host.loader_entry);
	const char *release = host_text(f, "kernel.release");
	const struct cmdline_word *initrd = cmdline_last(f, "initrd");

	switch (by) {
	case BY_NAME:
		return selected && is_named(entry, selected);
	case BY_RELEASE:
		return release && !is_rescue(entry->path) &&
			is_of_release(f, entry, release);
	case BY_INITRD:
		return initrd && initrd->value &&
			has_initrd(f, entry, image_name(initrd->value));
	default:
		return !is_rescue(entry->path);
	}
}

const struct snap_file *boot_running_entry(struct facts *f)
{
	for (enum evidence by = BY_NAME; by < N_EVIDENCE; by++) {
		const struct snap_file *found = NULL;
		size_t n = 0;

		for (size_t i = 0; i < f->snap->files.n; i++) {
			const struct snap_file *file = &f->snap->files.v[i];

			if (boot_is_entry(file->path) && fits(f, file, by)) {
				found = file;
				n++;
			}
		}
		if (n)
			return n == 1 ? found : NULL;
	}
	return NULL;
}

/* ostree writes one entry a deployment; the highest version is started next
 * (ostree-bootloader(8), sorted as the specification has it). */
static const char *next_deployment(struct facts *f)
{
	const char *found = NULL;
	uint64_t best = 0;

	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		const char *version;
		uint64_t n;

		if (!boot_is_entry(file->path) ||
			!text_starts(config_basename(file->path), "ostree-"))
			continue;
		version = boot_entry_value(f, file, "version");
		if (!version || !text_to_u64(version, &n))
			return NULL;
		if (n > best) {
			best = n;
			found = file->path;
		}
	}
	return found;
}

const char *boot_words_path(struct facts *f)
{
	/* What stage 1 of the next boot gets; nixos-rebuild(8) */
	static const char nixos[] = "/nix/var/nix/profiles/system/kernel-params";
	const char *kind = host_text(f, "boot.loader");
	const struct snap_file *entry;

	if (text_equal(kind, "rpm-ostree"))
		return next_deployment(f);
	if (text_equal(kind, "nixos"))
		return config_file(f, nixos) ? nixos : NULL;
	if (!text_equal(kind, "bls"))
		return host_text(f, "boot.config");
	entry = boot_running_entry(f);
	return entry ? entry->path : NULL;
}
