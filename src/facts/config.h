// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration files of the snapshot: look-up, whether they can be trusted to be all
// there is.
#ifndef FACTS_CONFIG_H
#define FACTS_CONFIG_H

#include "facts/facts.h"
#include "facts/guests.h"
#include "facts/modprobe.h"

/* A line of a list of modules to load, wherever it stands. */
struct module_entry {
	const char *module; /* with `_` */
	const char *where;  /* file:line */
	const char *text;   /* the line */
	bool early;         /* loaded in this order from the initramfs, before udev */
	bool initramfs;     /* of an initramfs tool; else /etc/modules, modules-load.d */
	const char *variable; /* it stands in; NULL: a plain list */
	bool tight;           /* of a string: no blank behind it */
	/* Two names that grew together, as no blank stands between two `+=` */
	bool glued;
};

/* Parsed once, on first use. */
struct config {
	bool lines_done;
	struct modprobe_line *lines;
	size_t n_lines;
	size_t n_before; /* lines of files that kmod reads before modules.softdep */
	struct modprobe_line *kernel_softdeps;
	size_t n_kernel_softdeps;
	bool ids_done;
	struct vfio_id_item *ids;
	size_t n_ids;
	struct vfio_id_list **id_lists;
	size_t n_id_lists;
	bool lists_done;
	struct module_entry *lists;
	size_t n_lists;
	bool lists_unread; /* the text of one was not kept */
	bool guests_done;
	struct guest_claim *guests;
	size_t n_guests;
	size_t n_mappings; /* of Proxmox VE that were looked up for them */
};

struct config *config_of(struct facts *f);
/* Are the files below /etc and /boot, or may they be, those of a container? A tree has no
 * sign of one, and is what it is. */
bool config_is_foreign(const struct facts *f);
/*
 * True if all files of SOURCE were seen (or do not exist), so that a missing line means
 * something. In a container the files are those of the container: never known.
 */
bool config_known(const struct facts *f, enum source source);
/* The file with this path, NULL if the snapshot has none. */
const struct snap_file *config_file(const struct facts *f, const char *path);
/* Its text; "" where it was not kept. */
const char *config_text(const struct snap_file *file);
/* The first line of it, without blanks around it, that contains WORD; NULL if none does.
 */
const char *config_line_with(
	struct facts *f, const struct snap_file *file, const char *word);
/* Name behind the last slash. */
const char *config_basename(const char *path);
/* True if PATH lies directly in DIR, given without a slash at its end. */
bool config_in_dir(const char *path, const char *dir);
/* Like strstr() for names of modules: `-` and `_` are one, no part of a longer name. */
bool config_names_module(const char *text, const char *module);
/* NAME with `_` for `-`, in the arena. */
const char *config_module_name(struct arena *a, const char *name, size_t n);

/* Was the text of every such list kept? */
bool config_lists_known(struct facts *f);
/* The words of a variable of mkinitcpio.conf and its drop-ins, "HOOKS" or "FILES"; as they
 * stand but for `-`, which becomes `_`. */
const struct module_entry *config_mkinitcpio(
	struct facts *f, const char *variable, size_t *ret_n);
/* All of them, in the order they are loaded within a list. */
const struct module_entry *config_module_lists(struct facts *f, size_t *ret_n);

#endif
