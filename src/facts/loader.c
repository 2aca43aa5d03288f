// SPDX-License-Identifier: GPL-2.0-or-later
// The boot loader: which one started this kernel, which file counts, how to apply a
// change.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"

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

static bool has_extlinux(const struct facts *f)
{
	return config_file(f, "/boot/extlinux/extlinux.conf") != NULL;
}

/* Loaders that this program knows too little of to name their file. */
static bool has_other(const struct facts *f)
{
	return config_file(f, "/boot/refind_linux.conf") ||
		config_file(f, "/boot/limine.conf") ||
		config_file(f, "/boot/limine/limine.conf") ||
		config_file(f, "/etc/default/limine") ||
		config_file(f, "/boot/syslinux/syslinux.cfg");
}

static const char *grub_kind(const struct facts *f)
{
	return grub_reads_entries(f) ? "bls" : "grub";
}

/* Of systemd-boot's own: an image with its command line inside gets no `initrd=` word. */
static const char *systemd_kind(struct facts *f)
{
	if (config_file(f, "/etc/kernelstub/configuration"))
		return "kernelstub";
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
		if (image->value[0] ==
			'(') /* (hd0,gpt2)/vmlinuz-… is GRUB's way to name disks */
			return grub_kind(f);
		if (has_grub(f) && !has_extlinux(f) && !has_other(f))
			return grub_kind(f);
		return has_extlinux(f) && !has_grub(f) && !has_other(f) ? "extlinux"
									: NULL;
	}
	if (initrd && initrd->value && strchr(initrd->value, '\\') && has_entries(f) &&
		!has_other(f))
		return systemd_kind(f);
	return NULL;
}

/* Where nothing tells what started the kernel: the only loader that is configured. */
static const char *only_kind(struct facts *f)
{
	bool systemd = !grub_reads_entries(f) && (has_entries(f) || has_ukis(f));
	int n = has_grub(f) + has_extlinux(f) + systemd + has_other(f);

	if (n != 1)
		return NULL;
	if (has_grub(f))
		return grub_kind(f);
	if (has_extlinux(f))
		return "extlinux";
	return systemd ? systemd_kind(f) : "other";
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
	if (info && text_starts(info, "systemd-boot"))
		return systemd_kind(f);
	if (info && text_starts(info, "GRUB"))
		return grub_kind(f);
	if (info)
		return "other";
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

/* The one entry with words for this kernel; NULL if there are none or several. */
static const char *only_entry(const struct facts *f)
{
	const char *found = NULL;

	for (size_t i = 0; i < f->snap->files.n; i++) {
		const char *path = f->snap->files.v[i].path;

		if (!strstr(path, "/loader/entries/") || strstr(path, "fallback") ||
			strstr(path, "rescue"))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
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

static const char *systemd_config(struct facts *f)
{
	if (config_file(f, "/etc/sdboot-manage.conf"))
		return "/etc/sdboot-manage.conf";
	if (config_file(f, "/etc/kernel/cmdline"))
		return "/etc/kernel/cmdline";
	return only_entry(f);
}

void derive_boot_config(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *kind = host_text(f, "boot.loader"), *config = NULL;

	(void)s;
	if (!kind) {
		fact_missing(out, SOURCE_BOOT_CONFIG);
		return;
	}
	if (!strcmp(kind, "grub"))
		config = "/etc/default/grub";
	else if (!strcmp(kind, "bls"))
		config = "/boot/loader/entries";
	else if (!strcmp(kind, "proxmox"))
		config = proxmox_config(f);
	else if (!strcmp(kind, "systemd-boot"))
		config = systemd_config(f);
	else if (!strcmp(kind, "uki"))
		config = config_file(f, "/etc/kernel/cmdline") ? "/etc/kernel/cmdline"
							       : NULL;
	else if (!strcmp(kind, "kernelstub"))
		config = "/etc/kernelstub/configuration";
	else if (!strcmp(kind, "nixos"))
		config = "/etc/nixos/configuration.nix";
	else if (!strcmp(kind, "extlinux"))
		config = "/boot/extlinux/extlinux.conf";
	else if (!strcmp(kind, "rpm-ostree")) {
		fact_set_none(out); /* no file: rpm-ostree kargs */
		return;
	}
	if (config)
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

void derive_boot_regenerate(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *kind = host_text(f, "boot.loader");
	const char *config = host_text(f, "boot.config");

	(void)s;
	if (!kind) {
		fact_missing(out, SOURCE_BOOT_CONFIG);
		return;
	}
	if (!strcmp(kind, "grub"))
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
	else if (!strcmp(kind, "uki"))
		fact_set_text(out, uki_command(f));
	else if (text_equal(config, "/etc/sdboot-manage.conf"))
		fact_set_text(out, "sdboot-manage gen");
	else if (text_equal(config, "/etc/kernel/cmdline"))
		fact_set_text(out, "kernel-install add-all");
	else
		fact_set_none(out);
}
