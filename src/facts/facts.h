// SPDX-License-Identifier: GPL-2.0-or-later
// What is derived from a snapshot: subjects, and typed facts about them.
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bdf.h"
#include "base/tri.h"
#include "snapshot/snapshot.h"

/* What a rule can speak of. One subject of SCOPE_HOST, any number of the others. */
enum scope {
	SCOPE_HOST,   /* the machine; key "host" */
	SCOPE_DEVICE, /* a PCI function; key: its address */
	SCOPE_TARGET, /* a function judged for hand-over; sees all facts of its device */
	SCOPE_SET,    /* distinct set of the targets; key: address of its first target */
	SCOPE_GROUP,  /* an IOMMU group; key: its number */
	SCOPE_ADDRESS, /* an address that configuration or the log names; key: the address */
	SCOPE_WORD,    /* a word of the running kernel's command line; key: the word */
	SCOPE_IVRS_WORD, /* an ivrs_ioapic or ivrs_hpet word; key: the word */
	SCOPE_VFIO_ID,   /* an item of an ids= list; key: id at file:line */
	SCOPE_MESSAGE,   /* an error message that somebody quoted; key: the message */
	N_SCOPES
};

const char *scope_name(enum scope s); /* "ivrs-word" */
bool scope_by_name(const char *name, enum scope *ret);
/* The fact that is the key of a scope ("addr", "id", "text"), NULL for host and set. */
const char *scope_key_fact(enum scope s);

enum fact_type { FACT_BOOL, FACT_INT, FACT_TEXT, FACT_LIST, FACT_DEV, FACT_DEVS };
const char *fact_type_name(enum fact_type t);

/* One PCI function as the facts see it. */
struct fn;
/* Why a value is what it is: shown as evidence. */
struct origin {
	const char *source; /* for people: "kernel log", "/etc/modprobe.d/vfio.conf:1" */
	const char *text;   /* the raw text seen there */
	struct origin *next;
};

enum fact_state { FACT_ABSENT, FACT_NONE, FACT_VALUE };

/*
 * One value. ABSENT: no source was read, the value is unknown. NONE: there is none (null).
 * A list with OPEN may be incomplete: what is not in it is unknown. A bool is never NONE.
 */
struct fact {
	enum fact_state state;
	enum fact_type type;
	bool open;
	bool b;            /* FACT_BOOL */
	int64_t i;         /* FACT_INT */
	const char *text;  /* FACT_TEXT; FACT_DEV: as printed */
	const char **list; /* FACT_LIST; FACT_DEVS: as printed */
	size_t n;
	const struct fn **devs; /* FACT_DEV (one), FACT_DEVS: n of them, may hold NULL */
	struct origin *origins; /* in the order they were consulted */
	/* ABSENT: the sources whose reading would have decided, a bit each (1 << SOURCE_…) */
	uint32_t missing;
};

struct facts;
struct subject;

/* Derives one fact of one subject into *OUT, which is ABSENT on entry, its type set. */
typedef void fact_function(struct facts *f, const struct subject *s, struct fact *out);

/* A row of the fact table (table.c): all there is to know of a fact. */
struct fact_row {
	const char *name; /* "irq.remapped" */
	enum scope scope;
	enum fact_type type;
	bool soft;                 /* confidence M or contradictory: never above a note */
	const char *const *values; /* NULL-terminated enumeration, NULL: any text */
	fact_function *derive;
	/* Sources that decide it, a bit each: what to name when it is absent */
	uint32_t sources;
	const char *meaning; /* one line for docs/facts.md */
};

extern const struct fact_row fact_table[];
extern const size_t fact_table_length;

enum role {
	ROLE_BRIDGE,
	ROLE_GUEST,
	ROLE_COMPANION,
	ROLE_CANDIDATE,
	ROLE_HOST,
	ROLE_OTHER
};
const char *role_name(enum role r);

/* An IOMMU group with its members. */
struct group {
	int64_t id;
	const struct snap_group *raw; /* NULL: known only from the devices' links */
	struct fn **members;          /* PCI functions, sorted by address */
	size_t n;
	bool noiommu; /* VFIO's no-IOMMU mode made it: proves nothing */
	struct subject *subject;
};

/* A PCI function, wired to its neighbours. */
struct fn {
	const struct snap_pci *raw;
	struct bdf bdf;
	const char *addr;       /* 0000:01:00.0 */
	const char *short_addr; /* 01:00.0; the full one outside domain 0 */
	const char *what;       /* its kind in one or two words: "VGA", "HDMI audio" */
	const char *label;      /* device name shortened for a table, never NULL */
	uint32_t class_code;    /* 24 bits; 0xffffffff if not collected */
	struct fn *parent; /* bridge above, NULL at a root bus or where not in the scan */
	struct group *group; /* NULL: none, or not collected: see raw->iommu_group */
	bool is_endpoint;    /* header type 0 (from config, else from the class) */
	/* Driver: TRI_UNKNOWN where the link was not collected */
	enum tri on_host_driver; /* bound to a driver that DMA ownership does not allow */
	enum tri on_vfio;        /* vfio-pci or a variant driver */
	bool is_display;         /* class 03xxxx, no VF */
	bool missing; /* named with --guest, but not in the scan: raw is NULL */
	enum role role;
	bool in_set;     /* of a target, or of a candidate when there are no targets */
	bool goes_along; /* the same, or a companion (company.h) */
	struct handover *handover; /* of a target or candidate, else NULL */
	struct subject *device;
	struct subject *target; /* NULL unless it is a target or candidate */
};

/* A target or candidate and what goes along. */
struct set {
	struct fn **members; /* endpoints of the group, itself included, sorted */
	size_t n;
	struct fn **targets; /* the targets among them */
	size_t n_targets;
	struct subject *subject;
};
struct handover {
	struct fn *fn;
	struct set *set;
	bool candidate;
};

struct subject {
	enum scope scope;
	const char *key;
	/* Functions it is about, for "related"; none: host-wide */
	struct fn **fns;
	size_t n_fns;
	bool host_wide;
	struct fn *fn;       /* device, target */
	struct group *group; /* group */
	struct set *set;     /* set; target: its set */
	const void *item;    /* configuration scopes: what the deriving file put there */
	struct subject *group_link;  /* device, target, set: SCOPE_GROUP, NULL: none */
	struct subject *set_link;    /* target: its SCOPE_SET */
	struct subject *device_link; /* target: its SCOPE_DEVICE */
	/* One slot a row of fact_table, filled on demand; private to facts.c */
	struct fact **memo;
};

/* What to judge for. */
struct facts_request {
	const char *const *guests; /* addresses of --guest, checked by bdf_parse() */
	size_t n_guests;
};

struct subject_list {
	struct subject **v;
	size_t n;
	/* FALSE: the subjects could not be listed at all; UNKNOWN: perhaps not all of them */
	enum tri listed;
	uint32_t missing; /* sources that would list them, a bit each */
};

/* Parsed kernel log; see klog.h. */
struct klog;
/* Parsed configuration; see the files of that name. */
struct config;

struct facts {
	struct arena *arena;
	const struct snapshot *snap;
	struct fn *
		fns; /* all PCI functions, sorted by address; missing guests at the end */
	size_t n_fns;
	struct group *groups;
	size_t n_groups;
	struct handover **handovers; /* targets, or candidates when there are none */
	size_t n_handovers;
	bool has_targets;  /* false: handovers are candidates, judged one by one */
	bool guests_named; /* targets come from --guest */
	struct subject_list scopes[N_SCOPES];
	struct klog *klog;
	struct config *config;
	void *predicted;        /* ACS and predicted groups, private to predict.c */
	void *acpi;             /* decoded tables, private to acpi.c */
	void *cmdline;          /* words of the command line, private to cmdline.c */
	void *messages;         /* what quoted messages name, private to message.c */
	const char **described; /* by function, private to fn_describe() */
};

/*
 * Derives all subjects; facts follow when they are asked for. Borrows from SNAP, which must
 * outlive it. Freed with facts_free().
 */
struct facts *facts_new(const struct snapshot *snap, const struct facts_request *request);
void facts_free(struct facts *f);

/* Row of the fact NAME as written in a rule for SCOPE, and through which link it is seen. */
enum link { LINK_SELF, LINK_DEVICE, LINK_GROUP, LINK_SET, LINK_HOST };
/* NULL if that scope sees no such fact. */
const struct fact_row *fact_resolve(enum scope scope, const char *name, enum link *ret);
/*
 * The value for SUBJECT through LINK. Never NULL: where the link leads nowhere (a device
 * without a group) the fact is NONE if that is known (a bool: ABSENT), else ABSENT.
 */
const struct fact *fact_get(struct facts *f, const struct subject *s,
	const struct fact_row *row, enum link link);
/* As fact_get() by name, for facts that build on others and for tests; the name must exist. */
const struct fact *fact_of(struct facts *f, const struct subject *s, const char *name);

/*
 * For rule examples and the property test: replaces the value of a fact (copied). Overlaid
 * values win over derived ones; other facts that build on it through fact_of() see it.
 */
void fact_overlay(struct facts *f, struct subject *s, const struct fact_row *row,
	const struct fact *value);
/* Adds a subject that no snapshot has, with all facts absent: for rule examples. */
struct subject *facts_add_subject(struct facts *f, enum scope scope, const char *key);

/* The function with this address, NULL if the scan has none. */
struct fn *facts_find(const struct facts *f, struct bdf b);

/* Setters for derive functions. Text must live in f->arena or the snapshot. */
void fact_set_none(struct fact *out);
void fact_set_bool(struct fact *out, bool b);
void fact_set_int(struct fact *out, int64_t i);
void fact_set_text(struct fact *out, const char *text); /* NULL: none */
/* Makes the fact an (empty) list that was collected; then add. */
void fact_set_list(struct fact *out);
void fact_add_text(struct facts *f, struct fact *out, const char *text);
/* The same, unless the list has it. */
void fact_add_text_once(struct facts *f, struct fact *out, const char *text);
void fact_add_dev(struct facts *f, struct fact *out, const struct fn *fn);
void fact_set_dev(
	struct facts *f, struct fact *out, const struct fn *fn); /* NULL: none */
/* Records where a value was seen; both texts live in f->arena or the snapshot. */
void fact_seen(struct facts *f, struct fact *out, const char *source, const char *text);
/* States which source would have decided; the fact stays ABSENT. */
static inline void fact_missing(struct fact *out, enum source source)
{
	out->missing |= 1u << source;
}

/* `02:00.1 HDMI audio (snd_hda_intel)`: how a function is printed in a text. */
const char *fn_describe(struct facts *f, const struct fn *fn);

/* Writes docs/facts.md from the table. */
void facts_describe(FILE *out);

#endif
