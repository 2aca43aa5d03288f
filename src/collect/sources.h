// SPDX-License-Identifier: GPL-2.0-or-later
// The collectors: each fills its part of the snapshot and sets the status of its sources.
#ifndef COLLECT_SOURCES_H
#define COLLECT_SOURCES_H

#include "collect/collect.h"
#include "collect/root.h"

typedef void collect_function(
	struct snapshot *s, const struct root *r, const struct collect_options *options);

collect_function collect_kernel; /* kernel.c: release, command line, build options */
collect_function collect_cpu;    /* cpu.c: CPUID and /proc/cpuinfo */
collect_function collect_klog;   /* klog.c */
collect_function collect_pci;    /* pci.c: libpci, and the attributes it does not know */
collect_function collect_iommu;  /* iommu.c: groups and units */
collect_function collect_interrupts; /* interrupts.c: chips */
collect_function collect_acpi;       /* acpi.c */
collect_function collect_modules;    /* modules.c: loaded, parameters, lists on disk */
collect_function collect_files;      /* files.c: configuration as whole files */
collect_function collect_host;       /* host.c: DMI, EFI, container, memory, limits */
collect_function collect_displays;   /* displays.c: DRM, framebuffers, iomem */
collect_function collect_nodes;      /* nodes.c: /dev/kvm, /dev/vfio */
collect_function collect_uses;       /* uses.c: what the host lives on */

#endif
