// SPDX-License-Identifier: GPL-2.0-or-later
// The formats that a pasted text may hold: how each is recognised, and what reads it.
#ifndef IMPORT_FORMAT_H
#define IMPORT_FORMAT_H

#include <stdbool.h>

#include "base/bdf.h"
#include "base/text.h"
#include "import/import.h"
#include "import/paste.h"

/* The command whose output follows, as a prompt line or a heading names it. */
struct import_command {
	const char *text; /* "lspci -nnk", "cat /etc/default/grub"; NULL: nobody knows */
	const char *file; /* the file that it prints; NULL: none */
	bool filtered;    /* through grep, head, tail, awk, …: lines are missing */
};

/* A search in the log: lines that hold one of these words are all there. */
struct import_filter {
	const char **words;
	size_t n;
	bool any_case;
};

/* A configuration file of which parts were pasted. */
struct import_part {
	const char *path;
	struct strbuf text;
};

struct import {
	struct snapshot *snap;
	struct arena *scratch; /* lives as long as this */
	struct import_command command;
	/* A fence or the next prompt stands behind the block that is read: nothing of it was
	 * cut off */
	bool ends;
	bool silent; /* a prompt stands in the next line */
	bool fresh; /* nothing was read or passed over since the command, but blank lines */
	struct import_part *files; /* see import_file() */
	size_t n_files;
	const char **log; /* records of the kernel log, in order; see klog_add() */
	size_t n_log;
	bool log_whole;                  /* they begin with a whole boot */
	struct import_filter log_filter; /* what a search found of that boot */
	const char *log_heads
		[3];      /* which boot: its banner and command lines; NULL: not seen */
	bool pci_part;    /* a listing of PCI functions was filtered or cut */
	bool pci_listed;  /* a whole listing was among them */
	bool groups_part; /* the same of IOMMU groups */
	int cmdline_rank; /* of the command line that was read; see format_cmdline */
	int64_t *groups_whole; /* those whose members are all known; see format_groups */
	size_t n_groups_whole;
	size_t *pci_index; /* hash of addresses, see function.c */
	size_t pci_index_size;
	size_t *group_index; /* the same of groups */
	size_t group_index_size;
	struct lspci_state *lspci; /* see lspci_state.h */
	const char
		*remark; /* on the block that is read, for who looks at the spans; NULL */
	struct import_span *spans;
	size_t n_spans;
	bool overfull; /* more functions or groups than are taken */
	bool finished;
};

/*
 * One format. The recogniser asks the formats in the order of its table; the first that
 * takes a line gets the block.
 */
struct format {
	const char *name;  /* "lspci" */
	const char *title; /* "PCI functions, from lspci" */
	/* How many of the N lines at V, from the first on, are of this format; 0: V[0] is
	 * not. V[0] is not blank. Trailing blank lines need not be taken. Looks ahead as far as it must, but
	 * is linear in what it takes plus a constant. */
	size_t (*take)(const struct import *im, const struct paste_line *v, size_t n);
	/* Reads them into the snapshot. */
	void (*read)(struct import *im, const struct paste_line *v, size_t n);
	/* At the end of all texts: statuses of the sources; NULL: nothing to do. */
	void (*finish)(struct import *im);
};

/* Remarks: two machines in one text, or one before and after something was changed. The
 * listing that comes first is kept, a later one that contradicts it is not mixed with it. */
#define IMPORT_LEFT_OUT      "contradicts an earlier one: left out"
#define IMPORT_LEFT_OUT_PART "contradicts an earlier one in part, which is left out"

/* One file each, of that name with `format_` left out. */
extern const struct format format_command;    /* `$ lspci -nnk`: sets im->command */
extern const struct format format_klog;       /* the kernel log in every form */
extern const struct format format_klog_json;  /* journalctl -o json, dmesg --json */
extern const struct format format_lspci;      /* lspci in its variants, -x… included */
extern const struct format format_lspci_tree; /* lspci -t */
extern const struct format format_lspci_machine; /* lspci -mm, -vmm */
extern const struct format format_lshw;          /* lshw */
extern const struct format format_groups;        /* listings of IOMMU groups */
extern const struct format format_cmdline;       /* /proc/cmdline, `BOOT_IMAGE=…` */
extern const struct format format_grub;    /* GRUB_CMDLINE_LINUX lines, menu entries */
extern const struct format format_lscpu;   /* lscpu in any language */
extern const struct format format_cpuinfo; /* /proc/cpuinfo */
extern const struct format
	format_modprobe;                 /* options, blacklist, softdep, install lines */
extern const struct format format_lsmod; /* lsmod, /proc/modules */
extern const struct format format_interrupts; /* /proc/interrupts */
extern const struct format format_iomem;      /* /proc/iomem */
extern const struct format format_uname; /* uname -a, -r; /proc/version; neofetch lines */
extern const struct format format_os; /* os-release, pveversion, dmidecode, DMI names */
extern const struct format format_domain;   /* libvirt XML with <hostdev> */
extern const struct format format_hostpci;  /* Proxmox hostpci lines, -device vfio-pci */
extern const struct format format_messages; /* what QEMU and libvirt complained about */
extern const struct format format_file;     /* a configuration file, after `cat FILE` */

/* All of them, in the order in which they are asked; ends with NULL. recognise.c */
extern const struct format *const formats[];

/* The function at this address, added where it is new (a zeroed one, its address set). Its
 * memory moves with the next call. Where there are too many: one that belongs to
 * nothing. function.c */
struct snap_pci *import_function(struct import *im, struct bdf address);
/* The same, but NULL where it is new. */
struct snap_pci *import_known_function(struct import *im, struct bdf address);
/* The group, added where it is new; moves as well. */
struct snap_group *import_group(struct import *im, int64_t id);
/* Notes that there is none at all. groups.c */
void import_no_groups(struct import *im);
/* Notes that ADDRESS is in group ID, in both lists, once. */
void import_group_member(struct import *im, int64_t id, struct bdf address);
/*
 * Reads the rest of an lspci line behind the address: `VGA compatible controller [0300]:
 * NVIDIA Corporation GP107 [10de:1c82] (rev a1)`, with and without numbers, or with numbers
 * only (`0300: 10de:1c82 (rev a1)`). Fills what is not known yet. False: it is none.
 * lspci_head.c
 */
bool lspci_head_read(struct import *im, struct snap_pci *fn, const char *text);
/* True if TEXT could stand behind an address in a listing; looks, stores nothing. */
bool lspci_head_is(const char *text);
/* An address with or without domain at the beginning of TEXT, no part of a longer word; its
 * length, 0: none. function.c */
size_t import_address(const char *text, struct bdf *ret);

/* Appends TEXT to the configuration file PATH of the snapshot, a line feed between. The
 * files are there after import_finish(). What is too long for a file is left out. */
void import_file(struct import *im, const char *path, const char *text);
/* Text of N lines with line feeds between, from the first on. In the scratch arena. */
char *import_lines(struct import *im, const struct paste_line *v, size_t n);
/* Sets the status: OK if WHOLE, else TRUNCATED, "pasted in part". OK never becomes
 * TRUNCATED by a later part. */
void import_source(struct import *im, enum source source, bool whole);

/* Sets im->command from what was typed, or from the path of a file. command.c */
void import_command_set(struct import *im, const char *text);

#endif
