// SPDX-License-Identifier: GPL-2.0-or-later
// Of files that describe guests: the lines that name PCI functions, and nothing private.
#ifndef IMPORT_GUEST_TEXT_H
#define IMPORT_GUEST_TEXT_H

#include "base/arena.h"

/*
 * Each takes the text of a file and returns, in the arena, the same number of lines; of
 * what is not needed (passwords, addresses of network cards, names) the lines are empty.
 */
typedef char *text_filter(struct arena *a, const char *text);

/* A domain of libvirt: the machine type, and of <hostdev> and <interface> elements
 * that hand over a PCI function its address. */
text_filter guest_text_libvirt;
/* Hooks and their settings: addresses of PCI functions, without the words around them. */
text_filter guest_text_hooks;
/* A guest of Proxmox VE: its hostpci and machine lines, without those of snapshots. */
text_filter guest_text_proxmox;
/* Its list of mapped devices: names, IDs and addresses, without the names of nodes. */
text_filter guest_text_mapping;

#endif
