// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes a DMAR table: VT-d specification chapter 8, judged as the kernel judges it.
#include <string.h>

#include "facts/acpi_bytes.h"
#include "facts/dmar.h"

enum {
	DMAR_LENGTH = 4,
	DMAR_WIDTH = 36,
	DMAR_FLAGS = 37,
	DMAR_STRUCTURES = 48,
	/* Types of structures, and of each the bytes before its device scopes */
	DMAR_DRHD = 0,
	DRHD_SCOPES = 16,
	DMAR_RMRR = 1,
	RMRR_SCOPES = 24,
	DMAR_ATSR = 2,
	DMAR_RHSA = 3,
	RHSA_LENGTH = 20,
	DMAR_ANDD = 4,
	DMAR_SATC = 5,
	DMAR_SIDP = 6,
	PORTS_SCOPES = 8,
	ANDD_NAME = 8,
	STRUCTURE_HEADER = 4,
	SCOPE_HEADER = 6,
	SCOPE_ID = 4,
	PAGE_BITS = 12,
	/* include/linux/dmar.h, DMAR_UNITS_SUPPORTED */
	MOST_UNITS = 1024,
	/* No real table comes near; what comes behind is not looked at */
	MOST_STRUCTURES = 4096,
	MOST_FLAWS = 16,
};

struct parser {
	struct arena *a;
	const uint8_t *p; /* the whole table */
	size_t n;         /* bytes of it that are known */
	struct dmar *dmar;
	const char *trouble;
};

/* The kernel does not mind, or only says so. */
static void flaw(struct parser *parser, const char *text)
{
	struct dmar *dmar = parser->dmar;

	if (dmar->n_flaws < MOST_FLAWS)
		*arena_push(parser->a, dmar->flaws, dmar->n_flaws) = text;
}

bool dmar_scope_next(const struct dmar_scopes *list, size_t *at, struct dmar_scope *ret)
{
	const uint8_t *p = list->p + *at;
	size_t left, length;
	struct dmar_scope scope = { .torn = true };

	if (*at >= list->n)
		return false;
	left = list->n - *at;
	length = left > 1 ? p[1] : 0;
	scope.type = p[0];
	if (left > SCOPE_ID)
		scope.id = p[SCOPE_ID];
	if (left >= SCOPE_HEADER && length <= left) {
		scope.torn = false;
		scope.bus = p[5];
		scope.path = p + SCOPE_HEADER;
		/* A scope shorter than its header names nothing, dmar_insert_dev_scope() */
		if (length > SCOPE_HEADER)
			scope.n_path = (length - SCOPE_HEADER) / 2;
	}
	*at += length ? length : left;
	*ret = scope;
	return true;
}

/* WALKED: by dmar_alloc_dev_scope(), which trusts their lengths. */
static void check_scopes(
	struct parser *parser, const struct dmar_scopes *list, bool walked)
{
	for (size_t at = 0, here = 0; at < list->n; here = at) {
		struct dmar_scope scope;
		size_t place = (size_t)(list->p - parser->p) + here;

		dmar_scope_next(list, &at, &scope);
		if (list->n - here > 1 && list->p[here + 1] == 0) {
			flaw(parser,
				arena_printf(parser->a,
					"the device scope at byte %zu has length 0",
					place));
			/* It hangs there, so a kernel that runs has not read this */
			if (walked)
				parser->dmar->whole = false;
			return;
		}
		if (scope.torn)
			flaw(parser,
				arena_printf(parser->a,
					"the device scope at byte %zu leaves its structure",
					place));
		else if (scope.type < DMAR_ENDPOINT || scope.type > DMAR_NAMESPACE)
			flaw(parser,
				arena_printf(parser->a,
					"the device scope at byte %zu has the unknown type %u",
					place, scope.type));
	}
}

static struct dmar_scopes scopes_of(
	struct parser *parser, size_t at, size_t length, size_t fixed, bool walked)
{
	struct dmar_scopes list = { .p = parser->p + at + fixed };

	if (length > fixed)
		list.n = length - fixed;
	check_scopes(parser, &list, walked);
	return list;
}

/*
 * As dmar_parse_one_drhd(), which ignores a second unit with the same registers, and
 * dmar_register_drhd_unit(): units for all else are asked last, of the others the last one
 * first.
 */
static void parse_drhd(struct parser *parser, size_t at, size_t length)
{
	const uint8_t *p = parser->p + at;
	struct dmar *dmar = parser->dmar;
	struct dmar_unit unit = {
		.include_all = p[4] & 1,
		.size = (uint64_t)1 << ((p[5] & 15) + PAGE_BITS),
		.segment = le16(p + 6),
		.address = le64(p + 8),
		.scopes = scopes_of(parser, at, length, DRHD_SCOPES, true),
	};

	for (size_t i = 0; i < dmar->n_units; i++) {
		if (dmar->units[i].segment == unit.segment &&
			dmar->units[i].address == unit.address) {
			flaw(parser,
				arena_printf(parser->a,
					"it describes the unit at 0x%llx twice",
					(unsigned long long)unit.address));
			return;
		}
	}
	if (dmar->n_units == MOST_UNITS) {
		parser->trouble = "it describes more units than the kernel can hold";
		return;
	}
	*arena_push(parser->a, dmar->units, dmar->n_units) = unit;
	if (unit.include_all)
		return;
	memmove(dmar->units + 1, dmar->units, (dmar->n_units - 1) * sizeof *dmar->units);
	dmar->units[0] = unit;
}

static void parse_rmrr(struct parser *parser, size_t at, size_t length)
{
	struct dmar *dmar = parser->dmar;
	const uint8_t *p = parser->p + at;

	*arena_push(parser->a, dmar->rmrrs, dmar->n_rmrrs) = (struct dmar_rmrr){
		.segment = le16(p + 6),
		.base = le64(p + 8),
		.limit = le64(p + 16),
		.scopes = scopes_of(parser, at, length, RMRR_SCOPES, true),
	};
}

static struct dmar_ports ports_of(
	struct parser *parser, size_t at, size_t length, bool walked)
{
	const uint8_t *p = parser->p + at;

	return (struct dmar_ports){
		.flags = p[4],
		.segment = le16(p + 6),
		.scopes = scopes_of(parser, at, length, PORTS_SCOPES, walked),
	};
}

static void parse_rhsa(struct parser *parser, size_t at)
{
	struct dmar *dmar = parser->dmar;
	const uint8_t *p = parser->p + at;

	*arena_push(parser->a, dmar->rhsas, dmar->n_rhsas) = (struct dmar_rhsa){
		.address = le64(p + 8),
		.proximity = le32(p + 16),
	};
}

/* dmar_parse_one_andd(): the only other structure that costs the whole table. */
static void parse_andd(struct parser *parser, size_t at, size_t length)
{
	struct dmar *dmar = parser->dmar;
	const char *name = (const char *)parser->p + at + ANDD_NAME;
	size_t room = length < ANDD_NAME ? 0 : length - ANDD_NAME;

	if (length >= ANDD_NAME && !memchr(name, 0, room)) {
		parser->trouble = "the name in an ANDD structure does not end";
		return;
	}
	*arena_push(parser->a, dmar->andds, dmar->n_andds) = (struct dmar_andd){
		.number = parser->p[at + 7],
		.name = room ? name : "",
	};
}

/* Bytes of the fixed part, which the kernel reads even where the structure is shorter. */
static size_t fixed_part(uint16_t type)
{
	switch (type) {
	case DMAR_DRHD:
		return DRHD_SCOPES;
	case DMAR_RMRR:
		return RMRR_SCOPES;
	case DMAR_RHSA:
		return RHSA_LENGTH;
	case DMAR_ATSR:
	case DMAR_ANDD:
	case DMAR_SATC:
	case DMAR_SIDP:
		return PORTS_SCOPES;
	default:
		return STRUCTURE_HEADER;
	}
}

static void parse_structure(struct parser *parser, size_t at, size_t length)
{
	struct dmar *dmar = parser->dmar;
	uint16_t type = le16(parser->p + at);
	size_t fixed = fixed_part(type);

	if (length < fixed)
		flaw(parser,
			arena_printf(
				parser->a, "the structure at byte %zu is too short", at));
	if (fixed > parser->n - at) {
		dmar->whole = false;
		return;
	}
	switch (type) {
	case DMAR_DRHD:
		parse_drhd(parser, at, length);
		break;
	case DMAR_RMRR:
		parse_rmrr(parser, at, length);
		break;
	case DMAR_ATSR: /* for all ports its scopes are not looked at */
		*arena_push(parser->a, dmar->atsrs, dmar->n_atsrs) =
			ports_of(parser, at, length, !(parser->p[at + 4] & 1));
		break;
	case DMAR_RHSA:
		parse_rhsa(parser, at);
		break;
	case DMAR_ANDD:
		parse_andd(parser, at, length);
		break;
	case DMAR_SATC: /* known since 5.15 */
		*arena_push(parser->a, dmar->satcs, dmar->n_satcs) =
			ports_of(parser, at, length, false);
		break;
	case DMAR_SIDP:
		*arena_push(parser->a, dmar->sidps, dmar->n_sidps) =
			ports_of(parser, at, length, false);
		break;
	default: /* from a newer specification: the kernel goes on */
		break;
	}
}

/* As dmar_walk_remapping_entries(), of a table that claims CLAIMED bytes. */
static void parse_structures(struct parser *parser, size_t claimed)
{
	size_t done = 0;

	for (size_t at = DMAR_STRUCTURES; at < claimed && !parser->trouble; done++) {
		size_t length;

		if (done == MOST_STRUCTURES || parser->n < at ||
			parser->n - at < STRUCTURE_HEADER) {
			/* Cut short, or the kernel reads a header behind the end */
			parser->dmar->whole = false;
			return;
		}
		length = le16(parser->p + at + 2);
		if (length == 0) {
			/*
			 * The walk ends here without a word. (dmar_acpi_dev_scope_init()
			 * then loops for ever, in 6.12 as well: seen.)
			 */
			flaw(parser,
				arena_printf(parser->a,
					"a structure of length 0 at byte %zu ends it early",
					at));
			return;
		}
		if (length > claimed - at) {
			parser->trouble = arena_printf(parser->a,
				"a structure at byte %zu passes the table's end", at);
			return;
		}
		if (length > parser->n - at) {
			parser->dmar->whole = false;
			return;
		}
		parse_structure(parser, at, length);
		at += length;
	}
}

static uint8_t sum_of(const uint8_t *p, size_t n)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + p[i]);
	return sum;
}

bool dmar_parse(struct arena *a, const uint8_t *p, size_t n, struct dmar *ret,
	const char **ret_trouble)
{
	struct dmar dmar = { .whole = true };
	struct parser parser = { .a = a, .p = p, .n = n, .dmar = &dmar };
	size_t claimed = n < DMAR_LENGTH + 4 ? n : le32(p + DMAR_LENGTH);

	if (n < DMAR_STRUCTURES || claimed < DMAR_STRUCTURES) {
		*ret_trouble = claimed < DMAR_STRUCTURES && n >= DMAR_LENGTH + 4
			? "it is shorter than its header"
			: NULL;
		return false;
	}
	if (parser.n > claimed)
		parser.n = claimed;
	dmar.width = p[DMAR_WIDTH] + 1u;
	dmar.flags = p[DMAR_FLAGS];
	/* ACPICA only warns: ACPI_CHECKSUM_ABORT is off in Linux */
	if (parser.n == claimed && sum_of(p, claimed))
		flaw(&parser, "its checksum is wrong");
	parse_structures(&parser, claimed);
	if (p[DMAR_WIDTH] < PAGE_BITS - 1)
		parser.trouble = arena_printf(
			a, "it gives the host %u address bits", p[DMAR_WIDTH] + 1u);
	else if (!parser.trouble && dmar.whole && !dmar.n_units)
		parser.trouble = "it describes no unit (no DRHD structure)";
	if (parser.trouble)
		dmar.whole = false;
	*ret = dmar;
	*ret_trouble = parser.trouble;
	return true;
}
