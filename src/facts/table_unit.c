// SPDX-License-Identifier: GPL-2.0-or-later
// Which IOMMU firmware's table puts a function behind, on AMD and behind virtio-iommu.
#include "base/text.h"
#include "facts/acpi.h"
#include "facts/derive.h"
#include "facts/kernel.h"

static const char *function_text(struct facts *f, uint16_t segment, uint16_t id)
{
	char text[BDF_TEXT];
	struct bdf b = { segment, (uint8_t)(id >> 8), id >> 3 & 31, id & 7 };

	return arena_strdup(f->arena, bdf_format_short(b, text));
}

static void unit_from_ivrs(struct facts *f, struct bdf b, struct fact *out)
{
	const struct ivrs *ivrs = ivrs_decode(f);
	const struct ivrs_unit *unit;

	if (!ivrs || ivrs_trouble(f) || b.domain > UINT16_MAX) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	unit = ivrs_unit_of(ivrs, (uint16_t)b.domain, bdf_requester_id(b));
	if (unit) {
		fact_set_text(out, function_text(f, unit->segment, unit->requester_id));
	} else if (ivrs->open) {
		fact_missing(out, SOURCE_ACPI_TABLES);
	} else {
		fact_set_none(out);
		fact_seen(f, out, "ACPI IVRS table",
			"no IVHD entry of the type that the kernel reads covers it");
	}
}

static void unit_from_viot(struct facts *f, struct bdf b, struct fact *out)
{
	const struct viot *viot = viot_decode(f);
	const struct viot_range *range;

	if (!viot) {
		fact_missing(out, SOURCE_ACPI_TABLES);
		return;
	}
	range = viot_range_of(viot, b);
	if (!range ||
		(range->by_function && range->segment == b.domain &&
			range->iommu == bdf_requester_id(b))) {
		fact_set_none(out);
		fact_seen(f, out, "ACPI VIOT table", "no PCI range covers it");
	} else {
		fact_set_text(out,
			range->by_function
				? function_text(f, range->segment, range->iommu)
				: "a virtio-iommu that is no PCI function");
	}
}

void derive_device_table_unit(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *table = host_text(f, "iommu.table");

	if (!s->fn)
		return;
	if (text_equal(table, "IVRS"))
		unit_from_ivrs(f, s->fn->bdf, out);
	else if (text_equal(table, "VIOT"))
		unit_from_viot(f, s->fn->bdf, out);
	else
		fact_missing(out, SOURCE_ACPI_TABLES);
}
