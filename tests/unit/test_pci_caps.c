// SPDX-License-Identifier: GPL-2.0-or-later
// Walks through capability lists: whole, cut, looping, out of bounds.
#include <string.h>

#include "facts/pci_caps.h"
#include "machine.h"
#include "tap.h"

/* What a walk through the first N bytes of C finds. */
static enum tri find(const uint8_t *c, size_t n, bool extended, int id, size_t *ret)
{
	struct snap_pci raw = { .config = { HAVE_VALUE, c, n } };
	struct fn fn = { .raw = &raw };

	return extended ? pci_ext_cap_find(&fn, (uint16_t)id, ret)
			: pci_cap_find(&fn, (uint8_t)id, ret);
}

TEST(standard_list)
{
	uint8_t c[256] = { [0x06] = 0x10,
		[0x34] = 0x41,
		[0x40] = 0x01,
		[0x41] = 0x51,
		[0x50] = 0x10,
		[0x51] = 0 };
	size_t at = 7;

	is_int(find(c, sizeof c, false, 0x10, &at), TRI_TRUE);
	is_int(at, 0x50);
	is_int(find(c, sizeof c, false, 0x05, &at), TRI_FALSE);
	/* Cut behind the first capability: the second could be anything */
	at = 7;
	is_int(find(c, 0x48, false, 0x10, &at), TRI_UNKNOWN);
	is_int(at, 7);
	is_int(find(c, 64, false, 0x01, &at), TRI_UNKNOWN);
	is_int(find(c, 63, false, 0x01, &at), TRI_UNKNOWN);
	is_int(find(c, 0, false, 0x01, &at), TRI_UNKNOWN);
	c[0x06] = 0;
	is_int(find(c, 64, false, 0x01, &at), TRI_FALSE);
}

TEST(standard_list_gone_wrong)
{
	uint8_t loop[256] = { [0x06] = 0x10,
		[0x34] = 0x40,
		[0x40] = 1,
		[0x41] = 0x44,
		[0x44] = 2,
		[0x45] = 0x40 };
	uint8_t header[256] = { [0x06] = 0x10, [0x34] = 0x10 };
	uint8_t end[256] = { [0x06] = 0x10, [0x34] = 0xfc, [0xfc] = 1, [0xfd] = 0xff };
	uint8_t gone[256];
	size_t at;

	memset(gone, 0xff, sizeof gone);
	is_int(find(loop, sizeof loop, false, 0x10, &at), TRI_UNKNOWN);
	is_int(find(header, sizeof header, false, 0x10, &at), TRI_UNKNOWN);
	is_int(find(end, sizeof end, false, 0x10, &at), TRI_UNKNOWN);
	is_int(find(end, 0xfd, false, 0x01, &at), TRI_UNKNOWN);
	is_int(find(gone, sizeof gone, false, 0x10, &at), TRI_UNKNOWN);
}

/* A CardBus bridge has its pointer at byte 14h. */
TEST(cardbus)
{
	uint8_t c[256] = { [0x06] = 0x10,
		[0x0e] = 0x82,
		[0x14] = 0xa0,
		[0x34] = 0x40,
		[0x40] = 0x10,
		[0xa0] = 0x01 };
	size_t at = 0;

	is_int(find(c, sizeof c, false, 0x01, &at), TRI_TRUE);
	is_int(at, 0xa0);
	is_int(find(c, sizeof c, false, 0x10, &at), TRI_FALSE);
}

static void put_ext(uint8_t *c, size_t at, unsigned id, unsigned next)
{
	c[at] = (uint8_t)id;
	c[at + 1] = (uint8_t)(id >> 8);
	c[at + 2] = (uint8_t)(1 | (next & 15) << 4);
	c[at + 3] = (uint8_t)(next >> 4);
}

TEST(extended_list)
{
	uint8_t c[4096] = { 0 };
	size_t at = 0;

	is_int(find(c, sizeof c, true, EXT_CAP_ACS, &at), TRI_FALSE);
	is_int(find(c, 260, true, EXT_CAP_ACS, &at), TRI_FALSE);
	is_int(find(c, 256, true, EXT_CAP_ACS, &at), TRI_UNKNOWN);
	put_ext(c, 0x100, 1, 0xffc);
	put_ext(c, 0xffc, EXT_CAP_ACS, 0);
	is_int(find(c, sizeof c, true, EXT_CAP_ACS, &at), TRI_TRUE);
	is_int(at, 0xffc);
	is_int(find(c, 0xffe, true, EXT_CAP_ACS, &at), TRI_UNKNOWN);
	is_int(find(c, sizeof c, true, 0x10, &at), TRI_FALSE);
	put_ext(c, 0x100, 1, 0x080); /* back into the standard part */
	is_int(find(c, sizeof c, true, EXT_CAP_ACS, &at), TRI_UNKNOWN);
	put_ext(c, 0x100, 1, 0x100); /* a loop */
	is_int(find(c, sizeof c, true, EXT_CAP_ACS, &at), TRI_UNKNOWN);
	memset(c + 0x100, 0xff, 4);
	is_int(find(c, sizeof c, true, EXT_CAP_ACS, &at), TRI_UNKNOWN);
}

/* Every cut of a list is bounded and never turns "there" into "not there". */
TEST(every_cut)
{
	uint8_t c[4096] = { [0x06] = 0x10, [0x34] = 0x40, [0x40] = 0x10 };

	put_ext(c, 0x100, 1, 0x148);
	put_ext(c, 0x148, EXT_CAP_ACS, 0);
	for (size_t n = 0; n <= 0x200; n++) {
		size_t at = 0;

		ok(find(c, n, true, EXT_CAP_ACS, &at) != TRI_FALSE);
		ok(find(c, n, false, CAP_PCIE, &at) != TRI_FALSE);
	}
}

TEST(port_types)
{
	uint8_t c[256] = { [0x06] = 0x10, [0x34] = 0xfc, [0xfc] = CAP_PCIE };
	struct snap_pci raw = { .config = { HAVE_VALUE, c, sizeof c } };
	struct fn fn = { .raw = &raw };

	is_int(pcie_type(&fn), PCIE_ENDPOINT);
	raw.config.n = 0xfe;
	is_int(pcie_type(&fn), PCIE_UNKNOWN);
	raw.config.n = 64;
	is_int(pcie_type(&fn), PCIE_UNKNOWN);
	c[0x06] = 0;
	is_int(pcie_type(&fn), PCIE_NONE);
	raw.config.have = HAVE_NOT;
	is_int(pcie_type(&fn), PCIE_UNKNOWN);
}

static enum tri reachable(const char *kind, size_t n)
{
	uint8_t c[512] = { [0x06] = 0x10, [0x34] = 0x40, [0x40] = CAP_PCIE };
	struct snap_pci raw = { .config = { HAVE_VALUE, c, n } };
	struct fn fn = { .raw = &raw };
	struct snapshot *s = machine_new(0);
	struct facts f = { .snap = s };
	enum tri found;

	s->origin.kind = kind;
	found = pci_ext_reachable(&f, &fn);
	snapshot_free(s);
	return found;
}

TEST(extended_space_out_of_reach)
{
	is_int(reachable("live", 260), TRI_TRUE);
	is_int(reachable("live", 256), TRI_FALSE);
	is_int(reachable("tree", 0x80), TRI_FALSE);
	/* An ordinary user; a dump that somebody pasted */
	is_int(reachable("live", 64), TRI_UNKNOWN);
	is_int(reachable("pasted", 256), TRI_UNKNOWN);
}
