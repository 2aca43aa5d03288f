// SPDX-License-Identifier: GPL-2.0-or-later
// The initramfs: which tool makes it, which image is in use, what is newer than it.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/loader.h"

/* A tool, by the files that only its package brings. */
static const struct tool {
	const char *kind;
	const char *marks[4]; /* a file, or a directory that holds one */
	const char *rebuild;
} tools[] = {
	{ "initramfs-tools",
		{ "/etc/initramfs-tools/initramfs.conf", "/etc/initramfs-tools/modules" },
		"update-initramfs -u -k all" },
	{ "dracut",
		{ "/etc/dracut.conf", "/etc/dracut.conf.d",
			"/usr/lib/dracut/dracut.conf.d" },
		"dracut --force --regenerate-all" },
	{ "mkinitcpio", { "/etc/mkinitcpio.conf", "/etc/mkinitcpio.d" },
		"mkinitcpio -P" },
	{ "booster", { "/etc/booster.yaml" }, "/usr/lib/booster/regenerate_images" },
};
enum { N_TOOLS = sizeof tools / sizeof tools[0] };

static bool has_mark(const struct facts *f, const char *mark)
{
	for (size_t i = 0; mark && i < f->snap->files.n; i++) {
		const char *path = f->snap->files.v[i].path;

		if (text_equal(path, mark) || config_in_dir(path, mark))
			return true;
	}
	return false;
}

/* The one tool that fits; NULL if none does, or two: leftovers of one are common. */
static const struct tool *find_tool(const struct facts *f, size_t *ret_n)
{
	const struct tool *found = NULL;

	*ret_n = 0;
	for (size_t i = 0; i < N_TOOLS; i++) {
		bool fits = false;

		for (size_t k = 0; k < 4; k++)
			fits |= has_mark(f, tools[i].marks[k]);
		if (fits) {
			found = &tools[i];
			++*ret_n;
		}
	}
	return *ret_n == 1 ? found : NULL;
}

void derive_initramfs_kind(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct tool *tool = find_tool(f, &n);

	(void)s;
	if (!config_known(f, SOURCE_INITRAMFS) || n > 1)
		fact_missing(out, SOURCE_INITRAMFS);
	else
		fact_set_text(out, tool ? tool->kind : NULL);
}

void derive_initramfs_rebuild(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *loader = host_text(f, "boot.loader");
	const struct fact *kind = host_fact(f, "initramfs.kind");

	(void)s;
	if (text_equal(loader, "rpm-ostree")) {
		fact_set_text(out, "rpm-ostree initramfs --enable");
		return;
	}
	if (text_equal(loader, "nixos")) {
		fact_set_text(out, "nixos-rebuild boot");
		return;
	}
	/* Its images lie on the boot partition, where dracut alone does not put them
	 * (https://en.opensuse.org/Systemd-fde) */
	if (text_equal(loader, "sdbootutil")) {
		fact_set_text(out, "sdbootutil mkinitrd");
		return;
	}
	if (kind->state == FACT_ABSENT) {
		out->missing = kind->missing;
		return;
	}
	for (size_t i = 0; i < N_TOOLS; i++) {
		if (text_equal(tools[i].kind, kind->text))
			fact_set_text(out, tools[i].rebuild);
	}
	if (kind->state == FACT_NONE)
		fact_set_none(out);
}

/* Name of the kernel's file, from the boot loader's word: `vmlinuz-linux-lts`. */
static const char *boot_image_name(struct facts *f)
{
	const struct cmdline_word *word = cmdline_last(f, "BOOT_IMAGE");

	return word && word->value ? config_basename(word->value) : NULL;
}

static bool is_microcode(const char *name)
{
	return strstr(name, "ucode") != NULL;
}

/* The image by its path on the partition that the loader reads: `\\initramfs-linux.img`. */
static const struct snap_file *image_at(const struct facts *f, const char *path)
{
	static const char *const roots[] = { "/boot", "/efi", "/boot/efi", "" };
	char *slashed = arena_printf(
		f->arena, "%s%s", *path == '/' || *path == '\\' ? "" : "/", path);
	const struct snap_file *file = NULL;

	for (char *p = slashed; *p; p++) {
		if (*p == '\\')
			*p = '/';
	}
	for (size_t i = 0; !file && i < sizeof roots / sizeof roots[0]; i++)
		file = config_file(f, arena_printf(f->arena, "%s%s", roots[i], slashed));
	return file;
}

/* The image that the words, one each or several with blanks, name last: the others are
 * microcode. */
static const struct snap_file *image_of_entry(struct facts *f)
{
	const struct snap_file *entry = boot_running_entry(f);
	const char *value = entry ? boot_entry_value(f, entry, "initrd") : NULL;
	size_t n = 0;
	char **paths = value ? text_split(f->arena, value, " \t", &n) : NULL;

	return n && !is_microcode(paths[n - 1]) ? image_at(f, paths[n - 1]) : NULL;
}

/* The unified image that was started; the only one where the loader does not tell. */
static const struct snap_file *unified_image(struct facts *f)
{
	const char *selected = snap_str(f->snap->host.loader_entry);
	const struct snap_file *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if (!strstr(file->path, "/EFI/Linux/") ||
			!text_ends(file->path, ".efi") || strstr(file->path, "fallback"))
			continue;
		if (selected && strcmp(config_basename(file->path), selected) != 0)
			continue;
		found = file;
		n++;
	}
	return n == 1 ? found : NULL;
}

/*
 * Image of the running kernel: what the command line names, or its entry; else by the
 * release, as Debian, Fedora and openSUSE spell it; else by the kernel's file, as Arch
 * does.
 */
static const struct snap_file *find_image(struct facts *f)
{
	static const char *const forms[] = { "initrd.img-%s", "initramfs-%s.img",
		"initrd-%s", "booster-%s.img" };
	const char *release = host_text(f, "kernel.release"),
		   *kernel = boot_image_name(f);
	const struct snap_file *file = NULL;
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	if (text_equal(host_text(f, "boot.loader"), "uki"))
		return unified_image(f);
	for (size_t i = 0; i < n; i++) {
		const char *value = words[i].value ? words[i].value : "";

		if (!strcmp(words[i].name, "initrd") && !is_microcode(value) &&
			(file = image_at(f, value)))
			return file;
	}
	if ((file = image_of_entry(f)))
		return file;
	for (size_t i = 0; i < 2; i++) {
		const char *name = i == 0 ? release : kernel;

		if (i == 1 && name && text_starts(name, "vmlinuz-"))
			name += strlen("vmlinuz-");
		for (size_t k = 0; name && k < sizeof forms / sizeof forms[0]; k++) {
			size_t before = strcspn(forms[k], "%");

			file = config_file(f,
				arena_printf(f->arena, "/boot/%.*s%s%s", (int)before,
					forms[k], name, forms[k] + before + 2));
			if (file)
				return file;
		}
	}
	return NULL;
}

void derive_initramfs_image(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_file *image = find_image(f);

	(void)s;
	/* No image found is no proof that there is none: it may lie on another partition
	 */
	if (!config_known(f, SOURCE_INITRAMFS) || !image) {
		fact_missing(out, SOURCE_INITRAMFS);
		return;
	}
	fact_set_text(out, image->path);
}

/* A line that is no comment and names a vfio module or pci-stub's ids. */
static bool configures_vfio(const struct facts *f, const struct snap_file *file)
{
	static const char *const modules[] = { "vfio_pci", "vfio", "vfio_iommu_type1" };
	size_t n;
	char **lines = text_lines(f->arena, config_text(file), &n);

	for (size_t i = 0; i < n; i++) {
		const char *p = lines[i] + strspn(lines[i], " \t");

		if (*p == '#')
			continue;
		for (size_t k = 0; k < sizeof modules / sizeof modules[0]; k++) {
			if (config_names_module(p, modules[k]))
				return true;
		}
	}
	return false;
}

/* Does the tool copy this file, or what it says, into the image? */
static bool goes_into_image(const struct snap_file *file)
{
	static const char *const dirs[] = { "/etc/modprobe.d", "/usr/lib/modprobe.d",
		"/lib/modprobe.d", "/etc/dracut.conf.d", "/etc/mkinitcpio.conf.d" };
	static const char *const files[] = { "/etc/initramfs-tools/modules",
		"/etc/dracut.conf", "/etc/mkinitcpio.conf", "/etc/booster.yaml" };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if (text_equal(file->path, files[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		if (config_in_dir(file->path, dirs[i]) && text_ends(file->path, ".conf"))
			return true;
	}
	return false;
}

void derive_initramfs_newer_files(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_file *image = find_image(f);

	(void)s;
	if (!config_known(f, SOURCE_INITRAMFS) || !image ||
		image->mtime.have != HAVE_VALUE)
		fact_missing(out, SOURCE_INITRAMFS);
	if (!config_known(f, SOURCE_MODPROBE))
		fact_missing(out, SOURCE_MODPROBE);
	if (out->missing)
		return;
	fact_set_list(out);
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if (!goes_into_image(file) ||
			(file->text.have != HAVE_NOT && !configures_vfio(f, file)))
			continue;
		if (file->mtime.have != HAVE_VALUE || file->text.have == HAVE_NOT) {
			out->open = true;
			fact_missing(out, SOURCE_MODPROBE);
		} else if (file->mtime.v > image->mtime.v) {
			fact_seen(f, out, file->path,
				arena_printf(f->arena, "changed after %s", image->path));
			fact_add_text(f, out, file->path);
		}
	}
}
