// SPDX-License-Identifier: GPL-2.0-or-later
// What the configuration of initramfs tools gets wrong for vfio-pci: mkinitcpio's hooks,
// dracut's strings.
#include <string.h>

#include "base/text.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"

/* Is mkinitcpio the tool, and was all of its configuration read? Else *OUT is set. */
static bool is_mkinitcpio(struct facts *f, struct fact *out)
{
	const struct fact *kind = host_fact(f, "initramfs.kind");

	if (kind->state == FACT_ABSENT || !config_known(f, SOURCE_INITRAMFS) ||
		!config_lists_known(f)) {
		fact_missing(out, SOURCE_INITRAMFS);
		return false;
	}
	fact_set_none(out);
	return text_equal(kind->text, "mkinitcpio");
}

static const struct module_entry *find_word(
	struct facts *f, const char *variable, const char *word)
{
	size_t n;
	const struct module_entry *v = config_mkinitcpio(f, variable, &n);

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(v[i].module, word))
			return &v[i];
	}
	return NULL;
}

/* The last line of HOOKS; NULL if there is none. */
static const struct module_entry *last_hook(struct facts *f)
{
	size_t n;
	const struct module_entry *v = config_mkinitcpio(f, "HOOKS", &n);

	return n ? &v[n - 1] : NULL;
}

/* FILES=(/etc/modprobe.d/vfio.conf) does what the hook would. */
static bool has_modprobe_files(struct facts *f)
{
	size_t n;
	const struct module_entry *v = config_mkinitcpio(f, "FILES", &n);

	for (size_t i = 0; i < n; i++) {
		if (strstr(v[i].module, "modprobe.d"))
			return true;
	}
	return false;
}

static bool has_ids_option(struct facts *f)
{
	size_t n;
	const struct vfio_id_item *items = vfio_id_items(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (!items[i].from_cmdline && !items[i].stub)
			return true;
	}
	return false;
}

static void tell_line(struct facts *f, struct fact *out, const struct module_entry *line)
{
	fact_set_text(out, arena_printf(f->arena, "%s: %s", line->where, line->text));
	fact_seen(f, out, line->where, line->text);
}

/*
 * Without the hook modconf no file of modprobe.d is in the image: vfio_pci, loaded there
 * by MODULES, never gets its ids (install/modconf of mkinitcpio).
 */
void derive_initramfs_no_modconf(
	struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (!is_mkinitcpio(f, out))
		return;
	if (!modprobe_known(f)) {
		*out = (struct fact){ 0 };
		fact_missing(out, SOURCE_MODPROBE);
		return;
	}
	const struct module_entry *hooks = last_hook(f);
	if (hooks && !find_word(f, "HOOKS", "modconf") && !has_modprobe_files(f) &&
		find_word(f, "MODULES", "vfio_pci") && has_ids_option(f))
		tell_line(f, out, hooks);
}

/*
 * The hook kms puts the drivers of graphics cards into the image. They start there, and a
 * softdep finds no vfio-pci unless MODULES brings it along (install/kms of mkinitcpio).
 */
void derive_initramfs_kms_line(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (!is_mkinitcpio(f, out))
		return;
	const struct module_entry *kms = find_word(f, "HOOKS", "kms");
	if (kms && !find_word(f, "MODULES", "vfio_pci"))
		tell_line(f, out, kms);
}

void derive_initramfs_glued(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct module_entry *v = config_module_lists(f, &n);

	(void)s;
	if (!config_known(f, SOURCE_INITRAMFS) || !config_lists_known(f)) {
		fact_missing(out, SOURCE_INITRAMFS);
		return;
	}
	fact_set_list(out);
	for (size_t i = 0; i < n; i++) {
		if (!v[i].glued || !strstr(v[i].module, "vfio"))
			continue;
		fact_add_text(
			f, out, arena_printf(f->arena, "%s: %s", v[i].where, v[i].text));
		fact_seen(f, out, v[i].where, v[i].text);
	}
}

void derive_initramfs_glued_name(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct module_entry *v = config_module_lists(f, &n);
	const struct fact *glued = host_fact(f, "initramfs.glued");

	(void)s;
	if (glued->state == FACT_ABSENT) {
		out->missing = glued->missing;
		return;
	}
	fact_set_none(out);
	for (size_t i = 0; i < n; i++) {
		if (v[i].glued && strstr(v[i].module, "vfio"))
			fact_set_text(out, v[i].module);
	}
}
