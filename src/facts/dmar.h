// SPDX-License-Identifier: GPL-2.0-or-later
// The DMAR table: its structures and device scopes, and which functions a scope names.
#ifndef FACTS_DMAR_H
#define FACTS_DMAR_H

#include "facts/facts.h"

/* Flags of the table (VT-d specification 8.1). */
enum {
	DMAR_INTR_REMAP = 1u << 0,
	DMAR_X2APIC_OPT_OUT = 1u << 1,
	DMAR_PLATFORM_OPT_IN = 1u << 2,
};

/* The device scopes of one structure: its bytes behind the fixed part, in the snapshot. */
struct dmar_scopes {
	const uint8_t *p;
	size_t n;
};

/* Types of a device scope (8.3.1). */
enum {
	DMAR_ENDPOINT = 1,
	DMAR_BRIDGE = 2, /* it and all below it */
	DMAR_IOAPIC = 3,
	DMAR_HPET = 4,
	DMAR_NAMESPACE = 5,
};

/* One device scope. */
struct dmar_scope {
	uint8_t type, id;    /* id: of an I/O APIC, HPET or ANDD */
	uint8_t bus;         /* of the first step: a root bus */
	const uint8_t *path; /* device and function of each step, two bytes */
	size_t n_path;       /* steps */
	/* It leaves its structure: what the kernel reads there is not known */
	bool torn;
};

/*
 * Steps through LIST: *AT begins at 0. False at the end. Every call gets forward, as the
 * kernel does except for length 0, over which it would hang.
 */
bool dmar_scope_next(const struct dmar_scopes *list, size_t *at, struct dmar_scope *ret);

/* A DRHD structure (8.3). */
struct dmar_unit {
	uint64_t address;
	uint16_t segment;
	uint64_t size;    /* of its registers, in bytes */
	bool include_all; /* serves all of its segment that no other unit names */
	struct dmar_scopes scopes;
};

/* RMRR (8.4): memory that functions must reach. */
struct dmar_rmrr {
	uint64_t base, limit;
	uint16_t segment;
	struct dmar_scopes scopes;
};

/* ATSR (8.5): root ports whose subordinates may translate themselves; FLAGS bit 0: all
 * ports. SATC (8.8): functions on the root complex that do; bit 0: they must. SIDP (8.9)
 * says how functions get their PASID. */
struct dmar_ports {
	uint8_t flags;
	uint16_t segment;
	struct dmar_scopes scopes;
};

/* RHSA (8.6): the NUMA node of a unit. */
struct dmar_rhsa {
	uint64_t address;
	uint32_t proximity;
};

/* ANDD (8.7): a device that ACPI alone knows. */
struct dmar_andd {
	uint8_t number;
	const char *name;
};

struct dmar {
	unsigned width; /* address bits of the host */
	uint8_t flags;
	/* False: the kernel refuses the table, or some of what it reads is not known (cut
	 * short on its way here, or read behind its end). What is not here is then unknown */
	bool whole;
	struct dmar_unit *units; /* in the order in which the kernel asks them */
	size_t n_units;
	struct dmar_rmrr *rmrrs;
	size_t n_rmrrs;
	struct dmar_ports *atsrs, *satcs, *sidps;
	size_t n_atsrs, n_satcs, n_sidps;
	struct dmar_rhsa *rhsas;
	size_t n_rhsas;
	struct dmar_andd *andds;
	size_t n_andds;
	/* In words, what is wrong with it that the kernel passes over */
	const char **flaws;
	size_t n_flaws;
};

/*
 * Decodes what can be decoded; *RET_TROUBLE: in words why the kernel would refuse the
 * whole table, or NULL. False if not even the header is there. Borrows from P.
 */
bool dmar_parse(struct arena *a, const uint8_t *p, size_t n, struct dmar *ret,
	const char **ret_trouble);

/* NULL if not collected or malformed before the first structure. */
const struct dmar *dmar_decode(struct facts *f);
/* Why the kernel refuses the table, in words; NULL if it does not or was not collected. */
const char *dmar_trouble(struct facts *f);

/* Does SCOPE, of a structure for SEGMENT, name FN itself? *RET_BROKEN (may be NULL): by
 * its bus number alone, which the kernel calls broken. */
enum tri dmar_scope_names(const struct dmar_scope *scope, uint16_t segment,
	const struct fn *fn, bool *ret_broken);
/* Does a scope of LIST name FN, or a bridge above it? */
enum tri dmar_scopes_cover(
	const struct dmar_scopes *list, uint16_t segment, const struct fn *fn);
/* The first scope of LIST that names FN itself, as the kernel takes it. */
enum tri dmar_scopes_find(const struct dmar_scopes *list, uint16_t segment,
	const struct fn *fn, struct dmar_scope *ret, bool *ret_broken);
/* Which unit serves FN. TRUE: *RET, FALSE: none does. */
enum tri dmar_unit_of(struct facts *f, const struct fn *fn, const struct dmar_unit **ret);

#endif
