// SPDX-License-Identifier: GPL-2.0-or-later
// Which function an I/O APIC or HPET sends as: overrides, then quirks, then the table.
#include <string.h>

#include "facts/cmdline.h"
#include "facts/ivrs_map.h"
#include "facts/kernel.h"

/* drivers/iommu/amd/quirks.c, in all kernels since 5.4: laptops whose tables the kernel
 * mends itself. DMI_MATCH() looks for a part of the text. */
static const struct {
	const char *vendor, *product;
	uint8_t id;
	uint8_t dev, fn; /* on bus 0 */
} quirks[] = {
	{ "Dell Inc.", "Inspiron 7375", .id = 4, .dev = 0x14 },
	{ "Dell Inc.", "Inspiron 7375", .id = 5, .dev = 0, .fn = 2 },
	{ "Dell Inc.", "Latitude 5495", .id = 4, .dev = 0x14 },
	{ "Acer", "Aspire A315-41", .id = 4, .dev = 0x14 },
	{ "LENOVO", "81FB", .id = 32, .dev = 0x14 },
};

static enum tri text_contains(const struct snap_text *text, const char *part)
{
	if (text->have == HAVE_NOT)
		return TRI_UNKNOWN;
	return text->have == HAVE_VALUE && strstr(text->s, part) ? TRI_TRUE : TRI_FALSE;
}

static enum tri quirk_of(struct facts *f, uint8_t id, struct bdf *ret)
{
	const struct snap_dmi *dmi = &f->snap->host.dmi;
	enum tri any = TRI_FALSE;

	for (size_t i = 0; i < sizeof quirks / sizeof quirks[0]; i++) {
		if (quirks[i].id != id)
			continue;
		enum tri here = tri_and(text_contains(&dmi->sys_vendor, quirks[i].vendor),
			text_contains(&dmi->product_name, quirks[i].product));
		if (here == TRI_TRUE)
			*ret = (struct bdf){ .dev = quirks[i].dev, .fn = quirks[i].fn };
		any = tri_or(any, here);
	}
	return any == TRI_FALSE ? any : tri_and(any, kernel_at_least(f, 5, 4, 0));
}

bool ivrs_table_entry(const struct ivrs *ivrs, bool hpet, uint8_t id, struct bdf *ret)
{
	for (size_t i = 0; i < ivrs->n_specials; i++) {
		const struct ivrs_special *s = &ivrs->specials[i];
		if (s->variety != (hpet ? IVRS_HPET : IVRS_IOAPIC) || s->handle != id)
			continue;
		/* The first entry of an id is the one that is found */
		*ret = (struct bdf){ s->segment, (uint8_t)(s->requester_id >> 8),
			s->requester_id >> 3 & 31, s->requester_id & 7 };
		return true;
	}
	return false;
}

struct ivrs_mapping ivrs_mapping_of(
	struct facts *f, const struct ivrs *ivrs, bool hpet, uint8_t id)
{
	struct ivrs_mapping m = { .has = TRI_TRUE, .sure = true };
	size_t n;
	const struct ivrs_word *words = ivrs_words(f, &n);

	/* The first override of an id wins: add_special_device() ignores what follows */
	for (size_t i = 0; i < n; i++) {
		if (words[i].hpet != hpet || !words[i].valid || words[i].id != id)
			continue;
		enum tri accepted = ivrs_word_accepted(f, &words[i]);
		if (accepted == TRI_TRUE) {
			m.word = &words[i];
			m.bdf = words[i].bdf;
			return m;
		}
		m.sure = m.sure && accepted == TRI_FALSE;
	}
	m.sure = m.sure && cmdline_known(f) && !cmdline_open(f);
	enum tri quirk = hpet ? TRI_FALSE : quirk_of(f, id, &m.bdf);
	if (quirk == TRI_TRUE)
		return m;
	m.sure = m.sure && quirk == TRI_FALSE;
	if (ivrs_table_entry(ivrs, hpet, id, &m.bdf))
		return m;
	m.has = m.sure && !ivrs->open ? TRI_FALSE : TRI_UNKNOWN;
	return m;
}
