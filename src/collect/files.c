// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration as whole files: modprobe.d, boot loaders, initramfs tools.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "collect/sources.h"
#include "collect/uki.h"
#include "import/guest_text.h"

enum {
	GENERATED_LIMIT = 256 << 10, /* grub.cfg with many kernels */
	MAX_NAMES = 512,             /* files of one directory */
};

/* How a row's path is meant. */
enum row_kind {
	FILE_TEXT, /* a file, with its text */
	FILE_STAT, /* a file that only exists: an image, or one whose text nobody needs */
	DIR_TEXT,  /* the files of a directory, with their text */
	DIR_STAT,  /* the same, existence only */
	DIR_UKI,   /* unified kernel images: their text is the command line inside */
	TREE_STAT, /* files in the folders that kernel-install makes: MACHINE-ID/VERSION */
};

/* A field that is not named is NULL or 0. */
#define ROW(source_, kind_, path_, ...)                                                  \
	{                                                                                \
		.source = SOURCE_##source_, .kind = kind_, .path = path_, __VA_ARGS__    \
	}

/* The files that facts read, and the source whose status they decide. */
static const struct file_row {
	enum source source;
	enum row_kind kind;
	const char *path;
	const char *prefix, *suffix; /* of names in a directory; NULL: all */
	size_t limit;                /* 0: ROOT_SMALL */
	text_filter *filter;         /* NULL: the whole text is kept */
} rows[] = {
	/* kmod reads *.conf of these, libkmod/libkmod.c default_config_paths[]; the
	 * others are listed because people wonder why they have no effect */
	ROW(MODPROBE, DIR_TEXT, "etc/modprobe.d"),
	ROW(MODPROBE, DIR_TEXT, "run/modprobe.d"),
	ROW(MODPROBE, DIR_TEXT, "usr/local/lib/modprobe.d"),
	ROW(MODPROBE, DIR_TEXT, "usr/lib/modprobe.d"),
	ROW(MODPROBE, DIR_TEXT, "lib/modprobe.d"),
	/* modules-load.d(5) */
	ROW(MODPROBE, FILE_TEXT, "etc/modules"),
	ROW(MODPROBE, DIR_TEXT, "etc/modules-load.d"),
	ROW(MODPROBE, DIR_TEXT, "run/modules-load.d"),
	ROW(MODPROBE, DIR_TEXT, "usr/local/lib/modules-load.d"),
	ROW(MODPROBE, DIR_TEXT, "usr/lib/modules-load.d"),
	ROW(MODPROBE, DIR_TEXT, "lib/modules-load.d"),
	/* vfio-pci.cfg is read by nobody, and still in many guides */
	ROW(MODPROBE, FILE_TEXT, "etc/vfio-pci.cfg"),
	ROW(MODPROBE, DIR_TEXT, "etc/driverctl.d"),

	/* https://libvirt.org/drvqemu.html, https://libvirt.org/hooks.html */
	ROW(GUESTS, DIR_TEXT, "etc/libvirt/qemu", .suffix = ".xml",
		.limit = GENERATED_LIMIT, .filter = guest_text_libvirt),
	ROW(GUESTS, DIR_TEXT, "etc/libvirt/hooks", .filter = guest_text_hooks),
	/* https://pve.proxmox.com/wiki/Manual:_qm.conf */
	ROW(GUESTS, DIR_TEXT, "etc/pve/qemu-server", .suffix = ".conf",
		.filter = guest_text_proxmox),
	ROW(GUESTS, FILE_TEXT, "etc/pve/mapping/pci.cfg", .filter = guest_text_mapping),

	/* initramfs-tools(7) */
	ROW(INITRAMFS, FILE_TEXT, "etc/initramfs-tools/modules"),
	ROW(INITRAMFS, FILE_TEXT, "etc/initramfs-tools/initramfs.conf"),
	ROW(INITRAMFS, DIR_TEXT, "etc/initramfs-tools/conf.d"),
	ROW(INITRAMFS, DIR_TEXT, "usr/share/initramfs-tools/modules.d"),
	/* dracut.conf(5) */
	ROW(INITRAMFS, FILE_TEXT, "etc/dracut.conf"),
	ROW(INITRAMFS, DIR_TEXT, "etc/dracut.conf.d"),
	ROW(INITRAMFS, DIR_TEXT, "usr/lib/dracut/dracut.conf.d"),
	/* mkinitcpio.conf(5) */
	ROW(INITRAMFS, FILE_TEXT, "etc/mkinitcpio.conf"),
	ROW(INITRAMFS, DIR_TEXT, "etc/mkinitcpio.conf.d", .suffix = ".conf"),
	ROW(INITRAMFS, DIR_TEXT, "etc/mkinitcpio.d", .suffix = ".preset"),
	ROW(INITRAMFS, FILE_TEXT, "etc/booster.yaml"),
	/* Images: only their age counts */
	ROW(INITRAMFS, DIR_STAT, "boot", .prefix = "initrd"),
	ROW(INITRAMFS, DIR_STAT, "boot", .prefix = "initramfs"),
	ROW(INITRAMFS, DIR_STAT, "boot", .prefix = "booster-", .suffix = ".img"),
	ROW(INITRAMFS, DIR_STAT, "efi", .prefix = "initramfs"),
	ROW(INITRAMFS, DIR_STAT, "boot/efi", .prefix = "initramfs"),
	ROW(INITRAMFS, TREE_STAT, "boot", .prefix = "initrd"),
	ROW(INITRAMFS, TREE_STAT, "efi", .prefix = "initrd"),
	ROW(INITRAMFS, TREE_STAT, "boot/efi", .prefix = "initrd"),

	ROW(BOOT_CONFIG, FILE_TEXT, "etc/default/grub"),
	ROW(BOOT_CONFIG, DIR_TEXT, "etc/default/grub.d", .suffix = ".cfg"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/grub/grub.cfg", .limit = GENERATED_LIMIT),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/grub2/grub.cfg", .limit = GENERATED_LIMIT),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/grub/grubenv"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/grub2/grubenv"),
	/* https://uapi-group.org/specifications/specs/boot_loader_specification/ */
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/loader/loader.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "efi/loader/loader.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/efi/loader/loader.conf"),
	ROW(BOOT_CONFIG, DIR_TEXT, "boot/loader/entries", .suffix = ".conf"),
	ROW(BOOT_CONFIG, DIR_TEXT, "efi/loader/entries", .suffix = ".conf"),
	ROW(BOOT_CONFIG, DIR_TEXT, "boot/efi/loader/entries", .suffix = ".conf"),
	ROW(BOOT_CONFIG, DIR_UKI, "boot/EFI/Linux", .suffix = ".efi"),
	ROW(BOOT_CONFIG, DIR_UKI, "efi/EFI/Linux", .suffix = ".efi"),
	ROW(BOOT_CONFIG, DIR_UKI, "boot/efi/EFI/Linux", .suffix = ".efi"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/kernel/cmdline"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/kernel/install.conf"),
	ROW(BOOT_CONFIG, DIR_TEXT, "etc/cmdline.d", .suffix = ".conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "usr/lib/kernel/cmdline"),
	/* Proxmox keeps its own list of partitions; their serials are not needed */
	ROW(BOOT_CONFIG, FILE_STAT, "etc/kernel/proxmox-boot-uuids"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/kernelstub/configuration"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/sdboot-manage.conf"),
	ROW(BOOT_CONFIG, DIR_TEXT, "etc/sdboot-manage.conf.d", .suffix = ".conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/extlinux/extlinux.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/syslinux/syslinux.cfg"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/refind_linux.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/limine.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/limine/limine.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/default/limine"),
	ROW(BOOT_CONFIG, DIR_TEXT, "etc/limine-entry-tool.d", .suffix = ".conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/efi/limine.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "efi/limine.conf"),
	/* Alpine, Debian on small boards, the older Debian */
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/update-extlinux.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "boot/extlinux.conf"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/default/u-boot"),
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/default/extlinux"),
	/* openSUSE: the loader that its tools take care of */
	ROW(BOOT_CONFIG, FILE_TEXT, "etc/sysconfig/bootloader"),
	/* NixOS: the words of the next boot */
	ROW(BOOT_CONFIG, FILE_TEXT, "nix/var/nix/profiles/system/kernel-params"),
	/* They generate the loader's files themselves */
	ROW(BOOT_CONFIG, FILE_STAT, "etc/NIXOS"),
	ROW(BOOT_CONFIG, FILE_STAT, "run/ostree-booted"),
};

/* What one source's rows gave. */
struct tally {
	size_t found;
	const char *denied; /* first path that may not be read */
	const char *cut;    /* first path that is longer than its limit */
	const char *failed;
};

/* The hash of a boot loader's password stands in its configuration: it stays there. */
static char *secrets_hide(struct arena *a, const char *text)
{
	struct strbuf b = { 0 };

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n"), indent = strspn(p, " \t");
		const char *word = p + (indent < len ? indent : len);
		if (text_starts(word, "password"))
			strbuf_addf(&b, "%.*s <hidden>",
				(int)(word - p + (long)strcspn(word, " \t\n")), p);
		else
			strbuf_add_mem(&b, p, len);
		p += len;
		if (*p)
			strbuf_add_char(&b, *p++);
	}
	return strbuf_finish(&b, a);
}

static void file_text(struct snapshot *s, const struct root *r,
	const struct file_row *row, const char *path, struct snap_file *file,
	struct tally *tally)
{
	size_t limit = row->limit ? row->limit : ROOT_SMALL;

	/* The usual way to mask a file of the vendor's: modprobe.d(5) */
	if (text_equal(snap_str(file->link), "/dev/null")) {
		file->text = snap_text_of(s, "");
		file->trouble = snap_text_none();
		return;
	}
	struct root_bytes got = root_read(r, s->arena, path, limit);
	if (got.status == STATUS_OK && !memchr(got.p, '\0', got.n)) {
		file->text = snap_text_of(s,
			row->filter ? row->filter(s->arena, (char *)got.p)
				    : secrets_hide(s->arena, (char *)got.p));
		file->trouble = snap_text_none();
		return;
	}
	if (got.status == STATUS_OK) {
		file->text = snap_text_none();
		file->trouble = snap_text_of(s, "binary");
		return;
	}
	if (got.status == STATUS_TRUNCATED && !tally->cut)
		tally->cut = path;
	else if (got.status == STATUS_DENIED && !tally->denied)
		tally->denied = path;
	else if (got.status == STATUS_ERROR && !tally->failed)
		tally->failed = path;
	/* A link whose target is missing says nothing, like no file */
	if (got.status == STATUS_ABSENT)
		file->text = snap_text_none();
	file->trouble = snap_text_of(s,
		got.status == STATUS_TRUNCATED ? "too large"
					       : source_status_name(got.status));
}

static void file_add(struct snapshot *s, const struct root *r, const struct file_row *row,
	const char *path, struct tally *tally)
{
	struct root_stat st = root_stat(r, path, false), to = root_stat(r, path, true);

	if (st.kind == ROOT_UNKNOWN && !tally->denied)
		tally->denied = path;
	if (st.kind != ROOT_FILE && st.kind != ROOT_LINK)
		return;
	if (to.kind == ROOT_DIR)
		return;
	struct snap_file *file = snap_list_add(s, &s->files);
	tally->found++;
	file->path = snap_str(snap_line_of(s, arena_printf(s->arena, "/%s", path)));
	file->link = st.kind == ROOT_LINK ? root_read_link(r, s, path) : snap_text_none();
	if (to.kind == ROOT_FILE) {
		file->mtime = snap_int_of(to.mtime);
		file->size = snap_int_of(to.size);
	}
	if (row->kind == FILE_TEXT || row->kind == DIR_TEXT) {
		file_text(s, r, row, path, file, tally);
	} else if (row->kind == DIR_UKI) {
		file->text = uki_cmdline(r, s, path);
		file->trouble = snap_text_none();
	} else {
		file->text = snap_text_none();
		file->trouble = snap_text_none();
	}
}

static void dir_add(struct snapshot *s, const struct root *r, const struct file_row *row,
	struct tally *tally)
{
	char **names;
	size_t n;
	enum source_status status = root_list(r, s->arena, row->path, &names, &n);

	if (status == STATUS_DENIED && !tally->denied)
		tally->denied = row->path;
	if (status == STATUS_TRUNCATED && !tally->cut)
		tally->cut = row->path;
	if (status == STATUS_ERROR && !tally->failed)
		tally->failed = row->path;
	for (size_t i = 0; i < n; i++) {
		if (i == MAX_NAMES) {
			if (!tally->cut)
				tally->cut = row->path;
			break;
		}
		if ((row->prefix && !text_starts(names[i], row->prefix)) ||
			(row->suffix && !text_ends(names[i], row->suffix)))
			continue;
		file_add(s, r, row, arena_printf(s->arena, "%s/%s", row->path, names[i]),
			tally);
	}
}

/* 32 hex digits: the machine's id, by which kernel-install names its folder. */
static bool is_machine_id(const char *name)
{
	return strlen(name) == 32 && strspn(name, "0123456789abcdef") == 32;
}

/* The specification's layout of the boot partition: ID/VERSION/initrd. */
static void tree_add(struct snapshot *s, const struct root *r, const struct file_row *row,
	struct tally *tally)
{
	char **ids, **versions;
	size_t n_ids = 0, n;

	if (root_list(r, s->arena, row->path, &ids, &n_ids) != STATUS_OK)
		return; /* the rows for this directory's own files tell of it */
	for (size_t i = 0; i < n_ids; i++) {
		struct file_row below = *row;

		if (!is_machine_id(ids[i]))
			continue;
		const char *dir = arena_printf(s->arena, "%s/%s", row->path, ids[i]);
		if (root_list(r, s->arena, dir, &versions, &n) != STATUS_OK)
			continue;
		for (size_t k = 0; k < n && k < MAX_NAMES; k++) {
			below.path = arena_printf(s->arena, "%s/%s", dir, versions[k]);
			dir_add(s, r, &below, tally);
		}
	}
}

/* With /usr merged, lib leads to usr/lib: the same files, and kmod reads them once. */
static bool is_merged(const struct root *r, const char *path)
{
	return text_starts(path, "lib/") && root_stat(r, "lib", false).kind == ROOT_LINK;
}

static int path_compare(const void *a, const void *b)
{
	return strcmp(
		((const struct snap_file *)a)->path, ((const struct snap_file *)b)->path);
}

static void tally_report(struct snapshot *s, const struct root *r, enum source source,
	const struct tally *t)
{
	const char *path = t->denied ? t->denied : t->cut ? t->cut : t->failed;
	enum source_status status = t->denied ? STATUS_DENIED
		: t->cut                      ? STATUS_TRUNCATED
		: t->failed                   ? STATUS_ERROR
					      : STATUS_OK;
	const char *reason = path ? arena_printf(s->arena, "/%s", path) : NULL;

	/* A machine without any file in modprobe.d has nothing configured: that is known
	 */
	if (!path && !t->found && source != SOURCE_MODPROBE) {
		status = STATUS_ABSENT;
		reason = source == SOURCE_BOOT_CONFIG
			? "no boot loader configuration found"
			: source == SOURCE_GUESTS
			? "neither libvirt nor Proxmox VE keeps guests here"
			: "no initramfs tool or image found";
	}
	/* Of a copy in part, what is there is worth more than what is not */
	if (r->whole && t->found && status != STATUS_OK) {
		status = STATUS_TRUNCATED;
		reason = "the capture holds a part";
	}
	snapshot_set_status(s, source, status, reason);
}

void collect_files(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	enum { N_OF_SOURCES = 4 };
	static const enum source sources[N_OF_SOURCES] = { SOURCE_MODPROBE, SOURCE_GUESTS,
		SOURCE_BOOT_CONFIG, SOURCE_INITRAMFS };
	struct tally tallies[N_SOURCES] = { 0 };

	(void)options;
	for (size_t i = 0; i < N_OF_SOURCES && !root_exists(r, "etc"); i++)
		snapshot_set_status(s, sources[i], STATUS_ABSENT, "no /etc");
	if (!root_exists(r, "etc"))
		return;
	snap_list_collected(&s->files);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tally *tally = &tallies[rows[i].source];
		if (is_merged(r, rows[i].path))
			continue;
		if (rows[i].kind == TREE_STAT)
			tree_add(s, r, &rows[i], tally);
		else if (rows[i].kind == DIR_TEXT || rows[i].kind == DIR_STAT ||
			rows[i].kind == DIR_UKI)
			dir_add(s, r, &rows[i], tally);
		else
			file_add(s, r, &rows[i], rows[i].path, tally);
	}
	if (s->files.n)
		qsort(s->files.v, s->files.n, sizeof *s->files.v, path_compare);
	for (size_t i = 0; i < N_OF_SOURCES; i++)
		tally_report(s, r, sources[i], &tallies[sources[i]]);
}
