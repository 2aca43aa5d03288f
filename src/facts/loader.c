// SPDX-License-Identifier: GPL-2.0-or-later
// The boot loader: which one started this kernel, which file counts, how to apply a
// change.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/loader.h"

static bool has_dir_file(const struct facts *f, const char *dir, const char *suffix)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const char *path = f->snap->files.v[i].path;

		if (config_in_dir(path, dir) && text_ends(path, suffix))
			return true;
	}
	return false;
}

static const char *const entry_dirs[] = { "/boot/loader/entries", "/efi/loader/entries",
	"/boot/efi/loader/entries" };
static const char *const uki_dirs[] = { "/boot/EFI/Linux", "/efi/EFI/Linux",
	"/boot/efi/EFI/Linux" };

static bool has_entries(const struct facts *f)
{
	return has_dir_file(f, entry_dirs[0], ".conf") ||
		has_dir_file(f, entry_dirs[1], ".conf") ||
		has_dir_file(f, entry_dirs[2], ".conf");
}

static bool has_ukis(const struct facts *f)
{
	return has_dir_file(f, uki_dirs[0], ".efi") ||
		has_dir_file(f, uki_dirs[1], ".efi") ||
		has_dir_file(f, uki_dirs[2], ".efi");
}

/* GRUB reads entries of the Boot Loader Specification: Fedora and its kin. */
static bool grub_reads_entries(const struct facts *f)
{
	const char *text = config_text(config_file(f, "/etc/default/grub"));
	const char *cfg = config_text(config_file(f, "/boot/grub2/grub.cfg"));

	return strstr(text, "GRUB_ENABLE_BLSCFG=true") || strstr(cfg, "\nblscfg");
}

static bool has_grub(const struct facts *f)
{
	return config_file(f, "/etc/default/grub") ||
		config_file(f, "/boot/grub/grub.cfg") ||
		config_file(f, "/boot/grub2/grub.cfg");
}

/* extlinux and U-Boot: the generated file, and who generates it on Alpine and Debian. */
static const char *const extlinux_files[] = { "/etc/update-extlinux.conf",
	"/etc/default/u-boot", "/etc/default/extlinux", "/boot/extlinux/extlinux.conf",
	"/boot/extlinux.conf", "/boot/syslinux/syslinux.cfg" };
/* limine-entry-tool(8) writes limine.conf from the first one. */
static const char *const limine_files[] = { "/etc/default/limine", "/boot/limine.conf",
	"/boot/limine/limine.conf", "/boot/efi/limine.conf", "/efi/limine.conf" };

static const char *first_of(const struct facts *f, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (config_file(f, paths[i]))
			return paths[i];
	}
	return NULL;
}

static const char *extlinux_file(const struct facts *f)
{
	return first_of(
		f, extlinux_files, sizeof extlinux_files / sizeof extlinux_files[0]);
}

static const char *limine_file(const struct facts *f)
{
	return first_of(f, limine_files, sizeof limine_files / sizeof limine_files[0]);
}

static const char *refind_file(const struct facts *f)
{
	static const char path[] = "/boot/refind_linux.conf";

	return config_file(f, path) ? path : NULL;
}

/* openSUSE's sdbootutil, with systemd-boot or with a GRUB that reads entries: both are
 * named in /etc/sysconfig/bootloader. */
static bool is_sdbootutil(struct facts *f)
{
	struct shell sh = { .f = f };
	const struct snap_file *file = config_file(f, "/etc/sysconfig/bootloader");
	const struct shell_variable *v;

	if (!file)
		return false;
	shell_read(&sh, file);
	v = shell_find(&sh, "LOADER_TYPE");
	return v && !v->undecided &&
		(text_ends(v->value, "-bls") || !strcmp(v->value, "systemd-boot"));
}

static const char *grub_kind(const struct facts *f)
{
	return grub_reads_entries(f) ? "bls" : "grub";
}

/* Of systemd-boot's own. It tells which entry it started; an image with its command line
 * inside gets no `initrd=` word. */
static const char *systemd_kind(struct facts *f)
{
	const char *entry = snap_str(f->snap->host.loader_entry);

	if (config_file(f, "/etc/kernelstub/configuration"))
		return "kernelstub";
	if (entry && (text_ends(entry, ".efi") || text_ends(entry, ".conf")))
		return text_ends(entry, ".efi") ? "uki" : "systemd-boot";
	if (has_ukis(f) &&
		(!has_entries(f) || (cmdline_known(f) && !cmdline_last(f, "initrd"))))
		return "uki";
	return "systemd-boot";
}

/* By what the loader put on the command line: GRUB and extlinux BOOT_IMAGE=, the EFI stub
 * loaders initrd=\…; NULL if two fit. */
static const char *kind_by_cmdline(struct facts *f)
{
	const struct cmdline_word *image = cmdline_last(f, "BOOT_IMAGE");
	const struct cmdline_word *initrd = cmdline_last(f, "initrd");

	if (image && image->value) {
		/* (hd0,gpt2)/vmlinuz-… is GRUB's way to name disks */
		if (image->value[0] == '(')
			return grub_kind(f);
		if (has_grub(f) && !extlinux_file(f))
			return grub_kind(f);
		return extlinux_file(f) && !has_grub(f) ? "extlinux" : NULL;
	}
	if (!initrd || !initrd->value || !strchr(initrd->value, '\\') || limine_file(f))
		return NULL;
	if (refind_file(f))
		return has_entries(f) ? NULL : "refind";
	return has_entries(f) ? systemd_kind(f) : NULL;
}

/* Where nothing tells what started the kernel: the only loader that is configured. */
static const char *only_kind(struct facts *f)
{
	bool systemd = !grub_reads_entries(f) && (has_entries(f) || has_ukis(f));
	bool extlinux = extlinux_file(f), limine = limine_file(f),
	     refind = refind_file(f);
	/* limine and rEFInd start unified images as well as others do */
	bool images_only = has_ukis(f) && !has_entries(f);

	if (has_grub(f) + extlinux + (systemd && !images_only) + limine + refind +
			(images_only && !limine && !refind) !=
		1)
		return NULL;
	if (has_grub(f))
		return grub_kind(f);
	return extlinux  ? "extlinux"
		: limine ? "limine"
		: refind ? "refind"
			 : systemd_kind(f);
}

/* Loaders name themselves in the EFI variable LoaderInfo
 * (https://systemd.io/BOOT_LOADER_INTERFACE/). */
static const char *kind_by_name(struct facts *f, const char *info)
{
	if (text_starts(info, "systemd-boot"))
		return systemd_kind(f);
	if (text_starts(info, "GRUB"))
		return grub_kind(f);
	if (text_starts(info, "Limine"))
		return "limine";
	if (text_starts(info, "rEFInd"))
		return "refind";
	/* systemd-stub, where firmware starts the image itself */
	return text_starts(info, "systemd-stub") ? "uki" : "other";
}

static const char *find_loader(struct facts *f)
{
	const char *info = snap_str(f->snap->host.loader_info), *kind;

	if (config_file(f, "/etc/NIXOS"))
		return "nixos";
	if (config_file(f, "/run/ostree-booted") || cmdline_last(f, "ostree"))
		return "rpm-ostree";
	if (config_file(f, "/etc/kernel/proxmox-boot-uuids"))
		return "proxmox";
	if (is_sdbootutil(f))
		return "sdbootutil";
	if (info)
		return kind_by_name(f, info);
	kind = kind_by_cmdline(f);
	return kind ? kind : only_kind(f);
}

void derive_boot_loader(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *kind = NULL;

	(void)s;
	/* Files that may not be read still tell by being there */
	if (f->snap->files.have != HAVE_NOT && !config_is_foreign(f) &&
		snapshot_status(f->snap, SOURCE_BOOT_CONFIG) != STATUS_MISSING)
		kind = find_loader(f);
	if (kind)
		fact_set_text(out, kind);
	else
		fact_missing(out, SOURCE_BOOT_CONFIG);
}

/* proxmox-boot-tool starts GRUB on BIOS and with Secure Boot, else systemd-boot. */
static const char *proxmox_config(struct facts *f)
{
	const char *info = snap_str(f->snap->host.loader_info);

	if (info && text_starts(info, "systemd-boot"))
		return "/etc/kernel/cmdline";
	if ((info && text_starts(info, "GRUB")) || cmdline_last(f, "BOOT_IMAGE") ||
		(f->snap->host.efi.have == HAVE_VALUE && !f->snap->host.efi.v))
		return "/etc/default/grub";
	return cmdline_last(f, "initrd") ? "/etc/kernel/cmdline" : NULL;
}

/* kernel-install(8) writes entries with the words of /etc/kernel/cmdline. */
static bool is_installed(const struct snap_file *entry)
{
	return strstr(config_text(entry), "kernel-install") ||
		strstr(config_text(entry), "90-loaderentry");
}

static const char *systemd_config(struct facts *f)
{
	const struct snap_file *entry = boot_running_entry(f);

	if (config_file(f, "/etc/sdboot-manage.conf"))
		return "/etc/sdboot-manage.conf";
	/* Without entries to be seen, as an ordinary user, the file speaks for itself */
	if (config_file(f, "/etc/kernel/cmdline") &&
		(entry ? is_installed(entry) : !has_entries(f)))
		return "/etc/kernel/cmdline";
	return entry ? entry->path : NULL;
}

/* The last file that sets the variable. */
static const char *dracut_cmdline_file(struct facts *f)
{
	const char *found = NULL;

	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		struct shell sh = { .f = f };

		if (strcmp(file->path, "/etc/dracut.conf") != 0 &&
			!(config_in_dir(file->path, "/etc/dracut.conf.d") &&
				text_ends(file->path, ".conf")))
			continue;
		shell_read(&sh, file);
		for (size_t k = 0; k < sh.n; k++) {
			if (text_equal(sh.v[k].name, "kernel_cmdline"))
				found = file->path;
		}
	}
	return found;
}

/*
 * What an image takes its words from: mkinitcpio and ukify from /etc/kernel/cmdline,
 * mkinitcpio also from /etc/cmdline.d, dracut from kernel_cmdline=. NULL if two are there
 * (https://wiki.archlinux.org/title/Unified_kernel_image).
 */
static const char *uki_config(struct facts *f)
{
	const char *plain =
		config_file(f, "/etc/kernel/cmdline") ? "/etc/kernel/cmdline" : NULL;
	const char *dracut = dracut_cmdline_file(f), *dropin = NULL;

	for (size_t i = 0; i < f->snap->files.n; i++) {
		if (config_in_dir(f->snap->files.v[i].path, "/etc/cmdline.d"))
			dropin = f->snap->files.v[i].path;
	}
	if ((plain != NULL) + (dracut != NULL) + (dropin != NULL) != 1)
		return NULL;
	return plain ? plain : dracut ? dracut : dropin;
}

/* A drop-in that sets the variable anew takes the place of /etc/default/grub; one that
 * adds to it does not. */
static const char *grub_config(struct facts *f)
{
	static const char name[] = "GRUB_CMDLINE_LINUX_DEFAULT";
	struct shell sh = boot_grub_defaults(f);
	const struct shell_variable *v = shell_find(&sh, name);
	const char *value = v && v->name ? strchr(v->text, '=') : NULL;

	return value && !v->append && !strstr(value, name) ? v->path
							   : "/etc/default/grub";
}

static const char *find_config(struct facts *f, const char *kind)
{
	static const struct {
		const char *kind, *config;
	} fixed[] = {
		{ "bls", "/boot/loader/entries" },
		{ "kernelstub", "/etc/kernelstub/configuration" },
		{ "nixos", "/etc/nixos/configuration.nix" },
		{ "sdbootutil", "/etc/kernel/cmdline" },
	};

	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
		if (!strcmp(kind, fixed[i].kind))
			return fixed[i].config;
	}
	if (!strcmp(kind, "grub"))
		return grub_config(f);
	if (!strcmp(kind, "proxmox"))
		return proxmox_config(f);
	if (!strcmp(kind, "systemd-boot"))
		return systemd_config(f);
	if (!strcmp(kind, "uki"))
		return uki_config(f);
	if (!strcmp(kind, "extlinux"))
		return extlinux_file(f);
	if (!strcmp(kind, "limine"))
		return limine_file(f);
	return !strcmp(kind, "refind") ? refind_file(f) : NULL;
}

void derive_boot_config(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *kind = host_text(f, "boot.loader");
	const char *config = kind ? find_config(f, kind) : NULL;

	(void)s;
	if (text_equal(kind, "rpm-ostree"))
		fact_set_none(out); /* no file: rpm-ostree kargs */
	else if (config)
		fact_set_text(out, config);
	else
		fact_missing(out, SOURCE_BOOT_CONFIG);
}

static bool is_debian_like(const struct facts *f)
{
	static const char *const ids[] = { "debian", "ubuntu", "linuxmint", "pop",
		"elementary", "zorin", "kali", "devuan", "neon", "raspbian", "mx",
		"lmde" };
	const char *os = snap_str(f->snap->host.os_id);

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		if (text_equal(os, ids[i]))
			return true;
	}
	return false;
}

static const char *grub_command(const struct facts *f)
{
	if (is_debian_like(f))
		return "update-grub";
	return config_file(f, "/boot/grub2/grub.cfg")
		? "grub2-mkconfig -o /boot/grub2/grub.cfg"
		: "grub-mkconfig -o /boot/grub/grub.cfg";
}

/* The missing words behind OPTION each, or all in one quoted text. */
static const char *with_words(struct facts *f, const char *command, const char *option)
{
	const struct fact *missing = host_fact(f, "boot.words-missing");
	struct strbuf b = { 0 };

	strbuf_add(&b, command);
	if (missing->state != FACT_VALUE || missing->n == 0)
		strbuf_addf(&b, option ? " %s'…'" : " '…'", option);
	for (size_t i = 0; missing->state == FACT_VALUE && i < missing->n; i++) {
		if (option)
			strbuf_addf(&b, " %s'%s'", option, missing->list[i]);
		else
			strbuf_addf(&b, "%s%s%s", i ? " " : " '", missing->list[i],
				i + 1 < missing->n ? "" : "'");
	}
	return strbuf_finish(&b, f->arena);
}

static const char *uki_command(struct facts *f)
{
	const char *kind = host_text(f, "initramfs.kind");

	if (text_equal(kind, "mkinitcpio"))
		return "mkinitcpio -P";
	return text_equal(kind, "dracut") ? "dracut --force --regenerate-all --uefi"
					  : NULL;
}

/* By the file that counts; NULL: none is needed, what is edited is what is read. */
static const char *command_for(const char *config)
{
	static const struct {
		const char *config, *command;
	} commands[] = {
		{ "/etc/sdboot-manage.conf", "sdboot-manage gen" },
		{ "/etc/kernel/cmdline", "kernel-install add-all" },
		{ "/etc/default/limine", "limine-update" },
		{ "/etc/update-extlinux.conf", "update-extlinux" },
		{ "/etc/default/extlinux", "extlinux-update" },
		{ "/etc/default/u-boot", "u-boot-update" },
	};

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (text_equal(config, commands[i].config))
			return commands[i].command;
	}
	return NULL;
}

void derive_boot_regenerate(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *kind = host_text(f, "boot.loader");
	const char *config = host_text(f, "boot.config");

	(void)s;
	if (!kind)
		fact_missing(out, SOURCE_BOOT_CONFIG);
	else if (!strcmp(kind, "grub"))
		fact_set_text(out, grub_command(f));
	else if (!strcmp(kind, "bls"))
		fact_set_text(
			out, with_words(f, "grubby --update-kernel=ALL", "--args="));
	else if (!strcmp(kind, "proxmox"))
		fact_set_text(out, "proxmox-boot-tool refresh");
	else if (!strcmp(kind, "kernelstub"))
		fact_set_text(out, with_words(f, "kernelstub -a", NULL));
	else if (!strcmp(kind, "rpm-ostree"))
		fact_set_text(out, with_words(f, "rpm-ostree kargs", "--append="));
	else if (!strcmp(kind, "nixos"))
		fact_set_text(out, "nixos-rebuild boot");
	else if (!strcmp(kind, "sdbootutil"))
		fact_set_text(out, "sdbootutil update-all-entries");
	else if (!strcmp(kind, "uki"))
		fact_set_text(out, uki_command(f));
	else if (command_for(config))
		fact_set_text(out, command_for(config));
	else if (config)
		fact_set_none(out);
	else
		fact_missing(out, SOURCE_BOOT_CONFIG);
}
