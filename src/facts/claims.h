// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions static configuration sets aside for VFIO.
#ifndef FACTS_CLAIMS_H
#define FACTS_CLAIMS_H

#include "facts/facts.h"
#include "facts/modprobe.h"

/* What claims FN, as written: "/etc/modprobe.d/vfio.conf:1", NULL if nothing does. */
const char *claim_of(struct facts *f, const struct fn *fn);
/* Does static configuration claim it? UNKNOWN where something that decides was not read. */
enum tri fn_is_claimed(struct facts *f, const struct fn *fn);
/*
 * An ids= item claims every function with its ID. True for a sound function that is caught
 * only so: nothing else of its slot is claimed, while another function with the same ID
 * stands beside a claimed one (the HDMI sound of the card that is meant). Its owner never
 * set it aside. Other classes are often handed over in pairs of one ID and prove nothing.
 */
bool claim_in_passing(struct facts *f, const struct fn *fn);
/* The install line of modprobe.d that overrides the driver of FN by its address, NULL: none. */
const struct modprobe_line *claim_install_line(struct facts *f, const struct fn *fn);
/* The file of driverctl for FN, whatever driver it names; NULL: none. */
const struct snap_file *claim_driverctl_file(const struct facts *f, const struct fn *fn);
/* Is it a driver of the host? vfio and pci-stub fit every function, and only keep it. */
bool claim_module_is_native(const char *module);
/* The module that would probe FN before vfio-pci at boot: that of its driver, else the first
 * that no line of modprobe.d holds back; NULL if none would. */
const char *claim_racing_module(struct facts *f, const struct fn *fn);
/* Was all read that decides it? Else the sources are noted as missing in OUT. */
bool claim_race_known(struct facts *f, const struct fn *fn, struct fact *out);
/* TRUE: all configuration that can claim a function was read. */
enum tri claims_known(struct facts *f);

#endif
