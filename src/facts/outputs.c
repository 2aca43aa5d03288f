// SPDX-License-Identifier: GPL-2.0-or-later
// What kind of display adapter a function is, and whether monitors can hang on it.
#include "base/text.h"
#include "facts/derive.h"
#include "facts/topology.h"

enum { SUB_VGA = 0x00, SUB_3D = 0x02 };

void derive_device_display_kind(
	struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn = s->fn;

	(void)f;
	if (fn->class_code == UINT32_MAX)
		return;
	if (fn->class_code >> 16 != 0x03 || fn_is_vf(fn))
		fact_set_none(out);
	else if ((fn->class_code >> 8 & 0xff) == SUB_VGA)
		fact_set_text(out, "vga");
	else if ((fn->class_code >> 8 & 0xff) == SUB_3D)
		fact_set_text(out, "3d");
	else
		fact_set_text(out, "other");
}

/* SMBIOS specification 3.7, 7.4.1: chassis types of what people carry about. */
void derive_host_laptop(struct facts *f, const struct subject *s, struct fact *out)
{
	static const uint8_t types[] = { 8, 9, 10, 11, 14, 30, 31, 32 };
	const struct snap_int *type = &f->snap->host.dmi.chassis_type;

	(void)s;
	/* 1 and 2 are "other" and "unknown" */
	if (type->have != HAVE_VALUE || type->v <= 2) {
		fact_missing(out, SOURCE_DMI);
		return;
	}
	fact_set_bool(out, false);
	for (size_t i = 0; i < sizeof types; i++)
		out->b |= type->v == types[i];
	fact_seen(f, out, "/sys/class/dmi/id/chassis_type",
		arena_printf(f->arena, "%lld", (long long)type->v));
}

/* Connectors of its DRM card: how many; UNKNOWN without one. A driver of NVIDIA's without
 * modesetting shows none whatever the card has. */
static enum tri has_connectors(const struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; i < f->snap->cards.n; i++) {
		const struct snap_card *card = &f->snap->cards.v[i];

		if (!text_starts(card->name, "card") ||
			!text_equal(snap_str(card->device), fn->addr) ||
			card->connectors.have != HAVE_VALUE)
			continue;
		if (card->connectors.n)
			return TRI_TRUE;
		if (fn->raw->driver.have == HAVE_VALUE &&
			!text_equal(fn->raw->driver.s, "nvidia"))
			return TRI_FALSE;
	}
	return TRI_UNKNOWN;
}

void derive_device_outputs(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fn *fn = s->fn;
	enum tri has;

	if (!fn->raw || fn->class_code == UINT32_MAX)
		return;
	if (fn->class_code >> 16 != 0x03 || (fn->class_code >> 8 & 0xff) == SUB_3D) {
		fact_set_bool(out, false);
		fact_seen(f, out, arena_printf(f->arena, "class of %s", fn->short_addr),
			arena_printf(f->arena, "%06x", (unsigned)fn->class_code));
		return;
	}
	has = has_connectors(f, fn);
	if (has == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_DISPLAYS);
		return;
	}
	fact_set_bool(out, has == TRI_TRUE);
	if (has == TRI_FALSE)
		fact_seen(f, out,
			arena_printf(
				f->arena, "/sys/class/drm, card of %s", fn->short_addr),
			"no connector");
}
