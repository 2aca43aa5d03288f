// SPDX-License-Identifier: GPL-2.0-or-later
// The raw evidence of one machine, as read: bytes and text, nothing derived.
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define SNAPSHOT_SCHEMA "vfio-doctor/snapshot/1"

/*
 * Every value knows three states: not collected (the key is absent), collected and there
 * is none (null), and a value. All memory belongs to the snapshot's arena; all text is
 * clean (text_clean()).
 */
enum have { HAVE_NOT, HAVE_NONE, HAVE_VALUE };

struct snap_text {
	enum have have;
	const char *s; /* never NULL if HAVE_VALUE, else NULL */
};
struct snap_int {
	enum have have;
	int64_t v;
};
struct snap_bool {
	enum have have;
	bool v;
};
/* A hex string in JSON, "0x…": a JSON number loses bits above 2^53. */
struct snap_hex {
	enum have have;
	uint64_t v;
};
struct snap_bytes {
	enum have have;
	const uint8_t *p;
	size_t n;
};
struct snap_texts {
	enum have have;
	const char **s;
	size_t n;
};
/* A list of structs. HAVE_NOT: could not be listed; N == 0 with HAVE_VALUE: is empty. */
#define SNAP_LIST(type)                                                                  \
	struct {                                                                         \
		enum have have;                                                          \
		type *v;                                                                 \
		size_t n;                                                                \
	}

/*
 * The sources of evidence. One row each in source.c: name, what it is, and what the
 * reader can do to supply it.
 */
enum source {
	SOURCE_PCI,           /* PCI functions: /sys/bus/pci/devices */
	SOURCE_CONFIG_SPACE,  /* their configuration space beyond byte 63 */
	SOURCE_CPUID,         /* raw CPUID leaves */
	SOURCE_CPUINFO,       /* /proc/cpuinfo */
	SOURCE_KERNEL_LOG,    /* /dev/kmsg, klogctl, a file */
	SOURCE_KERNEL,        /* release, command line, taint, lockdown */
	SOURCE_KERNEL_CONFIG, /* /boot/config-RELEASE, else /proc/config.gz */
	SOURCE_IOMMU_GROUPS,  /* /sys/kernel/iommu_groups */
	SOURCE_IOMMU_UNITS,   /* /sys/class/iommu */
	SOURCE_IRQ_CHIPS,     /* /sys/kernel/irq, /proc/interrupts */
	SOURCE_ACPI_NAMES,    /* /sys/firmware/acpi/tables, the names */
	SOURCE_ACPI_TABLES,   /* the bytes of DMAR, IVRS, APIC, MCFG, VIOT */
	SOURCE_MODULES,       /* /proc/modules, /sys/module */
	SOURCE_MODULE_FILES,  /* /lib/modules/RELEASE/modules.{builtin,alias,softdep} */
	SOURCE_MODPROBE,      /* modprobe.d in all directories kmod reads */
	SOURCE_BOOT_CONFIG,   /* boot loader configuration */
	SOURCE_INITRAMFS,     /* initramfs configuration and images */
	SOURCE_DMI,           /* /sys/class/dmi/id */
	SOURCE_DISPLAYS,      /* /sys/class/drm, /proc/fb, platform framebuffers */
	SOURCE_IOMEM,         /* /proc/iomem */
	SOURCE_NODES,         /* /dev/kvm, /dev/vfio, /dev/iommu */
	SOURCE_STORAGE,       /* mounts, swap, block device stack */
	SOURCE_NETWORK,       /* default route and its interface */
	SOURCE_INPUT,         /* keyboards: /sys/class/input */
	SOURCE_LIMITS,        /* memory and memlock */
	SOURCE_CONTAINER,     /* container and hypervisor hints */
	SOURCE_GUESTS,        /* PCI functions in the guests of libvirt and Proxmox VE */
	N_SOURCES
};

enum source_status {
	STATUS_MISSING,   /* nobody tried (a pasted snapshot): no row in the document */
	STATUS_OK,        /* read as a whole */
	STATUS_ABSENT,    /* looked for, and it does not exist on this machine */
	STATUS_DENIED,    /* exists; this user may not read it */
	STATUS_TRUNCATED, /* read in part: what is missing is unknown */
	STATUS_ERROR,     /* could not be read for another reason */
	N_STATUSES
};

/* What became of one source. */
struct snap_source {
	const char *name;   /* source_name() */
	const char *status; /* source_status_name() */
	struct snap_text reason;
};

const char *source_name(enum source s);  /* "kernel-log" */
const char *source_title(enum source s); /* "kernel log" */
/* What the reader can do where it is missing: "run as root", …; never NULL. */
const char *source_remedy(enum source s);
/* False if there is no such source; *RET is then untouched. */
bool source_by_name(const char *name, enum source *ret);
const char *source_status_name(enum source_status s); /* "denied" */
bool source_status_by_name(const char *name, enum source_status *ret);

/* Where the snapshot comes from. */
struct snap_origin {
	const char *kind;            /* "live", "tree" (--root) or "pasted" */
	const char *tool;            /* version of the program that collected it */
	struct snap_bool privileged; /* collected as root; not collected for a tree */
	struct snap_bool redacted;   /* private names were replaced (redact.h) */
};

struct snap_dmi {
	struct snap_text sys_vendor, product_name, board_vendor, board_name;
	struct snap_text bios_vendor, bios_version, bios_date;
	struct snap_int chassis_type; /* SMBIOS type 3: 3 desktop, 9/10 laptop, … */
};

/* Facts about the surroundings that are no device. */
struct snap_host {
	struct snap_dmi dmi;
	struct snap_bool efi;        /* /sys/firmware/efi exists */
	struct snap_text hypervisor; /* /sys/hypervisor/type: "xen" */
	struct snap_text xen_caps;   /* /proc/xen/capabilities: "control_d" in dom0 */
	/* Kind of container that the collector ran in: "docker", "podman", "lxc", … */
	struct snap_text container;
	struct snap_text os_id;        /* ID= of os-release, "debian" */
	struct snap_text os_name;      /* PRETTY_NAME= */
	struct snap_int mem_total_kib; /* /proc/meminfo */
	struct snap_int mem_available_kib;
	struct snap_int
		memlock_bytes; /* soft RLIMIT_MEMLOCK of this process; -1 = no limit */
	struct snap_int boot_time; /* btime of /proc/stat, seconds since 1970 */
	struct snap_text
		default_route; /* interface with the IPv4 or IPv6 default route */
	/* Loader that the firmware started: EFI variable LoaderInfo ("systemd-boot 252")
	 */
	struct snap_text loader_info;
	/* Entry that it started: EFI variable LoaderEntrySelected ("arch.conf") */
	struct snap_text loader_entry;
	struct snap_bool secure_boot; /* EFI variable SecureBoot */
};

struct snap_kernel {
	struct snap_text release;  /* uname -r */
	struct snap_text machine;  /* uname -m */
	struct snap_text version;  /* /proc/version, whole line */
	struct snap_text cmdline;  /* /proc/cmdline, one line */
	struct snap_text lockdown; /* /sys/kernel/security/lockdown, the chosen word */
	struct snap_hex tainted;   /* /proc/sys/kernel/tainted */
	/* Lines of the build configuration that matter here (see collect/kernel.c), as
	 * they stand: `CONFIG_VFIO_PCI=m`, `# CONFIG_… is not set`. A symbol of that
	 * choice which is on no line does not exist in this kernel. */
	struct snap_texts config;
	/* Lines of modules.builtin that matter: `kernel/drivers/vfio/pci/vfio-pci.ko` */
	struct snap_texts builtin;
	/* Names (with `_`) of the modules on disk that matter: modules.dep */
	struct snap_texts available;
	/* Lines of modules.softdep that name a vfio module */
	struct snap_texts softdep;
};

/* One raw CPUID leaf of the first CPU. */
struct snap_cpuid {
	uint64_t leaf, subleaf, eax, ebx, ecx, edx;
};

struct snap_cpu {
	SNAP_LIST(struct snap_cpuid) leaves;
	/* Of the first CPU in /proc/cpuinfo */
	struct snap_text vendor_id, model_name, flags, microcode, address_sizes;
	struct snap_int family, model, stepping;
	struct snap_int count; /* CPUs listed */
	/* `VT-x` or `AMD-V`, where only that was printed (lscpu, in every language, calls
	 * the flags vmx and svm so); null: whoever printed it found neither */
	struct snap_text virtualization;
};

struct snap_log {
	struct snap_text from; /* "/dev/kmsg", "klogctl", a path */
	/* True: the first line of this boot is there (`Linux version`) and none was lost,
	 * so a line that is not in LINES was not logged. */
	struct snap_bool complete;
	/* Where not: words of a search. Each line that holds one of them is in LINES. */
	struct snap_texts filter;
	struct snap_bool filter_any_case; /* in capitals or not */
	/* `[    0.251399] text`, oldest first; a record of several lines keeps its line
	 * feeds */
	struct snap_texts lines;
};

struct snap_acpi_table {
	const char *name;       /* signature, `DMAR`; a second one of a name is `SSDT2` */
	struct snap_bytes data; /* whole table with its header */
};

/* A video BIOS in the ACPI table VFCT; the image itself is not kept. */
struct snap_vbios {
	const char *address; /* of its adapter */
	struct snap_hex vendor, device;
	struct snap_int size; /* bytes */
};

/* One PCI function. */
struct snap_pci {
	const char *address;        /* 0000:01:00.0 */
	struct snap_hex class_code; /* 24 bits: 0x030000 */
	struct snap_hex vendor, device, subvendor, subdevice, revision;
	struct snap_text vendor_name, device_name, subsystem_name, class_name;
	struct snap_text driver;          /* last component of the link; null: none */
	struct snap_text driver_override; /* null: none set */
	struct snap_texts modules; /* modules on disk whose alias matches, kmod names */
	struct snap_int iommu_group;
	struct snap_text parent; /* address of the bridge above; null: on a root bus */
	struct snap_texts resources;   /* lines of `resource`: `0xSTART 0xEND 0xFLAGS` */
	struct snap_bool boot_vga;     /* null: not a VGA device (class 0300) */
	struct snap_text reset_method; /* "flr bus"; null: the file is empty */
	struct snap_bool reset;        /* the file `reset` exists */
	struct snap_text power_state;  /* D0, D3hot, D3cold, unknown, error */
	struct snap_bool d3cold_allowed;
	struct snap_text runtime_status; /* power/runtime_status */
	struct snap_int numa_node;       /* -1: none */
	struct snap_int sriov_total, sriov_num;
	struct snap_text physfn; /* address of the physical function; null: is no VF */
	struct snap_bool rom;    /* the file `rom` exists */
	/* The ROM itself, from a tree that holds a copy; null: none. On a live host it
	 * cannot be had without a write */
	struct snap_bytes rom_bytes;
	struct snap_text link_speed, link_width, max_link_speed, max_link_width;
	struct snap_bool enabled;   /* `enable` is not 0 */
	struct snap_bool msi;       /* has interrupts in msi_irqs */
	struct snap_int irq;        /* its line; only of enabled ones without messages */
	struct snap_text removable; /* "removable", "fixed"; null: nothing is said */
	/* From byte 0 on: 64 bytes without privilege, else up to the end of the last
	 * capability; behind byte 255 at least the header that says there is none */
	struct snap_bytes config;
	/* As long as CONFIG, a bit for each of its bits: 0 is one that nobody printed, which
	 * is 0 in CONFIG. Not there where all of CONFIG is known, as it always is unless it
	 * was put together from what lspci says in words. */
	struct snap_bytes config_mask;
};

struct snap_group {
	int64_t id;
	struct snap_text name; /* "vfio-noiommu" of VFIO's no-IOMMU mode; null: no name */
	struct snap_text type; /* DMA, DMA-FQ, identity, … (since 5.11) */
	struct snap_texts reserved; /* lines of reserved_regions: `0x… 0x… direct` */
	struct snap_texts devices;  /* names: addresses, or those of platform devices */
};

/* One IOMMU of /sys/class/iommu. */
struct snap_unit {
	const char *name; /* dmar0, ivhd0, 0000:00:05.0 of virtio-iommu, smmu3.… */
	struct snap_hex cap, ecap, address; /* intel-iommu/ */
	struct snap_text version;
	struct snap_text features; /* amd-iommu/features, as it stands */
	struct snap_texts devices; /* names of the devices linked to it */
};

/* A line of /proc/interrupts or an entry of /sys/kernel/irq, counts left out. */
struct snap_irq {
	const char *number;       /* "24"; names such as NMI are left out */
	struct snap_text chip;    /* "IR-PCI-MSI", as the kernel spells it */
	struct snap_text actions; /* "xhci_hcd", "eth0-rx-0" */
};

struct snap_module {
	const char *name; /* with `_`; built-in modules with parameters are listed too */
	struct snap_bool loaded; /* is in /proc/modules; false: built in */
	struct snap_int users;
};

struct snap_parameter {
	const char *module, *name;
	struct snap_text value; /* null: may not be read */
};

/* Path of what is no file: lines `-device vfio-pci,host=ADDRESS` of a QEMU that somebody
 * started by hand. */
#define QEMU_COMMAND_LINE "QEMU command line"

/* A configuration file, whole. */
struct snap_file {
	const char *path;
	struct snap_int mtime; /* seconds since 1970 */
	struct snap_int size;  /* bytes, also where the text was not kept (images) */
	struct snap_text text; /* null: binary, its text is not kept */
	struct snap_text link; /* target of the symbolic link; null: a regular file */
	/* Why the text is missing: "denied", "too large", …; null: it is not */
	struct snap_text trouble;
};

struct snap_connector {
	const char *name;        /* card0-HDMI-A-1 */
	struct snap_text status; /* connected, disconnected, unknown */
};

/* A DRM card or framebuffer device and the device it belongs to. */
struct snap_card {
	const char *name;        /* card0, fb0 */
	struct snap_text device; /* PCI address, or a platform device's name */
	struct snap_text driver;
	SNAP_LIST(struct snap_connector) connectors;
};

struct snap_node {
	const char *path;     /* /dev/kvm, /dev/vfio/12 */
	struct snap_int mode; /* permission bits */
	struct snap_int uid, gid;
};

/* Something of the host that lives on devices: a mount, swap, the default route. */
struct snap_use {
	const char *what;         /* "/", "/boot", "swap", "default route", "keyboard" */
	struct snap_text through; /* the stack: "ext4 on /dev/mapper/… on nvme0n1p2" */
	/* PCI addresses at the bottom; null: on no PCI device (tmpfs, nfs) */
	struct snap_texts devices;
};

/* A line of /proc/iomem, without its indentation. */
struct snap_region {
	int64_t depth; /* 0: top level */
	struct snap_hex start, end;
	const char *name;
};

struct snapshot {
	struct arena *arena;
	struct snap_origin origin;
	SNAP_LIST(struct snap_source) sources;
	struct snap_host host;
	struct snap_kernel kernel;
	struct snap_cpu cpu;
	struct snap_log log;
	struct snap_texts acpi_present; /* names in the tables directory, sorted */
	SNAP_LIST(struct snap_acpi_table) acpi_tables;
	SNAP_LIST(struct snap_vbios) vbios;
	SNAP_LIST(struct snap_pci) pci; /* sorted by address */
	SNAP_LIST(struct snap_group) groups;
	SNAP_LIST(struct snap_unit) units;
	SNAP_LIST(struct snap_irq) irqs;
	SNAP_LIST(struct snap_module) modules;
	SNAP_LIST(struct snap_parameter) parameters;
	SNAP_LIST(struct snap_file) files;
	struct snap_texts platform_devices; /* names in /sys/bus/platform/devices */
	struct snap_text fb;                /* /proc/fb, whole */
	SNAP_LIST(struct snap_card) cards;
	SNAP_LIST(struct snap_region) iomem;
	SNAP_LIST(struct snap_node) nodes;
	SNAP_LIST(struct snap_use) uses;
	/* Error messages of QEMU, libvirt and other programs that somebody quoted: the
	 * question, no evidence of the machine. One line each */
	struct snap_texts messages;
};

/* An empty snapshot with its own arena; free with snapshot_free(). */
struct snapshot *snapshot_new(void);
void snapshot_free(struct snapshot *s);

/* Status of a source, STATUS_MISSING if the snapshot does not mention it. */
enum source_status snapshot_status(const struct snapshot *s, enum source source);
/* Its reason, NULL if none was given. */
const char *snapshot_reason(const struct snapshot *s, enum source source);
/* Records the status; REASON may be NULL and is copied. A later call replaces. */
void snapshot_set_status(struct snapshot *s, enum source source,
	enum source_status status, const char *reason);

/* Are these BITS of the little-endian dword at AT of its configuration space known? */
bool snapshot_config_knows(const struct snap_pci *p, size_t at, uint32_t bits);

/* Setters for collectors: each cleans and copies its argument. NULL means null. */
struct snap_text snap_text_of(struct snapshot *s, const char *text);
struct snap_text snap_text_of_mem(struct snapshot *s, const void *p, size_t n);
/* Of a name or a path, in which a line feed is shown as well. */
struct snap_text snap_line_of(struct snapshot *s, const char *line);
static inline struct snap_text snap_text_none(void)
{
	return (struct snap_text){ HAVE_NONE, NULL };
}
static inline struct snap_int snap_int_of(int64_t v)
{
	return (struct snap_int){ HAVE_VALUE, v };
}
static inline struct snap_bool snap_bool_of(bool v)
{
	return (struct snap_bool){ HAVE_VALUE, v };
}
static inline struct snap_hex snap_hex_of(uint64_t v)
{
	return (struct snap_hex){ HAVE_VALUE, v };
}
struct snap_bytes snap_bytes_of(struct snapshot *s, const void *p, size_t n);
/* Appends a cleaned copy and marks the list as collected. */
void snap_texts_add(struct snapshot *s, struct snap_texts *list, const char *text);
/* Appends a record of the kernel log, which keeps its line feeds. */
void snap_log_add(struct snapshot *s, const char *record);
/* Marks the list as collected without adding anything. */
#define snap_list_collected(list)                                                        \
	((void)((list)->have = (list)->have ? (list)->have : HAVE_VALUE))
/* Appends a zeroed element to a SNAP_LIST and yields a pointer to it. */
#define snap_list_add(s, list)                                                           \
	((list)->have = HAVE_VALUE, arena_push((s)->arena, (list)->v, (list)->n))

/* The text, NULL if not collected or none. */
static inline const char *snap_str(struct snap_text t)
{
	return t.have == HAVE_VALUE ? t.s : NULL;
}

#endif
