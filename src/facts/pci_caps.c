// SPDX-License-Identifier: GPL-2.0-or-later
// Capabilities in a copy of configuration space, found by walks that cannot loop.
#include "facts/pci_caps.h"

enum {
	STATUS = 0x06,
	STATUS_CAP_LIST = 0x10,
	CAP_POINTER = 0x34,
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

uint16_t pci_config_u16(const struct fn *fn, size_t at)
{
	const struct snap_bytes *c = config_of(fn);

	return at + 2 > c->n ? 0 : (uint16_t)(c->p[at] | c->p[at + 1] << 8);
}

uint32_t pci_config_u32(const struct fn *fn, size_t at)
{
	return pci_config_u16(fn, at) | (uint32_t)pci_config_u16(fn, at + 2) << 16;
}

enum tri pci_cap_find(const struct fn *fn, uint8_t id, size_t *ret)
{
	const struct snap_bytes *c = config_of(fn);
	size_t at;

	if (c->n < HEADER_END || pci_config_u16(fn, STATUS) == 0xffff)
		return TRI_UNKNOWN;
	if (!(pci_config_u16(fn, STATUS) & STATUS_CAP_LIST))
		return TRI_FALSE;
	at = c->p[CAP_POINTER] & ~3u;
	for (size_t i = 0; i < MAX_CAPS && at; i++) {
		if (at < HEADER_END || at + 2 > c->n)
			return TRI_UNKNOWN;
		if (c->p[at] == 0xff)
			return TRI_UNKNOWN;
		if (c->p[at] == id) {
			*ret = at;
			return TRI_TRUE;
		}
		at = c->p[at + 1] & ~3u;
	}
	return at ? TRI_UNKNOWN : TRI_FALSE;
}

enum tri pci_ext_cap_find(const struct fn *fn, uint16_t id, size_t *ret)
{
	const struct snap_bytes *c = config_of(fn);
	size_t at = EXT_START;

	/* The collector stops behind the last capability */
	if (c->n < EXT_START + 4)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < MAX_EXT_CAPS && at; i++) {
		uint32_t head = pci_config_u32(fn, at);

		if (at < EXT_START || at + 4 > c->n || head == 0xffffffff)
			return TRI_UNKNOWN;
		if (head == 0)
			return at == EXT_START ? TRI_FALSE : TRI_UNKNOWN;
		if ((head & 0xffff) == id) {
			*ret = at;
			return TRI_TRUE;
		}
		at = head >> 20 & ~3u;
	}
	return at ? TRI_UNKNOWN : TRI_FALSE;
}

int pcie_type(const struct fn *fn)
{
	size_t at = 0;

	switch (pci_cap_find(fn, CAP_PCIE, &at)) {
	case TRI_TRUE:
		return at + 4 > config_of(fn)->n ? PCIE_UNKNOWN
						 : pci_config_u16(fn, at + 2) >> 4 & 15;
	case TRI_FALSE:
		return PCIE_NONE;
	case TRI_UNKNOWN:
		break;
	}
	return PCIE_UNKNOWN;
}
