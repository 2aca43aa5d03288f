// SPDX-License-Identifier: GPL-2.0-or-later
// What modprobe does before and instead of loading a module: blacklists, soft dependencies,
// install commands, and lists that come first.
#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/load_order.h"
#include "facts/modprobe.h"

/*
 * What a word of the command line blacklists. kmod takes the names of modprobe.blacklist=
 * byte by byte (kcmdline_parse_result() adds them without turning `-` into `_`, as it does
 * for lines of files), and the kernel compares module_blacklist= likewise (blacklisted() of
 * kernel/module/main.c; a later word replaces an earlier one).
 */
static bool word_blacklists(
	struct facts *f, const struct cmdline_word *word, const char *module)
{
	if (!word->value)
		return false;
	if (!strcmp(word->name, "module_blacklist") &&
		word != cmdline_last(f, "module_blacklist"))
		return false;
	if (strcmp(word->name, "module_blacklist") != 0 &&
		strcmp(word->name, "modprobe.blacklist") != 0)
		return false;
	return cmdline_has_item(
		word->value, config_module_name(f->arena, module, strlen(module)));
}

const char *modprobe_blacklisted(struct facts *f, const char *module)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	const struct cmdline_word *words;

	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_BLACKLIST &&
			text_equal_dash(lines[i].module, module))
			return arena_printf(
				f->arena, "%s: %s", lines[i].where, lines[i].text);
	}
	words = cmdline_words(f, &n);
	for (size_t i = 0; i < n; i++) {
		if (word_blacklists(f, &words[i], module))
			return arena_printf(
				f->arena, "kernel command line: %s", words[i].text);
	}
	return NULL;
}

/* Does a line speak of MODULE? Names in softdep and install lines are patterns:
 * kmod_module_get_softdeps(), kmod_module_get_install_commands(). */
static bool speaks_of(
	struct facts *f, const struct modprobe_line *line, const char *module)
{
	return glob_match(
		line->module, config_module_name(f->arena, module, strlen(module)));
}

/* The first line of the verb for MODULE among N. */
static const struct modprobe_line *first_line(struct facts *f,
	const struct modprobe_line *lines, size_t n, enum modprobe_verb verb,
	const char *module)
{
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == verb && speaks_of(f, &lines[i], module))
			return &lines[i];
	}
	return NULL;
}

const struct modprobe_line *modprobe_softdep(struct facts *f, const char *module)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n), *found;
	const struct config *c = config_of(f);

	found = first_line(f, lines, c->n_before, MODPROBE_SOFTDEP, module);
	if (!found)
		found = first_line(f, c->kernel_softdeps, c->n_kernel_softdeps,
			MODPROBE_SOFTDEP, module);
	if (!found)
		found = first_line(f, lines + c->n_before, n - c->n_before,
			MODPROBE_SOFTDEP, module);
	return found;
}

bool modprobe_softdep_names(struct facts *f, const struct modprobe_line *line,
	bool pre_only, const char *module)
{
	size_t n;
	char **words = text_split(f->arena, line->rest, "\t ", &n);
	bool pre = false, post = false;

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], "pre:") || !strcmp(words[i], "post:")) {
			pre = words[i][1] == 'r';
			post = !pre;
		} else if ((pre || (post && !pre_only)) &&
			(!module || text_equal_dash(words[i], module))) {
			return true;
		}
	}
	return false;
}

const struct modprobe_line *modprobe_install_line(struct facts *f, const char *module)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);

	return first_line(f, lines, n, MODPROBE_INSTALL, module);
}

const struct modprobe_line *modprobe_install(struct facts *f, const char *module)
{
	const struct modprobe_line *softdep = modprobe_softdep(f, module);

	if (softdep && modprobe_softdep_names(f, softdep, false, NULL))
		return NULL;
	return modprobe_install_line(f, module);
}

bool modprobe_command_by_path(const char *command)
{
	for (const char *p = command; (p = strstr(p, "modprobe")); p++) {
		if (p == command || p[-1] != '/')
			return false;
	}
	return true;
}

bool modprobe_command_is_idle(const char *command)
{
	static const char *const idle[] = { "/bin/false", "/bin/true", "/usr/bin/false",
		"/usr/bin/true", "false", "true", ":" };

	for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
		if (text_equal(command, idle[i]))
			return true;
	}
	return false;
}

bool modprobe_barred(struct facts *f, const char *module)
{
	const struct modprobe_line *install = modprobe_install(f, module);

	return modprobe_blacklisted(f, module) ||
		(install && modprobe_command_is_idle(install->rest));
}

/*
 * A softdep of a library pulls vfio-pci in before every driver built on it: modprobe
 * honours the soft dependencies of dependencies (__kmod_module_get_probe_list()).
 * modules.dep is not kept in the snapshot; these are the libraries of Linux 6.12 that the
 * known lines name.
 */
static const struct {
	const char *library;
	const char *users; /* between blanks */
} libraries[] = {
	{ "drm",
		" amdgpu ast bochs cirrus gma500_gfx i915 mgag200 nouveau nvidia_drm qxl radeon "
		"virtio_gpu vmwgfx xe " },
	{ "drm_kms_helper",
		" amdgpu ast bochs cirrus gma500_gfx i915 mgag200 nouveau nvidia_drm qxl radeon "
		"virtio_gpu vmwgfx xe " },
	{ "ttm", " amdgpu i915 nouveau qxl radeon vmwgfx xe " },
	{ "snd_hda_codec", " snd_hda_intel " },
	{ "snd_hda_core", " snd_hda_intel " },
	{ "snd_pcm", " snd_hda_intel " },
	{ "snd", " snd_hda_intel " },
	{ "soundcore", " snd_hda_intel " },
	{ "xhci_hcd", " xhci_pci xhci_pci_renesas " },
	{ "nvme_core", " nvme " },
	{ "libahci", " ahci " },
};

/* Do the lines in force for MODULE load vfio-pci before it? */
static bool loads_vfio_before(struct facts *f, const char *module)
{
	const struct modprobe_line *softdep = modprobe_softdep(f, module);
	const struct modprobe_line *install = modprobe_install(f, module);

	if (softdep && modprobe_softdep_names(f, softdep, true, "vfio_pci"))
		return true;
	/* `install nouveau modprobe vfio-pci; …`: the older way */
	return install && config_names_module(install->rest, "vfio_pci");
}

/* Lists that the initramfs loads one by one before it starts udev. */
static bool list_vfio_first(struct facts *f, const char *module)
{
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (!entries[i].early)
			continue;
		if (text_equal(entries[i].module, "vfio_pci"))
			return true;
		if (text_equal_dash(entries[i].module, module))
			return false;
	}
	return false;
}

/* dracut.cmdline(7): loaded before udev starts. */
static bool word_vfio_first(struct facts *f)
{
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (words[i].value && !strcmp(words[i].name, "rd.driver.pre") &&
			config_names_module(words[i].value, "vfio_pci"))
			return true;
	}
	return false;
}

bool modprobe_vfio_first(struct facts *f, const char *module)
{
	if (loads_vfio_before(f, module))
		return true;
	for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
		if (config_names_module(libraries[i].users, module) &&
			loads_vfio_before(f, libraries[i].library))
			return true;
	}
	return word_vfio_first(f) || list_vfio_first(f, module);
}

/* Does a line of modprobe.d bring vfio-pci in with some other module? */
static bool line_loads_vfio(struct facts *f)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb == MODPROBE_SOFTDEP &&
			modprobe_softdep_names(f, &lines[i], false, "vfio_pci"))
			return true;
		if (lines[i].verb == MODPROBE_INSTALL &&
			!text_equal(lines[i].module, "vfio_pci") &&
			config_names_module(lines[i].rest, "vfio_pci"))
			return true;
	}
	return false;
}

bool modprobe_loads_vfio(struct facts *f)
{
	size_t n;
	const struct module_entry *entries = config_module_lists(f, &n);
	const struct cmdline_word *words;

	for (size_t i = 0; i < n; i++) {
		if (text_equal(entries[i].module, "vfio_pci"))
			return true;
	}
	words = cmdline_words(f, &n);
	for (size_t i = 0; i < n; i++) {
		/* systemd-modules-load.service(8) reads the one, dracut the other */
		if (words[i].value &&
			(!strcmp(words[i].name, "modules_load") ||
				!strcmp(words[i].name, "rd.driver.post")) &&
			config_names_module(words[i].value, "vfio_pci"))
			return true;
	}
	return word_vfio_first(f) || line_loads_vfio(f);
}

/* Drivers that are called otherwise than their module. */
static const struct {
	const char *module, *driver;
} renamed[] = {
	{ "xhci_pci", "xhci_hcd" },
	{ "bochs", "bochs-drm" },
	{ "cirrus_qemu", "cirrus-qemu" },
	{ "i2c_i801", "i801_smbus" },
	{ "i2c_piix4", "piix4_smbus" },
	{ "ehci_pci", "ehci-pci" },
	{ "ohci_pci", "ohci-pci" },
	{ "nvidia_drm", "nvidia" },
};

const char *module_driver(const char *module)
{
	for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++) {
		if (text_equal_dash(renamed[i].module, module))
			return renamed[i].driver;
	}
	return module;
}
