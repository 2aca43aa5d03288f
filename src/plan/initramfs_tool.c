// SPDX-License-Identifier: GPL-2.0-or-later
// The tools that make an initramfs, and how each is told to load a module early.
#include "plan/initramfs_tool.h"

#include <string.h>

#include "base/text.h"

static const struct initramfs_tool initramfs_tools[] = {
	{ .kind = "initramfs-tools",
		.file = "/etc/initramfs-tools/modules",
		.say = "in %s add:",
		.before = "",
		.between = "\n",
		.after = "",
		.rebuild = "update-initramfs -u -k all" },
	{ .kind = "dracut",
		.file = "/etc/dracut.conf.d/vfio.conf",
		.say = "in %s:",
		.before = "force_drivers+=\" ",
		.between = " ",
		.after = " \"",
		.underscores = true,
		.rebuild = "dracut --force" },
	{ .kind = "mkinitcpio",
		.file = "/etc/mkinitcpio.conf",
		.say = "in %s, before the modules that stand there:",
		.before = "MODULES=(",
		.between = " ",
		.after = " …)",
		.underscores = true,
		.rebuild = "mkinitcpio -P" },
	{ .kind = "booster",
		.file = "/etc/booster.yaml",
		.say = "in %s:",
		.before = "modules_force_load: ",
		.between = ",",
		.after = "",
		.underscores = true,
		.rebuild = "/usr/lib/booster/regenerate_images" },
};
/* NixOS has its own stage 1, which no file outside of its configuration touches. */
static const struct initramfs_tool nixos_stage1 = {
	.kind = "nixos",
	.file = "configuration.nix",
	.say = "in %s:",
	.before = "boot.initrd.kernelModules = [ \"",
	.between = "\" \"",
	.after = "\" ];",
	.underscores = true,
	.rebuild = "nixos-rebuild boot",
};

const struct initramfs_tool *initramfs_tool_of(const struct howto_system *s)
{
	if (howto_is_nixos(s))
		return &nixos_stage1;
	for (size_t i = 0; i < sizeof initramfs_tools / sizeof initramfs_tools[0]; i++)
		if (text_equal(s->initramfs, initramfs_tools[i].kind))
			return &initramfs_tools[i];
	return NULL;
}

static bool names_module(struct arena *a, const char *text, const char *module)
{
	size_t n = 0, n_words = 0;
	char **lines = text ? text_lines(a, text, &n) : NULL;

	for (size_t i = 0; i < n; i++) {
		if (text_starts(text_trim(a, lines[i]), "#"))
			continue;
		char **words = text_split(a, lines[i], " \t\"'()=,:", &n_words);
		for (size_t k = 0; k < n_words; k++)
			if (text_equal_dash(words[k], module))
				return true;
	}
	return false;
}

struct edit_texts initramfs_modules_missing(struct arena *a, const struct howto_system *s,
	const struct initramfs_tool *tool, const struct edit_texts *wanted)
{
	struct edit_texts missing = { 0 };
	const char *stem = tool->file;
	/* all of dracut.conf.d is one configuration */
	const char *folder = text_ends(stem, ".conf") && strstr(stem, ".conf.d/")
		? "/etc/dracut.conf"
		: stem;

	for (size_t i = 0; i < wanted->n; i++) {
		bool there = false;
		for (size_t k = 0; k < s->n_files && !there; k++)
			there = text_starts(s->files[k].path, folder) &&
				names_module(a, snap_str(s->files[k].text), wanted->s[i]);
		if (!there)
			*arena_push(a, missing.s, missing.n) = wanted->s[i];
	}
	return missing;
}

const char *initramfs_module_names(
	struct arena *a, const struct initramfs_tool *tool, const struct edit_texts *t)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, "");
	for (size_t i = 0; i < t->n; i++) {
		strbuf_add(&b, i ? tool->between : "");
		for (const char *p = t->s[i]; *p; p++)
			strbuf_add_char(&b, tool->underscores && *p == '-' ? '_' : *p);
	}
	return strbuf_finish(&b, a);
}

const char *initramfs_join_modules(
	struct arena *a, const struct initramfs_tool *tool, const struct edit_texts *t)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, tool->before);
	strbuf_add(&b, initramfs_module_names(a, tool, t));
	strbuf_add(&b, tool->after);
	return strbuf_finish(&b, a);
}
