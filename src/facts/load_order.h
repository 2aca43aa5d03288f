// SPDX-License-Identifier: GPL-2.0-or-later
// What modprobe does before and instead of loading a module (libkmod/libkmod-module.c).
#ifndef FACTS_LOAD_ORDER_H
#define FACTS_LOAD_ORDER_H

#include "facts/facts.h"
#include "facts/modprobe.h"

/*
 * The softdep line in force for MODULE, NULL if there is none: of all lines whose pattern
 * fits, the first, and modules.softdep of the kernel is read between the files, where its
 * name sorts. What that file says is in the snapshot only where kernel.softdep is.
 */
const struct modprobe_line *modprobe_softdep(struct facts *f, const char *module);
/* Does it name MODULE (NULL: any) behind `pre:`, or `post:` too? */
bool modprobe_softdep_names(struct facts *f, const struct modprobe_line *line,
	bool pre_only, const char *module);
/* The first install line that fits MODULE. */
const struct modprobe_line *modprobe_install_line(struct facts *f, const char *module);
/* The same where it is in force: a module with a soft dependency of its own has its
 * install command ignored (`ignorecmd` of __kmod_module_fill_softdep()). */
const struct modprobe_line *modprobe_install(struct facts *f, const char *module);
/* Does the command of an install line do nothing at all? Others may load the module. */
bool modprobe_command_is_idle(const char *command);
/*
 * Does it call modprobe by its path wherever it does? The shell in the initramfs of Debian
 * is busybox, which takes a bare `modprobe` for its own; that one knows neither
 * --ignore-install nor -i ("unrecognized option") and loads nothing.
 */
bool modprobe_command_by_path(const char *command);
/* Is MODULE not loaded for a device that asks for it, by a blacklist or an idle command? */
bool modprobe_barred(struct facts *f, const char *module);
/* The name of a module's driver: `xhci_hcd` of xhci_pci; mostly the same. */
const char *module_driver(const char *module);
/* Does anything that was read load vfio-pci while the system starts, early or late? */
bool modprobe_loads_vfio(struct facts *f);

#endif
