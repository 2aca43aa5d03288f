// SPDX-License-Identifier: GPL-2.0-or-later
// Lines for modprobe that do not do what they look like, by libkmod's own reading.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/load_order.h"
#include "facts/topology.h"

/* Starts a list of flaws; open where a line of the kernel's own may matter. */
static bool start_flaws(struct facts *f, struct fact *out)
{
	if (!modprobe_known(f)) {
		fact_missing(out, SOURCE_MODPROBE);
		return false;
	}
	fact_set_list(out);
	if (f->snap->kernel.softdep.have == HAVE_NOT) {
		out->open = true;
		fact_missing(out, SOURCE_MODULE_FILES);
	}
	return true;
}

static void add_flaw(struct facts *f, struct fact *out, const struct modprobe_line *line,
	const char *what)
{
	fact_seen(f, out, line->where, line->text);
	fact_add_text(f, out,
		arena_printf(f->arena, "%s: %s (%s)", line->where, line->text, what));
}

/* Is the name a pattern? Then it is meant for several modules. */
static bool is_pattern(const char *module)
{
	return strpbrk(module, "*?[") != NULL;
}

static const char *softdep_flaw(struct facts *f, const struct modprobe_line *line)
{
	const struct modprobe_line *winner;

	if (!modprobe_softdep_names(f, line, false, "vfio_pci"))
		return "vfio-pci must stand behind \"pre:\" and a blank";
	winner = is_pattern(line->module) ? line : modprobe_softdep(f, line->module);
	if (!winner || !strcmp(winner->where, line->where) ||
		!modprobe_softdep_names(f, line, true, "vfio_pci") ||
		modprobe_softdep_names(f, winner, true, "vfio_pci"))
		return NULL;
	return arena_printf(f->arena,
		"of several lines for a module only the first counts: %s", winner->where);
}

void derive_softdep_flaws(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);

	(void)s;
	if (!start_flaws(f, out))
		return;
	for (size_t i = 0; i < n; i++) {
		const char *flaw;

		if (lines[i].verb != MODPROBE_SOFTDEP ||
			!config_names_module(lines[i].rest, "vfio_pci"))
			continue;
		flaw = softdep_flaw(f, &lines[i]);
		if (flaw)
			add_flaw(f, out, &lines[i], flaw);
	}
}

/* Is a modprobe in COMMAND told to ignore install lines? Only looked for as words. */
static bool ignores_install(const char *command)
{
	return strstr(command, "--ignore-install") || strstr(command, " -i ") ||
		strstr(command, " -i;");
}

/* Does COMMAND call the shell's own modprobe with a flag that busybox refuses? */
static bool is_refused_by_busybox(struct facts *f, const char *command)
{
	return text_equal(host_text(f, "initramfs.kind"), "initramfs-tools") &&
		ignores_install(command) && !modprobe_command_by_path(command);
}

/* Nothing in it could load a module: no modprobe, insmod or script. */
static bool loads_no_module(const char *command)
{
	return strstr(command, "driver_override") && !strstr(command, "modprobe") &&
		!strstr(command, "insmod") && !strstr(command, ".sh") &&
		!strstr(command, "bin/");
}

static const char *install_flaw(struct facts *f, const struct modprobe_line *line)
{
	const struct modprobe_line *first = modprobe_install_line(f, line->module);
	const struct modprobe_line *softdep = modprobe_softdep(f, line->module);

	if (is_pattern(line->module) || modprobe_command_is_idle(line->rest))
		return NULL;
	if (first && first != line)
		return arena_printf(f->arena,
			"of several lines for a module only the first counts: %s",
			first->where);
	if (softdep && modprobe_softdep_names(f, softdep, false, NULL))
		return arena_printf(f->arena,
			"modprobe passes over it, because the module has a softdep: %s",
			softdep->where);
	if (loads_no_module(line->rest))
		return "it loads no module";
	if (is_refused_by_busybox(f, line->rest))
		return "in the initramfs a bare \"modprobe\" is busybox's, which refuses "
		       "--ignore-install: write /sbin/modprobe";
	return NULL;
}

void derive_install_flaws(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	const struct fact *kind = host_fact(f, "initramfs.kind");

	(void)s;
	if (!start_flaws(f, out))
		return;
	for (size_t i = 0; i < n; i++) {
		const char *flaw;

		if (lines[i].verb != MODPROBE_INSTALL ||
			!(text_equal(lines[i].module, "vfio_pci") ||
				config_names_module(lines[i].rest, "vfio_pci")))
			continue;
		if (kind->state == FACT_ABSENT) {
			out->open = true;
			out->missing |= kind->missing;
		}
		flaw = install_flaw(f, &lines[i]);
		if (flaw)
			add_flaw(f, out, &lines[i], flaw);
	}
}

/* An item with a dash, while a module of that name drives a function here. */
static bool is_void_item(struct facts *f, const char *item)
{
	if (!strchr(item, '-'))
		return false;
	for (size_t i = 0; i < f->n_fns; i++) {
		const struct snap_pci *raw = f->fns[i].raw;

		for (size_t k = 0; raw && k < raw->modules.n; k++) {
			if (text_equal_dash(raw->modules.s[k], item))
				return true;
		}
	}
	return false;
}

void derive_blacklist_void(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n, n_items;
	const struct cmdline_word *words = cmdline_words(f, &n);

	(void)s;
	if (!cmdline_known(f)) {
		fact_missing(out, SOURCE_KERNEL);
		return;
	}
	fact_set_list(out);
	out->open = cmdline_open(f) || scan_listed(f) != TRI_TRUE;
	for (size_t i = 0; i < f->n_fns; i++)
		out->open |= f->fns[i].raw && f->fns[i].raw->modules.have == HAVE_NOT;
	for (size_t i = 0; i < n; i++) {
		char **items;

		if (!words[i].value ||
			(strcmp(words[i].name, "modprobe.blacklist") != 0 &&
				strcmp(words[i].name, "module_blacklist") != 0))
			continue;
		items = text_split(f->arena, words[i].value, ",", &n_items);
		for (size_t k = 0; k < n_items; k++) {
			if (!is_void_item(f, items[k]))
				continue;
			cmdline_seen(f, out, &words[i]);
			fact_add_text(f, out, items[k]);
		}
	}
}

/* Was a line there when this kernel booted? */
static bool was_in_force(struct facts *f, const char *where)
{
	const struct snap_int *boot = &f->snap->host.boot_time;
	const char *colon = strchr(where, ':');
	const struct snap_file *file;

	if (!colon || where[0] != '/')
		return true; /* a word of the command line */
	file = config_file(f, arena_strndup(f->arena, where, (size_t)(colon - where)));
	return file && file->mtime.have == HAVE_VALUE && boot->have == HAVE_VALUE &&
		file->mtime.v < boot->v;
}

/* The line that forbids the driver which has the function all the same. */
void derive_device_driver_blacklisted(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn ? s->fn->raw : NULL;
	const char *driver = raw ? snap_str(raw->driver) : NULL;

	if (!raw)
		return;
	if (raw->driver.have == HAVE_NOT || raw->modules.have == HAVE_NOT)
		fact_missing(out, SOURCE_PCI);
	modprobe_note_missing(f, out);
	if (out->missing)
		return;
	for (size_t i = 0; driver && i < raw->modules.n; i++) {
		const char *module = raw->modules.s[i], *line;

		if (!text_equal_dash(module_driver(module), driver))
			continue;
		line = modprobe_blacklisted(f, module);
		if (line && was_in_force(f, line)) {
			fact_set_text(out, line);
			return;
		}
		if (line) {
			fact_missing(out, SOURCE_MODPROBE);
			return;
		}
	}
	fact_set_none(out);
}

void derive_device_override_other(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_pci *raw = s->fn ? s->fn->raw : NULL;
	const char *override = raw ? snap_str(raw->driver_override) : NULL;

	(void)f;
	if (!raw || raw->driver_override.have == HAVE_NOT)
		return;
	if (!override || driver_kind_of(override) != DRIVER_HOST)
		fact_set_none(out);
	else
		fact_set_text(out, override);
}
