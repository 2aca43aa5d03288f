// SPDX-License-Identifier: GPL-2.0-or-later
// What the formats of lspci share: the line of a function, taken apart.
#ifndef IMPORT_LSPCI_H
#define IMPORT_LSPCI_H

#include "import/format.h"

/* A part of a line; S is NULL where nothing was printed. */
struct lspci_part {
	const char *s;
	size_t n;
};

/* What a line says; numbers are -1 and parts empty where it does not. */
struct lspci_head {
	int class_code; /* base class and subclass */
	int prog_if, revision, vendor, device, subvendor, subdevice;
	struct lspci_part class_name, vendor_name, device_name, subsystem_name;
	struct lspci_part subvendor_name, subdevice_name; /* where they stand apart */
	bool named;    /* names were asked for: one that is missing is in no list */
	bool whole_id; /* ends as a line that was not cut: without a revision it is 0 */
};

/* The two forms: `CLASS: NAME (rev a1)`, and in quotation marks. False: TEXT is neither.
 */
bool lspci_head_parse(const char *text, struct lspci_head *ret);
/* Of which nothing is known. */
struct lspci_head lspci_head_new(void);
/* The fields of `lspci -mm` and -vmm, in their order; each holds a name, a number or both. */
enum lspci_field {
	LSPCI_CLASS,
	LSPCI_VENDOR,
	LSPCI_DEVICE,
	LSPCI_SUBVENDOR,
	LSPCI_SUBDEVICE,
	N_LSPCI_FIELDS
};
void lspci_field_read(
	enum lspci_field field, struct lspci_part text, struct lspci_head *h);
/* What `lspci -n`, `-nn` and none of them leave of a maker with a model: both names and
 * both numbers, of N bytes at S. False: neither a number nor a known maker. */
bool lspci_names_parse(struct lspci_part text, struct lspci_head *ret);
/* The number in brackets at the end of a PART, `NVIDIA Corporation [10de]`, or all that it
 * is; cut off. -1: none. */
int lspci_number_cut(struct lspci_part *part);
/* Numbers of a subsystem, `Gigabyte Technology Co., Ltd Device [1458:3724]`; and its name,
 * in which `Device` stands for a model without one. */
void lspci_subsystem_parse(struct lspci_part text, struct lspci_head *ret);

/* True if HEAD speaks of another function than is known at this address. */
bool lspci_head_conflicts(const struct lspci_head *head, const struct snap_pci *fn);
/* Does the line of ADDRESS, TEXT behind that, speak of another machine than what is known
 * already? */
bool lspci_is_of_another(struct import *im, struct bdf address, const char *text);
/* Fills what is not known yet. */
void lspci_head_store(
	struct import *im, struct snap_pci *fn, const struct lspci_head *head);

/* The part without blanks at its ends. */
struct lspci_part lspci_trim(struct lspci_part part);
/* Exactly N lower or upper case hexadecimal digits at S, none behind; -1: they are not. */
int lspci_hex(const char *s, int n);

#endif
