// SPDX-License-Identifier: GPL-2.0-or-later
// A configuration space of which only some bits are known, put together from words.
#include "import/lspci_space.h"

#include <string.h>

#include "base/text.h"

enum {
	HEADER_TYPE = 0x0e,
	HEADER_MASK = 0x7f,
	HEADER_END = 64,
};

void space_set(struct lspci_space *space, size_t at, uint32_t bits, uint32_t value)
{
	for (; bits && at < SPACE_SIZE; at++, bits >>= 8, value >>= 8) {
		uint8_t mask = bits & 0xff;

		if (!mask)
			continue;
		space->bytes[at] = (uint8_t)((space->bytes[at] & ~mask) | (value & mask));
		space->mask[at] |= mask;
		if (at >= space->end)
			space->end = at + 1;
	}
}

void space_set_bytes(struct lspci_space *space, size_t at, const uint8_t *bytes, size_t n)
{
	if (at > SPACE_SIZE || n > SPACE_SIZE - at)
		return;
	memcpy(space->bytes + at, bytes, n);
	memset(space->mask + at, 0xff, n);
	if (at + n > space->end)
		space->end = at + n;
}

void space_clear(struct lspci_space *space)
{
	memset(space->bytes, 0, space->end);
	memset(space->mask, 0, space->end);
	space->end = 0;
}

static void old_set(struct lspci_space *space, const struct snap_pci *fn)
{
	const struct snap_bytes *c = &fn->config, *mask = &fn->config_mask;

	if (c->have != HAVE_VALUE)
		return;
	for (size_t i = 0; i < c->n; i++) {
		uint8_t known = 0xff;

		if (mask->have == HAVE_VALUE)
			known = i < mask->n ? mask->p[i] : 0;
		space_set(space, i, known, c->p[i]);
	}
}

/* Ones where every function that answers has a 0 among them. */
static bool is_dead(const struct lspci_space *space)
{
	return (space->mask[HEADER_TYPE] & HEADER_MASK) == HEADER_MASK &&
		(space->bytes[HEADER_TYPE] & HEADER_MASK) == HEADER_MASK;
}

bool space_was_dead(const struct snap_pci *fn)
{
	return snapshot_config_knows(fn, HEADER_TYPE, HEADER_MASK) &&
		(fn->config.p[HEADER_TYPE] & HEADER_MASK) == HEADER_MASK;
}

void space_set_dead(struct lspci_space *space)
{
	space_clear(space);
	space_set(space, HEADER_TYPE, 0xff, 0xff);
}

static bool is_whole(const struct lspci_space *space)
{
	for (size_t i = 0; i < space->end; i++) {
		if (space->mask[i] != 0xff)
			return false;
	}
	return true;
}

void space_store(struct snapshot *s, struct snap_pci *fn, struct lspci_space *space)
{
	bool pasted = text_equal(s->origin.kind, "pasted");

	/* One that was seen without an answer stays so, before and behind listings of when
	 * it was well: that is what the post is about. A capture is the present */
	if (space_was_dead(fn))
		return;
	if (!pasted || !is_dead(space))
		old_set(space, fn);
	if (!space->end)
		return;
	/* Readers take a shorter one for one that could not be read, and read words */
	space->end = space->end < HEADER_END ? HEADER_END : (space->end + 3) & ~(size_t)3;
	fn->config = snap_bytes_of(s, space->bytes, space->end);
	memset(&fn->config_mask, 0, sizeof fn->config_mask);
	if (!is_whole(space))
		fn->config_mask = snap_bytes_of(s, space->mask, space->end);
}
