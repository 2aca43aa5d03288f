// SPDX-License-Identifier: GPL-2.0-or-later
// modprobe.d as kmod reads it: which files count, in which order, and what they say.
#ifndef FACTS_MODPROBE_H
#define FACTS_MODPROBE_H

#include "facts/facts.h"

enum modprobe_verb {
	MODPROBE_OPTIONS,
	MODPROBE_BLACKLIST,
	MODPROBE_SOFTDEP,
	MODPROBE_INSTALL,
	MODPROBE_ALIAS,
	MODPROBE_REMOVE
};

/* One directive in force. */
struct modprobe_line {
	enum modprobe_verb verb;
	const char *module; /* with `_`; of an alias: the pattern */
	const char *rest;   /* what stands behind the module's name */
	const char *text;   /* the whole line as it stands */
	const char *path;   /* /etc/modprobe.d/vfio.conf */
	size_t line;        /* counted from 1; where a continued line begins */
	const char *where;  /* "path:line" */
};

/* False if the directories could not be read (a container, a paste): all is unknown. */
bool modprobe_known(struct facts *f);
/* Notes in OUT what was not read of modprobe.d and of the kernel's command line, which both
 * configure modules. */
void modprobe_note_missing(struct facts *f, struct fact *out);
/* Directives in the order kmod applies them; files masked by a same-named one of a higher
 * directory are left out (modprobe.d(5)). */
const struct modprobe_line *modprobe_lines(struct facts *f, size_t *ret_n);
/* Is this module blacklisted, by a line or a modprobe.blacklist= word? NULL if not. */
const char *modprobe_blacklisted(struct facts *f, const char *module);
/* True if some softdep or list loads vfio-pci before this module. */
bool modprobe_vfio_first(struct facts *f, const char *module);

/* One `ids=` with what stands around it, so that the line can be written anew. */
struct vfio_id_list {
	const char *where;
	const char *line;   /* whole line or words of the command line, as written */
	const char *before; /* what stands before the items: "options vfio-pci ids=" */
	const char *after;  /* other options behind them, with a blank before; else "" */
	bool from_cmdline;
	bool stub;
	const struct vfio_id_list *winner; /* a later list that replaces it, NULL: none */
};

/* One item of an ids= list, of vfio-pci or pci-stub. */
struct vfio_id_item {
	const char *id;    /* as written: "1002:aab0" */
	const char *where; /* "/etc/modprobe.d/vfio.conf:1" or "command line" */
	bool from_cmdline;
	bool stub;        /* of pci-stub */
	const char *line; /* whole line or word */
	/* NULL: the kernel sees it, or a later list that replaces this one has the same
	 * id; else "blank", "malformed", "overridden" */
	const char *lost;
	bool valid; /* numbers below are set, also where it is lost */
	uint32_t vendor, device, subvendor, subdevice, class_code, class_mask;
	bool is_address;      /* written like an address: 01:00.0 */
	struct bdf address;   /* then */
	const char *repaired; /* what was plainly meant; NULL: as it stands */
	const struct vfio_id_list *list;
};
/* All lists: the last one of a module wins as a whole (kernel/params.c). */
const struct vfio_id_item *vfio_id_items(struct facts *f, size_t *ret_n);
/* Does the item (vendor, device, and where given subsystem and class) fit this function?
 * UNKNOWN where a number of it was not collected. */
enum tri vfio_id_fit(const struct vfio_id_item *item, const struct fn *fn);
/* It certainly does. */
bool vfio_id_fits(const struct vfio_id_item *item, const struct fn *fn);
/* As vfio_id_fits(), also true for a function whose address stands where an ID belongs.
 */
bool vfio_id_means(const struct vfio_id_item *item, const struct fn *fn);
/* Can no list that was not seen win over this item's? Notes what is missing in *OUT. */
bool vfio_id_order_known(
	struct facts *f, const struct vfio_id_item *item, struct fact *out);
/* The ids= list for all targets, or for ONLY: what goes along included, what the host
 * keeps not. NULL if there is nothing to list. */
/* The item for FN alone; NULL: no ID tells it from what the host keeps. */
const char *id_wanted(struct facts *f, const struct fn *fn);
const char *ids_wanted(struct facts *f, const struct handover *only);

#endif
