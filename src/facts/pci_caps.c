// SPDX-License-Identifier: GPL-2.0-or-later
// Capabilities in a copy of configuration space, found by walks that cannot loop.
#include "facts/pci_caps.h"

#include "base/text.h"

enum {
	STATUS = 0x06,
	STATUS_CAP_LIST = 0x10,
	CAP_POINTER = 0x34,
	CAP_POINTER_CARDBUS = 0x14,
	HEADER_TYPE = 0x0e,
	HEADER_MASK = 0x7f,
	HEADER_CARDBUS = 2,
	HEADER_END = 0x40,
	EXT_START = 0x100,
	CONFIG_SIZE = 256,
	CONFIG_EXT_SIZE = 4096,
	/* No list can have more members than fit: 4 bytes each */
	MAX_CAPS = (CONFIG_SIZE - HEADER_END) / 4,
	MAX_EXT_CAPS = (CONFIG_EXT_SIZE - EXT_START) / 4,
};

static const struct snap_bytes *config_of(const struct fn *fn)
{
	static const struct snap_bytes nothing;

	return fn->raw && fn->raw->config.have == HAVE_VALUE ? &fn->raw->config
							     : &nothing;
}

bool pci_config_knows(const struct fn *fn, size_t at, uint32_t bits)
{
	return fn->raw && snapshot_config_knows(fn->raw, at, bits);
}

bool pci_config_answers(const struct fn *fn)
{
	return pci_config_knows(fn, 0, 0xffff) && pci_config_u16(fn, 0) != 0xffff;
}

static uint16_t byte_at(const struct fn *fn, size_t at)
{
	const struct snap_bytes *c = config_of(fn);

	return at < c->n ? c->p[at] : 0;
}

uint16_t pci_config_u16(const struct fn *fn, size_t at)
{
	return (uint16_t)(byte_at(fn, at) | byte_at(fn, at + 1) << 8);
}

uint32_t pci_config_u32(const struct fn *fn, size_t at)
{
	return pci_config_u16(fn, at) | (uint32_t)pci_config_u16(fn, at + 2) << 16;
}

/* Is the number in these BITS at AT this ID? FALSE as soon as one known bit differs: some
 * capabilities of different IDs have one name. */
static enum tri id_is(const struct fn *fn, size_t at, uint32_t bits, uint32_t id)
{
	uint32_t different = (pci_config_u32(fn, at) ^ id) & bits;

	if (pci_config_knows(fn, at, bits))
		return tri_of(!different);
	for (uint32_t bit = 1; bit & bits; bit <<= 1) {
		if (different & bit && pci_config_knows(fn, at, bit))
			return TRI_FALSE;
	}
	return TRI_UNKNOWN;
}

enum tri pci_cap_find(const struct fn *fn, uint8_t id, size_t *ret)
{
	const struct snap_bytes *c = config_of(fn);
	enum tri here, missed = TRI_FALSE; /* UNKNOWN behind one that nobody knows */
	size_t at = CAP_POINTER;

	if (c->n < HEADER_END || pci_config_u16(fn, STATUS) == 0xffff ||
		!pci_config_knows(fn, STATUS, STATUS_CAP_LIST))
		return TRI_UNKNOWN;
	if (!(pci_config_u16(fn, STATUS) & STATUS_CAP_LIST))
		return TRI_FALSE;
	if (!pci_config_knows(fn, HEADER_TYPE, HEADER_MASK))
		return TRI_UNKNOWN;
	if ((c->p[HEADER_TYPE] & HEADER_MASK) == HEADER_CARDBUS)
		at = CAP_POINTER_CARDBUS;
	if (!pci_config_knows(fn, at, 0xfc))
		return TRI_UNKNOWN;
	at = c->p[at] & ~3u;
	for (size_t i = 0; i < MAX_CAPS && at; i++) {
		if (at < HEADER_END || at + 2 > c->n)
			return TRI_UNKNOWN;
		if (c->p[at] == 0xff)
			return TRI_UNKNOWN;
		here = id_is(fn, at, 0xff, id);
		if (here == TRI_TRUE) {
			*ret = at;
			return TRI_TRUE;
		}
		missed = tri_or(missed, here);
		if (!pci_config_knows(fn, at, 0xfc00))
			return TRI_UNKNOWN;
		at = c->p[at + 1] & ~3u;
	}
	return at ? TRI_UNKNOWN : missed;
}

enum tri pci_ext_cap_find(const struct fn *fn, uint16_t id, size_t *ret)
{
	const struct snap_bytes *c = config_of(fn);
	enum tri here, missed = TRI_FALSE;
	size_t at = EXT_START;

	/* The collector stops behind the last capability */
	if (c->n < EXT_START + 4)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < MAX_EXT_CAPS && at; i++) {
		uint32_t head = pci_config_u32(fn, at);

		if (at < EXT_START || at + 4 > c->n || head == 0xffffffff)
			return TRI_UNKNOWN;
		if (head == 0 && pci_config_knows(fn, at, 0xffffffff))
			return at == EXT_START ? TRI_FALSE : TRI_UNKNOWN;
		here = id_is(fn, at, 0xffff, id);
		if (here == TRI_TRUE) {
			*ret = at;
			return TRI_TRUE;
		}
		missed = tri_or(missed, here);
		if (!pci_config_knows(fn, at, 0xffc00000))
			return TRI_UNKNOWN;
		at = head >> 20 & ~3u;
	}
	return at ? TRI_UNKNOWN : missed;
}

/* The collector reads some bytes behind 256 wherever there are any, and without privilege
 * no more than the header; a pasted dump says nothing by where it ends. */
enum tri pci_ext_reachable(const struct facts *f, const struct fn *fn)
{
	const char *kind = f->snap->origin.kind;
	size_t at, n = config_of(fn)->n;

	if (n >= EXT_START + 4)
		return pci_config_u32(fn, EXT_START) == 0xffffffff ||
				!pci_config_knows(fn, EXT_START, 0xffff)
			? TRI_UNKNOWN
			: TRI_TRUE;
	if (n <= HEADER_END || (!text_equal(kind, "live") && !text_equal(kind, "tree")))
		return TRI_UNKNOWN;
	switch (pci_cap_find(fn, CAP_PCIE, &at)) {
	case TRI_TRUE:
	case TRI_FALSE:
		return TRI_FALSE;
	case TRI_UNKNOWN:
		break;
	}
	return TRI_UNKNOWN;
}

int pcie_type(const struct fn *fn)
{
	size_t at = 0;

	switch (pci_cap_find(fn, CAP_PCIE, &at)) {
	case TRI_TRUE:
		return pci_config_knows(fn, at + 2, 0xf0)
			? pci_config_u16(fn, at + 2) >> 4 & 15
			: PCIE_UNKNOWN;
	case TRI_FALSE:
		return PCIE_NONE;
	case TRI_UNKNOWN:
		break;
	}
	return PCIE_UNKNOWN;
}
